"""Layout: where the header of a table stands, and which rows below it are no records."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
import pyarrow as pa

from survey.files.grid import MOST, Found, Grid, arrow, column_letters, noted, refusal
from survey.findings import Finding, Severity
from survey.values import quoted

Line = Sequence[str | None]

HEAD_ROWS = 12
"""Rows at the top that are looked at for the header."""
_BOM = "\ufeff"
"""Mark in front of a file, and so in the middle of two that were pasted together."""
_MOST_TITLES = 5
_LEAST_COLUMNS = 3
"""Columns of a table below which a row of one cell may be its header."""
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_VALUE = re.compile(
    r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?%?|(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]\d.*)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOTALS = ("合计", "总计", "共计", "小计", "合 计", "总 计", "grand total")


def clean_header(raw: str | None) -> str:
    """Return a header freed of blanks, invisible characters and full width."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw or "")).strip()


def is_value(text: str) -> bool:
    """Tell whether a text is a number or a date, as no name of a column is."""
    return bool(_VALUE.fullmatch(text)) and not _YEAR.fullmatch(text)


@dataclass(frozen=True)
class Header:
    """Where a header was found.

    Parameters
    ----------
    at
        Its position among the rows at the top.
    findings
        A note on titles and comments above it.
    """

    at: int
    findings: Found = ()


def find_header(rows: Sequence[Line], first: int = 1) -> Header:
    """Find the row of column names below titles and comments that are unmistakable.

    A title is a row of one cell above a row of at least three different names; a comment begins
    with ``#`` and a blank.

    Parameters
    ----------
    rows
        The first rows of the file, up to `HEAD_ROWS`; the first is not blank.
    first
        Row of the first as a spreadsheet shows it.

    Raises
    ------
    InputError
        Where there is no row of names, or there are two.
    """
    lines = [[clean_header(cell) for cell in row] for row in rows]
    filled = [sum(map(bool, line)) for line in lines]
    at = next((i for i, n in enumerate(filled) if n > 1 and not _is_comment(lines[i])), 0)
    above = sum(n > 0 for n in filled[:at])
    if above > _MOST_TITLES or (not _is_comments(lines[:at]) and not _is_names(lines[at])):
        _refuse_doubtful(lines[0], lines[at], first)
        at, above = 0, 0
    row = first + at
    _refuse_values(lines[at], row)
    if at + 1 < len(lines):
        _refuse_groups(lines[at], lines[at + 1 :], row)
        _refuse_labels(lines[at], lines[at + 1], lines[at + 2 :], row)
    if not above:
        return Header(at)
    got = f"{above} row{'s' * (above > 1)} of titles or comments above it"
    hint = f"left out; the header is row {row}"
    return Header(
        at, (noted("title-rows", "the header in the first row", got, hint, first, above),)
    )


def _is_comment(line: Sequence[str]) -> bool:
    return re.match(r"# ", line[0]) is not None if line else False


def _is_comments(lines: Sequence[Sequence[str]]) -> bool:
    return all(_is_comment(line) for line in lines if any(line))


def _is_names(line: Sequence[str]) -> bool:
    names = [name for name in line if name]
    return (
        len(names) >= _LEAST_COLUMNS
        and len(set(names)) == len(names)
        and not any(map(is_value, names))
    )


def _refuse_doubtful(top: Sequence[str], below: Sequence[str], row: int) -> None:
    """Refuse one cell above a row of words: a title, or a header that lacks names."""
    if any(map(is_value, below)):
        return
    got = f"{_shown(top)} above rows of {len(below)} cells"
    hint = "delete titles above the header, and name every column"
    raise refusal("header-row", "the names of the columns in the first row", got, hint, row)


def _refuse_values(header: Sequence[str], row: int) -> None:
    names = [name for name in header if name]
    values = [name for name in names if is_value(name)]
    if len(values) >= 2 and 3 * len(values) >= len(names):
        hint = "put a row of column names above the records"
        raise refusal("no-header", "the names of the columns", _shown(names), hint, row)


def _shown(cells: Sequence[str]) -> str:
    held = [cell for cell in cells if cell]
    return ", ".join(map(quoted, held[:MOST])) + (", …" if len(held) > MOST else "")


def _refuse_groups(header: Sequence[str], below: Sequence[Sequence[str]], row: int) -> None:
    """Refuse titles or names of groups above the names of columns."""
    names, same = below[0], {len(line) for line in below if any(line)}
    wide = len(header) >= len(names) or len(same) == 1
    blank = sum(not name and bool(under) for name, under in zip_longest(header, names))
    if blank >= 2 and wide and _is_names(names):
        hint = "keep one row that names every column and delete the other"
        got = f"a row of titles or groups above row {row + 1}"
        raise refusal("two-header-rows", "one row of column names", got, hint, row)


def _refuse_labels(
    header: Sequence[str], below: Sequence[str], records: Sequence[Sequence[str]], row: int
) -> None:
    """Refuse a second row of names: none of its cells is a value where the records have values."""
    if not records or not _is_names(header) or len([cell for cell in below if cell]) < len(header):
        return
    held = [[line[column] for line in records if column < len(line) and line[column]]
            for column in range(len(header))]  # fmt: skip
    valued = [bool(cells) and all(map(is_value, cells)) for cells in held]
    told = [cell for cell, values in zip(below, valued, strict=False) if values]
    numbered = any(map(str.isdigit, below[0])) or any(cell[0].isdigit() for cell in told)
    worded = len(told) >= 2 and not numbered
    if worded and len(set(below)) == len(below) and not any(map(is_value, below)):
        got = f"names again in row {row + 1}: {_shown(below)}"
        hint = f"delete row {row + 1}, or the row above it"
        raise refusal("two-header-rows", "one row of column names", got, hint, row + 1)


def without_repeats(grid: Grid) -> Grid:
    """Leave out rows that repeat the header and totals at the end, with notes.

    Returns
    -------
    The grid; an error is added for each row of totals between records.
    """
    if not len(grid.rows) or not grid.columns:
        return grid
    repeats = _repeats(grid)
    totals = _totals(grid) & ~repeats
    last = len(totals) - 1 - int(np.argmin(totals[::-1])) if not totals.all() else -1
    trailing = totals & (np.arange(len(totals)) > last)
    findings = [
        *_left_out("repeated-header", "the header once", "rows that repeat it", grid, repeats),
        *_left_out("total-row", "records only", "rows of totals at the end", grid, trailing),
        *_totals_between(grid, totals & ~trailing),
    ]
    if not findings:
        return grid
    kept = ~(repeats | totals)
    columns = [column.filter(pa.array(kept)) for column in grid.columns]
    return replace(
        grid, columns=columns, rows=grid.rows[kept], findings=(*grid.findings, *findings)
    )


def _repeats(grid: Grid) -> np.ndarray:
    same = np.ones(len(grid.rows), dtype=bool)
    named = [pair for pair in zip(grid.header, grid.columns, strict=True) if clean_header(pair[0])]
    if not named:
        return ~same
    for name, column in named:
        texts = arrow.utf8_trim_whitespace(column)
        spelt = pa.array([(name or "").strip(), f"{_BOM}{name or ''}".strip()])
        same &= np.asarray(arrow.is_in(texts, spelt), dtype=bool)
        if not same.any():
            break
    return same


def _totals(grid: Grid) -> np.ndarray:
    """Tell the rows whose first cell, or the next where that is blank, says that they total."""
    total = np.zeros(len(grid.rows), dtype=bool)
    blank = ~total
    for column in grid.columns[:2]:
        words = arrow.utf8_lower(arrow.utf8_trim_whitespace(arrow.fill_null(column, "")))
        said = np.asarray(arrow.is_in(words, pa.array(_TOTALS)), dtype=bool)
        total |= said & blank
        blank &= np.asarray(arrow.equal(words, ""), dtype=bool)
    return total


def _left_out(check: str, expected: str, what: str, grid: Grid, mask: np.ndarray) -> Found:
    rows = grid.rows[mask]
    if not len(rows):
        return ()
    named = ", ".join(map(str, rows[:MOST].tolist())) + (", …" if len(rows) > MOST else "")
    return (noted(check, expected, f"{len(rows)} {what}", f"left out: row {named}",
                  int(rows[0]), len(rows)),)  # fmt: skip


def _totals_between(grid: Grid, mask: np.ndarray) -> Found:
    rows = grid.rows[mask]
    if not len(rows):
        return ()
    got, hint = f"{len(rows)} rows of totals between records", "delete them"
    column = column_letters(0)
    return (
        Finding("total-row", Severity.ERROR, "", int(rows[0]), column, "records only", got, hint,
                len(rows)),
    )  # fmt: skip
