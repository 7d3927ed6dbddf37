"""Linear mixed models with crossed random effects, by restricted maximum likelihood (REML).

One large grouping (cities) and a few small ones (shoppers, their drift) are crossed. Everything is
computed from cross-products, so an evaluation costs the same for a thousand and a million records.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import minimize

NEGLIGIBLE = 1e-6
"""A deviance that differs by less is the same; a component that lowers it by less is none."""
START = 0.25
"""Where the search begins: variance of an effect over that of the residual."""


@dataclass(frozen=True)
class RandomTerm:
    """A random effect of groups, such as shoppers.

    Parameters
    ----------
    name
        What the component of variance is called.
    group
        Group of each record, from 0, shape (records,).
    groups
        How many groups.
    size
        What the effect of the group is multiplied by in each record; 1 by default.
    """

    name: str
    group: np.ndarray
    groups: int
    size: np.ndarray | None = None


@dataclass(frozen=True)
class Fitted:
    """A fitted mixed model.

    Parameters
    ----------
    names
        Of the components of variance: the large grouping, each further term, the residual.
    variance
        Components in squared units of the outcome, same length.
    fixed, fixed_se
        Fixed effects and their standard errors, shape (P,).
    effect
        Best linear unbiased prediction of each effect of each further term.
    prediction_se
        Standard error of prediction: of the prediction less the true effect.
    noise
        Standard deviation that a prediction would have around 0 if the group had no effect.
    deviance
        Minus twice the restricted log likelihood.
    """

    names: tuple[str, ...]
    variance: np.ndarray
    fixed: np.ndarray
    fixed_se: np.ndarray
    effect: tuple[np.ndarray, ...]
    prediction_se: tuple[np.ndarray, ...]
    noise: tuple[np.ndarray, ...]
    deviance: float


@dataclass(frozen=True)
class _Products:
    """Cross-products of records: n records, M further effects, P fixed effects.

    Parameters
    ----------
    size
        Records of each group of the large grouping, shape (G,).
    across
        Of the large grouping with further effects, fixed effects and outcome, (G, M + P + 1).
    within
        Of these with each other, (M + P + 1, M + P + 1).
    groups
        Groups of each further term.
    n, p
        Records and fixed effects.
    """

    size: np.ndarray
    across: np.ndarray
    within: np.ndarray
    groups: tuple[int, ...]
    n: int
    p: int


def fit_crossed(
    outcome: np.ndarray, fixed: np.ndarray, large: RandomTerm, terms: Sequence[RandomTerm]
) -> Fitted:
    """Fit a linear mixed model with crossed random effects by REML.

    Parameters
    ----------
    outcome
        Shape (records,).
    fixed
        Design of the fixed effects, of full column rank, shape (records, P).
    large
        The grouping with the most groups; an intercept.
    terms
        Further independent random effects; none is allowed.

    Raises
    ------
    ValueError
        Where there are no more records than fixed effects, or the outcome does not vary.

    Notes
    -----
    The deviance is profiled over fixed effects and residual variance (Bates, Mächler, Bolker and
    Walker 2015, Journal of Statistical Software 67(1), equations 39 to 42) and minimised over the
    ratios of variances. The effects of the large grouping, whose block of Henderson's
    mixed model equations is diagonal, are eliminated. Predictions and their errors come from these
    equations (Henderson 1975, Biometrics 31:423-447; Searle, Casella and McCulloch 1992,
    Variance Components, section 7.6). Errors take the components of variance as known. A
    prediction is an estimate shrunk by its reliability, 1 less squared error over variance; so its
    noise is the error of prediction times the root of that.
    """
    products = _products(outcome, fixed, large, terms)
    if products.n <= products.p or np.ptp(outcome) == 0:
        raise ValueError("more records than fixed effects, and an outcome that varies")
    ratios = _search(products, len(terms) + 1)
    return _solved(products, ratios, (large.name, *(term.name for term in terms), "residual"))


def _products(
    outcome: np.ndarray, fixed: np.ndarray, large: RandomTerm, terms: Sequence[RandomTerm]
) -> _Products:
    columns = [*fixed.T, outcome]
    across = [_crossed(large, term) for term in terms]
    across += [_summed(large, column)[:, None] for column in columns]
    rows = []
    for term in terms:
        row = [_crossed(term, other) for other in terms]
        row += [_summed(term, column)[:, None] for column in columns]
        rows.append(np.hstack(row))
    dense = np.column_stack(columns)
    beside = dense.T @ dense
    if rows:
        upper = np.vstack(rows)
        below = upper[:, -len(columns) :].T
        within = np.vstack([upper, np.hstack([below, beside])])
    else:
        within = beside
    return _Products(
        size=np.bincount(large.group, minlength=large.groups).astype(float),
        across=np.hstack(across),
        within=within,
        groups=tuple(term.groups for term in terms),
        n=len(outcome),
        p=fixed.shape[1],
    )


def _crossed(one: RandomTerm, other: RandomTerm) -> np.ndarray:
    code = one.group.astype(np.int64) * other.groups + other.group
    sizes = [term.size for term in (one, other) if term.size is not None]
    weight = np.prod(sizes, axis=0) if sizes else None
    return np.bincount(code, weight, one.groups * other.groups).reshape(-1, other.groups)


def _summed(term: RandomTerm, column: np.ndarray) -> np.ndarray:
    weight = column if term.size is None else column * term.size
    return np.bincount(term.group, weight, term.groups)


def _factor(products: _Products, ratios: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the log determinant of the large block, and the factor of the rest given it."""
    m = sum(products.groups)
    scale = np.ones(m + products.p + 1)
    scale[:m] = np.repeat(ratios[1:], products.groups)
    block = ratios[0] ** 2 * products.size + 1
    across = products.across * scale * (ratios[0] / np.sqrt(block))[:, None]
    rest = products.within * np.outer(scale, scale) - across.T @ across
    rest[np.arange(m), np.arange(m)] += 1
    return float(np.log(block).sum()), cholesky(rest, lower=True)


def _deviance(products: _Products, ratios: np.ndarray) -> float:
    try:
        logs, factor = _factor(products, ratios)
    except LinAlgError:
        return np.inf
    diagonal = np.diag(factor)
    free = products.n - products.p
    logs += 2 * np.log(diagonal[:-1]).sum()
    return logs + free * (1 + np.log(2 * np.pi * diagonal[-1] ** 2 / free))


def _search(products: _Products, terms: int) -> np.ndarray:
    """Return the ratios of standard deviations at the least deviance, 0 for what is none."""
    found = minimize(
        lambda ratios: _deviance(products, np.sqrt(np.maximum(ratios, 0))),
        np.full(terms, START),
        method="L-BFGS-B",
        jac="3-point",
        bounds=[(0, None)] * terms,
        options={"ftol": 1e-14, "gtol": 1e-7},
    )
    ratios = np.sqrt(found.x)
    for term in range(terms):
        without = np.where(np.arange(terms) == term, 0, ratios)
        if _deviance(products, without) <= _deviance(products, ratios) + NEGLIGIBLE:
            ratios = without
    return ratios


def _solved(products: _Products, ratios: np.ndarray, names: tuple[str, ...]) -> Fitted:
    factor = _factor(products, ratios)[1]
    m, p = sum(products.groups), products.p
    residual = factor[-1, -1] ** 2 / (products.n - p)
    inverse = solve_triangular(factor[:-1, :-1], np.eye(m + p), lower=True)
    solution = inverse.T @ factor[-1, :-1]
    error = residual * (inverse**2).sum(axis=0)
    ratio = np.repeat(ratios[1:], products.groups)
    parts = np.cumsum(products.groups)[:-1]
    reliability = np.maximum(1 - error[:m] / residual, 0)

    def of_terms(values: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(np.split(values, parts)) if products.groups else ()

    return Fitted(
        names=names,
        variance=np.array([*ratios**2, 1.0]) * residual,
        fixed=solution[m:],
        fixed_se=np.sqrt(error[m:]),
        effect=of_terms(ratio * solution[:m]),
        prediction_se=of_terms(ratio * np.sqrt(error[:m])),
        noise=of_terms(ratio * np.sqrt(error[:m] * reliability)),
        deviance=_deviance(products, ratios),
    )
