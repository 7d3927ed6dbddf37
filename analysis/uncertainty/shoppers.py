"""Who made the calls: the severity of shoppers, and what another dealing of calls would change."""

import zlib
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.uncertainty.design import SHOPPER, Sample
from survey.findings import Finding, Severity

STREAM = 1
"""Marks the random numbers of shoppers, apart from those of units."""
SINGULAR = 1e-10
"""Share of the largest eigenvalue below which one is 0 and no rounding.

The lifts of linked shoppers are known up to a constant, so one eigenvalue of each group is 0.
"""


@dataclass(frozen=True)
class Shoppers:
    """How the shoppers of a table judge.

    Parameters
    ----------
    names
        The shoppers, length J.
    lift
        Points by which each one's calls lie above those of others in the same unit and stratum;
        the severe are below 0. Their covariance over shoppers is the estimated component of
        variance, free of the noise of calls. Shape (J, I).
    group
        Shoppers of one group are linked by units they have called together, and may be told
        apart; -1 for one who is linked to nobody and has no lift. Shape (J,).
    """

    names: tuple[str, ...]
    lift: np.ndarray
    group: np.ndarray

    @property
    def groups(self) -> tuple[np.ndarray, ...]:
        """The positions of the shoppers of each group."""
        return tuple(np.flatnonzero(self.group == code) for code in range(self.group.max() + 1))

    def dealt(self, replicates: int, seed: int, table: str) -> np.ndarray:
        """Return the lift that each shopper's calls get in each draw, shape (I, J, B).

        A draw permutes the shoppers of a group as whole persons, for all units and items.
        """
        key = (STREAM, zlib.crc32(table.encode()))
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
        who = np.tile(np.arange(len(self.names)), (replicates, 1))
        for group in self.groups:
            who[:, group] = random.permuted(who[:, group], axis=1)
        return np.ascontiguousarray(self.lift.astype(np.float32).T[:, who.T])


def estimate_shoppers(sample: Sample) -> tuple[Shoppers | None, tuple[Finding, ...]]:
    """Estimate how far above or below others each shopper judges, item by item.

    Returns
    -------
    shoppers
        None where shoppers are not known or cannot be told from units.
    findings
        A note where no column names the shoppers; a warning that counts those who share no
        stratum with another shopper.

    Notes
    -----
    Points are those of the stratum of a unit, plus the lift of the shopper, plus noise. Effects of
    strata are swept out (of single calls or cases, where several people judged the same one), and
    lifts are fitted to what is left by least squares: Henderson's method 3 (1953, Biometrics
    9:226-252), which needs shoppers and units to be crossed, not every shopper in every unit.
    The sample covariance S of fitted lifts holds the noise N of some hundred calls each. N is
    estimated from the residuals, clustered by shopper and stratum and freed of the bias of least
    squares (Bell and McCaffrey 2002, Survey Methodology 28:169-181), and lifts are shrunk such
    that their covariance is S - N or, where that has negative directions, the nearest covariance
    in the metric of N (Amemiya 1985, The American Statistician 39:112-117). Plain shrinkage of
    each lift (as for predicting it) would make shoppers look more alike than they are.
    """
    column = SHOPPER.get(sample.table)
    if column is None:
        return None, ()
    if sample.shoppers is None:
        return None, (_unknown(sample, column),)
    block = _blocks(sample)
    group = _groups(block, sample.shopper, len(sample.shoppers))
    alone = int((group < 0).sum())
    findings = (_not_separable(sample, column, alone),) if alone else ()
    if alone == len(group):
        return None, findings
    fitted = [
        _fit(points, block, sample.shopper, len(sample.shoppers)) for points in sample.points.T
    ]
    lift = np.column_stack([one for one, _ in fitted])
    cluster = np.unique(block * len(sample.shoppers) + sample.shopper, return_inverse=True)[1]
    noise = np.column_stack([np.bincount(cluster, one) for _, one in fitted])
    free = len(group) - alone - (group.max() + 1)
    return Shoppers(
        sample.shoppers, _shrunk(lift, lift.T @ lift / free, noise.T @ noise / free), group
    ), findings


def _blocks(sample: Sample) -> np.ndarray:
    """Return within what records are compared: what several people judged, or the stratum."""
    pair = np.unique(np.stack([sample.thing, sample.shopper]), axis=1)
    judges = np.bincount(pair[0, pair[1] >= 0], minlength=sample.thing[-1] + 1)
    shared = judges[sample.thing] > 1
    return np.where(shared, sample.stratum[-1] + 1 + sample.thing, sample.stratum)


def _groups(block: np.ndarray, shopper: np.ndarray, shoppers: int) -> np.ndarray:
    """Number the sets of shoppers linked through blocks, -1 for those linked to nobody."""
    known = shopper >= 0
    size = shoppers + block.max() + 1
    edges = coo_array(
        (np.ones(known.sum()), (shopper[known], shoppers + block[known])), shape=(size, size)
    )
    label = connected_components(edges, directed=False)[1][:shoppers]
    linked = np.bincount(label, minlength=label.max() + 1)[label] > 1
    return np.where(linked, np.unique(np.where(linked, label, -1), return_inverse=True)[1]
                    - (not linked.all()), -1)  # fmt: skip


def _fit(
    points: np.ndarray, block: np.ndarray, shopper: np.ndarray, shoppers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the lifts of one item, and return them with the noise that each record brings in.

    Returns
    -------
    lift
        Shape (J,), mean 0 over linked shoppers, 0 for those without a record.
    noise
        Shape (R,); the squares of its sums over clusters sum up to the trace of the covariance of
        lifts that noise alone would give.
    """
    rows = np.flatnonzero(~np.isnan(points) & (shopper >= 0))
    noise = np.zeros(len(points))
    if not rows.size:
        return np.zeros(shoppers), noise
    values, who = points[rows], shopper[rows]
    at = np.unique(block[rows], return_inverse=True)[1]
    shape = (at.max() + 1, shoppers)
    count = np.bincount(at * shoppers + who, minlength=shape[0] * shoppers).reshape(shape)
    size = count.sum(axis=1)
    share = count / size[:, None]
    inverse = np.linalg.pinv(
        np.diag(count.sum(axis=0)) - count.T @ share, rcond=SINGULAR, hermitian=True
    )
    within = values - (np.bincount(at, values) / size)[at]
    lift = inverse @ np.bincount(who, within, shoppers)
    left = within - lift[who] + (share @ lift)[at]
    kept = 1 - count[at, who] * (1 / size[at] + _quadratic(inverse, share, at, who))
    gain = _quadratic(inverse @ inverse, share, at, who)
    seen = kept > 1e-9
    noise[rows[seen]] = left[seen] * np.sqrt(np.maximum(gain[seen], 0) / kept[seen])
    return lift, noise


def _quadratic(
    matrix: np.ndarray, share: np.ndarray, at: np.ndarray, who: np.ndarray
) -> np.ndarray:
    """Return z' M z for each record, z being its shopper less the shares of its block."""
    mixed = share @ matrix
    return matrix[who, who] - 2 * mixed[at, who] + (mixed * share).sum(axis=1)[at]


def _shrunk(lift: np.ndarray, seen: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Shrink lifts so that their covariance is what was seen less the noise, shape (J, I)."""
    used = np.zeros_like(lift)
    vary = np.flatnonzero(np.diag(seen) > 0)
    if not vary.size:
        return used
    inner = np.ix_(vary, vary)
    metric = noise[inner] + np.diag(1e-9 * np.diag(seen + noise)[vary])
    ratio, axes = eigh(seen[inner], metric)
    kept = np.sqrt(np.maximum(1 - 1 / np.maximum(ratio, 1), 0))
    used[:, vary] = (lift[:, vary] @ axes * kept) @ axes.T @ metric
    return used


def _unknown(sample: Sample, column: str) -> Finding:
    return Finding(
        "shoppers-unknown",
        Severity.NOTE,
        column=f"{sample.table}.{column}",
        expected="who made or judged each record",
        got="no column, or an empty one",
        hint="intervals tell of the sampling of records only",
        count=1,
    )


def _not_separable(sample: Sample, column: str, alone: int) -> Finding:
    return Finding(
        "shoppers-not-separable",
        Severity.WARNING,
        column=f"{sample.table}.{column}",
        expected="shoppers who call the same units as others",
        got=f"{alone} who share no stratum with another",
        hint="how they judge cannot be told from what they judged; deal calls across shoppers",
        count=alone,
    )
