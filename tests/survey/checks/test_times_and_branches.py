"""Calls at the wrong hour, too short or at once; answers in the wrong branch."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd
import pytest
from check_frames import PLAN, YES_NO, calls, flagged, inspect, responses
from hypothesis import given
from hypothesis import strategies as st
from record_files import one

from survey.checks import CheckSettings, Contradiction
from survey.checks.answers import _longest_run
from survey.checks.times import robust_z
from survey.hours import parse_hours

HOURS = {"s1": (8.0, 13.0), "s2": (13.0, 18.0)}


def with_settings(**settings: object):
    return replace(PLAN, settings=CheckSettings(**settings), slot_hours=HOURS)


def at(frame: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    frame = frame.copy()
    frame.iloc[row, frame.columns.get_loc(column)] = value
    return frame


def test_calls_of_another_slot_and_calls_by_night_are_told_apart():
    frame = calls()
    day = frame["started_at"].iloc[0].normalize()
    frame = at(frame, 0, "started_at", day + pd.Timedelta(hours=14))
    frame = at(frame, 1, "started_at", day + pd.Timedelta(hours=21))
    checked = inspect(with_settings(), calls=frame)
    assert flagged(checked, "outside-slot") == {"C0"}
    assert flagged(checked, "outside-hours") == {"C1"}


def test_minutes_of_grace_and_days_without_a_time():
    frame = calls()
    day = frame["started_at"].iloc[0].normalize()
    frame = at(frame, 0, "started_at", day + pd.Timedelta(hours=13, minutes=4))
    frame = at(frame, 1, "started_at", day)
    assert flagged(inspect(with_settings(), calls=frame), "outside-slot") == {"C0"}
    assert flagged(inspect(with_settings(slot_minutes=5), calls=frame), "outside-slot") == set()
    assert flagged(inspect(with_settings(), calls=frame), "outside-hours") == set()


def test_days_off_count_only_where_the_edition_says_so():
    frame = at(calls(), 0, "started_at", pd.Timestamp("2021-02-20 09:00"))
    frame = at(frame, 1, "started_at", pd.Timestamp("2021-04-05 09:00"))
    frame = frame[frame["started_at"].dt.day_of_week.lt(5) | (frame["call_id"] == "C0")]
    assert "day-off" not in {f.check for f in inspect(with_settings(), calls=frame).findings}
    checked = inspect(with_settings(workdays_only=True), calls=frame)
    assert flagged(checked, "day-off") == {"C1"}, "a made-up Saturday is worked, Qingming is not"


def test_a_shopper_cannot_make_two_calls_at_once():
    frame = calls()
    begun = frame["started_at"].iloc[0] + pd.Timedelta(seconds=100)
    frame = at(at(frame, 0, "talk_seconds", 400.0), 5, "started_at", begun)
    assert flagged(inspect(calls=frame), "overlapping-calls") == {"C5"}
    assert flagged(inspect(calls=at(frame, 5, "shopper", "p9")), "overlapping-calls") == set()
    rounded = at(frame, 0, "talk_seconds", 120.0)
    assert flagged(inspect(calls=rounded), "overlapping-calls") == set()


def test_a_talk_far_shorter_than_the_shoppers_others():
    frame = at(calls(), 17, "talk_seconds", 9.0)
    fast = frame["shopper"] == "p4"
    frame.loc[fast, "talk_seconds"] = frame.loc[fast, "talk_seconds"] / 8
    assert flagged(inspect(calls=frame), "short-talk") == {"C17"}


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(-50, 50))
def test_robust_z_does_not_depend_on_the_origin(values, shift):
    own, group = np.array(values), np.zeros(len(values), dtype=int)
    spread = np.median(np.abs(own - np.median(own)))
    if spread > 1e-3:
        assert robust_z(own + shift, group) == pytest.approx(robust_z(own, group), abs=1e-4)


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=30))
def test_the_longest_run_passes_over_blanks(answers):
    runs = [(len(list(run)), value) for value, run in groupby(a for a in answers if a >= 0)]
    best = max(runs, key=lambda run: run[0], default=(0, -1))
    length, value = _longest_run(np.array([answers], dtype=np.int8))
    assert (int(length[0]), int(value[0])) == best


def test_an_answer_of_another_branch():
    asked = {"calls": {"b0": ({"scenario": ("complaint",)}, {"channel": ("web",)})}}
    plan = replace(PLAN, asked=asked)
    frame = calls()
    told = frame["scenario"] == "complaint"
    frame["b0"] = frame["b0"].where(told)
    assert flagged(inspect(plan, calls=frame), "answered-when-not-asked") == set()
    wrong = int(np.flatnonzero(~told)[0])
    checked = inspect(plan, calls=at(frame, wrong, "b0", "yes"))
    assert flagged(checked, "answered-when-not-asked") == {f"C{wrong}"}
    finding = one(checked.findings, "answered-when-not-asked")
    assert finding.expected == "answers where scenario is complaint or channel is web"
    frame.iloc[wrong, frame.columns.get_loc("channel")] = "web"
    checked = inspect(plan, calls=at(frame, wrong, "b0", "yes"))
    assert flagged(checked, "answered-when-not-asked") == set()


def test_what_was_not_asked_is_no_blank():
    names = [answer.name for answer in YES_NO]
    asked = {"calls": {name: ({"scenario": ("complaint",)},) for name in names[:11]}}
    frame = calls()
    told = frame["scenario"] == "complaint"
    frame.loc[~told, names[:11]] = None
    assert flagged(inspect(replace(PLAN, asked=asked), calls=frame), "many-blanks") == set()
    row = int(np.flatnonzero(told)[0])
    frame.iloc[row, [frame.columns.get_loc(name) for name in names]] = None
    checked = inspect(replace(PLAN, asked=asked), calls=frame)
    assert flagged(checked, "many-blanks") == {f"C{row}"}


def test_answers_that_exclude_each_other():
    rule = Contradiction(table="responses", together={"v0": (1,), "mode": ("web",)}, why="none")
    frame = responses(40)
    checked = inspect(with_settings(contradictions=(rule,)), responses=frame)
    both = frame[(frame["v0"] == 1) & (frame["mode"] == "web")]
    assert len(both) and flagged(checked, "contradiction") == set(both["response_id"])
    finding = one(checked.findings, "contradiction")
    assert finding.column == "v0, mode" and finding.expected.endswith("together: none")


@pytest.mark.parametrize(
    ("label", "hours"),
    [
        ("08:00–10:00", (8.0, 10.0)),
        ("上午 8：30 至 10：15", (8.5, 10.25)),
        ("10:00-08:00", None),
        ("23:00–24:30", None),
        ("weekend", None),
    ],
)
def test_hours_of_a_label(label, hours):
    assert parse_hours(label) == hours
