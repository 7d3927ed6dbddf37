"""A system held against data: columns that nothing reads, items that nothing measures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from indicators.describe.doubts import Found, asked_kpis, doubt, note
from indicators.measure import measure
from indicators.nodes import Item
from indicators.rules.normalise import TargetRule
from indicators.score_findings import some
from indicators.system import System
from survey.contracts import CONTRACTS
from survey.findings import Finding, Severity, nearest
from survey.records import Records
from survey.tables import RawTable


def check_data(system: System, tables: Mapping[str, RawTable]) -> Found:
    """Hold a system against files of data by their headers and blanks.

    Parameters
    ----------
    system
        The system.
    tables
        Files by table, as `survey.tables.read_table` reads them.

    Returns
    -------
    Warnings and notes: tables that nothing reads or that have no file, columns that no item
    reads, items whose column is missing, items and indicators that are blank in every record,
    KPIs that are asked and absent or present and not asked.
    """
    asked = {item.table for _, item in system.leaf_items()}
    found = [*_tables(asked, tables)]
    for name, raw in tables.items():
        if name in asked:
            found += _columns(system, name, raw)
    if "kpis" in tables and "kpis" in asked:
        found += _kpis(system, tables["kpis"])
    blank = {item.id for _, item in system.leaf_items() if _is_blank(item, tables)}
    orphans = {finding.column for finding in found if finding.check == "orphan-item"}
    without = _without_points(system, blank, "holds an answer", "it will have no score")
    told = [each for each in without if each.check != "blank-item" or each.column not in orphans]
    return (*found, *told)


def check_measured(system: System, records: Records, units: Sequence[str]) -> Found:
    """Return a warning for items and indicators that not one valid record gives points.

    Parameters
    ----------
    system
        The system.
    records
        Valid records.
    units
        The units to be scored.
    """
    names = [item.id for _, item in system.leaf_items()]
    measured: set[str] = set()
    for table in measure(records, system, units)[0]:
        there = ~np.isnan(table.points).all(axis=0) | table.exempt.any(axis=0)
        measured |= {names[at] for at in table.items[there]}
    hint = "check its columns and conditions"
    return _without_points(system, set(names) - measured, "gives points", hint)


def _tables(asked: set[str], tables: Mapping[str, RawTable]) -> Iterator[Finding]:
    for name, raw in tables.items():
        if name not in asked:
            yield doubt(
                "unused-table", raw.file, name, "a table that an item reads", "none",
                f"items read {', '.join(sorted(asked))}",
            )  # fmt: skip
    for name in sorted(asked - set(tables)):
        yield note(
            "missing-table", "", name, f"a file of {name}", "none",
            "its items cannot be held against data",
        )  # fmt: skip


def _held(raw: RawTable, table: str) -> dict[str, str]:
    """Return the columns of a file by their own name in the contract, with their header."""
    aliases = {alias: c.name for c in CONTRACTS[table].columns for alias in c.aliases}
    held = {str(header): str(header) for header in raw.cells.columns}
    return held | {aliases[h]: h for h in held if h in aliases and aliases[h] not in held}


def _columns(system: System, table: str, raw: RawTable) -> Iterator[Finding]:
    held = _held(raw, table)
    contract = CONTRACTS[table]
    needed = {answer.name for answer in system.needed_columns().get(table, ())}
    known = {*contract.names, *needed, system.figures.impute and system.figures.impute.by}
    aliases = {alias for column in contract.columns for alias in column.aliases}
    extra = [name for name in held if name not in known and name not in aliases]
    severity = Severity.NOTE if table == "figures" else Severity.WARNING
    absent = [] if table == "kpis" else list(_absent(system, table, held))
    missing = [name for _, names in absent for name in names]
    for name in extra:
        near = nearest(name, missing, 75)
        yield Finding(
            "unused-column", severity, raw.file, 1, name, "a column that an item reads",
            "none", f"did you mean {near!r}?" if near else "it is left out",
        )  # fmt: skip
    for name, names in absent:
        near = nearest(names[0], extra, 75)
        yield Finding(
            "orphan-item", Severity.WARNING, raw.file, 1, name,
            "a column " + " and a column ".join(map(repr, names)),
            f"none among {len(raw.cells.columns)} columns",
            f"did you mean {near!r}? rename it" if near else "add the column, or drop the item",
            len(names),
        )  # fmt: skip
    items = {name for _, item in system.leaf_items() if item.table == table
             for name in (item.id, *(answer.name for answer in item.answers()))}  # fmt: skip
    for name in sorted(needed - items - set(held) - set(contract.names)):
        yield Finding(
            "missing-condition-column", Severity.WARNING, raw.file, 1, name,
            f"a column {name!r} that conditions read", "none",
            "add the column; no record would meet the conditions",
        )  # fmt: skip


def _absent(
    system: System, table: str, held: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the items of a table that miss columns, with those."""
    for _, item in system.leaf_items():
        if item.table == table:
            names = tuple(a.name for a in item.answers() if a.name not in held)
            if names:
                yield item.id, tuple(dict.fromkeys(names))


def _kpis(system: System, raw: RawTable) -> Iterator[Finding]:
    if "kpi" not in raw.cells:
        return
    registry = system.kpi_registry
    words = {kpi.zh: name for name, kpi in registry.items()}
    count = Counter(words.get(str(name), str(name)) for name in raw.cells["kpi"].dropna())
    asked = asked_kpis(system)
    for name, item in asked.items():
        if name not in count:
            near = nearest(name, count, 75)
            yield Finding(
                "absent-kpi", Severity.WARNING, raw.file, None, item, f"the KPI {name!r}",
                f"none among {len(count)} KPIs",
                f"did you mean {near!r}?" if near else "no unit has a figure for it",
            )  # fmt: skip
    for name, rows in count.items():
        if name not in asked:
            hint = "it is left out" if name in registry else "no KPI of the registry either"
            yield Finding(
                "unused-kpi", Severity.NOTE, raw.file, None, name, "a KPI that an item reads",
                "none", hint, rows,
            )  # fmt: skip
    own = [item.id for _, item in system.leaf_items()
           if item.table == "kpis" and isinstance(item.rule, TargetRule)
           and item.rule.target == "own"]  # fmt: skip
    if own and ("target" not in raw.cells or raw.cells["target"].isna().all()):
        yield Finding(
            "no-targets", Severity.WARNING, raw.file, 1, "target", "targets of the units",
            "none", f"{some(own)} cannot be scored without", len(own),
        )  # fmt: skip


def _is_blank(item: Item, tables: Mapping[str, RawTable]) -> bool:
    """Return whether no record of the files can hold an answer to an item."""
    raw = tables.get(item.table)
    if raw is None or item.table == "kpis":
        return False
    held = _held(raw, item.table)
    names = [a.name for a in item.answers() if a.name != item.denominator]
    return all(name not in held or raw.cells[held[name]].isna().all() for name in names)


def _without_points(system: System, items: set[str], does: str, hint: str) -> Found:
    """Return a warning for each indicator that has such items only, and each other such item."""
    found = []
    for node in system.nodes():
        names = [item.id for item in node.items if item.id in items]
        if names and len(names) == len(node.items):
            got = f"none for {some(names)}"
            found.append(
                doubt("unmeasured-indicator", "", node.id, f"a record that {does}", got, hint)
            )
        else:
            expected = f"a record that {does}"
            found += [doubt("blank-item", "", name, expected, "none", hint) for name in names]
    return tuple(found)
