import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.agreement import (
    alpha_interval,
    check_agreement,
    double_codings,
    krippendorff_alpha,
)
from analysis.audit.evidence import Evidence
from indicators.scores import score
from indicators.system import System
from survey.records import Records

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


def calls(recording: list[object], marks: np.ndarray):
    words = {"zh": "甲", "en": "a"}
    system = System.model_validate(
        {"id": "made", "title": words, "source": words, "children": [
            {"id": "leaf", **words, "items": [
                {"id": "mark", **words, "table": "calls", "rule": {"likert": [1, 5]}}
            ]}
        ]}
    )  # fmt: skip
    n = len(marks)
    frame = pd.DataFrame(
        {"call_id": [f"c{at}" for at in range(n)], "unit": np.resize(["u0", "u1"], n),
         "recording": pd.Series(recording, dtype="str").to_numpy(), "outcome": "answered",
         "mark": marks},
        index=pd.RangeIndex(2, n + 2, name="row"),
    )  # fmt: skip
    return score(Records({"calls": frame}), system, ["u0", "u1"])[0]


def test_double_coded_calls_are_found_by_their_recording():
    shared = [f"r{at // 2}" for at in range(40)] + [None] * 5 + ["alone"]
    marks = np.repeat(np.arange(1.0, 24), 2)[:46] % 5 + 1
    scores = calls(shared, marks)
    coded = double_codings(scores.points[0], "recording")
    assert coded.shape == (20, 2, 1)
    (row,) = check_agreement(Evidence(scores))
    assert (row.where, row.value, row.verdict) == ("mark", 1, "pass")
    assert "重复编码20条" in row.found[0]


def test_coders_who_disagree_fail():
    marks = np.random.default_rng(0).integers(1, 6, 60).astype(float)
    (row,) = check_agreement(Evidence(calls([f"r{at // 2}" for at in range(60)], marks)))
    assert row.verdict == "fail"


def test_codings_that_never_differ_have_no_alpha():
    (row,) = check_agreement(Evidence(calls([f"r{at // 2}" for at in range(40)], np.full(40, 5.0))))
    assert row.verdict == "warn"
    assert "α无法计算" in row.found[0]


@pytest.mark.parametrize("recording", [[None] * 20, [f"r{at}" for at in range(20)]])
def test_no_double_coding_is_a_warning(recording):
    (row,) = check_agreement(Evidence(calls(recording, np.resize([1.0, 2, 3], 20))))
    assert (row.where, row.verdict) == ("calls", "warn")
    assert "没有重复编码" in row.found[0]


def test_too_few_double_codings_are_a_warning_too():
    shared = [f"r{at // 2}" for at in range(6)] + [None] * 20
    (row,) = check_agreement(Evidence(calls(shared, np.resize([1.0, 2, 3], 26))))
    assert (row.where, row.verdict) == ("mark", "warn")
    assert "3条" in row.found[0]


def test_figures_are_not_coded_by_people(index_of):
    scores = index_of(np.random.default_rng(0).uniform(0, 10, (20, 2)), ["a", "b"])
    assert not list(check_agreement(Evidence(scores)))
