"""Raking: weights brought to known margins, in every unit at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

Bounds = tuple[float, float]
_HALVINGS = 40


@dataclass(frozen=True)
class Raked:
    """What raking found.

    Parameters
    ----------
    factor
        New weight over starting weight, shape (records,); the weights of a group add up to what
        they did before.
    miss
        Largest difference between a share reached and a share wanted, shape (groups,).
    rounds
        Rounds over all variables.
    """

    factor: np.ndarray
    miss: np.ndarray
    rounds: int


def rake(
    base: np.ndarray,
    group: np.ndarray,
    codes: np.ndarray,
    targets: Sequence[np.ndarray],
    *,
    bounds: Bounds | None = None,
    tolerance: float = 1e-6,
    iterations: int = 200,
) -> Raked:
    """Rake weights by iterative proportional fitting (Deming and Stephan 1940).

    Records that agree in group and categories change by the same factor, so the fitting runs on
    the cells of that table, whatever the number of records. A record without an answer to a
    variable keeps its share: the margin holds among those who answered. With bounds the factors
    are cut after every round and the group is scaled back to its sum within them; the margins are
    then met as far as the bounds let them.

    Parameters
    ----------
    base
        Starting weights, 0 or more, shape (n,).
    group
        Codes of the groups that are raked apart, 0 to G - 1, shape (n,).
    codes
        Category of each variable, -1 for no answer, shape (n, V).
    targets
        For each variable the wanted shares, shape (G, K); a row of NaN leaves the variable out
        in that group, and rows add up to 1 otherwise. A category without weight is not reached.
    bounds
        Least and largest factor, the average factor of a group being 1.
    tolerance, iterations
        See `survey.weighting.settings.RakingSettings`.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. Annals of Mathematical Statistics 11.
    """
    cell, first = _cells(group, codes)
    table = _Table(group[first], codes[first], np.bincount(cell, base, len(first)), tuple(targets))
    factor, rounds = np.ones(len(first)), 0
    while rounds < iterations:
        rounds, before = rounds + 1, factor
        factor = table.bounded(table.fitted(factor), bounds)
        moved = np.abs(factor - before).max(initial=0)
        if table.miss(factor).max(initial=0) < tolerance or (bounds and moved < tolerance):
            break
    return Raked(factor[cell], table.miss(factor), rounds)


def design_effect(weight: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Return Kish's design effect of unequal weights, 1 + CV², shape (groups,).

    Kish (1965), Survey Sampling, section 11.7: the factor by which variances grow where weights
    differ for no reason of what is measured. Records without weight do not count; NaN where none
    has any.
    """
    n = np.bincount(group[weight > 0], minlength=groups)
    total = np.bincount(group, weight, groups)
    squares = np.bincount(group, weight**2, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, n * squares / total**2, np.nan)


def _cells(group: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the combinations of group and categories, and find a record of each."""
    cell = pd.factorize(group)[0].astype(np.int64)
    for column in codes.T:
        cell = pd.factorize(cell * (int(column.max(initial=0)) + 2) + column + 1)[0]
    first = np.empty(int(cell.max(initial=-1)) + 1, dtype=np.int64)
    first[cell[::-1]] = np.arange(len(cell))[::-1]
    return cell, first


@dataclass(frozen=True)
class _Table:
    """The cells that are fitted: group, codes (C, V) and starting weight of each."""

    group: np.ndarray
    codes: np.ndarray
    base: np.ndarray
    targets: tuple[np.ndarray, ...]

    def fitted(self, factor: np.ndarray) -> np.ndarray:
        """Fit each margin in turn."""
        factor = factor.copy()
        for variable, target in enumerate(self.targets):
            share, held = self._shares(factor, variable)
            with np.errstate(invalid="ignore", divide="ignore"):
                step = np.where(share > 0, target / share, 1.0)[held]
            own = self.codes[:, variable] >= 0
            factor[own] *= np.where(np.isnan(step), 1.0, step)
        return factor

    def miss(self, factor: np.ndarray) -> np.ndarray:
        """Return the largest difference from a margin in each group."""
        worst = np.zeros(len(self.targets[0]) if self.targets else 0)
        for variable, target in enumerate(self.targets):
            share, _ = self._shares(factor, variable)
            worst = np.maximum(worst, np.nan_to_num(np.abs(share - target)).max(axis=1))
        return worst

    def bounded(self, factor: np.ndarray, bounds: Bounds | None) -> np.ndarray:
        """Scale each group to its sum, and cut the factors to the bounds."""
        groups = int(self.group.max(initial=-1)) + 1
        total = np.bincount(self.group, self.base, groups)
        held = np.bincount(self.group, self.base * factor, groups)
        scale = np.divide(total, held, out=np.ones(groups), where=held > 0)
        factor = factor * scale[self.group]
        if bounds is None:
            return factor
        low, high = np.full(groups, -40.0), np.full(groups, 40.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            cut = np.clip(factor * np.exp(middle)[self.group], *bounds)
            less = np.bincount(self.group, self.base * cut, groups) < total
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        return np.clip(factor * np.exp((low + high) / 2)[self.group], *bounds)

    def _shares(self, factor: np.ndarray, variable: int) -> tuple[np.ndarray, tuple]:
        """Return the weighted shares of the categories, and where each answering cell lies."""
        code = self.codes[:, variable]
        own = code >= 0
        shape = self.targets[variable].shape
        held = (self.group[own], code[own])
        sums = np.bincount(
            np.ravel_multi_index(held, shape),
            (self.base * factor)[own],
            int(np.prod(shape)),
        ).reshape(shape)
        total = sums.sum(axis=1, keepdims=True)
        return np.divide(sums, total, out=np.zeros(shape), where=total > 0), held
