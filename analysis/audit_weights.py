"""Weights that printed means leave possible, by linear programming over their rounding intervals.

A mean printed to d decimals stands for an interval. A whole that is a weighted mean of its parts
is possible under weights w (none negative, sum 1) when, for every comparison, the lowest the
parts can make stays below the highest the whole can be, and the highest above the lowest:
sum(w * low) < whole_high and sum(w * high) > whole_low. That is exact, since each part takes any
value of its interval freely, and linear in w.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from analysis.audit_terms import (
    NO_GAP,
    Key,
    Outline,
    Row,
    Words,
    bounds,
    capital,
    disputed,
    places,
    plain,
    prints,
    shown,
)
from analysis.published import Interval, PublishedFigures
from indicators.system import ALL

TOUCH = 1e-7
"""Slack below which half-open intervals only touch, in points: the tolerance of the solver."""
DIGITS = 6
"""Decimals of a gap found by the solver, so that the same input gives the same bytes."""
ANY = (0.0, 10.0)
"""What an unprinted mean may be."""


@dataclass(frozen=True)
class Mixtures:
    """Comparisons of a whole with its parts.

    Parameters
    ----------
    part_low, part_high
        Shape (C, P): comparisons by parts, in points.
    whole_low, whole_high
        Shape (C,).
    """

    part_low: np.ndarray
    part_high: np.ndarray
    whole_low: np.ndarray
    whole_high: np.ndarray

    def only(self, rows: Sequence[int]) -> "Mixtures":
        """Return some of the comparisons."""
        at = list(rows)
        return Mixtures(
            self.part_low[at], self.part_high[at], self.whole_low[at], self.whole_high[at]
        )

    def excess(self) -> tuple[np.ndarray, float]:
        """Find the weights that come nearest to satisfying every comparison.

        Returns
        -------
        The weights, shape (P,), and by how many points the worst comparison is missed beyond
        rounding; below 0 where all are met with that much to spare.
        """
        n = self.part_low.shape[1]
        least = linprog(
            c=[*[0.0] * n, 1.0],
            A_ub=np.column_stack([self._left(), -np.ones(2 * len(self.whole_low))]),
            b_ub=self._right(),
            A_eq=[[*[1.0] * n, 0.0]],
            b_eq=[1.0],
            bounds=[*[(0.0, 1.0)] * n, (None, None)],
            method="highs",
        )
        return np.asarray(least.x[:n]), float(least.x[n])

    def possible(self) -> bool:
        """Tell whether one set of weights satisfies every comparison."""
        return self.excess()[1] < -TOUCH

    def range_of(self, cost: Sequence[float]) -> tuple[float, float]:
        """Return the least and the greatest of sum(cost * weights); only where possible."""
        ends = []
        for sign in (1.0, -1.0):
            best = linprog(
                c=sign * np.asarray(cost, dtype=float),
                A_ub=self._left(),
                b_ub=self._right(),
                A_eq=[[1.0] * len(cost)],
                b_eq=[1.0],
                bounds=(0.0, 1.0),
                method="highs",
            )
            ends.append(sign * float(best.fun))
        return ends[0], ends[1]

    def conflicts(self, most: int) -> list[tuple[int, ...]]:
        """Return the smallest sets of comparisons that no weights satisfy together.

        Parameters
        ----------
        most
            Largest set to try. By Helly's theorem P (weights of P parts lie in P - 1 dimensions)
            is enough.
        """
        for size in range(1, most + 1):
            found = [
                rows
                for rows in combinations(range(len(self.whole_low)), size)
                if not self.only(rows).possible()
            ]
            if found:
                return found
        return [tuple(range(len(self.whole_low)))]

    def _left(self) -> np.ndarray:
        return np.vstack([self.part_low, -self.part_high])

    def _right(self) -> np.ndarray:
        return np.concatenate([self.whole_high, -self.whole_low])


def mixtures(
    wholes: Sequence[Interval], parts: Sequence[Sequence[Interval | None]]
) -> Mixtures:
    """Lay comparisons out as arrays; a part that is not printed may be anything from 0 to 10."""
    ends = np.array(
        [[ANY if p is None else (float(p.low), float(p.high)) for p in row] for row in parts]
    )
    whole = np.array([(float(each.low), float(each.high)) for each in wholes])
    return Mixtures(ends[..., 0], ends[..., 1], whole[:, 0], whole[:, 1])


def one_audience_weight(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Find the audience weights that yield each printed overall mean, and one set for all.

    Indicators whose overall mean no weights yield are left to `mean_within_parts`, those whose
    overall mean is printed with two values to `same_figure_twice`.
    """
    values, printed, apart = bounds(figures), prints(figures), disputed(figures)
    audiences = list(outline.audiences)
    complete = [
        indicator
        for audience, indicator in printed
        if audience == ALL
        and (ALL, indicator) not in apart
        and all((each, indicator) in values for each in audiences)
    ]
    if len(audiences) < 2 or not complete:
        return []
    every = mixtures(
        [values[ALL, indicator] for indicator in complete],
        [[values[each, indicator] for each in audiences] for indicator in complete],
    )
    alone = [row for row in range(len(complete)) if every.only([row]).possible()]
    kept = [complete[row] for row in alone]
    feasible = every.only(alone)
    ranges = [_weight_ranges(feasible.only([row]), outline) for row in range(len(kept))]
    rows = []
    for indicator, (zh, en) in zip(kept, ranges, strict=True):
        where, _ = _where(figures, [(each, indicator) for each in (ALL, *audiences)])
        (name, name_en) = outline.label(indicator)
        rows.append(
            Row(
                "one-audience-weight", where, indicator, _prints_of(printed, indicator, outline),
                zh, NO_GAP, "consistent",
                f"{name}的总体均值可由各类对象的均值加权得出，权重须为：{zh}。",
                f"The overall mean of {name_en} can be a weighted mean of the audiences, with "
                f"weights of {en}.",
            )
        )  # fmt: skip
    if len(kept) < 2:
        return rows
    return [*rows, _common_weight(figures, outline, kept, feasible, ranges)]


def _common_weight(
    figures: PublishedFigures,
    outline: Outline,
    kept: list[str],
    feasible: Mixtures,
    ranges: list[Words],
) -> Row:
    """Say whether one set of audience weights serves every indicator in `kept`."""
    _, excess = feasible.excess()
    n = len(kept)

    def stands(at: Sequence[int]) -> str:
        return _where(figures, [(a, kept[i]) for i in at for a in (ALL, *outline.audiences)])[0]

    if excess < -TOUCH:
        zh, en = _weight_ranges(feasible, outline)
        return Row(
            "one-audience-weight", stands(range(n)), "all", "", zh, NO_GAP, "consistent",
            f"有一组对象权重可同时得出{n}项指标的总体均值：{zh}。",
            f"One set of audience weights yields the overall means of all {n} indicators: {en}.",
        )  # fmt: skip
    pair = feasible.conflicts(len(outline.audiences))[0]
    needs = [(outline.label(kept[row]), ranges[row]) for row in pair]
    zh = "，".join(f"{label}要求{need}" for (label, _), (need, _) in needs)
    en = ", ".join(f"{label} asks for {need}" for (_, label), (_, need) in needs)
    return Row(
        "one-audience-weight", stands(pair), ",".join(kept[row] for row in pair), "", zh,
        round(excess, DIGITS), "contradiction",
        f"若{n}项指标的总体均值均按同一组对象权重合成，则{zh}，不能并存；最接近的权重也有指标超出四舍五入范围{plain(excess, 3)}分。",
        f"If one set of audience weights made the overall means of all {n} indicators, they "
        f"exclude each other: {en}; the nearest weights miss by {plain(excess, 3)} points beyond "
        "rounding.",
    )  # fmt: skip


def _weight_ranges(feasible: Mixtures, outline: Outline) -> Words:
    """Write the range of each audience's weight, in percent."""
    parts = []
    names = list(outline.audiences.values())
    for at, name in enumerate(names if len(names) > 2 else names[:1]):
        low, high = feasible.range_of([float(i == at) for i in range(len(names))])
        parts.append((name, f"{plain(100 * low, 1)}%–{plain(100 * high, 1)}%"))
    zh = "、".join(f"{name}{text}" for (name, _), text in parts)
    return zh, ", ".join(f"{text} for {name}" for (_, name), text in parts)


def one_set_of_weights(figures: PublishedFigures, outline: Outline) -> list[Row]:
    """Ask of each indicator whether one set of weights of its children yields all its means.

    A child without a printed mean may have any from 0 to 10, another for every audience. Given
    enough weight it explains anything, so such an indicator is not checkable; the row tells how
    much weight the unprinted children need at least. A mean printed with two values is left to
    `same_figure_twice`.
    """
    values, printed, apart = bounds(figures), prints(figures), disputed(figures)
    rows = []
    for parent in outline.children:
        children = outline.core(parent)
        audiences = [
            each
            for each in (ALL, *outline.audiences)
            if (each, parent) in values and (each, parent) not in apart
        ]
        known = [c for c in children if any((each, c) in values for each in audiences)]
        if not known:
            continue
        (zh, en) = outline.label(parent)
        where, _ = _where(figures, [(a, c) for a in audiences for c in (parent, *children)])
        text = "；".join(
            f"{outline.audience(each)[0]}{shown(printed[each, parent])}" for each in audiences
        )
        if set(outline.children[parent]) & outline.bonus or len(audiences) < 2:
            rows.append(
                Row(
                    "one-set-of-weights", where, parent, text, "", NO_GAP, "not-checkable",
                    f"{zh}已公布的均值不足，无法核对各类对象是否用同一组权重。",
                    f"Too few means of {en} are printed to check its weights.",
                )
            )  # fmt: skip
            continue
        compared = mixtures(
            [values[each, parent] for each in audiences],
            [[values.get((each, child)) for child in children] for each in audiences],
        )
        gaps = [c for c in children if any((each, c) not in values for each in audiences)]
        _, excess = compared.excess()
        if gaps and excess < -TOUCH:
            rows.append(_gap_row(compared, outline, parent, gaps, where, text))
        elif excess < -TOUCH:
            rows.append(_weights_row(compared, outline, parent, where, text))
        else:
            rows.append(_no_weights(compared, outline, parent, audiences, where, text))
    return rows


def _gap_row(
    compared: Mixtures, outline: Outline, parent: str, gaps: list[str], where: str, text: str
) -> Row:
    children = outline.core(parent)
    least, _ = compared.range_of([float(child in gaps) for child in children])
    (zh, en), percent = outline.label(parent), f"{plain(100 * least, 1)}%"
    missing = "、".join(outline.label(c)[0] for c in gaps)
    missing_en = ", ".join(outline.label(c)[1] for c in gaps)
    return Row(
        "one-set-of-weights", where, parent, text, f"≥{percent}", NO_GAP, "not-checkable",
        f"{zh}的下级指标{missing}未全部公布，无法核对各类对象是否用同一组权重；其权重至少为{percent}时，所印各值可以并存。",
        f"Not all means of {missing_en} below {en} are printed, so the weights cannot be checked; "
        f"with at least {percent} of the weight there, all prints are possible.",
    )  # fmt: skip


def _weights_row(
    compared: Mixtures, outline: Outline, parent: str, where: str, text: str
) -> Row:
    zh_parts, en_parts = [], []
    children = outline.core(parent)
    for child in children:
        low, high = compared.range_of([float(c == child) for c in children])
        span = f"{plain(100 * low, 1)}%–{plain(100 * high, 1)}%"
        zh_parts.append(f"{outline.label(child)[0]}{span}")
        en_parts.append(f"{outline.label(child)[1]} {span}")
    (zh, en), ranges = outline.label(parent), "、".join(zh_parts)
    return Row(
        "one-set-of-weights", where, parent, text, ranges, NO_GAP, "consistent",
        f"有同一组权重可得出{zh}的各项均值，各下级指标的权重范围为：{ranges}。",
        f"One set of weights yields every mean of {en}; the ranges are {', '.join(en_parts)}.",
    )  # fmt: skip


def _no_weights(  # noqa: PLR0913
    compared: Mixtures,
    outline: Outline,
    parent: str,
    audiences: list[str],
    where: str,
    text: str,
) -> Row:
    weights, excess = compared.excess()
    (zh, en), children = outline.label(parent), outline.core(parent)
    clashes = compared.conflicts(len(children))
    sets_zh = "；".join("与".join(outline.audience(audiences[r])[0] for r in c) for c in clashes)
    sets_en = "; ".join(" and ".join(outline.audience(audiences[r])[1] for r in c) for c in clashes)
    named = list(zip([outline.label(c) for c in children], weights, strict=True))
    best = "、".join(f"{label}{plain(100 * w, 1)}%" for (label, _), w in named)
    best_en = ", ".join(f"{label} {plain(100 * w, 1)}%" for (_, label), w in named)
    return Row(
        "one-set-of-weights", where, parent, text, best, round(excess, DIGITS), "contradiction",
        f"没有任何一组权重能由下级指标的均值同时得出{zh}的各项均值（不能并存：{sets_zh}）；"
        f"最接近的权重（{best}）仍超出四舍五入范围{plain(excess, 3)}分。",
        f"No single set of weights yields the means of {en} (not together: {sets_en}); the "
        f"nearest ({best_en}) misses by {plain(excess, 3)} points beyond rounding.",
    )  # fmt: skip


def _where(figures: PublishedFigures, keys: Sequence[Key]) -> Words:
    printed = prints(figures)
    return places(
        where
        for key in keys
        for wheres in printed.get(key, {}).values()
        for where in wheres
    )


def _prints_of(
    printed: dict[Key, dict[str, list[str]]], indicator: str, outline: Outline
) -> str:
    return "；".join(
        f"{outline.audience(each)[0]}{shown(printed[each, indicator])}"
        for each in (ALL, *outline.audiences)
    )
