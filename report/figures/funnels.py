"""Funnels: each city's figure against its precision, with the limits of what is to be expected."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures.lettering import label_points
from report.figures.parts import figure
from report.labels import counted, indicator_labels, value_label, word
from report.language import Lang
from report.names import unit_names
from report.results import Results
from report.style import AUDIENCE_COLORS, INK, QUIET, RULE, SMALL_PT, add_key, new_figure

BANDS = {
    "expected": ("o", QUIET, 3.0),
    "better": ("^", AUDIENCE_COLORS["citizen"], 5.0),
    "far_better": ("^", AUDIENCE_COLORS["citizen"], 7.0),
    "worse": ("v", AUDIENCE_COLORS["enterprise"], 5.0),
    "far_worse": ("v", AUDIENCE_COLORS["enterprise"], 7.0),
}
"""Marker, colour and size of each band."""
COLUMNS = 3
PANEL_CM = 5.3
ALONE_CM = 9.5
MOST_NAMED = 12


@figure("funnel", "funnel_limits")
def funnel(
    results: Results, lang: Lang, measure: str = "total", factor: str = "all"
) -> Figure | None:
    """Draw each city's value against its standard error, with the 95 % and 99.8 % limits.

    Parameters
    ----------
    results
        With ``funnel`` and ``funnel_limits``.
    lang
        Language of the words.
    measure
        ``total``, an indicator, or ``answered``, which is drawn against the number of records.
    factor
        ``all`` for one panel, or a grouping of peers such as ``level``, with a panel a group.

    Returns
    -------
    The figure, or None where the tables do not hold that measure and factor.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24:1185-1202.
    """
    table = results["funnel"].query("measure == @measure and factor == @factor")
    limits = results["funnel_limits"].query("measure == @measure and factor == @factor")
    if table.empty or limits.empty:
        return None
    peers = table["peer"].drop_duplicates().tolist()
    order = table.groupby("peer")["target"].first().sort_values(ascending=False, kind="stable")
    peers = [p for p in order.index if p in peers]
    columns = min(COLUMNS, len(peers))
    lines = -(-len(peers) // columns)
    out = table[table["stands_out"].astype(bool)]
    note = word("funnel_note" if len(out) else "funnel_quiet", lang)
    height = ALONE_CM if len(peers) == 1 else PANEL_CM * lines
    fig = new_figure(results, lang, height + 1.2, note, key=True)
    grid = fig.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    x = "se" if table["se"].notna().any() else "n"
    scale = 100 if measure == "answered" else 1
    names = unit_names(results.told_in(lang))
    for ax, peer in zip(grid.flat, peers, strict=False):
        own, curve = table[table["peer"] == peer], limits[limits["peer"] == peer]
        _panel(ax, own, curve.sort_values(x), x, scale)
        if len(peers) > 1:
            name = value_label(results, factor, peer, lang)
            ax.set_title(counted(name, len(own), lang), color=QUIET)
    for ax in grid.flat[len(peers) :]:
        ax.set_axis_off()
    _limits(grid.flat[0], table, limits, x, scale)
    for ax, peer in zip(grid.flat, peers, strict=False):
        far = _named(out[out["peer"] == peer])
        at, value = _across(far, x), scale * far["value"]
        label_points(ax, at.tolist(), value.tolist(), [names[u] for u in far["unit"]])
    for at, ax in enumerate(grid.flat[: len(peers)]):
        ax.tick_params(labelbottom=at + columns >= len(peers))
    grid[-1, 0].set_xlabel(word("se_axis" if x == "se" else "n_axis", lang), loc="left")
    grid[(lines - 1) // 2, 0].set_ylabel(_measured(results, measure, lang))
    _key(fig, table, lang)
    return fig


def _panel(ax: Axes, own: pd.DataFrame, curve: pd.DataFrame, x: str, scale: int) -> None:
    at = curve[x].astype(float)
    for level, dash in (("95", (0, (4, 2))), ("998", "-")):
        for side in ("low", "high"):
            ax.plot(
                at, scale * curve[f"{side}_{level}"], color=INK, linewidth=0.9, linestyle=dash,
                gid=f"{side}-{level}",
            )  # fmt: skip
    ax.axhline(scale * own["target"].iloc[0], color=QUIET, linewidth=0.9, gid="target")
    across = pd.Series(_across(own, x), index=own.index)
    for band, (marker, color, size) in BANDS.items():
        part = own[own["band"] == band]
        if part.empty:
            continue
        ax.plot(
            across[part.index], scale * part["value"], linestyle="", marker=marker, color=color,
            markersize=size, markeredgecolor="white", markeredgewidth=0.3, gid=f"band-{band}",
            alpha=0.75 if band == "expected" else 1,
        )  # fmt: skip
    ax.grid(axis="y", color=RULE)


def _across(own: pd.DataFrame, x: str) -> np.ndarray:
    """Return where points stand across: at their standard error, or spread about their number.

    Many units share one number of records; they are spread evenly within it in the order of their
    values, by steps of the golden section, so that none hides another.
    """
    at = own[x].to_numpy(dtype=float)
    if x == "se":
        return at
    place = own.groupby(x)["value"].rank(method="first").to_numpy(dtype=float)
    return at + 0.6 * ((place * 0.6180339887) % 1 - 0.5)


def _limits(ax: Axes, table: pd.DataFrame, limits: pd.DataFrame, x: str, scale: int) -> None:
    span = scale * table["value"]
    edges = scale * limits[["low_95", "high_95"]].to_numpy()
    low, high = min(span.min(), edges.min()), max(span.max(), edges.max())
    top = 100 if scale == 100 else 10
    pad = 0.05 * (high - low)
    ax.set_ylim(max(0, low - pad), min(top, high + pad) + 0.02 * top)
    at = pd.concat([table[x], limits[x]]).astype(float)
    edge = 0.5 if x == "n" else 0.03 * (at.max() - at.min())
    ax.set_xlim(at.min() - edge, at.max() + edge)


def _named(out: pd.DataFrame) -> pd.DataFrame:
    return out.sort_values(["p_adjusted", "unit"]).head(MOST_NAMED)


def _measured(results: Results, measure: str, lang: Lang) -> str:
    if measure == "answered":
        return word("answered_rate", lang)
    if measure == "total":
        return word("total_score", lang)
    return word("score_of", lang, name=indicator_labels(results, lang).get(measure, measure))


def _key(fig: Figure, table: pd.DataFrame, lang: Lang) -> None:
    handles = [Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (4, 2)))]
    handles.append(Line2D([], [], color=INK, linewidth=0.9))
    labels = [word("limit_95", lang), word("limit_998", lang)]
    for band, (marker, color, _) in BANDS.items():
        if band in ("better", "worse") and table["band"].str.endswith(band).any():
            handles.append(Line2D([], [], linestyle="", marker=marker, color=color, markersize=6))
            labels.append(word(f"band_{band}", lang))
    add_key(
        fig, handles, labels, handletextpad=0.4, handlelength=1.8, columnspacing=1.1,
        fontsize=SMALL_PT,
    )  # fmt: skip
