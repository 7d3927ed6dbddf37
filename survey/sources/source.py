"""Sources: where the records of a table come from, files or a database."""

from collections.abc import Sequence
from pathlib import Path

from survey.findings import display_path
from survey.sources.database import DatabaseTable
from survey.sources.parts import Parts, files_of, some_files_of
from survey.tables import RawTable, read_table

Source = Path | DatabaseTable


def source_parts(source: Source) -> tuple[Source, ...]:
    """Return the files that a source stands for, or the database it is.

    Raises
    ------
    InputError
        Where a folder or a pattern stands for no file.
    """
    return (source,) if isinstance(source, DatabaseTable) else some_files_of(source)


def is_there(source: Source) -> bool:
    """Whether there is something to read; of a database one knows by reading it."""
    return isinstance(source, DatabaseTable) or any(p.is_file() for p in files_of(source))


def read_source(source: Source, sheets: Sequence[str] = ()) -> RawTable:
    """Read the table of a source as strings; of several files, the rows are numbered on.

    Parameters
    ----------
    source
        A file, a folder or a pattern of files (`survey.sources.parts.files_of`), as
        `survey.tables.read_table` reads them, or a table of a database.
    sheets
        Names by which the right sheet of a workbook is known.

    Raises
    ------
    InputError
        Where there is no table to be had.
    """
    if isinstance(source, DatabaseTable):
        return source.read()
    first, *more = [read_table(path, sheets) for path in some_files_of(source)]
    if not more:
        return first
    tables = [first, *more]
    parts = Parts.of(source_name(source), [t.file for t in tables], [t.cells for t in tables])
    found = tuple(finding for table in tables for finding in table.findings)
    cells = parts.joined([table.cells for table in tables]).astype("str")
    variables = {name: each for table in reversed(tables) for name, each in table.variables.items()}
    return RawTable(parts.name, cells, found, variables)


def source_name(source: Source) -> str:
    """Return what findings call a source."""
    return source.name if isinstance(source, DatabaseTable) else display_path(source)
