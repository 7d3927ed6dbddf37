"""Calls dealt to shoppers: a randomised Latin rectangle, built cell by cell."""

import numpy as np
from scipy.optimize import linear_sum_assignment

BLOCK = 400
"""Units dealt together: the work of an assignment grows with the cube of their number."""
AGAIN, AT_HOME = 1e3, 1e6
"""What it costs to call a unit once more, and to call one's own; chance decides below 1."""
SMALL = 20_000
"""Calls that are dealt at most, over all tries at a block of few calls."""
QUOTAS, MOST_SPREAD = 20, 3
"""Draws of the calls of each shopper and cell until two shoppers of alike shares differ by no more
in any audience, scenario or slot."""
SWEEPS = 12
"""How often all cells are dealt at most, while a shopper calls a unit oftener than need be."""


def shared_out(calls: int, most: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Share calls out evenly among shoppers, to none more than he can make.

    Parameters
    ----------
    calls
        How many; at most the sum of `most`.
    most
        Capacity of each shopper, int, shape (J,).
    random
        Decides who makes one call more where they do not come out even.

    Returns
    -------
    Calls of each shopper, shape (J,); two with capacity left differ by one at most.
    """
    level, ordered = calls // len(most), np.sort(most)
    while np.minimum(ordered, level + 1).sum() <= calls and level < ordered[-1]:
        level += 1
    share = np.minimum(most, level)
    spare = random.permutation(np.flatnonzero(most > share))
    share[spare[: calls - share.sum()]] += 1
    return share


def deal_shoppers(
    units: int, sizes: tuple[int, ...], share: np.ndarray, home: np.ndarray, seed: int
) -> np.ndarray:
    """Deal the calls of every unit and cell to shoppers.

    Parameters
    ----------
    units
        Number of units U.
    sizes
        Number of audiences, scenarios, slots, and calls of a cell; their product is m.
    share
        Calls of each shopper, int, shape (J,), sums to U m.
    home
        The unit that each shopper may not call, -1 for none. Shape (J,).
    seed
        The same seed deals the same.

    Returns
    -------
    Shopper of each call, shape (U, m), cells in C order of `sizes`.

    Notes
    -----
    A cell is a column of a Latin rectangle: in each, a shopper has either the floor or the ceiling
    of an even share of the units, with totals met exactly (`even_counts`). Columns are filled one
    after another by the cheapest assignment of shoppers to units, where calling a unit again costs
    more than any chance, the more so the oftener. As long as shoppers are alike and at least as
    many as the calls of a unit, a column without a repetition can always be added (M. Hall 1945,
    "An existence theorem for Latin squares", Bulletin of the AMS 51:387-388); where homes and
    capacities get in the way, columns are dealt again, each with the others held, and small designs
    from the start. Costs below are
    random, and so are the orders of shoppers and blocks of units: a randomised design in the sense
    of Fisher (1935, The Design of Experiments, chapter 5).
    """
    random = np.random.default_rng(seed)
    cells = int(np.prod(sizes))
    shopper = np.empty((units, cells), dtype=np.int64)
    order, left = random.permutation(units), share.copy()
    for start in range(0, units, BLOCK):
        block = order[start : start + BLOCK]
        own = _portion(left, len(block) * cells)
        left -= own
        shopper[block] = _deal_block(block, sizes, own, home, random)
    return shopper


def _portion(left: np.ndarray, calls: int) -> np.ndarray:
    """Return how many of the calls left to each shopper are made in a block."""
    exact = left * calls / left.sum()
    own = np.floor(exact).astype(np.int64)
    own[np.argsort(own - exact, kind="stable")[: calls - own.sum()]] += 1
    return own


def _deal_block(
    block: np.ndarray,
    sizes: tuple[int, ...],
    share: np.ndarray,
    home: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """Deal the calls of a block, anew where few calls get stuck with a needless repetition."""
    tries = max(SMALL // (len(block) * int(np.prod(sizes))), 1)
    best, least = np.empty(0, dtype=np.int64), np.inf
    for _ in range(tries):
        dealt, excess = _deal_once(block, sizes, share, home, random)
        if excess < least:
            best, least = dealt, excess
        if not excess:
            break
    return best


def _deal_once(
    block: np.ndarray,
    sizes: tuple[int, ...],
    share: np.ndarray,
    home: np.ndarray,
    random: np.random.Generator,
) -> tuple[np.ndarray, int]:
    """Return the shopper of each call, and how many calls are of one too often, or at home."""
    units, cells = len(block), int(np.prod(sizes))
    quota = _quota(share, sizes, random)
    dealt = np.full((units, cells), -1)
    count, own = np.zeros((units, len(share)), dtype=np.int64), block[:, None] == home
    excess, most = 0, -(-cells // len(share))
    for _ in range(SWEEPS):
        for cell in random.permutation(cells):
            there = np.flatnonzero(dealt[:, cell] >= 0)
            count[there, dealt[there, cell]] -= 1
            seats = np.repeat(np.arange(len(share)), quota[:, cell])
            cost = AGAIN * count + AT_HOME * own + random.random(own.shape)
            rows, columns = linear_sum_assignment(cost[:, seats])
            dealt[rows, cell] = seats[columns]
            count[rows, seats[columns]] += 1
        excess = int(np.maximum(count - most, 0).sum() + (count * own).sum())
        if not excess:
            break
    return dealt, excess


def _quota(share: np.ndarray, sizes: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Return the calls of each shopper and cell, shape (J, m), even over audiences and the rest."""
    best, least = np.empty(0, dtype=np.int64), np.inf
    for _ in range(QUOTAS):
        order = random.permutation(len(share))
        quota = np.empty((len(share), int(np.prod(sizes))), dtype=np.int64)
        quota[order] = even_counts(share[order], _phases(sizes, random))
        by_cell, axes = quota.reshape(-1, *sizes), range(1, len(sizes))
        rest = [tuple(other for other in range(1, by_cell.ndim) if other != axis) for axis in axes]
        spread = max((int(np.ptp(by_cell.sum(axis=each))) for each in rest), default=0)
        if share.min() < share.max() - 1 or spread <= MOST_SPREAD:
            return quota
        if spread < least:
            best, least = quota, spread
    return best


def even_counts(share: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Split the calls of each shopper evenly, in such a way that every part has as many calls.

    Parameters
    ----------
    share
        Calls of each shopper, int, shape (J,).
    phase
        A permutation of 0 to m - 1: parts with phases far apart differ in who has a call more.

    Returns
    -------
    Shape (J, m). Each is the floor or the ceiling of ``share / m``, those of a shopper sum to the
    share, for floor(n / m) + floor((n + 1) / m) + … + floor((n + m - 1) / m) = n (Hermite's
    identity), and so do those of a part to the floor or ceiling of its share of all.
    """
    upto = np.append(0, np.cumsum(share))[:, None] + phase
    return np.diff(upto // len(phase), axis=0)


def _phases(sizes: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Number the cells in an order in which no audience, scenario or slot is ever far ahead.

    The next cell is the one that adds least to the sum, over audiences, scenarios, slots and calls,
    of the squared distance of each one's count from its even share.
    """
    codes = np.stack(np.unravel_index(np.arange(int(np.prod(sizes))), sizes))
    used = [np.zeros(size) for size in sizes]
    phase = np.full(codes.shape[1], -1)
    for turn in range(len(phase)):
        ahead = sum(len(each) ** 2 * each[code] for each, code in zip(used, codes, strict=True))
        following = np.where(phase < 0, ahead + random.random(len(phase)), np.inf).argmin()
        phase[following] = turn
        for each, code in zip(used, codes[:, following], strict=True):
            each[code] += 1
    return phase
