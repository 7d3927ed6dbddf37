"""Waiting times beside R 4.2.2, survival 3.5.3; the call stands beside each figure.

``lung.csv`` holds columns of ``survival::lung``, written by ``write.csv``. ``aml`` is the same
package's data set of acute myelogenous leukaemia. Intervals of `survival_curve` use Student's t and
a factor for few clusters that R's do not, so curves and variances are compared.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.comparisons.survival import hazards, log_rank, proportionality, survival_curve

AML_TIME = np.array(
    [9.0, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
)
AML_EVENT = np.array(
    [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1], dtype=bool
)
AML_KEPT = np.repeat([True, False], [11, 12])


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    # ll <- lung[!is.na(lung$inst) & !is.na(lung$ph.ecog), ]
    table = pd.read_csv(Path(__file__).parent / "data/lung.csv")
    table = table.dropna(subset=["inst", "ph.ecog"])
    return table.assign(event=table["status"] == 2, time=table["time"].astype(float))


def covariates(lung: pd.DataFrame) -> np.ndarray:
    ecog = lung["ph.ecog"].to_numpy()[:, None] == np.array([1, 2, 3])
    return np.column_stack([lung["sex"] == 2, ecog]).astype(float)


def test_kaplan_meier_of_aml():
    # summary(survfit(Surv(time, status) ~ 1, aml))$surv
    curve = survival_curve(AML_TIME, AML_EVENT, np.arange(23))
    expected = [
        0.9130435, 0.8260870, 0.7826087, 0.7391304, 0.6956522, 0.6459627, 0.5465839, 0.4968944,
        0.4416839, 0.3864734, 0.3312629, 0.2760524, 0.2208420, 0.1656315, 0.0828157,
    ]  # fmt: skip
    assert curve.survival == pytest.approx(expected, abs=5e-8)
    assert curve.time[:3].tolist() == [5, 8, 9]
    assert curve.median()[0] == 27  # quantile(survfit(...), 0.5)


def test_the_median_and_its_interval_of_lung():
    # quantile(survfit(Surv(time, status) ~ 1, lung, conf.type = "log-log"), 0.5): 310 (284, 361)
    table = pd.read_csv(Path(__file__).parent / "data/lung.csv")
    curve = survival_curve(
        table["time"].to_numpy(float), (table["status"] == 2).to_numpy(), np.arange(len(table))
    )
    assert curve.median() == (310, 284, 361)


def test_the_clustered_error_of_lung(lung):
    # summary(survfit(Surv(time, status) ~ 1, ll, cluster = inst, robust = TRUE),
    #         times = c(100, 300, 500))[c("surv", "std.err")]
    curve = survival_curve(
        lung["time"].to_numpy(), lung["event"].to_numpy(), pd.factorize(lung["inst"])[0]
    )
    at = np.searchsorted(curve.time, [100, 300, 500], side="right") - 1
    survival = curve.survival[at]
    assert survival == pytest.approx([0.867190, 0.530673, 0.296685], abs=5e-7)
    error = survival * np.sqrt(curve.variance[at])
    assert error == pytest.approx([0.0211650, 0.0276357, 0.0271757], abs=5e-8)


def test_log_rank_of_aml_and_lung(lung):
    # survdiff(Surv(time, status) ~ x, aml)$chisq = 3.396388699
    assert log_rank(AML_TIME, AML_EVENT, AML_KEPT)[0] == pytest.approx(3.396388699)
    # survdiff(Surv(time, status) ~ factor(ph.ecog) + strata(sex), ll)$chisq = 21.91393466
    found = log_rank(
        lung["time"].to_numpy(), lung["event"].to_numpy(),
        lung["ph.ecog"].to_numpy(), lung["sex"].to_numpy(),
    )  # fmt: skip
    assert found[0] == pytest.approx(21.91393466)


def test_clustered_cox_of_lung(lung):
    # coxph(Surv(time, status) ~ factor(sex) + factor(ph.ecog), ll, ties = "breslow",
    #       cluster = inst): coef and robust se
    clusters = lung["inst"].nunique()
    found = hazards(
        lung["time"].to_numpy(), lung["event"].to_numpy(), covariates(lung), lung["inst"].to_numpy()
    )
    assert found is not None
    assert found.beta == pytest.approx([-0.5475260, 0.4170424, 0.9559648, 2.0420418], abs=5e-8)
    error = np.sqrt(np.diag(found.covariance) * (clusters - 1) / clusters)
    assert error == pytest.approx([0.1206387, 0.1007179, 0.2361327, 0.1499762], abs=5e-8)


def test_proportional_hazards_of_lung(lung):
    # cox.zph(coxph(Surv(time, status) ~ factor(sex) + factor(ph.ecog), ll, ties = "breslow"),
    #         transform = "km"): chisq 2.75125, 6.10488, GLOBAL 8.44913; p 0.097178, 0.106618, 0.076444
    time, event, exog = lung["time"].to_numpy(), lung["event"].to_numpy(), covariates(lung)
    fit = hazards(time, event, exog, np.arange(len(lung)))
    assert fit is not None
    found = proportionality(time, event, exog, fit.beta, [slice(0, 1), slice(1, 4), slice(0, 4)])
    expected = [(2.75125, 0.097178), (6.10488, 0.106618), (8.44913, 0.076444)]
    assert np.array(found) == pytest.approx(np.array(expected), abs=5e-6)
