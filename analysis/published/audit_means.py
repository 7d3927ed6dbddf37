"""Printed means held against each other: same figure twice, whole and parts, gaps."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from analysis.published.audit_terms import (
    NO_GAP,
    Key,
    Outline,
    Reading,
    Row,
    Words,
    both,
    capital,
    places,
    spoken,
)
from analysis.published.figures import Interval, PublishedFigures, printed_interval, printed_number
from indicators.hierarchy import ALL, ROOT

HIERARCHY = "指标体系"


def same_figure_twice(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Find a mean, or the share or count of the same grades, printed with values that differ.

    Two prints differ where no value rounds to both: 2.5 and 2.50 agree, 2.5 and 2.56 do not.
    """
    rows = []
    for key, printed in Reading.of(figures, outline).prints.items():
        rows += _twice(key[1], outline.mean(key), printed)
    for column, zh, en in (("share", "占比", "the share of"), ("count", "数量", "the number of")):
        by_grades: dict[str, dict[str, list[str]]] = {}
        there = figures.shares.dropna(subset=[column])
        for grades, value, where in zip(
            there["grades"], there[column], there["where"], strict=True
        ):
            same = ";".join(sorted(grades.split(";"), key=figures.order.index))
            by_grades.setdefault(same, {}).setdefault(str(value), []).append(where)
        for grades, printed in by_grades.items():
            listed, listed_en = spoken(grades.split(";"))
            name = (f"{listed}等级{zh}", f"{en} {listed_en}")
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
        stands, _ = places([*printed[one], *printed[other]])
        yield Row(
            "same-figure-twice", stands, subject, every, "",
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
    reading = Reading.of(figures, outline)
    overall = {
        key: [(audience, key[1]) for audience in outline.audiences]
        for key in reading.prints
        if key[0] == ALL
    }
    parents = {
        key: [(key[0], child) for child in outline.core(key[1])]
        for key in reading.prints
        if not set(outline.children.get(key[1], ())) & outline.bonus
    }
    rows = [row for key, parts in overall.items() for row in _held(reading, key, parts)]
    for key, parts in parents.items():
        if any(part in reading.values for part in parts):
            rows += _held(reading, key, parts)
    return rows


def _held(reading: Reading, key: Key, parts: list[Key]) -> Iterator[Row]:
    """Hold every print of a whole against its parts."""
    unprinted = [reading.outline.mean(part) for part in parts if part not in reading.values]
    if unprinted:
        (zh, en), (missing, missing_en) = reading.named(key), both(unprinted)
        yield Row(
            "mean-within-parts", reading.where([key])[0], key[1], reading.shown(key), "", NO_GAP,
            "not-checkable",
            f"{missing}未见公布，无法核对{zh}是否落在各部分的范围之内。",
            f"{capital(en)} cannot be held against its parts: {missing_en} is not printed.",
        )  # fmt: skip
        return
    for printed in reading.prints[key]:
        yield _within(reading, key, printed, parts)


def _within(reading: Reading, key: Key, printed: str, parts: list[Key]) -> Row:
    """Compare one print of a whole with its parts, all of them printed."""
    values = [reading.values[part] for part in parts]
    span = Interval(min(each.low for each in values), max(each.high for each in values))
    numbers = [printed_number(each) for part in parts for each in reading.prints[part]]
    low, high, whole = min(numbers), max(numbers), printed_number(printed)
    inside = printed_interval(printed).meets(span)
    (zh, en), (at, at_en) = reading.outline.mean(key), places(reading.prints[key][printed])
    listed, listed_en = both(reading.named(part) for part in parts)
    head = "mean-within-parts", reading.where([key, *parts], printed)[0], key[1]
    if inside:
        how, how_en = ("", "") if low <= whole <= high else ("计入四舍五入", ", but for rounding")
        return Row(
            *head, printed, f"{low}–{high}", 0.0, "consistent",
            f"{zh}在{at}印作{printed}，{how}落在各部分（{listed}）的范围之内。",
            f"{capital(en)} is printed {printed} in {at_en}, inside the range of its parts{how_en}:"
            f" {listed_en}.",
        )  # fmt: skip
    return Row(
        *head, printed, f"{low}–{high}", float(whole - min(max(whole, low), high)),
        "contradiction",
        f"{zh}在{at}印作{printed}，不在各部分（{listed}）的范围之内，任何权重的加权平均都不可能得出此数。",
        f"{capital(en)} is printed {printed} in {at_en}, outside the range of its parts: "
        f"{listed_en}; no weighted mean of them can round to it.",
    )  # fmt: skip


def defined_but_unreported(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Name the indicators of the hierarchy of which no mean is printed.

    One row for each topmost indicator with nothing printed at or below it, one for an indicator
    unprinted itself while something below it is printed, and one for each level at which all
    children of printed indicators are missing together.
    """
    printed = set(figures.means["indicator"])
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
    zh, en = both(outline.label(indicator) for indicator in indicators)
    under = [outline.label(each) for each in outline.below(indicators[0]) if each in below]
    under_zh, under_en = both(under)
    count = f"{len(indicators)}项指标" if len(indicators) > 1 else ""
    return Row(
        "defined-but-unreported", HIERARCHY, ",".join(indicators), "", "", NO_GAP,
        "not-checkable",
        f"{zh}{f'及其下级指标{under_zh}' if under else ''}{count}列入评估体系，"
        "但未见公布任何均值。",
        f"{en}{f', with {under_en} below it' if under else ''}: in the indicator system, but no "
        "mean is printed.",
    )  # fmt: skip
