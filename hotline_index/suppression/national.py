"""Which units and national means are hidden with others, as means over the units join them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hotline_index.suppression.equations import EXACT, null_space
from hotline_index.suppression.pattern import costs
from indicators.hierarchy import Hierarchy

PARTNERS = 3
"""How many units are hidden like one that stands alone, before national means are hidden."""


@dataclass
class Nation:
    """What is hidden in all units; cells are audiences by indicators, flattened to C.

    Parameters
    ----------
    tree
        The hierarchy.
    equations
        Those of every unit, U of shape (E, C).
    there, small, hidden
        Whether a unit's cell has a score, must be hidden, and is hidden. Bool, shape (U, C).
    mean
        Whether the national mean of a cell is hidden. Bool, shape (C,).
    """

    tree: Hierarchy
    equations: "Equations"
    there: np.ndarray
    small: np.ndarray
    hidden: np.ndarray
    mean: np.ndarray

    def exposed(self) -> np.ndarray:
        """Tell which small scores all equations determine, shape (U, C).

        Notes
        -----
        What the equations of a unit leave free is a basis of changes; national means are further
        equations between the units' changes. A score is determined where its row of the basis
        lies in the row space of these.
        """
        found = np.zeros_like(self.small)
        bases, joint = self._joint()
        if not bases:
            return found
        _, singular, right = np.linalg.svd(joint, full_matrices=False)
        told = right[singular > EXACT]
        at = 0
        for unit, basis in bases.items():
            own = told[:, at : at + basis.shape[1]]
            at += basis.shape[1]
            rest = (basis**2).sum(axis=1) - ((basis @ own.T) ** 2).sum(axis=1)
            found[unit, self.hidden[unit]] = rest < EXACT
        return found & self.small

    def _joint(self) -> tuple[dict[int, np.ndarray], np.ndarray]:
        """Return the free changes of each unit, and what they do to published means."""
        bases = {
            int(unit): self.equations.free(int(unit), self.hidden[unit])
            for unit in np.flatnonzero(self.hidden.any(axis=1))
        }
        blocks = []
        for unit, basis in bases.items():
            block = np.zeros((self.hidden.shape[1], basis.shape[1]))
            block[self.hidden[unit]] = basis
            blocks.append(block[~self.mean])
        return bases, np.hstack(blocks) if blocks else np.zeros((0, 0))

    def solved_by(self, exposed: np.ndarray) -> np.ndarray:
        """Return for each exposed score the cheapest published mean that it is solved by."""
        bases, joint = self._joint()
        cost = costs(self.tree, self.hidden.shape[1] // len(self.tree.ids)).ravel()[~self.mean]
        cost = np.where(np.isfinite(cost), cost, 1e6)
        cells = np.flatnonzero(~self.mean)
        starts = np.cumsum([0, *(basis.shape[1] for basis in bases.values())])
        aims = np.zeros((joint.shape[1], 0))
        for start, (unit, basis) in zip(starts, bases.items(), strict=False):
            own = np.zeros((joint.shape[1], int(exposed[unit].sum())))
            own[start : start + basis.shape[1]] = basis[exposed[unit][self.hidden[unit]]].T
            aims = np.hstack([aims, own])
        mix = np.linalg.lstsq(joint.T, aims, rcond=None)[0]
        price = np.where(np.abs(mix) > EXACT, cost[:, None], np.inf)
        able = np.isfinite(price).any(axis=0)
        return np.unique(cells[price[:, able].argmin(axis=0)])


@dataclass
class Equations:
    """The equations of all units, made when they are asked for, with what they leave free."""

    of: Callable[[int], np.ndarray]
    _made: dict[int, np.ndarray] = field(default_factory=dict)
    _free: dict[tuple[int, bytes], np.ndarray] = field(default_factory=dict)

    def __getitem__(self, unit: int) -> np.ndarray:
        """Return the equations of one unit, shape (E, C)."""
        if unit not in self._made:
            self._made[unit] = self.of(unit)
        return self._made[unit]

    def free(self, unit: int, hidden: np.ndarray) -> np.ndarray:
        """Return `null_space` of the hidden cells of a unit, shape (hidden cells, K)."""
        key = unit, hidden.tobytes()
        if key not in self._free:
            self._free[key] = null_space(self[unit][:, hidden])
        return self._free[key]


def join_units(nation: Nation, persons: np.ndarray) -> None:
    """Hide more units and, where that does not do, national means, in place.

    Parameters
    ----------
    nation
        With the patterns of each unit by itself.
    persons
        Questionnaires of each unit, shape (U,); the least answered units are hidden first.
    """
    for time in range(PARTNERS):
        exposed = nation.exposed()
        if not exposed.any():
            return
        _add_partners(nation, np.asarray(exposed.any(axis=1)), persons, unlike=time == 0)
    while (exposed := nation.exposed()).any():
        found = nation.solved_by(exposed)
        if not len(found):
            return
        nation.mean[found] = True


def _add_partners(
    nation: Nation, exposed: np.ndarray, persons: np.ndarray, *, unlike: bool
) -> None:
    """Hide for each exposed unit the same scores in the unit where that hides the fewest more.

    Units with scores in the same places come first; others do but in part, so that fewer means
    are hidden, and only where `unlike`.
    """
    _, kind = np.unique(nation.there, axis=0, return_inverse=True)
    kind, pattern, done = kind.ravel(), nation.hidden.copy(), np.zeros(len(exposed), dtype=bool)
    for unit in np.flatnonzero(exposed):
        if done[unit]:
            continue
        more = (pattern[unit] & ~nation.hidden).sum(axis=1) + persons / (persons.max() + 1)
        able = (more >= 1) & ~(pattern[unit] & ~nation.there).any(axis=1)
        able[unit] = False
        alike = kind == kind[unit]
        price = np.where(
            able & (alike | unlike), more + np.where(alike, 0, nation.there.size), np.inf
        )
        partner = int(np.argmin(price))
        if np.isfinite(price[partner]):
            nation.hidden[partner] |= pattern[unit]
            done[[unit, partner]] = True
