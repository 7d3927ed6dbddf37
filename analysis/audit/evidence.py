"""Evidence: what the checks look at, and the parts that every indicator is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.audit.verdicts import Words
from analysis.uncertainty.leaf_tree import leaf_indices
from indicators.hierarchy import Hierarchy
from indicators.nodes import Item
from indicators.scores import Scores

FEWEST = 10
"""Below so many units or records correlations are not looked at."""
SURVEY = "responses"
"""The table whose items form a scale: answers of one person to several questions."""


@dataclass(frozen=True)
class Evidence:
    """Scores as the checks look at them.

    Parameters
    ----------
    scores
        The scores of an index.
    level
        Level of intervals.
    seed
        Of all random draws.
    """

    scores: Scores
    level: float = 0.95
    seed: int = 0

    @property
    def tree(self) -> Hierarchy:
        """The hierarchy with the weights that hold."""
        return self.scores.hierarchy

    @property
    def values(self) -> np.ndarray:
        """Scores over all audiences, shape (U, N)."""
        return self.scores.score[:, -1]

    @cached_property
    def leaves(self) -> np.ndarray:
        """Indices of the indicators without children."""
        return leaf_indices(self.tree)

    @cached_property
    def extra(self) -> np.ndarray:
        """Whether a node lies in a branch that only adds a bonus; bool, shape (N,)."""
        return np.any(self.tree.leaf_below[self.tree.bonus > 0], axis=0)

    @cached_property
    def labels(self) -> tuple[Words, ...]:
        """What each indicator is called, in quotation marks."""
        nodes = self.scores.system.nodes()
        return (("总分", "the total"), *(quoted(node.zh, node.en) for node in nodes))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items, in the order of the hierarchy."""
        return tuple(item for _, item in self.scores.system.leaf_items())

    @property
    def unit(self) -> Words:
        """What is ranked."""
        word = self.scores.system.unit
        return word.zh, word.en

    @cached_property
    def parts(self) -> "tuple[Parts, ...]":
        """How the children of every indicator vary over the units, where two or more do."""
        below = ((node, self.tree.core(node)) for node in range(len(self.tree.ids)))
        return tuple(
            parts
            for node, children in below
            for parts in together(
                node,
                [self.tree.ids[child] for child in children],
                [self.labels[child] for child in children],
                self.values[:, children],
            )
        )

    @cached_property
    def scales(self) -> "tuple[Parts, ...]":
        """How the items vary over the questionnaires, of indicators that only they measure."""
        return tuple(self._scales())

    def _scales(self) -> "Iterator[Parts]":
        survey = next((each for each in self.scores.points if each.table == SURVEY), None)
        if survey is None:
            return
        for node in range(len(self.tree.ids)):
            own = np.flatnonzero(self.tree.leaf_below[node, self.tree.item_leaf])
            if not np.isin(own, survey.items).all():
                continue
            asked = [self.items[at] for at in own]
            yield from together(
                node,
                [item.id for item in asked],
                [quoted(item.zh, item.en) for item in asked],
                survey.points[:, np.isin(survey.items, own)],
                of_records=True,
            )

    @cached_property
    def whole(self) -> "Parts | None":
        """All indicators without children that enter the total's average."""
        leaves = self.leaves[~self.extra[self.leaves]]
        ids = [self.tree.ids[leaf] for leaf in leaves]
        found = together(0, ids, [self.labels[leaf] for leaf in leaves], self.values[:, leaves])
        return next(found, None)


@dataclass(frozen=True)
class Parts:
    """How the parts of one indicator vary together.

    Parameters
    ----------
    node
        Index of the indicator.
    ids, names
        The parts, length K: its children, or the items of a questionnaire.
    covariance
        Over units, or over questionnaires where the parts are items; shape (K, K). Every entry
        takes all that have both parts.
    n
        The fewest that any entry takes.
    of_records
        Whether the parts are items of a questionnaire.
    """

    node: int
    ids: tuple[str, ...]
    names: tuple[Words, ...]
    covariance: np.ndarray
    n: int
    of_records: bool

    @cached_property
    def correlation(self) -> np.ndarray:
        """Shape (K, K)."""
        spread = np.sqrt(np.diag(self.covariance))
        return np.clip(self.covariance / np.outer(spread, spread), -1, 1)


def together(
    node: int, ids: list[str], names: list[Words], values: np.ndarray, *, of_records: bool = False
) -> Iterator[Parts]:
    """Yield the parts of an indicator, where two or more vary and enough is known of them.

    Parameters
    ----------
    node, ids, names
        As for `Parts`.
    values
        Their scores, shape (n, K), NaN where missing. Parts that never vary are left out.
    of_records
        As for `Parts`.
    """
    spread = np.nanmax(values, axis=0, initial=-np.inf) - np.nanmin(values, axis=0, initial=np.inf)
    kept = np.flatnonzero(spread > 1e-9)
    there = ~np.isnan(values[:, kept])
    n = (there.T.astype(float) @ there).min(initial=np.inf)
    if len(kept) < 2 or n < FEWEST:
        return
    covariance = pd.DataFrame(values[:, kept]).cov().to_numpy()
    if (np.diag(covariance) > 0).all() and not np.isnan(covariance).any():
        yield Parts(
            node,
            tuple(ids[at] for at in kept),
            tuple(names[at] for at in kept),
            covariance,
            int(n),
            of_records,
        )


def quoted(zh: str, en: str) -> Words:
    """Return a label in quotation marks."""
    return f"“{zh}”", f'"{en}"'


def listed(names: list[Words], most: int = 3) -> Words:
    """Join names, at most so many."""
    zh = "、".join(name[0] for name in names[:most])
    en = ", ".join(name[1] for name in names[:most])
    rest = len(names) - most
    return (f"{zh}等{len(names)}项", f"{en} and {rest} more") if rest > 0 else (zh, en)
