"""What a simulated campaign is made of, but for its items."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri

from survey.findings import Finding, Severity, raise_errors


def refused(column: str, *checks: tuple[bool, str, object]) -> list[Finding]:
    """Return a finding for each check (passed, expected, got) that was not passed."""
    return [
        Finding("simulation", Severity.ERROR, column=column, expected=expected, got=repr(got))
        for passed, expected, got in checks
        if not passed
    ]


@dataclass(frozen=True)
class Effects:
    """What makes records differ, in logits. Our own assumptions; nobody has published them.

    Parameters
    ----------
    city
        Standard deviation of the quality of cities.
    indicator
        Of a city's own strengths and weaknesses, by indicator.
    region
        Of the strengths and weaknesses of a region, by indicator. The general level of a region
        is in the grades of its cities already.
    slot
        Of the time slots, in getting through and waiting.
    off_hours
        How much harder it is to get through at noon and in the evening (not a deviation).
    shopper
        Of the severity of shoppers and reviewers.
    scenario
        Of the scenarios, by item.
    call
        Of what the items of one call have in common (the agent who answers).
    respondent
        Of what the items of one questionnaire have in common.
    coding
        Of what a second coder of a recording hears otherwise, by item.
    """

    city: float = 0.7
    indicator: float = 0.15
    region: float = 0.08
    slot: float = 0.1
    off_hours: float = 0.5
    shopper: float = 0.25
    scenario: float = 0.1
    call: float = 0.3
    respondent: float = 0.8
    coding: float = 0.5


@dataclass(frozen=True)
class HandedOut:
    """Questionnaires that the rated hotlines hand out themselves.

    Parameters
    ----------
    share
        Chance of a questionnaire to be one of them, 0 to 1.
    inflation
        How much better they are answered, in logits.
    units
        Names of the units whose hotlines do so; none means all.
    """

    share: float = 0.0
    inflation: float = 0.0
    units: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CampaignModel:
    """A national campaign of mystery calls and questionnaires.

    Parameters
    ----------
    units
        One row a city, indexed by unit; columns grade (missing where not graded) and region.
    slots
        Start and end hour of each time slot, such as ``{"s1": (9, 10.5)}``.
    start, end
        First and last day, both included.
    seed
        At least 0. The same model, items, seed and draw give the same tables.
    draw
        Which campaign of the same world, at least 0. What cities, regions, indicators, slots,
        scenarios and shoppers are like, the cases handed in and the operating figures stay with
        the seed; who makes which call and when, who answers, and what is answered change with
        the draw.
    audiences, scenarios
        Names; every city is called once (`calls` times) for each audience, scenario and slot.
    grades
        From best to worst.
    answered
        Share of calls that are answered, by audience; only where no item of kind ``"outcome"``
        tells it.
    shoppers
        How many people make the calls.
    calls
        Calls per city, audience, scenario and slot.
    responses
        Least and most questionnaires per city, over all audiences.
    cases
        Mean number of innovation cases of a city of middling quality.
    holidays
        Days besides Saturday and Sunday without calls.
    effects
        `Effects`.
    plan
        A schedule with the columns of the contract `plan`, which then says who makes which call on
        which day, and which recordings are coded again; `shoppers`, `calls` and `holidays` say
        nothing of calls then.
    handed_out
        `HandedOut`; none by default.
    """

    units: pd.DataFrame
    slots: Mapping[str, tuple[float, float]]
    start: date
    end: date
    seed: int
    draw: int = 0
    audiences: tuple[str, ...] = ("citizen", "enterprise")
    scenarios: tuple[str, ...] = ("information", "complaint")
    grades: tuple[str, ...] = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
    answered: Mapping[str, float] | None = None
    shoppers: int = 40
    calls: int = 1
    responses: tuple[int, int] = (60, 120)
    cases: float = 2.0
    holidays: tuple[date, ...] = ()
    effects: Effects = field(default_factory=Effects)
    plan: pd.DataFrame | None = None
    handed_out: HandedOut = HandedOut()

    def __post_init__(self) -> None:
        units, slots, counts = self.units, self.slots, (self.shoppers, self.calls, *self.responses)
        whole = not units.empty and {"grade", "region"} <= set(units.columns)
        graded = units["grade"].dropna().unique() if whole else ()
        unknown = [grade for grade in graded if grade not in self.grades]
        strange = [unit for unit in self.handed_out.units if unit not in units.index]
        hours = all(0 <= low < high <= 24 for low, high in slots.values())
        names = (self.audiences, self.scenarios)
        wrong = refused(
            "campaign",
            (whole, "units with the columns grade and region", list(units.columns)),
            (units.index.is_unique, "every unit once", list(units.index[units.index.duplicated()])),
            (not unknown, "grades among " + ", ".join(self.grades), unknown),
            (bool(slots) and hours, "slots that start before they end, hours 0 to 24", slots),
            (all(names), "audiences and scenarios", names),
            (min(counts) >= 1, "shoppers, calls and responses of at least 1", counts),
            (counts[2] <= counts[3], "least responses before most", self.responses),
            (self.cases >= 0, "cases of at least 0", self.cases),
            (
                min(self.seed, self.draw) >= 0,
                "a seed and a draw of at least 0",
                (self.seed, self.draw),
            ),
            (0 <= self.handed_out.share <= 1, "a share handed out from 0 to 1", self.handed_out),
            (not strange, "units of the campaign that hand out", strange),
            (bool(len(self.workdays)), "a workday from start to end", (self.start, self.end)),
        )
        raise_errors(wrong)

    @property
    def workdays(self) -> np.ndarray:
        """The days of the campaign, datetime64[D], shape (days,)."""
        days = np.arange(np.datetime64(self.start), np.datetime64(self.end) + np.timedelta64(1))
        free = np.array(self.holidays, dtype="datetime64[D]")
        return days[np.is_busday(days, holidays=free)]

    @property
    def hours(self) -> np.ndarray:
        """First and last hour of each slot, shape (slots, 2)."""
        return np.array(list(self.slots.values()), dtype=float)

    def stream(self, *name: str) -> np.random.Generator:
        """Return the random numbers of one purpose, which no other purpose changes.

        They make the world of the campaign, the same in every draw.
        """
        return np.random.default_rng([self.seed, _number(name)])

    def chance(self, *name: str) -> np.random.Generator:
        """Return the random numbers of one purpose that differ from draw to draw.

        Those of draw 0 are `stream`'s: numpy takes a last 0 as if it were not there.
        """
        return np.random.default_rng([self.seed, _number(name), self.draw])


def _number(name: tuple[str, ...]) -> int:
    return zlib.crc32("\0".join(name).encode())


def city_quality(model: CampaignModel) -> np.ndarray:
    """Return the quality of each city, standard normal scores, shape (units,).

    Notes
    -----
    Graded cities get Blom-like normal scores ``ndtri((rank - 0.5) / n)`` of the published order,
    in random order within a grade; a city without a grade gets a standard normal draw.
    """
    code = pd.Categorical(model.units["grade"], categories=model.grades).codes
    random = model.stream("quality")
    jitter, free = random.random(len(code)), random.standard_normal(len(code))
    graded = np.flatnonzero(code >= 0)
    best_first = graded[np.lexsort((jitter[graded], code[graded]))]
    quality = free.copy()
    quality[best_first] = -ndtri((np.arange(len(graded)) + 0.5) / max(len(graded), 1))
    return quality
