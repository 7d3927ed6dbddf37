"""Haste, bursts, shared devices and repeated texts."""

from dataclasses import replace

import numpy as np
import pandas as pd
from check_frames import LIKERT, PLAN, UNITS, flagged, inspect, responses
from record_files import one

from survey.checks import CheckSettings
from survey.findings import Severity

NAMES = [answer.name for answer in LIKERT]
OPEN = replace(PLAN, open_answers={"responses": ("words",)})


def test_haste_is_judged_within_the_mode():
    frame = responses()
    web = frame["mode"] == "web"
    frame.loc[web, "duration_seconds"] = (frame.loc[web, "duration_seconds"] / 6).round()
    row = int(np.flatnonzero(~web)[0])
    frame.iloc[row, frame.columns.get_loc("duration_seconds")] = 20.0
    checked = inspect(responses=frame)
    assert flagged(checked, "speeding") == {frame["response_id"].iloc[row]}


def test_who_left_most_blank_may_be_quick():
    frame = responses()
    frame.iloc[0, [frame.columns.get_loc(name) for name in NAMES[2:]]] = np.nan
    frame.iloc[0, frame.columns.get_loc("duration_seconds")] = 30.0
    assert flagged(inspect(responses=frame), "speeding") == set()


def test_a_middling_straight_line_is_a_warning_and_full_marks_of_the_content_a_note():
    frame = responses(2000)
    frame.iloc[0, [frame.columns.get_loc(name) for name in NAMES]] = 3.0
    random = np.random.default_rng(5)
    content = np.arange(100, 500)
    full = np.where(random.random((400, len(NAMES))) < 0.97, 5.0, 4.0)
    frame.iloc[content, [frame.columns.get_loc(name) for name in NAMES]] = full
    checked = inspect(responses=frame)
    assert flagged(checked, "straight-lining") == {"R0"}
    note = one(checked.findings, "uniform-answers")
    assert note.severity is Severity.NOTE and note.count > 200


def test_a_long_run_and_even_answers():
    frame = responses(2000)
    columns = [frame.columns.get_loc(name) for name in NAMES]
    frame.iloc[0, columns] = [2.0] * 13 + [5.0]
    frame.iloc[1, columns] = [3.0, 3, 3, 3, 3, 3, 4, 3, 3, 3, 3, 3, 3, 3]
    checked = inspect(responses=frame)
    assert "R0" in flagged(checked, "long-run")
    assert flagged(checked, "even-answers") == {"R1"}


def burst(frame: pd.DataFrame, rows: np.ndarray, at: str) -> pd.DataFrame:
    frame = frame.copy()
    times = pd.Timestamp(at) + pd.to_timedelta(np.arange(len(rows)) * 20, "s")
    frame.iloc[rows, frame.columns.get_loc("started_at")] = times
    return frame


def test_a_burst_of_one_unit_is_found_and_a_rush_of_all_is_not():
    frame = responses()
    own = np.flatnonzero(frame["unit"] == UNITS[2])[:15]
    checked = inspect(responses=burst(frame, own, "2021-03-10 10:00"))
    assert set(frame["response_id"].iloc[own]) <= flagged(checked, "burst")
    assert len(flagged(checked, "burst")) <= 16
    everybody = np.random.default_rng(1).choice(len(frame), 300, replace=False)
    rush = frame.copy()
    times = pd.Timestamp("2021-03-10 10:00") + pd.to_timedelta(np.arange(300) * 2, "s")
    rush.iloc[everybody, rush.columns.get_loc("started_at")] = times
    assert flagged(inspect(responses=rush), "burst") == set()


def test_many_questionnaires_of_a_device_unless_it_is_an_interviewers():
    frame = responses()
    frame["device"] = [f"d{i}" for i in range(len(frame))]
    shared = frame.copy()
    shared.iloc[:9, shared.columns.get_loc("device")] = "d0"
    assert flagged(inspect(responses=shared), "same-device") == {f"R{i}" for i in range(9)}
    tablets = frame.assign(device=[f"t{i // 6}" for i in range(len(frame))])
    assert flagged(inspect(responses=tablets), "same-device") == set()


def texts(*some: str) -> pd.DataFrame:
    frame = responses(len(some) + 20)
    words = [*some, *(f"第{i}位来电人说的是{i * 7919}号路口的事" for i in range(20))]
    return frame.assign(words=pd.Series(words, index=frame.index, dtype="str"))


def test_texts_that_three_records_share_or_nearly_share():
    frame = texts(
        "希望把物业收费讲清楚，谢谢！", "希望把物业收费讲清楚 谢谢", "希望把物业收费讲清楚呀谢谢。"
    )
    checked = inspect(OPEN, responses=frame)
    assert flagged(checked, "repeated-text") == {"R0", "R1", "R2"}
    assert one(checked.findings, "repeated-text").column == "words"


def test_two_long_texts_suffice_and_two_short_ones_do_not():
    long = "路口的红绿灯坏了三个星期没有人来修理，打了两次电话都说已经转给了交警部门处理"
    assert flagged(inspect(OPEN, responses=texts(long, long)), "repeated-text") == {"R0", "R1"}
    short = "红绿灯坏了没人修"
    assert flagged(inspect(OPEN, responses=texts(short, short)), "repeated-text") == set()


def test_stock_phrases_and_short_texts_are_anybodys():
    stock = ["暂时没有意见和建议"] * 5 + ["很好"] * 5 + ["总体来说还算可以的"] * 5
    frame = texts(*stock)
    assert flagged(inspect(OPEN, responses=frame), "repeated-text") == {
        f"R{i}" for i in range(10, 15)
    }
    own = replace(OPEN, settings=CheckSettings(stock_phrases=("总体来说，还算可以的。",)))
    assert flagged(inspect(own, responses=frame), "repeated-text") == set()
