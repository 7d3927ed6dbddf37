"""Decisions on appeals; what is accepted goes to the end of the ledger of corrections."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from hotline_index.appeals.store import APPEALS, TIME, csv_of, read_appeals, replace_file, wrong
from hotline_index.edition import Edition
from hotline_index.progress import Quiet
from hotline_index.reading import read_and_check
from survey.findings import Finding, InputError, did_you_mean, display_path, raise_errors
from survey.ledger.apply import LEDGER
from survey.tables import read_table

LEDGER_COLUMNS = ("record_id", "item", "old", "new", "reason", "by", "at")


@dataclass(frozen=True)
class Decision:
    """What was decided on appeals, by whom and why.

    Parameters
    ----------
    accept, reject
        Ids of appeals.
    by, reason, at
        Person, reason and time.
    """

    accept: tuple[str, ...]
    reject: tuple[str, ...]
    by: str
    reason: str
    at: datetime


def decide_appeals(edition: Edition, decision: Decision | None) -> tuple[int, int, int]:
    """Decide appeals, and put every accepted one into the ledger that is not in it yet.

    Parameters
    ----------
    edition
        The edition. Decisions may stand in its list already: status, decided_by, decided_at and
        decision filled in by hand.
    decision
        More of them; None for those in the list only.

    Returns
    -------
    How many corrections were added to the ledger, and how many appeals were rejected and are open.

    Raises
    ------
    InputError
        With everything that is wrong, corrections that the records refuse among it; then list and
        ledger are as they were.
    """
    appeals = read_appeals(edition)
    file = display_path(edition.folder / APPEALS)
    if decision is not None:
        raise_errors(_undecidable(appeals, decision, file))
        appeals = _decided(appeals, decision)
    raise_errors(_half_decided(appeals, file))
    ledger, held = _ledger(edition)
    accepted = appeals[(appeals["status"] == "accepted").to_numpy()]
    there = held["reason"].str.split(" ").str[0] if len(held) else held["reason"]
    new = accepted[~accepted["appeal_id"].isin(there)]
    text = _appended(ledger, _ledger_rows(new)) if len(new) else None
    if text is not None:
        _try(edition, ledger, text)
        replace_file(ledger, text)
    if decision is not None:
        replace_file(edition.folder / APPEALS, csv_of(appeals))
    counts = appeals["status"].value_counts()
    return len(new), int(counts.get("rejected", 0)), int(counts.get("open", 0))


def _undecidable(appeals: pd.DataFrame, decision: Decision, file: str) -> list[Finding]:
    status = dict(zip(appeals["appeal_id"], appeals["status"], strict=True))
    named = [*decision.accept, *decision.reject]
    found = []
    for id_ in dict.fromkeys(named):
        if id_ not in status:
            got, hint = repr(id_), did_you_mean(id_, status)
            found.append(wrong("unknown-appeal", file, None, "", "an appeal", got, hint))
        elif status[id_] != "open":
            got = f"{id_}, {status[id_]}"
            found.append(
                wrong("decided-already", file, None, "status", "an open appeal", got,
                       "a decision is not changed; correct the record once more instead")
            )  # fmt: skip
        elif named.count(id_) > 1:
            got = f"{id_} more than once"
            found.append(wrong("decided-twice", file, None, "", "one decision", got, ""))
    return found


def _decided(appeals: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    appeals = appeals.astype({"status": "str", "decided_by": "str", "decision": "str"})
    for status, ids in (("accepted", decision.accept), ("rejected", decision.reject)):
        own = appeals["appeal_id"].isin(ids)
        appeals.loc[own, "status"] = status
        appeals.loc[own, "decided_by"] = decision.by
        appeals.loc[own, "decision"] = decision.reason
        appeals["decided_at"] = pd.to_datetime(appeals["decided_at"]).mask(own, decision.at)
    return appeals


def _half_decided(appeals: pd.DataFrame, file: str) -> list[Finding]:
    decided = appeals[(appeals["status"] != "open").to_numpy()]
    return [
        wrong("half-decided", file, int(row), name, "a value for every decided appeal",
               "an empty cell", "a decision has a person, a time and a reason")
        for name in ("decided_by", "decided_at", "decision")
        for row in decided.index[decided[name].isna()]
    ]  # fmt: skip


def _ledger(edition: Edition) -> tuple[Path, pd.DataFrame]:
    """Return the file of the ledger and the corrections in it, none where it is not there yet."""
    path = edition.files.get(LEDGER)
    expected = "a ledger in a csv file"
    hint = f"add {LEDGER}: data/{LEDGER}.csv under data:"
    if path is None:
        raise InputError([wrong("no-ledger", edition.file, None, "data", expected, "none", hint)])
    if path.suffix.lower() != ".csv":
        got = path.name
        raise InputError([wrong("no-ledger", edition.file, None, "data", expected, got, hint)])
    if not path.exists():
        return path, pd.DataFrame(columns=list(LEDGER_COLUMNS), dtype="str")
    raw = read_table(path)
    missing = [name for name in LEDGER_COLUMNS if name not in raw.cells]
    raise_errors(
        [*raw.findings]
        + [
            wrong("missing-column", raw.file, 1, name, f"a column {name!r}", "none", "")
            for name in missing
        ]
    )
    return path, raw.cells


def _ledger_rows(accepted: pd.DataFrame) -> pd.DataFrame:
    at = pd.to_datetime(accepted["decided_at"]).dt.strftime(TIME)
    reason = accepted["appeal_id"] + " " + accepted["decision"]
    rows = accepted[["record_id", "item", "old", "new"]]
    return rows.assign(reason=reason, by=accepted["decided_by"], at=at).astype("str").fillna("")


def _appended(path: Path, rows: pd.DataFrame) -> bytes:
    """Return a ledger with rows at its end; what stands in it stays byte for byte."""
    held = path.read_bytes() if path.exists() else b""
    if not held.strip():
        held = ("\ufeff" + ",".join(LEDGER_COLUMNS) + "\r\n").encode()
    try:
        text, encoding = held.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = held.decode("gb18030"), "gb18030"
    first = text.lstrip("\ufeff\r\n").splitlines()[0]
    delimiter = "\t" if "\t" in first else ","
    header = next(csv.reader([first], delimiter=delimiter))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [name.strip() for name in header], delimiter=delimiter)
    writer.writerows([{str(k): v for k, v in row.items()} for row in rows.to_dict("records")])
    end = b"" if held.endswith(b"\n") else b"\r\n"
    return held + end + out.getvalue().encode(encoding)


def _try(edition: Edition, ledger: Path, text: bytes) -> None:
    """Read the edition with another ledger, which the records may refuse."""
    part = ledger.with_name(f".{ledger.stem}.part.csv")
    try:
        part.write_bytes(text)
        data = edition.config.data | {LEDGER: part.resolve()}
        config = edition.config.model_copy(update={"data": data})
        read_and_check(replace(edition, config=config), Quiet())
    except InputError as error:
        names = {display_path(part): display_path(ledger)}
        told = [replace(each, file=names.get(each.file, each.file)) for each in error.findings]
        raise InputError(told) from None
    finally:
        part.unlink(missing_ok=True)
