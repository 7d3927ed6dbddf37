"""Sensitivity: which factors of the method move the ranks, all taken together and unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import qmc

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.method import failures, mean_shift
from analysis.uncertainty.sobol import Indices, variance_indices
from analysis.uncertainty.variants import Method
from indicators.scores import Scores
from survey.findings import Finding, InputError, Severity

WIDEST = 0.2
"""An index whose interval is wider says too little to be published."""
FIGURES = ("first", "first_low", "first_high", "total", "total_low", "total_high")


@dataclass(frozen=True)
class Sensitivity:
    """How much of the movement of ranks comes from each factor.

    Parameters
    ----------
    shift
        Of the mean shift of ranks: columns factor, first, first_low, first_high, total,
        total_low, total_high. The first order is the share of the variance that goes with the
        factor alone; the total order adds all that it does together with others.
    units
        Of each unit's own rank: the same columns after unit; missing for a rank that never moves.
    """

    shift: pd.DataFrame
    units: pd.DataFrame


def rank_sensitivity(
    scores: Scores,
    plan: MethodPlan,
    *,
    by: Literal["factor", "kind"] = "factor",
    level: float = 0.95,
    widest: float = WIDEST,
) -> tuple[Sensitivity, tuple[Finding, ...]]:
    """Split the variance of ranks among the factors of a plan.

    Parameters
    ----------
    scores
        The scores as they are.
    plan
        What varies; its `base` is the size of the design.
    by
        ``factor`` for each weight by itself, ``kind`` for all weights together as ``weights``.
    level
        Level of the bootstrap intervals of the indices.
    widest
        Widest interval of an index of the mean shift that is accepted.

    Returns
    -------
    indices
        `Sensitivity`.
    findings
        What counts draws without a total, options that exclude each other, and units whose own
        indices are wider than `widest`.

    Raises
    ------
    InputError
        Where the plan does not fit the system, and ``design-too-small`` where intervals are too
        wide or contradict each other, with the base that would do.

    Notes
    -----
    The points are a scrambled Sobol sequence of twice as many columns as factors (Saltelli et al.
    2010, section 5); an option is a uniform number cut into equal parts. The mean shift is that of
    `analysis.uncertainty.method.mean_shift`.
    """
    method = Method.of(scores, method_factors(plan, scores.system))
    _refuse_nothing(method)
    groups = _groups(method, by)
    design = sobol_points(plan.base, 2 * len(method.factors), plan.seed)
    a, b = np.split(design, 2, axis=1)
    points = [a, b]
    for columns in groups.values():
        point = a.copy()
        point[:, columns] = b[:, columns]
        points.append(point)
    ranks = np.stack([method.ranks(method.totals(method.at(x))) for x in points], dtype=np.float32)
    found = failures(method, np.concatenate(ranks))
    shifts = np.stack([mean_shift(method.rank, each) for each in ranks])[..., None]
    of_shift = variance_indices(shifts[0], shifts[1], shifts[2:], seed=plan.seed)
    refuse_small_design(of_shift, plan.base, level=level, widest=widest)
    shift = indices_table(of_shift, list(groups), level)[0]
    ranked = np.flatnonzero(~np.isnan(method.rank))
    own = ranks[..., ranked]
    of_units = variance_indices(own[0], own[1], own[2:], seed=plan.seed)
    names = [scores.units[at] for at in ranked]
    tables = indices_table(of_units, list(groups), level)
    units = pd.concat(dict(zip(names, tables, strict=True)), names=["unit"])
    units = units.reset_index(level="unit").reset_index(drop=True)
    return Sensitivity(shift, units), (*found, *_wide_units(units, widest))


def sobol_points(n: int, columns: int, seed: int) -> np.ndarray:
    """Return the first n points of a scrambled Sobol sequence, a power of 2; (n, columns)."""
    return qmc.Sobol(columns, rng=np.random.default_rng(seed)).random(n)


def indices_table(indices: Indices, factors: Sequence[str], level: float) -> list[pd.DataFrame]:
    """Return for each output a table of factor and the six `FIGURES`."""
    figures = np.stack(
        [each for order in ("first", "total") for each in indices.interval(order, level)], axis=-1
    )
    tables = []
    for of_output in np.moveaxis(figures, 1, 0):
        table = pd.DataFrame(of_output, columns=list(FIGURES))
        table.insert(0, "factor", list(factors))
        tables.append(table)
    return tables


def refuse_small_design(
    indices: Indices, base: int, *, level: float, widest: float = WIDEST
) -> None:
    """Refuse indices of one output whose design is too small to tell them.

    Raises
    ------
    InputError
        Where an interval is wider than `widest`, or the first orders together surely exceed 1,
        as shares of one variance cannot.
    """
    width = 0.0
    for order in ("first", "total"):
        _, low, high = indices.interval(order, level)
        width = max(width, float(np.nanmax(high - low, initial=0)))
    sums = indices.shares(indices.first.sum(axis=1, keepdims=True))[1:]
    least = float(np.nan_to_num(np.quantile(sums, (1 - level) / 2)))
    if width <= widest and least <= 1:
        return
    needed = 2 ** int(np.ceil(np.log2(base * max((width / widest) ** 2, 2))))
    got = f"an interval {width:.2f} wide with base {base}"
    if least > 1:
        got += f", and first orders that add up to more than {least:.2f}"
    hint = f"method: base: {needed} would do"
    expected = f"intervals of indices at most {widest:g} wide, first orders that sum to 1 or less"
    raise InputError(
        [Finding("design-too-small", Severity.ERROR, "", None, "method.base", expected, got, hint)]
    )


def _groups(method: Method, by: Literal["factor", "kind"]) -> dict[str, list[int]]:
    """Return the columns of the design that vary together, by name."""
    groups: dict[str, list[int]] = {}
    for column, factor in enumerate(method.factors):
        together = by == "kind" and column < len(method.weights)
        groups.setdefault("weights" if together else factor.name, []).append(column)
    return groups


def _refuse_nothing(method: Method) -> None:
    if not method.factors:
        expected = "a weight or an alternative that varies"
        raise InputError(
            [
                Finding(
                    "nothing-varies", Severity.ERROR, column="method", expected=expected, got="none"
                )
            ]
        )


def _wide_units(units: pd.DataFrame, widest: float) -> tuple[Finding, ...]:
    width = np.maximum(
        units["first_high"] - units["first_low"], units["total_high"] - units["total_low"]
    )
    wide = sorted(set(units.loc[width > widest, "unit"]))
    if not wide:
        return ()
    return (
        Finding(
            "wide-indices",
            Severity.NOTE,
            column="method.base",
            expected=f"intervals of indices at most {widest:g} wide",
            got=f"wider for the rank of {len(wide)} units",
            hint="read their indices with their intervals, or take a larger base",
            count=len(wide),
        ),
    )
