import time
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from report.release.codebook import table_words
from report.release.tidy import tidy
from report.results import Results
from report.style import grade_colors
from report.workbook import write_workbook


def of_tables(results: Results, **tables: pd.DataFrame) -> Results:
    return Results(results.meta, tables)


@pytest.fixture(scope="module")
def few(records) -> Results:
    """Results of which only the first cities have scores, so that they are read back in time."""
    scores = records["scores"].head(2000)
    probabilities = records["grade_probabilities"].head(500)
    return replace(
        records, tables=dict(records.tables, scores=scores, grade_probabilities=probabilities)
    )


@pytest.fixture(scope="module")
def path(few, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "results.xlsx"
    write_workbook(few, path)
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def header(sheet) -> list[str]:
    return [cell.value.split("\n")[-1] for cell in sheet[1]]


def test_every_table_has_a_sheet_with_all_its_rows(book, few):
    for name, table in tidy(few).items():
        sheet = book[table_words(name).words.zh]
        assert header(sheet) == list(table.columns)
        assert sheet.max_row == len(table) + 1
    assert book.sheetnames[:2] == ["目录", "说明"] and book.sheetnames[-1] == "字段"


def test_cells_hold_the_values_in_full(path, few):
    read = pd.read_excel(path, sheet_name="得分", engine="openpyxl")
    table = few["scores"]
    for at, column in enumerate(table.columns):
        own = read.iloc[:, at]
        same = (
            own == table[column]
            if own.dtype.kind in "OU" or own.dtype == "str"
            else (own - table[column]).abs() < 1e-12
        )
        assert (same | (own.isna() & table[column].isna())).all(), column


def test_headers_are_in_both_languages(book):
    assert book["等级"]["F1"].value == "总分\nTotal\nscore"


def test_contents_lead_to_every_sheet(book, few):
    rows = [row for row in book["目录"].iter_rows(min_row=7) if row[0].value]
    assert len(rows) == len(few.tables)
    for row in rows:
        place = row[0].hyperlink.location
        assert (
            place.removesuffix("!A1").strip("'") == row[0].value and row[0].value in book.sheetnames
        )
        assert row[3].value == book[row[0].value].max_row - 1
        assert row[4].value and row[5].value


def test_figures_are_shown_by_their_kind(book):
    sheet = book["等级"]
    shown = dict(zip(header(sheet), (cell.number_format for cell in sheet[2]), strict=True))
    assert shown["score"] == "0.00" and shown["p_grade"] == "0.0%" and shown["rank"] == "0"
    tests = book["组间比较"]
    at = header(tests).index("p")
    assert "0.000" in tests.cell(2, at + 1).number_format


def test_grades_have_their_colours(book):
    colors = grade_colors(["A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E"])
    rules = [rule for area in book["等级"].conditional_formatting for rule in area.rules]
    filled = {rule.formula[0]: rule.dxf.fill.bgColor.rgb[-6:].lower() for rule in rules}
    assert filled == {f'"{grade}"': color[1:] for grade, color in colors.items()}


def test_heads_stay_in_view_and_columns_can_be_filtered(book, records):
    sheet = book["等级"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith("336")
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert all(8 <= width <= 62 for width in widths)


def test_a_simulated_workbook_says_so_on_every_sheet(book):
    for sheet in book:
        first = " ".join(
            str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row if cell.value
        )
        header_text = sheet.oddHeader.center.text or ""
        assert "模拟数据" in first + header_text, sheet.title


def test_notes_name_licence_sources_and_software(book):
    text = "\n".join(
        str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value
    )
    assert "CC-BY-4.0" in text and "合成数据" in text and "hotline-index 0" in text


def test_sheets_of_an_english_workbook_are_named_as_the_files(few, tmp_path):
    write_workbook(few.told_in("en"), tmp_path / "en.xlsx")
    names = openpyxl.load_workbook(tmp_path / "en.xlsx", read_only=True).sheetnames
    assert names == ["Contents", "Notes", *tidy(few), "Fields"]


def test_fields_describe_every_column(book, few):
    rows = list(book["字段"].iter_rows(min_row=2, values_only=True))
    there = [(name, column) for name, table in tidy(few).items() for column in table]
    assert [row[1:3] for row in rows] == there


def test_same_results_give_the_same_bytes(few, path, tmp_path):
    write_workbook(few, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_it_is_written_in_seconds(records, tmp_path):
    started = time.process_time()
    write_workbook(records, tmp_path / "timed.xlsx")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("table", ["grades", "units"])
def test_an_empty_table_is_a_sheet_with_a_header(records, tmp_path, table):
    empty = of_tables(records, **{table: records[table].head(0)})
    write_workbook(empty, tmp_path / "empty.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "empty.xlsx")[table_words(table).words.zh]
    assert sheet.max_row == 1 and header(sheet)[: len(records[table].columns)] == list(
        records[table]
    )


def test_a_workbook_without_grades_is_written(tmp_path, records):
    bare = of_tables(records, units=records["units"])
    write_workbook(bare, tmp_path / "bare.xlsx")
    assert openpyxl.load_workbook(tmp_path / "bare.xlsx").sheetnames == [
        "目录",
        "说明",
        "城市",
        "字段",
    ]


def test_shared_strings_are_counted_as_they_stand(path):
    with zipfile.ZipFile(path) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
        cells = sum(
            archive.read(name).decode().count(' t="s"')
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        )
    assert f'count="{cells}"' in strings


@pytest.mark.parametrize("length", [32_767, 32_768, 40_000])
def test_a_text_longer_than_a_cell_ends_in_a_mark(records, tmp_path, length):
    findings = records["findings"].assign(got="字" * (length - 2) + "\U00020000")
    long = of_tables(records, findings=findings)
    write_workbook(long, tmp_path / "long.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "long.xlsx")["核查结果"]
    text = sheet.cell(2, header(sheet).index("got") + 1).value
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.endswith("…") == (length > 32_767)
