"""The chance of an answer beside R 4.2.2; the call stands beside each figure.

``bacteria.csv`` is ``MASS::bacteria``, written by ``write.csv``. geepack 1.3.9 estimates the
correlation within a cluster as .13931 and statsmodels as .13731 (with other degrees of freedom), so
coefficients agree in three figures.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.comparisons.connection import connection


@pytest.fixture(scope="module")
def found():
    table = pd.read_csv(Path(__file__).parent / "data/bacteria.csv", dtype=str)
    order = {"trt": ["placebo", "drug", "drug+"], "week": ["0", "2", "4", "6", "11"]}
    return connection(
        table.rename(columns={"ID": "unit"}), order, factors=("trt", "week"), outcome=("y", "y")
    )[0]


def test_odds_ratios_of_bacteria(found):
    # geeglm(I(y == "y") ~ trt + week, id = ID, data = bacteria, family = binomial,
    #        corstr = "exchangeable"), week a factor: coef
    coefficients = [-1.112758, -0.631852, 0.128527, -1.199057, -1.300552, -1.301540]
    assert np.log(found.effects["odds_ratio"].to_numpy()) == pytest.approx(coefficients, abs=5e-4)
    assert found.correlation == pytest.approx(0.139307, abs=0.003)


def test_errors_of_bacteria_after_mancl_and_derouen(found):
    # Mancl & DeRouen's equation, by matrices in R, at geeglm's coefficients and correlation
    errors = [0.623870, 0.557278, 0.778717, 0.587967, 0.601497, 0.566099]
    reach = np.log(found.effects["high"] / found.effects["odds_ratio"]).to_numpy()
    t = 2.009575237  # qt(.975, 50 - 1)
    assert reach / t == pytest.approx(errors, rel=1e-3)


def test_joint_test_of_the_weeks_of_bacteria(found):
    # b' V^-1 b = 13.56001 of the same, as Hotelling's T squared with 49 degrees of freedom:
    # pf(13.56001 * 46 / (49 * 4), 4, 46, lower.tail = FALSE) = 0.02171545
    week = found.effects.query("factor == 'week'")
    assert week["factor_p"].unique() == pytest.approx([0.0217155], abs=1e-4)


def test_standardised_rate_of_bacteria(found):
    # mean(plogis(X %*% coef)) with week set to 2, and the delta method on the logit scale with
    # qt(.975, 49): 0.911536 (0.773430, 0.968850)
    row = found.rates.set_index("value").loc["2"]
    assert row[["adjusted", "low", "high"]].to_numpy(float) == pytest.approx(
        [0.911536, 0.773430, 0.968850], abs=1e-4
    )
