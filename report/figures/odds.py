"""Odds ratios: how much likelier a higher grade, or an answered call, is in one group."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.parts import figure, name_rows
from report.labels import counted, factor_label, value_label, word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, QUIET, RULE, SMALL_PT, new_figure

REACH = 1000.0
"""The axis shows at most odds ratios from 1/1000 to 1000; what goes beyond ends in an arrow."""
MOST_TICKS = 9
ROW_CM = 0.62


@figure("contrasts")
def effects(results: Results, lang: Lang) -> Figure | None:
    """Draw the odds ratio of each group against its reference with its interval.

    Needs ``contrasts``. A ratio that cannot be estimated is named so, not drawn.
    """
    return _panels(results, results["contrasts"], ("odds_ratio", "effects_note"), lang)


@figure("connection_effects")
def connection_effects(results: Results, lang: Lang) -> Figure | None:
    """Draw the odds of a call being answered against the reference of each factor.

    Needs ``connection_effects``. A ratio that cannot be estimated is named so, not drawn.
    """
    table = results["connection_effects"].rename(columns={"value": "group"})
    return _panels(results, table, ("connection_odds", "connection_note"), lang)


def _panels(
    results: Results, table: pd.DataFrame, words: tuple[str, str], lang: Lang
) -> Figure | None:
    """Draw one panel a factor; `words` are the phrases of the axis and of the note."""
    factors = table["factor"].drop_duplicates().tolist()
    sizes = [int((table["factor"] == f).sum()) + 1 for f in factors]
    fig = new_figure(
        results, lang, ROW_CM * sum(sizes) + 0.9 * len(factors) + 1.4,
        word(words[1], lang, level=f"{results.meta['level']:.0%}"),
    )  # fmt: skip
    axes = fig.subplots(len(factors), sharex=True, height_ratios=sizes, squeeze=False)[:, 0]
    limits = _limits(table)
    for ax, factor in zip(axes, factors, strict=True):
        own = table[table["factor"] == factor]
        groups = [own["reference"].iloc[0], *own["group"]]
        names = {g: value_label(results, factor, g, lang) for g in groups}
        _forest(ax, own, names, limits, lang)
        ax.set_title(factor_label(factor, lang), color=QUIET)
        ax.tick_params(axis="x", length=0, which="both")
    for ax in axes[:-1]:
        ax.spines["bottom"].set_visible(False)
    axes[-1].set_xlabel(word(words[0], lang))
    return fig


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return a range about 1 that holds every interval, within `REACH`."""
    ends = table[["odds_ratio", "low", "high"]].to_numpy(dtype=float)
    ends = ends[np.isfinite(ends) & (ends > 0)]
    low, high = ends.min(initial=0.5) / 1.2, ends.max(initial=2.0) * 1.2
    return max(low, 1 / REACH), min(high, REACH)


def _ticks(limits: tuple[float, float]) -> list[float]:
    """Return 1, 2 and 5 times the powers of ten within the limits, or the powers if too many."""
    powers = [10.0**exponent for exponent in range(-3, 4)]
    fine = [step * power for power in powers for step in (1, 2, 5)]
    steps = [[t for t in each if limits[0] <= t <= limits[1]] for each in (fine, powers)]
    return steps[0] if len(steps[0]) <= MOST_TICKS else steps[1]


def _forest(
    ax: Axes, table: pd.DataFrame, names: dict[str, str], limits: tuple[float, float], lang: Lang
) -> None:
    color = AUDIENCE_COLORS["citizen"]
    rows = [counted(names[table["reference"].iloc[0]], word("reference", lang), lang)]
    rows += [
        counted(names[group], n, lang) for group, n in zip(table["group"], table["n"], strict=True)
    ]
    ax.set_xscale("log")
    ax.set_xlim(*limits)
    ticks = _ticks(limits)
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.set_xticks([], minor=True)
    ax.axvline(1, color=QUIET, linewidth=0.8)
    ax.plot(1, 0, marker="o", markersize=6, markerfacecolor="white", markeredgecolor=color)
    for at, row in enumerate(table.to_dict("records"), start=1):
        odds, low, high = (float(row[k]) for k in ("odds_ratio", "low", "high"))
        if not (np.isfinite(odds) and odds > 0):
            ax.annotate(
                word("not_estimable", lang), (1, at), (6, 0), textcoords="offset points",
                va="center", color=QUIET, fontsize=SMALL_PT,
            )  # fmt: skip
            continue
        low, high = (odds if np.isnan(end) else end for end in (low, high))
        shown = np.clip([low, high, odds], *limits)
        ax.hlines(at, shown[0], shown[1], color=color, linewidth=1.6)
        for end, drawn, arrow in ((low, shown[0], "<"), (high, shown[1], ">")):
            if end != drawn:
                ax.plot(drawn, at, marker=arrow, color=color, markersize=5, clip_on=False)
        ax.plot(
            shown[2], at, marker="o", color=color, markersize=6, markeredgecolor="white",
            markeredgewidth=0.5, gid=f"odds-{row['factor']}-{row['group']}",
        )  # fmt: skip
        ax.annotate(
            f"{odds:.2f}", (1, at), (8, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
    name_rows(ax, rows)
    ax.grid(axis="x", color=RULE)
