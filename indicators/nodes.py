"""What an indicator system is made of: indicators, items, audiences, alerts."""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicators.averages import Average
from indicators.figures.settings import Treatment
from indicators.rules import NORMALISERS, AnyRule, Condition, FormulaRule, Points
from indicators.weights.methods import AnyWeights
from survey.contracts import AnswerColumn
from survey.yaml_source import Strict

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
Table = Literal["calls", "responses", "channel_tests", "inspections", "cases", "kpis", "figures"]
ADDRESSED = ("calls", "responses", "channel_tests")
"""Tables whose records have an audience."""
BY_UNIT = ("kpis", "figures")
"""Tables with one figure a unit, where a rule may compare units."""
MissingPolicy = Literal["rescale", "worst", "no_score"]


class Words(Strict):
    """A text in Chinese and in English."""

    zh: str
    en: str


class Override(Strict):
    """Points given whatever was answered, for the records that meet a condition."""

    where: Condition
    points: Points


class Multiplier(Strict):
    """Records that count several times, such as repeated complaints.

    Parameters
    ----------
    table, where
        The records.
    times
        How often each counts; several multipliers of one record multiply.
    """

    table: Table
    where: Annotated[Condition, Field(min_length=1)]
    times: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ColumnValues(Strict):
    """A column of a table that conditions read, with the values it may hold.

    Parameters
    ----------
    values
        Value to its Chinese word; either may stand in a file.
    """

    values: Annotated[dict[str, str], Field(min_length=1)]


class Item(Strict):
    """One question put to the records of a table, or one figure of a unit.

    Parameters
    ----------
    id
        Unique in the system; also the column (or the KPI), unless `column` names another.
    table
        Where the answers are.
    rule
        How an answer becomes points. Figures and KPIs may leave it to the system's `figures`.
    where
        Column to the values it must have; the item is not put to other records.
    override
        Records that get fixed points, such as none for a call that nobody answered.
    not_applicable
        Answers that say the question does not apply: unlike a blank they do not count as missing.
    clause
        The clause of a standard that the rule follows.
    denominator
        Column of the same table that a figure is divided by.
    treat
        How outliers of a figure are treated, where that is not the system's way.
    direction
        Of a figure without a rule of its own: whether a ``higher`` (the default) or a ``lower``
        one is better.
    """

    id: Name
    zh: str
    en: str
    table: Table
    rule: AnyRule
    column: str | None = None
    weight: Weight = 1.0
    where: Condition = {}
    override: tuple[Override, ...] = ()
    not_applicable: tuple[str, ...] = ()
    clause: str = ""
    denominator: str | None = None
    treat: Treatment | None = None
    direction: Literal["higher", "lower"] | None = None

    @model_validator(mode="after")
    def _fits_its_table(self) -> "Item":
        if self.not_applicable and not any(a.not_applicable for a in self.answers()):
            raise ValueError(f"{self.id!r}: numbers as not_applicable of a column of numbers")
        if self.table not in BY_UNIT:
            if placed := next((k for k in NORMALISERS if k in type(self.rule).model_fields), None):
                raise ValueError(
                    f"a rule for single records in {self.id!r}: {placed} compares units, and "
                    f"needs table {' or '.join(BY_UNIT)}"
                )
            if self.denominator or self.treat:
                raise ValueError(f"{self.id!r}: denominator and treat with figures or kpis only")
        elif isinstance(self.rule, FormulaRule) and (self.denominator or self.treat):
            raise ValueError(f"{self.id!r}: denominator and treatment inside the formula")
        elif self.override or self.where:
            raise ValueError(f"{self.id!r}: where and override with tables of records only")
        if self.direction and getattr(self.rule, "direction", None) != self.direction:
            raise ValueError(f"{self.id!r}: the direction inside its rule, where it has one")
        if self.table == "kpis" and self.denominator:
            raise ValueError(f"{self.id!r}: a KPI brings its own denominator")
        return self

    @property
    def source(self) -> str:
        """The column that holds the answer."""
        return self.column or self.id

    @property
    def exempt_numbers(self) -> tuple[float, ...]:
        """The numbers that say that the question does not apply."""
        return tuple(float(answer) for answer in self.not_applicable if _is_number(answer))

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition on the records that the item states."""
        yield self.where
        yield from (each.where for each in self.override)
        yield from _conditions_in(self.rule)

    def answers(self) -> tuple[AnswerColumn, ...]:
        """Return what each column that the item reads may hold."""
        codes = tuple(answer for answer in self.not_applicable if _is_number(answer))
        columns = [
            replace(a, not_applicable=self.not_applicable if a.kind == "category" else codes)
            for a in self.rule.answers(self.source)
        ]
        if self.denominator:
            columns.append(AnswerColumn(self.denominator, "number"))
        return tuple(columns)


class Node(Strict):
    """An indicator with either child indicators or items.

    Parameters
    ----------
    role
        ``core`` indicators make the average of their parent; ``innovation`` stands apart.
    bonus
        Points that an innovation indicator adds to its parent at most, in proportion to its score.
        Without it, an innovation indicator enters by its weight like the others.
    weights
        How the weights of its children, or of its items, come about (default: as given).
    aggregate
        How its children, or its items, are averaged. By default children as the system says and
        items arithmetically.
    missing
        What a part without a score does (default: as the system says): ``rescale`` scales the
        other weights up, ``worst`` counts it as 0 points, ``no_score`` leaves the indicator
        without a score.
    minimum_coverage
        Least share of the weight below the node that must have data (default: the system's).
    """

    id: Name
    zh: str
    en: str
    definition: Words | None = None
    weight: Weight = 1.0
    role: Literal["core", "innovation"] = "core"
    bonus: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    weights: AnyWeights = "given"
    aggregate: Average | None = None
    missing: MissingPolicy | None = None
    minimum_coverage: Share | None = None
    children: tuple["Node", ...] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> "Node":
        if self.children and self.items:
            raise ValueError(f"the indicator {self.id!r} with either children or items")
        if self.bonus is not None and self.role != "innovation":
            raise ValueError(f"{self.id!r}: a bonus with role: innovation only")
        if len({item.table in ADDRESSED for item in self.items}) > 1:
            raise ValueError(
                f"{self.id!r}: items from tables with an audience ({', '.join(ADDRESSED)}), or "
                "from tables without; not both"
            )
        check_members(self.id, self.weights, self.children, self.items, self.aggregate)
        return self


class Audience(Strict):
    """A group of users that is scored by itself and counts in the overall score by weight."""

    zh: str
    en: str
    weight: Weight = 1.0


class Alert(Strict):
    """A level of alert, such as red, for scores below a mark."""

    id: Name
    zh: str
    en: str
    below: Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _conditions_in(rule: object) -> Iterator[Condition]:
    for sheet in getattr(rule, "when", ()):
        yield sheet.where
        yield from _conditions_in(sheet.rule)
    for question in getattr(rule, "sheet", ()):
        yield from _conditions_in(question.rule)
    yield from getattr(rule, "fatal", ())
    if getattr(rule, "then", None):
        yield from _conditions_in(rule.then)  # pyright: ignore[reportAttributeAccessIssue]


def check_members(
    parent: str,
    weights: AnyWeights,
    children: tuple[Node, ...],
    items: tuple[Item, ...],
    aggregate: Average | None,
) -> None:
    """Refuse weights that do not fit the children or the items they are for."""
    members: tuple[Node | Item, ...] = tuple(c for c in children if c.bonus is None) or items
    ids = [member.id for member in members]
    if isinstance(weights, str):
        if weights != "given" and any(member.weight != 1 for member in members):
            raise ValueError(f"below {parent!r} either weights: {weights}, or a weight for each")
        if weights == "given" and members and not any(member.weight > 0 for member in members):
            raise ValueError(f"below {parent!r} at least one weight above 0 among {', '.join(ids)}")
    elif set(weights.names) != set(ids):
        raise ValueError(
            f"weights below {parent!r} for {', '.join(ids)} (they are for "
            f"{', '.join(weights.names)})"
        )
    owa = getattr(aggregate, "owa", None)
    if owa is not None and members and len(owa) != len(members):
        raise ValueError(f"{len(members)} owa weights below {parent!r} (there are {len(owa)})")
