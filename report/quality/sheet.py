"""Tables of the data-quality report: columns of a frame, named and written in two languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from report.profiles.notation import missing
from report.profiles.page import Cell, Column, Row, Table, Tone
from report.results import Results

ABSENT = "—"
Write = Callable[[Any], str]


def text(value: Any) -> str:
    """Write a value as it is."""
    return ABSENT if missing(value) else str(value)


def whole(value: Any) -> str:
    """Write a number of records."""
    return ABSENT if missing(value) else f"{value:,.0f}"


def decimal(digits: int) -> Write:
    """Return a writer of numbers with so many decimals and a proper minus."""
    return lambda value: ABSENT if missing(value) else f"{value:.{digits}f}".replace("-", "−")


def signed(digits: int) -> Write:
    """Return a writer of differences with their sign; none before zero."""

    def write(value: Any) -> str:
        if missing(value):
            return ABSENT
        written = f"{value:+.{digits}f}".replace("-", "−")
        return written[1:] if float(written[1:]) == 0 else written

    return write


def share(value: Any) -> str:
    """Write a share in percent with one decimal."""
    if missing(value):
        return ABSENT
    return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"


def p_value(value: Any) -> str:
    """Write a p value."""
    if missing(value):
        return ABSENT
    return "<0.001" if value < 0.001 else f"{value:.3f}"


@dataclass(frozen=True, slots=True)
class Told:
    """A column as readers see it.

    Parameters
    ----------
    columns
        One of the frame, or the value and both ends of its interval.
    zh, en
        Its head.
    write
        How a value is written.
    align
        Of its cells.
    tone
        How a value is coloured.
    """

    columns: str | tuple[str, str, str]
    zh: str
    en: str
    write: Write = text
    align: Literal["left", "center", "right"] = "right"
    tone: Callable[[Any], Tone] = lambda _: ""

    def cell(self, row: Any) -> Cell:
        """Return the cell of a row of the frame."""
        if isinstance(self.columns, str):
            value = getattr(row, self.columns)
            return Cell(self.write(value), self.tone(value))
        value, low, high = (getattr(row, name) for name in self.columns)
        written = self.write(value)
        if not (missing(low) or missing(high)):
            written += f" [{self.write(low)}, {self.write(high)}]"
        return Cell(written, self.tone(value))


def table_of(results: Results, title: str, rows: pd.DataFrame, columns: Sequence[Told]) -> Table:
    """Return a table of the rows of a frame, in their order."""
    heads = tuple(Column(results.say(each.zh, each.en), each.align) for each in columns)
    cells = (tuple(each.cell(row) for each in columns) for row in rows.itertuples(index=False))
    return Table(title, heads, tuple(Row(each, depth=1) for each in cells))
