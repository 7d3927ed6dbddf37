"""How sure ranks and grades are."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from report.figures.parts import complete, figure, grade_order, name_rows
from report.labels import word
from report.language import Lang
from report.names import unit_names
from report.results import Results
from report.style import AUDIENCE_COLORS, QUIET, RULE, grade_colors, ink_on, new_figure

LABEL_GAP = 0.026
"""Least distance between two named cities, as a share of the drawing's height."""


@figure("grades", "composition", "units")
def rank_intervals(results: Results, lang: Lang) -> Figure | None:
    """Draw every city's rank with its interval, coloured by grade; the first of each grade named.

    Needs ``grades`` with ranks, ``composition``, ``units``; None for a published edition, which has
    none.
    """
    table = complete(results["grades"], ["rank", "rank_low", "rank_high", "grade"])
    if table.empty:
        return None
    table = table.sort_values(["rank", "unit"], ignore_index=True)
    grades = [g for g in grade_order(results) if (table["grade"] == g).any()]
    colors = grade_colors(grade_order(results))
    fig = new_figure(
        results, lang, 18.0, word("ranks_note", lang, level=f"{results.meta['level']:.0%}")
    )
    ax = fig.subplots()
    ax.hlines(
        table.index, table["rank_low"].astype(float), table["rank_high"].astype(float),
        color=table["grade"].map(colors).tolist(), linewidth=1.3, gid="intervals",
    )  # fmt: skip
    ax.plot(
        table["rank"].astype(float), table.index, linestyle="", marker="o", markersize=1.6,
        color="black", markeredgewidth=0, gid="ranks",
    )  # fmt: skip
    named = named_rows(table)
    names = unit_names(results.told_in(lang))
    ax.set_yticks(named, [names[unit] for unit in table.loc[named, "unit"]])
    ax.set_ylim(len(table) + 1, -2)
    ax.set_xlim(-2, len(table) + 3)
    ax.set_xlabel(word("rank", lang))
    ax.xaxis.set_ticks([1, *range(50, len(table), 50)])
    ax.grid(axis="x", color=RULE)
    side = ax.inset_axes((1.012, 0, 0.05, 1), sharey=ax)
    for grade in grades:
        rows = table.index[table["grade"] == grade]
        side.axhspan(rows.min() - 0.5, rows.max() + 0.5, color=colors[grade], linewidth=0)
        side.text(
            0.5, (rows.min() + rows.max()) / 2, grade, ha="center", va="center",
            color=ink_on(colors[grade]),
        )  # fmt: skip
    side.set_axis_off()
    return fig


def named_rows(table: pd.DataFrame) -> list[int]:
    """Return the rows to name: the first of each grade and the last of all, not too close.

    Parameters
    ----------
    table
        Sorted by rank; column grade.
    """
    firsts = table.drop_duplicates("grade").index.tolist()
    gap = LABEL_GAP * len(table)
    named: list[int] = []
    for row in [*firsts, len(table) - 1]:
        if not named or row - named[-1] >= gap:
            named.append(row)
    return named


@figure("grades", "composition")
def grade_certainty(results: Results, lang: Lang) -> Figure | None:
    """Draw how probable the cities' own grades are, and how many cities are borderline, by grade.

    Needs ``grades`` with ``p_grade`` and ``borderline``, ``composition``; else None.
    """
    table = complete(results["grades"], ["p_grade", "borderline", "grade"])
    if table.empty:
        return None
    grades = grade_order(results)
    colors = grade_colors(grades)
    fig = new_figure(results, lang, 8.5, word("certainty_note", lang))
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=(1.6, 1))
    line = {"color": QUIET, "linewidth": 0.9}
    boxes = left.boxplot(
        [table.loc[table["grade"] == g, "p_grade"].to_numpy(dtype=float) for g in grades],
        positions=range(len(grades)), orientation="horizontal", widths=0.65, whis=(5, 95),
        showfliers=False, patch_artist=True, boxprops=dict(line), whiskerprops=line, capprops=line,
        medianprops={"color": AUDIENCE_COLORS["enterprise"], "linewidth": 1.8},
    )  # fmt: skip
    for box, grade in zip(boxes["boxes"], grades, strict=True):
        box.set_facecolor(colors[grade])
    left.set(xlim=(0, 1), xlabel=word("own_grade", lang), ylabel=word("grade", lang))
    share = 100 * borderline_share(table, grades)
    right.barh(
        np.arange(len(grades)), share, color=[colors[g] for g in grades], height=0.65,
        edgecolor=QUIET, linewidth=0.5,
    )  # fmt: skip
    for at, value in enumerate(share):
        right.annotate(f"{value:.0f}", (value, at), (4, 0), textcoords="offset points", va="center")
    right.set(xlim=(0, 112), xlabel=word("borderline", lang), xticks=range(0, 101, 25))
    name_rows(left, grades)
    right.tick_params(axis="y", length=0)
    return fig


def borderline_share(table: pd.DataFrame, grades: list[str]) -> np.ndarray:
    """Return the share of borderline cities of each grade, 0 where a grade has no city."""
    share = table["borderline"].astype(float).groupby(table["grade"].to_numpy()).mean()
    return share.reindex(grades).fillna(0.0).to_numpy()
