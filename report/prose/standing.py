"""Where a unit stands, and how sure that is, in sentences for those who are ranked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.priorities import QUADRANTS
from analysis.grades.next_grade import next_grade_sentence
from indicators.kpis.targets import apportion
from indicators.nodes import Words
from survey.findings import Finding, InputError, Severity, did_you_mean

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]
"""A row of a table, a value a column."""
MOST_NAMED = 3
"""Indicators named where a unit has several to improve or to keep."""
SOURCES = (
    ("sampling", "记录抽样", "the sampling of records"),
    ("shopper", "拨测员差异", "differences between callers"),
    ("method", "权重与方法的选择", "the choice of weights and method"),
)
"""Columns of ``rank_variance``, with their words."""


def standing(tables: Tables, unit: str, level: float = 0.95) -> tuple[Words, ...]:
    """Tell where a unit stands: score, rank, grade, what they are worth, and what to do first.

    Parameters
    ----------
    tables
        The results of an edition with records.
    unit
        Canonical name.
    level
        Level of the intervals of the results.

    Returns
    -------
    Sentences, each in Chinese and English. What the results have no table for is left out.

    Raises
    ------
    InputError
        For a unit that was not ranked.
    """
    ranked = tables["grades"].dropna(subset=["rank"])
    if unit not in set(ranked["unit"]):
        hint = did_you_mean(unit, ranked["unit"].tolist())
        wrong = Finding("unknown-name", Severity.ERROR, "", None, "", "a ranked unit", unit, hint)
        raise InputError([wrong])
    told: tuple[tuple[str, Callable[..., Words | None]], ...] = (
        ("grades", _rank),
        ("rank_sets", _compared),
        ("rank_variance", _sources),
        ("method_ranks", _method),
        ("grades", _grade),
        ("next_grades", _next),
        ("adjusted", _adjusted),
        ("priorities", _first),
        ("rank_changes", _change),
    )
    said = []
    for name, tell in told:
        own = tables[name][tables[name]["unit"] == unit] if name in tables else pd.DataFrame()
        if not own.empty and (words := tell(own, tables, level)) is not None:
            said.append(words)
    return tuple(said)


def _rank(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    row, n = own.iloc[0], int(tables["grades"]["rank"].notna().sum())
    return Words(
        zh=f"{row['unit']}总分{row['score']:.2f}，在{n}个评估对象中列第{row['rank']}位；"
        f"若换一批记录，名次大致在第{row['rank_low']}至第{row['rank_high']}位之间（{level:.0%}区间）。",
        en=f"{row['unit']} scores {row['score']:.2f} and ranks {row['rank']} of {n}; with other "
        f"records the rank would lie between {row['rank_low']} and {row['rank_high']} "
        f"({level:.0%} interval).",
    )


def _compared(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    return compared(dict(own.iloc[0]), level)


def compared(row: Row, level: float) -> Words:
    """Tell how many units a unit of ``rank_sets`` can be told apart from."""
    return Words(
        zh=f"逐一比较，可以断定高于它的有{row['n_above']:.0f}个，低于它的有{row['n_below']:.0f}个，"
        f"其余{row['n_undecided']:.0f}个与它的差异不显著；全部比较同时成立的置信水平为{level:.0%}。",
        en=f"Compared one by one, {row['n_above']:.0f} are shown to be above it and "
        f"{row['n_below']:.0f} below it; the other {row['n_undecided']:.0f} cannot be told apart "
        f"from it. All these comparisons hold together with {level:.0%} confidence.",
    )


def whole_percents(shares: Sequence[float]) -> list[int]:
    """Round shares that sum to 1 to percents that sum to 100."""
    alike = np.zeros(len(shares), dtype=int)
    return apportion(np.array([100.0]), np.asarray(shares), alike, 1.0).astype(int).tolist()


def _sources(own: pd.DataFrame, tables: Tables, level: float) -> Words | None:
    return sources_of(dict(own.iloc[0]))


def sources_of(row: Row) -> Words | None:
    """Tell what moves the rank of a unit of ``rank_variance``; None where that is not known."""
    if pd.isna(row["sampling"]):
        return None
    parts = [part for part in SOURCES if part[0] != "shopper" or row["shopper"]]
    shares = whole_percents([row[source] for source, _, _ in parts])
    told = list(zip(shares, parts, strict=True))
    zh = "，".join(f"{share}%来自{name}" for share, (_, name, _) in told)
    en = ", ".join(f"{share}% is due to {name}" for share, (_, _, name) in told)
    return Words(
        zh=f"把各种来源合在一起，名次可在第{row['low']}至第{row['high']}位之间变动，其中{zh}。",
        en=f"With every source together the rank moves between {row['low']} and {row['high']}: "
        f"{en}.",
    )


def _method(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    return by_method(dict(own.iloc[0]))


def by_method(row: Row) -> Words:
    """Tell how far the method alone moves the rank of a unit of ``method_ranks``."""
    return Words(
        zh=f"记录不变、只改权重与方法时，名次在第{row['low']:.0f}至第{row['high']:.0f}位之间。",
        en=f"With the same records but other weights and methods it ranks between "
        f"{row['low']:.0f} and {row['high']:.0f}.",
    )


def _grade(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    row = own.iloc[0]
    zh = f"所获等级为{row['grade']}，换一批记录仍获此等级的概率为{row['p_grade']:.0%}"
    en = f"Its grade is {row['grade']}; with other records it would be so again with a chance of "
    en += f"{row['p_grade']:.0%}"
    if pd.notna(row.get("runner_up")):
        zh += f"，其次最可能的是{row['runner_up']}（{row['p_runner_up']:.0%}）"
        en += f", and {row['runner_up']} with {row['p_runner_up']:.0%}"
    if row["borderline"]:
        zh += "；处在等级边界附近，不宜据此认为它与相邻等级的城市有差别"
        en += "; it is borderline, and not to be set apart from the neighbouring grade"
    return Words(zh=f"{zh}。", en=f"{en}.")


def _next(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    names = {lang: _names(tables, lang) for lang in ("zh", "en")}
    unit, table = str(own.iloc[0]["unit"]), tables["next_grades"]
    return Words(
        zh=next_grade_sentence(table, unit, names["zh"], "zh"),
        en=next_grade_sentence(table, unit, names["en"], "en"),
    )


def _adjusted(own: pd.DataFrame, tables: Tables, level: float) -> Words | None:
    return for_reliability(dict(own.iloc[0]))


def for_reliability(row: Row) -> Words | None:
    """Tell a unit of ``adjusted`` what its score is worth; None where that is not known."""
    if pd.isna(row["reliability"]):
        return None
    return Words(
        zh=f"得分的信度为{row['reliability']:.2f}；按信度向全国均值收缩后为{row['adjusted']:.2f}，"
        f"期望名次为{row['expected_rank']:.0f}。",
        en=f"The reliability of its score is {row['reliability']:.2f}; adjusted for it, the score "
        f"is {row['adjusted']:.2f} and the expected rank {row['expected_rank']:.0f}.",
    )


def _first(own: pd.DataFrame, tables: Tables, level: float) -> Words | None:
    todo = own[own["quadrant"] == "concentrate"].sort_values("priority").head(MOST_NAMED)
    keep = own[own["quadrant"] == "keep_up"].sort_values("gap", ascending=False).head(MOST_NAMED)
    zh, en = [], []
    for part, words in ((todo, QUADRANTS["concentrate"]), (keep, QUADRANTS["keep_up"])):
        if part.empty:
            continue
        zh.append(f"{words.zh}：{'、'.join(part['indicator'].map(_names(tables, 'zh')))}")
        en.append(f"{words.en}: {', '.join(part['indicator'].map(_names(tables, 'en')))}")
    if not zh:
        return None
    return Words(zh=f"{'；'.join(zh)}。", en=f"{'; '.join(en).capitalize()}.")


def _change(own: pd.DataFrame, tables: Tables, level: float) -> Words:
    row = own.iloc[0]
    verdict: dict[str, tuple[str, str]] = {
        "up": ("确有上升", "a clear rise"),
        "down": ("确有下降", "a clear fall"),
        "unclear": ("在偶然性之内，不能断定升降", "within chance"),
    }
    zh, en = verdict[row["verdict"]]
    return Words(
        zh=f"名次由上一年度的第{row['rank_before']:.0f}位变为第{row['rank_after']:.0f}位，{zh}。",
        en=f"It ranked {row['rank_before']:.0f} in the edition before and {row['rank_after']:.0f} "
        f"now: {en}.",
    )


def _names(tables: Tables, lang: str) -> dict[str, Any]:
    return dict(tables["indicators"].set_index("indicator")[lang])
