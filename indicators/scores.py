"""Scores: every unit, audience and indicator, with what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.aggregate import roll_up
from indicators.hierarchy import ALL, ROOT, Hierarchy
from indicators.lineage import Trace, trace_score
from indicators.measure import PointsTable, measure
from indicators.score_findings import score_findings
from indicators.system import System
from indicators.weights.resolve import ItemState, resolve_weights
from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.records import Records


@dataclass(frozen=True)
class Scores:
    """Scores with their standard error, number of records and coverage.

    Parameters
    ----------
    system
        The indicator system.
    hierarchy
        Its tree, with the weights that hold.
    weights
        Where each weight comes from: see `indicators.weights.resolve_weights`.
    units
        The units, length U.
    records, attributes
        What was scored, and what a register knows of the units.
    points
        The points of every record, for lineage and resampling.
    items
        What the records say of each item.
    score, se, coverage
        Shape (U, A + 1, N): units, audiences with ``all`` last, indicators with the total first.
        Scores are 0 to the top of the scale, NaN where coverage is too low; `se` is NaN until it
        is estimated (`analysis.uncertainty.bootstrap`); coverage is 0 to 1.
    degrees
        Degrees of freedom of `se`, infinite where it counts as known. Same shape.
    applies
        Whether anything below the indicator applies to the unit. Bool, same shape.
    n
        Records with at least one answer below the indicator, int, same shape.
    """

    system: System
    hierarchy: Hierarchy
    weights: pd.DataFrame
    units: tuple[str, ...]
    records: Records
    attributes: pd.DataFrame | None
    points: tuple[PointsTable, ...]
    items: ItemState
    score: np.ndarray
    se: np.ndarray
    coverage: np.ndarray
    degrees: np.ndarray
    applies: np.ndarray
    n: np.ndarray

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """Audience names along the second axis."""
        return (*self.hierarchy.audiences, ALL)

    def with_se(self, se: np.ndarray, degrees: np.ndarray | float = np.inf) -> "Scores":
        """Return the same scores with standard errors and their degrees of freedom.

        Both of shape (U, A + 1, N).
        """
        held = np.broadcast_to(degrees, self.score.shape)
        return replace(self, se=np.where(np.isnan(self.score), np.nan, se), degrees=held)

    def of(self, indicator: str, audience: str = ALL) -> pd.Series:
        """Return one indicator's scores, indexed by unit."""
        values = self.score[:, self.audience_index(audience), self.hierarchy.index(indicator)]
        return pd.Series(values, index=pd.Index(self.units, name="unit"), name=indicator)

    def ranking(self, indicator: str = ROOT, audience: str = ALL) -> pd.DataFrame:
        """Return the units from the best to the worst: ``rank``, ``unit``, ``score``.

        Equal scores share the better rank; units without a score come last, without a rank.
        """
        scores = self.of(indicator, audience).rename("score")
        ranks = scores.rank(ascending=False, method="min").astype("Int64").rename("rank")
        table = pd.concat([ranks, scores], axis=1).reset_index()[["rank", "unit", "score"]]
        return table.sort_values("rank", kind="stable", ignore_index=True)

    def audience_index(self, audience: str) -> int:
        """Return the position of an audience; an unknown one is an `InputError`."""
        return _position(audience, self.audiences, "an audience of the system")

    def unit_index(self, unit: str) -> int:
        """Return the position of a unit; an unknown one is an `InputError`."""
        return _position(unit, self.units, "a unit of the edition")

    def trace(self, unit: str, indicator: str = ROOT, audience: str = ALL) -> Trace:
        """Explain one score down to the records it came from.

        Raises
        ------
        InputError
            Where the unit, the indicator or the audience is unknown, with the nearest right name.
        """
        return trace_score(
            self.system,
            self.hierarchy,
            self.points,
            self.items,
            (self.score[self.unit_index(unit)], self.applies[self.unit_index(unit)]),
            unit=(unit, self.unit_index(unit)),
            place=(self.audience_index(audience), self.hierarchy.index(indicator)),
        )

    def table(self) -> pd.DataFrame:
        """Return one row a unit, audience and indicator that has records or a score.

        Returns
        -------
        Columns unit, audience, indicator, score, se, n, coverage.
        """
        index = pd.MultiIndex.from_product(
            [self.units, self.audiences, self.hierarchy.ids],
            names=["unit", "audience", "indicator"],
        )
        columns = {name: getattr(self, name).ravel() for name in ("score", "se", "n", "coverage")}
        table = pd.DataFrame(columns, index=index).reset_index()
        return table[(table["n"] > 0) | table["score"].notna()].reset_index(drop=True)


def score(
    records: Records,
    system: System,
    units: Sequence[str],
    attributes: pd.DataFrame | None = None,
    known: Scores | None = None,
) -> tuple[Scores, tuple[Finding, ...]]:
    """Score records with an indicator system.

    Parameters
    ----------
    records
        Valid records.
    system
        The indicator system.
    units
        The units to be scored.
    attributes
        What a register knows of the units, indexed by unit.
    known
        Scores of the same records and units under another system; points of items that are the
        same in both are taken over.

    Returns
    -------
    scores
        `Scores` without standard errors.
    findings
        Warnings for units without a score, notes on what was imputed, treated, cut, or does not
        apply.

    Raises
    ------
    InputError
        Where figures contradict their definitions, or weights cannot be taken from the data.
    """
    before = None
    if known and (known.system.scale, known.audiences[:-1]) == (
        system.scale,
        tuple(system.audiences),
    ):
        before = known.system, known.points
    points, measured = measure(records, system, units, attributes, before)
    items = item_state(points, system.hierarchy, len(units))
    hierarchy, weights, weighed = resolve_weights(system, items)
    rolled = roll_up(hierarchy, items.mean, applies=items.applies, observed=items.observed)
    by_unit = np.moveaxis(rolled.score, -1, 0)
    scores = Scores(
        system=system,
        hierarchy=hierarchy,
        weights=weights,
        units=tuple(units),
        records=records,
        attributes=attributes,
        points=points,
        items=items,
        score=by_unit,
        se=np.full_like(by_unit, np.nan),
        degrees=np.full_like(by_unit, np.inf),
        coverage=np.moveaxis(rolled.coverage, -1, 0),
        applies=np.moveaxis(rolled.applies, -1, 0),
        n=_records_behind(points, hierarchy, len(units)),
    )
    found = score_findings(hierarchy, scores.units, scores.score, scores.applies, points, items)
    return scores, (*measured, *weighed, *found)


def item_state(points: Sequence[PointsTable], hierarchy: Hierarchy, n_units: int) -> ItemState:
    """Return the weighted mean points of each item, where it applies, and what was imputed."""
    audiences = len(hierarchy.audiences) + 1
    shape = (audiences, len(hierarchy.items), n_units)
    mean = np.full(shape, np.nan)
    applies, observed = np.ones(shape, dtype=bool), np.ones(shape, dtype=bool)
    for table in points:
        audience = np.where(table.audience < 0, audiences - 1, table.audience)
        cell = audience * n_units + table.unit
        size = audiences * n_units
        for column, item in enumerate(table.items):
            values = table.points[:, column]
            there = ~np.isnan(values)
            weight = table.weight[there]
            weights = np.bincount(cell[there], weight, size)
            sums = np.bincount(cell[there], weight * values[there], size)
            with np.errstate(invalid="ignore", divide="ignore"):
                mean[:, item] = np.where(weights > 0, sums / weights, np.nan).reshape(audiences, -1)
            exempt = table.exempt[:, column]
            if exempt.any():
                put = np.bincount(cell, table.applies[:, column], size)
                saying = np.bincount(cell, exempt, size)
                applies[:, item] = ~((saying > 0) & (put == 0)).reshape(audiences, -1)
            guessed = there & ~table.observed[:, column]
            if guessed.any():
                observed[:, item] = (np.bincount(cell[guessed], minlength=size) == 0).reshape(
                    audiences, -1
                )
    return ItemState(mean, applies, observed)


def _records_behind(
    points: Sequence[PointsTable], hierarchy: Hierarchy, n_units: int
) -> np.ndarray:
    audiences = len(hierarchy.audiences) + 1
    shape = (n_units, audiences, len(hierarchy.ids))
    count = np.zeros(shape, dtype=int)
    for table in points:
        answered = np.zeros((len(table.unit), len(hierarchy.ids)), dtype=bool)
        for column, item in enumerate(table.items):
            answered[:, hierarchy.item_leaf[item]] |= ~np.isnan(table.points[:, column])
        below = (answered.astype(np.float32) @ hierarchy.leaf_below.T.astype(np.float32)) > 0
        count[:, -1] += _summed(below, table.unit, n_units)
        own = table.audience >= 0
        cell = table.unit[own] * audiences + table.audience[own]
        count += _summed(below[own], cell, n_units * audiences).reshape(shape)
    return count


def _summed(values: np.ndarray, groups: np.ndarray, size: int) -> np.ndarray:
    """Count the true values of each column by group, shape (size, columns)."""
    return np.column_stack([np.bincount(groups[of], minlength=size) for of in values.T])


def _position(name: str, names: Sequence[str], expected: str) -> int:
    try:
        return list(names).index(name)
    except ValueError:
        finding = Finding(
            "unknown-name",
            Severity.ERROR,
            expected=expected,
            got=repr(name),
            hint=did_you_mean(name, names),
        )
        raise InputError([finding]) from None
