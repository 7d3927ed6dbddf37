"""Times: waits, talks and durations that cannot be, and calls at the wrong hour."""

from dataclasses import replace

import numpy as np
import pandas as pd

from survey.checks.sheet import FEWEST, Found, Sheet, marked, warning
from survey.findings import Severity
from survey.hours import parse_hours

LONGEST_WAIT, LONGEST_TALK = 3600.0, 4 * 3600.0
"""Seconds beyond which a time is taken for a slip of the pen."""
ROUNDING = 60.0
"""Seconds by which two calls may overlap where starts are told in minutes."""
_OWN_CALLS = 30
"""Least calls of a shopper to be compared with each other, not with everybody's."""


def impossible_times(sheet: Sheet) -> Found:
    """Find waits and talks longer than `LONGEST_WAIT` and `LONGEST_TALK`."""
    hint = "check unit and decimal point"
    for column, longest in (("wait_seconds", LONGEST_WAIT), ("talk_seconds", LONGEST_TALK)):
        found = warning("impossible-time", column, f"at most {longest:g} s", "longer", hint)
        yield from marked(sheet, found, sheet.seconds(column) > longest)


def times_of_unanswered(sheet: Sheet) -> Found:
    """Find talk on calls that nobody answered, and waits that ended without an answer."""
    outcome = sheet.frame["outcome"]
    talked, waited = sheet.seconds("talk_seconds") > 0, sheet.seconds("wait_seconds") > 0
    talk = warning(
        "talk-without-answer",
        "talk_seconds",
        "talk on answered calls only",
        "talk on calls with outcome busy, no_answer or ivr_only",
        "correct the outcome or clear the time",
    )
    nobody = outcome.isin(["busy", "no_answer", "ivr_only"]).to_numpy()
    yield from marked(sheet, talk, talked & nobody)
    busy = warning(
        "wait-when-busy",
        "wait_seconds",
        "no wait on a busy line",
        "a wait",
        "correct the outcome or clear the time",
    )
    yield from marked(sheet, busy, waited & (outcome == "busy").to_numpy(dtype=bool))
    failed = warning(
        "wait-without-answer",
        "wait_seconds",
        "waits until an answer",
        "waits on calls with outcome no_answer, dropped or ivr_only",
        "they tell when the call failed; keep them out of waiting times",
    )
    unanswered = outcome.isin(["no_answer", "dropped", "ivr_only"]).to_numpy()
    yield from marked(sheet, replace(failed, severity=Severity.NOTE), waited & unanswered)


def zero_durations(sheet: Sheet) -> Found:
    """Find answered calls and questionnaires that took no time."""
    column = "talk_seconds" if sheet.table == "calls" else "duration_seconds"
    zero = sheet.seconds(column) == 0
    if sheet.table == "calls":
        zero &= _answered(sheet)
    found = warning(
        "zero-duration", column, "more than 0 s", "0 s", "clear the time if it was not measured"
    )
    yield from marked(sheet, found, zero)


def short_talks(sheet: Sheet) -> Found:
    """Find answered calls that were over long before the shopper's calls usually are.

    Notes
    -----
    Robust z of log seconds: median and scaled median absolute deviation of the shopper's own
    answered calls, or of everybody's where the shopper has few.
    """
    talk = sheet.seconds("talk_seconds")
    rows = np.flatnonzero(_answered(sheet) & (talk > 0))
    if len(rows) < FEWEST:
        return
    shopper = sheet.codes("shopper")[rows]
    shopper[np.bincount(shopper + 1)[shopper + 1] < _OWN_CALLS] = -1
    low = np.zeros(len(talk), dtype=bool)
    low[rows] = robust_z(np.log(talk[rows]), shopper) < -sheet.plan.settings.outlier
    found = warning(
        "short-talk",
        "talk_seconds",
        "talks about as long as the shopper's others",
        "answered calls cut far shorter",
        "hear the recording: the script takes longer than this",
    )
    yield from marked(sheet, found, low)


def robust_z(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return how many robust standard deviations each value lies from its group's median.

    Parameters
    ----------
    values
        Shape (records,).
    group
        Whole numbers, shape (records,).
    """
    frame = pd.DataFrame({"value": values, "group": group})
    apart = values - frame.groupby("group")["value"].transform("median").to_numpy()
    frame["apart"] = np.abs(apart)
    spread = 1.4826 * frame.groupby("group")["apart"].transform("median").to_numpy()
    return np.divide(apart, spread, out=np.zeros(len(values)), where=spread > 0)


def overlapping_calls(sheet: Sheet) -> Found:
    """Find calls that a shopper began before the one before was over."""
    frame = sheet.frame
    length = np.nan_to_num(sheet.seconds("wait_seconds"))
    length = length + np.nan_to_num(sheet.seconds("talk_seconds"))
    sane = length <= LONGEST_WAIT + LONGEST_TALK
    recording = pd.Series(sheet.codes("recording"))
    single = ((recording < 0) | ~recording.duplicated()).to_numpy()
    shopper = sheet.codes("shopper")
    known = np.isfinite(sheet.clock) & (shopper >= 0) & sane & single
    rows = np.flatnonzero(known)
    rows = rows[np.lexsort((sheet.time[rows], shopper[rows]))]
    end = pd.Series(sheet.time[rows] + length[rows]).groupby(shopper[rows])
    before = end.cummax().groupby(shopper[rows]).shift().to_numpy()
    overlaps = np.zeros(len(frame), dtype=bool)
    overlaps[rows] = sheet.time[rows] + ROUNDING < before
    found = warning(
        "overlapping-calls",
        "started_at",
        "one call of a shopper after the other",
        "calls begun while the shopper was still on another",
        "correct the time or the shopper; nobody makes two calls at once",
    )
    yield from marked(sheet, found, overlaps)


def outside_slot(sheet: Sheet) -> Found:
    """Find calls that did not start within the hours of their slot."""
    hours = sheet.plan.slot_hours
    if not hours:
        return
    start, end = _hours_of_slots(sheet)
    tolerance = sheet.plan.settings.slot_minutes / 60
    outside = (sheet.clock < start - tolerance) | (sheet.clock > end + tolerance)
    found = warning(
        "outside-slot",
        "started_at",
        "calls within the hours of their slot",
        "calls at other hours",
        "correct slot or time; the slot that is written is the one that is scored",
    )
    yield from marked(sheet, found, outside & ~_off_hours(sheet))


def _hours_of_slots(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    """Return start and end hour of each call's slot, NaN where they are not known."""
    hours = sheet.plan.slot_hours
    place = pd.Index(list(hours)).get_indexer(pd.Index(sheet.frame["slot"]))
    bounds = np.array([*hours.values(), (np.nan, np.nan)], dtype=float)
    return bounds[place, 0], bounds[place, 1]


def outside_hours(sheet: Sheet) -> Found:
    """Find calls outside working hours, and on days off where calls belong on workdays."""
    found = warning(
        "outside-hours",
        "started_at",
        "calls within working hours",
        "calls before or after",
        "correct the time; were they made, keep them out of waiting times by slot",
    )
    yield from marked(sheet, found, _off_hours(sheet))
    if sheet.plan.settings.workdays_only:
        found = warning(
            "day-off",
            "started_at",
            "calls on workdays",
            "calls on weekends or holidays",
            "correct the day, or set `checks: workdays_only: false`",
        )
        yield from marked(sheet, found, ~_on_workday(sheet))


def _off_hours(sheet: Sheet) -> np.ndarray:
    hours, tolerance = sheet.plan.slot_hours, sheet.plan.settings.slot_minutes / 60
    told = sheet.plan.settings.working_hours
    own = parse_hours(told) if told else None
    if own is None and hours:
        own = min(start for start, _ in hours.values()), max(end for _, end in hours.values())
    if own is None:
        return np.zeros(len(sheet.frame), dtype=bool)
    return (sheet.clock < own[0] - tolerance) | (sheet.clock > own[1] + tolerance)


def _on_workday(sheet: Sheet) -> np.ndarray:
    """Return which calls fall on a workday, or have no day."""
    days = sheet.frame["started_at"].dt.normalize()
    code, distinct = pd.factorize(days)
    work = np.array([is_workday(pd.Timestamp(day)) for day in distinct] + [True])
    return work[code]


def is_workday(day: pd.Timestamp) -> bool:
    """Return whether a day is a workday in China; Monday to Friday in years not decreed yet."""
    from chinese_calendar import is_workday as decreed

    try:
        return decreed(day.date())
    except NotImplementedError:
        return day.day_of_week < 5


def _answered(sheet: Sheet) -> np.ndarray:
    return (sheet.frame["outcome"] == "answered").to_numpy(dtype=bool)
