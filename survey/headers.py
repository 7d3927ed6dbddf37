"""Headers: what the columns of a file lack, or have too many, for their contract."""

from collections.abc import Mapping

from survey.contracts import Column, Contract
from survey.findings import Finding, Severity, capped, nearest
from survey.sources.statistical import Variable
from survey.tables import RawTable
from survey.values import quoted

_ALIKE = 75
"""Least likeness, in percent, of a header taken for a misspelt one."""
BACKGROUND = frozenset({
    "question", "remarks", "got_from", "channels_used", "last_purpose", "sex", "age_group",
    "education", "size", "sector", "post", "suggestion",
})  # fmt: skip
"""Columns of the instruments that come with the program which no score rests on."""
Found = tuple[Finding, ...]


def header_findings(raw: RawTable, contract: Contract) -> Found:
    """Compare the headers of a file with its contract."""
    held = list(raw.cells.columns)
    absent = [column for column in contract.columns if column.name not in held]
    needed = [column for column in absent if column.required or column.answer]
    unexpected = [name for name in held if name not in contract.names]
    missing = [
        Finding(
            "missing-column",
            Severity.ERROR,
            raw.file,
            1,
            column.name,
            f"a column {column.name!r}" + f" ({column.zh})" * (column.zh != column.name),
            f"none among {len(held)} columns",
            _rename_hint(column, contract.table, unexpected, raw.variables),
        )
        for column in needed
    ]
    extra = [
        Finding(
            "unexpected-column",
            Severity.NOTE
            if contract.table == "figures" or name in BACKGROUND
            else Severity.WARNING,
            raw.file,
            1,
            name,
            "columns of the contract",
            f"{quoted(name)}, left out",
            _likely(name, [column.name for column in absent]),
        )
        for name in unexpected
    ]
    optional = ", ".join(column.name for column in absent if column not in needed)
    note = Finding(
        "optional-columns-absent",
        Severity.NOTE,
        raw.file,
        1,
        "",
        "columns that may be left out",
        optional,
        "read as blank",
    )
    return (*capped(missing), *capped(extra), *([note] if optional else []))


def _rename_hint(
    column: Column, table: str, unexpected: list[str], variables: Mapping[str, Variable]
) -> str:
    for name in unexpected:
        if name in variables and variables[name].label in (column.name, column.zh):
            label = variables[name].label
            return f"{name!r} has the label {label!r}: columns: {table}: {column.name}: {name}"
    if column.zh in unexpected:
        return f"rename {column.zh!r} to {column.name!r}"
    near = nearest(column.name, unexpected, _ALIKE)
    return f"did you mean {near!r}? rename it to {column.name!r}" if near else "add the column"


def _likely(name: str, absent: list[str]) -> str:
    near = nearest(name, absent, _ALIKE)
    return f"did you mean {near!r}?" if near else ""


def no_records(raw: RawTable, contract: Contract) -> Found:
    """Return an error where a file that needs a record has none."""
    if len(raw.cells) or contract.may_be_empty:
        return ()
    expected, got = f"at least one record ({contract.zh})", "a header only"
    hint = "export the table again, or take it out of the edition"
    return (Finding("no-records", Severity.ERROR, raw.file, 2, "", expected, got, hint),)
