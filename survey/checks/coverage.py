"""Coverage: which calls were to be made, and which were."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.checks.sheet import Found, Sheet, counted, marked, named, warning
from survey.findings import Severity

PLANNED = ("unit", "audience", "scenario", "slot", "channel", "shopper")
"""Columns in which a call may differ from its plan."""
_TOLD = ("slot", "shopper", "unit", "scenario", "audience")
_BY_PLAN = ("planned", "made", "missing", "to_come", "unplanned", "other_than_planned")


def coverage(sheet: Sheet) -> Found:
    """Find cells of the call plan (unit, audience, scenario, slot) without a call."""
    axes, held = _grid(sheet)
    plan = sheet.plan
    by_unit = (held > 0).reshape(len(plan.units), -1)
    silent = ~by_unit.any(axis=1)
    partly = int((~by_unit.all(axis=1)).sum() - silent.sum())
    missing = int((held == 0).sum())
    if sheet.schedule is None:
        found = warning(
            "cells-without-calls",
            ", ".join(axes),
            f"a call in each of {held.size} cells",
            f"none in {missing}",
            f"{partly} units lack some cells, {int(silent.sum())} have none at all",
        )
        yield from counted(found, missing)
    found = warning(
        "units-without-calls",
        "unit",
        "calls to every unit",
        f"none to {named(np.array(plan.units, dtype=object)[silent])}",
        "calls give them no scores",
    )
    yield from counted(found, int(silent.sum()))


def _grid(sheet: Sheet) -> tuple[dict[str, tuple[str, ...]], np.ndarray]:
    """Return the axes of the plan and the number of calls in each of its cells."""
    plan = sheet.plan
    axes = {"unit": plan.units, "scenario": plan.scenarios}
    axes |= {"audience": plan.audiences} if plan.audiences else {}
    axes |= {"slot": plan.slots} if plan.slots else {}
    held = np.zeros([len(values) for values in axes.values()], dtype=np.int64)
    codes = [
        pd.Index(values).get_indexer(pd.Index(sheet.frame[name])) for name, values in axes.items()
    ]
    inside = np.logical_and.reduce([code >= 0 for code in codes])
    np.add.at(held, tuple(code[inside] for code in codes), 1)
    return axes, held


def few_records(sheet: Sheet) -> Found:
    """Find units with fewer records than the plan's minimum."""
    plan = sheet.plan
    least = max(plan.minimum_records, plan.settings.minimum_records)
    counts = sheet.frame["unit"].value_counts().reindex(list(plan.units), fill_value=0)
    few = counts.index[counts.to_numpy() < least]
    found = warning(
        "few-records",
        "unit",
        f"at least {least} {sheet.table} of each unit",
        f"fewer of {named(few)}",
        "their scores are uncertain or missing",
    )
    yield from counted(found, len(few))


def calls_not_made(sheet: Sheet) -> Found:
    """Find planned calls without a record; those after the last call made are still to come."""
    schedule = sheet.schedule
    if schedule is None:
        return
    absent, to_come = _absent(sheet, schedule)
    due = absent & ~to_come
    units = schedule["unit"].to_numpy(dtype=object)
    most = pd.Series(units[due]).value_counts()
    hint = f"make them, or say why not; most are of {named(most.index[:3])}" if due.any() else ""
    found = warning(
        "calls-not-made",
        "call_id",
        f"a record of each of {len(schedule)} planned calls",
        f"none of {np.count_nonzero(due)} that were due",
        hint,
    )
    yield from counted(found, int(due.sum()))
    later = warning(
        "calls-to-come",
        "call_id",
        f"a record of each of {len(schedule)} planned calls",
        f"{np.count_nonzero(to_come)} planned after the day of the last call",
        "check again when fieldwork is over",
    )
    yield from counted(replace(later, severity=Severity.NOTE), int(to_come.sum()))


def _absent(sheet: Sheet, schedule: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which planned calls have no record, and which of them are still to come."""
    absent = ~schedule["call_id"].isin(sheet.frame["call_id"]).to_numpy()
    last = sheet.frame["started_at"].max()
    later = (schedule["date"] > last).to_numpy() if pd.notna(last) else np.zeros(len(absent), bool)
    return absent, absent & later


def unplanned_calls(sheet: Sheet) -> Found:
    """Find calls that the schedule does not hold."""
    if sheet.schedule is None:
        return
    finding = warning(
        "unplanned-calls",
        "call_id",
        "calls of the plan",
        "calls that are not planned",
        "give them the id of the planned call, or add them to the plan",
    )
    yield from marked(sheet, finding, _place(sheet, sheet.schedule) < 0)


def other_than_planned(sheet: Sheet) -> Found:
    """Find calls whose unit, audience, scenario, slot, channel or shopper is not the planned."""
    if sheet.schedule is None:
        return
    for name, other in _others(sheet, sheet.schedule).items():
        finding = warning(
            "other-than-planned",
            name,
            f"the planned {name}",
            f"another {name}",
            "correct the record where it is a slip; else note the change in the plan",
        )
        yield from marked(sheet, finding, other)


def other_date(sheet: Sheet) -> Found:
    """Find calls on another day than planned; earlier or later."""
    schedule = sheet.schedule
    if schedule is None:
        return
    place = _place(sheet, schedule)
    planned = schedule["date"].dt.normalize().to_numpy(dtype="datetime64[D]")
    made = sheet.frame["started_at"].to_numpy(dtype="datetime64[D]")
    own = planned[place] if len(planned) else made
    other = (place >= 0) & ~np.isnat(own) & ~np.isnat(made) & (own != made)
    other &= ~_second_coding(sheet, schedule)
    finding = warning(
        "other-date",
        "started_at",
        "the planned day",
        "another day",
        "see whether the week and the days of the unit are still balanced",
    )
    yield from marked(sheet, finding, other)


def _place(sheet: Sheet, schedule: pd.DataFrame) -> np.ndarray:
    """Return the position of each call in the schedule, -1 where it is not planned."""
    ids = pd.Index(schedule["call_id"])
    return ids.get_indexer(pd.Index(sheet.frame["call_id"]))


def _second_coding(sheet: Sheet, schedule: pd.DataFrame) -> np.ndarray:
    """Return which records code the recording of another call; their day is that call's."""
    role = schedule["role"].to_numpy(dtype=object) != "main"
    place = _place(sheet, schedule)
    return (place >= 0) & role[place] if len(role) else place >= 0


def _others(sheet: Sheet, schedule: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return by column which calls differ from their plan, bool, shape (records,)."""
    place = _place(sheet, schedule)
    there = np.flatnonzero(place >= 0)
    found = {}
    for name in PLANNED:
        if name in sheet.frame and name in schedule:
            planned = schedule[name].iloc[place[there]].reset_index(drop=True)
            made = sheet.frame[name].iloc[there].reset_index(drop=True)
            other = np.zeros(len(place), dtype=bool)
            differs = planned.notna() & made.notna() & (planned != made)
            other[there] = differs.to_numpy(dtype=bool)
            found[name] = other
    return found


def coverage_tables(sheet: Sheet) -> Mapping[str, pd.DataFrame]:
    """Count planned and made calls by slot, shopper, unit, scenario and audience.

    Parameters
    ----------
    sheet
        The table of calls.

    Returns
    -------
    By column a table with one row a value, indexed by it. With a schedule its columns are
    planned, made, missing, to_come, unplanned and other_than_planned, numbers of calls. Without
    one they are cells (of the grid of the plan), filled (cells with a call) and made.
    """
    if sheet.schedule is not None:
        return _by_schedule(sheet, sheet.schedule)
    axes, held = _grid(sheet)
    tables = {}
    for axis, (name, values) in enumerate(axes.items()):
        rest = tuple(other for other in range(held.ndim) if other != axis)
        tables[name] = pd.DataFrame(
            {
                "cells": held.size // max(len(values), 1),
                "filled": (held > 0).sum(axis=rest),
                "made": held.sum(axis=rest),
            },
            index=pd.Index(values, name=name),
        )
    return {name: tables[name] for name in _TOLD if name in tables}


def _by_schedule(sheet: Sheet, schedule: pd.DataFrame) -> dict[str, pd.DataFrame]:
    absent, to_come = _absent(sheet, schedule)
    unplanned = _place(sheet, schedule) < 0
    others = _others(sheet, schedule)
    other = np.logical_or.reduce([*others.values(), np.zeros(len(sheet.frame), dtype=bool)])
    tables = {}
    for name in _TOLD:
        if name not in schedule or name not in sheet.frame:
            continue
        planned, made = schedule[name], sheet.frame[name]
        counts = (
            planned,
            made,
            planned[absent & ~to_come],
            planned[to_come],
            made[unplanned],
            made[other],
        )
        columns = dict(zip(_BY_PLAN, (each.value_counts() for each in counts), strict=True))
        table = pd.DataFrame(columns).fillna(0).astype("int64").sort_index()
        tables[name] = table.rename_axis(name)
    return tables
