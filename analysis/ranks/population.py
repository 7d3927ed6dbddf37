"""Mean and variance of the true scores behind noisy ones, and how sure the variance is."""

from dataclasses import dataclass

import numpy as np
import scipy

FEWEST = 3
"""With fewer units nothing can be said of how much their true scores differ."""
CELLS = 400
"""Cells that the standard deviations from 0 to infinity are divided into."""
NEGLIGIBLE = 1e-8
"""A standard deviation with less than this share of the greatest probability is left out."""
BOUNDLESS = 1e6
"""A standard deviation so many times the spread of the estimates is as good as infinite."""


@dataclass(frozen=True)
class Population:
    """True scores that scatter normally about their mean.

    Parameters
    ----------
    mean, tau2
        Their mean and variance, by restricted maximum likelihood; the variance is NaN for fewer
        than three units.
    tau, weight
        Standard deviations that they may have, and the posterior probability of each. Shape (G,).
    """

    mean: float
    tau2: float
    tau: np.ndarray
    weight: np.ndarray


def fit_population(estimates: np.ndarray, se: np.ndarray) -> Population:
    """Estimate mean and variance of the true scores.

    Parameters
    ----------
    estimates, se
        Scores and their standard errors, without NaN, at least one. Shape (U,).

    Returns
    -------
    `Population`. The posterior of the standard deviation is the restricted likelihood, as it is
    when all means and all standard deviations are equally likely beforehand (Gelman et al. 2013,
    Bayesian Data Analysis, 3rd edition, section 5.4). For fewer than three units its integral is
    infinite, and the standard deviation is taken to be beyond all bounds.
    """
    spread = float(np.sqrt(estimates.var() + np.mean(se**2)))
    if len(estimates) < FEWEST or spread == 0:
        tau2 = np.nan if len(estimates) < FEWEST else 0.0
        tau = np.array([BOUNDLESS * (spread or 1)])
        return Population(float(estimates.mean()), tau2, tau, np.ones(1))
    share = (np.arange(CELLS) + 0.5) / CELLS
    tau = spread * share / (1 - share)
    likelihood = pool(estimates, se, tau**2)[2]
    weight = likelihood - 2 * np.log1p(-share)
    weight = np.exp(weight - weight.max())
    kept = weight > NEGLIGIBLE
    tau2 = _likeliest(estimates, se, tau, int(likelihood.argmax()))
    mean = float(pool(estimates, se, np.array([tau2]))[0][0])
    return Population(mean, tau2, tau[kept], weight[kept] / weight[kept].sum())


def pool(
    estimates: np.ndarray, se: np.ndarray, tau2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pool all units under each of several variances of the true scores.

    Parameters
    ----------
    estimates, se
        Scores and their standard errors, shape (U,).
    tau2
        Variances, shape (G,); above 0 where a standard error is 0.

    Returns
    -------
    mean, mean_se, likelihood
        Mean of the true scores, its standard error, and the log of the restricted likelihood up to
        a constant. Shape (G,) each.
    """
    precision = 1 / (tau2[:, None] + se**2)
    total = precision.sum(axis=1)
    mean = precision @ estimates / total
    misfit = (precision * (estimates - mean[:, None]) ** 2).sum(axis=1)
    likelihood = (np.log(precision).sum(axis=1) - np.log(total) - misfit) / 2
    return mean, total**-0.5, likelihood


def _likeliest(estimates: np.ndarray, se: np.ndarray, tau: np.ndarray, at: int) -> float:
    """Return the variance of the greatest restricted likelihood, next to that of `tau[at]`."""

    def unlikely(tau2: float) -> float:
        return -float(pool(estimates, se, np.array([tau2]))[2][0])

    low = tau[at - 1] ** 2 if at else 0.0
    high = tau[min(at + 1, len(tau) - 1)] ** 2
    found = scipy.optimize.minimize_scalar(
        unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-9 * high}
    ).x
    return 0.0 if at == 0 and se.all() and unlikely(0) <= unlikely(found) else float(found)
