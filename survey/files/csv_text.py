"""Text of comma-separated values as a grid, with the row of whatever cannot be read."""

import csv
import io
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from survey.files.encodings import as_utf8
from survey.files.grid import MOST, Found, Grid, noted, refusal, too_large
from survey.files.layout import HEAD_ROWS, find_header
from survey.files.limits import MOST_CELL_CHARACTERS, MOST_COLUMNS
from survey.findings import Finding, Severity

_MARKS = ",\t;|"
"""What may stand between cells."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SEPARATOR = re.compile(rb"sep=([,;|\t])", re.IGNORECASE)


def read_csv(data: bytes) -> Grid:
    """Read the bytes of a csv file.

    Raises
    ------
    InputError
        Where encoding, quotes, marks between cells or header cannot be made out.
    """
    text, findings = as_utf8(data)
    start = len(text) - len(text.lstrip(b"\r\n"))
    head = _head(text, start)
    if not text.strip():
        raise refusal("empty-file", "a header and records", "nothing", "export it again", 1)
    if said := _SEPARATOR.fullmatch(_line(text, head[0])):
        head = head[1:] or head
    first = 1 + len(_LINE_END.findall(text[: head[0][0]]))
    mark = said[1].decode() if said else _mark([_line(text, span) for span in head], first)
    if mark == "|" or (mark == ";" and not said):
        findings = (*findings, noted("delimiter", "commas", repr(mark), "read as marks of cells"))
    _refuse_open_quote(text, mark, head[0][0], first)
    rows = [_cells(_line(text, span), mark, first) for span in head]
    found = find_header(rows, first)
    body = text[head[found.at][0] :]
    return _parsed(body, mark, rows[found.at], first + found.at, (*findings, *found.findings))


def _head(text: bytes, start: int) -> list[tuple[int, int]]:
    """Return start and end of the first records; a line break in quotes ends none."""
    spans: list[tuple[int, int]] = []
    place = start
    while place < len(text) and len(spans) < HEAD_ROWS:
        ends = _LINE_END.finditer(text, place)
        stops = ((end.start(), end.end()) for end in ends)
        quotes, since = 0, place
        stop, following = len(text), len(text)
        for stop, following in stops:  # noqa: B007
            quotes += text.count(b'"', since, stop)
            since = stop
            if quotes % 2 == 0:
                break
        else:
            stop = following = len(text)
        spans.append((place, stop))
        place = following
    return spans


def _line(text: bytes, span: tuple[int, int]) -> bytes:
    return text[slice(*span)]


def _mark(lines: Sequence[bytes], row: int) -> str:
    """Tell what stands between cells: the commonest mark of the first line that has one."""
    for at, line in enumerate(lines):
        bare = re.sub(rb'"[^"]*"', b"", line)
        counts = {mark: bare.count(mark.encode()) for mark in _MARKS}
        best = max(_MARKS, key=lambda mark: counts[mark])
        if counts[best] and not line.startswith(b"# "):
            if best in ",\t" or not (counts[","] or counts["\t"]):
                return best
            return max(",\t", key=lambda mark: counts[mark])
        wide = next((mark for mark in "，；" if mark.encode() in bare), "")
        if wide and at == 0 and len(lines) > 1 and wide.encode() in lines[1]:
            hint = "save the file as CSV UTF-8, with commas"
            raise refusal("delimiter", "commas (or tabs) between cells", repr(wide), hint, row)
    return ","


def _cells(line: bytes, mark: str, row: int) -> list[str]:
    if line.count(mark.encode()) >= MOST_COLUMNS:
        columns = line.count(mark.encode()) + 1
        raise too_large(f"at most {MOST_COLUMNS:,} columns", f"{columns:,}")
    try:
        text = io.StringIO(line.decode("utf-8"), newline="")
        return next(csv.reader(text, delimiter=mark), [""]) or [""]
    except csv.Error:
        raise long_cell(row) from None


def long_cell(row: int, column: str = "") -> Exception:
    """Make the error that refuses a table for the length of a cell."""
    expected = f"cells of at most {MOST_CELL_CHARACTERS:,} characters"
    hint = "look for a quote that is not closed; keep long texts in a file of their own"
    return refusal("long-cell", expected, "a longer one", hint, row, column)


def _refuse_open_quote(text: bytes, mark: str, start: int, row: int) -> None:
    """Locate a quote that is never closed; it would swallow the rest of the file as one cell."""
    if text.count(b'"', start) % 2 == 0:
        return
    lines = io.TextIOWrapper(io.BytesIO(text[start:]), encoding="utf-8", newline="")
    try:
        for _ in csv.reader(lines, delimiter=mark, strict=True):
            row += 1
    except csv.Error:
        got, hint = 'a " that opens a cell and never closes it', "close or remove the quote"
        raise refusal("open-quote", "quotes in pairs", got, hint, row) from None


def _parsed(body: bytes, mark: str, header: list[str], header_row: int, findings: Found) -> Grid:
    skipped: list[int] = []
    ragged: list[tuple[int, int]] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text.strip():
            ragged.append((row.number + header_row - 1, row.actual_columns))
        return "skip"

    names = [str(position) for position in range(len(header))]
    try:
        table = pacsv.read_csv(
            pa.py_buffer(body),
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=len(body) + 1, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=mark,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        ).slice(1)
    except pa.ArrowException as error:
        got = next(iter(str(error).splitlines()), "a damaged file")
        raise refusal("not-a-table", "a csv table", got, "export it again") from None
    rows = np.setdiff1d(np.arange(2, 2 + len(table) + len(skipped)), skipped)
    found = (*findings, *_ragged(ragged, len(header)))
    return Grid(header, table.columns, rows + header_row - 1, header_row, found)


def _ragged(rows: Sequence[tuple[int, int]], width: int) -> Found:
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
