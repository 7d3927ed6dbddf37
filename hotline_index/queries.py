"""Questions put to an edition or a table: why a score, what if, which rank. Nothing is written."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from hotline_index.edition import Edition
from hotline_index.progress import Quiet
from hotline_index.reading import Found, plain_scores, refuse_without_records
from indicators.lineage import Trace
from indicators.nodes import Words
from indicators.scores import score
from indicators.system_file import load_system
from indicators.what_if import Changes, WhatIf, what_if
from report.names import unit_names
from report.prose.standing import standing
from report.results import EDITION_FILE, Results, read_results
from survey.findings import Finding, InputError, Severity, did_you_mean, display_path
from survey.intake import read_records
from survey.register import Register


def trace_edition(edition: Edition, unit: str, indicator: str, audience: str) -> Trace:
    """Explain one score of an edition with records.

    Raises
    ------
    InputError
        Where the edition has no records, or a name is unknown.
    """
    refuse_without_records(edition)
    scores, _ = plain_scores(edition, Quiet())
    resolved = edition.register.resolve([unit]).iloc[0]
    found = scores.trace(unit if pd.isna(resolved) else resolved, indicator, audience)
    return replace(found, records=scores.records.placed_rows(found.records))


def what_if_edition(
    edition: Edition, changes: Changes, leave_out: Sequence[str], other: str | None
) -> WhatIf:
    """Score an edition as it is and under a changed system.

    Raises
    ------
    InputError
        Where the edition has no records, or a change is not possible.
    """
    refuse_without_records(edition)
    system = None if other is None else load_system(other)
    scores, _ = plain_scores(edition, Quiet())
    return what_if(scores, changes, leave_out=leave_out, system=system)


def edition_results(edition: Edition) -> Results:
    """Read the results of an edition.

    Raises
    ------
    InputError
        Where the edition was not run yet.
    """
    if not (edition.results / EDITION_FILE).is_file():
        finding = Finding(
            "no-results",
            Severity.ERROR,
            display_path(edition.results),
            expected="the results of a run",
            got="none",
            hint=f"hotline-index run {display_path(edition.folder)} --no-publish",
        )
        raise InputError([finding])
    return read_results(edition.results)


def graded_units(edition: Edition, results: Results, names: Sequence[str]) -> tuple[str, ...]:
    """Return the units that names mean, by any spelling the register or the results know.

    Raises
    ------
    InputError
        With a finding, and the nearest right name, for each that means no unit with a grade.
    """
    graded = results["grades"].dropna(subset=["grade"])["unit"].astype(str).tolist()
    english = unit_names(results.told_in("en"))
    told = {name.casefold(): unit for unit, name in english.items()}
    found, wrong = [], []
    for name, resolved in zip(names, edition.register.resolve(list(names)), strict=True):
        unit = name if pd.isna(resolved) else str(resolved)
        unit = unit if unit in set(graded) else told.get(name.casefold(), unit)
        if unit in set(graded):
            found.append(unit)
            continue
        hint = did_you_mean(name, [*graded, *english.values()])
        wrong.append(
            Finding("unknown-name", Severity.ERROR, "--unit", None, "", "a graded unit", name, hint)
        )
    if wrong:
        raise InputError(wrong)
    return tuple(dict.fromkeys(found))


def standing_in(edition: Edition, unit: str) -> tuple[Words, ...]:
    """Tell where a unit stands in the results of an edition, by any of its names.

    Raises
    ------
    InputError
        Where the edition has no records or was not run yet, or the unit was not ranked.
    """
    refuse_without_records(edition)
    results = edition_results(edition)
    resolved = edition.register.resolve([unit]).iloc[0]
    name = unit if pd.isna(resolved) else str(resolved)
    return standing(results.tables, name, results.meta["level"])


def rank_table(system: str, path: Path, indicator: str = "total") -> tuple[pd.DataFrame, Found]:
    """Rank the units of a flat table of figures, without an edition.

    Parameters
    ----------
    system
        An indicator system by name, a YAML file or a table of indicators.
    path
        One row a unit (column ``unit``), a column an indicator.
    indicator
        What the units are ranked by.

    Returns
    -------
    ranking
        Columns rank, unit, the indicator's score, and the score of every child of it.
    findings
        What reading and scoring found.

    Raises
    ------
    InputError
        With everything that is wrong with the system or the table.
    """
    loaded = load_system(system)
    tables = {item.table for _, item in loaded.leaf_items()}
    if tables != {"figures"}:
        finding = Finding(
            "not-figures",
            Severity.ERROR,
            system,
            expected="a system whose items are all of table: figures",
            got=", ".join(sorted(tables)) or "no items",
            hint="records need an edition: hotline-index run FOLDER",
        )
        raise InputError([finding])
    register = Register.of_figures(path)
    records, findings = read_records(
        {"figures": path}, register, loaded.needed_columns(), audiences=False
    )
    scores, more = score(records, loaded, tuple(register.table.index), register.table)
    ranking = scores.ranking(indicator).rename(columns={"score": indicator})
    below = scores.hierarchy.children(scores.hierarchy.index(indicator))
    for child in (scores.hierarchy.ids[at] for at in below):
        ranking[child] = ranking["unit"].map(scores.of(child))
    return ranking, (*findings, *more)
