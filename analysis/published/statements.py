"""Statements: what a published report says about its figures, in a form that can be recomputed."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicators.hierarchy import ALL
from indicators.nodes import Words
from survey.yaml_source import Strict, read_yaml

Names = Annotated[tuple[str, ...], Field(min_length=1)]


class Mean(Strict):
    """A printed mean: whose, of which indicator."""

    indicator: str
    audience: str = ALL


Means = Annotated[tuple[Mean, ...], Field(min_length=1)]


class _Statement(Strict):
    """What every statement has.

    Parameters
    ----------
    id
        Unique.
    where
        Place in the report.
    claim
        What it says, in our words.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    where: str
    claim: Words


class SampleStatement(_Statement):
    """The number of units assessed."""

    form: Literal["sample"]
    count: Annotated[int, Field(gt=0)]


class SortedStatement(_Statement):
    """The units within a grade are sorted by pinyin: by its initial letter, or in full."""

    form: Literal["sorted"]
    by: Literal["initial", "full"]


class ListedStatement(_Statement):
    """Units of a group with their grades.

    Parameters
    ----------
    called
        What the group is called.
    group
        Column of the table of units to the value that members have.
    population
        How many units of the sample belong to the group, where it is stated.
    listed
        Grades, parted by semicolons, to the units said to have one of them.
    complete
        Whether `listed` names every unit of the group with those grades, or examples only.
    """

    form: Literal["listed"]
    called: Words
    group: Annotated[dict[str, bool | str], Field(min_length=1)]
    population: Annotated[int, Field(ge=0)] | None = None
    listed: Annotated[dict[str, Names], Field(min_length=1)]
    complete: bool = False


class OrderStatement(_Statement):
    """Every mean of `left` is above every mean of `right`, or equal to it."""

    form: Literal["order"]
    relation: Literal["above", "equal"] = "above"
    left: Means
    right: Means


class BoundStatement(_Statement):
    """Every one of `means` is below, or above, a bound."""

    form: Literal["bound"]
    means: Means
    below: Decimal | None = None
    above: Decimal | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> "BoundStatement":
        if (self.below is None) == (self.above is None):
            raise ValueError(f"{self.id!r} with either below or above")
        return self


class UncheckedStatement(_Statement):
    """A statement that published figures cannot check, and why."""

    form: Literal["unchecked"]
    reason: Words


Statement = (
    SampleStatement
    | SortedStatement
    | ListedStatement
    | OrderStatement
    | BoundStatement
    | UncheckedStatement
)


class _File(Strict):
    statements: tuple[Annotated[Statement, Field(discriminator="form")], ...]

    @model_validator(mode="after")
    def _ids_once(self) -> "_File":
        ids = [statement.id for statement in self.statements]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"each statement id once; twice: {', '.join(twice)}")
        return self


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Read ``statements.yaml``.

    Raises
    ------
    InputError
        With every wrong key or value at once.
    """
    return read_yaml(path, _File).statements


def means_of(statement: Statement) -> tuple[Mean, ...]:
    """Return the means that a statement speaks of."""
    if isinstance(statement, OrderStatement):
        return (*statement.left, *statement.right)
    return statement.means if isinstance(statement, BoundStatement) else ()
