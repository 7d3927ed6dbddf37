"""Sheet XML: what a worksheet holds beside values, found without building a tree."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from survey.files.grid import Found, noted

_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*? r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>(.*?)</(?:\w+:)?c>', re.DOTALL
)
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?v>)", re.DOTALL)
_ERROR, _TEXT_RESULT = b' t="e"', b' t="str"'
_ROW = re.compile(rb'row [^>]*?\br="(\d{1,9})"')
_WIDE = tuple(re.compile(rb' r="([A-Z]{%s})\d' % letters) for letters in (b"3,9", b"2", b"1"))
_HIDDEN_ROW = re.compile(rb'row [^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'col [^>]*?\bhidden="(?:1|true)"[^>]*>')
_COLUMN_SPAN = re.compile(rb'\b(min|max)="(\d+)"')


@dataclass(frozen=True)
class SheetFacts:
    """What the XML of a worksheet says.

    Parameters
    ----------
    rows, columns
        Extent of its cells, empty ones with a format among them.
    faults
        Text of each error cell, such as ``#N/A``, by row and column, from 0.
    uncomputed
        Row and column, from 0, and text of each formula without a stored value.
    hidden_rows, hidden_columns
        How many.
    """

    rows: int
    columns: int
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0

    def notes(self) -> Found:
        """Return notes on what is hidden."""
        found = []
        if self.hidden_rows:
            got = f"{self.hidden_rows} hidden or filtered rows"
            hint = "hidden rows are records and were read; delete those that are none"
            found.append(
                noted("hidden-rows", "every row in sight", got, hint, count=self.hidden_rows)
            )
        if self.hidden_columns:
            got, hint = f"{self.hidden_columns} hidden columns", "read like the others"
            found.append(noted("hidden-columns", "every column in sight", got, hint))
        return tuple(found)


def facts_of(xml: bytes) -> SheetFacts:
    """Find what the XML of a worksheet says beside values."""
    if b"='" in xml:
        xml = xml.replace(b"'", b'"')
    faults: dict[tuple[int, int], str] = {}
    uncomputed: list[tuple[int, int, str]] = []
    for row, column, opening, inner in _computed_cells(xml):
        value, formula = _VALUE.search(inner), _FORMULA.search(inner)
        if _ERROR in opening and value and value[1]:
            faults[row, column] = _text(value[1])
        elif formula and not (value and (value[1] or _TEXT_RESULT in opening)):
            uncomputed.append((row, column, f"={_text(formula[1] or b'')}"))
    columns = _columns(xml)
    rows = max((int(each) for each in _ROW.findall(xml)), default=0)
    hides = b"hidden=" in xml
    return SheetFacts(
        max(rows, xml.count(b"<row")),
        columns,
        faults,
        tuple(uncomputed),
        len(_HIDDEN_ROW.findall(xml)) if hides else 0,
        sum(_span(tag, columns) for tag in _HIDDEN_COLUMN.findall(xml)) if hides else 0,
    )


def _text(xml: bytes) -> str:
    return html.unescape(xml.decode("utf-8", "replace"))


def _computed_cells(xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield row, column, opening tag and content of the cells that hold a formula or an error."""
    if not (_ERROR in xml or b"<f" in xml or b":f" in xml):
        return
    for match in _CELL.finditer(xml):
        opening = xml[match.start() : match.start(3)]
        if _ERROR in opening or b"<f" in match[3] or b":f" in match[3]:
            yield int(match[2]) - 1, column_position(match[1].decode()), opening, match[3]


def column_position(letters: str) -> int:
    """Return the position of a column by its letters: A is 0."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _columns(xml: bytes) -> int:
    for pattern in _WIDE:
        if letters := {match[1] for match in pattern.finditer(xml)}:
            return max(column_position(each.decode()) for each in letters) + 1
    most = 0
    for row in xml.split(b"<row")[1:]:
        most = max(most, row.count(b"<c>") + row.count(b"<c ") + row.count(b"<c/>"))
    return most


def _span(tag: bytes, columns: int) -> int:
    ends = {name: int(number) for name, number in _COLUMN_SPAN.findall(tag)}
    return max(min(ends.get(b"max", 1), columns) - ends.get(b"min", 1) + 1, 0)
