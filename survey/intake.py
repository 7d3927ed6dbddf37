"""Intake: every table of records read and validated, and everything wrong said at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pandas as pd

from survey.cells import (
    MOST,
    Distinct,
    Fault,
    empty_cells,
    in_rows,
    quoted,
    type_column,
    value_findings,
)
from survey.contracts import CONTRACTS, AnswerColumn, Column, Contract
from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    nearest,
    raise_errors,
)
from survey.records import Records
from survey.tables import RawTable, read_table

_ALIKE = 75
"""Least likeness, in percent, of a header taken for a misspelt one."""
_MOST_NAMED = 10
Found = tuple[Finding, ...]


class Units(Protocol):
    """What intake asks of a register of units."""

    def resolve_column(
        self, names: pd.Series, file: str, column: str, /
    ) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Return canonical names, missing where unknown, and the findings."""
        ...


def read_records(
    sources: Mapping[str, Path],
    register: Units,
    answers: Mapping[str, tuple[AnswerColumn, ...]],
    *,
    sample: frozenset[str] | None = None,
    slots: tuple[str, ...] = (),
    audiences: bool = True,
) -> tuple[Records, tuple[Finding, ...]]:
    """Read and validate the tables of an edition. Writes nothing.

    Parameters
    ----------
    sources
        File of each table by its name (see `survey.contracts.CONTRACTS`).
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
    findings = [*_unknown_tables(sources), *_missing_tables(sources, answers)]
    for table, path in sources.items():
        if table in CONTRACTS:
            contract = CONTRACTS[table] if audiences else CONTRACTS[table].without("audience")
            contract = contract.asking(answers.get(table, ()))
            if table == "calls" and slots:
                contract = contract.allowing("slot", slots)
            tables[table], found = _read(contract, path, register, sample)
            files[table] = display_path(path)
            findings += found
    raise_errors(findings)
    return Records(tables, files), tuple(findings)


def _unknown_tables(sources: Mapping[str, Path]) -> Found:
    return tuple(
        Finding(
            "unknown-table",
            Severity.ERROR,
            display_path(path),
            None,
            table,
            "a known table",
            repr(table),
            did_you_mean(table, CONTRACTS),
        )
        for table, path in sources.items()
        if table not in CONTRACTS
    )


def _missing_tables(sources: Mapping[str, Path], answers: Mapping[str, object]) -> Found:
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
    contract: Contract, path: Path, register: Units, sample: frozenset[str] | None
) -> tuple[pd.DataFrame, Found]:
    try:
        raw = read_table(path, (contract.table, contract.zh))
    except InputError as error:
        return pd.DataFrame(), error.findings
    raw = _unaliased(raw, contract)
    findings = [*raw.findings, *_headers(raw, contract), *_no_records(raw, contract)]
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
    return frame, (*findings, *_duplicates(raw, frame, contract))


def _unaliased(raw: RawTable, contract: Contract) -> RawTable:
    """Give columns that go by another accepted header their own name."""
    held = list(raw.cells.columns)
    names = {
        next((alias for alias in column.aliases if alias in held), ""): column.name
        for column in contract.columns
        if column.name not in held
    }
    return replace(raw, cells=raw.cells.rename(columns=names))


def _headers(raw: RawTable, contract: Contract) -> Found:
    """Compare the headers of a file with its contract."""
    held = list(raw.cells.columns)
    absent = [column for column in contract.columns if column.name not in held]
    needed = [column for column in absent if column.required or column.answer]
    unexpected = [name for name in held if name not in contract.names]
    missing = [
        Finding(
            "missing-column",
            Severity.ERROR,
            raw.file,
            1,
            column.name,
            f"a column {column.name!r}" + f" ({column.zh})" * (column.zh != column.name),
            f"none among {len(held)} columns",
            _rename_hint(column, unexpected),
        )
        for column in needed
    ]
    extra = [
        Finding(
            "unexpected-column",
            Severity.NOTE if contract.table == "figures" else Severity.WARNING,
            raw.file,
            1,
            name,
            "columns of the contract",
            f"{quoted(name)}, left out",
            _likely(name, [column.name for column in absent]),
        )
        for name in unexpected
    ]
    optional = ", ".join(column.name for column in absent if column not in needed)
    note = Finding(
        "optional-columns-absent",
        Severity.NOTE,
        raw.file,
        1,
        "",
        "columns that may be left out",
        optional,
        "read as blank",
    )
    return (*_capped(missing), *_capped(extra), *([note] if optional else []))


def _rename_hint(column: Column, unexpected: list[str]) -> str:
    if column.zh in unexpected:
        return f"rename {column.zh!r} to {column.name!r}"
    near = nearest(column.name, unexpected, _ALIKE)
    return f"did you mean {near!r}? rename it to {column.name!r}" if near else "add the column"


def _likely(name: str, absent: list[str]) -> str:
    near = nearest(name, absent, _ALIKE)
    return f"did you mean {near!r}?" if near else ""


def _no_records(raw: RawTable, contract: Contract) -> Found:
    if len(raw.cells) or contract.may_be_empty:
        return ()
    expected, got = f"at least one record ({contract.zh})", "a header only"
    hint = "export the table again, or take it out of the edition"
    return (Finding("no-records", Severity.ERROR, raw.file, 2, "", expected, got, hint),)


def _units(
    cells: pd.Series, column: Column, file: str, register: Units, sample: frozenset[str] | None
) -> tuple[pd.Series, Found]:
    resolved, findings = register.resolve_column(cells.dropna(), file, column.name)
    units = resolved.reindex(cells.index).astype("str")
    findings = (*empty_cells(cells, column, file), *_capped(findings))
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


def _duplicates(raw: RawTable, frame: pd.DataFrame, contract: Contract) -> Found:
    """Return an error for each key that stands in several rows, naming the rows."""
    required = [name for name in contract.key if contract[name].required]
    whole = frame[list(contract.key)].dropna(subset=required)
    twice = whole.loc[whole.duplicated(keep=False).to_numpy()].astype("str").fillna("")
    names = twice.iloc[:, 0].str.cat(twice.iloc[:, 1:], sep=" / ")
    findings = [
        Finding(
            "duplicate-id",
            Severity.ERROR,
            raw.file,
            int(rows[1]),
            ", ".join(contract.key),
            "each record once",
            f"{name!r} in {in_rows(rows)}",
            "remove the copy, or give it an id of its own",
            len(rows),
        )
        for name, rows in names.groupby(names, sort=False).groups.items()
    ]
    return _capped(findings, MOST)


def _capped(findings: Sequence[Finding], most: int = _MOST_NAMED) -> Found:
    """Keep the first findings of a check and let one more stand for the rest."""
    rest = findings[most:]
    if not rest:
        return tuple(findings)
    first = rest[0]
    more = replace(
        first,
        got=f"{len(rest)} more: such as {first.got}",
        hint="",
        count=sum(finding.count for finding in rest),
    )
    return (*findings[:most], more)
