"""Sentences on deadlines: whether callers are told one, and whether it is kept."""

import re

import pandas as pd

from report.prose.terms import call_value, cities, level, span
from report.prose.verdicts import degree
from report.prose.wording import cell, count, each, paragraph, score
from report.results import Results

ABOUT = re.compile(r"时限|按时|限时|逾期|超期|deadline|on time|overdue", re.IGNORECASE)
"""What the name or the definition of an indicator says where it is about deadlines."""
KEPT = re.compile(
    r"按时|时限内|时限答复|逾期|超期|on time|overdue|within the deadline", re.IGNORECASE
)
"""What it says where it is about keeping them."""


def deadline_indicators(results: Results) -> pd.DataFrame:
    """Return the indicators about deadlines, without those that have one of them below."""
    tree = results["indicators"]
    words = tree[["zh", "en", "definition_zh", "definition_en"]].fillna("").agg(" ".join, axis=1)
    found = tree[words.str.contains(ABOUT)]
    parent = tree.set_index("indicator")["parent"]
    above: set[str] = set()
    for name in found["indicator"]:
        while (name := parent.get(name, "")) and name not in above:
            above.add(name)
    return found[~found["indicator"].isin(above)].sort_values("order")


def deadlines(results: Results) -> str:
    """Tell how indicators about deadlines came out, overall and by audience."""
    found = deadline_indicators(results)
    told = "".join(_told(results, row.indicator) for row in each(found))
    if found.empty:
        return paragraph(
            results.say(
                "本年度的指标体系没有考察办理时限和按时答复，本节从略。",
                "The indicators of this edition do not cover deadlines or replies on time; this section "
                "is left out.",
            )
        )
    if not told:
        return paragraph(
            results.say(
                "指标体系考察了办理时限，但没有相应的得分，本节从略。",
                "The indicators cover deadlines, but there are no scores for them; this section is left "
                "out.",
            )
        )
    return told + paragraph(_kept(results, found))


def _kept(results: Results, found: pd.DataFrame) -> str:
    """Say that telling a deadline is not keeping it, where no indicator asks whether it was kept."""
    words = found[["zh", "en", "definition_zh", "definition_en"]].fillna("").agg(" ".join, axis=1)
    if words.str.contains(KEPT).any():
        return ""
    return results.say(
        "以上只反映是否告知时限等信息；本年度没有考察是否在时限内答复，按时答复的情况无从判断。",
        "This tells only whether callers were told a deadline and the like. Whether replies came within it was not "
        "recorded in this edition, so replies on time cannot be judged.",
    )


def _told(results: Results, name: str) -> str:
    if "means" not in results:
        return ""
    row = next(each(results["indicators"].query("indicator == @name")))
    means = results["means"].query("indicator == @name").set_index("audience")
    if means.empty:
        return ""
    title, defined = (
        cell(getattr(row, results.lang)),
        cell(getattr(row, f"definition_{results.lang}")),
    )
    whole = _mean(results, means, "all")
    parts = [
        results.say(
            f"服务{call_value(results, 'audience', who)}{_mean(results, means, who)}",
            f"{call_value(results, 'audience', who)} {_mean(results, means, who)}",
        )
        for who in ("citizen", "enterprise")
        if who in means.index
    ]
    head = results.say(
        f"**{title}**（{defined}）", f"**{title}** ({defined[:1].lower() + defined[1:]})"
    )
    middle = results.say(
        f"全国均值{whole}" if whole else "", f"has a national mean of {whole}" if whole else ""
    )
    split = results.say("，其中" + "，".join(parts), ": " + ", ".join(parts)) if parts else ""
    end = results.say("。", ".")
    return paragraph(
        head + results.say("", " ") + middle + split + end,
        _gap(results, name),
        _evidence(results, name),
    )


def _evidence(results: Results, name: str) -> str:
    """Say on how many records the means rest, and in how many cities the indicator comes first."""
    told = ""
    if "scores" in results:
        own = results["scores"].query("indicator == @name").dropna(subset=["score"])
        records = own[own["audience"] != "all"]["n"].sum()
        n = own["unit"].nunique()
        if records:
            told = results.say(
                f"以上依据{cities(results, n)}的{count(records)}条记录。",
                f"This rests on {count(records)} records of {cities(results, n)}.",
            )
    if "priorities" not in results:
        return told
    rows = results["priorities"].query("indicator == @name")
    below = int((rows["gap_high"] < 0).sum())
    if rows.empty:
        return told
    return told + results.say(
        f"可以确认低于全国均值的有{cities(results, below)}。",
        f"{' ' if told else ''}The number shown to be below the national mean is "
        f"{cities(results, below)}.",
    )


def _mean(results: Results, means: pd.DataFrame, audience: str) -> str:
    if audience not in means.index:
        return ""
    row = means.loc[audience]
    known = span(results, row["low"], row["high"])
    said = results.say(f"{score(row['mean'])}分", f"{score(row['mean'])} points")
    if not known:
        return said
    return said + results.say(
        f"（{level(results)}区间{known}）", f" ({level(results)} interval {known})"
    )


def _gap(results: Results, name: str) -> str:
    if "audience_gaps" not in results:
        return ""
    row = next(each(results["audience_gaps"].query("indicator == @name")), None)
    if row is None:
        return ""
    who = [call_value(results, "audience", each_) for each_ in (row.first, row.second)]
    if row.verdict == "none":
        return results.say(
            f"服务{who[0]}与服务{who[1]}之间没有可检出的差别。",
            f"There is no detectable difference between service to {who[0]} and to {who[1]}.",
        )
    better, worse = who if row.gap > 0 else who[::-1]
    return results.say(
        f"服务{worse}的得分{degree(row.verdict, 'zh')}低于服务{better}，相差{score(abs(row.gap))}分。",
        f"Service to {worse} scores {degree(row.verdict, 'en')} lower than service to {better}, by "
        f"{score(abs(row.gap))} points.",
    )
