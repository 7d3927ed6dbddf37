"""The figures of KPIs: what each row says, and several periods pooled into one value."""

from collections.abc import Mapping

import pandas as pd

from indicators.kpis.checks import check_kpis
from indicators.kpis.figures import counts_of, figures_of
from indicators.kpis.registry import Kpi
from survey.findings import Finding, raise_errors


def pooled(
    frame: pd.DataFrame, kpis: Mapping[str, Kpi], file: str = ""
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Pool the periods of every KPI of every unit into one value.

    Parameters
    ----------
    frame
        The table ``kpis``: unit, kpi, numerator, denominator, value, period, clock_start, target,
        source; the index is the row of the file.
    kpis
        The registry.
    file
        For the findings.

    Returns
    -------
    values
        One row a unit (column ``unit``), a column a KPI, in the KPI's unit. Rates and means are
        sums of numerators over sums of denominators, so that a period counts by its size; counts
        are summed, and of stocks the last period stands. Where a KPI has a single period, a bare
        ``value`` is taken.
    findings
        Warnings and notes.

    Raises
    ------
    InputError
        With every error that `check_kpis` finds.
    """
    table = figures_of(frame, kpis)
    findings = check_kpis(frame, kpis, file)
    raise_errors(findings)
    if table.empty:
        return pd.DataFrame({"unit": pd.Series(dtype="str")}), findings
    held = table.assign(
        top=table["numerator"].where(table["parts"]),
        bottom=table["denominator"].where(table["parts"]),
    ).sort_values("period", kind="stable", na_position="first")
    grouped = held.groupby(["unit", "kpi"], sort=False)
    summed = grouped[["top", "bottom", "figure"]].sum(min_count=1)
    rates = (summed["top"] / summed["bottom"]).fillna(grouped["figure"].first())
    name = summed.index.get_level_values("kpi")
    flow, stock = (name.isin(counts_of(kpis, stock=of)) for of in (False, True))
    value = rates.where(~flow, summed["figure"]).where(~stock, grouped["figure"].last())
    order = pd.unique(table["unit"].dropna())
    wide = value.unstack("kpi").reindex(order)
    return wide.rename_axis(columns=None).rename_axis("unit").reset_index(), findings


def pooled_targets(frame: pd.DataFrame, kpis: Mapping[str, Kpi]) -> pd.DataFrame:
    """Pool the targets of several periods as `pooled` pools the values they are for.

    Parameters
    ----------
    frame
        A table ``kpis`` that `check_kpis` found no error in; a target is for the period of its
        row.
    kpis
        The registry.

    Returns
    -------
    One row a unit (the index), a column a KPI that has a target. Targets of counts are summed, of
    stocks the last one stands; those of rates and means are averaged, weighted by denominators
    where every period has one.
    """
    table = figures_of(frame, kpis).dropna(subset=["target"])
    table = table.sort_values("period", kind="stable", na_position="first")
    keys = ["unit", "kpi"]
    whole = table.groupby(keys)["parts"].transform("all").astype(bool)
    weight = table["denominator"].where(whole, 1.0)
    grouped = table.assign(weight=weight, product=weight * table["target"]).groupby(keys)
    sums = grouped[["product", "weight", "target"]].sum()
    name = sums.index.get_level_values("kpi")
    flow, stock = (name.isin(counts_of(kpis, stock=of)) for of in (False, True))
    averaged = sums["product"] / sums["weight"]
    target = averaged.where(~flow, sums["target"]).where(~stock, grouped["target"].last())
    return target.unstack("kpi").rename_axis(columns=None)
