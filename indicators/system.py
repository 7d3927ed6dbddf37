"""An indicator system: the hierarchy of indicators as its YAML file states it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from indicators.averages import Average
from indicators.figures.settings import FigureSettings
from indicators.hierarchy import ALL, ROOT, Hierarchy, compile_hierarchy
from indicators.kpis.registry import Kpi, read_registry, refuse_relations
from indicators.nodes import (
    ADDRESSED,
    BY_UNIT,
    Alert,
    Audience,
    ColumnValues,
    Item,
    MissingPolicy,
    Multiplier,
    Name,
    Node,
    Share,
    Table,
    Words,
    check_members,
)
from indicators.rules import Condition
from indicators.weights.methods import AnyWeights
from survey.contracts import CONTRACTS, AnswerColumn
from survey.yaml_source import Strict


class System(Strict):
    """An indicator system as its YAML file states it.

    Parameters
    ----------
    id, title, source
        What it is and where it comes from.
    weights_note
        Where the weights come from, in words.
    unit
        What is ranked: a city, an agent, a country.
    scale
        The top of the scale in which scores are told; rules always give 0 to 10.
    weights, aggregate, missing, minimum_coverage
        As for `Node`: weights of the indicators of level 1; the rest also holds for every
        indicator that says nothing itself.
    audiences, across_audiences
        By name, with the weight of each in the overall score, and how they are averaged. None
        where records have no audience.
    columns
        By table, columns that conditions read, with their values.
    multipliers
        Records that count several times.
    figures
        How figures of units are screened, imputed, treated and normalised.
    kpis
        KPIs beside those of the registry.
    alerts
        Levels of alert, the worst first.
    children
        The indicators of level 1.
    """

    id: str
    title: Words
    source: Words
    weights_note: Words | None = None
    unit: Words = Words(zh="城市", en="city")
    scale: Annotated[float, Field(gt=0, le=1000)] = 10.0
    weights: AnyWeights = "given"
    aggregate: Average = "arithmetic"
    missing: MissingPolicy = "rescale"
    minimum_coverage: Share = 0.5
    audiences: dict[Name, Audience] = {}
    across_audiences: Average = "arithmetic"
    columns: dict[Table, dict[str, ColumnValues]] = {}
    multipliers: tuple[Multiplier, ...] = ()
    figures: FigureSettings = FigureSettings()
    kpis: dict[Name, Kpi] = {}
    alerts: tuple[Alert, ...] = ()
    children: Annotated[tuple[Node, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _rules_of_figures(cls, data: Any) -> Any:
        """Give figures without a rule the system's, in their direction; neutral KPIs have none."""
        return _with_default_rules(data) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _is_sound(self) -> "System":
        check_members(ROOT, self.weights, self.children, (), self.aggregate)
        if self.audiences and not any(each.weight > 0 for each in self.audiences.values()):
            raise ValueError("at least one audience with a weight above 0")
        owa = getattr(self.across_audiences, "owa", None)
        if owa is not None and len(owa) != len(self.audiences):
            raise ValueError(f"{len(self.audiences)} owa weights across_audiences")
        for kind, ids in (
            ("indicator", [node.id for node in self.nodes()]),
            ("item", [item.id for _, item in self.leaf_items()]),
        ):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"each {kind} id once; twice: {', '.join(twice)}")
        if reserved := {ROOT, ALL} & ({n.id for n in self.nodes()} | set(self.audiences)):
            raise ValueError(f"ids other than the reserved {', '.join(sorted(reserved))}")
        marks = [alert.below for alert in self.alerts]
        if marks != sorted(set(marks)):
            raise ValueError("alerts from the worst to the mildest, each with a higher mark")
        if self.kpis:
            refuse_relations(self.kpi_registry)
        return self

    def nodes(self) -> Iterator[Node]:
        """Yield every indicator, parents before children."""

        def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
            for node in nodes:
                yield node
                yield from walk(node.children)

        return walk(self.children)

    def leaf_items(self) -> Iterator[tuple[Node, Item]]:
        """Yield every item with the indicator it measures."""
        return ((node, item) for node in self.nodes() for item in node.items)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The tree as arrays, with the weights as given."""
        return compile_hierarchy(self)

    @cached_property
    def kpi_registry(self) -> dict[str, Kpi]:
        """The KPIs of the registry and the system's own, by name."""
        return {**read_registry().kpis, **self.kpis}

    def is_addressed(self, item: Item) -> bool:
        """Return whether the records of an item's table have one of the system's audiences."""
        return bool(self.audiences) and item.table in ADDRESSED

    def coverage_of(self, node: Node | None) -> float:
        """Return the least coverage of an indicator, or of the total (None)."""
        own = node and node.minimum_coverage
        return self.minimum_coverage if own is None else own

    def average_of(self, node: Node | None) -> Average:
        """Return how the parts of an indicator, or of the total (None), are averaged."""
        if node is None or (node.aggregate is None and node.children):
            return self.aggregate
        return node.aggregate or "arithmetic"

    def missing_of(self, node: Node | None) -> MissingPolicy:
        """Return what a part without a score does to an indicator, or to the total (None)."""
        return (node and node.missing) or self.missing

    def answer_columns(self) -> dict[str, tuple[AnswerColumn, ...]]:
        """Return the columns that the items ask of each table."""
        columns: dict[str, dict[str, AnswerColumn]] = {}
        for _, item in self.leaf_items():
            for answer in self._kpi_column() if item.table == "kpis" else item.answers():
                columns.setdefault(item.table, {}).setdefault(answer.name, answer)
        return {table: tuple(named.values()) for table, named in columns.items()}

    def _kpi_column(self) -> tuple[AnswerColumn, ...]:
        registry = self.kpi_registry
        names = tuple(kpi.zh for kpi in registry.values())
        return (AnswerColumn("kpi", "category", tuple(registry), names),)

    def needed_columns(self) -> dict[str, tuple[AnswerColumn, ...]]:
        """Return all columns that each table must have beside those of its contract."""
        columns: dict[str, dict[str, AnswerColumn]] = {}
        for table, named in self.columns.items():
            for name, given in named.items():
                values = given.values
                columns.setdefault(table, {})[name] = AnswerColumn(
                    name, "category", tuple(values), tuple(values.values())
                )
        for table, asked in self.answer_columns().items():
            for answer in asked:
                columns.setdefault(table, {}).setdefault(answer.name, answer)
        for table, name in self.condition_values():
            if name not in CONTRACTS[table].names:
                answer = AnswerColumn(name, "category")
                columns.setdefault(table, {}).setdefault(name, answer)
        return {table: tuple(named.values()) for table, named in columns.items()}

    def condition_values(self) -> dict[tuple[Table, str], set[str]]:
        """Return every column that a condition reads, by table, with the values it names."""
        named: dict[tuple[Table, str], set[str]] = {}
        conditions: list[tuple[Table, Condition]] = [
            (item.table, condition)
            for _, item in self.leaf_items()
            for condition in item.conditions()
        ]
        conditions.extend((each.table, each.where) for each in self.multipliers)
        for table, condition in conditions:
            for name, values in condition.items():
                named.setdefault((table, name), set()).update(values)
        return named


def _with_default_rules(data: dict[str, Any]) -> dict[str, Any]:
    def mapping(value: Any) -> dict[str, Any]:
        return value if isinstance(value, dict) else {}

    default = mapping(mapping(data.get("figures")).get("rule")) or {"minmax": (0, 10)}
    own = mapping(data.get("kpis"))

    def direction(item: dict[str, Any]) -> Any:
        if item.get("direction"):
            return item["direction"]
        name = item.get("column") or item.get("id")
        if item.get("table") != "kpis" or not isinstance(name, str):
            return default.get("direction", "higher")
        mine = own.get(name)
        if isinstance(mine, dict):
            return mine.get("direction", "higher")
        known = read_registry().kpis.get(name)
        return known.direction if known else "higher"

    def filled(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        changed = dict(node)
        for key, each in (("children", filled), ("items", with_rule)):
            if isinstance(node.get(key), list | tuple):
                changed[key] = [each(part) for part in node[key]]
        return changed

    def with_rule(item: Any) -> Any:
        if not isinstance(item, dict) or "rule" in item or item.get("table") not in BY_UNIT:
            return item
        way = direction(item)
        return item if way == "neutral" else {**item, "rule": {**default, "direction": way}}

    return filled(data)
