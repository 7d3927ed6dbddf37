"""Commended lists, each by a rule that is stated, with its ties and its uncertainty."""

import pandas as pd

from report.labels import factor_label, group_label
from report.names import unit_names
from report.prose.terms import call_value, cities, level, listed_units, section, short_span, span
from report.prose.wording import (
    cell,
    count,
    each,
    minus,
    paragraph,
    percent,
    score,
    table,
)
from report.results import Results

TOP_GRADES = 2
"""The best grades that a list of the best asks for."""
SURE = 0.9
"""The least probability of these grades."""
TOP = 10
"""Places of a list by score."""


def surely_best(results: Results) -> pd.DataFrame:
    """Return the units that have the best grades with a probability of at least `SURE`.

    Returns
    -------
    Columns unit, grade, score, probability (of all `TOP_GRADES` together), the highest score first.
    """
    top = results["composition"]["grade"].iloc[:TOP_GRADES]
    chance = results["grade_probabilities"]
    chance = chance[chance["grade"].isin(top)].groupby("unit")["probability"].sum()
    grades = results["grades"]
    own = grades[grades["grade"].isin(top)]
    own = own.assign(probability=own["unit"].map(chance))
    # Sums of shares of draws: 0.9 may come out a hair below itself.
    sure = own[own["probability"] >= SURE - 1e-9]
    return sure.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def by_rule(results: Results) -> str:
    """Tell the lists of the best by total: overall, for each audience, and head those by region."""
    titles = results.say(
        "总体|服务群众|服务企业|各区域", "Overall|Citizens|Enterprises|By region"
    ).split("|")
    told = (
        overall(results),
        for_audience(results, "citizen"),
        for_audience(results, "enterprise"),
        regions_rule(results),
    )
    lists = "".join(section(3, title, text) for title, text in zip(titles, told, strict=True))
    head = results.say(
        "名单按写明的规则由结果得出，不经人工增删；每份名单都说明并列的情形和可靠程度。",
        "The lists follow from the results by the rules stated; nothing is added or removed by hand. "
        "Each states its ties and how certain it is.",
    )
    return paragraph(head) + lists if lists else ""


def most_improved(results: Results) -> str:
    """Tell who improved most, under its title."""
    return section(3, results.say("进步最大", "Most improved"), improved(results))


def overall(results: Results) -> str:
    """List the units that are surely among the best grades."""
    if "grade_probabilities" not in results:
        return ""
    found = surely_best(results)
    top = results.say("或", " or ").join(results["composition"]["grade"].iloc[:TOP_GRADES])
    held = results["grades"]["grade"].isin(results["composition"]["grade"].iloc[:TOP_GRADES]).sum()
    rule = results.say(
        f"规则：获{top}等级，且重新抽样时仍在其中的概率不低于{percent(SURE, 0)}。",
        f"Rule: a grade of {top}, held with a probability of at least {percent(SURE, 0)} when records "
        "are drawn anew.",
    )
    if found.empty:
        return paragraph(rule, results.say("没有城市符合这一规则。", "No city meets it."))
    listing = results.say(
        f"获{top}等级的{cities(results, held)}中，符合规则的有{count(len(found))}个，"
        f"按总分由高到低为{listed_units(results, found['unit'], len(found))}。",
        f"Of {cities(results, held)} with {top}, {count(len(found))} {_meet(len(found))} it; by total, "
        "highest first: "
        f"{listed_units(results, found['unit'], len(found))}.",
    )
    rest = results.say(
        "其余获得这些等级的城市未必更差，只是等级成立的概率不够高。",
        "The other cities with these grades are not shown to be worse; their grades are less certain.",
    )
    return paragraph(rule, listing, rest if len(found) < held else "")


def _meet(n: int) -> str:
    return "meets" if n == 1 else "meet"


def for_audience(results: Results, audience: str) -> str:
    """List the units with the highest totals for an audience, and who may well be as good."""
    best = _best_for(results, audience)
    if best.empty:
        return ""
    every = _totals(results, audience)
    least = best["score"].iloc[-1]
    near = every[~every["unit"].isin(best["unit"]) & (every["high"] >= best["low"].iloc[-1])]
    near = near[near["high"] >= least]
    who = call_value(results, "audience", audience)
    names = unit_names(results)
    named = [
        f"{cell(names.get(row.unit, row.unit))}{results.say('（', ' (')}{score(row.score)}"
        f"{_within(results, row.low, row.high)}{results.say('）', ')')}"
        for row in each(best)
    ]
    tied = len(best) > TOP
    return paragraph(
        results.say(
            f"规则：服务{who}的总分最高的{count(TOP)}个城市，与末位同分者一并列入"
            f"{f'，故列{count(len(best))}个' if tied else ''}。{'、'.join(named)}。",
            f"Rule: the {count(TOP)} cities with the highest totals for {who}, with all ties for last place"
            f"{f', which makes {count(len(best))}' if tied else ''}. {', '.join(named)}.",
        ),
        results.say(
            f"括号内为得分及{level(results)}区间。",
            f"In brackets are the score and its {level(results)} interval.",
        ),
        _near(results, len(near)),
    )


def _near(results: Results, n: int) -> str:
    if not n:
        return ""
    return results.say(
        f"名单之外还有{cities(results, n)}，其区间达到名单末位的得分，与名单末位的差异不显著。",
        f"Not on the list but hardly to be told apart from its end: {cities(results, n)}, with intervals "
        "that reach the last score listed.",
    )


def _within(results: Results, low: float, high: float) -> str:
    known = span(results, low, high)
    return results.say(f"，{known}", f", {known}") if known else ""


def _totals(results: Results, audience: str) -> pd.DataFrame:
    if "scores" not in results:
        return pd.DataFrame(columns=["unit", "score", "low", "high"])
    rows = results["scores"].query("audience == @audience and indicator == 'total'")
    return rows.dropna(subset=["score"]).sort_values("score", ascending=False, kind="stable")


def _best_for(results: Results, audience: str) -> pd.DataFrame:
    every = _totals(results, audience)
    return (
        every[every["score"] >= every["score"].iloc[TOP - 1 : TOP].min()]
        if len(every) > TOP
        else every
    )


def in_regions(results: Results, factor: str = "region") -> str:
    """Write the best unit of each group with how many of the group may be as good."""
    rows = _best_of_groups(results, factor)
    if rows.empty:
        return ""
    names = unit_names(results)
    cells = [
        (
            group_label(row.group, results.lang), names.get(row.unit, row.unit), row.grade,
            score(row.score), short_span(row.score_low, row.score_high), count(row.near),
        )
        for row in each(rows)
    ]  # fmt: skip
    header = results.say(
        "城市|等级|总分|区间|差异不显著的城市数", "City|Grade|Total|Interval|Others as good"
    )
    header = [factor_label(factor, results.lang), *header.split("|")]
    return table(header, cells, "llcrcr", (16, 20, 10, 12, 20, 22))


def regions_rule(results: Results, factor: str = "region") -> str:
    """Say by what rule the best of each group were named."""
    rows = _best_of_groups(results, factor)
    if rows.empty:
        return ""
    name = factor_label(factor, results.lang)
    alone = int((rows["near"] == 0).sum())
    return paragraph(
        results.say(
            f"规则：各{name}总分最高的城市，同分者一并列入，见 @tbl-best-regions 。末列为同一{name}中区间达到"
            f"该得分的其他城市数。末列为零的有{count(alone)}个，只有这些城市能够确认在本{name}居首。",
            f"Rule: the highest total of each {name.lower()}, ties included; see @tbl-best-regions . The "
            f"last column counts the other cities there whose intervals reach that total. The number of "
            f"{name.lower()}s where there is none is {count(alone)}; only there is the lead established.",
        )
    )


def _best_of_groups(results: Results, factor: str) -> pd.DataFrame:
    units = results["units"]
    if "scores" not in results or factor not in units:
        return pd.DataFrame(columns=["group", "unit", "near"])
    rows = results["grades"].dropna(subset=["score"]).merge(units[["unit", factor]], on="unit")
    rows = rows.rename(columns={factor: "group"}).dropna(subset=["group"])
    best = rows.groupby("group")["score"].transform("max")
    near = (rows["score_high"] >= best) & (rows["score"] < best)
    rows = rows.assign(near=near.groupby(rows["group"]).transform("sum"))
    rows = rows[rows["score"] == best]
    return rows.sort_values(["score", "unit"], ascending=[False, True], ignore_index=True)


def improved(results: Results) -> str:
    """List the units that clearly went up in rank since the edition before."""
    if "rank_changes" not in results:
        return paragraph(
            results.say(
                "本年度评估没有可以比较的上一届，进步最大的城市无从评定。",
                "There is no earlier edition to compare with, so the most improved cities cannot be named.",
            )
        )
    up = results["rank_changes"].query("verdict == 'up'")
    up = up.sort_values(["moved", "unit"], ascending=[False, True])
    rule = results.say(
        "规则：名次较上一届明显上升，按上升的位数排列。",
        "Rule: clearly up in rank since the edition before, by places gained.",
    )
    if up.empty:
        return paragraph(rule, results.say("没有城市符合这一规则。", "No city meets it."))
    names = unit_names(results)
    named = [
        f"{cell(names.get(row.unit, row.unit))}{results.say('（', ' (')}{minus(f'{row.moved:+d}')}"
        f"{_places(results, row.low, row.high)}{results.say('）', ')')}"
        for row in each(up)
    ]
    return paragraph(
        rule,
        results.say(
            f"符合规则的有{cities(results, len(up))}：{'、'.join(named)}；括号内为上升位数及区间。",
            f"{cities(results, len(up))} {_meet(len(up))} it: {', '.join(named)}; in brackets the places gained and "
            "their interval.",
        ),
    )


def _places(results: Results, low: float, high: float) -> str:
    known = span(results, low, high, "{:+.0f}")
    return results.say(f"，{known}", f", {known}") if known else ""
