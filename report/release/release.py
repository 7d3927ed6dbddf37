"""The release: open data of an edition, described, packaged, checked and dated."""

import hashlib
from pathlib import Path
from typing import get_args

from report.language import Lang
from report.release.about import WARNING, ReleaseAbout
from report.release.changes import changes_page
from report.release.codebook_files import codebook_page, codebook_table
from report.release.files import BOM, DATA, write_data
from report.release.package import data_package, package_text
from report.release.page import index_page
from report.release.papers import WORKBOOK, citation_file, licence_text, readme
from report.release.tidy import tidy
from report.results import Results
from report.workbook import write_tables

SUMS = "SHA256SUMS"


def write_release(
    results: Results, out: Path, about: ReleaseAbout, previous: Results | None = None
) -> None:
    """Write the open data of an edition.

    Parameters
    ----------
    results
        The results; their language is that of the list of files and of the sheets of the workbook.
    out
        An existing empty folder.
    about
        What is said of the release.
    previous
        The results of the edition before, where there is one; then the changes tell what is new
        and what is gone, beside what moved.

    Raises
    ------
    InputError
        For a table or column that the codebook does not describe.
    FileExistsError
        Where `out` is not empty.

    Notes
    -----
    The same results give the same bytes: no file holds the time it was written.
    """
    if any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    tables = tidy(results)
    (out / DATA).mkdir()
    write_data(tables, out / DATA, _parquet_notes(results, about))
    write_tables(tables, results, out / WORKBOOK, about)
    texts = {
        "datapackage.json": package_text(data_package(results, tables, out, about)),
        "LICENSE": licence_text(results, about),
        "CITATION.cff": citation_file(results, about),
    }
    for lang in get_args(Lang):
        told = results.told_in(lang)
        texts[f"codebook.{lang}.md"] = codebook_page(results, tables, about, lang)
        texts[f"README.{lang}.md"] = readme(results, tables, about, lang)
        texts[f"CHANGES.{lang}.md"] = changes_page(told, previous, about)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    words = codebook_table(tables).to_csv(index=False, lineterminator="\n")
    (out / "codebook.csv").write_bytes(BOM + words.encode())
    page = index_page(results, tables, out, about)
    (out / "index.html").write_text(page, encoding="utf-8", newline="\n")
    (out / SUMS).write_text(checksums(out), encoding="utf-8", newline="\n")


def checksums(folder: Path) -> str:
    """Return the SHA-256 of every file of a folder, as ``sha256sum`` writes and checks them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    )


def _parquet_notes(results: Results, about: ReleaseAbout) -> dict[str, str]:
    notes = {
        "title_zh": about.title.zh,
        "title_en": about.title.en,
        "licence": about.licence,
        "version": about.version,
    }
    if results.meta["simulated"]:
        notes |= {"notice_zh": WARNING.zh, "notice_en": WARNING.en}
    return notes
