"""Workbooks: one sheet of an xlsx file as strings, the way a spreadsheet shows its values."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from survey.files.archive import SheetPart, Workbook
from survey.files.grid import Found, Grid, column_letters, noted, refusal, too_large
from survey.files.layout import HEAD_ROWS, find_header
from survey.files.limits import MOST_COLUMNS, MOST_SHEET_CELLS
from survey.files.sheet_xml import SheetFacts, facts_of
from survey.findings import Finding, InputError, Severity

__all__ = ["read_sheet", "refusal"]

_BLOCK = 50_000
"""Rows that are held as Python values at a time."""
_SAVE = "open it in a spreadsheet and save it as xlsx"
Area = tuple[tuple[int, int], tuple[int, int]]


def read_sheet(data: bytes, names: Sequence[str] = ()) -> Grid:
    """Read a sheet.

    Parameters
    ----------
    data
        The bytes of an xlsx or xlsm file; macros are not run.
    names
        Names by which the right sheet is known; where none fits, the first in sight is read.

    Returns
    -------
    The grid, with notes on other sheets, on what is hidden, on macros and on links.

    Raises
    ------
    InputError
        Where it is no workbook, is too large, has no header that can be made out, holds formulas
        without a stored value, or merges cells of the table.
    """
    book = Workbook.opened(data)
    if book.counts_from_1904:
        hint = "save it as CSV UTF-8, so that days stand as dates"
        got = "a workbook that counts from 1904"
        raise refusal("dates-from-1904", "days counted from 1900", got, hint)
    if not book.sheets:
        raise refusal("not-a-table", "an xlsx workbook", "a workbook without a worksheet", _SAVE)
    chosen, named = _chosen(book.sheets, names)
    facts = facts_of(book.read(chosen.part))
    _refuse_extent(facts)
    if facts.uncomputed:
        raise InputError(_uncomputed(facts))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(chosen.title)
    except (CalamineError, OSError, ValueError) as error:
        got = f"a damaged workbook ({next(iter(str(error).splitlines()), 'unreadable')})"
        raise refusal("not-a-table", "an xlsx workbook", got, _SAVE) from None
    grid = _grid(sheet, facts)
    notes = (*_other_sheets(book.sheets, chosen, named), *book.notes(), *facts.notes())
    return Grid(grid.header, grid.columns, grid.rows, grid.header_row, (*notes, *grid.findings))


def _chosen(sheets: Sequence[SheetPart], names: Sequence[str]) -> tuple[SheetPart, bool]:
    known = {name.casefold() for name in names}
    named = [sheet for sheet in sheets if sheet.title.strip().casefold() in known]
    in_sight = [sheet for sheet in named or sheets if not sheet.hidden]
    return (in_sight or named or sheets)[0], bool(named)


def _other_sheets(sheets: Sequence[SheetPart], chosen: SheetPart, named: bool) -> Found:
    if len(sheets) == 1:
        return ()
    why = "it bears the name of the table" if named else "it is the first"
    others = ", ".join(
        repr(sheet.title) + " (hidden)" * sheet.hidden for sheet in sheets if sheet is not chosen
    )
    hint = f"read {chosen.title!r}, as {why}; left out {others}"
    return (noted("several-sheets", "one sheet", f"{len(sheets)} sheets", hint),)


def _refuse_extent(facts: SheetFacts) -> None:
    if facts.columns > MOST_COLUMNS or facts.rows * facts.columns > MOST_SHEET_CELLS:
        expected = f"at most {MOST_COLUMNS:,} columns and {MOST_SHEET_CELLS:,} cells"
        raise too_large(expected, f"{facts.rows:,} rows x {facts.columns:,} columns")


def _uncomputed(facts: SheetFacts) -> Found:
    """Return an error where formulas have no value stored: read on, they would pass for blanks."""
    row, column, formula = facts.uncomputed[0]
    return (
        Finding(
            "formula-without-value",
            Severity.ERROR,
            row=row + 1,
            column=column_letters(column),
            expected="a value stored with each formula",
            got=repr(formula),
            hint="open it in a spreadsheet and save it, so that formulas are computed",
            count=len(facts.uncomputed),
        ),
    )


def _grid(sheet: CalamineSheet, facts: SheetFacts) -> Grid:
    lines = _lines(sheet, facts)
    head: list[list[Any]] = []
    top = 0
    for line in lines:
        if head or any(_shown(cell) for cell in line):
            head.append(line)
        else:
            top += 1
        if len(head) == HEAD_ROWS:
            break
    if not head:
        raise refusal("empty-file", "a header and records", "nothing", "export it again", 1)
    found = find_header([[_shown(cell) for cell in line] for line in head], top + 1)
    header_row = top + found.at + 1
    _refuse_merged(sheet.merged_cell_ranges or (), header_row - 1)
    header = [_shown(cell) for cell in head[found.at]]
    blocks: list[list[pa.Array]] = []
    block = head[found.at + 1 :]
    while block := [*block, *islice(lines, _BLOCK)]:
        blocks.append([_texts(column) for column in zip(*block, strict=True)])
        block = []
    columns = [
        pa.chunked_array([each[position] for each in blocks], pa.string())
        for position in range(len(header))
    ]
    records = len(columns[0])
    rows = np.arange(header_row + 1, header_row + 1 + records)
    return Grid(header, columns, rows, header_row, found.findings)


def _lines(sheet: CalamineSheet, facts: SheetFacts) -> Iterator[list[Any]]:
    """Yield every row from the first on, with the text of error cells put in."""
    faults: dict[int, dict[int, str]] = {}
    for (row, column), text in facts.faults.items():
        faults.setdefault(row, {})[column] = text
    last_row, last_column = sheet.end or (-1, -1)
    width = 1 + max(last_column, *(column for _, column in facts.faults), -1)
    for row, line in enumerate(sheet.iter_rows()):
        yield _with_faults(line, faults.get(row), width)
    for row in range(last_row + 1, 1 + max(faults, default=-1)):
        yield _with_faults([], faults.get(row), width)


def _with_faults(line: list[Any], faults: dict[int, str] | None, width: int) -> list[Any]:
    padded = line if len(line) == width else [*line, *[""] * (width - len(line))]
    for column, text in (faults or {}).items():
        padded[column] = text
    return padded


def _texts(column: Sequence[Any]) -> pa.Array:
    """Write the values of a column as a spreadsheet does, each distinct one once."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return pa.array(column, pa.string())
    if bool in kinds:
        return pa.array([_shown(value) for value in column], pa.string())
    known = {value: _shown(value) for value in set(column)}
    return pa.array([known[value] for value in column], pa.string())


def _shown(value: Any) -> str | None:
    """Write a cell's value as a spreadsheet does, to 15 digits."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _refuse_merged(areas: Sequence[Area], header: int) -> None:
    """Refuse merged cells in the header and below: all but the first of them look blank."""
    in_header = [area for area in areas if area[0][0] <= header <= area[1][0] and _is_wide(area)]
    below = [area for area in areas if area[0][0] > header and _is_wide(area)]
    if in_header:
        hint = "give every column one name in one row, without merged cells"
        got = f"{_named(in_header[0])} merged"
        raise refusal("merged-header", "one row that names every column", got, hint, header + 1)
    if below:
        got = f"{_named(below[0])} merged" + (f", and {len(below) - 1} more" if below[1:] else "")
        hint = "take the merging back and fill the value into every cell it stands for"
        raise refusal("merged-cells", "a value in every cell", got, hint, below[0][0][0] + 1,
                      column_letters(below[0][0][1]))  # fmt: skip


def _is_wide(area: Area) -> bool:
    return area[0] != area[1]


def _named(area: Area) -> str:
    return ":".join(f"{column_letters(column)}{row + 1}" for row, column in area)
