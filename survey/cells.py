"""Cells: the strings of a column become numbers, times, ids or known answers, or findings."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.contracts import Column
from survey.findings import Finding, Severity, did_you_mean
from survey.privacy import mask, mask_text

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


def type_column(
    cells: pd.Series, column: Column, file: str
) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Give the cells of a column their type.

    Parameters
    ----------
    cells
        Strings without blanks around, missing where blank, indexed by row. Shape (records,).
    column
        Its contract; kind ``"unit"`` is for the register, not for this function.
    file
        For the findings.

    Returns
    -------
    The typed column, missing wherever a finding was made, and the findings: errors for an empty
    cell that is required and for values that break the contract, a note for what was masked.
    """
    findings = list(empty_cells(cells, column, file)) if column.required else []
    if column.free:
        cells, masked = mask(cells)
        if masked:
            findings.append(
                Finding(
                    "masked",
                    Severity.NOTE,
                    file,
                    None,
                    column.name,
                    got=f"{masked} numbers",
                    hint="phone, identity, bank card and plate numbers are not kept",
                    count=masked,
                )
            )
    if column.free or column.kind == "unit":
        return cells, tuple(findings)
    distinct = Distinct.of(cells, file, column.name)
    typed, faults = _TYPES[column.kind](distinct.values, column)
    for fault in faults:
        findings += value_findings(distinct, fault)
    result = typed.reindex(distinct.codes)
    result.index = cells.index
    return result, tuple(findings)


def empty_cells(cells: pd.Series, column: Column, file: str) -> tuple[Finding, ...]:
    """Return an error that counts the empty cells of a required column."""
    empty = cells.index[cells.isna().to_numpy()]
    if not len(empty):
        return ()
    return (
        Finding(
            "empty-cell",
            Severity.ERROR,
            file,
            int(empty[0]),
            column.name,
            f"a value ({column.zh})",
            "an empty cell",
            f"every record needs one; empty in {in_rows(empty)}",
            len(empty),
        ),
    )


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


Typed = tuple[pd.Series, tuple[Fault, ...]]


def _ids(values: pd.Series, column: Column) -> Typed:
    rounded = values.str.fullmatch(r"\d(?:\.\d+)?[Ee]\+\d+").to_numpy(dtype=bool)
    hint = "the spreadsheet has rounded it: format the column as text and enter the ids again"
    return values, (Fault("rounded-id", rounded, "a whole id", lambda _: hint),)


def _categories(values: pd.Series, column: Column) -> Typed:
    words = dict(zip(column.allowed_zh, column.allowed, strict=False))
    known = words | {value: value for value in (*column.allowed, *column.not_applicable)}
    typed = values.map(known)
    typed = typed.fillna(values.str.removesuffix(".0").map(known)).astype("str")
    wrong = typed.isna().to_numpy()
    expected = "one of " + ", ".join(column.allowed)
    fault = Fault(
        "outside-allowed", wrong, expected, lambda value: _nearest_answer(value, known, column)
    )
    return typed, (fault,)


def _nearest_answer(value: str, known: Mapping[str, str], column: Column) -> str:
    folded = {word.casefold(): word for word in known}
    if value.casefold() in folded:
        return f"did you mean {folded[value.casefold()]!r}?"
    if value.upper() in {"NA", "N/A", "#N/A", "NAN", "NULL", "NONE", "-", "/", "无", "缺失"}:
        return "leave the cell blank where there is no answer"
    return did_you_mean(value, known if column.allowed_zh else column.allowed)


def _numbers(values: pd.Series, column: Column) -> Typed:
    number = np.asarray(pd.to_numeric(values, errors="coerce"), dtype=float)
    number = np.where(np.isfinite(number), number, np.nan)
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    special = [float(code) for code in column.not_applicable]
    outside = ((number < low) | (number > high)) & ~np.isin(number, special)
    return pd.Series(np.where(outside, np.nan, number)), (
        Fault("not-a-number", np.isnan(number), "a number", _number_hint),
        Fault("out-of-range", outside, _range(column), lambda _: "check the record"),
    )


def _range(column: Column) -> str:
    if column.maximum is None:
        return f"a number of at least {column.minimum:g}" if column.minimum is not None else ""
    if column.minimum is None:
        return f"a number of at most {column.maximum:g}"
    return f"a number from {column.minimum:g} to {column.maximum:g}"


def _number_hint(value: str) -> str:
    if re.search(r"\d", value):
        return "write digits and a decimal point only: no unit, %, separator or full width"
    return "leave the cell blank where there is no answer"


_DATE = r"(?:19|20)\d\d-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?"
_CHINESE_DATE = (
    (r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3"),
    (r"^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?", r"\1-\2-\3"),
    (r"(\d)[时点](\d{1,2})分?(?:(\d{1,2})秒)?$", r"\1:\2:\3"),
    (r"\s+", " "),
    (r"：", ":"),
    (r":$", ""),
    (r"^(\d{4}-\d{1,2}-\d{1,2})(\d{1,2}:)", r"\1 \2"),
)


def _datetimes(values: pd.Series, column: Column) -> Typed:
    iso = values
    for pattern, replacement in _CHINESE_DATE:
        iso = iso.str.replace(pattern, replacement, regex=True)
    iso = iso.where(iso.str.fullmatch(_DATE))
    time = pd.to_datetime(iso, format="ISO8601", errors="coerce").astype("datetime64[us]")
    return time, (
        Fault(
            "wrong-date", time.isna().to_numpy(),
            "a date such as 2021-03-05 09:05 or 2021/3/5 9:05", _date_hint,
        ),
    )  # fmt: skip


def _date_hint(value: str) -> str:
    if re.fullmatch(r"\d{5}(?:\.\d+)?", value):
        return "a spreadsheet's day number: format the column as a date"
    if re.search(r"(?:[+-]\d\d:?\d\d|Z)$", value) and ":" in value:
        return "write local time without a time zone"
    if re.match(r"(?:19|20)\d\d\D", value):
        return "no such day or time; the clock runs from 0:00 to 23:59"
    return "put the year first, with four digits"


_TYPES: dict[str, Callable[[pd.Series, Column], Typed]] = {
    "id": _ids,
    "category": _categories,
    "number": _numbers,
    "datetime": _datetimes,
}
