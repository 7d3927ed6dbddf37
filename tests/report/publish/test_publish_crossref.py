from pathlib import Path
from typing import Literal

import pytest

from report.publish import pandoc
from report.publish.config import ExecuteConfig
from report.publish.crossref import NumberedChapter, number_book
from report.publish.execute import Executed
from report.publish.numbering import chinese_number
from report.publish.source import Chapter, Text
from survey.findings import InputError

READER = "markdown+east_asian_line_breaks"


def number(
    tmp_path: Path, *texts: str, last: Literal["chapter", "appendix"] = "chapter"
) -> tuple[NumberedChapter, ...]:
    executed = []
    for at, markdown in enumerate(texts):
        path = tmp_path / f"c{at}.qmd"
        path.write_text(markdown, encoding="utf-8")
        kind = last if at == len(texts) - 1 else "chapter"
        chapter = Chapter(path, kind, "", ExecuteConfig(), (Text(markdown, 1),))
        executed.append(Executed(chapter, markdown, {}))
    return number_book(executed, READER, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "零"), (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_chinese_numbers(value: int, text: str) -> None:
    assert chinese_number(value) == text


def test_a_number_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


def test_headings_are_numbered_as_in_chinese_reports(tmp_path: Path) -> None:
    first, second = number(
        tmp_path,
        "# 甲\n\n## 一节\n\n### 小节\n\n#### 点\n\n#### 点\n\n### 小节\n\n## 不编 {.unnumbered}\n\n## 二节\n\n### 小节\n",
        "# 乙\n\n## 一节\n",
        last="appendix",
    )
    numbers = ["第一章", "一、", "（一）", "1.", "2.", "（二）", "", "二、", "（一）"]
    assert [heading.number for heading in first.headings] == numbers
    assert [heading.number for heading in second.headings] == ["附录A", "一、"]
    labels = [heading.label for each in (first, second) for heading in each.headings]
    assert len(set(labels)) == len(labels)


def test_floats_written_in_every_way_are_numbered_by_chapter(tmp_path: Path) -> None:
    table = "| 列 |\n|--|\n| 值 |\n"
    first, second = number(
        tmp_path,
        f"# 甲\n\n![图题](a.svg){{#fig-a}}\n\n{table}\n: 表题 {{#tbl-a}}\n\n::: {{#tbl-b}}\n{table}\n乙表\n:::\n\n::: {{#fig-b}}\n![](b.svg)\n\n乙图\n:::\n",
        f"# 乙\n\n{table}\n: 丙表 {{#tbl-c}}\n\n见 @fig-b 、@tbl-b 与 [@tbl-c; @fig-a]，[-@tbl-a]号，[附图 @fig-b]。\n",
        last="appendix",
    )
    numbers = {
        each["c"][0][0]: dict(each["c"][0][2])["number"]
        for chapter in (first, second)
        for each in pandoc.elements(chapter.blocks)
        if each["t"] == "Div" and "float" in each["c"][0][1]
    }
    assert numbers == {
        "fig-a": "图\u00a01-1",
        "tbl-a": "表\u00a01-1",
        "tbl-b": "表\u00a01-2",
        "fig-b": "图\u00a01-2",
        "tbl-c": "表\u00a0A-1",
    }
    text = pandoc.plain_text(second.blocks[-1]).replace("\u00a0", " ")
    assert text == "见图 1-2、表 1-2与表 A-1、图 1-1，1-1号，附图 1-2。"
    links = [e["c"][2][0] for e in pandoc.elements(second.blocks) if e["t"] == "Link"]
    assert links == [
        "c0.qmd#fig-b",
        "c0.qmd#tbl-b",
        "#tbl-c",
        "c0.qmd#fig-a",
        "c0.qmd#tbl-a",
        "c0.qmd#fig-b",
    ]


def test_references_to_chapters_and_sections_speak_chinese(tmp_path: Path) -> None:
    chapters = number(
        tmp_path,
        "# 甲 {#sec-a}\n\n## 乙 {#sec-b}\n\n### 丙 {#sec-c}\n\n## 丁 {#sec-d .unnumbered}\n",
        "# 戊 {#sec-e}\n\n见 @sec-a ，@sec-b ，@sec-c ，@sec-d ，@Sec-e 。\n",
        last="appendix",
    )
    text = pandoc.plain_text(chapters[1].blocks)
    assert text == "见第一章，第一章第一节，第一章第一节（一），“丁”，附录A。"


def test_unnumbered_chapters_count_floats_on_their_own(tmp_path: Path) -> None:
    first, _, third = number(
        tmp_path,
        "# 摘要 {.unnumbered}\n\n![图](a.svg){#fig-a}\n",
        "# 甲\n\n![图](a.svg){#fig-b}\n",
        "# 后记 {.unnumbered}\n\n![图](a.svg){#fig-c}\n\n@fig-a 、@fig-b 、@fig-c\n",
    )
    assert first.title.number == ""
    text = pandoc.plain_text(third.blocks[-1]).replace("\u00a0", " ")
    assert text == "图 1、图 1-1、图 2"


def test_references_to_nothing_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        number(tmp_path, "# 甲\n\n见 @fig-x 。\n\n再见 @tbl-y 。\n")
    found = [(f.check, f.row, f.file.endswith("c0.qmd")) for f in caught.value.findings]
    assert found == [("unknown-reference", 3, True), ("unknown-reference", 5, True)]


def test_a_label_written_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="duplicate-label"):
        number(tmp_path, "# 甲\n\n![图](a.svg){#fig-a}\n", "# 乙\n\n![图](a.svg){#fig-a}\n")


def test_column_widths_come_from_the_author_or_from_the_content(tmp_path: Path) -> None:
    long = "长" * 80
    (chapter,) = number(
        tmp_path,
        f"# 甲\n\n| 一 | 二 |\n|--|--|\n| {long} | 值 |\n\n| 一 | 二 |\n|------|--|\n| {long} | 值 |\n\n"
        '| 一 | 二 |\n|--|--|\n| 值 | 值 |\n\n: 题 {#tbl-a tbl-colwidths="[25,75]"}\n',
    )
    tables = [e for e in pandoc.elements(chapter.blocks) if e["t"] == "Table"]
    widths = [[width.get("c") for _, width in table["c"][2]] for table in tables]
    assert widths == [[None, None], [0.75, 0.25], [0.25, 0.75]]


def test_a_chapter_without_a_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-title"):
        number(tmp_path, "只有文字。\n")
