"""The indicator system and the rules of the assessment, told so that a reader can check them."""

from typing import Any

from analysis.comparisons.effects import SMALL_GROUP, THRESHOLDS
from analysis.grades.grading import BORDERLINE
from report.prose.headlines_groups import SURE
from report.prose.overview import EFFECTS
from report.prose.terms import level
from report.prose.wording import cell, count, each, paragraph, percent, table
from report.results import Results

ROLES = {"core": ("主体", "core"), "innovation": ("创新", "innovation")}


def framework(results: Results) -> str:
    """Name the core indicators of level 1, what each asks, and the innovation beside them."""
    tops = results["indicators"].query("level == 1").sort_values("order")
    column = "definition_zh" if results.lang == "zh" else "definition_en"
    stop = results.say("。", ".")
    text = "".join(
        f"- **{cell(getattr(row, results.lang))}**{results.say('：', ': ')}"
        f"{cell(getattr(row, column) or results.say('见附录', 'see the appendix'))}{stop}\n"
        for row in each(tops)
    )
    core, more = (int((tops["role"] == role).sum()) for role in ("core", "innovation"))
    below = int((results["indicators"]["level"] > 1).sum())
    lead = results.say(
        f"一级指标共{count(core + more)}项，其中主体{count(core)}项、创新{count(more)}项，"
        f"下设各级指标{count(below)}项：",
        f"There are {count(core + more)} first-level indicators, {count(core)} core and "
        f"{count(more)} of innovation, with {count(below)} indicators below them:",
    )
    return f"{lead}\n\n{text}\n"


def system_table(results: Results) -> str:
    """Write the indicator system with definitions and weights."""
    column = "definition_zh" if results.lang == "zh" else "definition_en"
    rows = [
        (
            "　" * (int(row.level) - 1) + str(getattr(row, results.lang)),
            getattr(row, column),
            results.say(*ROLES[str(row.role)]) if row.level == 1 else "",
            f"{row.weight:g}" if row.role == "core" else results.say("加分", "bonus"),
        )
        for row in each(results["indicators"].query("level > 0").sort_values("order"))
    ]
    header = results.say("指标|含义|角色|权重", "Indicator|Meaning|Role|Weight").split("|")
    return table(header, rows, "llcr", (26, 54, 10, 8))


def weights_note(results: Results) -> str:
    """Say where the weights come from, in the words of the system, and whether they are equal."""
    tree = results["indicators"]
    column = "weight_note" if results.lang == "zh" else "weight_note_en"
    if column in tree and (note := str(tree[column].iloc[0])):
        return paragraph(cell(note) + results.say("。", "."))
    core = tree[tree["role"] == "core"]
    equal = bool((core.groupby("parent")["weight"].nunique() <= 1).all())
    return paragraph(
        results.say(
            "同一上级之下的指标权重相等。" if equal else "各项权重见下表。",
            "Indicators under the same parent have equal weights."
            if equal
            else "The weights are given in the table of indicators.",
        )
    )


def method_note(results: Results) -> str:
    """Say how the intervals were made, in this edition."""
    if "scores" not in results:
        return paragraph(
            results.say(
                "本年度评估没有逐次记录，无法估计抽样误差；图表中的均值均无区间。",
                "This edition has no individual records, so sampling error cannot be estimated; the means "
                "in figures and tables have no intervals.",
            )
        )
    replicates, at = count(results.meta["replicates"]), level(results)
    said = results.say(
        f"在每个城市之内，按服务对象和来电情景分层，对记录作{replicates}次有放回的重抽样，"
        "并根据拨测员评分宽严的差异，模拟电话改由其他拨测员拨打的结果；"
        f"每次重新计分、排名和定级，由此得到各级得分和名次的{at}区间以及各等级的概率。"
        "记录少的城市，得分区间按t分布放宽。",
        f"Within every city, stratified by audience and scenario, the records are resampled with "
        f"replacement {replicates} times, and it is simulated that other callers, as strict or lenient "
        "as callers were found to be, had made the calls. Each time everything is scored, ranked and "
        f"graded again; this gives the {at} intervals of scores and ranks and the probabilities of "
        "grades. Where a city has few records, the interval of its score is widened by the t "
        "distribution.",
    )
    if "method_ranks" not in results:
        return paragraph(
            said,
            results.say(
                "区间不包括权重和方法选择带来的不确定性。",
                "The intervals do not include the uncertainty from the choice of weights and methods.",
            ),
            _more(results),
        )
    width = (results["method_ranks"]["high"] - results["method_ranks"]["low"] + 1).mean()
    return paragraph(
        said,
        results.say(
            "权重和方法的选择另行检验：记录不变，只改变权重与合成方法时，"
            f"一个城市的名次平均可在{count(width)}个位次之间变动。",
            "The choice of weights and methods is tested separately: when only these are varied, the "
            f"rank of a city spans {count(width)} places on average.",
        ),
        _more(results),
    )


def _more(results: Results) -> str:
    return results.say(
        "名次集合、误差的来源以及方法选择的影响，详见 @sec-appendix-uncertainty 。",
        "Sets of ranks, sources of error and the effect of the choice of method are given in "
        "@sec-appendix-uncertainty.",
    )


def scoring_note(results: Results) -> str:
    """Say that the rules of scoring were not applied, where there are no records to score."""
    if "scores" in results:
        return ""
    return paragraph(
        results.say(
            "以上是指标体系规定的计分办法；本年度只有已公布的结果，没有据此重新计分。",
            "These are the rules of the indicator system. This edition has published results only, "
            "which were not scored again by them.",
        )
    )


def certainty_rules(results: Results) -> str:
    """Say from which probabilities a grade is called sure or borderline."""
    if "scores" not in results:
        return ""
    sure, less = percent(SURE, 0), percent(BORDERLINE, 0)
    return paragraph(
        results.say(
            f"所获等级成立的概率不低于{sure}的称为可靠，低于{less}的称为临界。",
            f"A grade is called sure where it holds with a probability of {sure} or more, and "
            f"borderline below {less}.",
        )
    )


def verdict_rules(results: Results) -> str:
    """Say what makes a difference clear, slight, or not detectable."""
    alpha = f"{1 - results.meta['level']:.2g}"
    words = results.say(
        "- **明显**：调整后的p值小于{alpha}，且效应量达到中等及以上；\n"
        "- **略**（幅度有限）：调整后的p值小于{alpha}，但效应量只达到小；\n"
        "- **没有可检出的差别**：调整后的p值不小于{alpha}，或者效应量小到可以忽略。"
        "这只说明现有数据看不出差别，不等于没有差别。\n\n",
        "- **clearly**: the adjusted p value is below {alpha} and the effect is medium or large;\n"
        "- **slightly**: the adjusted p value is below {alpha} and the effect is small;\n"
        "- **no detectable difference**: the adjusted p value is {alpha} or more, or the effect is "
        "negligible. This says only that the data show no difference, not that there is none.\n\n",
    ).format(alpha=alpha)
    lead = results.say(
        "“明显”“略”“没有可检出的差别”不是作者的措辞，而是程序按下列规则从检验结果中得出：",
        "The words “clearly”, “slightly” and “no detectable difference” are not chosen by an "
        "author; a program derives them from the tests by these rules:",
    )
    small = results.say(
        f"少于{count(SMALL_GROUP)}个城市的组照常报告，但标明解读宜谨慎。",
        f"Groups of fewer than {count(SMALL_GROUP)} cities are reported with a caution.",
    )
    changes = results.say(
        f"跨年度的变化，调整后的p值不大于{alpha}才称明显上升或明显下降，否则称在误差范围内。",
        f"A change between editions is called a clear rise or fall where the adjusted p value is at most "
        f"{alpha}, and within sampling error otherwise.",
    )
    families = results.say(
        "同时作多项检验时，p值按Holm方法校正。",
        "Where several tests are made at once, p values are adjusted by Holm's method.",
    )
    singly = results.say(
        "逐个城市比较时，控制错误发现率；指标是否偏低，以同级指标的平均为准。",
        "Where cities are compared one by one, the false discovery rate is controlled; whether an "
        "indicator is low is judged against the average of its level.",
    )
    answering = results.say(
        "接通的优势比先换算为标准差单位，再按同一标准判断。",
        "Odds ratios of answering are converted into standard deviations and judged by the same "
        "thresholds.",
    )
    plain = results.say(
        "没有区间的已公布数值不作判断，只照实列出高低。",
        "Published figures without intervals are not judged; they are reported as they are.",
    )
    return f"{lead}\n\n{words}" + paragraph(
        families,
        singly if "scores" in results else "",
        answering if "connection_effects" in results else "",
        small,
        changes if "national_changes" in results else "",
        plain,
    )


def score_tests(results: Results) -> str:
    """Say how scores are compared, where there are scores."""
    if "scores" not in results:
        return ""
    return paragraph(
        results.say(
            "得分的组间比较用不要求方差相等的检验：两组用Welch检验，多组用Brown–Forsythe检验。"
            "群众与企业的差距在同一城市之内比较，只受记录抽样误差的影响。",
            "Scores are compared by tests that do not assume equal variances: Welch's test for two "
            "groups, the Brown–Forsythe test for several. The gap between citizens and enterprises is "
            "taken within each city, so only the sampling of records makes it uncertain.",
        )
    )


USES = {
    "cliffs_delta": ("两组等级", "grades of two groups"),
    "epsilon_squared": ("多组等级", "grades of several groups"),
    "hedges_g": ("两组得分、服务对象之间的差距", "scores of two groups, gaps between audiences"),
    "omega_squared": ("多组得分", "scores of several groups"),
}


def thresholds_table(results: Results) -> str:
    """Write where a small, a medium and a large effect begin, as the code has it."""
    rows: list[tuple[Any, ...]] = [
        (results.say(*EFFECTS[name]), results.say(*USES[name]), *(f"{limit:g}" for limit in limits))
        for name, limits in THRESHOLDS.items()
    ]
    header = results.say("效应量|用于|小|中等|大", "Effect|Used for|Small|Medium|Large").split("|")
    return table(header, rows, "llrrr", (20, 40, 10, 10, 10))
