"""Weights that printed means leave possible: of audiences, and of the children of an indicator."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.published.audit_terms import NO_GAP, Outline, Reading, Row, Words, both, plain, spoken
from analysis.published.figures import PublishedFigures
from indicators.hierarchy import ALL
from indicators.mixtures import TOUCH, Mixtures, Span

ANY = (0.0, 10.0)
"""What an unprinted mean may be."""
DIGITS = 6
"""Decimals of a gap that the solver found, so that the same input gives the same bytes."""


def one_audience_weight(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Find the audience weights that yield each printed overall mean, and one set for all.

    Indicators whose overall mean no weights yield are left to `mean_within_parts`, those whose
    overall mean is printed with two values to `same_figure_twice`.
    """
    reading, audiences = Reading.of(figures, outline), tuple(outline.audiences)
    complete = [
        indicator
        for audience, indicator in reading.prints
        if audience == ALL
        and (ALL, indicator) not in reading.disputed
        and all((each, indicator) in reading.values for each in audiences)
    ]
    if len(audiences) < 2 or not complete:
        return []
    every = Mixtures.of(
        [_span(reading, ALL, indicator) for indicator in complete],
        [[_span(reading, each, indicator) for each in audiences] for indicator in complete],
    )
    alone = [row for row in range(len(complete)) if every.only([row]).possible()]
    kept, feasible = [complete[row] for row in alone], every.only(alone)
    ranges = [_weight_ranges(feasible.only([row]), outline) for row in range(len(kept))]
    rows = [
        _own_weight(reading, indicator, ranged)
        for indicator, ranged in zip(kept, ranges, strict=True)
    ]
    return [*rows, _common_weight(reading, kept, feasible, ranges)] if len(kept) > 1 else rows


def _own_weight(reading: Reading, indicator: str, ranged: Words) -> Row:
    keys = [(each, indicator) for each in (ALL, *reading.outline.audiences)]
    zh, en = reading.outline.label(indicator)
    return Row(
        "one-audience-weight", reading.where(keys)[0], indicator,
        _by_audience(reading, keys), ranged[0], NO_GAP, "consistent",
        f"{zh}的总体均值可由各类对象的均值加权得出，权重须为：{ranged[0]}。",
        f"The overall mean of {en} can be a weighted mean of the audiences, with weights of "
        f"{ranged[1]}.",
    )  # fmt: skip


def _common_weight(
    reading: Reading, kept: list[str], feasible: Mixtures, ranges: list[Words]
) -> Row:
    """Say whether one set of audience weights serves every indicator in `kept`."""
    n, outline = len(kept), reading.outline

    def stands(at: Sequence[int]) -> str:
        return reading.where((a, kept[i]) for i in at for a in (ALL, *outline.audiences))[0]

    _, excess = feasible.nearest()
    if excess < -TOUCH:
        zh, en = _weight_ranges(feasible, outline)
        return Row(
            "one-audience-weight", stands(range(n)), "all", "", zh, NO_GAP, "consistent",
            f"有一组对象权重可同时得出{n}项指标的总体均值：{zh}。",
            f"One set of audience weights yields the overall means of all {n} indicators: {en}.",
        )  # fmt: skip
    clash = feasible.conflicts()[0]
    needs = [(outline.label(kept[row]), ranges[row]) for row in clash]
    zh, en = both(
        ((f"{name}要求{zh}", f"{name_en} asks for {en}") for (name, name_en), (zh, en) in needs),
        "，",
    )
    miss = plain(excess, 3)
    return Row(
        "one-audience-weight", stands(clash), ",".join(kept[row] for row in clash), "", zh,
        round(excess, DIGITS), "contradiction",
        f"若{n}项指标的总体均值均按同一组对象权重合成，则{zh}，不能并存；"
        f"最接近的权重也有指标超出四舍五入范围{miss}分。",
        f"If one set of audience weights made the overall means of all {n} indicators, they would "
        f"exclude each other: {en}; the nearest weights miss by {miss} points beyond rounding.",
    )  # fmt: skip


def _weight_ranges(feasible: Mixtures, outline: Outline) -> Words:
    """Write the range of each audience's weight in percent; of two, the first says it all."""
    names = list(outline.audiences.values())
    told = []
    for at, (zh, en) in enumerate(names if len(names) > 2 else names[:1]):
        text = _percents(feasible.range_of([float(i == at) for i in range(len(names))]))
        told.append((f"{zh}{text}", f"{text} for {en}"))
    return both(told)


@dataclass(frozen=True)
class _Family:
    """An indicator with its children, and the audiences for which its mean is printed."""

    reading: Reading
    parent: str
    audiences: tuple[str, ...]

    @property
    def children(self) -> tuple[str, ...]:
        return self.reading.outline.core(self.parent)

    @property
    def unprinted(self) -> list[str]:
        """The children without a mean for one of the audiences."""
        values = self.reading.values
        return [c for c in self.children if any((a, c) not in values for a in self.audiences)]

    @property
    def compared(self) -> Mixtures:
        reading = self.reading
        return Mixtures.of(
            [_span(reading, each, self.parent) for each in self.audiences],
            [[_span(reading, each, child) for child in self.children] for each in self.audiences],
        )

    @property
    def head(self) -> tuple[str, str, str, str]:
        """Rule, place, subject and prints of a row about it."""
        keys = [(a, i) for a in self.audiences for i in (self.parent, *self.children)]
        printed = _by_audience(self.reading, [(each, self.parent) for each in self.audiences])
        return "one-set-of-weights", self.reading.where(keys)[0], self.parent, printed

    def label(self, indicator: str) -> Words:
        return self.reading.outline.label(indicator)


def one_set_of_weights(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Ask of each indicator whether one set of weights of its children yields all its means.

    A child without a printed mean may have any from 0 to 10, another for every audience. Given
    enough weight it explains anything, so such an indicator is not checkable; the row tells how
    much weight the unprinted children need at least. A mean printed with two values is left to
    `same_figure_twice`.
    """
    reading = Reading.of(figures, outline)
    rows = []
    for parent in outline.children:
        audiences = tuple(
            each
            for each in (ALL, *outline.audiences)
            if (each, parent) in reading.values and (each, parent) not in reading.disputed
        )
        family = _Family(reading, parent, audiences)
        if not audiences or family.unprinted == list(family.children):
            continue
        if set(outline.children[parent]) & outline.bonus or len(audiences) < 2:
            rows.append(_too_few(family))
            continue
        weights, excess = family.compared.nearest()
        if excess >= -TOUCH:
            rows.append(_no_weights(family, list(weights), excess))
        else:
            rows.append(_weights_with_gaps(family) if family.unprinted else _weights_row(family))
    return rows


def _too_few(family: _Family) -> Row:
    zh, en = family.label(family.parent)
    return Row(
        *family.head, "", NO_GAP, "not-checkable",
        f"{zh}已公布的均值不足，无法核对各类对象是否用同一组权重。",
        f"Too few means of {en} are printed to check its weights.",
    )  # fmt: skip


def _weights_with_gaps(family: _Family) -> Row:
    least, _ = family.compared.range_of([float(c in family.unprinted) for c in family.children])
    (zh, en), percent = family.label(family.parent), f"{plain(100 * least, 1)}%"
    missing, missing_en = both(family.label(child) for child in family.unprinted)
    return Row(
        *family.head, f"≥{percent}", NO_GAP, "not-checkable",
        f"{zh}的下级指标{missing}未见完整公布，无法核对各类对象是否用同一组权重；"
        f"其权重至少为{percent}时，所印各值可以并存。",
        f"Means of {missing_en} below {en} are not printed, so the weights cannot be checked; "
        f"with at least {percent} of the weight there, the prints are possible together.",
    )  # fmt: skip


def _weights_row(family: _Family) -> Row:
    spans = []
    for child in family.children:
        text = _percents(family.compared.range_of([float(c == child) for c in family.children]))
        spans.append((f"{family.label(child)[0]}{text}", f"{family.label(child)[1]} {text}"))
    (zh, en), (ranges, ranges_en) = family.label(family.parent), both(spans)
    return Row(
        *family.head, ranges, NO_GAP, "consistent",
        f"有同一组权重可得出{zh}的各项均值，各下级指标的权重范围为：{ranges}。",
        f"One set of weights yields every mean of {en}; the ranges are {ranges_en}.",
    )  # fmt: skip


def _no_weights(family: _Family, weights: list[float], excess: float) -> Row:
    outline = family.reading.outline
    sets = (
        [outline.audience(family.audiences[row]) for row in rows]
        for rows in family.compared.conflicts()
    )
    clash, clash_en = both(
        (("与".join(zh for zh, _ in each), spoken([en for _, en in each])[1]) for each in sets),
        "；", "; ",
    )  # fmt: skip
    percents = [f"{plain(100 * weight, 1)}%" for weight in weights]
    named = zip(map(family.label, family.children), percents, strict=True)
    best, best_en = both((f"{zh}{w}", f"{en} {w}") for (zh, en), w in named)
    (zh, en), miss = family.label(family.parent), plain(excess, 3)
    return Row(
        *family.head, best, round(excess, DIGITS), "contradiction",
        f"没有任何一组权重能由下级指标的均值同时得出{zh}的各项均值（不能并存：{clash}）；"
        f"最接近的权重（{best}）仍超出四舍五入范围{miss}分。",
        f"No single set of weights yields the means of {en} (not together: {clash_en}); the "
        f"nearest ({best_en}) misses by {miss} points beyond rounding.",
    )  # fmt: skip


def _span(reading: Reading, audience: str, indicator: str) -> Span:
    value = reading.values.get((audience, indicator))
    return ANY if value is None else (float(value.low), float(value.high))


def _percents(span: Span) -> str:
    return "–".join(f"{plain(100 * end, 1)}%" for end in span)


def _by_audience(reading: Reading, keys: Sequence[tuple[str, str]]) -> str:
    return "；".join(f"{reading.outline.audience(key[0])[0]}{reading.shown(key)}" for key in keys)
