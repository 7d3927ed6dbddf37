"""One Excel workbook with every table of the results, a sheet each, and what they mean."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from report.release.about import WARNING, ReleaseAbout, release_about, said
from report.release.fields import fields_of
from report.release.tidy import tidy
from report.results import Results

EPOCH = datetime(2000, 1, 1)
"""Creation time written into every workbook, so that the same results give the same bytes."""


def write_workbook(results: Results, path: Path, about: ReleaseAbout | None = None) -> None:
    """Write every table to a sheet of its own, behind sheets that say what they are.

    Parameters
    ----------
    results
        What to write; its language is that of the names of the sheets.
    path
        The file, ending in ``.xlsx``.
    about
        What is said of the release; what the results say themselves by default.

    Raises
    ------
    InputError
        For a table or column that the codebook does not describe.

    Notes
    -----
    A header cell names its column in Chinese, in English, and as the other files have it. Texts
    stay texts: what looks like a formula or an address is not made one, nor does it become one
    where a cell is edited.
    """
    write_tables(tidy(results), results, path, about or release_about(results))


def write_tables(
    tables: Mapping[str, pd.DataFrame], results: Results, path: Path, about: ReleaseAbout
) -> None:
    """Write tables as `report.release.tidy.tidy` gives them, as `write_workbook` does."""
    import xlsxwriter

    from report.release.book_style import BookStyle
    from report.release.sheets import write_contents, write_fields, write_notes, write_table

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": said(about.title, results.lang),
                "company": said(about.publisher, results.lang),
                "comments": said(WARNING, results.lang) if results.meta["simulated"] else "",
                "created": EPOCH,
            }
        )
        style = BookStyle(book, results)
        contents, notes = (book.add_worksheet(style.sheet(name)) for name in ("contents", "notes"))
        write_contents(contents, tables, style, about)
        write_notes(notes, style, about)
        for name, table in tables.items():
            write_table(style.add(style.sheet(name)), name, table, style)
        write_fields(style.add(style.sheet("fields")), fields_of(tables), style)
