"""Sentences on what was assessed, and on the claims that were made of the results before."""

import json
from collections.abc import Mapping
from typing import Any

from report.prose.naming import by_factors, group_name, unit_list
from report.prose.terms import capital, cities, level, span
from report.prose.wording import (
    clauses,
    count,
    each,
    listed,
    p_value,
    paragraph,
    score,
    table,
)
from report.results import Results

NO_RECORDS = (
    "本年度评估没有逐次记录，本节从略。",
    "This edition has no individual records; this section is left out.",
)


def notice(results: Results) -> str:
    """Say that simulated data is simulated; nothing for real data."""
    if not results.meta["simulated"]:
        return ""
    return results.say(
        "::: {.callout-warning}\n## 模拟数据\n\n"
        "本报告所用拨测与问卷记录全部由程序模拟生成，仅用于演示评估方法与出版流程，"
        "不反映任何城市的真实服务水平，不得引用。\n:::\n\n",
        "::: {.callout-warning}\n## Simulated data\n\n"
        "All calls and questionnaires behind this report were made by a program, to show the method "
        "and how a report is published. They say nothing about any city and must not be cited."
        "\n:::\n\n",
    )


def mark(results: Results) -> str:
    """Say in one line that the chapter's data is simulated; nothing for real data."""
    if not results.meta["simulated"]:
        return ""
    return results.say(
        "::: {.simulated}\n模拟数据：本章数值由程序模拟生成，不反映任何城市的真实情况。\n:::\n\n",
        "::: {.simulated}\nSimulated data: the figures of this chapter were made by a program and say "
        "nothing about any city.\n:::\n\n",
    )


def left_out_without_records(results: Results) -> str:
    """Say that a section is left out, where the edition has no records."""
    return "" if "scores" in results else paragraph(results.say(*NO_RECORDS))


def scheme(results: Results) -> str:
    """Say how grades were given."""
    grades, words = results["composition"]["grade"], results.meta["scheme"]
    return paragraph(
        results.say(
            f"城市分为{count(len(grades))}个等级，由高到低为{'、'.join(grades)}。{words['zh']}。",
            f"Cities are given {count(len(grades))} grades, from high to low {', '.join(grades)}. "
            f"{words['en']}.",
        )
    )


RECORDS = {
    "calls": ("次神秘拨测", "mystery calls"),
    "responses": ("份使用者问卷", "user questionnaires"),
    "cases": ("件创新案例", "innovation cases"),
}


def scope(results: Results) -> str:
    """Say what was assessed, from which records."""
    title = results.meta["title"]
    if "sample" not in results:
        return paragraph(
            results.say(
                f"《{title['zh']}》公布了{cities(results, results.meta['units'])}的等级和部分指标均值，"
                "没有公布逐次记录和各城市得分。",
                f"The report “{title['en']}” published the grades of "
                f"{cities(results, results.meta['units'])} and some means of indicators, but no "
                "individual records and no scores of cities.",
            ),
            results.say(
                "因此本报告从已公布的结果出发，重新核算等级构成，检验原报告的主要论断，并逐项核对其图表数值。",
                "This report therefore starts from what was published: it counts the grades anew, "
                "tests the main claims and checks the printed figures one by one.",
            ),
        )
    sample = results["sample"].set_index("table")
    parts = [
        f"{count(sample.loc[name, 'records'])}{results.say('', ' ')}{results.say(*words)}"
        for name, words in RECORDS.items()
        if name in sample.index
    ]
    shoppers = sample["shoppers"].dropna().tolist() if "shoppers" in sample else []
    callers = count(shoppers[0]) if shoppers else ""
    zh = f"，拨测由{callers}名拨测员完成" if callers else ""
    en = f". The calls were made by {callers} callers" if callers else ""
    covered = cities(results, results.meta["units"])
    return paragraph(
        results.say(
            f"本次评估覆盖{covered}，采集{listed(parts, 'zh')}{zh}。",
            f"This assessment covers {covered}, with {listed(parts, 'en')}{en}.",
        )
    )


def collection(results: Results) -> str:
    """Say how records were collected, where the edition has any."""
    if "sample" not in results:
        return ""
    slots, tables = count(len(results.meta["slots"])), set(results["sample"]["table"])
    calls = results.say(
        "拨测由拨测员以普通来电人的身份拨打，来电情景分为咨询和反馈投诉两类，服务对象分为群众和企业两类，"
        f"均衡分布于{slots}个时段。",
        "Callers rang as ordinary citizens or enterprises, with requests for information or with "
        f"complaints, spread evenly over {slots} time slots.",
    )
    responses = results.say(
        "问卷由使用过热线的群众和企业填答。",
        "Questionnaires were answered by citizens and enterprises who had used the hotline.",
    )
    kpis = results.say(
        "运行指标由各城市热线报送。", "Operating figures were reported by the hotlines."
    )
    said = {"calls": calls, "responses": responses, "kpis": kpis}
    return paragraph(*(words for name, words in said.items() if name in tables))


CLAIM_VERDICTS = {
    "supported": ("得到支持", "supported"),
    "partly": ("部分支持", "partly supported"),
    "unsupported": ("未得到支持", "not supported"),
    "not-testable": ("无法检验", "not testable"),
}
EFFECTS = {
    "epsilon_squared": ("效应量ε²", "epsilon squared"),
    "cliffs_delta": ("Cliff δ", "Cliff's delta"),
    "omega_squared": ("效应量ω²", "omega squared"),
    "hedges_g": ("Hedges g", "Hedges' g"),
}


def claims_intro(results: Results) -> str:
    """Head the section on the claims of the original report, and count the verdicts."""
    if "claims" not in results:
        return ""
    counts = results["claims"]["verdict"].value_counts()
    parts = [
        results.say(f"{zh}的{count(counts[v])}条", f"{count(counts[v])} {en}")
        for v, (zh, en) in CLAIM_VERDICTS.items()
        if v in counts
    ]
    title = results.say("对原报告论断的检验", "The claims of the original report")
    return f"### {title}\n\n" + paragraph(
        results.say(
            f"原报告就总体情况提出的{count(counts.sum())}条论断，逐条以公布的等级加以检验，{'，'.join(parts)}。",
            f"The {count(counts.sum())} claims that the original report makes about the results as a "
            f"whole were each tested against the published grades: {', '.join(parts)}.",
        ),
        results.say(
            "表中的平均等级以最低等级记一分、逐级加一分计。",
            "Mean grades in the table count one point for the lowest grade and one more for each "
            "grade above.",
        ),
    )


def claims(results: Results) -> str:
    """Write the original report's claims, what the data say of each, and on what figures."""
    if "claims" not in results:
        return ""
    said = results["claims"].get(results.lang, results["claims"]["claim"].str.replace("-", " "))
    rows = [
        (
            claim,
            results.say(*CLAIM_VERDICTS[row.verdict]),
            claim_evidence(results, json.loads(row.figures)),
        )
        for claim, row in zip(said, each(results["claims"]), strict=True)
    ]
    header = results.say("论断|结论|依据", "Claim|Verdict|Evidence").split("|")
    return table(header, rows, "lll", (34, 14, 52))


def claim_evidence(results: Results, figures: Mapping[str, Any]) -> str:
    """Say on what figures the verdict on a claim rests.

    Parameters
    ----------
    results
        The edition, in the language in which it is told.
    figures
        As ``analysis.published.claims`` gives them: of a test, of counts, or of units named.
    """
    if "counts" in figures:
        parts = [
            results.say(
                f"{'、'.join(c['grades'])}共{count(c['found'])}个",
                f"{'/'.join(c['grades'])} in {count(c['found'])}",
            )
            for c in figures["counts"]
        ]
        n = cities(results, figures["n"])
        return results.say(f"{n}中，{'，'.join(parts)}", f"of {n}: {', '.join(parts)}")
    if "named" in figures:
        elsewhere = listed(unit_list(results, list(figures["elsewhere"])), results.lang)
        n, found = count(figures["named"]), count(figures["found"])
        parts = [
            results.say(f"所举{n}个城市中，{found}个获所称等级", f"of {n} cities named, {found} have the grades claimed"),
            results.say(f"{elsewhere}不属于所称类型", f"{elsewhere} is not of the kind claimed") if elsewhere else "",
        ]  # fmt: skip
        return clauses(parts, results.lang)
    if "test" not in figures:
        return results.say("缺少可供检验的数据", "no data to test it on")
    effect = results.say(*EFFECTS[figures["effect_name"]])
    reach, p = (
        span(results, figures["low"], figures["high"]),
        p_value(figures["p_adjusted"], results.lang),
    )
    text = results.say(
        f"{p}，{effect}为{score(figures['effect'])}（{level(results)}区间{reach}）",
        f"{p}, {effect} {score(figures['effect'])} ({level(results)} interval {reach})",
    )
    if not figures.get("group"):
        return text
    own, rest = figures["mean_position"], figures["mean_position_reference"]
    group, other = (
        group_name(results, figures[key])
        if figures[key]
        else results.say("其他城市", "other cities")
        for key in ("group", "reference")
    )
    means = results.say(
        f"平均等级{group}{own:.1f}、{other}{rest:.1f}",
        f"mean grade {own:.1f} ({group}), {rest:.1f} ({other})",
    )
    return clauses([means, text], results.lang)


def related(results: Results) -> str:
    """Say with which factors the grades go clearly, slightly, or not detectably."""
    if "comparisons" not in results:
        return ""
    tests = results["comparisons"].query("outcome == 'grade'")

    def named(judged: str) -> str:
        factors = tests.loc[tests["verdict"] == judged, "factor"]
        return by_factors(results, list(factors))

    clear, slight, none = map(named, ("clear", "slight", "none"))
    parts = [
        results.say(f"{clear}比较，等级有明显差别", f"grades differ clearly {clear}") if clear else "",
        results.say(f"{slight}比较，等级略有差别", f"grades differ slightly {slight}") if slight else "",
        results.say(f"{none}比较，等级没有可检出的差别",
                    f"no difference in grades {none} was detected") if none else "",
    ]  # fmt: skip
    said = capital(clauses(parts, results.lang))
    return said + results.say("。", ".") if said else ""
