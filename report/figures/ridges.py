"""How totals spread within groups of cities, as one ridge a group."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import gaussian_kde

from report.figures.parts import complete, figure, name_rows
from report.labels import counted, value_label, word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, INK, QUIET, SMALL_PT, new_figure

FEWEST = 5
"""A group of fewer cities shows them one by one, without a curve."""
HIGH = 0.82
"""Height of the highest ridge, in rows."""
FLAGS = {"coastal": ("沿海", "内陆"), "commended": ("受表扬", "未受表扬")}
"""What a column of true and false is called, true first."""
MOST_GROUPS = 34
HIGHEST_CM = 16.5
ROW_CM = 1.15


@figure("grades", "units")
def score_ridges(results: Results, lang: Lang, factor: str = "region") -> Figure | None:
    """Draw the distribution of totals in each group of a factor, the highest median on top.

    Parameters
    ----------
    results
        With ``grades`` (scores) and ``units``.
    lang
        Language of the words.
    factor
        A column of ``units``, such as ``region``, ``level`` or ``tier``.

    Returns
    -------
    The figure, or None where there are no scores or the units have no such column, one group only
    or more groups than a page bears.

    Notes
    -----
    Gaussian kernel density with Scott's bandwidth (Scott 1992), over the range of the group.
    """
    table = grouped_totals(results, factor)
    medians = table.groupby("group")["score"].median()
    order = medians.sort_values(ascending=False, kind="stable").index.tolist()
    if not 1 < len(order) <= MOST_GROUPS:
        return None
    row_cm = min(ROW_CM, HIGHEST_CM / len(order))
    fig = new_figure(results, lang, row_cm * len(order) + 1.9, word("ridges_note", lang, n=FEWEST))
    ax = fig.subplots()
    curves = {g: ridge(table.loc[table["group"] == g, "score"].to_numpy()) for g in order}
    peak = max((d.max() for _, d in curves.values() if len(d)), default=1.0)
    color = AUDIENCE_COLORS["citizen"]
    for at, group in enumerate(order):
        base = at + 0.35
        grid, density = curves[group]
        if len(grid):
            top = base - HIGH * density / peak
            ax.fill_between(grid, top, base, color=color, alpha=0.28, linewidth=0, zorder=at)
            ax.plot(grid, top, color=color, linewidth=1.1, zorder=at, gid=f"ridge-{group}")
        own = table.loc[table["group"] == group, "score"].to_numpy()
        ax.plot(
            *ticks(own, base, base + 0.11), color=QUIET, linewidth=0.5, zorder=at,
            gid=f"cities-{group}",
        )  # fmt: skip
        ax.plot(
            [medians[group]] * 2, [base, base - 0.42], color=INK, linewidth=1.6, zorder=len(order),
            gid=f"median-{group}",
        )  # fmt: skip
        ax.annotate(
            f"{medians[group]:.2f}", (1, at), (7, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", annotation_clip=False, gid="median",
        )  # fmt: skip
    sizes = table["group"].value_counts()
    name_rows(ax, [counted(value_label(results, factor, g, lang), sizes[g], lang) for g in order])
    ax.set_ylim(len(order) - 0.45, -0.65)
    ax.set_xlim(max(0, np.floor(table["score"].min())), min(10, np.ceil(table["score"].max())))
    ax.set_xlabel(word("total_score", lang))
    ax.annotate(
        word("median", lang), (1, 1), (7, 2), xycoords="axes fraction", va="bottom", ha="left",
        textcoords="offset points", annotation_clip=False, fontsize=SMALL_PT, color=QUIET,
    )  # fmt: skip
    return fig


def grouped_totals(results: Results, factor: str) -> pd.DataFrame:
    """Return the total of each city with its group of a factor: columns unit, score, group."""
    empty = pd.DataFrame({"unit": [], "score": [], "group": []})
    units = results["units"]
    totals = complete(results["grades"], ["score"])
    if factor not in units or totals.empty:
        return empty
    group = units[factor]
    if group.dtype == bool:
        names = FLAGS.get(factor, ("True", "False"))
        group = group.map({True: names[0], False: names[1]})
    table = totals[["unit", "score"]].merge(
        pd.DataFrame({"unit": units["unit"], "group": group}), on="unit"
    )
    return table.dropna(subset=["group"]).reset_index(drop=True)


def ticks(at: np.ndarray, start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Return upright strokes as one broken line, which is drawn as one path."""
    x = np.column_stack([at, at, np.full(len(at), np.nan)])
    y = np.tile([start, end, np.nan], len(at))
    return x.ravel(), y


def ridge(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a grid over the range of the scores and the density there; both empty for few."""
    if len(score) < FEWEST or np.ptp(score) == 0:
        return np.empty(0), np.empty(0)
    grid = np.linspace(score.min(), score.max(), 100)
    return grid, gaussian_kde(score)(grid)
