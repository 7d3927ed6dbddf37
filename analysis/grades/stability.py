"""Stability: whether grades survive another sample, and another scheme."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.grades.grading import BORDERLINE, Grades, cut_table, grade_units
from analysis.grades.schemes import (
    AnyScheme,
    DeviationsScheme,
    KMeansScheme,
    NaturalBreaksScheme,
    SharesScheme,
    SupportedScheme,
    ThresholdsScheme,
)
from analysis.grades.supported import order_errors
from analysis.uncertainty.bootstrap import Draws

SURE = 0.9
"""A grade at least this probable is called sure."""
SPAN = 4.0
"""Standard deviations from the best cut to the worst but one, over one grade fewer."""
EDITION = "edition"
"""Name of the edition's own scheme among others."""


def comparison_schemes(scheme: AnyScheme, scale: float = 10.0) -> dict[str, AnyScheme]:
    """Return an edition's scheme and sensible others with the same grades.

    Parameters
    ----------
    scheme
        The edition's own.
    scale
        The top of the scale.

    Returns
    -------
    Under `EDITION` the scheme itself; then ``equal_shares`` (as many units in every grade),
    ``equal_steps`` (thresholds that part the scale evenly), ``deviations`` (bands of
    4 / (G - 1) standard deviations about the mean), ``natural_breaks``, ``kmeans`` and
    ``supported`` (error 0.05), without one that is the edition's own.
    """
    names = scheme.grades
    count = len(names)
    steps = [scale * (count - 1 - at) / count for at in range(count)]
    bands = [SPAN * ((count - 2) / 2 - at) / (count - 1) for at in range(count - 1)]
    others: dict[str, AnyScheme] = {
        "equal_shares": SharesScheme(shares=dict.fromkeys(names, 1)),
        "equal_steps": ThresholdsScheme(thresholds=dict(zip(names, steps, strict=True))),
        "deviations": DeviationsScheme(deviations=dict(zip(names, [*bands, None], strict=True))),
        "natural_breaks": NaturalBreaksScheme(natural_breaks=names),
        "kmeans": KMeansScheme(kmeans=names),
        "supported": SupportedScheme(supported=names),
    }
    return {EDITION: scheme} | {name: each for name, each in others.items() if each != scheme}


def grade_by_schemes(
    totals: np.ndarray, draws: Draws, schemes: Mapping[str, AnyScheme]
) -> dict[str, Grades]:
    """Grade units, and every draw of them, by several schemes.

    Parameters
    ----------
    totals
        Overall totals, shape (U,).
    draws
        Bootstrap draws of the same units.
    schemes
        Name to scheme.
    """
    return {name: grade_units(totals, draws, scheme) for name, scheme in schemes.items()}


def scheme_stability(
    graded: Mapping[str, Grades], better: np.ndarray, base: str = EDITION
) -> pd.DataFrame:
    """Return how far the grades of several schemes can be relied on, and agree with one of them.

    Parameters
    ----------
    graded
        Name of a scheme to the grades of the same units.
    better
        Probability, given the data, that the row's unit is better than the column's; shape (U, U).
    base
        The scheme that the others are held against.

    Returns
    -------
    One row a scheme; columns scheme, grades (how many some unit has), kept (the expected share of
    units that would get their grade again), kappa (the same beyond chance, which few or uneven
    grades make likely: Cohen 1960, Educational and Psychological Measurement 20:37-46), sure (the
    share of units whose grade is at least 0.9 probable), borderline (less than 0.5), pairs,
    tau, error, adjacent (see `analysis.grades.supported.OrderErrors`), same (the share of units
    with the grade that the base scheme gives), tau_b (Kendall's rank correlation with it) and
    weighted_kappa (with quadratic weights). NaN where a figure is not defined, as the last two
    where every unit has one grade, or `same` where the schemes name other grades.
    """
    rows = []
    for name, grades in graded.items():
        errors = order_errors(grades.code, better)
        p = grades.p_grade[~np.isnan(grades.p_grade)]
        rows.append(
            {
                "scheme": name,
                "grades": len(np.unique(grades.code[grades.code >= 0])),
                "kept": _mean(p),
                "kappa": _beyond_chance(grades),
                "sure": _mean(p >= SURE),
                "borderline": _mean(p < BORDERLINE),
                "pairs": errors.pairs,
                "tau": errors.tau,
                "error": errors.error,
                "adjacent": errors.adjacent,
                **_agreement(grades, graded[base]),
            }
        )
    return pd.DataFrame(rows)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def _beyond_chance(grades: Grades) -> float:
    there = ~np.isnan(grades.p_grade)
    if not there.any():
        return np.nan
    own = np.bincount(grades.code[there], minlength=len(grades.grades)) / there.sum()
    chance = float(own @ grades.probability[there].mean(axis=0))
    return float((grades.p_grade[there].mean() - chance) / (1 - chance)) if chance < 1 else np.nan


def _agreement(grades: Grades, base: Grades) -> dict[str, float]:
    from statsmodels.stats.inter_rater import cohens_kappa

    both = (grades.code >= 0) & (base.code >= 0)
    here, there = grades.code[both], base.code[both]
    figures: dict[str, float] = {"same": np.nan, "tau_b": np.nan, "weighted_kappa": np.nan}
    if len(here) and grades.grades == base.grades:
        figures["same"] = float((here == there).mean())
    if len(np.unique(here)) > 1 and len(np.unique(there)) > 1:
        tau: Any = stats.kendalltau(here, there)
        figures["tau_b"] = float(tau.statistic)
        if len(grades.grades) == len(base.grades):
            counts = np.zeros((len(grades.grades),) * 2)
            np.add.at(counts, (here, there), 1)
            kappa: Any = cohens_kappa(counts, wt="quadratic", return_results=False)
            figures["weighted_kappa"] = float(kappa)
    return figures


def side_by_side(units: Sequence[str], graded: Mapping[str, Grades]) -> pd.DataFrame:
    """Return one row a unit: its grade under every scheme, and how many different ones it has.

    Returns
    -------
    Columns unit, one named as each scheme, distinct.
    """
    table = pd.DataFrame({name: grades.name for name, grades in graded.items()})
    table.insert(0, "unit", list(units))
    return table.assign(distinct=table[list(graded)].nunique(axis=1))


def scheme_cuts(graded: Mapping[str, Grades]) -> pd.DataFrame:
    """Return the cuts of every scheme: column scheme, then those of `grading.cut_table`."""
    tables = [cut_table(grades).assign(scheme=name) for name, grades in graded.items()]
    table = pd.concat(tables, ignore_index=True)
    return table[["scheme", *table.columns.drop("scheme")]]
