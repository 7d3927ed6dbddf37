"""Sentences on the published figures of an earlier report, checked against each other."""

import re

from report.names import unit_names
from report.prose.wording import count, paragraph, table
from report.results import Results

RULES = {
    "counts-sum": ("数量合计", "Counts"), "share-of-count": ("占比核算", "Shares"),
    "shares-sum": ("占比合计", "Sum of shares"),
    "same-figure-twice": ("图文一致", "Text and figure"),
    "mean-within-parts": ("均值居中", "Mean within parts"),
    "one-audience-weight": ("对象权重", "Weights of audiences"),
    "one-set-of-weights": ("指标权重", "Weights of indicators"),
    "defined-but-unreported": ("指标未报告", "Not reported"),
    "printed-order": ("排列顺序", "Order"), "rank-claims": ("论断核算", "Claims"),
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def audit_summary(results: Results) -> str:
    """Say how many of the published figures contradict each other."""
    if "audit" not in results:
        return paragraph(
            results.say(
                "本年度评估没有需要核对的已公布图表数值，本节从略。",
                "This edition has no published figures to check, so this section is left out.",
            )
        )
    verdicts = results["audit"]["verdict"].value_counts()
    wrong, right, unknown = (
        count(verdicts.get(judged, 0))
        for judged in ("contradiction", "consistent", "not-checkable")
    )
    return paragraph(
        results.say(
            f"按通用规则逐项核对已公布的数值，发现相互矛盾{wrong}处，核对一致{right}处，因缺少数据无法核对{unknown}处。"
            "每一处矛盾只说明所印数值不可能同时成立，不说明何者为误。",
            f"General rules were held against the published figures: {wrong} contradict each other, "
            f"{right} are consistent, and {unknown} cannot be checked for want of data. A "
            "contradiction says that the printed figures cannot all be right, not which is wrong.",
        )
    )


def audit_table(results: Results, verdict: str) -> str:
    """Write the audited figures of one verdict; in English the result itself names the place."""
    if "audit" not in results:
        return ""
    found = results["audit"].query("verdict == @verdict")
    if found.empty:
        return ""
    rules = [results.say(*RULES.get(str(rule), (str(rule),) * 2)) for rule in found["rule"]]
    if results.lang == "en":
        names = unit_names(results)
        told = [CHINESE.sub(lambda run: names.get(run[0], run[0]), text) for text in found["en"]]
        return table(("Rule", "Result"), zip(rules, told, strict=True), "ll", (22, 78))
    rows = zip(rules, found["where"], found["zh"], strict=True)
    return table(("规则", "出处", "核对结果"), rows, "lll", (14, 18, 68))
