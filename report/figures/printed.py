"""Printed figures held against each other: overall means beside those of the two audiences."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures.means import mean_rows
from report.figures.parts import figure, name_rows
from report.labels import indicator_labels, word
from report.language import Lang
from report.results import Results
from report.style import ALERT, AUDIENCE_COLORS, QUIET, RULE, SMALL_PT, add_key, new_figure

BEYOND = 1e-9
"""Least distance that counts as outside, above the rounding of floating point."""


@figure("audit", "means", "indicators")
def weights_feasible(results: Results, lang: Lang) -> Figure | None:
    """Draw each printed overall mean beside the range of the two audiences' means.

    An overall mean outside that range cannot be a weighted mean of the two, whatever the weights.
    Needs ``audit``, ``means``, ``indicators``; None where an indicator has not all three means.
    """
    table = audience_range(pd.concat([mean_rows(results, 1), mean_rows(results, 2)]))
    if table.empty:
        return None
    labels = indicator_labels(results, lang)
    outside = contradicted(table, results["audit"])
    rounded = (table["beyond"].abs() > BEYOND) & ~outside
    note = word("rounding_note", lang) if rounded.any() else ""
    fig = new_figure(results, lang, 0.75 * len(table) + 2.2, note, key=True)
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=(2.1, 1))
    rows = range(len(table))
    left.hlines(rows, table["low"], table["high"], color=RULE, linewidth=5)
    inside_color = AUDIENCE_COLORS["all"]
    left.plot(
        table["all"][~outside], table.index[~outside], linestyle="", marker="D", markersize=5.5,
        color=inside_color,
    )  # fmt: skip
    left.plot(
        table["all"][outside], table.index[outside], linestyle="", marker="X", markersize=7,
        color=ALERT, markeredgecolor="white", markeredgewidth=0.4,
    )  # fmt: skip
    left.set_xlim(0, 10)
    left.set_xlabel(word("mean", lang))
    _beyond(right, table, outside, lang)
    name_rows(left, [labels[i] for i in table["indicator"]])
    add_key(
        fig,
        [
            Line2D([], [], color=RULE, linewidth=5),
            Line2D([], [], linestyle="", marker="D", color=inside_color),
            Line2D([], [], linestyle="", marker="X", markersize=7, color=ALERT),
        ],
        [word(key, lang) for key in ("audience_range", "overall_inside", "overall_outside")],
    )  # fmt: skip
    return fig


def audience_range(means: pd.DataFrame) -> pd.DataFrame:
    """Return how far each overall mean lies outside the range of the two audiences' means.

    Parameters
    ----------
    means
        Columns audience, indicator, mean.

    Returns
    -------
    Columns indicator, all, low, high, beyond: above the range positive, below it negative,
    inside 0. Indicators without all three means are left out.
    """
    wide = means.pivot(index="indicator", columns="audience", values="mean")
    wide = wide.reindex(columns=["all", "citizen", "enterprise"])
    wide = wide.reindex(means["indicator"].drop_duplicates()).dropna().reset_index()
    low = wide[["citizen", "enterprise"]].min(axis=1)
    high = wide[["citizen", "enterprise"]].max(axis=1)
    beyond = (wide["all"] - high).clip(lower=0) - (low - wide["all"]).clip(lower=0)
    return pd.DataFrame(
        {
            "indicator": wide["indicator"],
            "all": wide["all"],
            "low": low,
            "high": high,
            "beyond": beyond,
        }
    )


def contradicted(table: pd.DataFrame, audit: pd.DataFrame) -> pd.Series:
    """Tell which overall means the audit found outside the range of the audiences' means.

    Parameters
    ----------
    table
        As `audience_range` gives it.
    audit
        Rows of the rule ``mean-within-parts`` name the indicator (subject), the whole (printed)
        and the range of its parts (recomputed: low–high).
    """
    found = audit.query("rule == 'mean-within-parts' and verdict == 'contradiction'")
    ranges = found["recomputed"].str.split("–", expand=True).astype(float)
    whole = found["printed"].astype(float)
    known = set(zip(found["subject"], whole, *(ranges[c] for c in ranges), strict=True))
    keys = zip(table["indicator"], table["all"], table["low"], table["high"], strict=True)
    return pd.Series([key in known for key in keys], index=table.index)


def _beyond(ax: Axes, table: pd.DataFrame, outside: pd.Series, lang: Lang) -> None:
    ax.axvline(0, color=RULE, linewidth=1)
    for at, (beyond, wrong) in enumerate(zip(table["beyond"], outside, strict=True)):
        if abs(beyond) <= BEYOND:
            continue
        ax.barh(at, beyond, height=0.5, color=ALERT if wrong else QUIET)
        ax.annotate(
            f"{beyond:+.2f}", (beyond, at), (4 if beyond > 0 else -4, 0),
            textcoords="offset points", va="center", ha="left" if beyond > 0 else "right",
            fontsize=SMALL_PT,
        )  # fmt: skip
    reach = max(table["beyond"].abs().max(), 0.01) * 2
    ax.set_xlim(-reach, reach)
    ax.set_xticks([-reach / 2, 0, reach / 2])
    ax.set_xticklabels([f"{-reach / 2:.2f}", "0", f"{reach / 2:+.2f}"])
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(word("beyond", lang))
