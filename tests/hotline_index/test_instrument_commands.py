"""``hotline-index instrument``: list, show, export, check."""

import openpyxl
import pytest
from click.testing import CliRunner

from hotline_index.cli import cli


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["instrument", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_list_names_every_instrument():
    out = run("list")
    assert (
        "caller-citizen " in out
        and "政务热线使用者问卷（企业）" in out
        and "hotline-quality" in out
    )


def test_show_tells_columns_answers_and_conditions():
    out = run("show", "caller-citizen")
    assert "answer_given*  所问事项的答复程度" in out
    assert "full 完整答复；partly 部分答复；none 没有答复" in out
    assert "咨询的答复（“拨测结果”为“人工接通”" in out
    assert "0 to 10" in run("show", "case-review", "--lang", "en")


def test_a_wrong_name_is_told():
    assert "did you mean 'caller-citizen'?" in run("show", "caler-citizen", code=1)


@pytest.mark.parametrize(
    ("kind", "file"), [("xlsform", "a.xlsx"), ("entry-sheet", "a.xlsx"), ("pdf", "a.pdf")]
)
def test_export_writes_a_file(kind, file, tmp_path):
    out = tmp_path / "made" / file
    assert str(out) in run("export", "channel-test", "--as", kind, "--out", out)
    assert out.read_bytes()[:2] in (b"PK", b"%P")
    assert [p.name for p in out.parent.iterdir()] == [file]


def test_an_entry_sheet_is_filled_from_a_plan(tmp_path):
    plan, sample, out = tmp_path / "plan.csv", tmp_path / "sample.csv", tmp_path / "entry.xlsx"
    plan.write_text(
        "call_id,unit,audience,scenario,slot,date,role\n"
        "P1,长沙,citizen,information,s1,2021-03-05,main\nP2,长沙,enterprise,complaint,s2,2021-03-05,main\n",
        encoding="utf-8",
    )
    sample.write_text("unit\n长沙\n北京\n", encoding="utf-8")
    told = run(
        "export",
        "caller-citizen",
        "--as",
        "entry-sheet",
        "--plan",
        plan,
        "--units",
        sample,
        "--out",
        out,
    )
    assert "1 rows 行, 1 for other sheets 属其他表" in told
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [sheet.cell(2, column).value for column in (1, 2, 3)] == ["P1", "长沙", "群众"]


def test_wrong_options_are_refused_before_anything_is_written(tmp_path):
    out = tmp_path / "a.pdf"
    run("export", "channel-test", "--as", "xlsform", "--out", out, code=2)
    run("export", "channel-test", "--as", "pdf", "--system", "hotline-2024", "--out", out, code=2)
    table = tmp_path / "t.csv"
    table.write_text("city\n长沙\n", encoding="utf-8")
    told = run(
        "export",
        "case-review",
        "--as",
        "entry-sheet",
        "--units",
        table,
        "--out",
        tmp_path / "a.xlsx",
        code=1,
    )
    assert "missing-column" in told
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_check_finds_no_gap_in_what_is_shipped():
    assert "every column is asked" in run("check", "hotline-2021")
    assert "no-instrument" in run("check", "hotline-2024")


def test_check_tells_what_is_not_asked():
    out = run("check", "hotline-2024", "--with", "caller-citizen", code=1)
    assert "calls.patience" in out and "unasked-column" in out


def test_a_questionnaire_is_not_filled_in_from_a_plan_of_calls(tmp_path):
    plan, out = tmp_path / "plan.csv", tmp_path / "entry.xlsx"
    plan.write_text("call_id,unit,date,role\nP1,长沙,2021-03-05,main\n", encoding="utf-8")
    sheet = ("export", "questionnaire-citizen", "--as", "entry-sheet", "--out", out)
    told = run(*sheet, "--plan", plan, code=1)
    assert "a plan of calls is for callers' sheets" in told and not out.exists()
