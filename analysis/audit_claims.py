"""Statements of a report about its own figures, recomputed."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.audit_terms import (
    NO_GAP,
    Outline,
    Row,
    Verdict,
    bounds,
    capital,
    place_en,
    prints,
    shown,
)
from analysis.published import PublishedFigures
from analysis.statements import (
    BoundStatement,
    ListedStatement,
    Mean,
    OrderStatement,
    SortedStatement,
    Statement,
    UncheckedStatement,
)


def out_of_place(keys: Sequence[object]) -> tuple[int, ...]:
    """Return the fewest positions whose removal leaves a list that never falls.

    The rest is a longest non-decreasing subsequence (patience sorting, n log n).

    Parameters
    ----------
    keys
        Values that can be compared with each other.
    """
    tails: list[object] = []
    last_at: list[int] = []
    before: list[int] = []
    for at, key in enumerate(keys):
        length = bisect_right(tails, key)  # pyright: ignore[reportArgumentType]
        tails[length : length + 1] = [key]
        last_at[length : length + 1] = [at]
        before.append(last_at[length - 1] if length else -1)
    kept, at = set(), last_at[-1] if last_at else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return tuple(at for at in range(len(keys)) if at not in kept)


def syllables(keys: Sequence[str]) -> list[tuple[tuple[str, str, int], ...]]:
    """Turn pinyin keys of a list into keys of its own order.

    Parameters
    ----------
    keys
        A token a character: syllable, tone, the character (``"chang2长 sha1沙"``).

    Returns
    -------
    For each key its tokens as syllable, tone and the place at which the list first has that
    character after the same beginning: characters of one sound may come in any order (lists sort
    them by strokes, or by code), as long as each is kept together.
    """
    first: dict[tuple[str, ...], int] = {}
    split = [tuple(key.split(" ")) for key in keys]
    begun = [[tokens[: at + 1] for at in range(len(tokens))] for tokens in split]
    for each in begun:
        for beginning in each:
            first.setdefault(beginning, len(first))
    return [tuple((*_sound(each[-1]), first[each]) for each in beginnings) for beginnings in begun]


def _sound(token: str) -> tuple[str, str]:
    found = re.match(r"([a-z]+)(\d?)", token)
    return (found[1], found[2]) if found else (token, "")


def printed_order(figures: PublishedFigures, pinyin: Mapping[str, str]) -> list[Row]:
    """Check lists that are said to be sorted by pinyin.

    Parameters
    ----------
    pinyin
        Pinyin key of each unit. A list with a unit that has none is not checkable.
    """
    rows = []
    for statement in figures.statements:
        if isinstance(statement, SortedStatement):
            for grade, table in figures.grades.groupby("grade", sort=False):
                rows.append(_order_row(statement, str(grade), list(table["unit"]), pinyin))
    return rows


def _order_row(
    statement: SortedStatement, grade: str, units: list[str], pinyin: Mapping[str, str]
) -> Row:
    where, where_en = statement.where, place_en(statement.where)
    by_initial = statement.by == "initial"
    rule_zh = "拼音首字母" if by_initial else "拼音"
    rule_en = "the initial letter of their pinyin" if by_initial else "pinyin"

    def row(recomputed: str, gap: float, verdict: Verdict, zh: str, en: str) -> Row:
        return Row(
            "printed-order", where, grade, str(len(units)), recomputed, gap, verdict,
            f"{where}注明各等级内按{rule_zh}排序，{grade}等级{zh}。",
            f"{capital(where_en)} says that units within a grade are sorted by {rule_en}; of "
            f"{grade}: {en}.",
        )  # fmt: skip

    if unknown := [unit for unit in units if unit not in pinyin]:
        listed = "、".join(unknown)
        return row(
            "", NO_GAP, "not-checkable", f"因{listed}读音不详，无法核对",
            f"how to read {listed} is not known",
        )
    keys = [pinyin[unit] for unit in units]
    in_full = out_of_place(syllables(keys))
    wrong = out_of_place([key[:1] for key in keys]) if by_initial else in_full
    rest = [at for at in in_full if at not in wrong]
    minor = "；".join(_misplaced(units, pinyin, at) for at in rest)
    minor_en = "; ".join(_misplaced(units, pinyin, at, "en") for at in rest)
    if not wrong:
        return row(
            "、".join(units[at] for at in rest), 0.0, "consistent",
            "核对无误" + (f"（首字母之后的次序另有不合：{minor}）" if rest else ""),
            "they are" + (f" (out of order beyond the initial: {minor_en})" if rest else ""),
        )
    listed = "；".join(_misplaced(units, pinyin, at) for at in wrong)
    listed_en = "; ".join(_misplaced(units, pinyin, at, "en") for at in wrong)
    return row(
        "、".join(units[at] for at in wrong), len(wrong), "contradiction",
        f"却次序不合：{listed}" + (f"（首字母之后的次序另有不合：{minor}）" if rest else ""),
        listed_en + (f" (out of order beyond the initial: {minor_en})" if rest else ""),
    )


def _misplaced(units: list[str], pinyin: Mapping[str, str], at: int, lang: str = "zh") -> str:
    read = re.sub(r"[^a-z ]", "", pinyin[units[at]])
    before = units[at - 1] if at else ""
    after = units[at + 1] if at + 1 < len(units) else ""
    if lang == "en":
        ends = [f"after {before}" if before else "", f"before {after}" if after else ""]
        return f"{units[at]} ({read}) stands {' and '.join(end for end in ends if end)}"
    ends = [f"{before}之后" if before else "", f"{after}之前" if after else ""]
    return f"{units[at]}（{read}）排在{'、'.join(end for end in ends if end)}"


def rank_claims(figures: PublishedFigures, outline: Outline, units: pd.DataFrame) -> list[Row]:
    """Recompute what the report says of groups of units and of the order of means.

    Parameters
    ----------
    units
        Column unit and those that statements name, such as level and coastal.
    """
    rows = []
    for statement in figures.statements:
        if isinstance(statement, ListedStatement):
            rows.append(_listed(statement, figures, units))
        elif isinstance(statement, OrderStatement):
            rows.append(_order(statement, figures, outline))
        elif isinstance(statement, BoundStatement):
            rows.append(_bound(statement, figures, outline))
        elif isinstance(statement, UncheckedStatement):
            rows.append(
                _claim(
                    statement, "", "", NO_GAP, "not-checkable", statement.reason.zh,
                    statement.reason.en,
                )
            )  # fmt: skip
    return rows


def _claim(  # noqa: PLR0913
    statement: Statement,
    printed: str,
    recomputed: str,
    gap: float,
    verdict: Verdict,
    zh: str,
    en: str,
) -> Row:
    end_zh, end_en = {
        "consistent": ("核对相符", "this holds"),
        "contradiction": ("核对不符", "this does not hold"),
        "not-checkable": ("无法核对", "this cannot be checked"),
    }[verdict]
    where = statement.where
    return Row(
        "rank-claims", where, statement.id, printed, recomputed, gap, verdict,
        f"{where}称{statement.claim.zh}，{end_zh}" + (f"：{zh}。" if zh else "。"),
        f"{capital(place_en(where))} says that {statement.claim.en}; {end_en}"
        + (f": {en}." if en else "."),
    )  # fmt: skip


def _listed(statement: ListedStatement, figures: PublishedFigures, units: pd.DataFrame) -> Row:
    printed = "；".join(f"{g}：{'、'.join(named)}" for g, named in statement.listed.items())
    unknown = [column for column in statement.group if column not in units]
    if unknown:
        names = ", ".join(unknown)
        return _claim(
            statement, printed, "", NO_GAP, "not-checkable", f"评估对象名录没有{names}一栏",
            f"the table of units has no column {names}",
        )  # fmt: skip
    member = pd.Series(True, index=units.index)
    for column, value in statement.group.items():
        member &= units[column] == value
    grade_of = dict(zip(figures.grades["unit"], figures.grades["grade"], strict=True))
    group = [unit for unit in units.loc[member, "unit"] if unit in grade_of]
    faults = _listed_faults(statement, group, grade_of)
    zh, en = "；".join(zh for zh, _ in faults), "; ".join(en for _, en in faults)
    actual = {
        grades: [unit for unit in group if grade_of[unit] in grades.split(";")]
        for grades in statement.listed
    }
    recomputed = "；".join(f"{g}：{'、'.join(named)}" for g, named in actual.items())
    gap = float("nan") if statement.population is None else statement.population - len(group)
    if not statement.complete:
        recomputed = "、".join(
            unit for named in statement.listed.values() for unit in named if unit in group
        )
    return _claim(
        statement, printed, recomputed, gap, "contradiction" if faults else "consistent", zh, en
    )


def _listed_faults(
    statement: ListedStatement, group: Sequence[str], grade_of: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return what is wrong with a list of units of a group, in both languages."""
    zh, en = statement.called.zh, statement.called.en
    faults = []
    if statement.population not in (None, len(group)):
        faults.append((f"样本中{zh}实有{len(group)}个", f"the sample has {len(group)} {en}"))
    for grades, named in statement.listed.items():
        for unit in named:
            if unit not in grade_of:
                faults.append((f"{unit}不在样本内", f"{unit} is not in the sample"))
                continue
            if unit not in group:
                faults.append((f"按评估对象名录，{unit}不属{zh}", f"by the register, {unit} is not one of the {en}"))
            if grade_of[unit] not in grades.split(";"):
                faults.append((f"{unit}实为{grade_of[unit]}", f"{unit} is {grade_of[unit]}"))
        if statement.complete:
            faults += [
                (f"未列{unit}（{grade_of[unit]}）", f"{unit} ({grade_of[unit]}) is left out")
                for unit in group
                if grade_of[unit] in grades.split(";") and unit not in named
            ]
    return faults


def _order(statement: OrderStatement, figures: PublishedFigures, outline: Outline) -> Row:
    if gap := _missing(statement, (*statement.left, *statement.right), figures, outline):
        return gap
    values = bounds(figures)
    faults = []
    for left in statement.left:
        for right in statement.right:
            one, other = values[_key(left)], values[_key(right)]
            if statement.relation == "equal":
                wrong = not one.meets(other)
            else:
                wrong = left == right or one.high <= other.low
            if wrong:
                faults.append((left, right))
    means = _printed_names(figures, outline)
    equal = statement.relation == "equal"
    sign = " = " if equal else " > "
    told = [
        (f"{means(a)[0]}不能高于自身", f"{means(a)[1]} cannot be above itself")
        if a == b
        else (
            f"{means(a)[0]}{'不等于' if equal else '并不高于'}{means(b)[0]}",
            f"{means(a)[1]} is not {'equal to' if equal else 'above'} {means(b)[1]}",
        )
        for a, b in faults
    ]
    printed = sign.join(
        "、".join(_value(mean, figures) for mean in side)
        for side in (statement.left, statement.right)
    )
    return _claim(
        statement, printed, "", NO_GAP, "contradiction" if faults else "consistent",
        "；".join(zh for zh, _ in told), "; ".join(en for _, en in told),
    )  # fmt: skip


def _bound(statement: BoundStatement, figures: PublishedFigures, outline: Outline) -> Row:
    if gap := _missing(statement, statement.means, figures, outline):
        return gap
    values, faults = bounds(figures), []
    for mean in statement.means:
        value = values[_key(mean)]
        if statement.below is not None and value.low >= statement.below:
            faults.append(mean)
        if statement.above is not None and value.high <= statement.above:
            faults.append(mean)
    means = _printed_names(figures, outline)
    return _claim(
        statement, "、".join(_value(mean, figures) for mean in statement.means), "", NO_GAP,
        "contradiction" if faults else "consistent", "、".join(means(m)[0] for m in faults),
        ", ".join(means(m)[1] for m in faults),
    )  # fmt: skip


def _missing(
    statement: Statement, means: Sequence[Mean], figures: PublishedFigures, outline: Outline
) -> Row | None:
    """Return a row where a mean that a statement speaks of is not printed."""
    values = bounds(figures)
    absent = [outline.mean(_key(mean)) for mean in means if _key(mean) not in values]
    if not absent:
        return None
    zh, en = "、".join(zh for zh, _ in absent), ", ".join(en for _, en in absent)
    return _claim(
        statement, "", "", NO_GAP, "not-checkable", f"{zh}未见公布", f"{en} is not printed"
    )


def _key(mean: Mean) -> tuple[str, str]:
    return mean.audience, mean.indicator


def _value(mean: Mean, figures: PublishedFigures) -> str:
    return shown(prints(figures)[_key(mean)])


def _printed_names(
    figures: PublishedFigures, outline: Outline
) -> Callable[[Mean], tuple[str, str]]:
    def name(mean: Mean) -> tuple[str, str]:
        zh, en = outline.mean(_key(mean))
        value = _value(mean, figures)
        return f"{zh}{value}", f"{en} {value}"

    return name
