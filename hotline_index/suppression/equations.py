"""The equations between the scores of a unit, and what whoever solves them can find."""

import numpy as np

from indicators.averages import Average, marginal_weights
from indicators.hierarchy import Hierarchy
from indicators.scores import Scores

EXACT = 1e-7
"""Coefficients of unit vectors that are taken for 0."""


def own_equations(scores: Scores, unit: int) -> np.ndarray:
    """Return what readers who know the weights know of the scores of one unit.

    Parameters
    ----------
    scores
        The scores.
    unit
        Position of the unit.

    Returns
    -------
    One row an equation, each with -1 for the score of a whole and the marginal weights of its
    parts: an indicator of its children, a leaf over all audiences of those of each audience.
    Shape (E, (A + 1) * N); columns of missing scores are 0.

    Notes
    -----
    Averages that are not arithmetic are taken by their tangent at the scores, bonuses as if no cap
    cut them.
    """
    tree, own = scores.hierarchy, scores.score[unit]
    at = np.arange(own.size).reshape(own.shape)
    rows: list[np.ndarray] = []

    def add(whole: int, parts: np.ndarray, slopes: np.ndarray) -> None:
        row = np.zeros(own.size)
        row[parts] = np.nan_to_num(slopes)
        row[whole] = -1.0
        rows.append(row)

    for node in range(len(tree.ids)):
        children = tree.children(node)
        for audience in np.flatnonzero(~np.isnan(own[:, node])) if len(children) else ():
            add(
                at[audience, node],
                at[audience, children],
                _child_slopes(tree, node, children, own[audience], scores.applies[unit, audience]),
            )
        addressed = not len(children) and not np.isnan(own[:-1, node]).all()
        if addressed and not np.isnan(own[-1, node]):
            slopes = _slopes(tree.audience_average, own[:-1, node], tree.audience_weight)
            add(at[-1, node], at[:-1, node], slopes)
    return np.array(rows).reshape(-1, own.size)


def _child_slopes(
    tree: Hierarchy, node: int, children: np.ndarray, own: np.ndarray, applies: np.ndarray
) -> np.ndarray:
    """Return what one more point of each child adds to its parent, shape (children,)."""
    core = tree.bonus[children] == 0
    values = own[children]
    slopes = np.where(core, 0.0, tree.bonus[children] / tree.best)
    weights = tree.weight[children[core]] * applies[children[core]]
    filled = values[core]
    if tree.missing[node] == "worst":
        filled = np.where(np.isnan(filled), 0.0, filled)
    slopes[core] = _slopes(tree.average[node], filled, weights)
    return np.where(np.isnan(values), 0.0, slopes)


def _slopes(method: Average, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.nan_to_num(marginal_weights(method, values, weights))


def null_space(equations: np.ndarray) -> np.ndarray:
    """Return an orthonormal basis of the changes that no equation tells, shape (unknowns, K)."""
    if not len(equations):
        return np.eye(equations.shape[1])
    _, singular, right = np.linalg.svd(equations, full_matrices=True)
    return right[int((singular > EXACT).sum()) :].T


def determined(free: np.ndarray) -> np.ndarray:
    """Tell which unknowns no free change moves, from `null_space`; shape (unknowns,), bool."""
    return np.asarray((np.abs(free) < EXACT).all(axis=1))
