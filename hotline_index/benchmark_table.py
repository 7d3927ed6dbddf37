"""The table of a unit's own records beside an edition, as it is printed and shown."""

from collections.abc import Sequence

import pandas as pd

from hotline_index.benchmark_words import indicator_names, level_of, of_all
from hotline_index.benchmarking import Benchmark
from report.language import Lang


def shown_table(found: Benchmark, lang: Lang) -> tuple[Sequence[str], list[list[str]]]:
    """Return header and rows of what is printed: all audiences together, in the tree's order."""
    names = indicator_names(found, lang)
    verdicts = {
        "rise": ("明显高", "clearly higher"),
        "fall": ("明显低", "clearly lower"),
        "unclear": ("无可检出的差别", "not detectable"),
    }
    at, level = (0 if lang == "zh" else 1), level_of(found)
    to = "—" if lang == "zh" else "–"
    head = {
        "zh": ("指标", "记录", "得分", f"{level}区间", "名次", "名次区间", "全国评估", "差",
               "判断"),
        "en": ("Indicator", "n", "Score", f"{level} interval", "Rank", "Interval", "Edition",
               "Difference", "Verdict"),
    }[lang]  # fmt: skip
    rows = []
    for name, row in of_all(found).iterrows():
        part = "*" if row["basis"] == "part" else ""
        known = pd.notna(row["official"])
        rows.append([
            f"{names[str(name)]}{part}", str(row["n"]), f"{row['score']:.2f}",
            f"{row['low']:.2f}{to}{row['high']:.2f}", f"{row['rank']}/{row['of']}",
            f"{row['rank_low']}{to}{row['rank_high']}",
            f"{row['official']:.2f}" if known else "—",
            _signed(row["difference"]) if known else "—",
            verdicts[row["verdict"]][at] if row["verdict"] in verdicts else "—",
        ])  # fmt: skip
    return head, rows


def _signed(value: float) -> str:
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")
