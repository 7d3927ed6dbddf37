"""The page of the data-quality report."""

import pandas as pd

from report.profiles.city_sections import page_words
from report.profiles.notation import edition_title, institute, notice
from report.profiles.page import Card, Link, Page, Section
from report.prose.data import SEVERITIES, TABLES
from report.quality.findings import findings_section, flagged_section, warned
from report.quality.plan import plan_section
from report.quality.selection import corrections_section, selection_section, weights_section
from report.quality.sheet import share
from report.quality.shoppers import (
    adjusted_section,
    agreement_section,
    balance_section,
    severity_section,
)
from report.results import Results

SECTIONS = (
    findings_section, flagged_section, plan_section, agreement_section, severity_section,
    balance_section, adjusted_section, selection_section, weights_section, corrections_section,
)  # fmt: skip


def quality_page(results: Results, other: str) -> Page:
    """Return the data-quality report in the language of the results.

    Parameters
    ----------
    results
        ``findings`` and, as far as there are, ``sample``, ``records`` (kind, name, records),
        ``flags``, ``coverage_*``, and the tables on shoppers, selection and corrections.
    other
        File of the same page in the other language.
    """
    warning, mark = notice(results)
    made: list[Section | None] = [section(results) for section in SECTIONS]
    return Page(
        lang=results.lang,
        kind=results.say("供项目组使用", "For the project team"),
        title=results.say("数据质量报告", "Data quality"),
        subtitle=results.say(
            "计分之前，先看数据能不能用", "Whether the data can be trusted, before they are scored"
        ),
        edition=edition_title(results),
        institute=institute(results),
        notice=warning,
        mark=mark,
        cards=_cards(results),
        lead=_lead(results),
        sections=tuple(section for section in made if section is not None),
        reading=results.say(
            "本报告供项目组内部使用，含单条记录和拨测员的信息，不随评估结果公开。",
            "For the project team only: it tells of single records and shoppers, and is not "
            "published with the results.",
        ),
        words=page_words(results),
        links=(Link(results.say("English", "中文"), other),),
    )


def _lead(results: Results) -> str:
    """Say in a sentence or two whether the data are fit to be scored."""
    counts = _severities(results["findings"])
    if counts["error"]:
        return results.say(
            f"数据有{counts['error']}项错误，须改正后才能计分。",
            f"There are {counts['error']} errors; the data cannot be scored until they are "
            "corrected.",
        )
    if counts["warning"]:
        return results.say(
            f"数据可以计分，但有{counts['warning']}项警告须先核实。",
            f"The data can be scored, but {counts['warning']} warnings should be looked into "
            "first.",
        )
    return results.say("数据可以计分，没有需要核实的问题。", "The data can be scored.")


def _severities(findings: pd.DataFrame) -> dict[str, int]:
    return {each: int((findings["severity"] == each).sum()) for each in SEVERITIES}


def _cards(results: Results) -> tuple[Card, ...]:
    say, cards = results.say, []
    if "sample" in results:
        for row in results["sample"].itertuples(index=False):
            if row.table in ("calls", "responses"):
                name = say(*TABLES[str(row.table)])
                cities = say(f"{row.units}个城市", f"{row.units} cities")
                cards.append(Card(name, f"{row.records:,}", say("条", ""), cities))
    counts = _severities(results["findings"])
    notes = say(f"另有提示{counts['note']}项", f"and {counts['note']} notes")
    cards.append(
        Card(
            say("错误与警告", "Errors and warnings"),
            str(counts["error"] + counts["warning"]), say("项", ""),
            say(f"错误{counts['error']}项，", f"{counts['error']} errors, ") + notes,
        )
    )  # fmt: skip
    if "flags" in results and "sample" in results:
        flagged = len(warned(results).drop_duplicates(["table", "row"]))
        total = int(results["sample"]["records"].sum())
        part = share(flagged / max(total, 1))
        cards.append(
            Card(say("被标记的记录", "Records flagged"), f"{flagged:,}", say("条", ""), part)
        )
    if "agreement" in results and len(results["agreement"]):
        overall = results["agreement"].iloc[-1]
        said = say(f"双录{overall['recordings']}条", f"{overall['recordings']} recordings")
        value = "—" if pd.isna(overall["alpha"]) else f"{overall['alpha']:.2f}"
        cards.append(Card(say("编码一致性α", "Agreement α"), value, "", said))
    return tuple(cards)
