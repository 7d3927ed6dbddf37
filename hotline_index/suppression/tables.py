"""Results as they may be published: what rests on few persons is left out, and counted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hotline_index.suppression.scores import Hidden, hidden_scores
from hotline_index.suppression.texts import suppressed_keywords, suppressed_topics
from indicators.hierarchy import ALL
from indicators.scores import Scores
from survey.findings import Finding, Severity
from survey.privacy.suppression import MINIMUM

Tables = dict[str, pd.DataFrame]
SCORES = ("score", "se", "low", "high")
"""Columns of the table of scores that are blanked."""
DERIVED: Mapping[str, tuple[str, str | None]] = {
    "alerts": ("indicator", None),
    "next_grades": ("indicator", None),
    "priorities": ("indicator", None),
    "changes": ("indicator", "audience"),
}
"""Tables with a score of a unit: the column of the indicator and that of the audience (none: of
all). Rows that tell a hidden score are left out."""
GROUPED = {"group_contrasts": "outcome", "score_comparisons": "outcome"}
"""Tables of means of groups of units: the column of the indicator, over all audiences."""


def suppressed_results(
    tables: Mapping[str, pd.DataFrame], scores: Scores, minimum: int = MINIMUM
) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables of results without what rests on few persons.

    Parameters
    ----------
    tables
        By name, as `hotline_index.steps` makes them.
    scores
        The scores that they rest on.
    minimum
        Least number of persons.

    Returns
    -------
    tables
        The same. In ``scores`` and ``means`` figures are blanked. Rows are left out of the tables
        of `DERIVED` and `GROUPED`, of ``unit_audience_gaps``, of ``audience_gaps`` and
        ``national_changes`` where their mean is over some of the hidden units only, and of
        ``funnel`` with ``funnel_limits`` where a hidden unit is in the peer set. Of texts see
        `hotline_index.suppression.texts`.
    findings
        A note with how much was left out; a warning of totals, and of scores, that rest on few
        persons and are told all the same.

    Notes
    -----
    Totals over all audiences, and what follows from them (ranks, grades, ``adjusted``, ``chain``,
    ``bridge``, ``corrections``, ``peers``), are published whatever they rest on. Out of scope are
    statistics over many units or records that are not means (tests, effects, intervals, drivers,
    the audit), and what a bound, a place in an order or a missing row tells of a hidden score.
    """
    made = dict(tables)
    for name, cleared in (("topics", suppressed_topics), ("keywords", suppressed_keywords)):
        if name in made:
            made[name] = cleared(made[name], minimum)
    hidden = hidden_scores(scores, minimum)
    if not hidden.n.any() and not hidden.totals.any():
        return made, ()
    told = _told_rows(made, scores, hidden)
    made |= {name: made[name][~rows].reset_index(drop=True) for name, rows in told.items()}
    if "scores" in made:
        made["scores"] = _scores(made["scores"], scores, hidden)
    if "means" in made and hidden.mean.any():
        made["means"] = _means(made["means"], scores, hidden)
    dropped = sum(int(rows.sum()) for rows in told.values())
    return made, (_note(hidden, dropped, minimum), *_warnings(scores, hidden, minimum))


def suppressed_changes(
    changes: pd.DataFrame, national: pd.DataFrame, earlier: Scores, minimum: int = MINIMUM
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out changes that tell what the edition before had hidden.

    Parameters
    ----------
    changes, national
        The tables ``changes`` and ``national_changes``.
    earlier
        The scores of the edition before.
    minimum
        Least number of persons.
    """
    hidden = hidden_scores(earlier, minimum)
    told = _at(hidden.score, earlier, changes["unit"], changes["audience"], changes["indicator"])
    split = _split_changes(national, changes, earlier, hidden)
    return changes[~told].reset_index(drop=True), national[~split].reset_index(drop=True)


def _told_rows(made: Tables, scores: Scores, hidden: Hidden) -> dict[str, np.ndarray]:
    """Tell by table which rows are to be left out."""
    told: dict[str, np.ndarray] = {}
    for name in DERIVED.keys() & made.keys():
        (indicator, audience), table = DERIVED[name], made[name]
        of = table[audience] if audience else pd.Series(ALL, index=table.index)
        told[name] = _at(hidden.score, scores, table["unit"], of, table[indicator])
    overall = pd.Series(
        np.asarray(hidden.score[:, -1].any(axis=0)), index=list(scores.hierarchy.ids)
    )
    for name in GROUPED.keys() & made.keys():
        told[name] = _flagged(overall, made[name][GROUPED[name]])
    if "priorities" in told:
        mean = pd.Series(hidden.mean[-1], index=list(scores.hierarchy.ids))
        told["priorities"] |= _flagged(mean, made["priorities"]["indicator"])
    if (gaps := made.get("unit_audience_gaps")) is not None:
        told["unit_audience_gaps"] = np.any(
            [
                _at(hidden.score, scores, gaps["unit"], gaps[side], gaps["indicator"])
                for side in ("first", "second")
            ],
            axis=0,
        )
    if (gaps := made.get("audience_gaps")) is not None:
        told["audience_gaps"] = _split_gaps(gaps, scores, hidden)
    if "national_changes" in made:
        national, changes = made["national_changes"], made["changes"]
        told["national_changes"] = _split_changes(national, changes, scores, hidden)
    return told | _told_funnels(made, scores, hidden)


def _flagged(flags: pd.Series, names: pd.Series) -> np.ndarray:
    return names.map(flags.to_dict()).eq(True).to_numpy()


def _told_funnels(made: Tables, scores: Scores, hidden: Hidden) -> dict[str, np.ndarray]:
    """Tell which funnels have a hidden unit: their mean and limits tell its score and error."""
    if "funnel" not in made:
        return {}
    funnel, keys = made["funnel"], ["factor", "measure", "peer"]
    over_all = pd.Series(ALL, index=funnel.index)
    told = _at(hidden.score, scores, funnel["unit"], over_all, funnel["measure"])
    sets = pd.MultiIndex.from_frame(funnel.loc[told, keys]) if told.any() else []
    return {
        name: pd.MultiIndex.from_frame(made[name][keys]).isin(sets)
        if len(sets)
        else np.zeros(len(made[name]), dtype=bool)
        for name in ("funnel", "funnel_limits")
        if name in made
    }


def _split_gaps(gaps: pd.DataFrame, scores: Scores, hidden: Hidden) -> np.ndarray:
    """Tell which gaps of means are over some of the hidden units, or of a hidden mean."""
    told = np.zeros(len(gaps), dtype=bool)
    rows = zip(gaps["first"], gaps["second"], gaps["indicator"], strict=True)
    for row, (first, second, indicator) in enumerate(rows):
        sides = [scores.audience_index(str(name)) for name in (first, second)]
        node = scores.hierarchy.index(str(indicator))
        both = ~np.asarray(np.isnan(scores.score[:, sides, node]).any(axis=1))
        told[row] = any(_splits(both, hidden, side, node) for side in sides)
    return told


def _split_changes(
    national: pd.DataFrame, changes: pd.DataFrame, scores: Scores, hidden: Hidden
) -> np.ndarray:
    """Tell which national changes are over some of the hidden units, or of a hidden mean."""
    told = np.zeros(len(national), dtype=bool)
    units = pd.Index(scores.units)
    of = {key: units.isin(part) for key, part in changes.groupby(["audience", "indicator"])["unit"]}
    for row, key in enumerate(zip(national["audience"], national["indicator"], strict=True)):
        if key[0] in scores.audiences and key[1] in scores.hierarchy.ids and key in of:
            place = scores.audiences.index(key[0]), scores.hierarchy.ids.index(key[1])
            told[row] = _splits(of[key], hidden, *place)
    return told


def _splits(members: np.ndarray, hidden: Hidden, audience: int, node: int) -> bool:
    """Tell whether a mean over members tells more than the national one does."""
    there = hidden.score[:, audience, node]
    inside = int((there & members).sum())
    return inside > 0 and (inside < there.sum() or bool(hidden.mean[audience, node]))


def _at(
    cells: np.ndarray, scores: Scores, unit: pd.Series, audience: pd.Series, indicator: pd.Series
) -> np.ndarray:
    """Look up the cell of each row; false where it is of no unit, audience or indicator."""
    at = [
        pd.Index(names).get_indexer(pd.Index(values))
        for names, values in (
            (scores.units, unit), (scores.audiences, audience), (scores.hierarchy.ids, indicator)
        )
    ]  # fmt: skip
    known = np.all([each >= 0 for each in at], axis=0)
    return known & cells[at[0], at[1], at[2]]


def _scores(table: pd.DataFrame, scores: Scores, hidden: Hidden) -> pd.DataFrame:
    place = table["unit"], table["audience"], table["indicator"]
    told, counted = (_at(cells, scores, *place) for cells in (hidden.score, hidden.n))
    blanked = {name: table[name].mask(told) for name in SCORES if name in table}
    return table.assign(**blanked, n=table["n"].astype("Int64").mask(told | counted))


def _means(means: pd.DataFrame, scores: Scores, hidden: Hidden) -> pd.DataFrame:
    audience = pd.Index(scores.audiences).get_indexer(pd.Index(means["audience"]))
    node = pd.Index(scores.hierarchy.ids).get_indexer(pd.Index(means["indicator"]))
    told = (audience >= 0) & (node >= 0) & hidden.mean[audience, node]
    blanked = [str(name) for name in means if means[name].dtype.kind == "f"]
    return means.assign(**{name: means[name].mask(told) for name in blanked})


def _note(hidden: Hidden, dropped: int, minimum: int) -> Finding:
    small, all_ = int(hidden.small.sum()), int(hidden.score.sum())
    units = int(hidden.score.any(axis=(1, 2)).sum())
    return Finding(
        "suppressed",
        Severity.NOTE,
        expected=f"scores that rest on at least {minimum} persons",
        got=f"{small} that rest on fewer, and {all_ - small} from which these could be recomputed, "
        f"in {units} units",
        hint=f"left out of what is published, with {dropped} rows of other tables, "
        f"{int(hidden.mean.sum())} national means and {int(hidden.n.sum())} numbers of records",
        count=all_,
    )


def _warnings(scores: Scores, hidden: Hidden, minimum: int) -> tuple[Finding, ...]:
    found = []
    for check, units, hint in (
        ("small-total", hidden.totals, "rank, grade and total are published all the same"),
        ("not-suppressed", hidden.exposed.any(axis=(1, 2)), "scores can be recomputed"),
    ):
        if units.any():
            names = np.array(scores.units, dtype=object)[units].tolist()
            found.append(
                Finding(
                    check,
                    Severity.WARNING,
                    expected=f"at least {minimum} persons",
                    got="、".join(names[:5]) + ("…" if len(names) > 5 else ""),
                    hint=hint,
                    count=len(names),
                )
            )
    return tuple(found)
