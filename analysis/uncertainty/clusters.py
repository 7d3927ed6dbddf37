"""Sums of points over primary sampling units (PSUs), and where lone ones borrow their spread."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.uncertainty.design import Sample, primary_units, sample_of
from analysis.uncertainty.shoppers import Shoppers, estimate_shoppers
from indicators.scores import Scores
from survey.findings import Finding, Severity

FEW = 5
"""A unit with fewer PSUs in a table than this may lack spread by accident."""
FLAT = 1e-9


@dataclass(frozen=True)
class Clusters:
    """The PSUs of a table, sorted by unit and stratum.

    Parameters
    ----------
    sample
        The records that they sum up.
    shoppers
        How shoppers judge, None where that source is left out; points are free of it.
    unit, audience, stratum
        Codes, shape (P,).
    top, base
        Sum of weight times points, and of the weight of those points, shape (P, I); the mean of
        an item is the ratio of their sums.
    borrows
        Whether a PSU stands alone for an item, in its stratum or in its unit and audience, and
        takes a deviation from elsewhere. Bool, shape (P, I).
    pool
        From which of `pools` it does, -1 for those that do not. Shape (P,).
    pools
        Deviations of PSUs from their stratum, each of shape (donors, I), with the variance within
        strata; single precision.
    """

    sample: Sample
    shoppers: Shoppers | None
    unit: np.ndarray
    audience: np.ndarray
    stratum: np.ndarray
    top: np.ndarray
    base: np.ndarray
    borrows: np.ndarray
    pool: np.ndarray
    pools: tuple[np.ndarray, ...]

    def rows_of(self, units: int) -> list[slice]:
        """Return where the PSUs of each unit lie."""
        edges = np.searchsorted(self.unit, np.arange(units + 1))
        return [slice(*pair) for pair in pairwise(edges)]

    def influences(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what each PSU adds to the item means of its unit and audience, to first order.

        Returns
        -------
        apart, share
            Deviation from the mean times share of the weight, and that share; shape (P, I).
        """
        place = _codes(self.unit, self.audience)
        tops, bases = _summed(place, self.top)[place], _summed(place, self.base)[place]
        bases = np.where(bases > 0, bases, 1)
        return (self.top - tops / bases * self.base) / bases, self.base / bases

    def shares(self, units: np.ndarray, audiences: int) -> np.ndarray:
        """Return the share that each shopper has in the item means of consecutive units.

        Returns
        -------
        Shape (A + 1, units, J, I), where records without audience are in the last.
        """
        sample, shoppers = self.sample, self.shoppers
        assert shoppers is not None
        rows = slice(*np.searchsorted(sample.unit, [units[0], units[-1] + 1]))
        weight = ~np.isnan(sample.points[rows]) * sample.weight[rows, None]
        names = len(shoppers.names)
        share = np.zeros((audiences + 1, len(units), names + 1, weight.shape[1]))
        place = sample.audience[rows] % (audiences + 1), sample.unit[rows] - units[0]
        np.add.at(share, (*place, sample.shopper[rows]), weight)
        whole = share.sum(axis=2, keepdims=True)
        return np.divide(share, whole, out=share, where=whole > 0)[:, :, :names]


def clusters_of(sample: Sample, shoppers: Shoppers | None) -> tuple[Clusters, tuple[Finding, ...]]:
    """Sum records up to PSUs, and find for every one that stands alone where its spread is from.

    Returns
    -------
    clusters
        `Clusters`.
    findings
        How many PSUs borrow, are collapsed, or have no spread to be had; and the units all of
        whose few records agree.

    Notes
    -----
    One PSU in a stratum, or behind an item of a unit and audience, shows no variance; taking it as
    zero would make the units with the fewest records look the surest. It borrows the deviations of
    PSUs from their stratum in the same stratum of all other units (from any stratum of the table,
    where none has two): hundreds of degrees of freedom, on the assumption that units vary within
    strata about alike. Collapsing it with another lone stratum of the unit (Wolter 2007,
    Introduction to Variance Estimation, section 2.5) needs no other unit, but has one degree of
    freedom, takes the difference of scenarios for chance, and shows nothing of the items asked in
    one of them only. So strata are collapsed, within unit and audience, only where no unit has a
    stratum of two.
    Deviations are scaled by sqrt(n / (n - 1)), and by what is missing, so that their mean square
    is the variance within strata; whole vectors are drawn, which keeps items correlated.
    """
    psu = primary_units(sample, by_shopper=shoppers is not None)
    first = np.unique(psu, return_index=True)[1]
    there = ~np.isnan(sample.points)
    points = np.where(there, sample.points, 0)
    if shoppers is not None:
        lift = np.vstack([shoppers.lift, np.zeros(len(sample.items))])[sample.shopper]
        points = np.where(there, points - lift, 0)
    unit, audience, stratum = (
        code[first] for code in (sample.unit, sample.audience, sample.stratum)
    )
    weight = sample.weight[:, None]
    top, base = _summed(psu, points * weight), _summed(psu, there * weight)
    place, answered = _codes(unit, audience), base > 0
    lone = np.bincount(stratum)[stratum] == 1
    collapsed = bool(lone.all())
    things = np.bincount(psu[np.unique(sample.thing, return_index=True)[1]])
    apart = _deviations(top, base, place if collapsed else stratum) * np.sqrt(things)[:, None]
    alone = answered & (lone[:, None] | (_summed(place, answered)[place] == 1))
    if collapsed:
        lenders, gives = place, np.bincount(place)[place] > 1
    else:
        lenders, gives = sample.kind[stratum], ~lone
    pool, pools, borrows = _lent(apart, lenders, gives, alone)
    clusters = Clusters(
        sample, shoppers, unit, audience, stratum, top, base, borrows, pool, pools
    )  # fmt: skip
    counts = {
        "collapsed-strata" if collapsed else "borrowed-variance": borrows.any(axis=1).sum(),
        "single-record-stratum": (alone & ~borrows).any(axis=1).sum(),
    }
    flat = _without_spread(unit, apart, borrows)
    found = [_alone(check, sample, int(count)) for check, count in counts.items() if count]
    return clusters, (*found, *([_flat(sample, flat)] if flat else []))


def _codes(*keys: np.ndarray) -> np.ndarray:
    return np.unique(np.stack(keys), axis=1, return_inverse=True)[1]


def _summed(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum the rows of each group, shape (groups, I)."""
    return np.column_stack([np.bincount(group, column) for column in values.T])


def _deviations(top: np.ndarray, base: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return how far each PSU's points lie from the mean of its group, shape (P, I).

    They are scaled to the variance within groups, NaN where a group has one answer or none.
    """
    tops, bases, answers = (_summed(group, each)[group] for each in (top, base, base > 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = (top / base - tops / bases) * np.sqrt(answers / (answers - 1))
    return np.where((base > 0) & (answers > 1), apart, np.nan)


def _lent(
    apart: np.ndarray, lenders: np.ndarray, gives: np.ndarray, alone: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
    """Return the pool of each PSU that borrows, the pools, and which items borrow from them."""
    pool, pools = np.full(len(alone), -1), []
    borrows = np.zeros(alone.shape, dtype=bool)
    needy = alone.any(axis=1)
    for code in np.unique(lenders[needy]) if gives.any() else ():
        alike = gives & (lenders == code)
        deviations = apart[alike if alike.any() else gives]
        takes = needy & (lenders == code)
        borrows[takes] = alone[takes] & ((~np.isnan(deviations)).sum(axis=0) > 1)
        pool[takes & borrows.any(axis=1)] = len(pools)
        pools.append(_filled(deviations))
    return pool, tuple(pools), borrows


def _filled(deviations: np.ndarray) -> np.ndarray:
    """Centre deviations, and put 0 for what is missing without loss of their mean square."""
    there = ~np.isnan(deviations)
    answers = np.maximum(there.sum(axis=0), 1)
    held = np.where(there, deviations, 0)
    held = np.where(there, held - held.sum(axis=0) / answers, 0)
    return (held * np.sqrt(len(held) / answers)).astype(np.float32)


def _without_spread(unit: np.ndarray, apart: np.ndarray, borrows: np.ndarray) -> int:
    """Count the units whose records are few, and all alike."""
    size = np.bincount(unit)
    moved = ((np.abs(np.nan_to_num(apart)) > FLAT) | borrows).any(axis=1)
    return int(((size > 1) & (size < FEW) & (np.bincount(unit, moved) == 0)).sum())


_ALONE = {
    "borrowed-variance": (
        Severity.WARNING,
        "their spread is taken from the same strata of other units",
    ),
    "collapsed-strata": (
        Severity.NOTE,
        "their spread is taken from the other strata of the unit, rather too large than too small",
    ),
    "single-record-stratum": (
        Severity.WARNING,
        "their share of the standard error is counted as zero",
    ),
}


def _alone(check: str, sample: Sample, count: int) -> Finding:
    severity, hint = _ALONE[check]
    return Finding(
        check,
        severity,
        column=sample.table,
        expected="two records or more in a stratum, and behind every item",
        got=f"{count} that stand alone",
        hint=hint,
        count=count,
    )


def _flat(sample: Sample, count: int) -> Finding:
    return Finding(
        "no-spread",
        Severity.NOTE,
        column=sample.table,
        expected=f"{FEW} records or more, or answers that differ",
        got=f"{count} units with fewer, all alike",
        hint="their standard error is zero, which a further record may change",
        count=count,
    )


def sampled_clusters(scores: Scores) -> tuple[tuple[Clusters, ...], tuple[Finding, ...]]:
    """Return the PSUs of every sampled table of some scores, freed of how shoppers judge."""
    found: list[Finding] = []
    tables = []
    for table in scores.points:
        if table.sampled and len(table.unit):
            sample = sample_of(table)
            shoppers, about = estimate_shoppers(sample)
            clusters, more = clusters_of(sample, shoppers)
            tables.append(clusters)
            found += [*about, *more]
    return tuple(tables), tuple(found)
