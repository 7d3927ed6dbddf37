"""A unit's own records, read and checked exactly as an edition reads its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from hotline_index.edition import Edition
from hotline_index.progress import Quiet
from hotline_index.reading import Found, read_and_check
from survey.contracts import CONTRACTS
from survey.findings import Finding, InputError, Severity, display_path, errors, raise_errors
from survey.records import Records
from survey.tables import RawTable, read_table

BESIDE_THE_POINT = ("missing-table", "optional-columns-absent")
"""Checks of an edition that say nothing of a unit's own file: it is not meant to hold all."""


def read_own(
    edition: Edition, unit: str, sources: Mapping[str, Path]
) -> tuple[Records, tuple[Finding, ...]]:
    """Read a unit's own records.

    Parameters
    ----------
    edition
        Its system, register and slots say what may stand in them.
    unit
        Canonical name of the unit that all records are of; a file without a column ``unit`` is
        taken to be of it.
    sources
        File of each table.

    Returns
    -------
    The records, and the warnings and notes of every check.

    Raises
    ------
    InputError
        With every error in every file, records of other units among them.
    """
    wrong: list[Finding] = []
    notes: list[Finding] = []
    with TemporaryDirectory() as folder:
        read: dict[str, Path] = {}
        for table, path in sources.items():
            try:
                raw = read_table(path, (table, CONTRACTS[table].zh))
            except InputError as error:
                wrong += error.findings
                continue
            read[table] = path.resolve()
            if (column := _unit_column(raw, table)) is not None:
                wrong += _of_others(raw, column, edition, unit)
            elif not errors(raw.findings):
                read[table] = _with_unit(raw, unit, Path(folder) / f"{table}.parquet")
                notes += [*raw.findings, _without_column(raw, unit)]
        names = {display_path(read[table]): display_path(sources[table]) for table in read}
        try:
            records, found = read_and_check(_asking_only(edition, unit, read), Quiet())
        except InputError as error:
            raise InputError([*wrong, *_renamed(error.findings, names)]) from None
    raise_errors(wrong)
    files = {table: names.get(file, file) for table, file in records.files.items()}
    kept = tuple(each for each in found if each.check not in BESIDE_THE_POINT)
    return Records(records.tables, files), (*notes, *_renamed(kept, names))


def _unit_column(raw: RawTable, table: str) -> str | None:
    column = CONTRACTS[table]["unit"]
    return next((name for name in (column.name, *column.aliases) if name in raw.cells), None)


def _of_others(raw: RawTable, column: str, edition: Edition, unit: str) -> Iterator[Finding]:
    """Find the records of other units, each unit once."""
    resolved = edition.register.resolve(raw.cells[column])
    others = resolved[resolved.notna() & (resolved != unit)]
    for other, rows in others.groupby(others, sort=False):
        yield Finding(
            "other-unit",
            Severity.ERROR,
            raw.file,
            int(rows.index[0]),
            column,
            f"records of {unit} only",
            f"{len(rows)} of {other}",
            "take them out, or give the unit that the file is of",
            len(rows),
        )


def _with_unit(raw: RawTable, unit: str, path: Path) -> Path:
    """Write a table with a column of units; every record keeps its row."""
    last = int(raw.cells.index.max()) if len(raw.cells) else 1
    cells = raw.cells.reindex(range(2, last + 1))
    named = pd.Series(unit, index=cells.index, dtype="str").where(cells.notna().any(axis=1))
    cells.assign(unit=named).to_parquet(path, index=False)
    return path


def _without_column(raw: RawTable, unit: str) -> Finding:
    return Finding(
        "no-unit-column",
        Severity.NOTE,
        raw.file,
        1,
        "unit",
        "a column of units, or records of one unit only",
        "no such column",
        f"every record is taken to be of {unit}",
        len(raw.cells),
    )


def _asking_only(edition: Edition, unit: str, sources: Mapping[str, Path]) -> Edition:
    """Return an edition that has a unit's own files in place of its data."""
    config = edition.config.model_copy(update={"data": dict(sources), "texts": None, "columns": {}})
    return replace(edition, config=config, sample=(unit,))


def _renamed(findings: Found, names: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(replace(each, file=names.get(each.file, each.file)) for each in findings)
