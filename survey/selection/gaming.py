"""The flags of each unit: what in its answers selection or gaming alone would explain."""

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from survey.selection.settings import SelectionSettings

FLAGS = {
    "gap": ("热线发放样本得分明显偏高", "answers handed out by the hotline score far higher"),
    "uniform": ("热线发放样本答案过于一致", "answers handed out by the hotline are too much alike"),
    "survey-above-calls": ("问卷得分明显高于拨测表现", "the survey is far better than the calls"),
}
"""Each flag in zh and en."""
VERDICTS = {
    "suspect": ("存疑，建议核查", "doubtful, to be looked into"),
    "clear": ("未见异常", "nothing unusual"),
    "few-answers": ("样本不足，未作判断", "too few answers to judge"),
    "few-units": ("可比城市过少，未作判断", "too few units to know what is typical"),
    "no-distributed": ("无热线发放问卷", "no questionnaires handed out by the hotline"),
}
"""Each verdict in zh and en."""
_TESTS = {"gap": "p", "uniform": "sd_p", "survey-above-calls": "residual_p"}


def judge(evidence: pd.DataFrame, settings: SelectionSettings) -> pd.DataFrame:
    """Flag units on their evidence.

    Parameters
    ----------
    evidence
        Columns of `survey.selection.gaps.source_gaps` and, of
        `survey.selection.against_calls.survey_against_calls`, residual_p. One row a unit.
    settings
        How many flags may be false, over all units and tests together.

    Returns
    -------
    The evidence with p_adjusted, sd_p_adjusted, residual_p_adjusted, flags (joined by ``;``) and
    verdict, a key of `VERDICTS`.
    """
    p = evidence[list(_TESTS.values())].to_numpy(float)
    adjusted = _adjusted(p, settings)
    flagged = np.where(np.isnan(adjusted), np.inf, adjusted) <= settings.error
    names = np.array(list(_TESTS), dtype=object)
    judged = evidence.copy()
    for place, column in enumerate(_TESTS.values()):
        judged.insert(
            list(judged.columns).index(column) + 1, f"{column}_adjusted", adjusted[:, place]
        )
    judged["flags"] = [";".join(names[row]) for row in flagged]
    few = (evidence[["n_independent", "n_distributed"]] < settings.least).any(axis=1)
    judged["verdict"] = np.select(
        [
            flagged.any(axis=1),
            np.isfinite(p).any(axis=1),
            evidence["n_distributed"].to_numpy() == 0,
            few.to_numpy(),
        ],
        ["suspect", "clear", "no-distributed", "few-answers"],
        "few-units",
    )
    return judged


def _adjusted(p: np.ndarray, settings: SelectionSettings) -> np.ndarray:
    adjusted = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        method = "fdr_bh" if settings.control == "fdr" else "holm"
        adjusted[tested] = multipletests(p[tested], method=method)[1]
    return adjusted
