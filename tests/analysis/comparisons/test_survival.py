"""Curves and hazards at their edges; figures of R stand in tests/parity/test_waiting_parity.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparisons.survival import hazards, log_rank, proportionality, survival_curve

durations = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=25)


def arrays(pairs) -> tuple[np.ndarray, np.ndarray]:
    return np.array([t for t, _ in pairs], dtype=float), np.array([e for _, e in pairs])


@settings(max_examples=40)
@given(durations)
def test_curves_fall_from_one_and_stay_within_their_interval(pairs):
    time, event = arrays(pairs)
    curve = survival_curve(time, event, np.arange(len(time)))
    assert (np.diff(curve.survival) < 0).all()
    inside = ~np.isnan(curve.low)
    assert (curve.low[inside] <= curve.survival[inside]).all()
    assert (curve.survival[inside] <= curve.high[inside]).all()


@settings(max_examples=40)
@given(durations)
def test_without_censoring_the_curve_is_the_share_still_waiting(pairs):
    time, _ = arrays(pairs)
    curve = survival_curve(time, np.ones(len(time), dtype=bool), np.arange(len(time)))
    for at in range(10):
        assert curve.at(at)[0] == pytest.approx((time > at).mean(), abs=1e-12)


def test_calls_of_a_city_that_agree_widen_the_interval():
    rng = np.random.default_rng(5)
    pull = np.repeat(rng.normal(0, 1, 30), 20)
    time, event = np.exp(pull) * rng.exponential(size=600), rng.random(600) < 0.8
    cities, alone = np.repeat(np.arange(30), 20), np.arange(600)
    by_city, by_call = (survival_curve(time, event, cluster) for cluster in (cities, alone))
    assert by_city.survival == pytest.approx(by_call.survival)
    spread = by_city.high - by_city.low
    assert np.nanmedian(spread / (by_call.high - by_call.low)) > 1.5


def test_what_no_one_saw_is_not_told():
    curve = survival_curve(np.array([2.0, 3, 5]), np.array([False, True, False]), np.arange(3))
    assert curve.at(1)[0] == 1
    assert curve.at(4)[0] == 0.5
    assert np.isnan(curve.at(6)).all()
    assert curve.median()[0] == 3
    never = survival_curve(np.array([2.0, 3]), np.zeros(2, dtype=bool), np.arange(2))
    assert never.at(2)[0] == 1
    assert np.isnan([never.at(4)[0], *never.median()]).all()


def test_one_cluster_gives_a_curve_without_interval():
    curve = survival_curve(np.array([2.0, 3, 5]), np.ones(3, dtype=bool), np.zeros(3, dtype=int))
    assert curve.survival == pytest.approx([2 / 3, 1 / 3, 0], abs=1e-12)
    assert np.isnan(curve.low).all()
    assert (
        hazards(np.array([2.0, 3]), np.ones(2, dtype=bool), np.eye(2)[:, :1], np.zeros(2)) is None
    )


def test_the_interval_of_clustered_waits_holds_its_level():
    rng = np.random.default_rng(6)
    truth = np.mean(np.exp(-1 / np.exp(rng.normal(0, 0.7, 200_000))))
    held = []
    for _ in range(300):
        time = np.exp(np.repeat(rng.normal(0, 0.7, 40), 10)) * rng.exponential(size=400)
        cut = rng.exponential(3, 400)
        curve = survival_curve(np.minimum(time, cut), time <= cut, np.repeat(np.arange(40), 10))
        _, low, high = curve.at(1.0)
        held.append(low <= truth <= high)
    assert 0.91 <= np.mean(held) <= 0.985


def test_crossing_hazards_are_seen():
    rng = np.random.default_rng(7)
    group = np.arange(400) % 2
    time = np.where(group == 1, rng.weibull(3, 400), rng.weibull(0.7, 400))
    event, exog = np.ones(400, dtype=bool), group[:, None].astype(float)
    found = hazards(time, event, exog, np.arange(400))
    assert found is not None
    p = proportionality(time, event, exog, found.beta, [slice(0, 1)])[0][1]
    assert p < 1e-6
    even = rng.exponential(size=400)
    found = hazards(even, event, exog, np.arange(400))
    assert found is not None
    assert proportionality(even, event, exog, found.beta, [slice(0, 1)])[0][1] > 0.01


def test_log_rank_within_strata_is_blind_to_what_the_strata_explain():
    rng = np.random.default_rng(8)
    strata = np.repeat([0, 1], 200)
    group = np.where(rng.random(400) < np.where(strata, 0.8, 0.2), "a", "b")
    time = rng.exponential(np.where(strata, 5, 1))
    event = np.ones(400, dtype=bool)
    assert log_rank(time, event, group)[1] < 0.001
    assert log_rank(time, event, group, strata)[1] > 0.01
