"""The blocks of a chapter as a page of the site shows them: floats, tables, callouts, links."""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from itertools import count
from pathlib import PurePosixPath

from report.language import Lang
from report.publish import pandoc
from report.publish.blocks import image_alt, is_page_break, keep_visible, map_links
from report.publish.crossref import NumberedChapter
from report.publish.floats import table_class
from report.publish.pandoc import Element
from report.publish.webtables import web_table
from report.publish.words import words

BROAD_PX = 480
"""Wider figures are not shrunk to the width of a phone, but scroll."""
SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
LENGTH = re.compile(rb"\b(width|height)=\"([\d.]+)(pt|px|)\"")
PX_PER_PT = 96 / 72


@dataclass(frozen=True, slots=True)
class Around:
    """What the figures of a page need to know beyond the page.

    Parameters
    ----------
    lang
        Language of the words put in.
    images
        Every image, by the path that pages name it with.
    data
        Address of the folder with a ``.csv`` of each result table; empty where there is none.
    tables
        The result tables that each figure was drawn from, by its path.
    """

    lang: Lang = "zh"
    images: Mapping[str, bytes] = field(default_factory=dict)
    data: str = ""
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict)


def visible_blocks(chapter: NumberedChapter) -> list[Element]:
    """Return what the site shows of a chapter; each row of a labelled table has its own label."""
    return pandoc.walk(keep_visible(chapter.blocks, "html"), _label_rows)


def html_blocks(blocks: Sequence[Element], around: Around) -> list[Element]:
    """Return visible blocks with floats, tables, callouts and links as HTML has them."""
    return map_links(pandoc.walk(list(blocks), partial(_html, around=around)), _page_address)


def _label_rows(element: Element) -> list[Element] | None:
    if element["t"] != "Div" or element["c"][0][1] != ["float", "tbl"]:
        return None
    attr, blocks = element["c"]
    number = count(1)

    def label(row: list) -> list:
        return [[f"{attr[0]}-r{next(number)}", *row[0][1:]], row[1]]

    def change(table: Element) -> list[Element] | None:
        if table["t"] != "Table":
            return None
        *start, bodies, foot = table["c"]
        rows = [[*body[:3], [label(row) for row in body[3]]] for body in bodies]
        return [{"t": "Table", "c": [*start, rows, foot]}]

    return [{"t": "Div", "c": [attr, pandoc.walk(blocks, change)]}]


def _page_address(target: str) -> str:
    name, mark, fragment = target.partition("#")
    if name.endswith(".qmd") and "://" not in name:
        return f"{name.removesuffix('.qmd')}.html{mark}{fragment}"
    return target


def _html(element: Element, around: Around) -> list[Element] | None:
    kind = element["t"]
    if kind == "Div":
        classes = element["c"][0][1]
        if "float" in classes:
            return _html_float(element, around)
        return _html_callout(element) if "callout" in classes else None
    if kind == "Table":
        return [_table_box(element, words(around.lang)["table"])]
    if kind == "Header":
        return [_spaced_heading(element)]
    if kind == "Image":
        return [_html_image(element, around.images)]
    if _is_formula(element):
        attr = {"role": "group", "aria-label": words(around.lang)["formula"], "tabindex": "0"}
        return [pandoc.div([element], ["formula"], **attr)]
    return [pandoc.div([], ["page-break"])] if is_page_break(element) else None


def _is_formula(element: Element) -> bool:
    inlines = element["c"] if element["t"] == "Para" else []
    return [each["t"] for each in inlines] == ["Math"] and inlines[0]["c"][0]["t"] == "DisplayMath"


def _table_box(table: Element, name: str) -> Element:
    attr = {"role": "group", "aria-label": name, "tabindex": "0"}
    return pandoc.div([web_table(table)], ["table-box", *table_class(table).split()], **attr)


def _spaced_heading(element: Element) -> Element:
    """Put a space between a number in Latin signs and the words of a heading."""
    level, attr, inlines = element["c"]
    number = next((each for each in inlines if each["t"] == "Span"), None)
    if number is None or number is not inlines[0] or "number" not in number["c"][0][1]:
        return element
    if not pandoc.plain_text(number)[-1:].isascii():
        return element
    return {"t": "Header", "c": [level, attr, [number, {"t": "Space"}, *inlines[1:]]]}


def _html_image(element: Element, images: Mapping[str, bytes]) -> Element:
    attr, _, target = element["c"]
    kept = [pair for pair in attr[2] if pair[0] != "fig-alt"]
    size = image_size(images.get(target[0], b""))
    if size is not None and not {"width", "height"} & set(dict(kept)):
        kept += [["width", str(size[0])], ["height", str(size[1])]]
    broad = ["broad"] if size is not None and size[0] > BROAD_PX else []
    alt = [pandoc.text(image_alt(element))]
    return {"t": "Image", "c": [[attr[0], [*attr[1], *broad], kept], alt, target]}


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of an SVG or PNG in CSS pixels, or None where it does not say."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    tag = SVG_TAG.search(data[:4000])
    if tag is None:
        return None
    found = {
        name: float(value) * (PX_PER_PT if unit == b"pt" else 1)
        for name, value, unit in LENGTH.findall(tag[0])
    }
    if len(found) < 2:
        return None
    return round(found[b"width"]), round(found[b"height"])


def _html_float(element: Element, around: Around) -> list[Element]:
    (label, (_, kind, *_), others), (caption, *body) = element["c"]
    number = dict(others)["number"]
    stop = [pandoc.text(words(around.lang)["stop"])] if caption["c"] else []
    shown = [
        pandoc.raw_inline("html", "<figcaption>"),
        pandoc.span([pandoc.text(number)], ["float-number"]),
        *stop,
        *caption["c"],
    ]
    opening = pandoc.raw("html", f'<figure id="{label}" class="float {kind}">')
    closing = pandoc.raw("html", "</figure>")
    end = pandoc.raw_inline("html", "</figcaption>")
    if kind == "tbl":
        name = f"{number} {pandoc.plain_text(caption)}".strip()
        named = pandoc.walk(body, lambda each: _named(each, name))
        return [opening, pandoc.plain([*shown, end]), *named, closing]
    links = pandoc.raw_inline("html", _figure_links(body, number, around))
    opened = pandoc.walk(body, partial(_opening_image, name=words(around.lang)["figure-open"]))
    box = pandoc.div(opened, ["figure-box"])
    return [opening, box, pandoc.plain([*shown, links, end]), closing]


def _named(element: Element, name: str) -> list[Element] | None:
    """Call the box of a captioned table by its caption."""
    if element["t"] != "Div" or "table-box" not in element["c"][0][1]:
        return None
    (key, classes, pairs), content = element["c"]
    named = [[key_, name if key_ == "aria-label" else value] for key_, value in pairs]
    return [{"t": "Div", "c": [[key, classes, named], content]}]


def _opening_image(element: Element, name: str) -> list[Element] | None:
    """Let a figure open in full size, where it can be enlarged."""
    if element["t"] != "Image":
        return None
    target = element["c"][2][0]
    return [{"t": "Link", "c": [["", ["figure-open"], [["title", name]]], [element], [target, ""]]}]


def _figure_links(body: Sequence[Element], number: str, around: Around) -> str:
    """Return the links below a caption: the files of the figure and the tables it was drawn from.

    A table is named once, however many panels were drawn from it.
    """
    say = words(around.lang)
    files = [each["c"][2][0] for each in pandoc.elements(list(body)) if each["t"] == "Image"]
    links = [
        (file, say["figure-file"].format(PurePosixPath(file).suffix[1:].upper())) for file in files
    ]
    if around.data:
        tables = dict.fromkeys(table for file in files for table in around.tables.get(file, ()))
        links += [
            (f"{around.data}/{table}.csv", say["figure-table"].format(table)) for table in tables
        ]
    shown = "".join(
        f'<a href="{escape(href)}" download aria-label="{escape(f"{text} ({number})")}">'
        f"{escape(text)}</a>"
        for href, text in links
    )
    return f'<span class="figure-links">{shown}</span>' if shown else ""


def _html_callout(element: Element) -> list[Element]:
    (label, classes, _), (title, *body) = element["c"]
    identifier = f' id="{label}"' if label else ""
    shown = [
        pandoc.raw_inline("html", '<p class="callout-title">'),
        *title["c"],
        pandoc.raw_inline("html", "</p>"),
    ]
    opening = f'<div{identifier} role="note" class="{" ".join(classes)}">'
    return [pandoc.raw("html", opening), pandoc.plain(shown), *body, pandoc.raw("html", "</div>")]
