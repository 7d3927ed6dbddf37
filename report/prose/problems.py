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
MOST = 20
"""Rows of the table of problems."""
SECTIONS = {"sec-indicators", "sec-calls", "sec-groups"}


def rule(results: Results) -> str:
    """Say by what rule problems are put in order, and how many there are."""
    found = ranked(results)
    if not found:
        return paragraph(
            results.say(
                "本年度的结果没有显示出可以确认的问题；这不等于没有问题。",
                "The results of this edition show no problem that can be confirmed, which is not to say "
                "that there is none.",
            )
        )
    counts = {judged: sum(p.verdict == judged for p in found) for judged in ORDER}
    sure = len(found) - counts[UNJUDGED]
    parts = [
        results.say(
            f"判为{label(judged, 'zh')}的{count(n)}项", f"{count(n)} judged {label(judged, 'en')}"
        )
        for judged in ("clear", "slight")
        if (n := counts[judged])
    ]
    listing = results.say(
        f"从结果中找出{count(sure)}项问题，其中{'，'.join(parts)}。",
        f"The results show {count(sure)} problems: {listed(parts, 'en')}.",
    )
    bare = results.say(
        f"另有{count(counts[UNJUDGED])}处偏低或有差距，因为没有区间，只按数值列出，是否超出误差不作判断。",
        f"{count(counts[UNJUDGED])} more figures are low or apart but have no interval; they are listed "
        "by size, and whether chance explains them is not judged.",
    )
    return paragraph(
        listing if sure else "",
        bare if counts[UNJUDGED] else "",
        _ordering(results, bare=bool(counts[UNJUDGED])),
        _cut(results, len(found)),
    )


def _ordering(results: Results, *, bare: bool) -> str:
    order = results.say(
        "排列的规则是：先列统计上判为明显的，再列略有的；同类之中，证据强者在前，强度相同的再看该指标对使用者评价的影响。"
        "证据强度是差距与其区间半宽之比，恰好到达无差别时为一；优势比按对数计算。没有可检出差别的不列。",
        "The order: what is statistically clear comes first, then what is slight; within each, the "
        "stronger evidence first, and among equals what matters more to what users think. Strength is "
        "the gap over half the width of its interval, one where the interval just reaches no "
        "difference; odds ratios are taken on the log scale. What shows no detectable difference is "
        "not listed.",
    )
    last = results.say(
        "没有区间的放在最后，差距大的在前。",
        "What has no interval comes last, the largest gap first.",
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
        f"The means of the indicators of one level average {points(results, average)}; those below, "
        "the lowest first:",
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
        )
    return (
        "".join(
            results.say(
                f"- {cell(problem.text)}，{cell(problem.figures)}；判断：{label(problem.verdict, 'zh')}。\n",
                f"- {cell(problem.text)}, {cell(problem.figures)}; verdict: {label(problem.verdict, 'en')}.\n",
            )
            for problem in found
        )
        + "\n"
    )


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
                f"占{percent(len(differ) / n)}；其余城市的差别不超出误差（{level(results)}），记录多的城市更容易检出。",
                f"City by city, of {cities(results, n)} {count(len(differ))} ({percent(len(differ) / n)}) show "
                f"a difference between the audiences in the total; in the others it is within sampling error "
                f"({level(results)}). More records make a difference easier to detect.",
            )
        )
        if n
        else ""
    )
