"""Spellings: other ways to write a number, a day or an answer, read where they are beyond doubt."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.contracts import Column

ERROR_CELLS = (
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
)  # fmt: skip
"""What a spreadsheet shows in place of the value of a formula that failed."""
_INVISIBLE = r"[\u200b-\u200f\u2060\ufeff\u00ad]"
_THOUSANDS = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_DAY_ZERO = pd.Timestamp("1899-12-30")
_FIRST_DAY, _LAST_DAY = 32_874, 73_050
"""Day numbers of 1990-01-01 and 2099-12-31."""


@dataclass(frozen=True)
class Reading:
    """Values that were read as another spelling of the same.

    Parameters
    ----------
    check
        Name of the note.
    expected
        The plain spelling, in words.
    changed
        Which of the distinct values it concerns, shape (values,), bool.
    values
        All values as they are read, shape (values,).
    """

    check: str
    expected: str
    changed: np.ndarray
    values: pd.Series


def is_workbook(file: str) -> bool:
    """Tell by its name whether a file is a workbook, where a bare number may be a day."""
    return file.lower().endswith((".xlsx", ".xlsm"))


def plain_spellings(
    values: pd.Series, column: Column, *, from_workbook: bool = False
) -> tuple[pd.Series, tuple[Reading, ...]]:
    """Write distinct values plainly, where it is beyond doubt what they mean.

    Full-width digits and letters, invisible characters, separators of thousands in numbers and,
    in workbooks, day numbers in columns of dates. Percent signs and units are left: they say that
    a number is on another scale.

    Parameters
    ----------
    values
        Distinct strings, shape (values,).
    column
        The contract of their column.
    from_workbook
        Whether they come from a workbook.

    Returns
    -------
    The plain values, and what was read as what.
    """
    readings: list[Reading] = []
    for check, expected, plain in _steps(column, from_workbook):
        now = plain(values)
        changed = (now != values).to_numpy(dtype=bool, na_value=False)
        if changed.any():
            readings.append(Reading(check, expected, changed, now))
            values = now
    return values, tuple(readings)


Step = tuple[str, str, Callable[[pd.Series], pd.Series]]


def _steps(column: Column, from_workbook: bool) -> Iterator[Step]:
    yield "invisible-characters", "visible characters only", _visible
    if column.kind == "category":
        yield "full-width", "answers as the contract writes them", lambda v: _known(v, column)
    else:
        yield "full-width", "half-width digits and letters", _half_width
    if column.kind == "number":
        yield "thousands", "digits without separators", _without_separators
    if column.kind == "datetime" and from_workbook:
        yield "day-number", "cells formatted as dates", _from_day_numbers


def _visible(values: pd.Series) -> pd.Series:
    beyond = ~values.str.isascii().to_numpy(dtype=bool, na_value=True)
    if not beyond.any():
        return values
    seen = values[beyond].str.replace(_INVISIBLE, "", regex=True).str.strip()
    return _with(values, beyond, seen.where(seen != "", values[beyond]))


def _half_width(values: pd.Series) -> pd.Series:
    beyond = ~values.str.isascii().to_numpy(dtype=bool, na_value=True)
    if not beyond.any():
        return values
    return _with(values, beyond, values[beyond].str.normalize("NFKC").str.strip())


def _known(values: pd.Series, column: Column) -> pd.Series:
    """Return the accepted answers that values are but for their width."""
    known = (*column.allowed, *column.allowed_zh, *column.not_applicable)
    by_width = {unicodedata.normalize("NFKC", answer): answer for answer in known}
    unknown = ~values.isin(known).to_numpy()
    found = values[unknown].str.normalize("NFKC").str.strip().map(by_width)
    return _with(values, unknown, found.fillna(values[unknown]))


def _without_separators(values: pd.Series) -> pd.Series:
    grouped = values.str.fullmatch(_THOUSANDS).to_numpy(dtype=bool, na_value=False)
    return _with(values, grouped, values[grouped].str.replace(",", ""))


def _from_day_numbers(values: pd.Series) -> pd.Series:
    alike = values.str.fullmatch(r"\d{5}(?:\.\d+)?").to_numpy(dtype=bool, na_value=False)
    days = pd.to_numeric(values[alike]).astype(float)
    within = days.between(_FIRST_DAY, _LAST_DAY)
    alike = np.isin(np.arange(len(values)), np.flatnonzero(alike)[within.to_numpy()])
    times = (_DAY_ZERO + pd.to_timedelta(days[within], unit="D")).dt.round("s")
    return _with(values, alike, times.dt.strftime("%Y-%m-%d %H:%M:%S"))


def _with(values: pd.Series, mask: np.ndarray, changed: pd.Series) -> pd.Series:
    if not mask.any():
        return values
    result = values.copy()
    result[mask] = changed.astype("str")
    return result
