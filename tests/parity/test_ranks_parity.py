"""Rank sets and adjusted scores beside figures from R; each names the call it comes from.

csranks 1.2.2.9001, sources of github.com/danielwilhelm/R-CS-ranks at
bd4f75576a1fb7da482500e2a1446aa1b72339cc, run with R 4.2.2 on its data `pisa2018`, with

    x <- pisa2018$math_score; S <- diag(pisa2018$math_se^2)

Critical values are quantiles of draws on both sides, so R was run with R = 20000 and several seeds.
A bound that changes with the seed of R lies on the edge, and is given with all its values: 7/8.
With the seed used here all 454 bounds agree; with five others at most one of the 38 bounds of a
kind moved, by one rank.
deconvolveR 1.2-1, github.com/bnaras/deconvolveR at 07e0333075f7c2677b7f36329e85dc176ce4dcab.
metafor 3.8.1.
"""

import numpy as np
import pytest

from analysis.ranks.deconvolution import fit_prior, posterior
from analysis.ranks.population import Population, fit_population, pool
from analysis.ranks.rank_sets import RankSets, gaussian_errors, rank_sets, tau_best, tau_worst
from analysis.ranks.ranking import rank_scores
from analysis.ranks.shrinkage import normal_posterior, shrink

# country, math_score, math_se, reading_score, reading_se of csranks' pisa2018 (PISA 2018, OECD)
PISA = [
    ("Australia", 491.3600252473, 1.9398330305, 502.6317242965, 1.6343430617),
    ("Austria", 498.9423137702, 2.9709986944, 484.3925684679, 2.6974721157),
    ("Belgium", 508.0703063026, 2.2626620107, 492.8644386514, 2.3219733462),
    ("Canada", 512.0169429268, 2.3574757495, 520.0855209497, 1.7997161683),
    ("Chile", 417.4065563086, 2.4158875701, 452.2725541835, 2.6437661422),
    ("Colombia", 390.9322732049, 2.9895592736, 412.2950849934, 3.2513438183),
    ("Costa Rica", 402.3305585360, 3.2887993529, 426.4982250097, 3.4203069609),
    ("Czech Republic", 499.4676508230, 2.4606615313, 490.2188148365, 2.5478510056),
    ("Denmark", 509.3983745843, 1.7350023367, 501.1299337100, 1.7954575355),
    ("Estonia", 523.4145801867, 1.7436022236, 523.0170183682, 1.8422421711),
    ("Finland", 507.3013618444, 1.9679204113, 520.0787481917, 2.3071019794),
    ("France", 495.4075793913, 2.3202144874, 492.6064791968, 2.3209789009),
    ("Germany", 500.0437805117, 2.6470830961, 498.2792569465, 3.0254080140),
    ("Greece", 451.3703438079, 3.0912281968, 457.4143947657, 3.6209997166),
    ("Hungary", 481.0826363590, 2.3195967411, 475.9866722490, 2.2509620984),
    ("Iceland", 495.1873762218, 1.9530826031, 473.9743169066, 1.7415105683),
    ("Ireland", 499.6328939678, 2.1986211282, 518.0784592092, 2.2444777642),
    ("Israel", 463.0345487984, 3.4985632277, 470.4151779885, 3.6709853463),
    ("Italy", 486.5898572593, 2.7800458669, 476.2846792907, 2.4389102776),
    ("Japan", 526.9732501692, 2.4714753180, 503.8560409596, 2.6709735498),
    ("Korea", 525.9330020396, 3.1213943150, 514.0522882434, 2.9405429450),
    ("Latvia", 496.1263306225, 1.9627667890, 478.6986741576, 1.6168558058),
    ("Lithuania", 481.1911883955, 1.9532820388, 475.8734796900, 1.5182764610),
    ("Luxembourg", 483.4214850079, 1.0976324088, 469.9853892538, 1.1258908688),
    ("Mexico", 408.8014733753, 2.4932255441, 420.4688923012, 2.7462787312),
    ("Netherlands", 519.2309823930, 2.6322778853, 484.7837251087, 2.6508644200),
    ("New Zealand", 494.4896759755, 1.7059428565, 505.7272834164, 2.0431431177),
    ("Norway", 500.9637884628, 2.2190448783, 499.4509562526, 2.1718487685),
    ("Poland", 515.6478746538, 2.6020851757, 511.8556953894, 2.7024579623),
    ("Portugal", 492.4874061520, 2.6845700812, 491.8007851482, 2.4289307461),
    ("Slovak Republic", 486.1648542212, 2.5555957066, 457.9839669915, 2.2341291604),
    ("Slovenia", 508.8975440691, 1.3638775964, 495.3456151607, 1.2322992758),
    ("Spain", 481.3926125844, 1.4624177632, np.nan, np.nan),
    ("Sweden", 502.3877021545, 2.6542509347, 505.7852204846, 3.0247715616),
    ("Switzerland", 515.3147131095, 2.9080038976, 483.9294051739, 3.1243224464),
    ("Türkiye", 453.5077774350, 2.2604067890, 465.6316656882, 2.1714372144),
    ("United Kingdom", 501.7698991850, 2.5644281110, 503.9281093958, 2.5825913266),
    ("United States", 478.2447173726, 3.2354440991, 505.3527705228, 3.5686732158),
]
COUNTRIES = [row[0] for row in PISA]
MATHS, MATHS_SE, READING, READING_SE = np.array([row[1:] for row in PISA]).T
DRAWS, SEED = 20_000, 6


def bounds(printed: str) -> list[set[int]]:
    """Read R's printed bounds, several where they changed with the seed."""
    return [set(map(int, each.split("/"))) for each in printed.split()]


def within(found: np.ndarray, printed: str) -> bool:
    return all(int(each) in allowed for each, allowed in zip(found, bounds(printed), strict=True))


@pytest.fixture(scope="module")
def errors() -> np.ndarray:
    return gaussian_errors(MATHS_SE, DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def together(errors: np.ndarray) -> RankSets:
    return rank_sets(MATHS, errors, simultaneous=True)


@pytest.mark.parametrize(
    ("stepdown", "low", "high"),
    [
        # csranks(x, S, stepdown = TRUE, R = 20000, seed = 1:4)
        (
            True,
            "12 7 4 3 35 37 35 7 4 1 4 12 7 32 23 12 8 31 15 1 1 12 23 23 35 1 12 7 1 12 18 4 24 5 1 32 6 23",
            "30 26 18 17 37 38 38 25 18 6 18 26 25 34 31 26 25 34 31 6 7 26 31 31 37 11 26 24 12 31 31 18 31 24 13 34 24 32",
        ),
        # csranks(x, S, stepdown = FALSE, R = 20000, seed = 1:4)
        (
            False,
            "12 7 4 3 35 37 35 7 4 1 4 12 7 32 23 12 8 31 15 1 1 12 23 23 35 1 12 7 1 12 16 4 24 5 1 32 5 23",
            "30 26 18 17 37 38 38 26 18 6 18 26 26 34 31 26 25 34 31 6 7 26 31 31 37 11 26 24 13 31 31 18 31 24 13 34 24 32",
        ),
    ],
)
def test_simultaneous_sets_of_pisa(errors, stepdown, low, high):
    sets = rank_sets(MATHS, errors, simultaneous=True, stepdown=stepdown)
    assert within(sets.low, low)
    assert within(sets.high, high)


@pytest.mark.parametrize(
    ("stepdown", "low", "high"),
    [
        # csranks(x, S, stepdown = TRUE, simul = FALSE, R = 20000, seed = 1:10)
        (
            True,
            "15 10 5 4 35 37 36 10 5 1 5 12 10 32 25 12 10 32 19 1 1 12 25 25 35 1 12 10 2 12 20 5 25 7 2 32 7/8 25",
            "26 24 18 12 36 38 38 24 14/15 6 18 26 24 34 31 26 24 34 31 4 6 25 31 31 37 7 26 23 11 26 31 14/16 31 23 11 34 23 31",
        ),
        # csranks(x, S, stepdown = FALSE, simul = FALSE, R = 20000, seed = 1:10)
        (
            False,
            "15 10 5 4 35 37 36 10 4/5 1 5 12 8 32 25 12 10 32 19 1 1 12 25 24 35 1 12 8 2 12 20 5 25 7 2 32 7 25",
            "26 24 18 13 36 38 38 24 16 6 18 26 24 34 31 26 24 34 31 4/5 6 25/26 31 31 37 7 26 23 11 26 31 16 31 23 11 34 23 31",
        ),
    ],
)
def test_marginal_sets_of_pisa(errors, stepdown, low, high):
    sets = rank_sets(MATHS, errors, stepdown=stepdown)
    assert within(sets.low, low)
    assert within(sets.high, high)


def test_one_sided_marginal_sets_of_pisa(errors):
    # csranks(x, S, cstype = "lower", simul = FALSE, R = 20000, seed = 1:10)
    low = "16 10 5 4 35 38 36 10 5 1 5 12 10 33 25 12 10 32 20 1 1 12 25 25 36 1 12 10 2 12 23 5 25 7/8 2 32 8 25"
    assert within(rank_sets(MATHS, errors, side="best").low, low)
    # csranks(x, S, cstype = "upper", simul = FALSE, R = 20000, seed = 1:10)
    high = "26 24 16/17 11 36 38 38 24 13 4 18 26 23/24 34 31 25 23 34 31 3 4 24 31 31 37 7 26 23 10 26 31 13 31 22/23 11 34 23 31"
    assert within(rank_sets(MATHS, errors, side="worst").high, high)


def test_sets_of_correlated_estimates():
    # keep <- !is.na(pisa2018$reading_score); x <- pisa2018$reading_score[keep]
    # se <- pisa2018$reading_se[keep]; half <- rep(1:2, each = 19)[keep]
    # S <- outer(se, se) * (diag(0.1, 37) + 0.9 * outer(half, half, "=="))
    # csranks(x, S, R = 20000, seed = 1:6)
    low = "5 20 11 2 32 36 35 14 6 1 1 11 6 30 22 22 2 22 22 7 1 22 24 26 35 17 7 11 1 14 31 13 6 17 26 7 5"
    high = "15 25 22 6 34 37 36 22 17 4 7 22 19 34 31 31 8 32 31 16 7 28 29 32 37 27 14 19 9 21 34 20 16 28 32 16 18"
    half = np.repeat([0, 1], 19)
    covariance = np.outer(READING_SE, READING_SE) * (
        0.1 * np.eye(38) + 0.9 * (half[:, None] == half)
    )
    drawn = gaussian_errors(covariance, DRAWS, seed=SEED)
    sets = rank_sets(READING, drawn, simultaneous=True)
    there = ~np.isnan(READING)
    assert within(sets.low[there], low)
    assert within(sets.high[there], high)
    assert np.isnan(sets.low[~there]).all()


@pytest.mark.parametrize(
    ("level", "tau", "best"),
    [
        # vignette "Inference for Ranks" of csranks: cstaubest(x, S, tau = 5, coverage = 0.95)
        (0.95, 5, "Belgium Canada Denmark Estonia Finland Japan Korea Netherlands Poland Slovenia Sweden Switzerland"),
        # the same, coverage = 0.9: "we can now exclude Sweden"
        (0.9, 5, "Belgium Canada Denmark Estonia Finland Japan Korea Netherlands Poland Slovenia Switzerland"),
        # cstaubest(x, S, tau = 3, R = 20000, seed = 1:4)
        (0.95, 3, "Canada Estonia Japan Korea Netherlands Poland Switzerland"),
    ],
)  # fmt: skip
def test_countries_that_may_be_among_the_best(errors, together, level, tau, best):
    sets = together
    if level != together.level:
        sets = rank_sets(MATHS, errors, simultaneous=True, level=level)
    assert [COUNTRIES[at] for at in np.flatnonzero(tau_best(sets, tau))] == best.split()


def test_countries_that_may_be_among_the_worst(together):
    # cstauworst(x, S, tau = 5, R = 20000, seed = 1:4)
    worst = ["Chile", "Colombia", "Costa Rica", "Greece", "Israel", "Mexico", "Türkiye"]
    assert [COUNTRIES[at] for at in np.flatnonzero(tau_worst(together, 5))] == worst


def test_the_united_kingdom_in_the_vignette(errors):
    # csranks(x, S, simul = FALSE, indices = uk_i, coverage = 0.95): L 8, rank 13, U 23; the text of
    # the vignette says "between 7 and 23", and 7 is what two of ten seeds give with R = 20000
    uk = COUNTRIES.index("United Kingdom")
    sets = rank_sets(MATHS, errors)
    assert rank_scores(MATHS)[uk] == 13
    assert sets.low[uk] in (7, 8)
    assert sets.high[uk] == 23


# metafor 3.8.1: dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg,
# data = dat.bcg); dat$yi, sqrt(dat$vi)
BCG = np.array([
    [-0.8893113339, 0.5706003549], [-1.5853886572, 0.4411135017], [-1.3480731483, 0.6444904696],
    [-1.4415511900, 0.1414568199], [-0.2175473222, 0.2262966464], [-0.7861155858, 0.0831000509],
    [-1.6208982236, 0.4722470197], [0.0119523335, 0.0629410780], [-0.4694176487, 0.2375588568],
    [-1.3713448035, 0.2702310005], [-0.3393588283, 0.1114101161], [0.4459134006, 0.7297299810],
    [-0.0173139482, 0.2672165034],
]).T  # fmt: skip


def test_mean_and_variance_of_the_vaccine_trials():
    # r <- rma(yi, vi, data = dat, method = "REML", control = list(threshold = 1e-12));
    # c(coef(r), r$se, r$tau2)
    found = fit_population(*BCG)
    assert (found.mean, found.tau2) == pytest.approx((-0.7145323422, 0.3132432581), abs=1e-7)
    assert pool(*BCG, np.array([0.3132432581]))[1] == pytest.approx(0.1797815161, abs=1e-9)
    # sapply(c(.05, .3, 1, 4), function(t) logLik(rma(yi, vi, data = dat, method = "REML", tau2 = t)))
    likelihood = pool(*BCG, np.array([0.05, 0.3, 1, 4]))[2]
    assert np.diff(likelihood) == pytest.approx(
        np.diff([-19.10105501, -12.20563711, -14.23801063, -20.25014943]), abs=1e-7
    )


def test_posteriors_of_the_vaccine_trials_under_a_known_variance():
    # r <- rma(yi, vi, data = dat, tau2 = 0.25); b <- blup(r); b$pred; b$se; b$pi.lb; b$pi.ub
    pred = [
        -0.78651649, -1.20119800, -0.94823720, -1.38715812, -0.30086105, -0.78400470, -1.19029135,
        0.00072817, -0.51327965, -1.22129167, -0.35677612, -0.33905829, -0.17066770,
    ]  # fmt: skip
    se = [
        0.38737421, 0.33851612, 0.40816057, 0.13665829, 0.20804941, 0.08209455, 0.35195841,
        0.06250085, 0.21669634, 0.24061800, 0.10902088, 0.42736286, 0.23848369,
    ]  # fmt: skip
    low = [
        -1.54575599, -1.86467741, -1.74821722, -1.65500343, -0.70863040, -0.94490706, -1.88011716,
        -0.12177124, -0.93799667, -1.69289428, -0.57045311, -1.17667410, -0.63808714,
    ]  # fmt: skip
    high = [
        -0.02727699, -0.53771859, -0.14825718, -1.11931280, 0.10690830, -0.62310234, -0.50046554,
        0.12322758, -0.08856263, -0.74968906, -0.14309912, 0.49855752, 0.29675175,
    ]  # fmt: skip
    known = Population(np.nan, 0.25, np.array([0.5]), np.ones(1))
    found = normal_posterior(*BCG, known)
    for figure, theirs in zip(
        (found.adjusted, found.sd, found.low, found.high), (pred, se, low, high), strict=True
    ):
        assert figure == pytest.approx(theirs, abs=1e-7)
    # 1 - (b$pred - dat$yi) / (coef(r) - dat$yi), coef(r) = -0.7075855501
    weight = 1 - (pred - BCG[0]) / (-0.7075855501 - BCG[0])
    assert found.reliability == pytest.approx(weight, abs=1e-6)


def test_eight_schools_averaged_over_the_variance():
    # R 4.2.2: y <- c(28, 8, -3, 7, -1, 1, 18, 12); s <- c(15, 10, 16, 11, 9, 11, 10, 18);
    # posterior mean, sd, quantiles .025 and .975 and mean of t^2 / (t^2 + s^2), by integrate(.., 0,
    # Inf, rel.tol = 1e-10) over t with weight exp(logLik(rma(y, s^2, method = "REML", tau2 = t^2)))
    theirs = np.array([
        [11.40026, 8.34142, -2.10502, 31.62342, 0.17494],
        [7.89455, 6.27484, -4.65946, 20.66179, 0.27724],
        [6.13075, 7.76517, -11.48227, 20.45918, 0.16111],
        [7.64468, 6.54626, -5.69493, 20.86168, 0.25102],
        [5.12642, 6.35742, -8.90488, 16.46861, 0.30748],
        [6.13854, 6.71029, -8.55885, 18.59209, 0.25102],
        [10.66698, 6.78559, -1.16112, 25.97013, 0.27724],
        [8.45682, 7.88820, -7.07761, 25.57899, 0.13777],
    ])  # fmt: skip
    found, findings = shrink(
        np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    )
    ours = np.stack([found.adjusted, found.sd, found.low, found.high, found.reliability], axis=1)
    assert ours == pytest.approx(theirs, abs=0.002)
    # rma(y, s^2, method = "REML")$tau2 is 0
    assert found.tau2 == 0
    assert [finding.check for finding in findings] == ["no-true-differences"]


DECONVOLVED: list[tuple[float, list[float], list[float]]] = [
    (
        0.1,
        [
            0.0065331314,
            0.0398348794,
            0.0000803485,
            0.0000006164,
            0.0000581404,
            0.0491400007,
            0.0171566043,
        ],
        [-1.28786836, -1.23063042, 0.83784323, 0.91791806],
    ),
    (
        1,
        [
            0.0133877996,
            0.0269816457,
            0.0043026214,
            0.0011307621,
            0.0039619348,
            0.0282055339,
            0.0525189301,
        ],
        [-1.27028713, -1.15371480, 0.82225516, 0.97326383],
    ),
    (
        4,
        [
            0.0161522227,
            0.0196325570,
            0.0111593853,
            0.0074530460,
            0.0111572117,
            0.0227659520,
            0.0357424341,
        ],
        [-1.25680037, -1.08152877, 0.73457381, 0.94319272],
    ),
]


def test_deconvolution_of_unequal_errors():
    # tau <- seq(min(x), max(x), length.out = 61); P <- sapply(tau, function(t) dnorm(x, t, se))
    # Q <- scale(splines::ns(tau, 5), center = TRUE, scale = FALSE)
    # Q <- apply(Q, 2, function(w) w / sqrt(sum(w * w)))
    # r <- deconv(tau = tau, y = rep(1, 60), P = P, Q = Q, c0 = c0, steptol = 1e-12, iterlim = 1000)
    # g <- r$stats[, "g"]; g[c(1, 11, 21, 31, 41, 51, 61)]
    # post <- t(t(P) * g); (post %*% tau / rowSums(post))[1:4]
    at = np.arange(60)
    se = 0.3 + 0.01 * (at % 7)
    x = np.round(np.where(at % 5 < 2, -1.3, 0.9) + se * np.sin(at**2), 3)
    for c0, mass, means in DECONVOLVED:
        prior = fit_prior(x, se, c0, points=61)
        assert prior.mass[::10] == pytest.approx(mass, abs=1e-7)
        found = posterior(prior, x, se) @ prior.support
        assert found[:4] == pytest.approx(means, abs=1e-5)
