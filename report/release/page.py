"""A page that lists the files of a release: what each is, how large, and how many rows it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from report.brand import brand, css_variables
from report.release.about import WARNING, ReleaseAbout, said
from report.release.codebook import table_words
from report.release.files import DATA
from report.release.papers import FILES
from report.results import Results

TEMPLATE = Path(__file__).with_name("page.html")
INDEX = "index.html"
KIB = 1024


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    words: str
    size: str


@dataclass(frozen=True, slots=True)
class _Listed:
    id: str
    name: str
    words: str
    rows: int
    files: tuple[_File, ...]


def index_page(
    results: Results, tables: Mapping[str, pd.DataFrame], folder: Path, about: ReleaseAbout
) -> str:
    """Return the page in the language of the results.

    Parameters
    ----------
    results
        The results.
    tables
        As from `report.release.tidy.tidy`.
    folder
        The release, whose other files are written.
    about
        What is said of the release.
    """
    say, lang = results.say, results.lang
    version = say(f"版本{about.version}", f"version {about.version}")
    facts = [said(about.publisher, lang), said(about.dated, lang), version]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(TEMPLATE.name).render(
        say=say,
        about=about,
        title=say(f"{about.title.zh}：开放数据", f"{about.title.en}: open data"),
        notice=said(WARNING, lang) if results.meta["simulated"] else "",
        facts=say("；", "; ").join(fact for fact in facts if fact),
        variables=Markup(css_variables(brand())),
        papers=list(_papers(folder, results)),
        tables=list(_tables(tables, folder, results)),
    )


def _papers(folder: Path, results: Results) -> Iterator[_File]:
    for path, words in FILES.items():
        if "*" not in path and path != INDEX:
            yield _File(path, results.say(*words), _size(folder / path))


def _tables(
    tables: Mapping[str, pd.DataFrame], folder: Path, results: Results
) -> Iterator[_Listed]:
    for name, table in tables.items():
        words = table_words(name)
        files = tuple(
            _File(f"{DATA}/{name}.{ending}", ending, _size(folder / DATA / f"{name}.{ending}"))
            for ending in ("csv", "parquet")
        )
        told = said(words.words, results.lang), said(words.describe, results.lang)
        yield _Listed(name, *told, len(table), files)


def _size(path: Path) -> str:
    """Return the size of a file in words; nothing of one that is written after the page."""
    if not path.is_file():
        return ""
    size = path.stat().st_size / KIB
    return f"{max(size, 1):.0f} KiB" if size < KIB else f"{size / KIB:.1f} MiB"
