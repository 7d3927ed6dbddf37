"""Outliers of a figure: drawing in the most extreme values, or a transformation."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from indicators.figures.settings import OutlierTreatment, Treatment


@dataclass(frozen=True)
class Treated:
    """A figure after treatment.

    Parameters
    ----------
    values
        Shape (units,), NaN where missing.
    winsorised
        How many values were drawn in.
    transform
        ``log``, ``boxcox`` or ``""``.
    before, after
        Skewness and excess kurtosis, before and after.
    passed
        Whether the figure passes the test after treatment.
    """

    values: np.ndarray
    winsorised: int
    transform: str
    before: tuple[float, float]
    after: tuple[float, float]
    passed: bool


def treat(values: np.ndarray, treatment: Treatment) -> Treated:
    """Treat the outliers of one figure.

    Parameters
    ----------
    values
        Shape (units,), NaN where missing.
    treatment
        What to do.

    Notes
    -----
    A figure passes unless its skewness is beyond the limit and its excess kurtosis too (JRC's
    rule; both bias-corrected). Winsorising draws the most extreme value on the side of the skew in
    to the next one, again and again, until the figure passes or the limit of values is reached;
    then it is given up for a transformation of the original values. The log is
    ``ln(x - min + 0.01 (max - min))``, mirrored for a left-skewed figure; Box-Cox takes the most
    likely exponent of the values shifted alike (Box and Cox 1964, JRSS B 26:211-252).
    """
    before = shape_of(values)
    if treatment == "none" or np.isnan(before).any():
        return Treated(values, 0, "", before, before, True)
    if isinstance(treatment, str) and treatment != "auto":
        changed = _TRANSFORMS[treatment](values, before[0] < 0)
        settings = OutlierTreatment()
        after = shape_of(changed)
        return Treated(changed, 0, treatment, before, after, _passes(after, settings))
    settings = OutlierTreatment() if isinstance(treatment, str) else treatment
    if _passes(before, settings):
        return Treated(values, 0, "", before, before, True)
    drawn, count = _winsorise(values, settings)
    after = shape_of(drawn)
    if _passes(after, settings) or settings.then == "none":
        return Treated(drawn, count, "", before, after, _passes(after, settings))
    changed = _TRANSFORMS[settings.then](values, before[0] < 0)
    after = shape_of(changed)
    return Treated(changed, 0, settings.then, before, after, _passes(after, settings))


def shape_of(values: np.ndarray) -> tuple[float, float]:
    """Return skewness and excess kurtosis, bias-corrected; NaN under four values or no spread.

    Joanes and Gill (1998), The Statistician 47:183-189, G1 and G2, as scipy's with ``bias=False``.
    """
    return _shape(values[~np.isnan(values)])


def _shape(there: np.ndarray) -> tuple[float, float]:
    n = len(there)
    if n < 4 or there.min() == there.max():
        return np.nan, np.nan
    centred = there - there.sum() / n
    squared = centred * centred
    m2, m3, m4 = squared.sum() / n, squared @ centred / n, squared @ squared / n
    skewness = sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * m4 / m2**2 - 3 * (n - 1))
    return float(skewness), float(excess)


def _passes(shape: tuple[float, float], settings: OutlierTreatment) -> bool:
    skewness, excess = shape
    return bool(
        np.isnan(skewness) or abs(skewness) < settings.skewness or excess < settings.kurtosis
    )


def _winsorise(values: np.ndarray, settings: OutlierTreatment) -> tuple[np.ndarray, int]:
    """Return the values with the extremes drawn in, and how many were."""
    there = np.flatnonzero(~np.isnan(values))
    order = there[np.argsort(values[there], kind="stable")]
    ordered, n = values[order], len(order)
    below, above = 0, 0
    while True:
        skewness, _ = shape = _shape(ordered)
        if _passes(shape, settings):
            break
        if skewness > 0:
            alike = n - int(np.searchsorted(ordered, ordered[-1], side="left"))
            if alike == n or below + alike > settings.winsorise:
                break
            ordered[n - alike :], above = ordered[n - alike - 1], alike
        else:
            alike = int(np.searchsorted(ordered, ordered[0], side="right"))
            if alike == n or above + alike > settings.winsorise:
                break
            ordered[:alike], below = ordered[alike], alike
    drawn = values.copy()
    drawn[order] = ordered
    return drawn, below + above


def _log(values: np.ndarray, left: bool) -> np.ndarray:
    shifted, sign = _shifted(values, left)
    return sign * np.log(shifted)


def _boxcox(values: np.ndarray, left: bool) -> np.ndarray:
    from scipy.stats import boxcox

    shifted, sign = _shifted(values, left)
    there = ~np.isnan(shifted)
    changed = np.full(values.shape, np.nan)
    changed[there] = np.asarray(boxcox(shifted[there])[0])
    return sign * changed


def _shifted(values: np.ndarray, left: bool) -> tuple[np.ndarray, int]:
    sign = -1 if left else 1
    mirrored = sign * values
    low, high = np.nanmin(mirrored), np.nanmax(mirrored)
    return mirrored - low + 0.01 * (high - low), sign


_TRANSFORMS = {"log": _log, "boxcox": _boxcox}
