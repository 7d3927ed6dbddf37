"""Effect sizes, their intervals and the words drawn from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.comparisons.effects import (
    LOGISTIC,
    Effect,
    chance_share,
    cliffs_delta,
    delta_interval,
    epsilon_squared,
    odds_ratios,
    verdict,
)

outcomes = st.lists(st.integers(-20, 20), min_size=2, max_size=25)


def array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=float)


def brute_delta(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.sign(first[:, None] - second).mean())


@given(outcomes, outcomes)
def test_delta_is_the_mean_sign_and_stays_in_range(first, second):
    effect = cliffs_delta(array(first), array(second))
    assert effect.value == pytest.approx(brute_delta(array(first), array(second)), abs=1e-12)
    assert -1 <= effect.low <= effect.value <= effect.high <= 1


@given(outcomes, outcomes)
def test_delta_and_its_interval_turn_round_with_the_groups(first, second):
    one, other = (
        cliffs_delta(array(first), array(second)),
        cliffs_delta(array(second), array(first)),
    )
    assert one.value == pytest.approx(-other.value, abs=1e-12)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


@given(outcomes, outcomes, st.randoms(use_true_random=False))
def test_delta_hangs_on_order_only(first, second, random):
    plain = cliffs_delta(array(first), array(second))
    random.shuffle(first)
    random.shuffle(second)
    bent = cliffs_delta(np.exp(array(first) / 7), np.exp(array(second) / 7))
    assert bent.value == pytest.approx(plain.value, abs=1e-12)
    assert (bent.low, bent.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_groups_wholly_apart_reach_the_bound_on_one_side_only():
    effect = cliffs_delta(np.array([7.0, 8, 9]), np.array([1.0, 2, 3, 4]))
    assert (effect.value, effect.high) == (1, 1)
    assert effect.low < 1


def test_equal_groups_have_an_interval_round_nought():
    effect = cliffs_delta(np.ones(5), np.ones(4))
    assert effect.value == 0
    assert effect.low == -effect.high < 0


def test_a_group_of_one_has_a_delta_but_no_interval():
    effect = cliffs_delta(np.array([3.0]), np.array([1.0, 2, 4]))
    assert effect.value == pytest.approx(1 / 3)
    assert np.isnan([effect.low, effect.high]).all()


def test_interval_narrows_with_a_lower_level():
    first, second = np.arange(12.0), np.arange(9.0) + 2
    wide, narrow = cliffs_delta(first, second, 0.99), cliffs_delta(first, second, 0.8)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_delta_interval_is_cut_to_the_range():
    low, high = delta_interval(0.9, 2.0, 3)
    assert -1 <= low < 0.9 < high <= 1


def test_delta_interval_holds_its_level():
    rng = np.random.default_rng(5)
    population = rng.integers(1, 11, 2000).astype(float), rng.integers(2, 11, 2000).astype(float)
    truth = cliffs_delta(*population).value
    found = [
        cliffs_delta(rng.choice(population[0], 20), rng.choice(population[1], 60))
        for _ in range(400)
    ]
    held = np.mean([effect.low <= truth <= effect.high for effect in found])
    assert 0.91 <= held <= 0.99


def groups_of(sizes: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=3, max_size=5), st.integers(0, 1000))
def test_epsilon_squared_is_a_share_and_its_interval_holds_it(sizes, seed):
    codes = groups_of(sizes)
    outcome = np.random.default_rng(seed).integers(1, 6, len(codes)).astype(float)
    if len(set(outcome)) < 2:
        return
    effect = epsilon_squared(outcome, codes, replicates=200, seed=seed)
    assert 0 <= effect.low <= effect.value + 1e-12
    assert effect.value <= effect.high + 1e-12 <= 1 + 1e-9
    bent = epsilon_squared(np.exp(outcome), codes, replicates=200, seed=seed)
    assert bent == effect


def test_epsilon_squared_repeats_with_the_seed_and_moves_without():
    codes = groups_of([20, 30, 25])
    outcome = np.random.default_rng(3).integers(1, 11, 75).astype(float)
    assert epsilon_squared(outcome, codes, seed=1) == epsilon_squared(outcome, codes, seed=1)
    assert epsilon_squared(outcome, codes, seed=1) != epsilon_squared(outcome, codes, seed=2)


def test_single_units_share_a_stratum_instead_of_repeating_themselves():
    codes, outcome = groups_of([1, 1, 1, 6]), np.array([1.0, 5, 9, 5, 5, 5, 5, 5, 5])
    effect = epsilon_squared(outcome, codes, seed=1)
    assert effect.value == 1
    assert effect.low < 1


def test_without_difference_chance_is_what_remains():
    codes = groups_of([11] * 30)
    rng = np.random.default_rng(2)
    found = [
        epsilon_squared(rng.permutation(330).astype(float), codes, replicates=50, seed=i)
        for i in range(40)
    ]
    assert np.mean([e.value for e in found]) == pytest.approx(chance_share(330, 30), abs=0.01)
    assert np.mean([e.size for e in found]) < 0.02


@pytest.mark.parametrize(
    ("size", "magnitude", "word"),
    [
        (0.146, "negligible", "none"), (0.147, "small", "slight"), (-0.2, "small", "slight"),
        (0.33, "medium", "clear"), (-0.474, "large", "clear"),
    ],
)  # fmt: skip
def test_words_follow_the_thresholds(size, magnitude, word):
    effect = Effect("cliffs_delta", size, np.nan, np.nan, size)
    assert effect.magnitude == magnitude
    assert verdict(0.01, effect) == word
    assert verdict(0.05, effect) == verdict(np.nan, effect) == "none"
    assert verdict(0.05, effect, level=0.9) == word


def test_odds_ratio_of_a_two_by_two_table_is_the_cross_product():
    outcome = np.repeat([1.0, 2, 1, 2], [30, 20, 15, 40])
    groups = np.repeat(["a", "b"], [50, 55])
    row = odds_ratios(outcome, groups, "a").table.loc["b"]
    log, error = np.log(40 * 30 / (15 * 20)), np.sqrt(1 / 30 + 1 / 20 + 1 / 15 + 1 / 40)
    assert np.log(row["odds_ratio"]) == pytest.approx(log, abs=1e-4)
    bounds = (log - 1.959964 * error, log + 1.959964 * error)
    assert np.log([row["low"], row["high"]]) == pytest.approx(bounds, abs=1e-3)


def test_a_group_at_one_end_is_taken_out_and_named():
    outcome = np.array([5.0, 5, 5, *np.tile([1, 2, 3, 4, 5], 6)])
    groups = np.array(["top"] * 3 + ["x", "y", "z"] * 10)
    found = odds_ratios(outcome, groups, "x")
    without = odds_ratios(outcome[3:], groups[3:], "x")
    assert found.separated == ("top",)
    assert found.table.loc["top"].isna().all()
    assert found.table.loc[["y", "z"]].equals(without.table)
    assert found.converged


@pytest.mark.parametrize(
    ("grades", "reference", "separated"),
    [
        ({"a": [3, 3], "b": [2, 2], "c": [1, 2], "d": [1, 2]}, "c", ("a", "b")),
        ({"a": [1, 2], "b": [2, 3]}, "a", ("b",)),
        ({"a": [1, 2], "b": [2], "c": [2, 3]}, "b", ("a", "c")),
        ({"a": [1, 2], "b": [1, 2], "c": [3, 4], "d": [3, 4]}, "d", ("a", "b")),
        ({"a": [1, 2], "b": [1, 3], "c": [2, 3]}, "a", ()),
        ({"a": [3, 3], "b": [1, 2]}, "a", ("b",)),
        ({"a": [3, 3], "b": [3], "c": [1, 2]}, "a", ("b", "c")),
    ],
)
def test_groups_that_a_class_parts_from_the_reference_are_found(grades, reference, separated):
    outcome = np.array([float(grade) for row in grades.values() for grade in row])
    groups = np.repeat(list(grades), [len(row) for row in grades.values()])
    found = odds_ratios(outcome, groups, reference)
    assert found.separated == separated
    assert found.table.loc[list(separated)].isna().all(axis=None)


def test_proportional_odds_are_accepted_and_crossing_ones_are_not():
    rng = np.random.default_rng(11)
    groups = np.repeat(["a", "b"], 400)
    shifted = np.round(rng.logistic(np.where(groups == "b", 1.0, 0.0), 1.0) * 2)
    assert odds_ratios(np.clip(shifted, -4, 4), groups, "a").parallel_p > 0.05
    spread = np.round(rng.normal(0, np.where(groups == "b", 4.0, 1.0)))
    assert odds_ratios(np.clip(spread, -4, 4), groups, "a").parallel_p < 0.01


def test_proportional_odds_are_not_checked_on_few_units():
    outcome = np.tile([1.0, 2, 3, 4], 4)
    assert np.isnan(odds_ratios(outcome, np.array(["a", "b", "b", "a"] * 4), "a").parallel_p)


def test_the_quick_logistic_distribution_is_that_of_scipy():
    x, p = np.array([-np.inf, -40, -3.5, 0, 0.2, 9, np.inf]), np.array([0, 0.01, 0.5, 0.999, 1])
    np.testing.assert_allclose(LOGISTIC.cdf(x), stats.logistic.cdf(x))
    np.testing.assert_allclose(LOGISTIC.pdf(x), stats.logistic.pdf(x))
    np.testing.assert_allclose(LOGISTIC.ppf(p), stats.logistic.ppf(p))
