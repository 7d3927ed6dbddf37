"""Totals of a `LeafTree` are those of scoring anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_engine_properties import built, scored

from analysis.uncertainty.leaf_tree import LeafTree, leaf_indices
from indicators.aggregate import roll_up
from indicators.averages import OrderedAverage, PowerMean
from indicators.hierarchy import Hierarchy
from indicators.what_if import what_if

AVERAGES = [
    "arithmetic", "geometric", "harmonic", "minimum", "median", PowerMean(power=2),
    PowerMean(power=-3), PowerMean(power=0.5), PowerMean(power=0.001), PowerMean(power=100),
    PowerMean(power=-100), OrderedAverage(owa=(3, 2, 1)),
]  # fmt: skip


def tree_of(random: np.random.Generator, averages, missing, bonus: bool) -> Hierarchy:
    """Three indicators of three leaves each below the total, and one that may add a bonus."""
    parent = np.array([-1, 0, 0, 0, *np.repeat([1, 2, 3], 3), 0])
    nodes = len(parent)
    leaves = np.arange(4, nodes)
    extra = np.where(np.arange(nodes) == nodes - 1, 1.5 * bonus, 0.0)
    owa_fits = np.bincount(parent[1:], weights=extra[1:] == 0, minlength=nodes) == 3
    return Hierarchy(
        ids=tuple(f"n{at}" for at in range(nodes)),
        parent=parent,
        depth=np.array([0, 1, 1, 1, *[2] * 9, 1]),
        weight=np.ones(nodes),
        bonus=extra,
        minimum_coverage=np.where(np.arange(nodes) < 4, random.choice([0, 0.5, 0.8], nodes), 0),
        average=tuple(
            averages[at % len(averages)] if owa_fits[at] else "arithmetic" for at in range(nodes)
        ),
        missing=tuple(missing[at % len(missing)] if at < 4 else "rescale" for at in range(nodes)),
        items=tuple(f"i{at}" for at in leaves),
        item_leaf=leaves,
        item_weight=np.ones(len(leaves)),
        item_asked=np.ones((1, len(leaves)), dtype=bool),
        audiences=(),
        audience_weight=np.empty(0),
        audience_average="arithmetic",
        best=10.0,
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    averages=st.lists(st.sampled_from(AVERAGES), min_size=1, max_size=3),
    missing=st.lists(st.sampled_from(["rescale", "worst", "no_score"]), min_size=1, max_size=3),
    gaps=st.sampled_from([0, 0.1, 0.5]),
    varying=st.booleans(),
)
def test_totals_are_those_of_rolling_up(seed, averages, missing, gaps, varying):
    """With scores of 0, missing and inapplicable leaves, and weights of 0."""
    random = np.random.default_rng(seed)
    tree = tree_of(random, averages, missing, bonus=bool(seed % 2))
    leaves, units, draws = len(leaf_indices(tree)), 6, 5
    shape = (leaves, units, draws if varying else 1)
    mean = random.choice([0, 1e-3, 2, 5, 9.9, 10], shape) * random.uniform(0.9, 1, shape)
    mean[random.random(shape) < gaps] = np.nan
    applies = random.random((leaves, units)) >= gaps / 2
    mean = np.where(applies[:, :, None], mean, np.nan)
    covered = np.where(random.random((leaves, units)) < gaps, 0.6, 1.0) * applies
    weight = random.choice([0, 0.3, 1, 2], (len(tree.ids), draws))
    fixed = mean[:, :, 0]
    found = LeafTree(tree, fixed, covered, applies).totals(weight, mean if varying else None)
    expected = roll_up(
        tree,
        np.broadcast_to(mean, (leaves, units, draws))[None],
        applies=applies[None, :, :, None],
        observed=covered[None, :, :, None],
        weight=weight[:, None],
    ).score[0, 0]
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=12, deadline=None)
@given(case=built(), weights=st.lists(st.sampled_from([0.5, 1, 4]), min_size=12, max_size=12))
def test_totals_are_those_of_scoring_anew_under_other_weights(case, weights):
    system, frames, _ = case
    scores = scored(system, frames)
    tree = scores.hierarchy
    changed = {name: {"weight": w} for name, w in zip(tree.ids[1:], weights, strict=False)}
    anew = what_if(scores, changed).after
    drawn = np.column_stack([tree.weight, anew.hierarchy.weight])
    found = LeafTree.of(scores).totals(drawn)
    expected = np.column_stack([scores.score[:, -1, 0], anew.score[:, -1, 0]])
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_one_set_of_weights_serves_many_draws_of_the_leaves():
    random = np.random.default_rng(3)
    tree = tree_of(random, ["arithmetic"], ["rescale"], bonus=False)
    mean = random.uniform(0, 10, (10, 4, 300)).astype(np.float32)
    ones = np.ones((10, 4))
    leaves = LeafTree(tree, mean[:, :, 0].astype(float), ones, ones > 0)
    weight = tree.weight[:, None]
    found = leaves.totals(weight, mean)
    assert found.shape == (4, 300)
    assert found[:, 299] == pytest.approx(leaves.totals(weight, mean[:, :, 299:])[:, 0])
