"""The papers of a release: what it holds, under which licence, and how it is cited."""

from collections.abc import Mapping, Sequence

import pandas as pd
import yaml

from report.language import Lang
from report.release.about import LICENCES, WARNING, ReleaseAbout, said
from report.release.terms import plain
from report.results import Results

WORKBOOK = "results.xlsx"
FILES: Mapping[str, tuple[str, str]] = {
    "index.html": ("文件一览", "a list of the files"),
    "README.zh.md": ("本说明（中文）", "what is what, in Chinese"),
    "README.en.md": ("本说明（英文）", "what is what"),
    "data/*.csv": (
        "结果表，每表一个文件；UTF-8编码（带字节顺序标记），逗号分隔",
        "the tables of the results, a file each; UTF-8 with a byte order mark, commas",
    ),
    "data/*.parquet": (
        "同样的表，保留类型与文字原样，列名附有中英文名称",
        "the same tables with types and texts as they are, and what each column is called",
    ),
    WORKBOOK: (
        "工作簿，每表一页，附目录、说明与字段",
        "a workbook with a sheet a table, contents, notes and fields",
    ),
    "codebook.zh.md": ("字段说明（中文）", "the codebook in Chinese"),
    "codebook.en.md": ("字段说明（英文）", "the codebook in English"),
    "codebook.csv": ("字段说明（表格）", "the codebook as a table"),
    "CHANGES.zh.md": ("与上一届相比的变更（中文）", "changes since the last edition, in Chinese"),
    "CHANGES.en.md": ("与上一届相比的变更（英文）", "changes since the last edition"),
    "datapackage.json": (
        "机器可读的数据说明（Frictionless Data Package）",
        "a machine-readable description (Frictionless Data Package)",
    ),
    "LICENSE": ("许可", "the licence"),
    "CITATION.cff": ("引用格式", "how to cite"),
    "SHA256SUMS": (
        "各文件的校验值，用 sha256sum -c SHA256SUMS 核对",
        "checksums of all files; sha256sum -c SHA256SUMS checks them",
    ),
}
"""Every file of a release by name, and what it is."""
ANONYMOUS = "anonymous"


def readme(
    results: Results, tables: Mapping[str, pd.DataFrame], about: ReleaseAbout, lang: Lang
) -> str:
    """Return what is what and how to cite, as a page of Markdown."""
    zh = lang == "zh"
    files = "\n".join(f"| `{name}` | {words[not zh]} |" for name, words in FILES.items())
    sources = "\n".join(f"- {plain(said(source, lang))}" for source in about.sources)
    title, publisher = plain(said(about.title, lang)), plain(said(about.publisher, lang))
    parts = [
        f"# {title}{'：开放数据' if zh else ': open data'}",
        f"> **{said(WARNING, lang)}**" if results.meta["simulated"] else "",
        _of(publisher, plain(said(about.dated, lang)), about.version, lang),
        "## 文件" if zh else "## Files",
        ("| 文件 | 内容 |" if zh else "| File | What it is |") + f"\n|---|---|\n{files}",
        "## 使用须知" if zh else "## Before use",
        _cautions(results, tables, lang),
        "## 如何引用" if zh else "## How to cite",
        _citing(results, about, lang),
        "## 许可" if zh else "## Licence",
        _licensed(about, lang),
        ("## 来源" if zh else "## Sources") if sources else "",
        sources,
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _of(publisher: str, dated: str, version: str, lang: Lang) -> str:
    known = {
        "zh": ("发布：", "日期：", "数据版本："),
        "en": ("Published by ", "date: ", "version of the data: "),
    }
    facts = [
        label + text
        for label, text in zip(known[lang], (publisher, dated, version), strict=True)
        if text
    ]
    return ("；" if lang == "zh" else "; ").join(facts) + ("。" if lang == "zh" else ".")


def _cautions(results: Results, tables: Mapping[str, pd.DataFrame], lang: Lang) -> str:
    level = f"{results.meta['level']:.0%}"
    scored = "scores" in tables
    zh = [
        "csv文件中留空即缺失；占比与概率以1为100%。",
        "以 `=` `+` `-` `@`、制表符或换行开头的文字，在csv文件中前加一个撇号 `'`，"
        "以免表格软件当作公式执行；去掉一个撇号即为原文。parquet文件与工作簿为原文，工作簿中一律存为文字。",
        f"区间的置信水平为{level}；名次、等级均应连同区间或概率一并引用。" if scored else "",
        "" if scored else "本届只有公布的等级与均值，没有逐条记录，因而没有得分、名次及其误差。",
        "程序的判断（如“明显”“略有”）以统计检验为准，含义见字段说明；“没有可检出的差别”不等于没有差别。",
    ]
    en = [
        "An empty cell of a csv file is missing; shares and probabilities are fractions of 1.",
        "A text that begins with `=` `+` `-` `@`, a tab or a line break has an apostrophe `'` "
        "before it in the csv files, so that no spreadsheet runs it as a formula: take one off, "
        "and it is as it was. The parquet files and the workbook hold texts as they "
        "are, the workbook as text only.",
        f"Intervals are at the {level} level; cite a rank or grade with its interval or its "
        "probability."
        if scored
        else "",
        ""
        if scored
        else "This edition has published grades and means but no records, and so neither scores "
        "nor ranks nor their errors.",
        "Verdicts such as clear and slight rest on statistical tests; the codebook says what they "
        "mean. No detectable difference does not say that there is none.",
    ]
    return "\n".join(f"- {line}" for line in (zh if lang == "zh" else en) if line)


def citation(about: ReleaseAbout, lang: Lang) -> str:
    """Return how to cite a release; the form in Chinese is that of GB/T 7714-2015."""
    publisher, title, dated = (
        said(words, lang) for words in (about.publisher, about.title, about.dated)
    )
    address = about.doi or about.homepage or ""
    if lang == "zh":
        parts = [publisher, f"{title}：开放数据（版本{about.version}）[DS]", dated, address]
        return ". ".join(part for part in parts if part) + "."
    parts = [publisher, dated, f"{title}: open data (version {about.version}) [data set]", address]
    return ". ".join(part for part in parts if part) + "."


def _citing(results: Results, about: ReleaseAbout, lang: Lang) -> str:
    line = plain(citation(about, lang))
    if not results.meta["simulated"]:
        return line
    return {
        "zh": f"模拟数据不得引用。同样格式的真实数据引用如下：\n\n{line}",
        "en": "Simulated data must not be cited. Real data of this form would be cited as:"
        f"\n\n{line}",
    }[lang]


def _licensed(about: ReleaseAbout, lang: Lang) -> str:
    named = f"{about.licence_title} (`{about.licence}`)"
    return {
        "zh": f"数据按 {named} 许可发布，全文见 <{about.licence_address}>。",
        "en": f"The data are licensed under {named}; see <{about.licence_address}>.",
    }[lang]


def licence_text(results: Results, about: ReleaseAbout) -> str:
    """Return the file ``LICENSE``: the statement of the licence of the data."""
    lines = [
        f"{about.title.zh}：开放数据",
        f"{about.title.en}: open data",
        " / ".join(name for name in (about.publisher.zh, about.publisher.en) if name),
        "",
        f"SPDX-License-Identifier: {about.licence}",
        "",
        f"本数据按 {about.licence_title} 许可发布，许可全文见 {about.licence_address}",
        f"This data set is licensed under {about.licence_title}. "
        f"The licence is to be read at {about.licence_address}",
    ]
    if results.meta["simulated"]:
        lines += ["", WARNING.zh, WARNING.en]
    return "\n".join(lines) + "\n"


def citation_file(results: Results, about: ReleaseAbout) -> str:
    """Return the file ``CITATION.cff`` in the Citation File Format 1.2.0."""
    simulated = results.meta["simulated"]
    names: Sequence[str] = [name for name in (about.publisher.zh, about.publisher.en) if name]
    fields: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": WARNING.en
        if simulated
        else "If you use this data set, please cite it as below.",
        "type": "dataset",
        "title": f"{about.title.zh}：开放数据 / {about.title.en}: open data",
        "authors": [{"name": name} for name in names[:1] or [ANONYMOUS]],
        "version": about.version,
    }
    if simulated:
        fields["abstract"] = f"{WARNING.zh} {WARNING.en}"
    if about.released is not None:
        fields["date-released"] = about.released.isoformat()
    if about.licence in LICENCES:
        fields["license"] = about.licence
    else:
        fields["license-url"] = about.licence_address
    if about.doi:
        fields["doi"] = about.doi
    if about.homepage:
        fields["url"] = about.homepage
    fields["keywords"] = ["12345", "政务热线", "government hotline", "composite index"]
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1000)
