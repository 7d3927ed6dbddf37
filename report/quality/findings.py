"""What the checks found: how much, where, what it means and what to do."""

from typing import Any

import pandas as pd

from report.profiles.page import Block, Cell, Column, Row, Section, Table, Text, Tone
from report.prose.data import SEVERITIES, finding_words
from report.prose.library import library
from report.quality.sheet import Told, share, table_of, text, whole
from report.results import Results

TONES: dict[str, Tone] = {"error": "bad", "warning": "bad", "note": "quiet"}
MOST_UNITS = 20
"""Units and shoppers listed; the rest are in the csv beside the page."""


def findings_section(results: Results) -> Section:
    """List the findings, the gravest first, with what to do about each."""
    title = results.say("核查结果", "What the checks found")
    found = results["findings"]
    if found.empty:
        return Section(title, (Text(results.say("没有发现问题。", "Nothing was found.")),))
    found = found.rename(columns={"count": "number"})
    heads = (
        Column(results.say("核查项", "Check")),
        Column(results.say("情况", "What was found")),
        Column(results.say("如何处理", "What to do")),
        Column(results.say("位置", "Where")),
        Column(results.say("级别", "Severity"), "right"),
    )
    rows = tuple(_row(results, each) for each in _listed(found).itertuples(index=False))
    note = results.say(
        "错误会使计分中止，警告须核实，提示说明某些数值是如何处理的。"
        "逐条明细见同目录的findings.csv和flags.csv。",
        "Errors stop the scoring, warnings should be looked into, notes tell how something was "
        "read. Every detail is in findings.csv and flags.csv beside this page.",
    )
    return Section(
        title, (Table(title, heads, rows, look="strips"), Text(note, small=True)), whole=False
    )


def _listed(found: pd.DataFrame) -> pd.DataFrame:
    """Put findings of one kind into one, but not errors, nor what only their own text tells."""
    single = (found["severity"] == "error") | ~found["check"].isin(list(library("checks")))
    listed = pd.concat([found[single], _alike(found[~single])], ignore_index=True)
    order = listed["severity"].map(list(SEVERITIES).index)
    return listed.iloc[order.argsort(kind="stable")]


def _alike(found: pd.DataFrame) -> pd.DataFrame:
    """Put findings of one check on one column of a file into one, at the place of the first."""
    same = ["severity", "check", "file", "column"]
    firsts = {name: (name, "first") for name in ("row", "expected", "got", "hint")}
    return found.groupby(same, sort=False, as_index=False, dropna=False).agg(
        **firsts, number=("number", "sum")
    )


def _row(results: Results, found: Any) -> Row:
    name, said = finding_words(results, found.check, str(found.column or ""), found.number)
    severity = str(found.severity)
    if found.check not in library("checks"):
        said = _own_words(found)
    elif severity == "error":
        own = f"应为{found.expected}，实为{found.got}" if found.expected else str(found.got)
        said = results.say(f"{said}。{own}", f"{said}; {_own_words(found)}")
    return Row(
        (
            Cell(name),
            Cell(said),
            Cell(_to_do(results, found)),
            Cell(_where(found), "quiet"),
            Cell(results.say(*SEVERITIES[severity]), TONES[severity]),
        ),
        depth=1,
    )


def _own_words(found: Any) -> str:
    return f"expected {found.expected}, got {found.got}" if found.expected else str(found.got)


def _where(found: Any) -> str:
    row = "" if pd.isna(found.row) else f":{found.row}"
    column = f" [{found.column}]" if found.column else ""
    return f"{found.file}{row}{column}"


def _to_do(results: Results, found: Any) -> str:
    """Tell what to do: in general; of an error, or a check without words, its own hint, too."""
    words = library("checks").get(found.check)
    general = words.get(results.say("do", "do_en"), "") if words else ""
    if not found.hint or (words and found.severity != "error"):
        return general
    return results.say(f"{general}（{found.hint}）" if general else found.hint, found.hint)


def flagged_section(results: Results) -> Section | None:
    """Tell which units and shoppers have the most records with a flag."""
    if warned(results).empty:
        return None
    flags = warned(results)
    title = results.say("被标记的记录", "Records with a flag")
    blocks: list[Block] = []
    for column, zh, en in (("unit", "城市", "City"), ("shopper", "拨测员", "Shopper")):
        counts = _counted(flags, results["records"], column)
        if len(counts):
            columns = (
                Told(column, zh, en, text, "left"),
                Told("records", "记录数", "Records", whole),
                Told("flagged", "被标记", "Flagged", whole),
                Told("share", "占比", "Share", share),
            )
            name = results.say(f"被标记最多的{zh}", f"Most flags by {en.lower()}")
            blocks += [Text(name), table_of(results, name, counts, columns)]
    return Section(title, tuple(blocks), whole=False) if blocks else None


def warned(results: Results) -> pd.DataFrame:
    """Return the flags of records that somebody should look into; notes are left out."""
    if "flags" not in results:
        return pd.DataFrame(columns=["table", "row"])
    flags = results["flags"]
    return flags[flags["severity"] != "note"]


def _counted(flags: pd.DataFrame, records: pd.DataFrame, column: str) -> pd.DataFrame:
    """Count records and flagged records by unit or shopper, the most flagged share first."""
    known = flags.dropna(subset=[column]).drop_duplicates(["table", "row"])
    flagged = known.groupby(column).size().rename("flagged")
    made = records[records["kind"] == column].groupby("name")["records"].sum()
    counts = pd.concat([flagged, made.rename("records")], axis=1, join="inner")
    counts["share"] = counts["flagged"] / counts["records"]
    counts = counts.rename_axis(column).reset_index()
    order = counts.sort_values(["share", "flagged", column], ascending=[False, False, True])
    return order.head(MOST_UNITS)
