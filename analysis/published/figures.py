"""Published figures: the values a report printed, read as they stand, digits and all."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from analysis.grades.schemes import GRADES
from analysis.published.statements import ListedStatement, Statement, means_of, read_statements
from indicators.hierarchy import ALL
from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    errors,
    nearest,
    raise_errors,
)
from survey.register import Register
from survey.tables import RawTable, read_table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "grades": ("unit", "grade", "position_in_grade"),
    "means": ("where", "kind", "audience", "indicator", "printed"),
    "commended": ("list", "province", "organisation", "unit", "note"),
    "shares": ("where", "grades", "count", "share"),
}
"""Columns of each table, in order."""

_MAY_BE_BLANK = {"commended": ("unit", "note"), "shares": ("count", "share")}
_MOST = {"printed": 10, "share": 100}
KINDS = ("figure", "text")
_FILES = {name: f"{name}.csv" for name in COLUMNS} | {"statements": "statements.yaml"}


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that round half up to a printed one: ``low <= x < high``, exactly."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Interval") -> bool:
        """Tell whether a value lies in both."""
        return self.low < other.high and other.low < self.high


def printed_number(printed: str) -> Decimal:
    """Return the exact value of a printed number, without its percent sign.

    Raises
    ------
    ValueError
        Where it is no plain decimal number.
    """
    if not re.fullmatch(r"\d+(?:\.\d+)?[%％]?", printed, flags=re.ASCII):
        raise ValueError(f"no plain decimal number: {printed!r}")
    return Decimal(printed.rstrip("%％"))


def half_unit(printed: str) -> Decimal:
    """Return half a unit of the last printed decimal: 0.05 for ``"2.5"``, 0.005 for ``"2.50"``."""
    decimals = -int(printed_number(printed).as_tuple().exponent)
    return Decimal(5).scaleb(-decimals - 1)


def printed_interval(printed: str) -> Interval:
    """Return the values that a printed number may stand for.

    A number v printed with d decimals stands for [v - h, v + h), h = 0.5 * 10**-d.
    """
    value, half = printed_number(printed), half_unit(printed)
    return Interval(value - half, value + half)


@dataclass(frozen=True)
class PublishedFigures:
    """The figures of a published report. Printed numbers stay strings; the index is the file's row.

    Parameters
    ----------
    grades
        Columns unit, grade, position_in_grade (int): a row a unit, in the printed order.
    means
        Columns where, kind (``figure`` or ``text``), audience (or ``all``), indicator, printed.
    commended
        Columns list, province, organisation, unit (missing for a provincial body), note.
    shares
        Columns where, grades (parted by semicolons), count, share (either may be missing).
    statements
        What the report says about its figures.
    order
        The grades from the best to the worst.
    """

    grades: pd.DataFrame
    means: pd.DataFrame
    commended: pd.DataFrame
    shares: pd.DataFrame
    statements: tuple[Statement, ...] = ()
    order: tuple[str, ...] = GRADES


def read_published(
    source: Path | Mapping[str, Path],
    indicators: Collection[str],
    audiences: Collection[str],
    order: Sequence[str] = GRADES,
    *,
    register: Register | None = None,
) -> tuple[PublishedFigures, tuple[Finding, ...]]:
    """Read and check published figures.

    Parameters
    ----------
    source
        A folder with ``grades.csv`` and, where the report has them, ``means.csv``,
        ``commended.csv``, ``shares.csv`` and ``statements.yaml``; or the paths by those names
        without suffix.
    indicators
        Ids of the indicators that may be named.
    audiences
        Ids of the audiences; ``all`` is always known.
    order
        The grades from the best to the worst.
    register
        By which units are called; without one, they stay as printed.

    Returns
    -------
    The figures, and findings that do not stop the run. Whether figures agree is for the audit.

    Raises
    ------
    InputError
        With every error of every file at once.
    """
    paths = _paths(source) if isinstance(source, Path) else dict(source)
    known = {
        "indicator": tuple(indicators),
        "audience": (ALL, *audiences),
        "grade": tuple(order),
        "kind": KINDS,
    }
    findings: list[Finding] = []
    tables = {name: pd.DataFrame(columns=list(columns), dtype="str")
              for name, columns in COLUMNS.items()}  # fmt: skip
    for name in COLUMNS:
        if name in paths:
            try:
                raw = read_table(paths[name])
            except InputError as error:
                findings += error.findings
                continue
            tables[name], found = _checked(raw, name, known, register)
            findings += found
    statements: tuple[Statement, ...] = ()
    if "statements" in paths:
        try:
            statements = read_statements(paths["statements"])
        except InputError as error:
            findings += error.findings
        findings += _check_statements(statements, display_path(paths["statements"]), known)
    raise_errors(findings)
    figures = PublishedFigures(**tables, statements=statements, order=tuple(order))
    return figures, tuple(findings)


def published_means(figures: PublishedFigures, depth: Mapping[str, int]) -> pd.DataFrame:
    """Return the printed national means as the results hold them.

    Parameters
    ----------
    depth
        Level of each indicator.

    Returns
    -------
    Columns audience, indicator, level, mean, low, high (both missing), n (units), source
    (``"published"``). Where a mean is printed more than once, the first one in a figure is taken.
    """
    first = figures.means.sort_values(
        "kind", kind="stable", key=lambda kind: kind.map(KINDS.index)
    ).drop_duplicates(["audience", "indicator"])
    first = first.sort_index()
    nothing = float("nan")
    return pd.DataFrame(
        {
            "audience": first["audience"],
            "indicator": first["indicator"],
            "level": [depth[indicator] for indicator in first["indicator"]],
            "mean": first["printed"].astype(float),
            "low": nothing,
            "high": nothing,
            "n": figures.grades["unit"].nunique(),
            "source": "published",
        }
    ).reset_index(drop=True)


def _paths(folder: Path) -> dict[str, Path]:
    """Return the files there are; ``grades.csv`` always, so that its absence is an error."""
    return {
        name: folder / file
        for name, file in _FILES.items()
        if name == "grades" or (folder / file).exists()
    }


Known = Mapping[str, tuple[str, ...]]


def _checked(
    raw: RawTable, name: str, known: Known, register: Register | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the table with its columns in order, and its findings."""
    wanted, found = COLUMNS[name], list(raw.findings)
    missing = [column for column in wanted if column not in raw.cells]
    unknown = [str(column) for column in raw.cells if column not in wanted]
    found += [
        Finding(
            "missing-column", Severity.ERROR, raw.file, 1, column, f"the column {column!r}",
            "nothing", f"is it {near!r}?" if near else "add the column",
        )
        for column in missing
        for near in [nearest(column, unknown)]
    ]  # fmt: skip
    found += [
        Finding(
            "unknown-column", Severity.WARNING, raw.file, 1, column, "a column of " + name,
            repr(column), did_you_mean(column, wanted),
        )
        for column in unknown
    ]  # fmt: skip
    if missing:
        return pd.DataFrame(columns=list(wanted), dtype="str"), found
    cells = raw.cells.filter(list(wanted))
    found += [
        Finding("empty-cell", Severity.ERROR, raw.file, row, column, "a value", "an empty cell")
        for column in wanted
        if column not in _MAY_BE_BLANK.get(name, ())
        for row in cells.index[cells[column].isna()]
    ]
    found += _cell_findings(cells, raw.file, known)
    if register is not None and "unit" in cells:
        units, unknown = register.resolve_column(cells["unit"], raw.file, "unit")
        cells = cells.assign(unit=units)
        found += unknown
    if name == "grades":
        found += _graded_twice(cells["unit"].dropna(), raw)
        if not errors(found):
            cells = cells.astype({"position_in_grade": int})
    return cells, found


def _graded_twice(units: pd.Series, raw: RawTable) -> list[Finding]:
    """Return an error for every row whose unit has a row above it."""
    first = {str(unit): row for row, unit in reversed(list(units.items()))}
    return [
        Finding(
            "duplicate-unit", Severity.ERROR, raw.file, int(str(row)), "unit", "each unit once",
            repr(raw.cells.at[row, "unit"]), f"it is in row {first[unit]}, too; remove one of them",
        )
        for row, unit in units.items()
        if first[unit] != row
    ]  # fmt: skip


def _cell_findings(cells: pd.DataFrame, file: str, known: Known) -> list[Finding]:
    found = []
    for column in cells:
        for row, value in cells[column].dropna().items():
            if wrong := _wrong(str(column), str(value), known):
                check, expected, hint = wrong
                found.append(
                    Finding(
                        check, Severity.ERROR, file, int(str(row)), str(column), expected,
                        repr(value), hint,
                    )
                )  # fmt: skip
    return found


def _wrong(column: str, value: str, known: Known) -> tuple[str, str, str] | None:
    """Return check, expected and hint for a cell that is wrong."""
    if column in known and value not in known[column]:
        return f"unknown-{column}", f"a known {column}", did_you_mean(value, known[column])
    if column == "grades":
        for grade in value.split(";"):
            if grade not in known["grade"]:
                hint = did_you_mean(grade, known["grade"])
                return "unknown-grade", "known grades parted by ;", hint
    if column in ("count", "position_in_grade") and not re.fullmatch(r"[0-9]+", value):
        return "not-a-number", "a whole number", "write digits only"
    if column in ("printed", "share"):
        most = _MOST[column]
        try:
            number = printed_number(value)
        except ValueError:
            return "not-a-number", "the number as printed", "write digits and a decimal point only"
        if number > most:
            return "out-of-range", f"a number from 0 to {most}", "check the figure"
    return None


def _check_statements(statements: Sequence[Statement], file: str, known: Known) -> list[Finding]:
    """Check the indicators, audiences and grades that statements name."""
    named = [
        (statement.id, column, value)
        for statement in statements
        for mean in means_of(statement)
        for column, value in (("indicator", mean.indicator), ("audience", mean.audience))
    ] + [
        (statement.id, "grade", grade)
        for statement in statements
        if isinstance(statement, ListedStatement)
        for grades in statement.listed
        for grade in grades.split(";")
    ]
    return [
        Finding(
            f"unknown-{column}", Severity.ERROR, file, None, f"statements.{name}",
            f"a known {column}", repr(value), did_you_mean(value, known[column]),
        )
        for name, column, value in named
        if value not in known[column]
    ]  # fmt: skip
