"""Places: the record of every table that a name in a ledger means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.cells import MOST, in_rows, quoted
from survey.contracts import Contract
from survey.findings import Finding, Severity, nearest
from survey.records import Records

JOINT = " / "
"""Between the parts of the key of a record that one column does not name."""
PREFIX = ":"
"""Between a table and the name of a record that another table has, too."""
_COMPARED = 20_000
"""Most ids that an unknown one is compared with, for a hint."""
Found = list[Finding]


@dataclass(frozen=True)
class Sheet:
    """Where changes are asked for, for findings.

    Parameters
    ----------
    file
        The file.
    columns
        What record_id, item, old and new are called in it, where otherwise.
    """

    file: str
    columns: Mapping[str, str]

    def error(self, check: str, row: int, column: str, *said: str, count: int = 1) -> Finding:
        """Make an error; `said` is what was expected, what was got and a hint."""
        expected, got, hint = said
        name = self.columns.get(column, column)
        return Finding(
            check, Severity.ERROR, self.file, int(row), name, expected, got, hint, count
        )  # fmt: skip


def located(
    asked: pd.DataFrame, records: Records, contracts: Mapping[str, Contract], sheet: Sheet
) -> tuple[pd.DataFrame, Found]:
    """Return the record that each change is about.

    Parameters
    ----------
    asked
        Columns record_id and item, indexed by row of the file.
    records, contracts
        Where the records are; a contract for each table that may change.
    sheet
        For the findings.

    Returns
    -------
    places
        Columns table and place (position in it), indexed as `asked`, for those that were found.
    found
        Errors: records that are unknown, or not the only ones of their name.
    """
    parts, found = [], []
    for table, contract in contracts.items():
        ids = asked["record_id"].str.removeprefix(table + PREFIX)
        keys = _keys(records[table], contract, ids)
        single = keys[~keys.index.duplicated(keep=False)]
        held = ids[ids.isin(single.index)]
        places = single.reindex(held).to_numpy(dtype=int)
        parts.append(pd.DataFrame({"table": table, "place": places}, index=held.index))
        several = ids[ids.isin(keys.index.difference(single.index))]
        found += [
            sheet.error("ambiguous-record", row, "record_id", "one record", quoted(name),
                        f"name one of several, such as {_first_alike(keys, name)!r}")
            for row, name in zip(several.index.tolist(), several.tolist(), strict=True)
        ]  # fmt: skip
    places = pd.concat(parts) if parts else pd.DataFrame(columns=["table", "place"])
    places = _by_item(places, asked["item"], contracts)
    twice = places.index.duplicated(keep=False)
    found += _in_two_tables(places[twice], asked["record_id"], sheet)
    told = {*places.index, *(finding.row for finding in found)}
    unknown = asked["record_id"][~asked.index.isin(list(told))]
    return places[~twice], found + _unknown_records(unknown, records, contracts, sheet)


def _keys(frame: pd.DataFrame, contract: Contract, ids: pd.Series) -> pd.Series:
    """Return the positions of the records that `ids` may mean, by every name that they have."""
    first = frame[contract.key[0]]
    wanted = pd.unique(ids.str.split(JOINT).str[0])
    at = np.flatnonzero(first.isin(wanted).to_numpy())
    names = [first.iloc[at]]
    if len(contract.key) > 1:
        whole = first.iloc[at]
        for other in contract.key[1:]:
            whole = whole + JOINT + frame[other].iloc[at].fillna("")
        names.append(whole)
    return pd.concat([pd.Series(at, index=pd.Index(each.to_numpy())) for each in names])


def _first_alike(keys: pd.Series, name: str) -> str:
    return next((str(key) for key in keys.index if str(key).startswith(name + JOINT)), name)


def _by_item(
    places: pd.DataFrame, items: pd.Series, contracts: Mapping[str, Contract]
) -> pd.DataFrame:
    """Of records of several tables with one name, keep those that have the column in question."""
    twice = places.index.duplicated(keep=False)
    asked = zip(places["table"], items.loc[places.index], strict=True)
    has = np.array([item in contracts[table].names for table, item in asked], dtype=bool)
    return places[~twice | has]


def _in_two_tables(places: pd.DataFrame, names: pd.Series, sheet: Sheet) -> Found:
    tables: dict[int, list[str]] = {}
    for row, table in zip(places.index.tolist(), places["table"], strict=True):
        tables.setdefault(row, []).append(table)
    return [
        sheet.error("ambiguous-record", row, "record_id", "one record", quoted(str(names[row])),
                    "write " + " or ".join(f"{table}{PREFIX}{names[row]}" for table in held))
        for row, held in tables.items()
    ]  # fmt: skip


def _unknown_records(
    names: pd.Series, records: Records, contracts: Mapping[str, Contract], sheet: Sheet
) -> Found:
    findings = []
    expected = f"a record of {', '.join(contracts) or 'a table'}"
    rows = names.index.tolist()
    for row, name in zip(rows[:MOST], names.tolist(), strict=False):
        near = nearest(name, _alike(name, records, contracts))
        hint = f"did you mean {near!r}?" if near else "check the id"
        findings.append(
            sheet.error("unknown-record", row, "record_id", expected, quoted(name), hint)
        )
    if rest := rows[MOST:]:
        got = f"{len(rest)} more such records, in {in_rows(pd.Index(rest))}"
        findings.append(
            sheet.error("unknown-record", rest[0], "record_id", expected, got, "", count=len(rest))
        )
    return findings


def _alike(name: str, records: Records, contracts: Mapping[str, Contract]) -> Sequence[str]:
    """Return ids that may have been meant: where there are many, those of the same beginning."""
    if not contracts:
        return ()
    ids = pd.concat([records[table][each.key[0]] for table, each in contracts.items()])
    for length in range(len(name)):
        if len(ids) <= _COMPARED:
            break
        ids = ids[ids.str.startswith(name[: length + 1])]
    return ids.tolist()
