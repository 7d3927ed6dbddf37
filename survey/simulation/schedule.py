"""Who makes which call of a simulated campaign, and when: dealt evenly, or as a plan says."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.findings import Finding, Severity, raise_errors
from survey.simulation.campaign import CampaignModel
from survey.simulation.drawing import ids, named, rank_in, times


@dataclass(frozen=True)
class Schedule:
    """The calls to be made, and the recordings to be coded again.

    Parameters
    ----------
    frame
        The first columns of `calls`, one row a call made, in the order of unit, audience,
        scenario and slot.
    unit, audience, slot, shopper
        Codes, shape (calls,); the shopper's is of `shoppers`.
    shoppers
        Names of all who call or code.
    again
        Rows of second codings and back-checks: columns call_id, shopper, of (the call's position
        in `frame`) and coder (code of the shopper, -1 for a supervisor).
    """

    frame: pd.DataFrame
    unit: np.ndarray
    audience: np.ndarray
    slot: np.ndarray
    shopper: np.ndarray
    shoppers: tuple[str, ...]
    again: pd.DataFrame


def scheduled(model: CampaignModel) -> Schedule:
    """Return the schedule of a campaign: its plan's, or one of its own."""
    return _dealt(model) if model.plan is None else _planned(model, model.plan)


def _dealt(model: CampaignModel) -> Schedule:
    slots = tuple(model.slots)
    sizes = (len(model.audiences), len(model.scenarios), len(slots), model.calls)
    shape = (len(model.units), *sizes)
    size = int(np.prod(shape))
    unit, audience, scenario, slot, _ = np.unravel_index(np.arange(size), shape)
    shopper = _deal(model, unit)
    names = tuple(ids("s", model.shoppers))
    frame = pd.DataFrame(
        {
            "call_id": ids("sim-c", size),
            "unit": model.units.index.to_numpy(dtype=object)[unit],
            "audience": named(model.audiences, audience),
            "scenario": named(model.scenarios, scenario),
            "slot": named(slots, slot),
            "channel": "phone",
            "shopper": named(names, shopper),
            "started_at": _call_times(model, shopper, slot),
        }
    )
    nothing = pd.DataFrame({"call_id": [], "shopper": [], "of": [], "coder": []})
    return Schedule(frame, unit, audience, slot, shopper, names, nothing)


def _deal(model: CampaignModel, unit: np.ndarray) -> np.ndarray:
    """Deal the calls to shoppers in shuffled rounds: each gets as many, give or take one."""
    random = model.chance("deal")
    rounds = np.tile(np.arange(model.shoppers), (-(-len(unit) // model.shoppers), 1))
    dealt = random.permuted(rounds, axis=1).ravel()[: len(unit)]
    within = np.lexsort((random.random(len(unit)), random.permutation(unit.max() + 1)[unit]))
    shopper = np.empty_like(dealt)
    shopper[within] = dealt
    return shopper


def _call_times(model: CampaignModel, shopper: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """Spread the calls of a shopper in a slot evenly over the days, in random order.

    As long as a shopper has no more calls in a slot than there are days, no two share a day.
    """
    random = model.chance("times")
    group, order = shopper * len(model.slots) + slot, random.permutation(len(slot))
    place = np.empty_like(group)
    place[order] = rank_in(group[order])
    spacing = len(model.workdays) / np.bincount(group)[group]
    day = (place + random.random(group.max() + 1)[group]) * spacing
    within = np.where(spacing < 1, day % 1, random.random(len(slot)))
    return times(model.workdays[day.astype(int)], model.hours[slot], within)


def _planned(model: CampaignModel, plan: pd.DataFrame) -> Schedule:
    orders = {
        "unit": pd.Index(model.units.index),
        "audience": pd.Index(model.audiences),
        "scenario": pd.Index(model.scenarios),
        "slot": pd.Index(list(model.slots)),
    }
    code = pd.DataFrame({name: order.get_indexer(plan[name]) for name, order in orders.items()})
    main = (plan["role"] == "main").to_numpy()
    raise_errors(_strange(plan, code, orders) + _unheard(plan, main))
    rows = np.flatnonzero(main)
    keys = [plan["call_id"].to_numpy()[rows], *(code[name][rows] for name in reversed(orders))]
    rows = rows[np.lexsort(keys)]
    called, code = plan.iloc[rows].reset_index(drop=True), code.iloc[rows]
    others = plan[~main].reset_index(drop=True)
    people = (called["shopper"], others.loc[others["role"] == "double", "shopper"])
    shoppers = pd.Index(sorted(set(pd.concat(people))))
    slot = code["slot"].to_numpy()
    within = model.chance("times").random(len(rows))
    day = called["date"].to_numpy().astype("datetime64[D]")
    frame = called[["call_id", *orders, "channel", "shopper", "recording"]].assign(
        started_at=times(day, model.hours[slot], within)
    )
    again = others[["call_id", "shopper"]].assign(
        of=pd.Index(called["recording"]).get_indexer(pd.Index(others["recording"])),
        coder=shoppers.get_indexer(
            pd.Index(others["shopper"].where(others["role"] == "double", ""))
        ),
    )
    unit, audience = (code[name].to_numpy() for name in ("unit", "audience"))
    shopper = shoppers.get_indexer(pd.Index(called["shopper"]))
    return Schedule(frame, unit, audience, slot, shopper, tuple(map(str, shoppers)), again)


def _strange(plan: pd.DataFrame, code: pd.DataFrame, orders: dict[str, pd.Index]) -> list[Finding]:
    """Return an error for each column of a plan that says what the campaign does not know."""
    found = []
    for name, order in orders.items():
        rows = np.flatnonzero(code[name] < 0)
        if len(rows):
            first = plan.iloc[rows[0]]
            got = f"{first[name]!r} in call {first['call_id']}"
            expected = f"a {name} of the campaign: " + ", ".join(map(str, order[:12]))
            found.append(
                Finding(
                    "plan", Severity.ERROR, "", None, name, expected, got,
                    "make the plan again, or change the campaign", len(rows),
                )
            )  # fmt: skip
    return found


def _unheard(plan: pd.DataFrame, main: np.ndarray) -> list[Finding]:
    """Return an error where recordings are to be coded again that no call makes."""
    lost = ~plan["recording"].isin(plan.loc[main, "recording"].dropna()).to_numpy() & ~main
    if not lost.any():
        return []
    got = f"{plan['recording'][lost].iloc[0]!r} in call {plan['call_id'][lost].iloc[0]}"
    return [
        Finding(
            "plan", Severity.ERROR, "", None, "recording", "the recording of a main call", got,
            "second codings and back-checks share the recording of a call", int(lost.sum()),
        )
    ]  # fmt: skip
