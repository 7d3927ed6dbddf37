"""Recordings that are coded twice, and those that a supervisor checks."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def systematic(group: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Take a share of sorted records, of every group the floor or the ceiling of it.

    Parameters
    ----------
    group
        Codes in rising order, shape (records,).
    share
        0 to 1.
    random
        Where the sample starts.

    Returns
    -------
    Positions, rising.
    """
    first = random.random()
    at = np.arange(len(group))
    return np.flatnonzero(np.floor((at + 1) * share + first) > np.floor(at * share + first))


def second_coders(caller: np.ndarray, unit: np.ndarray, home: np.ndarray, seed: int) -> np.ndarray:
    """Deal recordings to second coders, so that everybody is compared with everybody.

    Parameters
    ----------
    caller, unit
        Who made each call, and where to; shape (recordings,).
    home
        The unit that each shopper does not judge, -1 for none. Shape (J,).
    seed
        The same seed deals the same.

    Returns
    -------
    Shopper of each recording, never its caller. Shape (recordings,). A home is passed over where
    somebody else is left.

    Notes
    -----
    Shoppers sit in a random circle. The recordings of each go to the next in the circle first,
    then to those farther on, in one random order of distances for all: a cyclic design. So a
    shopper codes as many recordings as were taken of the shoppers before, pairs are met as evenly
    as their number allows, and one recording of every shopper links all.
    """
    random = np.random.default_rng(seed)
    people = len(home)
    circle = random.permutation(people)
    seat = np.argsort(circle)
    steps = np.append(1, 1 + random.permutation(np.arange(1, people - 1)))
    order = np.lexsort((random.random(len(caller)), caller))
    place = np.empty(len(caller), dtype=np.int64)
    place[order] = np.arange(len(caller)) - np.searchsorted(caller[order], caller[order])
    coder = np.full(len(caller), -1)
    for passed_over in range(people - 1):
        open_ = coder < 0
        step = steps[(place + passed_over) % (people - 1)]
        found = circle[(seat[caller] + step) % people]
        coder = np.where(open_ & (home[found] != unit), found, coder)
    return np.where(coder < 0, circle[(seat[caller] + 1) % people], coder)


def linked_groups(first: np.ndarray, second: np.ndarray, people: int) -> int:
    """Count the groups of shoppers that no recording links with one another."""
    edges = coo_array((np.ones(len(first)), (first, second)), shape=(people, people))
    return int(connected_components(edges, directed=False)[0])


def dealt_in_turn(group: np.ndarray, takers: int, random: np.random.Generator) -> np.ndarray:
    """Deal records, sorted by group, to takers in turn, so that each takes some of every group."""
    return (np.arange(len(group)) + random.integers(takers)) % takers
