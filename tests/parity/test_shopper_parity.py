"""Agreement and severity beside worked examples and R 4.2.2; the call stands beside each figure.

``shopper_calls.csv`` is our own: 1,200 simulated calls of 40 cities by 12 shoppers, crossed at
random (the columns are those of calls; ``day`` counts from the first day).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.shoppers.alpha import krippendorff_alpha
from survey.shoppers.kappa import Cohen, Fleiss
from survey.shoppers.mixed import RandomTerm, fit_crossed
from survey.shoppers.severity import severity

Z = 1.959963984540054  # qnorm(.975)


def codings(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    counts = np.array(table)
    first, second = np.indices(counts.shape).reshape(2, -1)
    return (
        np.repeat(first, counts.ravel()).astype(float),
        np.repeat(second, counts.ravel()).astype(float),
    )


COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Cohen (1960), Educational and Psychological Measurement 20:37-46, Table 1, times 200."""
ORDERED = [[11, 2, 1, 0], [3, 10, 4, 1], [0, 5, 12, 3], [0, 1, 2, 15]]
"""Our own table of two coders and four ordered answers."""


def test_cohens_kappa_of_1960():
    # printed: kappa = .492
    # vcd 1.4-11: Kappa(matrix(c(88,14,18,10,40,10,2,6,12), 3, byrow = TRUE))$Unweighted
    kappa, low, high = Cohen.of(*codings(COHEN_1960), "nominal").kappa(0.95)
    assert kappa == pytest.approx(0.492, abs=5e-4)
    assert kappa == pytest.approx(0.49152542373, abs=1e-10)
    assert (high - low) / 2 / Z == pytest.approx(0.05100181558, abs=1e-10)


@pytest.mark.parametrize(
    ("measurement", "kappa", "error"),
    [
        # Kappa(m, weights = "Fleiss-Cohen")$Unweighted and $Weighted, m the ordered table;
        # psych 2.2.9, cohen.kappa(m): 0.579004920722 and 0.810281517748
        ("nominal", 0.57900492072, 0.07477230431),
        ("ordinal", 0.81028151775, 0.04989724826),
    ],
)
def test_cohens_kappa_of_ordered_answers(measurement, kappa, error):
    found, low, high = Cohen.of(*codings(ORDERED), measurement).kappa(0.95)
    assert found == pytest.approx(kappa, abs=1e-10)
    assert (high - low) / 2 / Z == pytest.approx(error, abs=1e-10)


def test_fleiss_kappa_of_ten_subjects():
    """The worked example of Wikipedia's article: 10 subjects, 14 raters, 5 categories; 0.210."""
    counts = np.array(
        [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
         [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
    )  # fmt: skip
    ratings = np.array([np.repeat(np.arange(5.0), row) for row in counts])
    fleiss = Fleiss.of(ratings)
    assert fleiss.kappa() == pytest.approx(0.210, abs=5e-4)
    observed, expected = fleiss.parts(np.ones((1, 10)))
    assert 1 - observed[0] == pytest.approx(0.378, abs=5e-4)
    assert 1 - expected[0] == pytest.approx(0.213, abs=5e-4)


DIAGNOSES = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3],
    [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1],
    [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
]  # fmt: skip
"""Fleiss (1971), Psychological Bulletin 76:378-382, Table 1: 30 patients, 6 psychiatrists."""


def test_fleiss_kappa_of_1971():
    ratings = np.array([np.repeat(np.arange(5.0), row) for row in DIAGNOSES])
    assert ratings.shape == (30, 6)
    fleiss = Fleiss.of(ratings)
    assert fleiss.kappa() == pytest.approx(0.430, abs=5e-4)
    observed, expected = fleiss.parts(np.ones((1, 30)))
    assert 1 - observed[0] == pytest.approx(0.5556, abs=5e-5)
    assert 1 - expected[0] == pytest.approx(0.2201, abs=5e-4)
    # alpha corrects kappa for the size of the sample: 1 - (1 - kappa) (N - 1) / N, N codings
    corrected = 1 - (1 - fleiss.kappa()) * (180 - 1) / 180
    assert krippendorff_alpha(ratings) == pytest.approx(corrected)


@pytest.fixture(scope="module")
def calls():
    table = pd.read_csv(Path(__file__).parent / "data/shopper_calls.csv")
    start = pd.Timestamp("2021-03-01") + pd.to_timedelta(table["day"], unit="D")
    return table.assign(started_at=start)


# d <- read.csv("shopper_calls.csv", stringsAsFactors = TRUE)
# lme4 1.1-31, control = lmerControl(optCtrl = list(ftol_abs = 1e-14, xtol_abs = 1e-12)):
# lmer(points ~ audience + scenario + slot + (1 | unit) + (1 | shopper), d)
PLAIN_VARIANCE = [1.4634360866, 0.1704623557, 2.3314442239]
PLAIN_SEVERITY = [
    -0.55026469668, -0.17544723560, 0.21771781856, -0.55254397060, 0.08724062615, -0.39584466849,
    0.06047328883, 0.24984024308, -0.26862158516, 0.65103475472, 0.33962450311, 0.33679092206,
]  # fmt: skip
# d$month <- (d$day - mean(d$day)) / 30; d$own <- (d$day - ave(d$day, d$shopper)) / 30
# m <- lmer(points ~ audience + scenario + slot + month + (1 | unit) + (1 | shopper) +
#           (0 + own | shopper), d); as.data.frame(VarCorr(m)); ranef(m)$shopper; -2 * logLik(m)
VARIANCE = [1.46304616053, 0.17016068988, 0.07869566024, 2.27863438782]
SEVERITY = [
    -0.55316491244, -0.17701266519, 0.22369243119, -0.54922588303, 0.07914074363, -0.39666219448,
    0.06112630674, 0.24846705861, -0.26642492143, 0.64830613054, 0.34810731650, 0.33365057698,
]  # fmt: skip
DRIFT = [
    -0.12191335511, 0.19688900619, 0.28394158186, -0.23435287613, 0.56050780139, -0.16425123287,
    -0.16486249812, -0.19673669743, -0.10746720226, -0.07641944913, -0.02406395569, 0.03930727692,
]  # fmt: skip


def test_severity_beside_lme4(calls):
    found = severity(calls.drop(columns="started_at"), calls["points"].to_numpy())
    assert found.components["variance"].to_numpy() == pytest.approx(PLAIN_VARIANCE, rel=5e-5)
    assert found.shoppers["severity"].to_numpy() == pytest.approx(PLAIN_SEVERITY, rel=5e-5)
    assert found.shoppers["drift"].isna().all()
    # -2 * logLik of the model and of update(m, . ~ . - (1 | shopper))
    statistic = found.components.set_index("component").at["shopper", "statistic"]
    assert statistic == pytest.approx(4623.305859 - 4571.016939, abs=1e-5)


def test_severity_and_drift_beside_lme4(calls):
    found = severity(calls, calls["points"].to_numpy())
    assert found.components["variance"].to_numpy() == pytest.approx(VARIANCE, rel=5e-5)
    assert found.shoppers["severity"].to_numpy() == pytest.approx(SEVERITY, rel=1e-4)
    assert found.shoppers["drift"].to_numpy() == pytest.approx(DRIFT, rel=1e-4)
    # update(m, . ~ . - (0 + own | shopper))
    statistic = found.components.set_index("component").at["drift", "statistic"]
    assert statistic == pytest.approx(4574.634578 - 4561.436520, abs=1e-5)


def test_fixed_effects_beside_lme4(calls):
    design = [np.ones(len(calls)), calls["audience"] == "enterprise",
              calls["scenario"] == "information", calls["slot"] == "s2", calls["slot"] == "s3"]  # fmt: skip
    unit, shopper = (pd.factorize(calls[name], sort=True)[0] for name in ("unit", "shopper"))
    fitted = fit_crossed(
        calls["points"].to_numpy(),
        np.column_stack(design).astype(float),
        RandomTerm("unit", unit, 40),
        [RandomTerm("shopper", shopper, 12)],
    )
    # fixef(m), sqrt(diag(vcov(m))) and -2 * logLik(m) of the plain model
    effects = [5.9169158674, 0.4053397391, 0.2165905940, 0.1679163336, 0.2167970202]
    errors = [0.24489039017, 0.08994119727, 0.09035249030, 0.10882773766, 0.10874749877]
    assert fitted.fixed == pytest.approx(effects, rel=5e-5)
    assert fitted.fixed_se == pytest.approx(errors, rel=5e-5)
    assert fitted.deviance == pytest.approx(4571.016939, abs=1e-6)
