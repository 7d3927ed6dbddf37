"""The gap between audiences: in how many indicators, how large, and in how many cities."""

from report.prose.naming import audience_name
from report.prose.terms import capital, indicator, signed, span
from report.prose.verdicts import label
from report.prose.wording import count, each, paragraph, percent, score, table
from report.results import Results


def audience_summary(results: Results) -> str:
    """Count the indicators in which the audiences differ, by verdict, and the cities that do."""
    if "audience_gaps" not in results:
        return ""
    gaps = results["audience_gaps"].query("level == 2")
    if gaps.empty:
        return ""
    first, second = (str(gaps[side].iloc[0]) for side in ("first", "second"))
    counts = gaps["verdict"].value_counts()
    parts = [
        results.say(f"{word}的{count(counts[v])}项", f"{count(counts[v])} {word}")
        for v, word in (
            ("clear", results.say("差别明显", "clearly")),
            ("slight", results.say("略有差别", "slightly")),
            ("none", results.say("没有可检出差别", "not detectably")),
        )
        if v in counts
    ]
    one, other = (audience_name(results, a) for a in (first, second))
    return paragraph(
        results.say(
            f"{count(len(gaps))}项二级指标中，{one}与{other}的得分{'，'.join(parts)}。",
            f"Of {count(len(gaps))} second-level indicators, scores for {one} and {other} differ as "
            f"follows: {', '.join(parts)}.",
        ),
        _cities_judged(results),
    )


def _cities_judged(results: Results) -> str:
    if "unit_audience_gaps" not in results:
        return ""
    own = results["unit_audience_gaps"].query("indicator == 'total'")
    if own.empty:
        return ""
    told = own["verdict"].ne("none")
    worse, better = int((told & (own["gap"] > 0)).sum()), int((told & (own["gap"] < 0)).sum())
    one, other = (audience_name(results, str(own[side].iloc[0])) for side in ("first", "second"))
    return results.say(
        f"逐个城市看，总分上能确认{other}低于{one}的有{count(worse)}个，{_above(results, better)}，"
        f"其余{count(len(own) - worse - better)}个的记录不足以判断。",
        f"City by city, the total for {other} is shown to be below that for {one} in {count(worse)} and "
        f"above it in {_above(results, better)}; the records of the other "
        f"{count(len(own) - worse - better)} do not suffice to tell.",
    )


def _above(results: Results, n: int) -> str:
    if n == 0:
        return results.say("没有能确认高于的", "none")
    return results.say(f"能确认高于的有{count(n)}个", count(n))


def audience_table(results: Results) -> str:
    """Write the gap between audiences in every indicator, with interval and verdict."""
    if "audience_gaps" not in results:
        return ""
    gaps = results["audience_gaps"].query("level <= 2")
    if gaps.empty:
        return ""
    first, second = (
        audience_name(results, str(gaps[side].iloc[0])) for side in ("first", "second")
    )
    rows = [
        (
            "　" * max(0, int(row.level) - 1) + indicator(results, row.indicator),
            score(row.first_mean), score(row.second_mean), signed(row.gap),
            span(results, row.low, row.high), percent(row.share_positive),
            label(row.verdict, results.lang),
        )
        for row in each(gaps)
    ]  # fmt: skip
    header = (
        results.say("指标", "Indicator"), capital(first), capital(second), results.say("差距", "Gap"),
        results.say("区间", "Interval"),
        results.say(f"{first}较高的城市", f"Cities with {first} ahead"),
        results.say("判断", "Verdict"),
    )  # fmt: skip
    return table(header, rows, "lrrrcrl", (24, 10, 11, 8, 21, 14, 15))
