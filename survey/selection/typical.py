"""What is typical of units when a few of them are not: random effects that outliers do not move."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

_QUARTILE = float(stats.norm.ppf(0.75))
_EFFICIENCY = np.pi / 2
"""Variance of a median over that of a mean, under a normal distribution."""
_ROUNDS, _HALVINGS = 30, 60


@dataclass(frozen=True)
class Typical:
    """What units have in common, and how they differ beyond chance.

    Parameters
    ----------
    centre, centre_se
        The typical effect and its standard error.
    spread
        Standard deviation of true effects between units.
    units
        How many tell of it.
    """

    centre: float
    centre_se: float
    spread: float
    units: int


def typical_effect(effect: np.ndarray, se: np.ndarray) -> Typical:
    """Estimate a random-effects model that a minority of odd units does not move.

    Effects are normal around `centre` with variance ``se² + spread²``. As Paule and Mandel (1982)
    choose the spread that gives the standardised residuals their expected mean square, this
    chooses the one that gives them their expected median size (0.6745), and the centre is the
    weighted median: up to half of the units may lie anywhere. The usual estimators let the very
    units that are sought inflate the spread and hide.

    Parameters
    ----------
    effect, se
        Effects and their standard errors, shape (U,); NaN where a unit has none.
    """
    there = np.isfinite(effect) & np.isfinite(se)
    effect, variance = effect[there], se[there] ** 2
    if not len(effect):
        return Typical(np.nan, np.nan, np.nan, 0)
    centre, spread = float(np.median(effect)), 0.0
    for _ in range(_ROUNDS):
        before = centre, spread
        spread = _spread(effect - centre, variance)
        centre = _weighted_median(effect, 1 / np.maximum(variance + spread**2, 1e-300))
        if np.allclose(before, (centre, spread), rtol=1e-10, atol=1e-12):
            break
    precision = float((1 / np.maximum(variance + spread**2, 1e-300)).sum())
    return Typical(centre, float(np.sqrt(_EFFICIENCY / precision)), spread, len(effect))


def _spread(residual: np.ndarray, variance: np.ndarray) -> float:
    """Find the spread by halving an interval that must hold it."""
    low, high = 0.0, float(np.median(np.abs(residual)) / _QUARTILE)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        scale = np.sqrt(np.maximum(variance + middle**2, 1e-300))
        wide = np.median(np.abs(residual) / scale) < _QUARTILE
        low, high = (low, middle) if wide else (middle, high)
    return low


def _weighted_median(values: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    middle = np.interp(0.5, share - weight[order] / weight.sum() / 2, values[order])
    return float(middle)
