"""Margins: what is known of the users of each hotline, as a table says it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.cells import type_column
from survey.contracts import CONTRACTS, AnswerColumn, Column
from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.intake import Units
from survey.tables import RawTable, read_table

ROUNDING = 0.005
"""How far shares may be from adding up to 1 and be taken for rounded."""
SAME_SIZE = 1e-6
"""Largest relative difference of the counts of two variables of one unit."""
_COLUMNS = {
    "unit": Column("unit", "unit", "评估对象", "unit; blank for all"),
    "audience": Column("audience", "category", "服务对象", "audience; blank for all"),
    "variable": Column(
        "variable", "category", "变量", "column of the questionnaires", required=True
    ),
    "value": Column("value", "category", "取值", "its value"),
    "share": Column("share", "number", "占比", "share of the users", minimum=0),
    "count": Column("count", "number", "人数", "number of users", minimum=0),
}
_KEY = ["unit", "audience", "variable", "value"]


@dataclass(frozen=True)
class Margins:
    """Known margins.

    Parameters
    ----------
    file
        Where they stand, for findings.
    table
        Columns unit and audience (blank for all), variable, value, share (adds up to 1 over the
        values) and size (their count, missing where the file gives shares); the index is the row
        of the file.
    """

    file: str
    table: pd.DataFrame

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of the questionnaires that have margins."""
        return tuple(self.table["variable"].unique())

    @property
    def by_audience(self) -> bool:
        """Whether each audience of a unit is raked by itself."""
        return bool((self.table["audience"] != "").any())

    def values(self, variable: str) -> tuple[str, ...]:
        """Return the values of a variable in the order of the file."""
        return tuple(self.table.loc[self.table["variable"] == variable, "value"].unique())

    def asked(self, known: Sequence[str]) -> tuple[AnswerColumn, ...]:
        """Return the columns that intake must keep for these margins, beside those it knows."""
        known = (*CONTRACTS["responses"].names, *known)
        return tuple(AnswerColumn(name, "category") for name in self.variables if name not in known)

    def targets(self, variable: str, groups: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the wanted shares of each value, and the number of users, of each group.

        Margins of a unit and audience go before those of the unit, these before those of the
        audience, and these before those of all.

        Parameters
        ----------
        variable
            One of `variables`.
        groups
            Columns unit and audience, shape (G,).

        Returns
        -------
        Shape (G, K) and (G,); NaN where nothing is known.
        """
        own = self.table[self.table["variable"] == variable]
        wide = own.pivot(index=["unit", "audience"], columns="value", values="share")
        wide = wide[list(self.values(variable))]
        sizes = own.groupby(["unit", "audience"], sort=False)["size"].sum(min_count=1)
        unit, audience = groups["unit"].to_numpy(object), groups["audience"].to_numpy(object)
        blank = np.full(len(groups), "", dtype=object)
        shares = np.full((len(groups), wide.shape[1]), np.nan)
        size = np.full(len(groups), np.nan)
        for names in ((unit, audience), (unit, blank), (blank, audience), (blank, blank)):
            key = pd.MultiIndex.from_arrays(list(names), names=["unit", "audience"])
            open_ = np.isnan(shares).all(axis=1)
            shares[open_] = wide.reindex(key).to_numpy(float)[open_]
            size[open_] = sizes.reindex(key).to_numpy(float)[open_]
        return shares, size


def read_margins(
    path: Path, register: Units, audiences: Sequence[str] = ()
) -> tuple[Margins, tuple[Finding, ...]]:
    """Read known margins.

    Parameters
    ----------
    path
        A table with the columns unit (may be blank or absent: all units), audience (the same),
        variable (a column of the questionnaires), value, and share or count.
    register
        Knows the units.
    audiences
        Names of the audiences.

    Raises
    ------
    InputError
        With everything that is wrong: columns that are missing, shares that do not add up to 1,
        counts of one unit that disagree, values given twice, shares of 0.
    """
    raw = read_table(path)
    findings = [*raw.findings, *_headers(raw)]
    raise_errors(findings)
    typed, found = _typed(raw, register, tuple(audiences))
    raise_errors([*findings, *found])
    table = _in_words(typed)
    findings += found
    wrong = [*_twice(table, raw.file), *_empty(table, raw.file)]
    groups = table.groupby(["unit", "audience", "variable"], sort=False)
    if "count" in raw.cells:
        table["size"] = table["count"]
        table["share"] = table["count"] / groups["count"].transform("sum")
        wrong += _sizes(table, raw.file)
    else:
        table["size"] = np.nan
        total = groups["share"].transform("sum")
        wrong += _sums(table.assign(total=total), raw.file)
        table["share"] /= total
    raise_errors(wrong)
    return Margins(raw.file, table[[*_KEY, "share", "size"]]), tuple(findings)


def _headers(raw: RawTable) -> list[Finding]:
    held = set(raw.cells.columns)
    needed = [name for name in ("variable", "value") if name not in held]
    figures = held & {"share", "count"}
    findings = [
        Finding("missing-column", Severity.ERROR, raw.file, 1, name, f"a column {name!r}", "none",
                did_you_mean(name, held))
        for name in needed
    ]  # fmt: skip
    if len(figures) != 1:
        got = "both" if figures else "neither"
        hint = "shares add up to 1 over the values of a variable; counts are numbers of users"
        findings.append(
            Finding("missing-column", Severity.ERROR, raw.file, 1, "share",
                    "a column 'share' or a column 'count'", got, hint)
        )  # fmt: skip
    findings += [
        Finding("unexpected-column", Severity.WARNING, raw.file, 1, name,
                f"columns {', '.join(_COLUMNS)}", f"{name!r}, left out")
        for name in raw.cells.columns
        if name not in _COLUMNS
    ]  # fmt: skip
    if not len(raw.cells):
        findings.append(
            Finding("no-records", Severity.ERROR, raw.file, 2, "", "a margin", "a header only")
        )
    return findings


def _typed(
    raw: RawTable, register: Units, audiences: tuple[str, ...]
) -> tuple[pd.DataFrame, list[Finding]]:
    columns: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    for name, column in _COLUMNS.items():
        cells = raw.cells.get(name)
        if cells is None:
            columns[name] = pd.Series("", index=raw.cells.index, dtype="str")
            continue
        if name == "unit":
            resolved, found = register.resolve_column(cells.dropna(), raw.file, name)
            columns[name] = resolved.reindex(cells.index).astype("str")
        else:
            columns[name], found = type_column(cells, _contract(column, audiences), raw.file)
        if name in ("unit", "audience"):
            columns[name] = columns[name].fillna("")
        findings += found
    return pd.DataFrame(columns), findings


def _contract(column: Column, audiences: tuple[str, ...]) -> Column:
    """Return a column as this file must have it."""
    if column.name == "audience":
        standard = replace(CONTRACTS["responses"]["audience"], required=False)
        known = set(audiences) <= set(standard.allowed)
        return standard if known else replace(standard, allowed=audiences, allowed_zh=())
    return replace(column, required=True)


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Give values of the contract's own columns the words that intake gives them."""
    for name in {*table["variable"]} & {*CONTRACTS["responses"].names}:
        column = CONTRACTS["responses"][name]
        words = dict(zip(column.allowed_zh, column.allowed, strict=False))
        own = table["variable"] == name
        table.loc[own, "value"] = table.loc[own, "value"].replace(words)
    return table


def _twice(table: pd.DataFrame, file: str) -> list[Finding]:
    again = table[table.duplicated(_KEY)]
    return [
        Finding("duplicate-id", Severity.ERROR, file, int(row), ", ".join(_KEY),
                "each value once", f"{each.value!r} of {each.variable} again", "remove the copy")
        for row, each in zip(again.index, again.itertuples(), strict=True)
    ][:10]  # fmt: skip


def _empty(table: pd.DataFrame, file: str) -> list[Finding]:
    name = "share" if table["share"].dtype == float else "count"
    none = table.index[table[name].to_numpy(float) <= 0]
    if not len(none):
        return []
    return [
        Finding("empty-margin", Severity.ERROR, file, int(none[0]), name, "more than 0",
                f"0 in {len(none)} rows", "leave the row out where there is no such user",
                len(none))
    ]  # fmt: skip


def _sums(table: pd.DataFrame, file: str) -> list[Finding]:
    first = table.drop_duplicates(["unit", "audience", "variable"])
    wrong = first[(first["total"] - 1).abs() > ROUNDING]
    return [
        Finding("shares-off", Severity.ERROR, file, int(row), "share",
                f"shares of {each.variable} that add up to 1",
                f"{each.total:.4g} for {_named(each)}",
                "write 0.25 for 25 %" if each.total > 2 else "complete or mend the shares")
        for row, each in zip(wrong.index, wrong.itertuples(), strict=True)
    ][:10]  # fmt: skip


def _sizes(table: pd.DataFrame, file: str) -> list[Finding]:
    sums = table.groupby(["unit", "audience", "variable"], sort=False)["count"].sum()
    by = sums.groupby(["unit", "audience"], sort=False)
    wrong = by.max()[by.max() > by.min() * (1 + SAME_SIZE)]
    least = by.min()
    return [
        Finding("counts-disagree", Severity.ERROR, file, None, "count",
                "counts that add up to the same number for every variable",
                f"from {least[key]:g} to {most:g} for {key[0] or 'all units'}",
                "take them from one source, or give shares")
        for key, most in list(wrong.items())[:10]
    ]  # fmt: skip


def _named(row: object) -> str:
    unit = getattr(row, "unit", "") or "all units"
    audience = getattr(row, "audience", "")
    return f"{unit}, {audience}" if audience else unit
