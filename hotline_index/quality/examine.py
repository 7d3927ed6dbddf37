"""The quality of the data of an edition, told before any score is shown."""

from dataclasses import dataclass

import pandas as pd

from hotline_index.corrections import correction_effects, correction_reasons
from hotline_index.edition import Edition
from hotline_index.folders import whole_folder
from hotline_index.progress import Progress, Quiet
from hotline_index.quality.selection import selection_quality
from hotline_index.quality.shoppers import shopper_quality
from hotline_index.reading import Found
from hotline_index.steps import Scored, score_records
from hotline_index.tables import edition_meta, finding_table, indicator_table, sample_table
from report.quality import write_quality
from report.results import Results
from survey.checks import Checked
from survey.findings import InputError, errors
from survey.instruments.load import instruments, load_instrument
from survey.records import Records

NAMED = ("unit", "shopper")
OF_SHOPPERS = (
    "agreement", "coders", "shoppers", "components", "balance_tests", "balance", "groups",
    "adjusted",
)  # fmt: skip
"""Tables of `hotline_index.quality.shoppers.ShopperQuality`."""


@dataclass(frozen=True)
class Quality:
    """What is known of the quality of the data.

    Parameters
    ----------
    results
        The tables of the report; see `report.quality.page.quality_page`.
    findings
        All that was found.
    """

    results: Results
    findings: Found

    @property
    def sound(self) -> bool:
        """Whether nothing stops the records from being scored."""
        return not errors(self.findings)


def examine(edition: Edition, progress: Progress | None = None) -> Quality:
    """Read the records of an edition and tell how far they can be trusted.

    Errors in the files do not stop it: they are the report.
    """
    try:
        scored, findings = score_records(edition, progress or Quiet())
    except InputError as error:
        return _told(edition, {}, error.findings, 0)
    return judge(edition, scored, findings)


def judge(edition: Edition, scored: Scored, findings: Found) -> Quality:
    """Tell the quality of records that were read, checked and scored.

    Parameters
    ----------
    edition, scored
        The edition and its scores.
    findings
        Of reading, checking and scoring.
    """
    config, scores, records = edition.config, scored.scores, scored.scores.records
    level, seed = config.uncertainty.level, config.uncertainty.seed
    shoppers = shopper_quality(scores, level, seed, draws=scored.draws, scheme=config.grading)
    selection = selection_quality(scores, records, level)
    tables = {
        "sample": sample_table(edition, records),
        "records": _counts(records),
        "flags": scored.checked.flags,
        **_coverage(scored.checked),
        **{name: getattr(shoppers, name) for name in OF_SHOPPERS},
        "gaps": selection.gaps,
        "survey_against_calls": selection.survey_against_calls,
        "design_effects": selection.design_effects,
        "corrections": correction_effects(scores, config.grading, scored.grades),
        "correction_reasons": correction_reasons(scores),
    }
    told = (*findings, *shoppers.findings, *selection.findings)
    return _told(edition, tables, told, len(scores.units))


def _coverage(checked: Checked) -> dict[str, pd.DataFrame]:
    return {f"coverage_{name}": table.reset_index() for name, table in checked.coverage.items()}


def _told(
    edition: Edition, tables: dict[str, pd.DataFrame], findings: Found, units: int
) -> Quality:
    tables = {
        "findings": finding_table(findings, edition.folder),
        "indicators": indicator_table(edition.system),
        "items": _items(edition),
        **tables,
    }
    return Quality(Results(edition_meta(edition, units, records=True), tables), findings)


def _items(edition: Edition) -> pd.DataFrame:
    """Name answer columns: as an item that asks it alone, or as the instruments ask it."""
    named = [
        (answers[0].name, item.zh, item.en)
        for _, item in edition.system.leaf_items()
        if len(answers := item.answers()) == 1
    ]
    forms = (load_instrument(name) for name in instruments())
    named += [
        (question.name, question.zh, question.en)
        for form in forms
        if edition.system.id in form.systems
        for question in form.questions
    ]
    return pd.DataFrame(named, columns=["item", "zh", "en"]).drop_duplicates("item")


def _counts(records: Records) -> pd.DataFrame:
    """Count the records of each unit and shopper."""
    counted = [
        frame[kind].value_counts().rename_axis("name").rename("records").reset_index()
        .assign(kind=kind, table=table)
        for table, frame in records.tables.items()
        for kind in NAMED
        if kind in frame and table in ("calls", "responses", "cases")
    ]  # fmt: skip
    columns = ["table", "kind", "name", "records"]
    return pd.concat(counted)[columns] if counted else pd.DataFrame(columns=columns)


def write_edition_quality(edition: Edition, quality: Quality) -> None:
    """Replace ``quality/`` of an edition."""
    with whole_folder(edition.folder / "quality") as folder:
        write_quality(quality.results, folder)
