"""Reading an edition: its records and published figures, checked and scored."""

from dataclasses import replace

from analysis.published.figures import PublishedFigures, read_published
from hotline_index.edition import Edition
from hotline_index.progress import Progress, Quiet
from indicators.nodes import ADDRESSED
from indicators.scores import Scores, score
from survey.checks import CheckPlan, check_records
from survey.contracts import CONTRACTS, AnswerColumn
from survey.findings import Finding, InputError, raise_errors
from survey.intake import read_records
from survey.records import Records

Found = tuple[Finding, ...]


def read_figures(edition: Edition) -> tuple[PublishedFigures | None, Found]:
    """Read the figures published elsewhere, where the edition has any, by canonical unit.

    Raises
    ------
    InputError
        With every error, units that the register does not know among them.
    """
    if edition.published is None:
        return None, ()
    tree = edition.system.hierarchy
    return read_published(edition.published, tree.ids, tree.audiences, register=edition.register)


def check_edition(edition: Edition) -> Found:
    """Read and check everything an edition holds, and return the findings.

    Raises
    ------
    InputError
        With every error.
    """
    found: list[Finding] = []
    for read in (read_figures, read_and_check) if edition.config.data else (read_figures,):
        try:
            found += read(edition)[1]
        except InputError as error:
            found += error.findings
    raise_errors(found)
    return tuple(found)


def plain_scores(edition: Edition, progress: Progress) -> tuple[Scores, Found]:
    """Read, check and score the records of an edition, without standard errors."""
    records, findings = read_and_check(edition, progress)
    units = edition.sample or _units_in(records, edition)
    progress.step("score")
    scores, more = score(records, edition.system, units, edition.register.table)
    return scores, findings + more


def read_and_check(edition: Edition, progress: Progress | None = None) -> tuple[Records, Found]:
    """Read the records of an edition and run every check on them."""
    progress = progress or Quiet()
    progress.step("read")
    system = edition.system
    audiences = tuple(system.audiences)
    audience = AnswerColumn("audience", "category", audiences)
    answers = {
        table: (*columns, audience) if audiences and table in ADDRESSED else columns
        for table, columns in system.needed_columns().items()
    }
    for table, columns in (edition.config.texts.columns if edition.config.texts else {}).items():
        known = {column.name for column in CONTRACTS[table].columns}
        asked = {column.name for column in answers.get(table, ())}
        open_answers = (name for name in columns if name not in known | asked)
        answers[table] = (
            *answers.get(table, ()),
            *(AnswerColumn(name, "category") for name in open_answers),
        )
    sample = None if edition.sample is None else frozenset(edition.sample)
    slots = tuple(edition.config.slots)
    records, findings = read_records(
        edition.sources,
        edition.register,
        answers,
        sample=sample,
        slots=slots,
        audiences=bool(audiences),
    )
    progress.step("check")
    units = edition.sample or _units_in(records, edition)
    plan = CheckPlan(answers, units, audiences, slots=slots)
    if scenarios := system.columns.get("calls", {}).get("scenario"):
        plan = replace(plan, scenarios=tuple(scenarios.values))
    return records, findings + check_records(records, plan)


def _units_in(records: Records, edition: Edition) -> tuple[str, ...]:
    there = {unit for table in records.tables.values() for unit in table["unit"].dropna().unique()}
    return tuple(unit for unit in edition.register.table.index if unit in there)
