"""Schemes: how scores become grades."""

from typing import Annotated, Any

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from analysis.ranks.ranking import rank_scores
from survey.yaml_source import Strict

GRADES = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
"""From the best to the worst, as the 2021 report names them."""


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
