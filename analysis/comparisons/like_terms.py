"""Like with like: the scores of all units on what one of them has records of, and nothing else."""

from dataclasses import replace

import numpy as np

from indicators.aggregate import roll_up
from indicators.averages import OrderedAverage
from indicators.hierarchy import Hierarchy
from indicators.measure import PointsTable
from indicators.scores import Scores
from indicators.weights.resolve import ItemState
from survey.findings import Finding, Severity, raise_errors


def rolled_with(scores: Scores, tree: Hierarchy) -> Scores:
    """Return scores of the same item means with the weights of a given hierarchy.

    Parameters
    ----------
    scores
        Scores of any records.
    tree
        A hierarchy with the same items, such as that of an edition whose weights came from data.
    """
    items = scores.items
    rolled = roll_up(tree, items.mean, applies=items.applies, observed=items.observed)
    by_unit = np.moveaxis(rolled.score, -1, 0)
    return replace(
        scores,
        hierarchy=tree,
        score=by_unit,
        se=np.full_like(by_unit, np.nan),
        degrees=np.full_like(by_unit, np.inf),
        coverage=np.moveaxis(rolled.coverage, -1, 0),
        applies=np.moveaxis(rolled.applies, -1, 0),
    )


def on_like_terms(scores: Scores, cells: np.ndarray) -> Scores:
    """Score every unit on some items of some audiences only.

    Parameters
    ----------
    scores
        The scores on everything.
    cells
        Which items count, by audience, those of tables without audience last. Bool, shape
        (A + 1, I); at least one is true.

    Returns
    -------
    `Scores` whose hierarchy has what rests on these items, in its weights; ``n`` counts records
    with an answer to them. An indicator of which only a part is left is scored on that part.

    Raises
    ------
    InputError
        Where weights are given by the order of the parts of an indicator that loses some.
    """
    kept = np.flatnonzero(cells.any(axis=0))
    tree = pruned(scores.hierarchy, kept)
    items = ItemState(
        np.where(cells[:, kept, None], scores.items.mean[:, kept], np.nan),
        scores.items.applies[:, kept],
        scores.items.observed[:, kept],
    )
    points = tuple(
        part
        for table in scores.points
        if len((part := _with_items(table, kept, cells, len(cells) - 1)).items)
    )
    behind = _records_behind(points, tree, len(scores.units))
    return rolled_with(replace(scores, points=points, items=items, n=behind), tree)


def pruned(tree: Hierarchy, items: np.ndarray) -> Hierarchy:
    """Return what is left of a hierarchy when it has only some of its items.

    Parameters
    ----------
    tree, items
        The hierarchy, and indices of the items that stay, rising.

    Returns
    -------
    The hierarchy of the indicators that rest on them.

    Raises
    ------
    InputError
        As `on_like_terms`.
    """
    measured = np.zeros(len(tree.ids), dtype=bool)
    measured[tree.item_leaf[items]] = True
    nodes = np.flatnonzero(tree.leaf_below[:, measured].any(axis=1))
    place = np.full(len(tree.ids) + 1, -1)
    place[nodes] = np.arange(len(nodes))
    left = replace(
        tree,
        ids=tuple(tree.ids[node] for node in nodes),
        parent=place[tree.parent[nodes]],
        depth=tree.depth[nodes],
        weight=tree.weight[nodes],
        bonus=tree.bonus[nodes],
        minimum_coverage=tree.minimum_coverage[nodes],
        average=tuple(tree.average[node] for node in nodes),
        missing=tuple(tree.missing[node] for node in nodes),
        items=tuple(tree.items[item] for item in items),
        item_leaf=place[tree.item_leaf[items]],
        item_weight=tree.item_weight[items],
        item_asked=tree.item_asked[:, items],
    )
    raise_errors(_refused(tree, left, nodes))
    return left


def _refused(tree: Hierarchy, left: Hierarchy, nodes: np.ndarray) -> list[Finding]:
    return [
        Finding(
            "ordered-weights",
            Severity.ERROR,
            column=name,
            expected="records of every part of an indicator whose weights go by order (owa)",
            got=f"{_parts(left, at)} of {_parts(tree, int(nodes[at]))} parts",
            hint="such an indicator cannot be compared on some of its parts",
        )
        for at, name in enumerate(left.ids)
        if isinstance(left.average[at], OrderedAverage)
        and _parts(left, at) != _parts(tree, int(nodes[at]))
    ]


def _parts(tree: Hierarchy, node: int) -> int:
    return int((tree.core(node) if tree.children(node).size else tree.items_of(node)).size)


def _records_behind(points: tuple[PointsTable, ...], tree: Hierarchy, units: int) -> np.ndarray:
    """Count the records with an answer below each indicator, shape (U, A + 1, N)."""
    count = np.zeros((units, len(tree.audiences) + 1, len(tree.ids)), dtype=int)
    for table in points:
        under = tree.leaf_below[:, tree.item_leaf[table.items]].T
        below = (~np.isnan(table.points)).astype(int) @ under.astype(int) > 0
        np.add.at(count[:, -1], table.unit, below)
        own = table.audience >= 0
        np.add.at(count, (table.unit[own], table.audience[own]), below[own])
    return count


def _with_items(
    table: PointsTable, kept: np.ndarray, cells: np.ndarray, unaddressed: int
) -> PointsTable:
    """Return the points of a table for the items that stay, in their new numbering."""
    columns = np.flatnonzero(np.isin(table.items, kept))
    audience = np.where(table.audience < 0, unaddressed, table.audience)
    there = cells[audience][:, table.items[columns]]
    return replace(
        table,
        items=np.searchsorted(kept, table.items[columns]),
        points=np.where(there, table.points[:, columns], np.nan),
        applies=table.applies[:, columns],
        exempt=table.exempt[:, columns],
        observed=table.observed[:, columns] & there,
    )
