from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.plan.precision import (
    Design,
    VarianceParts,
    calls_needed,
    design_table,
    error_parts,
    expected_se,
    shopper_spread,
    simulate_design,
    true_scores,
)
from survey.plan.settings import Wanted
from survey.plan.words import said_of_precision

TRUTH = np.random.default_rng(1).normal(6, 1.4, 300)
PARTS = VarianceParts(TRUTH, call=1.9, shopper=0.5, response=0.25, slot=0.3, other=0.01)
DESIGN = Design(300, 24, 90, 40, slots=6, calls_of_slot=4)


def thirds(scores: np.ndarray) -> np.ndarray:
    rank = np.argsort(np.argsort(-scores, axis=-1), axis=-1)
    return rank * 3 // scores.shape[-1]


def test_the_parts_of_an_error_follow_the_design():
    parts = error_parts(PARTS, DESIGN)
    assert parts == pytest.approx(
        {
            "call": 1.9 / 24,
            "slot": 0.0,
            "shopper": 0.5 * (1 / 24 - 1 / 40),
            "response": 0.25 / 90,
            "other": 0.01,
        }
    )
    assert error_parts(PARTS, replace(DESIGN, calls=8))["slot"] == pytest.approx(
        0.3 * (1 / 2 - 1 / 6)
    )
    assert expected_se(PARTS, DESIGN) == pytest.approx(np.sqrt(sum(parts.values())))


@given(calls=st.integers(1, 200), shoppers=st.integers(1, 60))
def test_shoppers_spread_as_dealt(calls, shoppers):
    share = np.bincount(np.arange(calls) % shoppers, minlength=shoppers) / calls
    assert shopper_spread(calls, shoppers) == pytest.approx(
        (share**2).sum() - 1 / shoppers, abs=1e-12
    )
    assert shopper_spread(calls, calls) == pytest.approx(0)


@pytest.mark.parametrize("calls", [8, 24, 60])
def test_simulated_errors_are_as_large_as_expected(calls):
    design = replace(DESIGN, calls=calls)
    found = simulate_design(PARTS, design, thirds, campaigns=2000)
    assert found.se == pytest.approx(expected_se(PARTS, design), rel=0.02)


def test_units_that_share_shoppers_err_together():
    alone = VarianceParts(TRUTH, call=0, shopper=1, response=0)
    found = simulate_design(alone, replace(DESIGN, shoppers=24), thirds, campaigns=50)
    assert found.se == pytest.approx(0, abs=1e-9)
    assert found.right_grade == 1
    few = simulate_design(alone, replace(DESIGN, calls=1, shoppers=2), thirds, campaigns=4000)
    assert few.se == pytest.approx(np.sqrt(1 / 2), rel=0.05)


def test_two_grades_of_normal_scores_agree_as_often_as_the_arcsine_says():
    """P(same half) of two normal scores of correlation r is 1/2 + arcsin(r)/pi (Sheppard 1899)."""
    scores = VarianceParts(
        np.random.default_rng(0).normal(0, 1, 2000), call=24, shopper=0, response=0
    )
    design = replace(DESIGN, units=2000)

    def above(values: np.ndarray) -> np.ndarray:
        return (values > 0).astype(int)

    found = simulate_design(scores, design, above, campaigns=300)
    correlation = np.sqrt(1 / 2)
    assert found.right_grade == pytest.approx(0.5 + np.arcsin(correlation) / np.pi, abs=0.01)
    assert found.reliability == pytest.approx(0.5, abs=0.02)


def test_two_units_are_ordered_and_told_apart_as_the_normal_distribution_says():
    """Ten places apart are 0.1 points here: gap / (sd of a difference), and less 1.96 of them."""
    even = VarianceParts(np.arange(1000) * 0.01, call=24 * 0.05**2, shopper=0, response=0)
    found = simulate_design(
        even, replace(DESIGN, units=1000), thirds, campaigns=200, places=(10, 2000)
    )
    assert found.ordered == {10: pytest.approx(0.9214, abs=0.003)}
    assert found.told_apart == {10: pytest.approx(0.2928, abs=0.005)}


def test_more_calls_are_better_in_every_respect():
    table = design_table(PARTS, DESIGN, (8, 16, 24, 48, 96), thirds, campaigns=200)
    assert table["all_calls"].tolist() == [300 * calls for calls in (8, 16, 24, 48, 96)]
    assert table["se"].is_monotonic_decreasing
    for column in ("reliability", "right_grade", "near_grade", "ordered_30", "told_apart_60"):
        assert table[column].is_monotonic_increasing, column
    assert (table["wrong_grade"] + table["right_grade"]).to_numpy() == pytest.approx(1)
    errors = table.filter(like="se_")
    assert np.sqrt((errors**2).sum(axis=1)).to_numpy() == pytest.approx(
        table["se"].to_numpy(), rel=0.02
    )


def test_the_calls_needed_are_the_fewest():
    needed = calls_needed(PARTS, DESIGN, Wanted(se=0.25, right_grades=0.9), thirds)
    calls = needed["se"]
    assert calls is not None
    assert expected_se(PARTS, replace(DESIGN, calls=calls)) <= 0.25
    assert expected_se(PARTS, replace(DESIGN, calls=calls - 1)) > 0.25
    share = needed["right_grades"]
    assert share is not None
    right = [
        simulate_design(PARTS, replace(DESIGN, calls=m), thirds, campaigns=200).right_grade
        for m in (share - 1, share)
    ]
    assert right[0] < 0.9 <= right[1]


def test_what_no_call_gives_is_not_promised():
    assert calls_needed(PARTS, DESIGN, Wanted(se=0.1, right_grades=0.999), thirds) == {
        "se": None,
        "right_grades": None,
    }
    assert calls_needed(PARTS, DESIGN, Wanted(), thirds) == {}


def test_another_number_of_units_has_the_same_distribution():
    assert true_scores(TRUTH, 300) is TRUTH
    fewer = true_scores(TRUTH, 40)
    assert fewer.mean() == pytest.approx(TRUTH.mean(), abs=0.05)
    assert fewer.std() == pytest.approx(TRUTH.std(), rel=0.05)


def test_the_same_seed_simulates_the_same():
    first, again, other = (
        simulate_design(PARTS, DESIGN, thirds, campaigns=20, seed=s) for s in (3, 3, 4)
    )
    assert first == again != other


def test_what_is_told_is_what_was_found():
    table = design_table(PARTS, DESIGN, (16, 24, 96), thirds, campaigns=50)
    source = {"zh": "某年", "en": "some year"}
    said = said_of_precision(table, 24, {"se": 31, "right_grades": None}, source, 480)
    row = table.iloc[1]
    assert f"标准误约{row['se']:.2f}分，信度{row['reliability']:.2f}" in said[0]["zh"]
    assert 'Going by "some year", with 24 calls' in said[0]["en"]
    assert f"相距30名时，排对先后的概率为{row['ordered_30']:.0%}" in said[1]["zh"]
    assert "若改为16次" in said[2]["zh"]
    assert [each["zh"][:8] for each in said[3:]] == ["要达到设定的标准", "要达到设定的等级"]
    assert "至少拨打31次" in said[3]["zh"]
    assert "480 calls" in said[4]["en"]
