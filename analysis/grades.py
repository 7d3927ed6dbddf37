"""Grades: schemes that turn scores into classes, and how sure a grade is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Discriminator, Field, Tag, model_validator

from analysis.ranks import Ranks, rank_scores
from analysis.resample import Draws
from survey.yaml_source import Strict

GRADES = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
"""From the best to the worst, as the 2021 report names them."""

BORDERLINE = 0.5
"""A grade less probable than this is called borderline."""


class SharesScheme(Strict):
    """Grades by rank: each takes its share of the units, from the best down.

    Parameters
    ----------
    shares
        Grade to share or number of units, from the best to the worst; only their proportions
        count.
    """

    shares: Annotated[dict[str, Annotated[float, Field(gt=0)]], Field(min_length=2)]

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades from the best to the worst."""
        return tuple(self.shares)

    def classify(self, scores: np.ndarray) -> np.ndarray:
        """Return the position of each unit's grade, -1 without a score. Shape (..., U)."""
        ranks = rank_scores(scores)
        n = (~np.isnan(scores)).sum(axis=-1, keepdims=True)
        shares = np.cumsum(list(self.shares.values()))
        position = (ranks - 0.5) / np.maximum(n, 1)
        code = np.searchsorted(shares / shares[-1], position, side="left")
        return np.where(np.isnan(scores), -1, np.minimum(code, len(self.shares) - 1))


class ThresholdsScheme(Strict):
    """Grades by score: the least score of each grade.

    Parameters
    ----------
    thresholds
        Grade to its least score, falling from the best grade to the worst, whose own is 0.
    """

    thresholds: Annotated[
        dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]], Field(min_length=2)
    ]

    @model_validator(mode="after")
    def _falls(self) -> "ThresholdsScheme":
        bounds = np.array(list(self.thresholds.values()))
        if (np.diff(bounds) >= 0).any() or bounds[-1] != 0:
            raise ValueError("scores that fall from grade to grade and end at 0")
        return self

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades from the best to the worst."""
        return tuple(self.thresholds)

    def classify(self, scores: np.ndarray) -> np.ndarray:
        """Return the position of each unit's grade, -1 without a score. Shape (..., U)."""
        bounds = -np.array(list(self.thresholds.values()))
        code = np.searchsorted(bounds, -np.nan_to_num(scores), side="left")
        return np.where(np.isnan(scores), -1, np.minimum(code, len(bounds) - 1))


Scheme = SharesScheme | ThresholdsScheme


def _scheme_name(scheme: Any) -> str | None:
    keys = scheme if isinstance(scheme, dict) else getattr(type(scheme), "model_fields", {})
    return next((name for name in ("shares", "thresholds") if name in keys), None)


AnyScheme = Annotated[
    Annotated[SharesScheme, Tag("shares")] | Annotated[ThresholdsScheme, Tag("thresholds")],
    Discriminator(
        _scheme_name,
        custom_error_type="unknown_scheme",
        custom_error_message="one of the schemes shares, thresholds",
    ),
]
"""A scheme as a key of a configuration names it."""

PUBLISHED_2021 = SharesScheme(
    shares=dict(zip(GRADES, (10, 33, 30, 60, 34, 72, 18, 35, 17, 26), strict=True))
)
"""The numbers of cities in each grade of the 2021 report (its table 2): the default scheme."""


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
