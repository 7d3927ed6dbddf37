"""What the publication itself says around the text, in each language."""

from collections.abc import Mapping
from types import MappingProxyType

from report.language import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    "skip": ("跳到正文", "Skip to the text"),
    "contents": ("目录", "Contents"),
    "menu": ("目录", "Menu"),
    "book-contents": ("全书目录", "Contents of the report"),
    "page-contents": ("本页目录", "On this page"),
    "chapter-sections": ("本章各节", "Sections of this chapter"),
    "chapters-around": ("前后章节", "Chapters before and after"),
    "previous": ("上一章", "Previous chapter"),
    "next": ("下一章", "Next chapter"),
    "more": ("相关成果", "Also published"),
    "pdf": ("下载 PDF", "Download PDF"),
    "docx": ("下载 Word", "Download Word"),
    "slides": ("演示文稿", "Slides"),
    "other-language": ("English", "中文"),
    "other-language-tag": ("en", "zh-Hans"),
    "where": ("所在位置", "You are here"),
    "notice": ("数据说明", "About the data"),
    "figures": ("图目录", "Figures"),
    "tables": ("表目录", "Tables"),
    "search": ("搜索", "Search"),
    "search-hint": ("搜索全文与城市（按 / 键）", "Search text and cities (press /)"),
    "search-results": ("搜索结果", "Search results"),
    "search-none": ("没有找到", "Nothing found for"),
    "search-count": ("{} 处结果", "Results: {}"),
    "search-shown": ("共 {} 处结果，显示前 {} 处", "Results: {}, the first {} shown"),
    "search-missing": ("搜索索引未能载入", "The search index could not be loaded"),
    "filter": ("筛选本表", "Filter this table"),
    "filter-hint": ("输入表中的文字", "Words in the table"),
    "filter-count": ("共 {} 行", "Rows: {}"),
    "filter-shown": ("显示 {} 行，共 {} 行", "{} of {} rows"),
    "sort-help": ("按表头可排序", "Press a column heading to sort"),
    "sort-up": ("已按“{}”升序排列", "Sorted by {}, ascending"),
    "sort-down": ("已按“{}”降序排列", "Sorted by {}, descending"),
    "sort-none": ("已恢复原来的顺序", "Back in the first order"),
    "formula": ("公式", "Formula"),
    "table": ("表格", "Table"),
    "figure-data": ("图的文件与数据", "Files and data of the figure"),
    "figure-file": ("下载 {}", "Download {}"),
    "figure-table": ("数据 CSV：{}", "Data CSV: {}"),
    "figure-open": ("看大图", "Full size"),
    "callout-note": ("注记", "Note"),
    "callout-tip": ("提示", "Tip"),
    "callout-warning": ("警告", "Warning"),
    "callout-important": ("重要", "Important"),
    "callout-caution": ("注意", "Caution"),
    "space": ("\u3000", " "),
    "stop": ("\u3000", ": "),
}


def words(lang: Lang) -> Mapping[str, str]:
    """Return every word that the publication puts around the text, by its name.

    ``{}`` in a word stands for a figure or a name that is put there later.
    """
    at = ("zh", "en").index(lang)
    return MappingProxyType({name: both[at] for name, both in _WORDS.items()})


def language_of(tag: str) -> Lang:
    """Return the language of the publication for ``lang`` of a book, such as ``zh-Hans``.

    Raises
    ------
    ValueError
        For a language without words here.
    """
    primary = tag.partition("-")[0].lower()
    if primary == "zh":
        return "zh"
    if primary == "en":
        return "en"
    raise ValueError(f"lang is zh-Hans or en, got {tag!r}")
