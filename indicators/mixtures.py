"""Weighted means of parts: which weights a whole leaves possible, by linear programming.

Whole and parts are known as half-open intervals, such as the values that round to a print. A
whole that is a weighted mean of its parts is possible under weights w (none negative, sum 1)
when, for every comparison, the lowest that the parts can make stays below the highest that the
whole can be, and their highest above its lowest: sum(w * low) < whole_high and
sum(w * high) > whole_low. That is exact, since each part takes any value of its interval freely,
and linear in w.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

TOUCH = 1e-7
"""Slack below which half-open intervals only touch: the tolerance of the solver."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Mixtures:
    """Comparisons of a whole with its parts.

    Parameters
    ----------
    part_low, part_high
        Shape (C, P): comparisons by parts.
    whole_low, whole_high
        Shape (C,).
    """

    part_low: np.ndarray
    part_high: np.ndarray
    whole_low: np.ndarray
    whole_high: np.ndarray

    @classmethod
    def of(cls, wholes: Sequence[Span], parts: Sequence[Sequence[Span]]) -> "Mixtures":
        """Lay comparisons out as arrays.

        Parameters
        ----------
        wholes
            Low and high of each whole, length C.
        parts
            For each whole those of its P parts.
        """
        whole, part = np.array(wholes), np.array(parts)
        return cls(part[..., 0], part[..., 1], whole[:, 0], whole[:, 1])

    def only(self, rows: Sequence[int]) -> "Mixtures":
        """Return some of the comparisons."""
        at = list(rows)
        return Mixtures(
            self.part_low[at], self.part_high[at], self.whole_low[at], self.whole_high[at]
        )

    def nearest(self) -> tuple[np.ndarray, float]:
        """Find the weights that come nearest to satisfying every comparison.

        Returns
        -------
        The weights, shape (P,), and how far the worst comparison is missed, in the unit of the
        values; below 0 where all are met with that much to spare.
        """
        from scipy.optimize import linprog

        n = self.part_low.shape[1]
        least = linprog(
            c=[*[0.0] * n, 1.0],
            A_ub=np.column_stack([self._left(), -np.ones(2 * len(self.whole_low))]),
            b_ub=self._right(),
            A_eq=[[*[1.0] * n, 0.0]],
            b_eq=[1.0],
            bounds=[*[(0.0, 1.0)] * n, (None, None)],
            method="highs",
        )
        return np.asarray(least.x[:n]), float(least.x[n])

    def possible(self) -> bool:
        """Tell whether one set of weights satisfies every comparison."""
        return self.nearest()[1] < -TOUCH

    def range_of(self, cost: Sequence[float]) -> Span:
        """Return the least and the greatest of sum(cost * weights); only where possible."""
        from scipy.optimize import linprog

        ends = []
        for sign in (1.0, -1.0):
            best = linprog(
                c=sign * np.asarray(cost, dtype=float),
                A_ub=self._left(),
                b_ub=self._right(),
                A_eq=[[1.0] * len(cost)],
                b_eq=[1.0],
                bounds=(0.0, 1.0),
                method="highs",
            )
            ends.append(sign * float(best.fun))
        return ends[0], ends[1]

    def conflicts(self) -> list[tuple[int, ...]]:
        """Return the smallest sets of comparisons that no weights satisfy together.

        None where every comparison is met. Sets of up to P are tried: weights of P parts lie in
        P - 1 dimensions, so by Helly's theorem P comparisons are enough to exclude each other.
        """
        if self.possible():
            return []
        parts = self.part_low.shape[1]
        for size in range(1, parts + 1):
            found = [
                rows
                for rows in combinations(range(len(self.whole_low)), size)
                if not self.only(rows).possible()
            ]
            if found:
                return found
        return [tuple(range(len(self.whole_low)))]

    def _left(self) -> np.ndarray:
        return np.vstack([self.part_low, -self.part_high])

    def _right(self) -> np.ndarray:
        return np.concatenate([self.whole_high, -self.whole_low])
