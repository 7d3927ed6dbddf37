"""Mapping: a table of elsewhere under the column names and values of a contract."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from survey.cells import Distinct, Fault, type_column, value_findings
from survey.contracts import Column, Contract
from survey.files.layout import clean_header
from survey.findings import Finding, Severity, did_you_mean
from survey.sources.columns import SECONDS, Origin, TableColumns, Unit
from survey.sources.headers import headers_of
from survey.tables import RawTable

_DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*(?:小时|时|h))?\s*(?:(\d+(?:\.\d+)?)\s*(?:分钟|分|min|m))?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*(?:秒钟|秒|sec|s))?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)")
_OFFSET = r"(:\d\d(?:\.\d+)?)\s*[+-]\d\d:?\d\d$"
_OWN_WORDS = "〖"
"""What follows it in an answer is what people wrote beside an option such as "other"."""


@dataclass
class _Work:
    """What mapping one table has found so far."""

    raw: RawTable
    table: str
    taken: dict[str, pd.Series] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, check: str, column: str, expected: str, got: str, hint: str) -> None:
        error = Severity.ERROR
        self.findings.append(Finding(check, error, self.raw.file, 1, column, expected, got, hint))

    def header(self, wanted: str, own: str) -> str:
        """Return the header that a text of the map means, or ``""`` and an error."""
        held = list(self.raw.cells.columns)
        found = headers_of(wanted, held, self.raw.variables)
        if len(found) == 1:
            return found[0]
        where = f"columns: {self.table}: {own}"
        if found:
            listed = ", ".join(repr(header) for header in found[:5])
            got = f"{len(found)} that fit: {listed}" + ", …" * (len(found) > 5)
            self.fault("ambiguous-header", wanted, f"one header ({where})", got, "write it out")
        else:
            got = f"none such among {len(held)} columns"
            hint = did_you_mean(clean_header(wanted), held)
            self.fault("unknown-header", wanted, f"a header of the file ({where})", got, hint)
        return ""


def mapped(
    raw: RawTable, contract: Contract, given: TableColumns
) -> tuple[RawTable, Mapping[str, str]]:
    """Give the columns of a table the names and values that its map says.

    Parameters
    ----------
    raw
        The table as its file holds it.
    contract
        Its contract, with the columns that the indicator system asks for.
    given
        The map.

    Returns
    -------
    The table with the mapped columns in place of those they come from, without those to be
    ignored, and with every error of the map among its findings; and the header of the file behind
    each mapped column.
    """
    work = _Work(raw, contract.table)
    for own, origin in given.origins.items():
        if own in contract.names:
            _take(work, contract[own], origin)
        else:
            expected = f"a column of {contract.table}"
            got = f"{own!r} under columns: {contract.table}"
            work.fault("unknown-column", own, expected, got, did_you_mean(own, contract.names))
    ignored = set(_ignored(work, given.ignore))
    gone = work.used | ignored
    for own in work.taken:
        if own in raw.cells and own not in gone:
            expected = f"{own!r} once"
            got = "a column of that name in the file, and another mapped to it"
            hint = f"put {own!r} under ignore: if the map is right"
            work.fault("mapped-twice", own, expected, got, hint)
    cells = raw.cells.drop(columns=list(gone & set(raw.cells.columns)))
    variables = {name: each for name, each in raw.variables.items() if name not in gone}
    for own, foreign in work.names.items():
        if foreign in raw.variables and not given.origins[own].values:
            variables[own] = raw.variables[foreign]
    changed = replace(
        raw,
        cells=cells.assign(**work.taken),
        findings=(*raw.findings, *work.findings),
        variables=variables,
    )
    return changed, work.names


def _take(work: _Work, column: Column, origin: Origin) -> None:
    """Make one column of the contract out of the file."""
    own, raw = column.name, work.raw
    if origin.value is not None:
        work.taken[own] = pd.Series(origin.value, index=raw.cells.index, dtype="str")
        return
    assert origin.from_ is not None
    header = work.header(origin.from_, own)
    if not header:
        return
    if other := next((name for name, foreign in work.names.items() if foreign == header), ""):
        expected, got = "each header once", f"mapped to {other!r} and to {own!r}"
        work.fault("mapped-twice", header, expected, got, "take one of the two out of columns:")
        return
    work.names[own] = header
    work.used.add(header)
    cells = raw.cells[header]
    if origin.since is not None:
        earlier = work.header(origin.since, own)
        if earlier:
            work.used.add(earlier)
            cells, found = _seconds_between(raw, header, earlier)
            work.findings += found
    elif origin.values:
        cells, found = _translated(raw, header, origin.values)
        work.findings += found
    elif origin.unit is not None:
        cells, found = _durations(raw, header, origin.unit)
        work.findings += found
    elif origin.zone is not None:
        cells = _in_zone(cells, origin.zone)
    elif column.kind == "datetime":
        cells = local(cells)
    work.taken[own] = cells


def _ignored(work: _Work, wanted: tuple[str, ...]) -> Iterator[str]:
    held = list(work.raw.cells.columns)
    for text in wanted:
        found = headers_of(text, held, work.raw.variables)
        yield from found
        if not found:
            work.findings.append(
                Finding(
                    "unknown-header",
                    Severity.WARNING,
                    work.raw.file,
                    1,
                    text,
                    f"a header of the file (columns: {work.table}: ignore)",
                    f"none such among {len(held)} columns",
                    did_you_mean(clean_header(text), held),
                )
            )


Changed = tuple[pd.Series, tuple[Finding, ...]]


def _spread(distinct: Distinct, values: pd.Series, cells: pd.Series) -> pd.Series:
    """Give every record its distinct value."""
    spread = values.astype("str").reindex(distinct.codes)
    spread.index = cells.index
    return spread


def _translated(raw: RawTable, header: str, values: Mapping[str, str | None]) -> Changed:
    distinct = Distinct.of(raw.cells[header], raw.file, header)
    codes = raw.variables[header].codes if header in raw.variables else {}
    meant = {clean_header(answer): value for answer, value in values.items()}

    def key(answer: str) -> str | None:
        text = clean_header(answer)
        tries = (text, codes.get(answer), text.removesuffix(".0"), text.split(_OWN_WORDS)[0])
        return next((each for each in tries if each is not None and each in meant), None)

    keys = [key(answer) for answer in distinct.values]
    unknown = np.array([each is None for each in keys], dtype=bool)
    new = pd.Series([None if each is None else meant[each] for each in keys], dtype="str")
    fault = Fault(
        "unmapped-value",
        unknown,
        "one of the answers under values: " + ", ".join(list(meant)[:12]),
        lambda answer: did_you_mean(clean_header(answer), meant),
    )
    return _spread(distinct, new, raw.cells[header]), value_findings(distinct, fault)


def _durations(raw: RawTable, header: str, unit: Unit) -> Changed:
    distinct = Distinct.of(raw.cells[header], raw.file, header)
    seconds = np.array([_seconds(text, unit) for text in distinct.values], dtype=float)
    new = pd.Series([None if np.isnan(each) else f"{each:.15g}" for each in seconds], dtype="str")
    hint = "leave the cell blank where the duration is not known"
    fault = Fault(
        "not-a-duration", np.isnan(seconds), "a duration such as 125, 2分5秒 or 0:02:05",
        lambda _: hint,
    )  # fmt: skip
    return _spread(distinct, new, raw.cells[header]), value_findings(distinct, fault)


def _seconds(text: str, unit: Unit) -> float:
    text = clean_header(text)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text) * SECONDS[unit]
    found = _CLOCK.fullmatch(text) or _DURATION.fullmatch(text)
    if not found or not text:
        return float("nan")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds


def _seconds_between(raw: RawTable, later: str, earlier: str) -> Changed:
    (end, found), (start, more) = (
        type_column(local(raw.cells[header]), Column(header, "datetime", header, header), raw.file)
        for header in (later, earlier)
    )
    seconds = (end - start).dt.total_seconds()
    distinct = Distinct.of(seconds, raw.file, later)  # pyright: ignore[reportArgumentType]
    written = pd.Series([f"{float(each):.15g}" for each in distinct.values], dtype="str")
    return _spread(distinct, written, end), (*found, *more)


def _in_zone(cells: pd.Series, zone: str) -> pd.Series:
    """Write times as local times of a zone; what is no time stays for the contract to refuse."""
    times = pd.to_datetime(cells, format="ISO8601", utc=True, errors="coerce")
    shown = times.dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M:%S").astype("str")
    return shown.where(times.notna(), cells)


def local(cells: pd.Series) -> pd.Series:
    """Take the offset from UTC off times that the device wrote by its own clock."""
    return cells.str.replace(_OFFSET, r"\1", regex=True)
