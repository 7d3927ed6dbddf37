"""Sentences on groups of cities: how their grades and their scores differ, and how sure that is."""

from typing import Any

import pandas as pd

from analysis.comparisons.effects import SMALL_GROUP
from report.labels import factor_label, group_label
from report.prose.naming import members_name
from report.prose.statistics import statistics
from report.prose.terms import capital, cities, signed, span
from report.prose.verdicts import degree, differ, label
from report.prose.wording import clauses, count, each, listed, paragraph, percent, score, table
from report.results import Results


def how(results: Results) -> str:
    """Say how groups are compared in this edition."""
    grades = results.say("各组的等级用秩检验比较", "Grades are compared by tests of ranks")
    totals = results.say(
        "，总分的均值用不要求各组方差相等的检验比较；每组还与其余全部城市比较，区间对同一因素的各组同时成立",
        ", mean totals by tests that do not assume equal variances; each group is also compared with "
        "all other cities, with intervals that hold for all groups of a factor at once",
    )
    scored = "score_comparisons" in results or "group_contrasts" in results
    size = results.say(
        "差别的程度由效应量判定：p值小而效应量也小的，只称“略有”差别。",
        "The degree of a difference is judged by the size of the effect: where p is small but so is the "
        "effect, the difference is called slight.",
    )
    return paragraph(grades + (totals if scored else "") + results.say("。", "."), size)


def about(results: Results, factor: str) -> str:
    """Tell all that is known of the groups of a factor, or that they were not compared."""
    told = grade_gap(results, factor) + score_gap(results, factor) + small_groups(results, factor)
    if told:
        return told + (_same_source(results) if factor == "commended" else "")
    name = factor_label(factor, results.lang)
    return paragraph(
        results.say(
            f"本年度评估没有按{name}作比较，本节从略。",
            f"This edition makes no comparison by {name.lower()}; this section is left out.",
        )
    )


def _same_source(results: Results) -> str:
    return paragraph(
        results.say(
            "表扬与等级很可能依据同一套评估结果，两者高度相关在意料之中，不能说明表扬促进了服务质量。",
            "Commendation and grades most likely rest on the same assessment; that they go together is "
            "to be expected and does not show that commendation improves service.",
        )
    )


def grade_gap(results: Results, factor: str) -> str:
    """Say whether grades differ between the groups of a factor, and which stand at the ends."""
    test = _test(results, "comparisons", factor)
    if test is None:
        return ""
    name = factor_label(factor, results.lang)
    sentence = results.say(
        f"按{name}比较，各组城市的等级{differ(test.verdict, 'zh')}{statistics(results, test)}。",
        f"By {name.lower()}, the grades of the groups {differ(test.verdict, 'en')}"
        f"{statistics(results, test)}.",
    )
    groups = list(each(_summary(results, factor)))
    if test.verdict == "none" or len(groups) < 2:
        return paragraph(sentence)
    return paragraph(sentence, _ends(results, groups[0], groups[-1], pair=len(groups) == 2))


def _ends(results: Results, first: Any, last: Any, *, pair: bool) -> str:
    best = results.say("或", " or ").join(results["composition"]["grade"].iloc[:2])
    high, low = (
        results.say(
            f"{_name(results, group)}（{cities(results, group.n)}，获{best}等级的有"
            f"{count(group.top_n)}个，占{percent(group.top_share)}）",
            f"{_name(results, group)} ({count(group.top_n)} of {cities(results, group.n)}, "
            f"{percent(group.top_share)}, {'has' if group.top_n == 1 else 'have'} {best})",
        )
        for group in (first, last)
    )
    most, least = results.say("较高|较低" if pair else "最高|最低",
                              "higher|lower" if pair else "highest|lowest").split("|")  # fmt: skip
    return results.say(
        f"平均等级{most}的是{high}，{least}的是{low}。",
        f"The mean grade is {most} for {high} and {least} for {low}.",
    )


def score_gap(results: Results, factor: str) -> str:
    """Say whether mean totals differ, and which groups stand above or below all other cities."""
    test = _test(results, "score_comparisons", factor)
    gaps = _gaps(results, factor)
    if test is None:
        return odds(results, factor) if gaps.empty else paragraph(_against_others(results, gaps))
    sentence = results.say(
        f"各组城市总分的均值{differ(test.verdict, 'zh')}{statistics(results, test)}。",
        f"The mean totals of the groups {differ(test.verdict, 'en')}{statistics(results, test)}.",
    )
    if len(gaps) == 1 and len(_summary(results, factor)) == 2:
        return paragraph(sentence, _against_other(results, factor, next(each(gaps))))
    return paragraph(sentence, _against_others(results, gaps))


def _against_other(results: Results, factor: str, row: Any) -> str:
    """Set one of two groups against the other."""
    if row.verdict == "none":
        return ""
    groups = _summary(results, factor)
    other = next(each(groups[groups["group"] != row.group]))
    ends = (row.low, row.high) if row.gap > 0 else (-row.high, -row.low)
    known, way = span(results, *ends), row.gap > 0
    zh, en = (f"（区间{known}）", f" (interval {known})") if known else ("", "")
    return results.say(
        f"{_name(results, row)}的总分均值{degree(row.verdict, 'zh')}{'高' if way else '低'}于"
        f"{_name(results, other)}，相差{score(abs(row.gap))}分{zh}。",
        f"The mean total of {_name(results, row)} is {degree(row.verdict, 'en')} "
        f"{'higher' if way else 'lower'} than that of {_name(results, other)}, by "
        f"{score(abs(row.gap))} points{en}.",
    )


def _against_others(results: Results, gaps: pd.DataFrame) -> str:
    parts = []
    for judged in ("clear", "slight"):
        for above in (True, False):
            found = gaps[(gaps["verdict"] == judged) & ((gaps["gap"] > 0) == above)]
            named = listed([_with_gap(results, row) for row in each(found)], results.lang)
            way = results.say("高" if above else "低", "higher" if above else "lower")
            way = "较" + way if results.lang == "zh" and judged == "clear" else way
            if named:
                parts.append(
                    results.say(f"{degree(judged, 'zh')}{way}的有{named}",
                                f"{degree(judged, 'en')} {way} for {named}")
                )  # fmt: skip
    alike = gaps[gaps["verdict"] == "none"]
    if len(alike) and len(alike) == len(gaps):
        return results.say(
            "逐组与其余城市相比，各组都没有可检出的差别。",
            "Compared with all other cities, no group shows a detectable difference.",
        )
    if len(alike):
        named = listed([_name(results, row) for row in each(alike)], results.lang)
        parts.append(
            results.say(f"{named}没有可检出的差别", f"not detectably different for {named}")
        )
    if not parts:
        return ""
    text = results.say(f"逐组与其余城市相比，{'；'.join(parts)}。",
                       "Compared with all other cities, the mean total is "
                       f"{'; '.join(parts)}.")  # fmt: skip
    return text + _wide(results, gaps)


def _wide(results: Results, gaps: pd.DataFrame) -> str:
    """Warn of groups judged to differ whose interval, held for all groups at once, holds 0."""
    held = gaps[(gaps["verdict"] != "none") & (gaps["low"] < 0) & (gaps["high"] > 0)]
    if held.empty:
        return ""
    named = listed([_name(results, row) for row in each(held)], results.lang)
    return results.say(
        f"其中{named}的区间须对各组同时成立，因而较宽并包含零，判断宜留有余地。",
        f" The interval for {named} is made to hold for all groups at once, so it is wide and includes "
        "zero; this verdict should be read with care.",
    )


def _with_gap(results: Results, row: Any) -> str:
    gap = score(abs(row.gap))
    ends = (row.low, row.high) if row.gap > 0 else (-row.high, -row.low)
    known = span(results, *ends)
    said = results.say(f"（{'高' if row.gap > 0 else '低'}{gap}分", f" (by {gap}")
    if known:
        said += results.say(f"，区间{known}", f", interval {known}")
    return _name(results, row) + said + results.say("）", ")")


def odds(results: Results, factor: str) -> str:
    """Say which groups have better or worse odds of a higher grade than the reference group."""
    if "contrasts" not in results:
        return ""
    known = results["contrasts"].query("factor == @factor").dropna(subset=["odds_ratio"])
    sure = known[known["p_adjusted"] + results.meta["level"] < 1]
    if known.empty:
        return ""
    reference = members_name(results, str(known["reference"].iloc[0]))
    if sure.empty:
        return paragraph(
            results.say(
                f"与{reference}相比，各组获得较高等级的可能性有无差别均不能确认。",
                f"Compared with {reference}, no group is shown to have other odds of a higher grade.",
            )
        )
    sides = (
        ("更可能", "higher", sure["odds_ratio"] > 1),
        ("更难", "lower", sure["odds_ratio"] < 1),
    )
    parts = [
        results.say(f"{zh}获得较高等级的有{listed(named, 'zh')}", f"{en} for {listed(named, 'en')}")
        for zh, en, side in sides
        if (named := [_with_odds(results, row) for row in each(sure[side])])
    ]
    told = clauses(parts, results.lang)
    return paragraph(
        results.say(
            f"与{reference}相比，能够确认{told}。",
            f"Compared with {reference}, the odds of a higher grade are shown to be {told}.",
        )
    )


def _with_odds(results: Results, row: Any) -> str:
    reach = span(results, row.low, row.high)
    return _name(results, row) + results.say(
        f"（优势比{score(row.odds_ratio)}，区间{reach}）",
        f" (odds ratio {score(row.odds_ratio)}, interval {reach})",
    )


def small_groups(results: Results, factor: str) -> str:
    """Warn of groups with few cities."""
    groups = _summary(results, factor)
    few = groups[groups["n"] < SMALL_GROUP]
    if few.empty or _test(results, "comparisons", factor) is None:
        return ""
    named = listed([_name(results, row) for row in each(few)], results.lang)
    return paragraph(
        results.say(
            f"{named}不足{SMALL_GROUP}个，照常报告，解读宜谨慎。",
            f"{capital(named)}: fewer than {SMALL_GROUP} cities; reported like the others, but to be read "
            "with care.",
        )
    )


def group_table(results: Results, factor: str) -> str:
    """Write the groups of a factor: cities, mean total and its gap, median grade, top grades."""
    groups = _summary(results, factor)
    if groups.empty:
        return ""
    gaps = _gaps(results, factor).set_index("group")
    best = results.say("／", "/").join(results["composition"]["grade"].iloc[:2])
    header = [
        factor_label(factor, results.lang), results.say("城市数", "Cities"),
        results.say("等级中位数", "Median grade"), results.say(f"{best}占比", f"Share {best}"),
    ]  # fmt: skip
    if not gaps.empty:
        header += [
            results.say("总分均值", "Mean total"), results.say("与其余之差", "Gap to others"),
            results.say("差距区间", "Interval"), results.say("判断", "Verdict"),
        ]  # fmt: skip
    rows = []
    for row in each(groups):
        cells = [
            group_label(row.group, results.lang), count(row.n), row.median_grade,
            percent(row.top_share),
        ]  # fmt: skip
        if not gaps.empty:
            cells += _gap_cells(results, gaps, row.group)
        rows.append(cells)
    if gaps.empty:
        return table(header, rows, "lrcr", (30, 20, 25, 25))
    return table(header, rows, "lrcrrrcl", (15, 9, 11, 12, 10, 11, 16, 16))


def _gap_cells(results: Results, gaps: pd.DataFrame, group: str) -> list[str]:
    if group not in gaps.index:
        return ["—"] * 4
    row = gaps.loc[group]
    known = span(results, row["low"], row["high"]) or "—"
    return [score(row["mean"]), signed(row["gap"]), known, label(row["verdict"], results.lang)]


def _test(results: Results, name: str, factor: str) -> Any | None:
    if name not in results:
        return None
    found = results[name].query("factor == @factor and outcome in ('grade', 'total')")
    return next(each(found), None)


def _summary(results: Results, factor: str) -> pd.DataFrame:
    if "group_summary" not in results:
        return pd.DataFrame(columns=["group", "n"])
    groups = results["group_summary"].query("factor == @factor")
    return groups.sort_values("mean_position", ascending=False, kind="stable")


def _gaps(results: Results, factor: str) -> pd.DataFrame:
    if "group_contrasts" not in results:
        return pd.DataFrame(columns=["group", "gap", "low", "high", "verdict"])
    return results["group_contrasts"].query("factor == @factor and outcome == 'total'")


def _name(results: Results, row: Any) -> str:
    return members_name(results, str(row.group))
