import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indicators.rules import BinaryRule, CountRule, LikertRule, MapRule, PiecewiseRule


def frame(*values, name="x"):
    return pd.DataFrame({name: pd.Series(values)})


def test_map_gives_the_points_of_each_answer_and_keeps_missing():
    rule = MapRule(map={"full": 10, "partly": 5, "none": 0})
    assert rule.points(frame("full", None, "partly", "none"), "x") == pytest.approx(
        [10, np.nan, 5, 0], nan_ok=True
    )


def test_binary():
    assert BinaryRule(binary=("yes", "no")).points(frame("yes", "no", None), "x") == pytest.approx(
        [10, 0, np.nan], nan_ok=True
    )


@pytest.mark.parametrize(("ends", "expected"), [((1, 5), [0, 5, 10]), ((5, 1), [10, 5, 0])])
def test_likert_and_its_reverse(ends, expected):
    assert LikertRule(likert=ends).points(frame(1.0, 3.0, 5.0), "x") == pytest.approx(expected)


def test_piecewise_lies_on_the_lines_and_is_flat_beyond_the_ends():
    rule = PiecewiseRule(piecewise=((15, 10), (30, 8), (60, 5), (180, 0)), unit="s")
    got = rule.points(frame(0.0, 15.0, 22.5, 30.0, 120.0, 999.0, np.nan), "x")
    assert got == pytest.approx([10, 10, 9, 8, 2.5, 0, np.nan], nan_ok=True)


def test_count_is_the_share_of_the_answered_columns():
    rule = CountRule(count=("a", "b", "c", "d"), of=("yes", "no"))
    table = pd.DataFrame(
        {
            "a": ["yes", "yes", None],
            "b": ["yes", "no", None],
            "c": ["no", None, None],
            "d": ["yes", None, None],
        }
    )
    assert rule.points(table, "") == pytest.approx([7.5, 5, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (MapRule, {"map": {"a": 11, "b": 0}}),
        (MapRule, {"map": {"a": 1}}),
        (BinaryRule, {"binary": ("yes", "yes")}),
        (LikertRule, {"likert": (3, 3)}),
        (PiecewiseRule, {"piecewise": ((30, 1), (15, 2)), "unit": "s"}),
        (PiecewiseRule, {"piecewise": ((30, 1),), "unit": "s"}),
        (CountRule, {"count": ("a", "a"), "of": ("yes", "no")}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, fields):
    with pytest.raises(ValidationError):
        rule(**fields)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_waiting_longer_never_scores_more(first, second):
    rule = PiecewiseRule(piecewise=((15, 10), (30, 8), (60, 5), (180, 0)), unit="s")
    low, high = sorted((first, second))
    points = rule.points(frame(low, high), "x")
    assert 10 >= points[0] >= points[1] >= 0
