"""Quality control of agents: every figure here is worked out by hand from the sheets."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import random_records

from indicators.alerts import alerts
from indicators.scores import Scores, score
from indicators.system_file import load_system
from survey.contracts import CONTRACTS
from survey.records import Records

SYSTEM = load_system("hotline-quality")
BUSINESS = ("consult", "complaint", "report", "help", "suggestion", "other")
CONSULT = {
    "business": "consult", "policy_basis": "exact", "clauses": "gaps", "answer_correct": "yes",
    "knowledge_base": "no", "settled": "first_call", "callback_satisfaction": 4,
    "class_correct": "yes", "ticket_text": "good", "department_correct": "na",
    "closed_truthfully": "na", "phrase_opening": "yes", "phrase_address": "yes",
    "phrase_waiting": "yes", "phrase_closing": "yes", "first_asked": "yes",
    "procedure_kept": "kept", "tone": 5, "empathy": 4, "calm": "na", "dialect": "na",
}  # fmt: skip
COMPLAINT = {
    "business": "complaint", "demand_understood": "yes", "facts_recorded": "complete",
    "accepted": "no", "deadline_told": "yes", "resolved": "partly", "callback_satisfaction": 3,
    "first_response_hours": 60, "closing_days": 8, "class_correct": "yes", "ticket_text": "fair",
    "department_correct": "yes", "closed_truthfully": "na", "phrase_opening": "yes",
    "phrase_address": "no", "phrase_waiting": "na", "phrase_closing": "yes", "first_asked": "yes",
    "procedure_kept": "slip", "tone": 3, "empathy": 4, "calm": "yes", "dialect": "na",
}  # fmt: skip


def inspected(*rows: dict, agents: tuple[str, ...] = ()) -> Scores:
    """Score inspections, all of one agent unless `agents` names them row by row."""
    asked = SYSTEM.needed_columns()["inspections"]
    numbers = {column.name for column in asked if column.kind == "number"}
    names = dict.fromkeys([*CONTRACTS["inspections"].names, *(column.name for column in asked)])
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [row.get(name) for row in rows], dtype="float64" if name in numbers else "str"
            )
            for name in names
        }
    )
    unit = list(agents or ["甲"] * len(rows))
    frame = frame.assign(unit=unit, inspection_id=[f"q{at}" for at in range(len(rows))])
    frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return score(Records({"inspections": frame}), SYSTEM, sorted(set(unit)))[0]


def item_mean(scores: Scores, item: str) -> float:
    return float(scores.items.mean[-1, scores.hierarchy.items.index(item), 0])


def of(scores: Scores, indicator: str) -> float:
    return float(scores.of(indicator).iloc[0])


def test_a_consultation_and_a_repeated_complaint_by_hand():
    scores = inspected(CONSULT, COMPLAINT | {"repeated": "yes"})
    # sheets: consult (3*10 + 3*5 + 3*10 + 1*0) / 10 = 7.5; complaint (3*10 + 3*10 + 0 + 2*10) / 10 = 8
    assert of(scores, "answering") == pytest.approx((75 + 3 * 80) / 4)
    # consult (6*10 + 4*7.5) / 10 = 9; complaint (4*5 + 3*5 + 1.5*5 + 1.5*3) / 10 = 4.7
    assert of(scores, "results") == pytest.approx((90 + 3 * 47) / 4)
    assert of(scores, "handling") == pytest.approx(0.6 * 78.75 + 0.4 * 57.75)
    # class 100, text (100 + 3*60) / 4 = 70, department 100; closing applies to neither
    assert of(scores, "ticket") == pytest.approx((30 * 100 + 30 * 70 + 20 * 100) / 80)
    # phrases (100 + 3 * 200/3) / 4 = 75, first asked 100, procedure (100 + 3*60) / 4 = 70
    assert of(scores, "conduct") == pytest.approx(0.4 * 75 + 0.3 * 100 + 0.3 * 70)
    # tone (100 + 3*50) / 4 = 62.5, empathy 75, calm 100; dialect applies to neither
    assert of(scores, "warmth") == pytest.approx((25 * 62.5 + 30 * 75 + 25 * 100) / 80)
    assert of(scores, "total") == pytest.approx(76.41875)
    levels = alerts(scores).set_index("indicator")["level"].to_dict()
    assert levels == {
        "total": "blue", "handling": "yellow", "answering": "blue", "results": "red",
        "conduct": "blue", "warmth": "blue",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("case", "times"),
    [({}, 1), ({"repeated": "yes"}, 3), ({"group": "yes"}, 3), ({"repeated": "yes", "group": "yes"}, 9),
     ({"repeated": "no", "group": "no"}, 1)],
)  # fmt: skip
def test_hard_cases_count_three_times(case, times):
    scores = inspected(
        {"business": "complaint", "tone": 5}, {"business": "complaint", "tone": 1} | case
    )
    assert item_mean(scores, "tone") == pytest.approx(100 / (1 + times))


@pytest.mark.parametrize("fatal", ["rude", "hang_up", "refused", "leaked"])
def test_a_fatal_error_zeroes_all_of_the_record_and_no_other(fatal):
    perfect = CONSULT | {"clauses": "complete", "knowledge_base": "yes", "callback_satisfaction": 5,
                         "empathy": 5}  # fmt: skip
    scores = inspected(perfect, perfect | {"fatal_error": fatal}, agents=("甲", "乙"))
    assert scores.of("total")["甲"] == pytest.approx(100)
    assert scores.of("total")["乙"] == 0
    points = inspected(perfect | {"fatal_error": fatal}).points[0].points
    assert (points == 0).all()
    assert inspected(perfect | {"fatal_error": "none"}).of("total").iloc[0] == pytest.approx(100)


def test_not_applicable_is_not_missing():
    exempt, blank = inspected(CONSULT), inspected(CONSULT | {"calm": None, "dialect": None})
    warmth = SYSTEM.hierarchy.index("warmth")
    assert exempt.coverage[0, -1, warmth] == 1
    assert blank.coverage[0, -1, warmth] == pytest.approx((25 + 30) / 100)
    assert of(exempt, "warmth") == of(blank, "warmth") == pytest.approx((25 * 100 + 30 * 75) / 55)
    items = exempt.hierarchy.items
    assert not exempt.items.applies[-1, items.index("dialect"), 0]
    assert blank.items.applies[-1, items.index("dialect"), 0]
    # empathy alone is 30 of 100, too little, but 30 of 55 where the rest does not apply
    little = {"business": "consult", "empathy": 4}
    assert np.isnan(of(inspected(little), "warmth"))
    assert of(inspected(little | {"calm": "na", "dialect": "na"}), "warmth") == pytest.approx(75)


def test_not_applicable_within_a_sheet_leaves_the_question_out():
    # nothing urgent to connect: (4*10 + 2*5) / 6
    row = {"business": "help", "urgency_judged": "yes", "connected": "na", "facts_recorded": "gaps"}
    assert item_mean(inspected(row), "answering_sheet") == pytest.approx(10 * (40 + 10) / 6)


@pytest.mark.parametrize(
    ("business", "answers", "answering", "results"),
    [
        ("consult", {"policy_basis": "inexact", "clauses": "missing", "answer_correct": "yes",
                     "knowledge_base": "yes", "settled": "later", "callback_satisfaction": 2},
         (15 + 0 + 30 + 10) / 10, (36 + 10) / 10),
        ("complaint", {"demand_understood": "no", "facts_recorded": "gaps", "accepted": "yes",
                       "deadline_told": "no", "resolved": "resolved", "callback_satisfaction": 5,
                       "first_response_hours": 48, "closing_days": 5},
         (0 + 15 + 20 + 0) / 10, 10.0),
        ("report", {"facts_recorded": "complete", "confidentiality_told": "no",
                    "deadline_told": "yes", "outcome_told": "yes", "first_response_hours": 72.5,
                    "closing_days": 7}, (40 + 0 + 20) / 10, (50 + 0 + 12) / 10),
        ("help", {"urgency_judged": "yes", "connected": "no", "facts_recorded": "complete",
                  "urgent": "yes", "closing_hours": 30, "resolved": "unresolved",
                  "callback_satisfaction": 3}, (40 + 0 + 20) / 10, (16 + 0 + 15) / 10),
        ("help", {"urgency_judged": "yes", "connected": "yes", "facts_recorded": "complete",
                  "urgent": "no", "closing_hours": 30, "resolved": "resolved",
                  "callback_satisfaction": 5}, 10.0, 10.0),
        ("suggestion", {"demand_understood": "yes", "facts_recorded": "missing",
                        "deadline_told": "yes", "outcome_told": "no", "callback_satisfaction": 5},
         (50 + 0 + 20) / 10, (0 + 40) / 10),
        ("other", {"demand_understood": "yes", "accepted": "no", "resolved": "partly",
                   "callback_satisfaction": 5}, 6.0, (30 + 40) / 10),
    ],
)  # fmt: skip
def test_each_business_has_its_own_sheets(business, answers, answering, results):
    row = {"business": business} | answers
    # what only other sheets ask changes nothing
    foreign = {"policy_basis": "wrong", "settled": "never", "confidentiality_told": "no",
               "urgency_judged": "no", "closing_days": 99, "outcome_told": "no"}  # fmt: skip
    for noise in ({}, foreign):
        scores = inspected(noise | row)
        assert item_mean(scores, "answering_sheet") == pytest.approx(10 * answering)
        assert item_mean(scores, "results_sheet") == pytest.approx(10 * results)


def test_every_type_of_business_is_declared_and_has_sheets():
    declared = SYSTEM.columns["inspections"]["business"].values
    assert tuple(declared) == BUSINESS
    for _, item in SYSTEM.leaf_items():
        if item.id in ("answering_sheet", "results_sheet"):
            sheets = item.rule.when  # pyright: ignore[reportAttributeAccessIssue]
            named = [value for sheet in sheets for value in sheet.where.get("business", ())]
            assert named == list(BUSINESS[:-1])
            assert not sheets[-1].where
            assert all(sheet.rule.fatal for sheet in sheets)
            assert all(q.zh and q.en for sheet in sheets for q in sheet.rule.sheet)


def test_a_fatal_error_reaches_every_item_outside_the_sheets():
    listed = SYSTEM.columns["inspections"]["fatal_error"].values
    for _, item in SYSTEM.leaf_items():
        if not item.id.endswith("_sheet"):
            (override,) = item.override
            assert set(override.where["fatal_error"]) == set(listed) - {"none"}
            assert override.points == 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_scores_of_random_inspections_stay_in_range(seed):
    agents = ["甲", "乙", "丙"]
    records = random_records(SYSTEM, agents, seed)
    scores, _ = score(records, SYSTEM, agents)
    there = scores.score[~np.isnan(scores.score)]
    assert there.size and there.min() >= 0 and there.max() <= 100
    shuffled = Records({"inspections": records["inspections"].sample(frac=1, random_state=seed)})
    again, _ = score(shuffled, SYSTEM, agents)
    np.testing.assert_allclose(again.score, scores.score, atol=1e-9, equal_nan=True)
