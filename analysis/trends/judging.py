"""Which changes are more than sampling error: intervals, p values, verdicts."""

from typing import Literal

import numpy as np
from scipy import stats

from analysis.comparisons.group_tests import holm

Adjustment = Literal["bh", "holm"]
NO_CHANGE = 1e-9
"""A change, or an error, below this is one of arithmetic."""


def judge(
    change: np.ndarray,
    error: np.ndarray,
    level: float,
    adjust: Adjustment,
    degrees: np.ndarray | float = np.inf,
) -> dict[str, np.ndarray]:
    """Judge changes by their standard errors.

    Parameters
    ----------
    change, error
        Shape (tests, ...); the first axis is a family of tests.
    level, adjust
        Level of the intervals; how p values are adjusted within a family.
    degrees
        Degrees of freedom of the errors; infinite where they count as known.

    Returns
    -------
    By name: low, high, p, p_adjusted, and verdict, which is ``rise`` or ``fall`` where the
    adjusted p is at most 1 - level, else ``unclear``. A change without error is judged by its
    sign, has no p and stays out of the family; one without a known error is ``unclear``.
    """
    exact = error <= NO_CHANGE
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.where(exact, np.nan, 2 * stats.t.sf(np.abs(change) / error, degrees))
    p_adjusted = adjusted(p, adjust)
    clear = np.where(exact, np.abs(change) > NO_CHANGE, p_adjusted <= 1 - level)
    reach = stats.t.ppf((1 + level) / 2, degrees) * error
    return {
        "low": change - reach,
        "high": change + reach,
        "p": p,
        "p_adjusted": p_adjusted,
        "verdict": ways(change, clear, "rise", "fall"),
    }


def ways(change: np.ndarray, clear: np.ndarray, up: str, down: str) -> np.ndarray:
    """Name the way of every clear change; the others are ``unclear``."""
    return np.select([clear & (change > 0), clear & (change < 0)], [up, down], "unclear")


def adjusted(p: np.ndarray, adjust: Adjustment) -> np.ndarray:
    """Return adjusted p values; a NaN stays out of its family.

    Parameters
    ----------
    p
        Shape (tests, ...); the first axis is a family.
    adjust
        ``bh``: Benjamini and Hochberg (1995, JRSS B 57:289-300); ``holm``: Holm (1979).
    """
    way = holm if adjust == "holm" else stats.false_discovery_control
    if not p.size:
        return p.copy()
    families = p.reshape(len(p), -1)
    result = np.full(families.shape, np.nan)
    for family in range(families.shape[1]):
        there = ~np.isnan(families[:, family])
        if there.any():
            result[there, family] = way(families[there, family])
    return result.reshape(p.shape)
