"""Sentences and tables on the grades of the cities, and on how sure ranks and grades are."""

import pandas as pd

from report.names import in_order
from report.prose.headlines_groups import SURE
from report.prose.headlines_scores import TOP_GRADES, UPPER, members
from report.prose.naming import unit_list, unit_words
from report.prose.terms import cities, level, percent_span, points, span
from report.prose.wording import clauses, count, each, listed, paragraph, percent, score, table
from report.results import Results

SHOWN = 20
"""How many cities the table of uncertain grades holds at most."""


def composition(results: Results) -> str:
    """Say how many units got each letter of grade."""
    given = results["composition"].set_index("grade")
    total = given["n"].sum()
    parts = []
    for letter in dict.fromkeys(grade[0] for grade in given.index):
        own = [grade for grade in given.index if grade[0] == letter]
        n = given.loc[own, "n"].sum()
        parts.append(
            results.say(
                f"{listed(own, 'zh')}级{count(n)}个，占{percent(n / total, 2)}",
                f"{listed(own, 'en')} {count(n)} ({percent(n / total, 2)})",
            )
        )
    return paragraph(
        results.say(
            f"{cities(results, total)}的政务热线服务质量划分为{count(len(given))}个等级：{'；'.join(parts)}。",
            f"{cities(results, total)} are placed in {count(len(given))} grades: {'; '.join(parts)}.",
        )
    )


def best(results: Results) -> str:
    """Name the units of the best grade that was given."""
    given = results["composition"]
    given = given[given["n"] > 0]
    if given.empty:
        return ""
    grade = given["grade"].iloc[0]
    names = unit_words(results, members(results, grade))
    ranked = "scores" in results
    return paragraph(
        results.say(
            f"获得{grade}等级的城市有：{'、'.join(names)}（按{'名次' if ranked else '拼音'}排序）。",
            f"Grade {grade} goes to {listed(names, 'en')} "
            f"(in {'the order of rank' if ranked else 'alphabetical order'}).",
        )
    )


def room_to_rise(results: Results) -> str:
    """Say how many units lie in the lower part of the scale."""
    given = results["composition"].set_index("grade")["n"]
    start = int(len(given) * UPPER)
    from_grade, low = given.index[start], given.iloc[start:].sum()
    share = percent(low / given.sum())
    return paragraph(
        results.say(
            f"处于{from_grade}等级及以下的城市有{count(low)}个，占{share}。",
            f"{cities(results, low)} ({share}) earn {from_grade} or below.",
        )
    )


def grade_cities(results: Results) -> str:
    """Write the table of grades with the units of each, in the order of their names."""
    grades = results["grades"].set_index("unit")["grade"]
    comma = results.say("、", ", ")
    rows = []
    for row in each(results["composition"]):
        own = in_order(results, grades.index[grades == row.grade])
        rows.append((row.grade, comma.join(unit_list(results, own)) or "—", count(row.n),
                     percent(row.share, 2)))  # fmt: skip
    header = results.say("等级|城市|数量|占比", "Grade|Cities|Number|Share").split("|")
    return table(header, rows, "clrr", (8, 70, 9, 11))


def distribution(results: Results) -> str:
    """Describe the spread of the totals."""
    if "scores" not in results:
        return ""
    totals = results["grades"]["score"].dropna()
    low, middle, high = totals.quantile([0.25, 0.5, 0.75])
    return paragraph(
        results.say(
            f"各城市总分的中位数为{score(middle)}分，中间一半的城市在{score(low)}分至{score(high)}分之间，"
            f"最高{score(totals.max())}分，最低{score(totals.min())}分。",
            f"The median total is {points(results, middle)}; the middle half of the cities lies "
            f"between {score(low)} and {score(high)}, the highest is {score(totals.max())}, the "
            f"lowest {score(totals.min())}.",
        )
    )


def rank_widths(results: Results) -> str:
    """Say how wide the rank intervals are, and how many neighbours can be told apart."""
    if "scores" not in results:
        return ""
    ranked = results["grades"].dropna(subset=["rank"]).sort_values("rank")
    width = (ranked["rank_high"] - ranked["rank_low"] + 1).astype(float)
    meet = int((ranked["rank_high"].to_numpy()[:-1] >= ranked["rank"].to_numpy()[1:]).sum())
    pairs, at = len(ranked) - 1, level(results)
    return paragraph(
        results.say(
            f"名次受记录抽样的影响。按{at}区间，一个城市的名次平均可在{count(width.mean())}个位次之间变动，"
            f"最宽的达{count(width.max())}个位次。{count(pairs)}对名次相邻的城市中，有{count(meet)}对的前一名"
            "区间已包含后一名的位次，先后不能确定；阅读时应以区间和等级为准。",
            f"Ranks depend on which records were drawn. By {at} intervals the rank of a city spans "
            f"{count(width.mean())} places on average and {count(width.max())} at most. Of "
            f"{count(pairs)} pairs of cities next to each other in rank, the interval of the first "
            f"reaches the place of the second in {count(meet)}, so their order is not established: "
            "rely on intervals and grades.",
        )
    )


def rank_tops(results: Results) -> str:
    """Say how many units may truly belong to the best, with all claims holding together."""
    if "rank_tops" not in results or results["rank_tops"].empty:
        return ""
    tops = results["rank_tops"]
    tau = tops["tau"].min()
    own = tops[tops["tau"] == tau]
    may, worst = int(own["may_be_best"].sum()), int(own["may_be_worst"].sum())
    at = level(results)
    return paragraph(
        results.say(
            f"若要求对所有城市的判断以{at}的置信水平同时成立，不能排除属于前{count(tau)}名的城市有{count(may)}个，"
            f"不能排除属于后{count(tau)}名的有{count(worst)}个。名次集合的结果见 @sec-appendix-uncertainty 。",
            f"If the statements on all cities are to hold together with {at} confidence, "
            f"{cities(results, may)} cannot be excluded from the first {count(tau)} places, nor "
            f"{count(worst)} from the last {count(tau)}. The sets of ranks are given in "
            "@sec-appendix-uncertainty.",
        )
    )


def grade_certainty(results: Results) -> str:
    """Say how many grades are sure and how many are borderline."""
    if "scores" not in results:
        return ""
    p = results["grades"]["p_grade"].dropna().astype(float)
    borderline = int(results["grades"]["borderline"].fillna(value=False).sum())
    sure = int((p >= SURE).sum())
    return paragraph(
        results.say(
            f"各城市所获等级成立的概率平均为{percent(p.mean(), 0)}，其中{cities(results, sure)}不低于"
            f"{percent(SURE, 0)}；有{cities(results, borderline)}的概率不足一半，处在等级边界附近，"
            "换一批记录就可能得到相邻的等级。",
            f"The assigned grade holds with a probability of {percent(p.mean(), 0)} on average, and of "
            f"{percent(SURE, 0)} or more in {cities(results, sure)}. In {cities(results, borderline)} "
            "it is below one half: these are near the border of a grade, and another sample of records "
            "might well have given the next one.",
        )
    )


def borderline_table(results: Results) -> str:
    """Write the units whose grade is least certain, with the grade that rivals it."""
    if "scores" not in results or "runner_up" not in results["grades"]:
        return ""
    own = results["grades"]
    own = own[own["borderline"].fillna(value=False).astype(bool)].nsmallest(SHOWN, "p_grade")
    names = unit_list(results, own["unit"].tolist())
    rows = [
        (name, row.grade, percent(row.p_grade, 0), row.runner_up, percent(row.p_runner_up, 0),
         score(row.score), span(results, row.score_low, row.score_high))
        for name, row in zip(names, each(own), strict=True)
    ]  # fmt: skip
    header = results.say(
        "城市|所获等级|概率|最可能的其他等级|概率|总分|总分区间",
        "City|Grade|Probability|Likeliest other grade|Probability|Total|Interval",
    ).split("|")
    return table(header, rows, "lcrcrrc", (20, 10, 12, 18, 12, 10, 18)) if rows else ""


def method_effect(results: Results) -> str:
    """Say how far ranks move when method and weights change and the records do not."""
    if "method_ranks" not in results:
        return ""
    ranks = results["method_ranks"]
    width = (ranks["high"] - ranks["low"] + 1).mean()
    parts = []
    if "sensitivity" in results and "method_factors" in results:
        named = (
            results["method_factors"].drop_duplicates("factor").set_index("factor")[results.lang]
        )
        top = results["sensitivity"].sort_values("total", ascending=False)
        factor = str(top["factor"].iloc[0])
        reach = percent_span(results, top["total_low"].iloc[0], top["total_high"].iloc[0])
        word = results.say(*FACTOR_WORDS.get(factor, (str(named.get(factor, factor)),) * 2))
        parts.append(
            results.say(
                f"其中影响最大的是{word}（总敏感度{percent(top['total'].iloc[0])}，{level(results)}区间{reach}）",
                f"the largest influence is {word} (total sensitivity {percent(top['total'].iloc[0])}, "
                f"{level(results)} interval {reach})",
            )
        )
    said = results.say("，", "; ") + clauses(parts, results.lang) if parts else ""
    return paragraph(
        results.say(
            f"记录不变，只改变权重与合成方法时，一个城市的名次平均可在{count(width)}个位次之间变动{said}。"
            "逐项结果见 @sec-appendix-uncertainty 。",
            "With the records unchanged and the weights and the method of aggregation varied, the rank "
            f"of a city spans {count(width)} places on average{said}. Details are in "
            "@sec-appendix-uncertainty.",
        )
    )


FACTOR_WORDS = {
    "weights": ("各级权重", "the weights"),
    "total.aggregate": ("总分的合成方法", "the method of aggregating the total"),
}


def high_share(results: Results) -> tuple[str, int, float]:
    """Return the names of the grades called high, how many units have them, and their share."""
    top = results["composition"].iloc[:TOP_GRADES]
    names = results.say("或", " or ").join(top["grade"])
    return names, int(top["n"].sum()), float(pd.Series(top["share"]).sum())
