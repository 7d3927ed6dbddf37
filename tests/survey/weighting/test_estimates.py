"""Design-based estimates: what is refused, what is told, and what theory says of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_files import one

from survey.findings import InputError
from survey.weighting.estimates import estimate
from survey.weighting.settings import Design

FRAME = pd.DataFrame(
    {
        "y": [1.0, 2, 4, 7, 3, 5],
        "x": [2.0, 2, 2, 2, 2, 2],
        "w": [1.5, 1.5, 2, 2, 3, 3],
        "h": ["a", "a", "b", "b", "c", "c"],
        "psu": [1, 2, 3, 4, 5, 6],
        "size": [4, 4, 5, 5, 7, 7],
        "kind": ["k", "l", "k", "l", "k", "k"],
    }
)
DESIGN = Design(weight="w", strata=("h",), population=("size",))


def test_the_whole_population_has_no_standard_error():
    census = FRAME.assign(size=2, w=1.0)
    row = estimate(census, "mean", "y", DESIGN)[0].iloc[0]
    assert (row["estimate"], row["se"]) == pytest.approx((census["y"].mean(), 0), abs=1e-12)


def test_a_ratio_over_a_constant_is_a_mean():
    ratio = estimate(FRAME, "ratio", "y", DESIGN, over="x")[0].iloc[0]
    mean = estimate(FRAME, "mean", "y", DESIGN)[0].iloc[0]
    assert ratio["estimate"] * 2 == pytest.approx(mean["estimate"])
    assert ratio["se"] * 2 == pytest.approx(mean["se"])


@given(seed=st.integers(0, 10_000))
def test_a_simple_random_sample_has_the_textbook_standard_error(seed):
    random = np.random.default_rng(seed)
    y = random.normal(50, 10, 30)
    frame = pd.DataFrame({"y": y, "size": 90, "w": 3.0})
    row = estimate(frame, "mean", "y", Design(weight="w", population=("size",)))[0].iloc[0]
    # Cochran (1977), Sampling Techniques, equation 2.20
    assert row["se"] == pytest.approx(np.sqrt(y.var(ddof=1) / 30 * (1 - 30 / 90)))
    assert row["deff"] == pytest.approx(1)
    assert row["degrees"] == 29


def test_shares_of_a_domain_add_up_to_one():
    table, _ = estimate(FRAME, "share", "kind", DESIGN, by=["h"])
    assert table.groupby("h")["estimate"].sum().tolist() == pytest.approx([1, 1, 1])


def test_several_domains_are_columns():
    table, _ = estimate(FRAME, "total", "y", Design(weight="w"), by=["h", "kind"])
    assert table.columns[:3].tolist() == ["h", "kind", "variable"]
    total = estimate(FRAME, "total", "y", Design(weight="w"))[0]["estimate"].iloc[0]
    assert table["estimate"].sum() == pytest.approx(total)


def test_records_without_a_value_are_counted():
    table, findings = estimate(FRAME.assign(y=[1, np.nan, 4, 7, 3, 5]), "mean", "y", DESIGN)
    assert table["n"].iloc[0] == 5
    assert one(findings, "left-out").count == 1


@pytest.mark.parametrize(
    ("changed", "design", "check"),
    [
        ({"w": [-1.0, 1, 1, 1, 1, 1]}, DESIGN, "broken-design"),
        ({"w": [np.nan, 1, 1, 1, 1, 1]}, DESIGN, "broken-design"),
        ({"size": 1}, DESIGN, "broken-design"),
        ({"size": [4, 5, 5, 5, 7, 7]}, DESIGN, "broken-design"),
        ({"w": 0.0}, DESIGN, "few-records"),
        ({"y": np.nan}, DESIGN, "few-records"),
        ({"y": list("abcdef")}, DESIGN, "not-numbers"),
        ({}, Design(weight="wt"), "missing-column"),
        ({"h": list("aabbcd")}, Design(strata=("h",), lonely="refuse"), "lonely-psu"),
    ],
)
def test_a_design_that_cannot_be_is_refused(changed, design, check):
    with pytest.raises(InputError) as error:
        estimate(FRAME.assign(**changed), "mean", "y", design)
    one(error.value.findings, check)


def test_a_denominator_of_zero_gives_no_estimate_and_says_so():
    table, findings = estimate(FRAME.assign(x=0.0), "ratio", "y", DESIGN, over="x")
    assert table["estimate"].isna().all()
    assert one(findings, "no-estimate").count == 1


def test_more_population_sizes_than_stages_are_refused():
    with pytest.raises(ValueError, match="each stage"):
        Design(population=("a", "b"))
