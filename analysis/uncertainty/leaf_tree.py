"""The tree above the leaves: totals under many sets of weights, for many draws of the leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import repeat

import numpy as np

from indicators.aggregate import SLACK
from indicators.averages import Average, PowerMean, average
from indicators.hierarchy import Hierarchy
from indicators.scores import Scores

BLOCK = 256
"""Draws rolled up together: they stay in the cache, and memory stays small."""
EXACT_POWERS = 0.01
"""Least power, apart from 0, whose root does not magnify rounding."""
REACH = 600.0
"""Largest exponent of e that a power of a score may have, either way."""
NOWHERE = np.zeros((1, 1), dtype=bool)
_POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}


@dataclass(frozen=True)
class LeafTree:
    """The indicators above the leaves over all audiences, ready to be weighed anew.

    Parameters
    ----------
    hierarchy
        The tree; its leaves, in ascending order of their index, are the L leaves here.
    mean, covered
        Score and coverage of each leaf, shape (L, U).
    applies
        Whether a leaf applies to a unit. Bool, shape (L, U).
    """

    hierarchy: Hierarchy
    mean: np.ndarray
    covered: np.ndarray
    applies: np.ndarray

    @classmethod
    def of(cls, scores: Scores) -> "LeafTree":
        """Take the leaves of some scores."""
        leaves = leaf_indices(scores.hierarchy)
        taken = (f[:, -1, leaves].T for f in (scores.score, scores.coverage, scores.applies))
        return cls(scores.hierarchy, *taken)

    def totals(self, weight: np.ndarray, mean: np.ndarray | None = None) -> np.ndarray:
        """Return the totals under many sets of weights.

        Parameters
        ----------
        weight
            Weights of the indicators among their siblings, shape (N, D), or (N, 1) where they are
            the same in every draw.
        mean
            Scores of the leaves in each draw, shape (L, U, D); by default `mean` in every draw.

        Returns
        -------
        Shape (U, D), NaN where coverage is too low.

        Notes
        -----
        The same as `indicators.aggregate.roll_up`, whose power means are sums of products here: a
        power mean of scores x with weights w is ``f^-1(sum(w f(x)) / sum(w))``, one product of
        matrices for all draws where the scores do not vary. A leaf counts as covered as it is in
        the data in every draw that gives it a score.
        """
        leaves = self.mean[:, :, None] if mean is None else mean
        draws = max(weight.shape[1], leaves.shape[2])
        totals = np.empty((self.mean.shape[1], draws))
        plain = np.all((self.covered >= 1) & self.applies, axis=0)
        plain = np.asarray(plain & ~np.isnan(leaves).any(axis=(0, 2)))
        for units in (np.flatnonzero(plain), np.flatnonzero(~plain)):
            if not units.size:
                continue
            own = leaves if len(units) == len(plain) else leaves[:, units]
            for start in range(0, draws, BLOCK):
                at = slice(start, start + BLOCK)
                totals[units, at] = self._total(_cut(weight, at), _cut(own, at), units)
        return totals

    def _total(self, weight: np.ndarray, leaves: np.ndarray, units: np.ndarray) -> np.ndarray:
        tree = self.hierarchy
        nodes: dict[int, _Node] = {}
        for row, leaf in enumerate(leaf_indices(tree)):
            covered, applies = self.covered[row, units, None], self.applies[row, units, None]
            nodes[int(leaf)] = _node(leaves[row].astype(float), applies, lambda c=covered: c)
        with np.errstate(invalid="ignore", divide="ignore"):
            for node in range(len(tree.ids) - 1, -1, -1):
                if node not in nodes:
                    nodes[node] = _parent(tree, node, weight, nodes)
        return nodes[0].score


def leaf_indices(hierarchy: Hierarchy) -> np.ndarray:
    """Return the indices of the indicators without children, ascending, shape (L,)."""
    return np.setdiff1d(np.arange(len(hierarchy.ids)), hierarchy.parent)


@dataclass(frozen=True)
class _Node:
    """One indicator in all draws; figures have shape (U, d), d = 1 for what no draw changes.

    Parameters
    ----------
    score, applies
        NaN without a score; shape (U, d) and (U, 1).
    absent
        Where there is no score; `NOWHERE` if there is one everywhere.
    coverage
        Makes the coverage, for the few parents whose own is not certain to suffice.
    least
        No unit that the indicator applies to is covered less.
    """

    score: np.ndarray
    applies: np.ndarray
    absent: np.ndarray
    coverage: Callable[[], np.ndarray]
    least: float

    def where_there(self, values: np.ndarray) -> np.ndarray:
        """Return values, 0 where there is no score."""
        return values if self.absent is NOWHERE else np.where(self.absent, 0.0, values)

    def counts(self, missing: str) -> np.ndarray:
        """Return where the indicator enters the average of its parent."""
        plain = missing == "worst" or self.absent is NOWHERE
        return self.applies if plain else self.applies & ~self.absent


def _node(
    score: np.ndarray,
    applies: np.ndarray,
    coverage: Callable[[], np.ndarray],
    least: float | None = None,
) -> _Node:
    absent = np.isnan(score)
    if not absent.any():
        absent = NOWHERE
    elif (absent & applies).any():
        least = 0.0
    if least is None:
        least = float(coverage().min(initial=1.0, where=applies))
    return _Node(score, applies, absent, coverage, least)


def _parent(tree: Hierarchy, node: int, weight: np.ndarray, nodes: dict[int, _Node]) -> _Node:
    """Return an indicator from its core children, with the bonus of the others."""
    core = tree.core(node)
    children = [nodes[int(child)] for child in core]
    applies = np.any([child.applies for child in children], axis=0)
    if not applies.any():
        nothing = np.zeros((len(nodes[int(tree.children(node)[0])].score), 1))
        return _node(np.full_like(nothing, np.nan), nothing > 0, lambda: nothing, 0.0)
    weights = weight[core]
    if (weights == weights[:, :1]).all():
        weights = weights[:, :1]
    score = _averaged(tree.average[node], tree.missing[node], weights, children, tree.best)
    score = np.minimum(score, tree.best)
    coverage = cache(partial(_coverage, weights, children))
    least: float | None = min(child.least for child in children)
    if least < tree.minimum_coverage[node] - SLACK:
        score = np.where(coverage() >= tree.minimum_coverage[node] - SLACK, score, np.nan)
        least = None
    for child in tree.extras(node):
        bonus = np.nan_to_num(nodes[int(child)].score) * (tree.bonus[child] / tree.best)
        score = np.minimum(score + bonus, tree.best)
    return _node(score, applies, coverage, least)


def _coverage(weights: np.ndarray, children: Sequence[_Node]) -> np.ndarray:
    """Return the share of the weight that has data, 0 where nothing applies."""
    covered = [child.where_there(child.coverage()) for child in children]
    return np.nan_to_num(_mean(weights, covered, [child.applies for child in children]))


def _averaged(
    method: Average, missing: str, weights: np.ndarray, children: Sequence[_Node], best: float
) -> np.ndarray:
    """Return the average of the children that are there, as the node says of those that are not."""
    scores = [child.where_there(child.score) for child in children]
    counted = [child.counts(missing) for child in children]
    mean = _power_mean(method, weights, scores, counted, best)
    if mean is None:
        there = map(np.where, counted, scores, repeat(np.nan))
        mean = average(method, np.stack(np.broadcast_arrays(*there)), weights[:, None])
    if missing == "no_score" and any(child.absent is not NOWHERE for child in children):
        lost = _weighted(weights, [child.applies & child.absent for child in children])
        mean = np.where(lost > 0, np.nan, mean)
    return mean


def _power_mean(
    method: Average,
    weights: np.ndarray,
    scores: Sequence[np.ndarray],
    counted: Sequence[np.ndarray],
    best: float,
) -> np.ndarray | None:
    """Return a power mean as a sum of products, or None where that is not exact."""
    power = method.power if isinstance(method, PowerMean) else _POWERS.get(str(method))
    if power is None or 0 < abs(power) < EXACT_POWERS:
        return None
    if power == 1:
        return _mean(weights, scores, counted)
    above = [score if score.min() > 0 else np.where(score > 0, score, best) for score in scores]
    if abs(power) * np.log(best / min(score.min() for score in above)) > REACH:
        return None
    if power == 0:
        mean = np.exp(_mean(weights, [np.log(score) for score in above], counted))
    else:
        powers = [(score / best) ** power for score in above]
        if power > 0:
            powers = [p * (score > 0) for p, score in zip(powers, scores, strict=True)]
        mean = best * _mean(weights, powers, counted) ** (1 / power)
    if power <= 0 and any(score.min() == 0 for score in scores):
        zero = [c & (score == 0) for c, score in zip(counted, scores, strict=True)]
        mean = np.where(_weighted(weights, zero) > 0, 0.0, mean)
    return mean


def _mean(
    weights: np.ndarray, values: Sequence[np.ndarray], counted: Sequence[np.ndarray]
) -> np.ndarray:
    """Return the weighted mean of the values that count; the others must be finite."""
    if all(each.all() for each in counted):
        return _weighted(weights / weights.sum(axis=0), values)
    held = [v if c.all() else v * c for v, c in zip(values, counted, strict=True)]
    return _weighted(weights, held) / _weighted(weights, counted)


def _weighted(weights: np.ndarray, values: Sequence[np.ndarray]) -> np.ndarray:
    """Sum weights (K, d) times values (K of (U, d)): by one product of matrices where it can."""
    same = [at for at, value in enumerate(values) if value.shape[1] == 1]
    total = np.zeros((1, 1))
    if same:
        total = np.hstack([values[at] for at in same]).astype(float) @ weights[same]
    for at, value in enumerate(values):
        if value.shape[1] > 1:
            total = total + weights[at] * value
    return total


def _cut(array: np.ndarray, draws: slice) -> np.ndarray:
    return array if array.shape[-1] == 1 else array[..., draws]
