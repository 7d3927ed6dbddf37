"""The table of all cities."""

from typing import Any

import pandas as pd

from report.names import in_order
from report.prose.means import bonus_note
from report.prose.naming import audience_name, audiences_of, group_name, unit_list
from report.prose.terms import capital, level, span
from report.prose.wording import count, each, paragraph, percent, score, table
from report.results import Results

KNOWN = ("province", "region", "level", "pinyin_key")
"""What the register may know of a unit."""


def full_table(results: Results) -> str:
    """Write every unit with grade, and score and rank with their intervals where they exist."""
    known = [column for column in KNOWN if column in results["units"]]
    merged = results["grades"].merge(results["units"][["unit", *known]], on="unit")
    if "scores" in results:
        return _scored(results, merged)
    order = {grade: place for place, grade in enumerate(results["composition"]["grade"])}
    merged["place"] = merged["grade"].map(order)
    merged = merged.set_index("unit").loc[in_order(results, merged["unit"])].reset_index()
    merged = merged.sort_values("place", kind="stable")
    names = unit_list(results, merged["unit"].tolist())
    groups = [column for column in KNOWN[:3] if column in known]
    rows = [
        (row.grade, name, *(_group(results, getattr(row, group)) for group in groups))
        for name, row in zip(names, each(merged), strict=True)
    ]
    words = {
        "province": ("省份", "Province"),
        "region": ("区域", "Region"),
        "level": ("行政层级", "Level"),
    }
    header = results.say("等级|城市", "Grade|City").split("|")
    header += [results.say(*words[group]) for group in groups]
    return table(header, rows, "cl" + "l" * len(groups), (8, 30, 18, 14, 24)[: 2 + len(groups)])


def _scored(results: Results, merged: pd.DataFrame) -> str:
    own = merged.dropna(subset=["rank"])
    own = own.sort_values(["rank", "pinyin_key" if "pinyin_key" in own else "unit"])
    audiences = audiences_of(results) if "means" in results else []
    totals = results["scores"].query("indicator == 'total'").pivot(
        index="unit", columns="audience", values="score"
    )  # fmt: skip
    audiences = [audience for audience in audiences if audience in totals]
    by = totals.reindex(own["unit"])[audiences].to_numpy(dtype=float)
    provinces = [_group(results, name) for name in own["province"]] if "province" in own else None
    rows = []
    names = unit_list(results, own["unit"].tolist())
    for place, (name, row) in enumerate(zip(names, each(own), strict=True)):
        rows.append(
            (
                count(row.rank), f"{count(row.rank_low)}–{count(row.rank_high)}", name,
                *([provinces[place]] if provinces else []),
                row.grade, percent(row.p_grade, 0), score(row.score),
                f"{row.score_low:.2f}–{row.score_high:.2f}", *("—" if pd.isna(v) else score(v) for v in by[place]),
            )
        )  # fmt: skip
    header = results.say("名次|名次区间|城市", "Rank|Rank interval|City").split("|")
    header += [results.say("省份", "Province")] if provinces else []
    header += results.say("等级|等级概率|总分|总分区间", "Grade|Probability|Total|Interval").split(
        "|"
    )
    header += [capital(audience_name(results, audience)) for audience in audiences]
    n, extra = len(audiences), bool(provinces)
    align = "rcl" + "l" * extra + "crrc" + "r" * n
    widths = (7, 12, 22, *([13] * extra), 8, 11, 8, 14, *([11] * n))
    return table(header, rows, align, widths)


def _group(results: Results, name: Any) -> str:
    return "—" if pd.isna(name) else group_name(results, str(name))


def full_table_note(results: Results) -> str:
    """Say how the full table is to be read."""
    if "scores" not in results:
        return paragraph(
            results.say(
                "原报告只公布了等级，没有公布得分和名次；同一等级内的城市按拼音排序，先后不代表高低。",
                "The original report published grades only, no scores or ranks. Within a grade, "
                "cities are in alphabetical order, which says nothing about their standing.",
            )
        )
    unranked = int(results["grades"]["rank"].isna().sum())
    left_out = results.say(
        f"{count(unranked)}个城市没有总分，未列入。",
        f"Without a total and left out: {count(unranked)}.",
    )
    return paragraph(
        results.say(
            f"城市按总分排序。名次区间和总分区间均为{level(results)}区间；等级概率是重抽样中该城市得到所列等级的比例；"
            "末列为各服务对象方面的总分。",
            f"Cities stand in the order of their totals. Intervals of ranks and totals are "
            f"{level(results)} intervals; the probability of a grade is the share of resamples in "
            "which the city earned it; the last columns are the totals by audience.",
        ),
        bonus_note(results),
        left_out if unranked else "",
    )


def interval_reading(results: Results) -> str:
    """Give the first city of the table as an example of how an interval reads."""
    if "scores" not in results:
        return ""
    own = results["grades"].dropna(subset=["rank"]).sort_values("rank")
    if own.empty:
        return ""
    row = own.iloc[len(own) // 2]
    (name,) = unit_list(results, [row["unit"]])
    ranks = span(results, float(row["rank_low"]), float(row["rank_high"]), "{:.0f}")
    return paragraph(
        results.say(
            f"例如{name}排在第{count(row['rank'])}名，区间为第{ranks}名；所获{row['grade']}等级成立的概率为"
            f"{percent(row['p_grade'], 0)}。",
            f"{name}, for example, ranks {count(row['rank'])} with an interval of {ranks}; its grade "
            f"{row['grade']} holds with a probability of {percent(row['p_grade'], 0)}.",
        )
    )
