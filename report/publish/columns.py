"""How wide the columns of a table are: by what stands in them, the same in PDF and in Word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report.publish import pandoc
from report.publish.pandoc import Element

CM_PER_PT = 2.54 / 72
WIDEST_EM = 40.0
"""Text wider than this is wrapped, and asks for no more room."""
LATIN_EM = 0.57
SIGNS_EM = {
    **dict.fromkeys(" \u00a0.,:;!'’|ijl()[]", 0.34),
    **dict.fromkeys("fI/-rt", 0.42),
    **dict.fromkeys("bdhknopqu", 0.65),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.72),
    **dict.fromkeys("mwMW%—", 0.95),
    **dict.fromkeys("±×≤≥“”‰", 1.0),
    **dict.fromkeys("\u2003\u3000", 1.0),
}
"""Width of signs against a Chinese character in the serif of the report; `LATIN_EM` of others."""
BORDER_EM = 0.25
"""Room that typesetting puts between a Chinese character and a letter or figure beside it."""
BORDER = re.compile(
    r"(?<=[\u3400-\u9fff])(?=[0-9%A-Za-z\u0370-\u03ff])"
    r"|(?<=[0-9%A-Za-z\u0370-\u03ff])(?=[\u3400-\u9fff])"
)
SLACK_EM = 0.15
"""Room beside a word, so that no rounding tears it."""
TOKEN_EM = 4.0
"""Chinese words of up to four characters are not torn."""
HEAD_EM = 5.0
"""Nor are names of columns of up to five, of which one character would be left alone."""
STEPS = 40
"""Parts in which the room that is left is given to columns."""
EXCHANGES = (1, 2, 4, 8)
"""Steps that may be moved from one column to another at once."""
NEARER = 0.1
"""What a line of a cell counts against a line of a row."""
RAGGED = 1.08
"""A line is left this much short where words do not fill it."""
TEXTS = 16_384
"""Texts of cells whose width is remembered: PDF and Word ask for the same."""
FIGURES = re.compile(r"[\d\s.,%+−()（）–—-]*(?:(?:to|至)[\d\s.,%+−()（）–—-]*)?")
"""A figure, or an interval of two: it is not torn."""
BREAKS = re.compile(r"[^\S\u00a0]+|[/—–-]+|(?<=[\u2e80-\uffef])|(?=[\u2e80-\uffef])")


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a table and the room around them.

    Parameters
    ----------
    size
        In points.
    padding
        What a cell leaves free, left and right together, in centimetres.
    """

    size: float
    padding: float

    def centimetres(self, ems: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how wide cells of texts of some widths are."""
        return np.asarray(ems, dtype=float) * self.size * CM_PER_PT + self.padding


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table need, in widths of a Chinese character.

    Parameters
    ----------
    texts
        Width of the text of each cell, by row and column.
    least
        Width of the longest word of each column.
    given
        Shares that the author gave the columns, or None.
    """

    texts: NDArray[np.float64]
    least: NDArray[np.float64]
    given: NDArray[np.float64] | None


def columns_of(table: Element) -> Columns:
    """Return what the columns of a table need.

    Parameters
    ----------
    table
        A table of pandoc. Cells over several columns are left out.
    """
    _, _, columns, (_, head), bodies, _ = table["c"]
    rows = [*head, *(row for body in bodies for row in (*body[2], *body[3]))]
    texts = np.zeros((len(rows), len(columns)))
    least = np.ones(len(columns))
    for number, row in enumerate(rows):
        for at, text in _single_cells(row):
            texts[number, at] = width_of(text)
            token = HEAD_EM if number < len(head) else TOKEN_EM
            least[at] = max(least[at], _longest_word(text, token) + SLACK_EM)
    shares = [width.get("c") for _, width in columns]
    given = None if None in shares else np.array(shares) / sum(shares)
    return Columns(texts, least, given)


def _single_cells(row: Sequence[Any]) -> Iterator[tuple[int, str]]:
    at = 0
    for _, _, _, span, content in row[1]:
        if span == 1:
            yield at, pandoc.plain_text(content)
        at += span


@lru_cache(TEXTS)
def _longest_word(text: str, token: float) -> float:
    if FIGURES.fullmatch(text):
        return width_of(text)
    chinese = sum(ord(each) > 0x2E80 for each in text)
    words = max((width_of(word) for word in BREAKS.split(text)), default=0.0)
    return max(words, min(float(chinese), token))


@lru_cache(TEXTS)
def width_of(text: str) -> float:
    """Return the width of a text against that of a Chinese character."""
    signs = sum(1.0 if ord(each) > 0x2E80 else SIGNS_EM.get(each, LATIN_EM) for each in text)
    return signs + BORDER_EM * len(BORDER.findall(text))


def least_width(columns: Columns, letters: Letters) -> float:
    """Return how wide a table must be for no word to be torn, in centimetres."""
    return float(letters.centimetres(columns.least).sum())


def column_widths(columns: Columns, letters: Letters, room: float) -> NDArray[np.float64]:
    """Return the widths of the columns of a table, in centimetres; they fill the room.

    Parameters
    ----------
    columns
        What the columns need.
    letters
        Of the table.
    room
        Width of the text of the page, in centimetres.

    Returns
    -------
    The widths that the author gave, unless they tear a word or take more lines than widths by
    content do.
    """
    fitted = _fitted(columns, letters, room)
    if columns.given is None:
        return fitted
    own = columns.given * room
    torn = bool((own < letters.centimetres(columns.least)).any())
    longer = row_lines(columns, letters, own).sum() > row_lines(columns, letters, fitted).sum()
    return fitted if torn or longer else own


def _fitted(columns: Columns, letters: Letters, room: float) -> NDArray[np.float64]:
    """Give each column what its longest word needs, and the rest where it saves most lines."""
    texts = np.minimum(columns.texts.max(axis=0, initial=1.0) + SLACK_EM, WIDEST_EM)
    narrow = letters.centimetres(columns.least)
    wide = np.maximum(narrow, letters.centimetres(texts))
    if wide.sum() <= room or narrow.sum() >= room:
        base = wide if wide.sum() <= room else narrow
        return base / base.sum() * room
    widths = _widened(columns, letters, narrow, (room - narrow.sum()) / STEPS)
    short = np.maximum(wide - widths, 0.0)
    return widths + (room - widths.sum()) * (short if short.any() else widths) / (
        short.sum() or widths.sum()
    )


def _widened(
    columns: Columns, letters: Letters, narrow: NDArray[np.float64], step: float
) -> NDArray[np.float64]:
    """Widen columns by steps, always where most lines are saved for a step, while any are."""
    grid = narrow[:, None] + step * np.arange(STEPS + 1)
    lines = np.stack([_cell_lines(columns.texts, letters, widths) for widths in grid.T])
    every = np.arange(len(narrow))
    taken = np.zeros(len(narrow), dtype=int)
    while left := STEPS - int(taken.sum()):
        now = lines[taken, :, every]
        saved = np.array(
            [_saved(now, at, lines[taken[at] + 1 :][:left, :, at]) for at in range(len(narrow))]
        )
        best, more = np.unravel_index(saved.argmax(), saved.shape)
        if saved[best, more] <= 0:
            break
        taken[best] += more + 1
    return narrow + step * _exchanged(lines, taken)


def _exchanged(lines: NDArray[np.float64], taken: NDArray[np.intp]) -> NDArray[np.intp]:
    """Move steps from column to column while that saves lines.

    What widens one column after the other stops where two hold each other up.
    """
    every = np.arange(len(taken))
    pairs = [np.eye(len(taken), dtype=int)[list(both)] for both in permutations(every, 2)]
    moves = [size * (to - from_) for from_, to in pairs for size in EXCHANGES]
    best = _height(lines[taken, :, every])
    for _ in range(STEPS):
        tried = [taken + move for move in moves if (taken + move).min() >= 0]
        tried = [each for each in tried if each.max() <= STEPS]
        heights = [_height(lines[each, :, every]) for each in tried]
        if not heights or min(heights) >= best - 1e-9:
            break
        best = min(heights)
        taken = tried[int(np.argmin(heights))]
    return taken


def _height(now: NDArray[np.float64]) -> float:
    """Return the lines of a table, and a little for those of its cells, by column and row."""
    return float(now.max(axis=0).sum() + NEARER * now.sum())


def _saved(now: NDArray[np.float64], at: int, wider: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lines saved for a step by each number of steps that widen the column `at`.

    What counts is the height of rows; that cells become lower counts a little, as it brings
    rows nearer to it.
    """
    others = np.delete(now, at, axis=0).max(axis=0, initial=1.0)
    heights = np.maximum(wider, others).sum(axis=1) + NEARER * wider.sum(axis=1)
    before = now.max(axis=0).sum() + NEARER * now[at].sum()
    return (before - heights) / np.arange(1, len(wider) + 1)


def row_lines(
    columns: Columns, letters: Letters, widths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return about how many lines each row takes, for columns of some widths in centimetres."""
    return _cell_lines(columns.texts, letters, widths).max(axis=1, initial=1.0)


def _cell_lines(
    texts: NDArray[np.float64], letters: Letters, widths: NDArray[np.float64]
) -> NDArray[np.float64]:
    inside = np.maximum(widths - letters.padding, letters.size * CM_PER_PT)
    long = texts * letters.size * CM_PER_PT
    ragged = np.where(long > inside, long * RAGGED, long)
    return np.maximum(np.ceil(ragged / inside - 1e-9), 1.0)


def with_widths(table: Element, widths: NDArray[np.float64]) -> Element:
    """Return a table whose columns have shares of its width, in proportion to `widths`."""
    shares = widths / widths.sum()
    attr, caption, columns, *rest = table["c"]
    sized = [
        [align, {"t": "ColWidth", "c": round(float(share), 5)}]
        for (align, _), share in zip(columns, shares, strict=True)
    ]
    return {"t": "Table", "c": [attr, caption, sized, *rest]}
