"""Cells: the strings of a column become numbers, times, ids or known answers, or findings."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.contracts import Column
from survey.findings import Finding, Severity, did_you_mean
from survey.privacy import mask
from survey.spellings import ERROR_CELLS, Reading, is_workbook, plain_spellings
from survey.values import (
    MOST,
    Distinct,
    Fault,
    in_records,
    in_rows,
    quoted,
    value_findings,
)

__all__ = [
    "MOST",
    "Distinct",
    "Fault",
    "empty_cells",
    "in_records",
    "in_rows",
    "quoted",
    "type_column",
    "value_findings",
]


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
        cells, masked = _masked(cells, file, column)
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
        return _free(cells, column, file, findings)
    distinct = Distinct.of(cells, file, column.name)
    broken = distinct.values.isin(ERROR_CELLS).to_numpy()
    findings += value_findings(distinct, _error_cells(broken))
    plain, notes = plain_spellings(distinct.values, column, from_workbook=is_workbook(file))
    findings += [_note(distinct, note) for note in notes]
    typed, faults = _TYPES[column.kind](plain, column)
    for fault in faults:
        findings += value_findings(distinct, replace(fault, wrong=fault.wrong & ~broken))
    result = typed.reindex(distinct.codes)
    result.index = cells.index
    return result, tuple(findings)


def _masked(cells: pd.Series, file: str, column: Column) -> tuple[pd.Series, int]:
    """Mask a column; most hold few distinct values, and none that needs it."""
    private = mask(Distinct.of(cells, file, column.name).values)[1]
    return mask(cells) if private else (cells, 0)


def _free(
    cells: pd.Series, column: Column, file: str, findings: list[Finding]
) -> tuple[pd.Series, tuple[Finding, ...]]:
    marked = cells.str.startswith("#").to_numpy(dtype=bool, na_value=False)
    if column.kind == "unit" or not marked.any():
        return cells, tuple(findings)
    distinct = Distinct.of(cells[marked], file, column.name)
    broken = distinct.values.isin(ERROR_CELLS).to_numpy()
    found = value_findings(distinct, _error_cells(broken))
    return cells.mask(cells.isin(ERROR_CELLS)), (*findings, *found)


def _error_cells(broken: np.ndarray) -> Fault:
    hint = "correct the formula, or clear the cell where there is no value"
    return Fault("error-cell", broken, "a value", lambda _: hint)


def _note(distinct: Distinct, reading: Reading) -> Finding:
    """Count the records whose value was read as another spelling of it."""
    read = np.isin(distinct.codes, np.flatnonzero(reading.changed))
    first, count = int(np.argmax(read)), int(read.sum())
    written = distinct.values.iloc[distinct.codes[first]]
    got = in_records(quoted(written), count)
    now = reading.values.iloc[distinct.codes[first]]
    hint = f"read as {quoted(now)}" + (", and the others alike" if count > 1 else "")
    return Finding(
        reading.check,
        Severity.NOTE,
        distinct.file,
        int(distinct.rows[first]),
        distinct.column,
        reading.expected,
        got,
        hint,
        count,
    )


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
        return "write digits and a decimal point only: no unit, no %, no separator"
    return "leave the cell blank where there is no answer"


_DATE = r"(?:19|20)\d\d-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?"
_CHINESE_DATE = (
    (r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3"),
    (r"日(?=\d)", "日 "),
    (r"^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?", r"\1-\2-\3"),
    (r"(\d)[时点](\d{1,2})分?(?:(\d{1,2})秒)?$", r"\1:\2:\3"),
    (r"\s+", " "),
    (r"：", ":"),
    (r":$", ""),
    (r"^(\d{4}-\d{1,2}-\d{1,2})(\d{1,2}:)", r"\1 \2"),
)


def _datetimes(values: pd.Series, column: Column) -> Typed:
    iso = values.where(values.str.fullmatch(_DATE))
    other = values[iso.isna().to_numpy()]
    for pattern, replacement in _CHINESE_DATE:
        other = other.str.replace(pattern, replacement, regex=True)
    iso = iso.fillna(other.where(other.str.fullmatch(_DATE)))
    time = pd.to_datetime(iso, format="ISO8601", errors="coerce").astype("datetime64[us]")
    expected = "a date such as 2021-03-05 09:05 or 2021/3/5 9:05"
    return time, (Fault("wrong-date", time.isna().to_numpy(), expected, _date_hint),)


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
