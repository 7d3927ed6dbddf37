"""Publishing a book: run it, number it, write the site and the PDF."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from report.fonts import missing_glyphs
from report.publish import pandoc
from report.publish.crossref import NumberedChapter, number_book
from report.publish.execute import Executed, Progress, run_book
from report.publish.lint import lint_book
from report.publish.meta import BookMeta, Published
from report.publish.outputs import ASSETS
from report.publish.pandoc import Element
from report.publish.pdf import write_pdf
from report.publish.site import PDF_NAME, write_site
from report.publish.source import read_book
from survey.findings import Finding, InputError, Severity, raise_errors

FOREIGN = re.compile(r"^([a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)

__all__ = ["BookMeta", "Published", "publish_book"]


def publish_book(
    report_dir: Path,
    out: Path,
    *,
    edition: Path,
    meta: BookMeta,
    progress: Progress | None = None,
) -> Published:
    """Publish a Quarto book as a site and a PDF, without the Quarto CLI.

    Parameters
    ----------
    report_dir
        The folder of ``_quarto.yml`` and the chapters. Nothing is written into it.
    out
        An existing empty folder; it gets ``index.html``, a page a chapter, ``assets/`` and
        ``report.pdf``. Same sources and edition, same bytes.
    edition
        The folder of the edition, which the cells find in ``HOTLINE_EDITION``.
    meta
        What stands on the cover and in the margins.
    progress
        Called with the cells done, all cells, and where the next one stands.

    Raises
    ------
    InputError
        Where a source has what cannot be published, a cell fails, a reference leads nowhere, an
        image is missing, or the fonts lack a character.
    FileExistsError
        Where `out` is not empty.
    """
    if any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    book = read_book(report_dir)
    raise_errors(lint_book(book))
    executed = run_book(book, edition, progress)
    config = book.config
    chapters = number_book(executed, config.read_as, config.number_sections)
    chapters, images = collect_images(chapters, report_dir)
    raise_errors(check_glyphs(chapters, meta))
    for path, data in images.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    write_site(chapters, meta, config.lang, config.toc_depth, out)
    write_pdf(chapters, meta, config.toc_depth, images, out / PDF_NAME)
    files = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    return Published(out, out / "index.html", out / PDF_NAME, tuple(files))


def collect_images(
    chapters: Iterable[NumberedChapter], report_dir: Path
) -> tuple[tuple[NumberedChapter, ...], dict[str, bytes]]:
    """Bring together the figures of the cells and the image files that chapters name.

    Parameters
    ----------
    chapters
        Numbered chapters.
    report_dir
        The folder that image paths are relative to.

    Returns
    -------
    The chapters with the paths images have in the publication, and the images by that path.

    Raises
    ------
    InputError
        With a finding for each image that is not there, or lies elsewhere than in `report_dir`.
    """
    images: dict[str, bytes] = {}
    wrong: list[Finding] = []
    folder = report_dir.resolve()

    def move(element: Element, executed: Executed) -> list[Element] | None:
        if element["t"] != "Image" or element["c"][2][0] in executed.files:
            return None
        attr, inlines, (source, title) = element["c"]
        path = (folder / unquote(source)).resolve()
        if FOREIGN.match(source) or not path.is_relative_to(folder) or not path.is_file():
            wrong.append(_no_image(executed, source))
            return None
        target = f"{ASSETS}/{'-'.join(path.relative_to(folder).parts)}"
        images[target] = path.read_bytes()
        return [{"t": "Image", "c": [attr, inlines, [target, title]]}]

    moved: list[NumberedChapter] = []
    for chapter in chapters:
        executed = chapter.executed
        images.update(executed.files)
        blocks = pandoc.walk(chapter.blocks, partial(move, executed=executed))
        moved.append(NumberedChapter(executed, blocks, chapter.headings))
    if wrong:
        raise InputError(wrong)
    return tuple(moved), images


def _no_image(executed: Executed, source: str) -> Finding:
    lines = executed.chapter.path.read_text(encoding="utf-8").splitlines()
    row = next((number for number, line in enumerate(lines, 1) if source in line), None)
    return Finding(
        "no-such-image",
        Severity.ERROR,
        executed.chapter.file,
        row,
        "",
        "a file in the folder of the book",
        source,
        "check the path; the site loads nothing else",
    )


def check_glyphs(chapters: Iterable[NumberedChapter], meta: BookMeta) -> list[Finding]:
    """Find the characters that the fonts of the PDF do not have.

    Parameters
    ----------
    chapters
        The chapters to be set.
    meta
        The texts of the cover and the margins.

    Returns
    -------
    A finding of severity error for each chapter with such characters, and one for the cover.
    """
    texts: Mapping[str, str] = {
        "cover": "".join(meta.texts),
        **{each.executed.chapter.file: _all_text(each) for each in chapters},
    }
    return [
        Finding(
            "missing-glyph",
            Severity.ERROR,
            where,
            None,
            "",
            "characters of both Noto fonts",
            " ".join(f"{c} (U+{ord(c):04X})" for c in missing),
            "use another character",
        )
        for where, text in texts.items()
        if (missing := missing_glyphs(text))
    ]


def _all_text(chapter: NumberedChapter) -> str:
    trees = [chapter.blocks, *(list(heading.inlines) for heading in chapter.headings)]
    return "".join(_own_text(element) for element in pandoc.elements(trees))


def _own_text(element: Element) -> str:
    kind = element["t"]
    if kind == "Str":
        return element["c"]
    if kind in ("Code", "CodeBlock") or (
        kind in ("RawBlock", "RawInline") and element["c"][0] == "typst"
    ):
        return element["c"][1]
    return ""
