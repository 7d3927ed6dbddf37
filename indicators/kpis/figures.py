"""What each row of a table of KPIs says: a ratio, or a bare value with its last digit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.kpis.registry import Kpi

COLUMNS = (
    "unit", "kpi", "numerator", "denominator", "value", "period", "clock_start", "target",
)  # fmt: skip


def figures_of(frame: pd.DataFrame, kpis: Mapping[str, Kpi]) -> pd.DataFrame:
    """Return the rows of known KPIs with what each says.

    Returns
    -------
    The columns of the table and ``row``, ``kind``, ``basis`` (of the denominator), ``empty``
    (whether the denominator is 0), ``parts`` (whether a ratio can be taken), ``figure`` (the ratio,
    or else the bare value) and ``written`` (one unit of the last digit of a bare value; 0 for a
    ratio).
    """
    table = frame.reindex(columns=list(dict.fromkeys([*COLUMNS, *frame.columns])))
    table = table.reset_index(names="row")
    table = table[table["kpi"].isin(list(kpis)).to_numpy(dtype=bool)]
    numbers = ["numerator", "denominator", "value", "target"]
    table = table.astype(dict.fromkeys(numbers, float))
    kind = table["kpi"].map({name: kpi.kind for name, kpi in kpis.items()})
    counted = kind == "count"
    empty = ~counted & (table["denominator"] == 0)
    parts = ~counted & table["numerator"].notna() & (table["denominator"] > 0)
    bare = table["value"].where(~counted | table["value"].notna(), table["numerator"])
    ratio = table["numerator"] / table["denominator"].where(parts)
    return table.assign(
        kind=kind,
        basis=table["kpi"].map({name: kpi.denominator for name, kpi in kpis.items()}),
        empty=empty,
        parts=parts,
        figure=bare.where(~parts, ratio).where(~empty),
        written=np.where(parts, 0.0, last_digit(table["value"], 2)),
    )


def last_digit(values: pd.Series, least: int) -> np.ndarray:
    """Return one unit of the last decimal that each number was written with, `least` at least."""
    number = values.to_numpy(dtype=float)
    unit = np.full(len(number), 1e-6)
    for decimals in range(5, least - 1, -1):
        unit[np.isclose(number, np.round(number, decimals), rtol=0, atol=1e-9)] = 10.0**-decimals
    return unit


def counts_of(kpis: Mapping[str, Kpi], *, stock: bool) -> list[str]:
    """Return the KPIs that are counts: stocks, or else those that add up over periods."""
    return [name for name, kpi in kpis.items() if kpi.kind == "count" and kpi.stock == stock]
