"""Sentences on the indicators: means, audiences, weak spots, and what to do about them."""

from typing import Any

import numpy as np
import pandas as pd

from report.labels import AUDIENCES
from report.prose.library import library
from report.prose.wording import cell, each, interval, listed, paragraph, percent, score, table
from report.results import Results

ROLES = {"core": "主体", "innovation": "创新"}

ZH = "zh"


def fact(key: str) -> str:
    """Return one fact as text."""
    return library("facts")[key]["value"]


def name(results: Results, indicator: str) -> str:
    """Return the Chinese name of an indicator."""
    return str(results["indicators"].set_index("indicator").loc[indicator, "zh"])


def means_of(results: Results, audience: str, parent: str) -> pd.DataFrame:
    """Return the core children of an indicator with their means, the best first."""
    tree = results["indicators"].query("parent == @parent and role == 'core'")
    means = results["means"].query("audience == @audience")
    merged = tree[["indicator", "zh"]].merge(means, on="indicator")
    return merged.sort_values("mean", ascending=False, ignore_index=True)


def _figure(row: Any, level: float) -> str:
    if pd.isna(row.low):
        return f"{row.zh}{score(row.mean)}分"
    return f"{row.zh}{score(row.mean)}分（{percent(level, 0)}置信区间{interval(row.low, row.high, ZH)}）"


def compare_children(results: Results, audience: str, parent: str) -> str:
    """Name the means of an indicator's children for an audience, and how far they lie apart."""
    if "means" not in results:
        return ""
    means = means_of(results, audience, parent)
    if means.empty:
        return ""
    who = "总体上" if audience == "all" else f"服务{AUDIENCES[audience]['zh']}方面"
    figures = [_figure(row, results.meta["level"]) for row in each(means)]
    sentence = f"{who}，以10分为满分，{'，'.join(figures)}。"
    if len(means) < 2:
        return paragraph(sentence)
    first, last = means.iloc[0], means.iloc[-1]
    gap = first["mean"] - last["mean"]
    apart = f"得分最高的{first['zh']}比最低的{last['zh']}高{score(gap)}分"
    if pd.notna(first["low"]) and first["low"] <= last["high"]:
        return paragraph(sentence, f"{apart}，两者的置信区间相互重叠，高低不宜作强解读。")
    return paragraph(sentence, f"{apart}。")


def compare_audiences(results: Results, parent: str) -> str:
    """Say for which children enterprises are served worse or better than citizens, and by how much."""
    if "means" not in results:
        return ""
    tree = results["indicators"].query("parent == @parent and role == 'core'")
    means = results["means"].query("audience != 'all'").merge(tree[["indicator"]], on="indicator")
    wide = means.pivot(
        index="indicator", columns="audience", values=["mean", "low", "high"]
    ).dropna(subset=[("mean", "citizen"), ("mean", "enterprise")])
    if wide.empty:
        return ""
    gap = (wide["mean"]["citizen"] - wide["mean"]["enterprise"]).sort_values(ascending=False)
    low, high = wide["low"].to_numpy(), wide["high"].to_numpy()
    meet = (low.max(axis=1) <= high.min(axis=1)) & ~np.isnan(low).any(axis=1)
    overlap = pd.Series(meet, index=wide.index)
    lower = [
        f"{name(results, i)}（低{score(gap[i])}分）"
        for i in gap.index
        if gap[i] > 0 and not overlap[i]
    ]
    higher = [
        f"{name(results, i)}（高{score(-gap[i])}分）"
        for i in gap.index[::-1]
        if gap[i] < 0 and not overlap[i]
    ]
    alike = [name(results, i) for i in gap.index if overlap[i]]
    equal = [name(results, i) for i in gap.index if gap[i] == 0 and not overlap[i]]
    parts = [
        f"低于服务群众的有{listed(lower, ZH)}" if lower else "",
        f"高于服务群众的有{listed(higher, ZH)}" if higher else "",
        f"{listed(alike, ZH)}与服务群众没有可检出的差别" if alike else "",
        f"{listed(equal, ZH)}与服务群众相同" if equal else "",
    ]
    return paragraph(f"与服务群众相比，服务企业的得分{'；'.join(part for part in parts if part)}。")


def caution(results: Results) -> str:
    """Warn of overall means that the audit of the published figures found impossible."""
    if "audit" not in results:
        return ""
    found = results["audit"].query("rule == 'mean-within-parts' and verdict == 'contradiction'")
    names = [f"“{name(results, i)}”" for i in dict.fromkeys(found["subject"])]
    if not names:
        return ""
    return (
        "::: {.callout-caution}\n## 引用总体均值须谨慎\n\n"
        f"{listed(names, ZH)}的总体均值不在群众、企业两项均值之间，任何权重都合成不出这样的数值。"
        "本章照录原报告所印数值，逐项核对见 @sec-appendix-audit 。\n:::\n\n"
    )


def weakest(results: Results, most: int = 3) -> pd.DataFrame:
    """Return the core indicators of level 2 with the lowest overall means, the lowest first."""
    tree = results["indicators"]
    core = tree.query("level == 1 and role == 'core'")["indicator"]
    below = tree.loc[tree["parent"].isin(core), ["indicator", "zh", "parent"]]
    means = results["means"].query("audience == 'all'")[["indicator", "mean", "low", "high"]]
    return below.merge(means, on="indicator").nsmallest(most, "mean")


def problems(results: Results) -> str:
    """List the weakest indicators with their means, overall and by audience."""
    if "means" not in results:
        return ""
    by_audience = results["means"].pivot(index="indicator", columns="audience", values="mean")
    text = ""
    for row in each(weakest(results)):
        means = by_audience.loc[row.indicator]
        parts = [
            f"服务{AUDIENCES[audience]['zh']}{score(means[audience])}分"
            for audience in ("citizen", "enterprise")
            if audience in means and pd.notna(means[audience])
        ]
        rise = score(10 - row.mean)
        text += (
            f"- **{row.zh}**（属{name(results, str(row.parent))}）总体均值{score(row.mean)}分，距满分还有{rise}分"
            f"{'，其中' + '，'.join(parts) if parts else ''}。\n"
        )
    return text + "\n"


def advice(results: Results) -> str:
    """Tie advice to the weakest indicators, the weakest first."""
    if "means" not in results:
        return ""
    text = ""
    for row in each(weakest(results)):
        words = library("advice")[str(row.indicator)]["zh"]
        text += f"- **针对{row.zh}（{score(row.mean)}分）**：{words}。\n"
    return text + "\n"


def unreported(results: Results) -> str:
    """Name the indicators of the system that have no mean."""
    if "means" not in results:
        return ""
    tree = results["indicators"].query("level in (1, 2)")
    without = tree[~tree["indicator"].isin(results["means"]["indicator"])]
    without = without[~without["parent"].isin(without["indicator"])]
    if without.empty:
        return ""
    return paragraph(f"{listed(without['zh'], ZH)}虽列入评估体系，但没有公布均值，本章不作分析。")


def means_table(results: Results) -> str:
    """Write the means of every indicator of levels 1 and 2 by audience."""
    wide = results["means"].pivot(index="indicator", columns="audience", values="mean")
    tree = results["indicators"].query("level in (1, 2)").sort_values("order")
    audiences = [a for a in ("all", "citizen", "enterprise") if a in wide]
    there = tree[tree["indicator"].isin(wide.index)]
    names = [("　" if row.level == 2 else "") + row.zh for row in each(there)]
    figures = wide.loc[there["indicator"], audiences].to_numpy(dtype=float)
    rows = [
        (label, *["—" if np.isnan(mean) else score(mean) for mean in means])
        for label, means in zip(names, figures, strict=True)
    ]
    header = ("指标", *[AUDIENCES[audience]["zh"] for audience in audiences])
    return table(header, rows, "l" + "r" * len(audiences), (40, *[16] * len(audiences)))


def system_table(results: Results) -> str:
    """Write the indicator system with definitions and weights."""
    rows = [
        (
            "　" * (int(row.level) - 1) + str(row.zh),
            row.definition_zh,
            ROLES[str(row.role)] if row.level == 1 else "",
            f"{row.weight:g}" if row.role == "core" else "加分",
        )
        for row in each(results["indicators"].query("level > 0").sort_values("order"))
    ]
    return table(("指标", "含义", "角色", "权重"), rows, "llcr", (26, 56, 8, 8))


def weights_note(results: Results) -> str:
    """Say where the weights come from."""
    return paragraph(cell(results["indicators"]["weight_note"].iloc[0]) + "。")


def conclusion(results: Results) -> str:
    """Sum up the weakest indicators."""
    if "means" not in results:
        return ""
    low = weakest(results)
    names = listed([f"{row.zh}（{score(row.mean)}分）" for row in each(low)], ZH)
    return paragraph(f"从指标看，最薄弱的是{names}，应当作为改进的重点。")
