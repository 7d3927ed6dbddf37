import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from analysis.comparisons.national import national_means, time_slots
from indicators.scores import score
from indicators.system_file import load_system


def test_national_mean_is_the_mean_of_the_units_with_its_interval():
    system = load_system("hotline-2021")
    units = [f"u{i}" for i in range(5)]
    scores, _ = score(random_records(system, units, seed=2), system, units)
    scores = scores.with_se(np.full_like(scores.score, 0.5))
    table = national_means(scores).set_index(["audience", "indicator"])
    row = table.loc[("all", "goal")]
    assert row["mean"] == pytest.approx(scores.of("goal").mean())
    assert row["high"] - row["mean"] == pytest.approx(1.959964 * 0.5 / np.sqrt(5))
    assert row["n"] == 5
    assert ("citizen", "innovation") not in table.index


def test_slot_rate_interval_is_wider_when_calls_of_a_city_agree():
    n = 200
    calls = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i}" for i in range(n // 4)], 4),
            "audience": "citizen", "slot": "s1", "wait_seconds": 20.0,
            "outcome": np.where(np.repeat(np.arange(n // 4) % 2, 4) == 0, "answered", "busy"),
        }
    )  # fmt: skip
    alike = time_slots(calls, {"s1": "上午"}, {"citizen": "群众"}).iloc[0]
    mixed = calls.assign(outcome=np.where(np.arange(n) % 2 == 0, "answered", "busy"))
    apart = time_slots(mixed, {"s1": "上午"}, {"citizen": "群众"}).iloc[0]
    assert alike["rate"] == apart["rate"] == 0.5
    assert apart["rate_high"] - apart["rate_low"] < alike["rate_high"] - alike["rate_low"]
    assert (alike["n"], alike["answered"], alike["wait_median"]) == (200, 100, 20)


def test_a_rate_of_one_still_has_an_interval():
    calls = pd.DataFrame(
        {"unit": [f"u{i}" for i in range(30)], "audience": "citizen", "slot": "s1",
         "wait_seconds": 10.0, "outcome": "answered"}
    )  # fmt: skip
    row = time_slots(calls, {"s1": "上午", "s2": "下午"}, {"citizen": "群众"}).iloc[0]
    assert row["rate"] == row["rate_high"] == 1
    assert row["rate_low"] == pytest.approx(0.025 ** (1 / 30))
