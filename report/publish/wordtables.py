"""Tables of the Word report: widths of columns, size of letters, and pages on their side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from report.publish.columns import Letters, column_widths, columns_of, least_width
from report.publish.floats import LONG_ROWS, fits_a_page, table_size
from report.publish.pandoc import Element
from report.publish.wordparts import LONG_CM, TEXT_CM
from report.publish.wordstyle import W, element, twips

MANY_COLUMNS = 8
TEXT_PT, SMALL_PT = 9.5, 8.0
PADDING_CM = 0.26


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is set.

    Parameters
    ----------
    widths
        Of the columns, in centimetres; they fill the text.
    small
        Whether letters are small.
    landscape
        Whether it stands on a page on its side.
    whole
        Whether its rows stay on one page.
    """

    widths: tuple[float, ...]
    small: bool
    landscape: bool
    whole: bool


def plan_table(table: Element, *, landscape: bool = False) -> Plan:
    """Return how a table is set, by its rows and by what its columns need.

    Parameters
    ----------
    table
        A table of pandoc.
    landscape
        Whether it stands on a page on its side anyway.

    Returns
    -------
    Long tables, those of eight columns or more and those whose words would be torn have small
    letters; one of eight columns whose words do not fit an upright page then stands on its side.
    """
    rows, number = table_size(table)
    columns = columns_of(table)
    text, small = Letters(TEXT_PT, PADDING_CM), Letters(SMALL_PT, PADDING_CM)
    tight = rows > LONG_ROWS or number >= MANY_COLUMNS or least_width(columns, text) > TEXT_CM
    letters = small if tight else text
    crowded = number >= MANY_COLUMNS and least_width(columns, letters) > TEXT_CM
    room = LONG_CM if landscape or crowded else TEXT_CM
    widths = tuple(map(float, column_widths(columns, letters, room)))
    return Plan(widths, tight, crowded and not landscape, fits_a_page(table))


def set_tables(body: Any, plans: Sequence[Plan]) -> None:
    """Set every table of a document as planned; header rows come again on each page.

    Parameters
    ----------
    body
        The body of the document.
    plans
        One a table, in order.
    """
    tables = [each for each in body.iter(f"{W}tbl") if _is_plain(each)]
    for table, plan in zip(tables, plans, strict=True):
        _set_widths(table, plan)
        _set_rows(table, plan)


def _is_plain(table: Any) -> bool:
    style = table.find(f"{W}tblPr/{W}tblStyle")
    return style is not None and style.get(f"{W}val") == "Table"


def _set_widths(table: Any, plan: Plan) -> None:
    properties = table.find(f"{W}tblPr")
    for tag in ("tblW", "jc", "tblLayout"):
        for old in properties.findall(f"{W}{tag}"):
            properties.remove(old)
    at = list(properties).index(properties.find(f"{W}tblStyle")) + 1
    width = twips(sum(plan.widths))
    for new in (
        '<w:tblLayout w:type="fixed"/>',
        '<w:jc w:val="center"/>',
        f'<w:tblW w:type="dxa" w:w="{width}"/>',
    ):
        properties.insert(at, element(new))
    columns = [twips(each) for each in plan.widths]
    for column, value in zip(table.iter(f"{W}gridCol"), columns, strict=True):
        column.set(f"{W}w", str(value))
    for row in table.iter(f"{W}tr"):
        place = 0
        for cell in row.findall(f"{W}tc"):
            own = cell.find(f"{W}tcPr")
            span = own.find(f"{W}gridSpan")
            cells = int(span.get(f"{W}val")) if span is not None else 1
            own.insert(
                0, element(f'<w:tcW w:type="dxa" w:w="{sum(columns[place : place + cells])}"/>')
            )
            place += cells


def _set_rows(table: Any, plan: Plan) -> None:
    rows = table.findall(f"{W}tr")
    for number, row in enumerate(rows):
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = element("<w:trPr/>")
            row.insert(0, properties)
        header = properties.find(f"{W}tblHeader") is not None
        properties.insert(0, element("<w:cantSplit/>"))
        kept = header or (plan.whole and number < len(rows) - 1)
        style = ("TableHeading" if header else "TableText") + ("Small" if plan.small else "")
        for own in row.iter(f"{W}pPr"):
            named = own.find(f"{W}pStyle")
            if named is not None and own.find(f"{W}numPr") is None:
                named.set(f"{W}val", style)
                if kept:
                    named.addnext(element("<w:keepNext/>"))
