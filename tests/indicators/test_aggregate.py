from dataclasses import replace

import numpy as np
import pytest

from indicators.aggregate import roll_up
from indicators.hierarchy import Hierarchy
from indicators.system import System

NAN = np.nan


def item(name: str, table: str = "figures", **more: object) -> dict:
    rule = {"goalposts": [0, 10]} if table == "figures" else {"likert": [0, 10]}
    return {"id": name, "zh": name, "en": name, "table": table, "rule": rule, **more}


def node(name: str, *parts: dict, **more: object) -> dict:
    kind = "items" if parts and "table" in parts[0] else "children"
    return {"id": name, "zh": name, "en": name, kind: list(parts), **more}


def hierarchy(*children: dict, **more: object) -> Hierarchy:
    words = {"zh": "s", "en": "s"}
    stated = {"id": "s", "title": words, "source": words, "children": list(children)}
    return System.model_validate(stated | more).hierarchy


def rolled(tree: Hierarchy, *means: float, **more):
    """Roll up the means of one unit without audiences."""
    found = roll_up(tree, np.array(means, float)[None, :, None], **more)
    score, coverage = found.score[-1, :, 0], found.coverage[-1, :, 0]
    return dict(zip(tree.ids, zip(score.tolist(), coverage.tolist(), strict=True), strict=True))


TWO = (node("A", item("a", weight=3), item("b")), node("B", item("c"), weight=2))


def test_weighted_means_of_weighted_means():
    found = rolled(hierarchy(*TWO), 4, 8, 2)
    assert found == {"total": (3, 1), "A": (5, 1), "B": (2, 1)}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("rescale", (4, 0.75)), ("worst", (3, 0.75)), ("no_score", (NAN, 0.75))],
)
def test_a_missing_part(policy, expected):
    found = rolled(hierarchy(*TWO, missing=policy), 4, NAN, 2)
    assert found["A"] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("least", "score"), [(0, 8), (0.25, 8), (0.26, NAN), (1, NAN)])
def test_coverage_below_the_minimum_gives_no_score(least, score):
    tree = hierarchy(node("A", item("a", weight=3), item("b"), minimum_coverage=least), TWO[1])
    found = rolled(tree, NAN, 8, 2)
    assert found["A"] == pytest.approx((score, 0.25), nan_ok=True)
    # a child without a score counts as not covered at all
    total = 0.25 / 3 + 2 / 3 if score == 8 else 2 / 3
    assert found["total"][1] == pytest.approx(total)


def test_nothing_at_all_is_no_score_under_any_policy():
    for policy in ("rescale", "no_score"):
        found = rolled(hierarchy(*TWO, missing=policy, minimum_coverage=0), NAN, NAN, NAN)
        assert all(np.isnan(score) for score, _ in found.values())
    found = rolled(hierarchy(*TWO, missing="worst", minimum_coverage=0.5), NAN, NAN, NAN)
    assert np.isnan(found["total"][0])


def test_what_does_not_apply_does_not_count():
    tree = hierarchy(*TWO, missing="worst", minimum_coverage=1)
    applies = np.array([True, False, True])[None, :, None]
    found = rolled(tree, 4, NAN, 2, applies=applies)
    assert found["A"] == (4, 1)
    gone = roll_up(
        tree, np.full((1, 3, 1), NAN), applies=np.array([False, False, True])[None, :, None]
    )
    assert gone.applies[0, :, 0].tolist() == [True, False, True]


def test_imputed_figures_count_in_the_score_but_not_as_covered():
    observed = np.array([False, True, True])[None, :, None]
    found = rolled(hierarchy(*TWO, minimum_coverage=0), 4, 8, 2, observed=observed)
    assert found["A"] == (5, 0.25)
    assert found["total"][0] == 3


def test_bonus_is_added_up_to_the_top_and_does_not_count_in_coverage():
    extra = node("X", item("x"), role="innovation", bonus=2)
    tree = hierarchy(*TWO, extra)
    assert rolled(tree, 4, 8, 2, 5)["total"] == (4, 1)
    assert rolled(tree, 4, 8, 2, NAN)["total"] == (3, 1)
    assert rolled(tree, 10, 10, 9.8, 10)["total"] == (10, 1)
    assert np.isnan(rolled(tree, NAN, NAN, NAN, 10)["total"][0])


def test_innovation_by_weight_enters_the_mean():
    extra = node("X", item("x"), role="innovation", weight=3)
    assert rolled(hierarchy(*TWO, extra), 4, 8, 2, 9)["total"] == (6, 1)


@pytest.mark.parametrize(
    "method", ["arithmetic", "minimum", "median", "geometric", {"owa": [1, 2]}]
)
def test_an_indicator_with_nothing_but_a_bonus_has_no_score(method):
    tree = hierarchy(
        node("A", node("X", item("x"), role="innovation", bonus=1), aggregate=method), TWO[1]
    )
    found = rolled(tree, 5, 2)
    assert np.isnan(found["A"][0])
    # there is nothing in it to score, so it does not weigh on its parent either
    assert found["total"] == (2, 1)


AUDIENCES = {
    "x": {"zh": "x", "en": "x", "weight": 1}, "y": {"zh": "y", "en": "y", "weight": 3},
}  # fmt: skip


def by_audience(tree: Hierarchy, means: list[list[float]]) -> list[list[float]]:
    return roll_up(tree, np.array(means, float)[..., None]).score[..., 0].tolist()


def test_audiences_are_averaged_at_the_leaf_and_figures_stand_over_all():
    tree = hierarchy(
        node("A", item("a", "responses"), item("b", "responses", where={"audience": ["y"]})),
        node("B", item("c")), audiences=AUDIENCES,
    )  # fmt: skip
    score = by_audience(tree, [[4, 9, NAN], [6, 8, NAN], [NAN, NAN, 3]])
    # x is never asked b; its total rests on A alone, for B has no audience
    assert score == pytest.approx(
        np.array([[4, 4, NAN], [7, 7, NAN], [4.625, 6.25, 3]]), nan_ok=True
    )


@pytest.mark.parametrize(("policy", "expected"), [("rescale", 6), ("worst", 6), ("no_score", NAN)])
def test_an_audience_without_a_score(policy, expected):
    tree = hierarchy(node("A", item("a", "responses")), audiences=AUDIENCES, missing=policy)
    found = roll_up(tree, np.array([[NAN], [6], [NAN]])[..., None])
    assert found.score[:, 1, 0] == pytest.approx([NAN, 6, expected], nan_ok=True)
    assert found.coverage[:, 1, 0].tolist() == [0, 1, 0.75]


def test_across_audiences_may_be_the_weaker_one():
    tree = hierarchy(
        node("A", item("a", "responses")), audiences=AUDIENCES, across_audiences="minimum"
    )
    assert by_audience(tree, [[3], [6], [NAN]])[-1] == [3, 3]


@pytest.mark.parametrize("scale", [1, 5, 100])
def test_the_scale_holds_the_scores(scale):
    extra = node("X", item("x"), role="innovation", bonus=scale)
    tree = hierarchy(*TWO, extra, scale=scale)
    assert rolled(tree, scale, scale, scale, scale)["total"][0] == scale


def test_many_draws_at_once_are_each_by_itself():
    tree = hierarchy(*TWO, node("X", item("x"), role="innovation", bonus=1), aggregate="geometric")
    random = np.random.default_rng(0)
    means = random.uniform(0, 10, (1, 4, 6, 5))
    means[random.random(means.shape) < 0.2] = NAN
    together = roll_up(tree, means)
    for unit in range(6):
        for draw in range(5):
            one = roll_up(tree, means[:, :, unit : unit + 1, draw])
            assert together.score[:, :, unit, draw] == pytest.approx(one.score[..., 0], nan_ok=True)
            assert together.coverage[:, :, unit, draw] == pytest.approx(one.coverage[..., 0])


def test_weights_of_each_draw():
    tree = hierarchy(*TWO)
    weights = np.array([[1, 1], [1, 3], [2, 1]], float)[:, None, :]
    found = roll_up(tree, np.array([4.0, 8, 2])[None, :, None, None].repeat(2, 3), weight=weights)
    assert found.score[0, 0, 0] == pytest.approx([(5 + 4) / 3, (15 + 2) / 4])


def test_single_precision_stays_single_precision():
    tree = hierarchy(*TWO, aggregate="geometric")
    means = np.array([4, 8, 2], np.float32)[None, :, None]
    found = roll_up(tree, means).score
    assert found.dtype == np.float32
    assert found[0, 1, 0] == pytest.approx(5, rel=1e-6)


def test_no_weight_at_all_is_no_score():
    tree = hierarchy(*TWO)
    bare = replace(tree, weight=np.zeros_like(tree.weight))
    assert np.isnan(rolled(bare, 4, 8, 2)["total"][0])
