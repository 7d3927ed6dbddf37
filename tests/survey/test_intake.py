"""Intake: valid files become typed records; wrong ones become findings, all of them at once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from record_files import ANSWERS, Cells, Names, calls, one, responses, said, write_csv

from survey.contracts import CONTRACTS, AnswerColumn, Column
from survey.findings import Finding, InputError, Severity
from survey.intake import read_records
from survey.records import Records
from survey.register import load_register

CALLS = {"calls": ANSWERS["calls"]}


def read(
    tmp_path: Path, cells: Cells, table: str = "calls", **how
) -> tuple[Records, tuple[Finding, ...]]:
    path = write_csv(tmp_path / f"{table}.csv", cells)
    answers = {table: ANSWERS.get(table, ())}
    return read_records({table: path}, Names(), answers, **how)


def errors(tmp_path: Path, cells: Cells, table: str = "calls", **how) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, cells, table, **how)
    assert all(finding.severity is Severity.ERROR for finding in caught.value.findings)
    return caught.value.findings


def the_error(tmp_path: Path, cells: Cells, table: str = "calls", **how) -> Finding:
    """The one error, which must say everything a reader needs."""
    (finding,) = errors(tmp_path, cells, table, **how)
    assert all(said(finding)), finding
    assert Path(finding.file).name == f"{table}.csv"
    return finding


# --------------------------------------------------------------------------- valid records


def test_records_are_typed(tmp_path):
    records, _ = read(tmp_path, calls())
    frame = records["calls"]
    assert frame.index.name == "row"
    assert frame.index.tolist() == [2, 3, 4, 5]
    assert frame["unit"].tolist() == ["北京", "长沙", "延边朝鲜族自治州", "北京"]
    assert frame["audience"].tolist() == ["citizen", "citizen", "enterprise", "enterprise"]
    assert frame["scenario"].tolist() == ["information", "complaint", "complaint", "information"]
    assert frame["outcome"].tolist() == ["answered", "answered", "busy", "no_answer"]
    assert frame["complete"].iloc[:2].tolist() == ["full", "none"]
    assert frame["complete"].isna().tolist() == [False, False, True, True]
    np.testing.assert_array_equal(frame["courtesy"], [4, 5, np.nan, np.nan])
    assert frame["started_at"].iloc[:3].tolist() == [
        pd.Timestamp("2021-03-05 09:05"),
        pd.Timestamp("2021-03-05 09:05"),
        pd.Timestamp("2021-03-06 14:30"),
    ]
    assert pd.isna(frame["started_at"].iloc[3])


def test_every_column_of_the_contract_is_there_with_its_type(tmp_path):
    frame = read(tmp_path, calls())[0]["calls"]
    types = {
        "number": "float64", "datetime": "datetime64[us]", "id": "str", "unit": "str",
        "category": "str", "text": "str",
    }  # fmt: skip
    contract = CONTRACTS["calls"].asking(ANSWERS["calls"])
    assert list(frame) == list(contract.names)
    assert {c.name: str(frame[c.name].dtype) for c in contract.columns} == {
        c.name: types[c.kind] for c in contract.columns
    }


def test_absent_optional_columns_are_blank_and_noted(tmp_path):
    records, findings = read(tmp_path, calls())
    assert records["calls"][["channel", "recording"]].isna().all(axis=None)
    note = one(findings, "optional-columns-absent")
    assert (note.severity, note.got) == (Severity.NOTE, "channel, shopper, recording")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_every_format_gives_the_same_records(tmp_path, suffix):
    cells = pd.DataFrame(calls())
    path = tmp_path / f"calls.{suffix}"
    if suffix == "csv":
        cells.to_csv(path, index=False, encoding="gb18030")
    elif suffix == "xlsx":
        cells.assign(courtesy=[4, 5, None, None]).to_excel(path, index=False)
    else:
        cells.assign(courtesy=[4, 5, None, None]).to_parquet(path)
    records, findings = read_records({"calls": path}, Names(), CALLS)
    pd.testing.assert_frame_equal(records["calls"], read(tmp_path, calls())[0]["calls"])
    assert ("encoding" in {finding.check for finding in findings}) == (suffix == "csv")


def test_all_five_tables_are_read(tmp_path):
    sources = {
        "calls": calls(),
        "responses": responses(),
        "kpis": {"unit": ["北京"], "kpi": ["first_call_resolution"], "value": ["0.8"]},
        "cases": {
            "case_id": ["K1", "K1"], "unit": ["北京", "北京"], "kind": ["content", "服务内容创新"],
            "title": ["平台", "平台"], "reviewer": ["甲", "乙"],
        },
        "corrections": {
            "record_id": ["C1"], "item": ["courtesy"], "old": ["4"], "new": ["5"],
            "reason": ["复核"], "by": ["甲"], "at": ["2021-04-01"],
        },
    }  # fmt: skip
    paths = {name: write_csv(tmp_path / f"{name}.csv", cells) for name, cells in sources.items()}
    records, _ = read_records(paths, Names(), ANSWERS)
    assert {name: len(frame) for name, frame in records.tables.items()} == {
        "calls": 4, "responses": 2, "kpis": 1, "cases": 2, "corrections": 1,
    }  # fmt: skip
    assert set(records.files) == set(sources)


def test_a_ledger_without_corrections_is_in_order(tmp_path):
    names = CONTRACTS["corrections"].names
    records, _ = read(tmp_path, {name: [] for name in names}, "corrections")
    assert records["corrections"].shape == (0, len(names))


def test_nothing_is_written(tmp_path):
    read(tmp_path, calls())
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


def test_whole_categories_written_with_decimals_are_understood(tmp_path):
    path = write_csv(tmp_path / "calls.csv", calls(stars=["1.0", "2", "", ""]))
    answers = {"calls": (AnswerColumn("stars", "category", allowed=("1", "2")),)}
    records, _ = read_records({"calls": path}, Names(), answers)
    assert records["calls"]["stars"].iloc[:2].tolist() == ["1", "2"]


# ------------------------------------------------------------------------------- columns


def test_a_missing_column_is_met_with_the_nearest_header(tmp_path):
    cells = calls()
    cells["outcom"] = cells.pop("outcome")
    finding = the_error(tmp_path, cells)
    assert finding.check == "missing-column"
    assert said(finding)[1:] == (
        1, "outcome", "a column 'outcome' (拨测结果)", "none among 11 columns",
        "did you mean 'outcom'? rename it to 'outcome'",
    )  # fmt: skip


def test_a_header_in_chinese_is_recognised_in_the_hint(tmp_path):
    cells = calls()
    cells["情景"] = cells.pop("scenario")
    assert the_error(tmp_path, cells).hint == "rename '情景' to 'scenario'"


def test_an_answer_column_must_be_there_though_its_cells_may_be_blank(tmp_path):
    cells = calls()
    del cells["complete"]
    finding = the_error(tmp_path, cells)
    assert (finding.check, finding.column, finding.hint) == (
        "missing-column", "complete", "add the column",
    )  # fmt: skip


def test_an_optional_column_that_is_asked_for_must_be_there(tmp_path):
    cells = calls()
    del cells["wait_seconds"]
    assert the_error(tmp_path, cells).column == "wait_seconds"


def test_a_wrong_file_does_not_fill_the_screen(tmp_path):
    path = write_csv(tmp_path / "calls.csv", {"x": ["1"], "y": ["2"]})
    answers = {"calls": tuple(AnswerColumn(f"q{i}", "number") for i in range(50))}
    with pytest.raises(InputError) as caught:
        read_records({"calls": path}, Names(), answers)
    assert len(caught.value.findings) == 11
    assert caught.value.findings[-1].got.startswith("46 more")
    assert sum(finding.count for finding in caught.value.findings) == 56


def test_an_unexpected_column_is_left_out_and_said_so(tmp_path):
    records, findings = read(tmp_path, calls(chanel=["phone"] * 4))
    assert "chanel" not in records["calls"]
    warning = one(findings, "unexpected-column")
    assert warning.severity is Severity.WARNING
    assert said(warning)[1:] == (
        1, "chanel", "columns of the contract", "'chanel', left out", "did you mean 'channel'?",
    )  # fmt: skip


def test_a_header_only(tmp_path):
    finding = errors(tmp_path, {name: [] for name in calls()})[0]
    assert (finding.check, finding.row, finding.got) == ("no-records", 2, "a header only")


# --------------------------------------------------------------------------------- cells


def test_an_unknown_city(tmp_path):
    path = write_csv(tmp_path / "calls.csv", calls(unit=["北京", "长沙", "长沙", "乌鲁木其"]))
    with pytest.raises(InputError) as caught:
        read_records({"calls": path}, load_register(), CALLS)
    (finding,) = caught.value.findings
    assert said(finding)[1:5] == (5, "unit", "a unit of the register", "'乌鲁木其'")
    assert finding.hint == "did you mean 乌鲁木齐?"
    assert Path(finding.file).name == "calls.csv"


def test_an_empty_required_cell(tmp_path):
    finding = the_error(tmp_path, calls(unit=["北京", "", "长沙", ""]))
    assert finding.check == "empty-cell"
    assert said(finding)[1:5] == (3, "unit", "a value (评估对象)", "an empty cell")
    assert finding.hint.endswith("rows 3, 5")
    assert finding.count == 2


def test_a_word_outside_those_allowed(tmp_path):
    finding = the_error(tmp_path, calls(outcome=["answered", "busy", "no_anwser", "no_anwser"]))
    assert finding.check == "outside-allowed"
    assert said(finding)[1:] == (
        4, "outcome", "one of answered, busy, no_answer, dropped, ivr_only",
        "'no_anwser', in 2 records", "did you mean 'no_answer'?",
    )  # fmt: skip
    assert finding.count == 2


def test_an_answer_outside_its_rule(tmp_path):
    finding = the_error(tmp_path, calls(complete=["Full", "none", "", ""]))
    assert said(finding)[1:] == (
        2, "complete", "one of full, partly, none", "'Full'", "did you mean 'full'?",
    )  # fmt: skip


def test_an_answer_outside_its_range(tmp_path):
    finding = the_error(tmp_path, calls(courtesy=["4", "6", "", ""]))
    assert finding.check == "out-of-range"
    assert said(finding)[1:5] == (3, "courtesy", "a number from 1 to 5", "'6'")


def test_a_negative_time(tmp_path):
    finding = the_error(tmp_path, calls(talk_seconds=["-1", "", "", ""]))
    assert finding.expected == "a number of at least 0"


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("12s", "write digits"),
        ("85%", "write digits"),
        ("1,20", "write digits"),
        ("1_000", "write digits"),
        ("NA", "leave the cell blank"),
        ("nan", "leave the cell blank"),
        ("inf", "leave the cell blank"),
        ("无", "leave the cell blank"),
    ],
)
def test_what_is_no_number(tmp_path, cell, hint):
    finding = the_error(tmp_path, calls(wait_seconds=["1", cell, "", ""]))
    assert (finding.check, finding.row, finding.got) == ("not-a-number", 3, repr(cell))
    assert finding.hint.startswith(hint)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2021-03-05", "2021-03-05 00:00"),
        ("20210305", "2021-03-05 00:00"),
        ("2021-03-05 09:05:07.250", "2021-03-05 09:05:07.250"),
        ("2021-03-05T09:05:07", "2021-03-05 09:05:07"),
        ("2021/3/5 9:05", "2021-03-05 09:05"),
        ("2021/03/05  09:05:07", "2021-03-05 09:05:07"),
        ("2021.3.5", "2021-03-05 00:00"),
        ("2021年3月5日", "2021-03-05 00:00"),
        ("2021年3月5日9时05分", "2021-03-05 09:05"),
        ("2021年3月5日 9点5分7秒", "2021-03-05 09:05:07"),
        ("2021年3月5日 9：05", "2021-03-05 09:05"),
        ("2020-02-29 23:59", "2020-02-29 23:59"),
    ],
)
def test_dates_that_are_understood(tmp_path, cell, time):
    records, _ = read(tmp_path, calls(started_at=[cell, "", "", ""]))
    assert records["calls"]["started_at"].iloc[0] == pd.Timestamp(time)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("5/3/2021", "put the year first"),
        ("21/3/5 9:05", "put the year first"),
        ("03-05 09:05", "put the year first"),
        ("2021-02-29", "no such day"),
        ("2021/13/1", "no such day"),
        ("2021-03-05 24:00", "no such day"),
        ("2021-03-05 9:65", "no such day"),
        ("2021-03", "no such day"),
        ("2021-03-05T09:05:00Z", "write local time"),
        ("2021-03-05 09:05+08:00", "write local time"),
        ("44260.38", "a spreadsheet's day number"),
        ("昨天", "put the year first"),
        ("0021-03-05", "put the year first"),
    ],
)
def test_a_wrong_date(tmp_path, cell, hint):
    finding = the_error(tmp_path, calls(started_at=["2021-03-05", cell, "", ""]))
    assert finding.check == "wrong-date"
    assert said(finding)[1:5] == (
        3, "started_at", "a date such as 2021-03-05 09:05 or 2021/3/5 9:05", repr(cell),
    )  # fmt: skip
    assert finding.hint.startswith(hint)


def test_slots_are_those_of_the_edition(tmp_path):
    assert read(tmp_path, calls(), slots=("s1", "s2"))[0]["calls"]["slot"].iloc[0] == "s1"
    finding = the_error(tmp_path, calls(slot=["s1", "s2", "s1", "9"]), slots=("s1", "s2"))
    assert said(finding)[1:5] == (5, "slot", "one of s1, s2", "'9'")


def test_a_rule_narrows_a_column_of_the_contract(tmp_path):
    path = write_csv(tmp_path / "calls.csv", calls())
    answers = {"calls": (AnswerColumn("outcome", "category", allowed=("answered", "busy")),)}
    with pytest.raises(InputError) as caught:
        read_records({"calls": path}, Names(), answers)
    (finding,) = caught.value.findings
    assert said(finding)[1:5] == (5, "outcome", "one of answered, busy", "'no_answer'")


def test_a_rule_of_another_kind_than_the_column_is_refused(tmp_path):
    path = write_csv(tmp_path / "calls.csv", calls())
    with pytest.raises(ValueError, match="wait_seconds is a number, not a category"):
        read_records(
            {"calls": path}, Names(), {"calls": (AnswerColumn("wait_seconds", "category"),)}
        )


def test_allowed_values_have_a_chinese_word_each():
    with pytest.raises(ValueError, match="one Chinese word"):
        Column("x", "category", "甲", "x", allowed=("a", "b"), allowed_zh=("甲",))


# ----------------------------------------------------------------------------------- ids


def test_two_equal_ids_are_named_with_both_rows(tmp_path):
    finding = the_error(tmp_path, calls(call_id=["C1", "C2", "C3", "C1"]))
    assert finding.check == "duplicate-id"
    assert said(finding)[1:] == (
        5, "call_id", "each record once", "'C1' in rows 2, 5",
        "remove the copy, or give it an id of its own",
    )  # fmt: skip


def test_blank_ids_are_not_taken_for_equal_ones(tmp_path):
    findings = errors(tmp_path, calls(call_id=["C1", "", "", "C4"]))
    assert [finding.check for finding in findings] == ["empty-cell"]


def test_an_id_that_a_spreadsheet_has_rounded(tmp_path):
    finding = the_error(tmp_path, calls(call_id=["1.10101E+17", "C2", "C3", "C4"]))
    assert (finding.check, finding.row, finding.column) == ("rounded-id", 2, "call_id")


def test_a_key_of_several_columns(tmp_path):
    cells = {
        "unit": ["北京", "北京", "北京"],
        "kpi": ["a", "a", "a"],
        "period": ["2020", "2021", "2020"],
    }
    finding = the_error(tmp_path, cells, "kpis")
    assert (finding.column, finding.got) == ("unit, kpi, period", "'北京 / a / 2020' in rows 2, 4")
    assert the_error(tmp_path, cells | {"period": ["", "x", ""]}, "kpis").got == (
        "'北京 / a / ' in rows 2, 4"
    )


def test_units_outside_the_sample_are_a_warning(tmp_path):
    records, findings = read(tmp_path, calls(), sample=frozenset({"长沙", "延边朝鲜族自治州"}))
    assert len(records["calls"]) == 4
    warning = one(findings, "outside-sample")
    assert (warning.severity, warning.row, warning.count) == (Severity.WARNING, 2, 2)
    assert warning.got == "'北京', in 2 records"


# ------------------------------------------------------------------------- all at once


def test_several_faults_in_several_files_come_back_together(tmp_path):
    sources = {
        "calls": write_csv(
            tmp_path / "calls.csv",
            calls(
                call_id=["C1", "C1", "C3", "C4"],
                audience=["citizens", "群众", "企业", "企业"],
                started_at=["2021-02-30", "", "", ""],
                courtesy=["9", "x", "", ""],
            ),
        ),
        "responses": write_csv(
            tmp_path / "responses.csv", responses(satisfied=["0", ""], unit=["", "长沙"])
        ),
        "cases": tmp_path / "cases.csv",
        "cals": tmp_path / "calls.csv",
    }
    (tmp_path / "cases.csv").write_bytes(b"%PDF-1.4")
    with pytest.raises(InputError) as caught:
        read_records(sources, Names(), ANSWERS)
    found = {(Path(f.file).name, f.check, f.column, f.row) for f in caught.value.findings}
    assert found == {
        ("calls.csv", "unknown-table", "cals", None),
        ("calls.csv", "outside-allowed", "audience", 2),
        ("calls.csv", "wrong-date", "started_at", 2),
        ("calls.csv", "out-of-range", "courtesy", 2),
        ("calls.csv", "not-a-number", "courtesy", 3),
        ("calls.csv", "duplicate-id", "call_id", 3),
        ("responses.csv", "empty-cell", "unit", 2),
        ("responses.csv", "out-of-range", "satisfied", 2),
        ("cases.csv", "not-a-table", "", None),
    }


def test_ragged_rows_do_not_hide_the_faults_of_the_others(tmp_path):
    path = tmp_path / "responses.csv"
    path.write_text(
        "response_id,unit,audience,satisfied\nR1,北京,citizen,5,\nR2,长沙,citizen,7\n", "utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_records({"responses": path}, Names(), {"responses": ANSWERS["responses"]})
    assert [(f.check, f.row) for f in caught.value.findings] == [
        ("ragged-row", 2),
        ("out-of-range", 3),
    ]


def test_a_broken_column_takes_a_handful_of_lines(tmp_path):
    n = 3000
    cells = {name: column[:1] * n for name, column in calls().items()}
    cells["call_id"] = [f"C{i // 2}" for i in range(n)]
    cells["courtesy"] = [f"{i}?" for i in range(n)]
    findings = errors(tmp_path, cells)
    numbers = [f for f in findings if f.check == "not-a-number"]
    twice = [f for f in findings if f.check == "duplicate-id"]
    assert len(numbers) == len(twice) == 6
    assert sum(f.count for f in numbers) == sum(f.count for f in twice) == n
    assert numbers[-1].got == "2995 more such values, in 2995 records"
    assert [f.row for f in numbers] == [2, 3, 4, 5, 6, 7]


def test_a_table_the_indicators_need_but_the_edition_lacks_is_a_warning(tmp_path):
    path = write_csv(tmp_path / "calls.csv", calls())
    _, findings = read_records({"calls": path}, Names(), ANSWERS)
    warning = one(findings, "missing-table")
    assert (warning.severity, warning.column) == (Severity.WARNING, "responses")


# ------------------------------------------------------------------------------- privacy


def test_texts_are_masked_and_the_numbers_counted(tmp_path):
    cells = {
        "case_id": ["K1", "K2"], "unit": ["北京", "长沙"], "kind": ["content", "method"],
        "text": ["联系人 13812345678，010-62345678", "拨打 12345"], "reviewer": ["甲", "13912345678"],
    }  # fmt: skip
    records, findings = read(tmp_path, cells, "cases")
    assert records["cases"]["text"].tolist() == ["联系人 ［电话］，［电话］", "拨打 12345"]
    assert records["cases"]["reviewer"].tolist() == ["甲", "［电话］"]
    notes = {f.column: f for f in findings if f.check == "masked"}
    assert {column: note.count for column, note in notes.items()} == {"text": 2, "reviewer": 1}
    assert all(note.severity is Severity.NOTE for note in notes.values())


def test_a_finding_does_not_give_a_number_away(tmp_path):
    finding = the_error(tmp_path, calls(complete=["full", "13812345678", "", ""]))
    assert finding.got == "'［电话］'"


def test_ids_are_not_masked(tmp_path):
    ids = ["13812345678", "13812345679", "C3", "C4"]
    assert read(tmp_path, calls(call_id=ids))[0]["calls"]["call_id"].tolist() == ids


def test_yes_and_no_are_read_in_chinese(tmp_path):
    asked = {"calls": (AnswerColumn("told", "category", ("yes", "no"), not_applicable=("na",)),)}
    path = write_csv(tmp_path / "calls.csv", calls(told=["是", "no", "否", "na"]))
    records, _ = read_records({"calls": path}, Names(), asked)
    assert records["calls"]["told"].tolist() == ["yes", "no", "no", "na"]


def test_a_day_and_a_time_in_chinese_need_no_blank_between(tmp_path):
    times = ["2026年9月8日18时30分", "2026年9月18日8:05", "2026年9月8日 18:30", "2026年12月1日"]
    records, _ = read(tmp_path, calls(started_at=times))
    read_as = ["2026-09-08 18:30", "2026-09-18 08:05", "2026-09-08 18:30", "2026-12-01"]
    assert records["calls"]["started_at"].tolist() == [pd.Timestamp(time) for time in read_as]
