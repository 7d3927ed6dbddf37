"""What the figures share: the frame of a figure function, keys, dots with intervals."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from report.labels import AUDIENCES, word
from report.language import Lang, check_lang
from report.results import Results
from report.style import (
    AUDIENCE_COLORS,
    AUDIENCE_MARKERS,
    QUIET,
    RULE,
    HouseFigure,
    add_key,
    grade_colors,
    house_style,
)

P = ParamSpec("P")
Draw = Callable[Concatenate[Results, Lang, P], Figure | None]


def figure(*tables: str) -> Callable[[Draw[P]], Callable[..., Figure | None]]:
    """Make a drawing function a figure of the report.

    The figure is None where the results lack one of `tables` or hold it empty; otherwise it is
    drawn in the house style, in the language of the results unless another is asked for. It keeps
    the names of its tables as ``tables``, so that a publisher can offer their data beside it.

    Parameters
    ----------
    tables
        Names of the tables of the results that the figure needs.
    """

    def frame(draw: Draw[P]) -> Callable[..., Figure | None]:
        @wraps(draw)
        def drawn(
            results: Results, lang: str | None = None, *args: P.args, **kwargs: P.kwargs
        ) -> Figure | None:
            known = check_lang(lang or results.lang)
            if any(name not in results or results[name].empty for name in tables):
                return None
            with house_style():
                drawing = draw(results, known, *args, **kwargs)
            if isinstance(drawing, HouseFigure):
                drawing.tables = tables
            return drawing

        return drawn

    return frame


def complete(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows where all of `columns` are known; none where a column is absent."""
    if not set(columns) <= set(table.columns):
        return table.head(0)
    return table.dropna(subset=list(columns))


def grade_order(results: Results) -> list[str]:
    """Return the grades from best to worst, the order of the table ``composition``."""
    return results["composition"]["grade"].tolist()


def points_note(grades: Sequence[str], lang: Lang) -> str:
    """Say how grades are counted in a mean grade."""
    return word("points_note", lang, worst=grades[-1], best=grades[0], most=len(grades))


def grade_key(figure: Figure, grades: Sequence[str]) -> None:
    """Put one row of grade colours, best to worst, above the drawing."""
    colors = grade_colors(list(grades))
    handles = [Patch(facecolor=colors[g], edgecolor=QUIET, linewidth=0.4) for g in grades]
    add_key(
        figure, handles, grades, handlelength=1.1, handleheight=1.1, handletextpad=0.35,
        columnspacing=0.9,
    )  # fmt: skip


def audience_key(figure: Figure, audiences: Sequence[str], lang: Lang) -> None:
    """Put one row with the mark of each audience above the drawing."""
    handles = [Line2D([], [], **_marker(a)) for a in audiences]
    add_key(figure, handles, [AUDIENCES[a][lang] for a in audiences], handletextpad=0.2)


def present_audiences(table: pd.DataFrame) -> list[str]:
    """Return the audiences of a table in the order in which they are shown."""
    return [a for a in AUDIENCES if (table["audience"] == a).any()]


def spread(table: pd.DataFrame, key: str, gap: float) -> pd.Series:
    """Return a row for each line of a table: one a value of `key`, its audiences about it.

    Parameters
    ----------
    table
        Columns `key` and audience; one line a pair.
    key
        Its values take the rows 0, 1, … in their order.
    gap
        Distance between two audiences of one value, in rows.
    """
    values = table[key].drop_duplicates().tolist()
    place = table["audience"].map(list(AUDIENCES).index)
    rank = place.groupby(table[key]).rank()
    middle = (table.groupby(key)[key].transform("size") + 1) / 2
    return table[key].map(values.index) + (rank - middle.astype(float)) * gap


def dots(ax: Axes, table: pd.DataFrame, y: np.ndarray, audience: str) -> None:
    """Draw the dots of an audience at the rows `y`, with bars where an interval is known.

    Parameters
    ----------
    table
        Three columns: the value and the two ends of its interval.
    """
    value, low, high = (table.iloc[:, at].to_numpy(dtype=float) for at in range(3))
    known = ~(np.isnan(low) | np.isnan(high))
    color = AUDIENCE_COLORS[audience]
    ax.hlines(y[known], low[known], high[known], color=color, linewidth=1.4)
    ax.plot(value, y, gid=f"dots-{audience}", **_marker(audience))


def _marker(audience: str) -> dict[str, Any]:
    """Return how an audience is marked: all by a stroke, which hides no dot behind it."""
    color = AUDIENCE_COLORS[audience]
    look = {"linestyle": "", "marker": AUDIENCE_MARKERS[audience], "color": color}
    if audience == "all":
        return look | {"markersize": 13, "markeredgewidth": 2}
    return look | {"markersize": 6, "markeredgecolor": "white", "markeredgewidth": 0.5}


def name_rows(ax: Axes, labels: Sequence[str]) -> None:
    """Name the rows 0, 1, … of a horizontal drawing from the top down, with quiet grid lines."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=RULE)
