"""Grades: the grade of every unit, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.grades.cuts import grade_codes
from analysis.grades.schemes import AnyScheme
from analysis.ranks.ranking import Ranks
from analysis.uncertainty.bootstrap import Draws
from survey.findings import Finding, Severity

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
        Share of bootstrap draws in which the unit got each grade, NaN without one. Shape (U, G).
    cut, cut_low, cut_high
        Least score of each grade and its interval over the draws. Infinity where no unit reaches
        the grade, minus infinity where every unit does. Shape (G,).
    """

    grades: tuple[str, ...]
    code: np.ndarray
    probability: np.ndarray
    cut: np.ndarray
    cut_low: np.ndarray
    cut_high: np.ndarray

    @property
    def name(self) -> np.ndarray:
        """Name of each unit's grade, None without one. Shape (U,)."""
        return np.array([*self.grades, None], dtype=object)[self.code]

    @property
    def p_grade(self) -> np.ndarray:
        """Probability of the unit's own grade, NaN without one. Shape (U,)."""
        return _of_code(self.probability, self.code)

    @property
    def p_at_least(self) -> np.ndarray:
        """Probability of the unit's own grade or a better one, NaN without one. Shape (U,)."""
        return _of_code(self.probability.cumsum(axis=1), self.code)

    @property
    def runner_up(self) -> np.ndarray:
        """Position of the most probable other grade, -1 where there is none. Shape (U,)."""
        others = np.nan_to_num(self.probability)
        there = self.code >= 0
        others[there, self.code[there]] = 0
        return np.where(others.max(axis=1) > 0, others.argmax(axis=1), -1)


def _of_code(values: np.ndarray, code: np.ndarray) -> np.ndarray:
    own = values[np.arange(len(code)), np.maximum(code, 0)]
    return np.where(code < 0, np.nan, own)


def grade_units(scores: np.ndarray, draws: Draws, scheme: AnyScheme) -> Grades:
    """Grade units, and every bootstrap draw of them by the same scheme.

    Parameters
    ----------
    scores
        Overall totals, shape (U,).
    draws
        Bootstrap draws of the same units.
    scheme
        How scores become grades.

    Notes
    -----
    Every draw is graded as the edition was: a scheme that takes its cuts from the scores takes
    those of a draw from the draw. So a probability says how often a city would get the grade
    again if records were collected and graded anew, unstable cuts included; cuts held fixed would
    make natural breaks look as steady as published thresholds, and would push units outwards, as
    draws spread more than scores do. The cuts of a `SupportedScheme` rest on the uncertainty
    already, are found once, and are held.
    """
    held = scheme.settled(scores, draws)
    drawn = np.where(np.isnan(scores), np.nan, draws.total)
    cut, cuts = held.cuts(scores), held.cuts(drawn)
    codes = grade_codes(drawn, cuts)
    counts = np.stack([(codes == grade).sum(axis=0) for grade in range(len(held.grades))], axis=1)
    with np.errstate(invalid="ignore"):
        probability = counts / (codes >= 0).sum(axis=0)[:, None]
    low, high = _interval(cuts[(codes >= 0).any(axis=1)], draws.level)
    return Grades(
        held.grades, grade_codes(scores, cut), probability, cut,
        np.fmin(low, cut), np.fmax(high, cut),
    )  # fmt: skip


def _interval(cuts: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval of each cut, shape (G,); a cut may be infinite."""
    if not len(cuts):
        return np.full(cuts.shape[1], np.nan), np.full(cuts.shape[1], np.nan)
    tail = (1 - level) / 2
    low = np.quantile(cuts, tail, axis=0, method="lower")
    return low, np.quantile(cuts, 1 - tail, axis=0, method="higher")


def grade_findings(grades: Grades) -> tuple[Finding, ...]:
    """Note the grades that no unit got."""
    empty = [g for at, g in enumerate(grades.grades) if not (grades.code == at).any()]
    if not empty or not (grades.code >= 0).any():
        return ()
    return (
        Finding(
            "empty-grade",
            Severity.NOTE,
            column="、".join(empty),
            expected="a unit or more in every grade",
            got=f"{len(empty)} of {len(grades.grades)} grades without",
            hint="no total reaches them, totals are tied, or the data support fewer grades",
            count=len(empty),
        ),
    )


def grade_table(
    units: Sequence[str], scores: np.ndarray, draws: Draws, ranks: Ranks, grades: Grades
) -> pd.DataFrame:
    """Return one row a unit: grade, rank and score, each with its uncertainty.

    Returns
    -------
    Columns unit, grade, rank, rank_low, rank_high, score, score_low, score_high, p_grade,
    borderline, p_at_least (of the grade or a better one), runner_up (the most probable other
    grade), p_runner_up; sorted by rank.
    """
    names = np.array([*grades.grades, None], dtype=object)
    table = pd.DataFrame(
        {
            "unit": list(units),
            "grade": grades.name,
            "rank": pd.array(ranks.rank, dtype="Int64"),
            "rank_low": pd.array(ranks.low, dtype="Int64"),
            "rank_high": pd.array(ranks.high, dtype="Int64"),
            "score": scores,
            "score_low": draws.low[:, -1, 0],
            "score_high": draws.high[:, -1, 0],
            "p_grade": grades.p_grade,
            "borderline": grades.p_grade < BORDERLINE,
            "p_at_least": grades.p_at_least,
            "runner_up": names[grades.runner_up],
            "p_runner_up": _of_code(grades.probability, grades.runner_up),
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


def cut_table(grades: Grades) -> pd.DataFrame:
    """Return one row a grade, the best first.

    Returns
    -------
    Columns grade, n (units), least (the least total that gets the grade), least_low, least_high
    (its interval over the draws); NaN where there is no such total.
    """
    limits = (grades.cut, grades.cut_low, grades.cut_high)
    least, low, high = (np.where(np.isfinite(limit), limit, np.nan) for limit in limits)
    return pd.DataFrame(
        {
            "grade": list(grades.grades),
            "n": np.bincount(grades.code[grades.code >= 0], minlength=len(grades.grades)),
            "least": least,
            "least_low": low,
            "least_high": high,
        }
    )
