"""What a user sees of ``hotline-index audit``."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.audit.verdicts import COLUMNS
from hotline_index.audit_command import audit

PUBLISHED, FIGURES = Path("editions/2021"), Path("examples/hdi")


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(audit, [str(each) for each in arguments])
    assert "Traceback" not in result.output
    assert "internal error" not in result.output
    return result.exit_code, result.output


def test_published_figures_are_audited_rule_by_rule():
    code, output = call(PUBLISHED)
    assert code == 0
    assert "通过 2 项，警示 1 项，不通过 7 项" in output
    assert "“过程体验”总体均值在图1印作6.01，在第三章三（三）印作6.84" in output
    assert "模拟" not in output


def test_strict_fails_where_a_check_does():
    assert call(PUBLISHED, "--strict")[0] == 1
    assert call(FIGURES, "--strict")[0] == 0


def test_an_index_of_figures():
    code, output = call(FIGURES, "--lang", "en")
    assert code == 0
    assert "# Statistical audit: Human Development Index (example)" in output
    assert '"Education" and "Income" have r = 0.93' in output
    assert "Not tested" in output
    assert "| Pass |" not in output
    assert "| Pass |" in call(FIGURES, "--lang", "en", "--details")[1]


@pytest.mark.parametrize(("suffix", "start"), [("md", "# 统计审核"), ("html", "<!DOCTYPE html>")])
def test_the_page_and_its_details_in_a_file(tmp_path, suffix, start):
    target = tmp_path / f"audit.{suffix}"
    assert call(FIGURES, "--out", target)[0] == 0
    text = target.read_text(encoding="utf-8")
    assert text.startswith(start)
    assert "明细" in text
    first = target.read_bytes()
    call(FIGURES, "--out", target)
    assert target.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_the_table_in_a_file(tmp_path):
    target = tmp_path / "audit.csv"
    assert call(FIGURES, "--out", target)[0] == 0
    table = pd.read_csv(target)
    assert tuple(table.columns) == COLUMNS
    assert set(table["verdict"]) <= {"pass", "warn", "fail"}


def test_another_suffix_is_refused(tmp_path):
    code, output = call(FIGURES, "--out", tmp_path / "audit.docx")
    assert code == 2
    assert ".md, .html, .csv" in output


def test_a_broken_edition_is_told_as_findings(tmp_path):
    broken = tmp_path / "hdi"
    shutil.copytree(FIGURES, broken, ignore=shutil.ignore_patterns("results"))
    frame = pd.read_csv(broken / "countries.csv")
    frame = frame.drop(columns="gni_per_capita")
    frame.to_csv(broken / "countries.csv", index=False)
    code, output = call(broken)
    assert code == 1
    assert "gni_per_capita" in output
