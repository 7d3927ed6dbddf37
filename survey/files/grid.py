"""Grid: what every reader of files returns, and how it refuses a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from survey.findings import Finding, InputError, Severity

if TYPE_CHECKING:
    from survey.sources.statistical import Variable

MOST = 5
"""Rows of one fault that get a finding each; one more finding counts the rest."""
SAVE_AS = "save it as CSV UTF-8 or as xlsx"
Found = tuple[Finding, ...]
arrow: Any = pyarrow.compute
"""Functions on columns; most are made at import, so that no type checker knows them."""


@dataclass(frozen=True)
class Grid:
    """Header and columns before anything is cleaned.

    Parameters
    ----------
    header
        Names of the columns, blank or missing where there is none.
    columns
        Strings, each of shape (records,).
    rows
        Row of each record as a spreadsheet shows it, shape (records,).
    header_row
        Row of the header.
    findings
        Notes and errors, without the name of the file.
    variables
        Labels and codes of a statistical file, by header.
    """

    header: Sequence[str | None]
    columns: Sequence[pa.Array | pa.ChunkedArray]
    rows: np.ndarray
    header_row: int
    findings: Found = ()
    variables: "Mapping[str, Variable]" = field(default_factory=dict)


def refusal(
    check: str, expected: str, got: str, hint: str, row: int | None = None, column: str = ""
) -> InputError:
    """Make the error that refuses a whole file; its finding names the file later."""
    return InputError([Finding(check, Severity.ERROR, "", row, column, expected, got, hint)])


def noted(
    check: str, expected: str, got: str, hint: str, row: int | None = None, count: int = 1
) -> Finding:
    """Make a note on how a file was read."""
    return Finding(check, Severity.NOTE, "", row, "", expected, got, hint, count)


def too_large(expected: str, got: str) -> InputError:
    """Make the error that refuses a file beyond one of the `survey.files.limits`."""
    return refusal("too-large", expected, got, "delete what holds no records, or split the table")


def column_letters(position: int) -> str:
    """Name the column at a position (the first is 0) as a spreadsheet does: A, B, …, AA."""
    name, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
