"""Ranks drawn from scores and standard errors alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from analysis.ranks.drawn import drawn_ranks, working_error

Z = norm.ppf(0.975)


def test_exact_scores_have_exact_ranks():
    scores = np.array([[5.0, 7.0, 7.0, 2.0, np.nan]])
    rank, low, high = drawn_ranks(scores, np.zeros_like(scores), level=0.95, best=10, seed=1)
    assert rank[0].tolist()[:4] == [3, 1, 1, 4] and np.isnan(rank[0, 4])
    assert np.array_equal(low, rank, equal_nan=True) and np.array_equal(high, rank, equal_nan=True)


def test_two_units_change_places_as_often_as_the_normal_says():
    """P(second above first) is Phi(-d / sqrt(2) se); below 2.5 % the interval is the rank itself."""
    for gap, swaps in ((2.5, True), (3.2, False)):
        scores = np.array([[5 + gap, 5.0]])
        errors = np.ones_like(scores)
        chance = norm.cdf(-gap / np.sqrt(2))
        assert (chance > 0.025) == swaps
        _, low, high = drawn_ranks(scores, errors, level=0.95, best=100, seed=2, draws=20000)
        assert (high[0, 0] == 2) == swaps and (low[0, 1] == 1) == swaps


def test_a_column_does_not_depend_on_the_others():
    random = np.random.default_rng(3)
    scores, errors = random.uniform(0, 10, (4, 30)), random.uniform(0.1, 1, (4, 30))
    every = drawn_ranks(scores, errors, level=0.9, best=10, seed=4)
    alone = drawn_ranks(scores[2:3], errors[2:3], level=0.9, best=10, seed=4)
    for both, one in zip(every, alone, strict=True):
        assert np.array_equal(both[2], one[0])


@given(seed=st.integers(0, 999), units=st.integers(1, 40), spread=st.floats(0, 3))
def test_intervals_hold_the_rank_and_stay_in_the_field(seed, units, spread):
    random = np.random.default_rng(seed)
    scores = random.uniform(0, 10, (2, units))
    scores[1, random.random(units) < 0.3] = np.nan
    rank, low, high = drawn_ranks(scores, np.full_like(scores, spread), level=0.95, best=10, seed=5)
    there = ~np.isnan(scores)
    assert np.array_equal(np.isnan(rank), ~there)
    assert (low[there] <= rank[there]).all() and (rank[there] <= high[there]).all()
    assert (low[there] >= 1).all()
    assert all(high[k][there[k]].max(initial=0) <= there[k].sum() for k in range(2))


def test_the_working_error_is_the_wider_of_error_and_interval():
    score = np.array([5.0, 5.0, 9.9, 5.0])
    se = np.array([1.0, 1.0, 0.5, np.nan])
    low = np.array([4.0, 5 - 3 * Z, 9.9 - Z, 4.0])
    high = np.array([6.0, 5 + 2 * Z, 10.0, 6.0])
    error = working_error(score, se, low, high, Z)
    assert error[:3] == pytest.approx([1.0, 3.0, 1.0]) and np.isnan(error[3])
