"""Sentences on how sure the figures are: ranks, grades, slots, data quality, published figures."""

import pandas as pd

from report.labels import AUDIENCES, FACTORS
from report.prose.library import library
from report.prose.wording import cell, count, each, paragraph, percent, score, table
from report.results import Results

NO_RECORDS = "本年度评估没有逐次记录，本节从略。"


def or_left_out(text: str) -> str:
    """Return the text, or the sentence that says the section is left out for want of records."""
    return text or paragraph(NO_RECORDS)


def left_out_without_records(results: Results) -> str:
    """Say that a section is left out, where the edition has no records."""
    return "" if "scores" in results else paragraph(NO_RECORDS)


def commended_note(results: Results) -> str:
    """Say how the link between commendation and grade is to be read, or that there is no list."""
    if "commended" not in results["units"]:
        return paragraph("本年度评估没有公布受表扬单位名单，本节从略。")
    return paragraph(
        "表扬与等级很可能依据同一套评估结果，两者高度相关在意料之中，不能说明表扬促进了服务质量。"
    )


def distribution(results: Results) -> str:
    """Describe the spread of the totals."""
    if "scores" not in results:
        return ""
    totals = results["grades"]["score"].dropna()
    low, middle, high = totals.quantile([0.25, 0.5, 0.75])
    return paragraph(
        f"各城市总分的中位数为{score(middle)}分，中间一半的城市在{score(low)}分至{score(high)}分之间，"
        f"最高{score(totals.max())}分，最低{score(totals.min())}分。",
    )


def rank_widths(results: Results) -> str:
    """Say how wide the rank intervals are."""
    if "scores" not in results:
        return ""
    grades = results["grades"].dropna(subset=["rank"])
    width = grades["rank_high"] - grades["rank_low"] + 1
    level = percent(results.meta["level"], 0)
    return paragraph(
        f"名次随抽到的记录而变。按{level}的区间，一个城市的名次平均可在{count(width.mean())}个位次之间变动，"
        f"最宽的达{count(width.max())}个位次。相邻名次之间的先后大多没有统计意义，阅读时应以区间和等级为准。",
    )


def grade_certainty(results: Results) -> str:
    """Say how many grades are sure and how many are borderline."""
    if "scores" not in results:
        return ""
    p = results["grades"]["p_grade"].dropna()
    borderline = results["grades"]["borderline"].sum()
    sure = (p >= 0.9).sum()
    return paragraph(
        f"各城市所获等级的概率平均为{percent(p.mean(), 0)}，其中{count(sure)}个城市不低于{percent(0.9, 0)}；"
        f"有{count(borderline)}个城市所获等级的概率不足一半，处在等级边界附近，换一批记录就可能得到相邻的等级。",
    )


def slots(results: Results) -> str:
    """Say when calls are answered best and worst, and how long callers wait."""
    if "slots" not in results:
        return ""
    text = ""
    for audience, part in results["slots"].groupby("audience", sort=False):
        by_rate = part.sort_values("rate", ascending=False)
        best, worst = by_rate.iloc[0], by_rate.iloc[-1]
        slow = part.sort_values("wait_median").iloc[-1]
        apart = best["rate_low"] > worst["rate_high"]
        text += (
            f"服务{AUDIENCES[str(audience)]['zh']}方面，接通率以{best['label']}最高（{percent(best['rate'])}），"
            f"{worst['label']}最低（{percent(worst['rate'])}），"
            + ("两者的置信区间不相重叠" if apart else "但两者的置信区间相互重叠，差别尚不能确认")
            + f"；接通来电等候时长的中位数以{slow['label']}最长，为{count(slow['wait_median'])}秒。"
        )
    return paragraph(text)


def slots_table(results: Results) -> str:
    """Write answering and waiting by slot and audience."""
    if "slots" not in results:
        return ""
    rows = [
        (
            row.label, AUDIENCES[str(row.audience)]["zh"], count(row.n), percent(row.rate),
            f"{percent(row.rate_low)}–{percent(row.rate_high)}", count(row.wait_median),
            count(row.wait_p90),
        )
        for row in each(results["slots"])
    ]  # fmt: skip
    header = (
        "时段",
        "服务对象",
        "拨测次数",
        "接通率",
        "置信区间",
        "等候中位数/秒",
        "九成来电等候不超过/秒",
    )
    return table(header, rows, "lcrrcrr", (16, 10, 12, 10, 18, 16, 22))


def method_note(results: Results) -> str:
    """Say how the intervals were made, in this edition."""
    if "scores" not in results:
        return paragraph("本年度评估没有逐次记录，无法估计抽样误差；图表中的均值均无区间。")
    meta = results.meta
    level = percent(meta["level"], 0)
    said = (
        f"在每个城市之内，按服务对象和来电情景分层，对记录作{count(meta['replicates'])}次有放回的重抽样，"
        "并按各拨测员评分的宽严把电话改由其他拨测员拨打，"
        f"每次重新计分、排名和定级，由此得到各级得分、名次的{level}区间和各等级的概率。"
        "记录少的城市，得分区间按t分布放宽。"
    )
    if "method_ranks" not in results:
        return paragraph(said, "区间不包括权重和方法选择带来的不确定性。")
    width = results["method_ranks"]["high"] - results["method_ranks"]["low"] + 1
    return paragraph(
        said,
        "权重和方法的选择另行检验：改变权重与合成方法、记录不变时，"
        f"一个城市的名次平均可在{count(width.mean())}个位次之间变动。",
    )


def sample_table(results: Results) -> str:
    """Write how many records each table holds."""
    if "sample" not in results:
        return ""
    names = {
        "calls": "拨测记录",
        "responses": "使用者问卷",
        "cases": "创新案例",
        "kpis": "运行指标",
    }
    rows = [
        (
            names[row.table], count(row.records), count(row.units),
            "—" if pd.isna(row.missing_share) else percent(row.missing_share),
        )
        for row in each(results["sample"])
    ]  # fmt: skip
    return table(("数据", "记录数", "城市数", "题项缺失率"), rows, "lrrr", (24, 16, 16, 18))


SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}


def finding_words(results: Results, check: str, column: str, number: int) -> tuple[str, str]:
    """Return what a finding is called and says; one without words shows its id and count."""
    words = library("checks").get(check, {"name": check, "zh": "涉及{count}处"})
    indicators = results["indicators"].set_index("indicator")["zh"]
    where = indicators.get(column) or FACTORS.get(column, {}).get("zh", column)
    return words["name"], words["zh"].format(column=where, count=number)


def findings_table(results: Results) -> str:
    """Write the findings of the checks."""
    found = results["findings"] if "findings" in results else pd.DataFrame()
    if found.empty:
        return ""
    rows = [
        (SEVERITIES[row.severity], *finding_words(results, row.check, row.column, row.number))
        for row in each(
            found[["severity", "check", "column", "count"]].rename(columns={"count": "number"})
        )
    ]
    return table(("级别", "核查项", "情况"), rows, "cll", (8, 24, 68))


def findings_summary(results: Results) -> str:
    """Count the findings by severity."""
    found = results["findings"] if "findings" in results else pd.DataFrame()
    if found.empty:
        return paragraph("数据核查没有发现需要说明的情况。")
    counts = found["severity"].value_counts()
    parts = [f"{SEVERITIES[s]}{count(counts[s])}项" for s in SEVERITIES if s in counts]
    return paragraph(f"数据核查共有{'、'.join(parts)}，逐项列出如下。")


def audit_summary(results: Results) -> str:
    """Say how many of the published figures contradict each other."""
    if "audit" not in results:
        return paragraph("本年度评估没有需要核对的已公布图表数值，本附录从略。")
    verdicts = results["audit"]["verdict"].value_counts()
    return paragraph(
        f"按通用规则逐项核对已公布的数值，发现相互矛盾{count(verdicts.get('contradiction', 0))}处，"
        f"核对一致{count(verdicts.get('consistent', 0))}处，因缺少数据无法核对{count(verdicts.get('not-checkable', 0))}处。"
        "每一处矛盾只说明所印数值不可能同时成立，不说明何者为误。",
    )


RULES = {
    "counts-sum": "数量合计", "share-of-count": "占比核算", "shares-sum": "占比合计",
    "same-figure-twice": "图文一致", "mean-within-parts": "均值居中", "one-audience-weight": "对象权重",
    "one-set-of-weights": "指标权重", "defined-but-unreported": "指标未报告",
    "printed-order": "排列顺序", "rank-claims": "论断核算",
}  # fmt: skip


def audit_table(results: Results, verdict: str) -> str:
    """Write the audited figures of one verdict."""
    if "audit" not in results:
        return ""
    rows = [
        (RULES.get(str(row.rule), str(row.rule)), row.where, row.zh)
        for row in each(results["audit"].query("verdict == @verdict"))
    ]
    return table(("规则", "出处", "核对结果"), rows, "lll", (14, 18, 68)) if rows else ""


def sources(results: Results) -> str:
    """List the sources of the data."""
    return "".join(f"- {cell(source['zh'])}\n" for source in results.meta["sources"]) + "\n"


def versions(results: Results) -> str:
    """List the software that made the results."""
    made = results.meta["versions"]
    return paragraph(
        "计算所用软件：" + "，".join(f"{name} {made[name]}" for name in sorted(made)) + "。"
    )
