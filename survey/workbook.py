"""Workbooks: one sheet of an xlsx file as strings, the way a spreadsheet shows its values."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from survey.findings import Finding, InputError, Severity

Line = tuple[str | None, ...]


def refusal(check: str, expected: str, got: str, hint: str, row: int | None = None) -> InputError:
    """Make the error that refuses a whole file; its finding names the file later."""
    return InputError(
        [Finding(check, Severity.ERROR, row=row, expected=expected, got=got, hint=hint)]
    )


def read_sheet(data: bytes, names: Sequence[str] = ()) -> tuple[list[Line], tuple[Finding, ...]]:
    """Read a sheet.

    Parameters
    ----------
    data
        The bytes of an xlsx file.
    names
        Names by which the right sheet is known; where none fits, the first sheet is read.

    Returns
    -------
    Every row from the first on, and a note where the workbook has other sheets.

    Raises
    ------
    InputError
        Where it is no workbook, or a formula has no value stored.
    """
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        titles = [sheet.title for sheet in book.worksheets]
        known = {name.casefold() for name in names}
        named = [title for title in titles if title.strip().casefold() in known]
        title = (named or titles)[0]
        lines = [tuple(map(_shown, line)) for line in _rows(book[title])]
        if _has_formulas(data):
            written = _rows(load_workbook(io.BytesIO(data), read_only=True)[title])
            if uncomputed := _uncomputed(lines, written):
                raise InputError(uncomputed)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        got = f"a file that is none ({error})"
        hint = "open it and save it as xlsx"
        raise refusal("not-a-table", "an xlsx workbook", got, hint) from None
    if len(titles) == 1:
        return lines, ()
    why = "it bears the name of the table" if named else "it is the first"
    others = ", ".join(repr(other) for other in titles if other != title)
    return lines, (
        Finding(
            "several-sheets",
            Severity.NOTE,
            expected="one sheet",
            got=f"{len(titles)} sheets",
            hint=f"read {title!r}, as {why}; left out {others}",
        ),
    )


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)


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
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(rb"<f[ >/]", archive.read(name)) for name in sheets)


def _uncomputed(lines: Sequence[Line], written: Iterable[tuple[Any, ...]]) -> tuple[Finding, ...]:
    """Return an error where formulas have no value stored: read on, they would pass for blanks."""
    empty = [
        (row, position + 1, formula)
        for row, (line, formulas) in enumerate(zip(lines, written, strict=False), start=1)
        for position, (shown, formula) in enumerate(zip(line, formulas, strict=False))
        if shown is None and formula is not None
    ]
    if not empty:
        return ()
    row, position, formula = empty[0]
    return (
        Finding(
            "formula-without-value",
            Severity.ERROR,
            row=row,
            column=f"column {position}",
            expected="a value stored with each formula",
            got=repr(str(formula)),
            hint="open it in a spreadsheet and save it, so that formulas are computed",
            count=len(empty),
        ),
    )
