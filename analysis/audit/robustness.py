"""Robustness: what ranks owe to the method, to each indicator, and to chance."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np

from analysis.audit.evidence import Evidence
from analysis.audit.verdicts import Check, Row
from analysis.ranks.ranking import rank_scores
from analysis.uncertainty.bootstrap import EXACT
from analysis.uncertainty.leaf_tree import LeafTree

COMPENSABILITY = Check(
    "compensability",
    ("可补偿性", "compensability"),
    (
        "算术平均与几何平均互换后，名次平均变动不超过对象总数的5%；超过10%为不通过",
        "between the arithmetic and the geometric mean ranks move by 5 % of the units or less on "
        "average; more than 10 % fails",
    ),
    "OECD & JRC (2008), steps 6 and 7",
    (
        "名次取决于短板能否被长板抵消，报告应说明合成方法并附另一方法的名次",
        "ranks depend on whether strengths make up for weaknesses; say which mean is taken and "
        "show the ranks under the other",
    ),
    warn=0.05,
    fail=0.10,
)
RANGES = Check(
    "rank-range",
    ("方法变动下的名次区间", "rank ranges under other methods"),
    (
        "名次区间宽度的中位数不超过对象总数的10%；超过25%为不通过",
        "the median width of rank ranges is 10 % of the units or less; more than 25 % fails",
    ),
    "OECD & JRC (2008), step 7; Saisana, Saltelli & Tarantola (2005)",
    (
        "名次随方法明显变动，宜按等级或名次区间发布，不宜逐位排名",
        "ranks shift with the method; publish grades or ranges rather than single ranks",
    ),
    warn=0.10,
    fail=0.25,
)
IDLE = Check(
    "idle",
    ("对名次的作用", "effect on the ranks"),
    (
        "将某指标各对象得分设为相同，名次平均变动不低于对象总数的0.2%；低于0.05%为不通过",
        "with an indicator equal for all units, ranks move by 0.2 % of the units or more on "
        "average; less than 0.05 % fails",
    ),
    "OECD & JRC (2008), step 7; Paruolo, Saisana & Saltelli (2013)",
    (
        "该指标几乎不影响名次，可删去以减轻填报负担，或改进其区分度",
        "it hardly moves a rank; drop it and spare the collection, or make it tell units apart",
    ),
    warn=0.002,
    fail=0.0005,
)
NOISE = Check(
    "reliability",
    ("得分的信度", "reliability of scores"),
    (
        "对象之间的方差占得分方差的比例不低于0.8；低于0.7为不通过",
        "at least 0.8 of the variance of scores lies between units, not in sampling; below 0.7 "
        "fails",
    ),
    "Adams (2009), The Reliability of Provider Profiling",
    (
        "抽样误差过大，名次不稳：增加每个对象的记录数，或只发布等级",
        "sampling error is too large to rank by; collect more records, or publish grades only",
    ),
    warn=0.8,
    fail=0.7,
)


class RankRange(Protocol):
    """Ranks of the units with the range that they take under other methods, shape (U,).

    `analysis.uncertainty.method.MethodDraws` is one.
    """

    @property
    def rank(self) -> np.ndarray:
        """Rank as published, NaN without."""
        ...

    @property
    def low(self) -> np.ndarray:
        """The best of the range."""
        ...

    @property
    def high(self) -> np.ndarray:
        """The worst of the range."""
        ...


def check_compensability(evidence: Evidence) -> Iterator[Row]:
    """Check how far ranks move where indicators are averaged the other way.

    The other way is the geometric mean at every level above the lowest, or the arithmetic one
    where the total is a geometric mean already. As a geometric mean is 0 wherever a part is, the
    lowest scores are first drawn onto the scale from a hundredth of its top up.
    """
    tree = LeafTree.of(evidence.scores)
    other = "arithmetic" if evidence.tree.average[0] == "geometric" else "geometric"
    if len(evidence.leaves) < 2:
        return
    scale = evidence.tree.best
    weight = evidence.tree.weight[:, None].astype(float)
    raised = 0.01 * scale + 0.99 * evidence.values[:, evidence.leaves].T[:, :, None]
    changed = replace(
        tree, hierarchy=replace(tree.hierarchy, average=(other,) * len(tree.hierarchy.ids))
    )
    moved = _moved(evidence, changed.totals(weight, raised)[:, 0])
    if moved is None:
        return
    unit, places = _most(evidence, moved)
    share = float(np.nanmean(moved)) / np.count_nonzero(~np.isnan(moved))
    zh = {"arithmetic": "算术", "geometric": "几何"}[other]
    yield COMPENSABILITY.row(
        "total",
        share,
        (
            f"改用{zh}平均，名次平均变动{np.nanmean(moved):.1f}位，最多{places}位（{unit}）",
            f"under the {other} mean ranks move by {np.nanmean(moved):.1f} places on average, "
            f"{places} at most ({unit})",
        ),
    )


def check_ranges(evidence: Evidence, ranks: RankRange | None) -> Iterator[Row]:
    """Check the width of the ranges that ranks take under other methods."""
    if ranks is None:
        return
    width = np.asarray(ranks.high, float) - np.asarray(ranks.low, float)
    n = int(np.count_nonzero(~np.isnan(width)))
    if n < 2:
        return
    outside = int(((ranks.rank < ranks.low) | (ranks.rank > ranks.high)).sum())
    unit, places = _most(evidence, width)
    middle = float(np.nanmedian(width))
    zh = f"名次区间宽度中位数{middle:.0f}位，最宽{places}位（{unit}）"
    en = f"half of the ranges are {middle:.0f} places wide or less, the widest {places} ({unit})"
    if outside:
        zh += f"，{outside}个对象的公布名次在区间之外"
        en += f"; {outside} published ranks lie outside theirs"
    yield RANGES.row("total", middle / n, (zh, en))


def check_idle(evidence: Evidence) -> Iterator[Row]:
    """Check how far ranks move where an indicator is the same for every unit.

    Every indicator without children is set to its mean for all units that have it, one at a time;
    nothing else changes, weights and coverage least of all.
    """
    leaves = len(evidence.leaves)
    plain = evidence.values[:, evidence.leaves].T
    if leaves < 2 or np.isnan(plain).all():
        return
    mean = np.repeat(plain[:, :, None], leaves, axis=2)
    for at, values in enumerate(plain):
        if not np.isnan(values).all():
            mean[at, :, at] = np.where(np.isnan(values), np.nan, np.nanmean(values))
    weight = evidence.tree.weight[:, None].astype(float)
    totals = LeafTree.of(evidence.scores).totals(weight, mean)
    for leaf, total in zip(evidence.leaves, totals.T, strict=True):
        moved = _moved(evidence, total)
        if moved is None:
            return
        zh, en = evidence.labels[leaf]
        places = float(np.nanmean(moved))
        yield IDLE.row(
            evidence.tree.ids[leaf],
            places / np.count_nonzero(~np.isnan(moved)),
            (
                f"若各对象{zh}相同，名次平均变动{places:.2f}位",
                f"with {en} equal for all, ranks move by {places:.2f} places on average",
            ),
        )


def check_reliability(evidence: Evidence) -> Iterator[Row]:
    """Check how much of the variance of the total and of level 1 lies between the units.

    The reliability is 1 less the mean squared standard error over the variance of the scores.
    Where nothing was sampled there is nothing to check.
    """
    se = evidence.scores.se[:, -1]
    for node in np.flatnonzero((evidence.tree.depth <= 1) & ~evidence.extra):
        values, error = evidence.values[:, node], se[:, node]
        there = ~(np.isnan(values) | np.isnan(error))
        if there.sum() < 3 or not (error[there] > EXACT * evidence.tree.best).any():
            continue
        spread, noise = values[there].var(ddof=1), float((error[there] ** 2).mean())
        value = max(1 - noise / spread, 0.0) if spread > 0 else 0.0
        zh, en = evidence.labels[node]
        yield NOISE.row(
            evidence.tree.ids[node],
            value,
            (f"{zh}信度{value:.2f}", f"reliability of {en}: {value:.2f}"),
        )


def _moved(evidence: Evidence, total: np.ndarray) -> np.ndarray | None:
    """Return how many places each unit moves, NaN without a score; None below three units."""
    plain = evidence.values[:, 0]
    both = ~(np.isnan(plain) | np.isnan(total))
    if both.sum() < 3:
        return None
    before, after = (rank_scores(np.where(both, each, np.nan)) for each in (plain, total))
    return np.abs(after - before)


def _most(evidence: Evidence, places: np.ndarray) -> tuple[str, int]:
    at = int(np.nanargmax(places))
    return evidence.scores.units[at], int(places[at])
