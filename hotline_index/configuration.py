"""The configuration of an edition: the keys of ``edition.yaml``."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from analysis.drivers.settings import DriverSettings
from analysis.grades.schemes import PUBLISHED_2021, AnyScheme
from analysis.published.claims import Claim
from analysis.texts.settings import TextSettings
from analysis.uncertainty.alternatives import MethodPlan
from indicators.nodes import Table, Words
from survey.checks.settings import CheckSettings
from survey.plan.settings import PlanSettings, Share
from survey.sources.columns import TableColumns
from survey.sources.database import Database
from survey.weighting.settings import RakingSettings
from survey.yaml_source import Strict

Kept = Literal["plan", "corrections"]
Read = Literal[Table, Kept]
"""Tables of records, and those that are kept beside them: the schedule and the ledger."""


class Units(Strict):
    """What is ranked.

    Parameters
    ----------
    register
        ``china`` for the register that comes with the program, or a csv file of units.
    sample
        A csv file with a column ``unit``: the units assessed. Without it, every unit with records.
    """

    register_: Annotated[str, Field(alias="register")] = "china"
    sample: Path | None = None


class Uncertainty(Strict):
    """How sampling error is estimated."""

    replicates: Annotated[int, Field(ge=100, le=100_000)] = 2000
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    seed: Annotated[int, Field(ge=0)] = 0


class HandedOut(Strict):
    """Simulated questionnaires that the rated hotlines hand out themselves.

    Parameters
    ----------
    share
        Chance of a questionnaire to be one of them.
    inflation
        How much better they are answered, in logits.
    units
        The units whose hotlines do so; none means all.
    """

    share: Share
    inflation: float
    units: tuple[str, ...] = ()


class Pseudonyms(Strict):
    """Codes in place of the names of shoppers, inspectors and reviewers.

    Parameters
    ----------
    key
        The file of the key, which is never published; without one it is taken from the
        environment variable ``HOTLINE_KEY``.
    """

    key: Path | None = None


class Simulation(Strict):
    """How a simulated campaign is made.

    Parameters
    ----------
    like
        A folder of published figures whose grades and means the campaign comes back to.
    start, end, holidays
        First and last day of the calls, and the workdays between without any.
    shoppers
        Number of mystery shoppers.
    responses
        Least and most questionnaires of a unit.
    unpublished
        Mean points by audience (``all`` for cases) of indicators without a published mean.
    missing
        Chance that an item is left blank, by table.
    follow_plan
        Whether calls are made and coded as ``data: {plan: …}`` says.
    handed_out
        `HandedOut`; none by default.
    seed
        The same seed makes the same campaign.
    """

    like: Path
    start: date
    end: date
    holidays: tuple[date, ...] = ()
    shoppers: Annotated[int, Field(ge=2)] = 40
    responses: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (60, 120)
    unpublished: dict[str, dict[str, Annotated[float, Field(gt=0, lt=10)]]] = {}
    missing: dict[Table, Annotated[float, Field(ge=0, lt=1)]] = {}
    follow_plan: bool = False
    handed_out: HandedOut | None = None
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _in_order(self) -> "Simulation":
        if self.end < self.start or self.responses[1] < self.responses[0]:
            raise ValueError("an end after the start, and [least, most] in this order")
        return self


class Source(Strict):
    """Where data comes from."""

    id: str
    zh: str
    en: str


class MapSource(Strict):
    """A map of the units' boundaries, for the report; a grid of provinces serves without one.

    Parameters
    ----------
    boundaries
        A GeoJSON file beside ``edition.yaml``.
    source
        Who made it.
    approval
        The number under which it was approved for publication (审图号); without one the map is
        marked a sketch.
    """

    boundaries: Path
    source: Words
    approval: str | None = None


def is_file(given: object) -> bool:
    """Tell a path under ``data:`` from a database; a bare url is none of the two."""
    return isinstance(given, Path) or (isinstance(given, str) and "://" not in given)


class EditionConfig(Strict):
    """The keys of ``edition.yaml``.

    Parameters
    ----------
    edition, year, title, publisher, dated
        What the edition is called, who publishes it, and the date printed on its cover.
    simulated
        Whether its records are simulated; then every page and figure says so.
    system
        An indicator system by name, or a YAML file.
    units
        `Units`.
    data
        Files of records by table, a folder or a pattern of files that are one table
        (``sheets/*.xlsx``), or tables of a database (`Database`). Without them the run starts at
        the comparisons.
    columns
        By table: which header of its file is which column, what its answers mean, and which
        headers nobody needs (`TableColumns`).
    published
        A folder of figures published elsewhere, to be compared and audited.
    pseudonyms
        `Pseudonyms`; without them names stand as they were entered.
    slots
        Label of each time slot, in order. A label such as ``08:00–10:00`` also tells its hours.
    grading
        A scheme of `analysis.grades.schemes`; the shares of the 2021 report by default.
    peers
        Columns of the register: inside each of their groups units are graded on a scale of their
        own, too.
    method
        How the method of the index may vary (`MethodPlan`), or ``none``; by default every weight
        by a quarter.
    drivers
        What may move an outcome such as satisfaction (`DriverSettings`).
    texts
        Which free texts are counted, and how (`TextSettings`).
    checks
        Thresholds of the checks of records, and answers that exclude each other
        (`CheckSettings`).
    margins
        A table of known margins that the weights of the questionnaires are raked to, each unit by
        itself, or its settings (`RakingSettings`).
    plan
        How the calls of the campaign are planned (`PlanSettings`), for the command ``plan``.
    previous
        The folder of the edition before, whose scores this one's are compared with.
    licence
        SPDX identifier of the licence of the published data.
    map
        `MapSource`.
    report
        ``national`` for the report on hotlines, ``none`` for results only: the report's sentences
        are about hotlines.
    comparisons
        Columns of the register by which units are grouped and compared.
    uncertainty, claims, simulation, sources
        See their own keys.
    """

    edition: Annotated[str, Field(pattern=r"^[\w-]+$")]
    year: int
    title: Words
    publisher: Words
    dated: Words
    simulated: bool
    system: str = "hotline-2021"
    units: Units = Units()
    data: dict[
        Read,
        Annotated[
            Annotated[Path, Tag("file")] | Annotated[Database, Tag("database")],
            Discriminator(lambda given: "file" if is_file(given) else "database"),
        ],
    ] = {}
    columns: dict[Read, TableColumns] = {}
    published: Path | None = None
    pseudonyms: Pseudonyms | None = None
    slots: dict[str, str] = {}
    grading: AnyScheme = PUBLISHED_2021
    uncertainty: Uncertainty = Uncertainty()
    peers: tuple[str, ...] = ()
    method: Annotated[
        Annotated[MethodPlan, Tag("plan")] | Annotated[Literal["none"], Tag("none")],
        Discriminator(lambda stated: "none" if isinstance(stated, str) else "plan"),
    ] = MethodPlan()
    drivers: DriverSettings | None = None
    texts: TextSettings | None = None
    checks: CheckSettings = CheckSettings()
    margins: RakingSettings | None = None
    plan: PlanSettings | None = None
    previous: Path | None = None
    licence: str = "CC-BY-4.0"
    map: MapSource | None = None
    report: Literal["national", "none"] = "national"
    comparisons: tuple[str, ...] = ("region", "level", "coastal", "commended")
    claims: tuple[Claim, ...] = ()
    simulation: Simulation | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_input(self) -> "EditionConfig":
        if not self.data and self.published is None and self.plan is None:
            raise ValueError("records under data:, figures under published:, or a plan:")
        if self.simulation and not self.simulated:
            raise ValueError("simulated: true for an edition with simulation:")
        if self.simulation and self.simulation.follow_plan and "plan" not in self.data:
            raise ValueError("data: {plan: …} for a simulation that follows the plan")
        if self.simulation and any(isinstance(each, Database) for each in self.data.values()):
            raise ValueError("files under data: for an edition with simulation:")
        if unread := sorted({*self.columns} - {*self.data}):
            raise ValueError(f"{unread[0]!r} under data:, as columns: has a map for it")
        return self
