"""Ranks and their intervals from scores and standard errors alone, without the records."""

import numpy as np

from analysis.ranks.ranking import rank_scores


def working_error(
    score: np.ndarray, se: np.ndarray, low: np.ndarray, high: np.ndarray, z: float
) -> np.ndarray:
    """Return the error that a published score is compared with.

    Parameters
    ----------
    score, se, low, high
        A score, its standard error and its interval. Same shape.
    z
        Quantile of the normal distribution at the level of the interval.

    Returns
    -------
    The standard error or, where it is greater, the longer arm of the interval over `z`: so that
    what made the interval wider than a normal one, such as few records, counts in comparisons of
    scores, too. NaN where there is no standard error.
    """
    arm = np.fmax(score - low, high - score) / z
    return np.where(np.isnan(se), np.nan, np.fmax(se, arm))


def drawn_ranks(
    scores: np.ndarray,
    errors: np.ndarray,
    *,
    level: float,
    best: float,
    seed: int,
    draws: int = 400,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rank units column by column, with intervals from independent normal errors.

    Parameters
    ----------
    scores, errors
        Shape (K, U): columns and units; NaN has no rank. A score without an error is held.
    level
        Level of the intervals.
    best
        The top of the scale; draws are held within it.
    seed
        The same seed gives the same intervals; a column's do not depend on the other columns.
    draws
        Draws of each column.

    Returns
    -------
    rank, low, high
        As `analysis.ranks.ranking.rank_units` defines them, shape (K, U), with draws that are
        normal around the scores in place of the bootstrap's: what a reader of published scores
        and standard errors can do again (Goldstein and Spiegelhalter 1996, JRSS A 159:385-443).
    """
    rank, low, high = (np.full(scores.shape, np.nan) for _ in range(3))
    tail = (1 - level) / 2
    normal = np.random.default_rng(seed).standard_normal((draws, scores.shape[1]), np.float32)
    for column, (score, error) in enumerate(zip(scores, errors, strict=True)):
        there = ~np.isnan(score)
        if not there.any():
            continue
        rank[column, there] = own = rank_scores(score[there])
        moved = np.nan_to_num(error[there]) * normal[:, there]
        drawn = np.sort(rank_scores(np.clip(score[there] + moved, 0, best)), axis=0)
        last = draws - 1
        low[column, there] = np.minimum(drawn[int(np.floor(tail * last))], own)
        high[column, there] = np.maximum(drawn[int(np.ceil((1 - tail) * last))], own)
    return rank, low, high
