"""A worksheet of XlsxWriter that takes a table by columns, several times as fast as by cells."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.sharedstrings import SharedStringTable
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from report.release.tidy import FORMULA

MOST_TEXT = 32_767
"""Characters that a cell of Excel holds."""
CUT = "…"
"""Ends a text that was longer; the csv and parquet files have it whole."""


class ColumnSheet(Worksheet):
    """A worksheet with a header of ordinary cells and a body of columns below it."""

    def __init__(self) -> None:
        super().__init__()
        self._body: list[tuple[list[str | None], Format]] = []
        self._from = 0

    def fill(self, row: int, columns: Sequence[tuple[pd.Series, Format, Format]]) -> None:
        """Write a table below the cells written so far.

        Parameters
        ----------
        row
            The first row, counted from 0; no cell at or below it may be written otherwise.
        columns
            The values of each column, its format, and that of texts that look like a formula.
        """
        self._from = row
        for at, (values, form, guard) in enumerate(columns):
            self._body.append((self._cells(values, guard), form))
            if len(values):
                self._check_dimensions(row + len(values) - 1, at)

    def _cells(self, values: pd.Series, guard: Format) -> list[str | None]:
        """Return what follows the reference of each cell, None where it is empty."""
        if pd.api.types.is_bool_dtype(values.dtype):
            return [None if v is pd.NA else f' t="b"><v>{int(v)}</v></c>' for v in values.tolist()]
        if pd.api.types.is_numeric_dtype(values.dtype):
            return [
                f"><v>{v!r}</v></c>" if known else None
                for v, known in zip(values.tolist(), _finite(values), strict=True)
            ]
        return self._texts(values, guard)

    def _texts(self, values: pd.Series, guard: Format) -> list[str | None]:
        codes, texts = pd.factorize(values.where(values != ""))
        strings: SharedStringTable = self.str_table  # type: ignore[assignment]
        strings.count += int((codes >= 0).sum()) - len(texts)
        told: list[str | None] = []
        for text in map(str, texts):
            place = strings._get_shared_string_index(stored(text))
            style = f' s="{guard._get_xf_index()}"' if FORMULA.match(text) else ""
            told.append(f'{style} t="s"><v>{place}</v></c>')
        told.append(None)
        return [told[code] for code in codes.tolist()]

    def _write_rows(self) -> None:
        super()._write_rows()
        if not self._body:
            return
        columns = []
        for at, (cells, form) in enumerate(self._body):
            letter, style = xl_col_to_name(at), f' s="{form._get_xf_index()}"'
            columns.append(
                [
                    ""
                    if cell is None
                    else f'<c r="{letter}{row}"{"" if cell.startswith(" s=") else style}{cell}'
                    for row, cell in enumerate(cells, start=self._from + 1)
                ]
            )
        rows = zip(*columns, strict=True)
        self.fh.write(
            "".join(
                f'<row r="{row}">{"".join(cells)}</row>'
                for row, cells in enumerate(rows, start=self._from + 1)
            )
        )


def _finite(values: pd.Series) -> list[bool]:
    return np.isfinite(values.to_numpy(dtype=float, na_value=np.nan)).tolist()


def stored(text: str) -> str:
    """Return a text as XlsxWriter has to be given it, so that the cell holds it as it is.

    A text longer than a cell is cut and ends in a mark. One that looks like the markup of a
    formatted text would be written into the file unescaped: it is given as the escaped markup of
    itself.
    """
    if len(text) > MOST_TEXT // 2:
        units = text.encode("utf-16-le", "surrogatepass")
        if len(units) > 2 * MOST_TEXT:
            text = units[: 2 * (MOST_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text
