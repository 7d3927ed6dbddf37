"""What the chapters of the report use: the results of one edition, ready to be told and drawn."""

import os
from dataclasses import replace
from pathlib import Path

from report.results import Results, read_results

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
    """Read the results of the edition, to be told in `lang`, and set the look of its figures."""
    from report.style import use_style

    use_style()
    folder = edition_folder()
    results = read_results(folder / "results").told_in(lang)
    if source := results.meta.get("map"):
        placed = {**source, "path": str(folder / source["path"])}
        results = replace(results, meta={**results.meta, "map": placed})
    return results
