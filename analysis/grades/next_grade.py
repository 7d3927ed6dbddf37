"""The next grade: how far off it is, and which single indicator would bring a unit there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.optimize.elementwise import find_root

from analysis.grades.grading import Grades
from analysis.uncertainty.leaf_tree import LeafTree, leaf_indices
from indicators.scores import Scores

NAMED = 3
"""How many indicators a sentence names."""
CLOSE = 1e-9
"""Scores nearer to each other than this, as a share of the scale, are the same."""


def next_grades(scores: Scores, grades: Grades) -> pd.DataFrame:
    """Return what every unit lacks to the next grade, and how one leaf indicator would bring it.

    Parameters
    ----------
    scores
        Scores of the units.
    grades
        Their grades.

    Returns
    -------
    One row a unit and leaf that applies to it, by unit and gain; one row without an indicator
    for units without a next grade. Columns unit, grade, next_grade, gap (points of the total),
    p_next (the share of draws in which sampling alone gave the next grade or a better one),
    indicator, score, needed (the least score of the leaf that reaches the next grade, all others
    unchanged), gain (needed less score), feasible (whether the scale allows it).

    Notes
    -----
    The cuts are held as they are, which under a scheme that takes them from the scores means that
    the other units do not move. The next grade is the nearest one that some unit reaches. A leaf
    without a score that counts as 0, such as innovation without a case, starts from 0; one that is
    left out of the average cannot be said to gain, and is not feasible. Leaves are over all
    audiences. Averages, bonuses and caps are those of the system: the needed score is found by
    bracketing (Chandrupatla 1997, Advances in Engineering Software 28:145-149).
    """
    units, leaves = len(scores.units), LeafTree.of(scores)
    ids = np.array(scores.hierarchy.ids, dtype=object)[leaf_indices(scores.hierarchy)]
    target = _next_code(grades)
    aims = target >= 0
    goal = np.where(aims, grades.cut[target], np.nan)
    needed, start = _needed(_Raised(leaves, goal), aims)
    names = np.array([*grades.grades, None], dtype=object)
    reached = grades.probability.cumsum(axis=1)[np.arange(units), target]
    of_unit = {
        "unit": np.array(scores.units, dtype=object),
        "grade": grades.name,
        "next_grade": names[target],
        "gap": goal - scores.score[:, -1, 0],
        "p_next": np.where(aims, reached, np.nan),
    }
    leaf, unit = np.nonzero(leaves.applies & aims)
    order = np.lexsort((leaf, (needed - start)[leaf, unit], unit))
    leaf, unit = leaf[order], unit[order]
    rows = pd.DataFrame({name: values[unit] for name, values in of_unit.items()}).assign(
        indicator=ids[leaf],
        score=leaves.mean[leaf, unit],
        needed=needed[leaf, unit],
        gain=(needed - start)[leaf, unit],
        feasible=~np.isnan(needed[leaf, unit]),
        place=unit,
    )
    rest = pd.DataFrame({name: values[~aims] for name, values in of_unit.items()}).assign(
        indicator=None, score=np.nan, needed=np.nan, gain=np.nan, feasible=False,
        place=np.flatnonzero(~aims),
    )  # fmt: skip
    parts = [part for part in (rows, rest) if len(part)] or [rest]
    table = pd.concat(parts).sort_values("place", kind="stable", ignore_index=True)
    return table.drop(columns="place")


def _next_code(grades: Grades) -> np.ndarray:
    """Return the position of the next grade that can be reached, -1 without one. Shape (U,)."""
    above = np.append(np.inf, grades.cut)[np.maximum(grades.code, 0)]
    first = (grades.cut[None, :] <= above[:, None]).argmax(axis=1)
    return np.where((grades.code > 0) & np.isfinite(above), first, -1)


@dataclass(frozen=True)
class _Raised:
    """Units with one leaf raised: what their total then lacks of its goal.

    Parameters
    ----------
    leaves
        The leaves of U units.
    goal
        Total aimed at, shape (U,).
    """

    leaves: LeafTree
    goal: np.ndarray

    def beyond(self, value: np.ndarray, leaf: np.ndarray, unit: np.ndarray) -> np.ndarray:
        """Return the total less its goal, where a leaf of a unit has a value; shape (K,)."""
        held, at = self.leaves, (leaf, np.arange(len(unit)))
        mean, covered = held.mean[:, unit], held.covered[:, unit]
        covered[at] = np.where(np.isnan(mean[at]), 1.0, covered[at])
        mean[at] = value
        raised = replace(held, mean=mean, covered=covered, applies=held.applies[:, unit])
        return raised.totals(held.hierarchy.weight[:, None])[:, 0] - self.goal[unit]


def _needed(raised: _Raised, aims: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least score of each leaf that reaches the goal, and the score it has now.

    Returns
    -------
    needed, start
        Shape (L, U); needed is NaN where the scale does not allow it.
    """
    leaves, best = raised.leaves, raised.leaves.hierarchy.best
    start, needed = np.nan_to_num(leaves.mean), np.full(leaves.mean.shape, np.nan)
    leaf, unit = np.nonzero(leaves.applies & aims)
    if not leaf.size:
        return needed, start
    close = CLOSE * best
    now = leaves.totals(leaves.hierarchy.weight[:, None])[unit, 0] - raised.goal[unit]
    below = raised.beyond(start[leaf, unit], leaf, unit)
    top = raised.beyond(np.full(len(leaf), best), leaf, unit)
    able = (np.abs(below - now) <= close) & (top >= -close)
    needed[leaf[able], unit[able]] = best
    leaf, unit = (each[able & (below < 0) & (top > 0)] for each in (leaf, unit))
    if leaf.size:
        found = find_root(
            raised.beyond,
            (start[leaf, unit], np.full(len(leaf), best)),
            args=(leaf, unit),
            tolerances={"xatol": close},
        )
        needed[leaf, unit] = np.where(found.f_x >= 0, found.x, found.bracket[1])
    return needed, start


def next_grade_sentence(
    table: pd.DataFrame, unit: str, names: Mapping[str, str], lang: Literal["zh", "en"] = "zh"
) -> str:
    """Tell a unit what it lacks to the next grade.

    Parameters
    ----------
    table
        As `next_grades` returns it.
    unit
        A unit of it.
    names
        Indicator to its name, in the language.
    lang
        ``zh`` or ``en``.
    """
    rows = table[table["unit"] == unit]
    if rows.empty:
        raise ValueError(f"no unit {unit!r} in the table")
    first, zh = rows.iloc[0], lang == "zh"
    grade, target = first["grade"], first["next_grade"]
    if pd.isna(grade):
        return f"{unit}没有总分，未定等级。" if zh else f"{unit} has no total and no grade."
    if pd.isna(target):
        return (
            f"{unit}获{grade}等级，目前没有更高的等级可以达到。"
            if zh
            else f"{unit} has the grade {grade}; there is no better grade to reach."
        )
    gap, chance = _up(first["gap"]), f"{100 * first['p_next']:.0f}"
    rare = chance == "0"
    able = rows[rows["feasible"]]
    steps = [_step(row, names, zh) for row in able.head(NAMED).to_dict("records")]
    if zh:
        how = "单靠提高任何一项指标都不能达到，需要多项指标同时改进。"
        if steps:
            how = (
                f"其他条件不变时，单靠提高一项指标即可达到的有{len(able)}项，"
                f"所需提高最少的{'依次' * (len(steps) > 1)}为{'、'.join(steps)}。"
            )
        return (
            f"{unit}获{grade}等级，距{target}等级尚差{gap}分。{how}"
            f"按抽样误差推算，其获{target}或更高等级的概率{'不足1' if rare else '为' + chance}%。"
        )
    how = "No single indicator could bring it there; several have to improve together."
    if steps:
        how = (
            f"All else unchanged, {len(able)} indicators could each bring it there alone; "
            f"the least is needed of {', '.join(steps)}."
        )
        if len(able) == 1:
            how = f"All else unchanged, one indicator could bring it there alone: {steps[0]}."
    return (
        f"{unit} has the grade {grade}, {gap} points short of {target}. {how} "
        f"The chance that sampling alone would have given {target} or better is "
        f"{'below 1' if rare else chance} %."
    )


def _step(row: Mapping[Any, Any], names: Mapping[str, str], zh: bool) -> str:
    name, needed = names[row["indicator"]], _up(row["needed"])
    if zh:
        now = "无得分" if pd.isna(row["score"]) else f"{row['score']:.2f}分"
        return f"“{name}”（由{now}提高到{needed}分）"
    now = "no score" if pd.isna(row["score"]) else f"{row['score']:.2f}"
    return f"{name} (from {now} to {needed})"


def _up(value: float) -> str:
    """Write a number with two decimals, rounded up so that it is enough."""
    return str(Decimal(repr(round(float(value), 6))).quantize(Decimal("0.01"), ROUND_CEILING))
