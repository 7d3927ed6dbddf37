"""What a page holds, ready to be set as HTML or PDF: both show the same texts and drawings."""

import json
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

Tone = Literal["", "good", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing.

    Parameters
    ----------
    svg
        Of a fixed size, without an outside reference.
    alt
        What it shows, for who cannot see it.
    """

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: text, a drawing, or both.

    Parameters
    ----------
    text
        Plain text.
    tone
        How it is coloured; the text says the same.
    href
        A page beside it that the text leads to, in HTML.
    drawing
        Shown in place of the text.
    fill
        Colour behind the text; "" for none.
    """

    text: str = ""
    tone: Tone = ""
    href: str = ""
    drawing: Drawing | None = None
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title
        Its head; a drawing there is an axis.
    align
        ``left``, ``center`` or ``right``.
    width
        In millimetres on paper; 0 shares what is left.
    axis
        Stands below the head.
    turned
        Whether the head runs upwards.
    """

    title: str
    align: Literal["left", "center", "right"] = "left"
    width: float = 0
    axis: Drawing | None = None
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `depth` 0 is set off, deeper ones are indented."""

    cells: tuple[Cell, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with an accessible title.

    Parameters
    ----------
    title
        Names it for who cannot see where it stands.
    columns, rows
        What it holds.
    look
        ``plain``; ``strips``, whose rows become cards on a phone; ``heat``, of narrow columns.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    kind: Literal["table"] = "table"
    look: Literal["plain", "strips", "heat"] = "plain"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: Literal["text"] = "text"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    items: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Key:
    """What the marks of drawings mean: a drawing and a word each."""

    items: tuple[tuple[Drawing, str], ...]
    kind: Literal["key"] = "key"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing across the page."""

    drawing: Drawing
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Command:
    """A command to type, as it is."""

    text: str
    kind: Literal["command"] = "command"


Block = Table | Text | Facts | Key | Picture | Command


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading.

    Parameters
    ----------
    title
        The heading.
    blocks
        What stands in it.
    side
        ``full`` width, or in the ``left`` or ``right`` column where there is room.
    whole
        Whether it is kept on one sheet of paper.
    """

    title: str
    blocks: tuple[Block, ...]
    side: Literal["full", "left", "right"] = "full"
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A figure that is seen first.

    Parameters
    ----------
    label, value, unit
        ``Rank``, ``32``, ``of 335``.
    note
        What it is worth.
    drawing
        Where it lies.
    """

    label: str
    value: str
    unit: str = ""
    note: str = ""
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page to another."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one or two sheets.

    Parameters
    ----------
    lang
        ``zh`` or ``en``.
    kind
        ``城市概况``, ``City profile``.
    title, subtitle
        Whom it is about.
    edition, institute
        Of which year's assessment, and whose.
    notice, mark
        That the data are simulated, in full and in short; both "" where they are not.
    cards, lead, sections
        From first to last.
    reading
        How to read it, in a sentence at the foot.
    links
        In HTML only.
    """

    lang: str
    kind: str
    title: str
    subtitle: str
    edition: str
    institute: str
    notice: str
    mark: str
    cards: tuple[Card, ...]
    lead: str
    sections: tuple[Section, ...]
    reading: str
    words: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    def as_json(self) -> str:
        """Return the page as JSON, each part as an object of its fields."""
        return json.dumps(self, default=_object, ensure_ascii=False)


def _object(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in _names(type(part))}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
