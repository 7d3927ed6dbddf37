"""Levels of alert: which scores fall below the marks that a system sets, such as red and yellow."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators.scores import Scores

COLUMNS = ("unit", "indicator", "level", "zh", "en", "score", "below")


def alerts(scores: Scores) -> pd.DataFrame:
    """Return the alert of every unit and indicator whose overall score falls below a mark.

    Parameters
    ----------
    scores
        The scores; their system names the levels, the worst first.

    Returns
    -------
    One row an alert, units in their order and indicators in that of the tree: ``unit``,
    ``indicator``, ``level`` (id of the worst level whose mark the score falls below), its names
    ``zh`` and ``en``, ``score`` and ``below`` (the mark, both on the scale of the scores). A score
    at the mark is not below it. Where there is no score there is no alert: findings count those.
    """
    levels = scores.system.alerts
    overall = scores.score[:, -1]
    marks = np.array([level.below for level in levels], dtype=float)
    # NaN sorts behind every mark
    worst = np.searchsorted(marks, overall, side="right")
    unit, indicator = np.nonzero(worst < len(levels))
    level = worst[unit, indicator]
    return pd.DataFrame(
        {
            "unit": _named(scores.units, unit),
            "indicator": _named(scores.hierarchy.ids, indicator),
            "level": _named([each.id for each in levels], level),
            "zh": _named([each.zh for each in levels], level),
            "en": _named([each.en for each in levels], level),
            "score": overall[unit, indicator],
            "below": marks[level],
        },
        columns=list(COLUMNS),
    )


def _named(names: Sequence[str], at: np.ndarray) -> pd.Series:
    return pd.Series([names[each] for each in at.tolist()], dtype="str")
