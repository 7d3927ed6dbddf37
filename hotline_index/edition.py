"""An edition: the folder of one year, its configuration and what it holds."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from analysis.drivers.settings import DriverSettings, check_names
from analysis.grades.schemes import PUBLISHED_2021, AnyScheme, ThresholdsScheme
from analysis.published.claims import Claim
from analysis.texts.settings import TextSettings
from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.factors import method_factors
from indicators.nodes import Table, Words
from indicators.system import System
from indicators.system_file import SYSTEM_FILES, load_system
from report.language import Lang
from survey.findings import (
    Finding,
    InputError,
    Severity,
    did_you_mean,
    display_path,
    raise_errors,
)
from survey.register import Register, load_register
from survey.tables import read_table
from survey.yaml_source import Strict, read_yaml

CONFIGURATION = "edition.yaml"
Kept = Literal["plan", "corrections"]
"""Tables that are kept beside the records: the schedule and the ledger."""


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
        Files of records by table. Without them the run starts at the comparisons.
    published
        A folder of figures published elsewhere, to be compared and audited.
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
    data: dict[Table | Kept, Path] = {}
    published: Path | None = None
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
        if not self.data and self.published is None:
            raise ValueError("records under data:, figures under published:, or both")
        if self.simulation and not self.simulated:
            raise ValueError("simulated: true for an edition with simulation:")
        return self


@dataclass(frozen=True)
class Edition:
    """An opened edition.

    Parameters
    ----------
    folder
        Its folder.
    config
        Its configuration.
    system
        Its indicator system.
    register
        The register of units.
    sample
        The units assessed, in the order of the register, or None where the records tell.
    """

    folder: Path
    config: EditionConfig
    system: System
    register: Register
    sample: tuple[str, ...] | None

    @cached_property
    def sources(self) -> dict[str, Path]:
        """Files of records by table."""
        return {table: self.folder / path for table, path in self.config.data.items()}

    @property
    def file(self) -> str:
        """Where its configuration lies, for errors."""
        return display_path(self.folder / CONFIGURATION)

    @property
    def published(self) -> Path | None:
        """Folder of published figures."""
        return None if self.config.published is None else self.folder / self.config.published

    @property
    def results(self) -> Path:
        """Folder of the results."""
        return self.folder / "results"

    def publication(self, lang: Lang = "zh") -> Path:
        """Folder of what is published in a language."""
        return self.folder / ("publication" if lang == "zh" else f"publication-{lang}")

    @property
    def cache(self) -> Path:
        """Folder of what a later run may use again."""
        return self.folder / ".cache"


def open_edition(folder: Path) -> Edition:
    """Open an edition.

    Parameters
    ----------
    folder
        A folder with an ``edition.yaml``.

    Raises
    ------
    InputError
        With every wrong key at once.
    """
    path = folder / CONFIGURATION
    if not path.is_file():
        finding = Finding(
            "no-edition",
            Severity.ERROR,
            display_path(folder),
            expected=f"a folder with {CONFIGURATION}",
            got="none" if folder.is_dir() else "no such folder",
            hint="check the path",
        )
        raise InputError([finding])
    config = read_yaml(path, EditionConfig)
    named = config.system
    system = load_system(folder / named if Path(named).suffix in SYSTEM_FILES else named)
    _refuse_other_slots(path, config, system)
    _refuse_high_thresholds(path, config, system)
    if config.method != "none":
        method_factors(config.method, system, display_path(path))
    if config.drivers is not None:
        check_names(system.hierarchy, config.drivers, display_path(path))
    name = config.units.register_
    register = load_register() if name == "china" else Register.from_csv(folder / name)
    _refuse_unknown_factors(path, config, register)
    if config.map is not None:
        _refuse_broken_map(folder, config.map)
    return Edition(folder, config, system, register, _sample(folder, config, register))


def _refuse_unknown_factors(path: Path, config: EditionConfig, register: Register) -> None:
    known = [*register.table.columns, "commended"]
    raise_errors(
        Finding(
            "unknown-factor",
            Severity.ERROR,
            display_path(path),
            None,
            key,
            "a column of the register of units",
            repr(factor),
            did_you_mean(factor, known),
        )
        for key in ("comparisons", "peers")
        if key in config.model_fields_set
        for factor in getattr(config, key)
        if factor not in known
    )


def _refuse_broken_map(folder: Path, given: MapSource) -> None:
    """Read the boundaries once, so that what is wrong with them is told before anything is made."""
    from report import boundaries

    source = given.source.model_dump()
    boundaries.read_areas(boundaries.MapSource(folder / given.boundaries, source, given.approval))


def _refuse_high_thresholds(path: Path, config: EditionConfig, system: System) -> None:
    if not isinstance(config.grading, ThresholdsScheme):
        return
    raise_errors(
        Finding(
            "wrong-value",
            Severity.ERROR,
            display_path(path),
            None,
            f"grading.thresholds.{grade}",
            f"scores up to {system.scale:g}, the scale of {system.id}",
            f"{least:g}",
            "no unit could reach it",
        )
        for grade, least in config.grading.thresholds.items()
        if least > system.scale
    )


def _refuse_other_slots(path: Path, config: EditionConfig, system: System) -> None:
    """Refuse slots that the system's conditions would never meet."""
    declared = system.columns.get("calls", {}).get("slot")
    if declared is None or "calls" not in config.data:
        return
    raise_errors(
        Finding(
            "unknown-slot",
            Severity.ERROR,
            display_path(path),
            None,
            f"slots.{slot}",
            f"the slots of {system.id}: {', '.join(declared.values)}",
            repr(slot),
            did_you_mean(slot, declared.values),
        )
        for slot in {*config.slots} ^ {*declared.values}
    )


def _sample(folder: Path, config: EditionConfig, register: Register) -> tuple[str, ...] | None:
    if config.units.sample is None:
        return None
    raw = read_table(folder / config.units.sample)
    if "unit" not in raw.cells:
        finding = Finding(
            "missing-column",
            Severity.ERROR,
            raw.file,
            1,
            "unit",
            "a column 'unit'",
            "none",
            did_you_mean("unit", raw.cells.columns),
        )
        raise InputError([finding])
    units, findings = register.resolve_column(raw.cells["unit"], raw.file, "unit")
    raise_errors([*raw.findings, *findings])
    there = set(units.dropna())
    return tuple(unit for unit in register.table.index if unit in there)
