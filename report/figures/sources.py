"""Where the uncertainty of ranks comes from."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from report.figures.forest import figures_beside
from report.figures.parts import complete, figure, name_rows
from report.labels import SOURCES, word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, SMALL_PT, add_key, ink_on, new_figure

BANDS = 10
"""Into how many bands of equal size the ranking is cut, at most."""
FEWEST = 5
"""Least number of cities in a band."""
LOOKS = {
    "sampling": ("#9ecae1", ""),
    "shopper": (AUDIENCE_COLORS["enterprise"], "xxxx"),
    "method": ("#12477d", ""),
}
NAMED_SHARE = 6.0
"""Least share in per cent of a segment that holds its figure."""


@figure("rank_variance")
def rank_sources(results: Results, lang: Lang) -> Figure | None:
    """Draw the shares of rank variance by source, in bands of the ranking.

    Needs ``rank_variance``; None where no rank moves. Shares are means over the cities of a band.
    """
    table = source_bands(results["rank_variance"])
    if table.empty:
        return None
    rows = list(range(len(table)))
    fig = new_figure(results, lang, 0.75 * len(table) + 2.1, word("sources_note", lang), key=True)
    ax = fig.subplots()
    left = np.zeros(len(table))
    for source, (color, hatch) in LOOKS.items():
        share = 100 * table[source].to_numpy()
        bars = ax.barh(
            rows, share, left=left, height=0.7, color=color, edgecolor="white", linewidth=0.5,
            hatch=hatch, label=source,
        )  # fmt: skip
        texts = [f"{value:.0f}" if value >= NAMED_SHARE else "" for value in share]
        ax.bar_label(bars, texts, label_type="center", color=ink_on(color), fontsize=SMALL_PT)
        left += share
    name_rows(
        ax, [f"{low}–{high}" for low, high in zip(table["first"], table["last"], strict=True)]
    )
    ax.grid(visible=False)
    ax.set(xlim=(0, 100), xlabel=word("variance_share", lang), ylabel=word("rank", lang))
    figures_beside(ax, [f"{sd:.1f}" for sd in table["sd"]], rows, word("rank_sd", lang))
    handles = [
        Patch(facecolor=color, hatch=hatch, edgecolor="white") for color, hatch in LOOKS.values()
    ]
    add_key(fig, handles, [SOURCES[s][lang] for s in LOOKS], handlelength=1.4, handleheight=1.0)
    return fig


def source_bands(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean shares and the median standard deviation of ranks in bands of the ranking.

    Parameters
    ----------
    table
        As ``rank_variance``: columns rank, sd, and a share by source, missing for a rank that
        never moves.

    Returns
    -------
    Columns first, last (places), n, sd, and each source; a row a band.
    """
    order = table.sort_values(["rank", "unit"], ignore_index=True)
    moving = complete(order, list(LOOKS))
    if moving.empty:
        return moving
    count = max(1, min(BANDS, len(order) // FEWEST))
    edges = np.linspace(0, len(order), count + 1).round().astype(int)
    band = np.searchsorted(edges, moving.index.to_numpy(), side="right") - 1
    grouped = moving.groupby(band)
    means = grouped[list(LOOKS)].mean()
    return means.assign(
        first=edges[:-1][means.index] + 1,
        last=edges[1:][means.index],
        n=grouped.size(),
        sd=grouped["sd"].median(),
    ).reset_index(drop=True)
