"""Funnels: limits, bands and over-dispersion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.comparisons.dispersion import (
    additive_variance,
    multiplicative_ratio,
    normal_ratio,
    winsorised,
    z_scores,
)
from analysis.comparisons.funnel import (
    FUNNEL_COLUMNS,
    LIMIT_COLUMNS,
    binomial_limits,
    rate_funnel,
    score_funnel,
)

N = 80


def usual(n: int = N, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    se = rng.uniform(0.1, 0.6, n)
    return 6 + rng.normal(0, 0.8, n) + se * rng.normal(size=n), se


def in_two() -> pd.Series:
    names = pd.Index([f"u{i:03}" for i in range(N)], name="unit")
    return pd.Series(np.where(np.arange(N) % 2, "大", "小"), index=names, name="size")


def test_one_tenth_winsorised_keeps_two_thirds_of_the_squares():
    z = np.random.default_rng(1).normal(size=200_000)
    assert (winsorised(z) ** 2).mean() == pytest.approx(normal_ratio(), abs=0.005)
    assert normal_ratio(0.0) == pytest.approx(1)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 1)), min_size=6, max_size=20))
def test_a_z_score_is_the_distance_to_the_other_peers_alone(pairs):
    y, variance = np.array(pairs).T
    peers = np.arange(len(y)) % 2
    found = z_scores(y, variance, peers)
    for unit in range(len(y)):
        others = (peers == peers[unit]) & (np.arange(len(y)) != unit)
        weight = 1 / variance[others]
        mean, error = weight @ y[others] / weight.sum(), 1 / weight.sum()
        assert found[unit] == pytest.approx(
            (y[unit] - mean) / np.sqrt(variance[unit] + error), abs=1e-9
        )


def test_the_additive_variance_is_found_in_spite_of_unusual_units():
    y, se = usual(400)
    peers = np.zeros(400, dtype=int)
    y[:20] += 9
    assert np.sqrt(additive_variance(y, se, peers)) == pytest.approx(0.8, abs=0.25)
    assert np.sqrt(np.var(y)) > 2
    assert additive_variance(np.full(10, 5.0), np.full(10, 0.3), np.zeros(10, dtype=int)) == 0


def test_multiplicative_ratio_is_one_where_sampling_explains_all():
    rng = np.random.default_rng(3)
    se = rng.uniform(0.2, 0.5, 500)
    peers = np.zeros(500, dtype=int)
    assert multiplicative_ratio(5 + se * rng.normal(size=500), se, peers) == pytest.approx(
        1, abs=0.2
    )
    assert multiplicative_ratio(5 + 2 * se * rng.normal(size=500), se, peers) == pytest.approx(
        4, rel=0.2
    )


def test_bands_are_where_the_limits_are_and_the_limits_where_z_is(made_scores):
    y, se = usual()
    y[:2] = 0.5, 9.9
    found, findings = score_funnel(made_scores(y, se), in_two())
    table = found.table
    assert tuple(table.columns) == FUNNEL_COLUMNS
    assert findings == ()
    z = table["z"].abs()
    far, inside = table["band"].str.startswith("far_"), table["band"] == "expected"
    assert (z[far] > stats.norm.isf(0.001)).all()
    assert (z[inside] < stats.norm.isf(0.025)).all()
    assert far.sum() >= 2
    one = table.set_index("unit")
    assert (one.loc["u000", "band"], one.loc["u001", "band"]) == ("far_worse", "far_better")
    assert one.loc[["u000", "u001"], "stands_out"].all()
    assert (table["z_plain"].abs() > z).mean() > 0.9


def test_curves_pass_through_the_limits_of_the_units(made_scores):
    y, se = usual()
    found, _ = score_funnel(made_scores(y, se), in_two())
    assert tuple(found.limits.columns) == LIMIT_COLUMNS
    for peer, curve in found.limits.groupby("peer"):
        own = found.table[found.table["peer"] == peer]
        for name in ("low_95", "high_95", "low_998", "high_998"):
            drawn = np.interp(own["se"], curve["se"], curve[name])
            assert drawn == pytest.approx(own[name].to_numpy(), abs=2e-3)
    assert found.limits["tau"].nunique() == 1


@pytest.mark.parametrize("spread", ["additive", "multiplicative", "moment", "none"])
def test_every_spread_gives_limits_about_the_peers_mean(made_scores, spread):
    y, se = usual()
    table = score_funnel(made_scores(y, se), in_two(), spread=spread)[0].table
    for low, high in (("low_95", "high_95"), ("low_998", "high_998")):
        assert (table[low] + table[high]).to_numpy() == pytest.approx(
            2 * table["target"].to_numpy()
        )
    means = table.groupby("peer")["value"].mean()
    assert table.groupby("peer")["target"].first().to_numpy() == pytest.approx(
        means.to_numpy(), abs=0.3
    )


def test_one_unit_in_twenty_lies_beyond_the_limits_when_all_are_usual(made_scores):
    y, se = usual(300, seed=5)
    bands = [
        score_funnel(made_scores(*usual(300, seed=seed)))[0].table["band"] for seed in range(12)
    ]
    beyond = pd.concat(bands)
    assert (beyond != "expected").mean() == pytest.approx(0.05, abs=0.015)
    assert beyond.str.startswith("far_").mean() < 0.006
    raw = score_funnel(made_scores(y, se), spread="moment")[0].table["band"]
    assert (raw != "expected").mean() > 0.08


def test_units_alone_or_without_a_peer_set_are_counted(made_scores):
    y, se = usual()
    peers = in_two()
    peers.iloc[:2], peers.iloc[2] = ["岛", "港"], None
    found, findings = score_funnel(made_scores(y, se), peers)
    assert len(found.table) == N - 3
    assert {f.check: f.count for f in findings} == {"no-group": 1, "no-peers": 2}


def test_a_unit_without_sampling_error_takes_the_smallest_of_the_others(made_scores):
    y, se = usual()
    least = se[1:].min()
    found, findings = score_funnel(made_scores(y, np.where(np.arange(N) == 0, 0.0, se)))
    assert found.table.set_index("unit").loc["u000", "se"] == least
    assert [(f.check, f.count) for f in findings] == [("no-error-in-funnel", 1)]
    found, findings = score_funnel(made_scores(y, np.zeros(N)))
    assert found.table.empty and tuple(found.limits.columns) == LIMIT_COLUMNS
    assert [f.check for f in findings] == ["no-error-in-funnel", "too-few-for-funnel"]


def test_equal_scores_are_all_as_expected(made_scores):
    table = score_funnel(made_scores(np.full(N, 5.0)), in_two())[0].table
    assert set(table["band"]) == {"expected"}
    assert table["z"].abs().max() < 1e-9


def test_an_unknown_spread_is_refused(made_scores):
    with pytest.raises(ValueError, match="quadratic"):
        score_funnel(made_scores(*usual()), spread="quadratic")  # type: ignore[arg-type]


def rates(spread: float, seed: int = 2) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    names = pd.Index([f"u{i:03}" for i in range(200)], name="unit")
    n = rng.integers(20, 200, 200)
    chance = 1 / (1 + np.exp(-rng.normal(0.9, spread, 200)))
    return pd.Series(rng.binomial(n, chance), index=names), pd.Series(n, index=names)


def test_rates_that_differ_by_chance_alone_have_exact_limits():
    hits, n = rates(0.0)
    found, findings = rate_funnel(hits, n, measure="answered", spread="none")
    table = found.table
    assert findings == ()
    assert table["target"].unique() == pytest.approx([hits.sum() / n.sum()])
    assert table["low_95"].to_numpy() == pytest.approx(
        binomial_limits(table["n"].to_numpy(), table["target"].to_numpy(), 0.025)
    )
    assert (table["band"] != "expected").mean() == pytest.approx(0.05, abs=0.035)
    assert table["se"].isna().all() and found.limits["se"].isna().all()


def test_rates_that_differ_more_have_wider_limits_within_nought_and_one():
    hits, n = rates(1.0)
    table = rate_funnel(hits, n, measure="answered")[0].table
    plain = rate_funnel(hits, n, measure="answered", spread="none")[0].table
    assert (plain["band"] != "expected").mean() > 0.4
    assert (table["band"] != "expected").mean() == pytest.approx(0.05, abs=0.035)
    limits = table[["low_998", "low_95", "target", "high_95", "high_998"]].to_numpy()
    assert (np.diff(limits, axis=1) >= 0).all()
    assert 0 <= limits.min() <= limits.max() <= 1


def test_cities_with_as_many_calls_each_still_have_a_curve():
    hits, n = rates(1.0)
    curve = rate_funnel(hits.clip(upper=24), n * 0 + 24, measure="answered")[0].limits
    assert len(curve) > 3
    assert curve["n"].is_monotonic_increasing


@settings(max_examples=40)
@given(st.integers(1, 300), st.floats(0.02, 0.98), st.floats(0.001, 0.999))
def test_binomial_limits_lie_between_the_neighbouring_counts(n, target, share):
    limit = float(binomial_limits(np.array([n]), target, share)[0])
    quantile = stats.binom.ppf(share, n, target)
    assert max(quantile - 1, 0) / n - 1e-9 <= limit <= quantile / n + 1e-9


def test_funnels_do_not_hang_on_the_order_of_units():
    hits, n = rates(1.0)
    peers = in_two().reindex(hits.index).fillna("大")
    plain = rate_funnel(hits, n, peers, measure="answered")[0]
    mixed = rate_funnel(
        hits.sample(frac=1, random_state=1), n, peers.iloc[::-1], measure="answered"
    )[0]
    pd.testing.assert_frame_equal(mixed.table, plain.table)
    pd.testing.assert_frame_equal(mixed.limits, plain.limits)
