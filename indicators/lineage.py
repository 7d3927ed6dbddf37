"""Lineage: how a score came about, from the total down to single answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from indicators.averages import Average, marginal_weights
from indicators.hierarchy import ALL, Hierarchy
from indicators.measure import RECORD_ID, PointsTable
from indicators.nodes import Item
from indicators.rules import BEST
from indicators.system import System
from indicators.weights.resolve import ItemState

STEP_COLUMNS = ("depth", "kind", "id", "zh", "en", "score", "share", "contribution", "n")
RECORD_COLUMNS = ("table", "row", "record", "audience", "item", "answer", "points", "weight")
_MOST_TOLD = 3


@dataclass(frozen=True)
class Trace:
    """How one score came about.

    Parameters
    ----------
    unit, indicator, audience
        Which score.
    steps
        One row a part, in the order of the tree: ``depth``, ``kind`` (indicator, audience, item,
        bonus), ``id``, ``zh``, ``en``, ``score``, ``share`` (what one more point of it adds to the
        score above: in an arithmetic mean its weight among the parts that have data),
        ``contribution`` (points that it gives to the score above it; they sum up to it), ``n``
        (answers, for items).
    records
        One row an answer: ``table``, ``row`` (of the source file), ``record``, ``audience``,
        ``item``, ``answer``, ``points``, ``weight``.
    decimals
        With which scores are told.
    """

    unit: str
    indicator: str
    audience: str
    steps: pd.DataFrame
    records: pd.DataFrame
    decimals: int = 2

    def __str__(self) -> str:
        return "\n".join(_line(step, self.decimals) for step in self.steps.to_dict("records"))

    def sentence(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Tell in one sentence what made the score and on how many answers it rests."""
        top = self.steps.iloc[0]
        name = top[lang]
        if np.isnan(top["score"]):
            return {
                "zh": f"{self.unit}的“{name}”数据不足，没有得分。",
                "en": f"{self.unit} has too little data for a score in {name}.",
            }[lang]
        parts = self.steps[
            (self.steps["depth"] == 1) & self.steps["contribution"].notna()
        ].sort_values("contribution", ascending=False, kind="stable")
        told = [
            (part[lang], f"{part['contribution']:.{self.decimals}f}")
            for part in parts.head(_MOST_TOLD).to_dict("records")
        ]
        score, answers = f"{top['score']:.{self.decimals}f}", len(self.records)
        if lang == "zh":
            listed = "、".join(f"“{part}”{points}分" for part, points in told)
            more = f"等{len(parts)}项" if len(parts) > len(told) else ""
            made = f"，由{listed}{more}构成" if listed else ""
            return f"{self.unit}的“{name}”得{score}分{made}，依据{answers}条回答。"
        listed = ", ".join(f"{part} gives {points}" for part, points in told)
        rest = len(parts) - len(told)
        more = f" and {rest} more parts the rest" if rest else ""
        made = f": {listed}{more}" if listed else ""
        return f"{self.unit} scores {score} in {name}{made}; it rests on {answers} answers."


def _line(step: dict[Any, Any], decimals: int) -> str:
    value = "—" if np.isnan(step["score"]) else f"{step['score']:.{decimals}f}"
    share = "" if np.isnan(step["share"]) else f"  {step['share']:.1%}"
    given = "" if np.isnan(step["contribution"]) else f" → {step['contribution']:+.{decimals + 1}f}"
    count = "" if np.isnan(step["n"]) else f"  n={int(step['n'])}"
    return f"{'  ' * step['depth']}{step['zh']} ({step['id']}) {value}{share}{given}{count}"


Step = tuple[object, ...]


@dataclass(frozen=True)
class _Tracer:
    system: System
    tree: Hierarchy
    points: Sequence[PointsTable]
    items: ItemState
    scores: np.ndarray
    applies: np.ndarray
    unit: int

    def node(
        self, node: int, audience: int, depth: int, share: float, bonus: float | None = None
    ) -> Iterator[Step]:
        """Yield the steps of a node and of all below it."""
        value = self.scores[audience, node]
        kind = "indicator" if bonus is None else "bonus"
        given = value * share if bonus is None else bonus
        yield depth, kind, self.tree.ids[node], *self._names(node), value, share, given, np.nan
        if self.tree.children(node).size:
            yield from self._children(node, audience, depth + 1)
        elif audience == len(self.tree.audiences) and not self._unaddressed(node):
            yield from self._audiences(node, depth + 1)
        else:
            yield from self._items(node, audience, depth + 1)

    def _children(self, node: int, audience: int, depth: int) -> Iterator[Step]:
        core = self.tree.core(node)
        values, applies = self.scores[audience, core], self.applies[audience, core]
        shares = self._shares(node, values, self.tree.weight[core], applies)
        for child, share in zip(core, shares, strict=True):
            yield from self.node(int(child), audience, depth, share)
        room = self.tree.best - np.nansum(values * shares)
        for child in self.tree.extras(node):
            value = self.scores[audience, child]
            if not np.isnan(value):
                bonus = min(self.tree.bonus[child] * value / self.tree.best, room)
                room -= bonus
                yield from self.node(int(child), audience, depth, np.nan, bonus)

    def _audiences(self, node: int, depth: int) -> Iterator[Step]:
        each = self.scores[: len(self.tree.audiences), node]
        applies = self.applies[: len(each), node]
        shares = self._shares(None, each, self.tree.audience_weight, applies)
        for code, share in enumerate(shares):
            name = self.tree.audiences[code]
            words = self.system.audiences[name]
            row = depth, "audience", name, words.zh, words.en, each[code]
            yield *row, share, each[code] * share, np.nan
            yield from self._items(node, code, depth + 1)

    def _items(self, node: int, audience: int, depth: int) -> Iterator[Step]:
        at = self.tree.items_of(node)
        means = self.items.mean[audience, at, self.unit]
        applies = self.items.applies[audience, at, self.unit] & self.tree.item_asked[audience, at]
        shares = self._shares(node, means, self.tree.item_weight[at], applies)
        for position, mean, share in zip(at, means, shares, strict=True):
            item, count = self.item(position), len(self.answers(position, audience)[0])
            yield depth, "item", item.id, item.zh, item.en, mean, share, mean * share, count

    def _shares(
        self, node: int | None, values: np.ndarray, weights: np.ndarray, applies: np.ndarray
    ) -> np.ndarray:
        method: Average = self.tree.audience_average if node is None else self.tree.average[node]
        if node is not None and self.tree.missing[node] == "worst":
            values = np.where(np.isnan(values) & applies, 0.0, values)
        return marginal_weights(method, values.astype(float), weights * applies.astype(float))

    def answers(self, position: int, audience: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return places in the table, points and weights of an item's answers by an audience."""
        table = self._table(position)
        if table is None:
            return np.empty(0, int), np.empty(0), np.empty(0)
        points = table.points[:, list(table.items).index(position)]
        own = (table.unit == self.unit) & ~np.isnan(points)
        if audience < len(self.tree.audiences):
            own &= table.audience == audience
        places = np.flatnonzero(own)
        return places, points[places], table.weight[places]

    def _table(self, position: int) -> PointsTable | None:
        return next((table for table in self.points if position in table.items), None)

    def item(self, position: int) -> Item:
        return list(self.system.leaf_items())[position][1]

    def _unaddressed(self, node: int) -> bool:
        return bool(self.tree.item_unaddressed[self.tree.items_of(node)].all())

    def _names(self, node: int) -> tuple[str, str]:
        if node == 0:
            return "总分", "Total"
        wanted = self.tree.ids[node]
        found = next(each for each in self.system.nodes() if each.id == wanted)
        return found.zh, found.en

    def records(self, node: int, audience: int) -> pd.DataFrame:
        """Return every answer below a node."""
        below = np.flatnonzero(self.tree.leaf_below[node][self.tree.item_leaf])
        frames = [
            frame for position in below
            if not (frame := self._records_of(int(position), audience)).empty
        ]  # fmt: skip
        return (
            pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=RECORD_COLUMNS)
        )

    def _records_of(self, position: int, audience: int) -> pd.DataFrame:
        places, points, weight = self.answers(position, audience)
        table = self._table(position)
        if table is None or not len(places):
            return pd.DataFrame(columns=RECORD_COLUMNS)
        item = self.item(position)
        if table.table == "kpis":
            return _kpi_rows(table, item, table.frame.iloc[places[0]]["unit"], points[0])
        frame = table.frame.iloc[places]
        key = RECORD_ID.get(table.table)
        return pd.DataFrame(
            {
                "table": table.table,
                "row": frame.index.to_numpy(),
                "record": frame[key or "unit"].astype(str).to_numpy(),
                "audience": frame["audience"].to_numpy() if "audience" in frame else ALL,
                "item": item.id,
                "answer": _answers(frame if key else table.source.loc[frame.index], item),
                "points": points,
                "weight": weight,
            }
        )


def trace_score(
    system: System,
    hierarchy: Hierarchy,
    points: Sequence[PointsTable],
    items: ItemState,
    scores: tuple[np.ndarray, np.ndarray],
    *,
    unit: tuple[str, int],
    place: tuple[int, int],
) -> Trace:
    """Explain one score of one unit.

    Parameters
    ----------
    system, hierarchy, points, items
        What the scores were made from.
    scores
        The unit's scores, and what applies to it, each of shape (A + 1, N).
    unit
        Its name and code.
    place
        Indices of the audience and the indicator.
    """
    audience, node = place
    tracer = _Tracer(system, hierarchy, points, items, *scores, unit[1])
    return Trace(
        unit=unit[0],
        indicator=hierarchy.ids[node],
        audience=(*hierarchy.audiences, ALL)[audience],
        steps=pd.DataFrame(list(tracer.node(node, audience, 0, 1.0)), columns=STEP_COLUMNS),
        records=tracer.records(node, audience),
        decimals=2 if hierarchy.best >= BEST else 3,
    )


def _answers(frame: pd.DataFrame, item: Item) -> np.ndarray:
    """Return what was answered: the answer, or ``column=answer`` where an item reads several."""
    columns = [answer.name for answer in item.answers()]
    told = [frame[name].astype("object").where(frame[name].notna(), "—") for name in columns]
    if len(columns) == 1:
        return told[0].astype(str).to_numpy()
    named = [name + "=" + values.astype(str) for name, values in zip(columns, told, strict=True)]
    return pd.concat(named, axis=1).agg(", ".join, axis=1).to_numpy()


def _kpi_rows(table: PointsTable, item: Item, unit: str, points: float) -> pd.DataFrame:
    names = [answer.name for answer in item.answers()]
    rows = table.source[
        ((table.source["unit"] == unit) & table.source["kpi"].isin(names)).to_numpy()
    ]
    parts = rows["numerator"].notna() & rows["denominator"].notna()
    plain = rows["value"].where(rows["value"].notna(), rows["numerator"])
    answer = [
        f"{top:g}/{bottom:g}" if both else f"{value:g}"
        for top, bottom, both, value in zip(
            rows["numerator"], rows["denominator"], parts, plain, strict=True
        )
    ]
    period = rows["period"].astype(object).where(rows["period"].notna(), "")
    return pd.DataFrame(
        {
            "table": table.table,
            "row": rows.index.to_numpy(),
            "record": (rows["kpi"].astype(str) + " " + period.astype(str)).str.strip().to_numpy(),
            "audience": ALL,
            "item": item.id,
            "answer": answer,
            "points": points,
            "weight": rows["denominator"].fillna(1.0).to_numpy(),
        }
    )
