"""Cuts: the least score of every grade, and the grades that follow from them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Scheme(Protocol):
    """A rule that finds the cuts of any scores: of an edition, or of draws of it."""

    @property
    def grades(self) -> tuple[str, ...]:
        """The G grades from the best to the worst."""
        ...

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the least score of each grade, falling. Shape (..., U) to (..., G)."""
        ...

    def classify(self, scores: np.ndarray) -> np.ndarray:
        """Return the position of each unit's grade, -1 without a score. Shape (..., U)."""
        ...


@dataclass(frozen=True)
class Cuts:
    """Cuts that stand whatever the scores: a `Scheme`.

    Parameters
    ----------
    grades
        Names of the G grades, the best first.
    least
        Least score of each, falling, minus infinity for the worst. Shape (G,).
    """

    grades: tuple[str, ...]
    least: np.ndarray

    def cuts(self, scores: np.ndarray) -> np.ndarray:
        """Return the same cuts for every row of scores. Shape (..., U) to (..., G)."""
        return np.broadcast_to(self.least, (*scores.shape[:-1], len(self.least)))

    def classify(self, scores: np.ndarray) -> np.ndarray:
        """Return the position of each unit's grade, -1 without a score. Shape (..., U)."""
        return grade_codes(scores, self.cuts(scores))


def grade_codes(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Return the position of the best grade whose cut a score reaches.

    Parameters
    ----------
    scores
        Shape (..., U); NaN has no grade.
    cuts
        Least score of each grade, falling; that of the worst does not count. Shape (..., G).

    Returns
    -------
    Codes from 0 for the best grade, -1 without a score. Shape (..., U).
    """
    code = np.where(np.isnan(scores), -1, 0)
    for cut in np.moveaxis(cuts[..., :-1], -1, 0):
        code += scores < cut[..., None]
    return code


def best_first(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return scores from the highest, NaN last, and how many there are.

    Returns
    -------
    ordered, n
        Shape (..., U) and (..., 1).
    """
    return -np.sort(-scores, axis=-1), (~np.isnan(scores)).sum(axis=-1, keepdims=True)


def least_scores(ordered: np.ndarray, n: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the cuts that give each grade or a better one to so many units.

    Parameters
    ----------
    ordered, n
        As `best_first` returns them.
    upto
        Units with each grade or a better one, not falling; units of equal score that straddle
        it all get the better grade. Int, shape (..., G).

    Returns
    -------
    The score of the last of them; infinity where there is none, minus infinity where the grade
    is open to all. Shape (..., G).
    """
    last = np.take_along_axis(ordered, np.clip(upto - 1, 0, ordered.shape[-1] - 1), axis=-1)
    return np.where(upto >= n, -np.inf, np.where(upto <= 0, np.inf, last))
