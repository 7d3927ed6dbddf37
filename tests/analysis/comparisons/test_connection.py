"""The chance of an answer: tables, what is left out, and the edges of the model."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.comparisons.connection import EFFECT_COLUMNS, RATE_COLUMNS, connection
from analysis.comparisons.group_tests import holm


def checks(findings) -> dict[tuple[str, str], int]:
    return {(finding.check, finding.column): finding.count for finding in findings}


def test_slots_and_audiences_that_differ_are_found(calls):
    found, findings = connection(calls, {"slot": ["s1", "s2", "s3"]})
    assert tuple(found.effects.columns) == EFFECT_COLUMNS
    effects = found.effects.set_index(["factor", "value"])
    assert effects.loc[("slot", "s2"), "high"] < 1
    assert effects.loc[("audience", "enterprise"), "high"] < 1
    assert effects.loc[("slot", "s3"), "p_adjusted"] > 0.05
    assert effects.loc[("scenario", "information"), "reference"] == "complaint"
    joint = found.effects.groupby("factor", sort=False)["factor_p"].first()
    adjusted = found.effects.groupby("factor", sort=False)["factor_p_adjusted"].first()
    assert adjusted.to_numpy() == pytest.approx(holm(joint.to_numpy()))
    assert (found.records, found.units) == (960, 40)
    assert found.correlation > 0
    assert checks(findings) == {("one-value-factor", "channel"): 1}
    assert "40个评估对象的960条记录" in found.zh
    assert "960 records of 40 units" in found.en


def test_rates_of_a_balanced_plan_are_as_observed_and_lie_in_their_intervals(calls):
    rates = connection(calls)[0].rates
    assert tuple(rates.columns) == RATE_COLUMNS
    assert rates["adjusted"].to_numpy() == pytest.approx(rates["rate"].to_numpy(), abs=0.005)
    assert ((rates["low"] < rates["adjusted"]) & (rates["adjusted"] < rates["high"])).all()
    assert rates.groupby("factor")["n"].sum().tolist() == [960] * 3


def test_rates_are_freed_from_what_a_slot_happened_to_be_called_with(calls):
    # Most calls of s1 by enterprises are struck out: its raw rate rises, its adjusted one does not.
    struck = (
        (calls["slot"] == "s1") & (calls["audience"] == "enterprise") & (np.arange(960) % 8 > 1)
    )
    whole, part = (
        connection(frame)[0].rates.set_index("value") for frame in (calls, calls[~struck])
    )
    assert part.loc["s1", "rate"] - whole.loc["s1", "rate"] > 0.025
    assert abs(part.loc["s1", "adjusted"] - whole.loc["s1", "adjusted"]) < 0.02


def test_the_order_of_records_does_not_matter(calls):
    mixed = calls.sample(frac=1, random_state=3)
    for name in ("effects", "rates"):
        pd.testing.assert_frame_equal(
            getattr(connection(mixed)[0], name), getattr(connection(calls)[0], name)
        )


def test_a_slot_always_answered_is_left_out_of_the_model_and_keeps_a_bound(calls):
    always = calls.assign(outcome=calls["outcome"].where(calls["slot"] != "s1", "answered"))
    found, findings = connection(always)
    assert "s1" not in set(found.effects["value"]) | set(found.effects["reference"])
    row = found.rates.set_index("value").loc["s1"]
    assert (row["adjusted"], row["high"]) == (1, 1)
    assert row["low"] == pytest.approx(0.025 ** (1 / 40))
    assert checks(findings)[("one-sided-value", "slot")] == 1


def test_a_channel_of_one_city_and_blank_channels_are_left_out(calls):
    channel = np.where(np.arange(960) % 3 == 0, "web", "phone").astype(object)
    channel[:3], channel[100:107] = "app", None
    found, findings = connection(calls.assign(channel=channel))
    assert set(found.effects.loc[found.effects["factor"] == "channel", "value"]) == {"web"}
    assert found.records == 960 - 3 - 7
    assert checks(findings) == {("blank-factor", "channel"): 7, ("value-in-one-unit", "channel"): 1}


def test_a_factor_that_follows_from_another_is_left_out(calls):
    found, findings = connection(
        calls.assign(channel=calls["audience"].map({"citizen": "phone", "enterprise": "web"}))
    )
    assert set(found.effects["factor"]) == {"slot", "channel", "scenario"}
    assert ("aliased-factor", "audience") in checks(findings)


@pytest.mark.parametrize("units", [1, 4])
def test_too_few_units_give_rates_without_a_model(calls, units):
    found, findings = connection(calls[calls["unit"] < f"u{units:02}"])
    assert found.effects.empty
    assert tuple(found.effects.columns) == EFFECT_COLUMNS
    assert found.rates["rate"].equals(found.rates["adjusted"])
    assert "no-connection-model" in {finding.check for finding in findings}
    assert (found.records, found.units) == (0, 0)


def test_nothing_ever_answered_is_told_by_bounds(calls):
    found, findings = connection(calls.assign(outcome="busy"))
    assert (found.rates["adjusted"] == 0).all()
    assert found.rates["high"].to_numpy() == pytest.approx(1 - 0.025 ** (1 / 40))
    assert "no-connection-model" in {finding.check for finding in findings}


def test_a_second_coding_of_a_call_does_not_count_twice(calls):
    recorded = calls.assign(recording=[f"r{i}" for i in range(len(calls))])
    again = recorded.head(30).assign(call_id=[f"z{i}" for i in range(30)], outcome="busy")
    found, findings = connection(pd.concat([again, recorded]))
    pd.testing.assert_frame_equal(found.effects, connection(calls)[0].effects)
    assert checks(findings)[("second-coding", "recording")] == 30


def test_tests_of_channels_are_modelled_by_their_own_answer():
    rng = np.random.default_rng(8)
    tests = pd.DataFrame(
        {
            "unit": [f"u{i:02}" for i in np.repeat(np.arange(30), 8)],
            "audience": np.tile(["citizen", "enterprise"], 120),
            "channel": np.tile(["app", "app", "web", "web"], 60),
        }
    )
    chance = np.where(tests["channel"] == "web", 0.8, 0.4)
    tests["channel_open"] = np.where(rng.random(240) < chance, "yes", "no")
    tests.loc[:4, "channel_open"] = None
    found, findings = connection(tests, outcome=("channel_open", "yes"))
    assert found.effects.set_index("value").loc["web", "low"] > 1
    assert found.records == 235
    assert checks(findings) == {
        ("no-record-outcome", "channel_open"): 5,
        ("one-value-factor", "slot"): 1,
        ("one-value-factor", "scenario"): 1,
    }


def test_false_alarms_among_few_cities_whose_calls_agree():
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i:02}" for i in range(14)], 12),
            "slot": np.tile(["s1", "s2", "s3"], 56),
        }
    )
    alarms = []
    for _ in range(80):
        pull = np.repeat(rng.normal(0.8, 0.8, 14), 12)
        answered = rng.random(len(frame)) < 1 / (1 + np.exp(-pull))
        told = frame.assign(outcome=np.where(answered, "answered", "busy"))
        alarms.append(connection(told)[0].effects["factor_p"].min() < 0.05)
    assert stats.binomtest(sum(alarms), 80, 0.05).pvalue > 0.01
