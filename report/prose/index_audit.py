"""The audit of the index itself: what passes, what does not, and why."""

import pandas as pd

from report.prose.terms import capital
from report.prose.wording import cell, count, each, listed, paragraph, table
from report.release.codebook import codebook
from report.results import Results

VERDICTS = {
    "pass": ("通过", "passed"),
    "warn": ("提醒", "warnings"),
    "fail": ("不通过", "failed"),
}
PUBLISHED = "published-"
"""With this begin the checks of published figures, which have a section of their own."""
LABELS = {"pass": ("通过", "Pass"), "warn": ("提醒", "Warning"), "fail": ("不通过", "Fail")}


def check_name(results: Results, check: str) -> str:
    """Return what a check of the audit is called; one that the codebook lacks keeps its id."""
    words = codebook()["index_audit"].columns["check"].codes.get(check)
    return getattr(words, results.lang) if words else check


def own_checks(results: Results) -> pd.DataFrame:
    """Return the checks of the index itself, without those of published figures."""
    if "index_audit" not in results:
        return pd.DataFrame(columns=["check", "verdict"])
    audit = results["index_audit"]
    return audit[~audit["check"].str.startswith(PUBLISHED)]


def summary(results: Results) -> str:
    """Count the verdicts of the audit of the index, and name the checks that fail."""
    audit = own_checks(results)
    if audit.empty:
        return paragraph(
            results.say(
                "本年度评估没有对指数本身作审核，本节从略。",
                "This edition has no audit of the index itself; this section is left out.",
            )
        )
    n = audit["verdict"].value_counts()
    parts = [
        results.say(f"{zh}{count(n.get(judged, 0))}项", f"{count(n.get(judged, 0))} {en}")
        for judged, (zh, en) in VERDICTS.items()
    ]
    told = results.say(
        f"按经合组织与欧盟联合研究中心的综合指数手册逐项审核本指数，共{count(len(audit))}项：{'，'.join(parts)}。",
        f"The index was audited after the handbook on composite indicators of the OECD and the JRC, in "
        f"{count(len(audit))} checks: {listed(parts, 'en')}.",
    )
    return paragraph(told, _failed(results, audit))


def _failed(results: Results, audit: pd.DataFrame) -> str:
    names = [
        cell(check_name(results, check))
        for check in dict.fromkeys(audit.query("verdict == 'fail'")["check"])
    ]
    if not names:
        return results.say(
            "没有不通过的项；提醒的项不妨碍使用，但解读时须知道。",
            "None failed; a warning does not forbid use, but should be known to the reader.",
        )
    return results.say(
        f"不通过的是{listed(names, 'zh')}，引用有关结果时须一并说明。",
        f"Failed: {listed(names, 'en')}; whoever quotes results that rest on them should say so.",
    )


def by_check(results: Results) -> str:
    """Write the number of verdicts of each check."""
    audit = own_checks(results)
    if audit.empty:
        return ""
    counts = audit.groupby(["check", "verdict"], sort=False).size().unstack(fill_value=0)
    rule = audit.drop_duplicates("check").set_index("check")[f"rule_{results.lang}"]
    counts = counts.reindex(columns=list(VERDICTS), fill_value=0)
    rows = [
        (
            capital(check_name(results, str(check))),
            capital(rule[check]),
            *map(count, counts.loc[check]),
        )
        for check in dict.fromkeys(audit["check"])
    ]
    header = [results.say("审核项", "Check"), results.say("标准", "Rule")]
    header += [results.say(*words) for words in LABELS.values()]
    return table(header, rows, "llrrr", (20, 50, 9, 10, 11))


def not_passed(results: Results) -> str:
    """Write every check that does not pass, failures first, with what was found."""
    audit = own_checks(results).query("verdict != 'pass'")
    order = audit["verdict"].map({"fail": 0, "warn": 1})
    rows = [
        (
            results.say(*LABELS[row.verdict]),
            capital(check_name(results, row.check)),
            getattr(row, results.lang),
        )
        for row in each(audit.loc[order.sort_values(kind="stable").index])
    ]
    header = results.say("结论|审核项|发现与建议", "Verdict|Check|Finding and advice").split("|")
    return table(header, rows, "lll", (11, 20, 69)) if rows else ""
