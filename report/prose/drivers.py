"""What goes with the outcome of the hotline: the national drivers, in words and as a table."""

from report.prose.terms import capital, cities, indicator, level, named, percent_span, span
from report.prose.wording import clauses, count, each, listed, paragraph, percent, score, table
from report.results import Results


def share_of_drivers(results: Results) -> str:
    """Say how much of the outcome's variation the indicators explain, and which of them most."""
    if "drivers" not in results or "driver_model" not in results:
        return ""
    model = results["driver_model"].query("audience == 'all'")
    if model.empty:
        return ""
    fit = model.iloc[0]
    own = results["drivers"].query("audience == 'all'")
    own = own[own["outcome"] == fit["outcome"]].sort_values("rank")
    outcome, at = named(results, str(fit["outcome"])), level(results)
    sure = own[own["direction"] == "positive"]["indicator"]
    unclear = own[own["direction"] == "unclear"]["indicator"]
    sure_names = listed([named(results, i) for i in sure], results.lang)
    unclear_names = listed([named(results, i) for i in unclear], results.lang)
    parts = [
        results.say(
            f"其他指标相同时，{sure_names}较高的城市{outcome}也较高",
            f"with the others equal, cities with higher scores in {sure_names} also score higher in {outcome}",
        )
        if len(sure)
        else "",
        results.say(
            f"{unclear_names}单独的作用尚不能确认",
            f"the separate effect of {unclear_names} is not established",
        )
        if len(unclear)
        else "",
    ]
    said = clauses(parts, results.lang)
    cases = (
        cities(results, fit["n"])
        if fit["level"] == "units"
        else results.say(f"{count(fit['n'])}份记录", f"{count(fit['n'])} records")
    )
    reach = percent_span(results, fit["r2_low"], fit["r2_high"])
    return paragraph(
        results.say(
            f"{count(fit['predictors'])}项指标合起来解释了{cases}之间{outcome}差异的{percent(fit['r2'])}"
            f"（{at}置信区间{reach}）。",
            f"{count(fit['predictors'])} indicators together explain {percent(fit['r2'])} of the "
            f"variation in {outcome} among {cases} ({at} interval {reach}).",
        ),
        capital(said) + results.say("。", ".") if said else "",
        results.say(
            "这里说的是关联而非因果；是否值得优先改进，还要看得分高低，见 @sec-advice 。",
            "These are associations, not causes; whether an indicator should be improved first depends on "
            "its score too, see @sec-advice.",
        ),
    )


def drivers_table(results: Results) -> str:
    """Write the share of every driver in what is explained, and its coefficient."""
    if "drivers" not in results:
        return ""
    own = results["drivers"].query("audience == 'all'").sort_values("rank")
    ways = {
        "positive": results.say("正向", "positive"), "negative": results.say("负向", "negative"),
        "unclear": results.say("尚不能确认", "not established"),
    }  # fmt: skip
    rows = [
        (
            indicator(results, row.indicator), percent(row.share),
            percent_span(results, row.share_low, row.share_high), score(row.coefficient),
            span(results, row.coefficient_low, row.coefficient_high), ways[row.direction],
        )
        for row in each(own)
    ]  # fmt: skip
    header = results.say(
        "指标|在可解释部分中的占比|区间|标准化系数|区间|方向",
        "Indicator|Share of what is explained|Interval|Standardised coefficient|Interval|Direction",
    ).split("|")
    return table(header, rows, "lrcrcl", (18, 14, 22, 13, 20, 16)) if rows else ""
