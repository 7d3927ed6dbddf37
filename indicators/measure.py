"""From records to points: every answer of a table scored by the rule of its item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.figures.prepare import placed_over, prepare_figures
from indicators.kpis.pooling import pooled, pooled_targets
from indicators.kpis.registry import Kpi
from indicators.nodes import BY_UNIT, Item
from indicators.rules import BEST, ConsistencyRule, meets
from indicators.rules.normalise import TARGET_SUFFIX, Placement
from indicators.system import System
from survey.findings import Finding, Severity
from survey.records import Records

STRATA = {
    "calls": ("audience", "scenario"),
    "responses": ("audience",),
    "channel_tests": ("audience", "channel"),
    "inspections": ("business",),
}
"""Columns whose values divide the records of a unit into strata of the sampling design."""
RECORD_ID = {
    "calls": "call_id",
    "responses": "response_id",
    "channel_tests": "test_id",
    "inspections": "inspection_id",
    "cases": "case_id",
}
Found = tuple[Finding, ...]


@dataclass(frozen=True)
class PointsTable:
    """The points of one table of records.

    Parameters
    ----------
    table
        Its name.
    unit, audience, stratum
        Codes, shape (records,); the audience is -1 where the table has none, the stratum is
        unique to a unit.
    weight
        How much each record counts: survey weight times multipliers, shape (records,).
    items
        Indices into ``Hierarchy.items``, shape (items,).
    points
        0 to the top of the scale, NaN where missing or not applicable, shape (records, items).
    applies
        Whether the item was put to the record and applied to it, answered or not; bool, same
        shape.
    exempt
        Whether the answer says that the item does not apply; bool, same shape.
    observed
        Whether the points rest on an answer rather than on an imputed figure; bool, same shape.
    frame
        The records themselves, in the same order, indexed by source row.
    source
        For KPIs, the rows of the file that were pooled; else the same as `frame`.
    """

    table: str
    unit: np.ndarray
    audience: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    items: np.ndarray
    points: np.ndarray
    applies: np.ndarray
    exempt: np.ndarray
    observed: np.ndarray
    frame: pd.DataFrame
    source: pd.DataFrame

    @property
    def sampled(self) -> bool:
        """Whether the records are a sample, and not figures on the whole."""
        return self.table not in BY_UNIT


def measure(
    records: Records,
    system: System,
    units: Sequence[str],
    attributes: pd.DataFrame | None = None,
    known: "tuple[System, Sequence[PointsTable]] | None" = None,
) -> tuple[tuple[PointsTable, ...], Found]:
    """Score every answer.

    Parameters
    ----------
    records
        Valid records.
    system
        The indicator system.
    units
        The units to be scored, in the order of the codes; records of others are left out.
    attributes
        What a register knows of the units, indexed by unit.
    known
        Another system with the points that it gave to the same records and units: points of items
        that are the same in both are taken over.

    Returns
    -------
    points
        One `PointsTable` for each table that the system asks and the records hold.
    findings
        What was pooled, imputed, treated or cut to the scale.
    """
    by_table: dict[str, list[tuple[int, Item]]] = {}
    for position, (_, item) in enumerate(system.leaf_items()):
        by_table.setdefault(item.table, []).append((position, item))
    points: list[PointsTable] = []
    findings: list[Finding] = []
    for table, items in by_table.items():
        if table not in records.tables:
            continue
        frame, file = records.tables[table], records.files.get(table, "")
        if table in BY_UNIT:
            measured, found = _measure_figures(table, frame, items, system, units, attributes, file)
        else:
            measured, found = _measure_records(table, frame, items, system, units, known)
        points.append(measured)
        findings += found
    return tuple(points), tuple(findings)


def _measure_records(
    table: str,
    frame: pd.DataFrame,
    items: list[tuple[int, Item]],
    system: System,
    units: Sequence[str],
    known: "tuple[System, Sequence[PointsTable]] | None",
) -> tuple[PointsTable, list[Finding]]:
    unit = pd.Index(units).get_indexer(pd.Index(frame["unit"]))
    frame, unit = frame[unit >= 0], unit[unit >= 0]
    if system.is_addressed(items[0][1]):
        audience = pd.Index(list(system.audiences)).get_indexer(pd.Index(frame["audience"]))
        frame, unit, audience = frame[audience >= 0], unit[audience >= 0], audience[audience >= 0]
    else:
        audience = np.full(len(frame), -1)
    earlier = _points_of(table, known)
    columns = [
        earlier.get(item) or _item_columns(frame, item, system.scale, table) for _, item in items
    ]
    points, applies, exempt, found = zip(*columns, strict=True)
    stacked = np.column_stack(points)
    return PointsTable(
        table=table,
        unit=unit,
        audience=audience,
        stratum=_codes(
            {"unit": unit} | {name: frame[name] for name in STRATA.get(table, ()) if name in frame}
        ),
        weight=_weights(frame, table, system),
        items=np.array([position for position, _ in items]),
        points=stacked,
        applies=np.column_stack(applies),
        exempt=np.column_stack(exempt),
        observed=~np.isnan(stacked),
        frame=frame,
        source=frame,
    ), [finding for each in found for finding in each]


Columns = tuple[np.ndarray, np.ndarray, np.ndarray, list[Finding]]


def _item_columns(frame: pd.DataFrame, item: Item, scale: float, table: str) -> Columns:
    """Return points, whether the item applies, whether the answer exempts it, and findings."""
    asked = meets(frame, item.where)
    exempt = np.zeros(len(frame), dtype=bool)
    if item.not_applicable:
        frame, exempt = _without_exempt(frame, item)
        exempt &= asked
    if isinstance(item.rule, ConsistencyRule):
        raw = np.full(len(frame), np.nan)
        raw[asked] = item.rule.points(frame[asked], item.source)
    else:
        raw = np.where(asked, item.rule.points(frame, item.source), np.nan)
    raw, found = _held_to_scale(raw, item, table)
    for override in item.override:
        met = meets(frame, override.where)
        raw, exempt = np.where(met, override.points, raw), exempt & ~met
    points = np.where(asked & ~exempt, raw, np.nan)
    return points * (scale / BEST), asked & ~exempt, exempt, found


def item_points(frame: pd.DataFrame, item: Item) -> np.ndarray:
    """Return the points of one item, 0 to 10, for every record of its table.

    Returns
    -------
    Shape (records,); NaN where the item does not apply or was not answered.
    """
    return _item_columns(frame, item, BEST, item.table)[0]


def _without_exempt(frame: pd.DataFrame, item: Item) -> tuple[pd.DataFrame, np.ndarray]:
    """Blank the answers that say the item does not apply.

    A record is exempt where no other column of the item was answered.
    """
    names = [answer.name for answer in item.answers()]
    masked: dict[str, pd.Series] = {}
    saying = np.zeros(len(frame), dtype=bool)
    for answer in item.answers():
        held = frame[answer.name]
        numbers = answer.kind == "number"
        values = item.exempt_numbers if numbers else item.not_applicable
        exempt = held.isin(list(values)).to_numpy(dtype=bool)
        masked[answer.name] = held.mask(exempt)
        saying |= exempt
    changed = frame.assign(**masked)
    return changed, saying & changed[names].isna().all(axis=1).to_numpy()


def _held_to_scale(points: np.ndarray, item: Item, table: str) -> tuple[np.ndarray, list[Finding]]:
    """Cut points to 0 to 10, and count what was cut."""
    cut = int(((points < -1e-9) | (points > BEST + 1e-9)).sum())
    if not cut:
        return np.clip(points, 0, BEST), []
    finding = Finding(
        "beyond-scale",
        Severity.NOTE,
        column=f"{table}.{item.id}",
        expected=f"points from 0 to {BEST:g}",
        got=f"{cut} beyond, cut to the scale",
        hint="look at the goalposts, the formula or the rule",
        count=cut,
    )
    return np.clip(points, 0, BEST), [finding]


def _points_of(table: str, known: "tuple[System, Sequence[PointsTable]] | None") -> "_Earlier":
    if known is None:
        return _Earlier({}, None)
    system, tables = known
    held = next((each for each in tables if each.table == table), None)
    items = [item for _, item in system.leaf_items()]
    if held is None:
        return _Earlier({}, None)
    return _Earlier(
        {items[position].id: (items[position], at) for at, position in enumerate(held.items)},
        held,
    )


@dataclass(frozen=True)
class _Earlier:
    """Points of items under an earlier system."""

    items: Mapping[str, tuple[Item, int]]
    points: PointsTable | None

    def get(self, item: Item) -> Columns | None:
        """Return the columns of an item that scores as it did, or None."""
        known, at = self.items.get(item.id, (None, 0))
        if known is None or self.points is None or _scoring(known) != _scoring(item):
            return None
        held = self.points
        return held.points[:, at], held.applies[:, at], held.exempt[:, at], []


def _scoring(item: Item) -> Item:
    return item.model_copy(update={"weight": 1.0, "zh": "", "en": ""})


def _weights(frame: pd.DataFrame, table: str, system: System) -> np.ndarray:
    weight = (
        frame["weight"].fillna(1.0).to_numpy(float) if "weight" in frame else np.ones(len(frame))
    )
    for multiplier in system.multipliers:
        if multiplier.table == table:
            weight = np.where(meets(frame, multiplier.where), weight * multiplier.times, weight)
    return weight


def _measure_figures(
    table: str,
    frame: pd.DataFrame,
    items: list[tuple[int, Item]],
    system: System,
    units: Sequence[str],
    attributes: pd.DataFrame | None,
    file: str,
) -> tuple[PointsTable, list[Finding]]:
    source = frame[pd.Index(units).get_indexer(pd.Index(frame["unit"])) >= 0]
    findings: list[Finding] = []
    wide = source
    if table == "kpis":
        wide, found = pooled(source, system.kpi_registry, file)
        wide = _with_targets(wide, source, system.kpi_registry)
        findings += found
        absent = {a.name for _, item in items for a in item.answers()} - set(wide.columns)
        wide = wide.assign(**dict.fromkeys(sorted(absent), np.nan))
    prepared = prepare_figures(wide, [item for _, item in items], system, attributes)
    findings += prepared.findings
    scored = prepared.frame[prepared.scored]
    points, observed, exempt = [], [], []
    for _, item in items:
        seen = placed_over(item, prepared.scored)
        columns, kept = prepared.seen_by(item, seen), prepared.scored[seen]
        saying = prepared.exempt.get(item.id, np.zeros(len(seen), dtype=bool))[seen]
        if isinstance(item.rule, Placement):
            raw = item.rule.points(columns, item.source)
            findings += _unplaced(columns[item.source][kept], raw[kept], item, table)
        else:
            figures = pd.DataFrame(columns)
            if item.not_applicable and item.id not in prepared.exempt:
                figures, saying = _without_exempt(figures, item)
            raw = item.rule.points(figures, item.source)
        held, found = _held_to_scale(raw[kept], item, table)
        findings += found
        points.append(held * (system.scale / BEST))
        exempt.append(saying[kept])
        observed.append(~prepared.guessed(item)[prepared.scored])
    unit = pd.Index(units).get_indexer(pd.Index(scored["unit"]))
    exemption = np.column_stack(exempt)
    return PointsTable(
        table=table,
        unit=unit,
        audience=np.full(len(scored), -1),
        stratum=unit,
        weight=np.ones(len(scored)),
        items=np.array([position for position, _ in items]),
        points=np.column_stack(points),
        applies=~exemption,
        exempt=exemption,
        observed=np.column_stack(observed),
        frame=scored.set_index("row"),
        source=source,
    ), findings


def _unplaced(figures: np.ndarray, points: np.ndarray, item: Item, table: str) -> Iterator[Finding]:
    """Find figures that a rule cannot place, such as the range of a figure that never varies."""
    lost = int((~np.isnan(figures) & np.isnan(points)).sum())
    if lost:
        yield Finding(
            "not-placed",
            Severity.WARNING,
            column=f"{table}.{item.id}",
            expected="figures that differ between units, and a target where the rule needs one",
            got=f"{lost} figures that the rule gives no points",
            hint="they count as missing; leave the item out, or use goalposts",
            count=lost,
        )


def _with_targets(
    wide: pd.DataFrame, source: pd.DataFrame, kpis: Mapping[str, Kpi]
) -> pd.DataFrame:
    """Add each unit's own target of each KPI as a column ``KPI.target``."""
    if "target" not in source or source["target"].isna().all():
        return wide
    return wide.join(pooled_targets(source, kpis).add_suffix(TARGET_SUFFIX), on="unit")


def _codes(columns: Mapping[str, np.ndarray | pd.Series]) -> np.ndarray:
    """Number the combinations of several columns."""
    code = np.zeros(len(next(iter(columns.values()))), dtype=np.int64)
    for values in columns.values():
        own, levels = pd.factorize(pd.Series(values).reset_index(drop=True), use_na_sentinel=False)
        code = code * max(len(levels), 1) + own
    return np.unique(code, return_inverse=True)[1]
