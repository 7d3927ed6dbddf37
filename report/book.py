"""What the chapters of the report use: the results of one edition, ready to be told and drawn."""

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from report.results import EDITION_FILE, Results, read_results

ENVIRONMENT = "HOTLINE_EDITION"
DEFAULT = "editions/demo"


def edition_folder() -> Path:
    """Return the folder of the edition that the report is about.

    Notes
    -----
    The environment variable ``HOTLINE_EDITION`` names it, relative to the working directory or to
    the folder above ``report/``; without it, ``editions/demo``.

    Raises
    ------
    FileNotFoundError
        Where there is no such edition.
    """
    named = Path(os.environ.get(ENVIRONMENT, DEFAULT))
    home = Path(__file__).resolve().parent.parent
    for folder in (named, home / named):
        if (folder / "edition.yaml").is_file():
            return folder.resolve()
    raise FileNotFoundError(f"{ENVIRONMENT}: no edition.yaml in {named}")


def open_book(lang: str = "zh") -> Results:
    """Return the results of the edition, to be told in `lang`, and set the look of its figures.

    Chapters that run in one process share one reading; each gets tables of its own all the same.
    """
    from report.style import use_style

    use_style()
    folder = edition_folder()
    results = _read(folder, (folder / "results" / EDITION_FILE).stat().st_mtime_ns)
    own = {name: table.copy(deep=False) for name, table in results.tables.items()}
    results = replace(results, tables=own).told_in(lang)
    if source := results.meta.get("map"):
        placed = {**source, "path": str(folder / source["path"])}
        results = replace(results, meta={**results.meta, "map": placed})
    return results


@lru_cache(maxsize=1)
def _read(folder: Path, written: int) -> Results:
    """Read the results in a folder; `written` makes it read again once they were replaced."""
    return read_results(folder / "results")
