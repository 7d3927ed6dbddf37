"""What stands on record of a city, answer by answer, and what may be claimed instead."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from indicators.describe.words import item_words
from indicators.measure import RECORD_ID, PointsTable
from indicators.nodes import Item, Words
from indicators.scores import Scores
from survey.contracts import Column, Contract
from survey.privacy.suppression import MINIMUM

Lang = Literal["zh", "en", "both"]
APPEALABLE = ("calls", "channel_tests", "inspections")
"""Tables whose single records a city sees and may contest; of persons it sees counts only."""
COUNTED = ("responses", "cases")
BLANK = "空白"
"""What is entered as a claim that there should be no answer."""
_MOST_CHOICES = 20
_CONTEXT = ("started_at", "audience", "scenario", "business", "slot", "channel", "shopper")
HEADERS: Mapping[str, Words] = {
    "unit": Words(zh="评估对象", en="Unit"),
    "record_id": Words(zh="记录编号", en="Record"),
    "started_at": Words(zh="开始时间", en="Start"),
    "audience": Words(zh="服务对象", en="Audience"),
    "scenario": Words(zh="情景", en="Scenario"),
    "business": Words(zh="业务类型", en="Business"),
    "slot": Words(zh="时段", en="Slot"),
    "channel": Words(zh="渠道", en="Channel"),
    "shopper": Words(zh="拨测员代码", en="Shopper, as a code"),
    "item": Words(zh="题项编号", en="Item"),
    "question": Words(zh="题项", en="Question"),
    "old": Words(zh="记录的回答", en="Answer on record"),
    "points": Words(zh="得分", en="Points"),
    "rule": Words(zh="计分规则", en="Rule"),
    "new": Words(zh="主张的回答", en="Answer claimed"),
    "reason": Words(zh="理由", en="Reason"),
    "evidence": Words(zh="证据", en="Evidence"),
    "by": Words(zh="申诉人", en="Appealed by"),
}
CLAIM = ("new", "reason", "evidence", "by")
"""Columns that a city fills in."""


def answer_rows(
    scores: Scores, unit: str, contracts: Mapping[str, Contract], lang: Lang
) -> pd.DataFrame:
    """Return one row an answer of a unit that may be contested.

    Parameters
    ----------
    scores
        Scores of the edition.
    unit
        Canonical name.
    contracts
        What the columns of each table may hold.
    lang
        Language of questions, answers and rules.

    Returns
    -------
    Columns of `HEADERS` but those of `CLAIM`, as far as the records have them. The points are
    those of every item that reads the answer.
    """
    items = [item for _, item in scores.system.leaf_items()]
    parts: list[pd.DataFrame] = []
    for points in scores.points:
        if points.table in APPEALABLE:
            own = np.flatnonzero(points.unit == scores.unit_index(unit))
            readers: dict[str, list[int]] = {}
            for at, position in enumerate(points.items):
                for answer in items[position].answers():
                    readers.setdefault(answer.name, []).append(at)
            for name, read in readers.items():
                column = contracts[points.table][name]
                asked = own[points.applies[own][:, read].any(axis=1)]
                read_by = [items[points.items[at]] for at in read]
                parts.append(
                    _context(points, asked, contracts[points.table], lang).assign(
                        item=name,
                        question=_told([said(Words(zh=i.zh, en=i.en), lang) for i in read_by]),
                        old=answer_words(points.frame[name].iloc[asked], column, lang).to_numpy(),
                        points=_points(points.points[asked][:, read]),
                        rule=_told([_rule(item, scores, lang) for item in read_by]),
                    )
                )
    names = [name for name in HEADERS if name not in CLAIM]
    if not parts:
        return pd.DataFrame(columns=names)
    rows = pd.concat(parts, ignore_index=True).assign(unit=unit)
    rows = rows.sort_values(["table", "place"], kind="stable", ignore_index=True)
    return rows[[name for name in names if name in rows]]


def counted_rows(scores: Scores, unit: str, lang: Lang) -> pd.DataFrame:
    """Return the mean points of a unit in the items that persons or experts answered.

    Returns
    -------
    Columns table, audience, question, n, points: one row an item and audience of the tables
    `COUNTED`. Of fewer than `survey.privacy.suppression.MINIMUM` questionnaires nothing is told.
    """
    items = [item for _, item in scores.system.leaf_items()]
    names = (*scores.hierarchy.audiences, "all")
    rows = []
    for points in scores.points:
        if points.table not in COUNTED:
            continue
        own = points.unit == scores.unit_index(unit)
        for audience in np.unique(points.audience[own]):
            of = own & (points.audience == audience)
            for at, position in enumerate(points.items):
                there = of & ~np.isnan(points.points[:, at])
                n, item = int(there.sum()), items[position]
                few = points.table == "responses" and n < MINIMUM
                mean = np.nan if few else points.points[there, at].mean() if n else np.nan
                told = said(Words(zh=item.zh, en=item.en), lang)
                number = f"<{MINIMUM}" if few else str(n)
                rows.append((points.table, names[audience], told, number, mean))
    return pd.DataFrame(rows, columns=["table", "audience", "question", "n", "points"])


def answer_words(answers: pd.Series, column: Column, lang: Lang) -> pd.Series:
    """Write typed answers as they may be entered again; blank where there is none."""
    if column.kind == "number":
        return answers.map(lambda number: f"{number:.15g}", na_action="ignore").astype("str")
    if lang == "en" or not column.allowed_zh:
        return answers.astype("str")
    words = dict(zip(column.allowed, column.allowed_zh, strict=True))
    return answers.map(lambda answer: words.get(answer, answer), na_action="ignore").astype("str")


def choices(column: Column, lang: Lang) -> list[str]:
    """Return what may be claimed of a column, `BLANK` last; empty where it is no list."""
    low, high = column.minimum, column.maximum
    if column.kind == "number" and low is not None and high is not None:
        whole = float(low).is_integer() and float(high).is_integer()
        if not whole or high - low >= _MOST_CHOICES:
            return []
        listed = [str(number) for number in range(int(low), int(high) + 1)]
    elif column.allowed:
        listed = answer_words(pd.Series(column.allowed, dtype="str"), column, lang).tolist()
    else:
        return []
    blank = [] if column.required else [BLANK]
    return [*dict.fromkeys([*listed, *column.not_applicable]), *blank]


def said(words: Words, lang: Lang) -> str:
    """Say it in a language, or in both, the Chinese above the English."""
    return f"{words.zh}\n{words.en}" if lang == "both" else getattr(words, lang)


def _told(texts: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(texts))


def _rule(item: Item, scores: Scores, lang: Lang) -> str:
    zh, en = (item_words(item, scores.system, each) for each in ("zh", "en"))
    return said(Words(zh=zh, en=en), lang)


def _context(points: PointsTable, at: np.ndarray, contract: Contract, lang: Lang) -> pd.DataFrame:
    """Return what is known of the records themselves, in words."""
    frame = points.frame.iloc[at]
    context = frame[[name for name in _CONTEXT if name in frame]].astype(object)
    for name in (name for name in _CONTEXT[1:] if name in frame):
        context[name] = answer_words(frame[name], contract[name], lang)
    if "started_at" in frame:
        context["started_at"] = frame["started_at"].dt.strftime("%Y-%m-%d %H:%M")
    names = frame[RECORD_ID[points.table]].astype("str")
    record = names if points.table == "calls" else points.table + ":" + names
    return context.assign(record_id=record, table=points.table, place=at)


def _points(points: np.ndarray) -> list[str]:
    """Write the points of the items that read an answer, blank where it gave none."""
    return [
        " / ".join("" if np.isnan(each) else f"{each:.4g}" for each in row).strip(" /")
        for row in points
    ]
