"""Sentences on what was assessed and how the grades came out."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from report.labels import FACTORS
from report.prose.wording import (
    count,
    each,
    interval,
    listed,
    p_value,
    paragraph,
    percent,
    score,
    table,
)
from report.results import Results

TOP_GRADES = 2
"""The best grades that are called high, as many as ``analysis.comparisons.groups`` counts as top."""
UPPER = 0.4
"""The share of the scale, from the best grade down, that is not called low."""

ZH = "zh"


def top_grades(results: Results) -> str:
    """Name the grades called high: ``A+或A``."""
    return "或".join(results["composition"]["grade"].iloc[:TOP_GRADES])


def notice(results: Results) -> str:
    """Say that simulated data is simulated; nothing for real data."""
    if not results.meta["simulated"]:
        return ""
    return (
        "::: {.callout-warning}\n## 模拟数据\n\n"
        "本报告所用拨测与问卷记录全部由程序模拟生成，仅用于演示评估方法与出版流程，"
        "不反映任何城市的真实服务水平，不得引用。\n:::\n\n"
    )


def mark(results: Results) -> str:
    """Say in one line that the chapter's data is simulated; nothing for real data."""
    if not results.meta["simulated"]:
        return ""
    return "::: {.simulated}\n模拟数据：本章数值由程序模拟生成，不反映任何城市的真实情况。\n:::\n\n"


def scheme(results: Results) -> str:
    """Say how grades were given."""
    grades = results["composition"]["grade"]
    return paragraph(
        f"城市分为{count(len(grades))}个等级，由高到低为{'、'.join(grades)}。{results.meta['scheme']['zh']}。"
    )


def scope(results: Results) -> str:
    """Say what was assessed, from which records."""
    units = count(results.meta["units"])
    if "sample" not in results:
        return paragraph(
            f"《{results.meta['title']['zh']}》公布了{units}个城市的等级和部分指标均值，没有公布逐次记录和各城市得分。",
            "因此本报告从已公布的结果出发，重新核算等级构成，检验原报告的主要论断，并逐项核对其图表数值。",
        )
    sample = results["sample"].set_index("table")
    words = {"calls": "次神秘拨测", "responses": "份使用者问卷", "cases": "件创新案例"}
    parts = [
        count(sample.loc[name, "records"]) + word
        for name, word in words.items()
        if name in sample.index
    ]
    shoppers = sample["shoppers"].dropna()
    by = f"，拨测由{count(shoppers.iloc[0])}名拨测员完成" if len(shoppers) else ""
    return paragraph(f"本次评估覆盖{units}个城市，采集{listed(parts, ZH)}{by}。")


def collection(results: Results) -> str:
    """Say how records were collected, where the edition has any."""
    if "sample" not in results:
        return ""
    return paragraph(
        "拨测由拨测员以普通来电人的身份拨打，情景分为咨询和反馈投诉两类，对象分为群众和企业，"
        f"均衡分布于{count(len(results.meta['slots']))}个时段；问卷由使用过热线的群众和企业填答。"
    )


def grades(results: Results) -> str:
    """Say how many units got each pair of grades."""
    composition = results["composition"].set_index("grade")
    total = composition["n"].sum()
    parts = []
    for letter in dict.fromkeys(grade[0] for grade in composition.index):
        members = [grade for grade in composition.index if grade[0] == letter]
        n = composition.loc[members, "n"].sum()
        parts.append(f"{listed(members, ZH)}级{count(n)}个，占{percent(n / total, 2)}")
    return paragraph(
        f"{count(total)}个城市的政务热线服务质量划分为{count(len(composition))}个等级：{'；'.join(parts)}。"
    )


def best(results: Results) -> str:
    """Name the units of the best grade."""
    table = results["grades"].merge(results["units"][["unit", "pinyin_key"]], on="unit")
    first = results["composition"]["grade"].iloc[0]
    members = table[table["grade"] == first].sort_values("pinyin_key")["unit"]
    return paragraph(f"获得{first}等级的城市有：{'、'.join(members)}（按拼音排序）。")


def room_to_rise(results: Results) -> str:
    """Say how many units lie in the lower half of the scale."""
    composition = results["composition"].set_index("grade")["n"]
    start = int(len(composition) * UPPER)
    from_grade, low = composition.index[start], composition.iloc[start:].sum()
    return paragraph(
        f"处于{from_grade}等级及以下的城市有{count(low)}个，占{percent(low / composition.sum())}，"
        "整体水平仍有较大的提升空间。"
    )


def grade_cities(results: Results) -> str:
    """Write the table of grades with the units of each, sorted by pinyin."""
    merged = results["grades"].merge(results["units"][["unit", "pinyin_key"]], on="unit")
    merged = merged.sort_values("pinyin_key")
    rows = []
    for row in each(results["composition"]):
        members = merged.loc[merged["grade"] == row.grade, "unit"]
        rows.append((row.grade, "、".join(members), count(row.n), percent(row.share, 2)))
    return table(("等级", "城市", "数量", "占比"), rows, "clrr", (8, 70, 9, 11))


def group_gap(results: Results, factor: str) -> str:
    """Say whether groups differ in their grades, how clearly, and which stand highest and lowest."""
    if "comparisons" not in results:
        return ""
    found = results["comparisons"].query("factor == @factor and outcome == 'grade'")
    if found.empty:
        return ""
    test = found.iloc[0]
    groups = results["group_summary"].query("factor == @factor")
    groups = groups.sort_values("mean_position", ascending=False)
    name = FACTORS[factor]["zh"]
    statistics = (
        f"（{TESTS[test['test']]}，{p_value(test['p_adjusted'], ZH)}，"
        f"{EFFECTS[test['effect_name']]}为{score(test['effect'])}，"
        f"{percent(results.meta['level'], 0)}置信区间{interval(test['low'], test['high'], ZH)}）"
    )
    if test["verdict"] == "none":
        return paragraph(f"从{name}看，各组城市的等级未见可检出的差异{statistics}。")
    degree = {"clear": "存在明显差异", "slight": "存在差异，但幅度有限"}[test["verdict"]]
    top, bottom = groups.iloc[0], groups.iloc[-1]
    return paragraph(
        f"从{name}看，各组城市的等级{degree}{statistics}。",
        f"{top['group']}的{count(top['n'])}个城市中，获{top_grades(results)}等级的有{count(top['top_n'])}个，"
        f"占{percent(top['top_share'])}；{bottom['group']}的{count(bottom['n'])}个城市中有"
        f"{count(bottom['top_n'])}个，占{percent(bottom['top_share'])}。",
    )


TESTS = {"kruskal-wallis": "Kruskal—Wallis检验", "mann-whitney": "Mann—Whitney检验"}
EFFECTS = {"epsilon_squared": "效应量ε²", "cliffs_delta": "Cliff δ"}


CLAIM_VERDICTS = {
    "supported": "得到支持",
    "partly": "部分支持",
    "unsupported": "未得到支持",
    "not-testable": "无法检验",
}


def claims_intro(results: Results) -> str:
    """Head the section on the claims of the original report, and count the verdicts."""
    if "claims" not in results:
        return ""
    counts = results["claims"]["verdict"].value_counts()
    parts = [f"{word}的{count(counts[v])}条" for v, word in CLAIM_VERDICTS.items() if v in counts]
    return "### 对原报告论断的检验\n\n" + paragraph(
        f"原报告就总体情况提出的{count(counts.sum())}条论断，逐条以公布的等级加以检验，{'，'.join(parts)}。",
        "表中的平均等级以最低等级记一分、逐级加一分计。",
    )


def claims(results: Results) -> str:
    """Write the original report's claims, what the data say of each, and on what figures."""
    if "claims" not in results:
        return ""
    level = results.meta["level"]
    rows = [
        (row.zh, CLAIM_VERDICTS[row.verdict], claim_evidence(json.loads(row.figures), level))
        for row in each(results["claims"])
    ]
    return table(("论断", "结论", "依据"), rows, "lll", (34, 14, 52))


def claim_evidence(figures: Mapping[str, Any], level: float) -> str:
    """Say on what figures the verdict on a claim rests.

    Parameters
    ----------
    figures
        As ``analysis.published.claims`` gives them: of a test, of counts, or of units named.
    level
        Level of the intervals.
    """
    if "counts" in figures:
        parts = [f"{'、'.join(c['grades'])}共{count(c['found'])}个" for c in figures["counts"]]
        return f"{count(figures['n'])}个城市中，{'，'.join(parts)}"
    if "named" in figures:
        text = f"所举{count(figures['named'])}个城市中，{count(figures['found'])}个获所称等级"
        elsewhere = figures["elsewhere"]
        return text + (f"；{listed(elsewhere, ZH)}不属于所称类型" if elsewhere else "")
    if "test" not in figures:
        return "缺少可供检验的数据"
    text = f"{p_value(figures['p_adjusted'], ZH)}，{EFFECTS[figures['effect_name']]}{score(figures['effect'])}"
    text += f"（{percent(level, 0)}区间{interval(figures['low'], figures['high'], ZH)}）"
    if figures.get("group"):
        other = figures["reference"] or "其他城市"
        own, rest = figures["mean_position"], figures["mean_position_reference"]
        text = f"平均等级{figures['group']}{own:.1f}、{other}{rest:.1f}；" + text
    return text


def group_table(results: Results, factor: str) -> str:
    """Write the table of groups: number of units, share of top grades, median grade."""
    groups = results["group_summary"].query("factor == @factor")
    rows = [
        (row.group, count(row.n), row.median_grade, count(row.top_n), percent(row.top_share))
        for row in each(groups.sort_values("mean_position", ascending=False))
    ]
    header = (FACTORS[factor]["zh"], "城市数", "等级中位数", f"{top_grades(results)}城市数", "占比")
    return table(header, rows, "lrcrr", (20, 14, 20, 22, 14))


def full_table(results: Results) -> str:
    """Write every unit with grade, and score and rank with their intervals where they exist."""
    units = results["units"][["unit", "province", "region", "level", "pinyin_key"]]
    merged = results["grades"].merge(units, on="unit")
    if "scores" not in results:
        order = {grade: place for place, grade in enumerate(results["composition"]["grade"])}
        merged["place"] = merged["grade"].map(order)
        rows = merged.sort_values(["place", "pinyin_key"])[
            ["grade", "unit", "province", "region", "level"]
        ]
        return table(
            ("等级", "城市", "省份", "区域", "行政层级"),
            rows.itertuples(index=False), "cllll", (8, 36, 16, 14, 18),
        )  # fmt: skip
    rows = [
        (
            row.rank, f"{row.rank_low}–{row.rank_high}", row.unit, row.province, row.grade,
            percent(row.p_grade, 0), score(row.score), f"{row.score_low:.2f}–{row.score_high:.2f}",
        )
        for row in each(merged.sort_values(["rank", "pinyin_key"]))
        if not pd.isna(row.rank)
    ]  # fmt: skip
    header = ("名次", "名次区间", "城市", "省份", "等级", "等级概率", "得分", "得分区间")
    return table(header, rows, "rclccrrc", (8, 14, 28, 12, 8, 12, 10, 16))


def full_table_note(results: Results) -> str:
    """Say how the full table is to be read."""
    if "scores" not in results:
        return paragraph(
            "原报告只公布了等级，没有公布得分和名次；同一等级内的城市按拼音排序，先后不代表高低。"
        )
    level = percent(results.meta["level"], 0)
    return paragraph(
        f"城市按总分排序。名次区间和得分区间均为{level}区间；等级概率是重抽样中该城市得到所列等级的比例。"
    )


def conclusion(results: Results) -> str:
    """Sum up the grades and the gaps between groups."""
    composition = results["composition"]
    top = composition.iloc[:TOP_GRADES]
    text = (
        f"{count(composition['n'].sum())}个城市中，获{top_grades(results)}等级的有{count(top['n'].sum())}个，"
        f"占{percent(top['share'].sum())}。"
    )
    if "comparisons" in results:
        tests = results["comparisons"].query("outcome == 'grade'")
        clear = [FACTORS[f]["zh"] for f in tests.query("verdict == 'clear'")["factor"]]
        slight = [FACTORS[f]["zh"] for f in tests.query("verdict == 'slight'")["factor"]]
        none = [FACTORS[f]["zh"] for f in tests.query("verdict == 'none'")["factor"]]
        parts = [
            f"等级与{listed(clear, ZH)}明显有关" if clear else "",
            f"与{listed(slight, ZH)}有关但幅度有限" if slight else "",
            f"与{listed(none, ZH)}的关系未能检出" if none else "",
        ]
        text += "，".join(part for part in parts if part) + "。"
    return paragraph(text)
