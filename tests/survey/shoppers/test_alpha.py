import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.shoppers.alpha import Pairs, alpha_interval, krippendorff_alpha

MEASUREMENTS = ("nominal", "ordinal", "interval", "ratio")


def ratings(seed: int, units: int = 20, coders: int = 3, missing: float = 0.2) -> np.ndarray:
    random = np.random.default_rng(seed)
    truth = random.integers(1, 6, (units, 1))
    coded = np.clip(truth + random.integers(-1, 2, (units, coders)), 1, 5).astype(float)
    coded[random.random(coded.shape) < missing] = np.nan
    return coded


@settings(max_examples=40)
@given(st.integers(0, 1000), st.sampled_from(MEASUREMENTS))
def test_neither_the_order_of_units_nor_of_coders_matters(seed, measurement):
    coded = ratings(seed)
    random = np.random.default_rng(seed)
    shuffled = random.permuted(coded[random.permutation(len(coded))], axis=1)
    alpha = krippendorff_alpha(coded, measurement)
    assert alpha <= 1
    assert krippendorff_alpha(shuffled, measurement) == pytest.approx(alpha)


@settings(max_examples=40)
@given(st.integers(0, 1000))
def test_two_values_are_alike_on_every_scale(seed):
    coded = np.where(ratings(seed) > 3, 1.0, np.where(np.isnan(ratings(seed)), np.nan, 0.0))
    nominal = krippendorff_alpha(coded)
    for measurement in MEASUREMENTS[1:]:
        assert krippendorff_alpha(coded, measurement) == pytest.approx(nominal, nan_ok=True)


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(0.1, 5), st.floats(-10, 10))
def test_interval_alpha_does_not_depend_on_unit_and_origin(seed, scale, origin):
    coded = ratings(seed)
    assert krippendorff_alpha(coded * scale + origin, "interval") == pytest.approx(
        krippendorff_alpha(coded, "interval")
    )
    assert krippendorff_alpha(np.exp(coded), "ordinal") == pytest.approx(
        krippendorff_alpha(coded, "ordinal")
    )


@pytest.mark.parametrize("measurement", MEASUREMENTS)
def test_perfect_agreement_chance_and_nothing(measurement):
    truth = np.array([[1.0, 1], [2, 2], [3, 3]])
    assert krippendorff_alpha(truth, measurement) == 1
    random = np.random.default_rng(0).integers(0, 4, (3000, 2)).astype(float)
    assert krippendorff_alpha(random, measurement) == pytest.approx(0, abs=0.06)
    assert np.isnan(krippendorff_alpha(np.ones((5, 2)), measurement))
    assert np.isnan(krippendorff_alpha(np.array([[1.0, np.nan], [np.nan, 2]]), measurement))


def test_ratios_of_negative_values_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        krippendorff_alpha(np.array([[-1.0, 1], [1, 2]]), "ratio")


@pytest.mark.parametrize("measurement", MEASUREMENTS)
def test_the_interval_holds_alpha_and_repeats(measurement):
    coded = ratings(1, units=60)
    low, high = alpha_interval(coded, measurement, replicates=300, seed=3)
    assert low < krippendorff_alpha(coded, measurement) < high
    assert (low, high) == alpha_interval(coded, measurement, replicates=300, seed=3)
    assert np.isnan(alpha_interval(np.ones((5, 2)), measurement)).all()
    assert np.isnan(alpha_interval(np.full((5, 2), np.nan), measurement)).all()


def test_the_interval_covers():
    """Of 60 samples of 40 units, at least 85 % hold the alpha of a large one."""
    large = krippendorff_alpha(ratings(0, units=20_000), "interval")
    held = [
        low <= large <= high
        for low, high in (
            alpha_interval(ratings(seed, units=40), "interval", replicates=200, seed=seed)
            for seed in range(1, 61)
        )
    ]
    assert np.mean(held) >= 0.85


@pytest.mark.parametrize("measurement", MEASUREMENTS)
def test_disagreement_is_measured_in_shares_of_the_widest_distance(measurement):
    opposite = Pairs.of(np.array([[0.0, 10], [10, 0], [0, 10]]))
    observed, expected = opposite.disagreement(np.ones((1, 3)), measurement)
    assert observed == pytest.approx([1])
    assert expected == pytest.approx([0.6])
