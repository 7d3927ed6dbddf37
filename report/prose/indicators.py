"""Sentences and tables on the means of the indicators, overall and by audience."""

from typing import Any

import numpy as np
import pandas as pd

from report.labels import AUDIENCES
from report.prose.evidence import measured_level
from report.prose.means import children_means, contradicted, figures
from report.prose.naming import audiences_of, served
from report.prose.overview import left_out_without_records
from report.prose.terms import capital, indicator, named, points
from report.prose.verdicts import degree
from report.prose.wording import (
    cell,
    clauses,
    each,
    listed,
    paragraph,
    score,
    table,
)
from report.results import Results


def compare_children(results: Results, audience: str, parent: str) -> str:
    """Name the means of an indicator's children for an audience, and how far they lie apart."""
    if "means" not in results:
        return ""
    means = children_means(results, audience, parent)
    if means.empty:
        return ""
    who = served(results, audience)
    told = figures(results, means)
    scale = parent == "total" and audience == "all"
    sentence = results.say(
        f"{who}{'上' if audience == 'all' else '方面'}，{'以10分为满分，' if scale else ''}{'，'.join(told)}。",
        f"{'Overall' if audience == 'all' else capital(who)}{', out of 10 points' if scale else ''}: "
        f"{', '.join(told)}.",
    )
    if len(means) < 2:
        return paragraph(sentence)
    first, last = means.iloc[0], means.iloc[-1]
    gap = points(results, first["mean"] - last["mean"])
    overlap = bool(pd.notna(first["low"]) and first["low"] <= last["high"])
    apart = results.say(
        f"最高的{cell(first['name'])}比最低的{cell(last['name'])}高{gap}"
        f"{'，两者的置信区间相互重叠，高低不宜过度解读' if overlap else ''}。",
        f"The highest, {cell(first['name'])}, is {gap} above the lowest, {cell(last['name'])}"
        f"{'; their intervals overlap, so little should be read into it' if overlap else ''}.",
    )
    return paragraph(sentence, apart)


def compare_audiences(results: Results, parent: str) -> str:
    """Say for which children the second audience is served worse or better, and how clearly.

    Where gaps between audiences were judged, the verdicts decide; else whether the intervals of
    the two means part; and without intervals the means alone are told.
    """
    if "means" not in results or len(audiences_of(results)) != 2:
        return ""
    first, second = audiences_of(results)
    children = results["indicators"].query("parent == @parent and role == 'core'")["indicator"]
    gaps = _gaps(results, first, second)
    gaps = gaps[gaps["indicator"].isin(children)].sort_values("gap", ascending=False)
    if gaps.empty:
        return ""
    parts = [
        _degree(results, gaps[(gaps["verdict"] == judged) & (gaps["gap"] * sign > 0)], judged, sign)
        for sign in (1, -1)
        for judged in ("clear", "slight", "")
    ]
    none = [named(results, i) for i in gaps.loc[gaps["verdict"] == "none", "indicator"]]
    same = gaps[(gaps["verdict"] == "") & (gaps["gap"].round(2) == 0)]["indicator"]
    equal = listed([named(results, i) for i in same], results.lang)
    graded = clauses(parts, results.lang)
    it = "it" if graded else served(results, second)
    rest = [
        results.say(
            f"在{listed(none, 'zh')}上没有可检出的差别",
            f"{it} shows no detectable difference in {listed(none, 'en')}",
        )
        if none
        else "",
        results.say(f"在{equal}上得分相同", f"{it} scores the same in {equal}") if equal else "",
    ]
    lead = results.say(f"得分{graded}", f"{served(results, second)} scores {graded}")
    said = clauses([lead if graded else "", *rest], results.lang)
    return paragraph(
        results.say(
            f"与{served(results, first)}相比，{served(results, second)}{said}。",
            f"Compared with {served(results, first)}, {said}.",
        )
    )


def _degree(results: Results, rows: pd.DataFrame, judged: str, sign: int) -> str:
    rows = rows[rows["gap"].round(2) != 0]
    if rows.empty:
        return ""
    rows = rows if sign > 0 else rows[::-1]
    zh, en = ("低", "lower") if sign > 0 else ("高", "higher")
    how = degree(judged, results.lang) if judged else ""
    names = [
        results.say(
            f"{named(results, row.indicator)}（{zh}{score(abs(row.gap))}分）",
            f"{named(results, row.indicator)} (by {score(abs(row.gap))})",
        )
        for row in each(rows)
    ]
    return results.say(
        f"{how}{'' if judged == 'slight' else '较'}{zh}的有{listed(names, 'zh')}",
        f"{how} {en} in {listed(names, 'en')}".strip(),
    )


def _gaps(results: Results, first: str, second: str) -> pd.DataFrame:
    if "audience_gaps" in results and len(results["audience_gaps"]):
        return results["audience_gaps"].query("first == @first and second == @second")
    wide = results["means"].pivot(
        index="indicator", columns="audience", values=["mean", "low", "high"]
    ).dropna(subset=[("mean", first), ("mean", second)])  # fmt: skip
    gap = wide["mean"][first] - wide["mean"][second]
    low, high = (wide[side][[first, second]].to_numpy(dtype=float) for side in ("low", "high"))
    meet = low.max(axis=1) <= high.min(axis=1)
    return pd.DataFrame(
        {"indicator": wide.index, "gap": gap.to_numpy(), "verdict": np.where(meet, "none", "")}
    )


def by_parent(results: Results) -> str:
    """Tell of the children of every core indicator of level 1, under a heading each."""
    if "means" not in results:
        return ""
    tops = results["indicators"].query("level == 1 and role == 'core'")
    text = ""
    for row in each(tops):
        told = compare_children(results, "all", row.indicator)
        told += compare_audiences(results, row.indicator)
        if told:
            text += f"### {cell(indicator(results, row.indicator))}\n\n{told}"
    return text


def caution(results: Results) -> str:
    """Warn of overall means that the audit of the published figures found impossible."""
    names = [named(results, i) for i in contradicted(results)]
    if not names:
        return ""
    quoted = listed([results.say(f"“{name}”", name) for name in names], results.lang)
    return results.say(
        "::: {.callout-caution}\n## 引用总体均值须谨慎\n\n"
        f"{quoted}的总体均值不在群众、企业两项均值之间，任何权重都合成不出这样的数值。"
        "本章照录原报告所印数值，逐项核对见 @sec-appendix-audit 。\n:::\n\n",
        "::: {.callout-caution}\n## Overall means to be quoted with care\n\n"
        f"The overall means of {quoted} do not lie between those of citizens and enterprises, and no "
        "weights could give them. This chapter repeats them as printed; each figure is checked in "
        "@sec-appendix-audit.\n:::\n\n",
    )


def unreported(results: Results) -> str:
    """Name the indicators of the system that have no mean."""
    if "means" not in results:
        return ""
    tree = results["indicators"].query("level in (1, 2)")
    without = tree[~tree["indicator"].isin(results["means"]["indicator"])]
    without = without[~without["parent"].isin(without["indicator"])]
    if without.empty:
        return ""
    names = listed(map(cell, without[results.lang]), results.lang)
    return paragraph(
        results.say(
            f"{names}虽列入评估体系，但没有公布均值，本章不作分析。",
            f"{names} {'is' if len(without) == 1 else 'are'} part of the system, but no means were "
            f"published, so {'it is' if len(without) == 1 else 'they are'} not discussed here.",
        )
    )


def means_table(results: Results) -> str:
    """Write the means of every indicator of levels 1 and 2 by audience, with their intervals."""
    if "means" not in results:
        return ""
    tree = results["indicators"].query("level in (1, 2)").sort_values("order")
    means = results["means"].set_index(["indicator", "audience"])
    audiences = [
        a for a in ("all", *audiences_of(results)) if a in set(results["means"]["audience"])
    ]
    there = tree[tree["indicator"].isin(results["means"]["indicator"])]
    rows = [
        (
            ("　" if row.level == 2 else "") + str(getattr(row, results.lang)),
            *(_mean(results, means, row.indicator, audience) for audience in audiences),
        )
        for row in each(there)
    ]
    bare = there.empty or means["low"].isna().all()
    header = (
        results.say("指标", "Indicator")
        if bare
        else results.say("指标（括号内为区间）", "Indicator (intervals in brackets)"),
        *(AUDIENCES[a][results.lang] if a in AUDIENCES else a for a in audiences),
    )
    return table(header, rows, "l" + "r" * len(audiences), (26, *[25] * len(audiences)))


def _mean(results: Results, means: pd.DataFrame, name: str, audience: str) -> str:
    if (name, audience) not in means.index:
        return "—"
    row: Any = means.loc[(name, audience)]
    reach = "" if pd.isna(row["low"]) else f"{row['low']:.2f}–{row['high']:.2f}"
    bracket = results.say(f"（{reach}）", f" ({reach})") if reach else ""
    return "—" if pd.isna(row["mean"]) else score(row["mean"]) + bracket


def heatmap_note(results: Results) -> str:
    """Head the figure of all cities in all indicators, or say that it is left out."""
    if "scores" not in results:
        return left_out_without_records(results)
    return paragraph(
        results.say(
            "总分相近的城市，强项和弱项可能很不相同。图中一行为一个城市，横向比较可以看出该城市的强项和弱项。",
            "Cities with similar totals may be strong and weak in quite different indicators. Each row "
            "of the figure is a city; read along it to see the city's strengths and weaknesses.",
        )
    )


def extremes(results: Results, most: int = 3) -> str:
    """Name the strongest and the weakest indicators of level 2, and whether they part."""
    means = measured_level(results)
    if len(means) < 2 * most:
        return ""
    means = means.sort_values("mean", ascending=False, kind="stable")
    top, low = means.head(most), means.tail(most)[::-1]
    parted = bool((top["low"].min() > low["high"].max()) if means["low"].notna().all() else True)

    def told(rows: pd.DataFrame) -> str:
        parts = [
            results.say(f"{named(results, r.indicator)}（{score(r.mean)}分）",
                        f"{named(results, r.indicator)} ({score(r.mean)})")
            for r in each(rows)
        ]  # fmt: skip
        return listed(parts, results.lang)

    return paragraph(
        results.say(
            f"得分最高的是{told(top)}，最低的是{told(low)}"
            f"{'' if parted else '，但两端的区间相互重叠'}。",
            f"The highest are {told(top)}, the lowest {told(low)}"
            f"{'' if parted else '; the intervals of the two ends overlap'}.",
        )
    )
