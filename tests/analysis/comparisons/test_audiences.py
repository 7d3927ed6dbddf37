"""Gaps between audiences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparisons.audiences import (
    AUDIENCE_GAP_COLUMNS,
    UNIT_GAP_COLUMNS,
    audience_gaps,
    unit_audience_gaps,
)

N = 25


@pytest.fixture
def apart(made_for_audiences):
    second = np.linspace(3, 7, N)
    return made_for_audiences(second + np.where(np.arange(N) < 5, -0.2, 1.0), second)


def test_the_national_gap_has_the_error_of_both_audiences_records(apart):
    table, findings = audience_gaps(apart)
    assert tuple(table.columns) == AUDIENCE_GAP_COLUMNS
    row = table.iloc[0]
    assert (row["indicator"], row["first"], row["second"], row["n"]) == (
        "total",
        "citizen",
        "enterprise",
        N,
    )
    assert row["gap"] == pytest.approx((20 * 1.0 - 5 * 0.2) / N)
    assert row["se"] == pytest.approx(0.3 * np.sqrt(2 / N))
    assert row["high"] - row["gap"] == pytest.approx(1.959964 * row["se"])
    assert row["share_positive"] == 20 / N
    assert row["verdict"] == "clear"
    assert findings == ()


def test_the_effect_is_the_gap_over_the_deviation_between_units(made_for_audiences):
    second = np.linspace(3, 7, N)
    table, _ = audience_gaps(made_for_audiences(second + 0.5, second))
    assert table.loc[0, "effect"] == pytest.approx(0.5 / second.std(ddof=1))
    assert table.loc[0, "verdict"] == "slight"


def test_units_with_one_audience_are_left_out_and_counted(made_for_audiences):
    first, second = np.linspace(4, 6, N), np.linspace(5, 6, N)
    first[:3], second[4] = np.nan, np.nan
    table, findings = audience_gaps(made_for_audiences(first, second))
    assert table.loc[0, "n"] == N - 4
    assert [(f.check, f.column, f.count) for f in findings] == [("one-audience-only", "total", 4)]


def test_a_unit_stands_out_only_where_its_gap_is_beyond_its_own_error(apart):
    table = unit_audience_gaps(apart)
    assert tuple(table.columns) == UNIT_GAP_COLUMNS
    assert len(table) == N
    assert table["se"].to_numpy() == pytest.approx(0.3 * np.sqrt(2))
    assert set(table.loc[table["gap"] < 0, "verdict"]) == {"none"}
    sure = unit_audience_gaps(apart.with_se(np.full_like(apart.score, 0.1)))
    assert set(sure.loc[sure["gap"] > 0, "verdict"]) == {"clear"}
    assert (table["p_adjusted"] >= table["p"] - 1e-12).all()


def test_scores_without_error_are_certain_and_equal_ones_do_not_differ(made_for_audiences):
    first = np.linspace(3, 7, N)
    exact = unit_audience_gaps(made_for_audiences(first + np.eye(N)[0], first, se=0.0))
    assert exact["p"].tolist() == [0.0] + [1.0] * (N - 1)


def test_one_unit_can_be_compared_though_its_effect_is_unknown(made_for_audiences):
    table, _ = audience_gaps(made_for_audiences(np.array([8.0]), np.array([5.0])))
    assert np.isnan(table.loc[0, "effect"])
    assert table.loc[0, "verdict"] == "slight"


def test_without_a_second_audience_there_is_nothing_to_compare(made_for_audiences):
    scores = made_for_audiences(np.linspace(3, 7, N), np.full(N, np.nan))
    table, findings = audience_gaps(scores)
    assert table.empty
    assert tuple(unit_audience_gaps(scores).columns) == UNIT_GAP_COLUMNS
    assert findings == ()


def test_depth_limits_the_units_table(scored):
    scores = scored(6)
    scores = scores.with_se(np.full_like(scores.score, 0.3))
    assert set(unit_audience_gaps(scores, depth=0)["indicator"]) == {"total"}
    assert set(unit_audience_gaps(scores, depth=1)["level"]) == {0, 1}
    assert set(audience_gaps(scores)[0]["level"]) == {0, 1, 2, 3}


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=8))
def test_audiences_changed_round_change_the_sign(made_for_audiences, pairs):
    first, second = np.array(pairs).T
    one, _ = audience_gaps(made_for_audiences(first, second))
    other, _ = audience_gaps(made_for_audiences(second, first))
    assert one.loc[0, "gap"] == pytest.approx(-other.loc[0, "gap"])
    assert one.loc[0, "p"] == pytest.approx(other.loc[0, "p"])
    assert one.loc[0, "verdict"] == other.loc[0, "verdict"]
