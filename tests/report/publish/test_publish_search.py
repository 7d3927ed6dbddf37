import json
from pathlib import Path

import pytest

from report.publish.book import Published
from report.publish.config import ExecuteConfig
from report.publish.crossref import number_book
from report.publish.execute import Executed
from report.publish.search import CAPTION, HEADING, ROW, TEXT, entries_of
from report.publish.source import Chapter, Text


@pytest.fixture
def entries(tmp_path: Path) -> list[tuple[int, str, str]]:
    markdown = (
        "# 甲 {#sec-a}\n\n一段*文字*。[^n]\n\n[^n]: 脚注里的话。\n\n## 乙 {#sec-b}\n\n- 项目\n\n"
        "| 城市 | 等级 |\n|--|--|\n| 长沙 | A+ |\n| 岳阳 | B |\n\n: 表题 {#tbl-t}\n\n"
        "![图题](a.svg){#fig-f fig-alt='不是文字'}\n\n"
        '::: {.content-visible when-format="typst"}\n纸上才有\n:::\n'
    )
    path = tmp_path / "a.qmd"
    path.write_text(markdown, encoding="utf-8")
    chapter = Chapter(path, "chapter", "", ExecuteConfig(), (Text(markdown, 1),))
    (numbered,) = number_book([Executed(chapter, markdown, {})], "markdown", True)
    return [(each.kind, each.anchor, each.text) for each in entries_of(numbered, 0)]


def test_everything_a_reader_sees_can_be_found(entries: list[tuple[int, str, str]]) -> None:
    assert entries == [
        (HEADING, "sec-a", "甲"),
        (TEXT, "sec-a", "一段文字。"),
        (TEXT, "sec-a", "脚注里的话。"),
        (HEADING, "sec-b", "一、 乙"),
        (TEXT, "sec-b", "项目"),
        (CAPTION, "tbl-t", "表 1-1 表题"),
        (ROW, "tbl-t-r1", "长沙 · A+"),
        (ROW, "tbl-t-r2", "岳阳 · B"),
        (CAPTION, "fig-f", "图 1-1 图题"),
    ]


def test_every_entry_leads_to_a_place_on_a_page(published: Published) -> None:
    script = (published.folder / "assets" / "search.js").read_text("utf-8")
    index = json.loads(script.removeprefix("window.SEARCH_INDEX = ").rstrip().rstrip(";"))
    pages = [(published.folder / name).read_text("utf-8") for name, _ in index["pages"]]
    assert len(index["entries"]) > 335
    for page, anchor, _, text in index["entries"]:
        assert text
        assert f'id="{anchor}"' in pages[page]
