"""What the simulator needs to know of the items that a campaign asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from survey.contracts import CONTRACTS
from survey.findings import raise_errors
from survey.simulation.campaign import CampaignModel, refused

ALL = "all"
"""The target's key for items of tables without audience (cases)."""


@dataclass(frozen=True)
class ItemModel:
    """One item of the indicator system as the simulator needs to know it.

    Parameters
    ----------
    item
        Id of the item.
    table
        The table it is asked in.
    columns
        The column it fills; several for kind ``"count"``; ``("outcome",)`` for kind ``"outcome"``
        and ``("wait_seconds",)`` for kind ``"seconds"``.
    kind
        ``"ordinal"``: one of `values`. ``"count"``: one of two `values` in each column, the record
        gets the mean points of its columns. ``"seconds"``: points by `curve`. ``"outcome"``:
        ``points[-1]`` for an answered call, ``points[0]`` for any other.
    target
        Mean points wanted for each audience (``all`` for cases): mean over the records of a city,
        then over the cities.
    where
        Columns and the values they must have; the item is not asked on other records.
    values
        The answers as written to the file, from worst to best.
    points
        Points (0 to 10) of each of `values`.
    curve
        Seconds and points, with rising seconds; flat beyond the ends.
    not_reached_points
        Points of a call that nobody answered; None where it counts as missing.
    missing
        Chance that a reached respondent or shopper leaves the item blank, 0 to below 1.
    indicator
        Id of the leaf indicator; a city's own strengths and weaknesses go by indicator.
    weight
        Weight among the items of the indicator; carried along, the answers do not depend on it.
    """

    item: str
    table: Literal["calls", "responses", "cases"]
    columns: tuple[str, ...]
    kind: Literal["ordinal", "count", "seconds", "outcome"]
    target: Mapping[str, float]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    not_reached_points: float | None = None
    missing: float = 0.0
    indicator: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        kind, points = self.kind, self.points
        own = {"outcome": ("outcome",), "seconds": ("wait_seconds",)}.get(kind, self.columns)
        one = len(self.columns) > 1 if kind == "count" else len(self.columns) == 1
        fixed = kind in ("outcome", "seconds")
        values = {"count": 2, "outcome": len(self.values)}.get(kind, max(len(points), 2))
        rising = list(points) == sorted(points) and len(points) > 1 and points[0] < points[-1]
        wrong = refused(
            self.item,
            (one and self.columns == own, f"columns that fit the kind {kind}", self.columns),
            (not fixed or self.table == "calls", "table calls", self.table),
            (kind == "seconds" or rising, "points from worst to best", points),
            (kind != "outcome" or len(points) == 2, "points of worst and best", points),
            (fixed or values == len(self.values) == len(points), "points of each value", points),
            (kind != "seconds" or _is_curve(self.curve), "a curve up or down", self.curve),
            (kind != "outcome" or not (self.where or self.missing), "every call", self.where),
            (0 <= self.missing < 1, "a chance of missing from 0 to below 1", self.missing),
        )
        raise_errors(wrong)


def _is_curve(curve: Sequence[tuple[float, float]]) -> bool:
    if len(curve) < 2:
        return False
    step = np.diff(np.asarray(curve, dtype=float), axis=0)
    one_way = (step[:, 1] <= 0).all() or (step[:, 1] >= 0).all()
    return bool((step[:, 0] > 0).all() and one_way and step[:, 1].any())


def outcome_item(model: CampaignModel, items: Sequence[ItemModel]) -> ItemModel:
    """Return the item that tells how many calls are answered.

    Raises
    ------
    InputError
        Where neither an item of kind ``"outcome"`` nor ``model.answered`` tells it, or several do.
    """
    found = [item for item in items if item.kind == "outcome"]
    told = [item.item for item in found] + ["answered"] * (model.answered is not None)
    one = (len(told) == 1, "one item of kind outcome, or shares answered", told)
    raise_errors(refused("outcome", one))
    if model.answered is None:
        return found[0]
    target = {audience: 10 * share for audience, share in model.answered.items()}
    return ItemModel("outcome", "calls", ("outcome",), "outcome", target, points=(0.0, 10.0))


def check_items(items: Sequence[ItemModel]) -> None:
    """Refuse items with the same id, with columns of the table, or with a condition on no category.

    Raises
    ------
    InputError
        With a finding for each.
    """
    ids = [item.item for item in items]
    waits = [item.item for item in items if item.kind == "seconds"]
    wrong = refused("items", (len(set(ids)) == len(ids), "every item once", ids))
    wrong += refused("wait_seconds", (len(waits) < 2, "one item of kind seconds", waits))
    for item in items:
        contract = CONTRACTS[item.table]
        known = {column.name for column in contract.columns if column.kind == "category"}
        own = item.kind in ("ordinal", "count")
        wrong += refused(
            item.item,
            (set(item.where) <= known, f"conditions on {', '.join(sorted(known))}", item.where),
            (not own or not set(item.columns) & set(contract.names), "new columns", item.columns),
        )
    raise_errors(wrong)
