"""Random valid records for an indicator system, for tests that need no particular city."""

import numpy as np
import pandas as pd

from indicators.kpis.registry import ceilings
from indicators.measure import RECORD_ID
from indicators.nodes import ADDRESSED
from indicators.system import System
from survey.contracts import CONTRACTS, AnswerColumn
from survey.records import Records

SLOTS = ("s1", "s2", "s3", "s4", "s5", "s6")
OUTCOMES = ("answered", "busy", "no_answer", "dropped", "ivr_only")
PER_UNIT = {"calls": 24, "responses": 60, "channel_tests": 12, "inspections": 30, "cases": 4}


def random_records(
    system: System,
    units: list[str],
    seed: int = 0,
    calls: int = 24,
    responses: int = 60,
    missing: float = 0.1,
) -> Records:
    random = np.random.default_rng(seed)
    needed = system.needed_columns()
    named = system.condition_values()
    audiences = np.array(list(system.audiences) or ["citizen"], dtype=object)
    per_unit = PER_UNIT | {"calls": calls, "responses": responses}

    def values_of(table: str, column: AnswerColumn, n: int) -> np.ndarray:
        if column.kind == "number":
            low = column.minimum or 0
            high = column.maximum if column.maximum is not None else 200
            return random.integers(int(low), int(high) + 1, n).astype(float)
        known = {c.name: c.allowed for c in CONTRACTS[table].columns}.get(column.name, ())
        choices = column.allowed or known or (*sorted(named.get((table, column.name), ())), "other")
        choices = (*choices, *column.not_applicable)
        return np.array(choices, dtype=object)[random.integers(0, len(choices), n)]

    def of_records(table: str) -> pd.DataFrame:
        n = per_unit[table] * len(units)
        key = RECORD_ID[table]
        frame = pd.DataFrame(
            {key: [f"{key}-{i}" for i in range(n)], "unit": np.repeat(units, per_unit[table])},
            index=pd.RangeIndex(2, n + 2, name="row"),
        )
        at = np.arange(n)
        if table == "calls":
            frame["audience"] = audiences[at % len(audiences)]
            frame["scenario"] = np.array(["information", "complaint"])[at // 2 % 2]
            frame["slot"] = np.array(SLOTS)[at // 4 % 6]
        elif table in ADDRESSED:
            frame["audience"] = audiences[random.integers(0, len(audiences), n)]
        if table == "responses":
            frame["weight"] = random.uniform(0.5, 2, n)
        if table == "channel_tests":
            frame["channel"] = random.choice(["web", "wechat", "app"], n)
        if table == "cases":
            frame["kind"] = random.choice(["content", "method"], n)
            frame = frame[random.random(n) < 0.3].copy()
        conditions = {name for of, name in named if of == table}
        for column in needed.get(table, ()):
            values = pd.Series(values_of(table, column, len(frame)), index=frame.index)
            kept = column.name in conditions or column.name == "scenario"
            frame[column.name] = (
                values if kept else values.mask(random.random(len(frame)) < missing)
            )
        for name in conditions - set(frame):
            frame[name] = values_of(table, AnswerColumn(name, "category"), len(frame))
        if table == "calls":
            frame["outcome"] = random.choice(OUTCOMES, n, p=[0.8, 0.05, 0.05, 0.05, 0.05])
        return frame

    def of_figures() -> pd.DataFrame:
        frame = pd.DataFrame({"unit": units}, index=pd.RangeIndex(2, len(units) + 2, name="row"))
        for column in needed["figures"]:
            frame[column.name] = random.uniform(1, 100, len(frame))
            frame.loc[random.random(len(frame)) < missing, column.name] = np.nan
        return frame

    def of_kpis() -> pd.DataFrame:
        registry = system.kpi_registry
        asked = {item.source: None for _, item in system.leaf_items() if item.table == "kpis"}
        asked |= dict.fromkeys(
            name
            for _, item in system.leaf_items()
            if item.table == "kpis"
            for name in (a.name for a in item.answers())
            if name in registry
        )
        names = [name for name in asked if name in registry]
        rows = []
        for unit in units:
            bases: dict[str, int] = {}
            tops: dict[str, float] = {}
            for name in sorted(names, key=lambda n: len(ceilings(n, registry))):
                kpi = registry[name]
                row = {"unit": unit, "kpi": name, "period": "2021", "clock_start": kpi.clock_start}
                if kpi.kind == "count":
                    row |= {"value": float(random.integers(0, 500))}
                else:
                    base = bases.setdefault(str(kpi.denominator), int(random.integers(500, 2000)))
                    most = min(
                        (tops[a] for a in ceilings(name, registry) if a in tops),
                        default=float(base),
                    )
                    share = random.uniform(0.3, 1)
                    top = share * most if kpi.kind == "rate" else base * random.uniform(5, 60)
                    tops[name] = float(int(top))
                    row |= {"numerator": float(int(top)), "denominator": float(base)}
                rows.append(row)
        columns = ["unit", "kpi", "numerator", "denominator", "value", "period", "clock_start",
                   "target", "source"]  # fmt: skip
        frame = pd.DataFrame(rows).reindex(columns=columns)
        frame[["numerator", "denominator", "value", "target"]] = frame[
            ["numerator", "denominator", "value", "target"]
        ].astype(float)
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
        return frame

    tables = {}
    for table in needed:
        if table == "figures":
            tables[table] = of_figures()
        elif table == "kpis":
            tables[table] = of_kpis()
        else:
            tables[table] = of_records(table)
    return Records(tables)
