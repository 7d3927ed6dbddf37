"""Breaks: classes of scores that differ as little as can be within, found from the scores."""

import numpy as np

from analysis.grades.cuts import best_first
from analysis.threads import side_by_side

BLOCK = 128
"""Rows of scores handled together: what they need stays in the processor's cache."""
STRIDE = 16
"""Scores after which the least start of a class is looked up anew."""
STARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Starts of k-means, from centres of equal counts (0) to centres of equal distances (1)."""
ITERATIONS = 500


def natural_breaks(scores: np.ndarray, classes: int) -> np.ndarray:
    """Part scores into classes with the least sum of squares within.

    Parameters
    ----------
    scores
        Shape (..., U); NaN belongs to no class.
    classes
        Number of classes K. With fewer distinct scores each makes a class of its own, and the
        worst classes stay empty.

    Returns
    -------
    Units in each class or a better one. Int, shape (..., K).

    Notes
    -----
    The exact optimum by dynamic programming over the ordered scores (Fisher 1958, JASA
    53:789-798), which cartographers call Jenks' natural breaks. It never parts equal scores.
    """
    ordered, n = best_first(np.atleast_2d(scores))
    blocks = [slice(start, start + BLOCK) for start in range(0, len(ordered), BLOCK)]
    rows = side_by_side(lambda block: _optimal(ordered[block], n[block, 0], classes), blocks)
    return np.concatenate(list(rows)).reshape(*scores.shape[:-1], classes)


def _optimal(ordered: np.ndarray, n: np.ndarray, classes: int) -> np.ndarray:
    """Return the optimal counts of some rows, shape (rows, K).

    The sum of squares within is least where the sum over classes of (sum of scores)² / size is
    most. `best[k, j]` is the most that the first j scores give in exactly k + 1 classes; a class
    may start at a score only where it differs from the one before. The start of the last class
    never falls as j grows (Wu 1991, Journal of Algorithms 12:663-673), so none before the `least`
    that was the best in any row need be tried again.
    """
    rows, units = ordered.shape
    centred = np.nan_to_num(ordered - _mean(ordered)).T
    sums = np.concatenate([np.zeros((1, rows)), centred.cumsum(axis=0)])
    starts = np.ones((units, rows), dtype=bool)
    starts[1:] = ordered.T[1:] != ordered.T[:-1]
    shares = 1 / np.arange(units, 0, -1.0)[:, None]
    best = np.full((classes, units + 1, rows), -np.inf)
    worth, least = np.empty((units, rows)), np.arange(classes)
    for j in range(1, units + 1):
        gain = sums[j] - sums[:j]
        gain *= gain
        gain *= shares[units - j :]
        best[0, j] = gain[0]
        for k in range(1, min(classes - 1, j)):
            here = np.add(best[k - 1, least[k] : j], gain[least[k] :], out=worth[least[k] : j])
            here.max(axis=0, out=best[k, j])
            if j % STRIDE == 0:
                least[k] += here.argmax(axis=0).min()
        if j < units:
            best[:, j, ~starts[j]] = -np.inf
    distinct = (starts & (np.arange(units)[:, None] < n)).sum(axis=0)
    upto = np.repeat(n[:, None], classes, axis=1)
    at = np.arange(units)[:, None]
    for k in range(classes - 1, 0, -1):
        end = upto[:, k]
        size = np.maximum(end - at, 1)
        gain = (sums[end, np.arange(rows)] - sums[:-1]) ** 2 / size
        worth = np.where(at < end, best[k - 1, :-1] + gain, -np.inf)
        upto[:, k - 1] = np.where(k < distinct, worth.argmax(axis=0), end)
    return upto


def kmeans(scores: np.ndarray, classes: int) -> np.ndarray:
    """Part scores into classes by k-means: every score is nearest to the mean of its own class.

    Parameters
    ----------
    scores
        Shape (..., U); NaN belongs to no class.
    classes
        Number of classes K. A class may stay empty.

    Returns
    -------
    Units in each class or a better one. Int, shape (..., K).

    Notes
    -----
    Lloyd's iteration (1982, IEEE Transactions on Information Theory 28:129-137) until no unit
    moves, from the several `STARTS`, of which the least sum of squares is kept; a score halfway
    between two means goes to the better class. The result is a local optimum: `natural_breaks`
    is the best there is.
    """
    ordered, n = best_first(np.atleast_2d(scores))
    centred = np.nan_to_num(ordered - _mean(ordered))
    sums = np.concatenate([np.zeros((len(centred), 1)), centred.cumsum(axis=1)], axis=1)
    found, least = np.zeros((len(ordered), classes), dtype=int), np.full(len(ordered), np.inf)
    for blend in STARTS:
        upto = _settled(centred, sums, n, _start(centred, n, classes, blend))
        within = -_between(sums, upto)
        better = within < least - 1e-12
        found[better], least[better] = upto[better], within[better]
    return found.reshape(*scores.shape[:-1], classes)


def squares_within(scores: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the sum of squares of scores about the means of their classes.

    Parameters
    ----------
    scores
        Shape (..., U).
    upto
        Units in each class or a better one, shape (..., K).

    Returns
    -------
    Shape (...).
    """
    ordered, _ = best_first(scores)
    centred = np.nan_to_num(ordered - _mean(ordered))
    sums = np.concatenate([np.zeros((*scores.shape[:-1], 1)), centred.cumsum(axis=-1)], axis=-1)
    return (centred**2).sum(axis=-1) - _between(sums, upto)


def _mean(ordered: np.ndarray) -> np.ndarray:
    n = (~np.isnan(ordered)).sum(axis=-1, keepdims=True)
    return np.nansum(ordered, axis=-1, keepdims=True) / np.maximum(n, 1)


def _between(sums: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the sum over classes of (sum of scores)² / size, shape (...)."""
    size = np.diff(upto, axis=-1, prepend=0)
    total = np.diff(np.take_along_axis(sums, upto, axis=-1), axis=-1, prepend=0)
    return (total**2 / np.maximum(size, 1)).sum(axis=-1)


def _start(centred: np.ndarray, n: np.ndarray, classes: int, blend: float) -> np.ndarray:
    """Return centres from those of equal counts (0) to those of equal distances (1), (rows, K)."""
    middles = (np.arange(classes) + 0.5) / classes
    at = np.minimum((middles * n).astype(int), np.maximum(n - 1, 0))
    by_count = np.take_along_axis(centred, at, axis=1)
    best, worst = centred[:, :1], np.take_along_axis(centred, np.maximum(n - 1, 0), axis=1)
    return (1 - blend) * by_count + blend * (best - middles * (best - worst))


def _settled(
    centred: np.ndarray, sums: np.ndarray, n: np.ndarray, centres: np.ndarray
) -> np.ndarray:
    """Return the counts at which Lloyd's iteration comes to rest, shape (rows, K)."""
    upto = np.repeat(n, centres.shape[1], axis=1)
    moving = np.arange(len(centred))
    for _ in range(ITERATIONS):
        here = centres[moving]
        cuts = (here[:, :-1] + here[:, 1:]) / 2
        counts = np.concatenate([_at_least(centred[moving], n[moving], cuts), n[moving]], axis=1)
        size = np.diff(counts, axis=1, prepend=0)
        total = np.diff(np.take_along_axis(sums[moving], counts, axis=1), axis=1, prepend=0)
        centres[moving] = np.where(size > 0, total / np.maximum(size, 1), here)
        changed = (counts != upto[moving]).any(axis=1)
        upto[moving] = counts
        moving = moving[changed]
        if not moving.size:
            break
    return upto


def _at_least(ordered: np.ndarray, n: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Count the scores of each row that reach each cut, by bisection; shape as `cuts`."""
    low, high = np.zeros(cuts.shape, dtype=int), np.broadcast_to(n, cuts.shape).copy()
    while (low < high).any():
        middle = (low + high) // 2
        score = np.take_along_axis(ordered, np.minimum(middle, ordered.shape[1] - 1), axis=1)
        reached = (score >= cuts) & (low < high)
        low, high = np.where(reached, middle + 1, low), np.where(reached, high, middle)
    return low
