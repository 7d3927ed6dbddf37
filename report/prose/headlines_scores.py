"""Findings of the year on grades, indicators, audiences, weak spots and drivers."""

from typing import Any

import pandas as pd

from report.names import in_order
from report.prose.evidence import below_average, measured_level
from report.prose.headline import Headline
from report.prose.means import children_means, contradicted, figures
from report.prose.naming import audience_name, audiences_of, served, unit_words
from report.prose.terms import cities, level, named, percent_span, points, span
from report.prose.verdicts import UNJUDGED
from report.prose.wording import cell, clauses, count, each, listed, paragraph, percent, score
from report.results import Results

NAMED = 3
"""How many units or indicators a title names."""
TOP_GRADES = 2
"""The best grades that are called high, as many as ``analysis.comparisons.groups`` counts as top."""
UPPER = 0.4
"""The share of the scale, from the best grade down, that is not called low."""


def grades(results: Results) -> Headline | None:
    """Name who got the best grade, and tell the shares of the high and the low ones."""
    if "composition" not in results or "grades" not in results:
        return None
    composition = results["composition"]
    given = composition[composition["n"] > 0]
    if given.empty:
        return None
    best, n = given["grade"].iloc[0], int(given["n"].iloc[0])
    names = unit_words(results, members(results, best)[:NAMED])
    total, start = composition["n"].sum(), int(len(composition) * UPPER)
    high, low = composition["n"].iloc[:TOP_GRADES].sum(), composition["n"].iloc[start:].sum()
    top, from_grade = composition["grade"].iloc[:TOP_GRADES], composition["grade"].iloc[start]
    if n > NAMED:
        title = results.say(
            f"{'、'.join(names)}等{cities(results, n)}获评{best}",
            f"{cities(results, n)} earn {best}, {listed(names, 'en')} among them",
        )
    else:
        title = results.say(
            f"{listed(names, 'zh')}获评{best}",
            f"{listed(names, 'en')} {'earns' if n == 1 else 'earn'} {best}",
        )
    text = results.say(
        f"{cities(results, total)}中，获{'或'.join(top)}等级的{count(high)}个，占{percent(high / total)}；"
        f"处于{from_grade}等级及以下的{count(low)}个，占{percent(low / total)}。",
        f"Of {cities(results, total)}, {count(high)} ({percent(high / total)}) earn {' or '.join(top)}, "
        f"and {count(low)} ({percent(low / total)}) earn {from_grade} or below.",
    )
    return Headline(title, paragraph(text, _scheme(results)), "grade_composition")


def _scheme(results: Results) -> str:
    words = results.meta["scheme"]
    return results.say(f"{words['zh']}。", f"{words['en']}.")


def members(results: Results, grade: str) -> list[str]:
    """Return the units of a grade: by rank, or in the order of their names where there are no ranks."""
    table = results["grades"].set_index("unit")
    own = in_order(results, table.index[table["grade"] == grade])
    if "scores" not in results:
        return own
    return table.loc[own].sort_values("rank", kind="stable").index.tolist()


def indicators(results: Results) -> Headline | None:
    """Name the first-level indicators of the highest and the lowest mean, as far as they part."""
    if "means" not in results:
        return None
    means = children_means(results, "all", "total")
    if len(means) < 2:
        return None
    first, last = means.iloc[0], means.iloc[-1]
    parted = not first["low"] <= last["high"]
    title = (
        results.say(
            f"一级指标中，{cell(first['name'])}得分最高，{cell(last['name'])}得分最低",
            f"Of the first-level indicators, {cell(first['name'])} scores highest and "
            f"{cell(last['name'])} lowest",
        )
        if parted
        else results.say(
            "各项一级指标得分相近，区间相互重叠",
            "The scores of the first-level indicators are too close to be told apart",
        )
    )
    parts = figures(results, means)
    text = results.say(
        f"以10分为满分，{'，'.join(parts)}。", f"Out of 10 points: {', '.join(parts)}."
    )
    doubted = [named(results, i) for i in contradicted(results) if i in set(means["indicator"])]
    caution = results.say(
        f"{listed([f'“{name}”' for name in doubted], 'zh')}的总体均值与分对象均值相互矛盾，引用须谨慎。",
        f"The overall {'mean' if len(doubted) == 1 else 'means'} of {listed(doubted, 'en')} "
        f"{'contradicts' if len(doubted) == 1 else 'contradict'} the means by audience and should "
        "be quoted with care.",
    )  # fmt: skip
    return Headline(title, paragraph(text, caution if doubted else ""), "level1_means")


def audiences(results: Results) -> Headline | None:
    """Say which audience is served better, how clearly, and in which indicators."""
    if "audience_gaps" in results and len(results["audience_gaps"]):
        return _judged_audiences(results)
    return _printed_audiences(results)


def _judged_audiences(results: Results) -> Headline | None:
    gaps = results["audience_gaps"]
    total = gaps[gaps["level"] == gaps["level"].min()].iloc[0]
    ahead, behind = total["first"], total["second"]
    ahead, behind = (ahead, behind) if total["gap"] >= 0 else (behind, ahead)
    better, worse = (audience_name(results, a) for a in (ahead, behind))
    title = {
        "clear": results.say(
            f"{worse}得到的服务明显不如{better}",
            f"Service to {worse} is clearly worse than service to {better}",
        ),
        "slight": results.say(
            f"{worse}得到的服务略逊于{better}",
            f"Service to {worse} is slightly worse than service to {better}",
        ),
        "none": results.say(
            f"{worse}与{better}得到的服务没有可检出的差别",
            f"No difference between service to {worse} and service to {better} was detected",
        ),
    }[total["verdict"]]
    low, high = (
        (total["low"], total["high"]) if total["gap"] >= 0 else (-total["high"], -total["low"])
    )
    reach, at = span(results, low, high), level(results)
    first = results.say(
        f"{served(results, behind)}的总分比{served(results, ahead)}低{points(results, abs(total['gap']))}"
        f"（{at}置信区间{reach}），{percent(_share_behind(total))}的城市如此。",
        f"The total of {served(results, behind)} is {points(results, abs(total['gap']))} lower than "
        f"that of {served(results, ahead)} ({at} interval {reach}); this holds in "
        f"{percent(_share_behind(total))} of the cities.",
    )
    below = gaps[(gaps["level"] == 2) & (gaps["verdict"] == "clear")]
    below = below.assign(deficit=below["gap"] * (1 if total["gap"] >= 0 else -1))
    below = below.sort_values("deficit", ascending=False)
    lower, higher = (
        below[below["deficit"] > 0].head(NAMED),
        below[below["deficit"] < 0][::-1].head(NAMED),
    )
    parts = [
        _deficits(results, lower, results.say("明显较低的有", "clearly lower in "), "低"),
        _deficits(results, higher, results.say("明显较高的有", "clearly higher in "), "高"),
    ]
    said = clauses(parts, results.lang)
    second = results.say(
        f"二级指标中，{served(results, behind)}得分{said}。",
        f"At the second level, {served(results, behind)} scores {said}.",
    )
    return Headline(title, paragraph(first, second if said else ""), "audience_gaps")


def _share_behind(total: Any) -> float:
    return total["share_positive"] if total["gap"] >= 0 else 1 - total["share_positive"]


def _deficits(results: Results, rows: pd.DataFrame, lead: str, way: str) -> str:
    if rows.empty:
        return ""
    names = [
        results.say(
            f"{named(results, i)}（{way}{score(abs(gap))}分）",
            f"{named(results, i)} (by {score(abs(gap))})",
        )
        for i, gap in zip(rows["indicator"], rows["gap"], strict=True)
    ]
    return lead + listed(names, results.lang)


def _printed_audiences(results: Results) -> Headline | None:
    if "means" not in results or len(audiences_of(results)) != 2:
        return None
    first, second = audiences_of(results)
    wide = results["means"].query("level == 1").pivot(
        index="indicator", columns="audience", values="mean"
    )  # fmt: skip
    if not {first, second} <= set(wide):
        return None
    wide = wide.dropna(subset=[first, second])
    order = [i for i in results["indicators"]["indicator"] if i in wide.index]
    parts = [
        results.say(
            f"{named(results, i)}{score(wide.at[i, first])}分、{score(wide.at[i, second])}分",
            f"{named(results, i)} {score(wide.at[i, first])} and {score(wide.at[i, second])}",
        )
        for i in order
    ]
    if not parts:
        return None
    lower, n = int((wide[second] < wide[first]).sum()), len(wide)
    one, other = (audience_name(results, a) for a in (first, second))
    title = results.say(
        f"{count(n)}项一级指标中，{served(results, second)}得分低于{served(results, first)}的有{count(lower)}项",
        f"In {count(lower)} of {count(n)} first-level indicators, {served(results, second)} scores below "
        f"{served(results, first)}",
    )
    text = results.say(
        f"{served(results, first)}、{served(results, second)}的均值依次为：{clauses(parts, 'zh')}。"
        "因没有逐次记录，无法判断这些差别是否超出抽样误差。",
        f"The means for {one} and {other} are: {clauses(parts, 'en')}. Without individual records it "
        "cannot be told whether these differences exceed sampling error.",
    )
    return Headline(title, paragraph(text), "level1_means")


def problems(results: Results) -> Headline | None:
    """Name the indicators that stand lowest, as far as they lie below the average of their level."""
    measured = measured_level(results)
    if measured.empty:
        return None
    low = below_average(results)
    weak = low[low["verdict"].isin(["clear", UNJUDGED])].head(NAMED)
    average = measured["mean"].mean()
    if weak.empty:
        title = results.say(
            "没有一项指标明显低于平均水平", "No indicator is clearly below the average"
        )
        text = results.say(
            f"同级指标的平均为{points(results, average)}，没有一项明显低于它。",
            f"The indicators of the level average {points(results, average)}; none is clearly below.",
        )
        return Headline(title, paragraph(text), "level2_means")
    names = [named(results, i) for i in weak["indicator"]]
    title = results.say(
        f"短板集中在{listed(names, 'zh')}",
        f"The weak {'spot is' if len(names) == 1 else 'spots are'} {listed(names, 'en')}",
    )
    by = results["means"].pivot(index="indicator", columns="audience", values="mean")
    parts = [_weak(results, row, by.loc[row.indicator].dropna()) for row in each(weak)]
    text = results.say(
        f"同级指标平均{score(average)}分，其中{'，'.join(parts)}。",
        f"The indicators of this level average {score(average)}: {', '.join(parts)}.",
    )
    return Headline(title, paragraph(text), "level2_means")


def _weak(results: Results, row: Any, means: pd.Series) -> str:
    split = [
        f"{audience_name(results, a)}{results.say('', ' ')}{score(means[a])}"
        for a in audiences_of(results)
        if a in means
    ]
    of = results.say(f"（{'、'.join(split)}）", f" ({', '.join(split)})") if split else ""
    name = named(results, row.indicator)
    return results.say(f"{name}{score(row.mean)}分", f"{name} {score(row.mean)}") + of


def drivers(results: Results) -> Headline | None:
    """Name the indicators that go most closely with the outcome, and how much they explain."""
    if "drivers" not in results or "driver_model" not in results:
        return None
    model = results["driver_model"].query("audience == 'all'")
    if model.empty:
        return None
    fit = model.iloc[0]
    table = results["drivers"].query("audience == 'all' and outcome == @fit.outcome")
    table = table.sort_values("rank")
    top = table.iloc[0]
    leading = table[(table["rank"] == 1) | (table["share_high"] >= top["share_low"])].head(NAMED)
    outcome = named(results, str(fit["outcome"]))
    names = [named(results, i) for i in leading["indicator"]]
    title = results.say(
        f"与{outcome}关系最密切的是{listed(names, 'zh')}",
        f"{listed(names, 'en')} {'is' if len(names) == 1 else 'are'} most closely related to {outcome}",
    )
    shares = [
        f"{named(results, row.indicator)}{results.say('', ' ')}{percent(row.share)}"
        for row in each(table.head(NAMED))
    ]
    reach, at = percent_span(results, fit["r2_low"], fit["r2_high"]), level(results)
    text = results.say(
        f"{count(fit['predictors'])}项指标合起来可以解释{outcome}差异的{percent(fit['r2'])}（{at}置信区间{reach}）；"
        f"在可解释的部分中，占比居前的是{listed(shares, 'zh')}。相关不等于因果。",
        f"{count(fit['predictors'])} indicators together account for {percent(fit['r2'])} of the "
        f"variation in {outcome} ({at} interval {reach}); the largest shares of what is explained are "
        f"{listed(shares, 'en')}. Association is not causation.",
    )
    return Headline(title, paragraph(text), "driver_importance")
