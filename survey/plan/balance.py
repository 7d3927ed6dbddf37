"""How even a schedule is: what every pair of its factors has least and most of."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

PERIODS = 6
"""Parts of a campaign, of whole days and about as many calls each."""
NAMES = {
    "unit": ("评估对象", "unit"),
    "cell": ("服务对象×情景×时段", "audience x scenario x slot"),
    "audience": ("服务对象", "audience"),
    "scenario": ("情景", "scenario"),
    "slot": ("时段", "slot"),
    "shopper": ("拨测员", "shopper"),
    "date": ("日期", "day"),
    "period": ("阶段", "part of the campaign"),
    "second": ("第二编码员", "second coder"),
    "checker": ("复核人", "who checks"),
    "first": ("拨测员", "shopper"),
}
PAIRS = (
    ("unit", "cell"),
    ("shopper", "unit"),
    ("shopper", "cell"),
    ("shopper", "slot"),
    ("shopper", "scenario"),
    ("shopper", "audience"),
    ("shopper", "date"),
    ("shopper", "period"),
    ("unit", "period"),
    ("slot", "period"),
    ("scenario", "period"),
    ("audience", "period"),
)


def balance_table(plan: pd.DataFrame) -> pd.DataFrame:
    """Tell how balanced a schedule is.

    Parameters
    ----------
    plan
        The columns of the contract `plan`.

    Returns
    -------
    One row a pair of factors: columns of, by, least, most (calls in a combination of the two;
    combinations without a call count as 0, but a day off nobody works is no day), mean, spread
    (most less least) and v (Cramér's V, 0 where one factor tells nothing of the other, 1 where it
    tells all). A part of the campaign (``period``) is a sixth of
    its calls, in whole days. Second codings and
    back-checks have the rows ``first`` by ``second`` (pairs of two, the two never the same) and
    ``first`` by ``checker``.
    """
    main = plan[plan["role"] == "main"]
    cell = main["audience"] + "/" + main["scenario"] + "/" + main["slot"]
    main = main.assign(cell=cell, period=_periods(main["date"]))
    rows = [_row(of, by, _counts(main[of], main[by])) for of, by in PAIRS]
    for other, counts in _codings(plan, main):
        rows.append(_row("first", other, counts))
    return pd.DataFrame(rows)


def _periods(date: pd.Series) -> np.ndarray:
    day, calls = np.unique(date, return_inverse=True, return_counts=True)[1:]
    middle = np.cumsum(calls) - calls / 2
    return (middle * PERIODS / len(date)).astype(int)[day]


def _counts(of: Any, by: Any) -> np.ndarray:
    """Count the records of each pair of categories, shape (categories of `of`, of `by`)."""
    row, column = (pd.Categorical(each) for each in (of, by))
    cell = row.codes.astype(np.int64) * len(column.categories) + column.codes
    shape = len(row.categories), len(column.categories)
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)


def _codings(plan: pd.DataFrame, main: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    for role, name in (("double", "second"), ("back_check", "checker")):
        own = plan.loc[plan["role"] == role, ["recording", "shopper"]]
        pairs = own.merge(main[["recording", "shopper"]], on="recording", suffixes=("", "_first"))
        if len(pairs):
            people = sorted({*main["shopper"], *(own["shopper"] if name == "second" else ())})
            columns = people if name == "second" else sorted(set(own["shopper"]))
            first = pd.Categorical(pairs["shopper_first"], people)
            yield name, _counts(first, pd.Categorical(pairs["shopper"], columns))


def _row(of: str, by: str, counts: np.ndarray) -> dict[str, object]:
    square = by == "second"
    told = counts[~np.eye(*counts.shape, dtype=bool)] if square else counts
    return {
        "of": of,
        "by": by,
        "least": int(told.min()),
        "most": int(told.max()),
        "mean": float(told.mean()),
        "spread": int(np.ptp(told)),
        "v": float("nan") if square else _cramers_v(counts),
    }


def _cramers_v(counts: np.ndarray) -> float:
    """Return Cramér's V (1946, Mathematical Methods of Statistics, p. 282)."""
    counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]
    total, steps = counts.sum(), min(counts.shape) - 1
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / (total * steps))) if steps > 0 else 0.0


def largest_repetition(plan: pd.DataFrame) -> int:
    """Return how often the same shopper calls the same unit at most."""
    main = plan[plan["role"] == "main"]
    return int(_counts(main["shopper"], main["unit"]).max())
