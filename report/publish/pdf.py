"""The book as a PDF: pandoc writes Typst, the ``typst`` wheel sets it."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from report.fonts import font_files
from report.publish import pandoc
from report.publish.blocks import image_alt, is_page_break, keep_visible, map_links
from report.publish.crossref import NumberedChapter
from report.publish.floats import fits_a_page, table_class
from report.publish.meta import BookMeta
from report.publish.pandoc import Element
from survey.findings import Finding, InputError, Severity

TEMPLATE = Path(__file__).parents[1] / "theme" / "book.typ"
TEXT = pandoc.text


def write_pdf(
    chapters: Sequence[NumberedChapter],
    meta: BookMeta,
    toc_depth: int,
    images: Mapping[str, bytes],
    path: Path,
) -> None:
    """Write the book as one PDF; the same book gives the same bytes.

    Parameters
    ----------
    chapters
        In order.
    meta
        What stands on the cover and in the margins.
    toc_depth
        Deepest level of heading in the contents.
    images
        Every image of the chapters, by the path they name it with.
    path
        Where to write.

    Raises
    ------
    InputError
        With Typst's message, where the book cannot be set.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_files()[0].parent)])
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for image, data in images.items():
            (root / image).parent.mkdir(parents=True, exist_ok=True)
            (root / image).write_bytes(data)
        (root / "book.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "meta.json").write_text(_meta(meta, toc_depth, chapters), encoding="utf-8")
        (root / "main.typ").write_text(typst_source(chapters), encoding="utf-8")
        compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=fonts)
        try:
            data = compiler.compile(format="pdf", timestamp=0)
        except typst.TypstError as error:
            hint = " ".join([*error.hints, "raw Typst blocks and images are the usual cause"])
            raise InputError(
                [Finding("typst", Severity.ERROR, path.name, got=error.message, hint=hint)]
            ) from None
    if not isinstance(data, bytes):
        raise TypeError("Typst gave no single PDF")
    path.write_bytes(data)


def _meta(meta: BookMeta, toc_depth: int, chapters: Sequence[NumberedChapter]) -> str:
    kinds = {
        kind
        for chapter in chapters
        for element in pandoc.elements(chapter.blocks)
        if element["t"] == "Div" and "float" in element["c"][0][1]
        for kind in element["c"][0][1][1:2]
    }
    values = {
        "title": meta.title,
        "subtitle": meta.subtitle,
        "date": meta.date_text,
        "publisher": meta.publisher,
        "notice": meta.notice or "",
        "depth": toc_depth,
        "lists": sorted(kinds) if meta.lists else [],
    }
    return json.dumps(values, ensure_ascii=False)


def typst_source(chapters: Sequence[NumberedChapter]) -> str:
    """Return the book in Typst; it imports ``book.typ`` and reads ``meta.json`` beside it."""
    blocks: list[Element] = []
    for chapter in chapters:
        blocks += typst_blocks(chapter)
    body = pandoc.write_blocks(blocks, "typst", args=["--syntax-highlighting=none"])
    start = '#import "book.typ": *\n#show: book.with(..json("meta.json"))\n\n'
    return start + body


def typst_blocks(chapter: NumberedChapter) -> list[Element]:
    """Return title and blocks of a chapter with floats, callouts and links as the PDF has them."""
    title = list(chapter.title.inlines)
    if chapter.title.number:
        title = [pandoc.span([TEXT(chapter.title.number)], ["number"]), *title]
    header = {"t": "Header", "c": [1, [chapter.title.label, [], []], title]}
    visible = keep_visible([header, *chapter.blocks], "typst")
    return map_links(pandoc.walk(visible, _typst), _label_address)


def _label_address(target: str) -> str:
    name, mark, fragment = target.partition("#")
    if name.endswith(".qmd") and "://" not in name:
        return f"#{fragment}" if mark else f"#chapter-{name.removesuffix('.qmd')}"
    return target


def _typst(element: Element) -> list[Element] | None:
    kind = element["t"]
    if kind == "Div":
        return _typst_div(element)
    if kind == "Table":
        whole = "true" if fits_a_page(element) else "false"
        opening = f'#table-box("{table_class(element)}", {whole})['
        return [pandoc.raw("typst", opening), element, pandoc.raw("typst", "]")]
    if kind == "Header":
        level, attr, inlines = element["c"]
        return [{"t": "Header", "c": [level, attr, _spaced(inlines, level)]}]
    if kind == "Image":
        return [_typst_image(element)]
    if kind == "RawBlock" and element["c"][0] == "typst":
        return [pandoc.raw("typst", element["c"][1] + "\n#parbreak()")]
    return [pandoc.raw("typst", "#pagebreak(weak: true)")] if is_page_break(element) else None


def _spaced(inlines: list[Element], level: int) -> list[Element]:
    """Put a gap after the number of a chapter, and after a number in digits."""
    if not inlines or inlines[0]["t"] != "Span" or inlines[0]["c"][0][1] != ["number"]:
        return inlines
    gap = {1: "1em", 4: "0.4em"}.get(level, "0pt")
    return [*inlines[0]["c"][1], pandoc.raw_inline("typst", f"#h({gap})"), *inlines[1:]]


def _typst_div(element: Element) -> list[Element] | None:
    attr, blocks = element["c"]
    if "float" in attr[1]:
        return _typst_float(element)
    if "callout" in attr[1]:
        title, *body = blocks
        opening = [
            pandoc.raw_inline("typst", f'#callout("{attr[1][1]}", ['),
            *title["c"],
            pandoc.raw_inline("typst", "])["),
        ]
        return [pandoc.plain(opening), *body, pandoc.raw("typst", "]")]
    if "landscape" in attr[1]:
        opening = pandoc.raw("typst", "#page(flipped: true)[")
        return [opening, *blocks, pandoc.raw("typst", "]")]
    return None


def _typst_float(element: Element) -> list[Element]:
    (label, (_, kind, *_), others), (caption, *body) = element["c"]
    number = dict(others)["number"]
    opening = [
        pandoc.raw_inline("typst", f'#float("{kind}", caption: ['),
        TEXT(number),
        *([pandoc.raw_inline("typst", "#h(1em)")] if caption["c"] else []),
        *caption["c"],
        pandoc.raw_inline("typst", "])["),
    ]
    return [pandoc.plain(opening), *body, pandoc.raw("typst", f"] <{label}>")]


def _typst_image(element: Element) -> Element:
    attr, _, (target, _) = element["c"]
    width = pandoc.attributes_of(attr).get("width", "")
    sized = f", width: {width}" if width.endswith(("%", "cm", "mm", "in", "pt")) else ""
    quoted = json.dumps(target, ensure_ascii=False)
    alt = json.dumps(image_alt(element), ensure_ascii=False)
    return pandoc.raw_inline("typst", f"#image({quoted}{sized}, alt: {alt})")
