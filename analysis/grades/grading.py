"""Grades: the grade of every unit, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.grades.schemes import Scheme
from analysis.ranks.ranking import Ranks
from analysis.uncertainty.bootstrap import Draws

BORDERLINE = 0.5
"""A grade less probable than this is called borderline."""


@dataclass(frozen=True)
class Grades:
    """The grade of every unit and the probability of every grade.

    Parameters
    ----------
    grades
        Names of the G grades, the best first.
    code
        Position of each unit's grade, -1 without one. Shape (U,).
    probability
        Share of bootstrap draws in which the unit got each grade. Shape (U, G).
    """

    grades: tuple[str, ...]
    code: np.ndarray
    probability: np.ndarray

    @property
    def p_grade(self) -> np.ndarray:
        """Probability of the unit's own grade, NaN without one. Shape (U,)."""
        own = self.probability[np.arange(len(self.code)), np.maximum(self.code, 0)]
        return np.where(self.code < 0, np.nan, own)


def grade_units(scores: np.ndarray, draws: Draws, scheme: Scheme) -> Grades:
    """Grade units, and every bootstrap draw of them by the same scheme.

    Parameters
    ----------
    scores
        Overall totals, shape (U,).
    draws
        Bootstrap draws of the same units.
    scheme
        How scores become grades.
    """
    code = scheme.classify(scores)
    drawn = scheme.classify(np.where(np.isnan(scores), np.nan, draws.total))
    counts = np.stack([(drawn == grade).sum(axis=0) for grade in range(len(scheme.grades))], axis=1)
    with np.errstate(invalid="ignore"):
        probability = counts / (drawn >= 0).sum(axis=0)[:, None]
    return Grades(scheme.grades, code, probability)


def grade_table(
    units: Sequence[str], scores: np.ndarray, draws: Draws, ranks: Ranks, grades: Grades
) -> pd.DataFrame:
    """Return one row a unit: grade, rank and score, each with its uncertainty.

    Returns
    -------
    Columns unit, grade, rank, rank_low, rank_high, score, score_low, score_high, p_grade,
    borderline; sorted by rank.
    """
    names = np.array([*grades.grades, None], dtype=object)
    table = pd.DataFrame(
        {
            "unit": list(units),
            "grade": names[grades.code],
            "rank": pd.array(ranks.rank, dtype="Int64"),
            "rank_low": pd.array(ranks.low, dtype="Int64"),
            "rank_high": pd.array(ranks.high, dtype="Int64"),
            "score": scores,
            "score_low": draws.low[:, -1, 0],
            "score_high": draws.high[:, -1, 0],
            "p_grade": grades.p_grade,
            "borderline": grades.p_grade < BORDERLINE,
        }
    )
    return table.sort_values(["rank", "unit"], na_position="last", ignore_index=True)


def probability_table(units: Sequence[str], grades: Grades) -> pd.DataFrame:
    """Return one row a unit and grade: columns unit, grade, probability."""
    return pd.DataFrame(
        {
            "unit": np.repeat(np.array(units, dtype=object), len(grades.grades)),
            "grade": np.tile(np.array(grades.grades, dtype=object), len(units)),
            "probability": grades.probability.ravel(),
        }
    )
