"""Branches: answers where none was asked, blanks where one was, answers that exclude each other."""

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from survey.checks.plan import Condition
from survey.checks.sheet import FEWEST, Found, Sheet, counted, marked, warning

UNANSWERED = ("busy", "no_answer", "dropped", "ivr_only")


def answers_of_unanswered(sheet: Sheet) -> Found:
    """Find answers to items on calls that nobody answered, by outcome."""
    filled = np.zeros(len(sheet.frame), dtype=bool)
    for answer in sheet.plan.items(sheet.table):
        filled |= sheet.frame[answer.name].notna().to_numpy()
    for outcome in UNANSWERED:
        such = (sheet.frame["outcome"] == outcome).to_numpy(dtype=bool)
        found = warning(
            "answers-without-call",
            "",
            f"items left blank on calls with outcome {outcome}",
            f"answers, among {np.count_nonzero(such)} such calls",
            "correct the outcome or clear the answers",
        )
        yield from marked(sheet, found, such & filled)


def empty_items(sheet: Sheet) -> Found:
    """Find answer columns without a single answer."""
    hint = "its indicator rests on other items, if any"
    for answer in sheet.plan.answers.get(sheet.table, ()):
        found = warning("empty-item", answer.name, "answers", "none in any record", hint)
        if not sheet.frame[answer.name].notna().to_numpy().any():
            yield from counted(found, len(sheet.frame))


def answered_when_not_asked(sheet: Sheet) -> Found:
    """Find answers to items that the record's scenario or kind does not ask, by item."""
    for name, conditions in sheet.plan.asked.get(sheet.table, {}).items():
        if name not in sheet.frame:
            continue
        wrong = sheet.frame[name].notna().to_numpy() & ~_any_met(sheet.frame, conditions)
        found = warning(
            "answered-when-not-asked",
            name,
            f"answers where {_told(conditions)}",
            "answers on other records",
            "correct the column that decides, or clear the answer",
        )
        yield from marked(sheet, found, wrong)


def many_blanks(sheet: Sheet) -> Found:
    """Find records with more items left blank than chance allows.

    Notes
    -----
    Blanks are counted among the items that were asked of a record that was reached, and compared
    with a binomial whose chance is the mean share of blanks of these items (a Poisson binomial is
    narrower). Bonferroni over the records.
    """
    reached = _reached(sheet)
    if np.count_nonzero(reached) < FEWEST:
        return
    asked = np.zeros(len(reached), dtype=np.int32)
    blank, expected = asked.copy(), np.zeros(len(reached))
    for answer in sheet.plan.closed_items(sheet.table):
        own = _asked(sheet, answer.name) & reached
        missing = own & sheet.frame[answer.name].isna().to_numpy()
        asked += own
        blank += missing
        expected += own * (np.count_nonzero(missing) / max(np.count_nonzero(own), 1))
    limit = sheet.plan.settings.chance / np.count_nonzero(reached)
    wrong = np.zeros(len(reached), dtype=bool)
    rows = np.flatnonzero((blank > expected + 1) & (asked > 0))
    chance = expected[rows] / asked[rows]
    wrong[rows] = bdtrc(blank[rows] - 1, asked[rows], chance) < limit
    found = warning(
        "many-blanks",
        "",
        "few blanks among the items asked",
        "more blanks than chance has it",
        "complete them from the recording, or leave out what was broken off",
    )
    yield from marked(sheet, found, wrong)


def contradictions(sheet: Sheet) -> Found:
    """Find records whose answers exclude each other, by the rules of the edition."""
    for rule in sheet.plan.settings.contradictions:
        if rule.table != sheet.table or not set(rule.together) <= set(sheet.frame.columns):
            continue
        told = " and ".join(f"{name} {' or '.join(v)}" for name, v in rule.together.items())
        found = warning(
            "contradiction",
            ", ".join(rule.together),
            "answers that can be true together" + (f": {rule.why}" if rule.why else ""),
            told,
            "hear the recording and correct one of them through the ledger",
        )
        yield from marked(sheet, found, _met(sheet.frame, rule.together))


def _reached(sheet: Sheet) -> np.ndarray:
    """Return which records could answer at all."""
    if sheet.table == "calls":
        return (sheet.frame["outcome"] == "answered").to_numpy(dtype=bool)
    return np.ones(len(sheet.frame), dtype=bool)


def _asked(sheet: Sheet, name: str) -> np.ndarray:
    conditions = sheet.plan.asked.get(sheet.table, {}).get(name)
    if conditions is None:
        return np.ones(len(sheet.frame), dtype=bool)
    return _any_met(sheet.frame, conditions)


def _any_met(frame: pd.DataFrame, conditions: tuple[Condition, ...]) -> np.ndarray:
    return np.logical_or.reduce([_met(frame, condition) for condition in conditions])


def _met(frame: pd.DataFrame, condition: Condition) -> np.ndarray:
    """Return which records meet a condition, bool, shape (records,)."""
    met = np.ones(len(frame), dtype=bool)
    for name, values in condition.items():
        met &= _holds(frame[name], values)
    return met


def _holds(cells: pd.Series, values: tuple[str, ...]) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(cells):
        numbers = pd.to_numeric(pd.Series(list(values)), errors="coerce").dropna()
        return np.isin(cells.to_numpy(dtype=float, na_value=np.nan), numbers.to_numpy(dtype=float))
    return cells.isin(values).to_numpy()


def _told(conditions: tuple[Condition, ...]) -> str:
    return " or ".join(
        " and ".join(f"{name} is {' or '.join(values)}" for name, values in condition.items())
        for condition in conditions
    )
