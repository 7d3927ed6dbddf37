"""National figures from scores and records: means of indicators, time slots."""

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd
from scipy.special import expit

from indicators.scores import Scores


def national_means(scores: Scores, level: float = 0.95) -> pd.DataFrame:
    """Average every indicator over the units, equally.

    Parameters
    ----------
    scores
        Scores with standard errors.
    level
        Level of the intervals.

    Returns
    -------
    Columns audience, indicator, level, mean, low, high, n (units), source. The interval carries
    the sampling of records: the units of the edition are all there are, so the standard error of
    their mean is the root of the summed squared standard errors over their number.
    """
    there = ~np.isnan(scores.score)
    n = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, scores.score, 0).sum(axis=0) / n
        se = np.sqrt(np.nansum(np.where(there, scores.se, 0) ** 2, axis=0)) / n
    z = NormalDist().inv_cdf(0.5 + level / 2)
    index = pd.MultiIndex.from_product(
        [scores.audiences, scores.hierarchy.ids], names=["audience", "indicator"]
    )
    table = pd.DataFrame(
        {
            "level": np.tile(scores.hierarchy.depth, len(scores.audiences)),
            "mean": mean.ravel(),
            "low": (mean - z * se).ravel(),
            "high": (mean + z * se).ravel(),
            "n": n.ravel(),
            "source": "scores",
        },
        index=index,
    ).reset_index()
    return table[table["n"] > 0].reset_index(drop=True)


def time_slots(
    calls: pd.DataFrame, slots: Mapping[str, str], audiences: Mapping[str, str], level: float = 0.95
) -> pd.DataFrame:
    """Describe answering and waiting by time slot and audience.

    Parameters
    ----------
    calls
        Valid calls with columns unit, audience, slot, outcome, wait_seconds.
    slots, audiences
        Labels by id, in the order of the rows.
    level
        Level of the intervals.

    Returns
    -------
    Columns slot, label, audience, n, answered, rate, rate_low, rate_high, wait_median, wait_p90
    (seconds, of answered calls). The rate is a ratio over calls clustered in units; its interval
    is made on the logit scale with the linearised cluster variance (Lohr 2022, Sampling, 3rd ed.,
    section 5.2); where all or none were answered it is Clopper and Pearson's one-sided bound with
    the number of units.
    """
    rows = []
    for slot, label in slots.items():
        for audience in audiences:
            part = calls[(calls["slot"] == slot) & (calls["audience"] == audience)]
            if part.empty:
                continue
            answered = part["outcome"].eq("answered")
            low, high = rate_interval(answered, part["unit"], level)
            wait = part.loc[answered, "wait_seconds"]
            rows.append(
                {
                    "slot": slot,
                    "label": label,
                    "audience": audience,
                    "n": len(part),
                    "answered": int(answered.sum()),
                    "rate": float(answered.mean()),
                    "rate_low": low,
                    "rate_high": high,
                    "wait_median": float(wait.median()),
                    "wait_p90": float(wait.quantile(0.9)),
                }
            )
    return pd.DataFrame(rows)


def rate_interval(hit: pd.Series, cluster: pd.Series, level: float) -> tuple[float, float]:
    """Return the interval of a rate over clustered records, as `time_slots` describes it.

    Parameters
    ----------
    hit, cluster
        Whether each record counts, and its cluster; shape (n,).
    level
        Level of the interval.
    """
    rate, clusters = float(hit.mean()), cluster.nunique()
    tail = (1 - level) / 2
    if rate == 1:
        return tail ** (1 / clusters), 1.0
    if rate == 0:
        return 0.0, 1 - tail ** (1 / clusters)
    if clusters < 2:
        return float("nan"), float("nan")
    residuals = (hit - rate).groupby(cluster.to_numpy()).sum().to_numpy(dtype=float)
    se = np.sqrt(clusters / (clusters - 1) * (residuals**2).sum()) / len(hit)
    reach = NormalDist().inv_cdf(1 - tail) * se / (rate * (1 - rate))
    logit = np.log(rate / (1 - rate))
    return float(expit(logit - reach)), float(expit(logit + reach))
