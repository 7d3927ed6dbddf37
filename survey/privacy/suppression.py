"""Suppression: small counts of persons left out, with others so that none can be recomputed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

MINIMUM = 5
"""Least number of persons that a published figure may rest on."""
TOTAL = "all"
"""The value of a dimension whose rows hold the sum over it."""
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Cells:
    """Cells of which some are sums of others.

    Parameters
    ----------
    counts
        Persons in each cell, shape (cells,).
    sums
        One row an equation that readers know to hold, ``sums @ counts == 0``: 1 for each part, -1
        for their total. Shape (equations, cells).
    """

    counts: np.ndarray
    sums: csr_array


def suppress(
    table: pd.DataFrame,
    counts: str,
    dimensions: Sequence[str],
    *,
    minimum: int = MINIMUM,
    total: str = TOTAL,
) -> pd.Series:
    """Tell which rows of a table of counts must not be published.

    Parameters
    ----------
    table
        One row a cell; a cell that has no row holds nobody. Rows whose value of a dimension is
        `total` hold the sum over it, and may be absent: what is not in the table is taken to be
        known to nobody.
    counts
        The column of counts of persons.
    dimensions
        The columns that together tell one cell from every other.
    minimum
        Counts from 1 to one less are suppressed; 0 stays, as it is of nobody.
    total
        See `table`.

    Returns
    -------
    True for rows to be left out, indexed as `table`. Whoever knows all other rows, that counts
    are not negative and which rows are left out, finds no suppressed cell exactly, and none of
    the small ones to within less than `minimum`.

    Raises
    ------
    ValueError
        Where two rows are of the same cell, or a total is not the sum of its parts.

    Notes
    -----
    Complementary cells are chosen one by one, the smallest first, until no equation is left with
    a single suppressed cell. The protection is then checked exactly: the least and the greatest
    value that a cell may have are found by linear programming (Fischetti & Salazar 2001,
    Management Science 47(7), the attacker's problem), and more is suppressed until every interval
    is wide enough. The pattern is safe, but not always the smallest one possible.
    """
    cells = _cells(table, counts, list(dimensions), total)
    hidden = (cells.counts > 0) & (cells.counts < minimum)
    return pd.Series(protect(cells, hidden, minimum), index=table.index, name="suppressed")


def protect(cells: Cells, small: np.ndarray, minimum: int = MINIMUM) -> np.ndarray:
    """Add complementary cells to the `small` ones; see `suppress`. Shape (cells,), bool."""
    hidden = small.copy()
    while True:
        hidden = _no_single(cells, hidden)
        exposed = _exposed(cells, hidden, np.where(small, minimum, 1))
        more = [_next(cells, hidden, cell) for cell in np.flatnonzero(exposed).tolist()]
        found = np.unique([cell for cell in more if cell >= 0])
        if not len(found):
            return hidden
        hidden[found] = True


def feasible(cells: Cells, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest value of every cell that agree with the published ones.

    Parameters
    ----------
    cells
        The cells.
    hidden
        Which of them are not published, shape (cells,).

    Returns
    -------
    Low and high, shape (cells,); both are the count itself where it is published. High is infinite
    where nothing bounds it.
    """
    low, high = cells.counts.astype(float), cells.counts.astype(float)
    unknown = np.flatnonzero(hidden)
    known = cells.sums[:, ~hidden] @ cells.counts[~hidden]
    equations = cells.sums[:, unknown]
    held = np.flatnonzero(np.diff(equations.indptr))
    for group in _groups(equations[held]):
        rows = held[np.diff(equations[held][:, group].indptr) > 0]
        part = equations[rows][:, group].toarray()
        for at, cell in enumerate(group):
            low[unknown[cell]] = _extreme(part, -known[rows], at, 1)
            high[unknown[cell]] = _extreme(part, -known[rows], at, -1)
    return low, high


def _extreme(equations: np.ndarray, right: np.ndarray, at: int, sign: int) -> float:
    aim = np.zeros(equations.shape[1])
    aim[at] = sign
    found = linprog(aim, A_eq=equations, b_eq=right, bounds=(0, None), method="highs")
    if found.status == 3:
        return np.inf if sign < 0 else 0.0
    if found.x is None:
        raise RuntimeError(f"the feasible values of a cell were not found: {found.message}")
    return float(found.x[at])


def _groups(equations: csr_array) -> list[np.ndarray]:
    """Return the unknowns in groups that have no equation in common."""
    together = (abs(equations).T @ abs(equations)).tocsr()
    number, group = connected_components(together, directed=False)
    order = np.argsort(group, kind="stable")
    return np.split(order, np.cumsum(np.bincount(group, minlength=number))[:-1])


def _exposed(cells: Cells, hidden: np.ndarray, width: np.ndarray) -> np.ndarray:
    low, high = feasible(cells, hidden)
    return hidden & (high - low < width - _TOLERANCE)


def _no_single(cells: Cells, hidden: np.ndarray) -> np.ndarray:
    """Suppress the smallest further cell of every equation that has a single suppressed one."""
    hidden = hidden.copy()
    there = abs(cells.sums).tocsr()
    spare = _spare(cells.counts)
    while True:
        number = there @ hidden.astype(int)
        single = np.flatnonzero(number == 1)
        added = False
        for row in single:
            at = there.indices[there.indptr[row] : there.indptr[row + 1]]
            if hidden[at].sum() == 1 and len(free := at[~hidden[at] & (cells.counts[at] > 0)]):
                hidden[free[np.argmin(spare[free])]] = True
                added = True
        if not added:
            return hidden


def _next(cells: Cells, hidden: np.ndarray, cell: int) -> int:
    """Return the cheapest published cell near a cell that is not yet protected, or -1."""
    there = abs(cells.sums).tocsr()
    group = hidden.copy()
    group[:] = False
    group[cell] = True
    while True:
        rows = (there @ group.astype(int)) > 0
        near = (there[rows].T @ np.ones(int(rows.sum()))) > 0
        free = np.flatnonzero(near & ~hidden & (cells.counts > 0))
        if len(free):
            return int(free[np.argmin(_spare(cells.counts)[free])])
        grown = group | near
        if (grown == group).all():
            return -1
        group = grown


def _spare(counts: np.ndarray) -> np.ndarray:
    """What suppressing a cell costs: its count, the first of equals first."""
    return counts + np.arange(len(counts)) / (len(counts) + 1)


def _cells(table: pd.DataFrame, counts: str, dimensions: list[str], total: str) -> Cells:
    keys = table[dimensions].astype(str).reset_index(drop=True)
    if keys.duplicated().any():
        raise ValueError("two rows of the same cell")
    values = table[counts].to_numpy(dtype=float)
    rows, columns, signs, lines = [], [], [], 0
    for name in dimensions:
        others = [other for other in dimensions if other != name]
        line = keys.groupby(others, sort=False).ngroup() if others else pd.Series(0, keys.index)
        is_total = (keys[name] == total).to_numpy()
        with_total = np.unique(line[is_total])
        at = np.flatnonzero(line.isin(with_total))
        rows.append(lines + np.searchsorted(with_total, line.to_numpy()[at]))
        columns.append(at)
        signs.append(np.where(is_total[at], -1, 1))
        lines += len(with_total)
    sums = csr_array(
        (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))),
        shape=(lines, len(keys)),
    )
    if np.any(sums @ values != 0):
        raise ValueError(f"a total of {counts} that is not the sum of its parts")
    return Cells(values, sums)
