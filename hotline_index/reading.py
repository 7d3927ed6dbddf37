"""Reading an edition: its records and published figures, checked and scored."""

from dataclasses import replace

from analysis.published.figures import PublishedFigures, read_published
from hotline_index.check_plan import check_plan
from hotline_index.edition import Edition
from hotline_index.progress import Progress, Quiet
from indicators.nodes import ADDRESSED
from indicators.scores import Scores, score
from survey.checks import Checked, inspect_records
from survey.contracts import CONTRACTS, AnswerColumn
from survey.findings import Finding, InputError, Severity, display_path, raise_errors
from survey.intake import read_records
from survey.ledger import apply_corrections
from survey.privacy.pseudonyms import pseudonymise_records, read_key
from survey.records import Records
from survey.weighting.margins import Margins, read_margins
from survey.weighting.reweighting import reweight

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


def refuse_without_records(edition: Edition) -> None:
    """Refuse an edition without records.

    Raises
    ------
    InputError
        Where the edition has no records.
    """
    if not edition.has_records:
        finding = Finding(
            "no-records",
            Severity.ERROR,
            display_path(edition.folder),
            expected="an edition with data:",
            got="published figures only" if edition.published else "no records yet",
            hint="without records there are no scores to trace, to change or to stand beside",
        )
        raise InputError([finding])


def check_edition(edition: Edition) -> Found:
    """Read and check everything an edition holds, and return the findings.

    Raises
    ------
    InputError
        With every error.
    """
    found: list[Finding] = []
    for read in (read_figures, read_and_check) if edition.has_records else (read_figures,):
        try:
            found += read(edition)[1]
        except InputError as error:
            found += error.findings
    raise_errors(found)
    return tuple(found)


def plain_scores(edition: Edition, progress: Progress) -> tuple[Scores, Found]:
    """Read, check and score the records of an edition, without standard errors."""
    scores, _, findings = checked_scores(edition, progress)
    return scores, findings


def checked_scores(edition: Edition, progress: Progress) -> tuple[Scores, Checked, Found]:
    """Read, check and score the records of an edition.

    Returns
    -------
    The scores without standard errors, what the checks found, and all findings, theirs included.
    """
    records, checked, findings = read_and_inspect(edition, progress)
    units = units_assessed(edition, records)
    progress.step("score")
    scores, more = score(records, edition.system, units, edition.register.table)
    return scores, checked, (*findings, *checked.findings, *more)


def read_and_check(edition: Edition, progress: Progress | None = None) -> tuple[Records, Found]:
    """Read the records of an edition and run every check on them."""
    records, checked, findings = read_and_inspect(edition, progress)
    return records, findings + checked.findings


def read_and_inspect(
    edition: Edition, progress: Progress | None = None
) -> tuple[Records, Checked, Found]:
    """Read the records of an edition and tell which of them the checks flag.

    Returns
    -------
    The records, what the checks found, and the findings of the reading itself.

    Raises
    ------
    InputError
        With every error.
    """
    progress = progress or Quiet()
    progress.step("read")
    audiences = tuple(edition.system.audiences)
    answers = asked_columns(edition)
    margins, found = _margins(edition)
    needed = dict(answers)
    if margins is not None:
        asked = answers.get("responses", ())
        needed["responses"] = (*asked, *margins.asked([column.name for column in asked]))
    sample = None if edition.sample is None else frozenset(edition.sample)
    slots = tuple(edition.config.slots)
    records, findings = read_records(
        edition.sources,
        edition.register,
        needed,
        sample=sample,
        slots=slots,
        audiences=bool(audiences),
        columns=edition.columns,
    )
    records = coded_records(edition, records)
    records, corrected = apply_corrections(
        records, needed, edition.register, slots=slots, audiences=bool(audiences)
    )
    findings += corrected
    records, raked = _raked(records, margins, edition)
    findings += found + raked
    progress.step("check")
    units = units_assessed(edition, records)
    checked = inspect_records(records, check_plan(edition, answers, units))
    checked = replace(checked, findings=records.placed(checked.findings))
    return records, checked, findings


def asked_columns(edition: Edition) -> dict[str, tuple[AnswerColumn, ...]]:
    """Return the columns that an edition asks of each table, open answers among them."""
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
    return answers


def coded_records(edition: Edition, records: Records) -> Records:
    """Return records with codes in place of names, where the edition asks for them.

    Raises
    ------
    InputError
        Where there is no key.
    """
    if edition.config.pseudonyms is None:
        return records
    return pseudonymise_records(records, read_key(edition.key))


def units_assessed(edition: Edition, records: Records) -> tuple[str, ...]:
    """Return the units of the sample, or those with records where there is none."""
    if edition.sample:
        return edition.sample
    there = {unit for table in records.tables.values() for unit in table["unit"].dropna().unique()}
    return tuple(unit for unit in edition.register.table.index if unit in there)


def _margins(edition: Edition) -> tuple[Margins | None, Found]:
    """Read the margins that an edition names, where it has questionnaires."""
    settings = edition.config.margins
    if settings is None or "responses" not in edition.sources:
        return None, ()
    audiences = tuple(edition.system.audiences)
    return read_margins(edition.folder / settings.file, edition.register, audiences)


def _raked(records: Records, margins: Margins | None, edition: Edition) -> tuple[Records, Found]:
    """Bring the weights of the questionnaires to the margins of an edition."""
    settings = edition.config.margins
    if margins is None or settings is None:
        return records, ()
    file = records.files.get("responses", "")
    reweighted, findings = reweight(records["responses"], margins, settings, file)
    return replace(records, tables={**records.tables, "responses": reweighted.frame}), findings
