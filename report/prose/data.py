"""Sentences and tables on the data: sample, what the checks found, sources, software."""

import pandas as pd

from report.labels import FACTORS
from report.prose.library import library
from report.prose.wording import cell, count, each, listed, lowered, paragraph, percent, table
from report.results import Results

TABLES = {
    "calls": ("拨测记录", "Mystery calls"),
    "responses": ("使用者问卷", "User questionnaires"),
    "cases": ("创新案例", "Innovation cases"),
    "kpis": ("运行指标", "Operating figures"),
}
SEVERITIES = {"error": ("错误", "Error"), "warning": ("警告", "Warning"), "note": ("提示", "Note")}


def sample_table(results: Results) -> str:
    """Write how many records each table holds."""
    if "sample" not in results:
        return ""
    rows = [
        (
            results.say(*TABLES.get(row.table, (row.table, row.table))), count(row.records),
            count(row.units), "—" if pd.isna(row.missing_share) else percent(row.missing_share),
        )
        for row in each(results["sample"])
    ]  # fmt: skip
    header = results.say(
        "数据|记录数|城市数|题项缺失率", "Data|Records|Cities|Answers missing"
    ).split("|")
    return table(header, rows, "lrrr", (28, 16, 16, 18))


def missing(results: Results) -> str:
    """Say how many answers are missing, and in which table most."""
    if "sample" not in results:
        return ""
    known = results["sample"].dropna(subset=["missing_share"])
    known = known.sort_values("missing_share", ascending=False)
    if known.empty:
        return ""
    names = [results.say(*TABLES.get(name, (name, name))) for name in known["table"]]
    parts = [
        f"{name if results.lang == 'zh' else lowered(name)}{results.say('', ' ')}{percent(share)}"
        for name, share in zip(names, known["missing_share"], strict=True)
    ]
    return paragraph(
        results.say(
            f"应答题项的缺失率：{'，'.join(parts)}。缺失的回答不按零分计，也不因此删去整条记录。",
            f"Shares of the required answers that are missing: {', '.join(parts)}. A missing answer is "
            "not counted as zero, nor is the rest of its record dropped.",
        )
    )


def finding_words(results: Results, check: str, column: str, number: int) -> tuple[str, str]:
    """Return what a finding is called and says; one without words shows its id and count."""
    plain = {"name": check, "zh": "涉及{count}处", "name_en": check, "en": "places: {count}"}
    words = library("checks").get(check, plain)
    indicators = results["indicators"].set_index("indicator")[results.lang]
    table, _, rest = column.partition(".")
    column = rest if rest and table in TABLES else column
    known = FACTORS.get(column, {})
    factor = known.get(results.lang) or results.say(*TABLES.get(column, (column, column)))
    where = indicators.get(column) or (lowered(factor) if column in (*FACTORS, *TABLES) else factor)
    name = words["name"] if results.lang == "zh" else words["name_en"]
    return name, words[results.lang].format(column=where, count=number)


def findings_table(results: Results) -> str:
    """Write the findings of the checks."""
    found = results["findings"] if "findings" in results else pd.DataFrame()
    if found.empty:
        return ""
    found = found[["severity", "check", "column", "count"]].rename(columns={"count": "number"})
    rows = [
        (
            results.say(*SEVERITIES[row.severity]),
            *finding_words(results, row.check, str(row.column or ""), row.number),
        )
        for row in each(found)
    ]
    header = results.say("级别|核查项|情况", "Severity|Check|What was found").split("|")
    return table(header, rows, "cll", (10, 26, 64))


def findings_summary(results: Results) -> str:
    """Count the findings by severity."""
    found = results["findings"] if "findings" in results else pd.DataFrame()
    if found.empty:
        return paragraph(
            results.say(
                "数据核查没有发现需要说明的情况。",
                "The checks found nothing to report.",
            )
        )
    counts = found["severity"].value_counts()
    parts = [
        results.say(
            f"{zh}{count(counts[s])}项",
            f"{count(counts[s])} {lowered(en)}{'' if counts[s] == 1 else 's'}",
        )
        for s, (zh, en) in SEVERITIES.items()
        if s in counts
    ]
    return paragraph(
        results.say(
            f"数据核查共有{'、'.join(parts)}，逐项列出如下。",
            f"The checks gave {listed(parts, 'en')}, listed one by one below.",
        )
    )


def sources(results: Results) -> str:
    """List the sources of the data."""
    told = [source[results.lang] for source in results.meta["sources"]]
    return "".join(f"- {cell(source)}\n" for source in told) + "\n"


def corrections(results: Results) -> str:
    """Say how many values were corrected and what that changed."""
    if "scores" not in results:
        return ""
    if "corrections" not in results:
        return paragraph(
            results.say(
                "本届数据没有经申诉或复核更正的数值。",
                "No value was corrected after an appeal or a recheck.",
            )
        )
    effects, reasons = results["corrections"], results["correction_reasons"]
    made, units = int(reasons["corrections"].sum()), int((effects["corrections"] > 0).sum())
    grades, ranks = (_changed(effects, name) for name in ("grade", "rank"))
    largest = (effects["score_after"] - effects["score_before"]).abs().max()
    return paragraph(
        results.say(
            f"经申诉或复核，共更正{count(made)}个数值，涉及{count(units)}个城市；更正只通过台账作出，"
            f"每一条都记有理由、更正人和时间。总分变动最大的为{largest:.2f}分，名次因此改变的城市有"
            f"{count(ranks)}个，等级因此改变的有{count(grades)}个。更正前后的得分见开放数据。",
            f"After appeals and rechecks {count(made)} values of {count(units)} cities were "
            "corrected, through the ledger only, each with reason, person and time. Totals moved by "
            f"{largest:.2f} points at most; {count(ranks)} cities have another rank because of it, "
            f"and {count(grades)} another grade. Scores before and after are in the open data.",
        )
    )


def _changed(effects: pd.DataFrame, name: str) -> int:
    """Count the units whose rank or grade is another after corrections; none is the same as none."""
    before, after = effects[f"{name}_before"], effects[f"{name}_after"]
    same = (before == after).fillna(False).astype(bool) | (before.isna() & after.isna())
    return int((~same).sum())
