"""Values with intervals, one a row, whose mark tells what the statistics say of them."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.labels import word
from report.language import Lang
from report.style import AUDIENCE_COLORS, INK, QUIET, SMALL_PT, add_key

Look = Literal["clear", "slight", "none"]
LOOKS: tuple[Look, ...] = ("clear", "slight", "none")
COLOR = AUDIENCE_COLORS["citizen"]
BAR = 1.5
"""Width of the bar of an interval in points."""


def forest(ax: Axes, table: pd.DataFrame, looks: Sequence[str], y: Sequence[float]) -> None:
    """Draw values with bars of their intervals at the rows `y`.

    Parameters
    ----------
    table
        Three columns: the value and the two ends of its interval, which may be missing.
    looks
        ``clear`` (a full dot), ``slight`` (a ring) or ``none`` (a cross) of each row.
    """
    value, low, high = (table.iloc[:, at].to_numpy(dtype=float) for at in range(3))
    rows, marks = np.asarray(y, dtype=float), np.asarray(looks)
    known = ~(np.isnan(low) | np.isnan(high))
    ax.hlines(rows[known], low[known], high[known], color=COLOR, linewidth=BAR, gid="intervals")
    for look in LOOKS:
        own = marks == look
        if own.any():
            ax.plot(value[own], rows[own], gid=f"dots-{look}", **marker(look))


def marker(look: Look, color: str = COLOR) -> dict[str, Any]:
    """Return how a value is marked: a full dot, a ring or a cross."""
    if look == "none":
        return {
            "linestyle": "", "marker": "X", "markersize": 6.5, "color": QUIET,
            "markeredgecolor": "white", "markeredgewidth": 0.6,
        }  # fmt: skip
    face = color if look == "clear" else "white"
    return {
        "linestyle": "", "marker": "o", "markersize": 6.5, "color": color,
        "markerfacecolor": face, "markeredgecolor": color, "markeredgewidth": 1.3,
    }  # fmt: skip


def look_key(figure: Figure, words: dict[Look, str], lang: Lang) -> None:
    """Put one row with what each mark means above the drawing.

    Parameters
    ----------
    words
        Key of the phrase (`report.words.WORDS`) of each mark that is drawn.
    """
    handles = [Line2D([], [], **marker(look)) for look in words]
    add_key(
        figure, handles, [word(key, lang) for key in words.values()],
        handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip


def figures_beside(
    ax: Axes, texts: Sequence[str], y: Sequence[float], heading: str = "", gid: str = "figures"
) -> None:
    """Write a figure to the right of each row, outside the drawing, under a heading."""
    for text, at in zip(texts, y, strict=True):
        ax.annotate(
            text, (1, at), (7, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", annotation_clip=False, fontsize=SMALL_PT, color=INK, gid=gid,
        )  # fmt: skip
    if heading:
        ax.annotate(
            heading, (1, 1), (7, 4), xycoords="axes fraction", textcoords="offset points",
            va="bottom", ha="left", annotation_clip=False, fontsize=SMALL_PT, color=QUIET,
        )  # fmt: skip


def with_interval(row: dict[str, Any], digits: int = 2, *, signed: bool = False) -> str:
    """Return ``value [low, high]`` of a row with these three, or the value where it has no more."""
    value, *ends = (_written(float(row[k]), digits, signed) for k in ("value", "low", "high"))
    return value if pd.isna(row["low"]) or pd.isna(row["high"]) else f"{value} [{', '.join(ends)}]"


def _written(number: float, digits: int, signed: bool) -> str:
    """Write a number with its sign, and none before a zero."""
    text = f"{number:{'+' if signed else ''}z.{digits}f}"
    return text.lstrip("+") if text.strip("+.0") == "" else text.replace("-", "−")
