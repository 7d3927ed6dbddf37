"""What the data-quality page says of each finding."""

from pathlib import Path

import pytest

from hotline_index.tables import finding_table
from report.profiles.page import Table
from report.quality.findings import findings_section
from report.results import Results
from survey.findings import Finding, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
FILE = "calls.csv"


def rows_of(records: Results, *findings: Finding) -> list[tuple[str, ...]]:
    tables = {**records.tables, "findings": finding_table(findings, Path("edition"))}
    section = findings_section(Results(records.meta, tables, records.lang))
    table = next(block for block in section.blocks if isinstance(block, Table))
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def unknown(row: int, got: str) -> Finding:
    return Finding("unknown-unit", ERROR, FILE, row, "unit", "a unit of the register", got, "hint")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_error_is_listed_with_what_was_expected_and_got(records, lang):
    rows = rows_of(records.told_in(lang), unknown(5, "'A'"), unknown(9, "'B'"))
    assert len(rows) == 2
    for (_, said, to_do, where, _), got, row in zip(rows, ("'A'", "'B'"), (5, 9), strict=True):
        assert "a unit of the register" in said
        assert got in said
        assert "hint" in to_do
        assert f"{FILE}:{row}" in where


def test_warnings_of_one_kind_are_put_together(records):
    fast = [Finding("speeding", WARNING, FILE, row, "", "x", "y", "hint", row) for row in (2, 5)]
    ((name, said, to_do, where, _),) = rows_of(records, *fast)
    assert name == "答题过快"
    assert said == "有7份问卷的用时不足以读完题目"
    assert to_do == "答案也显草率的不予采用"
    assert where.endswith(f"{FILE}:2")


def test_a_check_without_words_speaks_for_itself_in_each_finding(records):
    found = [Finding("brand-new", WARNING, FILE, None, "", "a", got, "mend") for got in ("b", "c")]
    told = [row[:3] for row in rows_of(records, *found)]
    assert told == [
        ("brand-new", f"expected a, got {got}", "mend") for got in ("b", "c")
    ]  # fmt: skip


def test_the_gravest_come_first(records):
    found = (
        Finding("masked", NOTE, FILE),
        Finding("brand-new", NOTE, FILE),
        Finding("speeding", WARNING, FILE),
        unknown(5, "'A'"),
    )
    severities = [row[-1] for row in rows_of(records, *found)]
    assert severities == ["错误", "警告", "提示", "提示"]


def test_an_item_is_named_without_its_table(records):
    found = Finding("shoppers-unbalanced", WARNING, FILE, column="calls.slot", count=2)
    ((_, said, *_),) = rows_of(records, found)
    assert said == "各拨测员所拨的“时段”构成不同，2名拨测员明显偏多或偏少"
