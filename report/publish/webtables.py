"""Tables of a page: columns take the room their text needs, and a phone may scroll them."""

from collections.abc import Sequence
from unicodedata import east_asian_width

from report.publish import pandoc
from report.publish.columns import FIGURES
from report.publish.pandoc import Element

BRIEF = 16
"""Text up to this width, in Latin letters, is never broken; nor is a figure or an interval."""
LONG = 28
"""A column with wider text is one of words, which may be broken anywhere."""


def web_table(table: Element) -> Element:
    """Return a table without fixed widths; its cells have the class of their column.

    A browser sees what is in the cells and divides the room better than shares that were meant
    for paper. The cells of a column are ``brief`` where all are short or figures, and ``words``
    where one of them is long; a table with merged cells is left without classes.

    Parameters
    ----------
    table
        A table of pandoc.
    """
    attr, caption, columns, head, bodies, foot = table["c"]
    free = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
    rows = [row for body in bodies for row in body[3]]
    if not _merged(rows):
        classes = [_class(cells) for cells in zip(*(row[1] for row in rows), strict=True)]
        bodies = [[*body[:3], [_classed(row, classes) for row in body[3]]] for body in bodies]
    return {"t": "Table", "c": [attr, caption, free, head, bodies, foot]}


def _merged(rows: Sequence[list]) -> bool:
    return any(span != 1 for row in rows for cell in row[1] for span in cell[2:4])


def _class(cells: Sequence[list]) -> str:
    texts = [pandoc.plain_text(cell[4]) for cell in cells]
    widest = max(map(_width, texts))
    if all(_width(text) <= BRIEF or FIGURES.fullmatch(text) for text in texts):
        return "brief"
    return "words" if widest > LONG else ""


def _classed(row: list, classes: Sequence[str]) -> list:
    cells = [
        [[cell[0][0], [*cell[0][1], own], cell[0][2]], *cell[1:]] if own else cell
        for cell, own in zip(row[1], classes, strict=True)
    ]
    return [row[0], cells]


def _width(text: str) -> int:
    """Return the width of a text; a Chinese character is as wide as two Latin letters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
