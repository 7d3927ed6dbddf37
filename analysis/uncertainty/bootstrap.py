"""Sampling uncertainty: a stratified bootstrap of the records within each unit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indicators.aggregate import roll_up
from indicators.measure import PointsTable
from indicators.scores import Scores
from survey.findings import Finding, Severity

BLOCK = 8
"""Units resampled together: bounds the memory to some tens of megabytes."""
EXACT = 1e-6
"""A standard error below this share of the scale is the rounding of draws in single precision."""


@dataclass(frozen=True)
class Draws:
    """What the bootstrap says of every score, and the draws of the total.

    Parameters
    ----------
    total
        The overall total in each draw, shape (B, U); NaN where a draw had too little data.
    se, low, high
        Standard error and percentile interval of every score, shape (U, A + 1, N).
    replicates, level, seed
        Number of draws B, level of the interval (0.95), and the seed.
    """

    total: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    replicates: int
    level: float
    seed: int


def bootstrap(
    scores: Scores,
    *,
    replicates: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> tuple[Draws, tuple[Finding, ...]]:
    """Resample the records of each unit within their strata and score every draw anew.

    Parameters
    ----------
    scores
        Scores with the points of every record.
    replicates
        Draws B.
    level
        Level of the percentile intervals.
    seed
        The same seed gives the same draws.
    progress
        Called with the number of units just done.

    Returns
    -------
    draws
        `Draws`.
    findings
        A warning for strata with a single record, whose variance cannot be seen, and a note
        for draws without a total.

    Notes
    -----
    A stratum is a unit's records of one audience and scenario (calls), of one audience
    (responses), or all of them (cases). From a stratum of n records n - 1 are drawn with
    replacement and weighted by n / (n - 1), which makes the variance of a mean unbiased for any
    n >= 2 (Rao and Wu 1988, JASA 83:231-241, with m = n - 1). Weights that a system takes from the
    data are those of all records in every draw; figures on whole units are the same in every draw.
    """
    units, shape = len(scores.units), scores.score.shape[1:]
    total = np.full((replicates, units), np.nan)
    se, low, high = (np.full((units, *shape), np.nan) for _ in range(3))
    seeds = np.random.SeedSequence(seed).spawn(units)
    tail = (1 - level) / 2
    rows = [_rows_by_unit(table, units) for table in scores.points]

    def run(block: np.ndarray) -> None:
        means = np.full(
            (shape[0], len(scores.hierarchy.items), len(block), replicates), np.nan, np.float32
        )
        for position, unit in enumerate(block):
            random = np.random.default_rng(seeds[unit])
            for table, of_unit in zip(scores.points, rows, strict=True):
                _draw_means(table, of_unit[unit], random, means[:, :, position])
        drawn = roll_up(
            scores.hierarchy,
            means,
            applies=scores.items.applies[:, :, block, None],
            observed=scores.items.observed[:, :, block, None],
        ).score
        total[:, block] = drawn[-1, 0].T
        of_block = np.moveaxis(drawn, 2, 0)
        there = ~np.isnan(scores.score[block])
        summary = _summarise(of_block[there], tail)
        for figure, values in zip((se, low, high), summary, strict=True):
            figure[block] = _placed(there, values)

    def exact(figure: np.ndarray) -> np.ndarray:
        return np.where(se < EXACT * scores.hierarchy.best, scores.score, figure)

    blocks = [np.arange(start, min(start + BLOCK, units)) for start in range(0, units, BLOCK)]
    for block in blocks:
        run(block)
        if progress:
            progress(len(block))
    draws = Draws(total, se, exact(low), exact(high), replicates, level, seed)
    return draws, _findings(scores, draws)


def _rows_by_unit(table: PointsTable, units: int) -> list[np.ndarray]:
    order = np.lexsort((table.stratum, table.unit))
    edges = np.searchsorted(table.unit[order], np.arange(units + 1))
    return [order[edges[u] : edges[u + 1]] for u in range(units)]


def _draw_means(
    table: PointsTable, rows: np.ndarray, random: np.random.Generator, means: np.ndarray
) -> None:
    """Write the item means of every draw of one unit into `means`, shape (A + 1, I, B)."""
    if not rows.size:
        return
    sizes = np.unique(table.stratum[rows], return_counts=True)[1]
    counted = _resample(sizes, means.shape[-1], random)
    counted *= table.weight[rows, None].astype(np.float32)
    points = table.points[rows].T.astype(np.float32)
    there = ~np.isnan(points)
    filled = np.where(there, points, np.float32(0))
    audience = np.where(table.audience[rows] < 0, len(means) - 1, table.audience[rows])
    for code in np.unique(audience):
        own = audience == code
        weight = there[:, own].astype(np.float32) @ counted[own]
        with np.errstate(invalid="ignore", divide="ignore"):
            means[code, table.items] = (filled[:, own] @ counted[own]) / weight


def _resample(sizes: np.ndarray, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Return how much each record of consecutive strata counts in each draw, shape (n, B)."""
    counted = np.ones((sizes.sum(), replicates), dtype=np.float32)
    start = 0
    for size in sizes:
        if size > 1:
            drawn = random.integers(0, size, (size - 1, replicates), dtype=np.int32)
            drawn *= replicates
            drawn += np.arange(replicates, dtype=np.int32)
            counts = np.bincount(drawn.ravel(), minlength=replicates * size)
            counted[start : start + size] = counts.reshape(size, replicates) * (size / (size - 1))
        start += size
    return counted


def _summarise(cells: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return standard error, lower and upper quantile of each row of draws, shape (cells,)."""
    whole = ~np.isnan(cells).any(axis=1)
    figures = np.full((3, len(cells)), np.nan)
    n = cells.shape[1]
    figures[0, whole] = cells[whole].std(axis=1, ddof=1)
    places = (tail * (n - 1), (1 - tail) * (n - 1))
    needed = sorted({k for place in places for k in (int(place), min(int(place) + 1, n - 1))})
    ordered = np.partition(cells[whole], needed, axis=1)
    for figure, place in zip(figures[1:], places, strict=True):
        below, above = ordered[:, int(place)], ordered[:, min(int(place) + 1, n - 1)]
        figure[whole] = below + (above - below) * (place - int(place))
    for row in np.flatnonzero(~whole):
        draws = cells[row][~np.isnan(cells[row])]
        if len(draws) > 1:
            figures[:, row] = draws.std(ddof=1), *np.quantile(draws, [tail, 1 - tail])
    return figures[0], figures[1], figures[2]


def _placed(there: np.ndarray, values: np.ndarray) -> np.ndarray:
    full = np.full(there.shape, np.nan)
    full[there] = values
    return full


def _findings(scores: Scores, draws: Draws) -> tuple[Finding, ...]:
    found = []
    for table in (table for table in scores.points if table.sampled):
        sizes = np.bincount(table.stratum)
        if single := int((sizes == 1).sum()):
            found.append(
                Finding(
                    "single-record-stratum",
                    Severity.WARNING,
                    column=table.table,
                    expected="two records or more in a stratum",
                    got=f"{single} strata with one",
                    hint="their share of the standard error is counted as zero",
                    count=single,
                )
            )
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
