"""The gap between audiences: citizens against enterprises, or any two, in the nation and a unit.

The units of an edition are all there are, so the uncertainty of a gap is the sampling of records.
No record of one audience enters the score of another, so the variances of the two scores add up.
Shoppers who call for both audiences lift or lower both scores at once, which the difference
cancels: as far as the standard errors hold the shoppers' share, intervals here are too wide.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.effects import Effect, verdict
from analysis.comparisons.group_tests import holm
from analysis.uncertainty.degrees import pooled_degrees
from indicators.scores import Scores
from survey.findings import Finding, Severity

AUDIENCE_GAP_COLUMNS = (
    "indicator", "level", "first", "second", "n", "first_mean", "second_mean", "gap", "se", "low",
    "high", "p", "p_adjusted", "share_positive", "effect", "verdict",
)  # fmt: skip
UNIT_GAP_COLUMNS = (
    "unit", "indicator", "level", "first", "second", "gap", "se", "low", "high", "p", "p_adjusted",
    "effect", "verdict",
)  # fmt: skip


def audience_gaps(scores: Scores, level: float = 0.95) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Compare audiences in the mean over the units, for every indicator.

    Parameters
    ----------
    scores
        Scores with standard errors.
    level
        Level of the intervals, and one minus the significance level.

    Returns
    -------
    A row an indicator and pair of audiences, in the order of the system; units with a score of
    both enter, n of them, equally. The gap is the first audience's mean less the second's; se, low,
    high and p (normal) from the sampling of records, p_adjusted by Holm over all rows;
    share_positive is the share of the units with a gap above 0; effect is the gap over the root of
    the mean of the two variances between units (d_av of Cumming 2012, *Understanding the New
    Statistics*), sampling error within, NaN where units do not differ. A finding counts the units
    that lack one of the audiences.
    """
    rows, findings = [], []
    z = float(stats.norm.ppf(0.5 + level / 2))
    for first, second, node in _pairs(scores):
        gap, variance, deviation = _paired(scores, first, second, node)
        there = ~np.isnan(gap)
        n = int(there.sum())
        if lost := int((~np.isnan(scores.score[:, [first, second], node])).any(axis=1).sum()) - n:
            findings.append(_without_pair(scores, node, lost))
        if not n:
            continue
        mean, se = float(gap[there].mean()), float(np.sqrt(variance[there].sum())) / n
        means = [float(scores.score[there, at, node].mean()) for at in (first, second)]
        rows.append(
            {
                "indicator": scores.hierarchy.ids[node], "level": int(scores.hierarchy.depth[node]),
                "first": scores.audiences[first], "second": scores.audiences[second], "n": n,
                "first_mean": means[0], "second_mean": means[1], "gap": mean, "se": se,
                "low": mean - z * se, "high": mean + z * se, "p": float(_p(mean, se)),
                "share_positive": float((gap[there] > 0).mean()), "effect": mean / deviation,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(AUDIENCE_GAP_COLUMNS))
    return _judged(table, holm(table["p"].to_numpy(dtype=float)), level), tuple(findings)


def unit_audience_gaps(scores: Scores, level: float = 0.95, depth: int = 1) -> pd.DataFrame:
    """Compare audiences within every unit.

    Parameters
    ----------
    scores, level
        As for `audience_gaps`.
    depth
        The deepest level of indicators that is compared; 0 for the total alone.

    Returns
    -------
    A row a unit, indicator and pair of audiences that have a score: gap, se, low, high and p
    (Student's t, with `pooled_degrees`) from the sampling of records; p_adjusted holds the false
    discovery rate over the units of an indicator and pair (Benjamini & Hochberg 1995, JRSS B
    57:289-300); effect is the gap over the same deviation as in `audience_gaps`. ``clear`` marks a
    gap that stands out of both.
    """
    parts = []
    for first, second, node in _pairs(scores, depth):
        gap, variance, deviation = _paired(scores, first, second, node)
        there = ~np.isnan(gap)
        own, se = gap[there], np.sqrt(variance[there])
        errors, known = (each[there][:, [first, second], node].T
                         for each in (scores.se, scores.degrees))  # fmt: skip
        degrees = pooled_degrees(errors**2, known)
        reach = stats.t.ppf(0.5 + level / 2, degrees) * se
        p = _p(own, se, degrees)
        part = pd.DataFrame(
            {
                "unit": np.array(scores.units, dtype=object)[there], "gap": own, "se": se,
                "low": own - reach, "high": own + reach, "p": p, "effect": own / deviation,
            }
        ).assign(
            indicator=scores.hierarchy.ids[node], level=int(scores.hierarchy.depth[node]),
            first=scores.audiences[first], second=scores.audiences[second],
        )  # fmt: skip
        parts.append(_judged(part, _false_discovery(p), level))
    if not parts:
        return pd.DataFrame(columns=list(UNIT_GAP_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(UNIT_GAP_COLUMNS)]


def _pairs(scores: Scores, depth: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Yield the positions of two audiences and of an indicator that is scored for some audience."""
    addressed = scores.score[:, :-1]
    for node in range(len(scores.hierarchy.ids)):
        if depth is None or scores.hierarchy.depth[node] <= depth:
            asked = np.flatnonzero(~np.isnan(addressed[:, :, node]).all(axis=0))
            for first, second in combinations(map(int, asked), 2):
                yield first, second, node


def _paired(
    scores: Scores, first: int, second: int, node: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return each unit's gap and its variance, shape (U,), and the deviation between units."""
    one, other = scores.score[:, first, node], scores.score[:, second, node]
    gap = one - other
    there = ~np.isnan(gap)
    variance = scores.se[:, first, node] ** 2 + scores.se[:, second, node] ** 2
    if there.sum() < 2:
        return gap, variance, np.nan
    deviation = float(np.sqrt((one[there].var(ddof=1) + other[there].var(ddof=1)) / 2))
    return gap, variance, deviation if deviation > 0 else np.nan


def _p(
    gap: np.ndarray | float, se: np.ndarray | float, degrees: np.ndarray | float = np.inf
) -> np.ndarray:
    """Return two-sided p values; a gap without sampling error is certain, or there is none."""
    gap, se = np.abs(np.asarray(gap)), np.asarray(se)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((gap == 0) & (se == 0), 1.0, 2 * stats.t.sf(gap / se, degrees))


def _false_discovery(p: np.ndarray) -> np.ndarray:
    adjusted = np.full(p.shape, np.nan)
    there = ~np.isnan(p)
    if there.any():
        adjusted[there] = stats.false_discovery_control(p[there], method="bh")
    return adjusted


def _judged(table: pd.DataFrame, p_adjusted: np.ndarray, level: float) -> pd.DataFrame:
    table["p_adjusted"] = p_adjusted
    table["verdict"] = [
        verdict(p, Effect("hedges_g", size, np.nan, np.nan, size), level)
        for p, size in zip(table["p_adjusted"], table["effect"], strict=True)
    ]
    return table


def _without_pair(scores: Scores, node: int, count: int) -> Finding:
    return Finding(
        "one-audience-only",
        Severity.NOTE,
        column=scores.hierarchy.ids[node],
        expected="a score of both audiences",
        got=f"{count} units with one",
        hint="left out of the comparison of audiences",
        count=count,
    )
