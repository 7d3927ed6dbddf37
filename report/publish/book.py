"""Publishing a book: run it, number it, write the site, PDF, Word document and slides."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from report.brand import brand
from report.garbage import seldom_collected
from report.language import Lang
from report.publish.crossref import number_book
from report.publish.docx import DOCX_NAME, write_docx
from report.publish.execute import Executed, Progress, run_book
from report.publish.glyphs import check_glyphs
from report.publish.images import collect_images
from report.publish.kept import Kept
from report.publish.lint import lint_book
from report.publish.meta import BookMeta, Published
from report.publish.pdf import write_pdf
from report.publish.site import PDF_NAME, Site, write_site
from report.publish.slides import SLIDES_NAME, find_slides, write_slides
from report.publish.source import read_book
from report.publish.words import words
from survey.findings import raise_errors

__all__ = ["BookMeta", "Published", "publish_book"]

CONVERSIONS = "converted"
"""A folder of the cache."""


@seldom_collected()
def publish_book(
    report_dir: Path,
    out: Path,
    *,
    edition: Path,
    meta: BookMeta,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Published:
    """Publish a Quarto book as a site, PDF, Word document and slides, without the Quarto CLI.

    Parameters
    ----------
    report_dir
        The folder of ``_quarto.yml`` and the chapters. Nothing is written into it.
    out
        An existing empty folder; it gets ``index.html``, a page a chapter, ``assets/``,
        ``report.pdf`` and ``report.docx``, and ``slides.html`` where the book has slides. Same
        sources and edition, same bytes.
    edition
        The folder of the edition, which the cells find in ``HOTLINE_EDITION``.
    meta
        What stands on the cover and in the margins.
    progress
        Called with the cells done, all cells, and where the next one stands.
    cache
        A folder for this book alone that keeps what each chapter shows, so that only chapters that
        changed run again.

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
    config, lang = book.config, book.config.language
    slides = find_slides(report_dir, lang)
    source = replace(book, chapters=(*book.chapters, slides)) if slides else book
    raise_errors(lint_book(source))
    kept = Kept(cache / CONVERSIONS if cache else None)
    ran = run_book(source, edition, progress, cache)
    executed = ran[: len(book.chapters)]
    numbered = number_book(executed, config.read_as, config.number_sections, lang, kept)
    chapters, images = collect_images(numbered, report_dir)
    raise_errors(check_glyphs(chapters, meta))
    site = Site(
        chapters=chapters,
        meta=meta,
        lang=config.lang,
        toc_depth=config.toc_depth,
        look=brand(),
        images=images,
        tables=figure_tables(executed),
        files=_files(lang, slides=slides is not None),
        kept=kept,
    )
    with ThreadPoolExecutor(1) as beside:
        setting = beside.submit(write_pdf, chapters, meta, config, images, out / PDF_NAME, kept)
        write_images(images, out)
        write_site(site, out)
        write_docx(chapters, meta, lang, images, out / DOCX_NAME, kept)
        if slides:
            write_slides(ran[-1], meta, ran[-1].files, out / SLIDES_NAME, lang, kept)
        setting.result()
    kept.prune()
    return Published(
        folder=out,
        index=out / "index.html",
        pdf=out / PDF_NAME,
        docx=out / DOCX_NAME,
        files=tuple(sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())),
        chapters=len(ran),
        reused=tuple(each.chapter.stem for each in ran if each.reused),
    )


def _files(lang: Lang, *, slides: bool) -> tuple[tuple[str, str], ...]:
    """Return label and address of the forms of the book beside its pages."""
    say = words(lang)
    word = (say["docx"], DOCX_NAME)
    return (word, (say["slides"], SLIDES_NAME)) if slides else (word,)


def write_images(images: Mapping[str, bytes], out: Path) -> None:
    """Write every image to the path that pages name it with, below an existing folder."""
    for path, data in images.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)


def figure_tables(executed: Sequence[Executed]) -> dict[str, tuple[str, ...]]:
    """Return the result tables that each figure of a book was drawn from, by its path."""
    return {path: names for each in executed for path, names in each.tables.items()}
