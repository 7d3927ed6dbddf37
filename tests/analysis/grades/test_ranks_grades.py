import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.grades.grading import grade_table, grade_units, probability_table
from analysis.grades.schemes import SharesScheme, ThresholdsScheme
from analysis.ranks.ranking import rank_scores, rank_units
from analysis.uncertainty.bootstrap import Draws

PUBLISHED = SharesScheme(
    shares={
        "A+": 10,
        "A": 33,
        "B+": 30,
        "B": 60,
        "C+": 34,
        "C": 72,
        "D+": 18,
        "D": 35,
        "E+": 17,
        "E": 26,
    }
)


def draws_of(total: np.ndarray) -> Draws:
    shape = (total.shape[1], 1, 1)
    low, high = np.nanquantile(total, [0.025, 0.975], axis=0)
    return Draws(total, np.nanstd(total, axis=0).reshape(shape), low.reshape(shape), high.reshape(shape),
                 len(total), 0.95, 0)  # fmt: skip


def test_rank_of_the_highest_is_one_and_equals_share():
    assert rank_scores(np.array([3.0, 9.0, 9.0, np.nan, 1.0])) == pytest.approx(
        [3, 1, 1, np.nan, 4], nan_ok=True
    )


@given(st.lists(st.floats(0, 10), min_size=1, max_size=40))
def test_ranks_keep_the_order_of_scores(values):
    scores = np.array(values)
    ranks = rank_scores(scores)
    for i in range(len(scores)):
        assert ranks[i] == 1 + (scores > scores[i]).sum()


def test_published_shares_give_the_published_counts():
    codes = PUBLISHED.classify(np.random.default_rng(0).permutation(335).astype(float))
    assert np.bincount(codes).tolist() == [10, 33, 30, 60, 34, 72, 18, 35, 17, 26]


@given(st.lists(st.floats(0, 10), min_size=3, max_size=60))
def test_a_better_score_never_gets_a_worse_grade(values):
    scores = np.array(values)
    for scheme in (PUBLISHED, ThresholdsScheme(thresholds={"A": 8, "B": 5, "C": 0})):
        code = scheme.classify(scores)
        order = np.argsort(-scores, kind="stable")
        assert (np.diff(code[order]) >= 0).all()
        for value in set(values):
            assert len(set(code[scores == value])) == 1


def test_thresholds_are_the_least_score_of_their_grade():
    scheme = ThresholdsScheme(thresholds={"A": 8, "B": 5, "C": 0})
    assert scheme.classify(np.array([10, 8, 7.99, 5, 4.99, 0, np.nan])).tolist() == [
        0,
        0,
        1,
        1,
        2,
        2,
        -1,
    ]


@pytest.mark.parametrize(
    "bounds", [{"A": 5, "B": 8, "C": 0}, {"A": 8, "B": 5}, {"A": 8, "B": 8, "C": 0}]
)
def test_thresholds_must_fall_to_zero(bounds):
    with pytest.raises(ValidationError):
        ThresholdsScheme(thresholds=bounds)


def test_rank_interval_holds_the_rank_and_grade_probabilities_sum_to_one():
    random = np.random.default_rng(1)
    truth = np.linspace(2, 9, 40)
    total = truth + random.normal(0, 0.5, (500, 40))
    scores = np.where(np.arange(40) == 7, np.nan, truth)
    draws = draws_of(total)
    ranks = rank_units(scores, draws)
    there = ~np.isnan(scores)
    assert (ranks.low[there] <= ranks.rank[there]).all()
    assert (ranks.high[there] >= ranks.rank[there]).all()
    assert np.isnan(ranks.low[7])
    grades = grade_units(scores, draws, PUBLISHED)
    assert grades.probability[there].sum(axis=1) == pytest.approx(1)
    assert grades.code[7] == -1
    table = grade_table([f"u{i}" for i in range(40)], scores, draws, ranks, grades)
    assert table["rank"].dropna().tolist() == list(range(1, 40))
    assert table["unit"].iloc[-1] == "u7"
    assert len(probability_table(["x"] * 40, grades)) == 400


def test_equal_sure_scores_have_exact_ranks():
    scores = np.array([9.0, 5.0, 1.0])
    ranks = rank_units(scores, draws_of(np.tile(scores, (50, 1))))
    assert ranks.low.tolist() == ranks.high.tolist() == [1, 2, 3]
