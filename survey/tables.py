"""Tables: a csv, xlsx or parquet file read as strings, or every reason why it cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from survey.files.csv_text import long_cell, read_csv
from survey.files.grid import MOST, SAVE_AS, Grid, arrow, refusal, too_large
from survey.files.kinds import other_kind
from survey.files.layout import clean_header, without_repeats
from survey.files.limits import MOST_CELL_CHARACTERS, MOST_COLUMNS, MOST_FILE_BYTES
from survey.files.parquet import read_parquet
from survey.findings import Finding, InputError, Severity, display_path
from survey.sources import statistical
from survey.sources.statistical import Variable
from survey.workbook import read_sheet

__all__ = ["RawTable", "clean_header", "read_table", "table_of"]

_WORKBOOKS = (".xlsx", ".xlsm")
_SUFFIXES = (".csv", *_WORKBOOKS, ".parquet", *statistical.SUFFIXES)


@dataclass(frozen=True)
class RawTable:
    """A table as its file holds it.

    Parameters
    ----------
    file
        As findings name it.
    cells
        Strings without blanks around, missing where blank. Shape (records, columns); the index,
        named ``row``, is the row as a spreadsheet shows it (the header is 1). Blank rows are left
        out and keep their numbers.
    findings
        Notes on how it was read, and errors on rows and headers that could not be.
    variables
        Labels and codes of a statistical file, by header.
    """

    file: str
    cells: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)


def read_table(path: Path, sheets: Sequence[str] = ()) -> RawTable:
    """Read a table of any accepted format.

    Parameters
    ----------
    path
        A ``.csv`` (UTF-8, UTF-16 or GB18030; comma, tab, semicolon or bar), ``.xlsx``, ``.xlsm``,
        ``.parquet``, SPSS ``.sav`` or Stata ``.dta`` file.
    sheets
        Names by which the right sheet of a workbook is known; otherwise the first is read.

    Raises
    ------
    InputError
        Where there is no table to be had from the file.
    """
    file = display_path(path)
    try:
        return _cleaned(_read_grid(path, sheets), file)
    except InputError as error:
        raise InputError(_in_file(error.findings, file)) from None


def table_of(
    header: Sequence[str], columns: Sequence[pa.Array | pa.ChunkedArray], file: str
) -> RawTable:
    """Make a table of columns that are in no file; records are numbered from 1.

    Parameters
    ----------
    header, columns
        Names and cells, one array of strings a column.
    file
        What findings call the table.
    """
    rows = np.arange(1, 1 + (len(columns[0]) if columns else 0))
    return _cleaned(Grid(header, columns, rows, 1), file)


def _read_grid(path: Path, sheets: Sequence[str]) -> Grid:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES and path.exists():
        expected = f"a file that ends in {', '.join(_SUFFIXES)}"
        raise refusal("wrong-suffix", expected, repr(path.name), SAVE_AS)
    data = _bytes_of(path)
    if not data.strip():
        raise refusal("empty-file", "a header and records", "nothing", "export it again", 1)
    if kind := other_kind(data, suffix):
        raise refusal("not-a-table", f"a {suffix[1:]} table", *kind)
    if suffix in statistical.SUFFIXES:
        held = statistical.read_statistical(data, suffix)
        rows = np.arange(2, 2 + (len(held.columns[0]) if held.columns else 0))
        return Grid(held.header, held.columns, rows, 1, held.findings, held.variables)
    if suffix == ".parquet":
        return read_parquet(data)
    return without_repeats(read_csv(data) if suffix == ".csv" else read_sheet(data, sheets))


def _bytes_of(path: Path) -> bytes:
    try:
        if (size := path.stat().st_size) > MOST_FILE_BYTES:
            raise too_large(
                f"a file of at most {MOST_FILE_BYTES / 1e9:.1f} GB", f"{size / 1e9:.1f} GB"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise refusal("no-such-file", "a table", "nothing", "check the path") from None
    except OSError as error:
        reason = error.strerror or "an error"
        raise refusal("unreadable-file", "a readable file", reason, "check the file") from None


def _in_file(findings: Iterable[Finding], file: str) -> tuple[Finding, ...]:
    return tuple(replace(finding, file=file) for finding in findings)


def _cleaned(grid: Grid, file: str) -> RawTable:
    if len(grid.header) > MOST_COLUMNS:
        raise too_large(f"at most {MOST_COLUMNS:,} columns", f"{len(grid.header):,}")
    findings = [*grid.findings]
    cells: dict[str, pa.ChunkedArray] = {}
    for position, (raw_name, column) in enumerate(zip(grid.header, grid.columns, strict=True)):
        name = clean_header(raw_name)
        texts = _trimmed(column, name, grid.header_row)
        if name and name not in cells:
            cells[name] = texts
        elif name or texts.null_count < len(texts):
            findings.append(_header_fault(name, position, grid.header_row))
    table = pa.table(cells)
    held = _not_blank(table)
    frame = table.filter(held).to_pandas() if cells else pd.DataFrame()
    frame = frame.astype("str")
    frame.index = pd.Index(grid.rows[np.asarray(held)] if cells else grid.rows[:0], name="row")
    return RawTable(
        file,
        frame,
        _in_file(_few(findings), file),
        {clean_header(name): variable for name, variable in grid.variables.items()},
    )


def _trimmed(
    column: pa.Array | pa.ChunkedArray, name: str, header_row: int
) -> pa.Array | pa.ChunkedArray:
    """Take blanks off both ends of every cell; what is left blank is missing."""
    if (arrow.max(arrow.utf8_length(column)).as_py() or 0) > MOST_CELL_CHARACTERS:
        raise long_cell(header_row, name)
    texts = arrow.utf8_trim_whitespace(column)
    return arrow.if_else(arrow.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _not_blank(table: pa.Table) -> pa.Array | pa.ChunkedArray:
    held = pa.array(np.zeros(len(table), dtype=bool))
    for column in table.columns:
        held = arrow.or_(held, arrow.is_valid(column))
    return held


def _header_fault(name: str, position: int, row: int) -> Finding:
    check, expected, got, hint = (
        ("duplicate-header", "each header once", f"{name!r} again", "rename or remove one of them")
        if name
        else ("empty-header", "a header above cells", "none", "name the column or clear its cells")
    )
    got = f"{got} in column {position + 1}"
    return Finding(check, Severity.ERROR, "", row, name, expected, got, hint)


def _few(findings: list[Finding]) -> list[Finding]:
    """Keep the first faults of headers and let one more stand for the rest."""
    kept: list[Finding] = []
    rest: dict[str, list[Finding]] = {}
    for finding in findings:
        same = rest.setdefault(finding.check, [])
        same.append(finding)
        if not finding.check.endswith("-header") or len(same) <= MOST:
            kept.append(finding)
    more = [each[MOST:] for check, each in rest.items() if check.endswith("-header")]
    return [
        *kept,
        *(
            replace(faults[0], got=f"{len(faults)} more such columns", count=len(faults))
            for faults in more
            if faults
        ),
    ]
