"""Advice tied to what matters most to users and is weakest."""

from typing import Any

import pandas as pd

from report.prose.calls import told
from report.prose.evidence import below_average
from report.prose.library import library
from report.prose.terms import cities, indicator, percent_span, points
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    paragraph,
    percent,
)
from report.results import Results


def weakest_drivers(results: Results) -> pd.DataFrame:
    """Return the indicators that some cities should improve first, the most pressing first.

    Returns
    -------
    Columns indicator, importance, mean, n (cities for which it is important and clearly below the
    mean of all), press (importance times shortfall, summed over them).
    """
    if not {"drivers", "priorities"} <= set(results.tables):
        return pd.DataFrame(columns=["indicator", "importance", "mean", "n", "press"])
    rows = results["priorities"].query("quadrant == 'concentrate'")
    rows = rows.assign(press=-rows["importance"] * rows["gap"])
    grouped = rows.groupby("indicator", as_index=False).agg(
        importance=("importance", "first"), mean=("mean", "first"), n=("unit", "size"),
        press=("press", "sum"),
    )  # fmt: skip
    return grouped.sort_values(["press", "indicator"], ascending=[False, True], ignore_index=True)


def basis(results: Results) -> str:
    """Say by what advice is put in order."""
    if not weakest_drivers(results).empty:
        outcome = cell(indicator(results, results["drivers"]["outcome"].iloc[0]))
        return told(results, "drivers") + paragraph(
            results.say(
                f"建议按影响因素排列：凡对“{outcome}”影响较大、又有城市可以确认低于全国均值的指标，按影响与差距之积在这些"
                "城市的合计由大到小列出。",
                f"Advice follows the drivers: indicators that matter to {outcome} and in which some cities "
                "are shown to be below the national mean, in the order of importance times shortfall, "
                "summed over those cities.",
            )
        )
    if below_average(results).empty:
        return paragraph(
            results.say(
                "本年度的结果没有指标均值，只能给出一般性的建议。",
                "The results of this edition have no means of indicators; only general advice can be "
                "given.",
            )
        )
    why = _fallback(results)
    return paragraph(
        why,
        results.say(
            "因此改按均值排列：低于同级平均的指标，由低到高列出。均值低不等于影响大。",
            "Advice therefore follows the means: indicators below the average of their level, the "
            "lowest first. A low mean does not imply a strong effect.",
        ),
    )


def _fallback(results: Results) -> str:
    if {"drivers", "priorities"} <= set(results.tables):
        return results.say(
            "影响因素分析没有发现有城市在重要指标上可以确认低于全国均值。",
            "In no important indicator is a city shown to be below the national mean.",
        )
    return results.say(
        "本年度评估没有影响因素分析，无法判断哪些指标对使用者的评价影响更大。",
        "This edition has no analysis of drivers, so what matters most to users is not known.",
    )


def advice(results: Results) -> str:
    """Give advice on the weakest drivers, or on the weakest indicators where there are none."""
    drivers = weakest_drivers(results)
    if drivers.empty:
        return _listed(
            results,
            [
                (
                    row.indicator,
                    results.say(
                        f"均值{points(results, row.mean)}", f"mean {points(results, row.mean)}"
                    ),
                )
                for row in each(below_average(results))
            ],
        )
    return _listed(results, [(row.indicator, _driver(results, row)) for row in each(drivers)])


def _driver(results: Results, row: Any) -> str:
    found = results["drivers"].query("indicator == @row.indicator and audience == 'all'")
    known = ""
    if len(found):
        low, high = found["share_low"].iloc[0], found["share_high"].iloc[0]
        known = percent_span(results, low, high)
    share = percent(row.importance)
    zh = f"影响占可解释部分的{share}" + (f"，区间{known}" if known else "")
    en = f"{share} of what is explained" + (f", interval {known}" if known else "")
    return results.say(
        f"{zh}；均值{points(results, row.mean)}；{cities(results, row.n)}须优先改进",
        f"{en}; mean {points(results, row.mean)}; first to improve in {cities(results, row.n)}",
    )


def _listed(results: Results, items: list[tuple[str, str]]) -> str:
    text = ""
    for name, figures in items:
        title, words = cell(indicator(results, name)), library("advice").get(name)
        if words is None:
            said = results.say(
                "本指标没有预设的建议，须结合题项和记录具体分析",
                "there is no prepared advice for this indicator; its questions and records need a closer look",
            )
        else:
            said = words[results.lang]
        text += results.say(
            f"- **{title}**（{figures}）：{said}。\n", f"- **{title}** ({figures}): {said}.\n"
        )
    return text + "\n" if text else ""


def unclear(results: Results) -> str:
    """Name the important drivers whose direction is not shown."""
    if "drivers" not in results or "priorities" not in results:
        return ""
    important = results["priorities"].query("important")["indicator"].unique()
    rows = results["drivers"].query("direction == 'unclear' and audience == 'all'")
    names = [cell(indicator(results, name)) for name in rows["indicator"] if name in set(important)]
    if not names:
        return ""
    return paragraph(
        results.say(
            f"其中{listed(names, 'zh')}与其他因素高度相关，单独的方向尚不能确认，改进时宜与相关指标一并考虑。",
            f"The separate direction of {listed(names, 'en')} is not established because of high "
            "correlation with other drivers; improvement should take these into account.",
        )
    )


def by_quadrant(results: Results) -> str:
    """Say in how many cities no indicator can be told to come first."""
    if "priorities" not in results:
        return ""
    by_unit = (
        results["priorities"].groupby("unit")["quadrant"].agg(lambda q: "concentrate" in set(q))
    )
    n, none = len(by_unit), int((~by_unit).sum())
    return paragraph(
        results.say(
            f"{cities(results, n)}中，有{count(none)}个没有一项重要指标可以确认低于全国均值；"
            "这些城市应先看自己的城市页，再决定从哪里改起。",
            f"In {count(none)} of {cities(results, n)} no important indicator is shown to be below the "
            "national mean; they should look at their own profile before they choose where to begin.",
        )
    )
