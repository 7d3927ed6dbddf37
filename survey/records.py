"""Records: the tables of an edition with every cell typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


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
    """

    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, table: str) -> bool:
        return table in self.tables

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]
