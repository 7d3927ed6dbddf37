"""The book as a site: one page a chapter, no request to anywhere else."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from report.publish import pandoc
from report.publish.blocks import image_alt, is_page_break, keep_visible, map_links
from report.publish.crossref import Heading, NumberedChapter
from report.publish.floats import table_class
from report.publish.meta import BookMeta
from report.publish.pandoc import Element

THEME = Path(__file__).parents[1] / "theme"
WRITER = "html5-task_lists"
PDF_NAME = "report.pdf"


def write_site(
    chapters: Sequence[NumberedChapter], meta: BookMeta, lang: str, toc_depth: int, out: Path
) -> None:
    """Write a page for each chapter, and the style and script into ``assets``.

    Parameters
    ----------
    chapters
        In order; the first one becomes ``index.html``.
    meta
        What stands around the text.
    lang
        Language of the pages, such as ``zh-Hans``.
    toc_depth
        Deepest level of heading in the contents of a page.
    out
        An existing folder.
    """
    from concurrent.futures import ThreadPoolExecutor

    assets = out / "assets"
    assets.mkdir(exist_ok=True)
    for name in ("site.css", "site.js"):
        (assets / name).write_bytes((THEME / name).read_bytes())
    pages = range(len(chapters))
    with ThreadPoolExecutor(4) as pool:
        htmls = list(pool.map(lambda at: _page(chapters, at, meta, lang, toc_depth), pages))
    for chapter, html in zip(chapters, htmls, strict=True):
        (out / f"{chapter.stem}.html").write_text(html, encoding="utf-8", newline="\n")


def _page(
    chapters: Sequence[NumberedChapter], at: int, meta: BookMeta, lang: str, toc_depth: int
) -> str:
    chapter = chapters[at]
    before = chapters[at - 1] if at else None
    after = chapters[at + 1] if at + 1 < len(chapters) else None
    title = pandoc.plain_text(list(chapter.title.inlines))
    values: dict[str, object] = {
        "lang": lang,
        "pagetitle": f"{title} - {meta.title}" if at else meta.title,
        "book": meta.title,
        "subtitle": meta.subtitle,
        "publisher": meta.publisher,
        "date-text": meta.date_text,
        "notice": meta.notice or "",
        "is-index": at == 0,
        "number": chapter.title.number,
        "chapter-title": list(chapter.title.inlines),
        "chapter-id": chapter.title.label,
        "pdf": PDF_NAME,
        "downloads": [{"label": label, "href": href} for label, href in meta.downloads],
        "nav": [_nav_entry(each, each is chapter) for each in chapters],
        "contents": [
            {**_entry(heading), "level": f"level-{heading.level}"}
            for heading in chapter.headings[1:]
            if heading.level <= toc_depth
        ],
    }
    for name, other in (("previous", before), ("next", after)):
        if other is not None:
            values[name] = _entry(other.title, f"{other.stem}.html")
    return pandoc.write_blocks(
        html_blocks(chapter.blocks),
        WRITER,
        {key: pandoc.meta_value(value) for key, value in values.items()},
        [
            "--standalone",
            f"--template={THEME / 'site.html'}",
            "--mathml",
            "--syntax-highlighting=none",
        ],
    )


def _nav_entry(chapter: NumberedChapter, current: bool) -> Mapping[str, object]:
    page = f"{chapter.stem}.html"
    sections = [
        _entry(heading, f"{page}#{heading.label}")
        for heading in chapter.headings[1:]
        if heading.level == 2
    ]
    return {**_entry(chapter.title, page), "current": current, "sections": sections}


def _entry(heading: Heading, href: str = "") -> Mapping[str, object]:
    title = _without_notes(heading.inlines)
    return {"href": href or f"#{heading.label}", "number": heading.number, "title": title}


def _without_notes(inlines: Sequence[Element]) -> list[Element]:
    return pandoc.walk(
        list(inlines),
        lambda e: [] if e["t"] == "Note" else e["c"][1] if e["t"] == "Link" else None,
    )


def html_blocks(blocks: list[Element]) -> list[Element]:
    """Return the blocks of a chapter with floats, callouts and links as the site shows them."""
    visible = keep_visible(blocks, "html")
    return map_links(pandoc.walk(visible, _html), _page_address)


def _page_address(target: str) -> str:
    name, mark, fragment = target.partition("#")
    if name.endswith(".qmd") and "://" not in name:
        return f"{name.removesuffix('.qmd')}.html{mark}{fragment}"
    return target


def _html(element: Element) -> list[Element] | None:
    kind = element["t"]
    if kind == "Div":
        classes = element["c"][0][1]
        if "float" in classes:
            return _html_float(element)
        return _html_callout(element) if "callout" in classes else None
    if kind == "Table":
        return [pandoc.div([element], ["table-box", *table_class(element).split()], tabindex="0")]
    if kind == "Image":
        attr, _, target = element["c"]
        kept = [pair for pair in attr[2] if pair[0] != "fig-alt"]
        alt = [pandoc.text(image_alt(element))]
        return [{"t": "Image", "c": [[attr[0], attr[1], kept], alt, target]}]
    if is_page_break(element):
        return [pandoc.div([], ["page-break"])]
    return None


def _html_float(element: Element) -> list[Element]:
    (label, (_, kind, *_), others), (caption, *body) = element["c"]
    number = pandoc.span([pandoc.text(dict(others)["number"])], ["float-number"])
    shown = [
        pandoc.raw_inline("html", "<figcaption>"),
        number,
        *([pandoc.text("\u3000")] if caption["c"] else []),
        *caption["c"],
        pandoc.raw_inline("html", "</figcaption>"),
    ]
    opening = pandoc.raw("html", f'<figure id="{label}" class="float {kind}">')
    closing = pandoc.raw("html", "</figure>")
    if kind == "tbl":
        return [opening, pandoc.plain(shown), *body, closing]
    return [opening, *body, pandoc.plain(shown), closing]


def _html_callout(element: Element) -> list[Element]:
    (label, classes, _), (title, *body) = element["c"]
    identifier = f' id="{label}"' if label else ""
    shown = [
        pandoc.raw_inline("html", '<p class="callout-title">'),
        *title["c"],
        pandoc.raw_inline("html", "</p>"),
    ]
    opening = f'<aside{identifier} class="{" ".join(classes)}">'
    return [pandoc.raw("html", opening), pandoc.plain(shown), *body, pandoc.raw("html", "</aside>")]
