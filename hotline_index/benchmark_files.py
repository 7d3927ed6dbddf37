"""The files of a benchmark: its figures as csv, and a page to read."""

from pathlib import Path

import pandas as pd

from hotline_index.benchmark_table import shown_table
from hotline_index.benchmark_words import benchmark_sentences, indicator_names, name_of
from hotline_index.benchmarking import Benchmark
from indicators.hierarchy import ALL
from report.benchmark.own_page import OwnPage, Row, own_page
from report.language import Lang
from report.results import SIMULATED

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""


def write_benchmark_file(found: Benchmark, path: Path, lang: Lang) -> None:
    """Write the figures (``.csv``) or a page (``.html``); the file is there whole or not at all."""
    if path.suffix.lower() == ".csv":
        text = figure_table(found).to_csv(index=False, lineterminator="\n")
        encoding = "utf-8-sig"
    else:
        text, encoding = page_of(found, lang), "utf-8"
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding=encoding, newline="")
    part.replace(path)


def figure_table(found: Benchmark) -> pd.DataFrame:
    """Return every figure, with names that no spreadsheet takes for a formula.

    Returns
    -------
    The columns of `Benchmark.table` after unit, zh and en; a row of the whole index has the basis
    ``index``, with its grade and the probability of that; simulated editions say so in a column.
    """
    table = found.table.copy()
    if (whole := found.whole) is not None:
        row = {
            "audience": ALL, "indicator": "total", "basis": "index", "score": whole.score,
            "se": whole.se, "low": whole.low, "high": whole.high, "rank": whole.rank,
            "rank_low": whole.rank_low, "rank_high": whole.rank_high, "of": whole.of,
            "official": whole.official, "difference": whole.score - whole.official,
            "grade": whole.grade, "p_grade": whole.probability[whole.grade],
        }  # fmt: skip
        table = pd.concat([table, pd.DataFrame([row])], ignore_index=True)
    for at, lang in enumerate(("zh", "en")):
        names = table["indicator"].map(indicator_names(found, lang))
        table.insert(2 + at, lang, names.map(neutral))
    table.insert(0, "unit", neutral(found.unit))
    return table.assign(**{SIMULATED: True}) if found.results.meta["simulated"] else table


def neutral(text: str) -> str:
    """Return a text that no spreadsheet computes."""
    return f"'{text}" if text.startswith(FORMULA) else text


def page_of(found: Benchmark, lang: Lang) -> str:
    """Return the page in a language."""
    header, cells = shown_table(found, lang)
    names, zh = indicator_names(found, lang), lang == "zh"
    tree = found.results["indicators"]
    levels = dict(zip(tree["indicator"], tree["level"], strict=True))
    rows = []
    all_of = found.table[found.table["audience"] == ALL]
    for own, said in zip(all_of.to_dict("records"), cells, strict=True):
        official = own["official"]
        rows.append(
            Row(
                name=names[own["indicator"]],
                level=int(levels.get(own["indicator"], 0)),
                score=own["score"],
                low=own["low"],
                high=own["high"],
                official=None if pd.isna(official) else official,
                clear=own["verdict"] in ("rise", "fall"),
                field=found.field[(ALL, own["indicator"])],
                said=(" " if zh else ", ").join(
                    f"{label} {cell}" for label, cell in zip(header, said, strict=True)
                ),
            )
        )
    city, compared = name_of(found, lang), any(row.official is not None for row in rows)
    notice = "模拟数据：对照的年度由程序模拟" if zh else "Simulated data: the edition is simulated"
    part = (all_of["basis"] == "part").any()
    notes = {
        "chart": "各项得分" if zh else "Scores",
        "table": "得分与名次" if zh else "Scores and ranks",
        "own": "自有记录及区间" if zh else "Own records, with interval",
        "official": "",
        "field": "其余城市的中间一半" if zh else "Middle half of the other cities",
        "star": "",
    }
    if compared:
        notes["official"] = (
            "全国评估的记录（实心：差别明显）"
            if zh
            else "Records of the edition (solid: clearly different)"
        )
    if part:
        notes["star"] = (
            "* 只按自有记录能够测得的部分计算。"
            if zh
            else "* On the part alone that own records answer."
        )
    return own_page(
        OwnPage(
            lang=lang,
            title=f"{city}自有记录的对标" if zh else f"{city}: own records beside the edition",
            notice=notice if found.results.meta["simulated"] else "",
            sentences=[getattr(words, lang) for words in benchmark_sentences(found)],
            header=header,
            cells=cells,
            rows=rows,
            best=found.best,
            notes=notes,
        )
    )
