"""Which scores of one unit are hidden with its small ones, so that its own equations tell none."""

from dataclasses import dataclass

import numpy as np

from hotline_index.suppression.equations import EXACT, determined, null_space
from indicators.hierarchy import Hierarchy

INNER = 2.0
"""What hiding an indicator that has children costs, where a leaf costs 1."""
OVERALL = 20.0
"""What hiding a score over all audiences costs more: ranks, priorities and maps rest on it."""


@dataclass(frozen=True)
class Unit:
    """The scores of one unit; cells are audiences by indicators, flattened.

    Parameters
    ----------
    tree
        The hierarchy, with A audiences and N indicators.
    equations
        As `equations.own_equations` returns them, shape (E, (A + 1) * N).
    there, small
        Whether a cell has a score, and whether it must be hidden; bool, shape (A + 1, N).
    """

    tree: Hierarchy
    equations: np.ndarray
    there: np.ndarray
    small: np.ndarray

    def key(self) -> bytes:
        """Return what two units that are hidden alike have in common."""
        return b"".join((self.equations.tobytes(), self.there.tobytes(), self.small.tobytes()))


def costs(tree: Hierarchy, audiences: int) -> np.ndarray:
    """Return what hiding a score costs; the total over all audiences is never hidden.

    Parameters
    ----------
    tree
        The hierarchy.
    audiences
        A + 1.

    Returns
    -------
    Shape (A + 1, N).
    """
    nodes = np.arange(len(tree.ids))
    each = np.where(np.isin(nodes, tree.parent), INNER, 1.0)
    cost = np.tile(each, (audiences, 1))
    cost[:, 0] += INNER
    cost[-1] += OVERALL
    cost[-1, 0] = np.inf
    return cost


def own_pattern(unit: Unit) -> np.ndarray:
    """Return the scores of a unit to be hidden, so that its equations determine no small one.

    Returns
    -------
    Bool, shape (A + 1, N). A cell that no hiding protects stays determined.

    Notes
    -----
    It starts from the cheapest indicators that leave no line of the tree with a single hidden
    score, for the audiences with small scores and one more; adds what the exact test still asks
    for; and takes back what it does not need.
    """
    cost = costs(unit.tree, len(unit.there))
    hidden = unit.small | (_start(unit, cost) & unit.there & np.isfinite(cost))
    flat, cost = hidden.ravel(), cost.ravel()
    _add(unit, flat, cost)
    extra = np.flatnonzero(flat & ~unit.small.ravel())
    for cell in extra[np.argsort(-cost[extra], kind="stable")]:
        flat[cell] = False
        if _exposed(unit, flat).any():
            flat[cell] = True
    return flat.reshape(unit.there.shape)


def _start(unit: Unit, cost: np.ndarray) -> np.ndarray:
    """Return a product of audiences and indicators that holds every small score."""
    audiences = np.asarray(unit.small.any(axis=1))
    while audiences.sum() < 2:
        lacking = (unit.small.any(axis=0) & ~unit.there).sum(axis=1) * OVERALL
        price = np.where(audiences, np.inf, lacking + np.arange(len(audiences)))
        audiences[int(np.argmin(price))] = True
    price = np.where(unit.there[audiences], cost[audiences], np.inf).max(axis=0)
    return audiences[:, None] & closed(unit.tree, np.asarray(unit.small.any(axis=0)), price)


def closed(tree: Hierarchy, small: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Add the cheapest indicators so that no hidden one stands alone beside siblings and parent.

    Parameters
    ----------
    tree
        The hierarchy.
    small
        What is hidden at any rate, shape (N,).
    price
        What hiding each costs, infinite where it cannot be. Shape (N,).

    Returns
    -------
    Bool, shape (N,); exact, by dynamic programming from the leaves up.
    """
    nodes = len(tree.ids)
    shown, veiled = np.where(small, np.inf, 0.0), np.where(small, 0.0, price)
    chosen: dict[tuple[int, bool], np.ndarray] = {}
    for node in range(nodes - 1, -1, -1):
        children = tree.children(node)
        if not len(children):
            continue
        for above in (False, True):
            best = _best_children(shown[children], veiled[children], least=1 if above else 2)
            chosen[node, above] = best
            spent = np.where(best, veiled[children], shown[children]).sum()
            single = int(best.sum()) + above == 1
            (veiled if above else shown)[node] += np.inf if single else spent
    hidden = np.zeros(nodes, dtype=bool)
    hidden[0] = veiled[0] < shown[0]
    for node in range(nodes):
        if len(children := tree.children(node)):
            hidden[children] = chosen[node, bool(hidden[node])]
    return hidden


def _best_children(shown: np.ndarray, veiled: np.ndarray, least: int) -> np.ndarray:
    """Choose the cheapest hidden children: `least` or more, or none beside a shown parent."""
    best = veiled < shown
    alone = least == 2
    if best.sum() >= least or (alone and not best.any()):
        return best
    with np.errstate(invalid="ignore"):
        dearer = np.where(best, np.inf, np.nan_to_num(veiled - shown, nan=np.inf))
    more = best.copy()
    more[np.argsort(dearer, kind="stable")[: least - int(best.sum())]] = True
    if alone and shown.sum() <= np.where(more, veiled, shown).sum():
        return np.zeros_like(best)
    return more


def _add(unit: Unit, hidden: np.ndarray, cost: np.ndarray) -> None:
    """Hide more, one by one, until no small score is determined or nothing is left to hide."""
    free = unit.there.ravel() & np.isfinite(cost)
    while (exposed := _exposed(unit, hidden)).any():
        for cell in np.flatnonzero(exposed).tolist():
            if len(found := _breaking(unit, hidden, cell, free)):
                break
        else:
            return
        hidden[min(found, key=lambda at: (cost[at] + _left(unit, hidden, at), at))] = True


def _left(unit: Unit, hidden: np.ndarray, cell: int) -> int:
    """Count the small scores still determined when one more is hidden."""
    more = hidden.copy()
    more[cell] = True
    return int(_exposed(unit, more).sum())


def _exposed(unit: Unit, hidden: np.ndarray) -> np.ndarray:
    found = np.zeros(len(hidden), dtype=bool)
    found[hidden] = determined(null_space(unit.equations[:, hidden]))
    return found & unit.small.ravel()


def _breaking(unit: Unit, hidden: np.ndarray, cell: int, free: np.ndarray) -> np.ndarray:
    """Return the published scores without which the cell is not solved for as it is."""
    aim = (np.flatnonzero(hidden) == cell).astype(float)
    mix = np.linalg.lstsq(unit.equations[:, hidden].T, aim, rcond=None)[0]
    return np.flatnonzero((np.abs(mix @ unit.equations) > EXACT) & ~hidden & free)
