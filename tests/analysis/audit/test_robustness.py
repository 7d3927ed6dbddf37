from types import SimpleNamespace

import numpy as np
import pytest

from analysis.audit.evidence import Evidence
from analysis.audit.robustness import (
    check_compensability,
    check_idle,
    check_ranges,
    check_reliability,
)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_parts_that_agree_leave_nothing_to_compensate(index_of, random):
    total = random.uniform(1, 9, 40)
    scores = index_of(np.column_stack([total, total, total]), list("abc"))
    (row,) = check_compensability(Evidence(scores))
    assert (row.value, row.verdict) == (0, "pass")


def test_uneven_profiles_move_under_a_geometric_mean(index_of, random):
    values = 10 * random.beta(0.3, 0.3, (60, 2))
    (row,) = check_compensability(Evidence(index_of(values, ["a", "b"])))
    assert row.verdict != "pass"
    assert "几何" in row.found[0]


def test_a_geometric_index_is_held_against_the_arithmetic_mean(index_of, random):
    values = 10 * random.beta(0.3, 0.3, (60, 2))
    geometric = index_of(values, ["a", "b"], aggregate="geometric")
    (row,) = check_compensability(Evidence(geometric))
    assert "算术" in row.found[0]
    assert row.value > 0.05


def test_an_indicator_that_never_varies_moves_no_rank(index_of, random):
    values = random.uniform(1, 9, (50, 3))
    values[:, 2] = 5
    rows = {row.where: row for row in check_idle(Evidence(index_of(values, list("abc"))))}
    assert (rows["c"].value, rows["c"].verdict) == (0, "fail")
    assert rows["a"].verdict == rows["b"].verdict == "pass"


def test_idleness_is_the_move_with_the_indicator_at_its_mean(index_of, random):
    values = random.uniform(1, 9, (30, 2))
    scores = index_of(values, ["a", "b"])
    rows = {row.where: row.value for row in check_idle(Evidence(scores))}
    before = (-values.mean(axis=1)).argsort().argsort()
    after = (-values[:, 1]).argsort().argsort()
    assert rows["a"] == pytest.approx(np.abs(before - after).mean() / 30)


def test_missing_scores_stay_missing(index_of, random):
    values = random.uniform(1, 9, (30, 3))
    values[:4, 0] = np.nan
    values[5] = np.nan
    rows = list(check_idle(Evidence(index_of(values, list("abc")))))
    assert all(np.isfinite(row.value) for row in rows)
    assert all(np.isfinite(row.value) for row in check_compensability(
        Evidence(index_of(values, list("abc")))
    ))  # fmt: skip


def ranges(low: np.ndarray, high: np.ndarray, rank: np.ndarray) -> SimpleNamespace:
    return SimpleNamespace(rank=rank, low=low, high=high)


@pytest.mark.parametrize(("reach", "verdict"), [(2, "pass"), (8, "warn"), (20, "fail")])
def test_the_median_width_of_rank_ranges(index_of, reach, verdict, random):
    scores = index_of(random.uniform(1, 9, (40, 2)), ["a", "b"])
    rank = np.arange(1.0, 41)
    (row,) = check_ranges(Evidence(scores), ranges(rank, rank + reach, rank))
    assert row.value == pytest.approx(reach / 40)
    assert row.verdict == verdict


def test_published_ranks_outside_their_range_are_counted(index_of, random):
    scores = index_of(random.uniform(1, 9, (40, 2)), ["a", "b"])
    rank = np.arange(1.0, 41)
    low, high = rank - 1, rank + 1
    low[:3], high[:3] = rank[:3] + 1, rank[:3] + 2
    low[3] = high[3] = np.nan
    (row,) = check_ranges(Evidence(scores), ranges(low, high, rank))
    assert "3个对象的公布名次在区间之外" in row.found[0]
    assert not list(check_ranges(Evidence(scores), None))


@pytest.mark.parametrize(("noise", "verdict"), [(0.1, "pass"), (0.5, "warn"), (0.8, "fail")])
def test_reliability_is_what_noise_leaves(index_of, noise, verdict, random):
    values = random.normal(5, 1, (200, 1)).clip(0, 10)
    scores = index_of(np.hstack([values, values]), ["a", "b"])
    spread = scores.score[:, -1, 0].std(ddof=1)
    scores = scores.with_se(np.full(scores.score.shape, noise * spread))
    rows = {row.where: row for row in check_reliability(Evidence(scores))}
    assert rows["total"].value == pytest.approx(1 - noise**2)
    assert rows["total"].verdict == verdict
    assert set(rows) == {"total", "a", "b"}


def test_figures_of_the_whole_have_no_noise_to_check(index_of, random):
    scores = index_of(random.uniform(1, 9, (40, 2)), ["a", "b"])
    assert not list(check_reliability(Evidence(scores)))
    assert not list(check_reliability(Evidence(scores.with_se(np.zeros(scores.score.shape)))))


def test_two_units_have_no_ranks_to_move(index_of, random):
    scores = index_of(random.uniform(1, 9, (2, 3)), list("abc"))
    assert not list(check_idle(Evidence(scores)))
    assert not list(check_compensability(Evidence(scores)))
