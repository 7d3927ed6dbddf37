"""Linearised standard errors: the sampling variance of every score in closed form.

The second way to the figures of `analysis.uncertainty.bootstrap`, without a draw: what each
record and each shopper contributes to a score, to first order.
"""

from dataclasses import dataclass

import numpy as np

from analysis.uncertainty.clusters import Clusters, sampled_clusters
from indicators.aggregate import roll_up
from indicators.scores import Scores

BLOCK = 48
"""Units differentiated together: bounds the memory to some tens of megabytes."""
STEP = 1e-4
"""Half-width of the central differences, as a share of the scale."""


@dataclass(frozen=True)
class Variances:
    """The variance of every score by source, shape (U, A + 1, N).

    Parameters
    ----------
    records
        From which records were taken.
    shoppers
        From who made them; 0 where that source is left out.
    degrees
        Degrees of freedom of their sum; infinite where nothing is uncertain.
    """

    records: np.ndarray
    shoppers: np.ndarray
    degrees: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Both together."""
        return self.records + self.shoppers


def linearised_se(scores: Scores) -> np.ndarray:
    """Return the linearised standard error of every score, shape (U, A + 1, N).

    NaN where there is no score; see `linearised_variances`.
    """
    return np.sqrt(linearised_variances(scores).total)


def linearised_variances(scores: Scores, tables: tuple[Clusters, ...] | None = None) -> Variances:
    """Return the linearised variance of every score, by source.

    Parameters
    ----------
    scores
        Scores with the points of every record.
    tables
        Their PSUs, where known already.

    Notes
    -----
    *Records.* A score is a function of the item means of its unit, whatever averages and rules for
    what is missing lie between. Its derivatives are central differences through `roll_up` itself
    (one-sided at the ends of the scale). A PSU's influence is the sum over items of derivative
    times deviation from the item mean times share of the weight; the variance is that of the sum
    of influences over PSUs drawn within strata, with n / (n - 1) (ultimate clusters: Woodruff 1971,
    JASA 66:411-414; Wolter 2007, Introduction to Variance Estimation, chapter 6). Lone PSUs have
    the variance of the deviations that they borrow, with half as many degrees of freedom as donors.
    *Shoppers.* Dealing calls anew permutes the lifts of J shoppers: the variance of the sum of
    M[j, pi(j)] over a random permutation pi is the sum of squares of M, centred by rows and
    columns, over J - 1 (Hoeffding 1951, Annals of Mathematical Statistics 22:558-566, theorem 2).
    *Degrees of freedom* are Satterthwaite's (1946, Biometrics Bulletin 2:110-114): the squared sum
    of the variances of strata, pools and shoppers over the sum of their squares, each divided by
    its own n - 1.
    """
    tables = sampled_clusters(scores)[0] if tables is None else tables
    units = len(scores.units)
    shape = scores.score.shape
    records, shoppers, squares = (np.zeros(shape) for _ in range(3))
    rows = [(clusters.rows_of(units), clusters.influences()) for clusters in tables]
    for start in range(0, units, BLOCK):
        block = np.arange(start, min(start + BLOCK, units))
        slopes = _slopes(scores, block)
        for clusters, (of_unit, influence) in zip(tables, rows, strict=True):
            own = slopes[:, :, clusters.sample.items]
            for position, unit in enumerate(block):
                variance, squared = _of_records(clusters, of_unit[unit], influence, own[position])
                records[unit] += variance
                squares[unit] += squared
            if clusters.shoppers is not None:
                variance, squared = _of_shoppers(clusters, block, own)
                shoppers[block] += variance
                squares[block] += squared
    known = ~np.isnan(scores.score)
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = np.where(squares > 0, (records + shoppers) ** 2 / squares, np.inf)
    records, shoppers = (np.where(known, each, np.nan) for each in (records, shoppers))
    return Variances(records, shoppers, degrees)


def _slopes(scores: Scores, block: np.ndarray) -> np.ndarray:
    """Return what one more point of each item mean adds to each score of its unit.

    Returns
    -------
    Shape (units, A + 1, I, A + 1, N): the first audience and the item are of the mean, the others
    of the score; 0 where either is missing.
    """
    tree = scores.hierarchy
    mean = scores.items.mean[:, :, block]
    at = np.argwhere(~np.isnan(mean).all(axis=2))
    above, below = np.repeat(mean[None, ..., None], 2, axis=0).repeat(len(at), axis=-1)
    each = np.arange(len(at))
    for means, step in ((above, STEP), (below, -STEP)):
        means[at[:, 0], at[:, 1], :, each] += step * tree.best
    state = scores.items.applies[:, :, block, None], scores.items.observed[:, :, block, None]
    ends = np.clip([above, below], 0, tree.best)
    width = (ends[0] - ends[1])[at[:, 0], at[:, 1], :, each]
    high, low = (roll_up(tree, end, applies=state[0], observed=state[1]).score for end in ends)
    with np.errstate(invalid="ignore"):
        slope = np.nan_to_num((high - low) / width.T)
    full = np.zeros((*mean.shape[:2], *slope.shape[:3]))
    full[at[:, 0], at[:, 1]] = np.moveaxis(slope, -1, 0)
    return np.moveaxis(full, -1, 0)


def _of_records(
    clusters: Clusters, rows: slice, influences: tuple[np.ndarray, np.ndarray], slopes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return one unit's variance from its records, and its square over degrees of freedom."""
    shape = slopes.shape[2:]
    if rows.start == rows.stop:
        return np.zeros(shape), np.zeros(shape)
    steep = slopes.reshape(*slopes.shape[:2], -1)
    apart, share = (each[rows] for each in influences)
    audience, stratum = clusters.audience[rows] % len(slopes), clusters.stratum[rows]
    influence = np.empty((len(apart), steep.shape[-1]))
    for code in np.unique(audience):
        influence[audience == code] = apart[audience == code] @ steep[code]
    starts = np.flatnonzero(np.diff(stratum, prepend=-1))
    size = np.diff(starts, append=len(stratum))[:, None]
    sums, squares = (np.add.reduceat(each, starts) for each in (influence, influence**2))
    degrees = np.maximum(size - 1, 1)
    variance = np.where(size > 1, (squares - sums**2 / size) * size / degrees, 0)
    total, squared = variance.sum(axis=0), (variance**2 / degrees).sum(axis=0)
    pool = clusters.pool[rows]
    for code in np.unique(pool[pool >= 0]):
        donors, lent = clusters.pools[code], np.zeros(total.shape)
        for lone in np.flatnonzero(pool == code):
            taken = np.where(clusters.borrows[rows][lone], share[lone], 0)
            lent += ((donors * taken) @ steep[audience[lone]]).var(axis=0)
        total += lent
        squared += lent**2 / (len(donors) / 2)
    return total.reshape(shape), squared.reshape(shape)


def _of_shoppers(
    clusters: Clusters, block: np.ndarray, slopes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the variance of units from shoppers, and its square over degrees of freedom."""
    shoppers = clusters.shoppers
    assert shoppers is not None
    share = clusters.shares(block, slopes.shape[1] - 1)
    units, inputs = len(block), slopes.shape[1] * slopes.shape[2]
    steep = slopes.reshape(units, inputs, -1)
    total, squared = (np.zeros((units, *slopes.shape[3:])) for _ in range(2))
    for group in shoppers.groups:
        own = share[:, :, group] - share[:, :, group].mean(axis=2, keepdims=True)
        lift = shoppers.lift[group] - shoppers.lift[group].mean(axis=0)
        spread = lift.T @ lift / (len(group) - 1)
        moments = np.einsum("akji,bkjm,im->kaibm", own, own, spread, optimize=True)
        moved = moments.reshape(units, inputs, inputs) @ steep
        variance = (steep * moved).sum(axis=1).reshape(total.shape)
        total += variance
        squared += variance**2 / (len(group) - 1)
    return total, squared
