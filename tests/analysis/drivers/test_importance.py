from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.drivers.importance import (
    coefficients,
    collinear,
    correlations,
    covariances,
    lmg,
    relative_weights,
    subset_r2,
)


def correlation_of(values: np.ndarray) -> np.ndarray:
    ones = np.column_stack([np.ones(len(values)), values])
    return correlations(covariances(ones.T @ ones))


def sample(seed: int, predictors: int, n: int = 60) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, predictors + 1)) @ random.normal(size=(predictors + 1,) * 2)
    return values + random.normal(size=values.shape)


def r2_of(values: np.ndarray, used: tuple[int, ...]) -> float:
    """R^2 by least squares, for the check."""
    outcome = values[:, -1] - values[:, -1].mean()
    design = values[:, list(used)] - values[:, list(used)].mean(axis=0)
    fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return float((fitted**2).sum() / (outcome**2).sum())


def test_every_subset_has_the_r2_of_least_squares():
    values = sample(1, 3)
    r2 = subset_r2(correlation_of(values))
    for used in [(), (0,), (1,), (2,), (0, 2), (1, 2), (0, 1, 2)]:
        at = tuple(int(place in used) for place in range(3))
        assert r2[at] == pytest.approx(r2_of(values, used) if used else 0, abs=1e-12)


def test_lmg_is_the_mean_over_all_orders_of_entry():
    values = sample(2, 4)
    expected = np.zeros(4)
    for order in permutations(range(4)):
        for place, predictor in enumerate(order):
            before = r2_of(values, order[:place]) if place else 0
            expected[predictor] += (r2_of(values, order[: place + 1]) - before) / 24
    assert lmg(correlation_of(values)) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 6), st.sampled_from([lmg, relative_weights]))
def test_parts_are_never_negative_sum_to_r2_and_follow_their_predictor(seed, predictors, method):
    values = sample(seed, predictors)
    parts = method(correlation_of(values))
    assert (parts >= -1e-12).all()
    assert parts.sum() == pytest.approx(r2_of(values, tuple(range(predictors))), abs=1e-9)
    order = np.random.default_rng(seed).permutation(predictors)
    turned = values[:, [*order, predictors]]
    assert method(correlation_of(turned)) == pytest.approx(parts[order], abs=1e-9)
    rescaled = values * np.linspace(1, 50, predictors + 1) + 7
    assert method(correlation_of(rescaled)) == pytest.approx(parts, abs=1e-9)


def test_a_stack_is_looked_at_matrix_by_matrix():
    stack = np.stack([correlation_of(sample(seed, 5)) for seed in range(3)])
    for method in (lmg, relative_weights, coefficients):
        assert method(stack) == pytest.approx(np.stack([method(one) for one in stack]), abs=1e-12)


def test_relative_weights_are_lmg_for_two_predictors_and_squares_for_orthogonal_ones():
    matrix = correlation_of(sample(3, 2))
    assert relative_weights(matrix) == pytest.approx(lmg(matrix), abs=1e-12)
    orthogonal = np.eye(4)
    orthogonal[:3, 3] = orthogonal[3, :3] = [0.5, 0.1, -0.3]
    for method in (lmg, relative_weights):
        assert method(orthogonal) == pytest.approx([0.25, 0.01, 0.09], abs=1e-12)


@pytest.mark.parametrize("method", [lmg, relative_weights])
def test_copies_of_a_predictor_share_its_part(method):
    values = sample(4, 2)
    twice = np.column_stack([values[:, 0], values])
    parts = method(correlation_of(twice))
    assert parts[0] == pytest.approx(parts[1], abs=1e-8)
    assert parts.sum() == pytest.approx(r2_of(values, (0, 1)), abs=1e-8)
    assert collinear(correlation_of(twice)).tolist() == [True, True, False]


def test_a_sum_of_predictors_is_told_as_collinear_and_r2_stays():
    values = sample(5, 3)
    values[:, 2] = values[:, 0] + values[:, 1]
    matrix = correlation_of(values)
    assert collinear(matrix).all()
    assert lmg(matrix).sum() == pytest.approx(r2_of(values, (0, 1)), abs=1e-8)
    assert np.isfinite(coefficients(matrix)).all()


def test_what_never_varies_has_no_part():
    values = sample(6, 2)
    values[:, 1] = 3.7
    matrix = correlation_of(values)
    assert lmg(matrix)[1] == relative_weights(matrix)[1] == coefficients(matrix)[1] == 0
    assert lmg(matrix)[0] == pytest.approx(r2_of(values, (0,)), abs=1e-12)
    values[:, 2] = 1.3
    assert (lmg(correlation_of(values)) == 0).all()
