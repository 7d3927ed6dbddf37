"""Values: a column as its distinct values, and what findings say of those that are refused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.findings import Finding, Severity
from survey.privacy import mask_text

MOST = 5
"""Values of one column that get a finding each; one more finding counts the rest."""


@dataclass(frozen=True)
class Distinct:
    """A column as its distinct values, so that each is judged once.

    Parameters
    ----------
    file, column
        Where it stands.
    rows
        Row of each record, shape (records,).
    codes
        Position of each record's value in `values`, -1 for none, shape (records,).
    values
        In the order in which they first occur, shape (values,).
    """

    file: str
    column: str
    rows: pd.Index
    codes: np.ndarray
    values: pd.Series

    @classmethod
    def of(cls, cells: pd.Series, file: str, column: str) -> "Distinct":
        """Take a column of strings apart."""
        codes, values = pd.factorize(cells)
        return cls(file, column, cells.index, codes, pd.Series(values, dtype="str"))


@dataclass(frozen=True)
class Fault:
    """Values of a column that a check refuses.

    Parameters
    ----------
    check
        Name of the check.
    wrong
        Which of the distinct values it refuses, shape (values,), bool.
    expected
        What was right.
    hint
        What to do about one value.
    severity
        How much it matters.
    """

    check: str
    wrong: np.ndarray
    expected: str
    hint: Callable[[str], str]
    severity: Severity = Severity.ERROR


def in_rows(rows: pd.Index) -> str:
    """Name the first rows: ``"rows 5, 9, 12 and 7 more"``."""
    named = ", ".join(str(row) for row in rows[:MOST])
    more = f" and {len(rows) - MOST} more" if len(rows) > MOST else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


def in_records(got: str, count: int) -> str:
    """Say how many records a finding stands for, where it is more than one."""
    return f"{got}, in {count} records" if count > 1 else got


def value_findings(distinct: Distinct, fault: Fault) -> tuple[Finding, ...]:
    """Return one finding a refused value, with its first row and how many records hold it."""
    wrong = np.flatnonzero(fault.wrong)
    if not len(wrong):
        return ()
    counts = np.bincount(distinct.codes[distinct.codes >= 0], minlength=len(distinct.values))
    known, first = np.unique(distinct.codes, return_index=True)
    first_row = dict(zip(known.tolist(), distinct.rows[first].tolist(), strict=True))

    def found(code: int, got: str, hint: str, count: int) -> Finding:
        return Finding(
            fault.check,
            fault.severity,
            distinct.file,
            first_row[code],
            distinct.column,
            fault.expected,
            in_records(got, count),
            hint,
            count,
        )

    values = distinct.values.tolist()
    named = [
        found(code, quoted(values[code]), fault.hint(values[code]), int(counts[code]))
        for code in wrong[:MOST].tolist()
    ]
    rest = wrong[MOST:].tolist()
    if rest:
        named.append(found(rest[0], f"{len(rest)} more such values", "", int(counts[rest].sum())))
    return tuple(named)


def quoted(value: str, most: int = 60) -> str:
    """Quote a value for a finding, masked and shortened."""
    text, _ = mask_text(value)
    return repr(text if len(text) <= most else text[: most - 1] + "…")
