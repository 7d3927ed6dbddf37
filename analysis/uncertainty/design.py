"""The sampling design behind a table of points: strata, what was sampled, and who judged it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.measure import RECORD_ID, STRATA, PointsTable

STRATUM = {**STRATA, "cases": ("kind",)}
"""Columns that divide the records of a unit into strata. Innovation of content and of method are
measured by items of their own, so cases are divided by kind: a draw never lacks one of the two."""
SHOPPER = {
    "calls": "shopper",
    "channel_tests": "shopper",
    "inspections": "inspector",
    "cases": "reviewer",
}
"""The column that tells who made or judged a record."""
THING = {"calls": "recording", "inspections": "recording", "cases": "case_id"}
"""The column that two records of the same call, ticket or case share."""


@dataclass(frozen=True)
class Sample:
    """The records of a sampled table, sorted by unit, stratum, thing sampled and record id.

    Parameters
    ----------
    table
        Its name.
    items
        Indices into ``Hierarchy.items``, shape (I,).
    unit, audience, stratum, thing, shopper
        Codes, shape (R,). The audience is -1 where the table has none, the shopper where nobody
        is named; strata and things belong to one unit.
    kind
        Which strata of different units are alike, codes of shape (strata,).
    shoppers
        Names by code, sorted; None where the table has no such column.
    weight, points
        Shape (R,) and (R, I); NaN where missing.

    Notes
    -----
    The order of the records and all codes follow from ids and names, not from the order of the
    file; so does every draw.
    """

    table: str
    items: np.ndarray
    unit: np.ndarray
    audience: np.ndarray
    stratum: np.ndarray
    thing: np.ndarray
    shopper: np.ndarray
    kind: np.ndarray
    shoppers: tuple[str, ...] | None
    weight: np.ndarray
    points: np.ndarray


def sample_of(table: PointsTable) -> Sample:
    """Return the design of a sampled table."""
    frame, name = table.frame, table.table
    record = _codes(frame, (RECORD_ID[name], SHOPPER.get(name, "")))
    kind = _codes(frame, STRATUM.get(name, ()))
    thing = _things(frame, name, record)
    order = np.lexsort((record, thing, kind, table.unit))
    unit, kind, thing = table.unit[order], kind[order], thing[order]
    stratum = _runs(unit, kind)
    starts = np.unique(stratum, return_index=True)[1]
    shopper, shoppers = np.full(len(order), -1), None
    if SHOPPER.get(name) in frame and frame[SHOPPER[name]].notna().any():
        shopper, names = pd.factorize(frame[SHOPPER[name]].iloc[order], sort=True)
        shoppers = tuple(map(str, names))
    return Sample(
        table=name,
        items=table.items,
        unit=unit,
        audience=table.audience[order],
        stratum=stratum,
        thing=_runs(stratum, thing),
        shopper=shopper,
        kind=kind[starts],
        shoppers=shoppers,
        weight=table.weight[order],
        points=table.points[order],
    )


def primary_units(sample: Sample, *, by_shopper: bool) -> np.ndarray:
    """Return the code of the primary sampling unit (PSU) of each record, shape (R,).

    Parameters
    ----------
    sample
        The records.
    by_shopper
        Whether the calls that one shopper made in one stratum are one PSU. Where a stratum has
        one shopper only, each call is; cases are, whoever reviewed them, since it is they that
        were sampled.

    Returns
    -------
    Codes that rise with the stratum.
    """
    if not by_shopper or sample.table == "cases":
        return sample.thing
    first = np.unique(sample.thing, return_index=True)[1]
    caller = sample.shopper[first][sample.thing]
    pairs = pd.DataFrame({"stratum": sample.stratum, "caller": caller})
    several = pairs.groupby("stratum")["caller"].transform("nunique").to_numpy() > 1
    shared = several & (caller >= 0)
    key = np.where(shared, caller, caller.max() + 1 + sample.thing)
    return np.unique(np.stack([sample.stratum, key]), axis=1, return_inverse=True)[1]


def _things(frame: pd.DataFrame, name: str, record: np.ndarray) -> np.ndarray:
    """Return a code of what each record is of, its own where no other record shares it."""
    column = THING.get(name)
    if column not in frame:
        return record
    shared = pd.factorize(frame[column], sort=True)[0]
    return np.where(shared >= 0, shared, shared.max() + 1 + record)


def _codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """Number the rows by the sorted values of some columns, those that there are."""
    keys = [
        pd.factorize(frame[name], sort=True, use_na_sentinel=False)[0]
        for name in columns
        if name in frame
    ]
    if not keys:
        return np.zeros(len(frame), dtype=np.int64)
    return np.unique(np.stack(keys), axis=1, return_inverse=True)[1]


def _runs(*keys: np.ndarray) -> np.ndarray:
    """Number the runs of equal keys along sorted rows."""
    new = np.zeros(len(keys[0]), dtype=bool)
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.cumsum(new)
