"""Funnels beside figures from elsewhere; the call stands beside each figure."""

import numpy as np
import pytest

from analysis.comparisons.dispersion import (
    additive_variance,
    dispersion_ratio,
    moment_variance,
    peer_means,
    z_scores,
)
from analysis.comparisons.funnel import binomial_limits

# FunnelPlotR 0.6.0, tests/testthat/test-classes_methods.R
NUMERATOR = np.array([100.0, 150, 180, 80, 120, 225])
DENOMINATOR = np.array([108.0, 112, 165, 95, 100, 220])
Z = np.sqrt(DENOMINATOR) * np.log(NUMERATOR / DENOMINATOR)

Y = np.array([6.1, 5.2, 7.9, 6.6, 4.8, 8.2, 7.1, 5.9, 6.4, 3.9])
SE = np.array([0.3, 0.4, 0.25, 0.5, 0.35, 0.3, 0.45, 0.28, 0.6, 0.33])
PEERS = np.repeat([0, 1], 5)


def test_dispersion_ratio_of_funnelplotr():
    # round(phi.funnelplot(funnel_plot(dt, num, denom, group)), 6) is 2.948033; of six none is cut
    assert dispersion_ratio(Z, share=0.0) == pytest.approx(2.948033, abs=5e-7)


def test_winsorised_dispersion_and_additive_variance_by_spiegelhalters_formula():
    # R 4.2.2: q <- quantile(z, c(.1, .9)); zw <- pmin(pmax(z, q[1]), q[2]); phi <- mean(zw^2)
    # = 2.1490530991705; with s <- 1 / sqrt(denom) FunnelPlotR's tau_func(6, phi, s)
    # = 0.0121184914592
    assert dispersion_ratio(Z) == pytest.approx(2.1490530991705)
    assert moment_variance(Z, 1 / np.sqrt(DENOMINATOR)) == pytest.approx(0.0121184914592)


def test_moment_variance_without_winsorising_is_dersimonian_and_lairds():
    # metafor 3.8.1: rma(y, sei = se, method = "DL")$tau2 = 2.06779425152
    one = np.zeros(10, dtype=int)
    z = (Y - peer_means(Y, SE**2, one)[0]) / SE
    assert moment_variance(z, SE, share=0.0) == pytest.approx(2.06779425152)


def test_z_scores_are_deleted_residuals():
    # metafor 3.8.1: rstudent(rma(y, sei = se, mods = ~ 0 + g, tau2 = 1.5))$z
    expected = [
        -0.0274319927959, -0.8061911922876, 1.5915833159272, 0.3932885067465, -1.1691926711790,
        1.7020749377612, 0.6909665290759, -0.3504472101338, 0.0880307251415, -2.1163775846299,
    ]  # fmt: skip
    assert z_scores(Y, SE**2 + 1.5, PEERS) == pytest.approx(expected, abs=1e-10)


def test_additive_variance_of_equally_precise_units_is_the_variance_less_the_error():
    # Paule & Mandel's condition, when all se are 0.3 and nothing is winsorised: s^2 - se^2;
    # metafor 3.8.1, rma(y, sei = rep(.3, 10), method = "PM")$tau2, is the same by definition
    one, same = np.zeros(10, dtype=int), np.full(10, 0.3)
    assert additive_variance(Y, same, one, share=0.0) == pytest.approx(Y.var(ddof=1) - 0.09)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (10, [0.159190834592, 0.339197859646, 0.911496670634, 0.996459866825]),
        (24, [0.375259982142, 0.486607100305, 0.857082234052, 0.941239568327]),
        (100, [0.548437376139, 0.603087985836, 0.783097614209, 0.829739253109]),
    ],
)
def test_exact_limits_of_a_rate_of_seven_tenths(n, expected):
    # Spiegelhalter (2005), appendix A.1.1; R 4.2.2: r <- qbinom(p, n, .7);
    # (r - (pbinom(r, n, .7) - p) / dbinom(r, n, .7)) / n for p = .001, .025, .975, .999
    found = [float(binomial_limits(np.array([n]), 0.7, p)[0]) for p in (0.001, 0.025, 0.975, 0.999)]
    assert found == pytest.approx(expected, abs=1e-11)
