"""An indicator system: the hierarchy of indicators as its YAML file states it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from indicators.averages import Average
from indicators.figures.settings import FigureSettings, Treatment
from indicators.hierarchy import ALL, ROOT, Hierarchy, compile_hierarchy
from indicators.kpis.registry import Kpi, read_registry, refuse_relations
from indicators.rules import NORMALISERS, AnyRule, Condition, FormulaRule, Points
from indicators.weights.methods import AnyWeights
from survey.contracts import CONTRACTS, AnswerColumn
from survey.yaml_source import Strict

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
Table = Literal["calls", "responses", "channel_tests", "inspections", "cases", "kpis", "figures"]
ADDRESSED = ("calls", "responses", "channel_tests")
"""Tables whose records have an audience."""
BY_UNIT = ("kpis", "figures")
"""Tables with one figure a unit, where a rule may compare units."""
MissingPolicy = Literal["rescale", "worst", "no_score"]


class Words(Strict):
    """A text in Chinese and in English."""

    zh: str
    en: str


class Override(Strict):
    """Points given whatever was answered, for the records that meet a condition."""

    where: Condition
    points: Points


class Multiplier(Strict):
    """Records that count several times, such as repeated complaints.

    Parameters
    ----------
    table, where
        The records.
    times
        How often each counts; several multipliers of one record multiply.
    """

    table: Table
    where: Annotated[Condition, Field(min_length=1)]
    times: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ColumnValues(Strict):
    """A column of a table that conditions read, with the values it may hold.

    Parameters
    ----------
    values
        Value to its Chinese word; either may stand in a file.
    """

    values: Annotated[dict[str, str], Field(min_length=1)]


class Item(Strict):
    """One question put to the records of a table, or one figure of a unit.

    Parameters
    ----------
    id
        Unique in the system; also the column (or the KPI), unless `column` names another.
    table
        Where the answers are.
    rule
        How an answer becomes points. Figures and KPIs may leave it to the system's `figures`.
    where
        Column to the values it must have; the item is not put to other records.
    override
        Records that get fixed points, such as none for a call that nobody answered.
    not_applicable
        Answers that say the question does not apply: unlike a blank they do not count as missing.
    clause
        The clause of a standard that the rule follows.
    denominator
        Column of the same table that a figure is divided by.
    treat
        How outliers of a figure are treated, where that is not the system's way.
    direction
        Of a figure without a rule of its own: whether a ``higher`` (the default) or a ``lower``
        one is better.
    """

    id: Name
    zh: str
    en: str
    table: Table
    rule: AnyRule
    column: str | None = None
    weight: Weight = 1.0
    where: Condition = {}
    override: tuple[Override, ...] = ()
    not_applicable: tuple[str, ...] = ()
    clause: str = ""
    denominator: str | None = None
    treat: Treatment | None = None
    direction: Literal["higher", "lower"] | None = None

    @model_validator(mode="after")
    def _fits_its_table(self) -> "Item":
        if self.not_applicable and not any(a.not_applicable for a in self.answers()):
            raise ValueError(f"{self.id!r}: numbers as not_applicable of a column of numbers")
        if self.table not in BY_UNIT:
            if placed := next((k for k in NORMALISERS if k in type(self.rule).model_fields), None):
                raise ValueError(
                    f"a rule for single records in {self.id!r}: {placed} compares units, and "
                    f"needs table {' or '.join(BY_UNIT)}"
                )
            if self.denominator or self.treat:
                raise ValueError(f"{self.id!r}: denominator and treat with figures or kpis only")
        elif isinstance(self.rule, FormulaRule) and (self.denominator or self.treat):
            raise ValueError(f"{self.id!r}: denominator and treatment inside the formula")
        elif self.override or self.where:
            raise ValueError(f"{self.id!r}: where and override with tables of records only")
        if self.direction and getattr(self.rule, "direction", None) != self.direction:
            raise ValueError(f"{self.id!r}: the direction inside its rule, where it has one")
        if self.table == "kpis" and self.denominator:
            raise ValueError(f"{self.id!r}: a KPI brings its own denominator")
        return self

    @property
    def source(self) -> str:
        """The column that holds the answer."""
        return self.column or self.id

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition on the records that the item states."""
        yield self.where
        yield from (each.where for each in self.override)
        yield from _conditions_in(self.rule)

    def answers(self) -> tuple[AnswerColumn, ...]:
        """Return what each column that the item reads may hold."""
        codes = tuple(answer for answer in self.not_applicable if _is_number(answer))
        columns = [
            replace(a, not_applicable=self.not_applicable if a.kind == "category" else codes)
            for a in self.rule.answers(self.source)
        ]
        if self.denominator:
            columns.append(AnswerColumn(self.denominator, "number"))
        return tuple(columns)


class Node(Strict):
    """An indicator with either child indicators or items.

    Parameters
    ----------
    role
        ``core`` indicators make the average of their parent; ``innovation`` stands apart.
    bonus
        Points that an innovation indicator adds to its parent at most, in proportion to its score.
        Without it, an innovation indicator enters by its weight like the others.
    weights
        How the weights of its children, or of its items, come about (default: as given).
    aggregate
        How its children, or its items, are averaged. By default children as the system says and
        items arithmetically.
    missing
        What a part without a score does (default: as the system says): ``rescale`` scales the
        other weights up, ``worst`` counts it as 0 points, ``no_score`` leaves the indicator
        without a score.
    minimum_coverage
        Least share of the weight below the node that must have data (default: the system's).
    """

    id: Name
    zh: str
    en: str
    definition: Words | None = None
    weight: Weight = 1.0
    role: Literal["core", "innovation"] = "core"
    bonus: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    weights: AnyWeights = "given"
    aggregate: Average | None = None
    missing: MissingPolicy | None = None
    minimum_coverage: Share | None = None
    children: tuple["Node", ...] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> "Node":
        if self.children and self.items:
            raise ValueError(f"the indicator {self.id!r} with either children or items")
        if self.bonus is not None and self.role != "innovation":
            raise ValueError(f"{self.id!r}: a bonus with role: innovation only")
        if len({item.table in ADDRESSED for item in self.items}) > 1:
            raise ValueError(
                f"{self.id!r}: items from tables with an audience ({', '.join(ADDRESSED)}), or "
                "from tables without; not both"
            )
        check_members(self.id, self.weights, self.children, self.items, self.aggregate)
        return self


class Audience(Strict):
    """A group of users that is scored by itself and counts in the overall score by weight."""

    zh: str
    en: str
    weight: Weight = 1.0


class Alert(Strict):
    """A level of alert, such as red, for scores below a mark."""

    id: Name
    zh: str
    en: str
    below: Annotated[float, Field(gt=0, allow_inf_nan=False)]


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
        """Give figures without a rule the system's, in their direction."""
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


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


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
        return known.direction if known and known.direction != "neutral" else "higher"

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
        return {**item, "rule": {**default, "direction": direction(item)}}

    return filled(data)


def _conditions_in(rule: object) -> Iterator[Condition]:
    for sheet in getattr(rule, "when", ()):
        yield sheet.where
        yield from _conditions_in(sheet.rule)
    for question in getattr(rule, "sheet", ()):
        yield from _conditions_in(question.rule)
    yield from getattr(rule, "fatal", ())
    if getattr(rule, "then", None):
        yield from _conditions_in(rule.then)  # pyright: ignore[reportAttributeAccessIssue]


def check_members(
    parent: str,
    weights: AnyWeights,
    children: tuple[Node, ...],
    items: tuple[Item, ...],
    aggregate: Average | None,
) -> None:
    """Refuse weights that do not fit the children or the items they are for."""
    members: tuple[Node | Item, ...] = tuple(c for c in children if c.bonus is None) or items
    ids = [member.id for member in members]
    if isinstance(weights, str):
        if weights != "given" and any(member.weight != 1 for member in members):
            raise ValueError(f"below {parent!r} either weights: {weights}, or a weight for each")
        if weights == "given" and members and not any(member.weight > 0 for member in members):
            raise ValueError(f"below {parent!r} at least one weight above 0 among {', '.join(ids)}")
    elif set(weights.names) != set(ids):
        raise ValueError(
            f"weights below {parent!r} for {', '.join(ids)} (they are for "
            f"{', '.join(weights.names)})"
        )
    owa = getattr(aggregate, "owa", None)
    if owa is not None and members and len(owa) != len(members):
        raise ValueError(f"{len(members)} owa weights below {parent!r} (there are {len(owa)})")
