"""Tables: a csv, xlsx or parquet file read as strings, or every reason why it cannot be."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from survey.findings import Finding, InputError, Severity, display_path
from survey.workbook import read_sheet, refusal

MOST = 5
"""Rows of one fault that get a finding each; one more finding counts the rest."""
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "an xlsx workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old xls workbook, or a workbook with a password",
    b"PAR1": "a parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a rar archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
_SUFFIXES = (".csv", ".xlsx", ".parquet")
_OWN_MAGIC = {".xlsx": b"PK\x03\x04", ".parquet": b"PAR1"}
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<table", b"<?xml", b"<meta")
_BOM = b"\xef\xbb\xbf"
_UTF8_BY_THEN = 10
"""Chinese characters before the first wrong byte that show a file to be damaged UTF-8: text in
GB18030 hardly ever decodes as so many."""
_INVISIBLE = re.compile(r"[\u200b\ufeff]")
_SAVE_AS = "save it as CSV UTF-8 or as xlsx"


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
    """

    file: str
    cells: pd.DataFrame
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Grid:
    """Header and columns before anything is cleaned; `rows` numbers the records."""

    header: Sequence[str | None]
    columns: Sequence[pa.Array | pa.ChunkedArray]
    rows: np.ndarray
    header_row: int
    findings: tuple[Finding, ...] = ()


def read_table(path: Path, sheets: Sequence[str] = ()) -> RawTable:
    """Read a table of any accepted format.

    Parameters
    ----------
    path
        A ``.csv`` (UTF-8 or GB18030, comma or tab), ``.xlsx`` or ``.parquet`` file.
    sheets
        Names by which the right sheet of a workbook is known; otherwise the first is read.

    Raises
    ------
    InputError
        Where there is no table to be had from the file.
    """
    file = display_path(path)
    try:
        grid = _read_grid(path, sheets)
    except InputError as error:
        raise InputError(_in_file(error.findings, file)) from None
    return _cleaned(grid, file)


def _read_grid(path: Path, sheets: Sequence[str]) -> _Grid:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        expected = f"a file that ends in {', '.join(_SUFFIXES)}"
        raise refusal("wrong-suffix", expected, repr(path.name), _SAVE_AS)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise refusal("no-such-file", "a table", "nothing", "check the path") from None
    except OSError as error:
        reason = error.strerror or "an error"
        raise refusal("unreadable-file", "a readable file", reason, "check the file") from None
    if not data.strip():
        raise refusal("empty-file", "a header and records", "nothing", "export it again", 1)
    if kind := _other_kind(data, suffix):
        raise refusal("not-a-table", f"a {suffix[1:]} table", kind, f"open it and {_SAVE_AS}")
    if suffix == ".csv":
        return _read_csv(data)
    return _read_xlsx(data, sheets) if suffix == ".xlsx" else _read_parquet(data)


def _in_file(findings: Iterable[Finding], file: str) -> tuple[Finding, ...]:
    return tuple(replace(finding, file=file) for finding in findings)


def _other_kind(data: bytes, suffix: str) -> str:
    """Say what a file is where its first bytes belie its suffix."""
    own = _OWN_MAGIC.get(suffix)
    if own and data.startswith(own):
        return ""
    if kind := next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), ""):
        return kind
    if data[:2000].removeprefix(_BOM).lstrip().lower().startswith(_MARKUP):
        return "a web page or XML"
    return "a file of another kind" if own or b"\0" in data else ""


def _decoded(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """Decode as UTF-8, else as GB18030, strictly."""
    data = data.removeprefix(_BOM)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        start = error.start
    sound = data[:start].decode("utf-8")
    if len(re.findall(r"[\u4e00-\u9fff]", sound)) < _UTF8_BY_THEN:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            hint = "read as GB18030; CSV UTF-8 is safer"
            note = Finding("encoding", Severity.NOTE, expected="UTF-8", got="GB18030", hint=hint)
            return text, (note,)
    got = f"the byte 0x{data[start]:02x}, which fits neither"
    row = sound.count("\n") + 1
    raise refusal("encoding", "text in UTF-8 or GB18030", got, "save the file as CSV UTF-8", row)


def _read_csv(data: bytes) -> _Grid:
    text, findings = _decoded(data)
    body = text.lstrip("\r\n")
    header_row = 1 + len(text[: len(text) - len(body)].splitlines())
    delimiter = _delimiter(re.split(r"[\r\n]", body, maxsplit=1)[0], header_row)
    _refuse_open_quote(body, delimiter, header_row)
    header = next(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    skipped: list[int] = []
    ragged: list[tuple[int, int]] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text.strip():
            ragged.append((row.number + header_row - 1, row.actual_columns))
        return "skip"

    names = [str(position) for position in range(len(header))]
    encoded = body.encode("utf-8")
    table = pacsv.read_csv(
        pa.py_buffer(encoded),
        read_options=pacsv.ReadOptions(
            use_threads=False, block_size=len(encoded) + 1, column_names=names
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    ).slice(1)
    rows = np.setdiff1d(np.arange(2, 2 + len(table) + len(skipped)), skipped)
    return _Grid(
        header,
        table.columns,
        rows + header_row - 1,
        header_row,
        (*findings, *_ragged(ragged, len(header))),
    )


def _delimiter(line: str, row: int) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    comma, tab = bare.count(","), bare.count("\t")
    other = next((mark for mark in ";，；|" if mark in bare), "")
    if not comma and not tab and other:
        hint = "save the file as CSV UTF-8, with commas"
        raise refusal("delimiter", "commas (or tabs) between cells", repr(other), hint, row)
    return "\t" if tab > comma else ","


def _refuse_open_quote(text: str, delimiter: str, header_row: int) -> None:
    """Locate a quote that is never closed; it would swallow the rest of the file as one cell."""
    if text.count('"') % 2 == 0:
        return
    row = header_row
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row += 1
    except csv.Error:
        got, hint = 'a " that opens a cell and never closes it', "close or remove the quote"
        raise refusal("open-quote", "quotes in pairs", got, hint, row) from None


def _ragged(rows: Sequence[tuple[int, int]], width: int) -> tuple[Finding, ...]:
    def found(row: int, got: str, count: int = 1) -> Finding:
        return Finding(
            "ragged-row",
            Severity.ERROR,
            row=row,
            expected=f"{width} cells as in the header",
            got=got,
            hint="look for a comma too many or too few; put a text with commas in quotes",
            count=count,
        )

    named = tuple(found(row, f"{cells} cell{'s' * (cells != 1)}") for row, cells in rows[:MOST])
    rest = rows[MOST:]
    return (*named, found(rest[0][0], f"{len(rest)} more such rows", len(rest))) if rest else named


def _read_xlsx(data: bytes, sheets: Sequence[str]) -> _Grid:
    lines, findings = read_sheet(data, sheets)
    top = next((position for position, line in enumerate(lines) if any(line)), None)
    if top is None:
        raise refusal("empty-file", "a header and records", "nothing", "export it again", 1)
    width = max(len(line) for line in lines)
    padded = [(*line, *[None] * (width - len(line))) for line in lines[top:]]
    columns = [pa.array(column[1:], pa.string()) for column in zip(*padded, strict=True)]
    rows = np.arange(top + 2, top + 1 + len(padded))
    return _Grid(padded[0], columns, rows, top + 1, findings)


def _read_parquet(data: bytes) -> _Grid:
    try:
        table = pq.read_table(pa.BufferReader(data))
        columns = [pc.cast(column, pa.string()) for column in table.columns]
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        expected = "a parquet table of plain columns"
        raise refusal("not-a-table", expected, reason, "write it again") from None
    return _Grid(table.column_names, columns, np.arange(2, 2 + len(table)), 1)


def _cleaned(grid: _Grid, file: str) -> RawTable:
    findings = [*grid.findings]
    cells: dict[str, pd.Series] = {}
    for position, (raw_name, column) in enumerate(zip(grid.header, grid.columns, strict=True)):
        name = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw_name or "")).strip()
        texts = pd.Series(column.to_pandas(), dtype="str").str.strip()
        texts = texts.mask(texts == "")
        if name and name not in cells:
            cells[name] = texts
        elif name or texts.notna().any():
            findings.append(_header_fault(name, position, grid.header_row))
    frame = pd.DataFrame(cells)
    frame.index = pd.Index(grid.rows, name="row")
    return RawTable(file, frame.dropna(how="all"), _in_file(findings, file))


def _header_fault(name: str, position: int, row: int) -> Finding:
    check, expected, got, hint = (
        ("duplicate-header", "each header once", f"{name!r} again", "rename or remove one of them")
        if name
        else ("empty-header", "a header above cells", "none", "name the column or clear its cells")
    )
    got = f"{got} in column {position + 1}"
    return Finding(check, Severity.ERROR, "", row, name, expected, got, hint)
