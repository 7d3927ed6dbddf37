"""Exports of survey platforms: KoboToolbox, ODK Central and 问卷星, read as they come."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.cells import Distinct
from survey.contracts import Contract
from survey.findings import Finding, Severity
from survey.sources.columns import Origin, TableColumns
from survey.sources.mapping import local, mapped
from survey.tables import RawTable


@dataclass(frozen=True)
class Platform:
    """A survey platform and what its exports hold beside the answers.

    Parameters
    ----------
    name
        As people call it.
    marks
        Headers of which two tell an export of it.
    metadata
        Further headers that are no questions.
    key
        Headers that tell one record from another, the best first.
    origins
        Where columns of a contract come from in its exports, where the file has no such column.
    groups
        What stands between a group and a question in a header; none where there are no groups.
    blanks
        Cells that stand for no answer.
    """

    name: str
    marks: frozenset[str]
    metadata: frozenset[str]
    key: tuple[str, ...]
    origins: Mapping[str, Origin]
    groups: str = ""
    blanks: tuple[str, ...] = ()

    def is_metadata(self, header: str) -> bool:
        """Whether a header is no question."""
        return header in self.marks | self.metadata or header.startswith("_submission__")


_DEVICE = {
    "start", "end", "today", "deviceid", "devicephonenum", "phonenumber", "simserial", "simid",
    "subscriberid", "username", "email", "audit", "background-audio",
}  # fmt: skip
_CLOCK = {
    "started_at": Origin(from_="start"),
    "duration_seconds": Origin(from_="end", since="start"),
}
PLATFORMS = (
    Platform(
        "KoboToolbox",
        frozenset(
            {"_id", "_uuid", "_submission_time", "__version__", "_index", "_validation_status"}
        ),
        frozenset(
            _DEVICE
            | {
                "_notes", "_status", "_submitted_by", "_tags", "_parent_index",
                "_parent_table_name", "_attachments", "_geolocation", "_xform_id_string",
                "formhub/uuid", "meta/instanceID", "meta/instanceName", "meta/rootUuid",
            }
        ),
        ("_uuid", "_id"),
        _CLOCK,
        "/.",
    ),
    Platform(
        "ODK Central",
        frozenset({"SubmissionDate", "KEY", "SubmitterID", "SubmitterName", "meta-instanceID"}),
        frozenset(
            _DEVICE
            | {
                "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID",
                "Edits", "FormVersion", "meta-instanceName", "meta-entity-label",
            }
        ),
        ("KEY", "meta-instanceID"),
        _CLOCK,
        "-/",
    ),
    Platform(
        "问卷星",
        frozenset({"提交答卷时间", "所用时间", "来自IP", "来源详情"}),
        frozenset({"序号", "来源", "总分", "答卷编号"}),
        ("答卷编号", "序号"),
        {"duration_seconds": Origin(from_="所用时间", unit="秒")},
        blanks=("(跳过)", "(空)", "（跳过）", "（空）", "-2", "-3"),
    ),
)  # fmt: skip
"""The platforms whose exports are known at sight."""


def platform_of(raw: RawTable) -> Platform | None:
    """Return the platform that a table was exported from, where its headers tell."""
    held = set(raw.cells.columns)
    return next((each for each in PLATFORMS if len(each.marks & held) >= 2), None)


def without_blanks(raw: RawTable, platform: Platform) -> RawTable:
    """Make cells blank that stand for a question skipped or left open, and count them."""
    cells, count = raw.cells.copy(deep=False), 0
    for name in cells.columns if platform.blanks else ():
        distinct = Distinct.of(cells[name], raw.file, name)
        blank = distinct.values.isin(platform.blanks).to_numpy()
        if blank.any() and not platform.is_metadata(name):
            gone = np.append(blank, False)[distinct.codes]
            cells[name] = cells[name].mask(gone)
            count += int(gone.sum())
    if not count:
        return raw
    note = Finding(
        "skipped-cells",
        Severity.NOTE,
        raw.file,
        got=f"{count} cells such as (跳过), (空), -2 or -3",
        hint=f"{platform.name} writes them for questions not put or not answered: read as blank",
        count=count,
    )
    return replace(raw, cells=cells, findings=(*raw.findings, note))


def in_own_columns(
    raw: RawTable, contract: Contract, platform: Platform
) -> tuple[RawTable, Mapping[str, str]]:
    """Read what a platform always exports, and leave out what are no answers, with one note.

    Parameters
    ----------
    raw
        The table after its map of columns, if any.
    contract
        Its contract.
    platform
        Where it comes from.

    Returns
    -------
    The table, and the header of the file behind each column that was recognised.
    """
    raw, grouped = _ungrouped(raw, contract, platform)
    held = set(raw.cells.columns)
    origins = {
        own: origin
        for own, origin in _origins(contract, platform, held).items()
        if own in contract.names and own not in held
    }
    raw, names = mapped(raw, contract, TableColumns.model_validate(origins))
    left = [name for name in raw.cells.columns if _is_no_answer(name, raw, contract, platform)]
    cells = raw.cells.drop(columns=left)
    if platform.origins is _CLOCK:
        clocks = {
            column.name: local(cells[column.name])
            for column in contract.columns
            if column.kind == "datetime" and column.name in cells
        }
        cells = cells.assign(**clocks)
    names = {**grouped, **names}
    read = ", ".join(f"{foreign!r} as {own}" for own, foreign in names.items())
    out = ", ".join(left)
    hint = "; ".join(filter(None, [f"read {read}" * bool(read), f"left out {out}" * bool(out)]))
    note = Finding(
        "platform-export", Severity.NOTE, raw.file, 1, "", got=f"an export of {platform.name}",
        hint=hint,
    )  # fmt: skip
    return replace(raw, cells=cells, findings=(*raw.findings, note)), names


def _origins(contract: Contract, platform: Platform, held: set[str]) -> dict[str, Origin]:
    key = next((header for header in platform.key if header in held), "")
    keys = {contract.key[0]: Origin(from_=key)} if key and len(contract.key) == 1 else {}
    known = {
        own: origin
        for own, origin in platform.origins.items()
        if {origin.from_, origin.since or origin.from_} <= held
    }
    return keys | known


def _ungrouped(
    raw: RawTable, contract: Contract, platform: Platform
) -> tuple[RawTable, Mapping[str, str]]:
    """Take the groups off headers such as ``service/satisfied`` whose question is asked for."""
    held = set(raw.cells.columns)
    names: dict[str, list[str]] = {}
    for header in held - set(contract.names) if platform.groups else ():
        group, question = _parted(header, platform)
        if question in contract.names and question not in held and group not in held:
            names.setdefault(question, []).append(header)
    once = {headers[0]: own for own, headers in names.items() if len(headers) == 1}
    order = {header: once[header] for header in raw.cells.columns if header in once}
    variables = {order.get(header, header): each for header, each in raw.variables.items()}
    renamed = replace(raw, cells=raw.cells.rename(columns=order), variables=variables)
    return renamed, {own: header for header, own in order.items()}


def _parted(header: str, platform: Platform) -> tuple[str, str]:
    """Part a header at its last separator into group and question."""
    found = re.fullmatch(
        rf"(.*)[{re.escape(platform.groups)}]([^{re.escape(platform.groups)}]*)", header
    )
    return (found[1], found[2]) if found else ("", header)


def _is_no_answer(name: str, raw: RawTable, contract: Contract, platform: Platform) -> bool:
    """Whether a column is metadata, or one option of a question that has a column of its own."""
    if name in contract.names:
        return False
    if platform.is_metadata(name):
        return True
    if not platform.groups:
        return False
    group, _ = _parted(name, platform)
    parents = {group, _parted(group, platform)[1]} - {""}
    return bool(parents & set(raw.cells.columns)) and _is_flag(raw.cells[name])


def _is_flag(cells: pd.Series) -> bool:
    return bool(
        cells.dropna().drop_duplicates().isin(["0", "1", "TRUE", "FALSE", "0.0", "1.0"]).all()
    )
