"""Findings of the year on groups of cities, calls, changes and certainty."""

from typing import Any

import pandas as pd

from report.prose.headline import Headline
from report.prose.headlines_scores import TOP_GRADES
from report.prose.naming import factor_name, group_name
from report.prose.terms import call_value, cities, level, percent_span, points, signed, span
from report.prose.wording import count, listed, paragraph, percent, score
from report.results import Results

SURE = 0.9
"""The probability from which a grade is called sure."""


def groups(results: Results) -> Headline | None:
    """Say which factors go with the grades, and where the gap is widest."""
    if "comparisons" not in results or "group_summary" not in results:
        return None
    tests = results["comparisons"].query("outcome == 'grade' and factor != 'commended'")
    if tests.empty:
        return None
    by = {
        v: tests.loc[tests["verdict"] == v, "factor"].tolist() for v in ("clear", "slight", "none")
    }
    named = {
        judged: listed(
            [results.say(f"“{factor_name(results, f)}”", factor_name(results, f)) for f in factors],
            results.lang,
        )
        for judged, factors in by.items()
    }
    title = (
        results.say(f"城市等级因{named['clear']}而明显不同", f"Grades clearly differ by {named['clear']}")
        if by["clear"]
        else results.say(f"城市等级因{named['slight']}略有不同", f"Grades differ slightly by {named['slight']}")
        if by["slight"]
        else results.say("各类城市的等级没有可检出的差别", "No difference between the grades of kinds of cities was detected")
    )  # fmt: skip
    shown = [*by["clear"], *by["slight"]][:1]
    rest = [
        results.say(f"与{named['slight']}有关，但幅度有限", f"differ slightly by {named['slight']}")
        if by["slight"] and by["clear"] else "",
        results.say(f"与{named['none']}的关系未能检出", f"show no detectable relation to {named['none']}")
        if by["none"] and shown else "",
    ]  # fmt: skip
    said = results.say("；", " and ").join(part for part in rest if part)
    text = paragraph(
        *(_extremes(results, factor) for factor in shown),
        results.say(f"等级{said}。", f"Grades {said}.") if said else "",
    )
    return Headline(title, text, "effects" if "contrasts" in results else "")


def _extremes(results: Results, factor: str) -> str:
    groups = results["group_summary"].query("factor == @factor")
    groups = groups.sort_values("mean_position", ascending=False)
    first, last = groups.iloc[0], groups.iloc[-1]
    top = results["composition"]["grade"].iloc[:TOP_GRADES]

    high = results.say("或", " or ").join(top)
    factor_ = factor_name(results, factor)
    return results.say(
        f"按{factor_}分，平均等级以{first['group']}最高，{cities(results, first['n'])}中有"
        f"{count(first['top_n'])}个获{high}；{last['group']}最低，{cities(results, last['n'])}中有"
        f"{count(last['top_n'])}个。",
        f"By {factor_}, the mean grade is highest in the group "
        f"{group_name(results, first['group'])}, where {count(first['top_n'])} of "
        f"{cities(results, first['n'])} earn {high}, and lowest in "
        f"{group_name(results, last['group'])}, where {count(last['top_n'])} of "
        f"{cities(results, last['n'])} do.",
    )


def calls(results: Results) -> Headline | None:
    """Say when calls are answered least, as far as the slots differ, and how long callers wait."""
    if "connection_rates" not in results:
        return None
    rates = results["connection_rates"]
    slots = rates.query("factor == 'slot'").sort_values("adjusted", ascending=False)
    if len(slots) < 2:
        return None
    best, worst = slots.iloc[0], slots.iloc[-1]
    when = call_value(results, "slot", worst["value"])
    title = (
        results.say(f"{when}的电话最难打通", f"Calls are answered least at {when}")
        if _differs(results, "slot")
        else results.say(
            "各时段的接通率没有可检出的差别",
            "No difference in answering between times of day was detected",
        )
    )
    n, answered = slots["n"].sum(), slots["answered"].sum()
    first = results.say(
        f"{count(n)}次拨测的接通率为{percent(answered / n)}；{_rate(results, best)}最高，"
        f"{_rate(results, worst)}最低。",
        f"Of {count(n)} calls {percent(answered / n)} were answered: most at "
        f"{_rate(results, best)}, least at {_rate(results, worst)}.",
    )
    return Headline(title, paragraph(first, _by_audience(results), _wait(results)), "time_slots")


def _differs(results: Results, factor: str) -> bool:
    effects = results.tables.get("connection_effects", pd.DataFrame(columns=["factor"]))
    own = effects[effects["factor"] == factor]
    return bool(len(own) and own["factor_p_adjusted"].iloc[0] + results.meta["level"] < 1)


def _rate(results: Results, row: Any) -> str:
    reach, name = (
        percent_span(results, row["low"], row["high"]),
        call_value(results, "slot", row["value"]),
    )
    return results.say(
        f"{name}（{percent(row['adjusted'])}，{level(results)}置信区间{reach}）",
        f"{name} ({percent(row['adjusted'])}, {level(results)} interval {reach})",
    )


def _by_audience(results: Results) -> str:
    rates = results["connection_rates"].query("factor == 'audience'")
    rates = rates.sort_values("adjusted", ascending=False)
    if len(rates) < 2:
        return ""
    first, last = rates.iloc[0], rates.iloc[-1]
    better, worse = (call_value(results, "audience", row["value"]) for row in (first, last))
    if not _differs(results, "audience"):
        return results.say(
            f"{worse}与{better}的接通率没有可检出的差别。",
            f"No difference in answering between {worse} and {better} was detected.",
        )
    return results.say(
        f"{worse}来电的接通率为{percent(last['adjusted'])}，低于{better}的{percent(first['adjusted'])}。",
        f"Of the calls of {worse} {percent(last['adjusted'])} were answered, fewer than of "
        f"{better} ({percent(first['adjusted'])}).",
    )


def _wait(results: Results) -> str:
    if "waiting_summary" not in results:
        return ""
    row = results["waiting_summary"].query("factor == 'all'").iloc[0]
    if pd.isna(row["median"]):
        return ""
    reach = span(results, row["median_low"], row["median_high"], "{:.0f}")
    return results.say(
        f"等候时长的中位数为{count(row['median'])}秒（{level(results)}置信区间{reach}）。",
        f"The median wait is {count(row['median'])} seconds ({level(results)} interval {reach}).",
    )


def changes(results: Results) -> Headline | None:
    """Say how the mean total changed since the last edition, on like terms where they are known."""
    if "national_changes" not in results:
        return None
    own = results["national_changes"].query("indicator == 'total' and audience == 'all'")
    if own.empty:
        return None
    row = own.iloc[0]
    bridge = results.tables.get("national_bridge", pd.DataFrame())
    like = bridge.iloc[0] if len(bridge) and bridge["n"].iloc[0] else None
    verdict = row["verdict"] if like is None else like["verdict"]
    base = "" if like is None else results.say("按可比口径，", "On like terms, ")
    moved = {
        "rise": results.say(
            "总分均值较上届明显上升", "the mean total clearly rose since the last edition"
        ),
        "fall": results.say(
            "总分均值较上届明显下降", "the mean total clearly fell since the last edition"
        ),
        "unclear": results.say(
            "总分均值与上届相比没有可检出的变化",
            "no change of the mean total since the last edition was detected",
        ),
    }[verdict]
    title = base + moved
    title = title[:1].upper() + title[1:]
    first = results.say(
        f"{count(row['n'])}个两届均有得分的城市，总分均值由{points(results, row['before'])}变为"
        f"{points(results, row['after'])}（变化{signed(row['change'])}分{_span(results, row)}）。",
        f"Over the {cities(results, row['n'])} with a score in both editions, the mean total went from "
        f"{score(row['before'])} to {score(row['after'])} ({signed(row['change'])}{_span(results, row)}).",
    )
    second = "" if like is None else results.say(
        f"其中两届口径一致的题项带来{signed(like['real'])}分{_span(results, like)}，其余来自指标调整。",
        f"Of this {signed(like['real'])} comes from items asked alike in both{_span(results, like)}, "
        "the rest from changes of the indicators.",
    )  # fmt: skip
    return Headline(title, paragraph(first, second, _movers(results)), "national_changes")


def _span(results: Results, row: Any) -> str:
    reach = span(results, row["low"], row["high"], "{:+.2f}")
    if not reach:
        return ""
    return results.say(f"，{level(results)}置信区间{reach}", f", {level(results)} interval {reach}")


def _movers(results: Results) -> str:
    if "rank_changes" not in results:
        return ""
    moved = results["rank_changes"]["verdict"].value_counts()
    up, down = (int(moved.get(way, 0)) for way in ("up", "down"))
    rest = int(moved.sum()) - up - down
    return results.say(
        f"名次上升的城市{count(up)}个，下降的{count(down)}个，其余{count(rest)}个的变动在误差范围之内。",
        f"{cities(results, up)} moved up in rank, {count(down)} moved down, and the moves of "
        f"the other {count(rest)} lie within error.",
    )


def certainty(results: Results) -> Headline | None:
    """Say how far ranks and grades can be relied on."""
    if "scores" not in results:
        return None
    table = results["grades"].dropna(subset=["rank"]).sort_values("rank")
    if len(table) < 2:
        return None
    width = (table["rank_high"] - table["rank_low"] + 1).astype(float)
    meet = table["rank_high"].to_numpy()[:-1] >= table["rank"].to_numpy()[1:]
    most = bool(meet.mean() > 0.5)
    title = (
        results.say("相邻名次大多分不出先后", "Most neighbours in rank cannot be told apart")
        if most
        else results.say("相邻名次大多分得出先后", "Most neighbours in rank can be told apart")
    )
    p = table["p_grade"].dropna().astype(float)
    sure, unsure = int((p >= SURE).sum()), int(table["borderline"].fillna(value=False).sum())
    at = level(results)
    text = results.say(
        f"按{at}区间，一个城市的名次平均可在{count(width.mean())}个位次之间变动。"
        f"所获等级成立的概率平均为{percent(p.mean(), 0)}，不低于{percent(SURE, 0)}的有{cities(results, sure)}，"
        f"不足一半的有{cities(results, unsure)}。",
        f"By {at} intervals the rank of a city spans {count(width.mean())} places on average. "
        f"The grade given holds with a probability of {percent(p.mean(), 0)} on average, of "
        f"{percent(SURE, 0)} or more in {cities(results, sure)}, and of less than half in "
        f"{cities(results, unsure)}.",
    )
    return Headline(title, paragraph(text), "rank_intervals")
