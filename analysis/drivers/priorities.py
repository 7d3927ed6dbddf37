"""Importance-performance analysis: what each unit should keep up and what improve first."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from indicators.hierarchy import ALL
from indicators.nodes import Words
from indicators.scores import Scores
from survey.findings import Finding, Severity

Quadrant = Literal["keep_up", "concentrate", "low_priority", "overkill", "unclear"]
QUADRANTS: dict[Quadrant, Words] = {
    "keep_up": Words(zh="优势区（继续保持）", en="keep up the good work"),
    "concentrate": Words(zh="改进区（优先改进）", en="concentrate here"),
    "low_priority": Words(zh="机会区（次要改进）", en="low priority"),
    "overkill": Words(zh="维持区（无须追加）", en="possible overkill"),
    "unclear": Words(zh="尚难判断", en="cannot be told"),
}
COLUMNS = [
    "unit", "indicator", "importance", "important", "score", "mean", "gap", "gap_low", "gap_high",
    "quadrant", "priority",
]  # fmt: skip


def priorities(
    scores: Scores,
    importance: pd.Series,
    *,
    peers: pd.Series | None = None,
    audience: str = ALL,
    level: float = 0.95,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Place every indicator of every unit by importance and by performance against the mean.

    Parameters
    ----------
    scores
        Scores with standard errors.
    importance
        By id of an indicator, 0 or more: shares of drivers (derived importance), or weights in
        the total (stated importance). Only their proportions count.
    peers
        Group of each unit by unit, such as its region or tier; a unit is then held against the
        mean of its group. By default against the mean of all.
    audience
        Whose scores.
    level
        Level of the intervals of all indicators of a unit together.

    Returns
    -------
    priorities
        One row a unit and indicator that has a score, in the order of the units: columns unit,
        indicator, importance (shares that sum to 1), important, score, mean, gap, gap_low,
        gap_high, quadrant (see `QUADRANTS`), priority (1 for what to improve first, among
        ``concentrate``, by importance times gap).
    findings
        Units without a group or alone in theirs, indicators whose gaps have no interval, and
        items, which have no score of their own and are left out.

    Raises
    ------
    InputError
        For an indicator or an audience that the system does not know.
    ValueError
        Where importance is negative, or 0 throughout.

    Notes
    -----
    Martilla and James (1977), Journal of Marketing 41(1):77-79. An indicator is important where
    its share is at least the mean share. A gap counts only where its interval lies on one side
    of 0; otherwise the quadrant is ``unclear``. The unit is part of the mean it is held against,
    and the sampling errors of both are counted. The intervals of a unit are Student's with
    Satterthwaite's degrees of freedom, and Bonferroni's, so that its whole row of quadrants is
    right with at least the level's chance.
    """
    tree = scores.hierarchy
    found = [
        _item(str(name)) for name in importance.index if name in set(tree.items) - set(tree.ids)
    ]
    share = importance.drop([finding.column for finding in found]).astype(float)
    if share.empty or not (share >= 0).all() or share.sum() <= 0:
        raise ValueError("importance must be 0 or more, and above 0 somewhere")
    share /= share.sum()
    nodes = [tree.index(str(name)) for name in share.index]
    place = scores.audience_index(audience)
    score, se, degrees = (
        figures[:, place, nodes] for figures in (scores.score, scores.se, scores.degrees)
    )
    group, more = _groups(scores, peers)
    found += more
    mean, gap, error, degrees = _against_mean(score, se, degrees, group)
    reach = stats.t.ppf(1 - (1 - level) / 2 / len(nodes), degrees) * error
    low, high = gap - reach, gap + reach
    important = share.to_numpy() >= 1 / len(share) - 1e-12
    quadrant = np.select(
        [(low > 0) & important, (high < 0) & important, high < 0, low > 0],
        ["keep_up", "concentrate", "low_priority", "overkill"],
        "unclear",
    )
    worth = np.where(quadrant == "concentrate", gap * share.to_numpy(), np.nan)
    wide = {
        "importance": np.broadcast_to(share.to_numpy(), gap.shape),
        "important": np.broadcast_to(important, gap.shape),
        "score": score, "mean": mean, "gap": gap, "gap_low": low, "gap_high": high,
        "quadrant": quadrant, "priority": pd.DataFrame(worth).rank(axis=1, method="first"),
    }  # fmt: skip
    index = pd.MultiIndex.from_product([scores.units, share.index], names=["unit", "indicator"])
    columns = {name: np.asarray(values).ravel() for name, values in wide.items()}
    table = pd.DataFrame(columns, index=index).reset_index()
    table["priority"] = table["priority"].astype("Int64")
    there = table["score"].notna()
    blind = table.loc[there & table["gap"].notna() & table["gap_low"].isna(), "indicator"]
    found += [
        Finding(
            "gap-without-interval", Severity.WARNING, column=str(name),
            expected="standard errors", got=f"none for {n} units",
            hint="their gaps are not judged", count=int(n),
        )
        for name, n in blind.value_counts().sort_index().items()
    ]  # fmt: skip
    return table.loc[there, COLUMNS].reset_index(drop=True), tuple(found)


def _item(name: str) -> Finding:
    return Finding(
        "item-without-priority", Severity.WARNING, column=name, expected="an indicator",
        got="an item, which has no score of its own", hint="name its indicator instead",
    )  # fmt: skip


def _groups(scores: Scores, peers: pd.Series | None) -> tuple[np.ndarray, list[Finding]]:
    """Return the code of each unit's group, -1 without one or where it is alone in it."""
    if peers is None:
        return np.zeros(len(scores.units), dtype=int), []
    group = pd.factorize(peers.reindex(list(scores.units)))[0]
    alone = np.append(np.bincount(group[group >= 0]), 0)[group] < 2
    found = Finding(
        "no-peers", Severity.WARNING, column=str(peers.name or ""),
        expected="a group with other units for every unit", got=f"{int(alone.sum())} without",
        hint="these units are held against no mean", count=int(alone.sum()),
    )  # fmt: skip
    return np.where(alone, -1, group), [found] if alone.any() else []


def _against_mean(
    score: np.ndarray, se: np.ndarray, degrees: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean of each unit's group, the gap to it, the gap's standard error and degrees.

    The gap is a sum of independent terms, the unit's own score by 1 - 1/n and the n - 1 others by
    1/n; its degrees are those of `analysis.uncertainty.degrees.pooled_degrees`.
    """
    mean, error, freedom = np.full((3, *score.shape), np.nan)
    for code in range(group.max(initial=-1) + 1):
        own = group == code
        there = ~np.isnan(score[own])
        n = there.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean[own] = np.where(there, score[own], 0).sum(axis=0) / n
            square = np.where(there, se[own], 0) ** 2
            variance = square * (1 - 2 / n) + square.sum(axis=0) / n**2
            each = square**2 / degrees[own]
            shares = each * ((1 - 1 / n) ** 4 - 1 / n**4) + each.sum(axis=0) / n**4
            error[own] = np.sqrt(variance)
            freedom[own] = np.where(shares > 0, variance**2 / shares, np.inf)
    return mean, score - mean, np.where(np.isnan(score), np.nan, error), freedom
