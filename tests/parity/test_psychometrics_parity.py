"""Alpha, omega, KMO and parallel analysis against R psych 2.2.9 (R 4.2.2), on data sets of R.

The calls stand beside the figures; ``attitude`` and ``Harman23.cor`` come with R.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.audit.consistency import cronbach_alpha, mcdonald_omega, one_factor
from analysis.audit.dimensions import kmo, parallel_analysis
from analysis.audit.items import rest_points
from indicators.figures.treat import shape_of

ATTITUDE = np.array(
    [
        43, 51, 30, 39, 61, 92, 45, 63, 64, 51, 54, 63, 73, 47, 71, 70, 68, 69, 76, 86, 48,
        61, 63, 45, 47, 54, 84, 35, 81, 78, 56, 66, 71, 83, 47, 43, 55, 49, 44, 54, 49, 34,
        58, 67, 42, 56, 66, 68, 35, 71, 75, 50, 55, 70, 66, 41, 72, 82, 72, 67, 71, 83, 31,
        67, 61, 45, 47, 62, 80, 41, 64, 53, 53, 58, 58, 67, 34, 67, 60, 47, 39, 59, 74, 41,
        69, 62, 57, 42, 55, 63, 25, 68, 83, 83, 45, 59, 77, 35, 77, 77, 54, 72, 79, 77, 46,
        81, 90, 50, 72, 60, 54, 36, 74, 85, 64, 69, 79, 79, 63, 65, 60, 65, 75, 55, 80, 60,
        65, 70, 46, 57, 75, 85, 46, 50, 58, 68, 54, 64, 78, 52, 50, 40, 33, 34, 43, 64, 33,
        64, 61, 52, 62, 66, 80, 41, 53, 66, 52, 50, 63, 80, 37, 40, 37, 42, 58, 50, 57, 49,
        63, 54, 42, 48, 66, 75, 33, 66, 77, 66, 63, 88, 76, 72, 78, 75, 58, 74, 80, 78, 49,
        48, 57, 44, 45, 51, 83, 38, 85, 85, 71, 71, 77, 74, 55, 82, 82, 39, 59, 64, 78, 39,
    ],
    dtype=float,
).reshape(30, 7)  # fmt: skip
FOUR = [0, 1, 3, 4]
"""rating, complaints, learning, raises"""
_LOWER = [
    0.846, 0.805, 0.859, 0.473, 0.398, 0.301, 0.382, 0.881, 0.826, 0.376, 0.326, 0.277, 0.415,
    0.801, 0.380, 0.319, 0.237, 0.345, 0.436, 0.329, 0.327, 0.365, 0.762, 0.730, 0.629, 0.583,
    0.577, 0.539,
]  # fmt: skip


def harman() -> np.ndarray:
    """Return R's Harman23.cor: eight measures of 305 girls."""
    matrix = np.eye(8)
    columns, rows = np.triu_indices(8, 1)
    matrix[rows, columns] = matrix[columns, rows] = _LOWER
    return matrix


def holed() -> pd.DataFrame:
    """Return attitude[3, 2] <- NA; attitude[7, 5] <- NA."""
    frame = pd.DataFrame(ATTITUDE)
    frame.iloc[2, 1] = frame.iloc[6, 4] = np.nan
    return frame


def test_alpha():
    covariance = np.cov(ATTITUDE.T)
    # alpha(attitude)$total$raw_alpha; $std.alpha
    assert cronbach_alpha(covariance) == pytest.approx(0.8431427696, abs=1e-9)
    assert cronbach_alpha(np.corrcoef(ATTITUDE.T)) == pytest.approx(0.839083803, abs=1e-9)
    # alpha(attitude[, c("rating", "complaints", "learning", "raises")])$total$raw_alpha
    assert cronbach_alpha(covariance[np.ix_(FOUR, FOUR)]) == pytest.approx(0.8837976061, abs=1e-9)
    # alpha(Harman23.cor$cov)$total$std.alpha
    assert cronbach_alpha(harman()) == pytest.approx(0.896073048092, abs=1e-9)


def test_alpha_with_missing_answers_takes_what_each_pair_has():
    # alpha(holed)$total$raw_alpha; KMO(holed)$MSA
    assert cronbach_alpha(holed().cov().to_numpy()) == pytest.approx(0.8455190349, abs=1e-9)
    assert kmo(holed().corr().to_numpy())[0] == pytest.approx(0.7626619474, abs=1e-9)


@pytest.mark.parametrize(
    ("correlation", "loadings", "omega"),
    [
        # L <- as.vector(fa(attitude, 1, fm = "minres")$loadings)
        # sum(L)^2 / (sum(L)^2 + sum(1 - L^2))
        (
            np.corrcoef(ATTITUDE.T),
            [0.7577722249, 0.8338271617, 0.6034272763, 0.7887270563, 0.8411193771, 0.2844648071,
             0.4910468649],
            0.8506823948,
        ),
        # the same of attitude[, c("rating", "complaints", "learning", "raises")]
        (
            np.corrcoef(ATTITUDE[:, FOUR].T),
            [0.8584073755, 0.8924926522, 0.736672239, 0.7588947093],
            0.8866050401,
        ),
        # the same of Harman23.cor$cov, n.obs = 305
        (
            harman(),
            [0.860267537402, 0.836354824698, 0.797750870583, 0.832237267074, 0.692281628515,
             0.598155198978, 0.537021389146, 0.597002483381],
            0.898176810311,
        ),
    ],
)  # fmt: skip
def test_omega_of_one_minres_factor(correlation, loadings, omega):
    """psych stops its optimiser earlier: the loadings agree to four decimals."""
    assert one_factor(correlation) == pytest.approx(np.array(loadings), abs=1e-4)
    assert mcdonald_omega(correlation) == pytest.approx(omega, abs=1e-5)


def test_kmo():
    # KMO(attitude)$MSA; $MSAi
    overall, each = kmo(np.corrcoef(ATTITUDE.T))
    assert overall == pytest.approx(0.7632754322, abs=1e-9)
    assert each == pytest.approx(
        np.array([0.7317264047, 0.7374956866, 0.8441830706, 0.8114142307, 0.8143752141,
                  0.6935977497, 0.6510743878]),
        abs=1e-9,
    )  # fmt: skip
    # KMO(Harman23.cor$cov)$MSA
    assert kmo(harman())[0] == pytest.approx(0.845460850661, abs=1e-9)


@pytest.mark.parametrize(
    ("correlation", "n", "dimensions", "drawn"),
    [
        # set.seed(1); sim <- replicate(2000, eigen(cor(matrix(rnorm(30 * 7), 30)))$values)
        # apply(sim, 1, quantile, .95)
        # fa.parallel(attitude, fa = "pc", n.iter = 2000, quant = .95)$ncomp
        (
            np.corrcoef(ATTITUDE.T), 30, 1,
            [2.0515044275, 1.6018823206, 1.3026533611, 1.0786129072, 0.8901945365, 0.7182913127,
             0.5324436060],
        ),
        # fa.parallel(Harman23.cor$cov, n.obs = 305, fa = "pc", n.iter = 2000, quant = .95)$ncomp
        (harman(), 305, 2, None),
    ],
)  # fmt: skip
def test_parallel_analysis(correlation, n, dimensions, drawn):
    found, thresholds = parallel_analysis(correlation, n, draws=4000)
    assert found == dimensions
    if drawn:
        assert thresholds == pytest.approx(np.array(drawn), abs=0.03)


def test_mean_eigenvalues_of_chance():
    """fa.parallel(Harman23.cor$cov, n.obs = 305, ...)$pc.sim: the mean of 2000 draws."""
    medians = parallel_analysis(harman(), 305, draws=4000, quantile=0.5)[1]
    assert medians == pytest.approx(
        np.array([1.24423605, 1.15398192, 1.08347764, 1.02371537, 0.96691564, 0.90840806,
                  0.84632803, 0.7729373]),
        abs=0.01,
    )  # fmt: skip


def test_corrected_item_total_correlations():
    # alpha(attitude)$item.stats$r.drop
    expected = [0.6712620572, 0.7421097102, 0.5607111115, 0.7144454981, 0.7862755938,
                0.2650343392, 0.4608105495]  # fmt: skip
    found = [np.corrcoef(ATTITUDE[:, at], rest_points(ATTITUDE, at))[0, 1] for at in range(7)]
    assert found == pytest.approx(expected, abs=1e-9)


def test_skewness_and_kurtosis():
    # e1071: sapply(attitude, skewness, type = 2); sapply(attitude, kurtosis, type = 2)
    shapes = np.array([shape_of(column) for column in ATTITUDE.T])
    assert shapes[[0, 6], 0] == pytest.approx([-0.3967148053, 0.9425593503], abs=1e-9)
    assert shapes[[0, 6], 1] == pytest.approx([-0.49460977325, 1.07314412983], abs=1e-9)
