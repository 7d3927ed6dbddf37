import numpy as np
import pytest
from random_records import random_records

from analysis.uncertainty.bootstrap import bootstrap
from indicators.scores import score
from indicators.system_file import load_system
from survey.records import Records

UNITS = [f"u{i}" for i in range(6)]


@pytest.fixture(scope="module")
def scores():
    system = load_system("hotline-2021")
    return score(random_records(system, UNITS, seed=3), system, UNITS)[0]


@pytest.fixture(scope="module")
def draws(scores):
    return bootstrap(scores, replicates=2000, seed=5)[0]


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
    assert np.isnan(draws.se[~there]).all()


def test_same_seed_same_draws_and_another_seed_others(scores):
    first, _ = bootstrap(scores, replicates=50, seed=1)
    again, _ = bootstrap(scores, replicates=50, seed=1)
    other, _ = bootstrap(scores, replicates=50, seed=2)
    assert np.array_equal(first.total, again.total)
    assert not np.array_equal(first.total, other.total)


def test_draws_centre_on_the_score():
    """Without cases: one or two of them make the bonus of a draw anything but linear."""
    system = load_system("hotline-2021")
    tables = random_records(system, UNITS, seed=3).tables
    records = Records({name: table for name, table in tables.items() if name != "cases"})
    scores, _ = score(records, system, UNITS)
    draws, _ = bootstrap(scores, replicates=2000, seed=5)
    total = scores.score[:, -1, 0]
    assert np.abs(draws.total.mean(axis=0) - total).max() < 0.25 * draws.se[:, -1, 0].max()


def test_a_lone_record_has_no_variance_and_a_finding_says_so():
    system = load_system("hotline-2021")
    records = random_records(system, UNITS[:2], seed=3)
    calls = records.tables["calls"]
    keep = (calls["unit"] != "u0") | ~calls.duplicated(["unit", "audience", "scenario"])
    scores, _ = score(Records({**records.tables, "calls": calls[keep]}), system, UNITS[:2])
    _, findings = bootstrap(scores, replicates=20, seed=1)
    found = {f.column: f.count for f in findings if f.check == "single-record-stratum"}
    assert found["calls"] == 4
