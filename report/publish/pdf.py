"""The book as a PDF: pandoc writes Typst, the ``typst`` wheel sets it."""

import json
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from report.brand import Brand, brand
from report.fonts import SANS, SERIF, font_files
from report.language import Lang
from report.publish import pandoc
from report.publish.blocks import image_alt, is_page_break, keep_visible, map_links
from report.publish.config import QuartoConfig
from report.publish.crossref import NumberedChapter
from report.publish.kept import NONE, Kept
from report.publish.meta import BookMeta
from report.publish.moving import Place, Stand, Stands, settle
from report.publish.pandoc import Element
from report.publish.typsttables import is_whole, typst_table
from report.publish.words import words
from survey.findings import Finding, InputError, Severity, raise_errors

TEMPLATE = Path(__file__).parents[1] / "theme" / "book.typ"
STANDARDS = "ua-1"
"""PDF/UA-1: tagged, so that a screen reader can read it."""
WHOLE_CALLOUT = 900
"""A callout of more characters may go over to the next page."""
TEXT = pandoc.text


def write_pdf(
    chapters: Sequence[NumberedChapter],
    meta: BookMeta,
    config: QuartoConfig,
    images: Mapping[str, bytes],
    path: Path,
    kept: Kept = NONE,
) -> None:
    """Write the book as one PDF; the same book gives the same bytes.

    Parameters
    ----------
    chapters
        In order.
    meta
        What stands on the cover and in the margins.
    config
        Language of the book and depth of its contents.
    images
        Every image of the chapters, by the path they name it with.
    path
        Where to write.
    kept
        Chapters written in Typst before.

    Raises
    ------
    InputError
        With Typst's message, where the book cannot be set, or the theme names other fonts than
        there are.
    """
    look = brand()
    check_fonts(look)
    about = pdf_meta(meta, config, floats_in(chapters), look)
    files = {**images, "book.typ": TEMPLATE.read_bytes()}
    files["main.typ"] = typst_source(chapters, config.language, kept).encode()
    if look.logo is not None:
        files[str(about["logo"])] = look.logo.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        for file, data in files.items():
            (Path(folder) / file).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / file).write_bytes(data)
        try:
            path.write_bytes(_set(Path(folder), about))
        except RuntimeError as error:
            raise InputError([_not_set(error, path.name)]) from None


def _not_set(error: RuntimeError, name: str) -> Finding:
    hints = [*getattr(error, "hints", ()), "raw Typst blocks and images are the usual cause"]
    got = getattr(error, "message", str(error))
    return Finding("typst", Severity.ERROR, name, got=got, hint=" ".join(hints))


def _set(root: Path, about: Mapping[str, object]) -> bytes:
    """Set the book in a folder as often as it takes to place its figures."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_files()[0].parent)])
    compiler = typst.Compiler(str(root / "main.typ"), root=str(root), font_paths=fonts)

    def write(name: str, values: object) -> None:
        (root / name).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

    def move(stands: Stands) -> None:
        moved, kept = (
            sorted(label for label, stand in stands.items() if stand is each)
            for each in (Stand.MOVED, Stand.KEPT)
        )
        write("moved.json", {"moved": moved, "kept": kept})

    def look(stands: Stands) -> Iterator[Place]:
        move(stands)
        told = json.loads(compiler.query("<place>", field="value"))
        pages = {(each["label"], each["what"]): each["page"] for each in told}
        return (
            Place(label, page, pages[label, "shown"])
            for (label, what), page in pages.items()
            if what == "written"
        )

    write("meta.json", about)
    move(settle(look))
    data = compiler.compile(format="pdf", timestamp=0, pdf_standards=STANDARDS)
    if not isinstance(data, bytes):
        raise TypeError("Typst gave no single PDF")
    return data


def check_fonts(look: Brand) -> None:
    """Make sure that the PDF has the fonts of the theme.

    Raises
    ------
    InputError
        With a finding for each family that is not among the fonts installed with the program.
    """
    raise_errors(
        Finding("brand", Severity.ERROR, "_brand.yml", None, place, f"{SERIF} or {SANS}", family)
        for place, family in (
            ("typography.base.family", look.serif),
            ("typography.headings.family", look.sans),
        )
        if family not in (SERIF, SANS)
    )


def floats_in(chapters: Sequence[NumberedChapter]) -> frozenset[str]:
    """Return the kinds of floats that there are in a book: ``fig``, ``tbl``."""
    return frozenset(
        element["c"][0][1][1]
        for chapter in chapters
        for element in pandoc.elements(chapter.blocks)
        if element["t"] == "Div" and "float" in element["c"][0][1]
    )


def pdf_meta(
    meta: BookMeta, config: QuartoConfig, kinds: Collection[str], look: Brand
) -> dict[str, object]:
    """Return what ``book.typ`` reads from ``meta.json``: texts, words, colours, fonts and logo."""
    say = words(config.language)
    return {
        "lang": config.language,
        "title": meta.title,
        "subtitle": meta.subtitle,
        "date": meta.date_text,
        "publisher": meta.publisher,
        "notice": meta.notice or "",
        "depth": config.toc_depth,
        "lists": sorted(kinds) if meta.lists else [],
        "words": {key: say[key] for key in ("contents", "figures", "tables")},
        "colors": dict(look.colors),
        "serif": look.serif,
        "sans": look.sans,
        "brand": look.name,
        "logo": f"logo{look.logo.suffix}" if look.logo else "",
    }


def typst_source(chapters: Sequence[NumberedChapter], lang: Lang = "zh", kept: Kept = NONE) -> str:
    """Return the book in Typst; it imports ``book.typ``, which reads ``meta.json`` beside it."""
    args = ["--syntax-highlighting=none"]
    written = (
        pandoc.write_blocks(typst_blocks(chapter, lang), "typst", args=args, kept=kept)
        for chapter in chapters
    )
    return "\n".join(['#import "book.typ": *\n#show: book\n', *written])


def typst_blocks(chapter: NumberedChapter, lang: Lang = "zh") -> list[Element]:
    """Return title and blocks of a chapter with floats, callouts and links as the PDF has them."""
    title = list(chapter.title.inlines)
    if chapter.title.number:
        title = [pandoc.span([TEXT(chapter.title.number)], ["number"]), *title]
    header = {"t": "Header", "c": [1, [chapter.title.label, [], []], title]}
    visible = keep_visible([header, *chapter.blocks], "typst")
    return map_links(pandoc.walk(visible, partial(_typst, lang=lang)), _label_address)


def _label_address(target: str) -> str:
    name, mark, fragment = target.partition("#")
    if name.endswith(".qmd") and "://" not in name:
        return f"#{fragment}" if mark else f"#chapter-{name.removesuffix('.qmd')}"
    return target


def _typst(element: Element, lang: Lang) -> list[Element] | None:
    kind = element["t"]
    if kind == "Div":
        return _typst_div(element, lang)
    if kind == "Table":
        return typst_table(element)
    if kind == "Header":
        level, attr, inlines = element["c"]
        return [{"t": "Header", "c": [level, attr, _spaced(inlines, level, lang)]}]
    if kind == "Math":
        return [_described_math(element)]
    if kind == "Image":
        return [_typst_image(element)]
    if kind == "RawBlock" and element["c"][0] == "typst":
        return [pandoc.raw("typst", element["c"][1] + "\n#parbreak()")]
    return [pandoc.raw("typst", "#pagebreak(weak: true)")] if is_page_break(element) else None


def _described_math(element: Element) -> Element:
    """Give a formula its source as alternative text, which PDF/UA asks for."""
    alt = json.dumps(element["c"][1].strip(), ensure_ascii=False)
    opening = pandoc.raw_inline("typst", f"#[#set math.equation(alt: {alt});")
    return pandoc.span([opening, element, pandoc.raw_inline("typst", "]")], [])


def _spaced(inlines: list[Element], level: int, lang: Lang) -> list[Element]:
    """Put a gap after the number of a chapter, and after a number in digits."""
    if not inlines or inlines[0]["t"] != "Span" or inlines[0]["c"][0][1] != ["number"]:
        return inlines
    gap = {1: "1em", 4: "0.4em"}.get(level, "0pt" if lang == "zh" else "0.7em")
    return [*inlines[0]["c"][1], pandoc.raw_inline("typst", f"#h({gap})"), *inlines[1:]]


def _typst_div(element: Element, lang: Lang) -> list[Element] | None:
    attr, blocks = element["c"]
    if "float" in attr[1]:
        return _typst_float(element, lang)
    if "callout" in attr[1]:
        title, *body = blocks
        whole = "true" if len(pandoc.plain_text(body)) <= WHOLE_CALLOUT else "false"
        opening = [
            pandoc.raw_inline("typst", f'#callout("{attr[1][1]}", {whole}, ['),
            *title["c"],
            pandoc.raw_inline("typst", "])["),
        ]
        return [pandoc.plain(opening), *body, pandoc.raw("typst", "]")]
    if "landscape" in attr[1]:
        opening = pandoc.raw("typst", "#page(flipped: true)[")
        return [opening, *blocks, pandoc.raw("typst", "]")]
    return None


def _typst_float(element: Element, lang: Lang) -> list[Element]:
    (label, (_, kind, *_), others), (caption, *body) = element["c"]
    number = dict(others)["number"]
    tables = [each for each in pandoc.elements(body) if each["t"] == "Table"]
    whole = "true" if all(map(is_whole, tables)) else "false"
    gap = {"zh": pandoc.raw_inline("typst", "#h(1em)"), "en": TEXT(": ")}[lang]
    opening = [
        pandoc.raw_inline("typst", f'#float("{kind}", <{label}>, whole: {whole}, caption: ['),
        TEXT(number),
        *([gap] if caption["c"] else []),
        *caption["c"],
        pandoc.raw_inline("typst", "])["),
    ]
    return [pandoc.plain(opening), *body, pandoc.raw("typst", "]")]


def _typst_image(element: Element) -> Element:
    attr, _, (target, _) = element["c"]
    width = pandoc.attributes_of(attr).get("width", "")
    sized = f", width: {width}" if width.endswith(("%", "cm", "mm", "in", "pt")) else ""
    quoted = json.dumps(target, ensure_ascii=False)
    alt = json.dumps(image_alt(element), ensure_ascii=False)
    return pandoc.raw_inline("typst", f"#picture({quoted}{sized}, alt: {alt})")
