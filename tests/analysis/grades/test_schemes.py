import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from analysis.grades.cuts import Cuts, grade_codes
from analysis.grades.schemes import (
    PUBLISHED_2021,
    AnyScheme,
    DeviationsScheme,
    KMeansScheme,
    NaturalBreaksScheme,
    SharesScheme,
    SupportedScheme,
    ThresholdsScheme,
)
from analysis.ranks.ranking import rank_scores

READ = TypeAdapter(AnyScheme)
SHARES = SharesScheme(shares={"A": 1, "B": 2, "C": 1})
THRESHOLDS = ThresholdsScheme(thresholds={"A": 8, "B": 5, "C": 0})
DEVIATIONS = DeviationsScheme(deviations={"A": 1.5, "B": 0.5, "C": -0.5, "D": -1.5, "E": None})
BREAKS = NaturalBreaksScheme(natural_breaks=("A", "B", "C"))
KMEANS = KMeansScheme(kmeans=("A", "B", "C"))
OF_SCORES = [PUBLISHED_2021, SHARES, THRESHOLDS, DEVIATIONS, BREAKS, KMEANS]
TOTALS = st.lists(
    st.integers(0, 40).map(lambda quarters: quarters / 4) | st.just(np.nan), min_size=1, max_size=40
)


@pytest.mark.parametrize("scheme", OF_SCORES)
@settings(max_examples=40)
@given(values=TOTALS)
def test_a_better_score_never_gets_a_worse_grade_and_equal_ones_the_same(scheme, values):
    scores = np.array(values)
    code, there = scheme.classify(scores), ~np.isnan(scores)
    assert (code[~there] == -1).all()
    assert ((code[there] >= 0) & (code[there] < len(scheme.grades))).all()
    order = np.argsort(-scores[there], kind="stable")
    assert (np.diff(code[there][order]) >= 0).all()
    assert all(len(set(code[scores == value])) == 1 for value in scores[there])


@pytest.mark.parametrize("scheme", OF_SCORES)
def test_rows_are_classified_one_by_one_whatever_the_order_of_units(scheme):
    random = np.random.default_rng(2)
    rows = random.normal(6, 1.5, (60, 25)).round(1)
    rows[random.random(rows.shape) < 0.1] = np.nan
    code = scheme.classify(rows)
    assert (code == [scheme.classify(row) for row in rows]).all()
    shuffled = random.permutation(25)
    assert (scheme.classify(rows[:, shuffled]) == code[:, shuffled]).all()


def test_published_shares_give_the_published_counts():
    codes = PUBLISHED_2021.classify(np.random.default_rng(0).permutation(335).astype(float))
    assert np.bincount(codes).tolist() == [10, 33, 30, 60, 34, 72, 18, 35, 17, 26]


def test_thresholds_are_the_least_score_of_their_grade():
    scores = np.array([10, 8, 7.99, 5, 4.99, 0, np.nan])
    assert THRESHOLDS.classify(scores).tolist() == [0, 0, 1, 1, 2, 2, -1]


@settings(max_examples=60)
@given(TOTALS)
def test_shares_go_by_the_place_of_the_rank(values):
    scores = np.array(values)
    place = (rank_scores(scores) - 0.5) / max((~np.isnan(scores)).sum(), 1)
    expected = np.searchsorted([0.25, 0.75, 1], place - 1e-12)
    assert (SHARES.classify(scores) == np.where(np.isnan(scores), -1, expected)).all()


def test_the_cut_is_the_score_of_the_last_unit_within():
    scores = np.array([9.0, 7.0, 7.0, 3.0])
    assert SHARES.cuts(scores).tolist() == [9, 7, -np.inf]
    assert SHARES.classify(np.array([9.0, 9.0, 7.0, 3.0])).tolist() == [0, 0, 1, 2]
    assert BREAKS.cuts(scores).tolist() == [9, 7, -np.inf]


def test_more_grades_than_units_leave_grades_empty():
    two = np.array([8.0, 4.0])
    assert SharesScheme(shares=dict.fromkeys("ABCD", 1)).classify(two).tolist() == [0, 2]
    assert PUBLISHED_2021.cuts(two)[:3].tolist() == [np.inf] * 3
    assert NaturalBreaksScheme(natural_breaks=tuple("ABCD")).classify(two).tolist() == [0, 1]
    assert KMeansScheme(kmeans=("A", "B")).classify(two).tolist() == [0, 1]
    assert DEVIATIONS.classify(two).tolist() == [1, 3]


def test_deviations_are_standard_scores():
    scores = np.array([2.0, 4.0, 6.0, 8.0, np.nan])
    assert DEVIATIONS.cuts(scores) == pytest.approx(
        [5 + z * np.sqrt(20 / 3) for z in (1.5, 0.5, -0.5, -1.5)] + [-np.inf]
    )
    assert DEVIATIONS.classify(scores).tolist() == [3, 2, 2, 1, -1]


def test_equal_scores_stand_at_the_mean():
    for scores in (np.full(7, 0.1), np.array([5.0])):
        assert (DEVIATIONS.classify(scores) == 2).all()


@pytest.mark.parametrize(
    "given_",
    [
        {"thresholds": {"A": 5, "B": 8, "C": 0}},
        {"thresholds": {"A": 8, "B": 5}},
        {"thresholds": {"A": 8, "B": 8, "C": 0}},
        {"deviations": {"A": -1, "B": 1, "C": None}},
        {"deviations": {"A": None, "B": 1}},
        {"deviations": {"A": 1, "B": 0}},
        {"natural_breaks": ["A", "A"]},
        {"natural_breaks": ["A"]},
        {"kmeans": "AB"},
        {"supported": ["A", "B"], "error": 0.5},
        {"supported": ["A", "B"], "eror": 0.1},
        {"error": 0.1},
    ],
)
def test_what_makes_no_scheme_is_refused(given_):
    with pytest.raises(ValidationError):
        READ.validate_python(given_)


@pytest.mark.parametrize(
    ("given_", "kind"),
    [
        ({"shares": {"A": 1, "B": 1}}, SharesScheme),
        ({"thresholds": {"A": 5, "B": 0}}, ThresholdsScheme),
        ({"deviations": {"A": 0, "B": None}}, DeviationsScheme),
        ({"natural_breaks": ["A", "B"]}, NaturalBreaksScheme),
        ({"kmeans": ["A", "B"]}, KMeansScheme),
        ({"supported": ["A", "B"], "error": 0.1}, SupportedScheme),
    ],
)
def test_a_scheme_is_chosen_by_its_key_and_says_what_it_does(given_, kind):
    scheme = READ.validate_python(given_)
    assert type(scheme) is kind
    assert scheme.grades == ("A", "B")
    assert READ.validate_python(scheme) == scheme
    assert scheme.words("zh") != scheme.words("en")


def test_supported_grades_follow_the_totals_and_stand_apart_where_the_data_tell(draws_of):
    random = np.random.default_rng(3)
    scores = np.array([8.9, 8.8, 8.8, 6.0, 5.9, np.nan, 3.0])
    draws = draws_of(scores + random.normal(0, 0.05, (400, 7)))
    scheme = SupportedScheme(supported=("A", "B", "C", "D"), error=0.01)
    settled = scheme.settled(scores, draws)
    assert isinstance(settled, Cuts)
    code = settled.classify(scores)
    assert code[5] == -1
    assert code[1] == code[2]
    assert len({code[1], code[3], code[6]}) == 3
    vague = draws_of(scores + random.normal(0, 40, (400, 7)))
    assert set(scheme.settled(scores, vague).classify(scores)) == {-1, 1}
    assert settled.classify(np.full((2, 1), -9.0)).max() == code.max()


def test_supported_grades_of_nothing_and_of_one():
    scheme = SupportedScheme(supported=("A", "B"))
    assert scheme.cuts_by(np.array([np.nan]), np.array([[np.nan]])).classify(
        np.array([np.nan])
    ).tolist() == [-1]
    assert scheme.cuts_by(np.array([4.0]), np.array([[0.5]])).classify(
        np.array([4.0])
    ).tolist() == [0]


def test_codes_of_cuts():
    cuts = np.array([[8.0, 5.0, 0.0], [np.inf, -np.inf, -np.inf]])
    scores = np.array([[9.0, 8.0, 5.0, 1.0, np.nan]] * 2)
    assert grade_codes(scores, cuts).tolist() == [[0, 0, 1, 2, -1], [1, 1, 1, 1, -1]]
