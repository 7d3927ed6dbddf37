"""The chapters of both books: valid for both publishers, free of typed figures, and alike."""

import re
from pathlib import Path

import pytest
import yaml

from report.prose.library import fact, library
from report.publish.lint import bare_figures, lint_book
from report.publish.source import Cell, Text, read_book

REPORT = Path(__file__).parent.parent.parent / "report"
BOOKS = {"zh": REPORT, "en": REPORT / "en"}
CHAPTERS = [path for folder in BOOKS.values() for path in sorted(folder.glob("*.qmd"))]
LANGUAGES = pytest.mark.parametrize("lang", BOOKS)
WORDS_OF_OPTIONS = re.compile(r"^#\| (?:fig-cap|fig-alt|tbl-cap):.*$", re.MULTILINE)
REFERENCE = re.compile(r"@((?:fig|tbl|sec)-[\w-]+)")
HEADING = re.compile(r"^(#+) .*?(\{#sec-[\w-]+\})?\s*$", re.MULTILINE)
INLINE = re.compile(r"`\{python\} ([^`]+)`")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def cells(lang: str) -> list[tuple[str, str]]:
    """Return the chapter and code of every cell of a book, without what is in its language."""
    return [
        (
            chapter.path.name,
            WORDS_OF_OPTIONS.sub("", cell.code).replace('open_book("en")', "open_book()"),
        )
        for chapter in read_book(BOOKS[lang]).chapters
        for cell in chapter.cells
    ]


def prose(lang: str) -> str:
    return "\n".join(
        f"{chapter.path.name}\n{block.markdown}"
        for chapter in read_book(BOOKS[lang]).chapters
        for block in chapter.blocks
        if isinstance(block, Text)
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_figure_is_typed_into_prose(chapter):
    assert bare_figures(chapter) == []


def test_a_typed_figure_is_found(tmp_path):
    chapter = tmp_path / "index.qmd"
    chapter.write_text("# 摘要\n\n本次评估覆盖335个城市。\n", encoding="utf-8")
    (finding,) = bare_figures(chapter)
    assert finding.row == 3
    assert "335" in finding.got


@LANGUAGES
def test_a_book_keeps_to_what_the_embedded_publisher_can_do(lang):
    book = read_book(BOOKS[lang])
    assert lint_book(book) == []
    listed = {chapter.path.name for chapter in book.chapters}
    assert listed == {path.name for path in BOOKS[lang].glob("*.qmd")}


def test_both_books_hold_the_same_cells_in_the_same_order():
    assert cells("zh") == cells("en")


def test_both_books_have_the_same_labels_references_and_headings():
    def layout(lang: str) -> tuple[list[str], list[str], list[tuple[str, str]]]:
        text = prose(lang)
        labels = [
            str(cell.options["label"])
            for chapter in read_book(BOOKS[lang]).chapters
            for cell in chapter.cells
            if "label" in cell.options
        ]
        return labels, sorted(REFERENCE.findall(text)), HEADING.findall(text)

    for zh, en in zip(layout("zh"), layout("en"), strict=True):
        assert zh == en


def test_both_books_take_the_same_figures_inside_their_sentences():
    zh, en = (sorted(INLINE.findall(prose(lang))) for lang in BOOKS)
    assert zh == en
    assert zh


def test_the_chinese_book_opens_in_chinese_and_the_english_in_english():
    for lang, call in (("zh", "open_book()"), ("en", 'open_book("en")')):
        for chapter in read_book(BOOKS[lang]).chapters:
            assert call in chapter.cells[0].code, chapter.file


def test_nothing_of_the_english_book_is_in_chinese():
    for path in BOOKS["en"].glob("*.qmd"):
        assert not CHINESE.search(path.read_text(encoding="utf-8")), path.name


@LANGUAGES
def test_every_figure_has_a_caption_and_words_for_who_cannot_see_it(lang):
    for chapter in read_book(BOOKS[lang]).chapters:
        for cell in chapter.cells:
            label = str(cell.options.get("label", ""))
            if label.startswith("fig-"):
                assert cell.options["fig-cap"]
                assert cell.options["fig-alt"]
                assert cell.options["fig-alt"] != cell.options["fig-cap"]


@LANGUAGES
def test_what_a_cell_may_leave_out_is_never_referred_to_in_prose(lang):
    may_be_absent = {
        str(block.options.get("label"))
        for chapter in read_book(BOOKS[lang]).chapters
        for block in chapter.blocks
        if isinstance(block, Cell) and "indicator_tree" not in block.code
    }
    assert may_be_absent.isdisjoint(REFERENCE.findall(prose(lang)))


@LANGUAGES
def test_every_chapter_says_that_simulated_data_is_simulated(lang):
    for chapter in read_book(BOOKS[lang]).chapters:
        said = "overview.notice(book)" if chapter.path.stem == "index" else "overview.mark(book)"
        assert any(said in cell.code for cell in chapter.cells), chapter.file


def test_every_figure_function_that_a_cell_names_is_there():
    from report import figures

    named = {name for _, code in cells("zh") for name in re.findall(r"figures\.(\w+)\(", code)}
    assert named <= set(figures.__all__)


def test_every_fact_has_a_source_and_both_languages(records):
    assert all(each["zh"] and each["en"] and each["source"] for each in library("facts").values())
    assert fact(records, "first_12345") == "1999年"
    assert fact(records.told_in("en"), "first_12345") == "In 1999"


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
    for check, words in library("checks").items():
        assert words["name"]
        assert words["name_en"]
        zh, en = (words[lang].format(count=3, column="<where>") for lang in ("zh", "en"))
        assert not CHINESE.search(words["name_en"] + en), check
        assert ("3" in zh) == ("3" in en), check
        assert ("<where>" in zh) == ("<where>" in en), check
