"""Time slots by audience as cells with figures."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure

from report.figures.parts import figure, present_audiences
from report.labels import AUDIENCES, word
from report.language import Lang
from report.results import Results
from report.style import ABSENT, QUIET, ink_on, new_figure

RATES = LinearSegmentedColormap.from_list("rates", ["#f1f6fb", "#7fb2d9", "#12477d"])
WAITS = LinearSegmentedColormap.from_list("waits", ["#fdf3e6", "#eba35f", "#8a3a0b"])
ROW_CM = 0.95


@figure("slots")
def slot_heatmap(results: Results, lang: Lang) -> Figure | None:
    """Draw the share of calls answered and the median wait by time slot and audience, as cells.

    Needs ``slots``; the slots keep the order and the labels of that table.
    """
    table = results["slots"]
    audiences = present_audiences(table)
    labels = table.drop_duplicates("slot")["label"].tolist()
    low, high = int(table["n"].min()), int(table["n"].max())
    count = f"{low}" if low == high else f"{low}–{high}"
    note = word("slot_cells_note", lang, n=count)
    fig = new_figure(results, lang, ROW_CM * len(labels) + 1.7, note)
    left, right = fig.subplots(1, 2, sharey=True)
    rate, wait = slot_grid(table, "rate", audiences), slot_grid(table, "wait_median", audiences)
    _cells(left, 100 * rate, RATES, "{:.1f}%", "rate")
    _cells(right, wait, WAITS, "{:.0f}", "wait_median")
    for ax, head in ((left, "answered_rate"), (right, "wait_median")):
        middles = [at + 0.5 for at in range(len(audiences))]
        ax.set_xticks(middles, [AUDIENCES[a][lang] for a in audiences])
        ax.set_title(word(head, lang), color=QUIET)
    left.set_yticks([at + 0.5 for at in range(len(labels))], labels)
    return fig


def slot_grid(table: pd.DataFrame, column: str, audiences: list[str]) -> pd.DataFrame:
    """Return a column of ``slots`` as a grid: index slot, columns audience."""
    wide = table.pivot(index="slot", columns="audience", values=column)
    return wide.reindex(index=table["slot"].drop_duplicates(), columns=audiences)


def _cells(ax: Axes, grid: pd.DataFrame, shades: Colormap, form: str, gid: str) -> None:
    values = grid.to_numpy(dtype=float)
    low, high = np.nanmin(values), np.nanmax(values)
    scale = Normalize(low, high if high > low else low + 1)
    shades = shades.with_extremes(bad=ABSENT)
    ax.pcolormesh(
        np.ma.masked_invalid(values), cmap=shades, norm=scale, edgecolors="white", linewidth=2,
        gid=gid,
    )  # fmt: skip
    ax.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0))
    for row, column in np.ndindex(*values.shape):
        value = values[row, column]
        known = not np.isnan(value)
        ink = ink_on(to_hex(tuple(shades(scale(value))))) if known else QUIET
        ax.text(
            column + 0.5, row + 0.5, form.format(value) if known else "—", ha="center",
            va="center", color=ink, gid=gid,
        )  # fmt: skip
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
