"""How profiles write figures, groups and verdicts in Chinese and English."""

from math import isnan
from typing import Any

import pandas as pd

from report.labels import group_label
from report.language import Lang
from report.profiles.page import Tone
from report.results import Results

ABSENT = "—"
TIERS = {
    "一线": ("一线城市", "First tier"),
    "新一线": ("新一线城市", "New first tier"),
    "二线": ("二线城市", "Second tier"),
    "三线": ("三线城市", "Third tier"),
    "四线": ("四线城市", "Fourth tier"),
    "五线": ("五线城市", "Fifth tier"),
}


UNDECIDED = {
    "none": ("无可检出差别", "no detectable difference"),
    "negligible": ("差别微小", "negligible difference"),
    "": ("无法判断", "cannot be judged"),
}
"""Words for gaps that do not stand out."""


def at(lang: Lang, zh: str, en: str) -> str:
    """Return the text of a language."""
    return zh if lang == "zh" else en


def missing(value: Any) -> bool:
    """Return whether a figure is not there."""
    return value is None or bool(pd.isna(value))


def points(value: Any) -> str:
    """Write a score with two decimals; a missing one as a dash."""
    return ABSENT if missing(value) else f"{value:.2f}"


def signed(value: Any) -> str:
    """Write a difference with its sign."""
    if missing(value):
        return ABSENT
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text[1:] == "0.00" else text


def span(low: Any, high: Any, *, sign: bool = False) -> str:
    """Write an interval: ``7.10–8.02``, ``[−0.31, +1.20]``; "" where there is none."""
    if missing(low) or missing(high):
        return ""
    return f"[{signed(low)}, {signed(high)}]" if sign else f"{low:.2f}–{high:.2f}"


def places(low: Any, high: Any) -> str:
    """Write an interval of ranks: ``21–47``; "" where there is none."""
    return "" if missing(low) or missing(high) else f"{low:.0f}–{high:.0f}"


def chance(p: Any, lang: Lang) -> str:
    """Write a probability as whole percent, but never as impossible or certain."""
    if missing(p):
        return ABSENT
    if p < 0.005:
        return at(lang, "不足1%", "below 1%")
    if p > 0.995:
        return at(lang, "99%以上", "over 99%")
    return f"{p * 100:.0f}%"


def percent(share: Any) -> str:
    """Write a share with one decimal."""
    return ABSENT if missing(share) else f"{share * 100:.1f}%"


def group_name(group: str, lang: Lang) -> str:
    """Return the name of a group, tiers included."""
    if group in TIERS:
        return at(lang, *TIERS[group])
    return group_label(group, lang)


def against(gap: Any, verdict: str, lang: Lang) -> tuple[str, Tone]:
    """Return the word for a gap to the mean, and its tone."""
    if missing(gap) or isnan(gap):
        return "", "quiet"
    if verdict not in ("clear", "slight"):
        return at(lang, *UNDECIDED[verdict]), "quiet"
    size = at(lang, *{"clear": ("明显", "clearly "), "slight": ("略", "slightly ")}[verdict])
    way = at(lang, "高于", "above") if gap > 0 else at(lang, "低于", "below")
    return f"{size}{way}", "good" if gap > 0 else "bad"


def tone_of(gap: Any, verdict: str) -> Tone:
    """Return the tone of a mark whose gap was judged."""
    if missing(gap) or verdict not in ("clear", "slight"):
        return ""
    return "good" if gap > 0 else "bad"


def indicator_names(results: Results) -> dict[str, str]:
    """Return the name of every indicator, the total included, in the language of the results."""
    table = results["indicators"]
    return {
        "total": results.say("总分", "Total"),
        **dict(zip(table["indicator"], table[results.lang].astype(str), strict=True)),
    }


def edition_title(results: Results) -> str:
    """Return the title of the edition."""
    return str(results.meta["title"][results.lang])


def institute(results: Results) -> str:
    """Return who publishes it; "" where that is not said."""
    return str((results.meta.get("publisher") or {}).get(results.lang, ""))


def notice(results: Results) -> tuple[str, str]:
    """Return the notice and the mark of simulated data; both "" where the data are real."""
    if not results.meta["simulated"]:
        return "", ""
    return (
        results.say(
            "模拟数据：本页数字由程序模拟生成，不反映任何城市的真实情况，不得引用。",
            "Simulated data: every figure here was made by a program; it says nothing about any "
            "city and must not be cited.",
        ),
        results.say("模拟数据", "Simulated data"),
    )
