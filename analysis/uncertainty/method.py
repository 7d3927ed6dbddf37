"""Uncertainty of the method: how scores and ranks move when the index is built otherwise."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats import qmc

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.factors import (
    AS_IT_IS,
    OptionFactor,
    leaving_out,
    method_factors,
)
from analysis.uncertainty.variants import Method
from indicators.nodes import Words
from indicators.scores import Scores
from survey.findings import Finding, Severity

ENDS = (0.025, 0.975)
"""Quantiles at which a weight by itself is low and high."""


@dataclass(frozen=True)
class MethodDraws:
    """Totals and ranks when the method is drawn anew.

    Parameters
    ----------
    units
        Length U.
    taken
        What each factor took: a column a factor, the name of the option or what the weight was
        multiplied by; one row a draw.
    totals, ranks
        Shape (D, U), NaN without a total; ranks are those among the units that have a total under
        the method as it is.
    rank, low, high
        Rank under the method as it is and the percentile interval of the drawn ranks, shape (U,).
    level
        Level of the interval.
    """

    units: tuple[str, ...]
    taken: pd.DataFrame
    totals: np.ndarray
    ranks: np.ndarray
    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float

    def table(self) -> pd.DataFrame:
        """Return how each unit's rank moves.

        Returns
        -------
        Columns unit, rank, low, high, median, mean_shift (places, whichever way), better, worse
        (shares of draws), failed (draws without a total); one row a unit with a rank.
        """
        there = ~np.isnan(self.rank)
        ranks, rank = self.ranks[:, there], self.rank[there]
        drawn = np.maximum((~np.isnan(ranks)).sum(axis=0), 1)
        return pd.DataFrame(
            {
                "unit": np.array(self.units, dtype=object)[there],
                "rank": rank.astype(int),
                "low": self.low[there],
                "high": self.high[there],
                "median": quantiles_of(ranks, 0.5, "linear"),
                "mean_shift": np.nansum(np.abs(ranks - rank), axis=0) / drawn,
                "better": (ranks < rank).sum(axis=0) / drawn,
                "worse": (ranks > rank).sum(axis=0) / drawn,
                "failed": np.isnan(ranks).sum(axis=0),
            }
        )


def method_draws(
    scores: Scores, plan: MethodPlan, *, level: float = 0.95
) -> tuple[MethodDraws, tuple[Finding, ...]]:
    """Draw the method of an index anew, as a plan says, and rank every draw.

    Parameters
    ----------
    scores
        The scores as they are.
    plan
        What varies; its draws are a Latin hypercube (McKay, Beckman and Conover 1979,
        Technometrics 21:239-245), so that each option is drawn equally often.
    level
        Level of the intervals.

    Returns
    -------
    draws
        `MethodDraws`.
    findings
        What counts draws without a total, and options that exclude each other.

    Raises
    ------
    InputError
        Where the plan does not fit the system, see `method_factors`.
    """
    method = Method.of(scores, method_factors(plan, scores.system))
    drawn = method.at(latin_hypercube(plan.draws, len(method.factors), plan.seed))
    totals = method.totals(drawn)
    ranks, rank = method.ranks(totals), method.rank
    low, high = rank_interval(ranks, rank, level)
    taken = {
        factor.name: drawn.times[:, column] for column, factor in enumerate(method.weights)
    } | {
        factor.name: np.array([each.name for each in factor.options])[drawn.option[:, column]]
        for column, factor in enumerate(method.choices)
    }
    index = pd.RangeIndex(plan.draws, name="draw")
    draws = MethodDraws(
        scores.units, pd.DataFrame(taken, index=index), totals.T, ranks, rank, low, high, level
    )
    return draws, failures(method, ranks)


def one_at_a_time(scores: Scores, plan: MethodPlan) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Compare the ranks under each single alternative with those of the method as it is.

    Returns
    -------
    table
        Columns factor, option (``low`` and ``high`` for a weight at the ends of the middle 95 %
        of its distribution), mean_shift, max_shift (places), moved (share of units whose rank
        changes), tau (Kendall's tau-b of the two orders), lost (units without a total); one row
        an alternative.
    findings
        What counts totals lost.

    Raises
    ------
    InputError
        Where the plan does not fit the system.
    """
    method = Method.of(scores, method_factors(plan, scores.system))
    ends = method.at(np.repeat(np.array(ENDS)[:, None], len(method.factors), axis=1))
    names = [(each.name, end) for each in method.weights for end in ("low", "high")]
    names += [(each.name, option.name) for each in method.choices for option in each.options[1:]]
    drawn = method.as_it_is(len(names))
    for column in range(len(method.weights)):
        drawn.times[2 * column : 2 * column + 2, column] = ends.times[:, column]
    row = 2 * len(method.weights)
    for column, factor in enumerate(method.choices):
        others = range(1, len(factor.options))
        drawn.option[row : row + len(others), column] = others
        row += len(others)
    ranks = method.ranks(method.totals(drawn))
    table = pd.DataFrame(names, columns=["factor", "option"])
    return table.join(_compared(method.rank, ranks)), failures(method, ranks)


def leave_one_out(scores: Scores) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Leave out each indicator of any level by itself, and compare the ranks.

    Returns
    -------
    table
        Columns indicator, level, mean_shift, max_shift, moved, tau, lost (as `one_at_a_time`),
        most_moved (the unit that moves most), places (that it gains; negative for a loss).
    findings
        A note on indicators that the system cannot do without, and on totals lost.
    """
    tree = scores.hierarchy
    options = (AS_IT_IS, *leaving_out(scores.system, tree.ids[1:]))
    words = Words(zh="剔除指标", en="indicator left out")
    method = Method.of(scores, [OptionFactor("leave_out", words, options)])
    drawn = method.as_it_is(len(options) - 1)
    drawn.option[:, 0] = range(1, len(options))
    possible = np.array([method.variant([at]) is not None for at in range(1, len(options))])
    before, ranks = method.rank, method.ranks(method.totals(drawn))[possible]
    table = pd.DataFrame({"indicator": tree.ids[1:], "level": tree.depth[1:]})[possible]
    gained = np.nan_to_num(before - ranks)
    most = np.abs(gained).argmax(axis=1)
    table = table.reset_index(drop=True).join(_compared(before, ranks))
    table["most_moved"] = np.array(scores.units, dtype=object)[most]
    table["places"] = gained[np.arange(len(gained)), most].astype(int)
    kept = [name for name, can in zip(tree.ids[1:], possible, strict=True) if not can]
    found = [
        Finding(
            "cannot-leave-out",
            Severity.NOTE,
            column=", ".join(kept),
            expected="a system without it",
            got=f"{len(kept)} indicators that the system cannot do without",
            hint="not in the table of indicators left out",
            count=len(kept),
        )
    ]
    lost = [each for each in failures(method, ranks) if each.check != "impossible-combination"]
    return table, (*(found if kept else ()), *lost)


def latin_hypercube(draws: int, factors: int, seed: int) -> np.ndarray:
    """Return quantiles of each factor in each draw, shape (draws, factors)."""
    if not factors:
        return np.empty((draws, 0))
    return qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(draws)


def rank_interval(
    ranks: np.ndarray, rank: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval of drawn ranks, widened where needed to hold the rank.

    Parameters
    ----------
    ranks, rank
        Shape (D, U) and (U,), NaN without one.
    level
        Level of the interval.

    Returns
    -------
    Lowest and highest rank in whole ranks, as `analysis.ranks.ranking.rank_units` takes them.
    """
    tail = (1 - level) / 2
    low = quantiles_of(ranks, tail, "lower")
    high = quantiles_of(ranks, 1 - tail, "higher")
    return np.fmin(low, rank), np.where(np.isnan(rank), np.nan, np.fmax(high, rank))


def failures(method: Method, ranks: np.ndarray) -> tuple[Finding, ...]:
    """Count the ranks (D, U) that draws left out, and the options that exclude each other."""
    ranked = ~np.isnan(method.rank)
    lost = np.isnan(ranks[:, ranked])
    found = []
    if refused := method.variants.refused:
        names, why = next(iter(refused.items()))
        told = ", ".join(name for name in names if name != AS_IT_IS.name)
        found.append(
            Finding(
                "impossible-combination",
                Severity.WARNING,
                column="method",
                expected="options that go together",
                got=f"{len(refused)} combinations that do not, such as {told} (it takes {why})",
                hint="their draws have no totals; put options that exclude each other in one list",
                count=len(refused),
            )
        )
    if lost.any():
        units = np.array(method.scores.units, dtype=object)[ranked][lost.any(axis=0)]
        found.append(
            Finding(
                "method-without-total",
                Severity.NOTE,
                column="method",
                expected="a total under every draw of the method",
                got=f"{int(lost.sum())} of {lost.size} without, in {', '.join(units[:5])}",
                hint="left out of the shifts and intervals of ranks",
                count=int(lost.sum()),
            )
        )
    return tuple(found)


def mean_shift(rank: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Return the mean absolute difference of ranks (D, U) to those as they are, shape (D,).

    Notes
    -----
    Saisana, Saltelli and Tarantola (2005), JRSS A 168:307-323, equation 2.
    """
    shift = np.abs(ranks - rank)
    counted = (~np.isnan(shift)).sum(axis=1)
    return np.nansum(shift, axis=1) / np.where(counted, counted, np.nan)


def _compared(rank: np.ndarray, ranks: np.ndarray) -> pd.DataFrame:
    """Compare each row of ranks (D, U) with those as they are."""
    shift = np.abs(ranks - rank)
    there = ~np.isnan(shift)
    some = np.where(there.any(axis=1), 1.0, np.nan)
    counted = np.maximum(there.sum(axis=1), 1)
    taus = [
        stats.kendalltau(rank[at], row[at])[0] if at.sum() > 1 else np.nan
        for row, at in zip(ranks, there, strict=True)
    ]
    return pd.DataFrame(
        {
            "mean_shift": mean_shift(rank, ranks),
            "max_shift": np.max(shift, axis=1, initial=0, where=there) * some,
            "moved": (shift > 0).sum(axis=1) / counted * some,
            "tau": np.array(taus, dtype=float),
            "lost": (~np.isnan(rank)).sum() - there.sum(axis=1),
        }
    )


def quantiles_of(
    ranks: np.ndarray, share: float, method: Literal["lower", "higher", "linear"]
) -> np.ndarray:
    """Return a quantile of each unit's drawn ranks (D, U), NaN where it has none."""
    found = np.full(ranks.shape[1], np.nan)
    there = ~np.isnan(ranks).all(axis=0)
    found[there] = np.nanquantile(ranks[:, there], share, axis=0, method=method)
    return found
