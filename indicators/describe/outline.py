"""The outline of a system: its tree with the weight that every part has in the end."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from indicators.describe.words import (
    Lang,
    average_words,
    condition_words,
    item_notes,
    method_words,
    missing_words,
    rule_lines,
    value_words,
)
from indicators.hierarchy import ROOT, Hierarchy
from indicators.nodes import Item, Node
from indicators.system import System
from indicators.weights.methods import AnyWeights

WEIGHT_COLUMNS = ("kind", "id", "parent", "share", "total", "bonus")
FROM_DATA = ("entropy", "critic", "pca")
"""Methods whose weights only the data can tell."""


def effective_weights(system: System) -> pd.DataFrame:
    """Return what every indicator and item weighs among its siblings and in the total.

    Returns
    -------
    One row an indicator, then one an item, each in the order of the tree: ``kind`` (indicator,
    item), ``id``, ``parent``, ``share`` among the siblings that enter the average (0 to 1),
    ``total``, the product of the shares down from the total, and ``bonus``, the points that an
    indicator adds on top (NaN where it enters by weight).

    Notes
    -----
    Shares are those of arithmetic means over complete data. They are missing where weights come
    from the data, and below an indicator that adds a bonus, which has no share. Items that some
    audiences are not asked weigh by the audiences that are, as the score of an indicator is the
    average of its audiences' scores.
    """
    tree = system.hierarchy
    share = np.full(len(tree.ids), np.nan)
    share[0] = 1.0
    item_share = np.full(len(tree.items), np.nan)
    nodes: dict[str, Node] = {node.id: node for node in system.nodes()}
    for place, name in enumerate(tree.ids):
        method = nodes[name].weights if place else system.weights
        core, items = tree.core(place), tree.items_of(place)
        if core.size:
            share[core] = _shares(method, [tree.ids[at] for at in core], tree.weight[core])
        elif items.size:
            ids = [tree.items[at] for at in items]
            stated = _shares(method, ids, tree.item_weight[items])
            item_share[items] = _over_audiences(tree, items, stated)
    total = share.copy()
    for place in range(1, len(tree.ids)):
        total[place] *= total[tree.parent[place]]
    below = slice(1, None)
    indicators = {
        "kind": "indicator",
        "id": tree.ids[below],
        "parent": [tree.ids[at] for at in tree.parent[below]],
        "share": share[below],
        "total": total[below],
        "bonus": np.where(tree.bonus > 0, tree.bonus, np.nan)[below],
    }
    measured = {
        "kind": "item",
        "id": tree.items,
        "parent": [tree.ids[at] for at in tree.item_leaf],
        "share": item_share,
        "total": item_share * total[tree.item_leaf],
        "bonus": np.nan,
    }
    tables = [pd.DataFrame(rows, columns=list(WEIGHT_COLUMNS)) for rows in (indicators, measured)]
    return pd.concat([table for table in tables if len(table)], ignore_index=True)


def _shares(method: AnyWeights, ids: list[str], given: np.ndarray) -> np.ndarray:
    if method == "given":
        return given / given.sum()
    if method == "equal" or len(ids) == 1:
        return np.full(len(ids), 1 / len(ids))
    if isinstance(method, str):
        return np.full(len(ids), np.nan)
    return method.weigh(ids).weight


def _over_audiences(tree: Hierarchy, items: np.ndarray, stated: np.ndarray) -> np.ndarray:
    """Return the shares of a leaf's items in its overall score, shape (items,)."""
    if tree.item_unaddressed[items].any():
        return stated
    asked = tree.item_asked[:-1, items] * stated
    held = asked.sum(axis=1)
    weight = np.where(np.isnan(held) | (held > 0), tree.audience_weight, 0.0)
    within = asked / np.where(held == 0, 1.0, held)[:, None]
    return (weight[:, None] * within).sum(axis=0) / weight.sum()


def percent(share: float, lang: Lang = "en") -> str:
    """Write a share as a percentage, or say that the data decides on it."""
    if np.isnan(share):
        return "由数据定" if lang == "zh" else "from the data"
    return f"{100 * share:.4g}%"


def outline(system: System, lang: Lang = "zh") -> tuple[str, ...]:
    """Tell a system in lines: what holds for all of it, then its tree down to the items.

    Parameters
    ----------
    system
        The system.
    lang
        ``zh`` or ``en``.
    """
    weights = effective_weights(system).set_index(["kind", "id"])
    return (*_heading(system, lang), "", *_tree(system, weights, lang))


def _heading(system: System, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    title, source = (
        (system.title.zh, system.source.zh) if zh else (system.title.en, system.source.en)
    )
    yield f"{title} [{system.id}]"
    yield f"{'来源：' if zh else 'source: '}{source}"
    if system.weights_note:
        note = system.weights_note.zh if zh else system.weights_note.en
        yield f"{'权重：' if zh else 'weights: '}{note}"
    nodes, items = list(system.nodes()), list(system.leaf_items())
    unit = system.unit.zh if zh else system.unit.en
    yield (
        f"评估对象：{unit}；指标 {len(nodes)} 个，题项 {len(items)} 个；满分 {system.scale:g}"
        if zh
        else f"unit: {unit}; {len(nodes)} indicators, {len(items)} items; scores out of "
        f"{system.scale:g}"
    )
    least = percent(system.minimum_coverage)
    policy = missing_words(system.missing, lang)
    yield (
        f"缺项：{policy}；权重覆盖不足 {least} 则无得分"
        if zh
        else f"a part without data: {policy}; no score below {least} of the weight"
    )
    yield from _audiences(system, lang)
    for each in system.multipliers:
        where = condition_words(each.where, lang, value_words(system, each.table))
        yield (
            f"加倍：{each.table} 中 {where} 的记录按 {each.times:g} 次计"
            if zh
            else f"multiplier: records of {each.table} where {where} count {each.times:g} times"
        )
    if system.alerts:
        told = [f"{a.zh} < {a.below:g}" if zh else f"{a.en} below {a.below:g}"
                for a in system.alerts]  # fmt: skip
        yield ("预警：" + "，".join(told)) if zh else ("alerts: " + ", ".join(told))


def _audiences(system: System, lang: Lang) -> Iterator[str]:
    if not system.audiences:
        return
    zh = lang == "zh"
    total = sum(audience.weight for audience in system.audiences.values())
    told = [
        f"{each.zh if zh else each.en} ({name}) {percent(each.weight / total)}"
        for name, each in system.audiences.items()
    ]
    listed = ("，" if zh else ", ").join(told)
    words = average_words(system.across_audiences, lang)
    how = f"{'；' if zh else '; '}{words}" * (system.across_audiences != "arithmetic")
    yield f"{'服务对象：' if zh else 'audiences: '}{listed}{how}"


def _tree(system: System, weights: pd.DataFrame, lang: Lang) -> Iterator[str]:
    word = "总分" if lang == "zh" else "Total"
    yield _line(f"{word} ({ROOT})", _own_ways(system, None, lang), lang)

    def below(children: tuple[Node, ...], stem: str) -> Iterator[str]:
        for child in children:
            last = child is children[-1]
            facts = [
                *_weight(weights, "indicator", child.id, lang),
                *_own_ways(system, child, lang),
            ]
            name = f"{child.zh if lang == 'zh' else child.en} ({child.id})"
            yield stem + ("└─ " if last else "├─ ") + _line(name, facts, lang)
            deeper = stem + ("   " if last else "│  ")
            yield from below(child.children, deeper)
            for item in child.items:
                yield from (deeper + line for line in _item(system, item, weights, lang))

    yield from below(system.children, "")


def _line(name: str, facts: list[str], lang: Lang) -> str:
    return ("，" if lang == "zh" else ", ").join([name, *facts])


def _weight(weights: pd.DataFrame, kind: str, name: str, lang: Lang) -> list[str]:
    zh = lang == "zh"
    share, total, bonus = (
        float(weights.at[(kind, name), column])  # pyright: ignore[reportArgumentType]
        for column in ("share", "total", "bonus")
    )
    if not np.isnan(bonus):
        return [
            f"另加至多 {bonus:g} 分" if zh else f"adds at most {bonus:g} point{'s' * (bonus != 1)}"
        ]
    told = []
    if share != 1:
        told.append(f"同级 {percent(share, lang)}" if zh else f"{percent(share, lang)} of siblings")
    if not np.isnan(total):
        told.append(
            f"总分 {percent(total, lang)}" if zh else f"{percent(total, lang)} of the total"
        )
    return told


def _own_ways(system: System, node: Node | None, lang: Lang) -> list[str]:
    """Tell what an indicator does in its own way: average, weights, role, gaps, coverage."""
    zh = lang == "zh"
    told = []
    if node is not None and not node.children and not node.items:
        return ["尚无题项" if zh else "not measured"]
    average = system.average_of(node)
    if average != "arithmetic":
        told.append(average_words(average, lang))
    method = system.weights if node is None else node.weights
    if method != "given":
        told.append(method_words(method, (), lang))
    if node is None:
        return told
    if node.role == "innovation":
        told.append("创新指标" if zh else "innovation")
    if node.missing is not None and node.missing != system.missing:
        words = missing_words(node.missing, lang)
        told.append(words if zh else f"a part without data: {words}")
    if system.coverage_of(node) != system.minimum_coverage:
        least = percent(system.coverage_of(node))
        told.append(f"覆盖不足 {least} 则无得分" if zh else f"no score below {least} of the weight")
    return told


def _item(system: System, item: Item, weights: pd.DataFrame, lang: Lang) -> Iterator[str]:
    name = f"{item.zh if lang == 'zh' else item.en} ({item.id})"
    yield "· " + _line(name, _weight(weights, "item", item.id, lang), lang)
    first, *more = rule_lines(item.rule, lang, value_words(system, item.table))
    notes = item_notes(item, system, lang)
    end = ("；" if lang == "zh" else "; ").join(["", *notes]) if not more else ""
    read = {answer.name for answer in item.answers()}
    where = f"{item.table}.{item.source}" if item.source in read else item.table
    yield f"    {where}{'：' if lang == 'zh' else ': '}{first}{end}"
    yield from (f"    {line}" for line in more)
    if more and notes:
        yield "    " + ("；" if lang == "zh" else "; ").join(notes)
    if item.clause:
        yield f"    {'依据：' if lang == 'zh' else 'clause: '}{item.clause}"
