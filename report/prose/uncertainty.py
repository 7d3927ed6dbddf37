"""What ranks, scores and grades are worth: sampling, shoppers, reliability, cut points."""

from typing import Any

import pandas as pd

from report.names import unit_names
from report.prose.terms import cities, level, points, section, short_span
from report.prose.wording import cell, count, each, listed, paragraph, percent, score, table
from report.results import Results

SOURCES = {
    "sampling": ("记录抽样", "the sampling of records"),
    "shopper": ("拨测员差异", "differences between callers"),
    "method": ("权重与方法的选择", "the choice of weights and method"),
}
"""Columns of ``rank_variance``."""


def no_records(results: Results) -> str:
    """Say that without records there is no uncertainty to tell; nothing where there are some."""
    if "scores" in results:
        return ""
    return paragraph(
        results.say(
            "本年度评估只有公布的等级和均值，没有逐次记录，得分和名次的不确定性无从估计，本附录从略。",
            "This edition has published grades and means but no records, so the uncertainty of scores and "
            "ranks cannot be estimated; this appendix is left out.",
        )
    )


def ranks(results: Results) -> str:
    """Tell what ranks are worth, under its title."""
    told = (rank_sources(results), rank_sets(results), rank_tops(results))
    return section(2, results.say("名次", "Ranks"), *told)


def scores_and_cuts(results: Results) -> str:
    """Tell what scores and cut points are worth, under their titles."""
    return section(
        2, results.say("得分的信度", "Reliability of scores"), reliability(results)
    ) + section(2, results.say("等级的分数线", "Cut points of grades"), cuts(results))


def rank_sources(results: Results) -> str:
    """Say how much of the uncertainty of ranks comes from where."""
    if "rank_variance" not in results:
        return ""
    rows = results["rank_variance"].dropna(subset=list(SOURCES))
    shares = rows[list(SOURCES)].mean()
    parts = [
        results.say(f"{percent(shares[name])}来自{zh}", f"from {en} ({percent(shares[name])})")
        for name, (zh, en) in SOURCES.items()
    ]
    return paragraph(
        results.say(
            f"一个城市名次的标准差平均为{rows['sd'].mean():.1f}位。名次的方差平均有{'，'.join(parts)}。",
            f"The standard deviation of a rank averages {rows['sd'].mean():.1f} places. On average, its "
            f"variance comes {listed(parts, 'en')}.",
        )
    )


def rank_sets(results: Results) -> str:
    """Say how many cities each can be told apart from, and how wide sets of ranks are."""
    if "rank_sets" not in results:
        return ""
    sets = results["rank_sets"].dropna(subset=["rank"])
    alone = (sets["marginal_high"] - sets["marginal_low"] + 1).mean()
    together = (sets["simultaneous_high"] - sets["simultaneous_low"] + 1).mean()
    undecided = sets["n_undecided"].mean()
    return paragraph(
        results.say(
            f"就单个城市而言，真实名次的置信集平均含{count(alone)}个位次；要求对全部城市同时成立时，平均含"
            f"{count(together)}个位次。平均每个城市与其他{cities(results, undecided)}的差异不显著"
            f"（{level(results)}）。",
            f"For one city taken alone, the confidence set of its true rank holds {count(alone)} places on "
            f"average; if the sets are to hold for all cities at once, {count(together)}. On average a city cannot be told "
            f"apart from {cities(results, undecided)} ({level(results)}).",
        )
    )


def rank_tops(results: Results) -> str:
    """Say how many cities may be among the best so many."""
    if "rank_tops" not in results:
        return ""
    may = results["rank_tops"].groupby("tau")["may_be_best"].sum()
    parts = [
        results.say(
            f"可能居于前{count(tau)}名的有{cities(results, n)}",
            f"among the first {count(tau)}, {cities(results, n)}",
        )
        for tau, n in may.items()
    ]
    return paragraph(
        results.say(
            f"按全部比较同时成立的标准，{'，'.join(parts)}。",
            "With all comparisons holding at once, the numbers of cities that may be among the first "
            f"places are: {'; '.join(parts)}.",
        )
    )


def reliability(results: Results) -> str:
    """Say how reliable totals are, and what adjusting for it does."""
    if "adjusted" not in results:
        return ""
    rows = results["adjusted"].dropna(subset=["reliability"])
    shift = (rows["adjusted"] - rows["score"]).abs()
    if rows.empty:
        return ""
    farthest = rows.iloc[int(shift.argmax())]
    name = cell(unit_names(results).get(farthest["unit"], farthest["unit"]))
    low, middle = rows["reliability"].min(), rows["reliability"].median()
    return paragraph(
        results.say(
            f"总分的信度（城市之间的真实差异占得分方差的比例）中位数为{middle:.2f}，最低{low:.2f}。"
            f"按信度把得分向均值收缩后，得分平均变动{points(results, shift.mean())}，变动最大的是{name}"
            f"（{points(results, shift.max())}）。收缩后的得分用于估计真实水平，不用于定级。",
            f"The reliability of totals, the share of their variance that is true difference between "
            f"cities, has a median of {middle:.2f} and a minimum of {low:.2f}. When shrunk towards the "
            f"mean by their reliability, totals move by {points(results, shift.mean())} on average and most for {name} "
            f"({points(results, shift.max())}). Adjusted totals estimate the true level; grades are "
            "not based on them.",
        )
    )


def cuts(results: Results) -> str:
    """Say how sure the cut points between grades are."""
    if "grade_cuts" not in results:
        return ""
    rows = results["grade_cuts"].dropna(subset=["least_low"])
    if rows.empty:
        return ""
    width = (rows["least_high"] - rows["least_low"]).mean()
    steps = rows["least"].sort_values(ascending=False).diff().abs().mean()
    return paragraph(
        results.say(
            f"各等级的分数线也受抽样影响，其区间平均宽{points(results, width)}，相邻两级的分数线平均相差"
            f"{points(results, steps)}；总分在分数线附近的城市，等级最容易变动，见 @tbl-cuts 。",
            f"The cut points of grades depend on sampling too: their intervals are "
            f"{points(results, width)} wide on average, and neighbouring cut points are "
            f"{points(results, steps)} apart. Cities near a cut point change grades most easily; see "
            "@tbl-cuts .",
        )
    )


def cuts_table(results: Results) -> str:
    """Write the least total of each grade with its interval."""
    if "grade_cuts" not in results:
        return ""
    rows = [
        (row.grade, count(row.n), _known(row.least),
         short_span(row.least_low, row.least_high))
        for row in each(results["grade_cuts"])
    ]  # fmt: skip
    header = results.say("等级|城市数|最低总分|区间", "Grade|Cities|Lowest total|Interval").split(
        "|"
    )
    return table(header, rows, "crrc", (16, 20, 26, 38))


def widest(results: Results, most: int = 10) -> str:
    """Write the cities whose ranks are least sure, and what makes them so."""
    if "rank_variance" not in results:
        return ""
    names = unit_names(results)
    rows = [
        (
            names.get(row.unit, row.unit), count(row.rank), f"{count(row.low)}–{count(row.high)}",
            f"{row.sd:.1f}", percent(row.sampling, 0), percent(row.shopper, 0), percent(row.method, 0),
        )
        for row in each(_widest(results["rank_variance"], most))
    ]  # fmt: skip
    header = results.say(
        "城市|名次|全部来源下的区间|标准差|抽样|拨测员|方法",
        "City|Rank|Interval, all sources|SD|Sampling|Callers|Method",
    ).split("|")
    return table(header, rows, "lrcrrrr", (20, 10, 22, 12, 12, 12, 12))


def _widest(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    return rows.dropna(subset=["sd"]).sort_values("sd", ascending=False, kind="stable").head(most)


def _known(value: Any) -> str:
    return "—" if pd.isna(value) else score(value)
