"""The part of two editions that is measured alike, scored in both under the same weights."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from indicators.describe.diff import comparable_part
from indicators.hierarchy import Hierarchy
from indicators.nodes import BY_UNIT, Item
from indicators.rules.normalise import GoalpostsRule, Placement, TargetRule
from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import revised
from survey.findings import Finding, InputError, Severity

Fate = Literal["common", "changed", "relative", "dropped", "added"]
Side = Literal["before", "after"]


@dataclass(frozen=True)
class CommonPart:
    """Two editions scored on their common items.

    Parameters
    ----------
    before, after
        Scores of either edition's records and units, without standard errors.
    """

    before: Scores
    after: Scores


def item_fates(before: System, after: System) -> pd.DataFrame:
    """Tell what became of every item from one system to the next.

    Returns
    -------
    Columns item, fate: ``common`` (measured alike), ``changed`` (another rule, table or records
    under the same id), ``relative`` (placed among the units of its own edition, or treated by
    their distribution, so that its points do not compare over time), ``dropped``, ``added``. In
    the order of the old system, then of the new one.
    """
    alike = set(comparable_part(before, after).items)
    old = {item.id: item for _, item in before.leaf_items()}
    new = {item.id: item for _, item in after.leaf_items()}
    rows: list[tuple[str, str]] = []
    for name, item in old.items():
        if name not in new:
            rows.append((name, "dropped"))
        elif name not in alike:
            rows.append((name, "changed"))
        else:
            rows.append((name, "relative" if _is_relative(item, before) else "common"))
    rows += [(name, "added") for name in new if name not in old]
    return pd.DataFrame(rows, columns=["item", "fate"])


def _is_relative(item: Item, system: System) -> bool:
    """Return whether the points of an item hang on the other units of the edition."""
    if item.table not in BY_UNIT:
        return False
    treated = (item.treat or system.figures.treat) != "none"
    if not isinstance(item.rule, Placement):
        return treated
    fixed = isinstance(item.rule, GoalpostsRule) or (
        isinstance(item.rule, TargetRule) and item.rule.worst is not None
    )
    return treated or not fixed


def common_part(before: Scores, after: Scores, weights: Side = "after") -> CommonPart | None:
    """Score two editions on the items that are measured alike in both.

    Parameters
    ----------
    before, after
        Scores of two editions, of the same scale.
    weights
        Whose tree and weights hold for both. Weights that a system takes from the data are those
        that the edition had.

    Returns
    -------
    `CommonPart`, without standard errors; None where nothing is measured alike, or it weighs
    nothing.

    Raises
    ------
    InputError
        Where the scales differ, or only one of the systems has audiences.
    """
    system = common_system(before, after, weights)
    return None if system is None else score_both(before, after, system)


def common_system(before: Scores, after: Scores, weights: Side) -> System | None:
    """Return one edition's system of the common items only; None where none of them weighs.

    Raises
    ------
    InputError
        As `common_part`.
    """
    check_comparable(before, after)
    fates = item_fates(before.system, after.system)
    items = frozenset(fates.loc[fates["fate"] == "common", "item"])
    own = before if weights == "before" else after
    return restricted(own.system, own.hierarchy, items)


def score_both(before: Scores, after: Scores, system: System) -> CommonPart:
    """Score the records of two editions under one system."""
    first, second = (
        score(each.records, system, each.units, each.attributes, known=each)[0]
        for each in (before, after)
    )
    return CommonPart(first, second)


def restricted(system: System, tree: Hierarchy, items: frozenset[str]) -> System | None:
    """Return a system of some items only, with the weights that hold in a tree.

    Indicators that nothing is left of go, and so do those whose whole weight went. None where
    nothing is left that makes the total.
    """
    data = system.model_dump(exclude_unset=True)
    weight = dict(zip(tree.ids, tree.weight.tolist(), strict=True))
    item_weight = dict(zip(tree.items, tree.item_weight.tolist(), strict=True))

    def kept(nodes: Any) -> Iterator[dict[str, Any]]:
        for node in nodes:
            parts = {**node, "weight": weight[node["id"]], "weights": "given"}
            if node.get("children"):
                parts["children"] = list(kept(node["children"]))
                members = [child for child in parts["children"] if not child.get("bonus")]
            else:
                parts["items"] = members = [
                    {**item, "weight": item_weight[item["id"]]}
                    for item in node.get("items", ())
                    if item["id"] in items
                ]
            if any(member["weight"] > 0 for member in members):
                yield parts

    children = list(kept(data["children"]))
    if not any(node["weight"] > 0 and not node.get("bonus") for node in children):
        return None
    return revised(system, {**data, "children": children, "weights": "given"})


def check_comparable(before: Scores, after: Scores) -> None:
    """Refuse editions whose scores cannot stand beside each other.

    Raises
    ------
    InputError
        Where the scales differ, or only one of the systems has audiences.
    """
    told: Mapping[str, tuple[object, object]] = {
        "scale": (before.system.scale, after.system.scale),
        "audiences": (bool(before.system.audiences), bool(after.system.audiences)),
    }
    wrong = [
        Finding(
            "editions-not-comparable", Severity.ERROR, column=key,
            expected=f"the same {key} in both editions", got=f"{old} and {new}",
            hint="score one edition under a system with the other's",
        )
        for key, (old, new) in told.items()
        if old != new
    ]  # fmt: skip
    if wrong:
        raise InputError(wrong)


def same_definition(before: Scores, after: Scores) -> dict[str, bool]:
    """Return, of each indicator in both systems, whether it is measured and weighed alike."""
    fates = item_fates(before.system, after.system)
    common = frozenset(fates.loc[fates["fate"] == "common", "item"])
    first, second = _signatures(before, common), _signatures(after, common)
    across = [
        (s.system.across_audiences, s.hierarchy.audiences, _shares(s.hierarchy.audience_weight))
        for s in (before, after)
    ]
    return {
        name: signature == second[name] and across[0] == across[1]
        for name, signature in first.items()
        if name in second
    }


def _signatures(scores: Scores, common: frozenset[str]) -> dict[str, tuple[object, ...]]:
    """Return all that decides on the score of each indicator, given its items' means."""
    tree = scores.hierarchy
    found: dict[str, tuple[object, ...]] = {}
    for node in range(len(tree.ids) - 1, -1, -1):
        core, items = tree.core(node), tree.items_of(node)
        found[tree.ids[node]] = (
            tree.average[node],
            tree.missing[node],
            float(tree.minimum_coverage[node]),
            [tree.ids[at] for at in core],
            _shares(tree.weight[core]),
            [found[tree.ids[at]] for at in core],
            [(float(tree.bonus[at]), found[tree.ids[at]]) for at in tree.extras(node)],
            [tree.items[at] if tree.items[at] in common else object() for at in items],
            _shares(tree.item_weight[items]),
        )
    return found


def _shares(weight: np.ndarray) -> list[float]:
    return np.round(weight / weight.sum(), 9).tolist() if weight.size else []
