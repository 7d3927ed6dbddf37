"""Statements of a report about its own figures, recomputed."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import pandas as pd

from analysis.published.audit_terms import (
    NO_GAP,
    Key,
    Outline,
    Reading,
    Row,
    Verdict,
    Words,
    both,
    capital,
    place_en,
)
from analysis.published.figures import PublishedFigures
from analysis.published.statements import (
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
            f"{capital(where_en)} says that units within a grade are sorted by {rule_en}; grade "
            f"{grade} {en}.",
        )  # fmt: skip

    if unknown := [unit for unit in units if unit not in pinyin]:
        listed = "、".join(unknown)
        return row(
            "",
            NO_GAP,
            "not-checkable",
            f"因{listed}读音不详，无法核对",
            f"cannot be checked, how to read {listed} being unknown",
        )
    keys = [pinyin[unit] for unit in units]
    in_full = out_of_place(syllables(keys))
    wrong = out_of_place([key[:1] for key in keys]) if by_initial else in_full
    rest = [at for at in in_full if at not in wrong]
    minor = "；".join(_misplaced(units, pinyin, at) for at in rest)
    minor_en = "; ".join(_misplaced(units, pinyin, at, "en") for at in rest)
    if not wrong:
        return row(
            "、".join(units[at] for at in rest),
            0.0,
            "consistent",
            "核对无误" + (f"（首字母之后的次序另有不合：{minor}）" if rest else ""),
            "is" + (f" (out of order beyond the initial: {minor_en})" if rest else ""),
        )
    listed = "；".join(_misplaced(units, pinyin, at) for at in wrong)
    listed_en = "; ".join(_misplaced(units, pinyin, at, "en") for at in wrong)
    return row(
        "、".join(units[at] for at in wrong),
        len(wrong),
        "contradiction",
        f"却次序不合：{listed}" + (f"（首字母之后的次序另有不合：{minor}）" if rest else ""),
        f"is not: {listed_en}"
        + (f" (out of order beyond the initial: {minor_en})" if rest else ""),
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
    reading = Reading.of(figures, outline)
    rows = []
    for statement in figures.statements:
        if isinstance(statement, ListedStatement):
            rows.append(_listed(statement, figures, units))
        elif isinstance(statement, OrderStatement):
            rows.append(_order(statement, reading))
        elif isinstance(statement, BoundStatement):
            rows.append(_bound(statement, reading))
        elif isinstance(statement, UncheckedStatement):
            why = statement.reason.zh, statement.reason.en
            rows.append(_claim(statement, "not-checkable", why))
    return rows


def _claim(statement: Statement, verdict: Verdict, why: Words = ("", "")) -> Row:
    zh, en = why
    end_zh, end_en = {
        "consistent": ("核对相符", "this holds"),
        "contradiction": ("核对不符", "this does not hold"),
        "not-checkable": ("无法核对", "this cannot be checked"),
    }[verdict]
    where = statement.where
    return Row(
        "rank-claims", where, statement.id, "", "", NO_GAP, verdict,
        f"{where}称{statement.claim.zh}，{end_zh}" + (f"：{zh}。" if zh else "。"),
        f"{capital(place_en(where))} says that {statement.claim.en}; {end_en}"
        + (f": {en}." if en else "."),
    )  # fmt: skip


def _listed(statement: ListedStatement, figures: PublishedFigures, units: pd.DataFrame) -> Row:
    printed = "；".join(f"{g}：{'、'.join(named)}" for g, named in statement.listed.items())
    if unknown := [column for column in statement.group if column not in units]:
        why = (
            f"评估对象名录没有{'、'.join(unknown)}一栏",
            f"no column {', '.join(unknown)} of the units",
        )
        return replace(_claim(statement, "not-checkable", why), printed=printed)
    member = pd.Series(True, index=units.index)
    for column, value in statement.group.items():
        member &= units[column] == value
    grade_of = dict(zip(figures.grades["unit"], figures.grades["grade"], strict=True))
    group = [unit for unit in units.loc[member, "unit"] if unit in grade_of]
    faults = _listed_faults(statement, group, grade_of)
    found = []
    for grades, named in statement.listed.items():
        among = group if statement.complete else [unit for unit in named if unit in group]
        fitting = [unit for unit in among if grade_of[unit] in grades.split(";")]
        found.append(f"{grades}：{'、'.join(fitting)}")
    return replace(
        _claim(statement, "contradiction" if faults else "consistent", both(faults, "；", "; ")),
        printed=printed,
        recomputed="；".join(found),
        gap=NO_GAP if statement.population is None else statement.population - len(group),
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
                faults.append(
                    (f"按名录{unit}不属{zh}", f"the register has {unit} not among the {en}")
                )
            if grade_of[unit] not in grades.split(";"):
                faults.append((f"{unit}实为{grade_of[unit]}", f"{unit} is {grade_of[unit]}"))
        if statement.complete:
            faults += [
                (f"未列{unit}（{grade_of[unit]}）", f"{unit} ({grade_of[unit]}) is left out")
                for unit in group
                if grade_of[unit] in grades.split(";") and unit not in named
            ]
    return faults


def _order(statement: OrderStatement, reading: Reading) -> Row:
    left, right = ([_key(mean) for mean in side] for side in (statement.left, statement.right))
    if absent := _absent(reading, [*left, *right]):
        return _claim(statement, "not-checkable", absent)
    equal, values = statement.relation == "equal", reading.values
    faults = []
    for one, other in product(left, right):
        (zh, en), (than, than_en) = reading.named(one), reading.named(other)
        if one == other and not equal:
            faults.append((f"{zh}不能高于自身", f"{en} cannot be above itself"))
        elif equal and not values[one].meets(values[other]):
            faults.append((f"{zh}不等于{than}", f"{en} is not equal to {than_en}"))
        elif not equal and values[one].high <= values[other].low:
            faults.append((f"{zh}并不高于{than}", f"{en} is not above {than_en}"))
    sides = ("、".join(reading.shown(key) for key in side) for side in (left, right))
    return replace(
        _claim(statement, "contradiction" if faults else "consistent", both(faults, "；", "; ")),
        printed=(" = " if equal else " > ").join(sides),
    )


def _bound(statement: BoundStatement, reading: Reading) -> Row:
    keys = [_key(mean) for mean in statement.means]
    if absent := _absent(reading, keys):
        return _claim(statement, "not-checkable", absent)
    faults = []
    for key in keys:
        value = reading.values[key]
        too_high = statement.below is not None and value.low >= statement.below
        too_low = statement.above is not None and value.high <= statement.above
        if too_high or too_low:
            faults.append(reading.named(key))
    return replace(
        _claim(statement, "contradiction" if faults else "consistent", both(faults)),
        printed="、".join(reading.shown(key) for key in keys),
    )


def _absent(reading: Reading, keys: Sequence[Key]) -> Words | None:
    """Say which means are not printed, if any."""
    absent = [reading.outline.mean(key) for key in keys if key not in reading.values]
    if not absent:
        return None
    zh, en = both(absent)
    return f"{zh}未见公布", f"{en} is not printed"


def _key(mean: Mean) -> Key:
    return mean.audience, mean.indicator
