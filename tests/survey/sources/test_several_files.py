"""Tables in several files: the sheets of many shoppers read as one table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.contracts import AnswerColumn
from survey.findings import Finding, InputError, Severity
from survey.intake import read_records
from survey.records import Records
from survey.register import load_register
from survey.sources.parts import Parts, files_of, told_once
from survey.sources.source import read_source

ASKED = {"calls": (AnswerColumn("explained", "number", minimum=1, maximum=5),)}
CALL = {
    "call_id": "c1",
    "unit": "长沙",
    "audience": "群众",
    "scenario": "信息获取",
    "slot": "s1",
    "shopper": "s01",
    "started_at": "2026-09-07 09:05",
    "outcome": "接通",
    "explained": "4",
}


def sheet(path: Path, *calls: dict[str, str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    pd.DataFrame([CALL | call for call in calls], columns=list(CALL)).to_excel(path, index=False)
    return path


def read(source: Path) -> tuple[Records, tuple[Finding, ...]]:
    return read_records({"calls": source}, load_register(), ASKED)


def the_error(source: Path) -> Finding:
    with pytest.raises(InputError) as caught:
        read(source)
    (finding,) = caught.value.findings
    return finding


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    folder = tmp_path / "sheets"
    sheet(folder / "张三.xlsx", {}, {"call_id": "c2", "explained": "5"})
    sheet(folder / "李四.xlsx", {"call_id": "c3", "unit": "武汉", "shopper": "s02"})
    return folder


@pytest.mark.parametrize("named", [".", "*.xlsx"])
def test_a_folder_and_a_pattern_are_one_table(sheets: Path, named: str):
    records, _ = read(sheets / named)
    frame = records["calls"]
    assert sorted(frame["call_id"]) == ["c1", "c2", "c3"]
    assert frame.index.is_unique
    assert frame["explained"].dtype == np.float64


def test_what_a_spreadsheet_leaves_in_a_folder_is_not_read(sheets: Path):
    for name in ("~$张三.xlsx", ".DS_Store", "Thumbs.db"):
        (sheets / name).write_bytes(b"left behind")
    assert [path.name for path in files_of(sheets)] == ["张三.xlsx", "李四.xlsx"]


def test_a_file_that_is_no_table_is_refused_and_named(sheets: Path):
    (sheets / "说明.docx").write_bytes(b"PK")
    finding = the_error(sheets)
    assert (finding.check, Path(finding.file).name) == ("wrong-suffix", "说明.docx")


@pytest.mark.parametrize("named", [".", "*.csv"])
def test_a_folder_without_tables_is_an_error(tmp_path: Path, named: str):
    finding = the_error(tmp_path / named)
    assert (finding.check, finding.row) == ("no-such-file", None)
    assert finding.file and finding.expected and finding.hint


def test_a_wrong_cell_is_told_with_its_file_and_row(sheets: Path):
    sheet(sheets / "李四.xlsx", {"call_id": "c3"}, {"call_id": "c4", "explained": "9"})
    finding = the_error(sheets)
    assert (Path(finding.file).name, finding.row, finding.column) == ("李四.xlsx", 3, "explained")


def test_a_call_in_two_sheets_names_both(sheets: Path):
    sheet(sheets / "李四.xlsx", {"call_id": "c2"})
    finding = the_error(sheets)
    assert (finding.check, Path(finding.file).name, finding.row) == ("duplicate-id", "李四.xlsx", 2)
    assert "row 3 of" in finding.got and "张三.xlsx" in finding.got and "李四.xlsx" in finding.got


def test_later_findings_are_placed_in_their_file(sheets: Path):
    records, _ = read(sheets)
    frame = records["calls"]
    row = int(frame.index[frame["call_id"] == "c2"][0])
    plain = Finding("any", Severity.WARNING, records.files["calls"], row)
    other = Finding("any", Severity.WARNING, "other.csv", row)
    (placed, left) = records.placed([plain, other])
    assert (Path(placed.file).name, placed.row) == ("张三.xlsx", 3)
    assert left == other


def test_a_column_that_every_sheet_has_too_many_is_told_once(sheets: Path):
    for path in sheets.iterdir():
        cells = pd.read_excel(path, dtype=str, engine="calamine")
        cells.assign(序号="1").to_excel(path, index=False)
    _, findings = read(sheets)
    (finding,) = [each for each in findings if each.check == "unexpected-column"]
    assert "1 more" in finding.got


def test_rows_that_only_the_plan_filled_in_are_left_out_and_counted(sheets: Path):
    blank = {"started_at": "", "outcome": "", "explained": ""}
    sheet(sheets / "李四.xlsx", {"call_id": "c3"}, *({"call_id": c} | blank for c in ("c4", "c5")))
    records, findings = read(sheets)
    assert sorted(records["calls"]["call_id"]) == ["c1", "c2", "c3"]
    (note,) = [each for each in findings if each.check == "not-entered"]
    assert (Path(note.file).name, note.row, note.count) == ("李四.xlsx", 3, 2)


def test_a_row_with_an_answer_and_no_outcome_stays_an_error(sheets: Path):
    sheet(sheets / "李四.xlsx", {"call_id": "c3", "outcome": ""})
    finding = the_error(sheets)
    assert (finding.check, Path(finding.file).name, finding.row) == ("empty-cell", "李四.xlsx", 2)


def test_a_shopper_who_has_not_begun_stops_nobody(sheets: Path):
    blank = {"started_at": "", "outcome": "", "explained": ""}
    sheet(sheets / "李四.xlsx", {"call_id": "c3"} | blank)
    records, findings = read(sheets)
    assert len(records["calls"]) == 2
    (note,) = [each for each in findings if each.check == "no-records"]
    assert note.severity is Severity.NOTE and Path(note.file).name == "李四.xlsx"


def test_nobody_having_begun_is_an_error(tmp_path: Path):
    blank = {"started_at": "", "outcome": "", "explained": ""}
    sheet(tmp_path / "sheets" / "张三.xlsx", blank)
    assert the_error(tmp_path / "sheets").check == "no-records"


def test_the_strings_of_several_files_stand_under_each_other(sheets: Path):
    cells = read_source(sheets).cells
    assert sorted(cells["call_id"]) == ["c1", "c2", "c3"]
    assert cells.index.is_unique


@given(st.lists(st.lists(st.integers(2, 60), max_size=6, unique=True), min_size=1, max_size=6))
def test_every_row_finds_back_to_its_file(rows: list[list[int]]):
    frames = [pd.DataFrame({"row": each}, index=pd.Index(sorted(each))) for each in rows]
    frames = [frame.assign(row=frame.index) for frame in frames]
    files = [f"{at}.xlsx" for at in range(len(frames))]
    parts = Parts.of("all", files, frames)
    whole = parts.joined(frames)
    owners = [file for file, frame in zip(files, frames, strict=True) for _ in range(len(frame))]
    assert [parts.place(int(row)) for row in whole.index] == list(
        zip(owners, whole["row"], strict=True)
    )


def test_findings_on_records_are_never_merged():
    found = [Finding("wrong", Severity.ERROR, file, 5, "x", "a", "b") for file in ("a", "b")]
    assert told_once(found) == tuple(found)
