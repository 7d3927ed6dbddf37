"""From item means up the hierarchy, for any number of units or bootstrap draws at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indicators.rules import BEST
from indicators.system import Hierarchy

SLACK = 1e-6


@dataclass(frozen=True)
class RolledUp:
    """Scores and coverage at every node.

    Parameters
    ----------
    score
        0 to 10, NaN where coverage is too low. Shape (A + 1, N, ...); the last audience is all.
    coverage
        Share of the weight below the node that has data, 0 to 1. Same shape.
    """

    score: np.ndarray
    coverage: np.ndarray


def roll_up(hierarchy: Hierarchy, means: np.ndarray) -> RolledUp:
    """Aggregate item means to every indicator by weighted arithmetic means.

    Parameters
    ----------
    hierarchy
        The tree, with A audiences, N nodes and I items.
    means
        Mean points of each item, NaN where nobody answered. Shape (A + 1, I, ...), where the
        further axes are units, draws or both; the last audience holds the items of tables
        without audience (innovation cases).

    Notes
    -----
    A leaf is the weighted mean of its items; over all audiences it is the weighted mean of the
    audiences' leaves; a parent is the weighted mean of its core children, plus the bonus of its
    innovation children, at most 10. What is missing is left out and the other weights are scaled
    up, as long as the share of weight with data (the coverage) reaches the node's minimum;
    below it the node has no score. The coverage of a parent is the weighted mean of its core
    children's coverage, where a child without a score counts as 0. A node that an audience is
    never asked about does not count for that audience.
    """
    audiences = len(hierarchy.audiences)
    asked = _asked(hierarchy)
    shape = (means.shape[0], len(hierarchy.ids), *means.shape[2:])
    score, coverage = np.full(shape, np.nan, means.dtype), np.zeros(shape, means.dtype)
    for leaf in np.unique(hierarchy.item_leaf):
        items = np.flatnonzero(hierarchy.item_leaf == leaf)
        minimum = hierarchy.minimum_coverage[leaf]
        mean, covered = _weighted([means[:, i] for i in items], hierarchy.item_weight[items])
        score[:, leaf], coverage[:, leaf] = _if_covered(mean, covered, minimum), covered
        if asked[:audiences, leaf].any():
            mean, covered = _weighted(
                [score[audience, leaf] for audience in range(audiences)],
                hierarchy.audience_weight * asked[:audiences, leaf],
                [coverage[audience, leaf] for audience in range(audiences)],
            )
            score[audiences, leaf] = _if_covered(mean, covered, minimum)
            coverage[audiences, leaf] = covered
    for node in range(len(hierarchy.ids) - 1, -1, -1):
        if hierarchy.children(node).size:
            score[:, node], coverage[:, node] = _parent(hierarchy, node, asked, score, coverage)
    return RolledUp(score, coverage)


def _parent(
    hierarchy: Hierarchy, node: int, asked: np.ndarray, score: np.ndarray, coverage: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    children = hierarchy.children(node)
    core = [child for child in children if not hierarchy.bonus[child]]
    further = (1,) * (score.ndim - 2)
    mean, covered = _weighted(
        [score[:, child] for child in core],
        [(hierarchy.weight[child] * asked[:, child]).reshape(-1, *further) for child in core],
        [coverage[:, child] for child in core],
    )
    for child in set(children) - set(core):
        bonus = np.nan_to_num(score[:, child]) * (hierarchy.bonus[child] / BEST)
        mean = np.minimum(mean + bonus, BEST)
    return _if_covered(mean, covered, hierarchy.minimum_coverage[node]), covered


def _if_covered(mean: np.ndarray, covered: np.ndarray, minimum: float | np.ndarray) -> np.ndarray:
    return np.where(covered >= minimum - SLACK, mean, np.asarray(np.nan, mean.dtype))


def _weighted(
    values: Sequence[np.ndarray],
    weights: Sequence[float] | Sequence[np.ndarray] | np.ndarray,
    covered: Sequence[np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted mean of the values that are there, and the coverage.

    Rounding must not lift the mean of full points above the scale.

    A weight is a number or an array that broadcasts with the values.
    """
    dtype = values[0].dtype
    mean, present, share = (np.zeros(values[0].shape, dtype) for _ in range(3))
    total = np.zeros_like(np.asarray(weights[0], dtype))
    for part, (value, weight) in enumerate(zip(values, weights, strict=True)):
        weight = np.asarray(weight, dtype)  # noqa: PLW2901
        there = ~np.isnan(value)
        here = there * weight
        mean += np.where(there, value, 0) * weight
        present += here
        share += here if covered is None else here * covered[part]
        total = total + weight
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(mean / present, BEST), np.nan_to_num(share / total)


def _asked(hierarchy: Hierarchy) -> np.ndarray:
    """Whether an audience is asked anything below a node; bool, shape (A + 1, N)."""
    return np.array(
        [
            hierarchy.leaf_below[:, np.unique(hierarchy.item_leaf[mask])].any(axis=1)
            for mask in (
                *[~hierarchy.item_unaddressed] * len(hierarchy.audiences),
                np.ones(len(hierarchy.items), dtype=bool),
            )
        ]
    )
