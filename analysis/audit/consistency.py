"""Internal consistency: do the parts of an indicator hang together."""

from collections.abc import Callable, Iterator

import numpy as np

from analysis.audit.evidence import Evidence
from analysis.audit.verdicts import Check, Row, Words, at_most

ITERATIONS = 2000
TOLERANCE = 1e-9
"""Change of the communalities at which a factor is found."""
_ADVICE = (
    "量表宜修订题项或增加题数；合成指标宜说明合成的理由，并分开报告下级得分",
    "mend a scale or give it more items; of an index say why its parts are put together, and "
    "report them apart",
)


def _rule(zh: str, en: str) -> Words:
    return (
        f"{zh}不低于0.7；问卷量表低于0.6为不通过，由下级指标合成的只作警示",
        f"{en} at least 0.7; below 0.6 a scale of a questionnaire fails, an indicator made of "
        "others is a warning",
    )


ALPHA = Check(
    "alpha",
    ("内部一致性α", "Cronbach's alpha"),
    _rule("克朗巴赫α", "Cronbach's alpha"),
    "Cronbach (1951); OECD & JRC (2008), step 4; Nunnally (1978)",
    _ADVICE,
    warn=0.7,
    fail=0.6,
)
OMEGA = Check(
    "omega",
    ("内部一致性ω", "McDonald's omega"),
    _rule("麦克唐纳ω", "McDonald's omega"),
    "McDonald (1999), Test Theory",
    _ADVICE,
    warn=0.7,
    fail=0.6,
)


def cronbach_alpha(covariance: np.ndarray) -> float:
    """Return Cronbach's alpha of the sum of some parts.

    Parameters
    ----------
    covariance
        Shape (K, K), K of two or more; a correlation matrix gives the standardised alpha.

    Returns
    -------
    At most 1, below 0 where parts oppose each other; NaN where their sum never varies.

    Notes
    -----
    ``K / (K - 1) (1 - trace(S) / sum(S))``; Cronbach (1951), Psychometrika 16:297-334.
    """
    total = covariance.sum()
    if total <= 0:
        return np.nan
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def mcdonald_omega(covariance: np.ndarray) -> float:
    """Return McDonald's omega of the sum of some parts, under one common factor.

    Parameters
    ----------
    covariance
        Shape (K, K); a correlation matrix gives the standardised omega.

    Returns
    -------
    0 to 1; NaN for fewer than three parts, which one factor does not identify.

    Notes
    -----
    ``(sum l)^2 / ((sum l)^2 + sum u)`` with the loadings l and unique variances u of one factor;
    McDonald (1999), Test Theory. Unlike alpha it does not take all parts to measure the factor
    equally well. Loadings keep their signs, so a part that is scored the wrong way round lowers it.
    """
    if len(covariance) < 3:
        return np.nan
    spread = np.sqrt(np.diag(covariance))
    loadings = one_factor(covariance / np.outer(spread, spread))
    common = float((loadings * spread).sum() ** 2)
    unique = float(((1 - loadings**2) * spread**2).sum())
    return common / (common + unique) if common + unique > 0 else np.nan


def one_factor(correlation: np.ndarray) -> np.ndarray:
    """Return the loadings of parts on one common factor, by least squares.

    Parameters
    ----------
    correlation
        Shape (K, K), K of three or more.

    Returns
    -------
    Shape (K,), -1 to 1, with a sum of 0 or more.

    Notes
    -----
    The minimum of the squared residual correlations (minres), found by iterated principal axes;
    Harman and Jones (1966), Psychometrika 31:351-368. Communalities are held to 1, so a Heywood
    case ends on the bound.
    """
    shared = correlation.astype(float)
    before = loadings = np.ones(len(shared))
    for _ in range(ITERATIONS):
        np.fill_diagonal(shared, before)
        values, vectors = np.linalg.eigh(shared)
        loadings = np.clip(vectors[:, -1] * np.sqrt(max(values[-1], 0.0)), -1, 1)
        communality = loadings**2
        if np.abs(communality - before).max() < TOLERANCE:
            break
        before = communality
    return -loadings if loadings.sum() < 0 else loadings


def check_consistency(evidence: Evidence) -> Iterator[Row]:
    """Check alpha and omega of each indicator.

    Of one that only a questionnaire measures they are those of its items over the questionnaires,
    of any other those of its children over the units. Two items are too few to fail: alpha grows
    with their number, and two that correlate at 0.4 do not reach 0.6.
    """
    measures: tuple[tuple[Check, Callable[[np.ndarray], float]], ...] = (
        (ALPHA, cronbach_alpha),
        (OMEGA, mcdonald_omega),
    )
    scales = {parts.node for parts in evidence.scales}
    others = [parts for parts in evidence.parts if parts.node not in scales]
    for parts in sorted((*evidence.scales, *others), key=lambda each: each.node):
        zh, en = evidence.labels[parts.node]
        k = len(parts.ids)
        made = (f"{k}个题项", f"{k} items") if parts.of_records else (f"{k}项", f"{k} parts")
        for check, measure in measures if k > 2 else measures[:1]:
            value = measure(parts.covariance)
            told = ("无法估计", "cannot be estimated")
            if not np.isnan(value):
                told = f"为{value:.2f}", f"{value:.2f}"
            verdict = check.judge(value)
            yield check.row(
                evidence.tree.ids[parts.node],
                value,
                (f"{zh}（{made[0]}）{told[0]}", f"{en} ({made[1]}): {told[1]}"),
                verdict if parts.of_records and k > 2 else at_most(verdict, "warn"),
            )
