"""Agreement: Krippendorff's alpha of what several people coded."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from analysis.audit.evidence import FEWEST, Evidence, quoted
from analysis.audit.verdicts import Check, Row
from indicators.measure import PointsTable
from indicators.nodes import Item
from survey.contracts import CONTRACTS

Measurement = Literal["nominal", "ordinal", "interval", "ratio"]
CODED = {"calls": "recording", "inspections": "recording", "cases": "case_id"}
"""Tables that people code, with the column that several codings of one thing share."""
BLOCK = 100
"""Draws computed together."""
AGREEMENT = Check(
    "agreement",
    ("编码员信度", "agreement of coders"),
    (
        "重复编码的克里彭多夫α不低于0.8；低于0.667为不通过",
        "Krippendorff's alpha of double-coded records at least 0.8; below 0.667 fails",
    ),
    "Krippendorff (2004), Content Analysis, 2nd ed.; Hayes & Krippendorff (2007)",
    (
        "抽取一成以上记录由两人独立编码；信度偏低的，完善编码手册并重新培训",
        "have a tenth of the records coded by two people; where they disagree, mend the code book "
        "and train again",
    ),
    warn=0.8,
    fail=0.667,
)


def krippendorff_alpha(ratings: np.ndarray, measurement: Measurement = "nominal") -> float:
    """Return Krippendorff's alpha.

    Parameters
    ----------
    ratings
        Shape (units, coders), NaN where a coder did not code a unit. Who coded what does not
        matter, so the columns may be in any order within a unit.
    measurement
        How far two values are apart: ``nominal``, ``ordinal``, ``interval`` or ``ratio`` (values
        of 0 or more).

    Returns
    -------
    1 for perfect agreement, 0 for what chance would give, below 0 for less; NaN where no unit was
    coded twice or all values are equal.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    pairs = _Pairs.of(ratings)
    return float(pairs.alpha(np.ones((1, pairs.units)), measurement)[0])


def alpha_interval(
    ratings: np.ndarray,
    measurement: Measurement = "nominal",
    *,
    replicates: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return a percentile interval of Krippendorff's alpha.

    Parameters
    ----------
    ratings, measurement
        As for `krippendorff_alpha`.
    replicates, level, seed
        Draws of the units that were coded twice, level of the interval, and seed.

    Returns
    -------
    Lower and upper limit; NaN where alpha is.

    Notes
    -----
    Units are drawn with replacement, with all their values, as Zapf et al. (2016), BMC Medical
    Research Methodology 16:93, recommend over the algorithm of Hayes and Krippendorff (2007).
    Draws in which all values are equal have no alpha and are left out.
    """
    pairs = _Pairs.of(ratings)
    if not pairs.units:
        return np.nan, np.nan
    chance = np.full(pairs.units, 1 / pairs.units)
    counts = np.random.default_rng(seed).multinomial(pairs.units, chance, replicates)
    blocks = [
        pairs.alpha(counts[at : at + BLOCK].astype(float), measurement)
        for at in range(0, replicates, BLOCK)
    ]
    drawn = np.concatenate(blocks)
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return np.nan, np.nan
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


class _Pairs:
    """The values of units coded twice or more, and every pair of values within a unit."""

    def __init__(self, unit: np.ndarray, value: np.ndarray) -> None:
        self.values, code = np.unique(value, return_inverse=True)
        owner = np.unique(unit, return_inverse=True)[1]
        sizes = np.bincount(owner)
        self.units = len(sizes)
        self.counts = np.zeros((self.units, len(self.values)))
        np.add.at(self.counts, (owner, code), 1)
        order = np.argsort(owner, kind="stable")
        starts = np.cumsum(sizes) - sizes
        first, second = [], []
        for start, size in zip(starts, sizes, strict=True):
            members = order[start : start + size]
            grid = np.repeat(members, size), np.tile(members, size)
            apart = grid[0] != grid[1]
            first.append(grid[0][apart])
            second.append(grid[1][apart])
        one, other = (np.concatenate([np.empty(0, int), *part]) for part in (first, second))
        self.owner, self.first, self.second = owner[one], code[one], code[other]
        self.weight = 1 / (sizes[self.owner] - 1)

    @classmethod
    def of(cls, ratings: np.ndarray) -> "_Pairs":
        there = ~np.isnan(ratings)
        there &= there.sum(axis=1, keepdims=True) > 1
        unit, coder = np.nonzero(there)
        return cls(unit, ratings[unit, coder])

    def alpha(self, counted: np.ndarray, measurement: Measurement) -> np.ndarray:
        """Return alpha where each unit counts so often; from shape (B, units) to (B,)."""
        n = counted @ self.counts
        total = n.sum(axis=1)
        weight = counted[:, self.owner] * self.weight
        if measurement in ("nominal", "ratio"):
            apart = _squared_difference(self.values, measurement)
            observed = weight @ apart[self.first, self.second]
            expected = ((n @ apart) * n).sum(axis=1)
        else:
            place = np.broadcast_to(self.values, n.shape)
            if measurement == "ordinal":
                place = np.cumsum(n, axis=1) - n / 2
            gap = place[:, self.first] - place[:, self.second]
            observed = (weight * gap**2).sum(axis=1)
            middle = (n * place).sum(axis=1, keepdims=True) / np.maximum(total, 1)[:, None]
            expected = 2 * total * (n * (place - middle) ** 2).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(expected > 0, 1 - (total - 1) * observed / expected, np.nan)


def _squared_difference(values: np.ndarray, measurement: Measurement) -> np.ndarray:
    one, other = values[:, None], values[None]
    if measurement == "nominal":
        return (one != other).astype(float)
    if (values < 0).any():
        raise ValueError("ratio: values of 0 or more")
    added = one + other
    return np.divide(one - other, added, out=np.zeros_like(added), where=added > 0) ** 2


def check_agreement(evidence: Evidence) -> Iterator[Row]:
    """Check the points that several codings of one call, inspection or case got.

    Alpha is that of interval data: points enter averages, so it is their differences that matter.
    A table that people code without any double coding is a warning.
    """
    for table in evidence.scores.points:
        column = CODED.get(table.table)
        if column is None:
            continue
        ratings = double_codings(table, column)
        if not len(ratings):
            contract = CONTRACTS[table.table]
            found = (
                f"{contract.zh}没有重复编码，信度无从检验",
                f"{contract.en}: none was coded twice, so agreement is unknown",
            )
            yield AGREEMENT.row(table.table, np.nan, found)
            continue
        for at, points in zip(table.items, np.moveaxis(ratings, 2, 0), strict=True):
            yield _of_item(evidence, evidence.items[at], points)


def _of_item(evidence: Evidence, item: Item, points: np.ndarray) -> Row:
    zh, en = quoted(item.zh, item.en)
    twice = int(((~np.isnan(points)).sum(axis=1) > 1).sum())
    zh, en = f"{zh}重复编码{twice}条", f"{en}: {twice} coded twice"
    if twice < FEWEST:
        return AGREEMENT.row(item.id, np.nan, (f"{zh}，数量过少", f"{en}, which is too few"))
    value = krippendorff_alpha(points, "interval")
    if np.isnan(value):
        alike = f"{zh}，评分全部相同，α无法计算", f"{en}, all alike, so alpha is undefined"
        return AGREEMENT.row(item.id, value, alike)
    low, high = alpha_interval(points, "interval", level=evidence.level, seed=evidence.seed)
    found = (
        f"{zh}，α={value:.2f}（{low:.2f}至{high:.2f}）",
        f"{en}, alpha {value:.2f} ({low:.2f} to {high:.2f})",
    )
    return AGREEMENT.row(item.id, value, found)


def double_codings(table: PointsTable, column: str) -> np.ndarray:
    """Return the points of what was coded twice or more.

    Parameters
    ----------
    table
        Points of records.
    column
        The column that several codings of one thing share; a blank is a coding by itself.

    Returns
    -------
    Shape (things, codings, items), NaN where there are fewer codings.
    """
    items = table.points.shape[1]
    if column not in table.frame:
        return np.empty((0, 0, items))
    shared = table.frame[column].reset_index(drop=True)
    rows = np.flatnonzero((shared.notna() & shared.duplicated(keep=False)).to_numpy())
    thing, _ = pd.factorize(shared.iloc[rows], sort=True)
    coding = pd.Series(thing).groupby(thing).cumcount().to_numpy()
    if not rows.size:
        return np.empty((0, 0, items))
    ratings = np.full((thing.max() + 1, coding.max() + 1, items), np.nan)
    ratings[thing, coding] = table.points[rows]
    return ratings
