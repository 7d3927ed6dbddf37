"""How the scores of parts become the score of a whole: the averages, and what each part gives.

All of them are homogeneous of degree 1, so the score of the whole is the sum over its parts of
score times marginal weight (Euler's theorem); that is how a score is explained.
"""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from survey.yaml_source import Strict

NamedAverage = Literal["arithmetic", "geometric", "harmonic", "minimum", "median"]


class PowerMean(Strict):
    """Generalised mean: ``(sum(w x^p))^(1/p)``; 1 is arithmetic, 0 geometric, -1 harmonic.

    Parameters
    ----------
    power
        The exponent p; the lower, the less can one part make up for another.
    """

    power: Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


class OrderedAverage(Strict):
    """Ordered weighted average (OWA): weights go to the best, the second best, … part.

    Parameters
    ----------
    owa
        One weight for each part, the first for the best score; only their proportions count.

    Notes
    -----
    With unequal weights of the parts, or parts missing, the weighted form (WOWA) of Torra (1997,
    International Journal of Intelligent Systems 12:153-166) is taken, with a piecewise linear
    quantifier through the given weights; with equal weights it is Yager's OWA (1988, IEEE
    Transactions on Systems, Man, and Cybernetics 18:183-190, equation 1).
    """

    owa: Annotated[
        tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...], Field(min_length=2)
    ]

    @model_validator(mode="after")
    def _some_weight(self) -> "OrderedAverage":
        if not any(self.owa):
            raise ValueError("at least one weight above 0")
        return self


def _tag(value: Any) -> str:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((name for name in ("power", "owa") if name in keys), "name")


Average = Annotated[
    Annotated[NamedAverage, Tag("name")]
    | Annotated[PowerMean, Tag("power")]
    | Annotated[OrderedAverage, Tag("owa")],
    Discriminator(_tag),
]

_POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
_NO_POWER = 1e-12
"""Exponents below it are 0: the mean differs from the geometric one by less than rounding."""


def average(method: Average, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the average of parts along the first axis.

    Parameters
    ----------
    method
        Which average.
    values
        Scores of 0 or more, NaN where missing. Shape (K, ...).
    weights
        Weights of 0 or more, broadcast with `values`; only their proportions among the parts
        that are there count.

    Returns
    -------
    Shape (...); NaN where no part with weight is there.
    """
    there = ~np.isnan(values)
    weights = np.where(there, weights, np.asarray(0, values.dtype))
    total = weights.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "minimum":
            least = np.where(weights > 0, values, np.inf).min(axis=0)
            return np.where(total > 0, least, np.nan).astype(values.dtype, copy=False)
        if method == "arithmetic":
            return (np.where(there, values, 0) * weights).sum(axis=0) / total
        share = weights / total
        if method == "median" or isinstance(method, OrderedAverage):
            place = (_median_share if method == "median" else _ordered_share)(method, values, share)
            mean = (np.where(place > 0, np.nan_to_num(values), 0) * place).sum(axis=0)
            return np.where(total > 0, mean, np.nan)
        return _power_mean(_exponent(method), values, share)


def marginal_weights(method: Average, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what one more point of each part adds to the average of a single unit.

    Parameters
    ----------
    method, values, weights
        As for `average`, shape (K,).

    Returns
    -------
    Shape (K,), NaN where nothing is there, 0 for parts that are missing; times the scores they
    sum up to the average. Where an average is 0 because a part is, as in a geometric mean, the
    parts at 0 have their plain weights and the others none.
    """
    there = ~np.isnan(values)
    held = np.where(there, weights, 0.0)
    if not held.sum():
        return np.full(len(values), np.nan)
    share = held / held.sum()
    if method == "minimum":
        at = (share > 0) & (values == average(method, values, weights))
        return at / at.sum()
    if method == "median":
        return _median_share(method, values[:, None], share[:, None])[:, 0]
    if isinstance(method, OrderedAverage):
        return _ordered_share(method, values[:, None], share[:, None])[:, 0]
    mean = float(average(method, values, weights))
    power = _exponent(method)
    if power == 1:
        return share
    if mean == 0:
        return np.where(there & (values == 0), share, 0.0)
    ratio = np.where((share > 0) & (values > 0), values / mean, 1.0)
    slope = share * ratio ** (power - 1)
    return np.where(values > 0, slope, 0.0) if power > 0 else slope


def _exponent(method: Average) -> float:
    return method.power if isinstance(method, PowerMean) else _POWERS[str(method)]


def _power_mean(power: float, values: np.ndarray, share: np.ndarray) -> np.ndarray:
    counted = share > 0
    if abs(power) < _NO_POWER:
        logs = np.where(counted, np.log(np.where(counted, values, 1)) * share, 0)
        mean = np.exp(logs.sum(axis=0))
    else:
        reach = np.where(counted, values, -np.inf if power > 0 else np.inf)
        mark = reach.max(axis=0) if power > 0 else reach.min(axis=0)
        ratio = np.where(counted, values, mark) / mark
        terms = np.where(counted, share * np.expm1(power * np.log(ratio)), 0).sum(axis=0)
        mean = np.where(mark > 0, mark * np.exp(np.log1p(terms) / power), 0)
    if power <= 0:
        mean = np.where((counted & (values == 0)).any(axis=0), 0, mean)
    return np.where(counted.any(axis=0), mean, np.nan)


def _ordered_share(method: Any, values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the weight that each part has by its place in the order, shape as `values`."""
    order = np.argsort(-np.where(share > 0, values, -np.inf), axis=0, kind="stable")
    reached = np.cumsum(np.take_along_axis(share, order, axis=0), axis=0)
    knots = np.arange(len(method.owa) + 1) / len(method.owa)
    given = np.concatenate([[0.0], np.cumsum(method.owa)]) / sum(method.owa)
    quantity = np.interp(reached, knots, given)
    by_order = np.diff(quantity, axis=0, prepend=0)
    place = np.empty_like(by_order)
    np.put_along_axis(place, order, by_order, axis=0)
    return np.where(np.isnan(reached[-1]), np.nan, place)


def _median_share(method: Any, values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return weight 1 for the part in the middle, or half for each of the two middle ones."""
    order = np.argsort(np.where(share > 0, values, np.inf), axis=0, kind="stable")
    ordered = np.take_along_axis(share, order, axis=0)
    reached = np.cumsum(ordered, axis=0)
    before, slack = reached - ordered, 16 * len(share) * np.finfo(share.dtype).eps
    middle = (ordered > 0) & (reached >= 0.5 - slack) & (before <= 0.5 + slack)
    place = np.empty_like(share)
    np.put_along_axis(place, order, middle / middle.sum(axis=0), axis=0)
    return np.where(np.isnan(reached[-1]), np.nan, place)
