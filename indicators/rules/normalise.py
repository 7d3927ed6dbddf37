"""Rules that place a unit's figure among those of the others, or against fixed marks.

Each takes the figures of every unit in a column and returns points, not yet held to the scale:
what lies beyond 0 to 10 is cut and counted by `indicators.measure`. The methods are those of
OECD and JRC (2008), Handbook on Constructing Composite Indicators, section 5 ("Normalisation").
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from indicators.rules.answers import BEST, Finite, Points
from survey.contracts import AnswerColumn
from survey.findings import Finding, InputError, Severity, did_you_mean
from survey.yaml_source import Strict

TARGET_SUFFIX = ".target"
"""Ends the name of the column that holds each unit's own target of a figure."""


class Figures(Protocol):
    """Columns by name, such as a frame or a mapping of arrays; all of one length."""

    def __getitem__(self, name: str, /) -> Any:
        """Return a column."""

    def __contains__(self, name: str, /) -> bool:
        """Return whether there is a column of that name."""
        ...


class Placement(Strict, ABC):
    """What all of these rules share.

    Parameters
    ----------
    direction
        Whether a ``higher`` or a ``lower`` figure is better.
    over
        The figures that a unit is placed among: those of the ``edition`` that is scored, or of
        ``all`` editions (periods) in the table, so that scores compare from year to year.
    """

    direction: Literal["higher", "lower"] = "higher"
    over: Literal["edition", "all"] = "edition"

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "number"),)

    def points(self, frame: Figures, column: str) -> np.ndarray:
        """Return points, shape (units,)."""
        values = np.asarray(frame[column], dtype=float)
        sign = 1.0 if self.direction == "higher" else -1.0
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._placed(sign * values, sign, frame, column)

    @abstractmethod
    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        """Return the points of values whose higher is better (`sign` times the figures)."""


class MinMaxRule(Placement):
    """The least figure gets the first number of points, the greatest the second.

    Parameters
    ----------
    minmax
        ``[least, most]`` points, ``[0, 10]`` by default; ``[1, 10]`` keeps a geometric mean
        above 0.
    """

    minmax: tuple[Points, Points]

    @model_validator(mode="after")
    def _rises(self) -> "MinMaxRule":
        if self.minmax[0] >= self.minmax[1]:
            raise ValueError("[least, most] points, in this order")
        return self

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        low, high = _extent(values)
        least, most = self.minmax
        return least + (values - low) / (high - low) * (most - least)


class ZScoreRule(Placement):
    """Standard deviations from the mean, laid on the scale.

    Parameters
    ----------
    zscore
        ``[points of the mean, points of one standard deviation]``; the standard deviation is
        that of a sample (n - 1).
    """

    zscore: tuple[Points, Annotated[float, Field(gt=0, le=BEST)]]

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        centre, step = self.zscore
        there = values[~np.isnan(values)]
        spread = there.std(ddof=1) if len(there) > 1 else np.nan
        return centre + step * (values - there.mean()) / spread if len(there) else values


class RankRule(Placement):
    """Points by order alone.

    Parameters
    ----------
    ranked
        ``rank``: rank from the worst, ties sharing their mean, out of n. ``percentile``: share
        of the other units that are strictly worse (PERCENTRANK). ``borda``: share of the other
        units beaten, a tie counting half.
    """

    ranked: Literal["rank", "percentile", "borda"]

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        from scipy.stats import rankdata

        n = (~np.isnan(values)).sum()
        method = "min" if self.ranked == "percentile" else "average"
        rank = rankdata(values, method=method, nan_policy="omit")
        return BEST * (rank / n if self.ranked == "rank" else (rank - 1) / (n - 1))


class TargetRule(Placement):
    """Distance to a target: full points at the target, none at the worst.

    Parameters
    ----------
    target
        The figure to reach, or ``own`` for each unit's own (column ``NAME.target``).
    worst
        The figure that gets no points; the worst one there is by default.

    Notes
    -----
    ``10 * (x - worst) / (target - worst)``; better than the target counts as the target.
    """

    target: Finite | Literal["own"]
    worst: Finite | None = None

    @model_validator(mode="after")
    def _apart(self) -> "TargetRule":
        if self.worst is not None and self.target != "own":
            gap = self.target - self.worst
            if gap <= 0 if self.direction == "higher" else gap >= 0:
                raise ValueError("a target that is better than the worst figure")
        return self

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        own = (AnswerColumn(column + TARGET_SUFFIX, "number"),) if self.target == "own" else ()
        return (AnswerColumn(column, "number"), *own)

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        own = np.asarray(frame[column + TARGET_SUFFIX], float) if self.target == "own" else 0.0
        target = sign * (own if self.target == "own" else float(self.target))
        worst = _extent(values)[0] if self.worst is None else sign * self.worst
        reached = np.minimum((values - worst) / (target - worst), 1.0)
        at_worst = np.where(values >= target, 1.0, 0.0)
        return BEST * np.where(
            np.isnan(values) | np.isnan(target),
            np.nan,
            np.where(target > worst, reached, at_worst),
        )


class ReferenceRule(Placement):
    """Distance to a reference: the figure of one unit, or the mean or median of all.

    Parameters
    ----------
    reference
        ``mean``, ``median`` or the name of a unit.

    Notes
    -----
    With the worst figure w and the reference r, ``10 * (x - w) / (r - w)``: the reference gets 10,
    and what is better does too. A unit of reference that has no figure is an `InputError`.
    """

    reference: str

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        there = values[~np.isnan(values)]
        if not there.size:
            return values
        if self.reference in ("mean", "median"):
            mark = getattr(np, self.reference)(there)
        else:
            mark = self._mark(values, frame, column)
        share = np.minimum((values - there.min()) / (mark - there.min()), 1.0)
        return BEST * np.where(values >= mark, 1.0, share)

    def _mark(self, values: np.ndarray, frame: Figures, column: str) -> float:
        """Return the figure of the unit of reference, the latest where it has several."""
        own = np.flatnonzero((np.asarray(frame["unit"]) == self.reference) & ~np.isnan(values))
        if not own.size:
            finding = Finding(
                "unknown-reference", Severity.ERROR, column=column,
                expected="mean, median or a unit with a figure", got=repr(self.reference),
                hint=did_you_mean(self.reference, sorted({*frame["unit"], "mean", "median"})),
            )  # fmt: skip
            raise InputError([finding])
        if "period" in frame:
            own = own[np.argsort(np.asarray(frame["period"])[own].astype(str), kind="stable")]
        return float(values[own[-1]])


class MaximumRule(Placement):
    """Ratio to the best figure: ``x / max``, or ``min / x`` where a lower figure is better.

    Parameters
    ----------
    maximum
        Points of the best figure.
    """

    maximum: Annotated[float, Field(gt=0, le=BEST)]

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        best = _extent(values)[1]
        share = values / best if sign > 0 else best / values
        return self.maximum * np.where(values == best, 1.0, share)


class GoalpostsRule(Placement):
    """Position between two fixed marks, as in the Human Development Index.

    Parameters
    ----------
    goalposts
        ``[low mark, high mark]``.
    log
        Whether figures and marks are taken as logarithms.

    Notes
    -----
    ``10 * (x - low) / (high - low)``; what lies beyond a mark is cut to it and counted. UNDP,
    Human Development Report, technical note 1, equation 1.
    """

    goalposts: tuple[Finite, Finite]
    log: bool = False

    @model_validator(mode="after")
    def _marks(self) -> "GoalpostsRule":
        low, high = self.goalposts
        if low >= high:
            raise ValueError("[low mark, high mark] in this order; direction tells which is better")
        if self.log and low <= 0:
            raise ValueError("marks above 0, where log is true")
        return self

    def _placed(self, values: np.ndarray, sign: float, frame: Figures, column: str) -> np.ndarray:
        low, high = np.log(self.goalposts) if self.log else np.asarray(self.goalposts)
        figures = sign * values
        if self.log:
            figures = np.where(
                figures > 0, np.log(np.where(figures > 0, figures, 1.0)), 2 * low - high
            )
            figures = np.where(np.isnan(values), np.nan, figures)
        share = (figures - low) / (high - low)
        return BEST * (share if sign > 0 else 1 - share)


def _extent(values: np.ndarray) -> tuple[float, float]:
    there = values[~np.isnan(values)]
    return (float(there.min()), float(there.max())) if there.size else (np.nan, np.nan)


NORMALISERS: dict[str, type[Placement]] = {
    "minmax": MinMaxRule,
    "zscore": ZScoreRule,
    "ranked": RankRule,
    "target": TargetRule,
    "reference": ReferenceRule,
    "maximum": MaximumRule,
    "goalposts": GoalpostsRule,
}


def tag_of(rule: object, names: Iterable[str]) -> str | None:
    """Return which of several rules a mapping of keys, or a model, is."""
    keys = rule if isinstance(rule, dict) else getattr(type(rule), "model_fields", {})
    return next((name for name in names if name in keys), None)


Normaliser = Annotated[
    Annotated[MinMaxRule, Tag("minmax")]
    | Annotated[ZScoreRule, Tag("zscore")]
    | Annotated[RankRule, Tag("ranked")]
    | Annotated[TargetRule, Tag("target")]
    | Annotated[ReferenceRule, Tag("reference")]
    | Annotated[MaximumRule, Tag("maximum")]
    | Annotated[GoalpostsRule, Tag("goalposts")],
    Discriminator(
        lambda rule: tag_of(rule, NORMALISERS),
        custom_error_type="unknown_rule",
        custom_error_message="one of the rules " + ", ".join(NORMALISERS),
    ),
]
