"""Agreement: Krippendorff's alpha of what several people coded."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.audit.evidence import FEWEST, Evidence, quoted
from analysis.audit.verdicts import Check, Row
from indicators.measure import PointsTable
from indicators.nodes import Item
from survey.contracts import CONTRACTS
from survey.shoppers.alpha import alpha_interval, krippendorff_alpha

CODED = {"calls": "recording", "inspections": "recording", "cases": "case_id"}
"""Tables that people code, with the column that several codings of one thing share."""
AGREEMENT = Check(
    "agreement",
    ("编码员信度", "agreement of coders"),
    (
        "重复编码的克里彭多夫α不低于0.8；低于0.667为不通过",
        "Krippendorff's alpha of double-coded records at least 0.8; below 0.667 fails",
    ),
    "Krippendorff (2004), Content Analysis, 2nd ed.; Hayes & Krippendorff (2007)",
    (
        "抽取一成以上记录由两人独立编码；信度偏低的，完善编码手册并重新培训",
        "have a tenth of the records coded by two people; where they disagree, mend the code book "
        "and train again",
    ),
    warn=0.8,
    fail=0.667,
)


def check_agreement(evidence: Evidence) -> Iterator[Row]:
    """Check the points that several codings of one call, inspection or case got.

    Alpha is that of interval data: points enter averages, so it is their differences that matter.
    A table that people code without any double coding is a warning.
    """
    for table in evidence.scores.points:
        column = CODED.get(table.table)
        if column is None:
            continue
        ratings = double_codings(table, column)
        if not len(ratings):
            contract = CONTRACTS[table.table]
            found = (
                f"{contract.zh}没有重复编码，信度无从检验",
                f"{contract.en}: none was coded twice, so agreement is unknown",
            )
            yield AGREEMENT.row(table.table, np.nan, found)
            continue
        for at, points in zip(table.items, np.moveaxis(ratings, 2, 0), strict=True):
            yield _of_item(evidence, evidence.items[at], points)


def _of_item(evidence: Evidence, item: Item, points: np.ndarray) -> Row:
    zh, en = quoted(item.zh, item.en)
    twice = int(((~np.isnan(points)).sum(axis=1) > 1).sum())
    zh, en = f"{zh}重复编码{twice}条", f"{en}: {twice} coded twice"
    if twice < FEWEST:
        return AGREEMENT.row(item.id, np.nan, (f"{zh}，数量过少", f"{en}, which is too few"))
    value = krippendorff_alpha(points, "interval")
    if np.isnan(value):
        alike = f"{zh}，评分全部相同，α无法计算", f"{en}, all alike, so alpha is undefined"
        return AGREEMENT.row(item.id, value, alike)
    low, high = alpha_interval(points, "interval", level=evidence.level, seed=evidence.seed)
    found = (
        f"{zh}，α={value:.2f}（{low:.2f}至{high:.2f}）",
        f"{en}, alpha {value:.2f} ({low:.2f} to {high:.2f})",
    )
    return AGREEMENT.row(item.id, value, found)


def double_codings(table: PointsTable, column: str) -> np.ndarray:
    """Return the points of what was coded twice or more.

    Parameters
    ----------
    table
        Points of records.
    column
        The column that several codings of one thing share; a blank is a coding by itself.

    Returns
    -------
    Shape (things, codings, items), NaN where there are fewer codings.
    """
    items = table.points.shape[1]
    if column not in table.frame:
        return np.empty((0, 0, items))
    shared = table.frame[column].reset_index(drop=True)
    rows = np.flatnonzero((shared.notna() & shared.duplicated(keep=False)).to_numpy())
    thing, _ = pd.factorize(shared.iloc[rows], sort=True)
    coding = pd.Series(thing).groupby(thing).cumcount().to_numpy()
    if not rows.size:
        return np.empty((0, 0, items))
    ratings = np.full((thing.max() + 1, coding.max() + 1, items), np.nan)
    ratings[thing, coding] = table.points[rows]
    return ratings
