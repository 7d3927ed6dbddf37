"""Importance beside figures from elsewhere; each names the call or the page it comes from.

``swiss`` and ``mtcars`` are the data sets of R 4.2.2, written by ``write.csv``.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.drivers.importance import (
    coefficients,
    correlations,
    covariances,
    lmg,
    relative_weights,
)

DATA = Path(__file__).parent / "data"
PREDICTORS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def swiss() -> np.ndarray:
    return pd.read_csv(DATA / "swiss.csv")[[*PREDICTORS, "Fertility"]].to_numpy()


def mtcars(*predictors: str) -> np.ndarray:
    return pd.read_csv(DATA / "mtcars.csv")[[*predictors, "mpg"]].to_numpy()


def correlation(values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    weight = np.ones(len(values)) if weight is None else weight
    ones = np.column_stack([np.ones(len(values)), values])
    return correlations(covariances(ones.T @ (ones * weight[:, None])))


def test_lmg_of_relaimpo():
    # R: relaimpo 2.2-7, calc.relimp(Fertility ~ ., data = swiss, type = "lmg"), @R2 and @lmg
    parts = lmg(correlation(swiss()))
    assert parts.sum() == pytest.approx(0.7067350016, abs=1e-9)
    assert parts == pytest.approx(
        [0.05709122077, 0.17117302890, 0.26013467862, 0.10557015037, 0.11276592293], abs=1e-10
    )


def test_lmg_of_relaimpo_with_weights():
    # R: calc.relimp(Fertility ~ ., data = swiss, type = "lmg", weights = rep(1:3, length.out = 47))
    parts = lmg(correlation(swiss(), np.resize([1.0, 2, 3], 47)))
    assert parts.sum() == pytest.approx(0.7237051135, abs=1e-9)
    assert parts == pytest.approx(
        [0.06102021708, 0.18416693341, 0.26026839815, 0.10199280520, 0.11625675972], abs=1e-10
    )


def test_lmg_within_groups_is_relaimpos_with_the_groups_always_in():
    # R: g <- factor(rep(1:5, length.out = 47)); D <- model.matrix(~ g)[, -1]
    # d <- cbind(swiss, D); calc.relimp(d[, 1], d[, -1], type = "lmg", always = colnames(D))
    # @R2 0.7219219236, @R2.decomp 0.6938311455
    values, group = swiss(), np.resize(np.arange(5), 47)
    centred = values - np.array([values[group == code].mean(axis=0) for code in range(5)])[group]
    parts = lmg(correlation(centred))
    within = 1 - (0.7219219236 - 0.6938311455)
    assert parts.sum() == pytest.approx(0.6938311455 / within, abs=1e-9)
    assert parts * within == pytest.approx(
        [0.05447262550, 0.16579756062, 0.24940667740, 0.09820919577, 0.12594508626], abs=1e-9
    )


def test_general_dominance_of_domir():
    # domir 1.2.0, vignette "domir_basics": domin(mpg ~ am + cyl + carb, ..., lm, r.squared, mtcars)
    parts = lmg(correlation(mtcars("am", "cyl", "carb")))
    assert parts == pytest.approx([0.2156848, 0.4173094, 0.1783081], abs=5e-8)
    assert parts / parts.sum() == pytest.approx([0.2658501, 0.5143698, 0.2197801], abs=5e-8)


def test_relative_weights_of_rwa():
    # rwa 0.1.0, README: rwa(mtcars, "mpg", c("cyl", "disp", "hp", "gear"), applysigns = TRUE)
    matrix = correlation(mtcars("cyl", "disp", "hp", "gear"))
    parts = relative_weights(matrix)
    assert parts.sum() == pytest.approx(0.7791896, abs=5e-8)
    assert parts == pytest.approx([0.2284797, 0.2221469, 0.2321744, 0.0963886], abs=5e-8)
    assert 100 * parts / parts.sum() == pytest.approx(
        [29.32274, 28.50999, 29.79691, 12.37037], abs=5e-6
    )


def test_standardised_coefficients_of_lm():
    # R: coef(lm(scale(Fertility) ~ scale(Agriculture) + ... + scale(Infant.Mortality), swiss))
    assert coefficients(correlation(swiss())) == pytest.approx(
        [-0.312921282500, -0.164778222539, -0.670400780106, 0.347600028144, 0.251135976299],
        abs=1e-9,
    )
