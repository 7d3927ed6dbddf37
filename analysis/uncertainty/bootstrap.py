"""Sampling uncertainty: a bootstrap of the records of each unit, and of who made them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.threads import side_by_side
from analysis.uncertainty.clusters import Clusters, sampled_clusters
from analysis.uncertainty.degrees import stretch
from analysis.uncertainty.leaf_tree import leaf_indices
from analysis.uncertainty.linearised import linearised_variances
from indicators.aggregate import roll_up
from indicators.hierarchy import Hierarchy
from indicators.scores import Scores
from survey.findings import Finding, Severity

BLOCK = 16_000
"""Draws made together, of one unit or several: bounds the memory to some tens of megabytes."""
FEW = 40
"""PSUs that are counted faster by comparing all draws with each."""
EXACT = 1e-6
"""A standard error below this share of the scale is the rounding of draws in single precision."""


@dataclass(frozen=True)
class Draws:
    """What the bootstrap says of every score, and the draws of the total.

    Parameters
    ----------
    total
        The overall total in each draw, shape (B, U); NaN where a draw had too little data.
    leaves
        The score of each leaf over all audiences in each draw, in the order of their index in the
        hierarchy, shape (L, U, B); single precision.
    se, degrees, low, high
        Standard error, its degrees of freedom, and interval of every score, shape (U, A + 1, N).
    replicates, level, seed
        Number of draws B, level of the interval (0.95), and the seed.
    shoppers
        Whether who made the calls is a source of the uncertainty, beside the records.
    """

    total: np.ndarray
    leaves: np.ndarray
    se: np.ndarray
    degrees: np.ndarray
    low: np.ndarray
    high: np.ndarray
    replicates: int
    level: float
    seed: int
    shoppers: bool


def bootstrap(
    scores: Scores,
    *,
    replicates: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    shopper_seed: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Draws, tuple[Finding, ...]]:
    """Resample the records of each unit within strata, deal the calls anew, and score every draw.

    Parameters
    ----------
    scores
        Scores with the points of every record.
    replicates
        Draws B.
    level
        Level of the intervals.
    seed, shopper_seed
        The same seed gives the same draws of records, the same `shopper_seed` (by default `seed`)
        the same dealings of calls to shoppers; each source can be held while the other changes.
    progress
        Called with the number of units just done.

    Returns
    -------
    draws
        `Draws`.
    findings
        What is known of shoppers (`analysis.uncertainty.shoppers`) and of records that stand alone
        (`analysis.uncertainty.clusters`), and a note for draws without a total.

    Notes
    -----
    *Records.* A stratum is a unit's records of one audience and scenario (calls), of one audience
    (responses), of one kind (cases). Within it the calls of one shopper are one primary sampling
    unit, PSU; else every record is. From a stratum of n PSUs n - 1 are drawn with replacement and
    weighted by n / (n - 1), which makes the variance of a mean unbiased for any n >= 2 (Rao and Wu
    1988, JASA 83:231-241, with m = n - 1). A lone PSU takes a deviation from elsewhere, and stays
    within the scale.
    *Shoppers.* Records are resampled with their points freed of the shopper's lift; then each
    item mean gets the lifts back that it had, plus those of the shoppers permuted, by the shares
    that shoppers have in it. So draws centre on the score; each source is counted once; and
    units that share shoppers move together.
    *Intervals.* Percentiles of the draws, their distance from the score stretched by the quantile
    of Student's t, with the degrees of freedom of `linearised_variances`, over that of the normal
    distribution: with few records percentiles alone are too narrow (Hesterberg 2015, The American
    Statistician 69:371-386; he takes percentiles further out, which with some thousand draws would
    rest on a handful of them).
    Weights that a system takes from the data are those of all records in every draw; figures on
    whole units are the same in every draw. The order of the records in their files plays no role.
    """
    units, shape = len(scores.units), scores.score.shape[1:]
    tree = scores.hierarchy
    at_leaf = leaf_indices(tree)
    total = np.full((replicates, units), np.nan)
    leaves = np.full((len(at_leaf), units, replicates), np.nan, np.float32)
    se, low, high = (np.full((units, *shape), np.nan) for _ in range(3))
    tables, found = sampled_clusters(scores)
    both = seed, seed if shopper_seed is None else shopper_seed
    resampler = _Resampler.of(scores, tables, replicates, both)
    tail = (1 - level) / 2

    def draw(block: np.ndarray) -> int:
        drawn = roll_up(
            tree,
            resampler.means(block),
            applies=scores.items.applies[:, :, block, None],
            observed=scores.items.observed[:, :, block, None],
        ).score
        total[:, block], leaves[:, block] = drawn[-1, 0].T, drawn[-1, at_leaf]
        there = ~np.isnan(scores.score[block])
        summary = _summarise(np.moveaxis(drawn, 2, 0)[there], tail)
        for figure, values in zip((se, low, high), summary, strict=True):
            figure[block] = _placed(there, values)
        return len(block)

    for done in side_by_side(draw, _blocks(units, replicates)):
        if progress:
            progress(done)
    degrees = linearised_variances(scores, tables).degrees
    by = stretch(degrees, level)
    exact = se < EXACT * tree.best

    def limit(quantile: np.ndarray, outer: np.ufunc) -> np.ndarray:
        wider = outer(quantile, scores.score + (quantile - scores.score) * by)
        return np.where(exact, scores.score, np.clip(wider, 0, tree.best))

    low, high = limit(low, np.minimum), limit(high, np.maximum)
    shoppers = any(clusters.shoppers is not None for clusters in tables)
    draws = Draws(total, leaves, se, degrees, low, high, replicates, level, seed, shoppers)
    return draws, (*found, *_findings(scores, draws))


def leaf_draws(
    scores: Scores,
    tables: tuple[Clusters, ...],
    *,
    replicates: int,
    seed: int,
    shopper_seeds: Sequence[int],
) -> tuple[np.ndarray, ...]:
    """Return the leaves of `bootstrap` for one draw of the records and several of the shoppers.

    Parameters
    ----------
    scores, replicates, seed
        As for `bootstrap`.
    tables
        The PSUs of the scores (`analysis.uncertainty.clusters.sampled_clusters`).
    shopper_seeds
        Each makes its own dealings of calls to shoppers.

    Returns
    -------
    `Draws.leaves` by shopper seed, shape (L, U, B); the same array where shoppers play no part.
    """
    resamplers = [_Resampler.of(scores, tables, replicates, (seed, each)) for each in shopper_seeds]
    if all(clusters.shoppers is None for clusters in tables):
        resamplers = resamplers[:1]
    leaves, items = _leaves_only(scores.hierarchy), scores.items

    def draw(block: np.ndarray) -> np.ndarray:
        means = resamplers[0].of_records(block)
        drawn = [
            roll_up(
                leaves,
                resampler.with_shoppers(means, block),
                applies=items.applies[:, :, block, None],
                observed=items.observed[:, :, block, None],
            ).score[-1]
            for resampler in resamplers
        ]
        return np.stack(drawn)

    blocks = _blocks(len(scores.units), replicates)
    drawn = np.concatenate(list(side_by_side(draw, blocks)), axis=2)
    return tuple(drawn) * (len(shopper_seeds) if len(drawn) == 1 else 1)


def _blocks(units: int, replicates: int) -> list[np.ndarray]:
    """Part units into consecutive blocks of about `BLOCK` draws."""
    size = max(BLOCK // replicates, 1)
    return [np.arange(start, min(start + size, units)) for start in range(0, units, size)]


def _leaves_only(tree: Hierarchy) -> Hierarchy:
    """Return the leaves of a tree as a tree without anything above them."""
    leaves = leaf_indices(tree)
    return replace(
        tree,
        ids=tuple(tree.ids[leaf] for leaf in leaves),
        parent=np.full(len(leaves), -1),
        depth=tree.depth[leaves],
        weight=tree.weight[leaves],
        bonus=tree.bonus[leaves],
        minimum_coverage=tree.minimum_coverage[leaves],
        average=tuple(tree.average[leaf] for leaf in leaves),
        missing=tuple(tree.missing[leaf] for leaf in leaves),
        item_leaf=np.searchsorted(leaves, tree.item_leaf),
    )


@dataclass(frozen=True)
class _Resampler:
    """Draws item means, block by block of units.

    Parameters
    ----------
    scores, tables, replicates
        What is resampled, and how often.
    rows
        Where the PSUs of each unit lie, by table.
    seeds
        Of the records of each unit.
    lifts
        By table: what is added to the points of each shopper's calls in each draw, the lift they
        had and the one they are dealt; shape (I, J, B), None where shoppers are left out.
    """

    scores: Scores
    tables: tuple[Clusters, ...]
    replicates: int
    rows: list[list[slice]]
    seeds: list[np.random.SeedSequence]
    lifts: list[np.ndarray | None]

    @classmethod
    def of(
        cls,
        scores: Scores,
        tables: tuple[Clusters, ...],
        replicates: int,
        seeds: tuple[int, int],
    ) -> "_Resampler":
        units = len(scores.units)
        lifts = [
            None
            if each.shoppers is None
            else each.shoppers.dealt(replicates, seeds[1], each.sample.table)
            + each.shoppers.lift.T[:, :, None].astype(np.float32)
            for each in tables
        ]
        rows = [clusters.rows_of(units) for clusters in tables]
        of_units = np.random.SeedSequence(seeds[0]).spawn(units)
        return cls(scores, tables, replicates, rows, of_units, lifts)

    def means(self, block: np.ndarray) -> np.ndarray:
        """Return the item means of every draw of consecutive units, shape (A + 1, I, units, B)."""
        return self.with_shoppers(self.of_records(block), block)

    def of_records(self, block: np.ndarray) -> np.ndarray:
        """Return the item means freed of the lifts of shoppers; shape as `means`."""
        scores, best = self.scores, self.scores.hierarchy.best
        means = np.repeat(
            scores.items.mean[:, :, block, None].astype(np.float32), self.replicates, axis=3
        )
        for position, unit in enumerate(block):
            random = np.random.default_rng(self.seeds[unit])
            for clusters, rows in zip(self.tables, self.rows, strict=True):
                _draw_means(clusters, rows[unit], random, means[:, :, position], best)
        return means

    def with_shoppers(self, means: np.ndarray, block: np.ndarray) -> np.ndarray:
        """Return item means with the lifts of shoppers, within the scale."""
        lifted = means.copy()
        for clusters, lift in zip(self.tables, self.lifts, strict=True):
            if lift is not None:
                _add_lifts(clusters, lift, block, lifted)
        return np.clip(lifted, 0, np.float32(self.scores.hierarchy.best), out=lifted)


def _draw_means(
    clusters: Clusters, rows: slice, random: np.random.Generator, means: np.ndarray, best: float
) -> None:
    """Write the item means of every draw of one unit into `means`, shape (A + 1, I, B)."""
    if rows.start == rows.stop:
        return
    items, replicates = clusters.sample.items, means.shape[-1]
    starts = np.flatnonzero(np.diff(clusters.stratum[rows], prepend=-1))
    sizes = np.diff(starts, append=rows.stop - rows.start)
    counted = _resample(sizes, replicates, random)
    top, base = (each[rows].T.astype(np.float32) for each in (clusters.top, clusters.base))
    audience, pool = clusters.audience[rows] % len(means), clusters.pool[rows]
    for code in range(len(means)):
        own = audience == code
        if not own.any():
            continue
        tops = top[:, own] @ counted[own]
        for lone in np.flatnonzero(own & (pool >= 0)):
            donors = clusters.pools[pool[lone]]
            drawn = donors[random.integers(0, len(donors), replicates)].T
            weight = np.where(clusters.borrows[rows][lone], base[:, lone], 0)[:, None]
            moved = _held_to_scale(drawn, top[:, lone], base[:, lone], best)
            tops += counted[lone] * weight * moved
        with np.errstate(invalid="ignore", divide="ignore"):
            means[code, items] = tops / (base[:, own] @ counted[own])


def _resample(sizes: np.ndarray, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Return how much each PSU of consecutive strata counts in each draw, shape (n, B)."""
    counted = np.ones((sizes.sum(), replicates), dtype=np.float32)
    start = 0
    for size in sizes:
        if size > 1:
            drawn = random.integers(0, size, (size - 1, replicates), dtype=np.int32)
            counted[start : start + size] = count_draws(drawn, size) * (size / (size - 1))
        start += size
    return counted


def count_draws(drawn: np.ndarray, size: int) -> np.ndarray:
    """Count how often each of `size` PSUs is in each column of draws, shape (size, B)."""
    if size <= FEW:
        drawn = drawn.astype(np.uint8)
        same = drawn == np.arange(size, dtype=np.uint8)[:, None, None]
        return same.view(np.uint8).sum(axis=1, dtype=np.uint8)
    replicates = drawn.shape[1]
    cell = drawn * replicates + np.arange(replicates, dtype=np.int32)
    return np.bincount(cell.ravel(), minlength=replicates * size).reshape(size, replicates)


def _held_to_scale(
    deviations: np.ndarray, top: np.ndarray, base: np.ndarray, best: float
) -> np.ndarray:
    """Cut deviations, shape (I, B), so that a PSU that takes them stays within the scale."""
    value = (top / np.where(base > 0, base, 1))[:, None]
    held = np.clip(value + deviations, np.minimum(value, 0), np.maximum(value, best))
    return held - value


def _add_lifts(clusters: Clusters, lift: np.ndarray, block: np.ndarray, means: np.ndarray) -> None:
    """Add the lifts of shoppers to the item means of a block, shape (A + 1, I, units, B)."""
    share = clusters.shares(block, len(means) - 1).astype(np.float32)
    for at, item in enumerate(clusters.sample.items):
        if lift[at].any():
            means[:, item] += share[..., at] @ lift[at]


def _summarise(cells: np.ndarray, tail: float) -> np.ndarray:
    """Return standard error, lower and upper quantile of each row of draws, shape (3, cells)."""
    there = ~np.isnan(cells)
    count = there.sum(axis=1)
    figures = np.full((3, len(cells)), np.nan)
    whole, known = count == cells.shape[1], count > 1
    torn = known & ~whole
    figures[0, whole] = cells[whole].std(axis=1, ddof=1)
    figures[0, torn] = np.nanstd(cells[torn], axis=1, ddof=1)
    figures[1:, known] = _quantiles(np.sort(cells[known], axis=1), count[known] - 1, tail)
    return figures


def _quantiles(ordered: np.ndarray, last: np.ndarray, tail: float) -> list[np.ndarray]:
    """Return the lower and the upper quantile of ordered rows that end at `last`."""
    found = []
    for share in (tail, 1 - tail):
        place = share * last[:, None]
        under = place.astype(int)
        over = np.minimum(under + 1, last[:, None])
        below, above = (np.take_along_axis(ordered, at, axis=1) for at in (under, over))
        found.append((below + (above - below) * (place - under))[:, 0])
    return found


def _placed(there: np.ndarray, values: np.ndarray) -> np.ndarray:
    full = np.full(there.shape, np.nan)
    full[there] = values
    return full


def _findings(scores: Scores, draws: Draws) -> tuple[Finding, ...]:
    found = []
    exact = [table.table for table in scores.points if not table.sampled]
    if exact:
        found.append(
            Finding(
                "no-sampling-error",
                Severity.NOTE,
                column=", ".join(exact),
                got="figures on whole units, taken as exact",
                hint="intervals tell of the sampling of records only",
                count=len(exact),
            )
        )
    ranked = ~np.isnan(scores.score[:, -1, 0])
    if lost := int(np.isnan(draws.total[:, ranked]).sum()):
        found.append(
            Finding(
                "draws-without-total",
                Severity.NOTE,
                expected="a total in every draw",
                got=f"{lost} of {draws.replicates * int(ranked.sum())} draws without",
                hint="left out of intervals and grade probabilities",
                count=lost,
            )
        )
    return tuple(found)
