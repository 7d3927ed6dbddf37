"""The call plan of an edition: made, guarded against a change under the field, and written."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from hotline_index.edition import Edition
from hotline_index.folders import sha256, whole_folder
from hotline_index.planning.precision import PlanPrecision, source_edition
from survey.contracts import CONTRACTS, AnswerColumn, Contract
from survey.findings import Finding, InputError, Severity, display_path, raise_errors
from survey.hours import parse_hours
from survey.instruments.load import instruments, load_instrument
from survey.instruments.model import Instrument
from survey.plan.files import PLAN, Campaign, write_plan
from survey.plan.schedule import Cells, make_schedule
from survey.plan.settings import PlanSettings, Shopper
from survey.sources.source import is_there, read_source, source_name
from survey.tables import read_table

MANIFEST, PRECISION = "manifest.json", "precision.csv"
NO_AUDIENCE = ("",)


@dataclass(frozen=True)
class Planned:
    """A plan that is made, and not yet written.

    Parameters
    ----------
    plan, findings
        As `survey.plan.schedule.make_schedule` returns.
    cells, settings
        What it was made of.
    """

    plan: pd.DataFrame
    findings: tuple[Finding, ...]
    cells: Cells
    settings: PlanSettings

    @property
    def calls_of_slot(self) -> int:
        """Calls of a unit in a slot."""
        return self.cells.calls(self.settings) // len(self.cells.slots)


def plan_edition(edition: Edition) -> Planned:
    """Make the call plan of an edition.

    Raises
    ------
    InputError
        Where the edition has no ``plan:`` or no slots with hours, or the plan cannot be made.
    """
    settings, config = edition.config.plan, edition.config
    hours = {slot: parse_hours(label) for slot, label in config.slots.items()}
    wrong = []
    if settings is None:
        wrong.append(_wrong(edition, "plan", "the key 'plan'", "none", "add start and end to it"))
    if not hours:
        wrong.append(_wrong(edition, "slots", "time slots", "none", "such as s1: 08:00–10:00"))
    wrong += [
        _wrong(edition, f"slots.{slot}", "hours such as 08:00–10:00", repr(config.slots[slot]))
        for slot, bounds in hours.items()
        if bounds is None
    ]
    raise_errors(wrong)
    assert settings is not None
    scenario = edition.system.columns.get("calls", {}).get("scenario")
    cells = Cells(
        units=edition.sample or tuple(edition.register.table.index),
        audiences=tuple(edition.system.audiences) or NO_AUDIENCE,
        scenarios=tuple(scenario.values) if scenario else CONTRACTS["calls"]["scenario"].allowed,
        slots={slot: bounds for slot, bounds in hours.items() if bounds},
        file=edition.file,
    )
    settings = settings.model_copy(update={"shoppers": _resolved(edition, settings)})
    plan, findings = make_schedule(cells, settings)
    return Planned(plan, findings, cells, settings)


def _resolved(edition: Edition, settings: PlanSettings) -> tuple[Shopper, ...]:
    """Return the shoppers with their homes by canonical name, where the register knows them."""
    homes = pd.Series([one.home for one in settings.team], dtype="str")
    named, findings = edition.register.resolve_column(
        homes.dropna(), edition.file, "plan.shoppers.home"
    )
    raise_errors(replace(finding, row=None) for finding in findings)
    return tuple(
        one.model_copy(update={"home": named.get(at)}) for at, one in enumerate(settings.team)
    )


def _wrong(edition: Edition, key: str, expected: str, got: str, hint: str = "change it") -> Finding:
    return Finding("plan", Severity.ERROR, edition.file, None, key, expected, got, hint)


def write_edition_plan(
    edition: Edition,
    planned: Planned,
    folder: Path,
    precision: PlanPrecision | None = None,
    *,
    force: bool = False,
) -> int:
    """Write the files of a plan, whole or not at all.

    Parameters
    ----------
    edition, planned
        The edition and its plan.
    folder
        Replaced.
    precision
        What the plan can tell apart, written beside it.
    force
        Replace even a plan whose calls have been made.

    Returns
    -------
    How many calls of an earlier plan there are otherwise now.

    Raises
    ------
    InputError
        Where the folder holds something else than a plan, files that were changed since they were
        written, or a plan whose calls have been made; then nothing is changed.
    """
    before = _earlier(folder)
    if not force and folder.exists():
        raise_errors(_changed_files(folder))
    with whole_folder(folder) as made:
        write_plan(planned.plan, _campaign(edition, planned), made)
        if precision is not None:
            table = precision.table.round(4)
            table.to_csv(made / PRECISION, index=False, encoding="utf-8-sig", lineterminator="\n")
        hashes = _hashes(made)
        text = json.dumps(hashes, ensure_ascii=False, indent=1, sort_keys=True)
        (made / MANIFEST).write_text(text + "\n", encoding="utf-8")
        if not force and before is not None and sha256(folder / PLAN) != hashes[PLAN]:
            raise_errors(_made_calls(edition, before, folder))
    if before is None:
        return 0
    after = read_table(folder / PLAN).cells
    same = before.reset_index(drop=True).merge(after.reset_index(drop=True), how="inner")
    return len(before) - len(same)


def _campaign(edition: Edition, planned: Planned) -> Campaign:
    return Campaign(
        name=edition.config.edition,
        title=edition.config.title.zh,
        labels=edition.config.slots,
        hours=planned.cells.slots,
        settings=planned.settings,
        instruments=_sheets(edition),
        calls=_contract(edition),
    )


def _sheets(edition: Edition) -> tuple[Instrument, ...]:
    """Return the caller's sheets that come with the package for the edition's system."""
    every = (load_instrument(name) for name in instruments())
    return tuple(e for e in every if e.table == "calls" and edition.system.id in e.systems)


def _contract(edition: Edition) -> Contract:
    answers = list(edition.system.needed_columns().get("calls", ()))
    if edition.system.audiences:
        answers.append(AnswerColumn("audience", "category", tuple(edition.system.audiences)))
    return CONTRACTS["calls"].asking(answers).allowing("slot", tuple(edition.config.slots))


def _earlier(folder: Path) -> pd.DataFrame | None:
    """Return the plan that a folder holds, as strings."""
    path = folder / PLAN
    return read_table(path).cells if path.is_file() else None


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def _changed_files(folder: Path) -> list[Finding]:
    """Return an error where a folder holds what no plan wrote there."""
    there, manifest = _hashes(folder), folder / MANIFEST
    written = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    other = [name for name, own in there.items() if written.get(name) != own]
    if not other:
        return []
    return [
        Finding(
            "changed-files", Severity.ERROR, display_path(folder), None, "",
            "a folder of a plan as it was written", f"{other[0]}" + (
                f" and {len(other) - 1} more, new or changed since" if other[1:] else
                ", new or changed since"
            ),
            "move what was entered elsewhere, take another folder with --out, or replace all "
            "with --force", len(other),
        )
    ]  # fmt: skip


def _made_calls(edition: Edition, before: pd.DataFrame, folder: Path) -> list[Finding]:
    """Return an error where calls of an earlier plan have been made."""
    source = edition.sources.get("calls")
    if source is None or not is_there(source):
        return []
    cells = read_source(source).cells
    if "call_id" not in cells or "call_id" not in before:
        return []
    made = int(before["call_id"].isin(cells["call_id"]).sum())
    if not made:
        return []
    return [
        Finding(
            "plan-in-use", Severity.ERROR, display_path(folder / PLAN), None, "call_id",
            "a plan none of whose calls have been made",
            f"{made} of {len(before)} calls in {source_name(source)}",
            "the new plan means other calls by the same ids; --force replaces it all the same",
            made,
        )
    ]  # fmt: skip


def has_records(edition: Edition) -> bool:
    """Whether there is an edition with records, to tell what a plan can tell apart.

    Raises
    ------
    InputError
        Where ``plan.like`` names an edition that there is not, or one without records.
    """
    if edition.config.plan is not None and edition.config.plan.like is not None:
        return bool(source_edition(edition))
    try:
        source_edition(edition)
    except InputError:
        return False
    return True
