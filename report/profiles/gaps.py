"""How far every score lies from the mean of all units, and whether that is more than chance."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.effects import THRESHOLDS
from analysis.ranks.drawn import working_error
from report.results import Results

GAP_COLUMNS = ("unit", "indicator", "mean", "gap", "gap_low", "gap_high", "verdict")


def wide(scores: pd.DataFrame, column: str, audience: str = "all") -> pd.DataFrame:
    """Return a column of ``scores`` as units by indicators."""
    own = scores[scores["audience"] == audience]
    return own.pivot(index="unit", columns="indicator", values=column)


def unit_gaps(results: Results, indicators: Sequence[str]) -> pd.DataFrame:
    """Hold every score of every unit against the mean of all units.

    Parameters
    ----------
    results
        With ``scores``; judgements that ``priorities`` holds already are taken from there.
    indicators
        Which ones.

    Returns
    -------
    A row a unit and indicator with a score: mean, gap, gap_low and gap_high (of all indicators of
    a unit together, Bonferroni), verdict (see `gap_verdicts`).

    Notes
    -----
    The unit is part of the mean it is held against, and the sampling errors of both are counted. A
    gap that stands out is slight or clear by its size in standard deviations between units, as
    everywhere (`analysis.comparisons.effects`).
    """
    level = float(results.meta["level"])
    table = results["scores"]
    scored = set(table["indicator"].unique())
    names = [name for name in indicators if name in scored]
    score, se, low, high = (
        wide(table, column).reindex(columns=names) for column in ("score", "se", "low", "high")
    )
    values = score.to_numpy(dtype=float)
    z = float(stats.norm.ppf(0.5 + level / 2))
    known, below, above = (each.to_numpy(dtype=float) for each in (se, low, high))
    own = working_error(values, known, below, above, z)
    mean, gap, error = against_mean(values, own)
    reach = float(stats.norm.ppf(1 - (1 - level) / 2 / max(len(names), 1))) * error
    index = pd.MultiIndex.from_product([score.index, names], names=["unit", "indicator"])
    judged = pd.DataFrame(
        {
            "mean": np.broadcast_to(mean, gap.shape).ravel(), "gap": gap.ravel(),
            "gap_low": (gap - reach).ravel(), "gap_high": (gap + reach).ravel(),
            "verdict": gap_verdicts(gap, gap - reach, gap + reach, deviations(values)).ravel(),
        },
        index=index,
    )  # fmt: skip
    judged = judged[judged["gap"].notna()]
    if "priorities" in results:
        judged.update(_held(results["priorities"], values, names))
    return judged.reset_index()[list(GAP_COLUMNS)]


def against_mean(score: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean of each column, the gaps to it, and their standard errors.

    Parameters
    ----------
    score, error
        Units in rows; NaN is left out of the mean.
    """
    there = ~np.isnan(score)
    n = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, score, 0).sum(axis=0) / n
    square = np.where(there, np.nan_to_num(error), 0) ** 2
    variance = square * (1 - 2 / n) + square.sum(axis=0) / n**2
    return mean, score - mean, np.where(there & ~np.isnan(error), np.sqrt(variance), np.nan)


def gap_verdicts(
    gap: np.ndarray, low: np.ndarray, high: np.ndarray, spread: np.ndarray
) -> np.ndarray:
    """Say of gaps whether they are more than chance, and how large.

    Parameters
    ----------
    gap, low, high
        Gaps with the ends of their intervals.
    spread
        Standard deviation between units of what each gap is in.

    Returns
    -------
    ``clear`` or ``slight`` where the interval leaves 0 out, by the size in standard deviations;
    ``negligible`` where that is too small to matter, ``none`` where 0 lies within, "" where there
    is no interval.
    """
    small, medium, _ = THRESHOLDS["hedges_g"]
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.abs(gap) / spread
    known, apart = ~(np.isnan(low) | np.isnan(high)), (low > 0) | (high < 0)
    return np.select(
        [~known, ~apart, size < small, size < medium], ["", "none", "negligible", "slight"], "clear"
    )


def deviations(score: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each column between units; NaN of a column of one."""
    there = ~np.isnan(score)
    n = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, score, 0).sum(axis=0) / n
        return np.sqrt(np.where(there, (score - mean) ** 2, 0).sum(axis=0) / (n - 1))


def _held(priorities: pd.DataFrame, score: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Return the gaps that ``priorities`` has judged, with a verdict by their intervals."""
    spread = pd.Series(deviations(score), index=list(names))
    held = priorities[priorities["indicator"].isin(names)].set_index(["unit", "indicator"])
    gaps = held[["mean", "gap", "gap_low", "gap_high"]]
    between = spread.reindex(held.index.get_level_values("indicator")).to_numpy()
    gap, low, high = (gaps[name].to_numpy(dtype=float) for name in ("gap", "gap_low", "gap_high"))
    return gaps.assign(verdict=gap_verdicts(gap, low, high, between))
