"""The book as a Word document that an office can edit: pandoc writes it, from real styles."""

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from report.language import Lang
from report.publish import pandoc
from report.publish.archive import members_of, zipped
from report.publish.blocks import keep_visible
from report.publish.crossref import NumberedChapter
from report.publish.kept import NONE, Kept
from report.publish.meta import BookMeta
from report.publish.pandoc import Element
from report.publish.raster import as_png
from report.publish.reference import WORD_TAGS, reference_docx
from report.publish.wordblocks import (
    BREAK,
    CAPTIONS,
    book_blocks,
    bookmark,
    gap_after,
    styled,
    word_image,
)
from report.publish.wordparts import TOC_LEVELS, Entry, contents
from report.publish.words import words
from report.publish.wordstyle import W
from report.publish.wordtables import Plan, set_tables

DOCX_NAME = "report.docx"
MOMENT = datetime(1980, 1, 1)


def write_docx(
    chapters: Sequence[NumberedChapter],
    meta: BookMeta,
    lang: Lang,
    images: Mapping[str, bytes],
    path: Path,
    kept: Kept = NONE,
) -> None:
    """Write the book as one Word document; the same book gives the same bytes.

    Parameters
    ----------
    chapters
        In order.
    meta
        What stands on the cover and in the head of the pages.
    lang
        Language of the book.
    images
        Every image of the chapters, by the path they name it with. SVG is drawn as PNG.
    path
        Where to write.
    kept
        Images drawn before.

    Raises
    ------
    InputError
        Where an image cannot be drawn.
    """
    shown = [replace(each, blocks=keep_visible(each.blocks, "docx")) for each in chapters]
    body, plans = book_blocks(shown, lang, images)
    blocks = [*_front(shown, meta, lang), *body]
    pngs = _pngs(images, kept)
    reference = reference_docx(lang, meta.title, meta.notice)
    path.write_bytes(_finished(_written(blocks, meta, lang, pngs, reference), plans))


def _pngs(images: Mapping[str, bytes], kept: Kept) -> dict[str, bytes]:
    """Return every image under its path in Word, SVG as PNG."""
    svgs = {path: data for path, data in images.items() if path.endswith(".svg")}
    drawn = as_png(svgs, kept=kept)
    return {word_image(path): drawn.get(path, data) for path, data in images.items()}


def _written(
    blocks: Sequence[Element],
    meta: BookMeta,
    lang: Lang,
    images: Mapping[str, bytes],
    reference: bytes,
) -> bytes:
    values = {
        "lang": WORD_TAGS[lang],
        "title": meta.title,
        "subtitle": meta.subtitle,
        "author": meta.publisher,
        "date": meta.date_text,
    }
    given = {key: pandoc.meta_value(value) for key, value in values.items() if value}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in images.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        (folder / "reference.docx").write_bytes(reference)
        target = folder / "written.docx"
        args = [
            f"--reference-doc={folder / 'reference.docx'}",
            f"--resource-path={folder}",
            "--syntax-highlighting=none",
            "--quiet",
        ]
        pandoc.write_file(blocks, target, given, args)
        return target.read_bytes()


def _finished(data: bytes, plans: Sequence[Plan]) -> bytes:
    """Set the tables, give the first section its heads, and take the time of writing out."""
    import docx

    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    set_tables(body, plans)
    _head_the_first_section(body)
    document.core_properties.created = document.core_properties.modified = MOMENT
    buffer = io.BytesIO()
    document.save(buffer)
    return zipped(members_of(buffer.getvalue()))


def _head_the_first_section(body: Any) -> None:
    """Move head and foot of the pages to the first section, from which the others take them."""
    first, last = (list(body.iter(f"{W}sectPr"))[at] for at in (0, -1))
    if first is last:
        return
    references = [each for each in last if each.tag.endswith("Reference")]
    for at, reference in enumerate(references):
        first.insert(at, reference)
    for title in last.findall(f"{W}titlePg"):
        first.append(title)


def _front(chapters: Sequence[NumberedChapter], meta: BookMeta, lang: Lang) -> list[Element]:
    say = words(lang)
    notice = styled([pandoc.plain([pandoc.text(meta.notice)])], "Notice") if meta.notice else None
    headings = [
        Entry(_said(heading.number, heading.inlines, lang), bookmark(heading.label), f"TOC{level}")
        for chapter in chapters
        for heading in chapter.headings
        if (level := heading.level) <= TOC_LEVELS
    ]
    listed = [contents(say["contents"], rf'TOC \o "1-{TOC_LEVELS}" \h \z \u', headings)]
    floats = _floats(chapters) if meta.lists else []
    for kind, name in (("fig", "figures"), ("tbl", "tables")):
        entries = [_float_entry(div, lang) for div in floats if kind in div["c"][0][1]]
        if entries:
            listed.append(contents(say[name], rf'TOC \h \z \t "{CAPTIONS[kind]},1"', entries))
    return [*([notice] if notice else []), BREAK, *(pandoc.raw("openxml", xml) for xml in listed)]


def _floats(chapters: Sequence[NumberedChapter]) -> list[Element]:
    return [
        div
        for chapter in chapters
        for div in pandoc.elements(chapter.blocks)
        if div["t"] == "Div" and "float" in div["c"][0][1]
    ]


def _float_entry(div: Element, lang: Lang) -> Entry:
    attr, (caption, *_) = div["c"]
    number = pandoc.attributes_of(attr)["number"]
    return Entry(_said(number, caption["c"], lang), bookmark(attr[0]), "TableofFigures")


def _said(number: str, inlines: Sequence[Element], lang: Lang) -> str:
    title = pandoc.plain_text(list(inlines))
    return f"{number}{gap_after(number, lang)}{title}" if number and title else number or title
