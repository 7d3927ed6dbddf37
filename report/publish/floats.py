"""Figures and tables with a label, in each of the ways Quarto lets an author write them."""

import json
from dataclasses import dataclass
from typing import Literal

from report.publish import pandoc
from report.publish.pandoc import Element

LONG_ROWS = 25
WIDE_COLUMNS = 7
WHOLE_ROWS = 15
WHOLE_CHARACTERS = 700


@dataclass(frozen=True, slots=True)
class Float:
    """A labelled figure or table.

    Parameters
    ----------
    kind, label
        ``fig`` or ``tbl``, and the identifier, which starts with it.
    caption
        Inlines of the caption.
    body
        What is captioned.
    """

    kind: Literal["fig", "tbl"]
    label: str
    caption: list[Element]
    body: list[Element]

    def element(self, number: str) -> Element:
        """Return the float as a div of class ``float`` that carries its number.

        Its first block is the caption, the rest is the body.
        """
        attr = [self.label, ["float", self.kind], [["number", number]]]
        words = pandoc.plain_text(self.caption)
        body = pandoc.walk(self.body, lambda e: _described(e, words))
        blocks = [pandoc.plain(self.caption), *body]
        return {"t": "Div", "c": [attr, blocks]}


def float_of(element: Element) -> Float | None:
    """Return the float an element is, or None.

    A figure ``![caption](file){#fig-x}``, a table with ``: caption {#tbl-x}``, and a div
    ``::: {#fig-x}`` whose last paragraph is the caption are floats.
    """
    if element["t"] == "Div":
        return _float_of_div(element)
    if element["t"] == "Figure":
        (label, _, _), (_, caption), body = element["c"]
        if _kind(label) is None and _kind(_image_label(body)) is None:
            return None
        key = label or _image_label(body)
        return Float(_kind(key) or "fig", key, _inlines(caption), body)
    if element["t"] == "Table" and _kind(element["c"][0][0]):
        attr, (_, caption), *rest = element["c"]
        widths = pandoc.attributes_of(attr).get("tbl-colwidths")
        table = {"t": "Table", "c": [["", attr[1], []], [None, []], *rest]}
        body = set_widths([table], widths)
        return Float(_kind(attr[0]) or "tbl", attr[0], _inlines(caption), body)
    return None


def _float_of_div(element: Element) -> Float | None:
    attr, blocks = element["c"]
    kind = _kind(attr[0])
    if kind is None or "float" in attr[1]:
        return None
    *body, last = blocks or [pandoc.plain([])]
    if last["t"] not in ("Para", "Plain"):
        body, last = [*body, last], pandoc.plain([])
    if not last["c"] and body and body[-1]["t"] == "Table":
        table = body[-1]["c"]
        last = pandoc.plain(_inlines(table[1][1]))
        body[-1] = {"t": "Table", "c": [table[0], [None, []], *table[2:]]}
    body = set_widths(body, pandoc.attributes_of(attr).get("tbl-colwidths"))
    return Float(kind, attr[0], last["c"], body)


def set_widths(blocks: list[Element], widths: str | None) -> list[Element]:
    """Give every table among `blocks` the relative column widths of ``tbl-colwidths``.

    Parameters
    ----------
    blocks
        Blocks; only tables directly among them change.
    widths
        A list in JSON, such as ``"[30,70]"`` in percent, or None.
    """
    if not widths:
        return blocks
    shares = [float(width) for width in json.loads(widths)]

    def change(block: Element) -> Element:
        if block["t"] != "Table" or len(block["c"][2]) != len(shares):
            return block
        columns = [
            [align, {"t": "ColWidth", "c": share / 100}]
            for (align, _), share in zip(block["c"][2], shares, strict=True)
        ]
        return {"t": "Table", "c": [*block["c"][:2], columns, *block["c"][3:]]}

    return [change(block) for block in blocks]


def drop_equal_widths(blocks: list[Element]) -> list[Element]:
    """Let columns that all have one relative width take the width of their content.

    Pandoc reads relative widths off the dashes of a pipe table with a long line; dashes that
    are all alike say nothing about the columns.
    """

    def change(element: Element) -> list[Element] | None:
        if element["t"] != "Table":
            return None
        attr, caption, columns, *rest = element["c"]
        widths = {width.get("c") for _, width in columns}
        if len(widths) > 1 or None in widths:
            return None
        columns = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
        return [{"t": "Table", "c": [attr, caption, columns, *rest]}]

    return pandoc.walk(blocks, change)


def table_size(table: Element) -> tuple[int, int]:
    """Return the rows of the body and the columns of a table."""
    _, _, columns, _, bodies, _ = table["c"]
    return sum(len(body[2]) + len(body[3]) for body in bodies), len(columns)


def table_class(table: Element) -> str:
    """Return how tight a table is set: ``long`` past 25 rows, ``wide`` past 7 columns."""
    rows, columns = table_size(table)
    return "long" if rows > LONG_ROWS else "wide" if columns > WIDE_COLUMNS else ""


def fits_a_page(table: Element) -> bool:
    """Return whether a table is small enough to be kept on one page."""
    small = len(pandoc.plain_text(table["c"][4])) <= WHOLE_CHARACTERS
    return small and table_size(table)[0] <= WHOLE_ROWS


def _described(element: Element, words: str) -> list[Element] | None:
    """Give an image without a text of its own the words of the caption."""
    if element["t"] != "Image" or pandoc.plain_text(element["c"][1]):
        return None
    attr, _, target = element["c"]
    if "fig-alt" in pandoc.attributes_of(attr):
        return None
    return [{"t": "Image", "c": [attr, [pandoc.text(words)], target]}]


def _kind(label: str) -> Literal["fig", "tbl"] | None:
    if label.startswith("fig-"):
        return "fig"
    return "tbl" if label.startswith("tbl-") else None


def _image_label(body: list[Element]) -> str:
    images = [each for each in pandoc.elements(body) if each["t"] == "Image"]
    return images[0]["c"][0][0] if len(images) == 1 else ""


def _inlines(blocks: list[Element]) -> list[Element]:
    return [inline for block in blocks if block["t"] in ("Para", "Plain") for inline in block["c"]]
