"""Pairs of records that may be alike, without looking at all pairs of a nation."""

from collections.abc import Iterator

import numpy as np

from survey.checks.coding import hashed

MOST_PAIRS = 2_000_000
"""Pairs beyond which only those are compared that agree in a band of answers."""
MOST_BANDS = 3
LEAST_SHARE = 0.7
"""Share of answers that a pair must have in common to be looked at."""
_CHUNK = 200_000
Pairs = tuple[np.ndarray, np.ndarray]


def pairs_in(block: np.ndarray) -> int:
    """Return the number of pairs of records of one block; records of block -1 have none."""
    size = np.bincount(block[block >= 0]).astype(np.int64)
    return int((size * (size - 1) // 2).sum())


def random_pairs(block: np.ndarray, size: int) -> Pairs:
    """Return random pairs of records of one block, both of shape (at most size,)."""
    order = np.argsort(block, kind="stable")
    order = order[np.count_nonzero(block < 0) :]
    members = np.bincount(block[order]) if len(order) else np.zeros(1, dtype=int)
    start = np.cumsum(members) - members
    random = np.random.default_rng(0)
    left = random.integers(0, max(len(order), 1), size if len(order) else 0)
    own = block[order[left]]
    right = start[own] + (random.random(len(left)) * members[own]).astype(np.intp)
    apart = left != right
    return order[left[apart]], order[right[apart]]


def candidate_pairs(codes: np.ndarray, block: np.ndarray, rows: np.ndarray) -> Iterator[Pairs]:
    """Yield pairs of records of one block that share at least `LEAST_SHARE` of their answers.

    Parameters
    ----------
    codes
        Answers, -1 where blank, shape (records, items).
    block
        Block of each record, shape (records,); -1 for none.
    rows
        Positions of the records to look at.

    Notes
    -----
    Up to `MOST_PAIRS` pairs all are compared. Beyond, items are dealt to as many bands (at most
    `MOST_BANDS`) as keeps the number of pairs that agree in all of a band below `MOST_PAIRS`:
    with b bands every pair with fewer than b different answers is found (pigeonhole), and most
    others that are alike. One band finds equal answers only; beyond `MOST_PAIRS` its largest
    groups are left out, whose answers are too common to tell anything.
    """
    rows = rows[block[rows] >= 0]
    for keys in _bands(codes, block, rows):
        for left, right in _pairs_of(keys, rows):
            own, other = codes[left], codes[right]
            both = ((own >= 0) & (other >= 0)).sum(axis=1)
            equal = ((own == other) & (own >= 0)).sum(axis=1)
            alike = (equal >= LEAST_SHARE * both) & (both > 0)
            yield left[alike], right[alike]


def _bands(codes: np.ndarray, block: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    own = block[rows]
    if pairs_in(block[rows]) <= MOST_PAIRS:
        return [own]
    varied = np.argsort([-_entropy(codes[rows, place]) for place in range(codes.shape[1])])
    keys: list[np.ndarray] = []
    for bands in range(min(MOST_BANDS, codes.shape[1]), 0, -1):
        keys = [
            hashed([own, *(codes[rows, place] for place in varied[band::bands])])
            for band in range(bands)
        ]
        if sum(_pair_count(key) for key in keys) <= MOST_PAIRS:
            break
    return keys


def _entropy(codes: np.ndarray) -> float:
    share = np.bincount(codes.astype(np.intp) + 1) / max(len(codes), 1)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def _pair_count(keys: np.ndarray) -> int:
    size = np.unique(keys, return_counts=True)[1].astype(np.int64)
    return int((size * (size - 1) // 2).sum())


def _pairs_of(keys: np.ndarray, rows: np.ndarray) -> Iterator[Pairs]:
    """Yield every pair of records with the same key, in chunks, at most `MOST_PAIRS` in all.

    Small groups come first: what a great many share is no evidence.
    """
    _, group, size = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.lexsort((group, size[group]))
    later = size[group[order]] - 1 - _place_in(group[order])
    done = np.concatenate([[0], np.cumsum(later)])
    limit = min(int(done[-1]), MOST_PAIRS)
    begin = 0
    while begin < len(order) and done[begin] < limit:
        stop = int(np.searchsorted(done, done[begin] + _CHUNK, side="right"))
        stop = min(max(stop - 1, begin + 1), len(order))
        own = np.arange(begin, stop)
        count = later[own]
        left = np.repeat(own, count)
        right = left + 1 + np.arange(len(left)) - np.repeat(done[own] - done[begin], count)
        yield rows[order[left]], rows[order[right]]
        begin = stop


def _place_in(group: np.ndarray) -> np.ndarray:
    """Return the place of each record within its run of equal numbers, from 0."""
    start = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(start, np.diff(start, append=len(group)))
