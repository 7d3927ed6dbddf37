"""Sentences on cities that stand out among those like them."""

import pandas as pd

from report.labels import factor_label, group_label
from report.names import unit_names
from report.prose.terms import cities, indicator, level
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    minus,
    p_value,
    paragraph,
    percent,
    score,
    table,
)
from report.results import Results

MOST = 30
"""Rows of the table of cities that stand out."""


def measure_name(results: Results, measure: str) -> str:
    """Return what a measure of the funnels is called."""
    if measure == "answered":
        return results.say("接通率", "rate of calls answered")
    return indicator(results, measure)


def unusual(results: Results) -> str:
    """Count the cities that neither chance nor the spread among their peers explains."""
    if "funnel" not in results:
        return paragraph(
            results.say(
                "本年度评估没有可供判断异常的得分，本节从略。",
                "This edition has no scores from which unusual cities could be found; this section is left out.",
            )
        )
    funnel = results["funnel"]
    out = funnel[funnel["stands_out"]]
    measures = listed(
        [cell(measure_name(results, m)) for m in dict.fromkeys(funnel["measure"])], results.lang
    )
    sets = listed(
        [_set_name(results, factor) for factor in dict.fromkeys(funnel["factor"])], results.lang
    )
    how = results.say(
        f"漏斗图把每个城市的{measures}与同类城市（{sets}）比较，既考虑抽样误差，也考虑同类城市之间固有的差异；"
        "经多重比较校正后仍超出两者所能解释的范围的，才算异常。",
        f"Funnel plots compare the {measures} of every city with its peers ({sets}), allowing for "
        "sampling error and for the differences that peers have anyway; a city stands out if it lies "
        "beyond both after correction for multiple comparisons.",
    )
    return paragraph(how, _found(results, out), _beyond(results))


def _found(results: Results, out: pd.DataFrame) -> str:
    if out.empty:
        return results.say(
            "按这一标准，没有一个城市异常：得分虽有高低，都没有超出同类城市之间固有的差异。",
            "By that standard no city stands out: scores differ, but not by more than peers do anyway.",
        )
    n = out["unit"].nunique()
    return results.say(
        f"按这一标准，{cities(results, n)}在至少一项上异常，列于下表。",
        f"By that standard {cities(results, n)} {'stands' if n == 1 else 'stand'} out in at least one "
        "measure, as listed below.",
    )


def _beyond(results: Results) -> str:
    """Say how many lie outside the limits of the total, beside how many chance alone would put there."""
    rows = results["funnel"].query("factor == 'all' and measure == 'total'")
    if rows.empty:
        return ""
    outside = (rows["band"] != "expected").sum()
    chance = len(rows) * 0.05
    return results.say(
        f"总分落在{percent(0.95, 0)}界限之外的有{cities(results, outside)}；仅由偶然因素，"
        f"{count(len(rows))}个城市中预期就有约{count(chance)}个，因此超出界限本身不算异常。",
        f"{cities(results, outside)} {'lies' if outside == 1 else 'lie'} outside the {percent(0.95, 0)} "
        f"limits of the total; of {count(len(rows))}, about {count(chance)} would be expected there by chance alone, so "
        "being outside is not unusual by itself.",
    )


def unusual_table(results: Results) -> str:
    """Write the cities that stand out, those farthest out first."""
    out = results["funnel"].query("stands_out") if "funnel" in results else pd.DataFrame()
    if out.empty:
        return ""
    names = unit_names(results)
    out = out.sort_values("z", key=lambda z: -z.abs(), kind="stable").head(MOST)
    rows = [
        (
            names.get(row.unit, row.unit), measure_name(results, row.measure),
            _peer(results, row.peer), _value(row.measure, row.value), _value(row.measure, row.target),
            minus(f"{row.z:+.1f}"), p_value(row.p_adjusted, results.lang),
        )
        for row in each(out)
    ]  # fmt: skip
    header = results.say(
        "城市|度量|同类|本市|同类均值|z|校正后p值",
        "City|Measure|Peers|City's|Mean of peers|z|Adjusted p",
    ).split("|")
    return table(header, rows, "lllrrrr", (16, 18, 20, 10, 12, 10, 14))


def funnel_note(results: Results) -> str:
    """Say how the funnel is to be read."""
    if "funnel" not in results:
        return ""
    return paragraph(
        results.say(
            f"@fig-funnel 的横轴是得分的标准误，越靠左越精确；两条界限分别为{percent(0.95, 0)}和{percent(0.998)}。"
            f"漏斗图只用来发现异常，不用来排名次；正文其他区间仍为{level(results)}区间。",
            f"In @fig-funnel precision falls from left to right; the limits are {percent(0.95, 0)} and "
            f"{percent(0.998)}. A funnel plot looks for unusual cities and does not rank them; other "
            f"intervals in the text are {level(results)} intervals.",
        )
    )


def _set_name(results: Results, factor: str) -> str:
    if factor == "all":
        return results.say("全部城市", "all cities")
    name = cell(factor_label(factor, results.lang))
    return results.say(f"同一{name}", f"the same {name.lower()}")


def _peer(results: Results, peer: str) -> str:
    return (
        results.say("全部城市", "All cities") if peer == "all" else group_label(peer, results.lang)
    )


def _value(measure: str, value: float) -> str:
    return percent(value) if measure == "answered" else score(value)
