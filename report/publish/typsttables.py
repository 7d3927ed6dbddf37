"""Tables of the PDF: size of letters, widths of columns, and what stays on one page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report.publish import pandoc
from report.publish.columns import (
    CM_PER_PT,
    Columns,
    Letters,
    column_widths,
    columns_of,
    least_width,
    row_lines,
    with_widths,
)
from report.publish.floats import table_class
from report.publish.pandoc import Element

TEXT_CM = 21.0 - 2 * 2.7
"""Width of the text of a page: that of A4 without the margins of ``book.typ``."""
WHOLE_CM = 17.0
"""A table that is higher goes over to the next page."""
LINE_EM = 1.25
"""From one line of a cell to the next."""
MANY_COLUMNS, TALL_ROWS = 5, 3
"""A table of as many columns whose rows have more lines on average is set closer."""
FEWER_LINES = 0.8
"""So is one that then has at most this share of its lines."""
TALLEST_ROW = 25
"""A row of more lines may go over to the next page."""


@dataclass(frozen=True, slots=True)
class Tightness:
    """How close a table is set: size of letters, room beside and above them, in points."""

    size: float
    across: float
    down: float

    @property
    def letters(self) -> Letters:
        """Size of letters and what a cell leaves free beside them."""
        return Letters(self.size, 2 * self.across * CM_PER_PT)


LOOSEST = {"": 0, "wide": 1, "long": 2}
"""Where in `TIGHTNESS` each class of table starts."""
TIGHTNESS = (
    Tightness(9.5, 6, 5),
    Tightness(8.5, 5, 4),
    Tightness(8, 5, 3.2),
    Tightness(8, 3, 3.2),
    Tightness(7.5, 2.5, 3),
)


def typst_table(table: Element) -> list[Element]:
    """Return a table in the box that ``book.typ`` has for it.

    Parameters
    ----------
    table
        A table of pandoc.

    Returns
    -------
    Its letters are as large as its class has them, or smaller where a word would be torn
    or rows would be tall.
    """
    kind = table_class(table)
    columns, chosen, widths = _set(table)
    lines = row_lines(columns, chosen.letters, widths)
    arguments = {
        "size": f"{chosen.size}pt",
        "across": f"{chosen.across}pt",
        "down": f"{chosen.down}pt",
        "striped": _truth(kind == "long"),
        "crowded": _truth(least_width(columns, chosen.letters) > TEXT_CM),
        "whole": _truth(_is_low(lines, chosen)),
        "rows-break": _truth(lines.max() > TALLEST_ROW),
    }
    said = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    opening = pandoc.raw("typst", f"#table-box({said})[")
    return [opening, with_widths(table, widths), pandoc.raw("typst", "]")]


def is_whole(table: Element) -> bool:
    """Return whether a table is low enough to be kept on one page."""
    columns, chosen, widths = _set(table)
    return _is_low(row_lines(columns, chosen.letters, widths), chosen)


def _is_low(lines: NDArray[np.float64], chosen: Tightness) -> bool:
    points = lines.sum() * LINE_EM * chosen.size + len(lines) * 2 * chosen.down
    return float(points) * CM_PER_PT <= WHOLE_CM


def _set(table: Element) -> tuple[Columns, Tightness, NDArray[np.float64]]:
    columns = columns_of(table)
    chosen = _tightness(columns, TIGHTNESS[LOOSEST[table_class(table)] :])
    return columns, chosen, column_widths(columns, chosen.letters, TEXT_CM)


def _tightness(columns: Columns, choices: Sequence[Tightness]) -> Tightness:
    """Return the first choice that tears no word, or the one after where rows are tall.

    The one after is also taken where its rows have far fewer lines.
    """
    fitting = [each for each in choices if least_width(columns, each.letters) <= TEXT_CM]
    first, *closer = fitting or choices[-1:]
    if not closer or len(columns.least) < MANY_COLUMNS:
        return first
    lines = _lines(columns, first)
    tall = lines.mean() > TALL_ROWS
    fewer = _lines(columns, closer[0]).sum() <= FEWER_LINES * lines.sum()
    return closer[0] if tall or fewer else first


def _lines(columns: Columns, chosen: Tightness) -> NDArray[np.float64]:
    widths = column_widths(columns, chosen.letters, TEXT_CM)
    return row_lines(columns, chosen.letters, widths)


def _truth(value: bool) -> str:
    return "true" if value else "false"
