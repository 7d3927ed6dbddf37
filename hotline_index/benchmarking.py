"""Where a unit would stand in an edition by records of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.comparisons.like_terms import on_like_terms, rolled_with
from hotline_index.benchmark_figures import (
    Whole,
    basis,
    compared,
    counted,
    whole_index,
    with_errors,
)
from hotline_index.edition import Edition
from hotline_index.own_records import read_own
from hotline_index.progress import Quiet
from hotline_index.queries import edition_results, refuse_without_records
from hotline_index.reading import plain_scores
from indicators.hierarchy import ROOT
from indicators.scores import Scores, score
from report.results import Results
from survey.findings import Finding, InputError, Severity, display_path
from survey.records import Records

CALLERS = ("shopper", "inspector", "reviewer")
"""Columns that name who made or judged a record."""
STALE = 1e-6
"""Scores that differ by more were not made from the same records and rules."""


@dataclass(frozen=True)
class Benchmark:
    """A unit's own records beside an edition.

    Parameters
    ----------
    unit, results
        Whose records; the results of the edition.
    records
        Number of own records by table and audience (`benchmark_figures.counted`).
    table
        One row an audience and indicator that the own records can score: columns audience,
        indicator, basis (``whole``, or ``part`` where other records count in it, too), n, score,
        se, low, high, rank, rank_low, rank_high, of, official, official_low, official_high,
        official_rank, difference, difference_low, difference_high, p, p_adjusted, verdict
        (``rise``, ``fall``, ``unclear``; missing where the unit is not in the edition). All
        figures, those of the edition too, are on like terms: on the same items and audiences.
    field
        Scores of the other units by audience and indicator, on the same terms.
    absent
        Indicators that the own records say nothing of.
    whole
        `Whole`; None where own records leave out something that the edition asks of them.
    best
        The top of the scale.
    findings
        What reading and checking found.
    """

    unit: str
    results: Results
    records: pd.DataFrame
    table: pd.DataFrame
    field: Mapping[tuple[str, str], np.ndarray]
    absent: tuple[str, ...]
    whole: Whole | None
    best: float
    findings: tuple[Finding, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Audiences of the edition that no own record is of."""
        empty = self.records.groupby("audience")["n"].sum() == 0
        return tuple(empty.index[empty.to_numpy()])


def benchmark_records(edition: Edition, unit: str, sources: Mapping[str, Path]) -> Benchmark:
    """Score a unit's own records by the rules of an edition, and set them beside it.

    Parameters
    ----------
    edition
        An edition with records that has been run.
    unit
        The unit, by any of its names; it need not be in the sample.
    sources
        File of each table of own records.

    Raises
    ------
    InputError
        With everything that is wrong with the files; where the edition has no records or results,
        or its system scores none of the tables.

    Notes
    -----
    *Like terms.* An indicator may rest on records that a unit cannot make itself, such as
    questionnaires. So every unit is scored again on the items and audiences that the own records
    have answers to, with the weights of the edition.
    *Errors* are linearised (`analysis.uncertainty.linearised`), intervals Student's. Own records
    join those of the other units, from which a record that stands alone borrows its spread. How
    severe own callers are cannot be told from what they called, so they are not named, and
    errors tell of the sampling of records only. Ranks move with the errors of all units
    (`analysis.ranks.drawn`). Own and official records are independent, so the variance of their
    difference is the sum of both; tests are adjusted after Holm within an audience, the total by
    itself.
    """
    refuse_without_records(edition)
    results = edition_results(edition)
    name = _resolved(edition, unit)
    _refuse_unasked(edition, sources)
    own, findings = read_own(edition, name, sources)
    campaign = _campaign(edition, name)
    swapped = _swapped(campaign, own, name)
    cells = _answered(swapped, name, sources)
    _refuse_unanswered(cells, sources)
    mine, theirs = (with_errors(on_like_terms(each, cells)) for each in (swapped, campaign))
    uncertainty = edition.config.uncertainty
    table, field = compared(mine, theirs, name, uncertainty.level, uncertainty.seed)
    table.insert(2, "basis", basis(campaign.hierarchy, cells, table))
    stale = _stale(theirs, table, results["scores"])
    scored = set(table["indicator"])
    return Benchmark(
        unit=name,
        results=results,
        records=counted(campaign.records, own, name),
        table=table if stale else _as_published(table, results["scores"], name),
        field=field,
        absent=tuple(each for each in campaign.hierarchy.ids if each not in scored),
        whole=_whole(swapped, campaign, cells, name, results, sources),
        best=campaign.hierarchy.best,
        findings=(*findings, *stale),
    )


def _refuse(check: str, where: Path, expected: str, got: str, hint: str) -> None:
    file = display_path(where)
    raise InputError([Finding(check, Severity.ERROR, file, None, "", expected, got, hint)])


def _refuse_unasked(edition: Edition, sources: Mapping[str, Path]) -> None:
    asked = {item.table for _, item in edition.system.leaf_items()}
    if not asked & set(sources):
        hint = f"the system {edition.system.id} scores nothing else"
        expected = f"records of {', '.join(sorted(asked))}"
        _refuse("not-asked", next(iter(sources.values())), expected, ", ".join(sources), hint)


def _refuse_unanswered(cells: np.ndarray, sources: Mapping[str, Path]) -> None:
    if not cells.any():
        hint = "fill in the columns of the items"
        where = next(iter(sources.values()))
        _refuse("no-answers", where, "an answer to an item of the system", "none", hint)


def _resolved(edition: Edition, unit: str) -> str:
    resolved = edition.register.resolve([unit]).iloc[0]
    if pd.notna(resolved):
        return str(resolved)
    findings = edition.register.unknown_findings([unit], [0], "", "--unit")
    raise InputError([replace(each, row=None) for each in findings])


def _campaign(edition: Edition, unit: str) -> Scores:
    """Score the edition; a unit outside its sample gets a place without scores."""
    scores, _ = plain_scores(edition, Quiet())
    if unit in scores.units:
        return scores
    units = (*scores.units, unit)
    return score(scores.records, edition.system, units, edition.register.table)[0]


def _swapped(campaign: Scores, own: Records, unit: str) -> Scores:
    """Score the edition with a unit's own records in the place of those it had."""
    tables = dict(campaign.records.tables)
    for name, frame in own.tables.items():
        unnamed = {
            column: pd.Series(None, index=frame.index, dtype=frame[column].dtype)
            for column in CALLERS
            if column in frame
        }
        others = tables[name][tables[name]["unit"] != unit] if name in tables else frame.head(0)
        tables[name] = pd.concat([others, frame.assign(**unnamed)])
    records = Records(tables, {**campaign.records.files, **own.files})
    scored, _ = score(records, campaign.system, campaign.units, campaign.attributes)
    return rolled_with(scored, campaign.hierarchy)


def _answered(scores: Scores, unit: str, tables: Mapping[str, Path]) -> np.ndarray:
    """Return which items of which audiences a unit's records of some tables answer."""
    given = np.array([item.table in tables for _, item in scores.system.leaf_items()])
    return ~np.isnan(scores.items.mean[:, :, scores.unit_index(unit)]) & given


def _stale(theirs: Scores, table: pd.DataFrame, official: pd.DataFrame) -> tuple[Finding, ...]:
    """Warn where the results are not those of the records that the edition has now."""
    held = official.set_index(["audience", "indicator", "unit"])["score"].sort_index()
    whole = table.loc[table["basis"] == "whole", ["audience", "indicator"]]
    worst = 0.0
    for audience, indicator in whole.itertuples(index=False, name=None):
        now = theirs.of(indicator, audience)
        then = held.get((audience, indicator), pd.Series(dtype=float)).reindex(now.index)
        apart = np.where(now.isna() & then.isna(), 0, np.nan_to_num(now - then, nan=np.inf))
        worst = max(worst, float(np.abs(apart).max()))
    if worst <= STALE:
        return ()
    return (
        Finding(
            "stale-results",
            Severity.WARNING,
            expected="results made from the records and rules that the edition has now",
            got=f"scores that differ by up to {worst:.3g}",
            hint="run the edition again; grades and cut points are those of the earlier run",
        ),
    )


def _as_published(table: pd.DataFrame, official: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Give official scores that are published as they stand the interval they have there."""
    keys = ["audience", "indicator"]
    own = official[official["unit"] == unit].set_index(keys)[["low", "high"]]
    known = own.reindex(pd.MultiIndex.from_frame(table[keys]))
    use = (table["basis"] == "whole").to_numpy() & known.notna().all(axis=1).to_numpy()
    ends = {
        f"official_{end}": np.where(use, known[end].to_numpy(), table[f"official_{end}"])
        for end in ("low", "high")
    }
    return table.assign(**ends)


def _whole(
    swapped: Scores,
    campaign: Scores,
    cells: np.ndarray,
    unit: str,
    results: Results,
    sources: Mapping[str, Path],
) -> Whole | None:
    """Return the whole index where own records answer all that the edition's do."""
    lacking = _answered(campaign, unit, sources) & ~cells
    known = results["grades"].dropna(subset=["score"]).set_index("unit")
    if lacking.any() or unit not in known.index or pd.isna(campaign.of(ROOT)[unit]):
        return None
    official = float(known["score"].loc[unit]), str(known["grade"].loc[unit])
    level, seed = float(results.meta["level"]), int(results.meta["seed"])
    return whole_index(with_errors(swapped), unit, official, results["grade_cuts"], level, seed)
