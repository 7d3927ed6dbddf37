"""Reading of table files: what is accepted, and what a reader is told of the rest."""

import gzip
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from record_files import one, said

from survey.findings import Finding, InputError, Severity
from survey.tables import read_table


def refused(path: Path) -> Finding:
    with pytest.raises(InputError) as caught:
        read_table(path)
    (finding,) = caught.value.findings
    assert finding.severity is Severity.ERROR
    assert finding.file.endswith(path.name)
    assert finding.expected and finding.got and finding.hint
    return finding


def file(tmp_path: Path, content: bytes | str, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(
    tmp_path: Path, rows: list[list[object]], title: str = "Sheet", **others: list
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, lines in others.items():
        added = book.create_sheet(name)
        for row in lines:
            added.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)
    return path


# ------------------------------------------------------------------------------------ csv


def test_cells_are_strings_and_rows_are_numbered_as_in_a_spreadsheet(tmp_path):
    raw = read_table(file(tmp_path, "id,n\nA,007\n\n,\n B ,　none　\nNA,1e5\n"))
    assert raw.cells.index.name == "row"
    assert raw.cells.index.tolist() == [2, 5, 6]
    assert raw.cells["id"].tolist() == ["A", "B", "NA"]
    assert raw.cells["n"].tolist() == ["007", "none", "1e5"]
    assert raw.findings == ()


def test_a_quoted_line_break_does_not_shift_the_rows(tmp_path):
    raw = read_table(file(tmp_path, 'id,text\nA,"two\nlines"\nB,x\n'))
    assert raw.cells["text"].tolist() == ["two\nlines", "x"]
    assert raw.cells.index.tolist() == [2, 3]


def test_blank_lines_before_the_header_count(tmp_path):
    raw = read_table(file(tmp_path, "\r\n\r\nid,n\r\nA,1\r\n"))
    assert raw.cells.index.tolist() == [4]


@pytest.mark.parametrize("blank", ["\n", "   \n", ",\n"])
def test_blank_lines_of_any_make_are_left_out(tmp_path, blank):
    raw = read_table(file(tmp_path, f"id,n\nA,1\n{blank}B,2\n"))
    assert raw.cells.index.tolist() == [2, 4]


def test_one_column_is_a_table(tmp_path):
    raw = read_table(file(tmp_path, "unit\n北京\n\n长沙\n"))
    assert raw.cells["unit"].to_dict() == {2: "北京", 4: "长沙"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_and_without_bom(tmp_path, encoding):
    raw = read_table(file(tmp_path, "unit,说明\n北京,好\n".encode(encoding)))
    assert raw.cells.columns.tolist() == ["unit", "说明"]
    assert raw.findings == ()


def test_gb18030_is_read_and_noted(tmp_path):
    raw = read_table(file(tmp_path, "unit,说明\n北京,㐀好\n".encode("gb18030")))
    assert raw.cells["unit"].tolist() == ["北京"]
    assert raw.cells["说明"].tolist() == ["㐀好"]
    note = one(raw.findings, "encoding")
    assert note.severity is Severity.NOTE
    assert said(note)[3:] == ("UTF-8", "GB18030", "read as GB18030; CSV UTF-8 is safer")


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path):
    sound = "unit,说明\n北京,这一行是完好的中文说明文字\n".encode()
    damaged = sound + "长沙,坏".encode()[:-1] + b"\n"
    finding = refused(file(tmp_path, damaged))
    assert (finding.check, finding.row) == ("encoding", 3)


def test_bytes_in_no_encoding_are_refused_with_their_row(tmp_path):
    finding = refused(file(tmp_path, b"unit,n\nA,1\nB,\xff\xfe\xff\n"))
    assert (finding.check, finding.row) == ("encoding", 3)
    assert "0xff" in finding.got


def test_tabs_separate_too(tmp_path):
    raw = read_table(file(tmp_path, "unit\tn\n北京\t1,5\n"))
    assert raw.cells.loc[2].tolist() == ["北京", "1,5"]


@pytest.mark.parametrize("mark", [";", "|"])
def test_semicolons_and_bars_separate_with_a_note(tmp_path, mark):
    raw = read_table(file(tmp_path, f"unit{mark}n\n北京{mark}1,5\n"))
    assert raw.cells.loc[2].tolist() == ["北京", "1,5"]
    assert one(raw.findings, "delimiter").got == repr(mark)


@pytest.mark.parametrize("mark", ["，", "；"])
def test_full_width_marks_do_not(tmp_path, mark):
    finding = refused(file(tmp_path, f"unit{mark}n\n北京{mark}1\n"))
    assert (finding.check, finding.row, finding.got) == ("delimiter", 1, repr(mark))


def test_headers_are_freed_of_blanks_and_full_width(tmp_path):
    raw = read_table(file(tmp_path, "　ｕｎｉｔ ,\u200bn\n北京,1\n"))
    assert raw.cells.columns.tolist() == ["unit", "n"]


def test_empty_columns_without_header_are_nothing(tmp_path):
    raw = read_table(file(tmp_path, "unit,,n,\n北京,,1,\n"))
    assert raw.cells.columns.tolist() == ["unit", "n"]
    assert raw.findings == ()


def test_a_filled_column_without_header_is_an_error(tmp_path):
    finding = one(read_table(file(tmp_path, "unit,\n北京,1\n")).findings, "empty-header")
    assert finding.severity is Severity.ERROR
    assert said(finding)[1:5] == (1, "", "a header above cells", "none in column 2")


def test_equal_headers_are_an_error_and_the_first_is_kept(tmp_path):
    raw = read_table(file(tmp_path, "unit,n,ｎ\n北京,1,2\n"))
    finding = one(raw.findings, "duplicate-header")
    assert said(finding)[1:5] == (1, "n", "each header once", "'n' again in column 3")
    assert raw.cells["n"].tolist() == ["1"]


def test_ragged_rows_are_named_and_the_rest_is_kept(tmp_path):
    raw = read_table(file(tmp_path, "unit,n\n北京,1\n\n长沙,1,2\n成都\n上海,4\n"))
    first, second = raw.findings
    assert said(first)[1:5] == (4, "", "2 cells as in the header", "3 cells")
    assert (second.row, second.got) == (5, "1 cell")
    assert raw.cells["unit"].to_dict() == {2: "北京", 6: "上海"}


def test_many_ragged_rows_take_few_lines(tmp_path):
    findings = read_table(file(tmp_path, "a,b\n" + "1\n" * 100)).findings
    assert len(findings) == 6
    assert sum(finding.count for finding in findings) == 100
    assert findings[-1].got == "95 more such rows"


def test_a_quote_that_is_never_closed_is_located(tmp_path):
    finding = refused(file(tmp_path, 'a,b\n1,x\n\n2,"y\n3,z\n4,w\n'))
    assert (finding.check, finding.row) == ("open-quote", 4)


def test_a_lone_quote_within_a_cell_is_text(tmp_path):
    raw = read_table(file(tmp_path, 'a,b\n1,5" pipe\n2,y\n'))
    assert raw.cells["b"].tolist() == ['5" pipe', "y"]


def test_a_header_only_is_a_table_without_records(tmp_path):
    raw = read_table(file(tmp_path, "unit,n\n"))
    assert raw.cells.shape == (0, 2)


# ------------------------------------------------------------------ files that are no table


@pytest.mark.parametrize("content", ["", " \n\n"])
def test_an_empty_file(tmp_path, content):
    finding = refused(file(tmp_path, content))
    assert (finding.check, finding.row) == ("empty-file", 1)


def test_a_missing_file(tmp_path):
    assert refused(tmp_path / "none.csv").check == "no-such-file"


def test_a_folder(tmp_path):
    (tmp_path / "t.csv").mkdir()
    assert refused(tmp_path / "t.csv").check == "unreadable-file"


@pytest.mark.parametrize("name", ["t.xls", "t.doc", "t"])
def test_a_wrong_suffix(tmp_path, name):
    finding = refused(file(tmp_path, "a,b\n1,2\n", name))
    assert (finding.check, finding.got) == ("wrong-suffix", repr(name))


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old xls workbook"),
        (b"  <!DOCTYPE html><html>", "a web page or XML"),
    ],
)
def test_another_kind_of_file_named_csv(tmp_path, content, got):
    finding = refused(file(tmp_path, content))
    assert (finding.check, finding.got) == ("not-a-table", got)


def test_a_zip_named_csv_and_named_xlsx(tmp_path):
    for name in ("t.csv", "t.xlsx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("calls.csv", "a,b\n1,2\n")
    assert "zip" in refused(tmp_path / "t.csv").got
    assert refused(tmp_path / "t.xlsx").check == "not-a-table"


@pytest.mark.parametrize("name", ["t.xlsx", "t.parquet"])
@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"PK\x03\x04 broken", b"PAR1 broken PAR1"])
def test_what_is_no_workbook_and_no_parquet(tmp_path, name, content):
    assert refused(file(tmp_path, content, name)).check == "not-a-table"


# ----------------------------------------------------------------------- xlsx and parquet


def test_workbook_cells_read_as_they_are_shown(tmp_path):
    path = workbook(
        tmp_path,
        [
            ["id", "n", "at", "day", "yes"],
            ["A", 3.0, datetime(2021, 3, 5, 9, 5), date(2021, 3, 5), True],
            [None, None, None, None, None],
            ["B", 0.1 + 0.2, None, None, False],
            [110101199003070018, 10**14, None, None, None],
        ],
    )
    raw = read_table(path)
    assert raw.cells.index.tolist() == [2, 4, 5]
    assert raw.cells.loc[2].tolist() == [
        "A",
        "3",
        "2021-03-05 09:05:00",
        "2021-03-05 00:00:00",
        "TRUE",
    ]
    assert raw.cells.loc[4, "n"] == "0.3"
    assert raw.cells.loc[5, ["id", "n"]].tolist() == ["1.1010119900307e+17", "100000000000000"]
    assert raw.findings == ()


def test_a_workbook_may_start_lower_down(tmp_path):
    raw = read_table(workbook(tmp_path, [[], [], ["unit", "n"], ["北京", 1]]))
    assert raw.cells["unit"].to_dict() == {4: "北京"}


def test_the_first_sheet_is_read_and_the_others_are_noted(tmp_path):
    path = workbook(tmp_path, [["a"], [1]], "one", two=[["b"], [2]])
    raw = read_table(path)
    assert raw.cells.columns.tolist() == ["a"]
    note = one(raw.findings, "several-sheets")
    assert note.severity is Severity.NOTE
    assert note.hint == "read 'one', as it is the first; left out 'two'"


def test_the_sheet_named_as_the_table_comes_before_the_first(tmp_path):
    path = workbook(tmp_path, [["a"], [1]], "one", Calls=[["b"], [2]])
    raw = read_table(path, ("calls", "拨测记录"))
    assert raw.cells.columns.tolist() == ["b"]
    assert "bears the name" in one(raw.findings, "several-sheets").hint


def test_a_formula_without_a_stored_value_is_not_taken_for_a_blank(tmp_path):
    finding = refused(workbook(tmp_path, [["a", "b"], [1, "=A2*2"], [2, "=A3*2"]]))
    assert finding.check == "formula-without-value"
    assert said(finding)[1:5] == (2, "B", "a value stored with each formula", "'=A2*2'")
    assert finding.count == 2


def test_an_empty_sheet(tmp_path):
    assert refused(workbook(tmp_path, [])).check == "empty-file"


def test_parquet_reads_as_strings(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame(
        {
            "unit": ["北京", None],
            "n": [3.0, np.nan],
            "at": pd.to_datetime(["2021-03-05 09:05", None]),
        }
    ).to_parquet(path)
    raw = read_table(path)
    assert raw.cells.index.tolist() == [2]
    assert raw.cells.loc[2, ["unit", "n"]].tolist() == ["北京", "3"]
    assert raw.cells.loc[2, "at"].startswith("2021-03-05 09:05:00")


def test_parquet_with_nested_columns_is_refused(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"n": [[1, 2], [3]]}).to_parquet(path)
    assert refused(path).check == "not-a-table"


def test_thirty_thousand_records_of_forty_columns_are_read_whole(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(1, 6, (30_000, 40)).astype(str)).add_prefix("q")
    frame.to_csv(tmp_path / "t.csv", index=False)
    cells = read_table(tmp_path / "t.csv").cells
    assert (cells.to_numpy() == frame.to_numpy()).all()
    assert cells.index.tolist() == list(range(2, 30_002))
