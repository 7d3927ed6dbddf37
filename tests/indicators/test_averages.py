from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from indicators.averages import Average, OrderedAverage, PowerMean, average, marginal_weights

NAN = np.nan
NAMED = ("arithmetic", "geometric", "harmonic", "minimum", "median")
scores = st.floats(0, 10).map(lambda x: 0.0 if x < 1e-3 else x)
weights_of = st.floats(0.01, 10)


@st.composite
def methods(draw, size: int):
    kind = draw(st.sampled_from([*NAMED, "power", "owa"]))
    if kind == "power":
        return PowerMean(power=draw(st.floats(-20, 20)))
    if kind == "owa":
        owa = draw(st.lists(st.floats(0, 5), min_size=max(size, 2), max_size=max(size, 2)))
        assume(sum(owa) > 0.01)
        return OrderedAverage(owa=tuple(owa))
    return kind


@st.composite
def cases(draw, missing: bool = True):
    size = draw(st.integers(1, 6))
    value = st.one_of(scores, st.just(NAN)) if missing else scores
    values = np.array(draw(st.lists(value, min_size=size, max_size=size)))
    weights = np.array(draw(st.lists(weights_of, min_size=size, max_size=size)))
    return draw(methods(size)), values, weights


def of(method, values, weights=None) -> float:
    values = np.array(values, dtype=float)
    weights = np.ones(len(values)) if weights is None else np.array(weights, dtype=float)
    return float(average(method, values, weights))


@given(cases())
def test_an_average_lies_between_the_worst_and_the_best_part(case):
    method, values, weights = case
    found = of(method, values, weights)
    if np.isnan(values).all():
        assert np.isnan(found)
    else:
        slack = 1e-9 * np.nanmax(values)
        assert np.nanmin(values) - slack <= found <= np.nanmax(values) + slack


@given(cases(missing=False), st.integers(0, 5), st.floats(0, 5))
def test_a_better_part_never_lowers_it(case, at, more):
    method, values, weights = case
    raised = values.copy()
    raised[at % len(values)] += more
    assert of(method, raised, weights) >= of(method, values, weights) - 1e-9


@given(cases(), st.floats(0.01, 100))
def test_it_scales_with_its_parts(case, factor):
    method, values, weights = case
    expected = factor * of(method, values, weights)
    assert of(method, factor * values, weights) == pytest.approx(expected, rel=1e-8, nan_ok=True)


@given(cases(), st.floats(0.01, 100))
def test_only_the_proportions_of_weights_count(case, factor):
    method, values, weights = case
    assert of(method, values, factor * weights) == pytest.approx(
        of(method, values, weights), rel=1e-8, abs=1e-12, nan_ok=True
    )


@given(cases(), st.randoms())
def test_the_order_of_parts_does_not_matter(case, random):
    method, values, weights = case
    order = list(range(len(values)))
    random.shuffle(order)
    assert of(method, values[order], weights[order]) == pytest.approx(
        of(method, values, weights), rel=1e-9, abs=1e-12, nan_ok=True
    )


@given(cases())
def test_marginal_weights_times_scores_sum_to_the_average(case):
    method, values, weights = case
    marginal = marginal_weights(method, values, weights)
    if np.isnan(values).all():
        assert np.isnan(marginal).all()
        return
    assert (marginal >= 0).all()
    assert (marginal[np.isnan(values)] == 0).all()
    total = (marginal * np.nan_to_num(values)).sum()
    assert total == pytest.approx(of(method, values, weights), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    "method", ["arithmetic", "geometric", "harmonic", PowerMean(power=3), PowerMean(power=-2)]
)
def test_marginal_weights_are_the_slopes(method):
    values, weights, step = np.array([2.0, 5, 9]), np.array([1.0, 2, 3]), 1e-6
    for at, found in enumerate(marginal_weights(method, values, weights)):
        up, down = values.copy(), values.copy()
        up[at] += step
        down[at] -= step
        slope = (of(method, up, weights) - of(method, down, weights)) / (2 * step)
        assert found == pytest.approx(slope, rel=1e-6)


def test_of_one_part_it_is_that_part():
    for method in (*NAMED, PowerMean(power=-7), OrderedAverage(owa=(1, 2))):
        assert of(method, [4.2]) == pytest.approx(4.2, abs=1e-14)
        assert of(method, [NAN, 4.2, NAN]) == pytest.approx(4.2, abs=1e-14)


@pytest.mark.parametrize("method", [*NAMED, PowerMean(power=2), OrderedAverage(owa=(1, 2))])
def test_without_a_part_there_is_none(method):
    assert np.isnan(of(method, [NAN, NAN]))
    assert np.isnan(of(method, [3.0, NAN], [0, 1]))


@pytest.mark.parametrize("method", ["geometric", "harmonic", PowerMean(power=-0.3)])
@pytest.mark.filterwarnings("error")
def test_a_part_at_zero_brings_these_to_zero(method):
    assert of(method, [0, 5, 9]) == 0
    assert of(method, [0, 0, 0]) == 0
    assert of(method, [0, NAN]) == 0
    assert of(method, [0, 5], [0, 1]) == pytest.approx(5)
    assert marginal_weights(method, np.array([0, 5.0]), np.ones(2)).tolist() == [0.5, 0]


@pytest.mark.parametrize("method", [PowerMean(power=0.5), PowerMean(power=3), "arithmetic"])
def test_zeros_are_no_hindrance_to_the_others(method):
    assert of(method, [0, 0]) == 0
    assert 0 < of(method, [0, 8]) < 8


@pytest.mark.parametrize("values", [[10, 0.001], [10, 1e-9], [3, 7], [1e-6, 2e-6]])
def test_extreme_powers_approach_the_least_and_the_greatest(values):
    low, high = min(values), max(values)
    assert low <= of(PowerMean(power=-100), values) <= low * 2 ** (1 / 100) * (1 + 1e-12)
    assert high * 2 ** (-1 / 100) * (1 - 1e-12) <= of(PowerMean(power=100), values) <= high


@pytest.mark.parametrize("power", [0.0, 1e-300, -1e-300, 1e-17, 1e-9, -1e-9])
def test_powers_near_zero_are_geometric(power):
    assert of(PowerMean(power=power), [1, 10]) == pytest.approx(10**0.5, rel=1e-8)


def test_means_rise_with_the_power():
    powers = (-100, -10, -1, -0.1, 0, 0.1, 1, 2, 10, 100)
    found = [of(PowerMean(power=p), [1, 4, 9], [1, 2, 1]) for p in powers]
    assert all(a < b for a, b in pairwise(found))


@given(st.lists(scores, min_size=1, max_size=8))
def test_median_of_equal_weights(values):
    assert of("median", values) == pytest.approx(np.median(values), abs=1e-12)


def test_weighted_median():
    assert of("median", [1, 2, 10], [1, 1, 3]) == 10
    assert of("median", [1, 2, 10], [1, 1, 2]) == 6
    assert of("median", [10, 1, 2], [2, 1, 1]) == 6


def test_owa_is_maximum_minimum_or_mean():
    values = [3.0, 9, 6]
    assert of(OrderedAverage(owa=(1, 0, 0)), values) == 9
    assert of(OrderedAverage(owa=(0, 0, 1)), values) == 3
    assert of(OrderedAverage(owa=(2, 2, 2)), values) == pytest.approx(6)
    assert of(OrderedAverage(owa=(1, 1)), values, [1, 2, 3]) == pytest.approx(6.5)


def test_whole_arrays_are_averaged_along_the_first_axis():
    random = np.random.default_rng(0)
    values = random.uniform(0, 10, (4, 3, 5))
    values[random.random(values.shape) < 0.2] = NAN
    weights = random.uniform(0.1, 1, (4, 3, 5))
    for method in (*NAMED, PowerMean(power=-4), OrderedAverage(owa=(4, 3, 2, 1))):
        found = average(method, values, weights)
        assert found.shape == (3, 5)
        for i in range(3):
            for j in range(5):
                one = of(method, values[:, i, j], weights[:, i, j])
                assert found[i, j] == pytest.approx(one, abs=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    "stated",
    [
        {"power": 101}, {"power": -101}, {"power": float("nan")}, {"power": float("inf")},
        {"owa": [1]}, {"owa": [0, 0]}, {"owa": [1, -1]}, {"owa": [1, float("inf")]}, "mean",
        {"power": 1, "owa": [1, 2]}, {},
    ],
)  # fmt: skip
def test_an_average_that_makes_no_sense_is_refused(stated):
    with pytest.raises(ValidationError):
        TypeAdapter(Average).validate_python(stated)


def test_a_median_is_the_same_in_single_precision():
    """Draws are in single precision: the two middle ones of six must both be found."""
    values = np.array([1, 2, 3, 5, 8, 9], np.float32)
    assert average("median", values, np.ones(6, np.float32)) == 4
    assert average("median", values[:, None].repeat(3, 1), np.full((6, 1), 1 / 6, np.float32)) == (
        pytest.approx([4, 4, 4])
    )
