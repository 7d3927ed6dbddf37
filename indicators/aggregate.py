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
    scaled up (or as the node says; an audience without a score is always left out, unless the
    node says ``no_score``), as long as the share of weight with data (the coverage)
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
        """Write a leaf from its items, and over all audiences from those of each audience."""
        tree, audiences = self.hierarchy, len(self.hierarchy.audiences)
        items = tree.items_of(node)
        if not items.size:
            self.applies[:, node] = True
            return
        method, weights = tree.average[node], tree.item_weight[items]
        for audience in range(audiences + 1):
            seen = None if observed is None else observed[audience, items]
            parts = _Parts(means[audience, items], seen, applies[audience, items], weights)
            self._write(audience, node, parts, method, tree.missing[node])
        if not tree.item_unaddressed[items].all():
            parts = _Parts(
                self.score[:audiences, node],
                self.coverage[:audiences, node],
                self.applies[:audiences, node],
                tree.audience_weight,
            )
            policy = "no_score" if tree.missing[node] == "no_score" else "rescale"
            self._write(audiences, node, parts, tree.audience_average, policy)

    def parent(self, node: int) -> None:
        """Write an indicator from its core children, and add the bonus of the others."""
        tree = self.hierarchy
        core = tree.core(node)
        for audience in range(len(tree.audiences) + 1):
            parts = _Parts(
                self.score[audience, core],
                self.coverage[audience, core],
                self.applies[audience, core],
                self.weight[core],
            )
            self._write(audience, node, parts, tree.average[node], tree.missing[node])
        for child in tree.extras(node):
            bonus = np.nan_to_num(self.score[:, child]) * (tree.bonus[child] / tree.best)
            self.score[:, node] = np.minimum(self.score[:, node] + bonus, tree.best)

    def _write(
        self, audience: int, node: int, parts: "_Parts", method: Average, missing: str
    ) -> None:
        tree = self.hierarchy
        self.applies[audience, node] = parts.applies.any(axis=0)
        if not self.applies[audience, node].any():
            return
        mean, coverage, whole = parts.averaged(method, missing)
        mean = np.minimum(mean, np.asarray(tree.best, mean.dtype))
        enough = coverage >= tree.minimum_coverage[node] - SLACK
        if missing == "no_score":
            enough = enough & whole
        self.score[audience, node] = np.where(enough, mean, np.asarray(np.nan, mean.dtype))
        self.coverage[audience, node] = coverage


@dataclass(frozen=True)
class _Parts:
    """The parts of one node for one audience.

    Parameters
    ----------
    values
        NaN where missing, shape (K, ...).
    covered
        How far each is covered, as a share or as a truth; wholly where None. Same shape.
    applies, weights
        Broadcast with `values` from the first axis on.
    """

    values: np.ndarray
    covered: np.ndarray | None
    applies: np.ndarray
    weights: np.ndarray

    def averaged(
        self, method: Average, missing: str
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray | bool]:
        """Return mean, coverage, and whether every part that applies is there."""
        values, dtype = self.values, self.values.dtype
        absent = np.isnan(values)
        plain = self.weights.ndim == 1 and not absent.any() and self.applies.all()
        plain = plain and self.weights.any()
        if plain and method == "arithmetic":
            share = (self.weights / self.weights.sum()).astype(dtype)
            mean = np.tensordot(share, values, 1)
            if self.covered is None or self.covered.min() >= 1:
                return mean, np.ones(mean.shape, dtype), True
            return mean, np.tensordot(share, self.covered.astype(dtype), 1), True
        weights = self.weights.reshape(
            *self.weights.shape, *(1,) * (values.ndim - self.weights.ndim)
        )
        weights = (weights * self.applies).astype(dtype, copy=False)
        filled = values
        if missing == "worst":
            filled = np.where(absent & self.applies, np.asarray(0, dtype), values)
        mean = average(method, filled, weights)
        covered = ~absent if self.covered is None else np.where(absent, 0, self.covered)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (covered * weights).sum(axis=0) / weights.sum(axis=0)
        whole = ~(absent & (weights > 0)).any(axis=0)
        return mean, np.nan_to_num(np.asarray(share)), np.asarray(whole)
