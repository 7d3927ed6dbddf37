"""An edition: the folder of one year, its configuration and what it holds."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import get_args

from analysis.drivers.settings import check_names
from analysis.grades.schemes import ThresholdsScheme
from analysis.uncertainty.factors import method_factors
from hotline_index.configuration import EditionConfig, Kept, MapSource
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
from survey.sources.columns import TableColumns
from survey.sources.database import Database, DatabaseTable
from survey.sources.source import Source as RecordSource
from survey.tables import read_table
from survey.yaml_source import read_yaml

CONFIGURATION = "edition.yaml"


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
    def sources(self) -> dict[str, RecordSource]:
        """Where the records of each table are; a database is read once."""
        return {
            table: DatabaseTable(given, self.folder)
            if isinstance(given, Database)
            else self.folder / given
            for table, given in self.config.data.items()
        }

    @property
    def has_records(self) -> bool:
        """Whether it names any records, and not just what is kept beside them."""
        return bool({*self.config.data} - {*get_args(Kept)})

    @property
    def columns(self) -> dict[str, TableColumns]:
        """The map of columns of each table that has one."""
        return {**self.config.columns}

    @property
    def files(self) -> dict[str, Path]:
        """Files of records by table, without those of a database."""
        return {table: each for table, each in self.sources.items() if isinstance(each, Path)}

    @property
    def file(self) -> str:
        """Where its configuration lies, for errors."""
        return display_path(self.folder / CONFIGURATION)

    @property
    def key(self) -> Path | None:
        """Where the key of the pseudonyms lies, whether it is there or not."""
        named = self.config.pseudonyms.key if self.config.pseudonyms else None
        return None if named is None else self.folder / named

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
