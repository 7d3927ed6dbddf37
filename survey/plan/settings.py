"""What an edition says of its call plan: the key ``plan`` of ``edition.yaml``."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from survey.yaml_source import Strict

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Shopper(Strict):
    """One mystery shopper.

    Parameters
    ----------
    name
        Printed in the shopper's own file only; everywhere else stands the code.
    code
        How the plan and the records name the shopper; by default s01, s02, … in the order given.
    home
        The unit the shopper lives in, which somebody else calls.
    capacity
        Most calls the shopper can make in the campaign.
    """

    name: str = ""
    code: Annotated[str, Field(pattern=r"^[\w-]+$")] | None = None
    home: str | None = None
    capacity: Count | None = None


class Wanted(Strict):
    """How precise the campaign is to be.

    Parameters
    ----------
    se
        Largest standard error of a unit's total, points.
    right_grades
        Least expected share of units that get the grade of their true score.
    """

    se: Annotated[float, Field(gt=0)] | None = None
    right_grades: Annotated[float, Field(gt=0, lt=1)] | None = None


class PlanSettings(Strict):
    """How the calls of a campaign are planned.

    Parameters
    ----------
    start, end
        First and last day of the campaign, both included.
    holidays
        ``china`` for the days off that the State Council set, working weekends (调休) included,
        of the years that the library `chinesecalendar` knows; or the days off besides Saturdays
        and Sundays.
    working_weekends
        Saturdays and Sundays that are worked, where `holidays` are listed.
    off_days
        Share of each unit's calls that fall on weekends and holidays.
    calls_per_cell
        Calls of each unit, audience, scenario and slot.
    shoppers
        How many, or each by name.
    most_per_unit
        Most calls that one shopper may make to one unit; by default as few as can be.
    daily
        Most calls of a shopper on a day.
    double_coded
        Share of calls whose recording a second shopper codes.
    back_checks
        Share of calls whose recording a supervisor checks.
    supervisors
        Codes of those who check.
    channel
        How units are called.
    like
        The folder of an edition whose records tell how much calls, shoppers and units differ.
    wanted
        `Wanted`.
    seed
        The same seed makes the same plan.
    """

    start: date
    end: date
    holidays: Annotated[
        Annotated[Literal["china"], Tag("china")] | Annotated[tuple[date, ...], Tag("days")],
        Discriminator(lambda given: "days" if isinstance(given, list | tuple) else "china"),
    ] = "china"
    working_weekends: tuple[date, ...] = ()
    off_days: Share = 0.0
    calls_per_cell: Count = 1
    shoppers: Annotated[
        Annotated[int, Field(ge=2), Tag("number")]
        | Annotated[tuple[Shopper, ...], Field(min_length=2), Tag("each")],
        Discriminator(lambda given: "each" if isinstance(given, list | tuple) else "number"),
    ] = 40
    most_per_unit: Count | None = None
    daily: Count = 8
    double_coded: Share = 0.1
    back_checks: Share = 0.05
    supervisors: tuple[str, ...] = ("v1",)
    channel: str = "phone"
    like: Path | None = None
    wanted: Wanted = Wanted()
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _agrees(self) -> "PlanSettings":
        if self.end < self.start:
            raise ValueError("an end after the start")
        if self.back_checks and not self.supervisors:
            raise ValueError("supervisors where there are back_checks")
        codes = [shopper.code for shopper in self.team]
        if len({*codes, *self.supervisors}) < len(codes) + len(self.supervisors):
            raise ValueError("a code of their own for every shopper and supervisor")
        names = [shopper.name for shopper in self.team if shopper.name]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each shopper once, and namesakes told apart, unlike {twice[0]!r}")
        if self.working_weekends and self.holidays == "china":
            raise ValueError("working_weekends only where the holidays are listed")
        if any(day.weekday() < 5 for day in self.working_weekends):
            raise ValueError("working_weekends that are Saturdays or Sundays")
        return self

    @property
    def team(self) -> tuple[Shopper, ...]:
        """Every shopper, with a code."""
        given = self.shoppers
        people = (Shopper(),) * given if isinstance(given, int) else given
        digits = max(len(str(len(people))), 2)
        return tuple(
            one.model_copy(update={"code": one.code or f"s{at:0{digits}}"})
            for at, one in enumerate(people, start=1)
        )
