"""How latent answers become answers and points, and how they are moved to a mean."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from survey.simulation.items import ItemModel

WIDEST = 60.0
"""Intercepts are sought within ± this many logits."""
HALVINGS = 48
ROUNDING = 0.005
MEDIAN_WAIT, LONGEST_WAIT = 20.0, 600.0
WAIT_SPREAD = 0.55
"""Change of log seconds for one logit."""
WAIT_NOISE = 1.3
"""Standard deviation of the noise of a wait, in logits."""
THRESHOLD_SPREAD = 1.5
"""How far apart the thresholds of an item lie; 1 would make its answers equally frequent."""


def city_mean_weights(unit: np.ndarray, units: int, counted: np.ndarray) -> np.ndarray:
    """Return the weight of each record in the mean over cities of the means over records.

    Parameters
    ----------
    unit
        Position of the record's city, shape (records,).
    units
        Number of cities.
    counted
        Which records have points, bool, shape (records,).

    Returns
    -------
    Shape (records,); sums to 1, and to the same share in every city that has points.
    """
    size = np.bincount(unit[counted], minlength=units)
    weight = np.zeros(len(unit))
    weight[counted] = 1 / size[unit[counted]] / max(np.count_nonzero(size), 1)
    return weight


@dataclass(frozen=True)
class Steps:
    """Ordered answers: code k where the latent answer passes k thresholds.

    Parameters
    ----------
    thresholds
        Rising, in logits, shape (answers - 1,).
    points
        Of each answer, shape (answers,).
    """

    thresholds: np.ndarray
    points: np.ndarray

    def noise(self, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draw what is left to chance, logits."""
        return random.logistic(size=shape)

    def answer(self, latent: np.ndarray) -> np.ndarray:
        """Return the code of the answer, of the shape of `latent`."""
        return np.searchsorted(self.thresholds, latent).astype(float)

    def points_of(self, latent: np.ndarray) -> np.ndarray:
        """Return the points of the answer, of the shape of `latent`."""
        return self.points[np.searchsorted(self.thresholds, latent)]


@dataclass(frozen=True)
class Seconds:
    """Log-normal waits in whole seconds; a higher latent answer is a wait with more points.

    Parameters
    ----------
    curve
        Seconds and points.
    """

    curve: tuple[tuple[float, float], ...]

    def noise(self, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draw what is left to chance, logits."""
        return WAIT_NOISE * random.standard_normal(shape)

    def answer(self, latent: np.ndarray) -> np.ndarray:
        """Return seconds, of the shape of `latent`."""
        better = 1 if self.curve[-1][1] > self.curve[0][1] else -1
        seconds = MEDIAN_WAIT * np.exp(np.clip(better * WAIT_SPREAD * latent, -20, 20))
        return np.clip(np.rint(seconds), 1, LONGEST_WAIT)

    def points_of(self, latent: np.ndarray) -> np.ndarray:
        """Return the points of the seconds, of the shape of `latent`."""
        return np.interp(self.answer(latent), *np.array(self.curve, dtype=float).T)


def scale_of(item: ItemModel) -> Steps | Seconds:
    """Return how the latent answers of an item become answers and points."""
    if item.kind == "seconds":
        return Seconds(item.curve)
    steps = len(item.points)
    return Steps(THRESHOLD_SPREAD * logit(np.arange(1, steps) / steps), np.array(item.points))


@dataclass(frozen=True)
class Calibrated:
    """The intercept of an item for an audience.

    Parameters
    ----------
    intercept
        In logits; a higher one gives more points.
    mean
        Points that it gives.
    low, high
        Range of the mean points that any intercept can give.
    """

    intercept: float
    mean: float
    low: float
    high: float

    def reaches(self, target: float) -> bool:
        """Whether the target lies in the range, give or take rounding to a hundredth."""
        return self.low - ROUNDING <= target <= self.high + ROUNDING


def calibrate(mean_at: Callable[[float], float], target: float) -> Calibrated:
    """Find the intercept at which the records have the mean points wanted, by bisection.

    Parameters
    ----------
    mean_at
        Mean points of the campaign at an intercept; must not fall as the intercept rises.
    target
        Points wanted.

    Notes
    -----
    The mean is that of the records themselves, with every random draw already made, not its
    expectation: 2,000 calls leave a standard error of 0.1 points in the mean of a yes-or-no item,
    too much for a campaign that is to reproduce published means to a tenth of a point. The mean
    then rises in steps of one answer; of the two steps around the target the nearer is taken.
    """
    low, high = -WIDEST, WIDEST
    bottom, top = mean_at(low), mean_at(high)
    below, above = bottom, top
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        mean = mean_at(middle)
        if mean < target:
            low, below = middle, mean
        else:
            high, above = middle, mean
    near = (low, below) if abs(below - target) < abs(above - target) else (high, above)
    return Calibrated(*near, bottom, top)
