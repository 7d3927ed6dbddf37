"""Printed means held against each other: same figure twice, whole and parts, gaps."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from analysis.audit_terms import (
    NO_GAP,
    Key,
    Outline,
    Row,
    Words,
    bounds,
    capital,
    places,
    prints,
    shown,
    spoken,
)
from analysis.published import Interval, PublishedFigures, printed_interval, printed_number
from indicators.system import ALL, ROOT

HIERARCHY = "指标体系"


def same_figure_twice(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Find a mean, or the share or count of the same grades, printed with values that differ.

    Two prints differ where no value rounds to both: 2.5 and 2.50 agree, 2.5 and 2.56 do not.
    """
    rows = []
    for key, printed in prints(figures).items():
        rows += _twice(key[1], outline.mean(key), printed)
    for column, zh, en in (("share", "占比", "the share of"), ("count", "数量", "the count of")):
        by_grades: dict[str, dict[str, list[str]]] = {}
        there = figures.shares.dropna(subset=[column])
        for grades, value, where in zip(
            there["grades"], there[column], there["where"], strict=True
        ):
            same = ";".join(sorted(grades.split(";"), key=figures.order.index))
            by_grades.setdefault(same, {}).setdefault(str(value), []).append(where)
        for grades, printed in by_grades.items():
            listed = "、".join(grades.split(";"))
            name = (f"{listed}等级{zh}", f"{en} grades {listed.replace('、', ', ')}")
            rows += _twice(grades, name, printed)
    return rows


def _twice(subject: str, name: Words, printed: Mapping[str, list[str]]) -> Iterator[Row]:
    """Compare the prints of one figure, each with its places."""
    wheres, wheres_en = places(where for each in printed.values() for where in each)
    every = "/".join(printed)
    apart = [
        pair
        for pair in combinations(printed, 2)
        if not printed_interval(pair[0]).meets(printed_interval(pair[1]))
    ]
    for one, other in apart:
        (at, at_en), (then, then_en) = places(printed[one]), places(printed[other])
        both, _ = places([*printed[one], *printed[other]])
        yield Row(
            "same-figure-twice", both, subject, every, "",
            float(printed_number(one) - printed_number(other)), "contradiction",
            f"{name[0]}在{at}印作{one}，在{then}印作{other}，二者不可能同为一数的四舍五入。",
            f"{capital(name[1])} is printed {one} in {at_en} and {other} in {then_en}; no value "
            "rounds to both.",
        )  # fmt: skip
    if not apart and sum(len(each) for each in printed.values()) > 1:
        yield Row(
            "same-figure-twice", wheres, subject, every, "", 0.0, "consistent",
            f"{name[0]}在{wheres}所印相符（{'、'.join(printed)}）。",
            f"{capital(name[1])} agrees in {wheres_en} ({', '.join(printed)}).",
        )  # fmt: skip


def mean_within_parts(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Check that a whole lies in the range of its parts, as any weighted mean does.

    The overall mean of an indicator against those of its audiences, one row a print; and the
    mean of an indicator against those of its core children, audience by audience.
    """
    return [
        *_overall_within_audiences(figures, outline),
        *_parent_within_children(figures, outline),
    ]


def _overall_within_audiences(figures: PublishedFigures, outline: Outline) -> Iterator[Row]:
    values, printed = bounds(figures), prints(figures)
    for (audience, indicator), whole in printed.items():
        parts = [(each, indicator) for each in outline.audiences]
        if audience != ALL:
            continue
        if unprinted := [part for part in parts if part not in values]:
            missing = [outline.mean(part) for part in unprinted]
            yield _unprinted((ALL, indicator), whole, missing, outline)
            continue
        for text, wheres in whole.items():
            yield _within((ALL, indicator), text, wheres, parts, printed, values, outline)


def _parent_within_children(figures: PublishedFigures, outline: Outline) -> Iterator[Row]:
    values, printed = bounds(figures), prints(figures)
    for key, whole in printed.items():
        audience, parent = key
        parts = [(audience, child) for child in outline.core(parent)]
        there = [part for part in parts if part in values]
        if not there or set(outline.children[parent]) & outline.bonus:
            continue
        if len(there) < len(parts):
            missing = [outline.mean(part) for part in parts if part not in values]
            yield _unprinted(key, whole, missing, outline)
            continue
        for text, wheres in whole.items():
            yield _within(key, text, wheres, parts, printed, values, outline)


def _within(  # noqa: PLR0913
    key: Key,
    text: str,
    wheres: list[str],
    parts: list[Key],
    printed: Mapping[Key, Mapping[str, list[str]]],
    values: Mapping[Key, Interval],
    outline: Outline,
) -> Row:
    """Compare one print of a whole with its parts."""
    low = min(values[part].low for part in parts)
    high = max(values[part].high for part in parts)
    numbers = [printed_number(each) for part in parts for each in printed[part]]
    whole = printed_number(text)
    nearest = min(max(whole, min(numbers)), max(numbers))
    inside = printed_interval(text).meets(Interval(low, high))
    named = [(outline.mean(part), shown(printed[part])) for part in parts]
    parts_zh = "、".join(f"{zh}{value}" for (zh, _), value in named)
    parts_en = ", ".join(f"{en} {value}" for (_, en), value in named)
    (zh, en), (at, at_en) = outline.mean(key), places(wheres)
    where, _ = places([*wheres, *(w for p in parts for each in printed[p].values() for w in each)])
    verdict_zh = "落在" if inside else "不在"
    verdict_zh = "计入四舍五入落在" if inside and whole != nearest else verdict_zh
    why_zh = "。" if inside else "，任何权重的加权平均都不可能得出此数。"
    why_en = "." if inside else "; no weighted mean of them can round to it."
    return Row(
        "mean-within-parts", where, key[1], text,
        f"{min(numbers)}–{max(numbers)}", 0.0 if inside else float(whole - nearest),
        "consistent" if inside else "contradiction",
        f"{zh}在{at}印作{text}，{verdict_zh}各部分（{parts_zh}）的范围之内{why_zh}",
        f"{capital(en)} is printed {text} in {at_en}, {'inside' if inside else 'outside'} the "
        f"range of its parts: {parts_en}{why_en}",
    )  # fmt: skip


def _unprinted(
    key: Key, whole: Mapping[str, list[str]], missing: list[Words], outline: Outline
) -> Row:
    (zh, en), (at, _) = outline.mean(key), places(w for each in whole.values() for w in each)
    names = "、".join(name for name, _ in missing)
    names_en = ", ".join(name for _, name in missing)
    return Row(
        "mean-within-parts", at, key[1], shown(whole), "", NO_GAP, "not-checkable",
        f"{zh}为{shown(whole)}，因{names}未见公布，无法核对其是否落在各部分的范围之内。",
        f"{capital(en)} is {shown(whole)}; {names_en} not being printed, it cannot be held "
        "against its parts.",
    )  # fmt: skip


def defined_but_unreported(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Name the indicators of the hierarchy of which no mean is printed.

    One row for each topmost indicator with nothing printed at or below it, one for an indicator
    unprinted itself while something below it is printed, and one for each level at which all
    children of printed indicators are missing together.
    """
    printed = {indicator for _, indicator in prints(figures)}
    if not printed:
        return []
    rows = []
    together: dict[int, list[str]] = {}
    for indicator, depth in _with_depth(outline, ROOT, 0):
        below = set(outline.below(indicator))
        if indicator in printed:
            continue
        if depth and _silent(outline.parent(indicator), outline, printed):
            continue
        if below & printed:
            rows.append(_unreported_whole(indicator, outline))
            continue
        siblings = outline.children[outline.parent(indicator)]
        if all(_silent(each, outline, printed) for each in siblings):
            together.setdefault(depth, []).append(indicator)
        else:
            rows.append(_unreported([indicator], outline, below))
    rows += [_unreported(every, outline, set()) for every in together.values()]
    return rows


def _silent(indicator: str, outline: Outline, printed: set[str]) -> bool:
    """Tell whether nothing is printed at or below an indicator."""
    return not printed & {indicator, *outline.below(indicator)}


def _with_depth(outline: Outline, indicator: str, depth: int) -> Iterator[tuple[str, int]]:
    yield indicator, depth
    for child in outline.children.get(indicator, ()):
        yield from _with_depth(outline, child, depth + 1)


def _unreported_whole(indicator: str, outline: Outline) -> Row:
    zh, en = outline.label(indicator)
    return Row(
        "defined-but-unreported", HIERARCHY, indicator, "", "", NO_GAP, "not-checkable",
        f"{zh}的下级指标已公布均值，{zh}本身未见公布，无法核对其合成。",
        f"Means below {en} are printed, that of {en} is not; how it was made up cannot be checked.",
    )  # fmt: skip


def _unreported(indicators: list[str], outline: Outline, below: set[str]) -> Row:
    names = [outline.label(indicator) for indicator in indicators]
    zh, en = spoken([name for name, _ in names])[0], spoken([name for _, name in names])[1]
    under = [outline.label(each) for each in outline.below(indicators[0]) if each in below]
    under_zh = f"及其下级指标{'、'.join(name for name, _ in under)}" if under else ""
    under_en = f" with {', '.join(name for _, name in under)} below it" if under else ""
    count = f"{len(indicators)}项指标" if len(indicators) > 1 else ""
    return Row(
        "defined-but-unreported", HIERARCHY, ",".join(indicators), "", "", NO_GAP, "not-checkable",
        f"{zh}{under_zh}{count}列入评估体系，但未见公布任何均值。",
        f"{en}{under_en}: part of the indicator system, but no mean of it is printed.",
    )  # fmt: skip
