"""Sensitivity: how much of the movement of ranks comes from the weight of each indicator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import sobol_indices, uniform

from analysis.ranks.ranking import rank_scores
from indicators.aggregate import roll_up
from indicators.hierarchy import Hierarchy
from indicators.scores import Scores
from survey.findings import Finding, Severity

BLOCK = 256
"""Draws scored together: bounds the memory to some tens of megabytes."""


@dataclass(frozen=True)
class LeafTree:
    """The tree above the leaves, over all audiences, for scoring under many sets of weights.

    Parameters
    ----------
    hierarchy
        Its items are the leaves; it has no audiences.
    mean, covered, applies
        Score, coverage and applicability of each leaf, shape (1, leaves, U, 1).
    """

    hierarchy: Hierarchy
    mean: np.ndarray
    covered: np.ndarray
    applies: np.ndarray

    @classmethod
    def of(cls, scores: Scores) -> "LeafTree":
        """Take the leaves of some scores."""
        tree = scores.hierarchy
        leaves = np.setdiff1d(np.arange(len(tree.ids)), tree.parent)
        hierarchy = replace(
            tree,
            items=tuple(tree.ids[leaf] for leaf in leaves),
            item_leaf=leaves,
            item_weight=np.ones(len(leaves)),
            item_asked=np.ones((1, len(leaves)), dtype=bool),
            audiences=(),
            audience_weight=np.empty(0),
        )
        shaped = (
            figure[:, -1, leaves].T[None, :, :, None]
            for figure in (scores.score, scores.coverage, scores.applies)
        )
        return cls(hierarchy, *shaped)

    def totals(self, weight: np.ndarray) -> np.ndarray:
        """Return the totals under many sets of weights.

        Parameters
        ----------
        weight
            Shape (N, draws).

        Returns
        -------
        Shape (U, draws).
        """
        draws = weight.shape[1]
        blocks = []
        for start in range(0, draws, BLOCK):
            drawn = weight[:, None, start : start + BLOCK]
            shape = (*self.mean.shape[:3], drawn.shape[-1])
            rolled = roll_up(
                self.hierarchy,
                np.broadcast_to(self.mean, shape),
                applies=self.applies,
                observed=self.covered,
                weight=drawn,
            )
            blocks.append(rolled.score[0, 0])
        return np.concatenate(blocks, axis=1)


def weight_sensitivity(
    scores: Scores,
    indicators: Sequence[str] | None = None,
    *,
    spread: float = 0.25,
    base: int = 512,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Split the variance of the mean shift of ranks among the weights of indicators.

    Parameters
    ----------
    scores
        The scores as they are.
    indicators
        Those whose weights vary, each by itself; by default all of level 1 that enter by weight.
    spread
        Weights vary uniformly within plus or minus this share.
    base
        Size of the design, a power of 2; it takes ``base * (indicators + 2)`` draws.
    level
        Level of the bootstrap intervals of the indices.
    seed
        The same seed gives the same draws.

    Returns
    -------
    indices
        Columns indicator, first, first_low, first_high, total, total_low, total_high.
    findings
        A note that counts units without a total in some draw.

    Raises
    ------
    InputError
        For an indicator that does not exist, with the nearest right name.

    Notes
    -----
    The output is the mean absolute difference of ranks to those under the given weights (Saisana,
    Saltelli and Tarantola 2005, JRSS A 168:307-323, equation 2). First and total order after
    Saltelli et al. (2010), Computer Physics Communications 181:259-270; scipy subtracts the mean of
    the output first, without which the estimate of the first order depends on its level.
    """
    tree = scores.hierarchy
    names = list(indicators or [tree.ids[at] for at in tree.core(0)])
    places = [tree.index(name) for name in names]
    leaves = LeafTree.of(scores)
    plain = scores.score[:, -1, 0]
    ranked = ~np.isnan(plain)
    before = rank_scores(plain[ranked])
    lost = np.zeros(int(ranked.sum()), dtype=int)

    def shift(factors: np.ndarray) -> np.ndarray:
        weight = np.repeat(tree.weight[:, None].astype(float), factors.shape[1], axis=1)
        weight[places] *= factors
        totals = leaves.totals(weight)[ranked]
        nonlocal lost
        lost = lost + np.isnan(totals).sum(axis=1)
        after = rank_scores(totals.T)
        return np.nanmean(np.abs(after - before), axis=1)[None]

    indices = variance_indices(shift, len(names), spread=spread, base=base, level=level, seed=seed)
    indices.insert(0, "indicator", names)
    return indices, _lost(scores, ranked, lost, base * (len(names) + 2))


def variance_indices(
    output: Callable[[np.ndarray], np.ndarray],
    factors: int,
    *,
    spread: float = 0.25,
    base: int = 512,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return first- and total-order indices of an output of several uniform factors.

    Parameters
    ----------
    output
        Takes factors of shape (K, draws) around 1, returns shape (1, draws).
    factors
        Their number K.
    spread, base, level, seed
        As for `weight_sensitivity`.

    Returns
    -------
    Columns first, first_low, first_high, total, total_low, total_high; shape (K, 6).
    """
    span = uniform(1 - spread, 2 * spread)
    found = sobol_indices(
        func=output, n=base, dists=[span] * factors, rng=np.random.default_rng(seed)
    )
    limits = found.bootstrap(confidence_level=level)
    columns: dict[str, np.ndarray] = {}
    for order, index, interval in (
        ("first", found.first_order, limits.first_order.confidence_interval),
        ("total", found.total_order, limits.total_order.confidence_interval),
    ):
        columns[order] = np.ravel(index)
        columns[f"{order}_low"] = np.ravel(interval.low)
        columns[f"{order}_high"] = np.ravel(interval.high)
    return pd.DataFrame(columns)


def _lost(scores: Scores, ranked: np.ndarray, lost: np.ndarray, draws: int) -> tuple[Finding, ...]:
    if not lost.any():
        return ()
    units = [scores.units[at] for at in np.flatnonzero(ranked)[lost > 0].tolist()]
    return (
        Finding(
            "draws-without-total",
            Severity.NOTE,
            expected="a total in every draw",
            got=f"{int(lost.sum())} of {draws * len(lost)} without, in {', '.join(units[:5])}",
            hint="left out of the shift of ranks",
            count=int(lost.sum()),
        ),
    )
