"""Answers that a hotline collected itself against answers of an independent sample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from survey.selection.typical import Typical, typical_effect

BORROWED = 4
"""Degrees of freedom that the variance of an arm borrows from the national one."""
_FLOOR = 1e-4
"""Least variance of an arm, as a share of the national one."""


@dataclass(frozen=True)
class Answers:
    """Questionnaires as numbers.

    Parameters
    ----------
    unit
        Codes 0 to U - 1, shape (n,).
    distributed
        Whether the rated hotline handed the questionnaire out, shape (n,).
    points
        Mean points of a questionnaire, NaN where it has none. Shape (n,).
    top
        Share of its answers that are the best possible, 0 to 1. Shape (n,).
    seconds
        Time taken, NaN where unknown. Shape (n,).
    weight
        0 or more, shape (n,).
    """

    unit: np.ndarray
    distributed: np.ndarray
    points: np.ndarray
    top: np.ndarray
    seconds: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Gaps:
    """The gap between sources in each unit.

    Parameters
    ----------
    table
        See `source_gaps`.
    gap, sd_ratio
        What is typical: of the gap in points, and of the logarithm of the ratio of standard
        deviations.
    """

    table: pd.DataFrame
    gap: Typical
    sd_ratio: Typical


def source_gaps(
    answers: Answers, units: Sequence[str], *, least: int, least_units: int, level: float = 0.95
) -> Gaps:
    """Compare the answers of both sources in each unit with what is typical of such gaps.

    People answer a questionnaire of the hotline itself more kindly than an independent one, and
    not in every city alike: that is a mode effect, no gaming. So each gap is set against a normal
    distribution with the typical gap and its spread between units (`typical_effect`), and only
    gaps upward count. In the same way the standard deviation of the distributed answers over that
    of the independent ones is set against its typical ratio, and only shrinkage counts.

    Parameters
    ----------
    answers
        The questionnaires.
    units
        Names, shape (U,).
    least, least_units
        See `survey.selection.settings.SelectionSettings`.
    level
        Of the interval of the gap.

    Returns
    -------
    One row a unit: n_independent, n_distributed, share_distributed (of the questionnaires),
    mean_independent, mean_distributed, gap with gap_low and gap_high (Welch), typical_gap, z and
    p (one-sided; NaN where a source has fewer answers than `least`), sd_ratio, sd_z, sd_p,
    top_independent, top_distributed, seconds_ratio (of the geometric means).
    """
    arms = _Arms.of(answers, len(units))
    enough = (arms.n >= least).all(axis=1)
    gap, se, degrees = arms.gap()
    judged = np.where(enough, gap, np.nan)
    kindness = typical_effect(judged, se)
    z, p = _upper(judged, se, degrees, kindness, least_units)
    log_ratio, log_se = arms.log_sd_ratio()
    judged = np.where(enough, log_ratio, np.nan)
    calm = typical_effect(judged, log_se)
    sd_z, sd_p = _upper(-judged, log_se, np.full(len(units), np.inf), _mirrored(calm), least_units)
    reach = stats.t.ppf((1 + level) / 2, degrees) * se
    total = arms.n.sum(axis=1)
    table = pd.DataFrame(
        {
            "unit": list(units),
            "n_independent": arms.n[:, 0],
            "n_distributed": arms.n[:, 1],
            "share_distributed": np.divide(
                arms.n[:, 1], total, out=np.full(len(units), np.nan), where=total > 0
            ),
            "mean_independent": arms.mean[:, 0],
            "mean_distributed": arms.mean[:, 1],
            "gap": gap,
            "gap_low": gap - reach,
            "gap_high": gap + reach,
            "typical_gap": kindness.centre,
            "z": z,
            "p": p,
            "sd_ratio": np.exp(log_ratio),
            "sd_z": -sd_z,
            "sd_p": sd_p,
            "top_independent": arms.top[:, 0],
            "top_distributed": arms.top[:, 1],
            "seconds_ratio": np.exp(arms.log_seconds[:, 1] - arms.log_seconds[:, 0]),
        }
    )
    return Gaps(table, kindness, calm)


def _mirrored(typical: Typical) -> Typical:
    return Typical(-typical.centre, typical.centre_se, typical.spread, typical.units)


def _upper(
    effect: np.ndarray, se: np.ndarray, degrees: np.ndarray, typical: Typical, least_units: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far effects lie above what is typical, and the chance of as much or more.

    The statistic has a t distribution whose degrees of freedom come from the share of its variance
    that the unit's own records estimate (Satterthwaite 1946); z is the normal deviate of as much.
    """
    if typical.units < least_units:
        none = np.full(len(effect), np.nan)
        return none, none
    variance = se**2 + typical.spread**2 + typical.centre_se**2
    with np.errstate(invalid="ignore", divide="ignore"):
        own = degrees * (variance / se**2) ** 2
        distance = (effect - typical.centre) / np.sqrt(variance)
    own = np.where(np.isnan(own), np.inf, own)
    p = np.where(np.isnan(distance), np.nan, stats.t.sf(distance, own))
    return np.where(np.isnan(distance), np.nan, stats.norm.isf(np.clip(p, 1e-300, 1 - 1e-16))), p


@dataclass(frozen=True)
class _Arms:
    """Sums of each unit's independent and distributed answers, all of shape (U, 2)."""

    n: np.ndarray
    effective: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    national: float
    kurtosis: float
    top: np.ndarray
    log_seconds: np.ndarray

    @classmethod
    def of(cls, answers: Answers, units: int) -> "_Arms":
        kept = np.isfinite(answers.points) & (answers.weight > 0)
        arm = answers.unit[kept] * 2 + answers.distributed[kept]
        weight, points = answers.weight[kept], answers.points[kept]

        def summed(values: np.ndarray) -> np.ndarray:
            return np.bincount(arm, values, units * 2)

        def averaged(values: np.ndarray) -> np.ndarray:
            there = np.isfinite(values)
            total = np.bincount(arm[there], weight[there], units * 2)
            held = np.bincount(arm[there], weight[there] * values[there], units * 2)
            return np.divide(held, total, out=np.full(units * 2, np.nan), where=total > 0)

        n, total = np.bincount(arm, minlength=units * 2), summed(weight)
        mean = averaged(points)
        residual = points - mean[arm]
        free = np.where(n > 1, n - 1, 1)
        spread = np.divide(summed(weight * residual**2), total, out=np.zeros(units * 2),
                           where=total > 0) * n / free  # fmt: skip
        pooled = n > 1
        national = float((spread * free)[pooled].sum() / max(free[pooled].sum(), 1))
        with np.errstate(invalid="ignore", divide="ignore"):
            effective = total**2 / summed(weight**2)
            standard = residual / np.sqrt(spread)[arm]
            log_seconds = np.log(np.where(answers.seconds > 0, answers.seconds, np.nan))[kept]
        told = np.isfinite(standard) & (n[arm] > 2)
        return cls(
            n=n.reshape(units, 2),
            effective=effective.reshape(units, 2),
            mean=mean.reshape(units, 2),
            variance=np.where(n > 1, spread, np.nan).reshape(units, 2),
            national=national,
            kurtosis=float((standard[told] ** 4).mean()) if told.any() else 3.0,
            top=averaged(answers.top[kept]).reshape(units, 2),
            log_seconds=averaged(log_seconds).reshape(units, 2),
        )

    def gap(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return distributed less independent, its standard error and degrees of freedom.

        The variance of an arm borrows `BORROWED` degrees from the national one (Smyth 2004), so
        that a few equal answers do not pass for certainty.
        """
        own = np.nan_to_num(self.variance)
        degrees = self.n - 1 + BORROWED
        held = (own * (self.n - 1) + self.national * BORROWED) / np.maximum(degrees, 1)
        share = np.where((self.n > 1), held / np.maximum(self.effective, 1e-300), np.nan)
        variance = share.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            welch = variance**2 / (share**2 / degrees).sum(axis=1)
        return self.mean[:, 1] - self.mean[:, 0], np.sqrt(variance), welch

    def log_sd_ratio(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the logarithm of the ratio of standard deviations and its standard error.

        The variance of a logarithm of a standard deviation is (kurtosis - 1) / 4n.
        """
        held = np.maximum(self.variance, _FLOOR * self.national)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.log(held[:, 1] / held[:, 0]) / 2
            part = max(self.kurtosis - 1, 0.5) / 4 / np.maximum(self.effective - 1, 1)
        return np.where(np.isfinite(ratio), ratio, np.nan), np.sqrt(part.sum(axis=1))
