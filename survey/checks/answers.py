"""How questionnaires were filled in: straight lines, long runs, even answers, haste."""

from dataclasses import replace

import numpy as np
import pandas as pd

from survey.checks.coding import SCALE_ITEMS, Coded
from survey.checks.sheet import FEWEST, Found, Sheet, marked, warning
from survey.checks.times import robust_z
from survey.findings import Severity

_FEW_LEVEL = 50
"""Least records of a level whose spread is reckoned."""


def straight_lining(sheet: Sheet) -> Found:
    """Find questionnaires with one answer to every item of a scale of many items.

    Notes
    -----
    Where enough questionnaires tell what is usual (`AnswerModel`), a straight line that is to be
    expected among the records of its level, such as full marks in a good city, gets a note
    (``uniform-answers``); the rest, improbable with Bonferroni's correction, a warning.
    """
    for places, straight in zip(sheet.coded.scales, sheet.coded.straight_lines, strict=True):
        usual = _expected(sheet, straight, places)
        enough = (sheet.coded.codes[:, places] >= 0).sum(axis=1) >= SCALE_ITEMS
        whole = max(np.count_nonzero(enough), 1)
        for check, wrong in (("straight-lining", straight & ~usual), ("uniform-answers", usual)):
            share = np.count_nonzero(wrong) / whole
            found = warning(
                check,
                _span(sheet.coded, places),
                f"answers that vary over {len(places)} items on one scale",
                f"one answer throughout, {share:.1%} of the questionnaires",
                "see who collected them before they are trusted",
            )
            if check == "uniform-answers":
                hint = "usual among the content or the annoyed; mind it where the share is high"
                found = replace(found, severity=Severity.NOTE, hint=hint)
            yield from marked(sheet, found, wrong)


def _expected(sheet: Sheet, straight: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return which straight lines are no wonder among the records of their level."""
    usual = np.zeros(len(straight), dtype=bool)
    if len(straight) >= FEWEST:
        rows = np.flatnonzero(straight)
        surprise = sheet.model.surprise(sheet.coded.codes, rows)[:, places].sum(axis=1)
        usual[rows] = surprise < np.log(len(straight) / sheet.plan.settings.chance)
    return usual


def long_runs(sheet: Sheet) -> Found:
    """Find questionnaires with one answer to more items in a row than chance allows.

    Notes
    -----
    The longest run of equal answers (long string; Johnson 2005) of a record with k answers. The
    chance that a run is at least r long is at most ``(1 + (k - r) * (1 - q)) * q**(r - 1)``, the
    sum over its places (Feller 1968, XIII.7), where q is the chance that neighbouring items get
    the same answer among the records of the same level (`AnswerModel`). Bonferroni over the
    records. Whole straight lines are left to `straight_lining`; runs of an end of the scale are
    what the wholly content or annoyed give, and are let pass.
    """
    if len(sheet.frame) < FEWEST:
        return
    for places in sheet.coded.scales:
        codes = sheet.coded.codes[:, places]
        (run, value), answered = _longest_run(codes), (codes >= 0).sum(axis=1)
        share = sheet.model.share[places]
        equal = (share[:-1] * share[1:]).sum(axis=2).mean(axis=0)[sheet.model.level]
        starts = 1 + np.maximum(answered - run, 0) * (1 - equal)
        chance = starts * equal ** np.maximum(run - 1, 0)
        wrong = (run >= SCALE_ITEMS) & (chance * len(codes) < sheet.plan.settings.chance)
        wrong &= (value > 0) & (value < codes.max(initial=0))
        found = warning(
            "long-run",
            _span(sheet.coded, places),
            "runs of one answer as long as chance has them",
            "far longer runs",
            "see who collected them before they are trusted",
        )
        yield from marked(sheet, found, wrong & ~sheet.coded.straight)


def _longest_run(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return length and answer of the longest run of equal answers of each record.

    Blanks neither count nor break it; of equally long runs the first is taken.
    """
    last = np.full(len(codes), -1, dtype=np.int8)
    value = last.copy()
    run, longest = np.zeros(len(codes), dtype=np.int16), np.zeros(len(codes), dtype=np.int16)
    for own in codes.T:
        there = own >= 0
        run = np.where(there, np.where(own == last, run + 1, 1), run).astype(np.int16)
        last = np.where(there, own, last)
        value = np.where(run > longest, last, value)
        np.maximum(longest, run, out=longest)
    return longest, value


def even_answers(sheet: Sheet) -> Found:
    """Find questionnaires whose answers vary far less than those of others of the same level.

    Notes
    -----
    The intra-individual response variability of Dunn et al. (2018), the standard deviation of a
    person's answers on one scale, as the robust z of its logarithm among the records of the same
    level (`AnswerModel`). Means within half a step of an end of the scale are let pass: who is
    wholly content answers evenly.
    """
    if len(sheet.frame) < FEWEST:
        return
    for places in sheet.coded.scales:
        if sheet.coded.items[places[0]].kind != "number":
            continue
        codes = sheet.coded.codes[:, places]
        mean, spread = _moments(codes)
        inside = (mean > 0.5) & (mean < codes.max(initial=0) - 0.5)
        rows = np.flatnonzero(spread > 0)
        level = sheet.model.level[rows].astype(np.intp)
        enough = np.bincount(level, minlength=1)[level] >= _FEW_LEVEL
        low = robust_z(np.log(spread[rows]), level) < -sheet.plan.settings.outlier
        wrong = np.zeros(len(spread), dtype=bool)
        wrong[rows] = low & enough & inside[rows]
        found = warning(
            "even-answers",
            _span(sheet.coded, places),
            "answers that vary as others' do",
            "answers almost without variation",
            "see who collected them before they are trusted",
        )
        yield from marked(sheet, found, wrong)


def _moments(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of each record's answers, NaN with too few."""
    count = np.zeros(len(codes), dtype=np.float32)
    total, square = count.copy(), count.copy()
    for own in codes.T:
        there = own >= 0
        value = np.where(there, own, 0).astype(np.float32)
        count += there
        total += value
        square += value**2
    count = np.where(count >= SCALE_ITEMS, count, np.nan)
    mean = total / count
    return mean, np.sqrt(np.maximum(square / count - mean**2, 0))


def speeding(sheet: Sheet) -> Found:
    """Find questionnaires that were answered far faster than others of their mode.

    Notes
    -----
    Seconds per answer below a share of the median of the mode, as relative speeding is defined
    by Greszki, Meyer & Schoen (2015); and below the robust z of log seconds that an outlier has,
    so that where everybody's pace varies much nobody is accused of a fast one.
    """
    seconds = sheet.seconds("duration_seconds")
    answered = _answered(sheet)
    rows = np.flatnonzero((seconds > 0) & (answered > 0))
    if len(rows) < FEWEST:
        return
    pace = np.log(seconds[rows] / answered[rows])
    mode = sheet.codes("mode")[rows]
    slow = robust_z(pace, mode)
    median = _group_median(pace, mode)
    settings = sheet.plan.settings
    fast = (pace - median < np.log(settings.speeding_share)) & (slow < -settings.outlier)
    wrong = np.zeros(len(seconds), dtype=bool)
    wrong[rows] = fast
    found = warning(
        "speeding",
        "duration_seconds",
        f"at least {settings.speeding_share:.0%} of the median seconds per answer of the mode",
        "answered faster than one can read",
        "leave them out where the answers look careless too; see who collected them",
    )
    yield from marked(sheet, found, wrong)


def _answered(sheet: Sheet) -> np.ndarray:
    total = np.zeros(len(sheet.frame), dtype=np.int32)
    for answer in sheet.plan.items(sheet.table):
        total += sheet.frame[answer.name].notna().to_numpy()
    return total


def _group_median(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    return pd.Series(values).groupby(group).transform("median").to_numpy()


def _span(coded: Coded, places: np.ndarray) -> str:
    return f"{coded.items[places[0]].name} … {coded.items[places[-1]].name}"
