"""Groups of units: which unit is in which, and how the grades of each came out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.comparisons.effects import SMALL_GROUP
from analysis.grades.schemes import GRADES
from survey.findings import Finding, Severity

FACTOR_VALUES: Mapping[str, tuple[str, str]] = {
    "coastal": ("沿海", "内陆"),
    "commended": ("受表扬", "未受表扬"),
}
"""Names of the groups of a yes-or-no factor: yes, no."""

UNGROUPED = "未归类"
"""Where a unit without a group is counted in descriptive tables."""

TOP_GRADES = 2
"""How many of the best grades `group_summary` counts as top."""


def factor_table(units: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    """Return the group of every unit: index unit, a column a factor, NaN where it has none.

    Parameters
    ----------
    units
        Columns unit and every factor; a yes-or-no factor may be boolean.
    factors
        Names of columns.
    """
    table = units.set_index("unit")[list(factors)]
    return table.apply(lambda column: _named(column, str(column.name)))


def _named(column: pd.Series, factor: str) -> pd.Series:
    if not pd.api.types.is_bool_dtype(column.dropna().infer_objects()):
        return column.astype("string")
    yes, no = FACTOR_VALUES.get(factor, ("是", "否"))
    return column.map({True: yes, False: no}).astype("string")


def grade_points(grades: pd.DataFrame, order: Sequence[str] = GRADES) -> pd.Series:
    """Return grades as points, 1 for the worst; index unit, NaN without a grade.

    Parameters
    ----------
    grades
        Columns unit, grade.
    order
        Every grade, from the best to the worst.

    Raises
    ------
    ValueError
        Where a grade is not in `order`.
    """
    points = {grade: float(len(order) - place) for place, grade in enumerate(order)}
    grade = _known(grades, order).set_index("unit")["grade"]
    return grade.map(points).astype(float).rename("points")


def _known(grades: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    if unknown := set(grades["grade"].dropna()) - set(order):
        raise ValueError(f"grades {sorted(unknown)} are not among {list(order)}")
    return grades


def composition(
    grades: pd.DataFrame, published: pd.DataFrame | None = None, order: Sequence[str] = GRADES
) -> pd.DataFrame:
    """Count the units of every grade, beside what was published.

    Parameters
    ----------
    grades
        Columns unit, grade.
    published
        Columns grade, n, share (a fraction), as printed; None where nothing was.
    order
        Every grade, from the best to the worst.

    Returns
    -------
    A row a grade in order; columns grade, n, share (a fraction of the graded units), published_n,
    published_share (NaN where none).
    """
    n = _known(grades, order)["grade"].value_counts().reindex(list(order), fill_value=0)
    printed = pd.DataFrame(columns=["n", "share"], dtype=float)
    if published is not None:
        printed = published.set_index("grade")[["n", "share"]].astype(float)
    printed = printed.reindex(list(order))
    return pd.DataFrame(
        {
            "grade": list(order), "n": n.to_numpy(), "share": (n / n.sum()).to_numpy(),
            "published_n": printed["n"].to_numpy(), "published_share": printed["share"].to_numpy(),
        }
    )  # fmt: skip


def group_grades(
    grades: pd.DataFrame,
    units: pd.DataFrame,
    factors: Sequence[str],
    order: Sequence[str] = GRADES,
) -> pd.DataFrame:
    """Count the grades of every group.

    Parameters
    ----------
    grades
        Columns unit, grade.
    units
        Columns unit and every factor.
    factors
        Names of columns of `units`.
    order
        Every grade, from the best to the worst.

    Returns
    -------
    Columns factor, group, grade, n, share (of the group's units); a row for every grade of every
    group, also where no unit has it. Graded units without a group stand under `UNGROUPED`.
    """
    parts = []
    for factor, group, grade in _grouped(_known(grades, order), units, factors):
        counts = pd.crosstab(group, grade).reindex(columns=list(order), fill_value=0)
        counts = counts.rename_axis("group").reset_index()
        part = counts.melt("group", var_name="grade", value_name="n").sort_values(
            "group", kind="stable"
        )
        part["share"] = part["n"] / part.groupby("group")["n"].transform("sum")
        parts.append(part.assign(factor=factor))
    table = pd.concat(parts, ignore_index=True)
    return table[["factor", "group", "grade", "n", "share"]]


def group_summary(
    grades: pd.DataFrame,
    units: pd.DataFrame,
    factors: Sequence[str],
    order: Sequence[str] = GRADES,
) -> pd.DataFrame:
    """Describe the grades of every group in one row.

    Parameters
    ----------
    grades, units, factors, order
        As for `group_grades`.

    Returns
    -------
    Columns factor, group, n, mean_position (mean grade points, the worst grade being 1),
    median_grade (the best grade that at least half the units reach), top_n and top_share (the
    best `TOP_GRADES` grades). Within a factor the group with the highest mean stands first.
    """
    worst_first = list(reversed(order))
    parts = []
    for factor, group, grade in _grouped(_known(grades, order), units, factors):
        points = grade.map({name: place + 1 for place, name in enumerate(worst_first)}).astype(int)
        by_group = points.groupby(group)
        part = pd.DataFrame(
            {
                "n": by_group.size(),
                "mean_position": by_group.mean(),
                "median_grade": by_group.quantile(0.5, interpolation="lower").astype(int),
                "top_n": (points > len(order) - TOP_GRADES).groupby(group).sum(),
            }
        )
        part["median_grade"] = [worst_first[point - 1] for point in part["median_grade"]]
        part["top_share"] = part["top_n"] / part["n"]
        part = part.rename_axis("group").reset_index().assign(factor=factor)
        parts.append(part.sort_values(["mean_position", "group"], ascending=[False, True]))
    table = pd.concat(parts, ignore_index=True)
    return table[["factor", "group", "n", "mean_position", "median_grade", "top_n", "top_share"]]


def _grouped(
    grades: pd.DataFrame, units: pd.DataFrame, factors: Sequence[str]
) -> list[tuple[str, pd.Series, pd.Series]]:
    """Return, of each factor, the group and the grade of every graded unit."""
    graded = grades.dropna(subset=["grade"]).set_index("unit")["grade"]
    groups = factor_table(units, factors).reindex(graded.index).fillna(UNGROUPED)
    return [(factor, groups[factor], graded) for factor in factors]


def with_outcome(outcome: pd.Series, groups: pd.DataFrame) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return the outcomes that are there, and a finding that counts the units without one.

    Parameters
    ----------
    outcome
        Index unit.
    groups
        Index unit; a unit of it without an outcome is counted too.

    Returns
    -------
    Outcomes as float, sorted by unit so that no result hangs on the order of rows.

    Raises
    ------
    ValueError
        Where a unit stands twice.
    """
    if (
        twice := outcome.index[outcome.index.duplicated()]
        .union(groups.index[groups.index.duplicated()])
        .tolist()
    ):
        raise ValueError(f"units stand twice: {twice}")
    there = outcome.dropna().astype(float).sort_index()
    missing = outcome.index.union(groups.index).difference(there.index)
    return there, _left_out("no-outcome", "an outcome for every unit", missing)


def in_groups(outcome: pd.Series, group: pd.Series) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the units with a group, and a finding that counts those without.

    Parameters
    ----------
    outcome
        As from `with_outcome`.
    group
        Index unit; the name is the factor.

    Returns
    -------
    Index unit, columns outcome and group.
    """
    data = pd.DataFrame({"outcome": outcome, "group": group.reindex(outcome.index)})
    missing = data.index[data["group"].isna()]
    findings = _left_out("no-group", "a group for every unit", missing, str(group.name))
    return data.drop(index=missing), findings


def _left_out(check: str, expected: str, units: pd.Index, factor: str = "") -> tuple[Finding, ...]:
    if units.empty:
        return ()
    got = "、".join(units[:5].astype(str)) + ("…" if len(units) > 5 else "")
    hint = "these units are left out of the comparison"
    return (Finding(check, Severity.WARNING, "", None, factor, expected, got, hint, len(units)),)


def group_sizes(group: pd.Series) -> pd.Series:
    """Return the number of units of every group, the smallest first, then by name."""
    return group.value_counts().sort_index().sort_values(kind="stable")


def untestable(data: pd.DataFrame, factor: str) -> Finding | None:
    """Return why a factor cannot be tested, or None; `data` as from `in_groups`."""
    if data["group"].nunique() < 2:
        got = f"{data['group'].nunique()} group(s) with an outcome"
        check, expected = "single-group", "two groups or more"
    elif data["outcome"].nunique() < 2:
        got = f"the same outcome for all {len(data)} units"
        check, expected = "constant-outcome", "outcomes that differ"
    else:
        return None
    hint = "the factor is not compared"
    return Finding(check, Severity.WARNING, "", None, factor, expected, got, hint, len(data))


def small_groups(sizes: pd.Series, factor: str) -> list[Finding]:
    """Return a note on the groups under `SMALL_GROUP` units, if there are any."""
    small = sizes[sizes < SMALL_GROUP]
    if small.empty:
        return []
    got = "、".join(f"{name} ({n})" for name, n in small.items())
    expected, hint = f"at least {SMALL_GROUP} units a group", "reported, but with little certainty"
    return [
        Finding("small-group", Severity.NOTE, "", None, factor, expected, got, hint, len(small))
    ]
