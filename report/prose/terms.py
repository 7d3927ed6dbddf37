"""What things are called: indicators, slots, values of factors, counts of cities.

Names are returned as they are; `wording.table` escapes them, and a sentence escapes them with
`wording.cell`. Only `named` and `listed_units` return Markdown.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from report.labels import AUDIENCES, word
from report.names import unit_names
from report.prose.wording import cell, count, listed, minus, percent, score
from report.results import Results

SCENARIOS = {
    "information": ("咨询类来电", "calls for information"),
    "complaint": ("反馈投诉类来电", "calls with feedback or complaints"),
}
CHANNELS = {
    "phone": ("电话", "telephone"),
    "web": ("网站", "website"),
    "app": ("手机应用", "app"),
    "wechat": ("微信", "WeChat"),
    "mini_program": ("小程序", "mini program"),
    "email": ("电子邮件", "e-mail"),
    "sms": ("短信", "text message"),
}
CALL_FACTORS = {
    "slot": ("时段", "time slot"),
    "channel": ("渠道", "channel"),
    "audience": ("服务对象", "audience"),
    "scenario": ("情景", "scenario"),
}
"""What calls are told apart by, in the order in which it is told."""


def indicator(results: Results, name: str) -> str:
    """Return what an indicator or the total is called; one that is not in the tree keeps its id."""
    if name == "total":
        return word("total", results.lang)
    table = results["indicators"].set_index("indicator")[results.lang]
    return str(table[name]) if name in table.index else name


def named(results: Results, name: str) -> str:
    """Return what an indicator is called, in Markdown for a sentence."""
    return cell(indicator(results, name))


def call_factor(results: Results, factor: str) -> str:
    """Return what a factor of calls is called."""
    return results.say(*CALL_FACTORS.get(factor, (factor, factor)))


def call_value(results: Results, factor: str, value: str) -> str:
    """Return what a value of a factor of calls is called; one of the edition's own keeps its name.

    A slot keeps the label of the edition, which in English must not be in Chinese; then its id.
    """
    if factor == "slot":
        named = str(results.meta["slots"].get(value, value))
        usable = results.lang == "zh" or all(sign < "\u2e80" for sign in named)
        return named if usable else value
    if factor == "audience":
        return AUDIENCES[value][results.lang].lower() if value in AUDIENCES else value
    words = {"scenario": SCENARIOS, "channel": CHANNELS}.get(factor, {})
    return results.say(*words[value]) if value in words else value


def capital(text: str) -> str:
    """Write the first letter of a cell of a table large."""
    return text[:1].upper() + text[1:]


def cities(results: Results, n: Any) -> str:
    """Count cities: ``3个城市``, ``3 cities``, ``1 city``."""
    return results.say(f"{count(n)}个城市", f"{count(n)} {'city' if round(n) == 1 else 'cities'}")


def listed_units(results: Results, units: Iterable[str], most: int = 10) -> str:
    """Name units in Markdown, at most so many, and count the rest."""
    names, units = unit_names(results), list(units)
    named = [cell(names.get(unit, unit)) for unit in units[:most]]
    if len(units) <= most:
        return listed(named, results.lang)
    rest = count(len(units) - most)
    return results.say(
        f"{'、'.join(named)}以及另外{rest}个城市", f"{', '.join(named)} and {rest} more"
    )


def level(results: Results) -> str:
    """Return the level of the intervals: ``95%``."""
    return percent(results.meta["level"], 0)


def points(results: Results, value: Any) -> str:
    """Write points: ``1.20分``, ``1.20 points``."""
    return results.say(f"{score(value)}分", f"{score(value)} points")


def section(depth: int, title: str, *texts: str) -> str:
    """Head what is told with a title, or return nothing where there is nothing to tell."""
    told = "".join(texts)
    return f"{'#' * depth} {title}\n\n{told}" if told else ""


def signed(value: Any) -> str:
    """Write a change of points with its sign, and none before a zero."""
    text = f"{value:+.2f}"
    return text[1:] if float(text) == 0 else minus(text)


def span(results: Results, low: Any, high: Any, write: str = "{:.2f}") -> str:
    """Write an interval whose ends may be negative: ``−0.10至0.32``, or nothing without one."""
    if pd.isna(low) or pd.isna(high):
        return ""
    to = results.say("至", " to ")
    return f"{minus(write.format(low))}{to}{minus(write.format(high))}"


def percent_span(results: Results, low: Any, high: Any) -> str:
    """Write an interval of shares as percentages."""
    return span(results, low, high, "{:.1%}")


def short_span(low: Any, high: Any, write: str = "{:.2f}", unit: str = "") -> str:
    """Write an interval of figures not below 0 for a narrow column: ``69.4–74.8%``, or a dash."""
    if pd.isna(low) or pd.isna(high):
        return "—"
    return f"{write.format(low)}–{write.format(high)}{unit}"


def short_percents(low: Any, high: Any) -> str:
    """Write an interval of shares for a narrow column."""
    return short_span(low * 100, high * 100, "{:.1f}", "%")
