"""Records: the tables of an edition with every cell typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from survey.findings import Finding
from survey.sources.parts import Parts


@dataclass(frozen=True)
class Records:
    """Valid records.

    Parameters
    ----------
    tables
        By name. Each has the columns of its contract and the answer columns; the index, named
        ``row``, is the row of the file as a spreadsheet shows it. Numbers are float64, times
        datetime64, the rest strings; a blank cell is missing.
    files
        The file of each table, for findings.
    parts
        Which rows are of which file, of each table that is in several.
    """

    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Parts] = field(default_factory=dict)

    def __contains__(self, table: str) -> bool:
        return table in self.tables

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def placed_rows(self, listed: pd.DataFrame) -> pd.DataFrame:
        """Name the file of records that are listed by table and row, where a table is in several.

        Parameters
        ----------
        listed
            Columns ``table`` and ``row``, as the frames of the tables number them.

        Returns
        -------
        The same with each row as its file numbers it, and a column ``file`` after it; as it is
        where every table is in one file.
        """
        several = listed["table"].isin(list(self.parts))
        if not several.any():
            return listed
        places = [
            self.parts[table].place(row) if table in self.parts else (self.files.get(table), row)
            for table, row in zip(listed["table"], listed["row"], strict=True)
        ]
        placed = listed.assign(row=[row for _, row in places])
        placed.insert(list(placed).index("row") + 1, "file", [file for file, _ in places])
        return placed

    def placed(self, found: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return findings on rows of tables in several files as such on the rows of these."""
        parts = {each.name: each for each in self.parts.values()}
        return tuple(parts[f.file].placed(f) if f.file in parts else f for f in found)
