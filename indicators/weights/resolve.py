"""The weights of every set of siblings, by its method, from the lowest level up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators.aggregate import roll_up
from indicators.hierarchy import ALL, ROOT, Hierarchy
from indicators.system import System
from indicators.weights.from_data import critic_weights, entropy_weights, pca_weights
from indicators.weights.methods import MOST_INCONSISTENT, AnyWeights, Weighed, method_name
from survey.findings import Finding, InputError, Severity

COLUMNS = (
    "parent", "kind", "child", "method", "weight", "low", "high", "spread", "statistics",
)  # fmt: skip
_FROM_DATA = {"entropy": entropy_weights, "critic": critic_weights, "pca": pca_weights}


@dataclass(frozen=True)
class ItemState:
    """What the records say of every item.

    Parameters
    ----------
    mean
        Weighted mean points, NaN where nobody answered. Shape (A + 1, I, U).
    applies
        False where every answer says that the item does not apply. Bool, same shape.
    observed
        Whether the mean rests on data, not on imputed figures. Bool, same shape.
    """

    mean: np.ndarray
    applies: np.ndarray
    observed: np.ndarray


def resolve_weights(
    system: System, state: ItemState
) -> tuple[Hierarchy, pd.DataFrame, tuple[Finding, ...]]:
    """Give every set of siblings its weights.

    Parameters
    ----------
    system
        The system, with a method for each set of siblings.
    state
        What the records say; methods that take weights from data look at the overall scores.

    Returns
    -------
    hierarchy
        The tree with these weights.
    weights
        One row a child: ``parent``, ``kind`` (indicator, item, audience), ``child``, ``method``,
        ``weight`` (out of 1 among siblings), ``low``, ``high``, ``spread`` and ``statistics``.
    findings
        Warnings for comparisons that contradict each other and for figures that no weights fit.

    Raises
    ------
    InputError
        Where a method has too few complete units to take weights from.
    """
    hierarchy = system.hierarchy
    nodes = {node.id: node for node in system.nodes()}
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for place in range(len(hierarchy.ids) - 1, -1, -1):
        name = hierarchy.ids[place]
        method = system.weights if place == 0 else nodes[name].weights
        children, items = hierarchy.core(place), hierarchy.items_of(place)
        members = children if children.size else items
        if not members.size:
            continue
        kind = "indicator" if children.size else "item"
        ids = [(hierarchy.ids if children.size else hierarchy.items)[at] for at in members]
        given = (hierarchy.weight if children.size else hierarchy.item_weight)[members]
        weighed = _weigh(method, ids, given, hierarchy, state, (place, kind, members))
        if method != "given":
            hierarchy = _with_weights(hierarchy, kind, members, weighed.weight)
        findings += _warnings(name, method, weighed)
        rows += _rows(name, kind, ids, method_name(method), weighed)
    if hierarchy.audiences:
        weight = hierarchy.audience_weight / hierarchy.audience_weight.sum()
        rows += _rows(ALL, "audience", list(hierarchy.audiences), "given", Weighed(weight))
    order = {name: at for at, name in enumerate((*hierarchy.ids, ALL))}
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return (
        hierarchy,
        table.sort_values("parent", key=lambda p: p.map(order), kind="stable", ignore_index=True),
        tuple(findings),
    )


def _weigh(
    method: AnyWeights,
    ids: Sequence[str],
    given: np.ndarray,
    hierarchy: Hierarchy,
    state: ItemState,
    members: tuple[int, str, np.ndarray],
) -> Weighed:
    if method == "given":
        return Weighed(given / given.sum())
    if method == "equal" or len(ids) == 1:
        return Weighed(np.full(len(ids), 1 / len(ids)))
    if not isinstance(method, str):
        return method.weigh(ids)
    place, kind, at = members
    scores = _member_scores(hierarchy, state, kind, at)
    complete = scores[~np.isnan(scores).any(axis=1)]
    if len(complete) <= len(ids):
        finding = Finding(
            "too-few-units",
            Severity.ERROR,
            column=hierarchy.ids[place],
            expected=f"more than {len(ids)} units with scores in all of {', '.join(ids)}",
            got=str(len(complete)),
            hint=f"weights: {method} takes them from the data; state them, or say equal",
        )
        raise InputError([finding])
    return _FROM_DATA[method](complete)


def _member_scores(
    hierarchy: Hierarchy, state: ItemState, kind: str, members: np.ndarray
) -> np.ndarray:
    """Return the overall scores of children or items, shape (units, members)."""
    if kind == "indicator":
        rolled = roll_up(hierarchy, state.mean, applies=state.applies, observed=state.observed)
        return rolled.score[-1, members].T
    means = state.mean[:, members]
    weights = np.append(hierarchy.audience_weight, 0.0)[:, None, None] * ~np.isnan(means)
    weights[-1] = hierarchy.item_unaddressed[members][:, None] & ~np.isnan(means[-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((np.nan_to_num(means) * weights).sum(axis=0) / weights.sum(axis=0)).T


def _with_weights(
    hierarchy: Hierarchy, kind: str, members: np.ndarray, weight: np.ndarray
) -> Hierarchy:
    name = "weight" if kind == "indicator" else "item_weight"
    changed = getattr(hierarchy, name).astype(float)
    changed[members] = weight
    return replace(hierarchy, **{name: changed})


def _rows(
    parent: str, kind: str, ids: Sequence[str], method: str, weighed: Weighed
) -> list[dict[str, object]]:
    low, high, spread = (
        np.broadcast_to(figure, (len(ids),))
        for figure in (weighed.low, weighed.high, weighed.spread)
    )
    told = "; ".join(f"{name} {value:.4g}" for name, value in weighed.statistics.items())
    return [
        dict(zip(COLUMNS, row, strict=True))
        for row in zip(
            [parent] * len(ids),
            [kind] * len(ids),
            ids,
            [method] * len(ids),
            weighed.weight,
            low,
            high,
            spread,
            [told] * len(ids),
            strict=True,
        )
    ]


def _warnings(name: str, method: AnyWeights, weighed: Weighed) -> list[Finding]:
    ratio = weighed.statistics.get("consistency_ratio", 0)
    miss = weighed.statistics.get("worst_miss", 0)
    where = "the total" if name == ROOT else name
    found = []
    if ratio > MOST_INCONSISTENT:
        found.append(
            Finding(
                "inconsistent-comparisons",
                Severity.WARNING,
                column=name,
                expected=f"a consistency ratio of at most {MOST_INCONSISTENT}",
                got=f"{ratio:.3f} below {where}",
                hint="revise the comparisons of pairs",
            )
        )
    if miss > 0:
        found.append(
            Finding(
                "no-weights-fit",
                Severity.WARNING,
                column=name,
                expected="weights under which every published parent follows from its children",
                got=f"at best one is missed by {miss:.4g}",
                hint="the published figures contradict each other; the nearest weights are taken",
            )
        )
    return found
