"""Rules that look at one record; `ConsistencyRule` alone compares the records of a unit."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from survey.contracts import AnswerColumn
from survey.yaml_source import Strict

BEST = 10.0
Points = Annotated[float, Field(ge=0, le=BEST)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class MapRule(Strict):
    """Points for each answer by name.

    Parameters
    ----------
    map
        Answer to points, at least two answers.
    """

    map: Annotated[dict[str, Points], Field(min_length=2)]

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "category", allowed=tuple(self.map)),)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        return _looked_up(frame[column], self.map)


class BinaryRule(Strict):
    """Full points for one answer, none for the other.

    Parameters
    ----------
    binary
        ``[good answer, bad answer]``.
    """

    binary: tuple[str, str]

    @field_validator("binary")
    @classmethod
    def _two_answers(cls, value: tuple[str, str]) -> tuple[str, str]:
        if value[0] == value[1]:
            raise ValueError("two different answers: [good, bad]")
        return value

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "category", allowed=self.binary),)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        return _yes_no(frame[column], self.binary) * BEST


class LikertRule(Strict):
    """A rating scale spread evenly over the points.

    Parameters
    ----------
    likert
        ``[worst, best]``, such as ``[1, 5]``; a worst above the best is a reversed scale.
    """

    likert: tuple[Finite, Finite]

    @field_validator("likert")
    @classmethod
    def _a_range(cls, value: tuple[float, float]) -> tuple[float, float]:
        if value[0] == value[1]:
            raise ValueError("two different ends: [worst, best]")
        return value

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "number", minimum=min(self.likert), maximum=max(self.likert)),)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        worst, best = self.likert
        return (frame[column].to_numpy(dtype=float) - worst) / (best - worst) * BEST


class PiecewiseRule(Strict):
    """Points by straight lines between given values; flat beyond the ends.

    Parameters
    ----------
    piecewise
        ``[[value, points], …]`` with rising values, such as seconds of waiting.
    unit
        Unit of the values.
    """

    piecewise: Annotated[tuple[tuple[Finite, Points], ...], Field(min_length=2)]
    unit: str

    @field_validator("piecewise")
    @classmethod
    def _rising(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(value)):
            raise ValueError("values that rise from one pair to the next")
        return value

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "number", minimum=0 if self.piecewise[0][0] >= 0 else None),)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        values, points = np.array(self.piecewise).T
        measured = frame[column].to_numpy(dtype=float)
        return np.where(np.isnan(measured), np.nan, np.interp(measured, values, points))


class CountRule(Strict):
    """The share of several yes-or-no columns that were answered with the good answer.

    Parameters
    ----------
    count
        The columns.
    of
        ``[good answer, bad answer]``.

    Notes
    -----
    The share is taken over the columns that were answered; a record without any is missing.
    """

    count: Annotated[tuple[str, ...], Field(min_length=2)]
    of: tuple[str, str]

    @model_validator(mode="after")
    def _distinct(self) -> "CountRule":
        if len(set(self.count)) < len(self.count) or self.of[0] == self.of[1]:
            raise ValueError("columns that differ and two different answers: [good, bad]")
        return self

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return tuple(AnswerColumn(name, "category", allowed=self.of) for name in self.count)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        heard = np.column_stack([_yes_no(frame[name], self.of) for name in self.count])
        answered = (~np.isnan(heard)).sum(axis=1)
        share = np.nansum(heard, axis=1) / np.maximum(answered, 1)
        return np.where(answered > 0, share * BEST, np.nan)


class ThresholdRule(Strict):
    """Points by steps: the first level that a number reaches.

    Parameters
    ----------
    threshold
        ``[[value, points], …]``, the hardest level first.
    reach
        Whether a level is reached ``at_most`` at its value (waiting) or ``at_least`` (a rate).
    otherwise
        Points where no level is reached.
    unit
        Unit of the values.
    """

    threshold: Annotated[tuple[tuple[Finite, Points], ...], Field(min_length=1)]
    reach: Literal["at_most", "at_least"]
    otherwise: Points = 0.0
    unit: str

    @model_validator(mode="after")
    def _from_hard_to_easy(self) -> "ThresholdRule":
        sign = 1 if self.reach == "at_most" else -1
        if any(sign * later <= sign * earlier for (earlier, _), (later, _) in self._pairs):
            raise ValueError("levels from the hardest to the easiest, each once")
        if any(later > earlier for (_, earlier), (_, later) in self._pairs):
            raise ValueError("points that do not rise from a harder level to an easier one")
        if self.otherwise > self.threshold[-1][1]:
            raise ValueError("points 'otherwise' no higher than those of the easiest level")
        return self

    @property
    def _pairs(self) -> "pairwise[tuple[tuple[float, float], tuple[float, float]]]":
        return pairwise(self.threshold)

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return (AnswerColumn(column, "number"),)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        values, points = np.array(self.threshold).T
        measured = frame[column].to_numpy(dtype=float)
        sign = 1 if self.reach == "at_most" else -1
        level = np.searchsorted(sign * values, sign * measured, side="left")
        return np.where(np.isnan(measured), np.nan, np.append(points, self.otherwise)[level])


class ConsistencyRule(Strict):
    """Whether the same question gets the same answer: agreement with the unit's other records.

    Parameters
    ----------
    consistent_by
        Columns that make records comparable, such as the question asked.
    values
        The answers that may be given.

    Notes
    -----
    A record gets 10 times the share of the unit's other comparable records that gave the same
    answer; the mean over records is then the chance that two of them agree (Simpson 1949, Nature
    163:688). A record without another to compare it with is missing.
    """

    consistent_by: Annotated[tuple[str, ...], Field(min_length=1)]
    values: tuple[str, ...] = ()

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        kept = [AnswerColumn(name, "category") for name in self.consistent_by]
        return (AnswerColumn(column, "category", allowed=self.values), *kept)

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        group = ["unit", *self.consistent_by]
        answered = frame[[*group, column]].dropna()
        others = answered.groupby(group)[column].transform("size") - 1
        alike = answered.groupby([*group, column])[column].transform("size") - 1
        share = (alike / others.where(others > 0)).reindex(frame.index)
        return share.to_numpy(dtype=float) * BEST


def _yes_no(answers: pd.Series, pair: tuple[str, str]) -> np.ndarray:
    return _looked_up(answers, {pair[0]: 1.0, pair[1]: 0.0})


def _looked_up(answers: pd.Series, points: Mapping[str, float]) -> np.ndarray:
    codes, names = pd.factorize(answers)
    values = np.array([points.get(name, np.nan) for name in names] + [np.nan])
    return values[codes]
