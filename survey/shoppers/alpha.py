"""Krippendorff's alpha: how far several codings of the same things agree."""

from typing import Literal

import numpy as np
from scipy.sparse import csr_array

Measurement = Literal["nominal", "ordinal", "interval", "ratio"]
BLOCK = 100
"""Draws computed together."""
FEW = 64
"""Up to so many columns a dense product is faster than a sparse one."""


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
    pairs = Pairs.of(ratings)
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
    pairs = Pairs.of(ratings)
    if not pairs.units:
        return np.nan, np.nan
    chance = np.full(pairs.units, 1 / pairs.units)
    counts = np.random.default_rng(seed).multinomial(pairs.units, chance, replicates)
    blocks = [
        pairs.alpha(counts[at : at + BLOCK].astype(float), measurement)
        for at in range(0, replicates, BLOCK)
    ]
    return percentile_limits(np.concatenate(blocks), level)


def percentile_limits(drawn: np.ndarray, level: float) -> tuple[float, float]:
    """Return the percentile interval of draws, those that are NaN left out."""
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return np.nan, np.nan
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


class Pairs:
    """The values of units coded twice or more, and every pair of values within a unit.

    Attributes
    ----------
    values
        The values that occur, rising, shape (V,).
    rows
        Which rows of the ratings were coded twice or more, shape (units,).
    counts
        How often each value occurs in each unit, sparse, shape (units, V).
    first, second
        Places among `values` of the pairs of values that occur within a unit, shape (D,).
    coincidences
        How often each unit has each pair, both ways, divided by its codings less 1; sparse, shape
        (units, D).
    """

    def __init__(self, unit: np.ndarray, value: np.ndarray) -> None:
        self.values, code = np.unique(value, return_inverse=True)
        self.rows, owner = np.unique(unit, return_inverse=True)
        sizes = np.bincount(owner)
        self.units = len(sizes)
        shape = (self.units, len(self.values))
        self.counts = csr_array((np.ones(len(code)), (owner, code)), shape=shape)
        one, other = _ordered_pairs(owner, sizes)
        both, pair = np.unique(code[one] * len(self.values) + code[other], return_inverse=True)
        self.first, self.second = np.divmod(both, max(len(self.values), 1))
        weight = 1 / (sizes[owner[one]] - 1)
        shape = (self.units, len(both))
        self.coincidences = csr_array((weight, (owner[one], pair)), shape=shape)

    @classmethod
    def of(cls, ratings: np.ndarray) -> "Pairs":
        """Return the pairs of ratings, shape (units, coders), NaN where missing."""
        there = ~np.isnan(ratings)
        there &= there.sum(axis=1, keepdims=True) > 1
        unit, coder = np.nonzero(there)
        return cls(unit, ratings[unit, coder])

    def alpha(self, counted: np.ndarray, measurement: Measurement) -> np.ndarray:
        """Return alpha where each unit counts so often; from shape (B, units) to (B,)."""
        observed, expected = self.disagreement(counted, measurement)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    def disagreement(
        self, counted: np.ndarray, measurement: Measurement
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the disagreement that was observed and that chance would give.

        Parameters
        ----------
        counted
            How often each unit counts, shape (B, units).
        measurement
            As for `krippendorff_alpha`.

        Returns
        -------
        Mean squared distance of two codings of one unit, and of any two codings; 1 is the distance
        of the two values farthest apart, so that items may be put together. Both of shape (B,).
        """
        n, together = _times(counted, self.counts), _times(counted, self.coincidences)
        total = n.sum(axis=1)
        if measurement == "nominal":
            observed = together[:, self.first != self.second].sum(axis=1)
            expected = total**2 - (n**2).sum(axis=1)
        elif measurement == "ratio":
            apart = _relative_difference(self.values)
            observed = together @ apart[self.first, self.second]
            expected = ((n @ apart) * n).sum(axis=1)
        else:
            place = self._places(n, measurement)
            gap = place[:, self.first] - place[:, self.second]
            observed = (together * gap**2).sum(axis=1)
            middle = (n * place).sum(axis=1, keepdims=True) / np.maximum(total, 1)[:, None]
            expected = 2 * total * (n * (place - middle) ** 2).sum(axis=1)
        return observed / np.maximum(total, 1), expected / np.maximum(total * (total - 1), 1)

    def _places(self, n: np.ndarray, measurement: Measurement) -> np.ndarray:
        """Return where each value stands from 0 to 1, shape (B, V) or (1, V)."""
        place = self.values[None]
        if measurement == "ordinal":
            place = np.cumsum(n, axis=1) - n / 2
        if not place.size:
            return place
        span = np.ptp(place, axis=1, keepdims=True)
        return (place - place[:, :1]) / np.where(span > 0, span, 1)


def _times(counted: np.ndarray, matrix: csr_array) -> np.ndarray:
    if matrix.shape[1] <= FEW:  # pyright: ignore[reportOptionalSubscript]
        return counted @ matrix.toarray()
    return (matrix.T.tocsr() @ counted.T).T


def _ordered_pairs(owner: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of both members of every ordered pair within an owner."""
    order = np.argsort(owner, kind="stable")
    starts = np.cumsum(sizes) - sizes
    first, second = [np.empty(0, int)], [np.empty(0, int)]
    for size in np.unique(sizes):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.nonzero(~np.eye(size, dtype=bool))
        first.append(members[:, one].ravel())
        second.append(members[:, other].ravel())
    return np.concatenate(first), np.concatenate(second)


def _relative_difference(values: np.ndarray) -> np.ndarray:
    if (values < 0).any():
        raise ValueError("ratio: values of 0 or more")
    one, other = values[:, None], values[None]
    added = one + other
    return np.divide(one - other, added, out=np.zeros_like(added), where=added > 0) ** 2
