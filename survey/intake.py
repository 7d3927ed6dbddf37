"""Intake: every table of records read and validated, and everything wrong said at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import pandas as pd

from survey.cells import (
    MOST,
    Distinct,
    Fault,
    empty_cells,
    in_rows,
    type_column,
    value_findings,
)
from survey.contracts import CONTRACTS, AnswerColumn, Column, Contract
from survey.findings import (
    Finding,
    InputError,
    Severity,
    capped,
    did_you_mean,
    raise_errors,
)
from survey.headers import header_findings, no_records
from survey.records import Records
from survey.sources.columns import TableColumns
from survey.sources.own import own_table
from survey.sources.parts import Parts, told_once
from survey.sources.source import Source, read_source, source_name, source_parts
from survey.sources.untouched import without_untouched
from survey.tables import RawTable

Found = tuple[Finding, ...]


class Units(Protocol):
    """What intake asks of a register of units."""

    def resolve_column(
        self, names: pd.Series, file: str, column: str, /
    ) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Return canonical names, missing where unknown, and the findings."""
        ...


def read_records(
    sources: Mapping[str, Source],
    register: Units,
    answers: Mapping[str, tuple[AnswerColumn, ...]],
    *,
    sample: frozenset[str] | None = None,
    slots: tuple[str, ...] = (),
    audiences: bool = True,
    columns: Mapping[str, TableColumns] | None = None,
) -> tuple[Records, tuple[Finding, ...]]:
    """Read and validate the tables of an edition. Writes nothing.

    Parameters
    ----------
    sources
        File, files (`survey.sources.parts.files_of`), or table of a database, of each table by its
        name (see `survey.contracts.CONTRACTS`).
    register
        Knows the units and their other names.
    answers
        The columns that the indicator system asks of each table.
    sample
        Canonical names of the units in the sample; records of others get a warning.
    slots
        The time slots of the edition; none accepts any.
    audiences
        Whether records have an audience; without, a column of that name is left out.
    columns
        The map of columns of each table whose file has headers or answers of its own. Findings on
        a mapped column name it as ``header of the file → column``.

    Returns
    -------
    The records, typed and masked, and the warnings and notes.

    Raises
    ------
    InputError
        With every error in every file.
    ValueError
        Where `answers` gives a contract's column another kind.
    """
    tables: dict[str, pd.DataFrame] = {}
    files: dict[str, str] = {}
    parts: dict[str, Parts] = {}
    findings = [*_unknown_tables(sources), *_missing_tables(sources, answers)]
    for table, source in sources.items():
        if table in CONTRACTS:
            contract = CONTRACTS[table] if audiences else CONTRACTS[table].without("audience")
            contract = contract.asking(answers.get(table, ()))
            if table == "calls" and slots:
                contract = contract.allowing("slot", slots)
            given = (columns or {}).get(table)
            tables[table], several, found = _read(contract, source, given, register, sample)
            files[table] = source_name(source)
            parts |= {table: several} if several else {}
            findings += found
    raise_errors(findings)
    return Records(tables, files, parts), tuple(findings)


def _unknown_tables(sources: Mapping[str, Source]) -> Found:
    return tuple(
        Finding(
            "unknown-table",
            Severity.ERROR,
            source_name(source),
            None,
            table,
            "a known table",
            repr(table),
            did_you_mean(table, CONTRACTS),
        )
        for table, source in sources.items()
        if table not in CONTRACTS
    )


def _missing_tables(sources: Mapping[str, Source], answers: Mapping[str, object]) -> Found:
    return tuple(
        Finding(
            "missing-table",
            Severity.WARNING,
            "",
            None,
            table,
            f"a file of {table}, as the indicator system asks for answers in it",
            "none",
            "indicators that rest on it alone will have no score",
        )
        for table in answers
        if table not in sources
    )


def _read(
    contract: Contract,
    source: Source,
    given: TableColumns | None,
    register: Units,
    sample: frozenset[str] | None,
) -> tuple[pd.DataFrame, Parts | None, Found]:
    """Read the files of a table each by itself, and its records together."""
    frames: dict[str, pd.DataFrame] = {}
    found: list[Finding] = []
    try:
        for part in source_parts(source):
            frame, more = _read_part(contract, part, given, register, sample)
            frames[source_name(part)] = frame
            found += more
    except InputError as error:
        return pd.DataFrame(), None, error.findings
    name = source_name(source)
    held = {file: frame for file, frame in frames.items() if len(frame.columns)}
    if not held:
        return pd.DataFrame(), None, tuple(found)
    if [*frames] == [name]:
        return frames[name], None, (*found, *_duplicates(name, frames[name], contract))
    parts = Parts.of(name, tuple(held), tuple(held.values()))
    whole = parts.joined(tuple(held.values()))
    found += _duplicates(name, whole, contract, parts)
    if len(whole):
        found = [_of_one_sheet(finding) for finding in found]
    return whole, parts, told_once(found)


def _of_one_sheet(finding: Finding) -> Finding:
    """Let a sheet without records pass where others hold some."""
    if finding.check != "no-records":
        return finding
    return replace(finding, severity=Severity.NOTE, hint="nothing was entered in it so far")


def _read_part(
    contract: Contract,
    source: Source,
    given: TableColumns | None,
    register: Units,
    sample: frozenset[str] | None,
) -> tuple[pd.DataFrame, Found]:
    try:
        raw = read_source(source, (contract.table, contract.zh))
    except InputError as error:
        return pd.DataFrame(), error.findings
    raw, names = own_table(raw, contract, given)
    raw = without_untouched(_unaliased(raw, contract), contract)
    findings = [*raw.findings, *header_findings(raw, contract), *no_records(raw, contract)]
    typed: dict[str, pd.Series] = {}
    for column in contract.columns:
        cells = raw.cells.get(column.name)
        if cells is None:
            blank = pd.Series(None, index=raw.cells.index, dtype="str")
            typed[column.name], _ = type_column(blank, column, raw.file)
        elif column.kind == "unit":
            typed[column.name], found = _units(cells, column, raw.file, register, sample)
            findings += found
        else:
            typed[column.name], found = type_column(cells, column, raw.file)
            findings += found
    frame = pd.DataFrame(typed)
    return frame, tuple(_by_foreign_name(finding, names) for finding in findings)


def _by_foreign_name(finding: Finding, names: Mapping[str, str]) -> Finding:
    """Name the header of the file beside a column that goes by another name there."""
    foreign = names.get(finding.column, finding.column)
    if foreign == finding.column:
        return finding
    return replace(finding, column=f"{foreign} → {finding.column}")


def _unaliased(raw: RawTable, contract: Contract) -> RawTable:
    """Give columns that go by another accepted header their own name."""
    held = list(raw.cells.columns)
    names = {
        next((alias for alias in column.aliases if alias in held), ""): column.name
        for column in contract.columns
        if column.name not in held
    }
    return replace(raw, cells=raw.cells.rename(columns=names))


def _units(
    cells: pd.Series, column: Column, file: str, register: Units, sample: frozenset[str] | None
) -> tuple[pd.Series, Found]:
    resolved, findings = register.resolve_column(cells.dropna(), file, column.name)
    units = resolved.reindex(cells.index).astype("str")
    findings = (*empty_cells(cells, column, file), *capped(findings))
    if sample is None:
        return units, findings
    distinct = Distinct.of(units, file, column.name)
    outside = Fault(
        "outside-sample",
        ~distinct.values.isin(sample).to_numpy(),
        "a unit of the sample",
        lambda _: "add it to the sample, or its records count for nothing",
        Severity.WARNING,
    )
    return units, (*findings, *value_findings(distinct, outside))


def _duplicates(
    file: str, frame: pd.DataFrame, contract: Contract, parts: Parts | None = None
) -> Found:
    """Return an error for each key that stands in several rows, naming the rows."""
    required = [name for name in contract.key if contract[name].required]
    whole = frame[list(contract.key)].dropna(subset=required)
    twice = whole.loc[whole.duplicated(keep=False).to_numpy()].astype("str").fillna("")
    names = twice.iloc[:, 0].str.cat(twice.iloc[:, 1:], sep=" / ")
    findings = [
        Finding(
            "duplicate-id",
            Severity.ERROR,
            file,
            int(rows[1]),
            ", ".join(contract.key),
            "each record once",
            f"{name!r} in {parts.in_rows(rows, MOST) if parts else in_rows(rows)}",
            "remove the copy, or give it an id of its own",
            len(rows),
        )
        for name, rows in names.groupby(names, sort=False).groups.items()
    ]
    return tuple(parts.placed(each) if parts else each for each in capped(findings, MOST))
