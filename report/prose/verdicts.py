"""The words of the verdicts: how much, how sure, which way, in Chinese and English.

The result tables judge; here stands only what each judgement is called. Where a table has an odds
ratio but no verdict, `odds_verdict` judges it by the rule that judges all other differences.
"""

from typing import Any

import numpy as np

from analysis.comparisons.effects import Effect, verdict
from report.language import Lang

UNJUDGED = ""
"""The verdict on a figure without an interval."""

ORDER = ("clear", "slight", "none", UNJUDGED)
"""Verdicts on a difference, the surest first."""

_LABELS = {
    "clear": ("明显", "clear"),
    "slight": ("略有", "slight"),
    "none": ("未检出差别", "none detected"),
    UNJUDGED: ("未作判断", "not judged"),
    "rise": ("明显上升", "clear rise"),
    "fall": ("明显下降", "clear fall"),
    "up": ("明显上升", "clearly up"),
    "down": ("明显下降", "clearly down"),
    "unclear": ("在误差范围内", "within sampling error"),
}

_DIFFER = {
    "clear": ("有明显差别", "differ clearly"),
    "slight": ("略有差别", "differ slightly"),
    "none": ("没有可检出的差别", "show no detectable difference"),
    UNJUDGED: ("的差别未作判断", "were not judged for differences"),
}

_DEGREES = {"clear": ("明显", "clearly"), "slight": ("略", "slightly")}

_WENT = {
    "rise": ("明显上升", "clearly rose"),
    "fall": ("明显下降", "clearly fell"),
    "up": ("名次明显上升", "clearly went up in rank"),
    "down": ("名次明显下降", "clearly went down in rank"),
    "unclear": ("的变化在误差范围内", "changed within sampling error"),
}


def label(judged: Any, lang: Lang) -> str:
    """Name a verdict in a cell of a table."""
    return _LABELS[known(judged)][_at(lang)]


def differ(judged: Any, lang: Lang) -> str:
    """Say whether groups differ: ``有明显差别``, ``differ clearly``."""
    return _DIFFER[known(judged)][_at(lang)]


def degree(judged: str, lang: Lang) -> str:
    """Return the degree of a difference that was found: ``明显``, ``clearly``."""
    return _DEGREES[judged][_at(lang)]


def went(judged: str, lang: Lang) -> str:
    """Say which way something went: ``明显上升``, ``clearly rose``."""
    return _WENT[judged][_at(lang)]


def known(judged: Any) -> str:
    """Return a verdict as text, and that of a figure that was not judged as `UNJUDGED`."""
    return judged if isinstance(judged, str) else UNJUDGED


def odds_verdict(ratio: float, p_adjusted: float, level: float) -> str:
    """Judge an odds ratio as differences of means are judged.

    Parameters
    ----------
    ratio, p_adjusted
        The odds ratio and its adjusted p value.
    level
        One minus the significance level.

    Notes
    -----
    ``ln(ratio) * sqrt(3) / pi`` is the difference in standard deviations of a logistic variable
    cut at a threshold (Chinn, 2000, *Statistics in Medicine* 19: 3127-3131).
    """
    if not ratio > 0 or np.isnan(p_adjusted):
        return UNJUDGED
    size = float(np.log(ratio) * np.sqrt(3) / np.pi)
    return verdict(p_adjusted, Effect("hedges_g", size, np.nan, np.nan, size), level)


def _at(lang: Lang) -> int:
    return 0 if lang == "zh" else 1
