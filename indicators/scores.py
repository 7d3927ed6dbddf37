"""Scores: every unit, audience and indicator, with what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.aggregate import roll_up
from indicators.lineage import Trace, trace_score
from indicators.measure import PointsTable, measure
from indicators.system import ALL, ROOT, Hierarchy, System
from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.records import Records


@dataclass(frozen=True)
class Scores:
    """Scores with their standard error, number of records and coverage.

    Parameters
    ----------
    system
        The indicator system.
    units
        The units, length U.
    points
        The points of every record, for lineage and resampling.
    score, se, coverage
        Shape (U, A + 1, N): units, audiences with ``all`` last, indicators with the total first.
        Scores are 0 to 10, NaN where coverage is too low; `se` is NaN until it is estimated
        (`analysis.resample`); coverage is 0 to 1.
    n
        Records with at least one answer below the indicator, int, same shape.
    """

    system: System
    units: tuple[str, ...]
    points: tuple[PointsTable, ...]
    score: np.ndarray
    se: np.ndarray
    coverage: np.ndarray
    n: np.ndarray

    @property
    def hierarchy(self) -> Hierarchy:
        """The tree as arrays."""
        return self.system.hierarchy

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """Audience names along the second axis."""
        return (*self.hierarchy.audiences, ALL)

    def with_se(self, se: np.ndarray) -> "Scores":
        """Return the same scores with standard errors, shape (U, A + 1, N)."""
        return replace(self, se=np.where(np.isnan(self.score), np.nan, se))

    def of(self, indicator: str, audience: str = ALL) -> pd.Series:
        """Return one indicator's scores, indexed by unit."""
        values = self.score[:, self.audience_index(audience), self.hierarchy.index(indicator)]
        return pd.Series(values, index=pd.Index(self.units, name="unit"), name=indicator)

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
            self.points,
            self.score[self.unit_index(unit)],
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
    records: Records, system: System, units: Sequence[str]
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

    Returns
    -------
    scores
        `Scores` without standard errors.
    findings
        Warnings for units without a score, and a note for units without innovation cases.
    """
    points = measure(records, system, units)
    hierarchy = system.hierarchy
    rolled = roll_up(hierarchy, item_means(points, hierarchy, len(units)))
    by_unit = np.moveaxis(rolled.score, -1, 0)
    scores = Scores(
        system=system,
        units=tuple(units),
        points=points,
        score=by_unit,
        se=np.full_like(by_unit, np.nan),
        coverage=np.moveaxis(rolled.coverage, -1, 0),
        n=_records_behind(points, hierarchy, len(units)),
    )
    return scores, _findings(scores)


def item_means(points: Sequence[PointsTable], hierarchy: Hierarchy, n_units: int) -> np.ndarray:
    """Return the weighted mean points of each item.

    Returns
    -------
    Shape (A + 1, items, units); NaN where nobody answered.
    """
    audiences = len(hierarchy.audiences) + 1
    means = np.full((audiences, len(hierarchy.items), n_units), np.nan)
    for table in points:
        audience = np.where(table.audience < 0, audiences - 1, table.audience)
        cell = audience * n_units + table.unit
        for column, item in enumerate(table.items):
            values = table.points[:, column]
            there = ~np.isnan(values)
            weight = table.weight[there]
            weights = np.bincount(cell[there], weight, audiences * n_units)
            sums = np.bincount(cell[there], weight * values[there], audiences * n_units)
            with np.errstate(invalid="ignore", divide="ignore"):
                means[:, item] = np.where(weights > 0, sums / weights, np.nan).reshape(
                    audiences, -1
                )
    return means


def _records_behind(
    points: Sequence[PointsTable], hierarchy: Hierarchy, n_units: int
) -> np.ndarray:
    audiences = len(hierarchy.audiences) + 1
    count = np.zeros((n_units, audiences, len(hierarchy.ids)), dtype=int)
    for table in points:
        answered = np.zeros((len(table.unit), len(hierarchy.ids)), dtype=bool)
        for column, item in enumerate(table.items):
            answered[:, hierarchy.item_leaf[item]] |= ~np.isnan(table.points[:, column])
        below = (answered.astype(np.float32) @ hierarchy.leaf_below.T.astype(np.float32)) > 0
        np.add.at(count[:, audiences - 1], table.unit, below)
        addressed = table.audience >= 0
        np.add.at(count, (table.unit[addressed], table.audience[addressed]), below[addressed])
    return count


def _findings(scores: Scores) -> tuple[Finding, ...]:
    hierarchy, overall = scores.hierarchy, len(scores.audiences) - 1
    found = []
    missing = np.isnan(scores.score[:, overall, :]) & (hierarchy.bonus == 0)
    for node in np.flatnonzero(missing.any(axis=0)):
        without = [scores.units[u] for u in np.flatnonzero(missing[:, node])]
        found.append(
            Finding(
                "no-score",
                Severity.WARNING,
                column=hierarchy.ids[node],
                expected=f"data for {hierarchy.minimum_coverage[node]:.0%} of the weight",
                got=f"{len(without)} units below it: {_some(without)}",
                hint="these units have no score here; collect more records",
                count=len(without),
            )
        )
    for node in np.flatnonzero(hierarchy.bonus):
        without = np.isnan(scores.score[:, overall, node]).sum()
        if without and hierarchy.depth[node] == 1:
            found.append(
                Finding(
                    "no-bonus",
                    Severity.NOTE,
                    column=hierarchy.ids[node],
                    got=f"{without} units without cases",
                    hint="they get no bonus",
                    count=int(without),
                )
            )
    return tuple(found)


def _some(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


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
