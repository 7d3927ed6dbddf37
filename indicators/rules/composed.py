"""Rules made of other rules: a formula, the first sheet that fits, a whole sheet of questions."""

from functools import cached_property
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from indicators.rules.answers import (
    BinaryRule,
    ConsistencyRule,
    CountRule,
    LikertRule,
    MapRule,
    PiecewiseRule,
    ThresholdRule,
)
from indicators.rules.conditions import Condition, meets
from indicators.rules.expression import Expression
from indicators.rules.normalise import NORMALISERS, Normaliser, tag_of
from survey.contracts import AnswerColumn
from survey.yaml_source import Strict


class FormulaRule(Strict):
    """A value computed from several columns, scored by another rule or taken as points.

    Parameters
    ----------
    formula
        An expression (see `indicators.rules.expression`).
    then
        The rule that scores the value; without it the value is the points.
    """

    formula: str
    then: "AnyRule | None" = None

    @field_validator("formula")
    @classmethod
    def _parses(cls, value: str) -> str:
        Expression(value)
        return value

    @cached_property
    def expression(self) -> Expression:
        """The formula, parsed."""
        return Expression(self.formula)

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        numbers = tuple(AnswerColumn(name, "number") for name in self.expression.numbers)
        return (*numbers, *(AnswerColumn(name, "category") for name in self.expression.words))

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        value = self.expression.evaluate(frame)
        if self.then is None:
            return value
        return self.then.points(frame.assign(**{column: value}), column)


class Sheet(Strict):
    """One of several rules, with the records it is for.

    Parameters
    ----------
    where
        The records; without it, all that no earlier one took.
    column
        The column it reads, where that is not the item's.
    rule
        The rule.
    """

    where: Condition = {}
    column: str | None = None
    rule: "AnyRule"


class WhenRule(Strict):
    """The first sheet whose condition a record meets; a record that meets none is not scored.

    Parameters
    ----------
    when
        The sheets, in order.
    """

    when: Annotated[tuple[Sheet, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _otherwise_comes_last(self) -> "WhenRule":
        if any(not sheet.where for sheet in self.when[:-1]):
            raise ValueError("a sheet without 'where' only at the end: none after it is reached")
        return self

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return _merged(
            answer for sheet in self.when for answer in sheet.rule.answers(sheet.column or column)
        )

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        points = np.full(len(frame), np.nan)
        left = np.ones(len(frame), dtype=bool)
        for sheet in self.when:
            own = left & meets(frame, sheet.where)
            if own.any():
                points[own] = sheet.rule.points(frame[own], sheet.column or column)
            left &= ~own
        return points


class Question(Strict):
    """One question of a sheet.

    Parameters
    ----------
    column
        The column with its answer.
    rule
        How it is scored.
    weight
        Its weight among the questions.
    zh, en
        What is asked.
    """

    column: str
    rule: "AnyRule"
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    zh: str = ""
    en: str = ""


class SheetRule(Strict):
    """A sheet of questions scored record by record: the weighted mean of those answered.

    Parameters
    ----------
    sheet
        The questions.
    fatal
        Conditions that take all points, such as rudeness, whatever else was answered.
    """

    sheet: Annotated[tuple[Question, ...], Field(min_length=1)]
    fatal: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "SheetRule":
        columns = [question.column for question in self.sheet]
        if twice := sorted({name for name in columns if columns.count(name) > 1}):
            raise ValueError(f"each column once in a sheet; twice: {', '.join(twice)}")
        return self

    def answers(self, column: str) -> tuple[AnswerColumn, ...]:
        """Return what each column may hold."""
        return _merged(a for question in self.sheet for a in question.rule.answers(question.column))

    def points(self, frame: pd.DataFrame, column: str) -> np.ndarray:
        """Return points, shape (records,)."""
        points = np.column_stack([q.rule.points(frame, q.column) for q in self.sheet])
        there = ~np.isnan(points)
        weights = there * np.array([question.weight for question in self.sheet])
        total = weights.sum(axis=1)
        mean = (np.where(there, points, 0.0) * weights).sum(axis=1) / np.where(total, total, np.nan)
        for condition in self.fatal:
            mean = np.where(meets(frame, condition) & (total > 0), 0.0, mean)
        return mean


def _merged(answers: "object") -> tuple[AnswerColumn, ...]:
    """Return each column once; where two rules allow different answers, all of them."""
    found: dict[str, AnswerColumn] = {}
    for answer in answers:  # pyright: ignore[reportGeneralTypeIssues]
        known = found.get(answer.name)
        found[answer.name] = answer if known is None else known.joined(answer)
    return tuple(found.values())


RULES: dict[str, type[Strict]] = {
    "map": MapRule,
    "binary": BinaryRule,
    "likert": LikertRule,
    "piecewise": PiecewiseRule,
    "threshold": ThresholdRule,
    "count": CountRule,
    "consistent_by": ConsistencyRule,
    "formula": FormulaRule,
    "when": WhenRule,
    "sheet": SheetRule,
    **NORMALISERS,
}


def _kind(rule: object) -> str | None:
    tag = tag_of(rule, RULES)
    return "placement" if tag in NORMALISERS else tag


AnyRule = Annotated[
    Annotated[MapRule, Tag("map")]
    | Annotated[BinaryRule, Tag("binary")]
    | Annotated[LikertRule, Tag("likert")]
    | Annotated[PiecewiseRule, Tag("piecewise")]
    | Annotated[ThresholdRule, Tag("threshold")]
    | Annotated[CountRule, Tag("count")]
    | Annotated[ConsistencyRule, Tag("consistent_by")]
    | Annotated[FormulaRule, Tag("formula")]
    | Annotated[WhenRule, Tag("when")]
    | Annotated[SheetRule, Tag("sheet")]
    | Annotated[Normaliser, Tag("placement")],
    Discriminator(
        _kind,
        custom_error_type="unknown_rule",
        custom_error_message="one of the rules " + ", ".join(RULES),
    ),
]
for _model in (FormulaRule, Sheet, WhenRule, Question, SheetRule):
    _model.model_rebuild()
