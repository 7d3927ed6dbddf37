"""The variance of a rank goes to the source that it comes from."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.bootstrap import bootstrap
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.sobol import variance_indices
from analysis.uncertainty.sources import SOURCES, shapley_effects, split_rank_variance
from analysis.uncertainty.variants import Drawn, Method
from indicators.scores import score
from indicators.what_if import what_if
from survey.records import Records

SHARES = list(SOURCES)


def effects(output, n: int = 20_000, seed: int = 0) -> np.ndarray:
    """Shares of three independent standard normal inputs."""
    a, b = np.random.default_rng(seed).normal(size=(2, 3, n))
    mixed = []
    for one in range(3):
        inputs = a.copy()
        inputs[one] = b[one]
        mixed.append(output(*inputs))
    parts = variance_indices(
        output(*a)[:, None], output(*b)[:, None], np.stack(mixed)[..., None], resamples=20
    )
    return parts.shares(shapley_effects(parts))[0, :, 0]


@pytest.mark.parametrize(
    ("output", "shares"),
    [
        (lambda s, h, m: s + m, [1 / 2, 0, 1 / 2]),
        (lambda s, h, m: 2 * s + h + m, [4 / 6, 1 / 6, 1 / 6]),
        (lambda s, h, m: s * h, [1 / 2, 1 / 2, 0]),
        (lambda s, h, m: s + h * m, [1 / 2, 1 / 4, 1 / 4]),
        (lambda s, h, m: s * h * m, [1 / 3, 1 / 3, 1 / 3]),
        (lambda s, h, m: m, [0, 0, 1]),
    ],
)
def test_shapley_effects_of_functions_whose_effects_are_known(output, shares):
    """A product of k independent inputs of mean 0 is all interaction: each has an equal part."""
    found = effects(output)
    assert found == pytest.approx(shares, abs=0.03)
    assert found.sum() == pytest.approx(1)
    assert (found[np.array(shares) == 0] == 0).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), used=st.lists(st.booleans(), min_size=3, max_size=3))
def test_shapley_effects_sum_to_the_variance_and_give_a_dummy_nothing(seed, used):
    """However few the points of the design, and whatever is estimated from them."""
    weights = np.random.default_rng(seed).normal(size=3) * used

    def output(*inputs: np.ndarray) -> np.ndarray:
        return np.rint(np.exp(sum(w * x for w, x in zip(weights, inputs, strict=True))))

    found = effects(output, n=40, seed=seed)
    if not np.isnan(found).any():
        assert found.sum() == pytest.approx(1)
        assert (found[~np.array(used)] == 0).all()


def test_records_alone(small):
    split, findings = split_rank_variance(small(calls=6), draws=64)
    units = split.units
    moving = units[units["sd"] > 0]
    assert len(moving) > 3
    assert (moving["sampling"] == 1).all() and (moving[["shopper", "method"]] == 0).all(axis=None)
    assert split.national[SHARES].iloc[0].tolist() == [1, 0, 0]
    assert (units["low"] <= units["rank"]).all() and (units["high"] >= units["rank"]).all()
    assert not [each for each in findings if each.check == "negative-shares"]


def test_method_alone(flat):
    """Figures on whole units have no sampling error."""
    scores = flat(np.array([[9.0, 1], [0, 9.1], [0, 0.5]]))
    plan = MethodPlan.model_validate({"weights": {"uniform": 0.5}})
    split, _ = split_rank_variance(scores, plan, draws=256)
    units = split.units.set_index("unit")
    assert units.loc[["u0", "u1"], SHARES].to_numpy().tolist() == [[0, 0, 1]] * 2
    share = 0.401389
    assert units.loc["u0", "sd"] == pytest.approx(np.sqrt(share * (1 - share)), abs=0.02)
    assert units.loc["u2", "sd"] == 0 and units.loc["u2", SHARES].isna().all()


def test_nothing_varies(flat):
    split, findings = split_rank_variance(flat(np.array([[1.0, 2], [3, 4]])), draws=32)
    assert (split.units["sd"] == 0).all() and split.units[SHARES].isna().all(axis=None)
    assert split.national["sd"].item() == 0 and findings == ()


def test_no_unit_with_a_total_gives_an_empty_table(flat):
    gaps = np.array([[1, np.nan], [np.nan, 2], [3, np.nan]])
    split, _ = split_rank_variance(flat(gaps, minimum_coverage=1), draws=16)
    assert split.units.empty and np.isnan(split.national["mean"].item())


def with_shoppers(small, luck: float):
    """Each unit is called by two of twelve shoppers, who rate from `luck` below to above others."""
    scores = small(units=10, calls=12, missing=0)
    calls = scores.records["calls"].copy()
    random = np.random.default_rng(5)
    who = np.concatenate([np.repeat(random.choice(12, 2, replace=False), 6) for _ in range(10)])
    calls["shopper"] = [f"s{each}" for each in who]
    lift = np.linspace(-luck, luck, 12)[who]
    for column in ("q1", "q2", "q3"):
        calls[column] = np.clip(np.rint(calls[column] + lift), 1, 5)
    tables = dict(scores.records.tables) | {"calls": calls}
    return score(Records(tables), scores.system, scores.units)[0]


def test_all_three_sources(small):
    plan = MethodPlan.model_validate({"aggregate": ["geometric"], "weights": {"uniform": 0.5}})
    split, _ = split_rank_variance(with_shoppers(small, 1), plan, draws=128)
    moving = split.units[split.units["sd"] > 0]
    assert moving[SHARES].sum(axis=1).to_numpy() == pytest.approx(1)
    assert (moving[SHARES] >= 0).all(axis=None)
    assert (moving[SHARES].max() > 0).all()
    again, _ = split_rank_variance(with_shoppers(small, 1), plan, draws=128)
    assert again.units.equals(split.units) and again.national.equals(split.national)


def test_the_order_of_records_plays_no_role(small):
    scores = small()
    shuffled = {
        name: table.sample(frac=1, random_state=1) for name, table in scores.records.tables.items()
    }
    other = score(Records(shuffled), scores.system, scores.units)[0]
    one, two = (split_rank_variance(each, draws=32)[0].units for each in (scores, other))
    pd.testing.assert_frame_equal(one, two)


def test_options_that_score_leaves_otherwise_have_draws_of_their_own(small):
    """The same draws of records under a rule as a bootstrap of the index under that rule has."""
    scores = small(missing=0)
    rule = {"likert": [1, 4]}
    stated = {"weights": {}, "normalise": {"q3": [rule]}, "leave_out": ["speed"]}
    method = Method.of(scores, method_factors(MethodPlan.model_validate(stated), scores.system))

    def leaves(source: int) -> np.ndarray:
        return bootstrap(method.variants.sources[source], replicates=50, seed=7)[0].leaves

    for left_out in ((), ("speed",)):
        drawn = Drawn(np.array([[1, len(left_out)]] * 50), np.empty((50, 0)))
        anew = what_if(scores, {"q3": {"rule": rule}}, leave_out=left_out).after
        expected = bootstrap(anew, replicates=50, seed=7)[0].total.T
        assert method.totals(drawn, leaves) == pytest.approx(expected, abs=1e-4, nan_ok=True)
    assert len(method.variants.sources) == 2
