"""Tests of groups beside figures from elsewhere; each names the call or the page it comes from."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.comparisons.effects import cliffs_delta, delta_interval, odds_ratios
from analysis.comparisons.group_tests import (
    compare_groups,
    holm,
    kruskal_wallis,
    mann_whitney,
    ordinal_contrasts,
)
from analysis.comparisons.means import brown_forsythe, welch_t

# R: effsize 0.8.1, cliff.delta(treatment, control), the example of its manual, after Hogarty &
# Kromrey (1999), "Using SAS to calculate tests of Cliff's delta", SUGI 24, poster 238.
TREATMENT = np.array([10.0, 10, 20, 20, 20, 30, 30, 30, 40, 50])
CONTROL = np.array([10.0, 20, 30, 40, 40, 50])
# R/CliffDelta.R of effsize quotes Hogarty & Kromrey's three terms of the variance.
ROW_TERM, COLUMN_TERM, PAIR_TERM = 0.2669753, 0.447, 1.0055556


def hogarty_kromrey_variance() -> float:
    n, m = len(TREATMENT), len(CONTROL)
    squares = (n - 1) * (m - 1) * PAIR_TERM
    rows, columns = (n - 1) * ROW_TERM, (m - 1) * COLUMN_TERM
    return (m**2 * rows + n**2 * columns - squares) / (n * m * (n - 1) * (m - 1))


def test_interval_of_hogarty_and_kromreys_example():
    # effsize, tests/testthat/testCliff.R: delta estimate -0.25 (small), -0.7265846 to 0.3890062
    found = delta_interval(-0.25, hogarty_kromrey_variance(), len(TREATMENT) + len(CONTROL) - 2)
    assert found == pytest.approx((-0.7265846, 0.3890062), abs=1e-6)


def test_delta_takes_the_variance_of_hogarty_and_kromrey():
    parts = np.array([ROW_TERM / len(TREATMENT), COLUMN_TERM / len(CONTROL)])
    freedom = parts.sum() ** 2 / (parts**2 / [len(TREATMENT) - 1, len(CONTROL) - 1]).sum()
    expected = delta_interval(-0.25, hogarty_kromrey_variance(), freedom)
    effect = cliffs_delta(TREATMENT, CONTROL)
    assert effect.value == -0.25
    assert effect.magnitude == "small"
    assert (effect.low, effect.high) == pytest.approx(expected, abs=1e-6)


def test_interval_of_real_statistics():
    # real-statistics.com/non-parametric-tests/mann-whitney-test/cliffs-delta, example 2:
    # delta -0.40152, standard error .225, improved 95 % interval (-.730, .0778), normal quantile
    found = delta_interval(-0.40152, 0.225**2, np.inf)
    assert found == pytest.approx((-0.730, 0.0778), abs=1e-3)


@pytest.mark.parametrize(
    ("first", "second", "delta", "magnitude"),
    [
        # effsize, testCliff.R, "Negligible differences": cliff.delta(x1, x2)$estimate
        ([10, 20, 20, 20, 30, 30, 30, 40, 50, 100], [10, 20, 30, 40, 40, 50], -0.06666, "negligible"),
        # effsize, testCliff.R, "double factor": cliff.delta(v ~ f) with A, B, C as 1, 2, 3
        ([1, 2, 1, 3, 2], [3, 2, 2, 3, 2], -0.44, "medium"),
    ],
)  # fmt: skip
def test_delta_of_effsize(first, second, delta, magnitude):
    effect = cliffs_delta(np.array(first, dtype=float), np.array(second, dtype=float))
    assert effect.value == pytest.approx(delta, abs=1e-5)
    assert effect.magnitude == magnitude


# R: datasets::ToothGrowth, len by dose (0.5, 1, 2), VC then OJ
TOOTH_GROWTH = np.array(
    [
        4.2, 11.5, 7.3, 5.8, 6.4, 10, 11.2, 11.2, 5.2, 7,
        15.2, 21.5, 17.6, 9.7, 14.5, 10, 8.2, 9.4, 16.5, 9.7,
        16.5, 16.5, 15.2, 17.3, 22.5, 17.3, 13.6, 14.5, 18.8, 15.5,
        19.7, 23.3, 23.6, 26.4, 20, 25.2, 25.8, 21.2, 14.5, 27.3,
        23.6, 18.5, 33.9, 25.5, 26.4, 32.5, 26.7, 21.5, 23.3, 29.5,
        25.5, 26.4, 22.4, 24.5, 24.8, 30.9, 26.4, 27.3, 29.4, 23,
    ]
)  # fmt: skip


def test_epsilon_squared_of_tooth_growth():
    # rstatix, tests/testthat/test-rank_effsize_methods.R: kruskal_effsize(len ~ dose,
    # method = "epsilon2") = 0.689303987542, the value of effectsize::rank_epsilon_squared;
    # kruskal_effsize(len ~ dose) = 0.6784024 (eta2[H])
    test = kruskal_wallis(TOOTH_GROWTH, np.repeat([0, 1, 2], 20), seed=1)
    assert test.effect.value == pytest.approx(0.689303987542, abs=1e-10)
    assert test.effect.size == pytest.approx(0.6784024, abs=1e-7)


def test_kruskal_wallis_of_hollander_and_wolfe():
    # R: kruskal.test(list(x, y, z)), Hollander & Wolfe (1973), p. 116, mucociliary efficiency:
    # Kruskal-Wallis chi-squared = 0.77143, df = 2, p-value = 0.68
    x, y, z = [2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]
    test = kruskal_wallis(np.array(x + y + z), np.repeat([0, 1, 2], [5, 4, 5]), seed=1)
    assert test.statistic == pytest.approx(0.77143, abs=5e-6)
    assert test.p == pytest.approx(0.68, abs=5e-4)


def test_exact_mann_whitney_of_scipys_manual():
    # docs.scipy.org, scipy.stats.mannwhitneyu: mannwhitneyu(males, females, method="exact")
    # gives U1 = 17 and p = 0.1111111111111111
    males, females = np.array([19.0, 22, 16, 29, 24]), np.array([20.0, 11, 17, 12])
    test = mann_whitney(males, females)
    assert test.exact
    assert (test.statistic, test.p) == (17, pytest.approx(1 / 9))


def test_holm_of_five_equally_spaced_p_values():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") = 0.05 0.08 0.09 0.09 0.09
    found = holm([0.05, np.nan, 0.03, 0.01, 0.04, 0.02])
    assert found == pytest.approx([0.09, np.nan, 0.09, 0.05, 0.09, 0.08], nan_ok=True)


def test_proportional_odds_of_ucla():
    # stats.oarc.ucla.edu/r/faq/ologit-coefficients: polr(apply ~ pared) gives pared 1.127 with
    # standard error 0.2634; the counts are those of its data, ologit.dta (unlikely, somewhat, very)
    outcome = np.repeat([1.0, 2, 3, 1, 2, 3], [200, 110, 27, 20, 30, 13])
    groups = np.repeat(["0", "1"], [337, 63])
    row = odds_ratios(outcome, groups, "0").table.loc["1"]
    assert np.log(row["odds_ratio"]) == pytest.approx(1.127, abs=5e-4)
    error = np.log(row["high"] / row["low"]) / (2 * stats.norm.ppf(0.975))
    assert error == pytest.approx(0.2634, abs=1e-4)


OJ, VC = (
    np.concatenate([TOOTH_GROWTH[start : start + 10] for start in starts])
    for starts in ((10, 30, 50), (0, 20, 40))
)


def test_welch_and_hedges_of_tooth_growth():
    # R 4.2.2: t.test(len ~ supp, ToothGrowth): t = 1.9152682687, p = 0.0606345078809
    # effectsize 0.8.3: hedges_g(len ~ supp, data = ToothGrowth, pooled_sd = FALSE):
    # 0.487778845179 (-0.021687264403, 0.992980123817)
    test = welch_t(OJ, VC)
    assert (test.statistic, test.p) == pytest.approx((1.9152682687, 0.0606345078809))
    assert test.effect.value == pytest.approx(0.487778845179)
    assert (test.effect.low, test.effect.high) == pytest.approx((-0.0216873, 0.9929801), abs=3e-7)


# R: datasets::PlantGrowth, weight by group (ctrl, trt1, trt2)
PLANT_GROWTH = np.array(
    [
        4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14,
        4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69,
        6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26,
    ]
)  # fmt: skip


def test_omega_squared_of_plant_growth():
    # R 4.2.2: aov(weight ~ group, PlantGrowth): F = 4.84609, which equal groups give F*, too
    # effectsize 0.8.3: omega_squared(aov(...), partial = FALSE) = 0.204078846
    test = brown_forsythe(PLANT_GROWTH, np.repeat([0, 1, 2], 10))
    assert test.statistic == pytest.approx(4.84609, abs=5e-6)
    assert test.effect.value == pytest.approx(0.204078846)


# R: datasets::chickwts, weight by feed (horsebean, linseed, soybean, sunflower, meatmeal, casein)
CHICKS = np.array(
    [
        179, 160, 136, 227, 217, 168, 108, 124, 143, 140, 309, 229, 181, 141, 260, 203, 148, 169,
        213, 257, 244, 271, 243, 230, 248, 327, 329, 250, 193, 271, 316, 267, 199, 171, 158, 248,
        423, 340, 392, 339, 341, 226, 320, 295, 334, 322, 297, 318, 325, 257, 303, 315, 380, 153,
        263, 242, 206, 344, 258, 368, 390, 379, 260, 404, 318, 352, 359, 216, 222, 283, 332,
    ],
    dtype=float,
)  # fmt: skip
FEEDS = np.repeat(np.arange(6), [10, 12, 14, 12, 11, 12])


def test_f_star_of_chicks():
    # R 4.2.2, by Brown & Forsythe's formula: F* = 15.51945064 with 5 and 58.65021488 degrees,
    # pf(..., lower.tail = FALSE) = 1.044885972e-09; statsmodels, anova_oneway(use_var = "bf"), too
    from statsmodels.stats.oneway import anova_oneway

    test = brown_forsythe(CHICKS, FEEDS)
    assert (test.statistic, test.p) == pytest.approx((15.51945064, 1.044885972e-09))
    peer = anova_oneway(CHICKS, FEEDS, use_var="bf")
    assert (test.statistic, test.p) == pytest.approx((peer.statistic, peer.pvalue2))


def test_holm_is_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(2).random(12) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def sample() -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(8)
    units = [f"u{i:03}" for i in range(180)]
    groups = pd.DataFrame(
        {
            "two": np.where(rng.random(180) < 0.3, "p", "q"),
            "four": rng.choice(["a", "b", "c", "d"], 180, p=[0.4, 0.3, 0.2, 0.1]),
        },
        index=units,
    )
    lift = (groups["two"] == "p") * 1.2 + (groups["four"] == "b") * 0.8
    points = np.clip(np.round(rng.normal(5 + lift, 2)), 1, 10)
    return pd.Series(points, index=units), groups


def test_comparisons_are_scipys():
    outcome, groups = sample()
    table = compare_groups(outcome, groups, outcome_name="grade", seed=1)[0].set_index("factor")
    p, q = (outcome[groups["two"] == name] for name in "pq")
    direct = stats.mannwhitneyu(p, q, method="asymptotic")
    assert tuple(table.loc["two", ["statistic", "p"]]) == tuple(direct)
    assert table.loc["two", "effect"] == pytest.approx(
        2 * direct.statistic / len(p) / len(q) - 1, abs=1e-12
    )
    kruskal = stats.kruskal(*(outcome[groups["four"] == name] for name in "abcd"))
    assert tuple(table.loc["four", ["statistic", "p"]]) == pytest.approx(tuple(kruskal), rel=1e-12)
    assert table.loc["four", "effect"] == pytest.approx(kruskal.statistic / 179, rel=1e-12)


def test_contrasts_are_statsmodels():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    outcome, groups = sample()
    table = ordinal_contrasts(outcome, groups[["four"]])[0].set_index("group")
    dummies = pd.get_dummies(groups["four"])[["b", "c", "d"]].astype(float)
    fit = OrderedModel(outcome.astype(int), dummies, distr="logit").fit(method="bfgs", disp=False)
    assert set(table["reference"]) == {"a"}
    assert np.log(table["odds_ratio"].to_numpy()) == pytest.approx(
        fit.params[:3].to_numpy(), abs=1e-3
    )
    assert table["p"].to_numpy() == pytest.approx(fit.pvalues[:3].to_numpy(), abs=1e-3)
    intervals = np.log(table[["low", "high"]].to_numpy())
    assert intervals == pytest.approx(fit.conf_int().to_numpy()[:3], abs=2e-3)
