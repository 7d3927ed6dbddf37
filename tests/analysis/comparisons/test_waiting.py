"""Waiting times: tables, what is left out, and the edges."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparisons.group_tests import holm
from analysis.comparisons.waiting import (
    CURVE_COLUMNS,
    HAZARD_COLUMNS,
    TEST_COLUMNS,
    waiting,
)


@pytest.fixture(scope="module")
def found(calls):
    return waiting(calls, {"slot": ["s1", "s2", "s3"]})


def checks(findings) -> dict[tuple[str, str], int]:
    return {(finding.check, finding.column): finding.count for finding in findings}


def test_every_call_is_counted_once(found, calls):
    summary = found[0].summary
    everything = summary.iloc[0]
    assert everything["factor"] == "all"
    assert everything[["n", "busy"]].sum() == len(calls)
    assert everything["answered"] == (calls["outcome"] == "answered").sum()
    counts = ["answered", "unanswered", "busy"]
    for _, part in summary.iloc[1:].groupby("factor"):
        assert part[counts].sum().tolist() == everything[counts].tolist()
    busy = int((calls["outcome"] == "busy").sum())
    assert checks(found[1]) == {
        ("one-value-factor", "channel"): 1, ("busy-never-waited", "wait_seconds"): busy
    }  # fmt: skip


def test_shares_lie_in_their_intervals_and_above_what_was_observed(found):
    summary = found[0].summary
    for seconds in (15, 30, 60):
        share = summary[f"within_{seconds}"]
        assert (summary[f"within_{seconds}_low"] < share).all()
        assert (share < summary[f"within_{seconds}_high"]).all()
        assert (summary[f"observed_{seconds}"] < share).all()
    assert (
        (summary["median_low"] <= summary["median"]) & (summary["median"] <= summary["median_high"])
    ).all()


def test_curves_start_at_one_and_can_be_drawn(found):
    curves = found[0].curves
    assert tuple(curves.columns) == CURVE_COLUMNS
    for _, curve in curves.groupby(["factor", "value"]):
        assert curve["time"].iloc[0] == 0 and curve["survival"].iloc[0] == 1
        assert curve["time"].is_monotonic_increasing
        assert curve["survival"].is_monotonic_decreasing


def test_slower_slots_and_audiences_are_found(found):
    tests = found[0].tests.set_index("factor")
    assert tuple(found[0].tests.columns) == TEST_COLUMNS
    assert tests["df"].to_dict() == {"slot": 2, "audience": 1, "scenario": 1}
    assert tests.loc["slot", "p_adjusted"] < 0.001 > tests.loc["audience", "p_adjusted"]
    assert tests.loc["scenario", "p_adjusted"] > 0.05 < tests.loc["scenario", "log_rank_p"]
    assert tests["p_adjusted"].to_numpy() == pytest.approx(holm(tests["p"].to_numpy()))
    ratios = found[0].hazards.set_index(["factor", "value"])
    assert tuple(found[0].hazards.columns) == HAZARD_COLUMNS
    assert ratios.loc[("slot", "s2"), "high"] < 1
    assert ratios.loc[("slot", "s3"), "low"] < 1 < ratios.loc[("slot", "s3"), "high"]
    assert ratios.loc[("audience", "enterprise"), "reference"] == "citizen"


def test_words_state_the_assumption_in_both_languages(found, calls):
    answered = int((calls["outcome"] == "answered").sum())
    assert (
        f"其中{answered}次接通" in found[0].zh and "假定" in found[0].zh and "偏乐观" in found[0].zh
    )
    assert f"{answered} of them to an answer" in found[0].en and "it flatters" in found[0].en


def test_the_order_of_records_does_not_matter(found, calls):
    mixed, _ = waiting(calls.sample(frac=1, random_state=3), {"slot": ["s1", "s2", "s3"]})
    for name in ("curves", "summary", "tests", "hazards"):
        pd.testing.assert_frame_equal(getattr(mixed, name), getattr(found[0], name))


def test_an_answered_call_without_a_wait_is_left_out_and_counted(calls):
    blank = calls.assign(wait_seconds=calls["wait_seconds"].where(calls.index % 50 > 0))
    result, findings = waiting(blank)
    lost = int((blank["wait_seconds"].isna() & (blank["outcome"] != "busy")).sum())
    assert checks(findings)[("wait-blank", "wait_seconds")] == lost
    assert result.summary.loc[0, ["n", "busy"]].sum() == len(calls) - lost


def test_a_slot_never_answered_is_described_but_not_modelled(calls):
    never = calls.assign(outcome=calls["outcome"].where(calls["slot"] != "s1", "no_answer"))
    result, findings = waiting(never)
    row = result.summary.set_index("value").loc["s1"]
    assert row["answered"] == 0 and np.isnan(row["median"])
    assert "s1" not in set(result.hazards["value"]) | set(result.hazards["reference"])
    assert checks(findings)[("one-sided-value", "slot")] == 1


@pytest.mark.parametrize("units", [1, 4])
def test_few_units_are_described_without_hazards(calls, units):
    result, findings = waiting(calls[calls["unit"] < f"u{units:02}"])
    assert result.hazards.empty
    assert result.tests["p"].isna().all()
    assert result.summary.loc[0, "n"] > 0
    if units > 1:
        assert "no-waiting-model" in {finding.check for finding in findings}
        assert result.tests["log_rank_p"].notna().all()


def test_a_city_whose_line_is_always_busy_has_no_waits(calls):
    result, findings = waiting(calls.assign(outcome="busy"))
    assert result.curves.empty and result.summary.empty and result.hazards.empty
    assert {"busy-never-waited", "no-waiting-model"} <= {finding.check for finding in findings}
