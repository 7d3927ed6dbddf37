"""Results as open data holds them: tables in order, each column of the type the codebook gives."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from report.release.codebook import TableWords, Type, codebook, table_words
from report.results import SIMULATED, Results

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet may take for a formula, or that was guarded already.

After OWASP, "CSV injection", which names these signs and their full-width forms.
"""
GUARD = "'"
DTYPES: Mapping[Type, Any] = {"integer": "Int64", "boolean": "boolean", "number": "float64"}
"""What holds each type, missing values too; a plain ``int64`` or ``bool`` has none and stays."""


PLAIN = {"Int64": "int64", "boolean": "bool"}


def tidy(results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables that open data holds, in the order of the codebook.

    Parameters
    ----------
    results
        The results.

    Returns
    -------
    Tables by name. Whole numbers are whole even where some are missing; a simulated edition says so
    in the last column of each.

    Raises
    ------
    InputError
        For a table or column that the codebook does not describe.
    """
    for name in results.tables:
        table_words(name)
    return {
        name: _typed(results[name], words, simulated=bool(results.meta["simulated"]))
        for name, words in codebook().items()
        if name in results
    }


def _typed(table: pd.DataFrame, words: TableWords, *, simulated: bool) -> pd.DataFrame:
    kinds = {str(name): str(kind) for name, kind in table.dtypes.items()}
    wanted = {name: DTYPES.get(column_type(table, words, name)) for name in kinds}
    typed = {
        name: table[name].astype(kind)
        for name, kind in wanted.items()
        if kind is not None and kinds[name] not in (kind, PLAIN.get(kind))
    }
    return table.assign(**typed, **({SIMULATED: True} if simulated else {}))


def column_type(table: pd.DataFrame, words: TableWords, name: str) -> Type:
    """Return the type of a column; one of an edition's own has the type of its values."""
    known = words.column(name)
    if name in words.columns or name == SIMULATED:
        return known.type
    kind = table[name].dtype
    if pd.api.types.is_bool_dtype(kind):
        return "boolean"
    if pd.api.types.is_integer_dtype(kind):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(kind) else "string"


def guarded(texts: pd.Series) -> pd.Series:
    """Put an apostrophe before every text that a spreadsheet may take for a formula.

    One that begins with apostrophes before such a sign gets one more, so that `unguarded` gives
    back every text as it was.
    """
    risky = risky_texts(texts)
    return texts.where(~texts.isin(risky), GUARD + texts.astype("str")) if risky else texts


def unguarded(texts: pd.Series) -> pd.Series:
    """Take off the apostrophe that `guarded` put on."""
    marked = {text for text in risky_texts(texts) if text.startswith(GUARD)}
    return texts.where(~texts.isin(marked), texts.str.slice(1)) if marked else texts


def guarded_name(name: str) -> str:
    """Return the name of a column as the csv files have it."""
    return GUARD + name if FORMULA.match(name) else name


def risky_texts(texts: pd.Series) -> set[str]:
    """Return the texts of a column that may be taken for a formula, or were guarded already."""
    return {text for text in texts.dropna().unique() if FORMULA.match(str(text))}


def texts_of(table: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold text."""
    return [
        str(name)
        for name, kind in table.dtypes.items()
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind))
    ]


def holds_key(table: pd.DataFrame, key: tuple[str, ...]) -> bool:
    """Return whether no two rows of a table share the values of some columns, all of them there."""
    there = bool(key) and set(key) <= set(table.columns)
    return there and not table.duplicated(list(key)).any()


def refers_truly(
    tables: Mapping[str, pd.DataFrame], column: pd.Series, target: tuple[str, str]
) -> bool:
    """Return whether every value of a column stands in the column it refers to."""
    table, name = target
    if table not in tables or name not in tables[table]:
        return False
    there = column.dropna()
    return len(there) > 0 and bool(there.isin(tables[table][name]).all())
