"""From item means up the hierarchy, for any number of units or bootstrap draws at once."""

from dataclasses import dataclass

import numpy as np

from indicators.averages import Average, average
from indicators.hierarchy import Hierarchy

SLACK = 1e-6


@dataclass(frozen=True)
class RolledUp:
    """Scores and coverage at every node.

    Parameters
    ----------
    score
        0 to the top of the scale, NaN where coverage is too low. Shape (A + 1, N, ...); the last
        audience is all.
    coverage
        Share of the weight below the node that has data, 0 to 1. Same shape.
    applies
        Whether anything below the node applies to the unit. Bool, shape (A + 1, N, ...).
    """

    score: np.ndarray
    coverage: np.ndarray
    applies: np.ndarray


def roll_up(
    hierarchy: Hierarchy,
    means: np.ndarray,
    *,
    applies: np.ndarray | None = None,
    observed: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> RolledUp:
    """Aggregate item means to every indicator.

    Parameters
    ----------
    hierarchy
        The tree, with A audiences, N nodes and I items.
    means
        Mean points of each item, NaN where nobody answered. Shape (A + 1, I, ...), where the
        further axes are units, draws or both; the last audience holds the items of tables
        without audience.
    applies
        Whether an item applies; all that are asked, by default. Bool, shape as `means`, or with
        axes of length 1.
    observed
        Whether a mean rests on data rather than on imputed figures; all, by default. Same shape.
    weight
        Weights of the indicators, in place of the hierarchy's; shape (N, ...) with further axes
        that broadcast with those of `means`.

    Notes
    -----
    A leaf is the average of its items; over all audiences it is the average of the audiences'
    leaves; a parent is the average of its core children, plus the bonus of its innovation
    children, at most the top of the scale. What is missing is left out and the other weights are
    scaled up (or as the node says), as long as the share of weight with data (the coverage)
    reaches the node's minimum; below it the node has no score. The coverage of a parent is the
    weighted mean of its core children's coverage, where a child without a score counts as 0.
    What does not apply to a unit, or is never asked of an audience, does not count at all.
    """
    further = (1,) * (means.ndim - 2)
    asked = hierarchy.item_asked.reshape(*hierarchy.item_asked.shape, *further)
    applies = asked if applies is None else applies & asked
    weight = hierarchy.weight if weight is None else weight
    shape = (means.shape[0], len(hierarchy.ids), *means.shape[2:])
    score, coverage = np.full(shape, np.nan, means.dtype), np.zeros(shape, means.dtype)
    node_applies = np.zeros((shape[0], shape[1], *applies.shape[2:]), dtype=bool)
    tree = _Tree(hierarchy, score, coverage, node_applies, weight)
    for node in range(len(hierarchy.ids) - 1, -1, -1):
        if hierarchy.children(node).size:
            tree.parent(node)
        else:
            tree.leaf(node, means, applies, observed)
    return RolledUp(score, coverage, node_applies)


@dataclass(frozen=True)
class _Tree:
    hierarchy: Hierarchy
    score: np.ndarray
    coverage: np.ndarray
    applies: np.ndarray
    weight: np.ndarray

    def leaf(
        self, node: int, means: np.ndarray, applies: np.ndarray, observed: np.ndarray | None
    ) -> None:
        tree, audiences = self.hierarchy, len(self.hierarchy.audiences)
        items = tree.items_of(node)
        if not items.size:
            self.applies[:, node] = True
            return
        values, apply = means[:, items], applies[:, items]
        shown = ~np.isnan(values)
        if observed is not None:
            shown &= observed[:, items]
        weights = _along(tree.item_weight[items], means.ndim - 2)
        self._set(slice(None), node, values, weights, apply, shown.astype(means.dtype))
        if not tree.item_unaddressed[items].all():
            each = slice(0, audiences)
            self._set(
                audiences,
                node,
                self.score[each, node],
                _along(tree.audience_weight, means.ndim - 2),
                self.applies[each, node],
                self.coverage[each, node],
                tree.audience_average,
            )

    def parent(self, node: int) -> None:
        tree = self.hierarchy
        core = tree.core(node)
        if not core.size:
            return
        self._set(
            slice(None), node, self.score[:, core], self.weight[core], self.applies[:, core],
            self.coverage[:, core],
        )  # fmt: skip
        for child in tree.extras(node):
            bonus = np.nan_to_num(self.score[:, child]) * (tree.bonus[child] / tree.best)
            self.score[:, node] = np.minimum(self.score[:, node] + bonus, tree.best)

    def _set(
        self,
        audience: slice | int,
        node: int,
        values: np.ndarray,
        weights: np.ndarray,
        applies: np.ndarray,
        covered: np.ndarray,
        method: Average | None = None,
    ) -> None:
        """Write one node from its parts; parts lie on the second axis (the first, of one row)."""
        axis = 0 if isinstance(audience, int) else 1
        values, covered, applies = (np.moveaxis(a, axis, 0) for a in (values, covered, applies))
        dtype = values.dtype
        if weights.ndim < values.ndim and not isinstance(audience, int):
            weights = weights.reshape(len(weights), 1, *_padded(weights, values.ndim - 2))
        weights = (weights * applies).astype(dtype, copy=False)
        if method is None and self.hierarchy.missing[node] == "worst":
            filled = np.where(np.isnan(values) & applies, np.asarray(0, dtype), values)
        else:
            filled = values
        method = self.hierarchy.average[node] if method is None else method
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.minimum(average(method, filled, weights), self.hierarchy.best)
            total = weights.sum(axis=0)
            share = np.where(np.isnan(values), 0, covered) * weights
            coverage = np.where(total > 0, share.sum(axis=0) / total, 0)
        enough = coverage >= self.hierarchy.minimum_coverage[node] - SLACK
        if self.hierarchy.missing[node] == "no_score":
            enough &= ~(np.isnan(values) & (weights > 0)).any(axis=0)
        self.score[audience, node] = np.where(enough, mean, np.nan)
        self.coverage[audience, node] = coverage
        self.applies[audience, node] = applies.any(axis=0)


def _along(weights: np.ndarray, further: int) -> np.ndarray:
    return weights.reshape(len(weights), *(1,) * further)


def _padded(weights: np.ndarray, further: int) -> tuple[int, ...]:
    return (*weights.shape[1:], *(1,) * (further - (weights.ndim - 1)))
