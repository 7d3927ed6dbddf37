import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.ranks.rank_sets import (
    gaussian_errors,
    rank_set_table,
    rank_sets,
    tau_best,
    tau_table,
    tau_worst,
)
from analysis.ranks.ranking import rank_scores

KINDS = [(simultaneous, stepdown) for simultaneous in (False, True) for stepdown in (False, True)]


def by_loops(estimates, errors, level, *, simultaneous, stepdown, side):
    """Return low and high by the definition, one comparison after another."""
    units = range(len(estimates))
    noise = errors - errors.mean(axis=0)

    def se(j, k):
        return (noise[:, j] - noise[:, k]).std(ddof=1)

    def decided(tests):
        shown = set()
        while tests - shown:
            largest = np.max(
                [(noise[:, j] - noise[:, k]) / se(j, k) for j, k in sorted(tests - shown)], axis=0
            )
            bar = np.quantile(largest, level)
            found = {(j, k) for j, k in tests if (estimates[j] - estimates[k]) / se(j, k) > bar}
            if not stepdown or found == shown:
                return found
            shown = found
        return shown

    low, high = [], []
    for unit in units:
        if simultaneous:
            tests = {(j, k) for j in units for k in units if j != k}
        else:
            up = {(j, unit) for j in units if j != unit}
            down = {(unit, j) for j in units if j != unit}
            tests = {"two-sided": up | down, "best": up, "worst": down}[side]
        found = decided(tests)
        above = sum((j, unit) in found for j in units)
        below = sum((unit, j) in found for j in units)
        low.append(1 if side == "worst" else 1 + above)
        high.append(len(estimates) if side == "best" else len(estimates) - below)
    return low, high


@pytest.mark.parametrize("side", ["two-sided", "best", "worst"])
@pytest.mark.parametrize(("simultaneous", "stepdown"), KINDS)
def test_sets_follow_the_definition(simultaneous, stepdown, side):
    random = np.random.default_rng(5)
    shared = random.standard_normal((700, 1)) * [1, 1, 1, 0, 0, 0, 0]
    errors = (random.standard_normal((700, 7)) + shared) * random.uniform(0.3, 1.5, 7)
    estimates = random.normal(0, 2, 7)
    given_ = {"simultaneous": simultaneous, "stepdown": stepdown, "side": side}
    sets = rank_sets(estimates, errors, level=0.9, **given_)
    low, high = by_loops(estimates, errors, 0.9, **given_)
    assert (sets.low.tolist(), sets.high.tolist()) == (low, high)


@given(
    arrays(float, 8, elements=st.integers(0, 6).map(float) | st.just(np.nan)),
    arrays(float, 8, elements=st.sampled_from([0.0, 0.2, 1.0])),
    st.randoms(use_true_random=False),
)
def test_sets_hold_the_rank_and_nest(estimates, se, random):
    errors = gaussian_errors(se, 60, random.randrange(1000))
    ranks, there = rank_scores(estimates), ~np.isnan(estimates)
    n = there.sum()
    for simultaneous in (False, True):
        plain, steps, wide = (
            rank_sets(estimates, errors, simultaneous=simultaneous, **more)
            for more in ({"stepdown": False}, {}, {"level": 0.99})
        )
        for sets in (plain, steps, wide):
            assert np.isnan(sets.low[~there]).all()
            assert np.isnan(sets.undecided[~there]).all()
            low, high = sets.low[there], sets.high[there]
            assert (low >= 1).all()
            assert (low <= ranks[there]).all()
            assert (ranks[there] <= high).all()
            assert (high <= n).all()
            assert (sets.above + sets.below + sets.undecided)[there].tolist() == [n - 1] * n
        assert (steps.low[there] >= plain.low[there]).all()
        assert (steps.high[there] <= plain.high[there]).all()
        assert (wide.low[there] <= steps.low[there]).all()
        assert (wide.high[there] >= steps.high[there]).all()


@given(st.permutations(range(9)), st.booleans())
def test_sets_follow_their_units_whatever_the_order_scale_and_level_of_scores(order, simultaneous):
    random = np.random.default_rng(8)
    estimates, errors = random.normal(0, 2, 9), random.standard_normal((200, 9))
    plain = rank_sets(estimates, errors, simultaneous=simultaneous)
    turned = rank_sets(
        100 + 3 * estimates[order], 3 * errors[:, order] + 7, simultaneous=simultaneous
    )
    assert turned.low.tolist() == plain.low[order].tolist()
    assert turned.high.tolist() == plain.high[order].tolist()


def test_scores_without_error_are_compared_as_they_stand():
    estimates = np.array([9.0, 5, 5, 5, 1, np.nan])
    for simultaneous in (False, True):
        sets = rank_sets(estimates, np.tile(estimates, (20, 1)), simultaneous=simultaneous)
        assert sets.low[:5].tolist() == sets.high[:5].tolist() == [1, 2, 2, 2, 5]
        assert sets.undecided[:5].tolist() == [0, 2, 2, 2, 0]


def test_two_units_with_the_same_error_are_told_apart_by_the_smallest_difference():
    shared = np.random.default_rng(0).standard_normal((200, 1))
    errors = shared * [1, 1, 1, 0]
    estimates = np.array([5.0, 5.001, 5, 5.0005])
    for simultaneous in (False, True):
        sets = rank_sets(estimates, errors, simultaneous=simultaneous)
        assert sets.low.tolist() == [2, 1, 2, 1]
        assert sets.high.tolist() == [3, 2, 3, 4]


def test_all_equal_and_single_units_have_all_ranks():
    errors = np.random.default_rng(0).standard_normal((100, 4))
    for simultaneous in (False, True):
        sets = rank_sets(np.full(4, 6.0), errors, simultaneous=simultaneous)
        assert sets.low.tolist() == [1] * 4
        assert sets.high.tolist() == [4] * 4
        one = rank_sets(np.array([6.0]), errors[:, :1], simultaneous=simultaneous)
        assert (one.low.tolist(), one.high.tolist()) == ([1], [1])
        none = rank_sets(np.array([np.nan]), errors[:, :1], simultaneous=simultaneous)
        assert np.isnan(none.low).all()


def test_a_unit_of_unknown_error_is_told_apart_from_none_and_a_lost_draw_costs_nothing():
    random = np.random.default_rng(2)
    estimates, errors = np.array([9.0, 6, 3, 0]), random.normal(0, 0.1, (300, 4))
    errors[:, 1] = np.nan
    errors[::7, 2] = np.nan
    for simultaneous in (False, True):
        sets = rank_sets(estimates, errors, simultaneous=simultaneous)
        assert sets.low.tolist() == [1, 1, 2, 3]
        assert sets.high.tolist() == [2, 4, 3, 4]


def test_gaussian_errors_have_their_covariance_and_none_where_it_is_unknown():
    covariance = np.array([[4.0, 1.5, 0], [1.5, 1, 0], [0, 0, 0]])
    errors = gaussian_errors(covariance, 40_000, seed=1)
    assert np.cov(errors.T) == pytest.approx(covariance, abs=0.06)
    assert np.array_equal(errors, gaussian_errors(covariance, 40_000, seed=1))
    alone = gaussian_errors(np.array([2.0, np.nan, 0]), 40_000)
    assert np.cov(alone[:, [0, 2]].T) == pytest.approx(np.diag([4.0, 0]), abs=0.06)
    assert np.isnan(alone[:, 1]).all()
    covariance[1] = covariance[:, 1] = np.nan
    assert np.isnan(gaussian_errors(covariance, 10)).all(axis=0).tolist() == [False, True, False]


def test_simultaneous_sets_hold_all_true_ranks_at_their_level():
    """400 samples of ten units, some nearly equal: at 90 % no fewer than 85 % may hold."""
    random = np.random.default_rng(11)
    truth = np.array([0, 0.01, 0.02, 0.5, 0.51, 1.5, 1.51, 1.52, 4, 6])
    ranks = rank_scores(truth)
    errors = random.standard_normal((300, 10))
    held = tops = 0
    for _ in range(400):
        sets = rank_sets(truth + random.standard_normal(10), errors, simultaneous=True, level=0.9)
        held += ((sets.low <= ranks) & (ranks <= sets.high)).all()
        tops += tau_best(sets, 3)[ranks <= 3].all() and tau_worst(sets, 3)[ranks > 7].all()
    assert held >= 340
    assert tops >= held


def test_tau_sets_hold_the_ranked_top_grow_with_tau_and_mirror():
    random = np.random.default_rng(4)
    estimates, errors = random.normal(0, 2, 12), random.standard_normal((400, 12))
    estimates[5] = np.nan
    sets = rank_sets(estimates, errors, simultaneous=True)
    turned = rank_sets(-estimates, -errors, simultaneous=True)
    ranks = rank_scores(estimates)
    before = np.zeros(12, dtype=bool)
    for tau in range(1, 12):
        may = tau_best(sets, tau)
        assert not may[5]
        assert may[ranks <= tau].all()
        assert may[before].all()
        assert tau_worst(turned, tau).tolist() == may.tolist()
        before = may
    assert before.sum() == 11
    assert tau_best(sets, 1).sum() < 11


def test_tables():
    estimates = np.array([1.0, 9, np.nan, 5])
    errors = np.random.default_rng(0).normal(0, 0.1, (100, 4))
    marginal = rank_sets(estimates, errors)
    together = rank_sets(estimates, errors, simultaneous=True)
    table = rank_set_table("abcd", estimates, marginal, together)
    assert table.columns.tolist() == [
        "unit", "rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high",
        "n_above", "n_below", "n_undecided",
    ]  # fmt: skip
    assert table["unit"].tolist() == ["b", "d", "a", "c"]
    assert table.iloc[1, 1:].tolist() == [2, 2, 2, 2, 2, 1, 1, 0]
    assert table.iloc[3, 1:].isna().all()
    tops = tau_table("abcd", together, [1, 2])
    assert tops.columns.tolist() == ["tau", "unit", "may_be_best", "may_be_worst"]
    assert tops.loc[tops["may_be_best"], ["tau", "unit"]].to_numpy().tolist() == [
        [1, "b"], [2, "b"], [2, "d"],
    ]  # fmt: skip
    assert tau_table("abcd", together, []).empty


def test_wrong_calls():
    x, errors = np.array([1.0, 2]), np.ones((5, 2))
    for wrong in (errors[:1], errors[:, :1], errors[0]):
        with pytest.raises(ValueError, match="shape"):
            rank_sets(x, wrong)
    with pytest.raises(ValueError, match="level"):
        rank_sets(x, errors, level=95)
    with pytest.raises(ValueError, match="simultaneous"):
        tau_best(rank_sets(x, errors), 1)
    with pytest.raises(ValueError, match="tau"):
        tau_worst(rank_sets(x, errors, simultaneous=True), 0)
