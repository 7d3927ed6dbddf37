import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from survey.shoppers.balance import CELL, GROUP, TEST, balance, linked_groups


def dealt(n: int = 4000, shoppers: int = 10, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    draw = {"unit": "u", "shopper": "s", "audience": "a", "scenario": "c", "slot": "t"}
    tops = (50, shoppers, 2, 2, 4)
    return pd.DataFrame(
        {name: [f"{mark}{at:02}" for at in random.integers(0, top, n)]
         for (name, mark), top in zip(draw.items(), tops, strict=True)}
    )  # fmt: skip


def test_even_dealing_finds_nothing():
    found = balance(dealt())
    assert found.findings == ()
    assert found.tests["verdict"].eq("even").all()
    assert found.cells["verdict"].eq("even").all()
    assert (tuple(found.cells), tuple(found.tests), tuple(found.groups)) == (CELL, TEST, GROUP)


def test_a_shopper_with_one_scenario_only_is_found():
    calls = dealt()
    calls.loc[calls["shopper"] == "s03", "scenario"] = "c01"
    found = balance(calls)
    (finding,) = found.findings
    assert (finding.check, finding.column) == ("shoppers-unbalanced", "calls.scenario")
    assert "s03" in finding.got
    own = found.cells.query("factor == 'scenario' and shopper == 's03'").set_index("value")
    assert own["verdict"].to_dict() == {"c00": "fewer", "c01": "more"}
    assert own["residual"].abs().max() == found.cells["residual"].abs().max()
    assert found.cells.query("factor != 'scenario'")["verdict"].eq("even").all()


def test_the_test_is_that_of_scipy():
    calls = dealt(n=500, seed=3)
    row = balance(calls).tests.set_index("factor").loc["slot"]
    theirs = chi2_contingency(pd.crosstab(calls["shopper"], calls["slot"]))
    assert (row["chi2"], row["df"], row["p"]) == pytest.approx(
        (theirs.statistic, theirs.dof, theirs.pvalue)
    )


def test_residuals_of_two_by_two_are_the_root_of_chi_square():
    calls = dealt(shoppers=2)
    found = balance(calls, factors=("scenario",))
    assert found.cells["residual"].to_numpy() ** 2 == pytest.approx(
        np.full(4, found.tests.at[0, "chi2"])
    )


def test_few_calls_are_not_tested():
    assert balance(dealt(n=60)).tests["verdict"].eq("too_few").any()


def test_shoppers_without_a_common_unit_are_told():
    calls = dealt()
    apart = calls["shopper"].isin(["s01", "s02"])
    calls.loc[apart, "unit"] = "v" + calls.loc[apart, "unit"]
    calls.loc[calls["shopper"] == "s09", "unit"] = "w"
    found = balance(calls)
    groups = found.groups.set_index("shopper")["group"]
    assert groups["s01"] == groups["s02"] != groups["s00"]
    assert groups.nunique() == 3
    assert found.groups.set_index("shopper").at["s09", "shared_units"] == 0
    (finding,) = found.findings
    assert finding.check == "shoppers-not-linked"
    assert "1 of 10" in finding.got


@pytest.mark.parametrize("without", ["column", "names", "calls"])
def test_nothing_is_told_without_shoppers(without):
    calls = dealt(n=100)
    calls = {
        "column": calls.drop(columns="shopper"),
        "names": calls.assign(shopper=None),
        "calls": calls.head(0),
    }[without]
    found = balance(calls)
    assert found.cells.empty
    assert found.groups.empty
    assert found.findings == ()


def test_one_shopper_is_balanced_with_nobody():
    found = balance(dealt(n=100, shoppers=1))
    assert found.tests.empty
    assert len(found.groups) == 1


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=20))
def test_two_shoppers_of_one_unit_share_a_group(pairs):
    unit = np.unique([u for u, _ in pairs], return_inverse=True)[1]
    shopper = np.unique([s for _, s in pairs], return_inverse=True)[1]
    group = linked_groups(unit, shopper)
    for code in range(unit.max() + 1):
        assert len(set(group[shopper[unit == code]])) == 1
    assert set(group) == set(range(group.max() + 1))
