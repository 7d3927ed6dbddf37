"""The XLSForm is one that pyxform turns into an XForm, with every column, list and condition."""

import re
from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert

from survey.instruments.load import instruments, load_instrument
from survey.instruments.xlsform import LANGUAGES, expression, survey_rows, write_xlsform


def form(name: str, folder: Path, units: tuple[str, ...] = ()) -> tuple[Path, str]:
    path = folder / f"{name}.xlsx"
    write_xlsform(load_instrument(name), path, units)
    done = convert(path, validate=False, pretty_print=True)
    assert done.warnings == []
    return path, done.xform


@pytest.mark.parametrize("name", instruments())
def test_pyxform_accepts_every_instrument(name, tmp_path):
    _, xform = form(name, tmp_path)
    loaded = load_instrument(name)
    for question in loaded.questions:
        assert re.search(rf'<bind nodeset="/data/\w+/{question.name}"', xform), question.name
        for value in loaded.answers(question):
            assert loaded.fixed(question) or f"<name>{value}</name>" in xform
    assert f'<data id="{name.replace("-", "_")}" version="1">' in xform
    for language in LANGUAGES.values():
        assert f'<translation lang="{language}"' in xform


def bind(xform: str, name: str) -> str:
    (found,) = re.findall(
        rf'<bind nodeset="/data/\w+/{name}"[^>]*>|<bind nodeset="/data/{name}"[^>]*>', xform
    )
    return found


def test_conditions_ranges_and_what_fills_itself(tmp_path):
    _, xform = form("caller-enterprise", tmp_path)
    wait = bind(xform, "wait_seconds")
    assert "selected( /data/connection/outcome , 'answered')" in wait
    assert 'constraint=". &gt;= 0 and . &lt;= 3600"' in wait
    assert "请填0到3600的整数" in xform and "Enter a whole number from 0 to 3600" in xform
    assert "calculate=\"'enterprise'\"" in bind(xform, "audience")
    assert 'required="true()"' in bind(xform, "outcome")
    assert "selected( /data/scenario_of_call/scenario , 'information')" in bind(
        xform, "information_result"
    )
    _, xform = form("questionnaire-citizen", tmp_path)
    assert "once(uuid())" in bind(xform, "response_id")
    assert "format-date-time" in bind(xform, "started_at")
    assert "required" not in bind(xform, "sex")


def test_what_the_caller_says_is_in_the_label(tmp_path):
    _, xform = form("caller-citizen", tmp_path)
    assert "**话术：**大概多久能有结果？" in xform


def test_several_values_stand_in_brackets():
    assert expression({}) == ""
    one = expression({"a": ("x", "y")})
    assert one == "selected(${a}, 'x') or selected(${a}, 'y')"
    two = expression({"a": ("x", "y"), "b": ("z",)})
    assert two == f"({one}) and selected(${{b}}, 'z')"


def test_units_are_offered_where_given(tmp_path):
    path, xform = form("caller-citizen", tmp_path, ("北京", "长沙"))
    assert "<name>长沙</name>" in xform
    row = next(
        r
        for r in survey_rows(load_instrument("caller-citizen"), ("北京",))
        if r.get("name") == "unit"
    )
    assert row["type"] == "select_one unit_names"
    assert openpyxl.load_workbook(path).sheetnames == ["survey", "choices", "settings"]


def test_same_instrument_same_bytes(tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_xlsform(load_instrument("channel-test"), path)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]
