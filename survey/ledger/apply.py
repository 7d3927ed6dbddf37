"""Corrections: the only way in which a recorded value changes, with reason, person and time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from survey.contracts import CONTRACTS, AnswerColumn, Contract
from survey.findings import Finding, Severity, raise_errors
from survey.intake import Units
from survey.ledger.claims import CELL, groups_of, in_words, judge_claims
from survey.ledger.places import JOINT, Sheet
from survey.records import Records

LEDGER = "corrections"
APPLIED = ("table", "record_id", "unit", "item", "old", "new", "reason", "by", "at")
"""Columns of the corrections that were applied."""
CORRECTED = ("calls", "responses", "channel_tests", "inspections", "cases")
"""Tables whose records have a name of their own."""


@dataclass(frozen=True)
class CorrectedRecords(Records):
    """Records after corrections.

    Parameters
    ----------
    applied
        One row a correction, in the order in which they were applied: see `APPLIED`. ``unit`` is
        that of the record after all corrections; values are in words, missing where blank; a record
        goes by its full key.
    collected
        One row a corrected value: table, row (of the file), item, old (as it was collected).
    """

    applied: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(APPLIED)))
    collected: pd.DataFrame = field(default_factory=pd.DataFrame)


def apply_corrections(
    records: Records,
    answers: Mapping[str, tuple[AnswerColumn, ...]],
    register: Units,
    *,
    slots: tuple[str, ...] = (),
    audiences: bool = True,
) -> tuple[Records, tuple[Finding, ...]]:
    """Change values as the ledger says.

    Parameters
    ----------
    records
        Valid records, with the table ``corrections`` where the edition has one.
    answers, register, slots, audiences
        As `survey.intake.read_records` was given them.

    Returns
    -------
    records
        The records without the table ``corrections``; `CorrectedRecords` where any was applied.
        Corrections of one value are applied in the order of ``at``.
    findings
        A note of what was corrected, and warnings for corrections that change nothing.

    Raises
    ------
    InputError
        With every correction whose record or item is unknown, whose ``old`` is not the value that
        stands there by then, or whose ``new`` breaks the contract of its column.
    """
    if LEDGER not in records:
        return records, ()
    ledger = records[LEDGER].sort_values("at", kind="stable")
    file = records.files.get(LEDGER, LEDGER)
    kept = {name: frame for name, frame in records.tables.items() if name != LEDGER}
    files = {name: path for name, path in records.files.items() if name != LEDGER}
    before = Records(kept, files, records.parts)
    if ledger.empty:
        return before, ()
    contracts = contracts_of(before, answers, slots=slots, audiences=audiences)
    claims = judge_claims(ledger, before, contracts, register, Sheet(file, {}))
    raise_errors(claims.findings)
    rows = claims.rows
    last = rows[~rows.duplicated(CELL, keep="last")]
    tables = _with_values(before.tables, last.assign(value=last["new"]))
    applied = _applied(ledger, rows, tables, contracts)
    first = rows[~rows.duplicated(CELL)]
    collected = first[["table", "item", "old"]].assign(row=_source_rows(first, before))
    collected = collected.reset_index(drop=True)
    note = Finding(
        "corrected",
        Severity.NOTE,
        file,
        None,
        "",
        "values as they were collected",
        f"{len(applied)} corrections of {len(rows.groupby(['table', 'place']))} records",
        "by the ledger; scores before and after stand in the results",
        len(applied),
    )
    corrected = CorrectedRecords(tables, files, records.parts, applied, collected)
    return corrected, (*claims.findings, note)


def contracts_of(
    records: Records,
    answers: Mapping[str, tuple[AnswerColumn, ...]],
    *,
    slots: tuple[str, ...] = (),
    audiences: bool = True,
) -> dict[str, Contract]:
    """Return the contract that each table of records was read by, for those of `CORRECTED`."""
    contracts: dict[str, Contract] = {}
    for table in CORRECTED:
        if table in records:
            contract = CONTRACTS[table] if audiences else CONTRACTS[table].without("audience")
            contract = contract.asking(answers.get(table, ()))
            held = table == "calls" and slots
            contracts[table] = contract.allowing("slot", slots) if held else contract
    return contracts


def uncorrected(records: CorrectedRecords) -> Records:
    """Return the records with every corrected value as it was collected.

    Records that were left out since the correction are left out here, too; weights that were made
    since are those of the corrected records.
    """
    rows = records.collected.copy()
    rows["place"] = -1
    for table, group in rows.groupby("table"):
        index = records[str(table)].index
        rows.loc[group.index, "place"] = index.get_indexer(pd.Index(group["row"]))
    there = rows[rows["place"] >= 0]
    tables = _with_values(records.tables, there.assign(value=there["old"]))
    return Records(tables, records.files, records.parts)


def _source_rows(rows: pd.DataFrame, records: Records) -> pd.Series:
    """Return the row of the file that each record stands in."""
    found = pd.Series(-1, index=rows.index)
    for table, group in rows.groupby("table", sort=False):
        index = records[str(table)].index
        found.loc[group.index] = index[group["place"].to_numpy(dtype=int)].to_numpy()
    return found


def _with_values(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return tables with the ``value`` of each row put in; only changed columns are copied."""
    changed = dict(tables)
    for (table, item), at in groups_of(rows):
        frame = changed[table].copy(deep=False)
        column = frame[item].copy()
        values = pd.Series(rows.loc[at, "value"].tolist()).astype(column.dtype)
        column.iloc[rows.loc[at, "place"].to_numpy(dtype=int)] = values.to_numpy()
        frame[item] = column
        changed[table] = frame
    return changed


def _applied(
    ledger: pd.DataFrame,
    rows: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    contracts: Mapping[str, Contract],
) -> pd.DataFrame:
    about = pd.DataFrame(index=rows.index, columns=["record_id", "unit"], dtype="str")
    for table, group in rows.groupby("table", sort=False):
        records = tables[str(table)].iloc[group["place"].to_numpy(dtype=int)]
        name, *rest = (records[key] for key in contracts[str(table)].key)
        for other in rest:
            name = name + (JOINT + other).fillna("")
        about.loc[group.index, "record_id"] = name.to_numpy()
        about.loc[group.index, "unit"] = records["unit"].to_numpy()
    told = ledger.loc[rows.index]
    applied = pd.DataFrame(
        {
            "table": rows["table"],
            "record_id": about["record_id"],
            "unit": about["unit"],
            "item": rows["item"],
            "old": rows["old"].map(in_words, na_action="ignore"),
            "new": rows["new"].map(in_words, na_action="ignore"),
            "reason": told["reason"],
            "by": told["by"],
            "at": told["at"],
        }
    )
    return applied.reset_index(drop=True)
