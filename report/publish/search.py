"""What a reader of the site can search: headings, paragraphs, captions and rows of tables."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from report.publish import pandoc
from report.publish.crossref import NumberedChapter
from report.publish.pandoc import Element
from report.publish.webpage import visible_blocks

HEADING, CAPTION, ROW, TEXT = range(4)
"""Kinds of entries, the one that counts most first."""
CELL_END = " · "


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found.

    Parameters
    ----------
    page
        Place of its page among the chapters.
    anchor
        Where on the page it stands.
    kind
        `HEADING`, `CAPTION`, `ROW` or `TEXT`.
    text
        Its words.
    """

    page: int
    anchor: str
    kind: int
    text: str


def search_script(chapters: Sequence[NumberedChapter]) -> str:
    """Return a script that gives the site's search what it looks through.

    A script and no data file, since a page opened from a disk may load nothing else.
    """
    pages = [
        [f"{each.stem}.html", f"{each.title.number} {_title(each)}".strip()] for each in chapters
    ]
    entries = [
        [entry.page, entry.anchor, entry.kind, entry.text]
        for at, chapter in enumerate(chapters)
        for entry in entries_of(chapter, at)
    ]
    index = json.dumps(
        {"pages": pages, "entries": entries}, ensure_ascii=False, separators=(",", ":")
    )
    return f"window.SEARCH_INDEX = {index};\n"


def entries_of(chapter: NumberedChapter, page: int) -> list[Entry]:
    """Return everything of a chapter that can be found, in its order."""
    heads = {heading.label: f"{heading.number} " for heading in chapter.headings if heading.number}
    start = Entry(page, chapter.title.label, HEADING, _title(chapter))
    found = [start]
    anchor = start.anchor
    for block in visible_blocks(chapter):
        for kind, own, text in _texts(block, anchor):
            anchor = own if kind == HEADING else anchor
            shown = heads.get(own, "") + text if kind == HEADING else text
            if clean := " ".join(shown.split()):
                found.append(Entry(page, own, kind, clean))
    return found


def _title(chapter: NumberedChapter) -> str:
    return pandoc.plain_text(list(chapter.title.inlines))


def _texts(block: Any, anchor: str) -> Iterator[tuple[int, str, str]]:
    """Yield kind, anchor and words of what stands in a block."""
    if isinstance(block, list):
        for each in block:
            yield from _texts(each, anchor)
        return
    if not isinstance(block, dict) or "t" not in block:
        return
    kind, content = block["t"], block.get("c", [])
    if kind == "Header":
        inlines = [each for each in content[2] if not _is_number(each)]
        yield HEADING, content[1][0], pandoc.plain_text(inlines)
    elif kind in ("Para", "Plain"):
        yield TEXT, anchor, pandoc.plain_text(content)
        for note in pandoc.elements(content):
            if note["t"] == "Note":
                yield from _texts(note["c"], anchor)
    elif kind == "CodeBlock":
        yield TEXT, anchor, content[1]
    elif kind == "Table":
        yield from _rows(content, anchor)
    elif kind == "Div" and "float" in content[0][1]:
        (label, _, others), (caption, *body) = content
        number = dict(others)["number"]
        yield CAPTION, label, f"{number} {pandoc.plain_text(caption)}"
        yield from _texts([each for each in body if not _is_image(each)], label)
    elif isinstance(content, list):
        yield from _texts(content, anchor)


def _rows(table: list, anchor: str) -> Iterator[tuple[int, str, str]]:
    _, _, _, _, bodies, _ = table
    for body in bodies:
        for attr, cells in body[3]:
            yield ROW, attr[0] or anchor, CELL_END.join(_cells(cells))


def _cells(cells: Iterable[list]) -> Iterator[str]:
    for cell in cells:
        text = pandoc.plain_text(cell[4]).strip()
        if text:
            yield text


def _is_number(element: Element) -> bool:
    return element["t"] == "Span" and element["c"][0][1] == ["number"]


def _is_image(element: Element) -> bool:
    return element["t"] in ("Para", "Plain") and all(
        each["t"] in ("Image", "Space", "SoftBreak") for each in element["c"]
    )
