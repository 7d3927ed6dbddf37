"""Findings, and the error that carries them."""

from pathlib import Path

import pytest

from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    errors,
    nearest,
    raise_errors,
)

WRONG = Finding("unknown-unit", Severity.ERROR, "c.csv", 7, "unit", "a city", "'x'", "fix it")
NOTE = Finding("encoding", Severity.NOTE, "c.csv", got="GB18030")


def test_a_finding_reads_as_one_line():
    assert str(WRONG) == "error: c.csv:7 [unit] unknown-unit: expected a city, got 'x' (fix it)"
    assert str(NOTE) == "note: c.csv encoding: GB18030"
    assert str(Finding("few", Severity.WARNING, got="2 cities")) == "warning: few: 2 cities"


def test_an_error_says_all_its_findings():
    error = InputError([WRONG, NOTE])
    assert error.findings == (WRONG, NOTE)
    assert str(error).splitlines() == [str(WRONG), str(NOTE)]


def test_an_error_without_findings_is_refused():
    with pytest.raises(ValueError, match="at least one finding"):
        InputError([])


def test_only_errors_are_raised():
    raise_errors([NOTE])
    raise_errors([])
    with pytest.raises(InputError) as caught:
        raise_errors([NOTE, WRONG, NOTE])
    assert caught.value.findings == errors([NOTE, WRONG, NOTE]) == (WRONG,)


@pytest.mark.parametrize(
    ("name", "found"), [("wieght", "weight"), ("weights", "weight"), ("zzz", ""), ("", "")]
)
def test_the_nearest_name(name, found):
    assert nearest(name, ["id", "weight", "rule"]) == found


def test_a_hint_names_the_nearest_or_lists_the_right_ones():
    assert did_you_mean("rul", iter(["id", "rule"])) == "did you mean 'rule'?"
    assert did_you_mean("qqq", ["id", "rule"]) == "one of: id, rule"
    assert did_you_mean("qqq", [str(i) for i in range(12)]).endswith("10, 11")
    assert did_you_mean("qqq", [str(i) for i in range(13)]).endswith("10, 11, …")
    assert did_you_mean("qqq", []) == ""


def test_paths_are_shown_from_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert display_path(tmp_path / "data" / "calls.csv") == "data/calls.csv"
    assert display_path(Path("calls.csv")) == "calls.csv"
    assert display_path(tmp_path.parent / "calls.csv") == (tmp_path.parent / "calls.csv").as_posix()
