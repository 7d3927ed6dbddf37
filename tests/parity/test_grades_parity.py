"""Grades beside figures from elsewhere; each names the call or the page it comes from."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.grades.breaks import kmeans, natural_breaks, squares_within
from analysis.grades.schemes import DeviationsScheme, NaturalBreaksScheme
from analysis.grades.supported import grades_at_price, majority_order

# R 4.2.2, datasets: as.numeric(precip) and rivers.
PRECIP = np.array([
    67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9, 11.5, 34.4,
    35.1, 38.7, 30.8, 30.6, 43.1, 56.8, 40.8, 41.8, 42.5, 31, 31.7, 30.2, 25.9, 49.2, 37, 35.9,
    15, 30.2, 7.2, 36.2, 45.5, 7.8, 33.4, 36.1, 40.2, 42.7, 42.5, 16.2, 39, 35, 37, 31.4, 37.6,
    39.9, 36.2, 42.8, 46.4, 24.7, 49.1, 46, 35.9, 7.8, 48.2, 15.2, 32.5, 44.7, 42.6, 38.8, 17.4,
    40.8, 29.1, 14.6, 59.2,
])  # fmt: skip
RIVERS = np.array([
    735, 320, 325, 392, 524, 450, 1459, 135, 465, 600, 330, 336, 280, 315, 870, 906, 202, 329,
    290, 1000, 600, 505, 1450, 840, 1243, 890, 350, 407, 286, 280, 525, 720, 390, 250, 327, 230,
    265, 850, 210, 630, 260, 230, 360, 730, 600, 306, 390, 420, 291, 710, 340, 217, 281, 352, 259,
    250, 470, 680, 570, 350, 300, 560, 900, 625, 332, 2348, 1171, 3710, 2315, 2533, 780, 280, 410,
    460, 260, 255, 431, 350, 760, 618, 338, 981, 1306, 500, 696, 605, 250, 411, 1054, 735, 233,
    435, 490, 310, 460, 383, 375, 1270, 545, 445, 1885, 380, 300, 380, 377, 425, 276, 210, 800,
    420, 350, 360, 538, 1100, 1205, 314, 237, 610, 360, 540, 1038, 424, 310, 300, 444, 301, 268,
    620, 215, 652, 900, 525, 246, 360, 529, 500, 720, 270, 430, 671, 1770,
], dtype=float)  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "inner", "counts", "fit"),
    [
        # R: classInt 0.4.9, ci <- classIntervals(x, n = k, style = "fisher"): the inner ci$brks,
        # rev(table(findCols(ci))), and "Goodness of fit" of jenks.tests(ci). Style "jenks" makes
        # the same classes, but its breaks are the highest score of each class, which it closes on
        # the right; those of "fisher" lie halfway between classes.
        (PRECIP, [25.3, 44.05], [15, 39, 16], 0.8557727776),
        (PRECIP, [21.8, 33.9, 41.3, 51.85], [6, 17, 20, 13, 14], 0.9485124639),
        (
            PRECIP,
            [12.25, 21.8, 32.1, 38.15, 44.05, 51.85],
            [6, 9, 17, 13, 11, 9, 5],
            0.9731999144,
        ),
        (RIVERS, [661.5, 1614.5], [6, 31, 104], 0.837669810034),
        (RIVERS, [514.5, 943.5, 1614.5, 3121.5], [1, 5, 12, 38, 85], 0.946332918305),
        (
            RIVERS,
            [367.5, 565, 820, 1135.5, 1614.5, 2100, 3121.5],
            [1, 3, 2, 7, 12, 23, 37, 56],
            0.984030289162,
        ),
    ],
)
def test_natural_breaks_are_those_of_class_int(scores, inner, counts, fit):
    upto = natural_breaks(scores, len(counts))
    assert np.diff(upto, prepend=0).tolist() == counts
    spread = ((scores - scores.mean()) ** 2).sum()
    assert 1 - squares_within(scores, upto) / spread == pytest.approx(fit, abs=1e-10)
    ordered = -np.sort(-scores)
    halfway = (ordered[upto[:-1] - 1] + ordered[upto[:-1]]) / 2
    assert halfway[::-1] == pytest.approx(inner)
    names = tuple(f"g{i}" for i in range(len(counts)))
    code = NaturalBreaksScheme(natural_breaks=names).classify(scores)
    assert (code == len(inner) - np.searchsorted(inner, scores)).all()


@pytest.mark.parametrize(
    ("scores", "classes", "within"),
    [
        # R 4.2.2: the least kmeans(x, start, algorithm = "Lloyd", iter.max = 500)$tot.withinss over
        # b in 0, .25, .5, .75, 1, where o <- sort(x, decreasing = TRUE); n <- length(o);
        # m <- (1:k - 0.5) / k; start <- (1 - b) * o[floor(m * n) + 1] + b * (o[1] - m * (o[1] - o[n]))
        (PRECIP, 3, 1869.64426923),
        (PRECIP, 5, 669.031680672),
        (PRECIP, 7, 388.871030303),
        (RIVERS, 3, 5543117.7626137),
        (RIVERS, 5, 1832579.3487616),
        (RIVERS, 8, 906915.99702381),
    ],
)
def test_k_means_comes_to_rest_where_lloyds_iteration_of_r_does(scores, classes, within):
    found = squares_within(scores, kmeans(scores, classes))
    assert found == pytest.approx(within, rel=1e-11)


def test_bands_of_standard_deviations_are_those_of_r():
    # R 4.2.2: table(findInterval(as.numeric(scale(precip)), c(-1.5, -.5, .5, 1.5)))
    bands = DeviationsScheme(deviations={"A": 1.5, "B": 0.5, "C": -0.5, "D": -1.5, "E": None})
    assert np.bincount(bands.classify(PRECIP))[::-1].tolist() == [7, 10, 30, 19, 4]


# DRrank (github.com/ekrose/drrank at 9f61736, MIT licence), example/name_example.csv: transformed
# contact rates of 76 first names and their standard errors, after Kline, Rose and Walters (2024).
NAMES = np.array([
    0.5378796, 0.5183938, 0.5376698, 0.5321293, 0.5349975, 0.5429654, 0.5195304, 0.5191337,
    0.5124635, 0.5348539, 0.5280289, 0.5273169, 0.5260304, 0.5200323, 0.5062785, 0.4948493,
    0.5319706, 0.5112022, 0.4788842, 0.5137125, 0.5141677, 0.549143, 0.5231071, 0.5050443,
    0.511581, 0.5282691, 0.5165567, 0.530145, 0.5045394, 0.5149137, 0.5045637, 0.5082949,
    0.495632, 0.5228567, 0.5121158, 0.4859548, 0.5427917, 0.4849729, 0.4962962, 0.4830228,
    0.480915, 0.496978, 0.4996683, 0.5046561, 0.4739943, 0.5048763, 0.4750718, 0.5468522,
    0.4771028, 0.4956731, 0.5198153, 0.5037281, 0.5249298, 0.4847282, 0.5163847, 0.55433,
    0.5187072, 0.5333228, 0.5152571, 0.5081589, 0.5160245, 0.495646, 0.4952836, 0.5377599,
    0.5261399, 0.5011643, 0.4760262, 0.4829698, 0.5408048, 0.5014312, 0.5213051, 0.5077116,
    0.519908, 0.4919754, 0.5075668, 0.4855093,
])  # fmt: skip
NAMES_SE = np.array([
    0.0137214, 0.0173332, 0.0174933, 0.0138126, 0.0136503, 0.0176103, 0.0137005, 0.0171587,
    0.0138957, 0.0173856, 0.0171808, 0.0174916, 0.0136642, 0.017532, 0.0137207, 0.0173658,
    0.0174299, 0.0138058, 0.0172069, 0.0173035, 0.0173923, 0.0136004, 0.0138248, 0.0173073,
    0.0137598, 0.0174053, 0.0137762, 0.0136353, 0.017168, 0.0174202, 0.0135525, 0.0137733,
    0.0136356, 0.01755, 0.0173994, 0.0172424, 0.017532, 0.0138026, 0.0137493, 0.0172041,
    0.0136894, 0.0136203, 0.0138753, 0.0137691, 0.0137927, 0.0172952, 0.017299, 0.0172252,
    0.0137336, 0.017418, 0.0136809, 0.0136384, 0.0172735, 0.0138904, 0.0174783, 0.0137249,
    0.0135906, 0.0173502, 0.0136813, 0.0172079, 0.0137271, 0.0137453, 0.0137443, 0.0173467,
    0.0138694, 0.0137318, 0.0136614, 0.0172353, 0.0174196, 0.0137029, 0.0137433, 0.0137234,
    0.0175341, 0.0137075, 0.0173075, 0.0173978,
])  # fmt: skip
# The prior that its README estimates, prior_estimate(thetas, s).estimate_prior(supp_points=5000,
# spline_order=5, seed=123) with the basis of R's splines::ns, at 51 even points from the least to
# the greatest estimate.
PRIOR = np.array([
    1.4069e-12, 4.7387e-11, 7.6932e-10, 1.1607e-08, 1.5688e-07, 1.8313e-06, 1.7797e-05,
    0.00013881, 0.00083768, 0.0037704, 0.012202, 0.027774, 0.046121, 0.05881, 0.060607, 0.05313,
    0.041701, 0.030844, 0.022628, 0.01733, 0.014584, 0.01401, 0.015144, 0.017921, 0.022593,
    0.029519, 0.038895, 0.050283, 0.062056, 0.071136, 0.073694, 0.067491, 0.05461, 0.03923,
    0.025139, 0.01444, 0.0074704, 0.0034977, 0.0014892, 0.00057937, 0.00020695, 6.8237e-05,
    2.0925e-05, 6.0161e-06, 1.6348e-06, 4.2326e-07, 1.0526e-07, 2.5345e-08, 5.9572e-09,
    1.3778e-09, 1.5805e-10,
])  # fmt: skip


@pytest.fixture(scope="module")
def names() -> tuple[np.ndarray, np.ndarray]:
    """Posterior means of the names, and the probability that each is above each other."""
    support = np.linspace(NAMES.min(), NAMES.max(), len(PRIOR))
    mass = norm.pdf((NAMES[:, None] - support) / NAMES_SE[:, None]) * PRIOR
    mass /= mass.sum(axis=1, keepdims=True)
    return mass @ support, mass @ (np.cumsum(mass, axis=1) - mass / 2).T


def test_posteriors_are_those_of_drrank(names):
    # README, "Estimation of posterior features": pmean of the first five names
    published = [0.522524, 0.515032, 0.52051, 0.521265, 0.521993]
    assert names[0][:5] == pytest.approx(published, abs=2e-6)


def test_the_majority_order_is_the_condorcet_rank_of_drrank(names):
    # README, "Computing grades": condorcet_rank of Adam, Aisha, Allison, Amanda, Amy
    rank = np.argsort(majority_order(names[1])) + 1
    assert rank[:5].tolist() == [3, 32, 12, 9, 5]


def test_grades_are_those_of_drrank(names):
    # README and example/name_ranking.jpg, fit(pis, lamb = 0.25): two grades, of 53 and 23 names;
    # the last of the first is Marquis (the 52nd name), the first of the second Tawanda (the 70th)
    code = grades_at_price(names[1], 0.25, most=76)
    assert np.bincount(code).tolist() == [53, 23]
    assert majority_order(names[1])[52:54].tolist() == [51, 69]
    assert (code[51], code[69]) == (0, 1)
