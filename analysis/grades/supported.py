"""Supported grades: as many, and as different, as the data can tell apart."""

from dataclasses import dataclass

import numpy as np

STEPS = 20
"""Halvings of the interval in which the price of an error is sought."""


@dataclass(frozen=True)
class OrderErrors:
    """How far the order that grades put units in can be relied on.

    Parameters
    ----------
    pairs
        Share of all pairs of units that have different grades.
    tau
        Expected share of pairs in the right order less that in the wrong one, of all pairs.
    discordance
        Expected share of pairs in the wrong order, of all pairs.
    error
        The same, of the pairs with different grades; NaN where there is none.
    adjacent
        The same, of the pairs with neighbouring grades; NaN where there is none.
    """

    pairs: float
    tau: float
    discordance: float
    error: float
    adjacent: float


def order_errors(code: np.ndarray, better: np.ndarray) -> OrderErrors:
    """Return how often grades are expected to put a pair of units in the wrong order.

    Parameters
    ----------
    code
        Grade of each unit, 0 for the best, -1 without one. Shape (U,).
    better
        Probability that the row's unit is better than the column's; NaN, where nothing is known,
        counts as 0.5. Shape (U, U).
    """
    graded = code >= 0
    level = np.unique(code[graded], return_inverse=True)[1]
    right = np.nan_to_num(better[np.ix_(graded, graded)], nan=0.5)
    gap = level[None, :] - level[:, None]
    right, gap = right[gap > 0], gap[gap > 0]
    every = len(level) * (len(level) - 1) / 2
    wrong = 1 - right

    def share(part: np.ndarray, of: float) -> float:
        return float(part.sum() / of) if of else np.nan

    near = wrong[gap == 1]
    return OrderErrors(
        pairs=share(np.ones(len(right)), every),
        tau=share(right - wrong, every),
        discordance=share(wrong, every),
        error=share(wrong, len(right)),
        adjacent=share(near, len(near)),
    )


def majority_order(better: np.ndarray) -> np.ndarray:
    """Return units in the order of how many others each is more likely than not better than.

    Parameters
    ----------
    better
        Probability that the row's unit is better than the column's; shape (U, U).

    Returns
    -------
    Positions of the units, the best first; of equals, the better by expected rank.
    """
    off = np.where(np.eye(len(better), dtype=bool), 0, better)
    return np.lexsort((-off.sum(axis=1), -(off > 0.5).sum(axis=1)))


def grades_at_price(
    better: np.ndarray,
    price: float,
    *,
    most: int,
    order: np.ndarray | None = None,
    tied: np.ndarray | None = None,
) -> np.ndarray:
    """Grade units so that pairs in the wrong order, less `price` times those in the right, are few.

    Parameters
    ----------
    better
        Probability, given the data, that the row's unit is better than the column's. Shape (U, U).
    price
        What a pair in the right order is worth, where one in the wrong order costs 1; from 0 to 1.
        Two units alone are graded apart where the probability is above 1 / (1 + price).
    most
        Largest number of grades.
    order
        Positions of the units, the best first, that grades must follow; `majority_order` by
        default.
    tied
        Whether the unit at each place of the order must have the grade of the one before it.
        Bool, shape (U,).

    Returns
    -------
    Grade of each unit, 0 for the best. Int, shape (U,). All units have grade 0 where no
    difference is worth its risk.

    Notes
    -----
    The report card of Kline, Rose and Walters (2024, American Economic Review 114), whose lambda
    is `price`. They solve an integer program over all gradings. Here grades follow an order, and
    the best of them comes from dynamic programming. No grading does better where every unit is at
    least as likely to be better than any third one as the unit after it in the order (swapping two
    units graded against the order then never loses), as with normal posteriors of one variance.
    With normal posteriors of very unequal variances none did better in 300 small cases either;
    probabilities without any transitivity need the integer program.
    """
    units = len(better)
    order = majority_order(better) if order is None else order
    right = better[np.ix_(order, order)]
    tied = np.zeros(units, dtype=bool) if tied is None else tied
    edges = np.flatnonzero(np.append(~tied, True))
    worth = _within(price * right - right.T)[np.ix_(edges, edges)]
    code = np.empty(units, dtype=int)
    starts = edges[_best_starts(worth, most)]
    code[order] = np.searchsorted(starts, np.arange(units), side="right") - 1
    return code


def supported_grades(
    better: np.ndarray,
    *,
    most: int,
    error: float = 0.05,
    order: np.ndarray | None = None,
    tied: np.ndarray | None = None,
) -> np.ndarray:
    """Grade units so that few pairs with different grades stand in the wrong order.

    Parameters
    ----------
    better, most, order, tied
        As for `grades_at_price`.
    error
        Largest expected share of wrong orders among the pairs with different grades.

    Returns
    -------
    Grade of each unit, 0 for the best. Int, shape (U,). All units have grade 0 where the data
    support no difference.

    Notes
    -----
    Grades at the largest price from 0 to 1 that hold the error: both the error and what the
    grades tell rise with the price. Kline, Rose and Walters bound the share of wrong orders among
    all pairs (`OrderErrors.discordance`), which ties make smaller; a reader of grades sees pairs
    with different grades, so that is what `error` bounds. A grading that is best at no
    price may hold the error and tell more: so it was in 7 of 113 small cases tried in full.
    """

    def grade(price: float) -> tuple[np.ndarray, bool]:
        code = grades_at_price(better, price, most=most, order=order, tied=tied)
        return code, not order_errors(code, better).error > error

    code, held = grade(1.0)
    if held:
        return code
    low, high, code = 0.0, 1.0, np.zeros(len(better), dtype=int)
    for _ in range(STEPS):
        price = (low + high) / 2
        found, held = grade(price)
        low, high, code = (price, high, found) if held else (low, price, code)
    return code


def _within(worth: np.ndarray) -> np.ndarray:
    """Return the worth of all pairs (i, j), a <= i < j < b, at [a, b]; shape (U + 1, U + 1)."""
    units = len(worth)
    sums = np.zeros((units + 1, units + 1))
    sums[1:, 1:] = np.triu(worth, 1).cumsum(axis=0).cumsum(axis=1)
    return np.triu(np.diag(sums) - sums, 1)


def _best_starts(worth: np.ndarray, most: int) -> np.ndarray:
    """Return where the blocks start that keep the least worth within them.

    Parameters
    ----------
    worth
        Worth of the pairs that a block from each edge (row) to each later one (column) would
        leave together; shape (E, E).
    most
        Largest number of blocks.
    """
    last = len(worth) - 1
    cost = np.where(np.tri(len(worth), dtype=bool), np.inf, worth)
    least, before = [np.where(np.arange(last + 1) == 0, 0, np.inf)], []
    for _ in range(min(most, last)):
        reached = least[-1][:, None] + cost
        before.append(reached.argmin(axis=0))
        least.append(reached.min(axis=0))
    at, starts = last, []
    for layer in range(int(np.argmin([row[last] for row in least[1:]])), -1, -1):
        at = int(before[layer][at])
        starts.append(at)
    return np.array(starts[::-1])
