"""The chapters of the report: valid for both publishers, and free of typed figures."""

from pathlib import Path

import pytest
import yaml

from report.prose.indicators import fact
from report.prose.library import library
from report.publish.lint import bare_figures, lint_book
from report.publish.source import read_book

REPORT = Path(__file__).parent.parent.parent / "report"
CHAPTERS = sorted(REPORT.glob("*.qmd"))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_figure_is_typed_into_prose(chapter):
    assert bare_figures(chapter) == []


def test_a_typed_figure_is_found(tmp_path):
    chapter = tmp_path / "index.qmd"
    chapter.write_text("# 摘要\n\n本次评估覆盖335个城市。\n", encoding="utf-8")
    (finding,) = bare_figures(chapter)
    assert finding.row == 3
    assert "335" in finding.got


def test_the_book_keeps_to_what_the_embedded_publisher_can_do():
    book = read_book(REPORT)
    assert lint_book(book) == []
    listed = {chapter.path.name for chapter in book.chapters}
    assert listed == {path.name for path in CHAPTERS}


def test_every_figure_has_a_caption_and_words_for_who_cannot_see_it():
    for chapter in read_book(REPORT).chapters:
        for cell in chapter.cells:
            label = str(cell.options.get("label", ""))
            if label.startswith("fig-"):
                assert cell.options["fig-cap"]
                assert cell.options["fig-alt"]
                assert cell.options["fig-alt"] != cell.options["fig-cap"]


def test_every_fact_has_a_source():
    assert all(each["value"] and each["source"] for each in library("facts").values())
    assert fact("first_12345").endswith("年")


def test_advice_covers_every_core_indicator_of_level_two():
    tree = yaml.safe_load(
        (REPORT.parent / "indicators/systems/hotline-2021.yaml").read_text(encoding="utf-8")
    )
    wanted = {
        c["id"]
        for top in tree["children"]
        if top.get("role") != "innovation"
        for c in top["children"]
    }
    assert wanted <= set(library("advice"))
    assert all(each["zh"] and each["en"] for each in library("advice").values())


def test_words_of_checks_take_only_what_they_are_given():
    for words in library("checks").values():
        assert words["name"]
        assert words["zh"].format(count=3, column="总分")
