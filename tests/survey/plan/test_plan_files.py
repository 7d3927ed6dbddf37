import re
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from record_files import Names

from survey.instruments.load import load_instrument
from survey.intake import read_records
from survey.plan.balance import balance_table, largest_repetition
from survey.plan.calendar import Event, calendar_text, escaped, folded
from survey.plan.files import Campaign, write_plan
from survey.plan.schedule import Cells, make_schedule
from survey.plan.settings import PlanSettings
from survey.plan.words import said_of_plan

LABELS = {"s1": "08:00–10:00", "s2": "10:00–12:00"}
HOURS = {"s1": (8.0, 10.0), "s2": (10.0, 12.0)}
TEAM = [{"name": "赵一"}, {"name": "钱二"}, {"name": "孙三", "code": "x9"}]
UNITS = ("北京", "长沙", "延边朝鲜族自治州")
SETTINGS = PlanSettings.model_validate(
    {
        "start": date(2023, 9, 4),
        "end": date(2023, 9, 15),
        "shoppers": TEAM,
        "double_coded": 0.5,
        "back_checks": 0.25,
    }
)


@pytest.fixture(scope="module")
def plan() -> pd.DataFrame:
    audiences, scenarios = ("citizen", "enterprise"), ("information", "complaint")
    return make_schedule(Cells(UNITS, audiences, scenarios, HOURS), SETTINGS)[0]


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    sheets = tuple(load_instrument(f"caller-{who}") for who in ("citizen", "enterprise"))
    return Campaign("t1", "评估", LABELS, HOURS, SETTINGS, sheets)


@pytest.fixture(scope="module")
def folder(plan, campaign, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    write_plan(plan, campaign, folder)
    return folder


def test_the_csv_is_read_back_as_it_was_planned(plan, folder):
    records, _ = read_records({"plan": folder / "plan.csv"}, Names(), {})
    read = records["plan"].reset_index(drop=True)
    assert read["date"].tolist() == plan["date"].tolist()
    for column in plan.columns.drop("date"):
        assert read[column].tolist() == plan[column].tolist(), column


def test_every_shopper_has_a_folder_and_his_name_is_nowhere_else(plan, folder):
    assert {path.name for path in (folder / "shoppers").iterdir()} == {"s01", "s02", "x9", "v1"}
    for path in folder.rglob("*"):
        if path.is_file():
            said = path.read_text("utf-8") if path.suffix != ".xlsx" else cells_text(path)
            names = {one["name"] for one in TEAM if one["name"] in said}
            own = {"s01": "赵一", "s02": "钱二", "x9": "孙三"}.get(path.parent.name)
            assert names == ({own} if path.name == "calls.xlsx" and own else set()), path


def cells_text(path) -> str:
    book = load_workbook(path)
    return " ".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )


def test_a_shopper_sees_his_calls_in_order_with_words_and_hours(plan, folder):
    book = load_workbook(folder / "shoppers/s01/calls.xlsx")
    assert book.sheetnames == ["拨测 Calls", "双录 Second codings"]
    own = plan[(plan["shopper"] == "s01") & (plan["role"] == "main")]
    rows = list(book.worksheets[0].iter_rows(min_row=5, values_only=True))
    assert [row[7] for row in rows] == own["call_id"].tolist()
    assert [row[0] for row in rows] == own["date"].tolist()
    assert {row[2] for row in rows} <= set(LABELS.values())
    assert {row[4] for row in rows} == {"群众", "企业"}
    assert {row[5] for row in rows} == {"信息获取", "反馈/投诉"}
    assert {row[6] for row in rows} == {"电话"}


def test_entry_sheets_hold_the_calls_of_their_audience(plan, folder):
    for code in ("s01", "v1"):
        own = plan[plan["shopper"] == code]
        for audience in ("citizen", "enterprise"):
            wanted = own.loc[own["audience"] == audience, "call_id"].tolist()
            path = folder / f"shoppers/{code}/caller-{audience}.xlsx"
            if not wanted:
                assert not path.exists()
                continue
            sheet = next(s for s in load_workbook(path).worksheets if s["A1"].value == "call_id")
            ids = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
            assert ids == wanted


def test_the_same_plan_gives_the_same_bytes(plan, campaign, folder, tmp_path):
    write_plan(plan, campaign, tmp_path)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    for file in files:
        assert (tmp_path / file).read_bytes() == (folder / file).read_bytes(), file


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_calendars_hold_every_call_at_its_hours(plan, folder):
    data = (folder / "shoppers/s02/calls.ics").read_bytes()
    lines = unfolded(data)
    own = plan[(plan["shopper"] == "s02") & (plan["role"] == "main")]
    told = [line for line in lines if line.startswith("DESCRIPTION:")]
    assert sorted(re.findall(r"c\d{4}", " ".join(told))) == sorted(own["call_id"])
    slots = own.drop_duplicates(["date", "slot"])
    starts = [
        f"{d:%Y%m%d}T{int(HOURS[s][0]):02}0000"
        for d, s in zip(slots["date"], slots["slot"], strict=True)
    ]
    assert [line.split(":")[1] for line in lines if line.startswith("DTSTART;TZID")] == starts
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == len(slots)


def test_the_office_has_an_event_a_day(plan, folder):
    lines = unfolded((folder / "plan.ics").read_bytes())
    main = plan[plan["role"] == "main"]
    days = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}" for day in sorted(set(main["date"]))]
    assert [line for line in lines if line.startswith("DTSTART;VALUE")] == days
    counts = [int(n) for line in lines for n in re.findall(r"SUMMARY:拨测(\d+)次", line)]
    assert sum(counts) == len(main)


def test_a_calendar_is_what_rfc_5545_asks():
    event = Event("a@b", datetime(2024, 1, 31), (8.5, 10.0), "长" * 80, "一;二,三\n四\\")
    data = calendar_text([event], datetime(2024, 1, 1)).encode()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = unfolded(data)
    assert f"SUMMARY:{'长' * 80}" in lines
    assert r"DESCRIPTION:一\;二\,三\n四\\" in lines
    assert "DTSTART;TZID=Asia/Shanghai:20240131T083000" in lines
    assert "DTEND;TZID=Asia/Shanghai:20240131T100000" in lines
    assert "DTSTAMP:20240101T000000Z" in lines
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    begun = [line[6:] for line in lines if line.startswith("BEGIN:")]
    ended = [line[4:] for line in lines if line.startswith("END:")]
    assert sorted(begun) == sorted(ended)


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=300
    )
)
def test_folding_keeps_the_text_and_the_length(text):
    lines = folded(text).split("\r\n ")
    assert "".join(lines) == text
    assert all(len(line.encode()) <= 75 - (at > 0) for at, line in enumerate(lines))


@given(st.text(alphabet="a\\;,\n", max_size=30))
def test_escaping_can_be_undone(text):
    back = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], escaped(text))
    assert back == text


def test_the_balance_counts_what_there_is(plan):
    table = balance_table(plan).set_index(["of", "by"])
    assert table.loc[("unit", "cell"), ["least", "most", "v"]].tolist() == [1, 1, 0]
    main = plan[plan["role"] == "main"]
    counts = pd.crosstab(main["shopper"], main["unit"]).to_numpy()
    row = table.loc[("shopper", "unit")]
    assert (row["least"], row["most"], row["mean"]) == (counts.min(), counts.max(), counts.mean())
    assert largest_repetition(plan) == counts.max() == 3
    assert table.loc[("first", "second"), "spread"] <= 1
    assert table.loc[("first", "checker"), "mean"] == 2


def test_cramers_v_is_1_where_one_factor_tells_the_other(plan):
    bound = plan.assign(slot=plan["shopper"].map(dict.fromkeys(["s01"], "s1")).fillna("s2"))
    table = balance_table(bound).set_index(["of", "by"])
    assert table.loc[("shopper", "slot"), "v"] == pytest.approx(1)
    assert balance_table(plan).set_index(["of", "by"]).loc[("shopper", "slot"), "v"] < 0.2


def test_the_plan_is_told_in_both_languages(plan):
    said = said_of_plan(plan)
    assert said["zh"].startswith("3个评估对象各拨打8次，共24次；3名拨测员每人8次，")
    assert "3 units, 8 calls each, 24 in all; 3 shoppers with 8 calls each" in said["en"]
    assert "双录12次，复核6次" in said["zh"]


def test_units_called_unevenly_are_told_as_a_range(plan):
    said = said_of_plan(plan.iloc[1:])
    assert "各拨打7至8次" in said["zh"]
    assert np.char.find(said["en"], "7 to 8 calls each") > 0


@pytest.mark.filterwarnings("error")
def test_more_shoppers_than_second_codings_leave_cramers_v_defined():
    span = {"start": date(2023, 9, 4), "end": date(2023, 11, 24)}
    design = Cells(tuple(f"城{n:02}" for n in range(15)), ("citizen",), ("information",), HOURS)
    table = balance_table(make_schedule(design, PlanSettings.model_validate(span))[0])
    assert table.loc[table["of"] != "first", "v"].between(0, 1 + 1e-9).all()
