"""The distribution of true scores behind noisy ones, of any smooth shape: deconvolution.

Efron (2016), "Empirical Bayes deconvolution estimates", Biometrika 103:1-20: the log density of the
true scores is a natural spline, fitted by penalised likelihood. Of the two methods in use it is the
smooth one. The nonparametric maximum likelihood of Kiefer and Wolfowitz (1956) puts all true scores
on a handful of points, so that intervals are a point wide and pairs of units tie, where ranks and
grades need to know which of two units is the better.
"""

from dataclasses import dataclass

import numpy as np
import scipy

POINTS = 200
"""Points that the distribution is held on, evenly over the range of the estimates."""
FREEDOM = 5
"""Degrees of freedom of the spline; the default of Narasimhan and Efron's deconvolveR."""
PENALTIES = (1e-2, 1e2)
"""Least and greatest penalty tried."""


@dataclass(frozen=True)
class Prior:
    """A distribution of true scores on a grid.

    Parameters
    ----------
    support, mass
        Points and their probabilities, shape (M,).
    penalty
        Weight of the penalty it was fitted with.
    """

    support: np.ndarray
    mass: np.ndarray
    penalty: float

    @property
    def mean(self) -> float:
        """Its mean."""
        return float(self.mass @ self.support)

    @property
    def variance(self) -> float:
        """Its variance."""
        return float(self.mass @ (self.support - self.mean) ** 2)


def deconvolve(estimates: np.ndarray, se: np.ndarray, variance: float) -> Prior:
    """Estimate the distribution of true scores, with the penalty that gives it a known variance.

    Parameters
    ----------
    estimates, se
        Scores and their standard errors, not all scores the same. Shape (U,).
    variance
        Variance of the true scores, estimated without a shape for them.

    Notes
    -----
    The penalty draws the distribution towards an even one over the range of the estimates, so a
    heavy one makes it too wide. Kline, Rose and Walters (2024, "A discrimination report card",
    American Economic Review) therefore choose the penalty that matches the variance net of error;
    so does this. Where none of `PENALTIES` matches, the nearer end is taken.
    """

    def gap(log_penalty: float) -> float:
        return fit_prior(estimates, se, np.exp(log_penalty)).variance - variance

    low, high = np.log(PENALTIES)
    if gap(low) >= 0:
        best = low
    elif gap(high) <= 0:
        best = high
    else:
        best = scipy.optimize.root_scalar(gap, bracket=(low, high), xtol=0.01).root
    return fit_prior(estimates, se, float(np.exp(best)))


def fit_prior(
    estimates: np.ndarray,
    se: np.ndarray,
    penalty: float = 1.0,
    *,
    freedom: int = FREEDOM,
    points: int = POINTS,
) -> Prior:
    """Fit the distribution of true scores by penalised maximum likelihood.

    Parameters
    ----------
    estimates, se
        Scores and their standard errors, not all scores the same. Shape (U,).
    penalty
        Weight c0 of the length of the spline's coefficients.
    freedom
        Degrees of freedom of the spline.
    points
        Points M of the grid.

    Returns
    -------
    `Prior`: mass proportional to exp(Q a), with a natural spline basis Q and the a that maximises
    the log likelihood less penalty x length of a.
    """
    support = np.linspace(estimates.min(), estimates.max(), points)
    likelihood = _likelihood(estimates, se, support)
    basis = _spline_basis(support, freedom)

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        mass = _mass(basis, coefficients)
        marginal = likelihood @ mass
        length = np.sqrt(coefficients @ coefficients)
        slope = basis.T @ (mass * ((1 / marginal) @ likelihood - len(estimates)))
        value = penalty * length - np.log(marginal).sum()
        return value, penalty * coefficients / length - slope

    fit = scipy.optimize.minimize(
        loss, np.ones(freedom), jac=True, method="BFGS", options={"gtol": 1e-6}
    )
    return Prior(support, _mass(basis, fit.x), penalty)


def posterior(prior: Prior, estimates: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Return the probability of every point of the support for each unit, shape (U, M)."""
    weight = _likelihood(estimates, se, prior.support) * prior.mass
    return weight / weight.sum(axis=1, keepdims=True)


def quantile(support: np.ndarray, mass: np.ndarray, probability: float) -> np.ndarray:
    """Return a quantile of each row of probabilities, spread evenly about their points.

    Parameters
    ----------
    support
        Evenly spaced points, shape (M,).
    mass
        Probabilities, shape (U, M).
    probability
        Between 0 and 1.

    Returns
    -------
    Shape (U,).
    """
    half = (support[1] - support[0]) / 2
    edges = np.append(support - half, support[-1] + half)
    below = np.cumsum(mass, axis=1)
    return np.array([np.interp(probability, [0, *row], edges) for row in below])


def _likelihood(estimates: np.ndarray, se: np.ndarray, support: np.ndarray) -> np.ndarray:
    """Return the density of each estimate at each point; no error is finer than the grid."""
    width = np.maximum(se, support[1] - support[0])[:, None]
    return scipy.stats.norm.pdf((estimates[:, None] - support) / width) / width


def _mass(basis: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    log_mass = basis @ coefficients
    mass = np.exp(log_mass - log_mass.max())
    return mass / mass.sum()


def _spline_basis(support: np.ndarray, freedom: int) -> np.ndarray:
    """Return a natural cubic spline basis, centred and scaled as deconvolveR does, (M, freedom).

    The columns are those of R's ``splines::ns``: cubic B-splines with inner knots at quantiles,
    turned so that the second derivative is zero at both ends.
    """
    inner = np.quantile(support, np.linspace(0, 1, freedom + 1)[1:-1])
    knots = np.concatenate([[support[0]] * 4, inner, [support[-1]] * 4])
    splines = scipy.interpolate.BSpline(knots, np.eye(len(knots) - 4), 3)
    bends = splines.derivative(2)(support[[0, -1]])[:, 1:]
    turn = np.linalg.qr(bends.T, mode="complete").Q[:, 2:]
    basis = splines(support)[:, 1:] @ turn
    basis -= basis.mean(axis=0)
    return basis / np.sqrt((basis**2).sum(axis=0))
