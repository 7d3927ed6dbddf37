"""A table under inspection, and what a check marks in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from survey.checks.coding import AnswerModel, Coded, answer_model, code_answers
from survey.checks.plan import CheckPlan
from survey.findings import Finding, Severity
from survey.values import in_records

FEWEST = 100
"""Least records of a table from which chance is reckoned."""
_MOST_NAMED = 10
NOWHERE = np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Sheet:
    """One table of records and what it was meant to be.

    Parameters
    ----------
    frame
        The records, as `survey.records.Records` holds them.
    table
        Its name.
    plan
        What the records were meant to be.
    schedule
        The table of planned calls, if there is one.
    """

    frame: pd.DataFrame
    table: str
    plan: CheckPlan
    schedule: pd.DataFrame | None = None

    @cached_property
    def coded(self) -> Coded:
        """The closed answers as small whole numbers."""
        return code_answers(self.frame, self.plan.closed_items(self.table))

    @cached_property
    def model(self) -> AnswerModel:
        """How frequent each answer is at each level of the records."""
        return answer_model(self.coded)

    def seconds(self, name: str) -> np.ndarray:
        """Return a column of numbers as float64, NaN where blank."""
        return self.frame[name].to_numpy(dtype=float, na_value=np.nan)

    def codes(self, name: str) -> np.ndarray:
        """Return a column as whole numbers from 0, -1 where blank or where there is no column."""
        if name not in self.frame:
            return np.full(len(self.frame), -1)
        return pd.factorize(self.frame[name])[0]

    @cached_property
    def time(self) -> np.ndarray:
        """Seconds since 1970 of every start, NaN where none is told; float64."""
        return seconds_of(self.frame["started_at"])

    @cached_property
    def clock(self) -> np.ndarray:
        """Hour of the day of every start; NaN for midnight sharp, a day without a time."""
        hour = (self.time % 86400) / 3600
        return np.where(hour == 0, np.nan, hour)


@dataclass(frozen=True)
class Marked:
    """A finding and the records it stands for.

    Parameters
    ----------
    finding
        The finding; its file is filled in later.
    where
        Positions of the records in the table.
    like
        Position of the record that each of them resembles, or empty.
    """

    finding: Finding
    where: np.ndarray = field(default_factory=lambda: NOWHERE)
    like: np.ndarray = field(default_factory=lambda: NOWHERE)


Found = Iterator[Marked]


def warning(check: str, column: str, expected: str, got: str, hint: str) -> Finding:
    """Return a warning that is not placed yet."""
    return Finding(check, Severity.WARNING, "", None, column, expected, got, hint)


def marked(sheet: Sheet, finding: Finding, wrong: ArrayLike, like: ArrayLike = NOWHERE) -> Found:
    """Yield a finding with its first row and the number of records, where there are any.

    Parameters
    ----------
    sheet
        The table.
    finding
        A finding without row and count.
    wrong
        Which records, bool, shape (records,).
    like
        Position of the record that each record resembles, shape (records,), or empty.
    """
    where = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if len(where):
        row = int(sheet.frame.index.to_numpy()[where[0]])
        got = in_records(finding.got, len(where))
        alike = np.asarray(like)
        finding = replace(finding, row=row, got=got, count=len(where))
        yield Marked(finding, where, alike[where] if len(alike) else NOWHERE)


def counted(finding: Finding, count: int) -> Found:
    """Yield a finding about what is not there, where anything is missing."""
    if count:
        yield Marked(replace(finding, count=count))


def named(names: Iterable[str]) -> str:
    """Name the first of many."""
    every = list(names)
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def seconds_of(times: pd.Series) -> np.ndarray:
    """Return seconds since 1970, NaN where blank; float64."""
    stamps = times.to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype("int64") / 1e6)
