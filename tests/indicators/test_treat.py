import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from indicators.figures.settings import OutlierTreatment, Treatment
from indicators.figures.treat import shape_of, treat

NAN = np.nan
SKEWED = np.array([*range(1, 20), 400.0, NAN])
LEFT = -SKEWED
HOW = ["auto", "log", "boxcox", OutlierTreatment(then="boxcox"), OutlierTreatment(winsorise=0)]


def test_shape_is_that_of_scipy_and_of_nothing_where_there_is_none():
    values = np.random.default_rng(0).lognormal(size=50)
    expected = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
    assert shape_of(values) == pytest.approx(expected, rel=1e-12)
    assert np.isnan(shape_of(np.array([1, 2, NAN, 9.0]))).all()
    assert np.isnan(shape_of(np.full(9, 3.0))).all()


@pytest.mark.parametrize("how", ["none", *HOW], ids=str)
@pytest.mark.parametrize(
    "values", [[], [NAN, NAN], [3.0], [5.0] * 8, [1.0, 2, NAN, 7]], ids=["none", "missing", "one", "same", "three"]
)  # fmt: skip
def test_too_few_or_equal_figures_stay_as_they_are(how, values):
    treated = treat(np.array(values, float), how)
    assert treated.values == pytest.approx(np.array(values, float), nan_ok=True)
    assert (treated.winsorised, treated.transform, treated.passed) == (0, "", True)


def test_a_figure_that_passes_is_left_alone():
    values = np.random.default_rng(0).normal(size=60)
    assert treat(values, "auto").values is values


@pytest.mark.parametrize("how", HOW, ids=str)
@given(values=arrays(float, st.integers(5, 25), elements=st.integers(-50, 1000).map(float)))
def test_treatment_keeps_the_order_and_what_is_missing(how, values):
    values = np.append(values, NAN)
    treated = treat(values, how).values
    assert np.isnan(treated[-1])
    assert not np.isnan(treated[:-1]).any()
    order = np.argsort(values[:-1], kind="stable")
    assert (np.diff(treated[:-1][order]) >= -1e-9 * max(1, np.abs(treated[:-1]).max())).all()


@pytest.mark.parametrize("how", HOW, ids=str)
def test_a_left_skewed_figure_is_treated_as_its_mirror_image(how):
    right, left = treat(SKEWED, how), treat(LEFT, how)
    assert left.values == pytest.approx(-right.values, nan_ok=True, abs=1e-9)
    assert (left.winsorised, left.transform) == (right.winsorised, right.transform)
    assert left.after[0] == pytest.approx(-right.after[0], abs=1e-9)


def test_winsorising_draws_in_one_value_and_tells_so():
    treated = treat(SKEWED, "auto")
    assert treated.values[-2] == 19
    assert (treated.winsorised, treated.transform, treated.passed) == (1, "", True)
    assert treated.before[0] > 2 > treated.after[0]
    assert SKEWED[-2] == 400


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 5])
def test_never_more_values_are_drawn_in_than_stated(limit):
    values = np.array([*np.linspace(1, 2, 40), 50, 60, 70, 80, 90])
    treated = treat(
        values, OutlierTreatment(winsorise=limit, skewness=0.1, kurtosis=0.01, then="none")
    )
    assert treated.winsorised == (treated.values != values).sum() == limit


def test_what_winsorising_cannot_mend_is_transformed_or_told():
    values = np.array([*np.linspace(1, 2, 40), 100, 200, 400, 800, 3000])
    logged = treat(values, OutlierTreatment(winsorise=1, then="log"))
    extent = np.ptp(values)
    assert logged.transform == "log"
    assert logged.values == pytest.approx(np.log(values - 1 + 0.01 * extent))
    left = treat(values, OutlierTreatment(winsorise=1, then="none"))
    assert not left.passed


def test_box_cox_makes_a_skewed_figure_more_symmetric():
    values = np.random.default_rng(2).lognormal(0, 1.5, 300)
    treated = treat(values, "boxcox")
    assert treated.transform == "boxcox"
    assert abs(treated.after[0]) < 0.5 < abs(treated.before[0])


@pytest.mark.parametrize(
    "stated",
    ["winsorise", {"winsorise": -1}, {"then": "sqrt"}, {"skewness": 0}, {"kurtosis": -1}, {"limit": 3}],
    ids=str,
)  # fmt: skip
def test_a_treatment_that_makes_no_sense_is_refused(stated):
    with pytest.raises(ValidationError):
        TypeAdapter(Treatment).validate_python(stated)
