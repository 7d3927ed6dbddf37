import numpy as np
import pandas as pd
import pytest

from survey.shoppers.severity import COMPONENT, SHOPPER, severity


def calls(
    n: int = 4000, units: int = 60, shoppers: int = 20, seed: int = 0, noise: float = 1.5,
    **effects: float,
):  # fmt: skip
    """Calls of shoppers dealt at random; effects are severity by shopper, or drift over 60 days."""
    random = np.random.default_rng(seed)
    unit, shopper, day = (random.integers(0, top, n) for top in (units, shoppers, 60))
    frame = pd.DataFrame(
        {
            "unit": np.array([f"u{at:03}" for at in range(units)])[unit],
            "shopper": np.array([f"s{at:02}" for at in range(shoppers)])[shopper],
            "audience": np.array(["citizen", "enterprise"])[random.integers(0, 2, n)],
            "scenario": np.array(["information", "complaint"])[random.integers(0, 2, n)],
            "slot": np.array(["a", "b", "c"])[random.integers(0, 3, n)],
            "started_at": pd.Timestamp("2021-03-01") + pd.to_timedelta(day, unit="D"),
        },
        index=pd.RangeIndex(2, n + 2, name="row"),
    )
    points = 5 + random.normal(0, 1, units)[unit] + random.normal(0, noise, n)
    points += 0.5 * (frame["audience"] == "enterprise").to_numpy()
    for name, effect in effects.items():
        who = int(name[-2:])
        points += (shopper == who) * effect * ((day - 30) / 60 if "drift" in name else 1)
    return frame, points


def checks(found) -> set[str]:
    return {finding.check for finding in found.findings}


def test_severe_lenient_and_drifting_shoppers_are_told():
    frame, points = calls(s03=-1.5, s07=1.2, drift_11=3)
    found = severity(frame, points)
    assert tuple(found.shoppers) == SHOPPER
    assert tuple(found.components) == COMPONENT
    table = found.shoppers.set_index("shopper")
    assert table["verdict"].drop(["s03", "s07"]).eq("in_line").all()
    assert table.loc[["s03", "s07"], "verdict"].tolist() == ["severe", "lenient"]
    assert table["drift_verdict"].drop("s11").eq("steady").all()
    assert table.at["s11", "drift_verdict"] == "drifting"
    assert table.at["s03", "low"] < -1.5 + 0.3 < table.at["s03", "high"] + 0.3
    assert table.at["s11", "drift_low"] < 1.5 < table.at["s11", "drift_high"]
    assert checks(found) == {"shopper-severe", "shopper-lenient", "shopper-drifting"}
    severe = next(f for f in found.findings if f.check == "shopper-severe")
    assert "s03" in severe.got
    assert found.components["share"].sum() == pytest.approx(1)


def test_the_shift_is_what_the_shopper_adds_to_a_call():
    frame, points = calls(s03=-1.5, drift_11=3)
    found = severity(frame, points)
    table = found.shoppers.set_index("shopper")
    mine = (frame["shopper"] == "s03").to_numpy()
    assert found.shift[mine].mean() == pytest.approx(table.at["s03", "severity"])
    late = (frame["shopper"] == "s11").to_numpy() & (frame["started_at"] > "2021-04-20").to_numpy()
    assert found.shift[late].mean() > 0.8


def test_alike_shoppers_get_no_shift():
    found = severity(*calls(seed=6))
    assert found.shoppers["verdict"].eq("in_line").all()
    assert "severity-not-found" in checks(found)
    assert not found.shift.any()


def test_order_of_rows_does_not_matter():
    frame, points = calls(s03=-1.5)
    order = np.random.default_rng(1).permutation(len(frame))
    one, other = severity(frame, points), severity(frame.iloc[order], points[order])
    pd.testing.assert_frame_equal(one.shoppers, other.shoppers, rtol=1e-4, atol=1e-6)
    assert one.shift[order] == pytest.approx(other.shift, abs=1e-4)


def test_a_harder_scenario_is_no_severity():
    frame, points = calls()
    hard = (frame["scenario"] == "complaint").to_numpy()
    mine = (frame["shopper"] == "s01").to_numpy()
    kept = ~mine | hard
    found = severity(frame[kept], (points - 3 * hard)[kept])
    assert found.shoppers.set_index("shopper").at["s01", "verdict"] == "in_line"
    without = severity(frame[kept], (points - 3 * hard)[kept], factors=())
    assert without.shoppers.set_index("shopper").at["s01", "verdict"] == "severe"


def test_one_shopper_cannot_be_told_from_units():
    frame, points = calls(shoppers=1, n=300)
    found = severity(frame, points)
    assert checks(found) == {"severity-not-separable"}
    assert found.shoppers["verdict"].tolist() == ["not_separable"]
    assert found.shoppers["severity"].isna().all()
    assert not found.shift.any()


def test_shoppers_nested_in_units_have_no_figures():
    frame, points = calls()
    frame["shopper"] = "s" + frame["unit"].str[1:2]
    frame["unit"] = frame["shopper"] + frame["unit"]
    found = severity(frame, points)
    assert found.shoppers["verdict"].eq("not_separable").all()
    assert found.shoppers[["severity", "se", "low", "high"]].isna().all(axis=None)
    assert checks(found) == {"severity-not-separable"}


def test_one_shopper_alone_is_left_out_of_the_others():
    frame, points = calls(s03=-1.5)
    lonely = pd.DataFrame({"unit": "u900", "shopper": "zz", "started_at": frame["started_at"].iloc[0]},
                          index=range(50))  # fmt: skip
    found = severity(pd.concat([frame, lonely]), np.append(points, np.full(50, 9.0)))
    table = found.shoppers.set_index("shopper")
    assert table.at["zz", "verdict"] == "not_separable"
    assert table.at["s03", "verdict"] == "severe"
    assert "severity-not-separable" in checks(found)


def test_groups_without_a_common_unit_are_compared_within():
    """A group that calls better cities is not lenient for it."""
    frame, points = calls(s03=-1.5)
    half = (frame["shopper"] >= "s10").to_numpy()
    frame["unit"] = np.where(half, "b", "a") + frame["unit"].to_numpy(object)
    found = severity(frame, points + 3 * half)
    assert found.shoppers["group"].nunique() == 2
    verdicts = found.shoppers.set_index("shopper")["verdict"]
    assert verdicts.drop("s03").eq("in_line").all()
    assert verdicts["s03"] == "severe"


def test_unnamed_shoppers_are_counted():
    frame, points = calls(n=1000)
    frame.loc[frame.index[:7], "shopper"] = None
    found = severity(frame, points)
    (finding,) = [f for f in found.findings if f.check == "shoppers-unnamed"]
    assert finding.count == 7
    assert not found.shift[:7].any()
    for nameless in (frame.drop(columns="shopper"), frame.assign(shopper=None)):
        found = severity(nameless, points)
        assert found.shoppers.empty
        assert checks(found) == {"shoppers-unnamed"}


def test_a_shopper_with_few_calls_gets_no_verdict():
    frame, points = calls(n=1000)
    few = frame.head(3).assign(shopper="zz")
    found = severity(pd.concat([frame, few]), np.append(points, [0.0, 0.0, 0.0]))
    row = found.shoppers.set_index("shopper").loc["zz"]
    assert (row["verdict"], row["drift_verdict"]) == ("too_few", "too_few")
    assert np.isfinite(row["severity"])
    assert "shoppers-with-few-calls" in checks(found)


@pytest.mark.parametrize("dates", ["absent", "blank", "one day"])
def test_without_dates_there_is_no_drift(dates):
    frame, points = calls(n=1000, s03=-2)
    if dates == "absent":
        frame = frame.drop(columns="started_at")
    else:
        day = pd.NaT if dates == "blank" else pd.Timestamp("2021-03-01")
        frame["started_at"] = day
    found = severity(frame, points)
    assert "drift-unknown" in checks(found)
    assert found.shoppers["drift"].isna().all()
    assert found.shoppers["drift_verdict"].eq("unknown").all()
    assert found.shoppers.set_index("shopper").at["s03", "verdict"] == "severe"


def test_some_blank_dates_do_no_harm():
    frame, points = calls(drift_11=3)
    frame.loc[frame.index[::9], "started_at"] = pd.NaT
    found = severity(frame, points)
    assert found.shoppers.set_index("shopper").at["s11", "drift_verdict"] == "drifting"


@pytest.mark.parametrize("points", [np.full(40, 7.0), np.full(40, np.nan)])
def test_points_that_tell_nothing(points):
    frame, _ = calls(n=40, shoppers=3)
    found = severity(frame, points)
    assert "severity-not-estimable" in checks(found)
    assert found.components.empty


def test_intervals_hold_the_truth():
    """Of 8 campaigns of 20 shoppers, at least 90 % of the 95 % intervals hold the severity."""
    held = []
    for seed in range(8):
        truth = np.random.default_rng(900 + seed).normal(0, 0.6, 20)
        frame, points = calls(n=2000, seed=seed, **{f"s{at:02}": x for at, x in enumerate(truth)})
        table = severity(frame, points).shoppers
        centred = truth - truth.mean()
        held += list((table["low"] <= centred) & (centred <= table["high"]))
    assert np.mean(held) >= 0.9
