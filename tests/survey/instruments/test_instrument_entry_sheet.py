"""What is entered in the Excel sheet, the intake reads back without an error."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from indicators.system_file import load_system
from survey.contracts import CONTRACTS, Contract
from survey.findings import InputError, Severity
from survey.instruments.entry_sheet import known_rows, write_entry_sheet
from survey.instruments.load import instruments, load_instrument
from survey.instruments.model import Instrument
from survey.intake import read_records
from survey.register import load_register

FORMS = [(name, system) for name in instruments() for system in load_instrument(name).systems]
WHEN = pd.Timestamp("2021-03-05 09:05")


def answers_of(loaded: Instrument, system: str) -> dict[str, tuple]:
    return {loaded.table: load_system(system).needed_columns()[loaded.table]}


def contract_of(loaded: Instrument, system: str) -> Contract:
    return CONTRACTS[loaded.table].asking(answers_of(loaded, system)[loaded.table])


def lists_of(path: Path) -> dict[str, list[Any]]:
    """The entries of every drop-down by column, through its data validation."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = {cell.column_letter: cell.value for cell in sheet[1]}
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            (letter,) = {str(area).split(":")[0].rstrip("0123456789") for area in rule.sqref.ranges}
            cells = book["lists"][rule.formula1.partition("!")[2].replace("$", "")]
            found[header[letter]] = [cell.value for (cell,) in cells]
    return found


def filled(path: Path, loaded: Instrument, records: int = 12) -> Path:
    """Fill in records as a person would: every entry of every list, numbers, texts, times."""
    lists = lists_of(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for column, question in enumerate(loaded.questions, start=1):
        assert sheet.cell(1, column).value == question.name
        for row in range(2, 2 + records):
            if question.name in lists:
                entries = lists[question.name]
                value: Any = entries[row % len(entries)]
            elif question.kind == "datetime":
                value = WHEN.to_pydatetime()
            elif question.kind in ("integer", "decimal"):
                value = question.minimum or 0
            elif question.kind == "multiple":
                value = " ".join(list(loaded.answers(question))[:2])
            else:
                value = "长沙" if question.name == "unit" else f"{question.name}-{row}"
            sheet.cell(row, column).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("name", "system"), FORMS)
def test_intake_reads_what_is_entered(name, system, lang, tmp_path):
    loaded, path = load_instrument(name), tmp_path / "entry.xlsx"
    write_entry_sheet(loaded, path, contract_of(loaded, system), lang=lang)
    filled(path, loaded)
    register = Agents() if loaded.table == "inspections" else load_register()
    audiences = bool(load_system(system).audiences)
    records, findings = read_records(
        {loaded.table: path}, register, answers_of(loaded, system), audiences=audiences
    )
    assert [str(f) for f in findings if f.severity is Severity.ERROR] == []
    frame = records[loaded.table]
    assert len(frame) == 12
    for column in answers_of(loaded, system)[loaded.table]:
        assert frame[column.name].notna().all(), column.name
        if column.allowed:
            accepted = {*column.allowed, *column.not_applicable}
            assert set(frame[column.name]) == accepted or column.name in ("audience", "channel")
    if "started_at" in [q.name for q in loaded.questions]:
        assert (frame["started_at"] == WHEN).all()


class Agents:
    """A register that takes any name."""

    def resolve_column(self, names: pd.Series, file: str, column: str):
        return names, ()


def test_lists_show_chinese_where_it_is_read_and_values_elsewhere(tmp_path):
    loaded = load_instrument("caller-citizen")
    write_entry_sheet(loaded, tmp_path / "zh.xlsx", contract_of(loaded, "hotline-2021"))
    shown = lists_of(tmp_path / "zh.xlsx")
    assert shown["outcome"] == ["接通", "占线", "无人接听", "掉线", "仅语音"]
    assert shown["audience"] == ["群众"]
    assert shown["answer_given"] == ["完整答复", "部分答复", "没有答复"]
    assert shown["explained_clearly"] == [1, 2, 3, 4, 5]
    later = load_instrument("caller-citizen-2024")
    write_entry_sheet(later, tmp_path / "later.xlsx", contract_of(later, "hotline-2024"))
    assert lists_of(tmp_path / "later.xlsx")["reply_deadline"][:2] == ["3个工作日", "5个工作日"]
    write_entry_sheet(loaded, tmp_path / "en.xlsx", contract_of(loaded, "hotline-2021"), lang="en")
    assert lists_of(tmp_path / "en.xlsx")["outcome"][0] == "answered"


def test_a_refused_entry_is_explained_in_chinese_and_the_header_in_both(tmp_path):
    loaded, path = load_instrument("caller-citizen"), tmp_path / "entry.xlsx"
    write_entry_sheet(loaded, path, contract_of(loaded, "hotline-2021"), rows=30)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("拨测记录", "C2")
    assert book["lists"].sheet_state == "hidden"
    assert "填写说明" in book.sheetnames
    header = {cell.value: cell for cell in sheet[1]}
    wait = header["wait_seconds"]
    assert (
        "等候人工应答" in wait.comment.text
        and "Seconds until an agent answered" in wait.comment.text
    )
    rules = {str(r.sqref): r for r in sheet.data_validations.dataValidation}
    rule = rules[f"{wait.column_letter}2:{wait.column_letter}31"]
    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("whole", 0, 3600)
    assert rule.operator in (None, "between")
    assert rule.error == "请填0到3600的整数。"


def test_ids_are_text_and_times_are_times(tmp_path):
    loaded, path = load_instrument("caller-citizen"), tmp_path / "entry.xlsx"
    frame = pd.DataFrame(
        {
            "call_id": ["00012345678901234567"],
            "unit": ["长沙"],
            "started_at": [WHEN],
            "wait_seconds": ["7"],
        }
    )
    write_entry_sheet(loaded, path, contract_of(loaded, "hotline-2021"), frame=frame)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    header = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, header["call_id"]).value == "00012345678901234567"
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.cell(2, header["started_at"]).value == WHEN.to_pydatetime()
    assert sheet.cell(2, header["wait_seconds"]).value == 7


def test_rows_of_a_plan_are_filled_in_for_their_audience(tmp_path):
    loaded, path = load_instrument("caller-citizen"), tmp_path / "entry.xlsx"
    plan = pd.DataFrame(
        {
            "call_id": ["P1", "P2", "P3"],
            "unit": ["长沙", "北京", "长沙"],
            "audience": ["citizen", "enterprise", "群众"],
            "scenario": ["information", "information", "complaint"],
            "slot": ["s1", "s2", "s1"],
            "date": ["2021-03-05"] * 3,
        }
    )
    kept = known_rows(loaded, plan)
    assert list(kept["call_id"]) == ["P1", "P3"]
    write_entry_sheet(loaded, path, contract_of(loaded, "hotline-2021"), frame=kept)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=3)]
    assert [row[:3] for row in rows] == [["P1", "长沙", "群众"], ["P3", "长沙", "群众"]]
    assert "date" not in [cell.value for cell in sheet[1]]


def test_units_are_offered_where_given(tmp_path):
    loaded, path = load_instrument("caller-citizen"), tmp_path / "entry.xlsx"
    write_entry_sheet(loaded, path, contract_of(loaded, "hotline-2021"), units=["北京", "长沙"])
    assert lists_of(path)["unit"] == ["北京", "长沙"]


def test_cells_that_need_no_answer_are_greyed(tmp_path):
    loaded, path = load_instrument("caller-citizen"), tmp_path / "entry.xlsx"
    write_entry_sheet(loaded, path, contract_of(loaded, "hotline-2021"), rows=30)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    letter = {cell.value: cell.column_letter for cell in sheet[1]}
    column = letter["answer_given"]
    area = next(a for a in sheet.conditional_formatting if str(a.sqref) == f"{column}2:{column}31")
    grey = area.rules[0].formula[0]
    assert (
        f'${letter["outcome"]}2&""="接通"' in grey
        and f'${letter["scenario"]}2&""="信息获取"' in grey
    )


def test_same_content_same_bytes_and_nothing_half_written(tmp_path):
    loaded = load_instrument("questionnaire-enterprise")
    contract = contract_of(loaded, "hotline-2021")
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_entry_sheet(loaded, path, contract)
    assert first.read_bytes() == second.read_bytes()
    wrong = pd.DataFrame({"satisfied_service": ["five"]})
    with pytest.raises((ValueError, InputError)):
        write_entry_sheet(loaded, first, contract, frame=wrong)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]
