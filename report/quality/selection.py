"""Whether the questionnaires of a city were selected, and what their weights cost."""

import pandas as pd

from report.profiles.page import Block, Section, Table, Text
from report.quality.findings import MOST_UNITS
from report.quality.sheet import (
    Told,
    decimal,
    p_value,
    signed,
    table_of,
    text,
    whole,
)  # fmt: skip
from report.results import Results
from survey.selection.gaming import FLAGS, VERDICTS


def selection_section(results: Results) -> Section | None:
    """Tell which cities' own questionnaires are doubtful, with the evidence."""
    if "gaps" not in results or results["gaps"].empty:
        return None
    title = results.say("热线发放的问卷是否可信", "Questionnaires that hotlines handed out")
    gaps = results["gaps"]
    if (gaps["verdict"] == "no-distributed").all():
        none = "没有由热线发放的问卷，不存在这一问题。", "No hotline handed out questionnaires."
        return Section(title, (Text(results.say(*none)),))
    counts = gaps["verdict"].value_counts()
    told = [
        results.say(f"{words[0]}{counts[code]}个", f"{words[1]}: {counts[code]}")
        for code, words in VERDICTS.items()
        if code in counts
    ]
    counted = results.say("；", "; ").join(told)
    blocks: list[Block] = [Text(results.say(f"城市数：{counted}。", f"Cities: {counted}."))]
    doubtful = gaps[gaps["verdict"] == "suspect"].sort_values("p_adjusted", kind="stable")
    if len(doubtful):
        blocks.append(_evidence(results, title, doubtful))
    note = results.say(
        "每个城市的热线发放样本与独立样本之差，同全国通常的差距相比；问卷得分又同拨测得分所能预期的水平相比。"
        "标记只表示须核查，并不等于作假；误标率已作控制。",
        "The gap between a city's own questionnaires and the independent ones is set against what "
        "is usual in the country, and the survey score against what its calls let expect. A flag "
        "means that somebody should look, not that anybody cheated; false flags are controlled.",
    )
    return Section(title, (*blocks, Text(note, small=True)), whole=False)


def _evidence(results: Results, title: str, doubtful: pd.DataFrame) -> Table:
    flags = [
        results.say("；", "; ").join(results.say(*FLAGS[flag]) for flag in each.split(";"))
        for each in doubtful["flags"]
    ]
    two = decimal(2)
    columns = (
        Told("unit", "城市", "City", text, "left"),
        Told("n_independent", "独立样本", "Independent", whole),
        Told("n_distributed", "热线发放", "Handed out", whole),
        Told(("gap", "gap_low", "gap_high"), "得分差", "Gap (points)", signed(2)),
        Told("typical_gap", "通常差距", "Usual gap", signed(2)),
        Told("p_adjusted", "校正后p值", "Adjusted p", p_value),
        Told("sd_ratio", "离散程度之比", "Ratio of SDs", two),
        Told("survey_score", "问卷得分", "Survey", two),
        Told("expected_survey", "预期", "Expected", two),
        Told("flags", "理由", "Why", text, "left"),
    )
    return table_of(results, title, doubtful.assign(flags=flags).head(MOST_UNITS), columns)


def weights_section(results: Results) -> Section | None:
    """Tell what unequal weights cost, where there are any."""
    if "design_effects" not in results or results["design_effects"].empty:
        return None
    rows = results["design_effects"]
    if not (rows["deff"] > 1.0005).any():
        return None
    title = results.say("问卷权重的代价", "What weights cost")
    said = results.say(
        f"按Kish（1965）计算，加权的设计效应中位数为{rows['deff'].median():.2f}，"
        f"最大为{rows['deff'].max():.2f}："
        f"样本量相当于原来的{(1 / rows['deff']).min():.0%}至{(1 / rows['deff']).max():.0%}。",
        f"By Kish (1965) the design effect of weighting is {rows['deff'].median():.2f} in the "
        f"median and {rows['deff'].max():.2f} at most: samples count as "
        f"{(1 / rows['deff']).min():.0%} to {(1 / rows['deff']).max():.0%} of their size.",
    )
    columns = (
        Told("unit", "城市", "City", text, "left"),
        Told("n", "问卷数", "Responses", whole),
        Told("deff", "设计效应", "Design effect", decimal(2)),
        Told("n_effective", "有效样本量", "Effective size", whole),
        Told("smallest", "最小权重", "Smallest weight", decimal(2)),
        Told("largest", "最大权重", "Largest weight", decimal(2)),
    )
    order = rows.sort_values("deff", ascending=False, kind="stable").head(MOST_UNITS)
    return Section(title, (Text(said), table_of(results, title, order, columns)), whole=False)


def corrections_section(results: Results) -> Section | None:
    """Count the corrections and set scores before and after them."""
    if "corrections" not in results or results["corrections"].empty:
        return None
    title = results.say("更正", "Corrections")
    columns = (
        Told("table", "数据", "Table", text, "left"),
        Told("item", "题项", "Item", text, "left"),
        Told("reason", "理由", "Reason", text, "left"),
        Told("corrections", "更正", "Corrections", whole),
        Told("units", "城市", "Cities", whole),
    )
    two = decimal(2)
    effects = (
        Told("unit", "城市", "City", text, "left"),
        Told("corrections", "更正", "Corrections", whole),
        Told("score_before", "更正前", "Before", two),
        Told("score_after", "更正后", "After", two),
        Told("rank_before", "原名次", "Rank before", whole),
        Told("rank_after", "名次", "Rank after", whole),
        Told("grade_before", "原等级", "Grade before", text, "center"),
        Told("grade_after", "等级", "Grade after", text, "center"),
    )
    why = results.say("更正的题项和理由", "What was corrected, and why")
    what = results.say("更正前后的得分、名次和等级", "Scores, ranks and grades before and after")
    blocks = (
        Text(why), table_of(results, why, results["correction_reasons"], columns),
        Text(what), table_of(results, what, results["corrections"].head(MOST_UNITS), effects),
    )  # fmt: skip
    return Section(title, blocks, whole=False)
