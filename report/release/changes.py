"""What changed since the last edition, and why: a page in each language.

Only what the tables of changes name a clear move is called one; everything else is counted as lying
within sampling error.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from report.names import unit_names
from report.prose.wording import interval, listed, percent, score
from report.release.about import WARNING, ReleaseAbout, said
from report.release.codebook import describe
from report.release.differences import differences
from report.release.terms import TOTAL, indicator_names, plain
from report.results import Results

ALL = "all"
NAMED = 20
"""How many units are named of those that clearly moved; the files have all of them."""


VERDICTS = {
    "rise": ("明显上升", "a clear rise"),
    "fall": ("明显下降", "a clear fall"),
    "unclear": ("未超出误差范围", "within sampling error"),
}


def changes_page(results: Results, previous: Results | None, about: ReleaseAbout) -> str:
    """Return the changes since the last edition as a page of Markdown.

    Parameters
    ----------
    results
        The results, with the tables of changes where there is an edition before; they are told in
        their language.
    previous
        The results of the edition before, where its tables, units and weights are to be compared.
    about
        What is said of the release.
    """
    say = results.say
    parts = [
        say(
            f"# 变更说明：{plain(about.title.zh)}",
            f"# Changes: {plain(about.title.en)}",
        ),
        f"> **{said(WARNING, results.lang)}**" if results.meta["simulated"] else "",
    ]
    moved = "\n".join(filter(None, _moved(results)))
    if not moved and previous is None:
        parts.append(
            say(
                "首次发布：没有可供比较的上一届评估。",
                "First release: there is no edition before to compare with.",
            )
        )
    elif moved:
        why = "\n".join(filter(None, _why(results)))
        parts += [say("## 变化", "## What moved"), moved]
        parts += [say("## 变化从何而来", "## Why it moved"), why] if why else []
    else:
        parts.append(
            say(
                "本届没有与上一届的变化检验，因此不说各指标、各评估对象是升是降。",
                "No changes were tested against the last edition, so nothing is said to have risen "
                "or fallen.",
            )
        )
    if previous is not None:
        parts += [
            say("## 范围、方法与文件", "## Scope, methods and files"),
            *differences(results, previous),
        ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _moved(results: Results) -> Iterator[str]:
    if "national_changes" in results:
        yield from _nation(results)
    if "changes" in results:
        yield _units(results)
    if "rank_changes" in results:
        yield _ranks(results)


def _nation(results: Results) -> Iterator[str]:
    table = results["national_changes"]
    names = indicator_names(results)
    own = table[table["audience"] == ALL]
    for row in _rows(own[own["indicator"] == TOTAL]):
        yield results.say(
            f"- 总分均值（{row['n']}个评估对象）：{_figures(row, results)}。",
            f"- Mean total ({row['n']} units): {_figures(row, results)}.",
        )
    others = own[own["indicator"] != TOTAL]
    clear = others[others["verdict"] != "unclear"].sort_values("change", ascending=False)
    lines = [
        results.say(
            f"- 分指标：{_tally(others, ('rise', 'fall'), results, '项指标')}。",
            f"- By indicator: {_tally(others, ('rise', 'fall'), results, 'indicators')}.",
        )
    ]
    colon = results.say("：", ": ")
    for row in _rows(clear):
        lines.append(f"  - {plain(names.get(row['indicator'], row['indicator']))}{colon}")
        lines[-1] += _figures(row, results)
    yield "\n".join(lines)
    for row in _rows(table[(table["audience"] != ALL) & (table["indicator"] == TOTAL)]):
        known = describe("national_changes", "audience").codes.get(row["audience"])
        name = plain(said(known, results.lang) if known else row["audience"])
        yield results.say(
            f"- {name}的总分均值：{_figures(row, results)}。",
            f"- Mean total, {name}: {_figures(row, results)}.",
        )


def _tally(table: pd.DataFrame, verdicts: tuple[str, str], results: Results, things: str) -> str:
    """Tell how many clearly went which way, and that the others may not have moved."""
    up, down = (int((table["verdict"] == verdict).sum()) for verdict in verdicts)
    n = len(table)
    if not up + down:
        return results.say(
            f"{n}{things}的变化均未超出误差范围",
            f"none of the {n} {things} changed by more than sampling error",
        )
    return results.say(
        f"{n}{things}中，{up}{things[0]}明显上升，{down}{things[0]}明显下降，"
        f"{n - up - down}{things[0]}的变化在误差范围内",
        f"of {n} {things} {up} clearly went up, {down} clearly went down, and the change of "
        f"{n - up - down} lies within sampling error",
    )


def _figures(row: Mapping[str, Any], results: Results) -> str:
    """Tell a change with its interval and verdict, and whether it is one of like with like."""
    before, after, change = score(row["before"]), score(row["after"]), _signed(row["change"])
    redefined = row["basis"] == "redefined"
    return results.say(
        f"由{before}变为{after}，变化{change}分（{_judged(row, results)}）"
        + ("，口径与上一届不同" if redefined else ""),
        f"from {before} to {after}, a change of {change} points ({_judged(row, results)})"
        + (", not measured or weighed as before" if redefined else ""),
    )


def _judged(row: Mapping[str, Any], results: Results) -> str:
    """Tell the interval of a change and its verdict; a change of unknown error has neither."""
    if row["verdict"] == "unclear" and pd.isna(row["low"]):
        return results.say("误差不明", "of unknown error")
    told = results.say(*VERDICTS[row["verdict"]])
    if pd.isna(row["low"]):
        return told
    return results.say(f"{_reach(row, results)}，{told}", f"{_reach(row, results)}: {told}")


def _signed(points: float) -> str:
    return f"{points:+.2f}" if round(points, 2) else "0.00"


def _reach(row: Mapping[str, Any], results: Results) -> str:
    level = percent(results.meta["level"], 0)
    reach = interval(row["low"], row["high"], results.lang, "{:+.2f}")
    return results.say(f"{level}区间{reach}", f"{level} interval {reach}")


def _units(results: Results) -> str:
    table = results["changes"]
    own = table[(table["audience"] == ALL) & (table["indicator"] == TOTAL)]
    if own.empty:
        return ""
    text = results.say(
        f"- 评估对象的总分：{_tally(own, ('rise', 'fall'), results, '个评估对象')}。",
        f"- Totals of units: {_tally(own, ('rise', 'fall'), results, 'units')}.",
    )
    ways = (
        ("rise", False, results.say("明显上升", "Clearly risen")),
        ("fall", True, results.say("明显下降", "Clearly fallen")),
    )
    return "\n".join([text, *_named(results, own, "change", "{:+.2f}", ways)])


def _ranks(results: Results) -> str:
    table = results["rank_changes"]
    if table.empty:
        return ""
    text = results.say(
        f"- 名次：{_tally(table, ('up', 'down'), results, '个评估对象')}。",
        f"- Ranks: {_tally(table, ('up', 'down'), results, 'units')}.",
    )
    ways = (
        ("up", False, results.say("名次明显上升", "Clearly up")),
        ("down", True, results.say("名次明显下降", "Clearly down")),
    )
    return "\n".join([text, *_named(results, table, "moved", "{:+.0f}", ways)])


def _named(
    results: Results,
    table: pd.DataFrame,
    column: str,
    form: str,
    ways: Sequence[tuple[str, bool, str]],
) -> Iterator[str]:
    """Yield a line that names the units of each verdict, those that moved most first."""
    names = unit_names(results)
    for verdict, ascending, label in ways:
        own = table[table["verdict"] == verdict].sort_values(
            [column, "unit"], ascending=[ascending, True]
        )
        if own.empty:
            continue
        told = [
            f"{plain(names.get(unit, unit))}"
            + results.say(f"（{form.format(by)}）", f" ({form.format(by)})")
            for unit, by in zip(own["unit"].head(NAMED), own[column].head(NAMED), strict=True)
        ]
        more = len(own) - len(told)
        rest = results.say(f"，另有{more}个", f", and {more} more") if more else ""
        yield f"  - {label}" + results.say("：", ": ") + listed(told, results.lang) + rest


def _why(results: Results) -> Iterator[str]:
    if "national_bridge" in results:
        yield from _bridge(results)
    if "item_fates" in results:
        yield _fates(results)
    if "national_changes" in results:
        yield _redefined(results)


def _bridge(results: Results) -> Iterator[str]:
    for row in _rows(results["national_bridge"]):
        if not row["n"]:
            yield results.say(
                "- 可比的部分太少，变化无从分解。",
                "- Too little is in common to take the change apart.",
            )
            continue
        judged = _judged(row, results)
        names = ("change", "real", "dropped", "added", "reweighted")
        change, real, dropped, added, moved = (_signed(row[name]) for name in names)
        yield results.say(
            f"- {row['n']}个评估对象的总分均值变化{change}分，其中：可比题项的实际变化{real}分"
            f"（{judged}），不再考察的题项{dropped}分，新考察的题项{added}分，"
            f"结构与权重调整{moved}分。",
            f"- The mean total of {row['n']} units changed by {change} points: {real} is real "
            f"change of the items in common ({judged}), {dropped} comes from items no longer "
            f"asked, {added} from new items, and {moved} from the new tree and weights.",
        )


def _fates(results: Results) -> str:
    table, lines = results["item_fates"], []
    for fate, words in describe("item_fates", "fate").codes.items():
        items = table.loc[table["fate"] == fate, "item"].astype(str).tolist()
        if not items:
            continue
        named = ", ".join(f"`{item}`" for item in items)
        listing = "" if fate == "common" else results.say(f"：{named}", f": {named}")
        lines.append(
            results.say(
                f"- {words.zh}的题项{len(items)}个{listing}。",
                f"- Items {words.en}: {len(items)}{listing}.",
            )
        )
    return "\n".join(lines)


def _redefined(results: Results) -> str:
    table = results["national_changes"]
    names = indicator_names(results)
    own = table[(table["basis"] == "redefined") & (table["audience"] == ALL)]
    if own.empty:
        return results.say(
            "- 各指标的测量方法与权重均与上一届相同。",
            "- All indicators are measured and weighed as before.",
        )
    told = listed([plain(names.get(name, name)) for name in own["indicator"]], results.lang)
    return results.say(
        f"- 测量方法或权重与上一届不同的指标：{told}。",
        f"- Not measured or weighed as before: {told}.",
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _count(table: pd.DataFrame, verdict: str) -> int:
    return int((table["verdict"] == verdict).sum())
