"""Tables of the Word report: widths of columns, size of letters, and pages on their side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from report.publish import pandoc
from report.publish.floats import LONG_ROWS, fits_a_page, table_size
from report.publish.pandoc import Element
from report.publish.wordparts import LONG_CM, TEXT_CM
from report.publish.wordstyle import W, element, twips

MANY_COLUMNS = 8
TEXT_PT, SMALL_PT = 9.5, 8.0
CM_PER_PT = 2.54 / 72
PADDING_CM = 0.26
WIDEST_EM = 20.0
"""Text wider than this is wrapped, and asks for no more room."""
LATIN_EM = 0.56
"""Mean width of a letter or digit against a Chinese character."""
TOKEN_EM = 4.0
"""Chinese words of up to four characters are not torn."""
BREAKS = re.compile(r"[\s/—–-]+|(?<=[\u2e80-\uffef])|(?=[\u2e80-\uffef])")


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
    rows, columns = table_size(table)
    natural, least = _ems(table)
    small = rows > LONG_ROWS or columns >= MANY_COLUMNS or _total(least, TEXT_PT) > TEXT_CM
    size = SMALL_PT if small else TEXT_PT
    crowded = columns >= MANY_COLUMNS and _total(least, size) > TEXT_CM
    room = LONG_CM if landscape or crowded else TEXT_CM
    shares = [width.get("c") for _, width in table["c"][2]]
    if None in shares:
        widths = _fitted(natural, least, size, room)
    else:
        widths = [share / sum(shares) * room for share in shares]
    return Plan(tuple(widths), small, crowded and not landscape, fits_a_page(table))


def _total(ems: Sequence[float], size: float) -> float:
    return sum(_centimetres(each, size) for each in ems)


def _centimetres(ems: float, size: float) -> float:
    return ems * size * CM_PER_PT + PADDING_CM


def _fitted(
    natural: Sequence[float], least: Sequence[float], size: float, room: float
) -> list[float]:
    """Share the room out: to each column what its longest word needs, the rest by its text.

    The way browsers lay tables out (CSS 2.2, 17.5.2.2).
    """
    wide = [_centimetres(each, size) for each in natural]
    narrow = [min(a, _centimetres(each, size)) for a, each in zip(wide, least, strict=True)]
    if sum(wide) <= room or sum(narrow) >= room:
        base = wide if sum(wide) <= room else narrow
        return [each / sum(base) * room for each in base]
    spare = (room - sum(narrow)) / (sum(wide) - sum(narrow))
    return [low + (high - low) * spare for low, high in zip(narrow, wide, strict=True)]


def _ems(table: Element) -> tuple[list[float], list[float]]:
    """Return the width of the longest text of each column, and of its longest word."""
    _, _, columns, (_, head), bodies, _ = table["c"]
    natural, least = [1.0] * len(columns), [1.0] * len(columns)
    rows = [*head, *(row for body in bodies for row in (*body[2], *body[3]))]
    for _, cells in rows:
        at = 0
        for _, _, _, span, content in cells:
            if span == 1:
                text = pandoc.plain_text(content)
                natural[at] = max(natural[at], min(width_of(text), WIDEST_EM))
                least[at] = max(least[at], _longest_word(text))
            at += span
    return natural, least


def _longest_word(text: str) -> float:
    chinese = sum(ord(each) > 0x2E80 for each in text)
    words = max((width_of(word) for word in BREAKS.split(text)), default=0.0)
    return max(words, min(float(chinese), TOKEN_EM))


def width_of(text: str) -> float:
    """Return the width of a text against that of a Chinese character."""
    return sum(1.0 if ord(each) > 0x2E80 else LATIN_EM for each in text)


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
