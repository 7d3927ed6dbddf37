"""The sheets of the workbook: contents, notes, a sheet a table, and what every column means."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from report.release.about import WARNING, ReleaseAbout
from report.release.book_style import BookStyle
from report.release.codebook import ColumnWords, Kind, table_words
from report.release.fast_sheet import ColumnSheet, stored
from report.release.fields import FieldWords
from report.results import Results

WIDEST, NARROWEST, HEAD_WIDEST, LOOKED_AT = 60, 8, 18, 200
"""Widths of columns and of their heads in characters, and how many rows they are taken from."""
HEAD_LINES = 4
WIDE = re.compile(r"[\u2e81-\uffff]")
"""Characters as wide as two Latin ones."""


def write_contents(
    sheet: Any, tables: Mapping[str, pd.DataFrame], style: BookStyle, about: ReleaseAbout
) -> None:
    """Write what sheets there are, with a link to each, its rows and what it holds."""
    sheet.hide_gridlines(2)
    for column, width in enumerate((18, 26, 30, 10, 70, 70)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, stored(about.title.zh), style.title)
    sheet.write_string(1, 0, stored(about.title.en))
    if style.results.meta["simulated"]:
        sheet.write_string(2, 0, WARNING.zh, style.alert)
        sheet.write_string(3, 0, WARNING.en, style.alert)
    heads = ("表\nSheet", "Table", "文件\nFile", "行数\nRows", "内容\nWhat it holds", "In English")
    for column, head in enumerate(heads):
        sheet.write_string(5, column, head, style.head)
    sheet.set_row(5, 32)
    for row, (name, table) in enumerate(tables.items(), start=6):
        words = table_words(name)
        sheet.write_url(row, 0, _link(style.sheet(name)), style.link, stored(words.words.zh))
        texts = (words.words.en, f"{name}.csv", "", words.describe.zh, words.describe.en)
        for column, text in enumerate(texts, start=1):
            if text:
                sheet.write_string(row, column, text, style.wrapped)
        sheet.write_number(row, 3, len(table), style.kinds["count"])
    sheet.freeze_panes(6, 1)


def write_notes(sheet: Any, style: BookStyle, about: ReleaseAbout) -> None:
    """Write who publishes the tables, under which licence, from what sources and software."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (key, value) in enumerate(_notes(style.results, about)):
        sheet.write_string(row, 0, key, style.head)
        sheet.write_string(row, 1, stored(value), style.wrapped)


def _notes(results: Results, about: ReleaseAbout) -> list[tuple[str, str]]:
    meta = results.meta
    lines = [("标题 Title", about.title.zh), ("", about.title.en)]
    if meta["simulated"]:
        lines += [("模拟数据 Simulated", WARNING.zh), ("", WARNING.en)]
    if about.publisher.zh:
        lines += [("发布 Publisher", about.publisher.zh), ("", about.publisher.en)]
    lines += [
        ("日期 Date", about.dated.zh),
        ("", about.dated.en),
        ("版本 Version", about.version),
        ("许可 Licence", f"{about.licence_title} ({about.licence}) {about.licence_address}"),
        ("区间 Intervals", f"除另有说明外，区间的置信水平为{meta['level']:.0%}。"),
        ("", f"Intervals are at the {meta['level']:.0%} level unless a note says otherwise."),
        ("等级 Grades", meta["scheme"]["zh"]),
        ("", meta["scheme"]["en"]),
    ]
    for source in about.sources:
        lines += [("来源 Source", source.zh), ("", source.en)]
    software = ", ".join(f"{name} {number}" for name, number in sorted(meta["versions"].items()))
    return [*lines, ("软件 Software", software)]


def write_table(sheet: ColumnSheet, name: str, table: pd.DataFrame, style: BookStyle) -> None:
    """Write a table under its header, figures shown by their kind and grades in their colours."""
    words = table_words(name)
    described = [words.column(str(name)) for name in table.columns]
    columns = []
    for at, column in enumerate(described):
        values = table[column.name]
        head = _header(column)
        sheet.write_string(0, at, stored(head), style.head)
        sheet.set_column(at, at, _width(head, values, column.kind))
        columns.append((values, style.kinds[column.kind], style.guard))
        if column.kind == "grade" and len(table):
            for grade, form in style.grades:
                sheet.conditional_format(
                    1, at, len(table), at,
                    {"type": "cell", "criteria": "==", "value": _quoted(grade), "format": form},
                )  # fmt: skip
    _frame(sheet, len(table), len(described), fixed=1 if words.key[:1] == ("unit",) else 0)
    sheet.fill(1, columns)


def write_fields(sheet: ColumnSheet, fields: Sequence[FieldWords], style: BookStyle) -> None:
    """Write what every column of every table means."""
    columns = {
        "表\nTable": [field.table.words.zh for field in fields],
        "文件\nFile": [field.table.name for field in fields],
        "列\nColumn": [field.name for field in fields],
        "中文名称\nIn Chinese": [field.column.words.zh for field in fields],
        "英文名称\nIn English": [field.column.words.en for field in fields],
        "类型\nType": [field.type for field in fields],
        "单位\nUnit": [f"{field.unit('zh')} {field.unit('en')}".strip() for field in fields],
        "说明\nNote in Chinese": [field.note("zh") for field in fields],
        "英文说明\nNote": [field.note("en") for field in fields],
        "取值\nCodes in Chinese": [field.codes("zh", "；") for field in fields],
        "英文取值\nCodes": [field.codes("en", "; ") for field in fields],
    }
    filled = []
    for at, (head, values) in enumerate(columns.items()):
        texts = pd.Series(values, dtype="str")
        sheet.write_string(0, at, head, style.head)
        sheet.set_column(at, at, _width(head, texts, "text"))
        filled.append((texts, style.kinds["text"], style.guard))
    _frame(sheet, len(fields), len(columns), fixed=3)
    sheet.fill(1, filled)


def _frame(sheet: ColumnSheet, rows: int, columns: int, fixed: int) -> None:
    """Hold the header and the first columns in view, and let every column be filtered."""
    sheet.set_row(0, 15 * HEAD_LINES)
    sheet.freeze_panes(1, fixed)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _header(column: ColumnWords) -> str:
    return f"{column.words.zh}\n{column.words.en}\n{column.name}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _width(head: str, values: pd.Series, kind: Kind) -> int:
    """Return the width of a column in characters: that of its widest word, within bounds."""
    widest = min(max(_cells(line) for line in head.split("\n")) + 2, HEAD_WIDEST)
    if kind in ("text", "code", "grade"):
        shown = values.head(LOOKED_AT).dropna().astype(str).unique()
        widest = max([widest, *(_cells(text[:WIDEST]) for text in shown)])
    return min(max(widest + 1, NARROWEST), WIDEST)


def _cells(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(WIDE.findall(text))


def _link(sheet: str) -> str:
    return "internal:'" + sheet.replace("'", "''") + "'!A1"
