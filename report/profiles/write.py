"""Writing profiles of cities and reports of provinces into a folder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from report.profiles.city_page import city_page
from report.profiles.context import Context
from report.profiles.gather import chosen, profiles
from report.profiles.html import page_html
from report.profiles.listing import city_listing, province_listing
from report.profiles.page import Page
from report.profiles.pdf import write_pdfs
from report.profiles.province_page import province_page
from report.profiles.provinces import provinces, stems
from report.results import Results

Advance = Callable[[int], None]


def quiet(_: int) -> None:
    """Hear of progress and say nothing."""


def write_profiles(
    results: Results,
    out: Path,
    *,
    pdf: bool = True,
    units: Sequence[str] | None = None,
    advance: Advance = quiet,
    beside: bool = True,
) -> int:
    """Write a profile of every unit that has a grade, and a page that lists them.

    Parameters
    ----------
    results
        In the language to be written.
    out
        An existing folder: gets ``<stem>.html`` and ``<stem>.pdf`` of each unit, and
        ``index.html``.
    pdf
        Whether to write PDFs, too.
    units
        Keys of the units to write; all by default.
    advance
        Told 1 after each unit.
    beside
        Whether the folder lies in a publication, beside the report, ``benchmark/`` and
        ``provinces/``, to which pages then link.

    Returns
    -------
    The number of profiles written.
    """
    context = Context.of(results, stems(results) if beside else {}, beside=beside, pdf=pdf)
    made = chosen(profiles(results), units)
    pages = ((each.stem, city_page(each, context)) for each in made)
    _write(pages, out, pdf=pdf, advance=advance)
    _save(out / "index.html", city_listing(made, context))
    return len(made)


def write_provinces(
    results: Results,
    out: Path,
    *,
    pdf: bool = True,
    advance: Advance = quiet,
    beside: bool = True,
) -> int:
    """Write a report of every province that has a city with a grade, and a page that lists them.

    Parameters
    ----------
    results, out, pdf, advance, beside
        As for `write_profiles`; the folder lies beside ``profiles/``.

    Returns
    -------
    The number of reports written; 0 where the units have no provinces.
    """
    context = Context.of(results, {}, beside=beside, pdf=pdf)
    held = provinces(results, profiles(results)) if stems(results) else ()
    pages = ((each.stem, province_page(each, context)) for each in held)
    _write(pages, out, pdf=pdf, advance=advance)
    _save(out / "index.html", province_listing(held, context))
    return len(held)


def _write(pages: Iterable[tuple[str, Page]], out: Path, *, pdf: bool, advance: Advance) -> None:
    written = _as_html(pages, out)
    if pdf:
        write_pdfs(written, out, advance)
        return
    for _ in written:
        advance(1)


def _as_html(pages: Iterable[tuple[str, Page]], out: Path) -> Iterator[tuple[str, Page]]:
    """Write pages as HTML, and hand each on, so that its PDF is set while the next is written."""
    for stem, page in pages:
        _save(out / f"{stem}.html", page_html(page))
        yield stem, page


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
