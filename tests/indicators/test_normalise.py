from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from indicators.rules.normalise import (
    GoalpostsRule,
    MaximumRule,
    MinMaxRule,
    Normaliser,
    RankRule,
    ReferenceRule,
    TargetRule,
    ZScoreRule,
)
from survey.findings import InputError

NAN = np.nan
RULES = [
    {"minmax": (0, 10)}, {"minmax": (1, 9)}, {"zscore": (5, 2)}, {"ranked": "rank"},
    {"ranked": "percentile"}, {"ranked": "borda"}, {"target": 50.0}, {"reference": "mean"},
    {"reference": "median"}, {"goalposts": (0, 100)}, {"maximum": 10},
    {"goalposts": (1, 100), "log": True},
]  # fmt: skip


def points(rule, values, **columns) -> np.ndarray:
    if isinstance(rule, dict):
        rule = TypeAdapter(Normaliser).validate_python(rule)
    units = [f"u{i}" for i in range(len(values))]
    frame = pd.DataFrame({"unit": units, "x": np.array(values, float), **columns})
    return rule.points(frame, "x")


@given(
    st.sampled_from(RULES), st.sampled_from(["higher", "lower"]),
    st.lists(st.one_of(st.integers(1, 99), st.none()), min_size=1, max_size=12),
)  # fmt: skip
def test_a_better_figure_never_gets_fewer_points(rule, direction, values):
    found = points({**rule, "direction": direction}, [NAN if v is None else v for v in values])
    sign = 1 if direction == "higher" else -1
    rated = sorted((sign * v, p) for v, p in zip(values, found, strict=True) if v is not None)
    for (_, worse), (_, better) in pairwise(rated):
        assert not worse > better + 1e-9
    assert all(np.isnan(p) for v, p in zip(values, found, strict=True) if v is None)


@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_all_missing_stays_missing(rule, direction):
    assert np.isnan(points({**rule, "direction": direction}, [NAN, NAN])).all()


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_order_and_the_names_of_units_do_not_matter(rule):
    values = np.random.default_rng(0).integers(1, 60, 20).astype(float)
    assert points(rule, values[::-1])[::-1] == pytest.approx(points(rule, values))


@pytest.mark.parametrize(
    ("rule", "constant", "single"),
    [
        ({"minmax": (0, 10)}, NAN, NAN),
        ({"zscore": (5, 2)}, NAN, NAN),
        ({"ranked": "rank"}, 20 / 3, 10),
        ({"ranked": "percentile"}, 0, NAN),
        ({"ranked": "borda"}, 5, NAN),
        ({"target": 8.0}, 0, 0),
        ({"target": 4.0}, 10, 10),
        ({"reference": "mean"}, 10, 10),
        ({"reference": "u0"}, 10, 10),
        ({"maximum": 9}, 9, 9),
        ({"goalposts": (0, 10)}, 4, 4),
    ],
)
def test_a_constant_figure_and_a_single_unit(rule, constant, single):
    assert points(rule, [4, 4, 4]) == pytest.approx([constant] * 3, nan_ok=True)
    assert points(rule, [4]) == pytest.approx([single], nan_ok=True)


def test_ties_share_their_points():
    values = [3, 1, 3, 7]
    assert points({"ranked": "rank"}, values).tolist() == [6.25, 2.5, 6.25, 10]
    assert points({"ranked": "percentile"}, values) == pytest.approx([10 / 3, 0, 10 / 3, 10])
    assert points({"ranked": "borda"}, values) == pytest.approx([5, 0, 5, 10])


@given(st.lists(st.integers(0, 20), min_size=2, max_size=10))
def test_borda_of_one_direction_mirrors_the_other(values):
    up = points({"ranked": "borda"}, values)
    down = points({"ranked": "borda", "direction": "lower"}, values)
    assert up + down == pytest.approx(10)


def test_target_beyond_which_there_is_nothing_to_gain():
    assert points(TargetRule(target=8), [0, 2, 8, 11]).tolist() == [0, 2.5, 10, 10]
    assert points(TargetRule(target=2, direction="lower"), [1, 2, 4, 6]).tolist() == [10, 10, 5, 0]
    assert points(TargetRule(target=8, worst=4), [2, 4, 6, 8]).tolist() == [-5, 0, 5, 10]


def test_own_targets():
    found = points(TargetRule(target="own"), [0, 5, 5, 5, NAN], **{"x.target": [1, 10, 5, NAN, 5]})
    assert found == pytest.approx([0, 5, 10, NAN, NAN], nan_ok=True)
    names = [answer.name for answer in TargetRule(target="own").answers("x")]
    assert names == ["x", "x.target"]


def test_reference_that_is_the_worst_unit_leaves_all_at_full_points():
    assert points(ReferenceRule(reference="u0"), [1, 5, 9]).tolist() == [10, 10, 10]
    assert points(ReferenceRule(reference="u1"), [1, 5, 9]).tolist() == [0, 10, 10]
    lower = ReferenceRule(reference="u1", direction="lower")
    assert points(lower, [1, 5, 9]).tolist() == [10, 10, 0]


@pytest.mark.parametrize(("reference", "hint"), [("mena", "'mean'"), ("Wuhan", "one of: mean")])
def test_an_unknown_unit_of_reference_is_an_error_with_the_nearest_name(reference, hint):
    with pytest.raises(InputError, match=hint):
        points(ReferenceRule(reference=reference), [1, 5, 9])


def test_a_unit_of_reference_without_a_figure_is_an_error():
    with pytest.raises(InputError, match="a unit with a figure"):
        points(ReferenceRule(reference="u0"), [NAN, 5, 9])


def test_over_several_periods_the_latest_figure_of_the_reference_counts():
    frame = pd.DataFrame(
        {"unit": list("abab"), "period": ["2021", "2021", "2020", "2020"], "x": [6.0, 1, 3, 2]}
    )
    rule = ReferenceRule(reference="a", over="all")
    assert rule.points(frame, "x").tolist() == [10, 0, 4, 2]


def test_maximum_of_zeros():
    assert points(MaximumRule(maximum=10), [0, 0]).tolist() == [10, 10]
    assert points(MaximumRule(maximum=8), [0, 2, 4]).tolist() == [0, 4, 8]
    assert points(MaximumRule(maximum=10, direction="lower"), [0, 1, 2]).tolist() == [10, 0, 0]
    assert points(MaximumRule(maximum=10, direction="lower"), [1, 2, 4]).tolist() == [10, 5, 2.5]


@pytest.mark.parametrize("marks", [(1, 100), (0.01, 0.5), (0.5, 2)])
def test_log_goalposts_place_what_is_not_above_zero_below_the_low_mark(marks):
    rule = GoalpostsRule(goalposts=marks, log=True)
    low, high = marks
    found = points(rule, [0, -3, low, (low * high) ** 0.5, high, NAN])
    assert (found[:2] < 0).all()
    assert found[2:] == pytest.approx([0, 5, 10, NAN], nan_ok=True, abs=1e-12)
    down = points(GoalpostsRule(goalposts=marks, log=True, direction="lower"), [0, low, high])
    assert down[0] > 10
    assert down[1:] == pytest.approx([10, 0], abs=1e-12)


def test_goalposts_leave_cutting_to_the_measuring():
    assert points(GoalpostsRule(goalposts=(2, 6)), [0, 2, 4, 10]).tolist() == [-5, 0, 5, 20]


def test_zscores_have_the_stated_mean_and_spread():
    found = points(ZScoreRule(zscore=(5, 2)), np.random.default_rng(0).normal(7, 3, 200))
    assert (found.mean(), found.std(ddof=1)) == pytest.approx((5, 2))


@pytest.mark.parametrize(
    "stated",
    [
        {"minmax": (10, 0)}, {"minmax": (0, 11)}, {"zscore": (5, 0)}, {"zscore": (5, NAN)},
        {"ranked": "copeland"}, {"target": NAN}, {"target": float("inf")}, {"target": "theirs"},
        {"target": 5, "worst": 5}, {"target": 5, "worst": 9},
        {"target": 9, "worst": 5, "direction": "lower"}, {"maximum": 0}, {"maximum": 11},
        {"goalposts": (5, 5)}, {"goalposts": (0, float("inf"))}, {"goalposts": (0, 5), "log": True},
        {"minmax": (0, 10), "direction": "up"}, {"minmax": (0, 10), "over": "time"},
        {"minmax": (0, 10), "zscore": (5, 2)}, {"range": (0, 10)},
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(stated):
    with pytest.raises(ValidationError):
        TypeAdapter(Normaliser).validate_python(stated)


def test_ranks_of_many_units_lie_evenly():
    found = points(RankRule(ranked="percentile"), np.random.default_rng(1).normal(size=11))
    assert sorted(found) == pytest.approx(list(range(11)))
    assert sorted(points(MinMaxRule(minmax=(0, 10)), [1, 2, 3])) == [0, 5, 10]
