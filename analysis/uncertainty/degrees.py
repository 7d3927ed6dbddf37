"""Degrees of freedom of errors that are estimated, and what they do to intervals."""

import numpy as np
from scipy.special import ndtri, stdtrit


def stretch(degrees: np.ndarray | float, level: float) -> np.ndarray:
    """Return how much wider than a normal interval Student's is, at degrees of freedom."""
    probability = 0.5 + level / 2
    return np.asarray(stdtrit(degrees, probability) / ndtri(probability))


def pooled_degrees(variances: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of the variance of a sum.

    Parameters
    ----------
    variances, degrees
        Variance of each independent term and its degrees of freedom, shape (terms, ...).

    Returns
    -------
    Shape (...): the squared sum of the variances over the sum of their squares, each divided by
    its degrees (Satterthwaite 1946, Biometrics Bulletin 2:110-114); infinite where no term is
    uncertain.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = variances.sum(axis=0) ** 2 / (variances**2 / degrees).sum(axis=0)
    return np.where(np.isnan(pooled), np.inf, pooled)
