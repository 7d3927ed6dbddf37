"""The codebook as files: one page in each language, and one csv."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import pandas as pd

from report.language import Lang
from report.release.about import WARNING, ReleaseAbout, said
from report.release.codebook import KINDS, TableWords
from report.release.fields import FieldWords, fields_of
from report.release.terms import plain
from report.release.tidy import guarded
from report.results import Results

CSV_COLUMNS = (
    "table", "column", "type", "kind", "key", "refers", "zh", "en", "unit_zh", "unit_en", "note_zh",
    "note_en", "values_zh", "values_en",
)  # fmt: skip
TYPES: Mapping[str, tuple[str, str]] = {
    "string": ("文字", "text"), "boolean": ("是否", "true or false"),
    "integer": ("整数", "whole number"), "number": ("数值", "number"),
}  # fmt: skip


def codebook_page(
    results: Results, tables: Mapping[str, pd.DataFrame], about: ReleaseAbout, lang: Lang
) -> str:
    """Return the codebook as a page of Markdown.

    Parameters
    ----------
    results
        The results.
    tables
        As from `report.release.tidy.tidy`.
    about
        What is said of the release.
    lang
        Language of the page.
    """
    level = f"{results.meta['level']:.0%}"
    head = {
        "zh": f"""# 字段说明：{plain(about.title.zh)}

共{len(tables)}张表。除另有说明外，区间的置信水平为{level}；得分以指标体系的满分为上限；占比与概率以1为100%。
csv文件中留空即缺失；以 `=` `+` `-` `@` 等符号开头的文字前加有一个撇号 `'`，去掉一个即为原文
（parquet文件为原文）。
“主键”指各行取值互不重复的列；“引用”指取值见于另一张表的该列，总分（total）除外。
""",
        "en": f"""# Codebook: {plain(about.title.en)}

{len(tables)} tables. Intervals are at the {level} level unless a note says otherwise; scores run up
to the top of the scale of the indicator system; shares and probabilities are fractions of 1. An
empty cell of a csv file is missing. A text that begins with a sign such as `=` `+` `-` `@` has an
apostrophe `'` before it in the csv files: take one off, and it is as it was (as it is in the
parquet files). No two rows share the values of the key; a column that refers to another table
holds values that stand in it, the total apart.
""",
    }[lang]
    parts = [head]
    if results.meta["simulated"]:
        parts.append(f"> **{said(WARNING, lang)}**\n")
    for words, fields in groupby(fields_of(tables), key=lambda field: field.table):
        parts.append(_table(words, list(fields), len(tables[words.name]), lang))
    return "\n".join(parts)


def codebook_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the codebook as a table, one row a column of the results; texts are guarded."""
    rows = []
    for field in fields_of(tables):
        words, column = field.table, field.column
        unit = KINDS[column.kind].unit
        rows.append(
            (
                words.name, column.name, field.type, column.kind, column.name in words.key,
                ".".join(column.refers or ()), column.words.zh, column.words.en, unit.zh, unit.en,
                field.note("zh"), field.note("en"), field.codes("zh", "；"),
                field.codes("en", "; "),
            )
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(CSV_COLUMNS))
    texts = [name for name in CSV_COLUMNS if name != "key"]
    return table.assign(**{name: guarded(table[name].astype("str")) for name in texts})


def _table(words: TableWords, fields: Sequence[FieldWords], rows: int, lang: Lang) -> str:
    heads = {
        "zh": ("列", "名称", "类型", "单位", "说明"),
        "en": ("Column", "Name", "Type", "Unit", "Meaning"),
    }[lang]
    lines = [
        f"## {said(words.words, lang)} `{words.name}`",
        "",
        said(words.describe, lang),
        _facts(words, fields, rows, lang),
        "",
        "| " + " | ".join(heads) + " |",
        "|---|---|---|---|---|",
        *(_row(field, lang) for field in fields),
        "",
    ]
    return "\n".join(lines)


def _facts(words: TableWords, fields: Sequence[FieldWords], rows: int, lang: Lang) -> str:
    key = [f"`{name}`" for name in words.key if name in {field.column.name for field in fields}]
    if lang == "zh":
        return f"\n{rows}行" + (f"；主键：{'、'.join(key)}。" if key else "。")
    return f"\n{rows} rows" + (f"; key: {', '.join(key)}." if key else ".")


def _row(field: FieldWords, lang: Lang) -> str:
    column = field.column
    stop, joint = {"zh": ("。", "；"), "en": (". ", "; ")}[lang]
    said_of = [field.note(lang), field.codes(lang, joint)]
    if column.refers:
        target = ".".join(column.refers)
        said_of.append({"zh": f"引用 {target}", "en": f"refers to {target}"}[lang])
    meaning = stop.join(part for part in said_of if part)
    name = f"`{field.name}`" if field.name.isidentifier() else plain(field.name)
    cells = (
        said(column.words, lang),
        TYPES[field.type][lang == "en"],
        field.unit(lang),
        meaning,
    )
    return f"| {name} | " + " | ".join(plain(text) for text in cells) + " |"
