"""What scoring found: units without a score, exempt items, averages held down by a zero."""

from collections.abc import Iterator, Sequence

import numpy as np

from indicators.averages import PowerMean
from indicators.hierarchy import Hierarchy
from indicators.measure import PointsTable
from indicators.weights.resolve import ItemState
from survey.findings import Finding, Severity


def score_findings(
    hierarchy: Hierarchy,
    units: Sequence[str],
    score: np.ndarray,
    applies: np.ndarray,
    points: Sequence[PointsTable],
    items: ItemState,
) -> tuple[Finding, ...]:
    """Return what the scores lack, for shapes see `indicators.scores.Scores`."""
    return (
        *_without_score(hierarchy, units, score, applies),
        *_without_bonus(hierarchy, score),
        *_exempt(hierarchy, points),
        *_held_at_zero(hierarchy, units, score),
    )


def _without_score(
    hierarchy: Hierarchy, units: Sequence[str], score: np.ndarray, applies: np.ndarray
) -> Iterator[Finding]:
    missing = np.isnan(score[:, -1]) & applies[:, -1] & (hierarchy.bonus == 0)
    for node in np.flatnonzero(missing.any(axis=0)):
        without = [units[unit] for unit in np.flatnonzero(missing[:, node]).tolist()]
        yield Finding(
            "no-score",
            Severity.WARNING,
            column=hierarchy.ids[node],
            expected=f"data for {hierarchy.minimum_coverage[node]:.0%} of the weight",
            got=f"{counted(len(without))} below it: {some(without)}",
            hint="these units have no score here; collect more records",
            count=len(without),
        )


def _without_bonus(hierarchy: Hierarchy, score: np.ndarray) -> Iterator[Finding]:
    for node in np.flatnonzero(hierarchy.bonus):
        without = int(np.isnan(score[:, -1, node]).sum())
        if without:
            yield Finding(
                "no-bonus",
                Severity.NOTE,
                column=hierarchy.ids[node],
                got=f"{counted(without)} without cases",
                hint="they get no bonus",
                count=without,
            )


def _exempt(hierarchy: Hierarchy, points: Sequence[PointsTable]) -> Iterator[Finding]:
    for table in points:
        counts = table.exempt.sum(axis=0)
        if total := int(counts.sum()):
            names = [hierarchy.items[table.items[at]] for at in np.flatnonzero(counts)]
            yield Finding(
                "not-applicable",
                Severity.NOTE,
                column=table.table,
                got=f"{total} answers to {some(names)} say that the question does not apply",
                hint="they do not count as missing",
                count=total,
            )


def _held_at_zero(
    hierarchy: Hierarchy, units: Sequence[str], score: np.ndarray
) -> Iterator[Finding]:
    """Find averages that one part at zero has brought to zero, whatever the others are."""
    for node, method in enumerate(hierarchy.average):
        sinking = method in ("geometric", "harmonic") or (
            isinstance(method, PowerMean) and method.power <= 0
        )
        children = hierarchy.core(node)
        if not sinking or not children.size:
            continue
        parts = score[:, -1, children]
        sunk = (score[:, -1, node] == 0) & (np.nan_to_num(parts).max(axis=1) > 0)
        if sunk.any():
            names = [units[unit] for unit in np.flatnonzero(sunk).tolist()]
            yield Finding(
                "held-at-zero",
                Severity.WARNING,
                column=hierarchy.ids[node],
                expected="scores above 0 under such an average",
                got=f"{counted(len(names))} with a part at 0: {some(names)}",
                hint="their score is 0; minmax: [1, 10] keeps points above 0",
                count=len(names),
            )


def some(names: Sequence[str], most: int = 5) -> str:
    """Name the first few of several."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def counted(units: int) -> str:
    """Say how many units: ``"1 unit"``, ``"12 units"``."""
    return f"{units} unit{'s' * (units != 1)}"
