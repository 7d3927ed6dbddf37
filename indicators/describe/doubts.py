"""The findings of a system that is legal but doubtful."""

from indicators.rules.normalise import TARGET_SUFFIX
from indicators.system import System
from survey.findings import Finding, Severity

Found = tuple[Finding, ...]


def doubt(check: str, file: str, column: str, expected: str, got: str, hint: str) -> Finding:
    """Return a warning."""
    return Finding(check, Severity.WARNING, file, None, column, expected, got, hint)


def note(check: str, file: str, column: str, expected: str, got: str, hint: str) -> Finding:
    """Return a note."""
    return Finding(check, Severity.NOTE, file, None, column, expected, got, hint)


def asked_kpis(system: System) -> dict[str, str]:
    """Return the KPIs that items read, with the first item that does."""
    asked: dict[str, str] = {}
    for _, item in system.leaf_items():
        if item.table == "kpis":
            for answer in item.answers():
                asked.setdefault(answer.name.removesuffix(TARGET_SUFFIX), item.id)
    return asked
