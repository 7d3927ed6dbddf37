"""Rows of an entry sheet that hold what the plan filled in, and nothing of a call."""

from dataclasses import replace

from survey.contracts import CONTRACTS, Contract
from survey.findings import Finding, Severity
from survey.tables import RawTable

_PLANNED = CONTRACTS["plan"].names


def without_untouched(raw: RawTable, contract: Contract) -> RawTable:
    """Leave out calls that are planned and not yet entered, and note how many.

    Parameters
    ----------
    raw
        A table in the columns of its contract.
    contract
        Its contract; tables other than ``calls`` come back as they are.
    """
    entered = [name for name in raw.cells.columns if name not in _PLANNED]
    if contract.table != "calls" or not entered or "call_id" not in raw.cells:
        return raw
    untouched = raw.cells[entered].isna().all(axis=1) & raw.cells["call_id"].notna()
    if not untouched.any():
        return raw
    note = Finding(
        "not-entered",
        Severity.NOTE,
        raw.file,
        int(raw.cells.index[untouched][0]),
        "",
        "calls with their outcome",
        f"{int(untouched.sum())} with nothing but what was planned",
        "left out until they are entered",
        int(untouched.sum()),
    )
    return replace(raw, cells=raw.cells[~untouched], findings=(*raw.findings, note))
