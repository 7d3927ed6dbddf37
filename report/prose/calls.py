"""Sentences on how calls are answered: by slot, channel, audience and scenario."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from report.prose.terms import (
    CALL_FACTORS,
    call_factor,
    call_value,
    capital,
    level,
    percent_span,
    short_percents,
    short_span,
)
from report.prose.verdicts import degree, odds_verdict
from report.prose.wording import (
    cell,
    count,
    each,
    p_value,
    paragraph,
    percent,
    table,
)
from report.results import Results


def connection(results: Results) -> str:
    """Say how many calls were answered, and where answering differs with all else equal."""
    if "connection_rates" not in results:
        return _no_calls(results)
    rates = results["connection_rates"]
    whole = rates[rates["factor"] == rates["factor"].iloc[0]]
    n, answered = whole["n"].sum(), whole["answered"].sum()
    first = results.say(
        f"{count(n)}次拨测中有{count(answered)}次由人工接通，接通率为{percent(answered / n)}。",
        f"Of {count(n)} calls {count(answered)} were answered by an agent ({percent(answered / n)}).",
    )
    how = results.say(
        "以下比较各类拨测在其他条件相同时的接通率。",
        "The rates below are compared with all else equal.",
    )
    return paragraph(first, how) + "".join(
        connection_by(results, factor) for factor in CALL_FACTORS if factor != "channel"
    )


def _no_calls(results: Results) -> str:
    return paragraph(
        results.say(
            "本年度评估没有拨测记录，接通与等候无从分析，本节从略。",
            "This edition has no records of calls, so answering and waiting cannot be analysed; this "
            "section is left out.",
        )
    )


def connection_by(results: Results, factor: str) -> str:
    """Say which value of a factor is answered most and least, and whether that is a difference."""
    rates = _rates(results, factor)
    if len(rates) < 2:
        return ""
    rates = rates.sort_values("adjusted", ascending=False, kind="stable")
    best, worst = rates.iloc[0], rates.iloc[-1]
    named = [
        f"{cell(call_value(results, factor, row['value']))}"
        + results.say("（", " (")
        + percent(row["adjusted"])
        + results.say("，区间", ", interval ")
        + percent_span(results, row["low"], row["high"])
        + results.say("）", ")")
        for row in (best, worst)
    ]
    judged = factor_verdict(results, factor)
    name = call_factor(results, factor)
    p = p_value(_effects(results, factor)["factor_p_adjusted"].iloc[0], results.lang)
    if judged == "none":
        return paragraph(
            results.say(
                f"按{name}比较，接通率没有可检出的差别（{p}）：最高的是{named[0]}，最低的是{named[1]}。",
                f"By {name} there is no detectable difference ({p}): the highest rate is that of "
                f"{named[0]}, the lowest that of {named[1]}.",
            )
        )
    return paragraph(
        results.say(
            f"按{name}比较，{named[0]}的接通率{degree(judged, 'zh')}高于{named[1]}（{p}）。",
            f"By {name}, the rate of {named[0]} is {degree(judged, 'en')} higher than that of "
            f"{named[1]} ({p}).",
        )
    )


def factor_verdict(results: Results, factor: str) -> str:
    """Judge a factor of the calls by its joint test and the odds of its best against its worst."""
    effects = _effects(results, factor)
    logs = np.append(np.log(effects["odds_ratio"].to_numpy(dtype=float)), 0.0)
    ratio = float(np.exp(np.nanmax(logs) - np.nanmin(logs)))
    return odds_verdict(ratio, float(effects["factor_p_adjusted"].iloc[0]), results.meta["level"])


def connection_table(results: Results) -> str:
    """Write rates and odds ratios by factor and value."""
    if "connection_rates" not in results:
        return ""
    effects = {(row.factor, row.value): row for row in each(_all_effects(results))}
    rows = [
        (
            capital(call_factor(results, row.factor)),
            capital(call_value(results, row.factor, row.value)), count(row.n), percent(row.rate),
            "—" if pd.isna(row.adjusted) else percent(row.adjusted),
            short_percents(row.low, row.high), _odds(results, effects, row),
        )
        for row in each(results["connection_rates"])
    ]  # fmt: skip
    header = results.say(
        "因素|类别|拨测数|实际接通率|调整接通率|区间|优势比（区间）",
        "Factor|Value|Calls|As observed|All else equal|Interval|Odds ratio (interval)",
    ).split("|")
    return table(header, rows, "llrrrrr", (11, 18, 9, 12, 12, 17, 21))


def _odds(results: Results, effects: Mapping[tuple[str, str], Any], rate: Any) -> str:
    row = effects.get((rate.factor, rate.value))
    if row is None and pd.notna(rate.adjusted):
        return results.say("参照", "reference")
    if row is None or pd.isna(row.odds_ratio):
        return "—"
    known = short_span(row.low, row.high)
    return f"{row.odds_ratio:.2f}" + results.say(f"（{known}）", f" ({known})")


def slots(results: Results) -> str:
    """Say for each audience in which slot calls are answered most and least, and waits are longest."""
    if "slots" not in results:
        return ""
    text = ""
    for audience, part in results["slots"].groupby("audience", sort=False):
        by_rate = part.sort_values("rate", ascending=False, kind="stable")
        best, worst = by_rate.iloc[0], by_rate.iloc[-1]
        slow = part.sort_values("wait_median", kind="stable").iloc[-1]
        names = [cell(call_value(results, "slot", row["slot"])) for row in (best, worst, slow)]
        who = call_value(results, "audience", str(audience))
        apart = best["rate_low"] > worst["rate_high"]
        meet = results.say(
            "两者的区间不相重叠" if apart else "但两者的区间相互重叠，差别尚不能确认",
            "and their intervals do not overlap"
            if apart
            else "but their intervals overlap, so the difference is not established",
        )
        text += results.say(
            f"服务{who}方面，{names[0]}的接通率最高（{percent(best['rate'])}），{names[1]}最低"
            f"（{percent(worst['rate'])}），{meet}；接通前等候时长的中位数以{names[2]}最长，"
            f"为{count(slow['wait_median'])}秒。",
            f"For {who}, {names[0]} has the highest rate ({percent(best['rate'])}) and {names[1]} the "
            f"lowest ({percent(worst['rate'])}), {meet}; the median wait before an answer is longest "
            f"in {names[2]}, {count(slow['wait_median'])} seconds. ",
        )
    return paragraph(text.rstrip())


def channels(results: Results) -> str:
    """Compare channels, or say that there is one."""
    if "sample" not in results or "calls" not in set(results["sample"]["table"]):
        return _no_calls(results)
    told = connection_by(results, "channel")
    if told:
        return told
    return paragraph(
        results.say(
            "本年度的拨测没有两个以上可比的渠道，不能比较各渠道的接通情况。",
            "The calls of this edition do not cover two or more channels, so channels cannot be "
            "compared.",
        )
    )


def how_connected(results: Results) -> str:
    """Say how answering was compared, as the run tells it."""
    return told(results, "connection")


def told(results: Results, about: str) -> str:
    """Return the sentences that the run wrote about something."""
    if "statements" not in results:
        return ""
    found = results["statements"].query("about == @about")[results.lang]
    return "".join(paragraph(sentence) for sentence in found)


def interval_note(results: Results) -> str:
    """Say what level the intervals of the chapter have."""
    if "connection_rates" not in results:
        return ""
    return paragraph(
        results.say(
            f"本章区间均为{level(results)}区间。",
            f"All intervals in this chapter are {level(results)} intervals.",
        )
    )


def _rates(results: Results, factor: str) -> pd.DataFrame:
    if "connection_rates" not in results:
        return pd.DataFrame(columns=["value", "adjusted"])
    rates = results["connection_rates"].query("factor == @factor").dropna(subset=["adjusted"])
    return rates if len(_effects(results, factor)) else rates.iloc[:0]


def _effects(results: Results, factor: str) -> pd.DataFrame:
    effects = _all_effects(results)
    return effects[effects["factor"] == factor].dropna(subset=["odds_ratio"])


def _all_effects(results: Results) -> pd.DataFrame:
    """Return the effects, none where no model was built."""
    if "connection_effects" in results:
        return results["connection_effects"]
    return pd.DataFrame(columns=["factor", "value", "odds_ratio"])
