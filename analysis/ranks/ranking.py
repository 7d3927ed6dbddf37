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
    ordered = np.sort(np.where(np.isnan(scores), np.inf, -scores), axis=-1)
    flat = scores.reshape(-1, scores.shape[-1])
    ranks = np.empty_like(flat, dtype=float)
    for row, (values, reference) in enumerate(zip(flat, ordered.reshape(flat.shape), strict=True)):
        ranks[row] = np.searchsorted(reference, -values, side="left") + 1
    return np.where(np.isnan(scores), np.nan, ranks.reshape(scores.shape))


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
    """
    rank = rank_scores(scores)
    drawn = rank_scores(np.where(np.isnan(scores), np.nan, draws.total))
    tail = (1 - draws.level) / 2
    low, high = np.full((2, len(scores)), np.nan)
    there = ~np.isnan(rank)
    low[there] = np.nanquantile(drawn[:, there], tail, axis=0, method="lower")
    high[there] = np.nanquantile(drawn[:, there], 1 - tail, axis=0, method="higher")
    return Ranks(rank, np.fmin(low, rank), np.fmax(high, rank), drawn)
