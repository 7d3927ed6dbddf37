"""Labels and codes of a statistical file: each column takes the one that its contract accepts."""

from dataclasses import replace

import pandas as pd

from survey.contracts import Column, Contract
from survey.findings import Finding, Severity
from survey.sources.statistical import Variable
from survey.tables import RawTable

_MOST_NAMED = 10


def as_the_contract_reads(raw: RawTable, contract: Contract) -> RawTable:
    """Put codes back where a contract wants them, and note which columns have texts and codes.

    A number, a time and an id take the codes. A category takes the texts where it accepts all of
    them, else the codes where it accepts all of those, else the texts, and its findings name them.

    Parameters
    ----------
    raw
        A table whose labelled columns hold texts.
    contract
        Its contract.
    """
    coded: dict[str, pd.Series] = {}
    texts: list[str] = []
    for column in contract.columns:
        variable = raw.variables.get(column.name)
        if variable is None or not variable.codes or column.name not in raw.cells:
            continue
        cells = raw.cells[column.name]
        if _takes_codes(cells, column, variable):
            coded[column.name] = cells.map(variable.codes).fillna(cells).astype("str")
        else:
            texts.append(column.name)
    if not coded and not texts:
        return raw
    taken = [("as texts", texts), ("as codes", list(coded))]
    note = Finding(
        "value-labels",
        Severity.NOTE,
        raw.file,
        got="; ".join(f"{how}: {_listed(names)}" for how, names in taken if names),
        hint="columns with value labels; to read one otherwise give its values under columns:",
    )
    cells = raw.cells.assign(**coded)
    return replace(raw, cells=cells, findings=(*raw.findings, note))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _takes_codes(cells: pd.Series, column: Column, variable: Variable) -> bool:
    if column.kind in ("number", "datetime", "id"):
        return True
    if column.kind != "category" or not column.allowed:
        return False
    accepted = {*column.allowed, *column.allowed_zh, *column.not_applicable}
    held = set(cells.dropna().drop_duplicates())
    return not held <= accepted and {variable.codes.get(text, text) for text in held} <= accepted
