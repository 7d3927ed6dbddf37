"""Claims: changes of recorded values that are asked for, held against the records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from survey.cells import in_rows, quoted, type_column
from survey.contracts import Column, Contract
from survey.findings import Finding, Severity, did_you_mean
from survey.intake import Units
from survey.ledger.places import Found, Sheet, located
from survey.records import Records

CELL = ["table", "place", "item"]
"""What tells one value of the records from every other."""


@dataclass(frozen=True)
class Claims:
    """Changes that are asked for, judged against the records.

    Parameters
    ----------
    rows
        One row a change of a known column of a known record, in the order asked, indexed by row of
        the file: table, place (position in its table), item, old and new (typed, as objects).
    findings
        Errors: unknown records and items, wrong old values, new values that are not allowed;
        a warning for changes that change nothing.
    """

    rows: pd.DataFrame
    findings: tuple[Finding, ...]


def judge_claims(
    asked: pd.DataFrame,
    records: Records,
    contracts: Mapping[str, Contract],
    register: Units,
    sheet: Sheet,
) -> Claims:
    """Hold changes that are asked for against the records; nothing is changed.

    Parameters
    ----------
    asked
        Columns record_id, item, old, new: strings, missing where blank, in the order in which they
        are to hold; indexed by row.
    records, contracts, register
        What they are held against.
    sheet
        For the findings.
    """
    places, found = located(asked, records, contracts, sheet)
    rows = places.assign(item=asked["item"].loc[places.index])
    found += _unknown_items(rows, contracts, sheet)
    may = [_may_change(table, item, contracts) for table, item in _named(rows)]
    rows = rows[np.array(may, dtype=bool)]
    rows = rows.loc[asked.index[asked.index.isin(rows.index)]]
    rows = rows.assign(old=pd.Series(dtype=object), new=pd.Series(dtype=object))
    for (table, item), at in groups_of(rows):
        old, new, more = _typed(asked.loc[at], contracts[table][item], register, sheet)
        rows.loc[at, "old"], rows.loc[at, "new"] = old, new
        found += more
    found += _contradicted(rows, asked, records, sheet)
    return Claims(rows, (*found, *_idle(rows, asked, sheet)))


def groups_of(rows: pd.DataFrame) -> list[tuple[tuple[str, str], pd.Index]]:
    """Return the rows of `Claims` that are of each table and item."""
    groups = rows.groupby([rows["table"].astype(str), rows["item"].astype(str)], sort=False).groups
    return [((str(key[0]), str(key[1])), pd.Index(at)) for key, at in groups.items()]  # pyright: ignore[reportIndexIssue]


def in_words(value: object) -> str:
    """Write a value as a ledger holds it."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _named(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["table"], rows["item"], strict=True))


def _may_change(table: str, item: str, contracts: Mapping[str, Contract]) -> bool:
    return item in contracts[table].names and item not in contracts[table].key


def _unknown_items(rows: pd.DataFrame, contracts: Mapping[str, Contract], sheet: Sheet) -> Found:
    findings = []
    for (table, item), at in groups_of(rows):
        contract, row, count = contracts[table], int(at[0]), len(at)
        if item in contract.key:
            said = (
                "a column that does not name the record", repr(item),
                "take the record out of its file, or give it its right id there",
            )  # fmt: skip
            findings.append(sheet.error("key-column", row, "item", *said, count=count))
        elif item not in contract.names:
            names = [name for name in contract.names if name not in contract.key]
            said = f"a column of {table}", repr(item), did_you_mean(item, names)
            findings.append(sheet.error("unknown-item", row, "item", *said, count=count))
    return findings


def _typed(
    asked: pd.DataFrame, column: Column, register: Units, sheet: Sheet
) -> tuple[pd.Series, pd.Series, Found]:
    """Type old and new values as their column is; new ones that break its contract are errors.

    An old value that breaks it is not the one in the record, and is found as such.
    """
    name = sheet.columns.get("new", "new")
    if column.kind == "unit":
        old, new = (_units(asked[each], register) for each in ("old", "new"))
        _, findings = register.resolve_column(asked["new"].dropna(), sheet.file, name)
    else:
        old, _ = type_column(asked["old"], column, sheet.file)
        new, findings = type_column(asked["new"], replace(column, required=False), sheet.file)
    found = [
        replace(each, column=name, got=f"{each.got}, as {column.name}") for each in findings
    ]  # fmt: skip
    blank = asked.index[asked["new"].isna()] if column.required else []
    for row in blank:
        said = f"a value ({column.zh})", "an empty cell", f"{column.name} may not be blank"
        found.append(sheet.error("empty-cell", row, "new", *said))
    return old.astype(object), new.astype(object), found


def _units(names: pd.Series, register: Units) -> pd.Series:
    return register.resolve_column(names.dropna(), "", "")[0].reindex(names.index)


def _contradicted(rows: pd.DataFrame, asked: pd.DataFrame, records: Records, sheet: Sheet) -> Found:
    """Return an error for each old value that is not what stands in the record by then."""
    standing, first = _standing(rows, records)
    broken = rows["new"].isna() & asked["new"].loc[rows.index].notna()
    after_broken = broken.groupby([rows[name] for name in CELL]).shift(fill_value=False)
    wrong = ~_equal(rows["old"], standing) & ~after_broken.to_numpy(dtype=bool)
    findings = []
    for at in np.flatnonzero(wrong).tolist():
        row, item = int(rows.index[at]), rows["item"].iloc[at]
        name, said = asked["record_id"].loc[row], asked["old"].loc[row]
        then = "" if first[at] else " after the correction before"
        findings.append(
            sheet.error("wrong-old-value", row, "old",
                        f"{_quoted(standing[at])}, the value of {item} in {name!r}{then}",
                        _quoted(said), "check record, item and earlier corrections")
        )  # fmt: skip
    return findings


def _standing(rows: pd.DataFrame, records: Records) -> tuple[np.ndarray, np.ndarray]:
    """Return the value that each change finds, and whether it is the recorded one."""
    standing = rows.groupby(CELL, sort=False)["new"].shift().to_numpy(dtype=object, copy=True)
    first = ~rows.duplicated(CELL).to_numpy()
    for (table, item), at in groups_of(rows[first]):
        places = rows["place"].loc[at].to_numpy(dtype=int)
        values = records[table][item].iloc[places].astype(object)
        standing[rows.index.get_indexer(at)] = values.to_numpy()
    return standing, first


def _quoted(value: Any) -> str:
    return "a blank" if pd.isna(value) else quoted(in_words(value))


def _equal(one: pd.Series, other: np.ndarray) -> np.ndarray:
    left, right = one.to_numpy(dtype=object), other
    blank = pd.isna(left), pd.isna(right)
    return (blank[0] & blank[1]) | (~blank[0] & ~blank[1] & (left == right).astype(bool))


def _idle(rows: pd.DataFrame, asked: pd.DataFrame, sheet: Sheet) -> Found:
    blank = asked["new"].loc[rows.index].isna() == rows["new"].isna()
    same = rows.index[_equal(rows["old"], rows["new"].to_numpy(dtype=object)) & blank]
    if not len(same):
        return []
    got, hint = f"the old one again in {in_rows(same)}", "take it out, or enter the right value"
    found = sheet.error("corrects-nothing", int(same[0]), "new", "a new value", got, hint)
    return [replace(found, severity=Severity.WARNING, count=len(same))]
