"""A broken or awkward file, its expected fate, and what such files are made of.

The records are `RECORDS`, four questionnaires. A file is either read, and then holds these records
unless its case says otherwise, or refused with one error.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[list[Any]]
Builder = Callable[[Path], Path]

HEADER = [
    "response_id", "unit", "audience", "mode", "source", "weight", "started_at",
    "duration_seconds", "satisfied",
]  # fmt: skip
RECORDS: Rows = [
    ["R001", "北京", "citizen", "电话", "independent", "1.5", "2021-03-05 09:05:00", "1234", "5"],
    ["R002", "长沙", "enterprise", "网页", "independent", "0.8", "2021-03-06 14:30:00", "95", "3"],
    ["R003", "北京", "citizen", "电话", "独立抽样", "1", "2021-03-07 10:00:00", "60", "4"],
    ["R004", "长沙", "citizen", "微信", "热线发放", "1.2", "2021-03-08 16:45:00", "310", "1"],
]
MODE, WEIGHT, STARTED, DURATION, SATISFIED = 3, 5, 6, 7, 8


@dataclass(frozen=True)
class Case:
    """A file and its expected fate.

    Parameters
    ----------
    build
        Writes the file into a folder and returns its path.
    error
        The check that refuses it; ``""`` where it is read.
    row, column
        Where the error is, as far as that makes sense.
    notes
        The checks that note how it was read, each with the number of its records or places.
    records
        The records that are read.
    heavy
        Whether it would take a careless reader gigabytes.
    """

    build: Builder
    error: str = ""
    row: int | None = None
    column: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    records: Rows = field(default_factory=lambda: RECORDS)
    heavy: bool = False


CASES: dict[str, Case] = {}


def case(**fate: Any) -> Callable[[Builder], Builder]:
    def kept(build: Builder) -> Builder:
        CASES[build.__name__] = Case(build, **fate)
        return build

    return kept


def changed(*changes: tuple[int, int, Any], records: Rows = RECORDS) -> Rows:
    """Copy the records with some cells changed: (record, column, value)."""
    rows = [[*row] for row in records]
    for record, column, value in changes:
        rows[record][column] = value
    return rows


def text(rows: Rows = RECORDS, mark: str = ",", end: str = "\n", header: Any = HEADER) -> str:
    lines = [mark.join(map(str, line)) for line in ([header] if header else []) + rows]
    return end.join(lines) + end


def file(folder: Path, content: str | bytes, name: str = "responses.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def typed(rows: Rows = RECORDS) -> Rows:
    """The records with numbers and times as a workbook stores them."""
    return [
        [*row[:WEIGHT], float(row[WEIGHT]), datetime.fromisoformat(row[STARTED]),
         *map(int, row[DURATION:])]
        for row in rows
    ]  # fmt: skip


def book(
    folder: Path,
    rows: Rows,
    edit: Callable[[Any, Any], object] = lambda book, sheet: None,
    name: str = "responses.xlsx",
) -> Path:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in rows:
        sheet.append(row)
    edit(made, sheet)
    path = folder / name
    made.save(path)
    return path


def rezipped(
    path: Path, edits: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes] | None = None
) -> Path:
    """Change parts of a workbook, and add some."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for name, edit in edits.items():
        parts[name] = edit(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (parts | (added or {})).items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
TABLE: Rows = [HEADER, *typed()]


def cell(name: str, value: object) -> Callable[[Any, Any], object]:
    def put(_: Any, sheet: Any) -> None:
        sheet[name] = value

    return put


def stored(formula: bytes, value: bytes, kind: bytes = b"") -> Callable[[bytes], bytes]:
    """Store the value of the formula that openpyxl writes without."""
    return lambda xml: xml.replace(
        b"><f>%s</f><v></v></c>" % formula, b"%s><f>%s</f><v>%s</v></c>" % (kind, formula, value)
    ).replace(
        b"><f>%s</f><v/></c>" % formula, b"%s><f>%s</f><v>%s</v></c>" % (kind, formula, value)
    )
