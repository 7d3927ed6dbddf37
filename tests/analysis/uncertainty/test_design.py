"""Strata, things and PSUs, from ids and names whatever the order of the file."""

import numpy as np
import pandas as pd
import pytest
from called_records import called_scores, called_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.uncertainty.design import Sample, primary_units, sample_of


def sample(table: str, tables: dict[str, pd.DataFrame]) -> Sample:
    scores = called_scores(tables)
    return sample_of(next(each for each in scores.points if each.table == table))


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_file_plays_no_role(seed):
    plain = called_tables(units=3)
    shuffled = {name: table.sample(frac=1, random_state=seed) for name, table in plain.items()}
    for name in plain:
        first, second = sample(name, plain), sample(name, shuffled)
        for key, value in vars(first).items():
            other = vars(second)[key]
            same = np.array_equal(value, other, equal_nan=key == "points") if isinstance(value, np.ndarray) else value == other  # fmt: skip
            assert same, key


def test_strata_are_the_audiences_and_scenarios_of_a_unit():
    found = sample("calls", called_tables(units=3, calls=5))
    assert np.bincount(found.stratum).tolist() == [5] * 12
    assert found.kind.tolist() == [0, 1, 2, 3] * 3
    assert found.shoppers == tuple(sorted(found.shoppers or ()))


def test_cases_are_divided_by_kind_and_are_one_thing_whoever_reviews_them():
    tables = called_tables(units=2)
    cases = tables["cases"].copy()
    cases.loc[cases["case_id"] < "k0003", "kind"] = "method"
    found = sample("cases", tables | {"cases": cases})
    assert np.bincount(found.stratum).tolist() == [6, 6, 12]
    assert np.bincount(found.thing).tolist() == [2] * 12
    assert np.array_equal(primary_units(found, by_shopper=True), found.thing)


def test_calls_of_a_shopper_in_a_stratum_are_one_unit_unless_the_stratum_has_no_other():
    tables = called_tables(units=1, calls=4, shoppers=1)
    calls = tables["calls"].copy()
    calls["shopper"] = ["a", "b", "a", pd.NA] + ["a"] * 4 + ["a", "b", "b", "b"] + [pd.NA] * 4
    found = sample("calls", tables | {"calls": calls})
    units = primary_units(found, by_shopper=True)
    of_stratum = pd.Series(units).groupby(found.stratum).nunique()
    assert sorted(of_stratum) == [2, 3, 4, 4]
    assert sorted(np.bincount(units)) == [1] * 11 + [2, 3]
    assert (np.bincount(primary_units(found, by_shopper=False)) == 1).all()


def test_two_codings_of_a_recording_stay_together():
    tables = called_tables(units=2, calls=4)
    calls = tables["calls"].copy()
    calls["recording"] = pd.NA
    calls.loc[calls.index[:2], "recording"] = "tape"
    calls.loc[calls.index[:2], "shopper"] = ["s0", "s1"]
    found = sample("calls", tables | {"calls": calls})
    for by_shopper in (True, False):
        units = primary_units(found, by_shopper=by_shopper)
        both = found.thing == np.flatnonzero(np.bincount(found.thing) == 2)[0]
        assert both.sum() == 2
        assert len(np.unique(units[both])) == 1


@pytest.mark.parametrize("by_shopper", [True, False])
def test_primary_units_rise_with_the_stratum(by_shopper):
    found = sample("calls", called_tables(units=3))
    units = primary_units(found, by_shopper=by_shopper)
    first = np.unique(units, return_index=True)[1]
    assert (np.diff(found.stratum[first]) >= 0).all()
