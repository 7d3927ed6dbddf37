"""All cities in one strip: a row a grade, a bar a city, as high as its grade is sure."""

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures.parts import complete, figure, grade_order, name_rows
from report.labels import counted, word
from report.language import Lang
from report.results import Results
from report.style import INK, QUIET, RULE, SMALL_PT, add_key, grade_colors, new_figure

FULL = 0.62
"""Height of a bar of certainty 1, in rows."""
WIDE = 0.86
"""Width of a bar, in its step."""


@figure("grades", "composition")
def grade_strip(results: Results, lang: Lang) -> Figure | None:
    """Draw every city in the order of rank, a row a grade, with how probable its grade is.

    Needs ``grades`` with ranks and probabilities, ``composition``; None for a published edition.
    """
    table = complete(results["grades"], ["grade", "rank", "p_grade", "borderline"])
    if table.empty:
        return None
    grades = grade_order(results)
    table = strip_cells(table, grades)
    fig = new_figure(results, lang, 0.95 * len(grades) + 1.0, word("strip_note", lang), key=True)
    ax = fig.subplots()
    ax.hlines(
        np.arange(len(grades)) + FULL / 2, 0, table.groupby("grade")["column"].max()
        .reindex(grades).fillna(-1) + 1, color=QUIET, linewidth=0.7,
    )  # fmt: skip
    colors = grade_colors(grades)
    left = table["column"] + (1 - WIDE) / 2
    bottom = table["row"] + FULL / 2
    for height, face, gid in (
        (pd.Series(1.0, index=table.index), ["white"] * len(table), "frames"),
        (table["p_grade"].astype(float), table["grade"].map(colors).tolist(), "cells"),
    ):
        corners = _corners(left, bottom, height * FULL)
        ax.add_collection(
            PolyCollection(
                list(corners), facecolors=face, edgecolors=RULE if gid == "frames" else QUIET,
                linewidths=0.4, gid=gid,
            )
        )  # fmt: skip
    edge = table[table["borderline"].astype(bool)]
    dot = {"linestyle": "", "marker": "o", "markersize": 2.6, "color": INK, "markeredgewidth": 0}
    ax.plot(edge["column"] + 0.5, edge["row"] - FULL / 2 - 0.12, gid="borderline", **dot)
    sizes = table["grade"].value_counts().reindex(grades, fill_value=0)
    name_rows(ax, [counted(g, sizes[g], lang) for g in grades])
    ax.grid(visible=False)
    ax.set_xlim(-0.3, table["column"].max() + 1.3)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    near = edge["grade"].value_counts().reindex(grades, fill_value=0)
    for at, grade in enumerate(grades):
        ax.annotate(
            str(near[grade]), (1, at), (7, 0), xycoords=("axes fraction", "data"), va="center",
            textcoords="offset points", annotation_clip=False, fontsize=SMALL_PT, gid="near",
        )  # fmt: skip
    ax.annotate(
        word("borderline_n", lang), (1, 1), (3, 2), xycoords="axes fraction", va="bottom",
        ha="right", textcoords="offset points", annotation_clip=False, fontsize=SMALL_PT,
        color=QUIET,
    )  # fmt: skip
    add_key(fig, [Line2D([], [], **dot)], [word("borderline_city", lang)], handletextpad=0.2)
    return fig


def strip_cells(table: pd.DataFrame, grades: list[str]) -> pd.DataFrame:
    """Return the cities in the order of rank with the row of their grade and their column in it."""
    table = table.sort_values(["rank", "unit"], ignore_index=True)
    return table.assign(
        row=table["grade"].map(grades.index).astype(float),
        column=table.groupby("grade").cumcount().astype(float),
    )


def _corners(left: pd.Series, bottom: pd.Series, height: pd.Series) -> np.ndarray:
    """Return the corners of bars that stand on `bottom`; the axis runs down. Shape (U, 4, 2)."""
    x = np.column_stack([left, left, left + WIDE, left + WIDE])
    top = bottom - height
    y = np.column_stack([bottom, top, top, bottom])
    return np.stack([x, y], axis=-1)
