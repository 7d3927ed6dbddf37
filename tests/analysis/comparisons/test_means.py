"""Tests of means: what they give at the edges, and how often they are wrong when nothing differs."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.comparisons import means
from analysis.comparisons.means import assumptions, brown_forsythe, hedges_g, welch_t

values = st.lists(st.integers(-9, 9).map(float), min_size=2, max_size=12).map(np.array)


@settings(max_examples=30)
@given(values, values)
def test_two_groups_turned_round_change_the_sign_and_nothing_else(first, second):
    assume(len(set(np.concatenate([first, second]))) > 1)
    one, other = welch_t(first, second, seed=3), welch_t(second, first, seed=3)
    assert one.statistic == pytest.approx(-other.statistic)
    assert one.effect.value == pytest.approx(-other.effect.value)
    assert 0 < one.p <= 1
    if len(first) != len(second):
        assert one.p == other.p


@settings(max_examples=30)
@given(values, values, st.floats(0.5, 20), st.floats(-50, 50))
def test_neither_unit_nor_origin_of_the_scale_matters(first, second, unit, origin):
    assume(len(set(np.concatenate([first, second]))) > 1)
    one = welch_t(first, second, seed=3)
    other = welch_t(unit * first + origin, unit * second + origin, seed=3)
    assert other.p == pytest.approx(one.p, abs=2e-3)
    assert other.effect.value == pytest.approx(one.effect.value)


def test_small_groups_are_held_against_relabellings_and_large_ones_against_t():
    rng = np.random.default_rng(2)
    assert welch_t(rng.normal(size=19), rng.normal(size=40)).exact
    assert not welch_t(rng.normal(size=20), rng.normal(size=40)).exact
    few, many = np.repeat([0, 1, 2], 9), np.repeat([0, 1, 2], 10)
    assert brown_forsythe(rng.normal(size=27), few).exact
    assert not brown_forsythe(rng.normal(size=30), many).exact


def test_a_relabelling_p_is_the_share_of_labels_as_extreme():
    # Of the 35 divisions of these seven units into three and four no other is as far apart.
    test = welch_t(np.array([1.0, 2, 3]), np.array([7.0, 8, 9, 10]), seed=1)
    assert test.p == pytest.approx(1 / 35, abs=0.006)
    assert welch_t(np.array([1.0, 2, 3]), np.array([7.0, 8, 9, 10]), seed=1) == test


def test_groups_without_spread_are_as_far_apart_as_can_be():
    test = welch_t(np.full(3, 1.0), np.full(4, 2.0), seed=1)
    assert test.statistic == -np.inf
    assert test.p == pytest.approx(1 / 35, abs=0.006)
    assert test.effect.magnitude == "large"
    assert np.isnan([test.effect.low, test.effect.high]).all()
    three = brown_forsythe(np.repeat([1.0, 2, 3], 3), np.repeat([0, 1, 2], 3), seed=1)
    assert (three.statistic, three.effect.value) == (np.inf, 1)
    assert three.p == pytest.approx(6 / 1680, abs=0.002)


def test_equal_means_have_no_effect():
    test = welch_t(np.array([1.0, 3, 5]), np.array([2.0, 3, 4, 3]), seed=1)
    assert (test.statistic, test.p, test.effect.value) == (0, 1, 0)


def test_omega_squared_takes_off_what_chance_gives_and_its_interval_reaches_nought():
    rng = np.random.default_rng(1)
    codes = np.repeat([0, 1, 2, 3], 30)
    nothing = brown_forsythe(rng.normal(size=120), codes).effect
    assert 0 <= nothing.low <= nothing.value <= nothing.high < 0.12
    assert nothing.low == 0
    shifted = brown_forsythe(rng.normal(size=120) + codes, codes).effect
    assert 0.3 < shifted.low < shifted.value < shifted.high < 0.75
    assert shifted.magnitude == "large"


def test_assumptions_see_spread_and_skewness():
    rng = np.random.default_rng(4)
    codes = np.repeat([0, 1], 200)
    even = assumptions(rng.normal(size=400), codes)
    assert even.spread_p > 0.05 < even.normality_p
    assert abs(even.skewness) < 0.3
    uneven = assumptions(rng.exponential(size=400) * np.where(codes, 3, 1), codes)
    assert uneven.spread_p < 0.001 > uneven.normality_p
    assert uneven.spread_ratio == pytest.approx(3, rel=0.3)
    assert uneven.skewness > 1


def test_assumptions_without_spread_are_not_known():
    found = assumptions(np.array([1.0, 1, 2, 3, 5]), np.array([0, 0, 1, 1, 1]))
    assert np.isnan([found.spread_ratio, found.spread_p]).all()
    assert np.isfinite(found.skewness)


def false_alarms(test, draw, simulations: int) -> float:
    return float(np.mean([test(draw()).p < 0.05 for _ in range(simulations)]))


@pytest.mark.parametrize("spread", [1.0, 2.0])
def test_false_alarms_of_f_star_with_groups_of_very_unequal_size_and_spread(spread):
    rng = np.random.default_rng(12)
    codes = np.repeat(np.arange(6), [4, 15, 30, 70, 90, 126])
    scale = np.linspace(spread, 1, 6)[codes]
    rate = false_alarms(
        lambda y: brown_forsythe(y, codes), lambda: rng.normal(size=len(codes)) * scale, 1000
    )
    assert 0.033 <= rate <= 0.075


def test_false_alarms_of_welch_with_a_small_skewed_group(monkeypatch):
    monkeypatch.setattr(means, "RELABELLINGS", 399)
    rng = np.random.default_rng(13)
    rate = false_alarms(
        lambda y: welch_t(y[:5], y[5:], seed=1), lambda: rng.gamma(2, size=65), 1000
    )
    assert 0.033 <= rate <= 0.067


@pytest.mark.parametrize("sizes", [(8, 60), (50, 50)])
def test_the_interval_of_g_holds_its_level(sizes):
    rng = np.random.default_rng(14)
    truth = 0.6 / np.sqrt((2**2 + 1) / 2)
    found = [hedges_g(rng.normal(0.6, 2, sizes[0]), rng.normal(0, 1, sizes[1])) for _ in range(500)]
    held = np.mean([effect.low <= truth <= effect.high for effect in found])
    assert 0.92 <= held <= 0.98
