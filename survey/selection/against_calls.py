"""What users say of a hotline against what mystery calls find: a line with errors on both sides."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from survey.selection.typical import typical_effect

FAINT = 0.1
"""Least share of the variance between units that is no error, for a slope to be told."""
_ODD = 3.0
_FEWEST_DEGREES, _FARTHEST = 5.0, 4.0
_ROUNDS = 20


@dataclass(frozen=True)
class Line:
    """How survey scores go with call scores.

    Parameters
    ----------
    slope, intercept
        Of the line through the true scores.
    scatter
        Standard deviation of true survey scores around it.
    reliability
        Share of the variance of the call scores between units that is no error of sampling.
    units
        How many tell of it.
    """

    slope: float
    intercept: float
    scatter: float
    reliability: float
    units: int


def survey_against_calls(
    survey: np.ndarray,
    survey_se: np.ndarray,
    calls: np.ndarray,
    calls_se: np.ndarray,
    *,
    least_units: int,
) -> tuple[pd.DataFrame, Line]:
    """Find units whose survey score lies above what their calls let expect.

    The slope is the moment estimator for errors in both variables (Fuller 1987, Measurement Error
    Models, section 3.1; the BCES(Y|X) line of Akritas and Bershady 1996): the covariance over the
    variance of the call scores less their sampling variance. Intercept and scatter come from
    `survey.selection.typical.typical_effect`, and units more than three standard deviations away
    are left out of the slope in the next round, so that the units sought do not bend the line.

    Cities differ from the line in more than a normal distribution has them do: calls and surveys
    ask of different things. So chances come from a t distribution with the tails of the lower
    half, where no gaming is (6 / (degrees - 4) is its excess kurtosis, cut at four standard
    deviations), and its quartiles.

    Parameters
    ----------
    survey, survey_se, calls, calls_se
        Scores and standard errors, shape (U,); NaN where a unit has none.
    least_units
        Fewest units with both for the line to be told.

    Returns
    -------
    table
        Columns survey_score, survey_se, call_score, call_se, expected_survey, residual_z,
        residual_p (one-sided, upward), survey_rank and call_rank (1 is best, among units with
        both).
    line
        The line; all NaN with fewer units.
    """
    both = np.isfinite(survey) & np.isfinite(survey_se) & np.isfinite(calls) & np.isfinite(calls_se)
    line = _line(survey[both], survey_se[both], calls[both], calls_se[both], least_units)
    expected = line.intercept + line.slope * calls
    scale = np.sqrt(survey_se**2 + (line.slope * calls_se) ** 2 + line.scatter**2)
    z = np.where(both, (survey - expected) / np.where(scale > 0, scale, np.nan), np.nan)
    table = pd.DataFrame(
        {
            "survey_score": survey,
            "survey_se": survey_se,
            "call_score": calls,
            "call_se": calls_se,
            "expected_survey": expected,
            "residual_z": z,
            "residual_p": _upper(z),
        }
    )
    for name in ("survey", "call"):
        ranked = table[f"{name}_score"].where(both)
        table[f"{name}_rank"] = ranked.rank(ascending=False, method="min").astype("Int64")
    return table, line


def _line(
    y: np.ndarray, y_se: np.ndarray, x: np.ndarray, x_se: np.ndarray, least_units: int
) -> Line:
    if len(y) < least_units:
        return Line(np.nan, np.nan, np.nan, np.nan, len(y))
    kept, slope, reliability = np.ones(len(y), dtype=bool), 0.0, 0.0
    rest = typical_effect(y, y_se)
    for _ in range(_ROUNDS):
        slope, reliability = _slope(y[kept], x[kept], x_se[kept])
        residual, se = y - slope * x, np.sqrt(y_se**2 + (slope * x_se) ** 2)
        rest = typical_effect(residual, se)
        scale = np.sqrt(se**2 + rest.spread**2)
        near = np.abs(residual - rest.centre) <= _ODD * scale
        if (near == kept).all() or near.sum() < least_units:
            break
        kept = near
    return Line(slope, rest.centre, rest.spread, reliability, len(y))


def _slope(y: np.ndarray, x: np.ndarray, x_se: np.ndarray) -> tuple[float, float]:
    (variance, covariance), _ = np.cov(x, y)
    true = variance - float(np.mean(x_se**2))
    reliability = max(true / variance, 0.0) if variance > 0 else 0.0
    return (float(covariance / true) if reliability >= FAINT else 0.0), reliability


def _upper(z: np.ndarray) -> np.ndarray:
    """Return the chance of as much or more, with the tails of the lower half."""
    lower = np.maximum(z[z < 0], -_FARTHEST)
    square = float((lower**2).mean()) if len(lower) else 0.0
    excess = float((lower**4).mean()) / square**2 - 3 if square > 0 else 0.0
    degrees = max(4 + 6 / excess, _FEWEST_DEGREES) if excess > 0 else np.inf
    quartile = stats.t.ppf(0.75, degrees) / stats.norm.ppf(0.75)
    return np.where(np.isnan(z), np.nan, stats.t.sf(z * quartile, degrees))
