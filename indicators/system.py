"""An indicator system: the hierarchy of indicators read from YAML, and its compiled form."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from indicators.rules import (
    RULES,
    BinaryRule,
    CountRule,
    LikertRule,
    MapRule,
    PiecewiseRule,
    Points,
)
from survey.contracts import AnswerColumn
from survey.findings import Finding, InputError, Severity, did_you_mean, display_path
from survey.yaml_source import Strict, read_yaml

ALL = "all"
ROOT = "total"
SYSTEMS = Path(__file__).parent / "systems"
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Table = Literal["calls", "responses", "cases"]
Condition = dict[str, tuple[str, ...]]


class Words(Strict):
    """A text in Chinese and in English."""

    zh: str
    en: str


def _rule_name(rule: Any) -> str | None:
    keys = rule if isinstance(rule, dict) else getattr(type(rule), "model_fields", {})
    return next((name for name in RULES if name in keys), None)


AnyRule = Annotated[
    Annotated[MapRule, Tag("map")]
    | Annotated[BinaryRule, Tag("binary")]
    | Annotated[LikertRule, Tag("likert")]
    | Annotated[PiecewiseRule, Tag("piecewise")]
    | Annotated[CountRule, Tag("count")],
    Discriminator(
        _rule_name,
        custom_error_type="unknown_rule",
        custom_error_message="one of the rules map, binary, likert, piecewise, count",
    ),
]


class Override(Strict):
    """Points given whatever was answered, for the records that meet a condition."""

    where: Condition
    points: Points


class Item(Strict):
    """One question put to the records of a table.

    Parameters
    ----------
    id
        Unique in the system; also the column, unless `column` names another.
    table
        ``calls``, ``responses`` or ``cases``.
    where
        Column to the values it must have; the item does not apply to other records.
    override
        Records that get fixed points, such as none for a call that nobody answered.
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

    @property
    def source(self) -> str:
        """The column that holds the answer."""
        return self.column or self.id


class Node(Strict):
    """An indicator with either child indicators or items.

    Parameters
    ----------
    role
        ``core`` indicators make the mean of their parent; an ``innovation`` indicator adds a
        bonus to it.
    bonus
        Points that an innovation indicator adds to its parent at most, in proportion to its score.
    minimum_coverage
        Least share of the weight below the node that must have data (default: the system's).
    """

    id: Name
    zh: str
    en: str
    definition: Words
    weight: Weight = 1.0
    role: Literal["core", "innovation"] = "core"
    bonus: Annotated[float, Field(gt=0, le=10)] | None = None
    minimum_coverage: Annotated[float, Field(ge=0, le=1)] | None = None
    children: tuple["Node", ...] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> "Node":
        if bool(self.children) == bool(self.items):
            raise ValueError(f"the indicator {self.id!r} with either children or items")
        if (self.role == "innovation") != (self.bonus is not None):
            raise ValueError(f"{self.id!r}: role innovation and bonus together, or neither")
        if len({item.table == "cases" for item in self.items}) > 1:
            raise ValueError(
                f"{self.id!r}: items from cases, or from calls and responses; not both"
            )
        _some_weight(self.id, [child for child in self.children if child.role == "core"])
        _some_weight(self.id, self.items)
        return self


class Audience(Strict):
    """A group of users that is scored by itself and counts in the overall score by weight."""

    zh: str
    en: str
    weight: Weight = 1.0


class System(Strict):
    """An indicator system as its YAML file states it.

    Parameters
    ----------
    id, title, source
        What it is and where it comes from.
    weights
        Where the weights come from, in words.
    minimum_coverage
        Least share of weight that must have data for a score to exist, 0 to 1.
    audiences
        By name, with the weight of each in the overall score.
    children
        The indicators of level 1.
    """

    id: str
    title: Words
    source: Words
    weights: Words
    minimum_coverage: Annotated[float, Field(ge=0, le=1)]
    audiences: Annotated[dict[Name, Audience], Field(min_length=1)]
    children: Annotated[tuple[Node, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_sound(self) -> "System":
        _some_weight(ROOT, [child for child in self.children if child.role == "core"])
        if not any(audience.weight > 0 for audience in self.audiences.values()):
            raise ValueError("at least one audience with a weight above 0")
        for kind, ids in (
            ("indicator", [node.id for node in self.nodes()]),
            ("item", [item.id for _, item in self.leaf_items()]),
        ):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"each {kind} id once; twice: {', '.join(twice)}")
        if reserved := {ROOT, ALL} & ({n.id for n in self.nodes()} | set(self.audiences)):
            raise ValueError(f"ids other than the reserved {', '.join(sorted(reserved))}")
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
    def hierarchy(self) -> "Hierarchy":
        """The tree as arrays."""
        return compile_hierarchy(self)

    def answer_columns(self) -> dict[str, tuple[AnswerColumn, ...]]:
        """Return the answer columns that each table of records must have."""
        columns: dict[str, dict[str, AnswerColumn]] = {}
        for _, item in self.leaf_items():
            for answer in item.rule.answers(item.source):
                columns.setdefault(item.table, {}).setdefault(answer.name, answer)
        return {table: tuple(named.values()) for table, named in columns.items()}


def _some_weight(parent: str, members: "list[Node] | tuple[Item, ...]") -> None:
    if members and not any(member.weight > 0 for member in members):
        names = ", ".join(member.id for member in members)
        raise ValueError(f"below {parent!r} at least one weight above 0 among {names}")


@dataclass(frozen=True)
class Hierarchy:
    """The indicators of a system as arrays; index 0 is the total, parents before children.

    Parameters
    ----------
    ids
        Indicator ids, length N.
    parent
        Index of each one's parent, -1 for the total. Shape (N,).
    depth
        0 for the total. Shape (N,).
    weight
        Weight among its siblings, as written. Shape (N,).
    bonus
        Points an innovation indicator adds at most, 0 for core ones. Shape (N,).
    minimum_coverage
        Shape (N,), 0 to 1.
    items
        Item ids, length I.
    item_leaf
        Index of the indicator that each item measures. Shape (I,).
    item_weight
        Shape (I,).
    item_unaddressed
        Whether an item's table knows no audience (cases). Shape (I,).
    audiences, audience_weight
        Names, length A, and weights, shape (A,).
    """

    ids: tuple[str, ...]
    parent: np.ndarray
    depth: np.ndarray
    weight: np.ndarray
    bonus: np.ndarray
    minimum_coverage: np.ndarray
    items: tuple[str, ...]
    item_leaf: np.ndarray
    item_weight: np.ndarray
    item_unaddressed: np.ndarray
    audiences: tuple[str, ...]
    audience_weight: np.ndarray

    def index(self, indicator: str) -> int:
        """Return the position of an indicator.

        Raises
        ------
        InputError
            Where there is none of that id, with the nearest right one.
        """
        try:
            return self.ids.index(indicator)
        except ValueError:
            finding = Finding(
                "unknown-indicator",
                Severity.ERROR,
                expected="an indicator of the system",
                got=repr(indicator),
                hint=did_you_mean(indicator, self.ids),
            )
            raise InputError([finding]) from None

    def children(self, node: int) -> np.ndarray:
        """Return the indices of a node's children."""
        return np.flatnonzero(self.parent == node)

    def path(self, node: int) -> tuple[int, ...]:
        """Return the indices from the total down to a node."""
        return (*(() if self.parent[node] < 0 else self.path(int(self.parent[node]))), node)

    @cached_property
    def leaf_below(self) -> np.ndarray:
        """Whether a leaf (column) lies at or below a node (row); bool, shape (N, N)."""
        below = np.eye(len(self.ids), dtype=bool)
        for node in range(len(self.ids) - 1, 0, -1):
            below[self.parent[node]] |= below[node]
        return below


def compile_hierarchy(system: System) -> Hierarchy:
    """Lay a system out as arrays (see `Hierarchy`)."""
    ids, parent, depth, weight, bonus, minimum = [ROOT], [-1], [0], [1.0], [0.0], []
    minimum.append(system.minimum_coverage)

    def add(node: Node, above: int) -> None:
        here = len(ids)
        ids.append(node.id)
        parent.append(above)
        depth.append(depth[above] + 1)
        weight.append(node.weight)
        bonus.append(node.bonus or 0.0)
        own = node.minimum_coverage
        minimum.append(system.minimum_coverage if own is None else own)
        for child in node.children:
            add(child, here)

    for child in system.children:
        add(child, 0)
    measured = [(ids.index(node.id), item) for node, item in system.leaf_items()]
    return Hierarchy(
        ids=tuple(ids),
        parent=np.array(parent),
        depth=np.array(depth),
        weight=np.array(weight),
        bonus=np.array(bonus),
        minimum_coverage=np.array(minimum),
        items=tuple(item.id for _, item in measured),
        item_leaf=np.array([leaf for leaf, _ in measured]),
        item_weight=np.array([item.weight for _, item in measured]),
        item_unaddressed=np.array([item.table == "cases" for _, item in measured]),
        audiences=tuple(system.audiences),
        audience_weight=np.array([each.weight for each in system.audiences.values()]),
    )


def load_system(name: str | Path) -> System:
    """Load an indicator system.

    Parameters
    ----------
    name
        The name of one that comes with the package (``"hotline-2021"``), or a path to a YAML file.

    Raises
    ------
    InputError
        With every wrong key or value at once.
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = SYSTEMS / f"{name}.yaml"
        known = sorted(file.stem for file in SYSTEMS.glob("*.yaml"))
        if str(name) not in known:
            finding = Finding(
                "unknown-system",
                Severity.ERROR,
                expected="an indicator system or a .yaml file",
                got=repr(str(name)),
                hint=did_you_mean(str(name), known),
            )
            raise InputError([finding])
    system = read_yaml(path, System)
    _check_columns(system, path)
    return system


def _check_columns(system: System, path: Path) -> None:
    """Refuse two items that read one column of a table by rules with different answers."""
    seen: dict[tuple[str, str], tuple[str, AnswerColumn]] = {}
    findings = []
    for _, item in system.leaf_items():
        for answer in item.rule.answers(item.source):
            first, known = seen.setdefault((item.table, answer.name), (item.id, answer))
            if known != answer:
                findings.append(
                    Finding(
                        "contradictory-rules",
                        Severity.ERROR,
                        display_path(path),
                        None,
                        f"{item.table}.{answer.name}",
                        f"the answers that {first!r} accepts",
                        f"others from {item.id!r}",
                        "give both items the same answers",
                    )
                )
    if findings:
        raise InputError(findings)
