"""From records to points: every answer of a table scored by the rule of its item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.system import Condition, Item, System
from survey.records import Records

STRATA = {"calls": ("audience", "scenario"), "responses": ("audience",), "cases": ()}
"""Columns whose values divide the records of a city into strata of the sampling design."""
RECORD_ID = {"calls": "call_id", "responses": "response_id", "cases": "case_id"}


@dataclass(frozen=True)
class PointsTable:
    """The points of one table of records.

    Parameters
    ----------
    table
        ``calls``, ``responses`` or ``cases``.
    unit, audience, stratum
        Codes, shape (records,); the audience is -1 where the table has none, the stratum is
        unique to a unit.
    weight
        Survey weight of each record, shape (records,).
    items
        Indices into ``Hierarchy.items``, shape (items,).
    points
        0 to 10, NaN where missing or not applicable, shape (records, items).
    frame
        The records themselves, in the same order, indexed by source row.
    """

    table: str
    unit: np.ndarray
    audience: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    items: np.ndarray
    points: np.ndarray
    frame: pd.DataFrame


def measure(records: Records, system: System, units: Sequence[str]) -> tuple[PointsTable, ...]:
    """Score every answer.

    Parameters
    ----------
    records
        Valid records.
    system
        The indicator system.
    units
        The units to be scored, in the order of the codes; records of others are left out.

    Returns
    -------
    One `PointsTable` for each table that the system asks and the records hold.
    """
    by_table: dict[str, list[tuple[int, Item]]] = {}
    for position, (_, item) in enumerate(system.leaf_items()):
        by_table.setdefault(item.table, []).append((position, item))
    return tuple(
        _measure_table(table, records.tables[table], items, system, units)
        for table, items in by_table.items()
        if table in records.tables
    )


def _measure_table(
    table: str,
    frame: pd.DataFrame,
    items: list[tuple[int, Item]],
    system: System,
    units: Sequence[str],
) -> PointsTable:
    unit = pd.Index(units).get_indexer(pd.Index(frame["unit"]))
    frame, unit = frame[unit >= 0], unit[unit >= 0]
    if "audience" in frame:
        audience = pd.Index(system.audiences).get_indexer(pd.Index(frame["audience"]))
        frame, unit, audience = frame[audience >= 0], unit[audience >= 0], audience[audience >= 0]
    else:
        audience = np.full(len(frame), -1)
    weight = (
        frame["weight"].fillna(1.0).to_numpy(float) if "weight" in frame else np.ones(len(frame))
    )
    return PointsTable(
        table=table,
        unit=unit,
        audience=audience,
        stratum=_codes({"unit": unit} | {name: frame[name] for name in STRATA[table]}),
        weight=weight,
        items=np.array([position for position, _ in items]),
        points=np.column_stack([item_points(frame, item) for _, item in items]),
        frame=frame,
    )


def item_points(frame: pd.DataFrame, item: Item) -> np.ndarray:
    """Return the points of one item for every record of its table.

    Returns
    -------
    Shape (records,); NaN where the item does not apply or was not answered.
    """
    points = item.rule.points(frame, item.source)
    for override in item.override:
        points = np.where(meets(frame, override.where), override.points, points)
    return np.where(meets(frame, item.where), points, np.nan)


def meets(frame: pd.DataFrame, where: Condition) -> np.ndarray:
    """Return which records have the values that a condition names, shape (records,), bool."""
    met = np.ones(len(frame), dtype=bool)
    for column, values in where.items():
        met &= frame[column].isin(values).to_numpy()
    return met


def _codes(columns: Mapping[str, np.ndarray | pd.Series]) -> np.ndarray:
    """Number the combinations of several columns."""
    code = np.zeros(len(next(iter(columns.values()))), dtype=np.int64)
    for values in columns.values():
        own, levels = pd.factorize(pd.Series(values).reset_index(drop=True), use_na_sentinel=False)
        code = code * max(len(levels), 1) + own
    return np.unique(code, return_inverse=True)[1]
