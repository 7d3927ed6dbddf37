"""The fields of a release: the columns that its tables have, each with what it means."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from report.language import Lang
from report.release.about import said
from report.release.codebook import KINDS, ColumnWords, TableWords, Type, table_words
from report.release.tidy import column_type, guarded_name

OPEN = {"zh": "其他取值由本年度自行定义", "en": "other values are the edition's own"}
BLANK = {"zh": "（留空）", "en": "(blank)"}


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A column of a table that is there.

    Parameters
    ----------
    table, column
        What they mean.
    type
        Of its values, as Table Schema calls it.
    """

    table: TableWords
    column: ColumnWords
    type: Type

    @property
    def name(self) -> str:
        """Its name as the csv files have it."""
        return guarded_name(self.column.name)

    def unit(self, lang: Lang) -> str:
        """Return what its figures are counted in."""
        return said(KINDS[self.column.kind].unit, lang)

    def note(self, lang: Lang) -> str:
        """Return what must be known of it."""
        return said(self.column.note, lang)

    def codes(self, lang: Lang, joint: str) -> str:
        """Return what its coded values mean, one after the other."""
        told = [
            f"{code or BLANK[lang]} = {said(words, lang)}"
            for code, words in self.column.codes.items()
        ]
        return joint.join([*told, OPEN[lang]] if self.column.open else told)


def fields_of(tables: Mapping[str, pd.DataFrame]) -> list[FieldWords]:
    """Return every column of some tables, in their order."""
    return [
        FieldWords(words, words.column(str(name)), column_type(table, words, str(name)))
        for table, words in ((table, table_words(name)) for name, table in tables.items())
        for name in table.columns
    ]
