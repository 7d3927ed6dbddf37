"""Scores that rest on too few persons, and those from which they could be recomputed."""

from dataclasses import dataclass

import numpy as np

from hotline_index.suppression.equations import own_equations
from hotline_index.suppression.national import Equations, Nation, join_units
from hotline_index.suppression.pattern import Unit, own_pattern
from indicators.scores import Scores
from survey.privacy.suppression import MINIMUM

PERSONS = "responses"
"""The table whose records are of persons; mystery calls, cases and figures are of none."""


@dataclass(frozen=True)
class Hidden:
    """What must not be published of scores.

    Parameters
    ----------
    score, n
        Scores and numbers of records that are left out, shape (U, A + 1, N), bool.
    small
        Scores that rest on fewer than the least number of persons and on nothing else; the rest
        of `score` is complementary.
    mean
        National means that are left out, as no other unit can be hidden in their place. Shape
        (A + 1, N), bool.
    exposed
        Small scores that nothing protects, shape (U, A + 1, N), bool; none is known to occur.
    totals
        Units whose total rests on few persons alone; it is published. Shape (U,), bool.
    """

    score: np.ndarray
    n: np.ndarray
    small: np.ndarray
    mean: np.ndarray
    exposed: np.ndarray
    totals: np.ndarray


def persons_behind(scores: Scores) -> np.ndarray:
    """Count the questionnaires with an answer below each indicator, shape (U, A + 1, N)."""
    tree, units = scores.hierarchy, len(scores.units)
    audiences = len(tree.audiences) + 1
    count = np.zeros((units, audiences, len(tree.ids)), dtype=int)
    for table in scores.points:
        if table.table != PERSONS:
            continue
        for node in range(len(tree.ids)):
            own = tree.leaf_below[node][tree.item_leaf[table.items]].astype(bool)
            below = ~np.isnan(table.points[:, own]).all(axis=1)
            cell = table.unit[below] * audiences + table.audience[below]
            known = table.audience[below] >= 0
            counted = np.bincount(cell[known], minlength=units * audiences)
            count[:, :, node] += counted.reshape(units, audiences)
            count[:, -1, node] += np.bincount(table.unit[below], minlength=units)
    return count


def hidden_scores(scores: Scores, minimum: int = MINIMUM) -> Hidden:
    """Tell which scores and numbers of records must not be published.

    Parameters
    ----------
    scores
        The scores.
    minimum
        Least number of questionnaires of a unit and audience that a score may rest on.

    Returns
    -------
    `Hidden`. Small are scores of leaves that persons answered, and of indicators that persons
    alone answered. Whoever has all other scores and the national means, and knows the weights,
    finds no small score by solving the equations between them. Where the number of persons
    behind a score is small, its number of records is hidden, and that of one more audience; that
    of all audiences where there is none, or where two are small.

    Notes
    -----
    What is hidden is chosen for each unit by itself (`pattern.own_pattern`), then with others of
    which national means tell (`national.join_units`); both are tested by the rank of the
    equations, of which averages that are not arithmetic enter by their tangent. Minimum, median
    and ordered averages have none where parts tie: there the test may miss a score. The total of a
    unit over all audiences is always published, as its rank and grade are: where it is small,
    it is told in `Hidden.totals`. Out of scope are the bounds that the scale puts on a hidden
    score, and what the standard errors of published scores tell of those that are hidden.
    """
    persons = persons_behind(scores)
    few = (persons > 0) & (persons < minimum)
    tree = scores.hierarchy
    leaf = np.isin(np.arange(len(tree.ids)), tree.parent, invert=True)
    small = few & (leaf | (persons == scores.n)) & ~np.isnan(scores.score)
    totals = small[:, -1, 0].copy()
    small[:, -1, 0] = False
    n = _hidden_numbers(few, scores.n)
    if not small.any():
        return Hidden(small, n, small, small.any(axis=0), small, totals)
    nation = _alone(scores, small)
    join_units(nation, persons[:, -1, 0])
    shape = small.shape
    return Hidden(
        nation.hidden.reshape(shape),
        n,
        small,
        nation.mean.reshape(shape[1:]),
        nation.exposed().reshape(shape),
        totals,
    )


def _hidden_numbers(few: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Add to small numbers of persons those that would tell them, shape (U, A + 1, N)."""
    hidden, own = few.copy(), few[:, :-1]
    if own.shape[1] == 0:
        return hidden
    others = np.where(own | (n[:, :-1] == 0), np.inf, n[:, :-1])
    another = others.argmin(axis=1)
    able = (own.sum(axis=1) == 1) & np.isfinite(others.min(axis=1))
    unit, node = np.nonzero(able)
    hidden[unit, another[unit, node], node] = True
    hidden[:, -1] |= own.any(axis=1) & ~able
    return hidden


def _alone(scores: Scores, small: np.ndarray) -> Nation:
    """Return what every unit hides by itself; units that are alike are worked out once."""
    tree, there = scores.hierarchy, ~np.isnan(scores.score)
    equations = Equations(lambda unit: own_equations(scores, unit))
    hidden, known = np.zeros_like(small), dict[bytes, np.ndarray]()
    for place in np.flatnonzero(small.any(axis=(1, 2))).tolist():
        unit = Unit(tree, equations[place], there[place], small[place])
        if (key := unit.key()) not in known:
            known[key] = own_pattern(unit)
        hidden[place] = known[key]
    flat = (len(small), -1)
    mean = np.zeros(small[0].size, dtype=bool)
    return Nation(
        tree, equations, there.reshape(flat), small.reshape(flat), hidden.reshape(flat), mean
    )
