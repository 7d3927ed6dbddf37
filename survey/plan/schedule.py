"""The schedule of a campaign: a balanced, randomised plan of calls, codings and checks.

The design is that of an incomplete Latin square (units by cells, shoppers as letters), laid on a
calendar that is stratified by unit, slot and shopper; second codings follow a cyclic design. What
must be planned and kept of fieldwork is after ISO 20252:2019 (annexes on sampling and on data
collection, with validation of a share of the interviewers' work) and ESOMAR's guideline on mystery
shopping (2005): scenarios that are safe and short, and shoppers who are not known where they call.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.contracts import CONTRACTS
from survey.findings import Finding, InputError, Severity, did_you_mean, raise_errors
from survey.plan.coding import dealt_in_turn, linked_groups, second_coders, systematic
from survey.plan.dates import Dealt, deal_days
from survey.plan.days import campaign_days
from survey.plan.dealing import deal_shoppers, shared_out
from survey.plan.settings import PlanSettings
from survey.plan.turns import turns

ROLES = {"main": "c", "double": "d", "back_check": "b"}
"""What a row of the plan is for, and the letter that its call_id begins with."""


@dataclass(frozen=True)
class Cells:
    """What is called.

    Parameters
    ----------
    units, audiences, scenarios
        Names; every unit is called for every audience, scenario and slot.
    slots
        First and last hour of each slot.
    file
        What findings call the file that these stand in.
    """

    units: tuple[str, ...]
    audiences: tuple[str, ...]
    scenarios: tuple[str, ...]
    slots: Mapping[str, tuple[float, float]]
    file: str = ""

    def calls(self, settings: PlanSettings) -> int:
        """Return the calls of each unit."""
        cells = len(self.audiences) * len(self.scenarios) * len(self.slots)
        return cells * settings.calls_per_cell


def make_schedule(cells: Cells, settings: PlanSettings) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Plan the calls of a campaign.

    Parameters
    ----------
    cells
        What is called.
    settings
        How.

    Returns
    -------
    plan
        The columns of the contract `plan`, one row a call, then one a second coding, then one a
        back-check, each in the order of days, slots and shoppers. Codings and checks carry the
        date of their call.
    findings
        Where the wishes could not all be met.

    Raises
    ------
    InputError
        With everything that makes the plan impossible: too few shoppers or days for the calls,
        homes that are no units, days whose calendar is not known.
    """
    worked, off = campaign_days(settings, cells.file)
    home = _homes(cells, settings)
    share = _shares(cells, settings, len(worked), len(off))
    sizes = (len(cells.audiences), len(cells.scenarios), len(cells.slots), settings.calls_per_cell)
    shopper = deal_shoppers(len(cells.units), sizes, share, home, _seed(settings, "shoppers"))
    findings = _repetitions(cells, settings, shopper, home)
    main = _dated(shopper, sizes, settings, (worked, off))
    findings += _overload(cells, settings, main)
    doubled, checked, more = _coded_again(main, settings, home)
    return _named(cells, settings, (main, doubled, checked)), (*findings, *more)


def _dated(
    shopper: np.ndarray,
    sizes: tuple[int, int, int, int],
    settings: PlanSettings,
    days: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """Return the calls as codes with their days, in the order in which they are made."""
    units, (worked, off) = len(shopper), days
    codes = np.unravel_index(np.arange(shopper.size), (units, *sizes))
    unit, audience, scenario, slot, call = codes
    by_slot = shopper.reshape(units, -1, *sizes[2:]).swapaxes(1, 2).reshape(units, sizes[2], -1)
    turn = turns(by_slot, int(shopper.max()) + 1, _seed(settings, "turns"))
    place = (audience * sizes[1] + scenario) * sizes[3] + call
    calls = Dealt(unit, slot, shopper.ravel(), turn[unit, slot, place])
    share = settings.off_days if len(off) else 0.0
    day = deal_days(calls, (len(worked), len(off)), share, _seed(settings, "days"))
    main = pd.DataFrame(
        {
            "unit": unit,
            "audience": audience,
            "scenario": scenario,
            "slot": slot,
            "shopper": shopper.ravel(),
            "date": np.concatenate([worked, off]).astype("datetime64[s]")[day],
        }
    )
    main = main.sort_values(["date", "slot", "shopper", "unit"], ignore_index=True)
    return main.assign(recording=_numbered("r", len(main)))


def _seed(settings: PlanSettings, purpose: str) -> int:
    """Return a seed of its own for each purpose."""
    mixed = np.random.SeedSequence([settings.seed, zlib.crc32(purpose.encode())])
    return int(mixed.generate_state(1)[0])


def _homes(cells: Cells, settings: PlanSettings) -> np.ndarray:
    """Return the unit that each shopper lives in, -1 for none."""
    homes = [shopper.home for shopper in settings.team]
    at = pd.Index(cells.units).get_indexer(pd.Index([home or "" for home in homes]))
    raise_errors(
        Finding(
            "unknown-unit", Severity.ERROR, cells.file, None, "plan.shoppers.home",
            "a unit of the sample", repr(home), did_you_mean(home, cells.units),
        )
        for home, place in zip(homes, at, strict=True)
        if home and place < 0
    )  # fmt: skip
    return at


def _shares(cells: Cells, settings: PlanSettings, worked: int, off: int) -> np.ndarray:
    """Return how many calls each shopper makes."""
    calls, team = len(cells.units) * cells.calls(settings), settings.team
    by_days = settings.daily * np.array([worked, off])
    wanted = np.array([1 - settings.off_days, settings.off_days])
    room = min(int(days / part) for days, part in zip(by_days, wanted, strict=True) if part)
    most = np.array([min(shopper.capacity or calls, room) for shopper in team])
    if most.sum() < calls:
        got = f"{len(team)} shoppers who can make {most.sum():,}"
        hint = f"{settings.daily} a day on {worked} working days; more shoppers, days or capacity"
        raise InputError([_infeasible(cells, "plan", f"room for {calls:,} calls", got, hint)])
    return shared_out(calls, most, np.random.default_rng(_seed(settings, "shares")))


def _repetitions(
    cells: Cells, settings: PlanSettings, shopper: np.ndarray, home: np.ndarray
) -> list[Finding]:
    """Return what of the limits on a shopper's calls to one unit is not kept."""
    people = len(home)
    key = np.arange(len(shopper))[:, None] * people + shopper
    count = np.bincount(key.ravel(), minlength=len(shopper) * people).reshape(-1, people)
    own = int(count[home[home >= 0], np.flatnonzero(home >= 0)].sum())
    least, found = -(-shopper.shape[1] // people), int(count.max())
    cap = settings.most_per_unit
    if cap is not None and found > cap:
        expected = f"at most {cap} calls of a shopper to one unit"
        got = f"{found}; {int((count > cap).sum())} pairs above"
        hint = f"{least} is the least that {people} shoppers allow; take more shoppers, or let them"
        raise InputError([_infeasible(cells, "plan.most_per_unit", expected, got, hint)])
    findings = []
    if found > least:
        got = f"{found} in {int((count > least).sum())} pairs of shopper and unit"
        findings.append(
            Finding(
                "repeated-unit", Severity.WARNING, cells.file, None, "plan.shoppers",
                f"at most {least} calls of a shopper to one unit", got,
                "homes or capacities leave nobody else", int((count > least).sum()),
            )
        )  # fmt: skip
    if own:
        findings.append(
            Finding(
                "home-unit", Severity.WARNING, cells.file, None, "plan.shoppers.home",
                "nobody who calls the unit he lives in", f"{own} such calls",
                "nobody else is left; take more shoppers", own,
            )
        )  # fmt: skip
    return findings


def _overload(cells: Cells, settings: PlanSettings, main: pd.DataFrame) -> list[Finding]:
    load = main.groupby(["shopper", "date"], sort=False).size()
    above = load[load > settings.daily]
    if above.empty:
        return []
    return [
        Finding(
            "daily-load", Severity.WARNING, cells.file, None, "plan.daily",
            f"at most {settings.daily} calls of a shopper a day", f"{above.max()}",
            "days off take a share of every unit, not of every shopper; allow one call more, "
            "or take more shoppers", len(above),
        )
    ]  # fmt: skip


def _infeasible(cells: Cells, key: str, expected: str, got: str, hint: str) -> Finding:
    return Finding("infeasible-plan", Severity.ERROR, cells.file, None, key, expected, got, hint)


def _coded_again(
    main: pd.DataFrame, settings: PlanSettings, home: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Return the rows of second codings and of back-checks."""
    random = np.random.default_rng(_seed(settings, "coding"))
    order = np.argsort(main["shopper"].to_numpy(), kind="stable")
    callers = main["shopper"].to_numpy()[order]
    picked = order[systematic(callers, settings.double_coded, random)]
    doubled = main.iloc[np.sort(picked)]
    coder = second_coders(
        doubled["shopper"].to_numpy(), doubled["unit"].to_numpy(), home, _seed(settings, "coders")
    )
    findings = _unlinked(doubled["shopper"].to_numpy(), coder, settings)
    open_ = order[~np.isin(order, picked)]
    share = min(settings.back_checks * len(main) / max(len(open_), 1), 1.0)
    checked = open_[systematic(main["shopper"].to_numpy()[open_], share, random)]
    checker = len(home) + dealt_in_turn(checked, max(len(settings.supervisors), 1), random)
    back = main.iloc[checked].assign(shopper=checker).sort_index()
    return doubled.assign(shopper=coder), back, findings


def _unlinked(caller: np.ndarray, coder: np.ndarray, settings: PlanSettings) -> list[Finding]:
    people = len(settings.team)
    groups = linked_groups(caller, coder, people)
    if groups == 1 or not settings.double_coded:
        return []
    got = f"{groups} groups that share no recording, by {len(caller)} second codings"
    return [
        Finding(
            "coders-not-linked", Severity.WARNING, "", None, "plan.double_coded",
            f"second codings that link all {people} shoppers", got,
            f"code at least {people} recordings twice, so that all can be compared",
        )
    ]  # fmt: skip


def _named(cells: Cells, settings: PlanSettings, roles: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the rows of the roles, and put names for codes."""
    parts = [
        frame.assign(role=role, call_id=_numbered(letter, len(frame)))
        for frame, (role, letter) in zip(roles, ROLES.items(), strict=True)
    ]
    plan = pd.concat(parts, ignore_index=True)
    people = [shopper.code for shopper in settings.team] + list(settings.supervisors)
    names = {
        "unit": cells.units,
        "audience": cells.audiences,
        "scenario": cells.scenarios,
        "slot": tuple(cells.slots),
        "shopper": people,
    }
    for column, known in names.items():
        plan[column] = np.array(known, dtype=object)[plan[column].to_numpy()]
    plan = plan.assign(channel=settings.channel).astype(dict.fromkeys(names, "str"))
    return plan[list(CONTRACTS["plan"].names)]


def _numbered(letter: str, count: int) -> np.ndarray:
    number = pd.Series(np.arange(1, count + 1)).astype("str").str.zfill(max(len(str(count)), 4))
    return (letter + number).to_numpy(dtype=object)
