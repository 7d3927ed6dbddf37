"""Ways to cut the scores into grades, side by side."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from report.figures.forest import COLOR
from report.figures.parts import figure, name_rows
from report.labels import SCHEMES, counted, word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, QUIET, RULE, SMALL_PT, new_figure

PANELS = {
    "kept": "scheme_kept", "borderline": "scheme_borderline", "pairs": "scheme_pairs",
    "same": "scheme_same",
}  # fmt: skip
OWN = "edition"


@figure("schemes")
def scheme_comparison(results: Results, lang: Lang) -> Figure | None:
    """Draw how steady and how telling the grades of each scheme are, and how like the edition's.

    Needs ``schemes``: the share of cities that would keep their grade, the share of borderline
    ones, the share of pairs told apart, and the share with the grade of the edition's own scheme.
    """
    table = results["schemes"].reset_index(drop=True)
    rows = np.arange(len(table))
    fig = new_figure(results, lang, 0.8 * len(table) + 2.3, word("schemes_note", lang))
    axes = fig.subplots(1, len(PANELS), sharey=True)
    own = (table["scheme"] == OWN).to_numpy()
    for ax, (column, title) in zip(axes, PANELS.items(), strict=True):
        share = 100 * table[column].to_numpy(dtype=float)
        known = ~np.isnan(share)
        ax.hlines(rows[known], 0, share[known], color=RULE, linewidth=4)
        for mine, color, shape in (
            (True, AUDIENCE_COLORS["enterprise"], "D"), (False, COLOR, "o"),
        ):  # fmt: skip
            at = known & (own == mine)
            ax.plot(
                share[at], rows[at], linestyle="", marker=shape, markersize=6.5, color=color,
                gid=f"{column}-{'own' if mine else 'other'}",
            )  # fmt: skip
        for row, value in zip(rows, share, strict=True):
            absent = np.isnan(value)
            ax.annotate(
                "—" if absent else f"{value:.0f}", (0 if absent else value, row),
                (6, 0) if absent or value < 78 else (-7, 0), textcoords="offset points",
                va="center", ha="left" if absent or value < 78 else "right", fontsize=SMALL_PT,
                color=QUIET if absent else "black", gid=column,
            )  # fmt: skip
        ax.set(xlim=(0, 104), xticks=(0, 50, 100))
        ax.set_title(word(title, lang), fontsize=SMALL_PT, linespacing=1.15)
        name_rows(ax, scheme_names(table, lang))
    for ax in axes[1:]:
        ax.tick_params(axis="y", labelleft=False)
    axes[0].set_xlabel(word("share", lang), loc="left")
    return fig


def scheme_names(table: pd.DataFrame, lang: Lang) -> list[str]:
    """Return the name of each scheme with the number of its grades."""
    named = zip(table["scheme"], table["grades"], strict=True)
    return [counted(SCHEMES[s][lang] if s in SCHEMES else s, n, lang) for s, n in named]
