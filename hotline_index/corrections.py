"""What corrections did: the scores, ranks and grades before and after them."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.grades.cuts import grade_codes
from analysis.grades.grading import Grades
from analysis.grades.schemes import AnyScheme, SupportedScheme
from analysis.ranks.ranking import rank_scores
from indicators.scores import Scores, score
from survey.ledger import CorrectedRecords, uncorrected

EFFECTS = (
    "unit", "corrections", "records", "items", "score_before", "score_after", "rank_before",
    "rank_after", "grade_before", "grade_after",
)  # fmt: skip
REASONS = ("table", "item", "reason", "corrections", "records", "units")


def scores_before(scores: Scores) -> Scores | None:
    """Score the records as they were collected; None where nothing was corrected.

    Tables without a correction keep their points, so that only corrected ones are scored again.
    """
    records = scores.records
    if not isinstance(records, CorrectedRecords) or records.collected.empty:
        return None
    changed = set(records.collected["table"])
    same = tuple(points for points in scores.points if points.table not in changed)
    known = replace(scores, points=same)
    before, _ = score(
        uncorrected(records), scores.system, scores.units, scores.attributes, known=known
    )
    return before


def correction_effects(scores: Scores, scheme: AnyScheme, grades: Grades) -> pd.DataFrame:
    """Return what corrections did to the totals.

    Parameters
    ----------
    scores
        Scores of the records after corrections.
    scheme, grades
        The scheme by which the units were graded, and their grades.

    Returns
    -------
    Columns `EFFECTS`: one row a unit that was corrected or whose rank or grade changed, the most
    corrected first; ``items`` are the items corrected, joined by ``, ``. Empty where nothing was
    corrected.

    Notes
    -----
    The grades before are those that the scheme gives to all totals before; cuts that rest on the
    uncertainty (`SupportedScheme`) are held.
    """
    before = scores_before(scores)
    if before is None:
        return pd.DataFrame(columns=list(EFFECTS))
    applied = _applied(scores)
    totals = [each.of("total").to_numpy() for each in (before, scores)]
    cuts = grades.cut if isinstance(scheme, SupportedScheme) else scheme.cuts(totals[0])
    earlier = np.array([*grades.grades, None], dtype=object)[grade_codes(totals[0], cuts)]
    table = pd.DataFrame(
        {
            "unit": list(scores.units),
            "score_before": totals[0],
            "score_after": totals[1],
            "rank_before": pd.array(rank_scores(totals[0]), dtype="Float64").astype("Int64"),
            "rank_after": pd.array(rank_scores(totals[1]), dtype="Float64").astype("Int64"),
            "grade_before": pd.Series(earlier, dtype="str"),
            "grade_after": pd.Series(grades.name, dtype="str"),
        }
    )
    counted = applied.groupby("unit").agg(
        corrections=("item", "size"), records=("record", "nunique"),
        items=("item", lambda items: ", ".join(sorted(set(items)))),
    )  # fmt: skip
    table = table.join(counted, on="unit")
    for name in ("corrections", "records"):
        table[name] = table[name].fillna(0).astype(int)
    table["items"] = table["items"].fillna("").astype("str")
    moved = _differ(table, "rank") | _differ(table, "grade") | (table["corrections"] > 0)
    table = table.loc[moved, list(EFFECTS)]
    return table.sort_values("corrections", ascending=False, kind="stable", ignore_index=True)


def correction_reasons(scores: Scores) -> pd.DataFrame:
    """Count the corrections by table, item and reason; columns `REASONS`, the most first."""
    applied = _applied(scores)
    if applied.empty:
        return pd.DataFrame(columns=list(REASONS))
    counted = applied.groupby(["table", "item", "reason"], as_index=False).agg(
        corrections=("item", "size"), records=("record", "nunique"), units=("unit", "nunique")
    )
    return counted.sort_values(
        ["corrections", "table", "item", "reason"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )


def _applied(scores: Scores) -> pd.DataFrame:
    """Return the corrections of units that were scored, with one name for each record."""
    records = scores.records
    if not isinstance(records, CorrectedRecords):
        return pd.DataFrame(columns=["table", "item", "reason", "unit", "record"])
    applied = records.applied[records.applied["unit"].isin(scores.units)]
    return applied.assign(record=applied["table"] + ":" + applied["record_id"])


def _differ(table: pd.DataFrame, name: str) -> pd.Series:
    before, after = table[f"{name}_before"], table[f"{name}_after"]
    return (before.isna() != after.isna()) | (before != after).fillna(False).astype(bool)
