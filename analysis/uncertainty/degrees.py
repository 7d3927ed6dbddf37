"""Degrees of freedom of a sum of independent estimates."""

import numpy as np


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
