"""Findings: what a check found, and the error that carries all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rapidfuzz import process


class Severity(StrEnum):
    """How much a finding matters: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found.

    Parameters
    ----------
    check
        Stable name of the check, such as ``"unknown-unit"``.
    severity
        `Severity`.
    file, row, column
        Where. ``row`` is the line of the file as a spreadsheet shows it (the header is 1);
        for YAML it is the line, and ``column`` is the path of the key (``grading.scheme``).
    expected, got, hint
        What was right, what stood there, what to do.
    count
        How many records this finding stands for.
    """

    check: str
    severity: Severity
    file: str = ""
    row: int | None = None
    column: str = ""
    expected: str = ""
    got: str = ""
    hint: str = ""
    count: int = 1

    def __str__(self) -> str:
        where = self.file + (f":{self.row}" if self.row is not None else "")
        parts = [p for p in (where, f"[{self.column}]" if self.column else "") if p]
        text = f"{self.severity}: {' '.join([*parts, self.check])}"
        text += f": expected {self.expected}, got {self.got}" if self.expected else f": {self.got}"
        return text + (f" ({self.hint})" if self.hint else "")


class InputError(Exception):
    """A wrong input, with every finding of severity error that led to it.

    Parameters
    ----------
    findings
        At least one `Finding`.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        if not findings:
            raise ValueError("an InputError needs at least one finding")
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a run."""
    return tuple(f for f in findings if f.severity is Severity.ERROR)


def raise_errors(findings: Iterable[Finding]) -> None:
    """Raise `InputError` with every error among `findings`, if there is one."""
    if wrong := errors(findings):
        raise InputError(wrong)


def capped(findings: Sequence[Finding], most: int = 10) -> tuple[Finding, ...]:
    """Keep the first findings of a check and let one more stand for the rest."""
    rest = findings[most:]
    if not rest:
        return tuple(findings)
    first = rest[0]
    more = replace(
        first,
        got=f"{len(rest)} more: such as {first.got}",
        hint="",
        count=sum(finding.count for finding in rest),
    )
    return (*findings[:most], more)


def nearest(name: str, names: Iterable[str], cutoff: float = 55) -> str:
    """Return the name most like `name`, or ``""`` where none comes near.

    Parameters
    ----------
    name
        What was written.
    names
        What may be written.
    cutoff
        Least likeness in percent (rapidfuzz weighted ratio).
    """
    found = process.extractOne(name, list(names), score_cutoff=cutoff)
    return found[0] if found else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a hint that names the nearest right name, or lists the right ones."""
    names = list(names)
    if near := nearest(name, names):
        return f"did you mean {near!r}?"
    listed = ", ".join(names[:12])
    return f"one of: {listed}" + (", …" if len(names) > 12 else "") if names else ""


def display_path(path: Path) -> str:
    """Return `path` relative to the working directory where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return path.as_posix()
