"""Whether shoppers code alike, and how severe each of them is."""

import pandas as pd

from report.labels import factor_label
from report.profiles.page import Block, Section, Text, Tone
from report.quality.findings import MOST_UNITS
from report.quality.sheet import (
    Told,
    decimal,
    p_value,
    share,
    signed,
    table_of,
    text,
    whole,
)  # fmt: skip
from report.results import Results

AGREES: dict[str, tuple[str, str, Tone]] = {
    "reliable": ("可靠", "Reliable", "good"),
    "tentative": ("基本可靠", "Tentative", ""),
    "unproven": ("尚不能确认", "Unproven", "quiet"),
    "unreliable": ("不可靠", "Unreliable", "bad"),
    "undefined": ("无差异，无法计算", "All alike, undefined", "quiet"),
    "too_few": ("双录过少", "Too few", "quiet"),
}
CODES: dict[str, tuple[str, str, Tone]] = {
    "disagrees": ("分歧偏多", "Disagrees", "bad"),
    "in_line": ("正常", "In line", "good"),
    "too_few": ("双录过少", "Too few", "quiet"),
    "not_separable": ("无法区分", "Not separable", "quiet"),
}
JUDGES: dict[str, tuple[str, str, Tone]] = {
    "severe": ("偏严", "Severe", "bad"),
    "lenient": ("偏宽", "Lenient", "bad"),
    "in_line": ("正常", "In line", "good"),
    "too_few": ("拨测过少", "Too few", "quiet"),
    "not_separable": ("与城市无法区分", "Not separable", "quiet"),
}
DRIFTS: dict[str, tuple[str, str, Tone]] = {
    "drifting": ("前后不一", "Drifting", "bad"),
    "steady": ("稳定", "Steady", "good"),
    "too_few": ("拨测过少", "Too few", "quiet"),
    "unknown": ("无日期", "No dates", "quiet"),
}
MOVES: dict[str, tuple[str, str, Tone]] = {
    "grade_moves": ("等级改变", "Grade moves", "bad"),
    "rank_moves": ("名次超出区间", "Rank leaves its interval", "bad"),
    "steady": ("无实质变化", "Steady", "good"),
}
EVEN: dict[str, tuple[str, str, Tone]] = {
    "even": ("均衡", "Even", "good"),
    "uneven": ("不均衡", "Uneven", "bad"),
    "too_few": ("次数过少", "Too few", "quiet"),
}
PARTS = {
    "unit": ("城市之间", "Between cities"),
    "shopper": ("拨测员之间（严宽不一）", "Between shoppers (severity)"),
    "drift": ("拨测员随时间的变化（每30天）", "Drift of shoppers (in 30 days)"),
    "residual": ("其余", "The rest"),
}


def verdict(results: Results, column: str, words: dict[str, tuple[str, str, Tone]]) -> Told:
    """Return the column of a verdict, in words and coloured."""
    return Told(
        column, "判断", "Verdict",
        lambda code: results.say(*words[code][:2]) if code in words else text(code),
        "left", lambda code: words[code][2] if code in words else "",
    )  # fmt: skip


def agreement_section(results: Results) -> Section | None:
    """Tell how far two codings of one recording agree, by item and by shopper."""
    if "agreement" not in results or results["agreement"].empty:
        return None
    title = results.say("双录的一致性", "Agreement of double codings")
    two = decimal(2)
    items = results["agreement"]
    labels = results["items"].set_index("item")[results.lang].to_dict()
    labels["overall"] = results.say("全部题项", "All items")
    named = [f"{labels.get(each, each)}" for each in items["item"]]
    items = items.assign(item=pd.Series(named, dtype="str", index=items.index))
    columns = (
        Told("item", "题项", "Item", text, "left"),
        Told("recordings", "双录数", "Recordings", whole),
        Told("agreement", "一致率", "Same", share),
        Told("kappa", "Cohen κ", "Cohen κ", two),
        Told("fleiss", "Fleiss κ", "Fleiss κ", two),
        Told(("alpha", "alpha_low", "alpha_high"), "Krippendorff α", "Krippendorff α", two),
        verdict(results, "verdict", AGREES),
    )
    blocks: list[Block] = [table_of(results, title, items, columns)]
    coders = results["coders"] if "coders" in results else pd.DataFrame()
    if len(coders):
        order = coders.sort_values("excess", ascending=False, kind="stable").head(MOST_UNITS)
        told = (
            Told("shopper", "拨测员", "Shopper", text, "left"),
            Told("recordings", "双录数", "Recordings", whole),
            Told(
                ("disagreement", "low", "high"),
                "分歧率", "Disagreement", share,
            ),
            Told("p_adjusted", "校正后p值", "Adjusted p", p_value),
            verdict(results, "verdict", CODES),
        )  # fmt: skip
        name = results.say("各拨测员与他人的分歧", "How often each shopper differs from others")
        blocks += [Text(name), table_of(results, name, order, told)]
    note = results.say(
        "α的下限不低于0.8为可靠，不低于0.667为基本可靠，上限低于0.667为不可靠"
        "（Krippendorff 2004）。",
        "Reliable: the lower limit of α is at least 0.8; tentative: at least 0.667; unreliable: "
        "the upper limit is below 0.667 (Krippendorff 2004).",
    )
    return Section(title, (*blocks, Text(note, small=True)), whole=False)


def severity_section(results: Results) -> Section | None:
    """Tell how severe each shopper is, and how much that matters for scores."""
    if "shoppers" not in results or results["shoppers"].empty:
        return None
    title = results.say("拨测员的严宽", "Severity of shoppers")
    blocks: list[Block] = []
    if len(parts := results["components"]):
        named = [results.say(*PARTS[str(each)]) for each in parts["component"]]
        columns = (
            Told("component", "差异来源", "Where calls differ", text, "left"),
            Told("sd", "标准差（分）", "SD (points)", decimal(2)),
            Told("share", "占方差的比例", "Share of variance", share),
            Told("p", "p值", "p", p_value),
        )
        rows = parts.assign(component=pd.Series(named, dtype="str", index=parts.index))
        name = results.say("每次拨测得分差异的来源", "What makes the points of calls differ")
        blocks += [Text(name), table_of(results, name, rows, columns)]
    rows = results["shoppers"]
    order = rows.reindex(rows["severity"].abs().sort_values(ascending=False, kind="stable").index)
    two = signed(2)
    columns = (
        Told("shopper", "拨测员", "Shopper", text, "left"),
        Told("calls", "拨测", "Calls", whole),
        Told("units", "城市", "Cities", whole),
        Told(("severity", "low", "high"), "严宽（分；负为偏严）", "Points beyond others", two),
        verdict(results, "verdict", JUDGES),
        Told(("drift", "drift_low", "drift_high"), "每30天变化", "Change in 30 days", two),
        verdict(results, "drift_verdict", DRIFTS),
    )  # fmt: skip
    name = results.say("严宽差异最大的拨测员", "Shoppers who differ most")
    blocks += [Text(name), table_of(results, name, order.head(MOST_UNITS), columns)]
    note = results.say(
        "严宽是控制城市、服务对象、情景和时段之后，该拨测员所评分数与其他拨测员之差，"
        "只计由人判断的题项。判断已作多重比较校正。",
        "Severity is what a shopper's points differ by from others', with city, audience, "
        "scenario and slot taken out, over the items that people judge. Verdicts are corrected for "
        "multiple comparisons.",
    )
    return Section(title, (*blocks, Text(note, small=True)), whole=False)


def balance_section(results: Results) -> Section | None:
    """Tell whether shoppers were dealt the same kinds of calls."""
    if "balance_tests" not in results or results["balance_tests"].empty:
        return None
    title = results.say("任务分配是否均衡", "Whether calls were dealt evenly")
    tests = results["balance_tests"]
    named = [factor_label(each, results.lang) for each in tests["factor"]]
    columns = (
        Told("factor", "因素", "Factor", text, "left"),
        Told("cramers_v", "Cramér V", "Cramér's V", decimal(3)),
        Told("p", "p值", "p", p_value),
        verdict(results, "verdict", EVEN),
    )
    return Section(title, (table_of(results, title, tests.assign(factor=named), columns),))


def adjusted_section(results: Results) -> Section | None:
    """Set scores without the severity of shoppers beside the plain ones."""
    if "adjusted" not in results or results["adjusted"].empty:
        return None
    title = results.say("剔除严宽影响后的得分", "Scores without the severity of shoppers")
    rows = results["adjusted"]
    moved = rows[rows["verdict"] != "steady"]
    size = rows["difference"].abs()
    said = results.say(
        f"{len(rows)}个城市中，总分平均变动{size.mean():.2f}分，最多{size.max():.2f}分；"
        f"等级或名次有实质变化的有{len(moved)}个。发布的得分不作此项调整，调整后的得分供比照。",
        f"Over {len(rows)} cities totals move by {size.mean():.2f} points on average and by "
        f"{size.max():.2f} at most; grade or rank really moves for {len(moved)}. Published scores "
        "are not adjusted; these stand beside them.",
    )
    shown = moved if len(moved) else rows
    order = shown.reindex(shown["difference"].abs().sort_values(ascending=False).index)
    two = decimal(2)
    columns = (
        Told("unit", "城市", "City", text, "left"),
        Told("score", "得分", "Score", two),
        Told("adjusted", "调整后", "Adjusted", two),
        Told("difference", "差值", "Difference", signed(2)),
        Told("rank", "名次", "Rank", whole),
        Told("rank_adjusted", "调整后", "Adjusted", whole),
        Told("grade", "等级", "Grade", text, "center"),
        Told("grade_adjusted", "调整后", "Adjusted", text, "center"),
        verdict(results, "verdict", MOVES),
    )
    table = table_of(results, title, order.head(MOST_UNITS), columns)
    return Section(title, (Text(said), table), whole=False)
