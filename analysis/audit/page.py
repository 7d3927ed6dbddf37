"""The page: the audit of an index on one page, the worst first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import east_asian_width

import pandas as pd

from analysis.audit.index import CHECKS, OF_SCORES, untested
from analysis.audit.verdicts import SEVERITY, Words

Lang = Literal["zh", "en"]
MOST_NAMED = 4
VERDICTS: dict[str, Words] = {
    "fail": ("不通过", "Fail"),
    "warn": ("警示", "Warning"),
    "pass": ("通过", "Pass"),
}
SIMULATED = ("模拟数据，不得引用", "Simulated data, not to be quoted")


@dataclass(frozen=True)
class Line:
    """One check on the page.

    Parameters
    ----------
    check
        Its id.
    verdict
        The worst of its rows.
    flagged, n
        How many of its rows do not pass, and how many there are.
    worst
        The row to tell.
    others
        Where else it does not pass.
    """

    check: str
    verdict: str
    flagged: int
    n: int
    worst: pd.Series
    others: tuple[str, ...]


def lines(table: pd.DataFrame) -> list[Line]:
    """Put the rows of each check together, the worst checks first.

    Parameters
    ----------
    table
        As `analysis.audit.index.audit_index` returns.
    """
    found = [_line(str(check), rows) for check, rows in table.groupby("check", sort=False)]
    return sorted(found, key=lambda line: SEVERITY[line.verdict])


def _line(check: str, rows: pd.DataFrame) -> Line:
    low_is_bad = check not in CHECKS or CHECKS[check].low_is_bad
    ordered = rows.assign(severity=rows["verdict"].map(SEVERITY)).sort_values(
        ["severity", "value"], ascending=[True, low_is_bad], kind="stable"
    )
    flagged = ordered[ordered["verdict"] != "pass"]
    return Line(
        check,
        str(ordered["verdict"].iloc[0]),
        len(flagged),
        len(rows),
        ordered.iloc[0],
        tuple(flagged["where"].iloc[1:].drop_duplicates()),
    )


def page(table: pd.DataFrame, meta: Mapping[str, Any], lang: Lang = "zh") -> str:
    """Write the audit on one page of Markdown that reads in a terminal, too.

    Parameters
    ----------
    table
        As `analysis.audit.index.audit_index` returns.
    meta
        What was audited: ``title`` by language, ``units`` (their number), ``simulated``, and
        ``labels`` (id to label by language) where ids are to be told by name.
    lang
        ``zh`` or ``en``.
    """
    return "\n".join(_page(table, meta, lang)) + "\n"


def _page(table: pd.DataFrame, meta: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    at = 0 if zh else 1
    told = lines(table)
    yield f"# {'统计审核：' if zh else 'Statistical audit: '}{meta['title'][lang]}"
    yield ""
    if meta.get("simulated"):
        yield f"**{SIMULATED[at]}**"
        yield ""
    counts = {each: sum(line.verdict == each for line in told) for each in VERDICTS}
    units = meta["units"]
    yield (
        f"{units}个评估对象，{len(told)}项检查、{len(table)}条结果："
        f"通过 {counts['pass']} 项，警示 {counts['warn']} 项，不通过 {counts['fail']} 项。"
        if zh
        else f"{units} units, {len(told)} checks, {len(table)} results: "
        f"{counts['pass']} pass, {counts['warn']} warn, {counts['fail']} fail."
    )
    width = max((_width(name_of(line.check)[at]) for line in told), default=0)
    for verdict, name in VERDICTS.items():
        of = [line for line in told if line.verdict == verdict]
        if of:
            yield ""
            yield f"## {name[at]} ({len(of)})"
            yield ""
        rule = ""
        for line in of:
            yield _told(line, at, width)
            if verdict != "pass":
                told_before, rule = rule, line.worst[f"rule_{lang}"]
                below = [_others(line, meta, lang), "" if rule == told_before else _rule(line, at)]
                if any(below):
                    yield "  " + (" " if at else "").join(filter(None, below))
    if table["check"].isin([each.id for each in OF_SCORES]).any():
        yield from _untested(table, at)


def _told(line: Line, at: int, width: int) -> str:
    name = name_of(line.check)[at]
    share = f"{line.flagged}/{line.n}" if line.verdict != "pass" and line.n > 1 else ""
    return f"- {name}{' ' * (width - _width(name))}  {share:>5}  {line.worst[('zh', 'en')[at]]}"


def _rule(line: Line, at: int) -> str:
    rule, source = line.worst[("rule_zh", "rule_en")[at]], line.worst["source"]
    if at == 0:
        return f"界限：{rule}。" + (f"依据：{source}。" if source else "")
    return f"Rule: {rule}." + (f" Source: {source}." if source else "")


def _others(line: Line, meta: Mapping[str, Any], lang: Lang) -> str:
    """Name where else a check does not pass."""
    if not line.others:
        return ""
    known = meta.get("labels", {})
    named = [known.get(each, {}).get(lang, each) for each in line.others[:MOST_NAMED]]
    more = len(line.others) > MOST_NAMED
    if lang == "zh":
        return f"另有{'、'.join(f'“{each}”' for each in named)}{'等' * more}。"
    return f"Also {', '.join(named)}{' and others' * more}."


def _untested(table: pd.DataFrame, at: int) -> Iterator[str]:
    names = [each.name[at] for each in untested(table)]
    if names:
        yield ""
        yield (
            f"未检验（没有相应数据或数据过少）：{'、'.join(names)}。"
            if at == 0
            else f"Not tested (no data for it, or too few): {', '.join(names)}."
        )


def details(table: pd.DataFrame, lang: Lang = "zh") -> str:
    """Write every row of the audit as a Markdown table, the worst first."""
    at = 0 if lang == "zh" else 1
    head = ("结论", "检查", "位置", "数值", "说明") if at == 0 else (
        "Verdict", "Check", "Where", "Value", "What was found",
    )  # fmt: skip
    ordered = table.sort_values("verdict", key=lambda of: of.map(SEVERITY), kind="stable")
    rows = [
        (
            VERDICTS[verdict][at],
            name_of(check)[at],
            where,
            "—" if pd.isna(value) else f"{value:.3g}",
            text,
        )
        for verdict, check, where, value, text in zip(
            *(ordered[name] for name in ("verdict", "check", "where", "value", lang)), strict=True
        )
    ]
    ruled = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(each) for each in row)} |\n" for row in ruled)


def name_of(check: str) -> Words:
    """Return what a check is called; its id where it is unknown."""
    return CHECKS[check].name if check in CHECKS else (check, check)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
