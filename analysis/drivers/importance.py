"""How much of an outcome's variance each predictor accounts for, from their correlations.

Everything takes a stack of correlation matrices, such as the draws of a bootstrap, at once.
"""

from math import comb

import numpy as np

SINGULAR = 1e-8
"""A predictor with less variance of its own than this share is told by the others."""
ROUNDING = 1e-12
"""A variance below this share of the mean square is one of arithmetic."""


def subset_r2(correlation: np.ndarray) -> np.ndarray:
    """Return R^2 of the regression on every subset of the predictors.

    Parameters
    ----------
    correlation
        Correlations of K predictors and the outcome, which stands last; shape
        (..., K + 1, K + 1).

    Returns
    -------
    Shape (..., 2, ..., 2) with an axis a predictor: index 1 where it is in.

    Notes
    -----
    One predictor after the other is either dropped or swept out (a Schur complement), so every
    subset costs one step from a smaller one. What is left of the outcome's variance is 1 - R^2.
    A predictor that those before it determine adds nothing.
    """
    lead, predictors = correlation.shape[:-2], correlation.shape[-1] - 1
    left = correlation[..., None, :, :]
    for _ in range(predictors):
        pivot, column, rest = left[..., 0, 0], left[..., 1:, 0], left[..., 1:, 1:]
        inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > SINGULAR)
        swept = rest - column[..., :, None] * (column * inverse[..., None])[..., None, :]
        left = np.stack([rest, swept], axis=-3).reshape(*lead, -1, *rest.shape[-2:])
    return (1 - left[..., 0, 0]).reshape(*lead, *(2,) * predictors)


def lmg(correlation: np.ndarray) -> np.ndarray:
    """Share R^2 out by averaging what a predictor adds over all orders of entry.

    Parameters
    ----------
    correlation
        As for `subset_r2`; 2^K subsets are looked at.

    Returns
    -------
    Parts of R^2, shape (..., K); each at least 0, and together R^2.

    Notes
    -----
    Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis;
    the Shapley value of R^2, also called general dominance (Budescu 1993). As ``lmg`` of R's
    relaimpo (Groemping 2006, Journal of Statistical Software 17(1)).
    """
    r2 = subset_r2(correlation)
    lead, predictors = correlation.ndim - 2, correlation.shape[-1] - 1
    others = np.indices((2,) * (predictors - 1)).sum(axis=0)
    weight = 1 / (predictors * np.vectorize(lambda n: comb(predictors - 1, n), [float])(others))
    over = tuple(range(-(predictors - 1), 0))
    parts = [
        ((r2.take(1, lead + place) - r2.take(0, lead + place)) * weight).sum(axis=over)
        for place in range(predictors)
    ]
    return np.stack(parts, axis=-1)


def relative_weights(correlation: np.ndarray) -> np.ndarray:
    """Share R^2 out by way of the orthogonal variables that are nearest to the predictors.

    Parameters
    ----------
    correlation
        As for `subset_r2`.

    Returns
    -------
    Parts of R^2, shape (..., K); each at least 0, and together R^2.

    Notes
    -----
    Johnson (2000), Multivariate Behavioral Research 35:1-19. A near stand-in for `lmg` where
    there are too many predictors for all subsets; Thomas, Zumbo, Kwan and Schweitzer (2014, same
    journal, 49:329-338) show that it can differ from it.
    """
    values, vectors = np.linalg.eigh(correlation[..., :-1, :-1])
    root = np.sqrt(np.clip(values, 0, None))[..., None, :]
    turned = np.swapaxes(vectors, -1, -2)
    loading = (vectors * root) @ turned
    inverse = np.where(values[..., None, :] > SINGULAR, 1 / np.maximum(root, SINGULAR), 0)
    slope = ((vectors * inverse) @ turned @ correlation[..., :-1, -1:])[..., 0]
    return (loading**2 @ slope[..., None] ** 2)[..., 0]


def coefficients(correlation: np.ndarray) -> np.ndarray:
    """Return standardised regression coefficients, shape (..., K).

    Of predictors that determine each other the coefficients with the least sum of squares.
    """
    values, vectors = np.linalg.eigh(correlation[..., :-1, :-1])
    inverse = np.where(values > SINGULAR, 1 / np.maximum(values, SINGULAR), 0)[..., None, :]
    turned = np.swapaxes(vectors, -1, -2)
    return ((vectors * inverse) @ turned @ correlation[..., :-1, -1:])[..., 0]


def collinear(correlation: np.ndarray) -> np.ndarray:
    """Return which predictors others determine; one matrix in, bool, shape (K,) out."""
    values, vectors = np.linalg.eigh(correlation[:-1, :-1])
    return (vectors[:, values <= SINGULAR] ** 2).sum(axis=1) > SINGULAR


def covariances(moments: np.ndarray) -> np.ndarray:
    """Return covariances from weighted sums of products.

    Parameters
    ----------
    moments
        Sums of products of a constant 1 and the V variables, shape (..., V + 1, V + 1).

    Returns
    -------
    Shape (..., V, V); exactly 0 for a variable that does not vary.
    """
    products = moments[..., 1:, 1:] / moments[..., :1, :1]
    mean = moments[..., 1:, 0] / moments[..., :1, 0]
    covariance = products - mean[..., :, None] * mean[..., None, :]
    variance, square = (np.diagonal(of, axis1=-2, axis2=-1) for of in (covariance, products))
    varies = variance > ROUNDING * square
    return np.where(varies[..., :, None] & varies[..., None, :], covariance, 0)


def correlations(covariance: np.ndarray) -> np.ndarray:
    """Return correlations, shape as the covariances; a variable without variance has none."""
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    scale = np.divide(1.0, np.sqrt(variance), out=np.zeros_like(variance), where=variance > 0)
    correlation = covariance * scale[..., :, None] * scale[..., None, :]
    own = np.arange(correlation.shape[-1])
    correlation[..., own, own] = 1
    return correlation
