"""The chapter on problems: what was found, in the order of the evidence for it."""

from report.labels import AUDIENCES
from report.prose.evidence import Problem, below_average, measured_level, ranked
from report.prose.terms import cities, indicator, level, points
from report.prose.verdicts import ORDER, UNJUDGED, degree, label
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    paragraph,
    percent,
    score,
    table,
)
from report.results import Results

KINDS = {
    "indicator": ("短板指标", "Indicator"),
    "audience": ("对象差距", "Audiences"),
    "connection": ("接通", "Answering"),
    "group": ("城市差距", "Cities"),
}
NEEDED = {
    "indicator": {"means"},
    "audience": {"audience_gaps", "means"},
    "connection": {"connection_effects"},
    "group": {"group_contrasts", "contrasts"},
}
"""Tables of which one tells of a kind of problem."""
MOST = 20
"""Rows of the table of problems."""
SECTIONS = {"sec-indicators", "sec-calls", "sec-groups"}


def rule(results: Results) -> str:
    """Say by what rule problems are put in order, and how many there are."""
    found = ranked(results)
    if not found:
        return paragraph(
            results.say(
                "本年度的结果没有显示出可以确认的问题，但这不等于没有问题。",
                "The results of this edition show no problem that can be confirmed, which is not to say "
                "that there is none.",
            )
        )
    counts = {judged: sum(p.verdict == judged for p in found) for judged in ORDER}
    sure = len(found) - counts[UNJUDGED]
    parts = [
        results.say(
            f"判为“{label(judged, 'zh')}”的{count(n)}项", f"{count(n)} judged {label(judged, 'en')}"
        )
        for judged in ("clear", "slight")
        if (n := counts[judged])
    ]
    listing = results.say(
        f"从结果中找出{count(sure)}项问题，{'其中' if len(parts) > 1 else ''}{'，'.join(parts)}。",
        f"The results show {count(sure)} {'problem' if sure == 1 else 'problems'}: {listed(parts, 'en')}.",
    )
    bare = results.say(
        f"另有{count(counts[UNJUDGED])}处得分偏低或存在差距，因没有区间，只按数值列出，是否超出抽样误差不作判断。",
        f"Low means or gaps without an interval: {count(counts[UNJUDGED])}; they are listed by size only, "
        "and whether they exceed sampling error is not judged.",
    )
    return paragraph(
        listing if sure else "",
        bare if counts[UNJUDGED] else "",
        _ordering(results, bare=bool(counts[UNJUDGED])),
        _cut(results, len(found)),
    )


def _ordering(results: Results, *, bare: bool) -> str:
    zh, en = (
        ("，强度相同的再看该指标对使用者评价的影响",
         ", and among equals those that matter more to users' ratings")
        if "drivers" in results else ("", "")
    )  # fmt: skip
    order = results.say(
        f"排列的规则是：先列判为“明显”的，再列判为“略有”的；同类之中，证据强的在前{zh}。"
        "证据强度是差距与其区间半宽之比，区间端点恰为无差别时等于一；优势比按对数计算。没有可检出的差别，或者区间包含“无差别”的，不列入。",
        "Problems judged clear come first, then those judged slight; within each, those with stronger "
        f"evidence come first{en}. The strength "
        "of evidence is the gap divided by half the width of its interval; it is one where the interval "
        "ends exactly at no difference. Odds ratios are taken on the log scale. What shows no detectable "
        "difference, or has an interval that includes no difference, is not listed.",
    )
    last = results.say(
        "没有区间的放在最后，差距大的在前。",
        "Those without an interval come last, the largest gap first.",
    )
    return paragraph(order, last if bare else "").rstrip()


def _cut(results: Results, n: int) -> str:
    if n <= MOST:
        return ""
    return results.say(f"下表只列前{count(MOST)}项。", f"The table holds the first {count(MOST)}.")


def problem_table(results: Results) -> str:
    """Write the problems in their order, with their figures and the section that tells of each."""
    found = ranked(results)[:MOST]
    if not found:
        return ""
    rows = [
        (
            count(place), results.say(*KINDS[problem.kind]), problem.text, problem.figures,
            label(problem.verdict, results.lang), _strength(problem), f"@{problem.where}",
        )
        for place, problem in enumerate(found, start=1)
    ]  # fmt: skip
    header = results.say(
        "序号|类型|问题|数值|判断|强度|详见", "No.|Kind|Problem|Figures|Verdict|Strength|See"
    ).split("|")
    text = table(header, rows, "rlllcrl", (5, 12, 24, 29, 10, 10, 10))
    for section in SECTIONS:
        text = text.replace(f"| {cell('@' + section)} |", f"| @{section} |")
    return text


def _strength(problem: Problem) -> str:
    return f"{problem.strength:.1f}" if problem.strength > 0 else "—"


def weak(results: Results) -> str:
    """Tell of the indicators below the average of their level, overall and by audience."""
    low = below_average(results)
    if low.empty:
        return ""
    average = measured_level(results)["mean"].mean()
    by_audience = results["means"].pivot(index="indicator", columns="audience", values="mean")
    lead = results.say(
        f"同级指标全国均值的平均为{points(results, average)}，低于它的指标由低到高是：",
        f"The national means of the indicators of this level average {points(results, average)}; those "
        "below it are, from the lowest:",
    )
    text = ""
    for row in each(low):
        means = by_audience.loc[row.indicator].dropna()
        parts = [
            f"{AUDIENCES[who][results.lang].lower()}{results.say('', ' ')}{score(means[who])}"
            for who in ("citizen", "enterprise")
            if who in means
        ]
        split = results.say("，", ", ").join(parts)
        name = cell(indicator(results, row.indicator))
        text += results.say(
            f"- **{name}**：{points(results, row.mean)}，{_how_low(results, row.verdict)}"
            f"{f'；{split}' if split else ''}。\n",
            f"- **{name}**: {points(results, row.mean)}, {_how_low(results, row.verdict)}"
            f"{f'; {split}' if split else ''}.\n",
        )
    return paragraph(lead) + text + "\n"


def _how_low(results: Results, judged: str) -> str:
    if judged in ("clear", "slight"):
        return results.say(
            f"{degree(judged, 'zh')}低于同级平均", f"{degree(judged, 'en')} below that average"
        )
    if judged == "none":
        return results.say(
            "与同级平均没有可检出的差别", "not detectably different from that average"
        )
    return results.say("没有区间，不作判断", "no interval, not judged")


def clear_ones(results: Results, kind: str) -> str:
    """List the problems of a kind that were found, the strongest evidence first."""
    found = [problem for problem in ranked(results) if problem.kind == kind]
    if not found:
        return paragraph(
            results.say("这方面没有可以确认的问题。", "No problem of this kind can be confirmed.")
            if NEEDED[kind] & set(results.tables)
            else results.say(
                "本年度评估没有这方面的数据，无从判断。",
                "This edition has no data on this, so nothing can be said.",
            )
        )
    return (
        "".join(
            results.say(
                f"- {cell(problem.text)}，{cell(problem.figures)}；{_verdict(results, problem)}。\n",
                f"- {cell(problem.text)}, {cell(problem.figures)}; {_verdict(results, problem)}.\n",
            )
            for problem in found
        )
        + "\n"
    )


def _verdict(results: Results, problem: Problem) -> str:
    said = label(problem.verdict, results.lang)
    lead = results.say("判断：", "verdict: ")
    return said if problem.verdict == UNJUDGED else lead + said


def unit_gaps(results: Results) -> str:
    """Say in how many cities the audiences are served clearly or slightly unalike."""
    if "unit_audience_gaps" not in results:
        return ""
    rows = results["unit_audience_gaps"].query("indicator == 'total'")
    n, differ = len(rows), rows[rows["verdict"] != "none"]
    return (
        paragraph(
            results.say(
                f"逐个城市看，{cities(results, n)}中有{count(len(differ))}个在总分上检出两类对象之间的差别，"
                f"占{percent(len(differ) / n)}；其余城市的差别在抽样误差之内（{level(results)}）。记录越多的城市，差别越容易检出。",
                f"City by city, a difference between the audiences in the total is detected in "
                f"{count(len(differ))} of {cities(results, n)} ({percent(len(differ) / n)}); in the others it "
                f"is within sampling error ({level(results)}). More records make a difference easier to detect.",
            )
        )
        if n
        else ""
    )
