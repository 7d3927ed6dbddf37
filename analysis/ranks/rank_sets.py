"""Confidence sets for ranks: what may be claimed of the true rank of every unit.

After Mogstad, Romano, Shaikh and Wilhelm (2024), "Inference for ranks with applications to
mobility across neighbourhoods and academic achievement across countries", Review of Economic
Studies. A rank counts the units above, so a set of ranks follows from tests of which units are
above and which below. The tests share one critical value, a quantile of the largest studentised
error among them, and are sharpened by steps (Romano and Wolf 2005, JASA 100:94-108): the quantile
is taken again over the comparisons not yet decided, until no more fall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from analysis.ranks.ranking import rank_scores
from analysis.threads import side_by_side

BLOCK = 500
"""Draws compared together: keeps a unit's errors in the cache of the processor."""
EXACT = 1e-6
"""A standard error below this share of the range of the estimates is rounding, taken as zero."""

Side = Literal["two-sided", "best", "worst"]


@dataclass(frozen=True)
class RankSets:
    """Sets of ranks that hold the true ranks at a given level.

    Parameters
    ----------
    low, high
        Best and worst rank of each set, NaN for units without an estimate. Shape (U,).
    above, below
        Number of units shown to be above and below the unit, NaN without an estimate. Shape (U,).
    simultaneous
        Whether the sets hold for all units together, or each on its own.
    level
        Level of confidence.
    """

    low: np.ndarray
    high: np.ndarray
    above: np.ndarray
    below: np.ndarray
    simultaneous: bool
    level: float

    @property
    def undecided(self) -> np.ndarray:
        """Number of other units not shown to be above or below. Shape (U,)."""
        return (~np.isnan(self.low)).sum() - 1 - self.above - self.below


def gaussian_errors(spread: np.ndarray, draws: int = 1000, seed: int = 0) -> np.ndarray:
    """Draw errors of estimates from a normal distribution.

    Parameters
    ----------
    spread
        Standard errors of independent estimates, shape (U,), or the covariance of the estimates,
        shape (U, U). NaN where unknown.
    draws, seed
        Number of draws B, and the seed.

    Returns
    -------
    Errors, shape (B, U); NaN where the spread is unknown.
    """
    random = np.random.default_rng(seed)
    if spread.ndim == 1:
        return random.standard_normal((draws, len(spread))) * spread
    known = ~np.isnan(np.diag(spread))
    errors = np.full((draws, len(spread)), np.nan)
    errors[:, known] = random.multivariate_normal(
        np.zeros(known.sum()), spread[np.ix_(known, known)], draws, method="eigh"
    )
    return errors


def rank_sets(
    estimates: np.ndarray,
    errors: np.ndarray,
    *,
    level: float = 0.95,
    simultaneous: bool = False,
    stepdown: bool = True,
    side: Side = "two-sided",
) -> RankSets:
    """Find the ranks that each unit may truly have.

    Parameters
    ----------
    estimates
        Scores, the highest the best; NaN takes no part. Shape (U,).
    errors
        Draws of the errors of the estimates, or of the estimates themselves, such as the totals
        of a bootstrap: only how they scatter about each unit's mean counts. Units whose draws go
        together keep their correlation. Shape (B, U).
    level
        Level of confidence.
    simultaneous
        Whether the sets hold for all units together, for a reader who compares units; otherwise
        each holds on its own, for a reader who asks about one unit named beforehand.
    stepdown
        Whether to sharpen the tests by steps; the level holds either way.
    side
        ``"best"`` bounds the best rank only, ``"worst"`` the worst only.

    Returns
    -------
    `RankSets`. Ranks are those of `rank_scores`: equal units share the better rank.

    Raises
    ------
    ValueError
        For shapes that do not agree, fewer than two draws, or a level outside 0 to 1.

    Notes
    -----
    Two estimates without an error between them are compared as they stand: equal ones share their
    rank, different ones are told apart. A unit with fewer than two draws is told apart from none.
    Where a unit lacks a draw, another of its draws stands in.
    """
    if errors.ndim != 2 or errors.shape[1] != len(estimates) or len(errors) < 2:
        raise ValueError(f"errors of shape (B >= 2, {len(estimates)}), got {errors.shape}")
    if not 0 < level < 1:
        raise ValueError(f"a level between 0 and 1, got {level}")
    there = ~np.isnan(estimates)
    pairs = _Pairs.of(estimates[there], errors[:, there])
    decide = _decide_together if simultaneous else _decide_each
    shown_above, shown_below = decide(pairs, level, stepdown, side)
    above, below = shown_above.sum(axis=1), shown_below.sum(axis=1)
    equal = pairs.equal.sum(axis=1) if side != "best" else 0
    sets = np.full((4, len(estimates)), np.nan)
    sets[:, there] = 1 + above, len(above) - below - equal, above, below
    return RankSets(*sets, simultaneous=simultaneous, level=level)


def tau_best(sets: RankSets, tau: int) -> np.ndarray:
    """Say which units may be among the true top tau.

    Parameters
    ----------
    sets
        Simultaneous sets, of either kind that bounds the best rank.
    tau
        How many ranks count as the top.

    Returns
    -------
    Whether each unit may have rank tau or better, shape (U,). At the level of `sets` this holds
    every unit of the true top, for all values of tau together: the projection set of Mogstad et
    al. (2024).

    Raises
    ------
    ValueError
        For sets that are not simultaneous, or a tau below 1.
    """
    return _may_reach(sets, sets.above, tau)


def tau_worst(sets: RankSets, tau: int) -> np.ndarray:
    """Say which units may be among the true bottom tau: `tau_best`, counted from the bottom."""
    return _may_reach(sets, sets.below, tau)


def rank_set_table(
    units: Sequence[str], estimates: np.ndarray, marginal: RankSets, simultaneous: RankSets
) -> pd.DataFrame:
    """Return one row a unit: its rank, the sets of its rank, and how many it is told apart from.

    Returns
    -------
    Columns unit, rank, marginal_low, marginal_high, simultaneous_low, simultaneous_high, n_above
    and n_below (units shown to be above and below it, all comparisons together), n_undecided (the
    others); sorted by rank.
    """
    table = pd.DataFrame({"unit": list(units)})
    for name, whole in {
        "rank": rank_scores(estimates),
        "marginal_low": marginal.low,
        "marginal_high": marginal.high,
        "simultaneous_low": simultaneous.low,
        "simultaneous_high": simultaneous.high,
        "n_above": simultaneous.above,
        "n_below": simultaneous.below,
        "n_undecided": simultaneous.undecided,
    }.items():
        table[name] = pd.array(whole, dtype="Int64")
    return table.sort_values(["rank", "unit"], na_position="last", ignore_index=True)


def tau_table(units: Sequence[str], sets: RankSets, taus: Sequence[int]) -> pd.DataFrame:
    """Return one row a tau and unit: columns tau, unit, may_be_best, may_be_worst."""
    return pd.DataFrame(
        {
            "tau": np.repeat(np.array(taus, dtype=int), len(units)),
            "unit": list(units) * len(taus),
            "may_be_best": np.ravel([tau_best(sets, tau) for tau in taus]).astype(bool),
            "may_be_worst": np.ravel([tau_worst(sets, tau) for tau in taus]).astype(bool),
        }
    )


def _may_reach(sets: RankSets, beyond: np.ndarray, tau: int) -> np.ndarray:
    if not sets.simultaneous:
        raise ValueError("simultaneous sets, got marginal ones")
    if tau < 1:
        raise ValueError(f"a tau of 1 or more, got {tau}")
    return beyond < tau


@dataclass(frozen=True)
class _Pairs:
    """Every unit held against every other.

    Parameters
    ----------
    noise
        Errors about their mean, single precision, shape (U, B).
    statistic
        By how many standard errors the unit of the column is above that of the row; infinite
        where the difference has no error, 0 where it is unknown. Shape (U, U).
    precision
        One over the standard error of the difference; 0 where there is none to speak of. Shape
        (U, U).
    equal
        Whether two units are the same without error. Shape (U, U).
    """

    noise: np.ndarray
    statistic: np.ndarray
    precision: np.ndarray
    equal: np.ndarray

    @classmethod
    def of(cls, estimates: np.ndarray, errors: np.ndarray) -> "_Pairs":
        noise, known = _whole(errors)
        variance = noise @ noise.T / (noise.shape[1] - 1)
        own = np.diag(variance)
        se = np.sqrt(np.maximum(own[:, None] + own - 2 * variance, 0))
        gap = estimates - estimates[:, None]
        both = known[:, None] & known & ~np.eye(len(estimates), dtype=bool)
        exact = both & (se <= EXACT * np.abs(gap).max(initial=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            precision = np.where(both & ~exact, 1 / se, 0)
            statistic = np.where(exact & (gap != 0), gap * np.inf, gap * precision)
        return cls(
            noise.astype(np.float32),
            statistic,
            precision.astype(np.float32),
            exact & (gap == 0),
        )


def _whole(errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return errors about their mean with every draw filled, shape (U, B), and who has any."""
    noise = np.ascontiguousarray(errors.T, dtype=float)
    there = ~np.isnan(noise)
    for unit in np.flatnonzero(~there.all(axis=1)):
        own = noise[unit, there[unit]]
        noise[unit, ~there[unit]] = np.resize(own, (~there[unit]).sum()) if len(own) else 0
    return noise - noise.mean(axis=1, keepdims=True), there.sum(axis=1) >= 2


def _decide_each(
    pairs: _Pairs, level: float, stepdown: bool, side: Side
) -> tuple[np.ndarray, np.ndarray]:
    """Return whom each unit's own tests show above and below it, shape (U, U) each."""
    units = len(pairs.statistic)
    asked = np.zeros((2, units), dtype=bool)
    asked[0], asked[1] = side != "worst", side != "best"

    def decide(unit: int) -> np.ndarray:
        tests = pairs.statistic[unit] * np.array([[1], [-1]])
        errors = (pairs.noise - pairs.noise[unit]) * pairs.precision[unit, :, None]
        return _step_down(tests, asked, partial(_largest, errors), level, stepdown)

    shown = np.array(list(side_by_side(decide, range(units))), dtype=bool)
    above, below = shown.reshape(units, 2, units).swapaxes(0, 1)
    return above, below


def _largest(errors: np.ndarray, asked: np.ndarray) -> np.ndarray:
    up, down = errors[asked[0]], errors[asked[1]]
    return np.maximum(up.max(axis=0, initial=0), -down.min(axis=0, initial=0))


def _decide_together(
    pairs: _Pairs, level: float, stepdown: bool, side: Side
) -> tuple[np.ndarray, np.ndarray]:
    """Return whom all tests together show above and below each unit, shape (U, U) each.

    Every ordered pair is a one-sided test, so sets of any side rest on the same tests.
    """

    def largest(asked: np.ndarray) -> np.ndarray:
        weight = np.where(asked, pairs.precision, np.float32(0))[:, :, None]

        def of_draws(start: int) -> np.ndarray:
            noise = pairs.noise[:, start : start + BLOCK]
            most = np.zeros(noise.shape[1], dtype=np.float32)
            for own, scale in zip(noise, weight, strict=True):
                errors = noise - own
                errors *= scale
                np.maximum(most, errors.max(axis=0), out=most)
            return most

        starts = range(0, pairs.noise.shape[1], BLOCK)
        return np.concatenate(list(side_by_side(of_draws, starts)))

    asked = np.ones(pairs.statistic.shape, dtype=bool)
    shown = _step_down(pairs.statistic, asked, largest, level, stepdown)
    none = np.zeros_like(shown)
    return none if side == "worst" else shown, none if side == "best" else shown.T


def _step_down(
    statistic: np.ndarray,
    asked: np.ndarray,
    largest: Callable[[np.ndarray], np.ndarray],
    level: float,
    stepdown: bool,
) -> np.ndarray:
    """Return which of the tests asked reject; `largest` gives their largest errors, shape (B,)."""
    shown = np.zeros_like(asked)
    while True:
        critical = np.quantile(largest(asked & ~shown).astype(float), level)
        before, shown = shown, asked & (statistic > critical)
        if not stepdown or (shown == before).all():
            return shown
