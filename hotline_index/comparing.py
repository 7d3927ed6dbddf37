"""The comparisons of an edition, as tables of its results."""

import pandas as pd

from analysis.comparisons.group_tests import compare_groups, ordinal_contrasts
from analysis.comparisons.groups import factor_table, grade_points, group_grades, group_summary
from analysis.published.claims import judge_claims
from hotline_index.edition import Edition
from hotline_index.progress import Progress
from hotline_index.reading import Found
from survey.findings import Finding, Severity, did_you_mean, display_path, raise_errors

Tables = dict[str, pd.DataFrame]


def comparison_factors(edition: Edition, units: pd.DataFrame) -> list[str]:
    """Return the columns of the units that groups are made of.

    Raises
    ------
    InputError
        For a factor that the edition names and the register does not know.
    """
    config = edition.config
    known = [*edition.register.table.columns, "commended"]
    if "comparisons" in config.model_fields_set:
        raise_errors(
            Finding(
                "unknown-factor",
                Severity.ERROR,
                display_path(edition.folder / "edition.yaml"),
                None,
                "comparisons",
                "a column of the register of units",
                repr(factor),
                did_you_mean(factor, known),
            )
            for factor in config.comparisons
            if factor not in known
        )
    return [factor for factor in config.comparisons if factor in units]


def compare(
    edition: Edition, tables: Tables, units: pd.DataFrame, progress: Progress
) -> tuple[Tables, Found]:
    """Compare the grades of groups, and test the claims made of them."""
    config = edition.config
    factors = comparison_factors(edition, units)
    if not factors and not config.claims:
        progress.left_out("compare", "there is no column to group the units by")
        return {}, ()
    progress.step("compare")
    grades, order = tables["grades"][["unit", "grade"]], tables["composition"]["grade"].tolist()
    points = grade_points(grades, order)
    groups = factor_table(units, factors)
    level, seed = config.uncertainty.level, config.uncertainty.seed
    comparisons, found = compare_groups(
        points, groups, outcome_name="grade", level=level, seed=seed
    )
    contrasts, more = ordinal_contrasts(points, groups, level=level)
    found += tuple(finding for finding in more if finding not in found)
    compared = {
        "group_grades": group_grades(grades, units, factors, order),
        "group_summary": group_summary(grades, units, factors, order),
        "comparisons": comparisons,
        "contrasts": contrasts,
    }
    if config.claims:
        compared["claims"] = judge_claims(
            config.claims, grades, units, comparisons, contrasts, order=order, level=level
        )
    return compared, found
