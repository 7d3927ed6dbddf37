"""Variance-based indices: what share of the variance of an output comes from each input."""

from dataclasses import dataclass

import numpy as np

RESAMPLES = 500
"""Bootstrap samples of the design behind every interval."""

ROUNDING = 1e-12
"""Share of an output below which it does not vary."""


@dataclass(frozen=True)
class Indices:
    """First- and total-order indices of K inputs for S outputs, in the design and its resamples.

    Parameters
    ----------
    variance
        Variance of each output, shape (1 + R, S); the first row is that of the design itself, the
        others are those of R bootstrap samples of its rows.
    first, total
        Parts of the variance that go with each input alone, and with it in any company, before
        they are divided by the variance. Shape (1 + R, K, S).
    """

    variance: np.ndarray
    first: np.ndarray
    total: np.ndarray

    def interval(self, order: str, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the indices of one order, and their percentile intervals; shape (K, S) each.

        NaN for an output that does not vary.
        """
        shares = self.shares(getattr(self, order))
        tail = (1 - level) / 2
        low, high = np.quantile(shares[1:], [tail, 1 - tail], axis=0)
        return shares[0], low, high

    def shares(self, parts: np.ndarray) -> np.ndarray:
        """Divide parts of the variance (1 + R, K, S) by it.

        A bootstrap sample in which the output does not vary repeats the share of the design.
        """
        whole = np.where(self.variance > 0, self.variance, np.nan)[:, None]
        found = parts / whole
        return np.where(np.isnan(found), found[:1], found)


def variance_indices(
    a: np.ndarray, b: np.ndarray, mixed: np.ndarray, *, seed: int = 0, resamples: int = RESAMPLES
) -> Indices:
    """Estimate the indices from a design of pick and freeze.

    Parameters
    ----------
    a, b
        The outputs at n points of two independent samples of the inputs, shape (n, S). An output
        that is NaN at a point is left out there.
    mixed
        The outputs at the points of the first with one input taken from the second, shape
        (K, n, S).
    seed, resamples
        What makes the bootstrap samples, and how many.

    Returns
    -------
    `Indices`; zero for an output that does not vary beyond its rounding.

    Notes
    -----
    First order by Saltelli et al. (2010), Computer Physics Communications 181:259-270, table 2
    (b), total order by table 2 (f), of outputs with their mean taken off: without that the
    estimate of the first order depends on the level of the output.
    """
    there = ~np.isnan(a + b + mixed.sum(axis=0))
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, a + b, 0).sum(axis=0) / (2 * count)
    a, b = np.where(there, a - mean, 0), np.where(there, b - mean, 0)
    n = len(a)
    random = np.random.default_rng(seed)
    rows = np.vstack([np.ones(n), random.multinomial(n, np.full(n, 1 / n), resamples)])
    held = np.maximum(rows @ there, 1)

    def average(products: np.ndarray) -> np.ndarray:
        return rows @ products / held

    variance = average((a**2 + b**2) / 2) - average((a + b) / 2) ** 2
    variance = np.where(variance > (ROUNDING * mean) ** 2, variance, 0)
    first, total = [], []
    for outputs in mixed:
        moved = np.where(there, outputs - mean, 0) - a
        first.append(average(b * moved))
        total.append(average(moved**2 / 2))
    return Indices(variance, np.stack(first, axis=1), np.stack(total, axis=1))
