"""Reading an indicator system: from YAML, or from a flat table of indicators."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from indicators.kpis.registry import incomparable, why_incomparable
from indicators.rules import FormulaRule
from indicators.system import System
from indicators.tree_table import children_from_table, system_from_table
from survey.contracts import CONTRACTS, AnswerColumn
from survey.findings import Finding, InputError, Severity, did_you_mean, display_path, raise_errors
from survey.yaml_source import read_yaml, validated

SYSTEMS = Path(__file__).parent / "systems"
TABLES = (".csv", ".xlsx", ".parquet")
SYSTEM_FILES = (".yaml", ".yml", *TABLES)
"""Endings of files that hold a system."""


def load_system(name: str | Path) -> System:
    """Load an indicator system.

    Parameters
    ----------
    name
        The name of one that comes with the package (``"hotline-2021"``), a path to a YAML file,
        or to a table of indicators (csv, xlsx) with a row for each, see `indicators.tree_table`.

    Raises
    ------
    InputError
        With every wrong key or value at once.
    """
    path = Path(name)
    if path.suffix in TABLES:
        system = system_from_table(path)
    else:
        if path.suffix not in SYSTEM_FILES:
            path = _shipped(str(name))
        system = read_yaml(path, System, prepare=lambda data: children_from_table(data, path))
    raise_errors([*_columns(system, path), *_conditions(system, path), *_kpis(system, path)])
    return system


def _shipped(name: str) -> Path:
    path = SYSTEMS / f"{name}.yaml"
    known = sorted(file.stem for file in SYSTEMS.glob("*.yaml"))
    if name not in known:
        finding = Finding(
            "unknown-system",
            Severity.ERROR,
            expected="an indicator system or a .yaml file",
            got=repr(name),
            hint=did_you_mean(name, known),
        )
        raise InputError([finding])
    return path


def _columns(system: System, path: Path) -> Iterator[Finding]:
    """Find items that read one column of a table by rules with different answers."""
    seen: dict[tuple[str, str], tuple[str, AnswerColumn]] = {}
    for _, item in system.leaf_items():
        if item.table == "kpis":
            continue
        for answer in item.answers():
            first, known = seen.setdefault((item.table, answer.name), (item.id, answer))
            free = not known.allowed or not answer.allowed
            if known != answer and not (known.kind == answer.kind == "category" and free):
                yield Finding(
                    "contradictory-rules",
                    Severity.ERROR,
                    display_path(path),
                    None,
                    f"{item.table}.{answer.name}",
                    f"the answers that {first!r} accepts",
                    f"others from {item.id!r}",
                    "give both items the same answers",
                )
            column = next((c for c in CONTRACTS[item.table].columns if c.name == answer.name), None)
            if column and column.kind != answer.kind:
                yield Finding(
                    "contradictory-rules",
                    Severity.ERROR,
                    display_path(path),
                    None,
                    f"{item.table}.{answer.name}",
                    f"a rule for a {column.kind}, as the table holds",
                    f"one for a {answer.kind} in {item.id!r}",
                    "choose another rule or another column",
                )


def _conditions(system: System, path: Path) -> Iterator[Finding]:
    """Find values in conditions that their column can never hold."""
    declared = {
        (table, answer.name): answer.allowed
        for table, answers in system.needed_columns().items()
        for answer in answers
    }
    for (table, name), values in system.condition_values().items():
        contract = {column.name: column.allowed for column in CONTRACTS[table].columns}
        allowed = declared.get((table, name)) or contract.get(name) or ()
        if name == "audience":
            allowed = tuple(system.audiences)
        for value in sorted(values - set(allowed)) if allowed else ():
            yield Finding(
                "impossible-condition",
                Severity.ERROR,
                display_path(path),
                None,
                f"{table}.{name}",
                "one of " + ", ".join(allowed),
                repr(value),
                did_you_mean(value, allowed),
            )


def _kpis(system: System, path: Path) -> Iterator[Finding]:
    """Find KPIs that nobody knows, and formulas that mix KPIs on different denominators."""
    items = [item for _, item in system.leaf_items() if item.table == "kpis"]
    registry = system.kpi_registry if items else {}
    for item in items:
        names = (
            item.rule.expression.numbers if isinstance(item.rule, FormulaRule) else (item.source,)
        )
        unknown = [name for name in names if name not in registry]
        for name in unknown:
            yield Finding(
                "unknown-kpi",
                Severity.ERROR,
                display_path(path),
                None,
                item.id,
                "a KPI of the registry or of the system's kpis",
                repr(name),
                did_you_mean(name, registry),
            )
        known = [name for name in names if name in registry]
        for other in known[1:]:
            if why_incomparable(registry[known[0]], registry[other]):
                yield replace(
                    incomparable(known[0], other, registry, display_path(path)), column=item.id
                )


def revised(system: System, data: dict) -> System:
    """Return a system from changed keys, checked like a file.

    Raises
    ------
    InputError
        With every wrong key or value at once.
    """
    path = Path(f"{system.id} (changed)")
    changed = validated(data, System, str(path))
    raise_errors([*_columns(changed, path), *_conditions(changed, path), *_kpis(changed, path)])
    return changed
