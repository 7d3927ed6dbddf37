"""Indices have their known values, and a design that is too small is refused."""

import re

import numpy as np
import pytest
from scipy.stats import sobol_indices

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.sensitivity import (
    indices_table,
    rank_sensitivity,
    refuse_small_design,
    sobol_points,
)
from analysis.uncertainty.sobol import variance_indices
from survey.findings import InputError


def ishigami(x: np.ndarray) -> np.ndarray:
    a, b, c = np.pi * (2 * x.T - 1)
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def design(output, inputs: int, n: int = 4096):
    a, b = np.split(sobol_points(n, 2 * inputs, seed=1), 2, axis=1)
    mixed = []
    for column in range(inputs):
        point = a.copy()
        point[:, column] = b[:, column]
        mixed.append(output(point))
    return output(a)[:, None], output(b)[:, None], np.stack(mixed)[..., None]


def test_the_ishigami_function():
    """Analytic values: Ishigami and Homma (1990); a = 7, b = 0.1."""
    v1, v2 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8
    v13 = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    (table,) = indices_table(variance_indices(*design(ishigami, 3)), ["a", "b", "c"], 0.95)
    first, total = [v1, v2, 0], [v1 + v13, v2, v13]
    assert table["first"].to_numpy() == pytest.approx(np.array(first) / whole, abs=0.015)
    assert table["total"].to_numpy() == pytest.approx(np.array(total) / whole, abs=0.01)
    for order, true in (("first", first), ("total", total)):
        assert (table[f"{order}_low"] < np.array(true) / whole + 1e-3).all()
        assert (table[f"{order}_high"] > np.array(true) / whole - 1e-3).all()


def test_the_same_as_scipy():
    """scipy.stats.sobol_indices of the same design; it takes no groups, units or gaps."""
    a, b, mixed = design(ishigami, 3, n=256)
    found = variance_indices(a, b, mixed)
    theirs = sobol_indices(func={"f_A": a.T, "f_B": b.T, "f_AB": np.moveaxis(mixed, 1, 2)}, n=256)
    assert found.interval("first", 0.95)[0] == pytest.approx(
        np.atleast_2d(theirs.first_order).T, abs=1e-12
    )
    assert found.interval("total", 0.95)[0] == pytest.approx(
        np.atleast_2d(theirs.total_order).T, abs=1e-12
    )


def test_parts_that_add_up_have_the_same_first_and_total_order():
    def output(x: np.ndarray) -> np.ndarray:
        return 2 * x[:, 0] + x[:, 1] + 0.5 * x[:, 2]

    (table,) = indices_table(variance_indices(*design(output, 3)), ["a", "b", "c"], 0.95)
    true = np.array([4, 1, 0.25]) / 5.25
    assert table["first"].to_numpy() == pytest.approx(true, abs=0.005)
    assert table["total"].to_numpy() == pytest.approx(true, abs=0.005)


def test_points_without_an_output_are_left_out_and_nothing_that_varies_gives_nothing():
    a, b, mixed = design(ishigami, 3, n=512)
    whole = variance_indices(a[:500], b[:500], mixed[:, :500]).interval("first", 0.95)[0]
    a[500:] = np.nan
    assert variance_indices(a, b, mixed).interval("first", 0.95)[0] == pytest.approx(whole)
    still = variance_indices(*(np.full_like(each, 3.3) for each in (a, b, mixed)))
    assert (still.variance == 0).all()
    assert all(np.isnan(each).all() for each in still.interval("total", 0.95))


def test_a_design_that_is_too_small_names_the_base_that_would_do():
    small = variance_indices(*design(ishigami, 3, n=64))
    with pytest.raises(InputError) as error:
        refuse_small_design(small, 64, level=0.95)
    (finding,) = error.value.findings
    assert finding.check == "design-too-small"
    base = int(re.search(r"base: (\d+)", finding.hint).group(1))
    assert base > 64 and base & (base - 1) == 0
    refuse_small_design(variance_indices(*design(ishigami, 3, n=base)), base, level=0.95)


def test_first_orders_that_sum_to_more_than_1_are_refused():
    """Twice the same input is no design: each would explain all of it."""
    a, b, _ = design(ishigami, 3, n=4096)
    both = variance_indices(a, b, np.stack([b, b]))
    with pytest.raises(InputError, match=r"add up to more than 1\.9"):
        refuse_small_design(both, 4096, level=0.95)


PLAN = {
    "weights": {"level_1": {"uniform": 0.5}},
    "aggregate": ["geometric"],
    "alternatives": {"bonus": {"extra.bonus": 2.5}},
    "base": 128,
}


def test_factors_of_a_plan_by_themselves_and_in_kinds(small):
    scores = small(units=12)
    plan = MethodPlan.model_validate(PLAN)
    alone, _ = rank_sensitivity(scores, plan, widest=9)
    kinds, _ = rank_sensitivity(scores, plan, by="kind", widest=9)
    assert alone.shift["factor"].tolist() == [
        "service.weight",
        "outcome.weight",
        "total.aggregate",
        "bonus",
    ]
    assert kinds.shift["factor"].tolist() == ["weights", "total.aggregate", "bonus"]
    assert len(alone.units) == 12 * 4 and alone.units["unit"].nunique() == 12
    same = ["first", "total"]
    for factor in ("total.aggregate", "bonus"):
        one, other = (
            each.shift.set_index("factor").loc[factor, same].tolist() for each in (alone, kinds)
        )
        assert one == pytest.approx(other)
    assert (alone.shift["total_low"] <= alone.shift["total"]).all()
    again, _ = rank_sensitivity(scores, plan, widest=9)
    assert again.shift.equals(alone.shift) and again.units.equals(alone.units)


def test_what_a_unit_owes_to_one_factor_alone_is_all_its_own(flat):
    """Only the first two units change places, and only the weight of x0 against x1 decides it."""
    scores = flat(np.array([[9.0, 1], [0, 9.1], [0, 0.5]]))
    plan = MethodPlan.model_validate({"weights": {"x0": {"uniform": 0.5}}, "base": 1024})
    found, findings = rank_sensitivity(scores, plan)
    units = found.units.set_index("unit")
    assert units.loc[["u0", "u1"], "total"].tolist() == pytest.approx([1, 1], abs=0.05)
    assert units.loc[["u0", "u1"], "first"].tolist() == pytest.approx([1, 1], abs=0.1)
    assert np.isnan(units.loc["u2", "first"])
    assert found.shift["total"].tolist() == pytest.approx([1], abs=0.05)
    assert findings == ()


def test_a_plan_in_which_nothing_varies_is_refused(small):
    with pytest.raises(InputError, match="nothing-varies"):
        rank_sensitivity(small(), MethodPlan.model_validate({"weights": {}}))


def test_lost_draws_and_wide_indices_of_units_are_counted(small):
    stated = PLAN | {"missing": ["no_score"], "base": 64}
    _, findings = rank_sensitivity(small(missing=0), MethodPlan.model_validate(stated), widest=9)
    assert {each.check for each in findings} == {"method-without-total"}
    _, findings = rank_sensitivity(
        small(units=12), MethodPlan.model_validate(PLAN | {"base": 256}), widest=0.3
    )
    (wide,) = findings
    assert wide.check == "wide-indices" and 0 < wide.count <= 12
