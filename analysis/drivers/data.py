"""The figures that drivers are found in: answers of one record each, or scores of units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.drivers.settings import DriverSettings, check_names, items_below
from indicators.aggregate import roll_up
from indicators.hierarchy import ALL, Hierarchy
from indicators.measure import PointsTable
from indicators.nodes import BY_UNIT
from indicators.scores import Scores
from survey.findings import Finding, Severity

DataLevel = Literal["records", "units"]
FEWEST, FEW = 3, 10
"""Fewer observations a predictor than the first are not analysed, than the second are flagged."""
ROUNDING = 1e-10
"""A deviation below this share of the scale is one of arithmetic."""
BLOCK = 20_000
"""Records scored together: bounds the memory to some tens of megabytes."""
Found = list[Finding]


@dataclass(frozen=True)
class DriverData:
    """Complete observations of an outcome and its predictors.

    Parameters
    ----------
    level
        ``records``: one record each, as deviations from the mean of its unit's records of the
        same audience; ``units``: scores of one unit each.
    table
        The table of the records, empty for units.
    outcome, predictors
        Ids; K predictors.
    values
        The predictors and, last, the outcome; shape (n, K + 1).
    weight, unit
        Survey weight, and code of the unit, shape (n,).
    means
        Means that were taken out of the values.
    """

    level: DataLevel
    table: str
    outcome: str
    predictors: tuple[str, ...]
    values: np.ndarray
    weight: np.ndarray
    unit: np.ndarray
    means: int = 1

    @property
    def sizes(self) -> float:
        """Observations a predictor, after the means."""
        return (len(self.values) - self.means) / max(len(self.predictors), 1)


def gather(
    scores: Scores, settings: DriverSettings, audience: str = ALL
) -> tuple[DriverData | None, Found]:
    """Gather the observations at the lowest level that has enough of them.

    Parameters
    ----------
    scores
        Scores with the points of every record.
    settings
        The outcome and the predictors.
    audience
        Records of this audience only, or scores of it.

    Returns
    -------
    data
        Of records where one table holds the answers to everything and enough of its records
        answer it all; else of units; None where there are too few of these, too.
    findings
        What is left out and why.

    Raises
    ------
    InputError
        As `check_names`, and for an unknown audience.
    """
    tree = scores.hierarchy
    check_names(tree, settings)
    place = scores.audience_index(audience)
    table = _table_of(scores, [settings.outcome, *settings.of])
    names = settings.of
    if not names:
        names = _others_in(scores, settings.outcome, table) if table else ()
        table = table if names else None
        names = names or _other_leaves(tree, settings.outcome)
    found: Found = []
    if table is not None:
        data, found = _of_records(scores, table, settings, names, place)
        if data.sizes >= FEW:
            return data, found
        found = [_too_few_joint(data)]
    data, more = _of_units(scores, settings, names, place)
    found += more
    if data.predictors and data.sizes >= FEWEST:
        return data, found
    lack = Finding(
        "too-few-for-drivers", Severity.WARNING, column=settings.outcome,
        expected=f"{FEWEST} observations or more a predictor",
        got=f"{len(data.values)} for {len(data.predictors)}",
        hint="name fewer predictors under of:", count=len(data.values),
    )  # fmt: skip
    return None, [*found, lack]


def _table_of(scores: Scores, names: Sequence[str]) -> PointsTable | None:
    """Return the one table of records that holds every item of all names."""
    tables = [item.table for _, item in scores.system.leaf_items()]
    held = {tables[at] for name in names for at in items_below(scores.hierarchy, name)}
    name = held.pop() if len(held) == 1 else ""
    return next((t for t in scores.points if t.table == name and name not in BY_UNIT), None)


def _others_in(scores: Scores, outcome: str, table: PointsTable) -> tuple[str, ...]:
    """Return the other leaves that are measured in a table alone."""
    tree, own = scores.hierarchy, items_below(scores.hierarchy, outcome)
    held = set(table.items.tolist())
    leaves = {name: items_below(tree, name) for name in _leaves(tree)}
    return tuple(name for name, items in leaves.items() if items <= held and not items & own)


def _other_leaves(tree: Hierarchy, outcome: str) -> tuple[str, ...]:
    """Return the leaves that neither measure the outcome nor stand below a bonus."""
    own = items_below(tree, outcome)
    apart = {name for node in np.flatnonzero(tree.bonus > 0) for name in _below(tree, int(node))}
    return tuple(
        name for name in _leaves(tree) if name not in apart and not items_below(tree, name) & own
    )


def _leaves(tree: Hierarchy) -> list[str]:
    return [tree.ids[node] for node in dict.fromkeys(tree.item_leaf.tolist())]


def _below(tree: Hierarchy, node: int) -> list[str]:
    return [tree.ids[at] for at in np.flatnonzero(tree.leaf_below[node])]


def _of_records(
    scores: Scores, table: PointsTable, settings: DriverSettings, names: Sequence[str], place: int
) -> tuple[DriverData, Found]:
    """Return what each record answers to everything, less the mean of its unit and audience."""
    used = np.arange(len(table.unit))
    if place < len(scores.hierarchy.audiences):
        used = np.flatnonzero(table.audience == place)
    columns = [_answers(scores, table, name) for name in (*names, settings.outcome)]
    values = np.column_stack(columns)[used]
    weight, unit = np.nan_to_num(table.weight[used]), table.unit[used]
    names, values, found = _without_sparse(names, values, settings)
    there = ~np.isnan(values).any(axis=1) & (weight > 0)
    cell = (unit * (len(scores.hierarchy.audiences) + 1) + table.audience[used] + 1)[there]
    values, weight, unit = values[there], weight[there], unit[there]
    groups, cell = np.unique(cell, return_inverse=True)
    base = np.bincount(cell, weight, len(groups))
    means = [np.bincount(cell, weight * of, len(groups)) / base for of in values.T]
    centred = values - np.column_stack(means)[cell]
    centred[np.abs(centred) < ROUNDING * scores.hierarchy.best] = 0
    if lost := int((~there).sum()):
        found.append(_incomplete(table.table, lost, len(used)))
    outcome = settings.outcome
    return (
        DriverData(
            "records", table.table, outcome, names, centred, weight, unit, len(groups)
        ),
        found,
    )  # fmt: skip


def _answers(scores: Scores, table: PointsTable, name: str) -> np.ndarray:
    """Return the points of an item, or the score of an indicator, of every record."""
    tree = scores.hierarchy
    if name not in tree.ids:
        return table.points[:, list(table.items).index(tree.items.index(name))]
    node, row = tree.index(name), np.where(table.audience < 0, len(tree.audiences), table.audience)
    answers = np.full(len(row), np.nan)
    for start in range(0, len(row), BLOCK):
        part = slice(start, start + BLOCK)
        own, at = row[part, None], np.arange(len(row[part]))[:, None]
        shape = (len(tree.audiences) + 1, len(tree.items), len(at))
        means, applies = np.full(shape, np.nan), np.ones(shape, dtype=bool)
        means[own, table.items, at] = table.points[part]
        applies[own, table.items, at] = table.applies[part]
        answers[part] = roll_up(tree, means, applies=applies).score[row[part], node, at[:, 0]]
    return answers


def _of_units(
    scores: Scores, settings: DriverSettings, names: Sequence[str], place: int
) -> tuple[DriverData, Found]:
    """Return the scores of every unit that has all of them."""
    columns = [_unit_scores(scores, name, place) for name in (*names, settings.outcome)]
    names, values, found = _without_sparse(names, np.column_stack(columns), settings)
    there = ~np.isnan(values).any(axis=1)
    if lost := int((~there).sum()):
        found.append(_incomplete("units", lost, len(values)))
    unit = np.flatnonzero(there)
    weight = np.ones(len(unit))
    return DriverData("units", "", settings.outcome, names, values[there], weight, unit), found


def _unit_scores(scores: Scores, name: str, place: int) -> np.ndarray:
    tree = scores.hierarchy
    if name in tree.ids:
        return scores.score[:, place, tree.index(name)]
    mean = scores.items.mean[:, tree.items.index(name)]
    if tree.item_unaddressed[tree.items.index(name)]:
        return mean[-1]
    if place < len(tree.audiences):
        return mean[place]
    weight = tree.audience_weight[:, None] * ~np.isnan(mean[:-1])
    with np.errstate(invalid="ignore"):
        return (np.nan_to_num(mean[:-1]) * weight).sum(axis=0) / weight.sum(axis=0)


def _without_sparse(
    names: Sequence[str], values: np.ndarray, settings: DriverSettings
) -> tuple[tuple[str, ...], np.ndarray, Found]:
    """Leave out default predictors that half of the observations lack; named ones stay."""
    present = (~np.isnan(values[:, :-1])).sum(axis=0)
    held = present > 0 if settings.of else 2 * present >= max(len(values), 1)
    gone = [name for name, kept in zip(names, held, strict=True) if not kept]
    found = [
        Finding(
            "sparse-driver", Severity.WARNING, column=name,
            expected="a predictor that most observations have",
            got="none has it" if settings.of else "half of the observations or more lack it",
            hint="left out; name the predictors under of:",
        )
        for name in gone
    ]  # fmt: skip
    kept = tuple(name for name in names if name not in gone)
    return kept, values[:, np.append(held, True)], found


def _incomplete(column: str, lost: int, of: int) -> Finding:
    return Finding(
        "incomplete-for-drivers", Severity.NOTE, column=column,
        expected="the outcome and every predictor", got=f"{lost} of {of} lack one",
        hint="left out of the search for drivers", count=lost,
    )  # fmt: skip


def _too_few_joint(data: DriverData) -> Finding:
    return Finding(
        "drivers-between-units", Severity.NOTE, column=data.table,
        expected=f"{FEW} records or more a predictor with an answer to all",
        got=f"{len(data.values)} for {len(data.predictors)}",
        hint="scores of units are compared instead", count=len(data.values),
    )  # fmt: skip
