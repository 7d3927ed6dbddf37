"""Methods that state weights by judgement or by published figures, as a system's YAML names them.

The members that are weighed are the core children of an indicator, or its items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from indicators.mixtures import TOUCH, Mixtures
from survey.yaml_source import Strict

Share = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Score = Annotated[float, Field(allow_inf_nan=False)]
PlainWeights = Literal["given", "equal", "entropy", "critic", "pca"]
RANDOM_INDEX = (0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57,
                1.59)  # fmt: skip
"""Mean consistency index of random matrices by size (Saaty 1980, Analytic Hierarchy Process)."""
MOST_INCONSISTENT = 0.1


@dataclass(frozen=True)
class Weighed:
    """What a method says of the weights of some members.

    Parameters
    ----------
    weight
        Shape (K,), summing to 1.
    low, high
        The range of each weight, where the method knows one; else NaN. Shape (K,).
    spread
        Standard deviation of each weight over experts; else NaN. Shape (K,).
    statistics
        Figures on the whole set by name, such as ``consistency_ratio``.
    """

    weight: np.ndarray
    low: np.ndarray = field(default_factory=lambda: np.array(np.nan))
    high: np.ndarray = field(default_factory=lambda: np.array(np.nan))
    spread: np.ndarray = field(default_factory=lambda: np.array(np.nan))
    statistics: Mapping[str, float] = field(default_factory=dict)


class AhpWeights(Strict):
    """Analytic hierarchy process: weights from comparisons of pairs.

    Parameters
    ----------
    ahp
        For each member its comparison with every member: ``3`` where it is three times as
        important, ``1/3`` the other way round. Either triangle is enough; both must agree.
    accept_inconsistency
        Take the weights even where the consistency ratio is above 0.1.

    Notes
    -----
    Weights are the principal right eigenvector; the consistency ratio is
    ``(lambda_max - n) / (n - 1)`` over that of random matrices (Saaty 1980).
    """

    ahp: dict[str, dict[str, float]]
    accept_inconsistency: bool = False

    @field_validator("ahp", mode="before")
    @classmethod
    def _fractions(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            row: {name: _fraction(given) for name, given in cells.items()}
            if isinstance(cells, dict)
            else cells
            for row, cells in value.items()
        }

    @model_validator(mode="after")
    def _is_consistent(self) -> "AhpWeights":
        names = self.names
        if len(names) > len(RANDOM_INDEX) - 1:
            raise ValueError(f"at most {len(RANDOM_INDEX) - 1} members in one comparison")
        ratio = self.weigh(names).statistics["consistency_ratio"]
        if ratio > MOST_INCONSISTENT and not self.accept_inconsistency:
            raise ValueError(
                f"comparisons with a consistency ratio of at most {MOST_INCONSISTENT} (it is "
                f"{ratio:.3f}; revise them, or say accept_inconsistency: true)"
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The members compared."""
        inner = (name for cells in self.ahp.values() for name in cells)
        return tuple(dict.fromkeys([*self.ahp, *inner]))

    def matrix(self, names: Sequence[str]) -> np.ndarray:
        """Return the comparisons as a reciprocal matrix, shape (K, K)."""
        size = len(names)
        matrix = np.eye(size)
        for i in range(size):
            for j in range(size):
                forth = self.ahp.get(names[i], {}).get(names[j])
                back = self.ahp.get(names[j], {}).get(names[i])
                if i == j and forth not in (None, 1):
                    raise ValueError(f"{names[i]!r} compared with itself as 1")
                if i == j:
                    continue
                if forth is None and back is None:
                    raise ValueError(f"a comparison of {names[i]!r} with {names[j]!r}")
                if any(v is not None and not (v > 0 and np.isfinite(v)) for v in (forth, back)):
                    raise ValueError(f"numbers above 0 for {names[i]!r} and {names[j]!r}")
                if forth is not None and back is not None and abs(forth * back - 1) > 0.02:
                    raise ValueError(
                        f"{names[i]!r} to {names[j]!r} as the reciprocal of the other way round"
                    )
                matrix[i, j] = forth if forth is not None else 1 / float(back or 1)
        return matrix

    def weigh(self, names: Sequence[str]) -> Weighed:
        """Return the weights of the members, in the order of `names`."""
        matrix, size = self.matrix(names), len(names)
        values, vectors = (np.asarray(part) for part in np.linalg.eig(matrix))
        first = int(np.argmax(np.real(values)))
        weight = np.abs(np.real(vectors[:, first]))
        greatest = float(np.real(values[first]))
        index = (greatest - size) / (size - 1) if size > 1 else 0.0
        ratio = index / RANDOM_INDEX[size] if RANDOM_INDEX[size] else 0.0
        statistics = {"lambda_max": greatest, "consistency_ratio": float(ratio)}
        return Weighed(weight / weight.sum(), statistics=statistics)


class BudgetWeights(Strict):
    """Budget allocation: several experts share out the same number of points.

    Parameters
    ----------
    budget
        By expert, the points given to each member; all experts share out the same total.

    Notes
    -----
    The weight is the mean of the experts' shares, with their standard deviation. Agreement is the
    share of the budget that two experts place alike, averaged over all pairs: 1 where all agree.
    OECD and JRC (2008), Handbook, section 6 ("Budget allocation process").
    """

    budget: Annotated[dict[str, dict[str, Share]], Field(min_length=1)]

    @model_validator(mode="after")
    def _same_total(self) -> "BudgetWeights":
        totals = {expert: sum(points.values()) for expert, points in self.budget.items()}
        first = next(iter(totals.values()))
        if first <= 0 or any(abs(total - first) > 1e-6 * first for total in totals.values()):
            told = ", ".join(f"{expert}: {total:g}" for expert, total in totals.items())
            raise ValueError(f"experts who share out the same total (they give {told})")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The members weighed."""
        return tuple(dict.fromkeys(name for points in self.budget.values() for name in points))

    def weigh(self, names: Sequence[str]) -> Weighed:
        """Return the weights of the members, in the order of `names`."""
        given = np.array([[p.get(name, 0.0) for name in names] for p in self.budget.values()])
        shares = given / given.sum(axis=1, keepdims=True)
        experts = len(shares)
        apart = np.abs(shares[:, None] - shares[None]).sum(axis=2) / 2
        agreement = 1 - apart[np.triu_indices(experts, 1)].mean() if experts > 1 else np.nan
        spread = shares.std(axis=0, ddof=1) if experts > 1 else np.full(len(names), np.nan)
        return Weighed(
            shares.mean(axis=0), shares.min(axis=0), shares.max(axis=0), spread,
            {"experts": float(experts), "agreement": float(agreement)},
        )  # fmt: skip


class ImpliedWeights(Strict):
    """Weights recovered from published scores of a parent and its children.

    Parameters
    ----------
    implied
        Published scores of each member, one value an observation (a unit, an audience, a year).
    parent
        The parent's published scores of the same observations.
    decimals
        Decimals of the published figures; what rounds to a print fits it.

    Notes
    -----
    Weights minimise the sum of squared differences between the parent and the weighted mean of
    its children, none negative, summing to 1. As sum(w) = 1, that is the least norm of D w over
    the simplex with D = children - parent, which non-negative least squares of [D; 1] against
    [0; 1] solves exactly up to scale (Wolfe 1976, Mathematical Programming 11:128-149). The range
    is that of all weights under which every parent can round to its print (linear programming);
    where no weights do, it is missing, and ``worst_miss`` says by how much at least one is missed.
    """

    implied: Annotated[dict[str, tuple[Score, ...]], Field(min_length=2)]
    parent: Annotated[tuple[Score, ...], Field(min_length=1)]
    decimals: Annotated[int, Field(ge=0, le=10)] = 2

    @model_validator(mode="after")
    def _same_length(self) -> "ImpliedWeights":
        for name, values in self.implied.items():
            if len(values) != len(self.parent):
                raise ValueError(
                    f"{len(self.parent)} scores of {name!r}, as many as of the parent "
                    f"(there are {len(values)})"
                )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The members weighed."""
        return tuple(self.implied)

    def weigh(self, names: Sequence[str]) -> Weighed:
        """Return the weights of the members, in the order of `names`."""
        from scipy.optimize import nnls

        children = np.array([self.implied[name] for name in names], dtype=float).T
        parent = np.array(self.parent, dtype=float)
        system = np.vstack([children - parent[:, None], np.ones(len(names))])
        raw, _ = nnls(system, np.append(np.zeros(len(parent)), 1.0))
        weight = raw / raw.sum()
        half = 0.5 * 10.0**-self.decimals
        mixtures = Mixtures(children - half, children + half, parent - half, parent + half)
        miss = mixtures.nearest()[1]
        unit = np.eye(len(names))
        ends = np.full((len(names), 2), np.nan)
        if miss < -TOUCH:
            ends = np.clip([mixtures.range_of(unit[at].tolist()) for at in range(len(names))], 0, 1)
        residual = float(np.sqrt(np.mean((children @ weight - parent) ** 2)))
        statistics = {"root_mean_square_error": residual, "worst_miss": max(miss, 0.0)}
        return Weighed(weight, ends[:, 0], ends[:, 1], statistics=statistics)


def _fraction(value: Any) -> Any:
    try:
        return float(Fraction(value)) if isinstance(value, str) else value
    except (ValueError, ZeroDivisionError):
        return value


def _tag(value: Any) -> str:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((name for name in ("ahp", "budget", "implied") if name in keys), "plain")


AnyWeights = Annotated[
    Annotated[PlainWeights, Tag("plain")]
    | Annotated[AhpWeights, Tag("ahp")]
    | Annotated[BudgetWeights, Tag("budget")]
    | Annotated[ImpliedWeights, Tag("implied")],
    Discriminator(_tag),
]


def method_name(method: Any) -> str:
    """Return the name of a method as the YAML has it."""
    return method if isinstance(method, str) else _tag(method)
