"""The compiled form of an indicator system: its tree as arrays."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indicators.averages import Average
from survey.findings import Finding, InputError, Severity, did_you_mean

if TYPE_CHECKING:
    from indicators.nodes import Node
    from indicators.system import System

ALL = "all"
ROOT = "total"


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
        Weight among its siblings. Shape (N,).
    bonus
        Points an innovation indicator adds at most, 0 for those that enter by weight. Shape (N,).
    minimum_coverage
        Shape (N,), 0 to 1.
    average, missing
        How each one's parts are averaged, and what a part without a score does. Length N.
    items
        Item ids, length I.
    item_leaf
        Index of the indicator that each item measures. Shape (I,).
    item_weight
        Shape (I,).
    item_asked
        Whether an audience is asked an item; the last row holds the items of tables without
        audience. Bool, shape (A + 1, I).
    audiences, audience_weight, audience_average
        Names, length A, weights, shape (A,), and how audiences are averaged.
    best
        The top of the scale.
    """

    ids: tuple[str, ...]
    parent: np.ndarray
    depth: np.ndarray
    weight: np.ndarray
    bonus: np.ndarray
    minimum_coverage: np.ndarray
    average: tuple[Average, ...]
    missing: tuple[str, ...]
    items: tuple[str, ...]
    item_leaf: np.ndarray
    item_weight: np.ndarray
    item_asked: np.ndarray
    audiences: tuple[str, ...]
    audience_weight: np.ndarray
    audience_average: Average
    best: float

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

    def core(self, node: int) -> np.ndarray:
        """Return the indices of the children that enter a node's average."""
        return np.flatnonzero((self.parent == node) & (self.bonus == 0))

    def extras(self, node: int) -> np.ndarray:
        """Return the indices of the children that add a bonus to a node."""
        return np.flatnonzero((self.parent == node) & (self.bonus > 0))

    def items_of(self, node: int) -> np.ndarray:
        """Return the indices of the items that a leaf is measured by."""
        return np.flatnonzero(self.item_leaf == node)

    def path(self, node: int) -> tuple[int, ...]:
        """Return the indices from the total down to a node."""
        return (*(() if self.parent[node] < 0 else self.path(int(self.parent[node]))), node)

    @cached_property
    def item_unaddressed(self) -> np.ndarray:
        """Whether an item's table knows no audience; bool, shape (I,)."""
        return self.item_asked[-1]

    @cached_property
    def leaf_below(self) -> np.ndarray:
        """Whether a leaf (column) lies at or below a node (row); bool, shape (N, N)."""
        below = np.eye(len(self.ids), dtype=bool)
        for node in range(len(self.ids) - 1, 0, -1):
            below[self.parent[node]] |= below[node]
        return below


def compile_hierarchy(system: "System") -> Hierarchy:
    """Lay a system out as arrays, with the weights that it gives (see `Hierarchy`)."""
    ids, parent, depth, weight, bonus = [ROOT], [-1], [0], [1.0], [0.0]
    nodes: list[Node | None] = [None]

    def add(node: "Node", above: int) -> None:
        here = len(ids)
        ids.append(node.id)
        parent.append(above)
        depth.append(depth[above] + 1)
        weight.append(node.weight)
        bonus.append(node.bonus or 0.0)
        nodes.append(node)
        for child in node.children:
            add(child, here)

    for child in system.children:
        add(child, 0)
    place = {name: at for at, name in enumerate(ids)}
    measured = [(place[node.id], item) for node, item in system.leaf_items()]
    audiences = tuple(system.audiences)
    addressed = [system.is_addressed(item) for _, item in measured]
    asked = [
        [of and name in item.where.get("audience", audiences) for of, (_, item) in
         zip(addressed, measured, strict=True)]
        for name in audiences
    ]  # fmt: skip
    return Hierarchy(
        ids=tuple(ids),
        parent=np.array(parent),
        depth=np.array(depth),
        weight=np.array(weight),
        bonus=np.array(bonus),
        minimum_coverage=np.array([system.coverage_of(node) for node in nodes]),
        average=tuple(system.average_of(node) for node in nodes),
        missing=tuple(system.missing_of(node) for node in nodes),
        items=tuple(item.id for _, item in measured),
        item_leaf=np.array([leaf for leaf, _ in measured], dtype=int),
        item_weight=np.array([item.weight for _, item in measured]),
        item_asked=np.array([*asked, [not of for of in addressed]], dtype=bool),
        audiences=audiences,
        audience_weight=np.array([each.weight for each in system.audiences.values()]),
        audience_average=system.across_audiences,
        best=system.scale,
    )
