import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from survey.shoppers.mixed import Fitted, RandomTerm, fit_crossed


def crossed(seed: int, n: int = 240, units: int = 15, shoppers: int = 6):
    random = np.random.default_rng(seed)
    unit, shopper = random.integers(0, units, n), random.integers(0, shoppers, n)
    fixed = np.column_stack([np.ones(n), random.integers(0, 2, n)]).astype(float)
    time = random.uniform(-1, 1, n)
    outcome = (
        fixed @ [5, 0.5] + random.normal(0, 1, units)[unit] + random.normal(0, 0.8, shoppers)[shopper]
        + random.normal(0, 0.5, shoppers)[shopper] * time + random.normal(0, 1, n)
    )  # fmt: skip
    terms = [RandomTerm("shopper", shopper, shoppers), RandomTerm("drift", shopper, shoppers, time)]
    return outcome, fixed, RandomTerm("unit", unit, units), terms


def dense(outcome, fixed, terms, variance):
    """Predictions and their errors by the inverse of the whole covariance matrix."""
    blocks = [
        (np.arange(term.groups) == term.group[:, None]) * (1 if term.size is None else term.size[:, None])
        for term in terms
    ]  # fmt: skip
    z = np.hstack(blocks).astype(float)
    g = np.repeat(variance[:-1], [term.groups for term in terms])
    inverse = np.linalg.inv((z * g) @ z.T + variance[-1] * np.eye(len(outcome)))
    gain = inverse @ fixed
    p = inverse - gain @ np.linalg.inv(fixed.T @ gain) @ gain.T
    sampled = g[:, None] * (z.T @ p @ z) * g
    logs = np.linalg.slogdet(inverse)[1] - np.linalg.slogdet(fixed.T @ gain)[1]
    free = len(outcome) - fixed.shape[1]
    deviance = outcome @ p @ outcome - logs + free * np.log(2 * np.pi)
    return g * (z.T @ p @ outcome), np.sqrt(g - np.diag(sampled)), deviance


@pytest.mark.parametrize("seed", range(4))
def test_predictions_errors_and_deviance_are_those_of_the_whole_matrix(seed):
    outcome, fixed, unit, terms = crossed(seed)
    fitted = fit_crossed(outcome, fixed, unit, terms)
    effect, se, deviance = dense(outcome, fixed, [unit, *terms], fitted.variance)
    assert np.concatenate(fitted.effect) == pytest.approx(effect[unit.groups :], abs=1e-8)
    assert np.concatenate(fitted.prediction_se) == pytest.approx(se[unit.groups :], abs=1e-8)
    assert fitted.deviance == pytest.approx(deviance, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_components_have_a_lower_deviance(seed):
    outcome, fixed, unit, terms = crossed(seed)
    fitted = fit_crossed(outcome, fixed, unit, terms)
    for at in range(len(fitted.variance)):
        for factor in (0.9, 1.1):
            moved = fitted.variance.copy()
            moved[at] *= factor
            other = dense(outcome, fixed, [unit, *terms], moved)[2]
            assert other >= fitted.deviance - 1e-7


def test_components_of_statsmodels():
    outcome, fixed, unit, terms = crossed(1)
    data = pd.DataFrame({"y": outcome, "x": fixed[:, 1], "unit": unit.group})
    data["shopper"] = terms[0].group
    parts = {"unit": "0 + C(unit)", "shopper": "0 + C(shopper)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MixedLM.from_formula(
            "y ~ x", data, groups=np.ones(len(data)), re_formula="0", vc_formula=parts
        )
        theirs = model.fit(reml=True, method=["powell", "bfgs"])
    ours = fit_crossed(outcome, fixed, unit, terms[:1])
    order = [model.exog_vc.names.index(name) for name in ("unit", "shopper")]
    assert ours.variance[:-1] == pytest.approx(theirs.vcomp[order], rel=2e-3)
    assert ours.variance[-1] == pytest.approx(theirs.scale, rel=2e-3)
    assert ours.fixed == pytest.approx(theirs.fe_params.to_numpy(), rel=1e-3)
    assert ours.deviance == pytest.approx(-2 * theirs.llf, abs=1e-3)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 500), st.floats(0.2, 5), st.floats(-20, 20))
def test_units_of_points_do_not_matter(seed, scale, origin):
    outcome, fixed, unit, terms = crossed(seed, n=150)
    one = fit_crossed(outcome, fixed, unit, terms[:1])
    other = fit_crossed(outcome * scale + origin, fixed, unit, terms[:1])
    assert other.variance == pytest.approx(one.variance * scale**2, rel=2e-3, abs=1e-6)
    assert other.effect[0] == pytest.approx(one.effect[0] * scale, rel=2e-2, abs=2e-3)


def nothing_between_shoppers() -> Fitted:
    random = np.random.default_rng(0)
    unit, shopper = np.repeat(np.arange(20), 30), np.tile(np.arange(10), 60)
    outcome = random.normal(0, 1, 20)[unit] + random.normal(0, 1, 600)
    outcome -= (np.bincount(shopper, outcome) / 60)[shopper]
    term = RandomTerm("shopper", shopper, 10)
    return fit_crossed(outcome, np.ones((600, 1)), RandomTerm("unit", unit, 20), [term])


def test_a_component_of_nothing_is_zero():
    fitted = nothing_between_shoppers()
    assert fitted.variance[1] == 0
    assert (fitted.effect[0] == 0).all()
    assert (fitted.noise[0] == 0).all()


def test_an_outcome_that_does_not_vary_is_refused():
    unit = RandomTerm("unit", np.arange(10) % 3, 3)
    with pytest.raises(ValueError, match="varies"):
        fit_crossed(np.ones(10), np.ones((10, 1)), unit, [])
