"""The book as a site: one page a chapter, no request to anywhere else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from report.brand import Brand, css_variables
from report.publish import pandoc
from report.publish.crossref import Heading, NumberedChapter
from report.publish.kept import NONE, Kept
from report.publish.meta import BookMeta
from report.publish.pandoc import Element
from report.publish.search import search_script
from report.publish.webpage import Around, html_blocks, visible_blocks
from report.publish.words import language_of, words

THEME = Path(__file__).parents[1] / "theme"
WRITER = "html5-task_lists"
PDF_NAME = "report.pdf"
STYLES = ("site.css",)
SCRIPTS = ("site.js", "site-search.js", "site-tables.js")
DESCRIPTION_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of a site have in common.

    Parameters
    ----------
    chapters
        In order; the first one becomes ``index.html``.
    meta
        What stands around the text.
    lang
        ``lang`` of the book, such as ``zh-Hans``.
    toc_depth
        Deepest level of heading in the contents of a page.
    look
        Colours, fonts and logo.
    images
        Every image of the chapters, by the path they name it with.
    tables
        The result tables each figure was drawn from, by its path.
    files
        Pairs of label and address of the forms of the book that lie beside its pages.
    kept
        Pages written before.
    """

    chapters: Sequence[NumberedChapter]
    meta: BookMeta
    lang: str
    toc_depth: int
    look: Brand
    images: Mapping[str, bytes]
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[tuple[str, str]] = ()
    kept: Kept = NONE

    @property
    def words(self) -> Mapping[str, str]:
        """The words put around the text."""
        return words(language_of(self.lang))

    @property
    def logo(self) -> str:
        """The path of the logo, or ``""``."""
        return f"assets/logo{self.look.logo.suffix}" if self.look.logo else ""


def write_site(site: Site, out: Path) -> None:
    """Write a page for each chapter; styles, scripts and the index of the search into ``assets``.

    Parameters
    ----------
    site
        What to write.
    out
        An existing folder.
    """
    from concurrent.futures import ThreadPoolExecutor

    assets = out / "assets"
    assets.mkdir(exist_ok=True)
    for name in (*STYLES, *SCRIPTS):
        (assets / name).write_bytes((THEME / name).read_bytes())
    if site.look.logo is not None:
        (out / site.logo).write_bytes(site.look.logo.read_bytes())
    generated = {
        "theme.css": css_variables(site.look) + _print_notice(site.meta.notice),
        "words.js": f"window.SITE_WORDS = {_script_words(site)};\n",
        "search.js": search_script(site.chapters),
    }
    for name, text in generated.items():
        (assets / name).write_text(text, encoding="utf-8", newline="\n")
    with ThreadPoolExecutor(4) as pool:
        htmls = list(pool.map(lambda at: _page(site, at), range(len(site.chapters))))
    for chapter, html in zip(site.chapters, htmls, strict=True):
        (out / f"{chapter.stem}.html").write_text(html, encoding="utf-8", newline="\n")


def _print_notice(notice: str | None) -> str:
    """Return a rule that prints the notice at the top of every sheet."""
    if not notice:
        return ""
    text = "".join(f"\\{ord(each):x} " for each in notice)
    return f'@page{{@top-center{{content:"{text}";font-size:9pt}}}}\n'


def _script_words(site: Site) -> str:
    used = {
        key: word
        for key, word in site.words.items()
        if key.startswith(("search", "filter", "sort"))
    }
    return json.dumps(used, ensure_ascii=False)


def _page(site: Site, at: int) -> str:
    chapter = site.chapters[at]
    blocks = visible_blocks(chapter)
    around = Around(language_of(site.lang), site.images, site.meta.data, site.tables)
    values = {**_shared(site), **_own(site, at, blocks), **_neighbours(site.chapters, at)}
    return pandoc.write_blocks(
        html_blocks(blocks, around),
        WRITER,
        {key: pandoc.meta_value(value) for key, value in values.items()},
        [
            "--standalone",
            f"--template={THEME / 'site.html'}",
            "--mathml",
            "--syntax-highlighting=none",
        ],
        site.kept,
    )


def _shared(site: Site) -> dict[str, object]:
    meta = site.meta
    links = [*((site.words["pdf"], PDF_NAME), *site.files), *meta.links]
    return {
        "lang": site.lang,
        "w": site.words,
        "book": meta.title,
        "subtitle": meta.subtitle,
        "publisher": meta.publisher,
        "date-text": meta.date_text,
        "notice": meta.notice or "",
        "brand": site.look.name,
        "logo": site.logo,
        "theme-color": site.look["deep"],
        "links": [
            {"label": label, "href": href, "download": href.endswith((".pdf", ".docx"))}
            for label, href in links
        ],
    }


def _own(site: Site, at: int, blocks: Sequence[Element]) -> dict[str, object]:
    chapter, meta = site.chapters[at], site.meta
    title = pandoc.plain_text(list(chapter.title.inlines))
    other = meta.other_language.rstrip("/")
    return {
        "pagetitle": f"{title} - {meta.title}" if at else meta.title,
        "description": (not at and meta.description) or description(blocks) or meta.title,
        "other": f"{other}/{chapter.stem}.html" if other else "",
        "is-index": at == 0,
        "number": chapter.title.number,
        "gap": _gap(chapter.title.number),
        "chapter-title": list(chapter.title.inlines),
        "chapter-id": chapter.title.label,
        "nav": [_nav_entry(each, each is chapter) for each in site.chapters],
        "contents": [
            {**_entry(heading), "level": f"level-{heading.level}"}
            for heading in chapter.headings[1:]
            if heading.level <= site.toc_depth
        ],
    }


def _neighbours(chapters: Sequence[NumberedChapter], at: int) -> dict[str, object]:
    places = {"previous": at - 1, "next": at + 1}
    return {
        name: _entry(chapters[place].title, f"{chapters[place].stem}.html")
        for name, place in places.items()
        if 0 <= place < len(chapters)
    }


def description(blocks: Sequence[Element]) -> str:
    """Return the first paragraph of a page in plain words, cut at a length search engines show."""
    first = next((block for block in blocks if block["t"] == "Para"), None)
    text = " ".join(pandoc.plain_text(first).split()) if first else ""
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[: DESCRIPTION_LENGTH - 1].rstrip() + "…"


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
    return {
        "href": href or f"#{heading.label}",
        "number": heading.number,
        "gap": _gap(heading.number),
        "title": title,
    }


def _gap(number: str) -> str:
    """Return what stands between a number and a title: a space after a Latin sign."""
    return " " if number and number[-1].isascii() else ""


def _without_notes(inlines: Sequence[Element]) -> list[Element]:
    return pandoc.walk(
        list(inlines),
        lambda e: [] if e["t"] == "Note" else e["c"][1] if e["t"] == "Link" else None,
    )
