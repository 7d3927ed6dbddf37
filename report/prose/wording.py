"""How figures are written in prose, in Chinese and in English."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from report.language import Lang

if TYPE_CHECKING:
    from IPython.display import Markdown


SIGNS = re.compile(r"""[\\`*_{}\[\]<>#|@$~^&'"]""")
"""Signs that mean something to Markdown wherever they stand."""
TURNED = re.compile(r"-{2,}|\.{3,}")
"""Signs that Markdown turns into a dash or an ellipsis."""


def each(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, each with the columns as attributes."""
    return table.itertuples(index=False)


def count(value: Any) -> str:
    """Write a whole number."""
    return f"{round(value):d}"


def minus(text: str) -> str:
    """Write the hyphens of figures as minus signs, which every format sets alike."""
    return text.replace("-", "−")


def score(value: Any) -> str:
    """Write a score of 0 to 10, or a difference of scores, with two decimals."""
    return minus(f"{value:.2f}")


def percent(share: Any, decimals: int = 1) -> str:
    """Write a share of 0 to 1 as a percentage."""
    return minus(f"{share * 100:.{decimals}f}%")


def interval(low: Any, high: Any, lang: Lang, write: str = "{:.2f}") -> str:
    """Write an interval: ``3.71至3.95``, ``3.71 to 3.95``."""
    to = {"zh": "至", "en": " to "}[lang]
    return minus(write.format(low)) + to + minus(write.format(high))


def p_value(value: Any, lang: Lang) -> str:
    """Write a p value; below 0.001 only that it is."""
    below, equal = {"zh": ("＜", "＝"), "en": (" < ", " = ")}[lang]
    return f"p{below}0.001" if value < 0.001 else f"p{equal}{value:.3f}"


def listed(names: Iterable[str], lang: Lang) -> str:
    """Join names as a list: ``甲、乙和丙``, ``A, B and C``.

    In English, a comma parts the last one where a name itself holds an "and".
    """
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    comma, last = {"zh": ("、", "和"), "en": (", ", " and ")}[lang]
    if any(last in name for name in names) and lang == "en":
        last = ", and "
    return comma.join(names[:-1]) + last + names[-1]


def clauses(parts: Iterable[str], lang: Lang) -> str:
    """Join the clauses that are there by semicolons."""
    return {"zh": "；", "en": "; "}[lang].join(part for part in parts if part)


def lowered(name: str) -> str:
    """Write a name of English words inside a sentence; one that begins with capitals keeps them."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def paragraph(*sentences: str) -> str:
    """Join the sentences that are there into one paragraph of Markdown.

    After a sentence that ends in a Latin sign stands a space.
    """
    text = ""
    for sentence in filter(None, sentences):
        text += (" " if text and text[-1].isascii() else "") + sentence
    return text + "\n\n" if text else ""


def cell(value: object) -> str:
    """Write a value of a table as text that stays text, sign for sign, in Markdown and HTML."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124
        return "—"
    text = SIGNS.sub(r"\\\g<0>", str(value).replace("\n", " "))
    return TURNED.sub(lambda run: "".join(f"\\{sign}" for sign in run[0]), text)


def table(
    header: Sequence[str], rows: Iterable[Sequence[object]], align: str, widths: Sequence[int]
) -> str:
    """Write a Markdown pipe table.

    Parameters
    ----------
    header, rows
        What stands in it.
    align
        One letter a column: ``l``, ``r`` or ``c``.
    widths
        Relative width of each column.
    """
    if not len(header) == len(align) == len(widths):
        raise ValueError("header, align and widths need one entry a column")
    rules = {
        "l": lambda width: ":" + "-" * (width - 1),
        "r": lambda width: "-" * (width - 1) + ":",
        "c": lambda width: ":" + "-" * (width - 2) + ":",
    }
    lines = [
        "| " + " | ".join(header) + " |",
        "|" + "|".join(rules[a](max(3, w)) for a, w in zip(align, widths, strict=True)) + "|",
    ]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shown(text: str) -> "Markdown | None":
    """Return a table for a cell to display, or nothing at all where there is none."""
    from IPython.display import Markdown

    return Markdown(text) if text else None
