"""Calls dealt to days: every unit, slot and shopper spread evenly over the campaign."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Dealt:
    """Calls that have a shopper.

    Parameters
    ----------
    unit, slot, shopper
        Codes, shape (calls,).
    turn
        Place of each call among those of its unit, in the order in which they should be made.
        Shape (calls,).
    """

    unit: np.ndarray
    slot: np.ndarray
    shopper: np.ndarray
    turn: np.ndarray


def deal_days(calls: Dealt, days: tuple[int, int], off: float, seed: int) -> np.ndarray:
    """Deal calls to the days of a campaign.

    Parameters
    ----------
    calls
        The calls.
    days
        Number of working days and of days off.
    off
        Share of calls on days off.
    seed
        The same seed deals the same.

    Returns
    -------
    The day of each call, working days first, then days off; shape (calls,).

    Notes
    -----
    A systematic sample of each unit's turns falls on days off: the floor or the ceiling of its
    share. On either kind of day, the calls of a shopper in a slot are taken in their turns and laid
    on a grid over the campaign, those of the next slot between them; ranked, they fill the
    shopper's days evenly: the load of any two days differs by one at most, and slots alternate.
    """
    random = np.random.default_rng(seed)
    size = np.bincount(calls.unit)[calls.unit]
    first = random.random()
    line = random.permutation(calls.unit.max() + 1)[calls.unit] * size + calls.turn
    rest = np.floor((line + 1) * off + first) > np.floor(line * off + first)
    when = (calls.turn + random.random(len(size))) / size
    day = np.empty(len(size), dtype=np.int64)
    for kind, start, count in ((~rest, 0, days[0]), (rest, days[0], days[1])):
        if kind.any():
            day[kind] = start + _evenly(calls, kind, when[kind], count, random)
    return day


def _evenly(
    calls: Dealt, kind: np.ndarray, when: np.ndarray, days: int, random: np.random.Generator
) -> np.ndarray:
    """Spread some of the calls of each shopper over days, in about the order of `when`."""
    shopper, slot = calls.shopper[kind], calls.slot[kind]
    people, slots = calls.shopper.max() + 1, calls.slot.max() + 1
    shift = np.argsort(random.random((people, slots)), axis=1) + random.random((people, 1))
    group = shopper * slots + slot
    place = _rank_in(group, when)
    along = (place + shift[shopper, slot] / slots) / np.bincount(group)[group]
    rank, load = _rank_in(shopper, along), np.bincount(shopper, minlength=people)
    return ((rank + random.random(people)[shopper]) * days / load[shopper]).astype(np.int64)


def _rank_in(group: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return each record's place in its group, from 0, in the order of `by`."""
    order = np.lexsort((by, group))
    starts = np.searchsorted(group[order], group[order])
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - starts
    return place
