"""What is legal in a system but doubtful: weights, unused columns, gaps, zeros that sink."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from indicators.averages import PowerMean
from indicators.describe.outline import effective_weights, percent
from indicators.describe.words import average_words
from indicators.hierarchy import ROOT
from indicators.measure import measure
from indicators.rules import (
    AnyRule,
    ConsistencyRule,
    FormulaRule,
    MapRule,
    PiecewiseRule,
    SheetRule,
    ThresholdRule,
    WhenRule,
)
from indicators.rules.normalise import TARGET_SUFFIX, MinMaxRule, RankRule, TargetRule
from indicators.score_findings import some
from indicators.system import ADDRESSED, Item, Node, System
from survey.contracts import CONTRACTS
from survey.findings import Finding, Severity, nearest
from survey.records import Records
from survey.tables import RawTable

HEAVY = 0.8
"""Share among siblings from which one part outweighs all the others together many times."""
SLIGHT = 0.005
"""Share of the total below which an indicator at the lowest level hardly counts."""
NEAR = 0.15
"""How far a sum of weights may lie from 1 or 100 and still look like a slip."""
ROUNDING = 0.02
"""How far rounding of each weight may carry their sum from 1, or 100."""
Found = tuple[Finding, ...]


def check_system(system: System, file: str = "") -> Found:
    """Return everything about a system that is legal but doubtful.

    Parameters
    ----------
    system
        A system that `indicators.system_file.load_system` accepted.
    file
        Its file, for the findings.

    Returns
    -------
    Warnings and notes; nothing here is an error.
    """
    return (
        *_unmeasured(system, file),
        *_declared(system, file),
        *_no_sheet(system, file),
        *_audiences(system, file),
        *_single(system, file),
        *_weights(system, file),
        *_sums(system, file),
        *_read_twice(system, file),
        *_sinking(system, file),
        *_no_floor(system, file),
    )


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


def _warning(check: str, file: str, column: str, expected: str, got: str, hint: str) -> Finding:
    return Finding(check, Severity.WARNING, file, None, column, expected, got, hint)


def _note(check: str, file: str, column: str, expected: str, got: str, hint: str) -> Finding:
    return Finding(check, Severity.NOTE, file, None, column, expected, got, hint)


def _unmeasured(system: System, file: str) -> Iterator[Finding]:
    for node in system.nodes():
        if not node.children and not node.items:
            yield _warning(
                "unmeasured-indicator", file, node.id, "items or child indicators", "neither",
                "it never has a score, and counts as missing data; measure it or leave it out",
            )  # fmt: skip


def _declared(system: System, file: str) -> Iterator[Finding]:
    """Find columns, values and KPIs that are declared and that nothing reads."""
    conditions = system.condition_values()
    read = {
        (item.table, answer.name) for _, item in system.leaf_items() for answer in item.answers()
    }
    for table, columns in system.columns.items():
        for name, declared in columns.items():
            where = f"columns.{table}.{name}"
            if (table, name) not in conditions and (table, name) not in read:
                yield _warning(
                    "unused-declaration", file, where, "a column that an item or condition reads",
                    "none", "leave the declaration out, or use the column",
                )  # fmt: skip
                continue
            named = conditions.get((table, name), set())
            apart = [value for value in declared.values if value not in named]
            if (table, name) not in read and len(apart) > 1:
                yield _note(
                    "unnamed-values", file, where, "values that conditions tell apart",
                    f"none names {some(apart)}", "they are treated alike; check that they should",
                )  # fmt: skip
    asked = _asked_kpis(system)
    for name in system.kpis:
        if name not in asked:
            yield _warning(
                "unused-kpi", file, f"kpis.{name}", "a KPI that an item reads", "none",
                "add an item, or leave the KPI out",
            )  # fmt: skip


def _no_sheet(system: System, file: str) -> Iterator[Finding]:
    """Find records that no sheet of a `when:` takes."""
    columns = {
        (table, column.name): column.allowed
        for table, answers in system.needed_columns().items()
        for column in (*CONTRACTS[table].columns, *answers)
    }
    for _, item in system.leaf_items():
        for rule in _whens(item.rule):
            if any(not sheet.where for sheet in rule.when):
                continue
            names = {name for sheet in rule.when for name in sheet.where}
            left = "others"
            if len(names) == 1:
                (name,) = names
                taken = {value for sheet in rule.when for value in sheet.where[name]}
                asked_of = item.where.get(name) or columns.get((item.table, name), ())
                rest = [value for value in asked_of if value not in taken]
                if asked_of and not rest:
                    continue
                left = f"{name}: {some(rest)}" if rest else left
            yield _warning(
                "no-sheet", file, item.id, "a sheet for every record",
                f"none for {left}", "end with a sheet without 'where', or name them in a sheet",
            )  # fmt: skip


def _whens(rule: AnyRule) -> Iterator[WhenRule]:
    if isinstance(rule, WhenRule):
        yield rule
        for sheet in rule.when:
            yield from _whens(sheet.rule)
    elif isinstance(rule, SheetRule):
        for question in rule.sheet:
            yield from _whens(question.rule)
    elif isinstance(rule, FormulaRule) and rule.then is not None:
        yield from _whens(rule.then)


def _audiences(system: System, file: str) -> Iterator[Finding]:
    if system.audiences and not any(item.table in ADDRESSED for _, item in system.leaf_items()):
        yield _warning(
            "unused-audiences", file, "audiences", f"items from {', '.join(ADDRESSED)}", "none",
            "records of other tables have no audience; leave the audiences out",
        )  # fmt: skip
    for name, audience in system.audiences.items():
        if audience.weight == 0:
            yield _warning(
                "zero-weight", file, f"audiences.{name}", "a weight above 0", "0",
                "it is scored by itself and does not count in the overall score",
            )  # fmt: skip


def _single(system: System, file: str) -> Iterator[Finding]:
    """Find levels that do nothing, as they have one part only."""
    for node in system.nodes():
        if len(node.children) == 1:
            yield _note(
                "single-child", file, node.id, "two children or more",
                f"only {node.children[0].id!r}", "both always score the same; one level is enough",
            )  # fmt: skip


def _weights(system: System, file: str) -> Iterator[Finding]:
    table = effective_weights(system)
    leaves = {node.id for node in system.nodes() if not node.children}
    for parent, siblings in table[table["bonus"].isna()].groupby("parent", sort=False):
        for row in siblings.itertuples():
            share, name = float(row.share), str(row.id)  # pyright: ignore[reportArgumentType]
            if share == 0:
                yield _warning(
                    "zero-weight", file, name, "a weight above 0", "0",
                    f"it does not count in {parent}; leave it out, or weigh it",
                )  # fmt: skip
            elif share > HEAVY and len(siblings) > 1:
                yield _warning(
                    "heavy-weight", file, name,
                    f"at most {HEAVY:.0%} of the weight below {parent}", percent(share),
                    f"its {len(siblings) - 1} siblings hardly count",
                )  # fmt: skip
    slight = table[
        (table["kind"] == "indicator") & table["id"].isin(leaves)
        & (table["total"] > 0) & (table["total"] < SLIGHT)
    ]  # fmt: skip
    for row in slight.itertuples():
        yield _note(
            "slight-weight", file, str(row.id), f"{SLIGHT:.1%} of the total or more",
            percent(float(row.total)),  # pyright: ignore[reportArgumentType]
            "even a full score hardly moves the total; merge it, or weigh it more",
        )  # fmt: skip


def _sums(system: System, file: str) -> Iterator[Finding]:
    """Find given weights that look like shares of 1 or 100 and sum to something else."""
    sets = [(name, above, weights) for name, above, weights in _given(system)
            if len(weights) > 1 and set(weights) != {1.0}]  # fmt: skip
    sums = [sum(weights) for _, _, weights in sets]
    habit = {whole: any(abs(total - whole) < 1e-9 * whole for total in sums) for whole in (1, 100)}
    for (name, above, weights), total in zip(sets, sums, strict=True):
        if any(abs(total - whole) < 1e-9 * whole for whole in (1, 100, above)):
            continue
        whole = 1 if max(weights) < 1 else 100
        if abs(total - whole) > NEAR * whole and not (habit[whole] and max(weights) > whole / 20):
            continue
        most = min(len(weights) * _half_unit(weights), ROUNDING * whole)
        rounded = abs(total - whole) <= most + 1e-12
        told = (
            "given-weights", file, name, f"weights below it that sum to {whole:g}", f"{total:.6g}",
            "they are scaled to sum to 1" + ("" if rounded else "; is one of them mistyped?"),
        )  # fmt: skip
        yield _note(*told) if rounded else _warning(*told)


def _given(system: System) -> Iterator[tuple[str, float, list[float]]]:
    """Yield every set of siblings with weights as given: parent, its own weight, weights."""
    sets: list[tuple[str, float, object, tuple[Node | Item, ...]]] = [
        (ROOT, 1.0, system.weights, system.children)
    ]
    sets += [
        (node.id, node.weight, node.weights, node.children or node.items) for node in system.nodes()
    ]
    for name, above, method, members in sets:
        if method == "given":
            core = [m.weight for m in members if not (isinstance(m, Node) and m.bonus is not None)]
            yield name, above, core
    audiences = [audience.weight for audience in system.audiences.values()]
    yield "audiences", 1.0, audiences


def _half_unit(weights: Iterable[float]) -> float:
    """Return half a unit of the last decimal that weights are written with."""
    decimals = max(len(f"{weight:.10g}".partition(".")[2]) for weight in weights)
    return 0.5 * 10.0**-decimals


def _read_twice(system: System, file: str) -> Iterator[Finding]:
    """Find answers that count in several items put to the same records.

    Whether answers agree is another question than what they are.
    """
    seen: dict[tuple[object, ...], list[str]] = {}
    for _, item in system.leaf_items():
        if isinstance(item.rule, ConsistencyRule):
            continue
        place = tuple(sorted(item.where.items()))
        for name in dict.fromkeys(answer.name for answer in item.answers()):
            if not name.endswith(TARGET_SUFFIX) and name != item.denominator:
                seen.setdefault((item.table, name, place), []).append(item.id)
    for (table, name, _), items in seen.items():
        if len(items) > 1:
            yield _note(
                "read-twice", file, f"{table}.{name}", "each answer in one item",
                f"in {some(items)}", "it counts more than its weights say; check that it should",
            )  # fmt: skip


def _sinking(system: System, file: str) -> Iterator[Finding]:
    """Find averages that one part at 0 takes to 0, over parts that can be 0."""
    for node in (None, *system.nodes()):
        method = system.average_of(node)
        sinking = method in ("geometric", "harmonic") or (
            isinstance(method, PowerMean) and method.power <= 0
        )
        if not sinking:
            continue
        zero = [name for name, can in _parts(system, node) if can]
        if zero:
            yield _warning(
                "zero-sinks", file, node.id if node else ROOT,
                f"parts above 0 in a {average_words(method)}", f"{some(zero)} can be 0",
                "one part at 0 makes the whole 0, whatever the others are; minmax: [1, 10] or "
                "more points for the worst answer prevent it",
            )  # fmt: skip


def _parts(system: System, node: Node | None) -> list[tuple[str, bool]]:
    """Return the parts that an average is of, and whether each can be 0."""
    items = node.items if node else ()
    children = [c for c in (node.children if node else system.children) if c.bonus is None]
    worst = system.missing_of(node) == "worst"
    return [
        *((item.id, worst or _can_be_zero(item)) for item in items if item.weight),
        *((child.id, worst or _node_can_be_zero(system, child)) for child in children
          if child.weight),
    ]  # fmt: skip


def _node_can_be_zero(system: System, node: Node) -> bool:
    parts = [can for _, can in _parts(system, node)]
    method = system.average_of(node)
    any_is_enough = method in ("geometric", "harmonic", "minimum") or (
        isinstance(method, PowerMean) and method.power <= 0
    )
    return any(parts) if any_is_enough else bool(parts) and all(parts)


def _can_be_zero(item: Item) -> bool:
    return any(each.points == 0 for each in item.override) or _rule_can_be_zero(item.rule)


def _rule_can_be_zero(rule: AnyRule) -> bool:
    if isinstance(rule, MapRule):
        return min(rule.map.values()) == 0
    if isinstance(rule, PiecewiseRule):
        return min(points for _, points in rule.piecewise) == 0
    if isinstance(rule, ThresholdRule):
        return rule.otherwise == 0
    if isinstance(rule, WhenRule):
        return any(_rule_can_be_zero(sheet.rule) for sheet in rule.when)
    if isinstance(rule, SheetRule):
        return bool(rule.fatal) or all(_rule_can_be_zero(q.rule) for q in rule.sheet)
    if isinstance(rule, FormulaRule) and rule.then is not None:
        return _rule_can_be_zero(rule.then)
    if isinstance(rule, MinMaxRule):
        return rule.minmax[0] == 0
    return not (isinstance(rule, RankRule) and rule.ranked == "rank")


def _no_floor(system: System, file: str) -> Iterator[Finding]:
    for node in (None, *system.nodes()):
        own = node is None or node.minimum_coverage is not None
        if own and system.coverage_of(node) == 0 and system.missing_of(node) == "rescale":
            yield _warning(
                "no-coverage-floor", file, node.id if node else "minimum_coverage",
                "a least share of the weight with data", "0",
                "a unit with a single answer is scored, and may come first; ask for half, say",
            )  # fmt: skip


def _tables(asked: set[str], tables: Mapping[str, RawTable]) -> Iterator[Finding]:
    for name, raw in tables.items():
        if name not in asked:
            yield _warning(
                "unused-table", raw.file, name, "a table that an item reads", "none",
                f"items read {', '.join(sorted(asked))}",
            )  # fmt: skip
    for name in sorted(asked - set(tables)):
        yield _note(
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


def _asked_kpis(system: System) -> dict[str, str]:
    """Return the KPIs that items read, with the first item that does."""
    asked: dict[str, str] = {}
    for _, item in system.leaf_items():
        if item.table == "kpis":
            for answer in item.answers():
                asked.setdefault(answer.name.removesuffix(TARGET_SUFFIX), item.id)
    return asked


def _kpis(system: System, raw: RawTable) -> Iterator[Finding]:
    if "kpi" not in raw.cells:
        return
    registry = system.kpi_registry
    words = {kpi.zh: name for name, kpi in registry.items()}
    count = Counter(words.get(str(name), str(name)) for name in raw.cells["kpi"].dropna())
    asked = _asked_kpis(system)
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
                _warning("unmeasured-indicator", "", node.id, f"a record that {does}", got, hint)
            )
        else:
            expected = f"a record that {does}"
            found += [_warning("blank-item", "", name, expected, "none", hint) for name in names]
    return tuple(found)
