"""Lineage: how a score came about, from the total down to single answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from indicators.measure import RECORD_ID, PointsTable
from indicators.rules import BEST, CountRule
from indicators.system import ALL, ROOT, Item, System

STEP_COLUMNS = ("depth", "kind", "id", "zh", "en", "score", "share", "contribution", "n")
RECORD_COLUMNS = ("table", "row", "record", "audience", "item", "answer", "points", "weight")


@dataclass(frozen=True)
class Trace:
    """How one score came about.

    Parameters
    ----------
    unit, indicator, audience
        Which score.
    steps
        One row a part, in the order of the tree: ``depth``, ``kind`` (indicator, audience, item,
        bonus), ``id``, ``zh``, ``en``, ``score``, ``share`` (weight among the parts that have
        data, 0 to 1), ``contribution`` (points that it gives to the score above it), ``n``
        (records, for items).
    records
        One row an answer: ``table``, ``row`` (of the source file), ``record``, ``audience``,
        ``item``, ``answer``, ``points``, ``weight``.
    """

    unit: str
    indicator: str
    audience: str
    steps: pd.DataFrame
    records: pd.DataFrame

    def __str__(self) -> str:
        return "\n".join(map(_line, self.steps.to_dict("records")))


def _line(step: dict[Any, Any]) -> str:
    value = "—" if np.isnan(step["score"]) else f"{step['score']:.2f}"
    share = "" if np.isnan(step["share"]) else f"  {step['share']:.1%}"
    given = "" if np.isnan(step["contribution"]) else f" → {step['contribution']:+.3f}"
    count = "" if np.isnan(step["n"]) else f"  n={int(step['n'])}"
    return f"{'  ' * step['depth']}{step['zh']} ({step['id']}) {value}{share}{given}{count}"


@dataclass(frozen=True)
class _Tracer:
    system: System
    points: Sequence[PointsTable]
    scores: np.ndarray
    unit: int

    def node(
        self, node: int, audience: int, depth: int, share: float
    ) -> Iterator[tuple[object, ...]]:
        """Yield the steps of a node and of all below it."""
        tree = self.system.hierarchy
        value = self.scores[audience, node]
        bonus = tree.bonus[node]
        kind = "bonus" if bonus and share != share else "indicator"  # noqa: PLR0124
        given = bonus * np.nan_to_num(value) / BEST if kind == "bonus" else value * share
        yield depth, kind, tree.ids[node], *self._names(node), value, share, given, np.nan
        children = tree.children(node)
        if children.size:
            core = [child for child in children if not tree.bonus[child]]
            shares = self._shares(self.scores[audience, core], tree.weight[core])
            for child, part in zip(core, shares, strict=True):
                yield from self.node(int(child), audience, depth + 1, part)
            for child in (c for c in children if tree.bonus[c]):
                if not np.isnan(self.scores[audience, child]):
                    yield from self.node(int(child), audience, depth + 1, np.nan)
        elif audience == len(tree.audiences) and not self._unaddressed(node):
            each = self.scores[:audience, node]
            for code, part in enumerate(self._shares(each, tree.audience_weight)):
                name = tree.audiences[code]
                words = self.system.audiences[name]
                row = depth + 1, "audience", name, words.zh, words.en, each[code]
                yield *row, part, each[code] * part, np.nan
                yield from self._items(node, code, depth + 2)
        else:
            yield from self._items(node, audience, depth + 1)

    def _items(self, node: int, audience: int, depth: int) -> Iterator[tuple[object, ...]]:
        tree = self.system.hierarchy
        found = [
            (position, *self.answers(position, audience))
            for position in np.flatnonzero(tree.item_leaf == node).tolist()
        ]
        means = np.array(
            [np.average(points, weights=weight) if len(points) else np.nan
             for _, _, points, weight in found]
        )  # fmt: skip
        weights = tree.item_weight[[position for position, *_ in found]]
        shares = self._shares(means, weights)
        for (position, _, points, _), mean, part in zip(found, means, shares, strict=True):
            item = self.item(position)
            yield depth, "item", item.id, item.zh, item.en, mean, part, mean * part, len(points)

    def answers(self, position: int, audience: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return places in the table, points and weights of an item's answers by an audience."""
        for table in self.points:
            if position in table.items:
                points = table.points[:, list(table.items).index(position)]
                own = (table.unit == self.unit) & ~np.isnan(points)
                if audience < len(self.system.hierarchy.audiences):
                    own &= table.audience == audience
                places = np.flatnonzero(own)
                return places, points[places], table.weight[places]
        return np.empty(0, int), np.empty(0), np.empty(0)

    def item(self, position: int) -> Item:
        return list(self.system.leaf_items())[position][1]

    def _unaddressed(self, node: int) -> bool:
        tree = self.system.hierarchy
        return bool(tree.item_unaddressed[tree.item_leaf == node].all())

    def _names(self, node: int) -> tuple[str, str]:
        if node == 0:
            return "总分", "Total"
        wanted = self.system.hierarchy.ids[node]
        found = next(each for each in self.system.nodes() if each.id == wanted)
        return found.zh, found.en

    @staticmethod
    def _shares(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        present = np.where(np.isnan(values), 0.0, weights)
        total = present.sum()
        return present / total if total else np.full(len(values), np.nan)

    def records(self, node: int, audience: int) -> pd.DataFrame:
        """Return every answer below a node."""
        tree = self.system.hierarchy
        frames = []
        for position in np.flatnonzero(tree.leaf_below[node][tree.item_leaf]):
            places, points, weight = self.answers(int(position), audience)
            table = next((t for t in self.points if position in t.items), None)
            if table is None or not len(places):
                continue
            item, frame = self.item(int(position)), table.frame.iloc[places]
            frames.append(
                pd.DataFrame(
                    {
                        "table": table.table,
                        "row": frame.index.to_numpy(),
                        "record": frame[RECORD_ID[table.table]].astype(str).to_numpy(),
                        "audience": frame["audience"].to_numpy() if "audience" in frame else ALL,
                        "item": item.id,
                        "answer": _answers(frame, item),
                        "points": points,
                        "weight": weight,
                    }
                )
            )
        return (
            pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=RECORD_COLUMNS)
        )


def trace_score(
    system: System,
    points: Sequence[PointsTable],
    scores: np.ndarray,
    *,
    unit: tuple[str, int],
    place: tuple[int, int],
) -> Trace:
    """Explain one score of one unit.

    Parameters
    ----------
    system, points
        What the scores were made from.
    scores
        The unit's scores, shape (A + 1, N).
    unit
        Its name and code.
    place
        Indices of the audience and the indicator.
    """
    audience, node = place
    tracer = _Tracer(system, points, scores, unit[1])
    tree = system.hierarchy
    return Trace(
        unit=unit[0],
        indicator=tree.ids[node] if node else ROOT,
        audience=(*tree.audiences, ALL)[audience],
        steps=pd.DataFrame(list(tracer.node(node, audience, 0, 1.0)), columns=STEP_COLUMNS),
        records=tracer.records(node, audience),
    )


def _answers(frame: pd.DataFrame, item: Item) -> np.ndarray:
    if isinstance(item.rule, CountRule):
        columns = item.rule.count
        parts = [column + "=" + frame[column].astype("object").fillna("—") for column in columns]
        return pd.concat(parts, axis=1).agg(", ".join, axis=1).to_numpy()
    return frame[item.source].astype("object").fillna("—").astype(str).to_numpy()
