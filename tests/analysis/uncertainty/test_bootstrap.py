"""Draws of records and of shoppers: spread, centre, seeds, and what no draw may depend on."""

import numpy as np
import pytest
from called_records import called_scores, called_tables
from random_records import random_records
from scipy import stats

from analysis.uncertainty.bootstrap import FEW, bootstrap, count_draws
from analysis.uncertainty.leaf_tree import leaf_indices
from analysis.uncertainty.linearised import linearised_variances
from indicators.scores import score
from indicators.system_file import load_system

UNITS = [f"u{i}" for i in range(6)]


@pytest.fixture(scope="module")
def scores():
    system = load_system("hotline-2021")
    return score(random_records(system, UNITS, seed=3), system, UNITS)[0]


@pytest.fixture(scope="module")
def draws(scores):
    return bootstrap(scores, replicates=2000, seed=5)[0]


@pytest.fixture(scope="module")
def called():
    return called_scores(units=8, calls=24, shoppers=12, lift=0.7)


def test_standard_error_of_a_leaf_is_that_of_a_stratified_mean(scores, draws):
    """One stratum, one item: se is the textbook s / sqrt(n) of a simple random sample."""
    table = next(t for t in scores.points if t.table == "calls")
    item = scores.hierarchy.items.index("case_accepted")
    column = list(table.items).index(item)
    leaf = scores.hierarchy.index("complaint")
    one = scores.hierarchy.items.index("case_result")
    other = table.points[:, list(table.items).index(one)]
    for unit in range(len(UNITS)):
        own = (table.unit == unit) & (table.audience == 0) & ~np.isnan(table.points[:, column])
        if np.isnan(other[own]).any():
            continue
        both = (table.points[own, column] + other[own]) / 2
        expected = both.std(ddof=1) / np.sqrt(len(both))
        assert draws.se[unit, 0, leaf] == pytest.approx(expected, rel=0.1)


def test_intervals_hold_the_score_and_widen_with_the_level(scores, draws):
    there = ~np.isnan(scores.score)
    assert (draws.low[there] <= scores.score[there] + 1e-3).mean() > 0.99
    assert (draws.high[there] >= scores.score[there] - 1e-3).mean() > 0.99
    narrow, _ = bootstrap(scores, replicates=2000, seed=5, level=0.5)
    assert (narrow.low[there] >= draws.low[there] - 1e-6).all()
    assert (narrow.high[there] <= draws.high[there] + 1e-6).all()
    assert np.isnan(draws.se[~there]).all()


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_are_as_wide_as_those_of_student(called, level):
    draws, _ = bootstrap(called, replicates=4000, seed=1, level=level)
    degrees = linearised_variances(called).degrees
    manner = called.hierarchy.index("manner")
    width = ((draws.high - draws.low) / draws.se)[:, :, manner]
    expected = 2 * stats.t.ppf((1 + level) / 2, degrees[:, :, manner])
    assert width / expected == pytest.approx(1, abs=0.08)
    normal = 2 * stats.norm.ppf((1 + level) / 2)
    assert (expected > 1.01 * normal).all()


@pytest.mark.parametrize("size", [2, 7, FEW, FEW + 1, 300])
def test_records_are_counted_alike_in_small_and_in_large_strata(size):
    drawn = np.random.default_rng(size).integers(0, size, (size - 1, 50), dtype=np.int32)
    expected = [np.bincount(column, minlength=size) for column in drawn.T]
    np.testing.assert_array_equal(count_draws(drawn, size).T, expected)


def test_same_seed_same_draws_and_another_seed_others(called):
    first, _ = bootstrap(called, replicates=50, seed=1)
    again, _ = bootstrap(called, replicates=50, seed=1, shopper_seed=1)
    other, _ = bootstrap(called, replicates=50, seed=2)
    assert np.array_equal(first.total, again.total)
    assert np.array_equal(first.leaves, again.leaves)
    assert not np.array_equal(first.total, other.total)


def test_each_source_is_held_by_its_own_seed(called):
    """Records 1 or 2 with shoppers 1 or 2: what shoppers change is the same with either records.

    In leaves with one item, that is; in others, the first order only is.
    """
    drawn = {
        (records, shoppers): bootstrap(called, replicates=200, seed=records, shopper_seed=shoppers)[
            0
        ]
        for records in (1, 2)
        for shoppers in (1, 2)
    }
    leaves = {key: dict(zip(leaf_indices(called.hierarchy).tolist(), each.leaves, strict=True))
              for key, each in drawn.items()}  # fmt: skip
    solved, ease = (called.hierarchy.index(name) for name in ("solved", "ease"))
    moved = [leaves[at, 2][solved] - leaves[at, 1][solved] for at in (1, 2)]
    assert moved[0] == pytest.approx(moved[1], abs=1e-4)
    assert np.abs(moved[0]).max() > 0.1
    assert np.array_equal(leaves[1, 1][ease], leaves[1, 2][ease])
    assert not np.array_equal(leaves[1, 1][ease], leaves[2, 1][ease])
    assert not np.array_equal(leaves[1, 1][solved], leaves[2, 1][solved])


def test_units_that_share_shoppers_move_together():
    """One shopper makes most calls of the first two units, others those of the rest."""
    tables = called_tables(units=6, calls=20, shoppers=6, seed=2, lift=2)
    calls = tables["calls"]
    random = np.random.default_rng(1)
    mine = calls["unit"].isin(["u0", "u1"]) & (random.random(len(calls)) < 0.9)
    for column in ("told1", "told2", "solved1", "manner1", "manner2"):
        calls[column] += np.where(mine, 2 - 2 * (calls["shopper"] == "s0"), 0)
    tables["calls"] = calls.assign(shopper=calls["shopper"].mask(mine, "s0"))
    draws, _ = bootstrap(called_scores(tables), replicates=1000, seed=3)
    correlation = np.corrcoef(draws.total.T)
    assert correlation[0, 1] > 0.3
    assert np.abs(correlation[0, 2:]).max() < correlation[0, 1]


def test_shoppers_add_their_variance_to_that_of_records(called):
    draws, _ = bootstrap(called, replicates=4000, seed=4)
    found = linearised_variances(called)
    manner = called.hierarchy.index("manner")
    together = found.total[:, :, manner]
    assert draws.se[:, :, manner] ** 2 / together == pytest.approx(1, abs=0.15)
    assert (found.shoppers[:, :, manner] / together).mean() > 0.1


def test_without_shoppers_they_are_no_source():
    tables = called_tables(units=4)
    tables["calls"] = tables["calls"].drop(columns="shopper")
    tables["cases"] = tables["cases"].drop(columns="reviewer")
    draws, findings = bootstrap(called_scores(tables), replicates=20)
    again, _ = bootstrap(called_scores(tables), replicates=20, shopper_seed=9)
    assert not draws.shoppers
    assert np.array_equal(draws.total, again.total)
    assert [f.column for f in findings if f.check == "shoppers-unknown"] == [
        "calls.shopper", "cases.reviewer",
    ]  # fmt: skip


def test_draws_centre_on_the_score(called):
    draws, _ = bootstrap(called, replicates=4000, seed=5)
    total = called.score[:, -1, 0]
    assert np.abs(draws.total.mean(axis=0) - total).max() < 0.15 * draws.se[:, -1, 0].max()


def test_leaves_are_the_draws_of_each_leaf_over_all_audiences(called):
    draws, _ = bootstrap(called, replicates=500, seed=6)
    at = leaf_indices(called.hierarchy)
    assert draws.leaves.shape == (len(at), 8, 500) and draws.leaves.dtype == np.float32
    assert pytest.approx(draws.se[:, -1, at], rel=1e-3) == draws.leaves.std(axis=2, ddof=1).T
    assert pytest.approx(called.score[:, -1, at], abs=0.2) == draws.leaves.mean(axis=2).T


def test_the_order_of_the_records_plays_no_role():
    plain = called_tables(units=5, calls=3)
    first, _ = bootstrap(called_scores(plain), replicates=40, seed=7)
    shuffled = {name: table.sample(frac=1, random_state=3) for name, table in plain.items()}
    second, _ = bootstrap(called_scores(shuffled), replicates=40, seed=7)
    for name in ("total", "leaves", "se", "low", "high"):
        assert getattr(second, name) == pytest.approx(getattr(first, name), rel=1e-6, nan_ok=True)


def test_lone_records_vary_as_others_do_within_the_scale_and_a_finding_counts_them():
    tables = called_tables(units=12, calls=8)
    calls = tables["calls"]
    lone = ~calls.duplicated(["unit", "audience", "scenario"])
    tables["calls"] = calls[(calls["unit"] != "u5") | lone]
    scores = called_scores(tables)
    draws, findings = bootstrap(scores, replicates=1000, seed=1)
    assert [(f.column, f.count) for f in findings if f.check == "borrowed-variance"] == [
        ("calls", 4)
    ]
    told = scores.hierarchy.index("told")
    usual = np.delete(draws.se[:, -1, told], 5).mean()
    assert 1.5 * usual < draws.se[5, -1, told] < 6 * usual
    assert (np.nan_to_num(draws.high) <= 10).all() and (np.nan_to_num(draws.low) >= 0).all()


def test_missing_answers_leave_draws_without_a_score_out_of_its_interval():
    tables = called_tables(units=4, calls=4)
    calls = tables["calls"].copy()
    gone = (calls["unit"] == "u1") & (
        calls.groupby(["unit", "audience", "scenario"]).cumcount() > 1
    )
    calls.loc[gone, ["manner1", "manner2"]] = np.nan
    scores = called_scores(tables | {"calls": calls})
    draws, _ = bootstrap(scores, replicates=300, seed=2)
    at = leaf_indices(scores.hierarchy).tolist().index(scores.hierarchy.index("manner"))
    own = draws.leaves[at, 1]
    assert 0 < np.isnan(own).sum() < 150
    manner = scores.hierarchy.index("manner")
    assert draws.se[1, -1, manner] == pytest.approx(np.nanstd(own, ddof=1), rel=1e-4)
    assert draws.low[1, -1, manner] <= np.nanquantile(own, 0.025)
