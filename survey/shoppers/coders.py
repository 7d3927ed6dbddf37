"""Coders: who disagrees with the others more than they do among themselves."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t

from survey.shoppers.multiplicity import holm

FEWEST_CODINGS = 10
"""Coders with fewer recordings that another coded too get figures, but no verdict."""
SINGULAR = 1e-9
CODER = (
    "shopper", "recordings", "comparisons", "disagreement", "low", "high", "excess", "excess_low",
    "excess_high", "p", "p_adjusted", "verdict",
)  # fmt: skip


class Compared(NamedTuple):
    """Pairs of codings of one recording by two named coders.

    Parameters
    ----------
    recording, first, second
        Codes from 0, shape (pairs,).
    differ, compared
        Items answered differently, and items that both answered. Shape (pairs,).
    usual
        Disagreement that is usual for these items: sum over them of the share of all pairs that
        differ. Shape (pairs,).
    """

    recording: np.ndarray
    first: np.ndarray
    second: np.ndarray
    differ: np.ndarray
    compared: np.ndarray
    usual: np.ndarray


def pairs_of(ratings: np.ndarray, coder: np.ndarray) -> Compared:
    """Compare every two codings of a recording, item by item.

    Parameters
    ----------
    ratings
        Shape (items, R, M) for M codings at most; NaN where missing.
    coder
        Code of who made each coding, -1 where unknown or there is none. Shape (R, M).
    """
    parts = []
    for one in range(coder.shape[1]):
        for other in range(one + 1, coder.shape[1]):
            rows = np.flatnonzero((coder[:, one] >= 0) & (coder[:, other] >= 0))
            left, right = ratings[:, rows, one], ratings[:, rows, other]
            both = ~np.isnan(left) & ~np.isnan(right)
            parts.append((rows, coder[rows, one], coder[rows, other], both & (left != right), both))
    recording, first, second, differ, both = (
        np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)
    )
    usual = differ.sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    kept = both.any(axis=0)
    return Compared(
        recording[kept], first[kept], second[kept], differ.sum(axis=0)[kept],
        both.sum(axis=0)[kept], (usual @ both)[kept],
    )  # fmt: skip


def coder_table(pairs: Compared, names: np.ndarray, level: float) -> pd.DataFrame:
    """Return one row a coder who shares a recording with another; see `Agreement.coders`.

    Notes
    -----
    Share of disagreement: ratio of sums with an error clustered by recording. It counts the errors
    of both coders of a pair. A coder's own part is told apart by least squares: what a pair
    differs by more than is usual for its items, per item, is the sum of two coders' parts (the
    additive round robin model), each pair weighing by its items, with errors clustered by
    recording and freed of leverage (HC3; Cameron and Miller 2015, Journal of Human Resources
    50:317-372). The test is one-sided, of a part above the mean of the others, corrected by Holm.
    Where coders work in fixed pairs only, the parts cannot be told apart; where some only call and
    others only review, callers are set against callers, and reviewers against reviewers.
    """
    k = len(names)
    excess, se, told = _own_parts(pairs, k)
    rows = []
    for coder in range(k):
        mine = (pairs.first == coder) | (pairs.second == coder)
        recordings = len(np.unique(pairs.recording[mine]))
        if recordings:
            share, low, high = _share(pairs, mine, level)
            rows.append((coder, recordings, int(pairs.compared[mine].sum()), share, low, high))
    table = pd.DataFrame(rows, columns=["coder", *CODER[1:6]])
    at = table.pop("coder").to_numpy(int)
    free = np.maximum(table["recordings"].to_numpy() - 1, 1)
    enough = table["recordings"].to_numpy() >= FEWEST_CODINGS
    own, error = np.where(told[at], excess[at], np.nan), se[at]
    beyond = np.where(own > SINGULAR, np.inf, np.nan)
    ratio = np.divide(own, error, out=beyond, where=error > SINGULAR)
    p = np.where(enough, t.sf(ratio, free), np.nan)
    reach = t.ppf((1 + level) / 2, free) * error
    adjusted = holm(p)
    table.insert(0, "shopper", names[at])
    table = table.assign(excess=own, excess_low=own - reach, excess_high=own + reach, p=p,
                         p_adjusted=adjusted)  # fmt: skip
    table["verdict"] = np.select(
        [~enough, ~told[at], adjusted < 1 - level],
        ["too_few", "not_separable", "disagrees"],
        "in_line",
    )
    return table


def _share(pairs: Compared, mine: np.ndarray, level: float) -> tuple[float, float, float]:
    """Return the share of comparisons that differ, with its interval over recordings."""
    recording = np.unique(pairs.recording[mine], return_inverse=True)[1]
    compared = np.bincount(recording, pairs.compared[mine])
    share = pairs.differ[mine].sum() / compared.sum()
    left = np.bincount(recording, pairs.differ[mine]) - share * compared
    n = len(compared)
    if n < 2:
        return float(share), np.nan, np.nan
    error = np.sqrt((left**2).sum() * n / (n - 1)) / compared.sum()
    reach = t.ppf((1 + level) / 2, n - 1) * error
    return float(share), float(max(share - reach, 0)), float(min(share + reach, 1))


def _own_parts(pairs: Compared, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each coder's part less the mean of the others', its error, and whether it is told."""
    weight = pairs.compared.astype(float)
    outcome = (pairs.differ - pairs.usual) / weight
    one, other = pairs.first, pairs.second
    gram = np.zeros((k, k))
    for row, column in ((one, one), (other, other), (one, other), (other, one)):
        np.add.at(gram, (row, column), weight)
    values, vectors = np.linalg.eigh(gram)
    kept = values > SINGULAR * max(values.max(), 1)
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    moments = np.bincount(one, weight * outcome, k) + np.bincount(other, weight * outcome, k)
    part = inverse @ moments
    leverage = weight * (inverse[one, one] + inverse[other, other] + 2 * inverse[one, other])
    left = weight * (outcome - part[one] - part[other]) / np.maximum(1 - leverage, SINGULAR)
    contrast = _against_peers(vectors[:, ~kept] @ vectors[:, ~kept].T)
    recording = np.unique(pairs.recording, return_inverse=True)[1]
    moved = np.zeros((k, recording.max() + 1))
    for coder in (one, other):
        np.add.at(moved, (coder, recording), left)
    variance = ((contrast @ inverse @ moved) ** 2).sum(axis=1)
    return contrast @ part, np.sqrt(variance), np.diag(contrast) > 0


def _against_peers(unknown: np.ndarray) -> np.ndarray:
    """Return what makes each coder's part less the mean of those it can be set against.

    Parameters
    ----------
    unknown
        Projector on the directions that pairs tell nothing of, shape (K, K). Two coders can be set
        against each other where their difference has no part in these: any two, unless callers are
        only ever paired with reviewers, where callers stand against callers.

    Returns
    -------
    Shape (K, K); rows of 0 where there is nobody to be set against.
    """
    own = np.diag(unknown)
    peers = own[:, None] + own - 2 * unknown < 1e-6
    np.fill_diagonal(peers, val=False)
    others = peers.sum(axis=1, keepdims=True)
    return np.eye(len(own)) * (others > 0) - peers / np.maximum(others, 1)
