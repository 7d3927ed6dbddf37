"""In which order a unit's calls are made, so that neither it nor a shopper is bound to a season."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from survey.plan.dealing import BLOCK, even_counts

ABOVE, NOT_HIS = 1e3, 1e6
"""What a call above a shopper's even share costs, and one that is not his; chance decides below."""


def turns(shopper: np.ndarray, people: int, seed: int) -> np.ndarray:
    """Return in which order the calls of each unit should be made.

    Parameters
    ----------
    shopper
        Who makes each call, shape (units, slots, K): K calls of a unit in a slot.
    people
        Number of shoppers.
    seed
        The same seed gives the same order.

    Returns
    -------
    Places from 0, of the shape of `shopper`.

    Notes
    -----
    The campaign has K periods. In each, a unit is called once in every slot, in random order, and
    a shopper makes the floor or the ceiling of an even share of his calls in a slot: an equitable
    colouring of the edges of the graph of units and shoppers, which every bipartite graph has (de
    Werra 1971, INFOR 9:184-191). Periods are filled one after another by the cheapest assignment.
    """
    random = np.random.default_rng(seed)
    units, slots, each = shopper.shape
    period = np.empty(shopper.shape, dtype=np.int64)
    order = random.permutation(units)
    for start in range(0, units, BLOCK):
        block = order[start : start + BLOCK]
        for slot in range(slots):
            period[block, slot] = _periods(shopper[block, slot], people, random)
    place = np.argsort(random.random((units, each, slots)), axis=2)
    unit, slot = np.ogrid[:units, :slots]
    return period * slots + place[unit[..., None], period, slot[..., None]]


def _periods(shopper: np.ndarray, people: int, random: np.random.Generator) -> np.ndarray:
    """Return the period of each call in one slot, shape (units, K)."""
    units, each = shopper.shape
    unit = np.arange(units)[:, None]
    left = np.zeros((units, people), dtype=np.int64)
    np.add.at(left, (unit, shopper), 1)
    quota = even_counts(left.sum(axis=0), np.arange(each))
    period = np.full(shopper.shape, -1)
    for now in random.permutation(each):
        seats = np.repeat(np.arange(people), left.sum(axis=0))
        above = np.arange(len(seats)) - np.searchsorted(seats, seats) >= quota[seats, now]
        cost = np.where(left[:, seats] > 0, random.random((units, len(seats))), NOT_HIS)
        rows, columns = linear_sum_assignment(cost + ABOVE * above)
        taken = (period < 0) & (shopper == seats[columns][:, None])
        period[rows, taken.argmax(axis=1)] = now
        left[rows, seats[columns]] -= 1
    return period
