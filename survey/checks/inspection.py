"""Inspection: every check run on every table, and what they marked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from survey.checks import answers, branches, bursts, coverage, duplicates, near, texts, times
from survey.checks.plan import CheckPlan
from survey.checks.sheet import Found, Marked, Sheet
from survey.contracts import CONTRACTS
from survey.findings import Finding
from survey.records import Records

FLAGS = ("table", "row", "record", "unit", "shopper", "check", "column", "severity", "like")
CALLS, RESPONSES = ("calls",), ("responses",)
BOTH = (*CALLS, *RESPONSES)

Check = tuple[Callable[[Sheet], Found], tuple[str, ...]]

CHECKS: tuple[Check, ...] = (
    (duplicates.duplicate_records, BOTH),
    (near.near_duplicates, BOTH),
    (duplicates.identical_vectors, RESPONSES),
    (coverage.coverage, CALLS),
    (coverage.calls_not_made, CALLS),
    (coverage.unplanned_calls, CALLS),
    (coverage.other_than_planned, CALLS),
    (coverage.other_date, CALLS),
    (coverage.few_records, BOTH),
    (times.impossible_times, CALLS),
    (times.times_of_unanswered, CALLS),
    (times.zero_durations, BOTH),
    (times.short_talks, CALLS),
    (times.overlapping_calls, CALLS),
    (times.outside_slot, CALLS),
    (times.outside_hours, CALLS),
    (branches.answers_of_unanswered, CALLS),
    (branches.answered_when_not_asked, BOTH),
    (branches.many_blanks, BOTH),
    (branches.contradictions, BOTH),
    (branches.empty_items, (*BOTH, "cases")),
    (answers.straight_lining, RESPONSES),
    (answers.long_runs, RESPONSES),
    (answers.even_answers, RESPONSES),
    (answers.speeding, RESPONSES),
    (bursts.bursts, RESPONSES),
    (bursts.same_device, RESPONSES),
    (texts.repeated_texts, BOTH),
)
"""Every check with the tables it looks at, in the order in which they report."""


@dataclass(frozen=True)
class Checked:
    """What the checks found.

    Parameters
    ----------
    findings
        Warnings and notes, in the order of `CHECKS`.
    flags
        One row a record, check and column, in the order of the findings: table, row (of the file
        as a spreadsheet shows it), record (its id), unit, shopper (missing in tables without),
        check, column, severity, and like (id of the record that it resembles, or missing).
    coverage
        Tables of planned and made calls by column (see `survey.checks.coverage.coverage_tables`);
        empty without calls.
    """

    findings: tuple[Finding, ...]
    flags: pd.DataFrame
    coverage: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def check_records(records: Records, plan: CheckPlan) -> tuple[Finding, ...]:
    """Run every check of `CHECKS`.

    Parameters
    ----------
    records
        Valid records, as `survey.intake.read_records` returns them.
    plan
        What they were meant to be.

    Returns
    -------
    Warnings and notes, in the order of `CHECKS`.
    """
    return inspect_records(records, plan).findings


def inspect_records(records: Records, plan: CheckPlan, checks: Sequence[Check] = CHECKS) -> Checked:
    """Run every check and tell which records each finding stands for.

    Parameters
    ----------
    records
        Valid records, as `survey.intake.read_records` returns them. A table ``plan`` among them
        is the schedule that the calls are compared with.
    plan
        What they were meant to be.
    checks
        The checks, with the tables they look at.

    Returns
    -------
    `Checked`.
    """
    schedule = records.tables.get("plan")
    sheets = {
        table: Sheet(records[table], table, plan, schedule)
        for table in (*BOTH, "cases")
        if table in records
    }
    found = [
        (sheets[table], replace(mark, finding=_placed(mark.finding, table, records)))
        for check, tables in checks
        for table in tables
        if table in sheets
        for mark in check(sheets[table])
    ]
    flags = [_flags(sheet, mark) for sheet, mark in found if len(mark.where)]
    return Checked(
        tuple(mark.finding for _, mark in found),
        pd.concat(flags, ignore_index=True) if flags else pd.DataFrame(columns=list(FLAGS)),
        coverage.coverage_tables(sheets["calls"]) if "calls" in sheets else {},
    )


def _placed(finding: Finding, table: str, records: Records) -> Finding:
    return replace(finding, file=records.files.get(table, table))


def _flags(sheet: Sheet, mark: Marked) -> pd.DataFrame:
    frame, where = sheet.frame, mark.where
    ids = frame[CONTRACTS[sheet.table].key[0]].to_numpy(dtype=object)
    blank = np.full(len(where), None, dtype=object)
    shopper = frame["shopper"].to_numpy(dtype=object)[where] if "shopper" in frame else blank
    columns = {
        "table": sheet.table,
        "row": frame.index.to_numpy()[where],
        "record": ids[where],
        "unit": frame["unit"].to_numpy(dtype=object)[where],
        "shopper": shopper,
        "check": mark.finding.check,
        "column": mark.finding.column,
        "severity": str(mark.finding.severity),
        "like": ids[mark.like] if len(mark.like) else blank,
    }
    text = {name: "str" for name in FLAGS if name != "row"}
    return pd.DataFrame(columns, columns=list(FLAGS)).astype(text)
