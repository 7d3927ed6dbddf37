"""What the texts of the records tell of: topics and words."""

import pandas as pd

from report.prose.wording import cell, count, each, listed, paragraph, percent, table
from report.results import Results

NAMED = 3
"""How many topics a sentence names."""
WORDS = 15
"""How many words the table holds."""
COMMON = 0.5
"""Words in a larger share of the texts than this are of no interest and left out of the table."""
KINDS = {
    "calls": ("来电记录", "notes of calls"), "responses": ("问卷意见", "comments of users"),
    "cases": ("创新案例", "innovation cases"), "kpis": ("运行指标", "operating figures"),
}  # fmt: skip


def topics(results: Results) -> str:
    """Name the topics that the texts mention most, and how many mention none."""
    if "topics" not in results:
        return ""
    text = ""
    for name, part in _whole(results["topics"]).groupby("table", sort=False):
        told = part[part["topic"] != "none"].dropna(subset=["documents"])
        told = told[told["documents"] > 0].nlargest(NAMED, "documents")
        if told.empty:
            continue
        kind = results.say(*KINDS.get(str(name), (str(name), str(name))))
        named = [
            results.say(
                f"{cell(row.zh)}（{count(row.documents)}份，{percent(row.share)}）",
                f"{cell(row.en)} ({count(row.documents)}, {percent(row.share)})",
            )
            for row in each(told)
        ]
        none = part.loc[part["topic"] == "none", "share"].dropna()
        rest = (
            results.say(f"；未归入任何主题的占{percent(none.iloc[0])}",
                        f"; {percent(none.iloc[0])} of the texts mention none of the topics")
            if len(none) else ""
        )  # fmt: skip
        text += results.say(
            f"{kind}的文字中，提到最多的主题是{listed(named, 'zh')}{rest}。",
            f"The topics mentioned most in the {kind} are {listed(named, 'en')}{rest}. ",
        )
    caution = results.say(
        "主题按词表统计，一份文字可以提到多个主题；被提到不等于受到好评或批评。",
        "Topics are counted by a word list, and a text may mention several; a mention is neither "
        "praise nor blame.",
    )
    return paragraph(text.strip(), caution) if text else ""


def keywords_table(results: Results) -> str:
    """Write the words that most texts hold, but for those that are in more than half of them."""
    if "keywords" not in results:
        return ""
    rows = []
    for name, part in _whole(results["keywords"]).groupby("table", sort=False):
        kind = results.say(*KINDS.get(str(name), (str(name), str(name))))
        rows += [
            (kind, row.term, count(row.documents), percent(row.share))
            for row in each(part[part["share"] <= COMMON].sort_values("rank").head(WORDS))
        ]
    if not rows:
        return ""
    header = results.say("文字|词|份数|占比", "Texts|Word (as written)|Number|Share").split("|")
    if len({row[0] for row in rows}) > 1:
        return table(header, rows, "llrr", (24, 30, 16, 16))
    return table(header[1:], [row[1:] for row in rows], "lrr", (40, 20, 20))


def left_out(results: Results) -> str:
    """Say that there are no texts, where the edition has none."""
    if "topics" in results:
        return ""
    return paragraph(
        results.say(
            "本年度评估没有可供分析的文字记录，本节从略。",
            "This edition has no texts to analyse; this section is left out.",
        )
    )


def _whole(table_: pd.DataFrame) -> pd.DataFrame:
    return table_[table_["by"].fillna("") == ""]
