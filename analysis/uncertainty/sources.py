"""All sources at once: how much of a rank's uncertainty is sampling, shoppers, and method."""

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.bootstrap import leaf_draws
from analysis.uncertainty.clusters import sampled_clusters
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.method import failures, rank_interval
from analysis.uncertainty.sobol import Indices, variance_indices
from analysis.uncertainty.variants import Drawn, Method
from indicators.scores import Scores
from survey.findings import Finding, Severity

SOURCES = ("sampling", "shopper", "method")
RESAMPLES = 200
"""Bootstrap samples of the design behind the standard error of a share."""
UNSURE = 0.1
"""A share with a larger standard error is uncertain."""
Set = frozenset


@dataclass(frozen=True)
class SourceSplit:
    """The variance of ranks by its source.

    Parameters
    ----------
    units
        Columns unit, rank, sd (standard deviation of the rank under all sources), sampling,
        shopper, method (shares of its variance that sum to 1, missing for a rank that never
        moves), se (the largest standard error of the three shares), low, high (percentile
        interval of the rank under all sources); one row a unit with a rank.
    national
        The same of the mean total of all these units: mean, sd, sampling, shopper, method, se,
        low, high; one row.
    """

    units: pd.DataFrame
    national: pd.DataFrame


def split_rank_variance(
    scores: Scores,
    plan: MethodPlan | None = None,
    *,
    draws: int = 1024,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[SourceSplit, tuple[Finding, ...]]:
    """Split the variance of every rank among sampling, shoppers and method.

    Parameters
    ----------
    scores
        The scores as they are.
    plan
        What varies in the method; nothing by default.
    draws
        Draws D; each source is drawn twice and five mixtures of them are scored.
    level
        Level of the intervals.
    seed
        The same seed gives the same split.

    Returns
    -------
    split
        `SourceSplit`.
    findings
        What counts draws without a total, options that exclude each other, shares below 0 that
        were set to it, and units whose shares are uncertain.

    Raises
    ------
    InputError
        Where the plan does not fit the system.

    Notes
    -----
    The sources are independent: draws of records s and of shoppers h
    (`analysis.uncertainty.bootstrap`), and of the method m. From f(s, h, m) and mixtures of two
    sets of draws follow the first- and total-order index of each source
    (`analysis.uncertainty.sobol`), which for three sources give the variance that any set of them
    explains; a source's share is its Shapley effect, the variance it adds to what others explain,
    averaged over all orders in which the sources may come (Owen 2014, SIAM/ASA Journal on
    Uncertainty Quantification 2:245-251; Song, Nelson and Staum 2016, the same 4:1060-1083). So
    shares are never negative and sum to 1, whatever the sources do together; an estimate
    below 0 is set to 0. The draws of leaves serve all weights, averages and leavings-out; only
    options that score a leaf otherwise take a bootstrap of their own.
    """
    factors = method_factors(plan, scores.system) if plan else ()
    method = Method.of(scores, factors)
    totals = _mixtures(method, draws, seed)
    ranks = np.stack([method.ranks(each) for each in totals])
    ranked = np.flatnonzero(~np.isnan(method.rank))
    rank, own = method.rank[ranked], ranks[..., ranked]
    parts = variance_indices(own[0], own[1], own[2:], seed=seed, resamples=RESAMPLES)
    units, negative = _split(parts)
    low, high = rank_interval(np.concatenate(own[:2]), rank, level)
    units.insert(0, "unit", [scores.units[at] for at in ranked])
    units.insert(1, "rank", rank.astype(int))
    units = units.assign(low=low.astype(int), high=high.astype(int))
    national = _national(totals[:, ranked], scores.score[ranked, -1, 0], level, seed)
    found = failures(method, np.concatenate(ranks))
    return SourceSplit(units, national), (*found, *_doubts(units, negative))


def _mixtures(method: Method, draws: int, seed: int) -> np.ndarray:
    """Return totals of two sets of draws, and of the first with one source from the second.

    Shape (5, U, D): the first, the second, then by source.
    """
    seeds = np.random.SeedSequence(seed).generate_state(6)
    records, shoppers = seeds[:2].tolist(), seeds[2:4].tolist()
    built, rebuilt = (
        method.at(np.random.default_rng(each).random((draws, len(method.factors))))
        for each in seeds[4:]
    )

    clusters = cache(lambda source: sampled_clusters(method.variants.sources[source])[0])

    @cache
    def leaves(source: int, records: int) -> tuple[np.ndarray, ...]:
        return leaf_draws(
            method.variants.sources[source],
            clusters(source),
            replicates=draws,
            seed=records,
            shopper_seeds=shoppers,
        )

    def totals(taken: Drawn, records: int, shopper: int) -> np.ndarray:
        return method.totals(taken, lambda source: leaves(source, records)[shopper])

    first, by_shopper = (totals(built, records[0], shopper) for shopper in (0, 1))
    by_method = totals(rebuilt, records[0], 0)
    leaves.cache_clear()
    by_records, second = totals(built, records[1], 0), totals(rebuilt, records[1], 1)
    return np.stack([first, second, by_records, by_shopper, by_method])


def _split(parts: Indices) -> tuple[pd.DataFrame, np.ndarray]:
    """Return sd, the shares and their standard error, and how far a share was below 0."""
    effects = parts.shares(shapley_effects(parts))
    shares = np.maximum(effects[0], 0)
    shares = shares / shares.sum(axis=0)
    table = pd.DataFrame({"sd": np.sqrt(parts.variance[0])})
    table[list(SOURCES)] = shares.T
    table["se"] = effects[1:].std(axis=0, ddof=1).max(axis=0)
    return table, -np.minimum(effects[0].min(axis=0), 0)


def shapley_effects(parts: Indices) -> np.ndarray:
    """Return the Shapley effects of three inputs, in units of the variance, which they sum to.

    Parameters
    ----------
    parts
        Indices of three inputs.

    Returns
    -------
    Shape (1 + R, 3, S).

    Notes
    -----
    Any one input explains what its first-order index says, any two what the total-order index of
    the third leaves. An input that never moves an output in the design has no part in it; then
    the sets that differ by it alone explain the same, and the mean of their estimates is taken.
    """
    inputs = range(3)
    sets = [Set(each) for size in range(4) for each in combinations(inputs, size)]
    known = dict.fromkeys(sets, parts.variance)
    known[Set()] = np.zeros_like(parts.variance)
    for one in inputs:
        known[Set([one])] = parts.first[:, one]
        known[Set(inputs) - {one}] = parts.variance - parts.total[:, one]
    effects = np.zeros_like(parts.first)
    moves = parts.total[0] > 0
    for active in sets:
        at = np.flatnonzero((moves == np.isin(np.arange(3), list(active))[:, None]).all(axis=0))
        alike: dict[Set, list[np.ndarray]] = {}
        for each in sets:
            alike.setdefault(each & active, []).append(known[each][:, at])
        explained = {each: np.mean(figures, axis=0) for each, figures in alike.items()}
        explained |= {Set(): 0 * parts.variance[:, at], active: parts.variance[:, at]}
        players = len(active)
        for one in active:
            for others in (each for each in explained if one not in each):
                size = len(others)
                weight = factorial(size) * factorial(players - size - 1) / factorial(players)
                gain = explained[others | {one}] - explained[others]
                effects[:, one, at] += weight * gain
    return effects


def _national(totals: np.ndarray, total: np.ndarray, level: float, seed: int) -> pd.DataFrame:
    """Return the split of the mean total of all units, one row."""
    means = _mean_of_units(totals)[..., None]
    parts = variance_indices(means[0], means[1], means[2:], seed=seed, resamples=RESAMPLES)
    table, _ = _split(parts)
    table.insert(0, "mean", total.mean() if total.size else np.nan)
    tail, drawn = (1 - level) / 2, means[:2][~np.isnan(means[:2])]
    limits = np.quantile(drawn, [tail, 1 - tail]) if drawn.size else (np.nan, np.nan)
    table["low"], table["high"] = limits
    return table


def _mean_of_units(totals: np.ndarray) -> np.ndarray:
    """Return the mean over units (axis 1) of those with a total, NaN where none has one."""
    there = ~np.isnan(totals)
    counted = there.sum(axis=1)
    return np.where(there, totals, 0).sum(axis=1) / np.where(counted, counted, np.nan)


def _doubts(units: pd.DataFrame, negative: np.ndarray) -> tuple[Finding, ...]:
    found = []
    if below := int((negative > 0).sum()):
        found.append(
            Finding(
                "negative-shares",
                Severity.NOTE,
                column="method",
                expected="shares of 0 or more",
                got=f"{below} units with one estimated below 0, down to {-negative.max():.3f}",
                hint="set to 0, and the others to sum to 1; more draws bring them nearer",
                count=below,
            )
        )
    if unsure := int((units["se"] > UNSURE).sum()):
        found.append(
            Finding(
                "unsure-shares",
                Severity.NOTE,
                column="method",
                expected=f"standard errors of shares of at most {UNSURE:g}",
                got=f"{unsure} units with a larger one",
                hint="ranks that seldom move; take more draws",
                count=unsure,
            )
        )
    return tuple(found)
