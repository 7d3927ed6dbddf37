"""Sentences on what changed since the edition before: how much, whether clearly, and why."""

from typing import Any

import pandas as pd

from report.names import unit_names
from report.prose.terms import (
    call_value,
    cities,
    indicator,
    level,
    listed_units,
    signed,
    span,
)
from report.prose.verdicts import label, went
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    minus,
    paragraph,
    score,
    table,
)
from report.results import Results

MOST = 20
"""Rows of the tables of cities that moved."""

PARTS = {
    "real": ("可比题项的实际变化", "from real change of the items in common"),
    "dropped": ("不再考察的题项", "from items no longer asked"),
    "added": ("新考察的题项", "from new items"),
    "reweighted": ("结构与权重调整", "from the new tree and weights"),
}
"""The parts of a change that sum to it, as ``bridge`` has them."""

FATES = {
    "common": ("测量方法相同", "measured alike"),
    "changed": ("计分规则或数据来源已变", "under another rule or from other data"),
    "relative": ("按当届相对位置计分，不能跨届比较", "placed among the units of one edition only"),
    "dropped": ("不再考察", "no longer asked"),
    "added": ("新考察", "new"),
}


def no_previous(results: Results) -> str:
    """Say that there is no edition to compare with; nothing where there is one."""
    if "national_changes" in results:
        return ""
    return paragraph(
        results.say(
            "本年度评估没有可以比较的上一届，本章从略；今后各届以本届为基准报告变化。",
            "There is no earlier edition to compare this one with, so this chapter is left out; later "
            "editions will report changes against this one.",
        )
    )


def national(results: Results) -> str:
    """Say how the mean total changed, and how many cities clearly rose or fell."""
    row = _national(results, "all", "total")
    if row is None:
        return ""
    known = span(results, row.low, row.high, "{:+.2f}")
    interval = results.say(
        f"（{level(results)}区间{known}）", f" ({level(results)} interval {known})"
    )
    sentence = results.say(
        f"两届均有得分的{cities(results, row.n)}，总分均值由{score(row.before)}分变为{score(row.after)}分，"
        f"变化{signed(row.change)}分{interval if known else ''}，{label(row.verdict, 'zh')}。",
        f"Over the {cities(results, row.n)} with a score in both editions the mean total went from "
        f"{score(row.before)} to {score(row.after)} points, {signed(row.change)}"
        f"{interval if known else ''}: {label(row.verdict, 'en')}.",
    )
    return paragraph(sentence, _counts(results))


def _counts(results: Results) -> str:
    if "changes" not in results:
        return ""
    own = results["changes"].query("audience == 'all' and indicator == 'total'")
    n = own["verdict"].value_counts()
    rise, fall, unclear = (n.get(way, 0) for way in ("rise", "fall", "unclear"))
    if not rise and not fall:
        return results.say(
            f"逐个城市看，没有一个城市的总分有明显变化，{cities(results, unclear)}的升降都在误差范围内。",
            f"The total of no city clearly changed: those of all {cities(results, unclear)} changed "
            "within sampling error.",
        )
    return results.say(
        f"{cities(results, rise)}总分明显上升，{cities(results, fall)}明显下降，"
        f"其余{cities(results, unclear)}的变化在误差范围内。",
        f"The totals of {cities(results, rise)} clearly rose, those of {cities(results, fall)} clearly "
        f"fell, and those of the other {cities(results, unclear)} changed within sampling error.",
    )


def indicators_moved(results: Results) -> str:
    """Name the indicators whose national mean clearly rose or fell, or say that none did."""
    if "national_changes" not in results:
        return ""
    rows = results["national_changes"].query("audience == 'all' and indicator != 'total'")
    parts = []
    for way in ("rise", "fall"):
        moved = rows[rows["verdict"] == way].sort_values("change", key=lambda c: -c.abs())
        named = [
            cell(indicator(results, row.indicator))
            + results.say(f"（{signed(row.change)}分）", f" ({signed(row.change)})")
            for row in each(moved)
        ]
        if named:
            parts.append(
                results.say(
                    f"全国均值{went(way, 'zh')}的指标有{listed(named, 'zh')}",
                    f"national means that {went(way, 'en')}: {listed(named, 'en')}",
                )
            )
    if not parts:
        return paragraph(
            results.say(
                f"各级{count(len(rows))}项指标的全国均值，变化都在误差范围内。",
                f"The national means of all {count(len(rows))} indicators changed within sampling error.",
            )
        )
    text = "；".join(parts) if results.lang == "zh" else "; ".join(parts)
    text = text[0].upper() + text[1:]
    rest = results.say("其余指标的变化在误差范围内。", "All others changed within sampling error.")
    return paragraph(text + results.say("。", "."), rest)


def national_table(results: Results) -> str:
    """Write the national means before and after, of the total and levels 1 and 2."""
    if "national_changes" not in results:
        return ""
    depth = results["indicators"].set_index("indicator")["level"]
    rows = results["national_changes"].query("audience == 'all'")
    rows = rows[(rows["indicator"] == "total") | rows["indicator"].map(depth).isin([1, 2])]
    cells = [
        (
            "　" * max(0, int(depth.get(row.indicator, 1)) - 1) + indicator(results, row.indicator),
            score(row.before), score(row.after), signed(row.change),
            span(results, row.low, row.high, "{:+.2f}") or "—", label(row.verdict, results.lang),
        )
        for row in each(rows)
    ]  # fmt: skip
    header = results.say(
        "指标|上届|本届|变化|区间|判断", "Indicator|Before|Now|Change|Interval|Verdict"
    ).split("|")
    return table(header, cells, "lrrrcl", (28, 10, 10, 10, 22, 20))


def by_audience(results: Results) -> str:
    """Say how the total changed for each audience."""
    parts = [
        results.say(
            f"服务{call_value(results, 'audience', who)}的总分变化{signed(row.change)}分"
            f"{_bracketed(results, row)}，{label(row.verdict, 'zh')}",
            f"for {call_value(results, 'audience', who)} the total changed by {signed(row.change)}"
            f"{_bracketed(results, row)}, {label(row.verdict, 'en')}",
        )
        for who in ("citizen", "enterprise")
        if (row := _national(results, who, "total")) is not None
    ]
    if not parts:
        return ""
    text = "；".join(parts) + "。" if results.lang == "zh" else "; ".join(parts) + "."
    return paragraph(text[0].upper() + text[1:])


def _bracketed(results: Results, row: Any) -> str:
    known = span(results, row.low, row.high, "{:+.2f}")
    return results.say(f"（区间{known}）", f" (interval {known})") if known else ""


def bridge(results: Results) -> str:
    """Say how much of the nation's change is real, and how much the indicators made."""
    if "national_bridge" not in results:
        return ""
    row = next(each(results["national_bridge"]))
    if not row.n:
        return paragraph(
            results.say(
                "两届可比的部分太少，变化无从分解。",
                "The editions have too little in common to take the change apart.",
            )
        )
    if _all_alike(results, row):
        return paragraph(
            results.say(
                "两届的题项、测量方法和权重全部相同，总分均值的变化都是实际变化。",
                "All items, measurements and weights are those of the edition before, so that all of "
                "the change of the mean total is real.",
            )
        )
    parts = [
        results.say(f"{zh}{signed(getattr(row, part))}分", f"{signed(getattr(row, part))} {en}")
        for part, (zh, en) in PARTS.items()
    ]
    interval = _bracketed(results, row)
    return paragraph(
        results.say(
            f"总分均值变化{signed(row.change)}分，可以分解为：{'，'.join(parts)}。"
            f"其中实际变化{interval}{label(row.verdict, 'zh')}。",
            f"The change of {signed(row.change)} points is the sum of {listed(parts, 'en')}. The real "
            f"change{interval} is judged: {label(row.verdict, 'en')}.",
        ),
        fates(results),
    )


def _all_alike(results: Results, row: Any) -> bool:
    """Return whether nothing but scores differs between the editions of a bridge."""
    made = (row.dropped, row.added, row.reweighted)
    alike = "item_fates" in results and results["item_fates"]["fate"].eq("common").all()
    return bool(alike) and all(abs(part) < 1e-9 for part in made)


def fates(results: Results) -> str:
    """Count the items by what became of them."""
    if "item_fates" not in results:
        return ""
    n = results["item_fates"]["fate"].value_counts()
    parts = [
        results.say(f"{count(n[fate])}个{zh}", f"{count(n[fate])} {en}")
        for fate, (zh, en) in FATES.items()
        if fate in n
    ]
    return results.say(
        f"两届合计{count(n.sum())}个题项中，{'，'.join(parts)}。",
        f"Of the {count(n.sum())} items of both editions: {', '.join(parts)}.",
    )


def ranks(results: Results) -> str:
    """Say how many cities clearly moved in rank."""
    if "rank_changes" not in results:
        return ""
    moves = results["rank_changes"]
    up, down = (moves[moves["verdict"] == way] for way in ("up", "down"))
    if up.empty and down.empty:
        return paragraph(
            results.say(
                f"两届都有总分的{cities(results, len(moves))}中，没有一个城市的名次有明显升降；表面上的升降都在误差范围内，不宜解读。",
                f"Of {cities(results, len(moves))} with a total in both editions none clearly moved in "
                "rank; what moves there are lie within sampling error and are not to be read as a "
                "rise or a fall.",
            )
        )
    said = results.say(
        f"同样两届都有总分的{cities(results, len(moves))}中，名次明显上升的有{count(len(up))}个，"
        f"明显下降的有{count(len(down))}个，其余的升降在误差范围内，不宜解读。",
        f"Of {cities(results, len(moves))} with a total in both editions {count(len(up))} clearly went "
        f"up in rank and {count(len(down))} clearly down; the others moved within sampling error, "
        "which is not to be read as a rise or a fall.",
    )
    named = [
        results.say(f"{went(way, 'zh')}的有{names}", f"{went(way, 'en').capitalize()}: {names}")
        for way, found in (("up", up), ("down", down))
        if (names := listed_units(results, _farthest(found)["unit"]))
    ]
    more = (
        ("；".join(named) + "。" if results.lang == "zh" else ". ".join(named) + ".")
        if named
        else ""
    )
    return paragraph(said, more)


def _farthest(moves: pd.DataFrame) -> pd.DataFrame:
    return moves.sort_values("moved", key=lambda m: -m.abs(), kind="stable")


def rank_table(results: Results) -> str:
    """Write the cities that clearly moved in rank, those that moved most first."""
    moves = (
        results["rank_changes"].query("verdict != 'unclear'") if "rank_changes" in results else None
    )
    if moves is None or moves.empty:
        return ""
    names = unit_names(results)
    rows = [
        (
            names.get(row.unit, row.unit), count(row.rank_before), count(row.rank_after),
            minus(f"{row.moved:+d}"), span(results, row.low, row.high, "{:+.0f}") or "—",
            label(row.verdict, results.lang),
        )
        for row in each(_farthest(moves).head(MOST))
    ]  # fmt: skip
    header = results.say(
        "城市|上届名次|本届名次|升降位数|区间|判断",
        "City|Rank before|Rank now|Places|Interval|Verdict",
    ).split("|")
    return table(header, rows, "lrrrcl", (24, 14, 14, 14, 16, 18))


def chain(results: Results) -> str:
    """Tell the mean totals of all editions on like terms with the last."""
    if "national_chain" not in results:
        return ""
    known = results["national_chain"].dropna(subset=["chained"])
    if len(known) < 2:
        return ""
    last = cell(known["edition"].iloc[-1])
    levels = [
        results.say(
            f"{cell(row.edition)}为{score(row.chained)}分",
            f"{cell(row.edition)} {score(row.chained)}",
        )
        for row in each(known)
    ]
    return paragraph(
        results.say(
            f"把历届之间的实际变化逐年链接，按{last}的口径，总分均值{'、'.join(levels)}。",
            f"With the real changes linked year by year, on the terms of {last} the mean totals are "
            f"{', '.join(levels)}.",
        )
    )


def _national(results: Results, audience: str, name: str) -> Any | None:
    if "national_changes" not in results:
        return None
    rows = results["national_changes"].query("audience == @audience and indicator == @name")
    return next(each(rows), None)
