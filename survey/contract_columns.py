"""The columns of a table of records: what they hold, and what an index asks of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["id", "unit", "category", "number", "datetime", "text"]
YES_AND_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        The header, exactly.
    kind
        How its cells are read.
    zh, en
        Labels.
    required
        Whether the file must have the column and every record a value in it.
    answer
        Whether the file must have the column, while a record may leave it blank.
    allowed
        The values a category may take; none means any.
    allowed_zh
        The Chinese word for each of `allowed`, read as the same value. Same length, or empty.
    minimum, maximum
        Range of a number, both ends included.
    not_applicable
        Values that say the question does not apply, accepted beside the others.
    aliases
        Other headers that mean the same column.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    answer: bool = False
    allowed: tuple[str, ...] = ()
    allowed_zh: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    not_applicable: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.allowed_zh and len(self.allowed_zh) != len(self.allowed):
            raise ValueError(f"{self.name}: one Chinese word for each allowed value")

    @property
    def free(self) -> bool:
        """Whether people wrote the cells in their own words."""
        return self.kind == "text" or (self.kind == "category" and not self.allowed)


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column that the indicator system asks for.

    Parameters
    ----------
    name
        The header.
    kind
        ``"category"`` or ``"number"``.
    allowed
        The answers of a category; none means any.
    allowed_zh
        The Chinese word for each of `allowed`, or empty.
    minimum, maximum
        Range of a number, both ends included.
    not_applicable
        Answers that say the question does not apply, accepted beside the others.
    """

    name: str
    kind: Literal["category", "number"]
    allowed: tuple[str, ...] = ()
    allowed_zh: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    not_applicable: tuple[str, ...] = ()

    def joined(self, other: "AnswerColumn") -> "AnswerColumn":
        """Return the column that may hold what either may, for rules that share it.

        Raises
        ------
        ValueError
            Where one reads a number and the other a category.
        """
        if self.kind != other.kind:
            raise ValueError(f"{self.name!r} either as a number or as a category")
        free = not self.allowed or not other.allowed
        more = () if free else tuple(a for a in other.allowed if a not in self.allowed)
        lows, highs = (self.minimum, other.minimum), (self.maximum, other.maximum)
        return replace(
            self,
            allowed=() if free else self.allowed + more,
            minimum=None if None in lows else min(x for x in lows if x is not None),
            maximum=None if None in highs else max(x for x in highs if x is not None),
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """The columns of one table of records.

    Parameters
    ----------
    table, zh, en
        Name and labels.
    key
        Columns that together tell one record from every other.
    columns
        In the order of the documentation.
    may_be_empty
        Whether a table without a record is in order.
    """

    table: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    may_be_empty: bool = False

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The headers."""
        return tuple(column.name for column in self.columns)

    def asking(self, answers: Iterable[AnswerColumn]) -> "Contract":
        """Return the contract with the columns that an indicator system asks for.

        An answer with the name of a contract's column (a rule may score ``outcome`` or
        ``wait_seconds``) makes the file hold that column and narrows what it may hold.

        Raises
        ------
        ValueError
            Where the kind of an answer is not that of the contract's column of its name.
        """
        columns = {column.name: column for column in self.columns}
        for answer in answers:
            known = columns.get(answer.name)
            columns[answer.name] = _narrowed(known, answer) if known else _asked(answer)
        return replace(self, columns=tuple(columns.values()))

    def without(self, name: str) -> "Contract":
        """Return the contract without a column that an index does not use."""
        return replace(self, columns=tuple(c for c in self.columns if c.name != name))

    def allowing(self, name: str, values: tuple[str, ...]) -> "Contract":
        """Return the contract with the values that one of its categories may take."""
        columns = tuple(
            replace(column, allowed=values, allowed_zh=()) if column.name == name else column
            for column in self.columns
        )
        return replace(self, columns=columns)


def _asked(answer: AnswerColumn) -> Column:
    return Column(
        answer.name,
        answer.kind,
        answer.name,
        answer.name,
        answer=True,
        allowed=answer.allowed,
        allowed_zh=answer.allowed_zh or _yes_and_no(answer.allowed),
        minimum=answer.minimum,
        maximum=answer.maximum,
        not_applicable=answer.not_applicable,
    )


def _yes_and_no(allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the Chinese words for yes and no, and none for other answers."""
    return tuple(YES_AND_NO[answer] for answer in allowed) if set(allowed) <= {*YES_AND_NO} else ()


def _narrowed(column: Column, answer: AnswerColumn) -> Column:
    if column.kind != answer.kind:
        raise ValueError(f"{column.name} is a {column.kind}, not a {answer.kind}")
    allowed = answer.allowed or column.allowed
    words = dict(zip(column.allowed, column.allowed_zh, strict=False))
    return replace(
        column,
        answer=True,
        allowed=allowed,
        allowed_zh=answer.allowed_zh or tuple(words.get(value, value) for value in allowed),
        not_applicable=answer.not_applicable,
        minimum=column.minimum if answer.minimum is None else answer.minimum,
        maximum=column.maximum if answer.maximum is None else answer.maximum,
    )
