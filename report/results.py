"""The results of an edition as the report reads them: tidy tables and what they are about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from report.language import Lang, check_lang

SIMULATED = "simulated"
"""A column of every file of a simulated edition, so that no copy of one can hide what it is."""
EDITION_FILE = "edition.json"
"""What the results are about, beside the tables."""


@dataclass(frozen=True)
class Results:
    """Everything a report may say about one edition.

    Parameters
    ----------
    meta
        What the edition is: ``edition``, ``year``, ``title`` (zh, en), ``simulated``, ``kind``
        (``"records"`` or ``"published"``), ``units``, ``level``, ``replicates``, ``seed``,
        ``scheme``, ``sources``, ``slots``, ``versions``.
    tables
        Tidy tables by name. A step that the edition has no input for leaves no table.
    lang
        The language in which they are told and drawn.
    """

    meta: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    lang: Lang = "zh"

    def __contains__(self, name: str) -> bool:
        return name in self.tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def told_in(self, lang: str) -> "Results":
        """Return the same results, to be told and drawn in another language."""
        return replace(self, lang=check_lang(lang))

    def say(self, zh: str, en: str) -> str:
        """Return the text in the language of the results."""
        return zh if self.lang == "zh" else en


def write_results(results: Results, folder: Path) -> None:
    """Write each table as parquet and csv, and the meta as `EDITION_FILE`.

    Parameters
    ----------
    results
        What to write.
    folder
        An existing folder; the caller makes the writing whole-or-nothing.
    """
    for name, table in results.tables.items():
        if results.meta["simulated"]:
            table = table.assign(**{SIMULATED: True})  # noqa: PLW2901
        table.to_parquet(folder / f"{name}.parquet", index=False)
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    meta = json.dumps(dict(results.meta), ensure_ascii=False, indent=2, sort_keys=True)
    (folder / EDITION_FILE).write_text(meta + "\n", encoding="utf-8")


def read_results(folder: Path) -> Results:
    """Read what `write_results` wrote.

    Raises
    ------
    FileNotFoundError
        Where the folder holds no results.
    """
    meta = json.loads((folder / EDITION_FILE).read_text(encoding="utf-8"))
    tables = {
        path.stem: pd.read_parquet(path).drop(columns=SIMULATED, errors="ignore")
        for path in sorted(folder.glob("*.parquet"))
    }
    return Results(meta, tables)
