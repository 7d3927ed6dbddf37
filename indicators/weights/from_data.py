"""Weights from the scores themselves: how much an indicator tells units apart.

Every method takes complete scores of the members, shape (units, members), and returns `Weighed`.
None of them knows what matters; they only know what varies.
"""

import numpy as np

from indicators.weights.methods import Weighed


def entropy_weights(scores: np.ndarray) -> Weighed:
    """Weigh members by the information in their distribution over units.

    Notes
    -----
    With p = x / sum(x) over n units, e = -sum(p ln p) / ln n and w = (1 - e) / sum(1 - e);
    0 ln 0 is 0. Shannon entropy as in Zeleny (1982), Multiple Criteria Decision Making.
    """
    totals = scores.sum(axis=0)
    share = scores / np.where(totals > 0, totals, 1)
    logs = np.log(np.where(share > 0, share, 1))
    entropy = -(share * logs).sum(axis=0) / np.log(len(scores))
    diversity = np.where(totals > 0, 1 - entropy, 0.0)
    return Weighed(_normed(np.maximum(diversity, 0)))


def critic_weights(scores: np.ndarray) -> Weighed:
    """Weigh members by their spread and by how little they repeat each other.

    Notes
    -----
    On scores scaled to their range, C_j = s_j sum_k (1 - r_jk) and w = C / sum(C). Diakoulaki,
    Mavrotas and Papayannakis (1995), Computers & Operations Research 22:763-770, equations 3, 4.
    """
    extent = np.ptp(scores, axis=0)
    scaled = (scores - scores.min(axis=0)) / np.where(extent > 0, extent, 1)
    spread = scaled.std(axis=0, ddof=1)
    return Weighed(_normed(spread * (1 - _correlation(scaled)).sum(axis=1)))


def pca_weights(scores: np.ndarray) -> Weighed:
    """Weigh members by factor analysis: their squared loadings on rotated principal components.

    Notes
    -----
    OECD and JRC (2008), Handbook, section 6, "Weights based on principal components analysis or
    factor analysis" (after Nicoletti, Scarpetta and Boylaud 2000): components of the correlation
    matrix with an eigenvalue above 1, a tenth of the variance or more, and together more than
    60 % are kept and rotated by varimax. Each member counts on the factor where its
    loading is largest, with its squared loading as a share of the factor's, times the factor's
    share of the explained variance. A method for members that correlate; it says nothing of
    importance.
    """
    values, vectors = np.linalg.eigh(_correlation(scores))
    order = np.argsort(values)[::-1]
    values, vectors = np.maximum(values[order], 0), vectors[:, order]
    share = values / values.sum()
    kept = max(int(((values > 1) & (share >= 0.1)).sum()), 1)
    kept = max(kept, int(np.searchsorted(np.cumsum(share), 0.6) + 1))
    squared = varimax(vectors[:, :kept] * np.sqrt(values[:kept])) ** 2
    explained = squared.sum(axis=0)
    factor = squared.argmax(axis=1)
    members = np.arange(len(squared))
    weight = squared[members, factor] / explained[factor] * explained[factor] / explained.sum()
    statistics = {"factors": float(kept), "explained": float(share[:kept].sum())}
    return Weighed(_normed(weight), statistics=statistics)


def varimax(loadings: np.ndarray) -> np.ndarray:
    """Rotate loadings, shape (members, factors), by varimax with Kaiser normalisation.

    Notes
    -----
    Kaiser (1958), Psychometrika 23:187-200; the rotation is statsmodels'.
    """
    from statsmodels.multivariate.factor_rotation import rotate_factors

    if loadings.shape[1] == 1:
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length = np.where(length > 0, length, 1)
    with np.errstate(divide="ignore"):
        return rotate_factors(loadings / length, "varimax")[0] * length


def _correlation(scores: np.ndarray) -> np.ndarray:
    centred = scores - scores.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(length > 1e-12, length, 1)
    correlation = scaled.T @ scaled
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _normed(raw: np.ndarray) -> np.ndarray:
    total = raw.sum()
    return raw / total if total > 0 else np.full(len(raw), 1 / len(raw))
