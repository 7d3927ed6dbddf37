"""Scores adjusted for their reliability: drawn to the mean by as much as they are uncertain.

The true scores of the units scatter about a mean, and the estimates about the true scores. How much
the true scores scatter, which the estimates tell, says how much of an estimate to believe. Errors
of different units are taken as independent, and their standard errors as known, but for the
intervals, which grow where standard errors rest on few records.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from scipy.special import ndtr, ndtri

from analysis.ranks.deconvolution import deconvolve, posterior, quantile
from analysis.ranks.population import FEWEST, Population, fit_population, pool
from analysis.uncertainty.degrees import stretch
from survey.findings import Finding, Severity

UNITS_TO_DECONVOLVE = 50
"""With fewer units their scores are taken as normal, whatever method was asked for."""
BISECTIONS = 50
"""Halvings of the range that a quantile is sought in."""
TIED_TO_PRECISION = 0.3, 0.01
"""Rank correlation of scores and standard errors, and its p value, from which it is noted."""

Method = Literal["normal", "deconvolution"]


@dataclass(frozen=True)
class Shrunk:
    """Scores adjusted for their reliability.

    Parameters
    ----------
    method
        The method used, ``"normal"`` or ``"deconvolution"``.
    mean, tau2
        Mean and variance of the true scores; the variance is NaN for fewer than three units.
    adjusted, sd, low, high
        Posterior mean, standard deviation and interval of each true score. Shape (U,).
    reliability
        Share of the variance of each estimate that is not error, tau2 / (tau2 + se^2); NaN for
        fewer than three units. Shape (U,).
    better
        Posterior probability that the unit of the row is truly better than that of the column, 0.5
        on the diagonal. Shape (U, U).
    level
        Level of the intervals.

    Units without a score or a standard error are NaN throughout.
    """

    method: Method
    mean: float
    tau2: float
    adjusted: np.ndarray
    sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    reliability: np.ndarray
    better: np.ndarray
    level: float

    @property
    def expected_rank(self) -> np.ndarray:
        """Posterior mean of each unit's rank, 1 for the best. Shape (U,).

        One plus the probabilities of all others to be better (Laird and Louis 1989, Journal of
        Educational Statistics 14:29-46; Lin, Louis, Paddock and Ridgeway 2006, Bayesian Analysis
        1:915-946): the ranks that are least wrong in mean square.
        """
        ranks = np.nansum(self.better, axis=0) + 0.5
        return np.where(np.isnan(self.adjusted), np.nan, ranks)


def shrink(
    estimates: np.ndarray,
    se: np.ndarray,
    *,
    degrees: np.ndarray | float = np.inf,
    method: Method = "normal",
    level: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> tuple[Shrunk, tuple[Finding, ...]]:
    """Adjust scores for their reliability.

    Parameters
    ----------
    estimates
        Scores; NaN takes no part. Shape (U,).
    se
        Their standard errors; 0 for a score without error. Shape (U,).
    degrees
        Degrees of freedom of the standard errors, infinite where they count as known. As those of
        scores, intervals are stretched by the quantile of Student's t over that of the normal
        distribution; a little too much where reliability is low. Shape (U,) or one for all.
    method
        ``"normal"``: true scores are normal, and all figures are averaged over what their mean and
        variance may be (`fit_population`). ``"deconvolution"``: true scores have any smooth
        distribution (`analysis.ranks.deconvolution`), taken as known once it is estimated, so
        that intervals are a little short where units are few.
    level
        Level of the intervals.
    bounds
        Least and greatest score there can be, which the intervals are cut to.

    Returns
    -------
    shrunk
        `Shrunk`.
    findings
        Scores without a standard error or with one of 0; scores that do not differ by more than
        their error; scores that go with their standard error; a deconvolution of too few units.

    Raises
    ------
    ValueError
        For shapes that do not agree, a negative standard error, or an unknown method.
    """
    if np.shape(estimates) != np.shape(se) or np.ndim(se) != 1 or (np.asarray(se) < 0).any():
        raise ValueError("estimates and standard errors of shape (U,), none of them negative")
    if method not in ("normal", "deconvolution"):
        raise ValueError(f"method 'normal' or 'deconvolution', got {method!r}")
    there = np.isfinite(estimates) & np.isfinite(se)
    x, s = np.asarray(estimates, float)[there], np.asarray(se, float)[there]
    lost = int((~np.isnan(estimates) & ~there).sum())
    if not len(x):
        none = np.full(len(there), np.nan)
        better = np.full((len(there), len(there)), np.nan)
        own = Shrunk("normal", np.nan, np.nan, none, none, none, none, none, better, level)
        return own, _without_error(lost)
    population = fit_population(x, s)
    used = method if len(x) >= UNITS_TO_DECONVOLVE and population.tau2 > 0 else "normal"
    own = (normal_posterior if used == "normal" else _deconvolved)(x, s, population, level)
    wider = stretch(np.broadcast_to(degrees, there.shape)[there], level)
    low, high = (
        np.clip(own.adjusted + (end - own.adjusted) * wider, *bounds) for end in (own.low, own.high)
    )
    own = replace(own, low=low, high=high)
    found = _without_error(lost) + _findings(x, s, population, used != method)
    return _placed(own, there), found


def shrinkage_table(
    units: Sequence[str], estimates: np.ndarray, se: np.ndarray, shrunk: Shrunk
) -> pd.DataFrame:
    """Return one row a unit: its score as measured and as adjusted.

    Returns
    -------
    Columns unit, score, se, adjusted, adjusted_low, adjusted_high, reliability, expected_rank;
    sorted by expected rank.
    """
    table = pd.DataFrame(
        {
            "unit": list(units),
            "score": estimates,
            "se": se,
            "adjusted": shrunk.adjusted,
            "adjusted_low": shrunk.low,
            "adjusted_high": shrunk.high,
            "reliability": shrunk.reliability,
            "expected_rank": shrunk.expected_rank,
        }
    )
    return table.sort_values(["expected_rank", "unit"], na_position="last", ignore_index=True)


def normal_posterior(
    estimates: np.ndarray, se: np.ndarray, population: Population, level: float = 0.95
) -> Shrunk:
    """Return posteriors under normal true scores, averaged over what their variance may be.

    Parameters
    ----------
    estimates, se
        Scores and their standard errors, without NaN, at least one. Shape (U,).
    population
        Mean and variance of the true scores.
    level
        Level of the intervals.

    Notes
    -----
    Under a known variance the posterior of each unit is normal, and the error of the mean, which
    all units share, partly cancels in the difference of two.
    """
    tau2 = population.tau**2
    mean, mean_se, _ = pool(estimates, se, tau2)
    share = tau2[:, None] / (tau2[:, None] + se**2)
    drawn = (1 - share) * (mean[:, None] - estimates)
    centre = estimates + drawn
    by_mean = (1 - share) * mean_se[:, None]
    variance = share * se**2 + by_mean**2
    adjusted = estimates + population.weight @ drawn
    reliability = 1 - population.weight @ (1 - share)
    sd = np.sqrt(population.weight @ (variance + (centre - adjusted) ** 2))
    better = np.zeros((len(estimates), len(estimates)))
    for weight, middle, own, shared in zip(
        population.weight, centre, share * se**2, by_mean, strict=True
    ):
        apart = own[:, None] + own + (shared[:, None] - shared) ** 2
        better += weight * _above(middle[:, None] - middle, np.sqrt(apart))
    low, high = (
        _mixture_quantile(population.weight, centre, np.sqrt(variance), 0.5 + side * level / 2)
        for side in (-1, 1)
    )
    return Shrunk(
        method="normal",
        mean=population.mean,
        tau2=population.tau2,
        adjusted=adjusted,
        sd=sd,
        low=low,
        high=high,
        reliability=np.where(np.isnan(population.tau2), np.nan, reliability),
        better=better,
        level=level,
    )


def _above(gap: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return the probability of a normal difference to be above 0, half for one that is just 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return ndtr(np.nan_to_num(gap / sd, nan=0.0, posinf=np.inf, neginf=-np.inf))


def _mixture_quantile(
    weight: np.ndarray, centre: np.ndarray, sd: np.ndarray, probability: float
) -> np.ndarray:
    """Return a quantile of each column's mixture of normal distributions, by bisection."""
    reach = ndtri(probability) * sd
    low, high = (centre + reach).min(axis=0), (centre + reach).max(axis=0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        under = weight @ _above(middle - centre, sd) < probability
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2


def _deconvolved(x: np.ndarray, se: np.ndarray, population: Population, level: float) -> Shrunk:
    """Return posteriors under the deconvolved distribution; scores without error stay as they are.

    Of two units at the same point of the grid either is the better with equal probability.
    """
    prior = deconvolve(x, se, population.tau2)
    mass = posterior(prior, x, se)
    adjusted = mass @ prior.support
    sd = np.sqrt((mass * (prior.support - adjusted[:, None]) ** 2).sum(axis=1))
    low, high = (quantile(prior.support, mass, 0.5 + side * level / 2) for side in (-1, 1))
    better = mass @ (np.cumsum(mass, axis=1) - mass / 2).T
    exact = se == 0
    for figure, own in ((adjusted, x), (sd, se), (low, x), (high, x)):
        figure[exact] = own[exact]
    better[np.ix_(exact, exact)] = (1 + np.sign(x[exact, None] - x[exact])) / 2
    np.fill_diagonal(better, 0.5)
    return Shrunk(
        method="deconvolution",
        mean=prior.mean,
        tau2=prior.variance,
        adjusted=adjusted,
        sd=sd,
        low=low,
        high=high,
        reliability=prior.variance / (prior.variance + se**2),
        better=better,
        level=level,
    )


def _placed(own: Shrunk, there: np.ndarray) -> Shrunk:
    """Return the figures at the places of their units, NaN elsewhere."""

    def whole(figure: np.ndarray) -> np.ndarray:
        placed = np.full((len(there),) * figure.ndim, np.nan)
        placed[np.ix_(*[there] * figure.ndim)] = figure
        return placed

    figures = ("adjusted", "sd", "low", "high", "reliability", "better")
    return replace(own, **{name: whole(getattr(own, name)) for name in figures})


def _without_error(lost: int) -> tuple[Finding, ...]:
    if not lost:
        return ()
    return (
        Finding(
            "no-standard-error",
            Severity.WARNING,
            expected="a standard error for every score",
            got=f"{lost} scores without",
            hint="they have no adjusted score",
            count=lost,
        ),
    )


def _findings(
    x: np.ndarray, se: np.ndarray, population: Population, fell_back: bool
) -> tuple[Finding, ...]:
    found = []
    if len(x) < FEWEST:
        found.append(
            Finding(
                "too-few-to-adjust",
                Severity.WARNING,
                expected=f"{FEWEST} scores or more",
                got=f"{len(x)}",
                hint="the scores stay as they are",
                count=len(x),
            )
        )
    if exact := int((se == 0).sum()):
        found.append(
            Finding(
                "zero-standard-error",
                Severity.WARNING,
                expected="standard errors above 0",
                got=f"{exact} of {len(se)} are 0",
                hint="taken as exact and not adjusted; like records make no exact score",
                count=exact,
            )
        )
    if population.tau2 == 0:
        found.append(
            Finding(
                "no-true-differences",
                Severity.WARNING,
                expected="scores that differ by more than their error",
                got=f"{len(x)} scores that do not",
                hint="ranks and grades may tell of chance only",
                count=len(x),
            )
        )
    if fell_back:
        found.append(
            Finding(
                "deconvolution-not-possible",
                Severity.WARNING,
                expected=f"{UNITS_TO_DECONVOLVE} scores or more that differ by more than error",
                got=f"{len(x)} scores",
                hint="true scores taken as normal",
                count=len(x),
            )
        )
    least, significance = TIED_TO_PRECISION
    if len(x) >= FEWEST and np.ptp(x) > 0 and np.ptp(se) > 0:
        correlation, p = np.asarray(scipy.stats.spearmanr(x, se))
        if abs(correlation) >= least and p < significance:
            found.append(
                Finding(
                    "score-tied-to-error",
                    Severity.NOTE,
                    expected="standard errors unrelated to scores",
                    got=f"a rank correlation of {correlation:.2f}",
                    hint="units are drawn to one mean as if measured alike at every level",
                    count=len(x),
                )
            )
    return tuple(found)
