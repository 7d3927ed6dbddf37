from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.grades.breaks import kmeans, natural_breaks, squares_within

SCORES = st.lists(st.integers(0, 40).map(lambda tenths: tenths / 4), min_size=1, max_size=9)


def least_squares_by_trial(values: list[float], classes: int) -> float:
    """Try every way to cut the distinct values into at most so many runs."""
    distinct, scores = sorted(set(values)), np.array(values)
    found = []
    for cuts in combinations(distinct[1:], min(classes, len(distinct)) - 1):
        of = np.searchsorted(cuts, scores, side="right")
        found.append(sum(((scores[of == c] - scores[of == c].mean()) ** 2).sum() for c in set(of)))
    return min(found)


@settings(max_examples=60)
@given(SCORES, st.integers(2, 5))
def test_natural_breaks_are_the_least_sum_of_squares_of_all(values, classes):
    scores = np.array(values)
    upto = natural_breaks(scores, classes)
    assert squares_within(scores, upto) == pytest.approx(
        least_squares_by_trial(values, classes), abs=1e-9
    )
    assert np.count_nonzero(np.diff(upto, prepend=0)) == min(classes, len(set(values)))


@settings(max_examples=60)
@given(SCORES, st.integers(2, 5))
def test_equal_scores_are_never_parted(values, classes):
    ordered = -np.sort(-np.array(values))
    for find in (natural_breaks, kmeans):
        inner = [at for at in find(ordered, classes) if 0 < at < len(ordered)]
        assert all(ordered[at - 1] > ordered[at] for at in inner)


@settings(max_examples=60)
@given(SCORES, st.integers(2, 5))
def test_k_means_never_beats_natural_breaks_and_comes_to_rest(values, classes):
    scores = np.array(values)
    upto = kmeans(scores, classes)
    best = squares_within(scores, natural_breaks(scores, classes))
    assert squares_within(scores, upto) >= best - 1e-9
    ordered = -np.sort(-scores)
    own = np.searchsorted(upto, np.arange(len(ordered)), side="right")
    means = np.array(
        [ordered[own == c].mean() if (own == c).any() else np.inf for c in range(classes)]
    )
    nearest = np.abs(ordered[:, None] - means).min(axis=1)
    assert np.abs(ordered - means[own]) == pytest.approx(nearest, abs=1e-9)


def test_rows_are_parted_one_by_one_and_missing_scores_do_not_count():
    random = np.random.default_rng(4)
    rows = random.normal(6, 1, (200, 30))
    rows[random.random(rows.shape) < 0.2] = np.nan
    rows[7] = np.nan
    for find in (natural_breaks, kmeans):
        together = find(rows, 4)
        alone = np.array([find(row[~np.isnan(row)], 4) for row in rows if not np.isnan(row).all()])
        assert (np.delete(together, 7, axis=0) == alone).all()
        assert (together[7] == 0).all()


def test_classes_stay_when_scores_are_shifted_and_stretched():
    scores = np.random.default_rng(5).gamma(2, 2, 120)
    assert (natural_breaks(scores, 6) == natural_breaks(3 + 0.25 * scores, 6)).all()


@pytest.mark.parametrize("find", [natural_breaks, kmeans])
def test_equal_scores_and_few_scores(find):
    assert find(np.full(5, 3.2), 3).tolist() == [5, 5, 5]
    assert find(np.array([1.0, 9.0]), 2).tolist() == [1, 2]
    assert find(np.array([4.0]), 2).tolist() == [1, 1]
    assert natural_breaks(np.array([1.0, 9.0]), 4).tolist() == [1, 2, 2, 2]
