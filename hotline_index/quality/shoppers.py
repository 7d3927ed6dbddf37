"""How good the work of the shoppers was, and what the scores are without their severity."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.grades.grading import grade_units
from analysis.grades.schemes import AnyScheme
from analysis.ranks.ranking import rank_scores, rank_units
from analysis.uncertainty.bootstrap import Draws
from indicators.aggregate import roll_up
from indicators.measure import PointsTable
from indicators.nodes import Item
from indicators.rules import CountRule, LikertRule, MapRule, meets
from indicators.scores import Scores, item_state
from survey.findings import Finding, Severity
from survey.shoppers.agreement import ITEM, CodedItem, agreement
from survey.shoppers.balance import CELL, GROUP, TEST, balance
from survey.shoppers.coders import CODER
from survey.shoppers.severity import COMPONENT, SHOPPER, severity

TABLE = "calls"
NOT_JUDGED = ("outcome", "wait_seconds", "talk_seconds")
"""Columns that the telephone tells, not the shopper."""
ADJUSTED = (
    "unit", "score", "adjusted", "difference", "rank", "rank_adjusted", "rank_difference",
    "rank_low", "rank_high", "grade", "grade_adjusted", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class ShopperQuality:
    """How good the work of the shoppers was.

    Parameters
    ----------
    agreement, coders
        By item and by coder: see `survey.shoppers.agreement.Agreement`.
    shoppers, components
        Severity and drift, and their share in the variance of calls: see
        `survey.shoppers.severity.ShopperSeverity`.
    balance, balance_tests, groups
        How evenly calls were dealt: see `survey.shoppers.balance.Balance`.
    adjusted
        One row a unit: score (the plain total over all audiences), adjusted (without the severity
        of the shoppers who called), difference; rank, rank_adjusted, rank_difference (adjusted
        less plain; below 0 is better); rank_low, rank_high (interval of the plain rank), grade and
        grade_adjusted where draws and a scheme are given, else missing; verdict (``steady``,
        ``rank_moves`` out of its interval, ``grade_moves``).
    findings
        What is to be told.

    Notes
    -----
    Tables are empty where the calls do not tell what they are about.
    """

    agreement: pd.DataFrame
    coders: pd.DataFrame
    shoppers: pd.DataFrame
    components: pd.DataFrame
    balance: pd.DataFrame
    balance_tests: pd.DataFrame
    groups: pd.DataFrame
    adjusted: pd.DataFrame
    findings: tuple[Finding, ...]


def shopper_quality(
    scores: Scores,
    level: float = 0.95,
    seed: int = 0,
    *,
    draws: Draws | None = None,
    scheme: AnyScheme | None = None,
) -> ShopperQuality:
    """Tell how good the work of the shoppers was, and adjust the scores for their severity.

    Parameters
    ----------
    scores
        Scores of an index; without calls, all tables are empty.
    level, seed
        Level of intervals and tests, and the seed of the bootstrap of recordings.
    draws
        Bootstrap draws of the same scores, for the intervals of ranks.
    scheme
        How totals become grades; needs `draws`.

    Notes
    -----
    Severity is estimated on what a shopper judged: items whose answer is not told by the telephone
    (`NOT_JUDGED`), on calls whose points are not fixed by an override. A call counts with the mean
    over its judged items of its points less those usual for the item. The shift of its shopper is
    taken off every judged answer alike, and the means of the items, cut to the scale, go up the
    index's own tree. Single answers are not cut: a yes that counts 10 could lose nothing to a
    severe shopper, and the adjustment would be biased.
    """
    table = next((points for points in scores.points if points.table == TABLE), None)
    if table is None:
        return _nothing()
    file = scores.records.files.get(TABLE, "")
    items = [item for _, item in scores.system.leaf_items()]
    own = [items[position] for position in table.items]
    judged = judged_cells(table, own)
    coded, answers = coded_answers(table, own)
    agreed = agreement(answers, coded, level=level, seed=seed, file=file)
    best = scores.hierarchy.best
    severe = severity(table.frame, call_points(table, judged), level=level, best=best, file=file)
    dealt = balance(table.frame, level=level, file=file)
    adjusted, moved = pd.DataFrame(columns=list(ADJUSTED)), ()
    if len(severe.components):
        without = adjusted_totals(scores, judged * severe.shift[:, None])
        adjusted = adjusted_table(scores, without, draws, scheme)
        moved = tuple(_moved(adjusted, file))
    return ShopperQuality(
        agreement=agreed.items,
        coders=agreed.coders,
        shoppers=severe.shoppers,
        components=severe.components,
        balance=dealt.cells,
        balance_tests=dealt.tests,
        groups=dealt.groups,
        adjusted=adjusted,
        findings=(*agreed.findings, *severe.findings, *dealt.findings, *moved),
    )


def judged_cells(table: PointsTable, items: list[Item]) -> np.ndarray:
    """Return which points rest on the judgement of a shopper.

    Parameters
    ----------
    table
        Points of calls.
    items
        Its items, in the order of its columns.

    Returns
    -------
    Bool, shape (records, items).
    """
    judged = ~np.isnan(table.points)
    for at, item in enumerate(items):
        columns = _judged_columns(item)
        told = table.frame[columns].notna().any(axis=1).to_numpy() if columns else False
        judged[:, at] &= told
        for override in item.override:
            judged[:, at] &= ~meets(table.frame, override.where)
    return judged


def call_points(table: PointsTable, judged: np.ndarray) -> np.ndarray:
    """Return the mean judged points of each call, as if all calls were put the same items.

    Returns
    -------
    Shape (records,): the mean over judged items of points less the item's mean, plus the mean over
    the items; NaN where nothing was judged.
    """
    points = np.where(judged, table.points, 0.0)
    count = judged.sum(axis=0)
    usual = points.sum(axis=0) / np.maximum(count, 1)
    beyond = np.where(judged, table.points - usual, 0.0).sum(axis=1)
    answered = judged.sum(axis=1)
    if not answered.any():
        return np.full(len(points), np.nan)
    middle = usual[count > 0].mean()
    return np.where(answered > 0, middle + beyond / np.maximum(answered, 1), np.nan)


def coded_answers(
    table: PointsTable, items: list[Item]
) -> tuple[tuple[CodedItem, ...], pd.DataFrame]:
    """Return what shoppers code from a recording, and their codings.

    Returns
    -------
    coded
        An answer column each: categories are nominal, or ordinal where a map gives three or more
        of them different points; a Likert scale is ordinal, other numbers are interval.
    answers
        Columns recording, shopper, as far as there are, and the answers; an answer that says that
        the item does not apply is missing.
    """
    coded: dict[str, CodedItem] = {}
    frame = table.frame
    answers = {name: frame[name] for name in ("recording", "shopper") if name in frame}
    for item in items:
        for answer in item.answers():
            if answer.name in NOT_JUDGED or answer.name in coded or answer.name not in frame:
                continue
            exempt = item.exempt_numbers if answer.kind == "number" else item.not_applicable
            column = frame[answer.name]
            answers[answer.name] = column.mask(column.isin(list(exempt))) if exempt else column
            coded[answer.name] = _coded(item, answer.name, answer.kind)
    return tuple(coded.values()), pd.DataFrame(answers, index=frame.index)


def _coded(item: Item, name: str, kind: str) -> CodedItem:
    rule = item.rule
    if isinstance(rule, MapRule) and kind == "category":
        distinct = len(set(rule.map.values())) == len(rule.map) > 2
        order = tuple(str(value) for value in sorted(rule.map, key=lambda answer: rule.map[answer]))
        return CodedItem(name, "ordinal", order) if distinct else CodedItem(name, "nominal")
    if kind == "category" or isinstance(rule, CountRule):
        return CodedItem(name, "nominal")
    return CodedItem(name, "ordinal" if isinstance(rule, LikertRule) else "interval")


def _judged_columns(item: Item) -> list[str]:
    return [answer.name for answer in item.answers() if answer.name not in NOT_JUDGED]


def adjusted_totals(scores: Scores, shift: np.ndarray) -> np.ndarray:
    """Return the totals over all audiences without what shoppers added.

    Parameters
    ----------
    scores
        Scores of an index with calls.
    shift
        Points to take off each call and item, shape (records, items).

    Returns
    -------
    Shape (U,).
    """
    tree = scores.hierarchy
    tables = [
        replace(table, points=table.points - shift) if table.table == TABLE else table
        for table in scores.points
    ]
    state = item_state(tables, tree, len(scores.units))
    means = np.clip(state.mean, 0, tree.best)
    return roll_up(tree, means, applies=state.applies, observed=state.observed).score[-1, 0]


def adjusted_table(
    scores: Scores, adjusted: np.ndarray, draws: Draws | None, scheme: AnyScheme | None
) -> pd.DataFrame:
    """Set adjusted totals beside plain ones; see `ShopperQuality.adjusted`."""
    plain = scores.of("total").to_numpy()
    rank, moved = rank_scores(plain), rank_scores(adjusted)
    low, high = np.full((2, len(plain)), np.nan)
    grades = before = np.full(len(plain), None)
    if draws is not None:
        interval = rank_units(plain, draws)
        low, high = interval.low, interval.high
        if scheme is not None:
            before = grade_units(plain, draws, scheme).name
            moved_draws = replace(draws, total=draws.total + (adjusted - plain))
            grades = grade_units(adjusted, moved_draws, scheme).name
    out = (moved < low) | (moved > high)
    table = pd.DataFrame(
        {
            "unit": list(scores.units), "score": plain, "adjusted": adjusted,
            "difference": adjusted - plain, "rank": rank, "rank_adjusted": moved,
            "rank_difference": moved - rank, "rank_low": low, "rank_high": high,
            "grade": before, "grade_adjusted": grades,
            "verdict": np.select([before != grades, out], ["grade_moves", "rank_moves"], "steady"),
        }
    )  # fmt: skip
    return table.sort_values("rank", kind="stable", ignore_index=True)


def _moved(adjusted: pd.DataFrame, file: str) -> Iterator[Finding]:
    words = {"grade_moves": "another grade", "rank_moves": "a rank outside its interval"}
    for verdict, what in words.items():
        units = adjusted.loc[adjusted["verdict"] == verdict, "unit"].astype(str)
        if len(units):
            named = ", ".join(units[:5]) + (", …" if len(units) > 5 else "")
            yield Finding(
                f"adjusted-{verdict.replace('_', '-')}",
                Severity.WARNING,
                file=file,
                column="calls.shopper",
                expected="the same standing with and without the severity of shoppers",
                got=f"{len(units)} of {len(adjusted)} units with {what} when adjusted: {named}",
                hint="see the adjusted scores beside the plain ones before you publish",
                count=len(units),
            )


def _nothing() -> ShopperQuality:
    columns = (ITEM, CODER, SHOPPER, COMPONENT, CELL, TEST, GROUP, ADJUSTED)
    a, b, c, d, e, f, g, h = (pd.DataFrame(columns=list(names)) for names in columns)
    finding = Finding(
        "no-calls",
        Severity.NOTE,
        expected="mystery calls",
        got="an index without them",
        hint="agreement, severity and balance of shoppers are left out",
    )
    return ShopperQuality(a, b, c, d, e, f, g, h, (finding,))
