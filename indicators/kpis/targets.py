"""Targets of a whole centre split down to its teams and agents, and how far they are reached.

Counts are split in proportion to capacity, so that agents add up exactly to their team and teams
to the centre; the parts of a whole number are whole (largest remainder, Hamilton's method: see
Balinski and Young, Fair Representation, 1982, chapter 2). Rates and means pass down as they are.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from indicators.kpis.checks import SLACK, Row, cases, target_hint
from indicators.kpis.registry import Kpi
from survey.findings import Finding, Severity, did_you_mean, raise_errors

CENTRE = "centre"
LEVELS = (CENTRE, "team", "agent")
COLUMNS = ["level", "unit", "team", "kpi", "target"]
Overrides = Mapping[str, Mapping[str, float]]


def split_targets(
    targets: Mapping[str, float],
    members: pd.DataFrame,
    kpis: Mapping[str, Kpi],
    overrides: Overrides | None = None,
    centre: str = CENTRE,
) -> pd.DataFrame:
    """Split a centre's targets to its teams and agents.

    Parameters
    ----------
    targets
        KPI to the centre's target for one period, in the KPI's unit (rates from 0 to 1).
    members
        One row an agent: ``unit``, ``team`` and ``share``, the capacity (hours rostered, or 1 for
        each head).
    kpis
        The registry.
    overrides
        Team to KPI to a target of its own. The other teams' targets are changed so that the
        centre's still holds: of a count they share the rest, of a rate or a mean they get the
        target that keeps the mean weighted by capacity.
    centre
        Name of the centre.

    Returns
    -------
    One row a unit and KPI: ``level`` (centre, team, agent), ``unit``, ``team`` (missing for the
    centre), ``kpi``, ``target``. Counts add up exactly, whole ones in whole parts; equal remainders
    go to the larger capacity first and then by name, so that the order of rows does not matter.

    Raises
    ------
    InputError
        For an unknown KPI or team (with the nearest name), a target out of range, an agent without
        a team or twice, a share that is missing or below 0, a team without capacity, and overrides
        that no target of the other teams can make up for; all of them at once.
    """
    own = overrides or {}
    problems = [*_wrong_members(members, centre), *_wrong_targets(targets, kpis, "targets")]
    for team, each in own.items():
        problems += _wrong_overrides(team, each, targets, members, kpis)
    raise_errors(problems)
    ordered = members.sort_values("unit", kind="stable")
    names = pd.Index(pd.unique(ordered["team"]), name="team").sort_values()
    code = names.get_indexer(pd.Index(ordered["team"]))
    share = ordered["share"].to_numpy(dtype=float)
    capacity = np.bincount(code, share, len(names))
    by_team: dict[str, np.ndarray] = {}
    by_agent: dict[str, np.ndarray] = {}
    for kpi, target in targets.items():
        held = np.array([own.get(str(team), {}).get(kpi, np.nan) for team in names])
        if kpis[kpi].kind == "count":
            split, found = _split_count(float(target), capacity, held)
            by_agent[kpi] = apportion(split, share, code, _quantum(float(target)))
        else:
            split, found = _adjusted(float(target), capacity, held, kpis[kpi])
            by_agent[kpi] = split[code]
        by_team[kpi] = split
        problems += [_impossible(kpi, reason, hint, own) for reason, hint in found]
    raise_errors(problems)
    whole = pd.DataFrame({kpi: [float(target)] for kpi, target in targets.items()})
    agents = pd.DataFrame(by_agent, index=ordered.index).loc[members.index]
    figures = np.vstack([whole, pd.DataFrame(by_team), agents])
    return pd.DataFrame(
        {
            "level": np.repeat(LEVELS, np.array([1, len(names), len(members)]) * len(targets)),
            "unit": np.repeat([centre, *names, *members["unit"]], len(targets)),
            "team": np.repeat(np.array([None, *names, *members["team"]], dtype=object),
                              len(targets)),
            "kpi": np.tile(list(targets), len(figures)),
            "target": figures.ravel(),
        }
    ).astype(dict.fromkeys(COLUMNS[:-1], "str"))  # fmt: skip


def with_targets(table: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Write split targets into the column ``target`` of a table ``kpis``, where that is blank.

    Parameters
    ----------
    table
        The table ``kpis``; each row is one period of a unit and a KPI.
    targets
        From `split_targets`: the targets of one period.
    """
    by_key = targets.set_index(["unit", "kpi"])["target"]
    keys = pd.MultiIndex.from_frame(table[["unit", "kpi"]])
    split = pd.Series(by_key.reindex(keys).to_numpy(), index=table.index, dtype=float)
    known = table["target"].astype(float) if "target" in table else split
    return table.assign(target=known.where(known.notna(), split))


def _wrong_members(members: pd.DataFrame, centre: str) -> Iterator[Finding]:
    missing = [name for name in ("unit", "team", "share") if name not in members]
    if missing or members.empty:
        yield Finding(
            "members", Severity.ERROR, "", None, "members",
            "a row an agent with unit, team and share",
            f"no column {', '.join(missing)}" if missing else "no rows", "name the agents",
        )  # fmt: skip
        return
    rows = members.reset_index(names="row")
    share = pd.to_numeric(rows["share"], errors="coerce")
    team = rows["team"].where(rows["team"].notna(), "").astype("str")
    homeless = team.str.strip() == ""
    blank, negative = share.isna() | (share == np.inf), share < 0
    idle = ~homeless & ~(share != 0).groupby(team).transform("any")
    taken = rows["unit"].isin([*team, centre])

    def said(column: str) -> Callable[[Row], str]:
        return lambda row: f"{row['unit']}: {column} {row[column]!r}"

    def team_of(row: Row) -> str:
        return f"team {row['team']!r}"

    for wrong, check, column, expected, hint, got in (
        (homeless, "no-team", "team", "a team for each agent", "write the agent's team", None),
        (rows["unit"].duplicated(), "repeated-agent", "unit", "each agent once",
         "put an agent of two teams into one of them", None),
        (negative, "negative-share", "share", "0 or more", "check the capacity", None),
        (blank, "no-share", "share", "hours, or 1 for each head", "write the capacity", None),
        (idle & ~team.duplicated(), "idle-team", "share", "capacity above 0 in each team",
         "leave the team out", team_of),
        (taken, "ambiguous-unit", "unit", "agents, teams and the centre under different names",
         "rename the agent or the team", None),
        ((team == centre) & ~team.duplicated(), "ambiguous-unit", "team",
         "agents, teams and the centre under different names", "rename the team", team_of),
    ):  # fmt: skip
        where = ("members", column)
        yield from cases(
            rows[wrong.to_numpy(dtype=bool)], check, where, expected, hint, got or said(column)
        )


def _wrong_targets(
    targets: Mapping[str, float], kpis: Mapping[str, Kpi], where: str
) -> Iterator[Finding]:
    for name, target in targets.items():
        column = f"{where}.{name}"
        if name not in kpis:
            yield Finding(
                "unknown-kpi", Severity.ERROR, "", None, column, "a KPI of the registry",
                repr(name), did_you_mean(name, kpis),
            )  # fmt: skip
            continue
        rate = kpis[name].kind == "rate"
        if not 0 <= target <= (1 if rate else np.finfo(float).max):
            yield Finding(
                "impossible-target", Severity.ERROR, "", None, column,
                "a rate from 0 to 1" if rate else "0 or more", f"{target:g} for {kpis[name].en}",
                target_hint(kpis[name].kind, target),
            )  # fmt: skip


def _wrong_overrides(
    team: str,
    own: Mapping[str, float],
    targets: Mapping[str, float],
    members: pd.DataFrame,
    kpis: Mapping[str, Kpi],
) -> Iterator[Finding]:
    teams = list(pd.unique(members["team"].dropna())) if "team" in members else []
    if team not in teams:
        yield Finding(
            "unknown-team", Severity.ERROR, "", None, f"overrides.{team}", "a team of the members",
            repr(team), did_you_mean(team, map(str, teams)),
        )  # fmt: skip
    yield from _wrong_targets(own, kpis, f"overrides.{team}")
    for name in own:
        if name in kpis and name not in targets:
            yield Finding(
                "no-target", Severity.ERROR, "", None, f"overrides.{team}.{name}",
                "a KPI with a target of the centre", repr(name), did_you_mean(name, targets),
            )  # fmt: skip
        elif name in targets and name in kpis and kpis[name].kind == "count":
            whole = float(targets[name]).is_integer()
            if whole and not float(own[name]).is_integer():
                yield Finding(
                    "part-of-a-whole", Severity.ERROR, "", None, f"overrides.{team}.{name}",
                    f"a whole number, as the centre's {targets[name]:g}", f"{own[name]:g}",
                    "round the team's target",
                )  # fmt: skip


def _impossible(kpi: str, reason: str, hint: str, own: Overrides) -> Finding:
    teams = ", ".join(team for team, each in own.items() if kpi in each)
    return Finding(
        "impossible-override", Severity.ERROR, "", None, f"overrides.{kpi}",
        "targets of the teams that make the centre's", f"{reason} ({teams})", hint,
    )  # fmt: skip


Problems = list[tuple[str, str]]


def _split_count(
    target: float, capacity: np.ndarray, held: np.ndarray
) -> tuple[np.ndarray, Problems]:
    """Split a count to teams; those with a target of their own keep it."""
    quantum = _quantum(target)
    own = ~np.isnan(held)
    kept = np.round(np.where(own, held, 0.0) / quantum) * quantum
    rest = target - kept.sum()
    if rest < 0 or (own.all() and rest != 0):
        total = f"{kept.sum():g} of {target:g} are given to teams already"
        return kept, [(total, "lower or raise an override, or the centre's target")]
    if own.all():
        return kept, []
    free = np.flatnonzero(~own)
    kept[free] = apportion(
        np.array([rest]), capacity[free], np.zeros(len(free), dtype=int), quantum
    )
    return kept, []


def _adjusted(
    target: float, capacity: np.ndarray, held: np.ndarray, kpi: Kpi
) -> tuple[np.ndarray, Problems]:
    """Give the teams without a target of their own one that keeps the weighted mean."""
    own = ~np.isnan(held)
    if not own.any():
        return np.full(len(capacity), target), []
    given = (capacity[own] * held[own]).sum()
    if own.all():
        mean = given / capacity.sum()
        if abs(mean - target) <= SLACK * max(1.0, abs(target)):
            return held, []
        told = f"every team has its own, with a mean of {mean:.6g} instead of {target:g}"
        return held, [(told, "leave one team without an override")]
    rest = (target * capacity.sum() - given) / capacity[~own].sum()
    most = 1.0 if kpi.kind == "rate" else np.inf
    if not -SLACK <= rest <= most + SLACK:
        limit = "0 to 1" if kpi.kind == "rate" else "0 or more"
        told = f"the other teams would need {rest:.6g}"
        return held, [(told, f"{limit} can be reached: move the override towards {target:g}")]
    return np.where(own, held, np.clip(rest, 0.0, most)), []


def _quantum(target: float) -> float:
    """Return the smallest part of a count: 1 of a whole one, else the last bit of the number.

    Every part is a multiple of it and none exceeds the target, so sums of parts are exact.
    """
    last_bit = float(np.spacing(target))
    return max(1.0, last_bit) if target.is_integer() else last_bit


def apportion(
    totals: np.ndarray, weight: np.ndarray, group: np.ndarray, quantum: float
) -> np.ndarray:
    """Split a total for each group to its members by the method of largest remainders.

    Parameters
    ----------
    totals
        Multiples of the quantum, shape (groups,).
    weight
        Shape (members,), 0 or more; above 0 in sum for each group.
    group
        Code of each member's group, shape (members,).
    quantum
        Smallest part.

    Returns
    -------
    Shape (members,); sums over each group are exactly the totals. Ties go to the greater weight,
    then to the earlier member.
    """
    whole = np.rint(totals / quantum).astype(np.int64)
    wanted = whole[group] * (weight / np.bincount(group, weight, len(totals))[group])
    parts = np.floor(wanted).astype(np.int64)
    left = whole.copy()
    np.subtract.at(left, group, parts)
    remainder = np.where(weight > 0, np.round(wanted - parts, 9), -1.0)
    one_each = np.clip(left, 0, np.bincount(group, weight > 0, len(totals)).astype(np.int64))
    parts += _place((remainder, weight), group) < one_each[group]
    first = _place((weight,), group) == 0
    parts[first] += (left - one_each)[group[first]]
    return parts * quantum


def _place(keys: tuple[np.ndarray, ...], group: np.ndarray) -> np.ndarray:
    """Return each member's place in its group, the greatest first, by the first key that differs.

    Returns
    -------
    Shape (members,), from 0; the earlier of equal members comes first.
    """
    order = np.lexsort((*(-key for key in reversed(keys)), group))
    start = np.searchsorted(group[order], group[order])
    place = np.empty(len(group), dtype=int)
    place[order] = np.arange(len(group)) - start
    return place
