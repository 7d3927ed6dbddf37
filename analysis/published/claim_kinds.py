"""The kinds of claims a report may make of its grades, as an edition writes them down."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self, TypeAlias

import pandas as pd
from pydantic import Field, model_validator

from survey.findings import Finding, Severity, did_you_mean
from survey.yaml_source import Strict

Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], Field(min_length=1)]


class _Claim(Strict):
    """What every claim has: a name, its words, and where the report makes it."""

    id: Name
    zh: Name
    en: Name
    where: str = ""


class _OnFactor(_Claim):
    """A claim about the groups of a column of the units."""

    factor: Name

    @property
    def evidence_factor(self) -> str:
        """The column that the claim is about."""
        return self.factor


class _OnGroup(_Claim):
    """A claim that may name a group: a column of the units and a value, or neither."""

    column: Name | None = None
    value: Name | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.column is None) != (self.value is None):
            raise ValueError("'column' and 'value' together, or neither")
        return self

    @property
    def evidence_factor(self) -> str:
        """The column that the claim is about, or ``""``."""
        return self.column or ""


class GroupsDiffer(_OnFactor):
    """The groups of a factor differ in their grades: the factor's row of ``comparisons``."""

    kind: Literal["groups_differ"]


class GroupHigher(_OnFactor):
    """A group stands higher than another, or than all others: a Mann-Whitney test of its own.

    Parameters
    ----------
    group
        The group said to stand higher.
    reference
        The group it is held against; all others where left out.
    """

    kind: Literal["group_higher"]
    group: Name
    reference: Name | None = None


class GradeCount(Strict):
    """So many units have one of these grades."""

    grades: Names
    expected: Annotated[int, Field(ge=0)]


class Count(_OnGroup):
    """So many units, of a group or of all, have certain grades.

    Parameters
    ----------
    counts
        Grades, and the number of units said to have one of them.
    out_of
        How many graded units the group is said to have.
    """

    kind: Literal["count"]
    counts: Annotated[tuple[GradeCount, ...], Field(min_length=1)]
    out_of: Annotated[int, Field(ge=1)] | None = None


class AllIn(_OnGroup):
    """Certain units all have certain grades, and all belong to a group where one is named.

    Parameters
    ----------
    units
        The units named.
    grades
        The grades they are said to have.
    """

    kind: Literal["all_in"]
    units: Names
    grades: Names


AnyClaim: TypeAlias = GroupsDiffer | GroupHigher | Count | AllIn
Claim: TypeAlias = Annotated[AnyClaim, Field(discriminator="kind")]
"""A claim of any kind, told apart by ``kind``."""


def wrong_names(
    claims: Sequence[AnyClaim], units: pd.DataFrame, groups: pd.DataFrame, grades: Sequence[str]
) -> Iterator[Finding]:
    """Find every name in the claims that the data do not know, and every id given twice.

    Parameters
    ----------
    claims
        What is claimed.
    units
        The register, with a column unit.
    groups
        Group of every unit, for the columns claimed about that there are.
    grades
        Every grade there is.
    """
    columns = [str(column) for column in units.columns if column != "unit"]
    for name, n in Counter(claim.id for claim in claims).items():
        if n > 1:
            yield Finding(
                "duplicate-claim", Severity.ERROR, "", None, f"claims.{name}", "an id of its own",
                f"{n} claims called {name!r}", "rename all but one", n,
            )  # fmt: skip
    for claim in claims:
        wanted = [("grade", "a grade", _grades(claim), list(grades))]
        if isinstance(claim, AllIn):
            wanted.append(("unit", "a unit of the register", claim.units, units["unit"].tolist()))
        if factor := claim.evidence_factor:
            wanted.append(("factor", "a column of the units", (factor,), columns))
            if factor in groups:
                values = sorted(groups[factor].dropna().unique())
                wanted.append(("group", f"a group of {factor}", _groups(claim), values))
        for what, expected, names, known in wanted:
            for name in names:
                if name not in known:
                    yield Finding(
                        f"unknown-{what}", Severity.ERROR, "", None, f"claims.{claim.id}",
                        expected, repr(name), did_you_mean(name, known),
                    )  # fmt: skip


def _groups(claim: AnyClaim) -> tuple[str, ...]:
    match claim:
        case GroupHigher():
            return tuple(name for name in (claim.group, claim.reference) if name)
        case Count() | AllIn():
            return (claim.value,) if claim.value else ()
        case GroupsDiffer():
            return ()


def _grades(claim: AnyClaim) -> tuple[str, ...]:
    match claim:
        case Count():
            return tuple(grade for part in claim.counts for grade in part.grades)
        case AllIn():
            return claim.grades
        case GroupsDiffer() | GroupHigher():
            return ()
