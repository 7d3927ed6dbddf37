"""The distribution of scores over the cities."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.parts import figure, grade_order
from report.labels import word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, INK, QUIET, SMALL_PT, grade_colors, new_figure

BIN = 0.2
"""Width of a bar in points of score."""


@figure("scores", "grades", "composition")
def score_distribution(results: Results, lang: Lang, audience: str = "all") -> Figure | None:
    """Draw how the total score spreads over the cities, with the grades where they are cut.

    Grades are given to the total of all audiences, so only that drawing shows them.

    Parameters
    ----------
    results
        With ``scores``, ``grades`` and ``composition``.
    lang
        Language of the words.
    audience
        ``all``, ``citizen`` or ``enterprise``.

    Returns
    -------
    The figure, or None where the audience has no total score.
    """
    scores = results["scores"].query("indicator == 'total' and audience == @audience")
    table = results["grades"][["unit", "grade"]].merge(scores[["unit", "score"]], on="unit")
    table = table.dropna(subset=["grade", "score"])
    if table.empty:
        return None
    grades = grade_order(results)
    fig = new_figure(results, lang, 7.5)
    ax = fig.subplots()
    edges = score_edges(table["score"])
    look = {"bins": edges, "edgecolor": "white", "linewidth": 0.5}
    if audience == "all":
        colors = grade_colors(grades)
        own = [table.loc[table["grade"] == grade, "score"] for grade in grades]
        ax.hist(own, stacked=True, color=list(colors.values()), **look)
        for bar in [bar for bar in ax.patches if bar.get_height() == 0]:  # pyright: ignore[reportAttributeAccessIssue]
            bar.remove()
        _bands(ax, table, grades)
    else:
        ax.hist(table["score"], color=AUDIENCE_COLORS[audience], **look)
    ax.set(xlabel=word("score", lang), ylabel=word("cities", lang))
    ax.set_xlim(edges[0], edges[-1])
    return fig


def score_edges(score: pd.Series) -> np.ndarray:
    """Return the edges of bars of width `BIN` that hold every score."""
    first, last = np.floor(score.min() / BIN), np.floor(score.max() / BIN) + 1
    return np.arange(first, last + 1) * BIN


def grade_cuts(table: pd.DataFrame, grades: list[str]) -> list[float]:
    """Return the scores half way between the worst of each grade and the best of the next.

    Parameters
    ----------
    table
        Columns grade, score; a row a city.
    grades
        Grades from best to worst; those that no city has are passed over.
    """
    spans = table.groupby("grade")["score"].agg(["min", "max"])
    spans = spans.reindex([g for g in grades if g in spans.index])
    return ((spans["min"].to_numpy()[:-1] + spans["max"].to_numpy()[1:]) / 2).tolist()


def _bands(ax: Axes, table: pd.DataFrame, grades: list[str]) -> None:
    """Mark where one grade ends and the next begins, and name the grades above, in two rows."""
    there = [g for g in grades if (table["grade"] == g).any()]
    cuts = grade_cuts(table, there)
    for cut in cuts:
        ax.axvline(cut, color=QUIET, linewidth=0.6, linestyle=(0, (3, 2)))
    left, right = ax.get_xlim()
    bounds = [table["score"].max(), *cuts, table["score"].min()]
    colors = grade_colors(grades)
    for at, grade in enumerate(there):
        middle = np.clip((bounds[at] + bounds[at + 1]) / 2, left, right)
        ax.annotate(
            grade, (middle, 1), (0, 3 + 13 * (at % 2)), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=INK, fontsize=SMALL_PT,
        )  # fmt: skip
        ax.plot(
            [bounds[at], bounds[at + 1]], [1, 1], transform=ax.get_xaxis_transform(),
            color=colors[grade], linewidth=4, solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
