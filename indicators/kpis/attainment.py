"""What was reached of split targets, at every level from the agent to the centre."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from indicators.kpis.checks import SLACK, cases, check_kpis
from indicators.kpis.registry import Kpi
from indicators.kpis.targets import CENTRE, with_targets
from survey.findings import Finding, did_you_mean, raise_errors

_NO_PERIOD = ""


def attainment(
    targets: pd.DataFrame, values: pd.DataFrame, kpis: Mapping[str, Kpi], file: str = ""
) -> pd.DataFrame:
    """Tell what was reached of every target, for agents, teams and the centre.

    Parameters
    ----------
    targets
        From `split_targets`: the targets of one period.
    values
        The table ``kpis`` of the same units. A team's figure comes from its agents: numerators and
        denominators are summed, and so are counts; a KPI that a table states for the team (or the
        centre) itself, such as the length of a queue, is taken as stated. KPIs without a target
        are left aside.
    kpis
        The registry.
    file
        For the findings.

    Returns
    -------
    One row a target and period: the columns of `targets` and ``period``, ``value``, ``gap`` (value
    less target, in the KPI's unit), ``met`` (in the KPI's direction; missing where that is neutral
    or there is no value) and ``agents`` (whose figures make it up; 0 where the table states it).

    Raises
    ------
    InputError
        With every error of `check_kpis`, for a unit that has no targets, and for rates of several
        agents without the counts to pool them.
    """
    asked = targets["kpi"].unique()
    return _compared(targets, _reached(targets, values, kpis, file, asked), kpis)


def at_every_level(
    targets: pd.DataFrame, values: pd.DataFrame, kpis: Mapping[str, Kpi], file: str = ""
) -> pd.DataFrame:
    """Return the table ``kpis`` of the centre, its teams and its agents, with their targets.

    One indicator system then scores any of the levels.

    Parameters
    ----------
    targets, values, kpis, file
        As for `attainment`.

    Returns
    -------
    Columns unit, kpi, numerator, denominator, value, period, target; the index ``row`` numbers the
    rows of this table as a file would.

    Raises
    ------
    InputError
        As for `attainment`.
    """
    reached = _reached(targets, values, kpis, file, values["kpi"].unique())
    bare = reached["top"].isna()
    table = pd.DataFrame(
        {
            "unit": reached["unit"],
            "kpi": reached["kpi"],
            "numerator": reached["top"],
            "denominator": reached["bottom"],
            "value": reached["figure"].where(bare),
            "period": reached["period"].mask(reached["period"] == _NO_PERIOD),
        }
    )
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    return with_targets(table, targets)


def _reached(
    targets: pd.DataFrame, values: pd.DataFrame, kpis: Mapping[str, Kpi], file: str, asked: Any
) -> pd.DataFrame:
    """Return the figures of every level for the KPIs asked."""
    units = targets.drop_duplicates("unit").set_index("unit")
    raise_errors([*check_kpis(values, kpis, file), *_strangers(values, units, file)])
    figures = _known_figures(values[values["kpi"].isin(asked).to_numpy(dtype=bool)], kpis)
    level = figures["unit"].map(units["level"])
    figures = figures.assign(level=level, agents=(level == "agent").astype(int))
    agents = figures[level == "agent"]
    teams, without_counts = _raised(agents, agents["unit"].map(units["team"]), figures, "team")
    centre = pd.Series(units.index[units["level"] == CENTRE][0], index=teams.index)
    whole, more = _raised(teams, centre, figures, CENTRE)
    raise_errors(_bare(pd.concat([without_counts, more]), file))
    return pd.concat([whole, teams, agents], ignore_index=True)


def _known_figures(values: pd.DataFrame, kpis: Mapping[str, Kpi]) -> pd.DataFrame:
    """Return top, bottom and figure of every row that has one."""
    table = values.reindex(columns=["unit", "kpi", "period", "numerator", "denominator", "value"])
    count = table["kpi"].map({name: kpi.kind == "count" for name, kpi in kpis.items()}).astype(bool)
    top, bottom, value = (
        table[name].astype(float) for name in ("numerator", "denominator", "value")
    )
    parts = ~count & top.notna() & (bottom > 0)
    bare = value.where(value.notna() | ~count, top).where(count | ~(bottom == 0))
    figures = pd.DataFrame(
        {
            "unit": table["unit"],
            "kpi": table["kpi"],
            "period": table["period"].astype("str").fillna(_NO_PERIOD),
            "count": count,
            "top": top.where(parts),
            "bottom": bottom.where(parts),
            "figure": bare.where(~parts, top / bottom.where(parts)),
        }
    )
    return figures[figures["figure"].notna()].reset_index(drop=True)


def _raised(
    lower: pd.DataFrame, parent: pd.Series, figures: pd.DataFrame, level: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum figures to the level above, where that has none of its own.

    Returns
    -------
    The figures of the level above, and those of them that several bare rates would have to make.
    """
    keys = ["unit", "kpi", "period"]
    grouped = lower.assign(unit=parent).groupby(keys, sort=False)
    held = grouped[["top", "bottom", "figure", "agents"]].sum(min_count=1)
    held["count"] = grouped["count"].first()
    several = grouped["figure"].size() > 1
    bare = grouped["top"].count() < grouped["figure"].size()
    held["figure"] = held["figure"].where(held["count"] | bare, held["top"] / held["bottom"])
    stated = figures[figures["level"] == level]
    summed = held.reset_index().merge(stated[keys], on=keys, how="left", indicator="there")
    kept = (summed["there"] == "left_only").to_numpy()
    wrong = kept & (several & bare & ~held["count"]).to_numpy(dtype=bool)
    columns = [*keys, "count", "top", "bottom", "figure", "level", "agents"]
    above = pd.concat([summed[kept].assign(level=level)[columns], stated[columns]])
    return above.reset_index(drop=True), summed[wrong]


def _compared(
    targets: pd.DataFrame, reached: pd.DataFrame, kpis: Mapping[str, Kpi]
) -> pd.DataFrame:
    named = sorted(reached["period"].unique()) or [_NO_PERIOD]
    periods = pd.DataFrame({"period": named}, dtype="str")
    keys = ["level", "unit", "kpi", "period"]
    found = reached[[*keys, "figure", "agents"]].rename(columns={"figure": "value"})
    table = targets.merge(periods, how="cross").merge(found, on=keys, how="left")
    signs = {"higher": 1.0, "lower": -1.0, "neutral": np.nan}
    gap = table["value"] - table["target"]
    ahead = gap * table["kpi"].map({name: signs[kpi.direction] for name, kpi in kpis.items()})
    slack = SLACK * np.maximum(1.0, table["target"].abs())
    met = (ahead >= -slack).astype("boolean").mask(ahead.isna())
    agents = table["agents"].fillna(0).astype(int)
    period = table["period"].mask(table["period"] == _NO_PERIOD)
    return table.assign(period=period, gap=gap, met=met, agents=agents)[
        ["level", "unit", "team", "period", "kpi", "target", "value", "gap", "met", "agents"]
    ]


def _strangers(values: pd.DataFrame, units: pd.DataFrame, file: str) -> Iterator[Finding]:
    rows = values[["unit"]].reset_index(names="row").dropna(subset=["unit"])
    strange = rows[~rows["unit"].isin(units.index)].drop_duplicates("unit")
    yield from cases(
        strange, "unknown-unit", (file, "unit"), "the centre, a team or an agent with targets",
        lambda row: did_you_mean(str(row["unit"]), map(str, units.index)),
        lambda row: repr(row["unit"]),
    )  # fmt: skip


def _bare(rows: pd.DataFrame, file: str) -> Iterator[Finding]:
    yield from cases(
        rows.assign(row=None), "bare-rates", (file, "value"),
        "a numerator and a denominator for each agent",
        "a mean of rates is not the rate of the team: give the counts",
        lambda row: f"bare values of {row['kpi']} below {row['unit']}",
    )  # fmt: skip
