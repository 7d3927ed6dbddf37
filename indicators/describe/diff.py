"""What sets two systems apart, such as those of two editions, and what may be compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from indicators.describe.outline import effective_weights, percent
from indicators.describe.words import (
    Lang,
    average_words,
    condition_words,
    item_words,
    method_words,
    missing_words,
    value_words,
)
from indicators.hierarchy import ROOT
from indicators.nodes import BY_UNIT, Item, Node
from indicators.rules.normalise import TARGET_SUFFIX
from indicators.system import System
from indicators.weights.methods import AnyWeights

COLUMNS = ("kind", "what", "id", "old", "new")
KINDS: Mapping[str, tuple[str, str]] = {
    "added": ("新增", "added"),
    "removed": ("取消", "removed"),
    "moved": ("移动（上级指标）", "moved (parent)"),
    "renamed": ("改名", "renamed"),
    "definition": ("含义", "definition"),
    "share": ("在同级中的权重", "weight among siblings"),
    "total": ("在总分中的权重", "weight in the total"),
    "role": ("角色与加分", "role and bonus"),
    "average": ("平均方法", "average"),
    "weights": ("权重方法", "method of weights"),
    "missing": ("缺项处理", "parts without data"),
    "coverage": ("最低覆盖", "least coverage"),
    "source": ("数据来源", "source of the answers"),
    "rule": ("计分规则", "rule"),
    "clause": ("依据条款", "clause"),
    "setting": ("全系统设置", "setting of the whole system"),
}
"""Kinds of change in the order of the table, with their names."""
_SAME = 1e-9


@dataclass(frozen=True)
class Comparable:
    """The part of two systems that is measured alike in both.

    Parameters
    ----------
    items
        Items of the same id, source, rule and records in both.
    old, new
        The share of the total's weight that rests on them, 0 to 1; NaN where weights come from
        the data.
    """

    items: tuple[str, ...]
    old: float
    new: float


def compare_systems(old: System, new: System, lang: Lang = "en") -> pd.DataFrame:
    """Compare two systems by the ids of their indicators and items.

    Parameters
    ----------
    old, new
        The systems.
    lang
        Language of names, rules and methods.

    Returns
    -------
    One row a change: ``kind`` (see `KINDS`), ``what`` (indicator, item or system), ``id``,
    ``old`` and ``new`` in words, empty where there is none. What changes only because the system's
    setting does is told once, as the setting.
    """
    rows = [*_settings(old, new, lang), *_nodes(old, new, lang), *_items(old, new, lang)]
    rows += _shares(old, new, lang)
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    order = {kind: at for at, kind in enumerate(KINDS)}
    return table.sort_values("kind", key=lambda k: k.map(order), kind="stable", ignore_index=True)


def comparable_part(old: System, new: System) -> Comparable:
    """Return the items that are measured alike in two systems, and the weight they have in each.

    Notes
    -----
    Alike are items of the same table, column, rule, conditions and treatment, where the definition
    of the KPIs they read, the multipliers on their records and, for figures, their preparation are
    the same too. Weights and names may differ. Indicators that add a bonus have no share in the
    total and do not count.
    """
    first = {item.id: item for _, item in old.leaf_items()}
    second = {item.id: item for _, item in new.leaf_items()}
    alike = tuple(
        name
        for name, item in first.items()
        if name in second and _measured(item, old) == _measured(second[name], new)
    )
    return Comparable(alike, _weight_of(alike, old), _weight_of(alike, new))


def _measured(item: Item, system: System) -> tuple[object, ...]:
    """Return all that decides on the points and the mean of an item."""
    plain = item.model_copy(update={"weight": 1.0, "zh": "", "en": "", "clause": ""})
    read = [answer.name.removesuffix(TARGET_SUFFIX) for answer in item.answers()]
    kpis = [_kpi(system, name) for name in read] if item.table == "kpis" else []
    figures = system.figures.model_copy(update={"period": None}) if item.table in BY_UNIT else None
    counted = [each for each in system.multipliers if each.table == item.table]
    return (plain, kpis, figures, counted)


def _kpi(system: System, name: str) -> object:
    kpi = system.kpi_registry.get(name)
    return kpi and kpi.model_copy(update={"zh": "", "en": "", "clause": ""})


def _weight_of(items: tuple[str, ...], system: System) -> float:
    table = effective_weights(system)
    apart = _below_bonus(system)
    table = table[(table["kind"] == "item") & ~table["id"].isin(apart)]
    return float(table.loc[table["id"].isin(items), "total"].sum(skipna=False))


def _below_bonus(system: System) -> set[str]:
    """Return the items below an indicator that adds a bonus."""

    def below(nodes: tuple[Node, ...], *, apart: bool) -> Iterator[str]:
        for node in nodes:
            here = apart or node.bonus is not None
            yield from (item.id for item in node.items if here)
            yield from below(node.children, apart=here)

    return set(below(system.children, apart=False))


Row = tuple[str, str, str, str, str]


def _parents(system: System) -> dict[str, str]:
    parents = {node.id: ROOT for node in system.children}
    for node in system.nodes():
        parents |= {child.id: node.id for child in node.children}
    return parents


def _presence(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], name: Callable[[Any], str]
) -> Iterator[Row]:
    yield from (("added", what, id_, "", name(part)) for id_, part in new.items() if id_ not in old)
    yield from (
        ("removed", what, id_, name(part), "") for id_, part in old.items() if id_ not in new
    )


def _changed(kind: str, what: str, name: str, old: str, new: str) -> Iterator[Row]:
    if old != new:
        yield (kind, what, name, old, new)


def _renamed(what: str, old: "Node | Item", new: "Node | Item") -> Iterator[Row]:
    yield from _changed("renamed", what, old.id, old.zh, new.zh)
    yield from _changed("renamed", what, old.id, old.en, new.en)


def _nodes(old: System, new: System, lang: Lang) -> Iterator[Row]:
    first = {node.id: node for node in old.nodes()}
    second = {node.id: node for node in new.nodes()}
    above, beyond = _parents(old), _parents(new)
    yield from _presence("indicator", first, second, lambda node: getattr(node, lang))
    yield from _ways(old, new, (None, None), lang)
    for name in (name for name in first if name in second):
        was, now = first[name], second[name]
        yield from _changed("moved", "indicator", name, above[name], beyond[name])
        yield from _renamed("indicator", was, now)
        defined = [getattr(d, lang) if d else "" for d in (was.definition, now.definition)]
        yield from _changed("definition", "indicator", name, *defined)
        yield from _changed("role", "indicator", name, _role(was), _role(now))
        yield from _ways(old, new, (was, now), lang)


def _role(node: Node) -> str:
    return node.role + (f", bonus {node.bonus:g}" if node.bonus is not None else "")


def _ways(
    old: System, new: System, nodes: tuple[Node | None, Node | None], lang: Lang
) -> Iterator[Row]:
    """Tell what an indicator, or the total (None), does in another way than it did."""
    was, now = nodes
    name = was.id if was else ROOT
    methods: list[AnyWeights] = [
        node.weights if node else system.weights for node, system in ((was, old), (now, new))
    ]
    words = [method_words(method, (), lang) for method in methods]
    if methods[0] != methods[1]:
        same = words[0] == words[1]
        yield ("weights", "indicator", name, words[0], words[1] + _other(lang) * same)
    if was is None or now is None:
        return
    kinds = [bool(node.children) for node in (was, now)]
    inherits = {
        "average": was.aggregate is now.aggregate is None and kinds[0] == kinds[1],
        "missing": was.missing is now.missing is None,
        "coverage": was.minimum_coverage is now.minimum_coverage is None,
    }
    told = {
        "average": [average_words(s.average_of(n), lang) for s, n in ((old, was), (new, now))],
        "missing": [missing_words(s.missing_of(n), lang) for s, n in ((old, was), (new, now))],
        "coverage": [percent(s.coverage_of(n)) for s, n in ((old, was), (new, now))],
    }
    for kind, pair in told.items():
        if not inherits[kind]:
            yield from _changed(kind, "indicator", name, *pair)


def _other(lang: Lang) -> str:
    return "（内容有变）" if lang == "zh" else " (with other figures)"


def _items(old: System, new: System, lang: Lang) -> Iterator[Row]:
    first = {item.id: (node, item) for node, item in old.leaf_items()}
    second = {item.id: (node, item) for node, item in new.leaf_items()}
    yield from _presence("item", first, second, lambda pair: getattr(pair[1], lang))
    for name in (name for name in first if name in second):
        (parent, was), (later, now) = first[name], second[name]
        yield from _changed("moved", "item", name, parent.id, later.id)
        yield from _renamed("item", was, now)
        yield from _changed("source", "item", name, _source(was), _source(now))
        words = [item_words(was, old, lang), item_words(now, new, lang)]
        plain = {"weight": 1.0, "zh": "", "en": "", "clause": "", "table": "kpis", "column": None}
        if was.model_copy(update=plain) != now.model_copy(update=plain):
            yield ("rule", "item", name, words[0], words[1] + _other(lang) * (words[0] == words[1]))
        yield from _changed("clause", "item", name, was.clause, now.clause)


def _source(item: Item) -> str:
    return f"{item.table}.{item.source}"


def _shares(old: System, new: System, lang: Lang) -> Iterator[Row]:
    keys = ["kind", "id"]
    both = effective_weights(old).merge(effective_weights(new), on=keys, suffixes=("_old", "_new"))
    for kind in ("share", "total"):
        pairs = zip(both["kind"], both["id"], both[f"{kind}_old"], both[f"{kind}_new"], strict=True)
        for what, name, was, now in pairs:
            if not (abs(was - now) <= _SAME or (np.isnan(was) and np.isnan(now))):
                yield (kind, what, name, _share(was, lang), _share(now, lang))


def _share(share: float, lang: Lang) -> str:
    return ("无固定权重" if lang == "zh" else "none fixed") if np.isnan(share) else percent(share)


def _settings(old: System, new: System, lang: Lang) -> Iterator[Row]:
    first, second = _flat(old, lang), _flat(new, lang)
    for name in dict.fromkeys([*first, *second]):
        yield from _changed("setting", "system", name, first.get(name, ""), second.get(name, ""))


def _flat(system: System, lang: Lang) -> dict[str, str]:
    """Return the settings of the whole system by name, in words."""
    flat = {
        "unit": getattr(system.unit, lang),
        "scale": f"{system.scale:g}",
        "aggregate": average_words(system.aggregate, lang),
        "missing": missing_words(system.missing, lang),
        "minimum_coverage": percent(system.minimum_coverage),
        "across_audiences": average_words(system.across_audiences, lang),
    }
    total = sum(audience.weight for audience in system.audiences.values())
    for name, audience in system.audiences.items():
        flat[f"audiences.{name}"] = f"{getattr(audience, lang)} {percent(audience.weight / total)}"
    for table, columns in system.columns.items():
        for name, column in columns.items():
            words = [f"{value} {zh}" if lang == "zh" else value
                     for value, zh in column.values.items()]  # fmt: skip
            flat[f"columns.{table}.{name}"] = ", ".join(words)
    for each in system.multipliers:
        where = condition_words(each.where, lang, value_words(system, each.table))
        flat[f"multipliers.{each.table}: {where}"] = f"× {each.times:g}"
    for alert in system.alerts:
        flat[f"alerts.{alert.id}"] = f"{getattr(alert, lang)} < {alert.below:g}"
    for name, kpi in system.kpis.items():
        flat[f"kpis.{name}"] = _dumped(kpi.model_dump(exclude_none=True, exclude_defaults=True))
    for name, value in system.figures.model_dump().items():
        flat[f"figures.{name}"] = _dumped(value)
    return flat


def _dumped(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_dumped(inner)}" for name, inner in value.items())
    return "" if value is None else str(value)
