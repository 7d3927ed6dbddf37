"""The files of a call plan: one table for the office, and a folder for every shopper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from survey.contracts import CONTRACTS, Contract
from survey.instruments.model import Instrument
from survey.plan.balance import balance_table
from survey.plan.calendar import Event, calendar_text
from survey.plan.settings import PlanSettings
from survey.plan.sheets import readable, words_of, write_calls

PLAN, CALENDAR, BALANCE, SHOPPERS = "plan.csv", "plan.ics", "balance.csv", "shoppers"
DOMAIN = "hotline-index"


@dataclass(frozen=True)
class Campaign:
    """What the files say of a campaign.

    Parameters
    ----------
    name, title
        Short name for identifiers, and the title printed.
    labels
        Label of each slot.
    hours
        First and last hour of each slot.
    settings
        The plan's settings, with the names of shoppers.
    instruments
        Caller's sheets, to enter records in; each takes the calls of its audience.
    calls
        The contract of calls, with what the indicator system asks.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    hours: Mapping[str, tuple[float, float]]
    settings: PlanSettings
    instruments: tuple[Instrument, ...] = ()
    calls: Contract = field(default=CONTRACTS["calls"])


def write_plan(plan: pd.DataFrame, campaign: Campaign, folder: Path) -> None:
    """Write the files of a plan into an empty folder.

    Parameters
    ----------
    plan
        The columns of the contract `plan`.
    campaign
        What is said of it.
    folder
        An existing, empty folder.

    Notes
    -----
    ``plan.csv`` is the schedule, as `survey.intake.read_records` reads it; ``plan.ics`` has an
    event a day for the office; ``balance.csv`` tells how even the schedule is; and
    ``shoppers/CODE/`` holds for each shopper and supervisor ``calls.xlsx`` (what to do in order),
    ``calls.ics`` (an event for every slot of a day with calls, which is what a telephone can remind
    of), and the sheets to enter records in. A shopper's name stands in that folder only.
    """
    dated = plan.assign(date=plan["date"].dt.strftime("%Y-%m-%d"))
    _write_csv(dated, folder / PLAN)
    _write_csv(balance_table(plan).round(4), folder / BALANCE)
    _write_text(calendar_text(_office_events(plan, campaign), _stamp(campaign)), folder / CALENDAR)
    for code, rows in plan.groupby("shopper", sort=True):
        own = folder / SHOPPERS / str(code)
        own.mkdir(parents=True)
        _write_shopper(rows, campaign, str(code), own)


def _write_shopper(rows: pd.DataFrame, campaign: Campaign, code: str, folder: Path) -> None:
    from survey.instruments.entry_sheet import known_rows, write_entry_sheet

    name = next((one.name for one in campaign.settings.team if one.code == code), "")
    told = readable(rows, campaign.labels)
    write_calls(told, folder / "calls.xlsx", campaign.title, f"{name} {code}".strip())
    events = _shopper_events(rows[rows["role"] == "main"], campaign, code)
    _write_text(calendar_text(events, _stamp(campaign)), folder / "calls.ics")
    for instrument in campaign.instruments:
        known = known_rows(instrument, rows.drop(columns=["date", "role"]))
        if len(known):
            path = folder / f"{instrument.id}.xlsx"
            units = tuple(known["unit"].unique())
            write_entry_sheet(
                instrument, path, campaign.calls, frame=known, units=units, rows=len(known)
            )


def _shopper_events(rows: pd.DataFrame, campaign: Campaign, code: str) -> Iterator[Event]:
    """Yield an event for every slot of a day in which a shopper has calls."""
    audience, scenario = words_of("audience"), words_of("scenario")
    for (date, slot), calls in rows.groupby(["date", "slot"], sort=True):
        day = pd.Timestamp(str(date)).to_pydatetime()
        units = calls["unit"].tolist()
        lines = [
            f"{call.call_id} {call.unit} {audience.get(str(call.audience), call.audience)} "
            f"{scenario.get(str(call.scenario), call.scenario)} {call.recording}"
            for call in calls.itertuples()
        ]
        uid = f"{campaign.name}-{code}-{day:%Y%m%d}-{slot}@{DOMAIN}"
        summary = f"拨测 {'、'.join(units)}"
        yield Event(uid, day, campaign.hours[str(slot)], summary, "\n".join(lines))


def _office_events(plan: pd.DataFrame, campaign: Campaign) -> Iterator[Event]:
    """Yield an event for every day with calls."""
    for date, calls in plan[plan["role"] == "main"].groupby("date", sort=True):
        day = pd.Timestamp(str(date)).to_pydatetime()
        by_shopper = calls.groupby("shopper", sort=True).size()
        lines = [f"{shopper} {count}" for shopper, count in by_shopper.items()]
        uid = f"{campaign.name}-{day:%Y%m%d}@{DOMAIN}"
        summary = f"拨测{len(calls)}次，{len(by_shopper)}人"
        yield Event(uid, day, None, summary, "\n".join(lines))


def _stamp(campaign: Campaign) -> datetime:
    return datetime.combine(campaign.settings.start, datetime.min.time())


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _write_text(text: str, path: Path) -> None:
    path.write_bytes(text.encode("utf-8"))
