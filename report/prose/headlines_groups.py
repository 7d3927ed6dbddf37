"""Findings of the year on groups of cities, calls, changes and certainty."""

from typing import Any

import pandas as pd

from report.prose.calls import factor_verdict
from report.prose.headline import Headline
from report.prose.headlines_scores import TOP_GRADES
from report.prose.naming import by_factors, factor_name, members_name
from report.prose.terms import (
    call_value,
    capital,
    cities,
    level,
    percent_span,
    points,
    signed,
    span,
)
from report.prose.verdicts import UNJUDGED, degree
from report.prose.wording import cell, clauses, count, each, listed, paragraph, percent, score
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
    named = {judged: by_factors(results, factors) for judged, factors in by.items()}
    title = (
        results.say(f"{named['clear']}比较，城市等级有明显差别", f"Grades differ clearly {named['clear']}")
        if by["clear"]
        else results.say(f"{named['slight']}比较，城市等级略有差别", f"Grades differ slightly {named['slight']}")
        if by["slight"]
        else results.say("各类城市的等级没有可检出的差别", "No difference in grades between kinds of cities was detected")
    )  # fmt: skip
    shown = [*by["clear"], *by["slight"]][:1]
    rest = [
        results.say(f"{named['slight']}比较，等级略有差别", f"grades differ slightly {named['slight']}")
        if by["slight"] and by["clear"] else "",
        results.say(f"{named['none']}比较，没有可检出的差别", f"no difference {named['none']} was detected")
        if by["none"] and shown else "",
    ]  # fmt: skip
    said = capital(clauses(rest, results.lang))
    text = paragraph(
        *(_extremes(results, factor) for factor in shown),
        said + results.say("。", ".") if said else "",
    )
    return Headline(title, text, "effects" if "contrasts" in results else "")


def _extremes(results: Results, factor: str) -> str:
    groups = results["group_summary"].query("factor == @factor")
    groups = groups.sort_values("mean_position", ascending=False)
    first, last = groups.iloc[0], groups.iloc[-1]
    top = results["composition"]["grade"].iloc[:TOP_GRADES]

    high = results.say("或", " or ").join(top)
    factor_ = factor_name(results, factor)
    best, worst = (members_name(results, str(group["group"])) for group in (first, last))
    return results.say(
        f"按{factor_}比较，平均等级以{best}最高，{cities(results, first['n'])}中有"
        f"{count(first['top_n'])}个获{high}；{worst}最低，{cities(results, last['n'])}中有"
        f"{count(last['top_n'])}个。",
        f"By {factor_}, the mean grade is highest for {best}, where {count(first['top_n'])} of "
        f"{cities(results, first['n'])} earn {high}, and lowest for {worst}, where "
        f"{count(last['top_n'])} of {cities(results, last['n'])} "
        f"{'does' if last['top_n'] == 1 else 'do'}.",
    )


def calls(results: Results) -> Headline | None:
    """Say when calls are answered least, as far as the slots differ, and how long callers wait."""
    if "connection_rates" not in results:
        return None
    rates = results["connection_rates"].query("factor == 'slot'")
    if len(rates) < 2:
        return None
    best = next(each(rates.nlargest(1, "adjusted")))
    worst = list(each(_least(rates)))
    when = listed([_slot(results, row.value) for row in worst], results.lang)
    judged = _judged(results, "slot")
    title = (
        results.say(
            f"{when}的电话{degree(judged, 'zh')}{'较' if judged == 'clear' else ''}难打通",
            f"Calls are answered {degree(judged, 'en')} less often at {when}",
        )
        if judged != "none"
        else results.say(
            "各时段的接通率没有可检出的差别",
            "No difference in answering between times of day was detected",
        )
    )
    n, answered = rates["n"].sum(), rates["answered"].sum()
    low = listed([_rate(results, row) for row in worst], results.lang)
    first = results.say(
        f"{count(n)}次拨测的接通率为{percent(answered / n)}；最高的是{_rate(results, best)}，最低的是{low}。",
        f"Of {count(n)} calls {percent(answered / n)} were answered: most at "
        f"{_rate(results, best)}, least at {low}.",
    )
    return Headline(title, paragraph(first, _by_audience(results), _wait(results)), "time_slots")


def _least(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the slot answered least, with those of the same printed rate, in the order of the day."""
    printed = rates["adjusted"].map(percent)
    return rates[printed == percent(rates["adjusted"].min())]


def _slot(results: Results, value: str) -> str:
    return cell(call_value(results, "slot", value))


def _judged(results: Results, factor: str) -> str:
    effects = results.tables.get("connection_effects", pd.DataFrame(columns=["factor"]))
    if not (effects["factor"] == factor).any():
        return "none"
    judged = factor_verdict(results, factor)
    return "none" if judged == UNJUDGED else judged


def _rate(results: Results, row: Any) -> str:
    reach = percent_span(results, row.low, row.high)
    name = _slot(results, row.value)
    return results.say(
        f"{name}（{percent(row.adjusted)}，{level(results)}置信区间{reach}）",
        f"{name} ({percent(row.adjusted)}, {level(results)} interval {reach})",
    )


def _by_audience(results: Results) -> str:
    rates = results["connection_rates"].query("factor == 'audience'")
    rates = rates.sort_values("adjusted", ascending=False)
    if len(rates) < 2:
        return ""
    first, last = rates.iloc[0], rates.iloc[-1]
    better, worse = (call_value(results, "audience", row["value"]) for row in (first, last))
    judged = _judged(results, "audience")
    if judged == "none":
        return results.say(
            f"{worse}与{better}的接通率没有可检出的差别。",
            f"No difference in answering between {worse} and {better} was detected.",
        )
    return results.say(
        f"{worse}来电的接通率为{percent(last['adjusted'])}，{degree(judged, 'zh')}低于{better}的"
        f"{percent(first['adjusted'])}。",
        f"The rate for {worse}, {percent(last['adjusted'])}, is {degree(judged, 'en')} lower than that "
        f"for {better}, {percent(first['adjusted'])}.",
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
        f"名次上升的城市{count(up)}个，下降的{count(down)}个，其余{count(rest)}个的变动在误差范围内。",
        f"{cities(results, up)} moved up in rank, {count(down)} moved down, and the changes of "
        f"the other {count(rest)} are within sampling error.",
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
        results.say(
            "相邻名次大多难以分出先后",
            "Most cities next to each other in rank cannot be told apart",
        )
        if most
        else results.say(
            "相邻名次大多分得出先后", "Most cities next to each other in rank can be told apart"
        )
    )
    p = table["p_grade"].dropna().astype(float)
    sure, unsure = int((p >= SURE).sum()), int(table["borderline"].fillna(value=False).sum())
    at = level(results)
    text = results.say(
        f"按{at}区间，一个城市的名次平均可在{count(width.mean())}个位次之间变动。"
        f"所获等级成立的概率平均为{percent(p.mean(), 0)}，不低于{percent(SURE, 0)}的有{cities(results, sure)}，"
        f"不足一半的有{cities(results, unsure)}。",
        f"By {at} intervals the rank of a city spans {count(width.mean())} places on average. "
        f"The assigned grade holds with a probability of {percent(p.mean(), 0)} on average; the "
        f"probability is {percent(SURE, 0)} or more in {cities(results, sure)} and below one half in "
        f"{cities(results, unsure)}.",
    )
    return Headline(title, paragraph(text), "rank_intervals")
