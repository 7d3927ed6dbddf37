"""What a simulated campaign is made of, and how an item is calibrated to its target."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import logit, ndtri

from survey.contracts import CONTRACTS
from survey.findings import Finding, Severity, raise_errors

ALL = "all"
"""The target's key for items of tables without audience (cases)."""
WIDEST = 60.0
"""Intercepts are sought within ± this many logits."""
HALVINGS = 48
ROUNDING = 0.005
MEDIAN_WAIT, LONGEST_WAIT = 20.0, 600.0
WAIT_SPREAD = 0.55
"""Change of log seconds for one logit."""
WAIT_NOISE = 1.3
"""Standard deviation of the noise of a wait, in logits."""
THRESHOLD_SPREAD = 1.5
"""How far apart the thresholds of an item lie; 1 would make its answers equally frequent."""


@dataclass(frozen=True)
class ItemModel:
    """One item of the indicator system as the simulator needs to know it.

    Parameters
    ----------
    item
        Id of the item.
    table
        The table it is asked in.
    columns
        The column it fills; several for kind ``"count"``; ``("outcome",)`` for kind ``"outcome"``
        and ``("wait_seconds",)`` for kind ``"seconds"``.
    kind
        ``"ordinal"``: one of `values`. ``"count"``: one of two `values` in each column, the record
        gets the mean points of its columns. ``"seconds"``: points by `curve`. ``"outcome"``:
        ``points[-1]`` for an answered call, ``points[0]`` for any other.
    target
        Mean points wanted for each audience (``all`` for cases): mean over the records of a city,
        then over the cities.
    where
        Columns and the values they must have; the item is not asked on other records.
    values
        The answers as written to the file, from worst to best.
    points
        Points (0 to 10) of each of `values`.
    curve
        Seconds and points, with rising seconds; flat beyond the ends.
    not_reached_points
        Points of a call that nobody answered; None where it counts as missing.
    missing
        Chance that a reached respondent or shopper leaves the item blank, 0 to below 1.
    indicator
        Id of the leaf indicator; a city's own strengths and weaknesses go by indicator.
    weight
        Weight among the items of the indicator; carried along, the answers do not depend on it.
    """

    item: str
    table: Literal["calls", "responses", "cases"]
    columns: tuple[str, ...]
    kind: Literal["ordinal", "count", "seconds", "outcome"]
    target: Mapping[str, float]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    not_reached_points: float | None = None
    missing: float = 0.0
    indicator: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        kind, points = self.kind, self.points
        own = {"outcome": ("outcome",), "seconds": ("wait_seconds",)}.get(kind, self.columns)
        one = len(self.columns) > 1 if kind == "count" else len(self.columns) == 1
        fixed = kind in ("outcome", "seconds")
        values = {"count": 2, "outcome": len(self.values)}.get(kind, max(len(points), 2))
        rising = list(points) == sorted(points) and len(points) > 1 and points[0] < points[-1]
        failed = _failed(
            self.item,
            (one and self.columns == own, f"columns that fit the kind {kind}", self.columns),
            (not fixed or self.table == "calls", "table calls", self.table),
            (kind == "seconds" or rising, "points from worst to best", points),
            (kind != "outcome" or len(points) == 2, "points of worst and best", points),
            (fixed or values == len(self.values) == len(points), "points of each value", points),
            (kind != "seconds" or _is_curve(self.curve), "a curve up or down", self.curve),
            (kind != "outcome" or not (self.where or self.missing), "every call", self.where),
            (0 <= self.missing < 1, "a chance of missing from 0 to below 1", self.missing),
        )
        raise_errors(failed)


def _failed(column: str, *checks: tuple[bool, str, object]) -> list[Finding]:
    """Return a finding for each check (passed, expected, got) that failed."""
    return [
        Finding("simulation", Severity.ERROR, column=column, expected=expected, got=repr(got))
        for passed, expected, got in checks
        if not passed
    ]


def _is_curve(curve: Sequence[tuple[float, float]]) -> bool:
    if len(curve) < 2:
        return False
    step = np.diff(np.asarray(curve, dtype=float), axis=0)
    one_way = (step[:, 1] <= 0).all() or (step[:, 1] >= 0).all()
    return bool((step[:, 0] > 0).all() and one_way and step[:, 1].any())


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

    def __post_init__(self) -> None:
        units, slots, counts = self.units, self.slots, (self.shoppers, self.calls, *self.responses)
        whole = not units.empty and {"grade", "region"} <= set(units.columns)
        graded = units["grade"].dropna().unique() if whole else ()
        unknown = [grade for grade in graded if grade not in self.grades]
        hours = all(0 <= low < high <= 24 for low, high in slots.values())
        names = (self.audiences, self.scenarios)
        failed = _failed(
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
            (bool(len(self.workdays)), "a workday from start to end", (self.start, self.end)),
        )
        raise_errors(failed)

    @property
    def workdays(self) -> np.ndarray:
        """The days of the campaign, datetime64[D], shape (days,)."""
        days = np.arange(np.datetime64(self.start), np.datetime64(self.end) + np.timedelta64(1))
        free = np.array(self.holidays, dtype="datetime64[D]")
        return days[np.is_busday(days, holidays=free)]

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


def outcome_item(model: CampaignModel, items: Sequence[ItemModel]) -> ItemModel:
    """Return the item that tells how many calls are answered.

    Raises
    ------
    InputError
        Where neither an item of kind ``"outcome"`` nor ``model.answered`` tells it, or several do.
    """
    found = [item for item in items if item.kind == "outcome"]
    told = [item.item for item in found] + ["answered"] * (model.answered is not None)
    one = (len(told) == 1, "one item of kind outcome, or shares answered", told)
    raise_errors(_failed("outcome", one))
    if model.answered is None:
        return found[0]
    target = {audience: 10 * share for audience, share in model.answered.items()}
    return ItemModel("outcome", "calls", ("outcome",), "outcome", target, points=(0.0, 10.0))


def check_items(items: Sequence[ItemModel]) -> None:
    """Refuse items with the same id, with columns of the table, or with a condition on no category.

    Raises
    ------
    InputError
        With a finding for each.
    """
    ids = [item.item for item in items]
    waits = [item.item for item in items if item.kind == "seconds"]
    failed = _failed("items", (len(set(ids)) == len(ids), "every item once", ids))
    failed += _failed("wait_seconds", (len(waits) < 2, "one item of kind seconds", waits))
    for item in items:
        contract = CONTRACTS[item.table]
        known = {column.name for column in contract.columns if column.kind == "category"}
        own = item.kind in ("ordinal", "count")
        failed += _failed(
            item.item,
            (set(item.where) <= known, f"conditions on {', '.join(sorted(known))}", item.where),
            (not own or not set(item.columns) & set(contract.names), "new columns", item.columns),
        )
    raise_errors(failed)


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


def city_mean_weights(unit: np.ndarray, units: int, counted: np.ndarray) -> np.ndarray:
    """Return the weight of each record in the mean over cities of the means over records.

    Parameters
    ----------
    unit
        Position of the record's city, shape (records,).
    units
        Number of cities.
    counted
        Which records have points, bool, shape (records,).

    Returns
    -------
    Shape (records,); sums to 1, and to the same share in every city that has points.
    """
    size = np.bincount(unit[counted], minlength=units)
    weight = np.zeros(len(unit))
    weight[counted] = 1 / size[unit[counted]] / max(np.count_nonzero(size), 1)
    return weight


@dataclass(frozen=True)
class Steps:
    """Ordered answers: code k where the latent answer passes k thresholds.

    Parameters
    ----------
    thresholds
        Rising, in logits, shape (answers - 1,).
    points
        Of each answer, shape (answers,).
    """

    thresholds: np.ndarray
    points: np.ndarray

    def noise(self, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draw what is left to chance, logits."""
        return random.logistic(size=shape)

    def answer(self, latent: np.ndarray) -> np.ndarray:
        """Return the code of the answer, of the shape of `latent`."""
        return np.searchsorted(self.thresholds, latent).astype(float)

    def points_of(self, latent: np.ndarray) -> np.ndarray:
        """Return the points of the answer, of the shape of `latent`."""
        return self.points[np.searchsorted(self.thresholds, latent)]


@dataclass(frozen=True)
class Seconds:
    """Log-normal waits in whole seconds; a higher latent answer is a wait with more points.

    Parameters
    ----------
    curve
        Seconds and points.
    """

    curve: tuple[tuple[float, float], ...]

    def noise(self, random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draw what is left to chance, logits."""
        return WAIT_NOISE * random.standard_normal(shape)

    def answer(self, latent: np.ndarray) -> np.ndarray:
        """Return seconds, of the shape of `latent`."""
        better = 1 if self.curve[-1][1] > self.curve[0][1] else -1
        seconds = MEDIAN_WAIT * np.exp(np.clip(better * WAIT_SPREAD * latent, -20, 20))
        return np.clip(np.rint(seconds), 1, LONGEST_WAIT)

    def points_of(self, latent: np.ndarray) -> np.ndarray:
        """Return the points of the seconds, of the shape of `latent`."""
        return np.interp(self.answer(latent), *np.array(self.curve, dtype=float).T)


def scale_of(item: ItemModel) -> Steps | Seconds:
    """Return how the latent answers of an item become answers and points."""
    if item.kind == "seconds":
        return Seconds(item.curve)
    steps = len(item.points)
    return Steps(THRESHOLD_SPREAD * logit(np.arange(1, steps) / steps), np.array(item.points))


@dataclass(frozen=True)
class Calibrated:
    """The intercept of an item for an audience.

    Parameters
    ----------
    intercept
        In logits; a higher one gives more points.
    mean
        Points that it gives.
    low, high
        Range of the mean points that any intercept can give.
    """

    intercept: float
    mean: float
    low: float
    high: float

    def reaches(self, target: float) -> bool:
        """Whether the target lies in the range, give or take rounding to a hundredth."""
        return self.low - ROUNDING <= target <= self.high + ROUNDING


def calibrate(mean_at: Callable[[float], float], target: float) -> Calibrated:
    """Find the intercept at which the records have the mean points wanted, by bisection.

    Parameters
    ----------
    mean_at
        Mean points of the campaign at an intercept; must not fall as the intercept rises.
    target
        Points wanted.

    Notes
    -----
    The mean is that of the records themselves, with every random draw already made, not its
    expectation: 2,000 calls leave a standard error of 0.1 points in the mean of a yes-or-no item,
    too much for a campaign that is to reproduce published means to a tenth of a point. The mean
    then rises in steps of one answer; of the two steps around the target the nearer is taken.
    """
    low, high = -WIDEST, WIDEST
    bottom, top = mean_at(low), mean_at(high)
    below, above = bottom, top
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        mean = mean_at(middle)
        if mean < target:
            low, below = middle, mean
        else:
            high, above = middle, mean
    near = (low, below) if abs(below - target) < abs(above - target) else (high, above)
    return Calibrated(*near, bottom, top)
