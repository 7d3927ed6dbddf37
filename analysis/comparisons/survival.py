"""Survival curves and hazards of clustered durations, from plain arrays.

Parity with R's survival is in tests/parity/test_waiting_parity.py.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve at its event times.

    Parameters
    ----------
    time, at_risk, survival
        Event times in order, how many were at risk just before, and the share still waiting after;
        shape (T,).
    variance
        Of the logarithm of `survival`; NaN where nobody is left. Shape (T,).
    low, high
        Interval of `survival`. Shape (T,).
    last
        The longest duration seen.
    """

    time: np.ndarray
    at_risk: np.ndarray
    survival: np.ndarray
    variance: np.ndarray
    low: np.ndarray
    high: np.ndarray
    last: float

    def at(self, time: float) -> tuple[float, float, float]:
        """Return the share still waiting after a time, with its interval.

        NaN beyond `last`; no interval before the first event.
        """
        at = int(np.searchsorted(self.time, time, side="right")) - 1
        if time > self.last and not (at >= 0 and self.survival[at] == 0):
            return np.nan, np.nan, np.nan
        if at < 0:
            return 1.0, np.nan, np.nan
        return float(self.survival[at]), float(self.low[at]), float(self.high[at])

    def median(self) -> tuple[float, float, float]:
        """Return the time by which half have ended, with its interval (Brookmeyer & Crowley 1982).

        Returns
        -------
        The first times at which the curve and its two bounds are at or below one half; NaN where
        they never are.
        """

        def first(curve: np.ndarray) -> float:
            reached = np.flatnonzero(curve <= 0.5 + 1e-12)
            return float(self.time[reached[0]]) if reached.size else np.nan

        return first(self.survival), first(self.low), first(self.high)


def survival_curve(
    time: np.ndarray, event: np.ndarray, cluster: np.ndarray, level: float = 0.95
) -> Curve:
    """Estimate a survival curve (Kaplan & Meier 1958) whose variance knows of clusters.

    Parameters
    ----------
    time, event
        Durations and whether they ended in the event, shape (n,).
    cluster
        Codes 0 .. G - 1 of the clusters, shape (n,).
    level
        Level of the pointwise interval.

    Returns
    -------
    The variance is the infinitesimal jackknife grouped by cluster, as in R's
    ``survfit(..., cluster=)``; with every duration a cluster it is close to Greenwood's. The
    interval is on the log-log scale with Student's t of G - 1 degrees and the variance times
    G / (G - 1); one cluster gives none.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    clusters = int(cluster.max()) + 1
    found: Any = SurvfuncRight(time, event.astype(int))
    happened = np.asarray(found.n_events) > 0
    times, at_risk = np.asarray(found.surv_times)[happened], np.asarray(found.n_risk)[happened]
    events = np.asarray(found.n_events)[happened]
    survival = np.asarray(found.surv_prob)[happened]
    if not times.size:
        nothing = np.empty(0)
        return Curve(*[nothing] * 6, last=float(time.max()))

    influence = _by_cluster(times, time[event], cluster[event], clusters)
    under_way = np.searchsorted(times, time, side="right") - 1
    waiting = _counted(under_way[under_way >= 0], cluster[under_way >= 0], clusters, len(times))
    waiting = waiting[:, ::-1].cumsum(axis=1)[:, ::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        influence = (influence - waiting * events / at_risk) / (at_risk - events)
        variance = np.where(at_risk > events, (influence.cumsum(axis=1) ** 2).sum(axis=0), np.nan)
        few = clusters / (clusters - 1) if clusters > 1 else np.nan
        spread = np.sqrt(variance * few) / np.abs(np.log(survival))
        reach = np.exp(stats.t.ppf(0.5 + level / 2, clusters - 1) * spread)
        low, high = survival**reach, survival ** (1 / reach)
    return Curve(times, at_risk, survival, variance, low, high, float(time.max()))


def _by_cluster(
    times: np.ndarray, happened: np.ndarray, cluster: np.ndarray, clusters: int
) -> np.ndarray:
    """Count the events of every cluster at every event time, shape (clusters, T)."""
    return _counted(np.searchsorted(times, happened), cluster, clusters, len(times))


def _counted(at: np.ndarray, cluster: np.ndarray, clusters: int, length: int) -> np.ndarray:
    flat = np.bincount(cluster * length + at, minlength=clusters * length)
    return flat.reshape(clusters, length).astype(float)


def log_rank(
    time: np.ndarray, event: np.ndarray, group: np.ndarray, strata: np.ndarray | None = None
) -> tuple[float, float]:
    """Return chi squared and p of the log-rank test (Mantel 1966; Peto & Peto 1972).

    Parameters
    ----------
    time, event, group, strata
        Durations, events, groups and, where the comparison is within strata, these; shape (n,).
    """
    from statsmodels.duration.survfunc import survdiff

    statistic = float(survdiff(time, event.astype(int), group, strata=strata)[0])
    return statistic, float(stats.chi2.sf(statistic, len(np.unique(group)) - 1))


@dataclass(frozen=True)
class Hazards:
    """A proportional-hazards model.

    Parameters
    ----------
    beta, covariance
        Log hazard ratios, shape (p,), and their covariance, clustered.
    """

    beta: np.ndarray
    covariance: np.ndarray


def hazards(
    time: np.ndarray, event: np.ndarray, exog: np.ndarray, cluster: np.ndarray
) -> Hazards | None:
    """Fit Cox's (1972) model with a covariance that knows of clusters.

    Parameters
    ----------
    time, event
        Durations and events, shape (n,).
    exog
        Covariates, shape (n, p).
    cluster
        Clusters, shape (n,).

    Returns
    -------
    Ties after Breslow; the covariance is the sandwich of Lin & Wei (1989, JASA 84:1074-1078) summed
    within clusters, times G / (G - 1). None where the fit failed.
    """
    import warnings

    from statsmodels.duration.hazard_regression import PHReg

    clusters = len(np.unique(cluster))
    if clusters < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is what this function returns
        try:
            found: Any = PHReg(time, exog, status=event.astype(int), ties="breslow").fit(
                groups=cluster
            )
        except np.linalg.LinAlgError:
            return None
    beta, covariance = np.asarray(found.params), np.asarray(found.cov_params())
    if not (np.isfinite(covariance).all() and (np.abs(beta) < 20).all()):
        return None
    return Hazards(beta, covariance * clusters / (clusters - 1))


def proportionality(
    time: np.ndarray, event: np.ndarray, exog: np.ndarray, beta: np.ndarray, terms: list[slice]
) -> list[tuple[float, float]]:
    """Test whether hazards are proportional (Grambsch & Therneau 1994, Biometrika 81:515-526).

    Parameters
    ----------
    time, event, exog, beta
        As for `hazards`, and its coefficients.
    terms
        The columns of each term.

    Returns
    -------
    Of each term, chi squared of the score test against a coefficient that changes along the
    Kaplan-Meier scale of time, and p; clusters do not enter. R's ``cox.zph`` of version 3 is the
    same test.
    """
    order = np.argsort(-time, kind="stable")
    time, event, exog = time[order], event[order], exog[order]
    risk = np.exp(exog @ beta - (exog @ beta).max())
    last = np.searchsorted(-time, -time[event], side="right") - 1
    nought = risk.cumsum()[last]
    first = (risk[:, None] * exog).cumsum(axis=0)[last] / nought[:, None]
    products = risk[:, None, None] * exog[:, :, None] * exog[:, None, :]
    spread = products.cumsum(axis=0)[last] / nought[:, None, None]
    spread -= first[:, :, None] * first[:, None, :]
    ended = _ended_before(time, event)
    scale = ended - ended.mean()
    score = ((exog[event] - first) * scale[:, None]).sum(axis=0)
    plain, mixed, squared = (
        (spread * (scale**power)[:, None, None]).sum(axis=0) for power in (0, 1, 2)
    )
    found = []
    for at in terms:
        try:
            information = squared[at, at] - mixed[at] @ np.linalg.solve(plain, mixed[:, at])
            chi = float(score[at] @ np.linalg.solve(information, score[at]))
        except np.linalg.LinAlgError:
            chi = np.nan
        found.append((chi, float(stats.chi2.sf(chi, at.stop - at.start))))
    return found


def _ended_before(time: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Return 1 - S just before each event, in the order of the events."""
    from statsmodels.duration.survfunc import SurvfuncRight

    found: Any = SurvfuncRight(time, event.astype(int))
    before = np.concatenate([[1.0], np.asarray(found.surv_prob)])
    return 1 - before[np.searchsorted(np.asarray(found.surv_times), time[event])]
