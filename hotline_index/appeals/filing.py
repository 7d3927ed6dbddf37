"""Appeals read from the filled answer sheets of cities, and added to the list of an edition."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from hotline_index.appeals.rows import BLANK, CLAIM
from hotline_index.appeals.sheet import SHEETS
from hotline_index.appeals.store import (
    APPEALS,
    COLUMNS,
    appeal_contracts,
    csv_of,
    read_appeals,
    replace_file,
    wrong,
)
from hotline_index.edition import Edition
from hotline_index.progress import Quiet
from hotline_index.reading import read_and_check
from survey.contracts import Contract
from survey.findings import Finding, InputError, Severity, display_path, errors, raise_errors
from survey.ledger.claims import Claims, judge_claims
from survey.ledger.places import Sheet
from survey.privacy import mask
from survey.records import Records
from survey.tables import RawTable, read_table

NEEDED = ("unit", "record_id", "item", "old", *CLAIM)
_CODE = re.compile(r"\[(\w+)\]$")


def import_appeals(edition: Edition, files: Sequence[Path], at: datetime) -> pd.DataFrame:
    """Add the appeals of filled sheets to the list of an edition.

    Parameters
    ----------
    edition
        The edition whose sheets they are.
    files
        Filled answer sheets.
    at
        When they were filed.

    Returns
    -------
    The new appeals, columns `COLUMNS`, as they now stand in the list.

    Raises
    ------
    InputError
        With everything that is wrong in any file; then the list is as it was.
    """
    records, _ = read_and_check(edition, Quiet())
    contracts = appeal_contracts(edition, records)
    known = read_appeals(edition)
    found: list[Finding] = []
    claimed: list[pd.DataFrame] = []
    for file in files:
        try:
            rows, more = _claims_of(file, edition, records, contracts)
        except InputError as error:
            found += error.findings
            continue
        found += more
        found += _repeated(rows, pd.concat([known, *claimed]), display_path(file))
        claimed.append(rows)
    raise_errors(found)
    new = pd.concat(claimed, ignore_index=True) if claimed else known.iloc[:0]
    if new.empty:
        raise InputError([_nothing(files)])
    last = known["appeal_id"].str.extract(r"^A(\d+)$")[0].dropna().astype(int).max()
    start = 1 if pd.isna(last) else int(last) + 1
    ids = [f"A{number:04d}" for number in range(start, start + len(new))]
    new = new.assign(appeal_id=ids, at=at, status="open").reindex(columns=list(COLUMNS))
    replace_file(edition.folder / APPEALS, csv_of(pd.concat([known, new])))
    return new


def _claims_of(
    file: Path, edition: Edition, records: Records, contracts: Mapping[str, Contract]
) -> tuple[pd.DataFrame, list[Finding]]:
    raw = _named(read_table(file, SHEETS))
    found = [*errors(raw.findings), *_missing_columns(raw)]
    raise_errors(found)
    cells = raw.cells.reindex(columns=list(NEEDED))
    cells = cells[cells[list(CLAIM)].notna().any(axis=1)]
    for name in CLAIM:
        cells[name], _ = mask(cells[name])
    empty = [
        wrong("empty-cell", raw.file, int(row), name, "a value in every row with a claim",
               "an empty cell", f"{BLANK} claims that there is no answer" if name == "new" else "")
        for name in ("new", "reason", "by")
        for row in cells.index[cells[name].isna()].tolist()
    ]  # fmt: skip
    cells = cells[cells["new"].notna()]
    blank = cells["new"].isin([BLANK, "blank"])
    asked = cells.assign(new=cells["new"].mask(blank))
    claims = judge_claims(asked, records, contracts, edition.register, Sheet(raw.file, {}))
    judged = [
        replace(each, severity=Severity.ERROR) if each.check == "corrects-nothing" else each
        for each in claims.findings
    ]
    found = [*empty, *judged, *_of_others(cells, claims, records, edition, raw.file)]
    kept = asked.loc[claims.rows.index]
    units = [_unit_of(records, claims, row) for row in claims.rows.index]
    return kept.assign(unit=pd.Series(units, index=kept.index, dtype="str")), found


def _named(raw: RawTable) -> RawTable:
    """Give the columns of a sheet the names that stand in brackets in their headers."""
    codes = {name: match[1] for name in raw.cells if (match := _CODE.search(str(name)))}
    return replace(raw, cells=raw.cells.rename(columns=codes))


def _missing_columns(raw: RawTable) -> list[Finding]:
    return [
        wrong("missing-column", raw.file, 1, name, f"a column [{name}]", "none",
               "fill in the sheet that `hotline-index appeal sheet` wrote")
        for name in NEEDED
        if name not in raw.cells
    ]  # fmt: skip


def _unit_of(records: Records, claims: Claims, row: int) -> str:
    table, place = claims.rows["table"].loc[row], claims.rows["place"].loc[row]
    return str(records[str(table)]["unit"].iloc[int(place)])


def _of_others(
    cells: pd.DataFrame, claims: Claims, records: Records, edition: Edition, file: str
) -> list[Finding]:
    """Find claims on records of another city than the one that the sheet is of."""
    resolved = edition.register.resolve(cells["unit"].fillna("").tolist())
    said = dict(zip(cells.index, resolved, strict=True))
    found = []
    for row in claims.rows.index:
        unit = _unit_of(records, claims, int(row))
        if said[row] != unit:
            found.append(
                wrong("other-unit", file, int(row), "unit", "a record of the city of the sheet",
                       f"{cells['record_id'].loc[row]!r}, which is of another",
                       "a city may contest its own records only")
            )  # fmt: skip
    return found


def _repeated(rows: pd.DataFrame, known: pd.DataFrame, file: str) -> list[Finding]:
    """Find claims on a value that an appeal is open on, or that was decided on already."""
    found = []
    for row, claim in zip(rows.index.tolist(), rows.to_dict("records"), strict=True):
        same = known[(known["record_id"] == claim["record_id"]) & (known["item"] == claim["item"])]
        new = same["new"].fillna("") == ("" if pd.isna(claim["new"]) else claim["new"])
        old = same["old"].fillna("") == ("" if pd.isna(claim["old"]) else claim["old"])
        open_ = same["status"].fillna("open") == "open" if "status" in same else new | True
        if len(again := same[open_ | (new & old)]):
            earlier = again["appeal_id"].iloc[0] if "appeal_id" in again else None
            told = "another sheet" if earlier is None or pd.isna(earlier) else str(earlier)
            found.append(
                wrong("appealed-already", file, row, "new", "a claim that is not made yet",
                       f"{claim['item']} of {claim['record_id']!r}, as in {told}",
                       "an appeal is decided once")
            )  # fmt: skip
    twice = rows[rows.duplicated(["record_id", "item"])]
    return found + [
        wrong("appealed-already", file, int(row), "new", "one claim on each answer",
               "a second one", "leave one of them")
        for row in twice.index
    ]  # fmt: skip


def _nothing(files: Sequence[Path]) -> Finding:
    names = ", ".join(display_path(file) for file in files)
    return wrong("no-claims", names, None, "new", "an answer claimed in some row", "none",
                  "fill in the coloured columns")  # fmt: skip
