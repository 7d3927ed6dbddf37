"""Checks over valid records."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from record_files import UNITS, Cells, Names, calls, one, write_csv

from survey.checks import CHECKS, LONGEST_TALK, LONGEST_WAIT, CheckPlan, check_records
from survey.contracts import AnswerColumn
from survey.findings import Finding, Severity
from survey.intake import read_records
from survey.records import Records

LIKERT = tuple(AnswerColumn(f"v{i}", "number", minimum=1, maximum=5) for i in range(12))
ANSWERS = {
    "calls": (
        AnswerColumn("complete", "category", allowed=("full", "partly", "none")),
        AnswerColumn("courtesy", "number", minimum=1, maximum=5),
        AnswerColumn("wait_seconds", "number", minimum=0),
    ),
    "responses": LIKERT,
}
PLAN = CheckPlan(ANSWERS, units=UNITS)


@pytest.fixture
def found(tmp_path):
    """Read tables and check them."""

    def check(plan: CheckPlan = PLAN, **tables: Cells) -> list[Finding]:
        paths = {name: write_csv(tmp_path / f"{name}.csv", cells) for name, cells in tables.items()}
        records, _ = read_records(paths, Names(), {name: plan.answers[name] for name in tables})
        return list(check_records(records, plan))

    return check


def questionnaires(answers: list[list[object]], **changed) -> Cells:
    """One questionnaire a list of the answers to `LIKERT`."""
    n = len(answers)
    cells: Cells = {
        "response_id": [f"R{i}" for i in range(n)],
        "unit": ["北京"] * n,
        "audience": ["citizen"] * n,
        "duration_seconds": list(range(60, 60 + n)),
    }
    return (
        cells
        | dict(zip([a.name for a in LIKERT], map(list, zip(*answers, strict=True)), strict=True))
        | changed
    )


def checks_of(findings: list[Finding]) -> set[str]:
    return {finding.check for finding in findings}


def test_sound_records_have_only_gaps_of_coverage(found):
    assert checks_of(found(calls=calls())) == {"cells-without-calls"}


def test_findings_name_the_file_and_none_is_an_error(found):
    findings = found(calls=calls(talk_seconds=["0", "1e6", "5", "5"], complete=[""] * 4))
    assert findings
    assert all(finding.file.endswith("calls.csv") for finding in findings)
    assert Severity.ERROR not in {finding.severity for finding in findings}


def test_no_tables_no_findings():
    assert check_records(Records({}), PLAN) == ()


def test_every_check_is_public_and_says_what_it_does():
    assert len({check.__name__ for check, _ in CHECKS}) == len(CHECKS)
    assert all(check.__doc__ and tables for check, tables in CHECKS)


# ---------------------------------------------------------------------------- duplicates


def copied(**changed) -> Cells:
    """Four calls of which the last is the first under another id."""
    return {name: [*column[:3], column[0]] for name, column in calls().items()} | {
        "call_id": ["C1", "C2", "C3", "C4"],
        **changed,
    }


def test_a_record_copied_under_another_id(found):
    finding = one(found(calls=copied()), "duplicate-records")
    assert (finding.row, finding.count) == (5, 1)
    assert finding.got == "copies of other records; C1, C4 are alike"


def test_a_copy_with_another_recording_is_a_copy(found):
    cells = copied(recording=["A", "B", "C", "D"])
    assert one(found(calls=cells), "duplicate-records").count == 1


def test_two_codings_of_a_recording_are_no_copies(found):
    cells = copied(recording=["A", "B", "C", "A"])
    assert "duplicate-records" not in checks_of(found(calls=cells))


def test_records_without_a_time_and_with_few_answers_may_be_alike(found):
    cells = copied(started_at=[""] * 4)
    assert "duplicate-records" not in checks_of(found(calls=cells))


def test_questionnaires_alike_in_many_answers_are_copies_without_a_time(found):
    rows = [[1 + i % 5 for i in range(12)], [1 + i % 4 for i in range(12)]]
    cells = questionnaires([rows[0], rows[1], rows[0]], duration_seconds=[60, 70, 60])
    assert one(found(responses=cells), "duplicate-records").row == 4


# ------------------------------------------------------------------------------ coverage


def test_cells_of_the_plan_without_calls_are_counted(found):
    plan = replace(PLAN, units=(*UNITS, "成都"), slots=("s1", "s2"))
    findings = found(plan, calls=calls())
    cells, units = one(findings, "cells-without-calls"), one(findings, "units-without-calls")
    assert cells.count == 4 * 2 * 2 * 2 - 4
    assert cells.expected == "a call in each of 32 cells"
    assert cells.hint == "3 units lack some cells, 1 have none at all"
    assert (units.got, units.count) == ("none to 成都", 1)


def test_a_full_plan_has_no_gap(found):
    plan = CheckPlan(
        ANSWERS, units=("北京",), audiences=("citizen",), scenarios=("information",), slots=("s1",)
    )
    assert "cells-without-calls" not in checks_of(found(plan, calls=calls()))


def test_units_with_few_records(found):
    plan = replace(PLAN, units=(*UNITS, "成都"), minimum_records=2)
    finding = one(found(plan, calls=calls()), "few-records")
    assert finding.got == "fewer of 长沙, 延边朝鲜族自治州, 成都"
    assert finding.count == 3


def test_many_units_are_not_all_named(found):
    plan = replace(PLAN, units=tuple(f"城{i}" for i in range(30)))
    finding = one(found(plan, calls=calls()), "units-without-calls")
    assert finding.got.endswith("城9 and 20 more")
    assert finding.count == 30


# --------------------------------------------------------------------------------- times


def test_times_beyond_belief(found):
    cells = calls(
        wait_seconds=[LONGEST_WAIT, LONGEST_WAIT + 1, "", ""],
        talk_seconds=[LONGEST_TALK + 1, LONGEST_TALK, "", ""],
    )
    wrong = [f for f in found(calls=cells) if f.check == "impossible-time"]
    assert [(f.column, f.row, f.count) for f in wrong] == [
        ("wait_seconds", 3, 1),
        ("talk_seconds", 2, 1),
    ]


@pytest.mark.parametrize(
    ("outcome", "checks"),
    [
        ("answered", set()),
        ("busy", {"talk-without-answer", "wait-when-busy"}),
        ("no_answer", {"talk-without-answer", "wait-without-answer"}),
        ("ivr_only", {"talk-without-answer", "wait-without-answer"}),
        ("dropped", {"wait-without-answer"}),
    ],
)
def test_times_of_calls_by_outcome(found, outcome, checks):
    cells = calls(
        outcome=["answered", outcome, "busy", "busy"],
        wait_seconds=["1", "20", "", ""],
        talk_seconds=["1", "30", "", ""],
        complete=["full", "", "", ""],
        courtesy=["1", "", "", ""],
    )
    findings = [f for f in found(calls=cells) if "wait" in f.check or "talk" in f.check]
    assert checks_of(findings) == checks
    assert all((f.row, f.count) == (3, 1) for f in findings)
    notes = {f.check for f in findings if f.severity is Severity.NOTE}
    assert notes == checks & {"wait-without-answer"}


def test_answers_on_calls_that_nobody_answered(found):
    cells = calls(complete=["full", "none", "none", ""], courtesy=["", "", "3", "4"])
    wrong = [f for f in found(calls=cells) if f.check == "answers-without-call"]
    assert [(f.row, f.count, f.got) for f in wrong] == [
        (4, 1, "answers, among 1 such calls"),
        (5, 1, "answers, among 1 such calls"),
    ]


def test_a_scored_outcome_is_no_answer_to_an_item(found):
    answers = {"calls": (*ANSWERS["calls"], AnswerColumn("outcome", "category"))}
    plan = replace(PLAN, answers=answers)
    assert "answers-without-call" not in checks_of(found(plan, calls=calls()))


def test_calls_and_questionnaires_that_took_no_time(found):
    rows = [[1 + i % 5 for i in range(12)]] * 2
    findings = found(
        calls=calls(talk_seconds=["0", "5", "0", ""]),
        responses=questionnaires(rows, duration_seconds=[30, 0]),
    )
    zero = [f for f in findings if f.check == "zero-duration"]
    assert [(f.column, f.row, f.count) for f in zero] == [
        ("talk_seconds", 2, 1),
        ("duration_seconds", 3, 1),
    ]


# ------------------------------------------------------------------------------- answers


def test_an_item_nobody_answered(found):
    finding = one(found(calls=calls(courtesy=[""] * 4)), "empty-item")
    assert (finding.column, finding.count) == ("courtesy", 4)


def test_straight_lined_questionnaires_and_their_share(found):
    varied = [1 + i % 5 for i in range(12)]
    straight_with_gaps = ["", "", *[2] * 10]
    too_few = ["", "", "", *[2] * 9]
    cells = questionnaires([varied, [3] * 12, straight_with_gaps, too_few])
    finding = one(found(responses=cells), "straight-lining")
    assert (finding.row, finding.count) == (3, 2)
    assert finding.got == "one answer throughout, 66.7% of the questionnaires, in 2 records"
    assert finding.column == "v0 … v11"


def test_items_of_different_scales_make_no_straight_line(found):
    answers = (*LIKERT[:6], *(replace(item, maximum=10) for item in LIKERT[6:]))
    plan = replace(PLAN, answers={"responses": answers})
    findings = found(plan, responses=questionnaires([[3] * 12]))
    assert "straight-lining" not in checks_of(findings)


def test_thirty_thousand_calls_without_a_file_name_are_checked():
    rng = np.random.default_rng(0)
    n = 30_000
    frame = pd.DataFrame(
        {
            "call_id": [f"C{i}" for i in range(n)],
            "unit": rng.choice(UNITS, n),
            "audience": rng.choice(["citizen", "enterprise"], n),
            "scenario": "information",
            "slot": "s1",
            "recording": pd.Series(None, index=range(n), dtype="str"),
            "started_at": pd.date_range("2021-03-01", periods=n, freq="min"),
            "outcome": rng.choice(["answered", "busy"], n),
            "wait_seconds": 1.0,
            "talk_seconds": 1.0,
        }
        | {f"q{i}": rng.integers(1, 6, n).astype(float) for i in range(30)},
        index=pd.RangeIndex(2, n + 2, name="row"),
    )
    answers = tuple(AnswerColumn(f"q{i}", "number", minimum=1, maximum=5) for i in range(30))
    findings = check_records(Records({"calls": frame}), CheckPlan({"calls": answers}, UNITS))
    busy = int((frame["outcome"] == "busy").sum())
    assert one(findings, "answers-without-call").count == busy
    assert one(findings, "talk-without-answer").count == busy
