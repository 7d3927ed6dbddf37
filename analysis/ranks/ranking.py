"""Ranks and their intervals."""

from dataclasses import dataclass

import numpy as np

from analysis.uncertainty.bootstrap import Draws


@dataclass(frozen=True)
class Ranks:
    """Ranks of units, 1 for the best.

    Parameters
    ----------
    rank, low, high
        Rank and its interval, NaN for units without a score. Shape (U,).
    drawn
        Rank of each unit in each draw, NaN where it has none. Shape (B, U).
    """

    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    drawn: np.ndarray


def rank_scores(scores: np.ndarray) -> np.ndarray:
    """Rank scores from the highest; equal scores share the better rank.

    Parameters
    ----------
    scores
        Shape (..., U); NaN has no rank.

    Returns
    -------
    Ranks from 1, NaN where there is no score. Same shape.
    """
    there = ~np.isnan(scores)
    falling = np.where(there, -scores, np.inf)
    order = np.argsort(falling, axis=-1)
    ordered = np.take_along_axis(falling, order, axis=-1)
    first = np.ones(ordered.shape, dtype=bool)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    place = np.where(first, np.arange(1, scores.shape[-1] + 1), 0)
    ranks = np.empty(ordered.shape)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=-1), axis=-1)
    return np.where(there, ranks, np.nan)


def rank_units(scores: np.ndarray, draws: Draws) -> Ranks:
    """Rank units by their total, with percentile intervals from the bootstrap.

    Parameters
    ----------
    scores
        Overall totals, shape (U,).
    draws
        Bootstrap draws of the same units.

    Returns
    -------
    `Ranks`. The interval of a unit runs from the rank below which (1 - level) / 2 of its drawn
    ranks lie to the one above which as many lie, in whole ranks (Goldstein and Spiegelhalter
    1996, JRSS A 159:385-443), widened where needed so that it holds the rank itself.

    Notes
    -----
    The interval says how far a rank moves when the same campaign is drawn again. It is not a
    confidence set for the true rank: among units with nearly the same true score it holds the
    true rank less often than its level says, because every draw adds error to scores that hold
    some already, and pulls ranks of units at the top and bottom of a close field to its middle
    (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies). For what
    may be claimed of the true rank use `analysis.ranks.rank_sets.rank_sets`.
    """
    rank = rank_scores(scores)
    drawn = rank_scores(np.where(np.isnan(scores), np.nan, draws.total))
    tail = (1 - draws.level) / 2
    low, high = np.full((2, len(scores)), np.nan)
    there = ~np.isnan(rank)
    low[there] = np.nanquantile(drawn[:, there], tail, axis=0, method="lower")
    high[there] = np.nanquantile(drawn[:, there], 1 - tail, axis=0, method="higher")
    return Ranks(rank, np.fmin(low, rank), np.fmax(high, rank), drawn)
