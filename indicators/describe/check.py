"""What is legal in a system but doubtful: weights, unused columns, gaps, zeros that sink."""

from collections.abc import Iterable, Iterator

from indicators.averages import PowerMean
from indicators.describe.doubts import Found, asked_kpis, doubt, note
from indicators.describe.outline import effective_weights, percent
from indicators.describe.words import average_words
from indicators.hierarchy import ROOT
from indicators.nodes import ADDRESSED, Item, Node
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
from indicators.rules.normalise import TARGET_SUFFIX, MinMaxRule, RankRule
from indicators.score_findings import some
from indicators.system import System
from survey.contracts import CONTRACTS
from survey.findings import Finding

HEAVY = 0.8
"""Share among siblings from which one part outweighs all the others together many times."""
SLIGHT = 0.005
"""Share of the total below which an indicator at the lowest level hardly counts."""
NEAR = 0.15
"""How far a sum of weights may lie from 1 or 100 and still look like a slip."""
ROUNDING = 0.02
"""How far rounding of each weight may carry their sum from 1, or 100."""


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


def _unmeasured(system: System, file: str) -> Iterator[Finding]:
    for node in system.nodes():
        if not node.children and not node.items:
            yield doubt(
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
                yield doubt(
                    "unused-declaration", file, where, "a column that an item or condition reads",
                    "none", "leave the declaration out, or use the column",
                )  # fmt: skip
                continue
            named = conditions.get((table, name), set())
            apart = [value for value in declared.values if value not in named]
            if (table, name) not in read and len(apart) > 1:
                yield note(
                    "unnamed-values", file, where, "values that conditions tell apart",
                    f"none names {some(apart)}", "they are treated alike; check that they should",
                )  # fmt: skip
    asked = asked_kpis(system)
    for name in system.kpis:
        if name not in asked:
            yield doubt(
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
            yield doubt(
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
        yield doubt(
            "unused-audiences", file, "audiences", f"items from {', '.join(ADDRESSED)}", "none",
            "records of other tables have no audience; leave the audiences out",
        )  # fmt: skip
    for name, audience in system.audiences.items():
        if audience.weight == 0:
            yield doubt(
                "zero-weight", file, f"audiences.{name}", "a weight above 0", "0",
                "it is scored by itself and does not count in the overall score",
            )  # fmt: skip


def _single(system: System, file: str) -> Iterator[Finding]:
    """Find levels that do nothing, as they have one part only."""
    for node in system.nodes():
        if len(node.children) == 1:
            yield note(
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
                yield doubt(
                    "zero-weight", file, name, "a weight above 0", "0",
                    f"it does not count in {parent}; leave it out, or weigh it",
                )  # fmt: skip
            elif share > HEAVY and len(siblings) > 1:
                yield doubt(
                    "heavy-weight", file, name,
                    f"at most {HEAVY:.0%} of the weight below {parent}", percent(share),
                    f"its {len(siblings) - 1} siblings hardly count",
                )  # fmt: skip
    slight = table[
        (table["kind"] == "indicator") & table["id"].isin(leaves)
        & (table["total"] > 0) & (table["total"] < SLIGHT)
    ]  # fmt: skip
    for row in slight.itertuples():
        yield note(
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
        yield note(*told) if rounded else doubt(*told)


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
            yield note(
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
            yield doubt(
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
            yield doubt(
                "no-coverage-floor", file, node.id if node else "minimum_coverage",
                "a least share of the weight with data", "0",
                "a unit with a single answer is scored, and may come first; ask for half, say",
            )  # fmt: skip
