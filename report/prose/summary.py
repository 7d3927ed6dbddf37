"""The key figures of the year on one page, and what is concluded from them."""

from typing import Any

from report.prose.data import TABLES
from report.prose.grades import high_share
from report.prose.headlines import headline
from report.prose.means import bonus_note, children_means
from report.prose.naming import audiences_of, served
from report.prose.overview import related
from report.prose.precision import audit_summary
from report.prose.terms import capital, cities, level, percent_span, span
from report.prose.wording import count, each, paragraph, percent, score, table
from report.results import Results

Row = tuple[str, str, str]


def key_figures(results: Results) -> str:
    """Write the key figures with their intervals, as far as the edition has them."""
    rows = [
        (results.say("评估城市", "Cities assessed"), count(results.meta["units"]), ""),
        *_records(results),
        *_means(results),
        *_connection(results),
        *_certainty(results),
    ]
    names, n, share = high_share(results)
    rows.append((results.say(f"获{names}的城市", f"Cities with {names}"), count(n), percent(share)))
    at = level(results)
    header = results.say(f"项目|数值|{at}区间或占比", f"Item|Figure|{at} interval or share").split(
        "|"
    )
    return table(header, [(*row[:2], row[2] or "—") for row in rows], "lrc", (40, 20, 30))


def _records(results: Results) -> list[Row]:
    if "sample" not in results:
        return []
    return [
        (results.say(*TABLES.get(row.table, (row.table, row.table))), count(row.records), "")
        for row in each(results["sample"])
        if row.table != "kpis"
    ]


def _means(results: Results) -> list[Row]:
    if "means" not in results:
        return []
    totals = (
        results["means"].query("indicator == 'total'").dropna(subset=["mean"]).set_index("audience")
    )
    words = results.say("总分均值（{}）", "Mean total ({})")
    rows = []
    for audience in ("all", *audiences_of(results)):
        if audience in totals.index:
            row: Any = totals.loc[audience]
            rows.append(
                (words.format(served(results, audience)), score(row["mean"]),
                 span(results, row["low"], row["high"]))
            )  # fmt: skip
    rows += [
        (row.name, score(row.mean), span(results, row.low, row.high))
        for row in each(children_means(results, "all", "total"))
    ]
    return rows


def _connection(results: Results) -> list[Row]:
    rows = []
    if "connection_rates" in results:
        for row in each(results["connection_rates"].query("factor == 'audience'")):
            rows.append(
                (
                    capital(results.say(f"接通率（{served(results, row.value)}）",
                                        f"calls answered ({served(results, row.value)})")),
                    percent(row.adjusted), percent_span(results, row.low, row.high),
                )
            )  # fmt: skip
    if "waiting_summary" in results:
        own = results["waiting_summary"].query("factor == 'all'").dropna(subset=["median"])
        rows += [
            (results.say("等候时长中位数（秒）", "Median wait (seconds)"), count(row.median),
             span(results, row.median_low, row.median_high, "{:.0f}"))
            for row in each(own)
        ]  # fmt: skip
    return rows


def _certainty(results: Results) -> list[Row]:
    if "scores" not in results:
        return []
    ranked = results["grades"].dropna(subset=["rank"])
    width = (ranked["rank_high"] - ranked["rank_low"] + 1).astype(float).mean()
    p = ranked["p_grade"].astype(float).mean()
    return [
        (
            results.say("名次区间平均宽度（位次）", "Mean width of rank intervals (places)"),
            count(width),
            "",
        ),
        (results.say("等级成立的平均概率", "Mean probability of the grade"), percent(p, 0), ""),
    ]


def intervals_note(results: Results) -> str:
    """Say whether figures have intervals, and what the total holds."""
    return paragraph(
        results.say(
            f"得分和名次都附有{level(results)}区间，等级都附有成立的概率。",
            f"Scores and ranks are given with {level(results)} intervals, grades with a probability.",
        )
        if "scores" in results
        else results.say(
            "原报告没有公布逐次记录，其数值没有区间可给，正文凡涉及高低之处均不作统计判断。",
            "The original report published no individual records, so its figures have no intervals, and "
            "which of two figures is higher is not judged statistically.",
        ),
        bonus_note(results),
    )


def reading(results: Results) -> str:
    """Say whence grades come and how sure they are."""
    if "scores" in results:
        return paragraph(
            results.say(
                "等级和名次由抽样得到的记录推算，都带有不确定性，因此给出得分和名次的同时也给出区间。",
                "Grades and ranks are computed from a sample of records, so they are uncertain, and "
                "every score and rank is given with its interval.",
            )
        )
    return paragraph(
        results.say(
            "等级和均值由原报告依据抽样记录得出，同样带有不确定性；逐次记录没有公布，不确定性有多大无从估计。",
            "The original report made its grades and means from a sample of records, so they are "
            "uncertain too; as the records were not published, how uncertain cannot be estimated.",
        )
    )


def guide(results: Results) -> str:
    """Say where what is found, as far as the edition has it."""
    called = bool({"connection_rates", "waiting_summary"} & set(results.tables))
    groups = (
        results.say(
            "各类城市、各个时段的差别见 @sec-groups 和 @sec-calls ；",
            "differences between kinds of cities and times of day in @sec-groups and @sec-calls; ",
        )
        if called
        else results.say(
            "各类城市的差别见 @sec-groups ；",
            "differences between kinds of cities in @sec-groups; ",
        )
    )
    return paragraph(
        results.say(
            "读者可按需要选读：城市所获等级见 @sec-grades 和 @sec-appendix-table ；强项和弱项见 @sec-indicators ；"
            f"{groups}存在的问题和改善建议见 @sec-problems 和 @sec-advice 。",
            "The grades of cities are in @sec-grades and @sec-appendix-table; strengths and weaknesses "
            f"in @sec-indicators; {groups}problems and advice in @sec-problems and @sec-advice.",
        ),
        results.say(
            "文中的数值均由程序从结果表中提取，没有一处是手工填写的。",
            "Every figure in the text is taken from the tables of results by a program; none is typed "
            "by hand.",
        ),
    )


RELIABLE = ("结果有多可靠？", "How far can the results be relied on?")
QUESTIONS = (
    ("服务质量的现状如何？", "How good is the service?", ("grades", "indicators")),
    ("服务群众与服务企业有何不同？", "Are citizens and enterprises served alike?", ("audiences",)),
    ("各类城市之间有何差别？", "Do kinds of cities differ?", ("groups",)),
    ("各个时段的接通情况如何？", "When are calls answered?", ("calls",)),
    ("短板在哪里，从何改起？", "What is weak, and where to begin?", ("problems", "drivers")),
    ("与上届相比有何变化？", "What has changed?", ("changes",)),
    (*RELIABLE, ("certainty",)),
)
"""The questions of the study, and the findings that answer them."""


def answers(results: Results) -> str:
    """Answer the questions of the study by the titles of the findings."""
    text = ""
    for zh, en, keys in QUESTIONS:
        told = [found.title for key in keys if (found := headline(results, key))]
        if told:
            stop = results.say("。", ".")
            text += f"**{results.say(zh, en)}** {paragraph(*(title + stop for title in told))}"
    return text + _checked(results)


def _checked(results: Results) -> str:
    """Answer how far published figures can be relied on, by what their check found."""
    if "scores" in results or "audit" not in results:
        return ""
    return f"**{results.say(*RELIABLE)}** {audit_summary(results)}"


def conclusion(results: Results) -> str:
    """Sum up the grades and what they go with."""
    names, n, share = high_share(results)
    total = cities(results, results["composition"]["n"].sum())
    return paragraph(
        results.say(
            f"{total}中，获{names}等级的有{count(n)}个，占{percent(share)}。",
            f"Of {total}, {count(n)} ({percent(share)}) earn {names}.",
        ),
        related(results),
    )


def limits(results: Results) -> str:
    """Say what the results cannot show, and how they should be used."""
    if "scores" not in results:
        return paragraph(
            results.say(
                "本研究也有局限。等级和均值取自原报告，没有逐次记录可供核实，也无从估计误差；各组之间的差别和"
                "指标之间的关联不能当作因果。引用时应当一并说明 @sec-appendix-audit 所列的矛盾之处。",
                "The study has limits. Grades and means are those of the original report; there are no "
                "individual records to verify them or to estimate their error. Differences between groups "
                "and associations between indicators are not causes. Whoever quotes the figures should "
                "mention the contradictions listed in @sec-appendix-audit.",
            )
        )
    calls = results.say(
        "电话由有限的拨测员拨打，情景和时段有限，不能代表全部来电；",
        "The calls were made by a limited number of callers, in a limited number of scenarios and "
        "time slots, and do not stand for all calls. ",
    )
    called = "sample" in results and "calls" in set(results["sample"]["table"])
    return paragraph(
        results.say("本研究也有局限。", "The study has limits. ").rstrip(),
        (calls if called else "").rstrip()
        + results.say("", " " if called else "")
        + results.say(
            "指标之间的关联不能当作因果；等级由总分的先后划定，处在边界附近的城市换一批记录就可能得到相邻的等级。"
            "使用结果时，应当连同区间和概率一起使用。",
            "Associations between indicators are not causes. Grades follow the order of totals, so a city "
            "near the border of a grade might have the next one with another sample of records. The "
            "results should be used together with their intervals and probabilities.",
        ),
    )
