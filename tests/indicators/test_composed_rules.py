from itertools import product

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from indicators.measure import item_points
from indicators.nodes import Item
from indicators.rules import (
    AnyRule,
    ConsistencyRule,
    FormulaRule,
    SheetRule,
    ThresholdRule,
    WhenRule,
)

NAN = np.nan


def rule(stated: dict):
    return TypeAdapter(AnyRule).validate_python(stated)


def texts(*values: str | None):
    return pd.array(list(values), dtype="str")


FRAME = pd.DataFrame(
    {
        "kind": texts("ask", "complain", "report", "ask", None),
        "q": texts("yes", "yes", "no", None, "no"),
        "days": [1.0, 4.0, 9.0, 2.0, NAN],
        "polite": texts("yes", "no", "yes", "yes", "yes"),
    },
    index=pd.Index([2, 5, 6, 9, 11], name="row"),
)
DAYS = {"piecewise": [[0, 10], [10, 0]], "unit": "d"}
YES_NO = {"binary": ["yes", "no"]}


def test_when_takes_the_first_sheet_that_a_record_meets():
    sheets = rule(
        {
            "when": [
                {"where": {"kind": ["ask"]}, "rule": YES_NO},
                {"where": {"kind": ["ask", "complain"]}, "column": "days", "rule": DAYS},
            ]
        }
    )
    assert isinstance(sheets, WhenRule)
    assert sheets.points(FRAME, "q") == pytest.approx([10, 6, NAN, NAN, NAN], nan_ok=True)
    assert {a.name: a.kind for a in sheets.answers("q")} == {"q": "category", "days": "number"}


def test_when_otherwise_takes_all_that_are_left():
    sheets = rule(
        {"when": [{"where": {"kind": ["ask"]}, "rule": YES_NO}, {"column": "days", "rule": DAYS}]}
    )
    assert sheets.points(FRAME, "q") == pytest.approx([10, 6, 1, NAN, NAN], nan_ok=True)


def test_when_scores_nothing_where_no_record_meets_it():
    sheets = rule({"when": [{"where": {"kind": ["praise"]}, "rule": YES_NO}]})
    assert np.isnan(sheets.points(FRAME, "q")).all()
    assert sheets.points(FRAME.iloc[:0], "q").shape == (0,)


def test_when_refuses_a_sheet_that_is_never_reached():
    with pytest.raises(ValidationError, match="only at the end"):
        rule({"when": [{"rule": YES_NO}, {"where": {"kind": ["ask"]}, "rule": YES_NO}]})
    with pytest.raises(ValidationError):
        rule({"when": []})


def test_a_sheet_is_the_weighted_mean_of_the_questions_answered():
    sheet = rule(
        {
            "sheet": [
                {"column": "q", "rule": YES_NO, "weight": 3},
                {"column": "days", "rule": DAYS},
            ],
            "fatal": [{"polite": ["no"], "kind": ["complain"]}],
        }
    )
    assert isinstance(sheet, SheetRule)
    expected = [(30 + 9) / 4, 0, (0 + 1) / 4, 8, 0]
    assert sheet.points(FRAME, "any") == pytest.approx(expected)


def test_a_fatal_answer_takes_no_points_from_a_record_without_any():
    sheet = rule({"sheet": [{"column": "q", "rule": YES_NO}], "fatal": [{"polite": ["yes"]}]})
    assert sheet.points(FRAME, "any") == pytest.approx([0, 10, 0, NAN, 0], nan_ok=True)


@pytest.mark.parametrize(
    "sheet",
    [
        [], [{"column": "q", "rule": YES_NO, "weight": 0}],
        [{"column": "q", "rule": YES_NO, "weight": -1}],
        [{"column": "q", "rule": YES_NO, "weight": float("inf")}],
        [{"column": "q", "rule": YES_NO}, {"column": "q", "rule": YES_NO}],
    ],
)  # fmt: skip
def test_sheets_that_make_no_sense_are_refused(sheet):
    with pytest.raises(ValidationError):
        rule({"sheet": sheet})


def test_formula_as_points_and_with_a_rule_for_its_value():
    plain = rule({"formula": "10 - days"})
    assert isinstance(plain, FormulaRule)
    assert plain.points(FRAME, "item") == pytest.approx([9, 6, 1, 8, NAN], nan_ok=True)
    late = {"threshold": [[24, 10], [100, 5]], "reach": "at_most", "unit": "h"}
    then = rule({"formula": "days * 24", "then": late})
    assert then.points(FRAME, "item") == pytest.approx([10, 5, 0, 5, NAN], nan_ok=True)
    assert "item" not in FRAME
    assert [a.name for a in then.answers("item")] == ["days"]


def test_formula_with_texts_inside_a_sheet_and_a_formula():
    inner = rule({"formula": 'if(q == "yes", 10, 10 - days)'})
    assert inner.points(FRAME, "item") == pytest.approx([10, 10, 1, NAN, NAN], nan_ok=True)
    nested = rule({"when": [{"where": {"kind": ["report"]}, "rule": {"formula": "days"}}]})
    assert nested.points(FRAME, "item") == pytest.approx([NAN, NAN, 9, NAN, NAN], nan_ok=True)
    with pytest.raises(ValidationError, match="such as"):
        rule({"formula": "days +"})


def test_threshold_in_both_directions():
    values = pd.DataFrame({"x": [0, 15, 15.01, 60, 61, NAN]})
    wait = rule({"threshold": [[15, 10], [60, 6]], "reach": "at_most", "unit": "s", "otherwise": 1})
    assert isinstance(wait, ThresholdRule)
    assert wait.points(values, "x") == pytest.approx([10, 10, 6, 6, 1, NAN], nan_ok=True)
    rate = rule({"threshold": [[60, 10], [15.01, 4]], "reach": "at_least", "unit": "%"})
    assert rate.points(values, "x") == pytest.approx([0, 0, 4, 10, 10, NAN], nan_ok=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": [[60, 10], [15, 6]]}, {"threshold": [[15, 6], [60, 10]]},
        {"threshold": [[15, 10], [15, 6]]}, {"otherwise": 7}, {"threshold": []},
        {"threshold": [[15, 11]]}, {"threshold": [[15, -1]]}, {"threshold": [[NAN, 5]]},
        {"threshold": [[float("inf"), 5]]}, {"reach": "below"},
    ],
)  # fmt: skip
def test_thresholds_that_make_no_sense_are_refused(changed):
    good = {"threshold": [[15, 10], [60, 6]], "reach": "at_most", "unit": "s"}
    with pytest.raises(ValidationError):
        rule(good | changed)


@pytest.mark.parametrize("number", [NAN, float("inf"), -float("inf")])
def test_marks_that_are_no_numbers_are_refused(number):
    for stated in (
        {"likert": [1, number]},
        {"piecewise": [[0, 1], [number, 2]], "unit": "s"},
        {"map": {"a": number, "b": 1}},
    ):
        with pytest.raises(ValidationError):
            rule(stated)


def consistency() -> pd.DataFrame:
    rows = [
        ("u", "q1", "3 days"), ("u", "q1", "3 days"), ("u", "q1", "5 days"), ("u", "q1", None),
        ("u", "q2", "3 days"), ("v", "q1", "5 days"), ("v", "q1", "5 days"), ("v", None, "5 days"),
    ]  # fmt: skip
    columns = zip(*rows, strict=True)
    names = ("unit", "question", "told")
    return pd.DataFrame(
        {n: texts(*c) for n, c in zip(names, columns, strict=True)}, index=range(2, 10)
    )


def test_consistency_by_hand():
    found = ConsistencyRule(consistent_by=("question",)).points(consistency(), "told")
    # u, q1: of two others each, the two that say 3 days agree with one, the third with none
    assert found == pytest.approx([5, 5, 0, NAN, NAN, 10, 10, NAN], nan_ok=True)


def test_consistency_is_the_chance_that_two_records_agree():
    random = np.random.default_rng(0)
    told = random.choice(["a", "b", "c"], 15)
    frame = pd.DataFrame({"unit": "u", "question": "q", "told": told}).astype("str")
    found = ConsistencyRule(consistent_by=("question",)).points(frame, "told")
    pairs = [a == b for (i, a), (j, b) in product(enumerate(told), repeat=2) if i != j]
    assert found.mean() == pytest.approx(10 * np.mean(pairs))


def test_consistency_does_not_depend_on_the_order_of_records():
    frame = consistency()
    scored = ConsistencyRule(consistent_by=("question",))
    order = [3, 9, 2, 8, 5, 4, 7, 6]
    shuffled = pd.Series(scored.points(frame.loc[order], "told"), index=order)
    expected = scored.points(frame, "told")
    assert shuffled.loc[list(frame.index)].to_numpy() == pytest.approx(expected, nan_ok=True)


def test_records_that_an_item_is_not_put_to_do_not_agree_with_those_it_is():
    item = Item.model_validate(
        {"id": "deadline", "zh": "x", "en": "x", "table": "calls",
         "where": {"scenario": ["complaint"]}, "rule": {"consistent_by": ["question"]}}
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "unit": texts(*"uuuu"),
            "scenario": texts("complaint", "complaint", "complaint", "information"),
            "question": texts(*"qqqq"),
            "deadline": texts("3", "3", "5", "5"),
        }
    )
    assert item_points(frame, item) == pytest.approx([5, 5, 0, NAN], nan_ok=True)
