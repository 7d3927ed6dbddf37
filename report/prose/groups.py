"""Sentences on groups of cities: how their grades and their scores differ, and how sure that is."""

from typing import Any

import pandas as pd

from analysis.comparisons.effects import SMALL_GROUP
from report.labels import factor_label, group_label
from report.prose.terms import cities, level, signed, span
from report.prose.verdicts import degree, differ, label
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    p_value,
    paragraph,
    percent,
    score,
    table,
)
from report.results import Results

TESTS = {
    "kruskal-wallis": ("Kruskal—Wallis检验", "Kruskal–Wallis test"),
    "mann-whitney": ("Mann—Whitney检验", "Mann–Whitney test"),
    "brown-forsythe": ("Brown—Forsythe检验", "Brown–Forsythe test"),
    "welch-t": ("Welch t检验", "Welch's t test"),
}
EFFECTS = {
    "epsilon_squared": ("ε²", "ε²"),
    "omega_squared": ("ω²", "ω²"),
    "cliffs_delta": ("Cliff δ", "Cliff's δ"),
    "hedges_g": ("Hedges g", "Hedges' g"),
}


def about(results: Results, factor: str) -> str:
    """Tell all that is known of the groups of a factor, or that they were not compared."""
    told = grade_gap(results, factor) + score_gap(results, factor) + small_groups(results, factor)
    if told:
        return told + (_same_source(results) if factor == "commended" else "")
    name = factor_label(factor, results.lang)
    return paragraph(
        results.say(
            f"本年度评估没有按{name}作比较，本节从略。",
            f"This edition compares no groups by {name.lower()}; there is nothing to tell here.",
        )
    )


def _same_source(results: Results) -> str:
    return paragraph(
        results.say(
            "表扬与等级很可能依据同一套评估结果，两者高度相关在意料之中，不能说明表扬促进了服务质量。",
            "Commendation and grades most likely rest on the same assessment, so that they go together "
            "is no surprise, and does not show that commendation improves service.",
        )
    )


def statistics(results: Results, test: Any) -> str:
    """Write a test with its effect size and interval, in brackets."""
    lang = results.lang
    name, effect = results.say(*TESTS[test.test]), results.say(*EFFECTS[test.effect_name])
    known, p = span(results, test.low, test.high), p_value(test.p_adjusted, lang)
    size = results.say(f"效应量{effect}为{score(test.effect)}", f"{effect} {score(test.effect)}")
    if known:
        size += results.say(
            f"，{level(results)}区间{known}", f", {level(results)} interval {known}"
        )
    return results.say(f"（{name}，{p}，{size}）", f" ({name}, {p}, {size})")


def grade_gap(results: Results, factor: str) -> str:
    """Say whether grades differ between the groups of a factor, and which stand at the ends."""
    test = _test(results, "comparisons", factor)
    if test is None:
        return ""
    name = factor_label(factor, results.lang)
    sentence = results.say(
        f"从{name}看，各组城市的等级{differ(test.verdict, 'zh')}{statistics(results, test)}。",
        f"By {name.lower()}, the grades of the groups {differ(test.verdict, 'en')}"
        f"{statistics(results, test)}.",
    )
    groups = list(each(_summary(results, factor)))
    if test.verdict == "none" or len(groups) < 2:
        return paragraph(sentence)
    return paragraph(sentence, _ends(results, groups[0], groups[-1]))


def _ends(results: Results, first: Any, last: Any) -> str:
    best = results.say("或", " or ").join(results["composition"]["grade"].iloc[:2])
    high, low = (
        results.say(
            f"{_name(results, group)}（{cities(results, group.n)}，获{best}等级的有"
            f"{count(group.top_n)}个，占{percent(group.top_share)}）",
            f"{_name(results, group)} ({cities(results, group.n)}, of which {count(group.top_n)}, or "
            f"{percent(group.top_share)}, have {best})",
        )
        for group in (first, last)
    )
    return results.say(
        f"平均等级最高的是{high}，最低的是{low}。",
        f"The highest mean grade is that of {high}, the lowest that of {low}.",
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
    return paragraph(sentence, _against_others(results, gaps))


def _against_others(results: Results, gaps: pd.DataFrame) -> str:
    parts = []
    for judged in ("clear", "slight"):
        for above in (True, False):
            found = gaps[(gaps["verdict"] == judged) & ((gaps["gap"] > 0) == above)]
            named = listed([_with_gap(results, row) for row in each(found)], results.lang)
            way = results.say("高" if above else "低", "above" if above else "below")
            way = "较" + way if results.lang == "zh" and judged == "clear" else way
            if named:
                parts.append(
                    results.say(f"{degree(judged, 'zh')}{way}的有{named}",
                                f"{degree(judged, 'en')} {way}: {named}")
                )  # fmt: skip
    alike = gaps[gaps["verdict"] == "none"]
    if len(alike) and len(alike) == len(gaps):
        return results.say(
            "逐组与其余城市相比，各组都没有可检出的差别。",
            "Set against all other cities, no group shows a detectable difference.",
        )
    if len(alike):
        named = listed([_name(results, row) for row in each(alike)], results.lang)
        parts.append(
            results.say(f"没有可检出的差别的有{named}", f"without a detectable difference: {named}")
        )
    if not parts:
        return ""
    text = results.say(f"逐组与其余城市相比，{'；'.join(parts)}。",
                       f"Each group set against all other cities: {'; '.join(parts)}.")  # fmt: skip
    return text + _wide(results, gaps)


def _wide(results: Results, gaps: pd.DataFrame) -> str:
    """Warn of groups judged to differ whose interval, held for all groups at once, holds 0."""
    held = gaps[(gaps["verdict"] != "none") & (gaps["low"] < 0) & (gaps["high"] > 0)]
    if held.empty:
        return ""
    named = listed([_name(results, row) for row in each(held)], results.lang)
    return results.say(
        f"其中{named}的区间要求对各组同时成立，因而较宽并跨过零，判断宜留有余地。",
        f" The interval of {named}, which holds for all groups at once, is wide and includes zero, "
        "so that verdict should be read with care.",
    )


def _with_gap(results: Results, row: Any) -> str:
    gap = score(abs(row.gap))
    ends = (row.low, row.high) if row.gap > 0 else (-row.high, -row.low)
    known = span(results, *ends)
    way = results.say("高" if row.gap > 0 else "低", "higher" if row.gap > 0 else "lower")
    said = results.say(f"（{way}{gap}分", f" ({gap} {way}")
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
    reference = cell(group_label(known["reference"].iloc[0], results.lang))
    if sure.empty:
        return paragraph(
            results.say(
                f"以{reference}为参照，各组获得较高等级的优势比的差别均不能确认。",
                f"Against {reference}, no group's odds of a higher grade are shown to differ.",
            )
        )
    named = [
        f"{_name(results, row)}{results.say('（', ' (')}{score(row.odds_ratio)}"
        f"{results.say('，区间', ', interval ')}{span(results, row.low, row.high)}"
        f"{results.say('）', ')')}"
        for row in each(sure)
    ]
    return paragraph(
        results.say(
            f"以{reference}为参照，获得较高等级的优势比可以确认不同于一的有{listed(named, 'zh')}。",
            f"Against {reference}, the odds ratio of a higher grade is shown to differ from one for "
            f"{listed(named, 'en')}.",
        )
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
            f"{named}的城市不足{SMALL_GROUP}个，照常报告，解读宜谨慎。",
            f"{named}: fewer than {SMALL_GROUP} cities, reported as the others are, to be read with care.",
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
    return cell(group_label(row.group, results.lang))
