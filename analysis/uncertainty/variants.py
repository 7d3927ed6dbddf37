"""Variants of an index: its tree under other options, its leaves scored anew only where need be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.ranks.ranking import rank_scores
from analysis.uncertainty.factors import Factor, Option, OptionFactor, WeightFactor
from analysis.uncertainty.leaf_tree import LeafTree, leaf_indices
from indicators.figures.settings import Screening
from indicators.nodes import BY_UNIT
from indicators.scores import Scores, score
from indicators.system import System
from indicators.weights.resolve import ItemState, resolve_weights
from indicators.what_if import changed_system
from survey.findings import InputError

DECIMALS = 9
"""Totals nearer than this are equal: another order of summation must not break a tie."""
Definitions = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Variant:
    """The index under some options.

    Parameters
    ----------
    tree
        Its tree and leaves.
    source, rows
        Which of the sources of `Variants` scored its leaves, and their positions there, (L,).
    """

    tree: LeafTree
    source: int
    rows: np.ndarray


@dataclass(frozen=True)
class Variants:
    """Variants of some scores, each made once.

    Parameters
    ----------
    sources
        Scores that the leaves of variants are taken from, the scores as they are first: most
        options change what lies above the leaves, or leave some of them out.
    refused
        By the names of options that exclude each other, what the system expects instead.
    """

    sources: list[Scores]
    refused: dict[tuple[str, ...], str] = field(default_factory=dict)
    _known: dict[tuple[str, ...], Variant | None] = field(default_factory=dict)
    _definitions: dict[int, Definitions] = field(default_factory=dict)

    def of(self, options: Sequence[Option]) -> Variant | None:
        """Return the variant under some options, None where they exclude each other."""
        name = tuple(option.name for option in options)
        if name not in self._known:
            try:
                self._known[name] = self._made(options)
            except InputError as error:
                self._known[name] = None
                self.refused[name] = error.findings[0].expected
        return self._known[name]

    def _made(self, options: Sequence[Option]) -> Variant:
        base = self.sources[0].system
        changes: dict[str, dict[str, Any]] = {}
        for option in options:
            for place, keys in option.changes.items():
                changes.setdefault(place, {}).update(keys)
        left_out = [name for option in options for name in option.leave_out]
        if not (changes or left_out):
            tree = LeafTree.of(self.sources[0])
            return Variant(tree, 0, np.arange(len(tree.mean)))
        system = changed_system(base, changes, left_out)
        leaves = _definitions(system)
        source = self._source_of(leaves)
        if source is None and changes and left_out:
            self._add(changed_system(base, changes))
            source = self._source_of(leaves)
        if source is None:
            source = self._add(system)
        return _variant(system, self.sources[source], source)

    def _source_of(self, leaves: Definitions) -> int | None:
        """Return the first source that has scored leaves of these definitions."""
        for at, scores in enumerate(self.sources):
            if at not in self._definitions:
                self._definitions[at] = _definitions(scores.system)
            known = self._definitions[at]
            if all(known.get(name) == leaf for name, leaf in leaves.items()):
                return at
        return None

    def _add(self, system: System) -> int:
        base = self.sources[0]
        scores, _ = score(base.records, system, base.units, base.attributes, known=base)
        self.sources.append(scores)
        return len(self.sources) - 1


def _definitions(system: System) -> Definitions:
    """Return, by leaf, all that decides on its scores."""
    screened = system.figures.screen != Screening()
    shared = (
        system.scale,
        system.audiences,
        system.across_audiences,
        system.multipliers,
        system.figures,
        system.kpis,
        [item.id for _, item in system.leaf_items() if screened and item.table in BY_UNIT],
    )
    return {
        node.id: (
            shared,
            node.items,
            node.weights,
            system.average_of(node),
            system.missing_of(node),
            system.coverage_of(node),
        )
        for node in system.nodes()
        if not node.children
    }


def _variant(system: System, source: Scores, at: int) -> Variant:
    """Return the variant of a system whose leaves a source has scored."""
    known = system.hierarchy
    items = [source.hierarchy.items.index(name) for name in known.items]
    states = source.items
    state = ItemState(states.mean[:, items], states.applies[:, items], states.observed[:, items])
    hierarchy, _, _ = resolve_weights(system, state)
    ids = [hierarchy.ids[leaf] for leaf in leaf_indices(hierarchy)]
    taken = [source.hierarchy.index(name) for name in ids]
    rows = np.searchsorted(leaf_indices(source.hierarchy), taken)
    figures = (f[:, -1, taken].T for f in (source.score, source.coverage, source.applies))
    return Variant(LeafTree(hierarchy, *figures), at, rows)


@dataclass(frozen=True)
class Drawn:
    """What the factors of a plan take in each of D draws.

    Parameters
    ----------
    option
        Which option each choice takes, 0 for the method as it is. Int, shape (D, choices).
    times
        What each weight is multiplied by, shape (D, weights).
    """

    option: np.ndarray
    times: np.ndarray


@dataclass(frozen=True)
class Method:
    """The factors of a plan put to some scores."""

    scores: Scores
    weights: tuple[WeightFactor, ...]
    choices: tuple[OptionFactor, ...]
    variants: Variants

    @classmethod
    def of(cls, scores: Scores, factors: Sequence[Factor]) -> "Method":
        """Put factors to some scores."""
        weights = tuple(each for each in factors if isinstance(each, WeightFactor))
        choices = tuple(each for each in factors if isinstance(each, OptionFactor))
        return cls(scores, weights, choices, Variants([scores]))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """All factors, the weights first."""
        return (*self.weights, *self.choices)

    def as_it_is(self, draws: int) -> Drawn:
        """Return draws in which nothing varies."""
        return Drawn(
            np.zeros((draws, len(self.choices)), dtype=int), np.ones((draws, len(self.weights)))
        )

    def at(self, quantiles: np.ndarray) -> Drawn:
        """Return the draws at some quantiles, 0 to 1, of each factor; shape (D, factors)."""
        tree = self.scores.hierarchy
        drawn = self.as_it_is(len(quantiles))
        for column, factor in enumerate(self.weights):
            node = tree.index(factor.indicator)
            share = tree.weight[node] / tree.weight[tree.core(int(tree.parent[node]))].sum()
            drawn.times[:, column] = factor.distribution.at(quantiles[:, column], share)
        for column, factor in enumerate(self.choices):
            options = len(factor.options)
            place = np.floor(quantiles[:, len(self.weights) + column] * options)
            drawn.option[:, column] = np.minimum(place, options - 1)
        return drawn

    def totals(self, drawn: Drawn, leaves: Callable[[int], np.ndarray] | None = None) -> np.ndarray:
        """Return the totals under each draw of the method.

        Parameters
        ----------
        drawn
            D draws.
        leaves
            Scores of the leaves in each draw, shape (L, U, D), by source (see `Variants`); by
            default as they are.

        Returns
        -------
        Shape (U, D), NaN without a total.
        """
        totals = np.full((len(self.scores.units), len(drawn.option)), np.nan)
        combinations, which = np.unique(drawn.option, axis=0, return_inverse=True)
        for number, options in enumerate(combinations):
            variant = self.variant(options)
            if variant is None:
                continue
            at = np.flatnonzero(which.ravel() == number)
            weight = self._weight(variant, drawn.times[at])
            mean = None if leaves is None else leaves(variant.source)[variant.rows][:, :, at]
            totals[:, at] = variant.tree.totals(weight, mean)
        return totals

    def variant(self, options: Sequence[int] | np.ndarray) -> Variant | None:
        """Return the index under one option of each choice, None where they exclude each other."""
        taken = zip(self.choices, options, strict=True)
        return self.variants.of([factor.options[at] for factor, at in taken])

    def _weight(self, variant: Variant, times: np.ndarray) -> np.ndarray:
        tree = variant.tree.hierarchy
        weight = np.repeat(tree.weight[:, None].astype(float), len(times), axis=1)
        for factor, by in zip(self.weights, times.T, strict=True):
            if factor.indicator in tree.ids:
                weight[tree.ids.index(factor.indicator)] *= by
        return weight

    def ranks(self, totals: np.ndarray) -> np.ndarray:
        """Rank totals (U, D) among the units that have one as it is; shape (D, U)."""
        ranked = ~np.isnan(self.scores.score[:, -1, 0])
        return rank_scores(np.round(np.where(ranked[:, None], totals, np.nan), DECIMALS).T)

    @property
    def rank(self) -> np.ndarray:
        """The ranks as they are, shape (U,)."""
        return rank_scores(np.round(self.scores.score[:, -1, 0], DECIMALS))
