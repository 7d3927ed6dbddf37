"""Peers: rank and grade among units alike, on a scale of their own."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.grades.grading import grade_units
from analysis.grades.schemes import AnyScheme
from analysis.ranks.ranking import rank_units
from analysis.uncertainty.bootstrap import Draws
from survey.findings import Finding, Severity


def peer_table(
    units: Sequence[str],
    totals: np.ndarray,
    draws: Draws,
    groups: pd.DataFrame,
    scheme: AnyScheme,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Rank and grade the units of every group among themselves.

    Parameters
    ----------
    units
        The units, length U.
    totals
        Overall totals, shape (U,).
    draws
        Bootstrap draws of the same units.
    groups
        Index unit, a column a factor, NaN where a unit is in no group of it
        (`analysis.comparisons.groups.factor_table`).
    scheme
        How scores become grades within each group.

    Returns
    -------
    table
        One row a factor and unit that has a group and a total, by group and rank. Columns unit,
        factor, group, n (units of the group with a total), rank, rank_low, rank_high, grade,
        p_grade.
    findings
        Warnings for groups with fewer units than there are grades, and notes on units without a
        group.
    """
    tables, findings = [], []
    there = ~np.isnan(totals)
    for factor in map(str, groups.columns):
        held = groups[factor].reindex(list(units))
        small = []
        for group in sorted(held[there].dropna().unique()):
            at = np.flatnonzero((held == group).fillna(value=False).to_numpy(dtype=bool) & there)
            tables.append(
                _within(units, totals, draws, at, scheme).assign(factor=factor, group=group)
            )
            if len(at) < len(scheme.grades):
                small.append(group)
        if small:
            findings.append(_small(factor, small, len(scheme.grades)))
        if alone := int((held.isna() & there).sum()):
            findings.append(_ungrouped(factor, alone))
    columns = [
        "unit", "factor", "group", "n", "rank", "rank_low", "rank_high", "grade", "p_grade",
    ]  # fmt: skip
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return table[columns], tuple(findings)


def _within(
    units: Sequence[str], totals: np.ndarray, draws: Draws, at: np.ndarray, scheme: AnyScheme
) -> pd.DataFrame:
    own = replace(
        draws, total=draws.total[:, at], leaves=draws.leaves[:, at],
        se=draws.se[at], low=draws.low[at], high=draws.high[at],
    )  # fmt: skip
    ranks, grades = rank_units(totals[at], own), grade_units(totals[at], own, scheme)
    table = pd.DataFrame(
        {
            "unit": [units[place] for place in at],
            "n": len(at),
            "rank": pd.array(ranks.rank, dtype="Int64"),
            "rank_low": pd.array(ranks.low, dtype="Int64"),
            "rank_high": pd.array(ranks.high, dtype="Int64"),
            "grade": grades.name,
            "p_grade": grades.p_grade,
        }
    )
    return table.sort_values(["rank", "unit"], ignore_index=True)


def _small(factor: str, groups: Sequence[str], grades: int) -> Finding:
    return Finding(
        "small-peer-group",
        Severity.WARNING,
        column=factor,
        expected=f"{grades} units or more in a group, one for each grade",
        got=f"{len(groups)} groups with fewer: {', '.join(groups[:5])}" + ", …" * (len(groups) > 5),
        hint="their grades within the group say little; use fewer grades or larger groups",
        count=len(groups),
    )


def _ungrouped(factor: str, count: int) -> Finding:
    return Finding(
        "no-peer-group",
        Severity.NOTE,
        column=factor,
        expected="a group for every unit",
        got=f"{count} units without",
        hint="they are ranked among all units only",
        count=count,
    )
