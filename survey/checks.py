"""Checks: what valid records say about the work that made them; warnings and notes, no errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from survey.cells import in_records, in_rows
from survey.contracts import CONTRACTS, AnswerColumn
from survey.findings import Finding, Severity
from survey.records import Records

SCALE_ITEMS = 10
"""Least number of items on one scale for equal answers to all of them to mean anything."""
LONGEST_WAIT, LONGEST_TALK = 3600.0, 4 * 3600.0
"""Seconds beyond which a time is taken for a slip of the pen."""
_MOST_NAMED = 10
Found = Iterator[Finding]


@dataclass(frozen=True)
class CheckPlan:
    """What the records of an edition were meant to be.

    Parameters
    ----------
    answers
        The columns that the indicator system asks of each table.
    units
        The units of the sample, by canonical name.
    audiences, scenarios, slots
        The values that every unit was to have calls of; without slots, coverage is judged
        without them.
    minimum_records
        Least records of a unit in each table of calls and responses.
    """

    answers: Mapping[str, tuple[AnswerColumn, ...]]
    units: tuple[str, ...]
    audiences: tuple[str, ...] = ("citizen", "enterprise")
    scenarios: tuple[str, ...] = ("information", "complaint")
    slots: tuple[str, ...] = ()
    minimum_records: int = 1

    def items(self, table: str) -> tuple[AnswerColumn, ...]:
        """Return the answers asked of a table that its contract does not know by itself."""
        own = CONTRACTS[table].names
        return tuple(answer for answer in self.answers.get(table, ()) if answer.name not in own)


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
    return tuple(
        replace(finding, file=records.files.get(table, table))
        for check, tables in CHECKS
        for table in tables
        if table in records
        for finding in check(records[table], table, plan)
    )


def duplicate_records(frame: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find records that equal another in all but the id; two codings of a recording may.

    Records without a time and with fewer than `SCALE_ITEMS` answers are left alone: two busy
    calls are easily alike.
    """
    answered = frame[[answer.name for answer in plan.items(table)]].notna().sum(axis=1)
    told = frame["started_at"].notna() | (answered >= SCALE_ITEMS)
    ids = [name for name in (*CONTRACTS[table].key, "recording") if name in frame]
    if "recording" in frame:
        told &= frame["recording"].isna() | ~frame["recording"].duplicated()
    suspects = frame.loc[told.to_numpy()].drop(columns=ids)
    alike = suspects.index[suspects.duplicated(keep=False).to_numpy()]
    yield from _counted(
        _warning(
            "duplicate-records",
            "",
            "records that differ in more than the id",
            f"copies of other records; {in_rows(alike)} are alike",
            "remove them, or give two codings of one call the same recording",
        ),
        suspects.index,
        suspects.duplicated(),
    )


def coverage(calls: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find cells of the call plan (unit, audience, scenario, slot) without a call."""
    axes = {"unit": plan.units, "scenario": plan.scenarios}
    axes |= {"audience": plan.audiences} if plan.audiences else {}
    axes |= {"slot": plan.slots} if plan.slots else {}
    held = np.zeros([len(values) for values in axes.values()], dtype=bool)
    codes = [pd.Index(values).get_indexer(pd.Index(calls[name])) for name, values in axes.items()]
    planned = np.logical_and.reduce([code >= 0 for code in codes])
    held[tuple(code[planned] for code in codes)] = True
    by_unit = held.reshape(len(plan.units), -1)
    silent = ~by_unit.any(axis=1)
    partly = int((~by_unit.all(axis=1)).sum() - silent.sum())
    if missing := int((~held).sum()):
        found = _warning(
            "cells-without-calls",
            ", ".join(axes),
            f"a call in each of {held.size} cells",
            f"none in {missing}",
            f"{partly} units lack some cells, {int(silent.sum())} have none at all",
        )
        yield replace(found, count=missing)
    if silent.any():
        found = _warning(
            "units-without-calls",
            "unit",
            "calls to every unit",
            f"none to {_named(np.array(plan.units)[silent])}",
            "calls give them no scores",
        )
        yield replace(found, count=int(silent.sum()))


def few_records(frame: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find units with fewer records than the plan's minimum."""
    counts = frame["unit"].value_counts().reindex(list(plan.units), fill_value=0)
    few = counts.index[counts.to_numpy() < plan.minimum_records]
    if len(few):
        found = _warning(
            "few-records",
            "unit",
            f"at least {plan.minimum_records} {table} of each unit",
            f"fewer of {_named(few)}",
            "their scores are uncertain or missing",
        )
        yield replace(found, count=len(few))


def impossible_times(calls: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find waits and talks longer than `LONGEST_WAIT` and `LONGEST_TALK`."""
    hint = "check unit and decimal point"
    for column, longest in (("wait_seconds", LONGEST_WAIT), ("talk_seconds", LONGEST_TALK)):
        found = _warning("impossible-time", column, f"at most {longest:g} s", "longer", hint)
        yield from _counted(found, calls.index, calls[column] > longest)


def times_of_unanswered(calls: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find talk on calls that nobody answered, and waits that ended without an answer."""
    talked, waited = calls["talk_seconds"] > 0, calls["wait_seconds"] > 0
    talk = _warning(
        "talk-without-answer",
        "talk_seconds",
        "talk on answered calls only",
        "talk on calls with outcome busy, no_answer or ivr_only",
        "correct the outcome or clear the time",
    )
    nobody = calls["outcome"].isin(["busy", "no_answer", "ivr_only"])
    yield from _counted(talk, calls.index, talked & nobody)
    busy = _warning(
        "wait-when-busy",
        "wait_seconds",
        "no wait on a busy line",
        "a wait",
        "correct the outcome or clear the time",
    )
    yield from _counted(busy, calls.index, waited & (calls["outcome"] == "busy"))
    failed = _warning(
        "wait-without-answer",
        "wait_seconds",
        "waits until an answer",
        "waits on calls with outcome no_answer, dropped or ivr_only",
        "they tell when the call failed; keep them out of waiting times",
    )
    unanswered = calls["outcome"].isin(["no_answer", "dropped", "ivr_only"])
    yield from _counted(replace(failed, severity=Severity.NOTE), calls.index, waited & unanswered)


def answers_of_unanswered(calls: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find answers to items on calls that nobody answered, by outcome."""
    filled = calls[[answer.name for answer in plan.items(table)]].notna().any(axis=1)
    for outcome in ("busy", "no_answer", "dropped", "ivr_only"):
        such = calls["outcome"] == outcome
        found = _warning(
            "answers-without-call",
            "",
            f"items left blank on calls with outcome {outcome}",
            f"answers, among {np.count_nonzero(such)} such calls",
            "correct the outcome or clear the answers",
        )
        yield from _counted(found, calls.index, such & filled)


def zero_durations(frame: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find answered calls and questionnaires that took no time."""
    column = "talk_seconds" if table == "calls" else "duration_seconds"
    zero = frame[column] == 0
    if table == "calls":
        zero &= frame["outcome"] == "answered"
    found = _warning(
        "zero-duration", column, "more than 0 s", "0 s", "clear the time if it was not measured"
    )
    yield from _counted(found, frame.index, zero)


def empty_items(frame: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find answer columns without a single answer."""
    hint = "its indicator rests on other items, if any"
    for answer in plan.answers.get(table, ()):
        found = _warning("empty-item", answer.name, "answers", "none in any record", hint)
        if not frame[answer.name].notna().to_numpy().any():
            yield replace(found, count=len(frame))


def straight_lining(responses: pd.DataFrame, table: str, plan: CheckPlan) -> Found:
    """Find questionnaires with one answer to every item of a scale of many items."""
    for names in _scales(plan.items(table)):
        answers = responses[names]
        first = answers.bfill(axis=1).iloc[:, 0]
        enough = answers.notna().sum(axis=1) >= SCALE_ITEMS
        straight = enough & (answers.eq(first, axis=0) | answers.isna()).all(axis=1)
        share = np.count_nonzero(straight) / max(np.count_nonzero(enough), 1)
        found = _warning(
            "straight-lining",
            f"{names[0]} … {names[-1]}",
            f"answers that vary over {len(names)} items on one scale",
            f"one answer throughout, {share:.1%} of the questionnaires",
            "see who collected them before they are trusted",
        )
        yield from _counted(found, responses.index, straight)


CHECKS: tuple[tuple[Callable[[pd.DataFrame, str, CheckPlan], Found], tuple[str, ...]], ...] = (
    (duplicate_records, ("calls", "responses")),
    (coverage, ("calls",)),
    (few_records, ("calls", "responses")),
    (impossible_times, ("calls",)),
    (times_of_unanswered, ("calls",)),
    (answers_of_unanswered, ("calls",)),
    (zero_durations, ("calls", "responses")),
    (empty_items, ("calls", "responses", "cases")),
    (straight_lining, ("responses",)),
)
"""Every check with the tables it looks at, in the order in which they report."""


def _scales(items: Iterable[AnswerColumn]) -> list[list[str]]:
    """Group the items that accept the same answers, and keep the groups large enough."""
    by_answers: dict[AnswerColumn, list[str]] = {}
    for item in items:
        by_answers.setdefault(replace(item, name=""), []).append(item.name)
    return [names for names in by_answers.values() if len(names) >= SCALE_ITEMS]


def _warning(check: str, column: str, expected: str, got: str, hint: str) -> Finding:
    return Finding(check, Severity.WARNING, "", None, column, expected, got, hint)


def _counted(finding: Finding, rows: pd.Index, wrong: ArrayLike) -> Found:
    """Yield a finding with its first row and the number of records, where there are any."""
    where = rows[np.asarray(wrong, dtype=bool)]
    if len(where):
        got = in_records(finding.got, len(where))
        yield replace(finding, row=int(where[0]), got=got, count=len(where))


def _named(units: Iterable[str]) -> str:
    names = list(units)
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
