"""Calls against the schedule of planned calls."""

from dataclasses import replace

import pandas as pd
from check_frames import PLAN, calls, flagged, inspect, schedule_of
from record_files import one

from survey.findings import Severity

CHECKS = {
    "calls-not-made",
    "calls-to-come",
    "unplanned-calls",
    "other-than-planned",
    "other-date",
    "cells-without-calls",
}


def test_calls_made_as_planned_have_no_finding():
    frame = calls()
    checked = inspect(calls=frame, plan=schedule_of(frame))
    assert not CHECKS & {finding.check for finding in checked.findings}
    slots = checked.coverage["slot"]
    assert slots["planned"].tolist() == slots["made"].tolist() == [200, 200]
    assert slots[["missing", "to_come", "unplanned", "other_than_planned"]].to_numpy().sum() == 0


def test_calls_not_made_and_calls_to_come():
    frame = calls()
    schedule = schedule_of(frame)
    later = schedule.iloc[:3].assign(
        call_id=["F1", "F2", "F3"], date=frame["started_at"].max() + pd.Timedelta(days=2)
    )
    made = frame.drop(index=frame.index[10:14])
    checked = inspect(calls=made, plan=pd.concat([schedule, later]))
    missing = one(checked.findings, "calls-not-made")
    assert (missing.count, missing.severity) == (4, Severity.WARNING)
    assert missing.expected == "a record of each of 403 planned calls"
    to_come = one(checked.findings, "calls-to-come")
    assert (to_come.count, to_come.severity) == (3, Severity.NOTE)
    shoppers = checked.coverage["shopper"]
    assert shoppers["missing"].sum() == 4 and shoppers["to_come"].sum() == 3
    assert (shoppers["planned"] - shoppers["missing"] - shoppers["to_come"]).equals(
        shoppers["made"]
    )


def test_calls_that_nobody_planned():
    frame = calls()
    checked = inspect(calls=frame, plan=schedule_of(frame).iloc[5:])
    assert flagged(checked, "unplanned-calls") == {f"C{i}" for i in range(5)}
    assert checked.coverage["unit"]["unplanned"].sum() == 5


def test_every_column_that_differs_is_told_by_itself():
    frame = calls()
    schedule = schedule_of(frame)
    frame.iloc[3, frame.columns.get_loc("shopper")] = "somebody"
    frame.iloc[4, frame.columns.get_loc("slot")] = "s9"
    checked = inspect(calls=frame, plan=schedule)
    other = checked.flags[checked.flags["check"] == "other-than-planned"]
    assert dict(zip(other["column"], other["record"], strict=True)) == {
        "shopper": "C3",
        "slot": "C4",
    }


def test_what_the_plan_leaves_open_may_be_anything():
    frame = calls()
    schedule = schedule_of(frame).assign(shopper=pd.Series(None, index=frame.index, dtype="str"))
    assert "other-than-planned" not in {
        f.check for f in inspect(calls=frame, plan=schedule).findings
    }


def test_another_day_is_told_but_not_of_second_codings():
    frame = calls()
    schedule = schedule_of(frame)
    schedule.iloc[7, schedule.columns.get_loc("date")] += pd.Timedelta(days=1)
    schedule.iloc[8, schedule.columns.get_loc("date")] += pd.Timedelta(days=1)
    schedule.iloc[8, schedule.columns.get_loc("role")] = "double"
    assert flagged(inspect(calls=frame, plan=schedule), "other-date") == {"C7"}


def test_without_a_schedule_the_grid_of_the_plan_is_covered():
    frame = calls()
    plan = replace(PLAN, slots=("s1", "s2"))
    tables = inspect(plan, calls=frame).coverage
    assert set(tables) == {"unit", "slot", "scenario", "audience"}
    assert tables["slot"]["made"].tolist() == [200, 200]
    assert (tables["unit"]["cells"] == 8).all() and (tables["unit"]["filled"] <= 8).all()
