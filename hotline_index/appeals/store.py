"""The list of appeals of an edition."""

from pathlib import Path

import pandas as pd

from hotline_index.appeals.rows import APPEALABLE
from hotline_index.edition import Edition
from hotline_index.reading import asked_columns
from survey.contracts import CONTRACTS, Contract
from survey.findings import Finding, Severity
from survey.instruments.files import whole_file
from survey.intake import read_records
from survey.ledger.apply import contracts_of
from survey.records import Records

APPEALS = "appeals.csv"
"""The list of appeals in the folder of an edition."""
COLUMNS = CONTRACTS["appeals"].names
TIME = "%Y-%m-%d %H:%M:%S"


def appeal_contracts(edition: Edition, records: Records) -> dict[str, Contract]:
    """Return the contracts of the tables whose single records a city may contest."""
    held = contracts_of(
        records,
        asked_columns(edition),
        slots=tuple(edition.config.slots),
        audiences=bool(edition.system.audiences),
    )
    return {table: contract for table, contract in held.items() if table in APPEALABLE}


def read_appeals(edition: Edition) -> pd.DataFrame:
    """Read the list of appeals of an edition, empty where there is none yet.

    Raises
    ------
    InputError
        With everything that is wrong with it.
    """
    path = edition.folder / APPEALS
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    records, _ = read_records({"appeals": path}, edition.register, {})
    return records["appeals"]


def csv_of(appeals: pd.DataFrame) -> bytes:
    """Return the list as its file holds it."""
    told = appeals.copy()
    for name in ("at", "decided_at"):
        told[name] = pd.to_datetime(told[name]).dt.strftime(TIME)
    return told.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with whole_file(path) as made:
        made.write_bytes(content)


def wrong(check: str, file: str, row: int | None, column: str, *said: str) -> Finding:
    """Make an error; `said` is what was expected, what was got and a hint."""
    expected, got, hint = said
    return Finding(check, Severity.ERROR, file, row, column, expected, got, hint)
