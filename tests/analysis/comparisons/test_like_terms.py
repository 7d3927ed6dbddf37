"""Scores of all units on what one of them has records of."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.comparisons.like_terms import on_like_terms, pruned, rolled_with
from analysis.uncertainty.linearised import linearised_se
from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores
from indicators.averages import OrderedAverage
from survey.findings import InputError


@pytest.fixture(scope="module")
def scores(small_edition):
    return plain_scores(open_edition(small_edition), Quiet())[0]


@pytest.fixture(scope="module")
def calls(scores):
    items = [item.table == "calls" for _, item in scores.system.leaf_items()]
    return scores.hierarchy.item_asked & np.array(items)


def test_everything_is_what_it_was(scores):
    same = on_like_terms(scores, scores.hierarchy.item_asked)
    assert same.hierarchy.ids == scores.hierarchy.ids
    assert np.array_equal(same.score, scores.score, equal_nan=True)
    assert np.array_equal(same.n, scores.n)
    assert np.array_equal(rolled_with(scores, scores.hierarchy).score, scores.score, equal_nan=True)


def test_what_rests_on_calls_alone_keeps_score_and_error(scores, calls):
    like = on_like_terms(scores, calls)
    assert like.hierarchy.ids == (
        "total", "goal", "information", "complaint", "process", "efficiency", "standards",
        "transparency", "participation",
    )  # fmt: skip
    before, after = linearised_se(scores), linearised_se(like)
    for name in ("goal", "efficiency", "participation"):
        old, new = scores.hierarchy.index(name), like.hierarchy.index(name)
        assert np.array_equal(like.score[:, :, new], scores.score[:, :, old], equal_nan=True)
        assert np.array_equal(like.n[:, :, new], scores.n[:, :, old])
        assert after[:, :, new] == pytest.approx(before[:, :, old], rel=0.05, nan_ok=True)


def test_the_rest_is_scored_on_the_part_that_is_left(scores, calls):
    like = on_like_terms(scores, calls)
    parts = [like.of(name) for name in ("efficiency", "standards", "transparency", "participation")]
    assert like.of("process").to_numpy() == pytest.approx(np.mean(parts, axis=0))
    assert like.of("total").to_numpy() == pytest.approx((like.of("goal") + like.of("process")) / 2)
    assert (like.n[:, -1, 0] < scores.n[:, -1, 0]).all()


def test_an_audience_is_left_out_for_all_units(scores, calls):
    cells = calls.copy()
    cells[1] = False
    like = on_like_terms(scores, cells)
    assert np.isnan(like.score[:, 1]).all()
    assert like.score[:, -1] == pytest.approx(like.score[:, 0], nan_ok=True)
    assert (like.n[:, 1] == 0).all()


def test_weights_by_order_are_not_torn(scores, calls):
    tree = scores.hierarchy
    average = list(tree.average)
    average[tree.index("process")] = OrderedAverage(owa=(5, 4, 3, 2, 1))
    ordered = replace(tree, average=tuple(average))
    with pytest.raises(InputError, match="ordered-weights") as error:
        pruned(ordered, np.flatnonzero(calls.any(axis=0)))
    assert error.value.findings[0].got == "4 of 5 parts"
