"""National means of the indicators by audience."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.parts import (
    audience_key,
    dots,
    figure,
    name_rows,
    present_audiences,
    spread,
)
from report.labels import counted, indicator_labels, word
from report.language import Lang
from report.results import Results
from report.style import QUIET, RULE, new_figure

GAP = 0.26
"""Distance between the rows of two audiences, in rows of the drawing."""


@figure("means", "indicators")
def level1_means(results: Results, lang: Lang) -> Figure | None:
    """Draw the means of the indicators of level 1 by audience. Needs ``means``, ``indicators``."""
    means = mean_rows(results, 1)
    if means.empty:
        return None
    audiences = present_audiences(means)
    order = means["indicator"].drop_duplicates().tolist()
    note = _note(results, means, "level1_note", lang)
    fig = new_figure(results, lang, 1.6 * len(order) + 1.9, note, key=True)
    ax = fig.subplots()
    rows = spread(means, "indicator", GAP)
    for audience in audiences:
        part = means[means["audience"] == audience]
        at = rows[part.index].to_numpy()
        dots(ax, part[["mean", "low", "high"]], at, audience)
        for y, row in zip(at, part.to_dict("records"), strict=True):
            known = pd.notna(row["low"])
            text = f"{row['mean']:.2f}"
            ax.annotate(
                counted(text, f"{row['low']:.2f}–{row['high']:.2f}", lang) if known else text,
                (row["high"] if known else row["mean"], y), (7, 0), textcoords="offset points",
                va="center",
            )  # fmt: skip
    labels = indicator_labels(results, lang)
    name_rows(ax, [labels[i] for i in order])
    for boundary in range(1, len(order)):
        ax.axhline(boundary - 0.5, color=RULE, linewidth=0.6)
    ax.set_xlim(0, 10)
    ax.set_xlabel(word("mean", lang))
    audience_key(fig, audiences, lang)
    return fig


@figure("means", "indicators")
def level2_means(results: Results, lang: Lang) -> Figure | None:
    """Draw the means of the indicators of level 2, the audiences of each joined by a line.

    Needs ``means``, ``indicators``.
    """
    means = mean_rows(results, 2)
    if means.empty:
        return None
    audiences = present_audiences(means)
    labels = indicator_labels(results, lang)
    parents = means["parent"].drop_duplicates().tolist()
    sizes = [means.loc[means["parent"] == p, "indicator"].nunique() for p in parents]
    height = 0.8 * sum(sizes) + 0.8 * len(parents) + 1.8
    note = _note(results, means, "level2_note", lang)
    fig = new_figure(results, lang, height, note, key=True)
    axes = fig.subplots(len(parents), sharex=True, height_ratios=sizes, squeeze=False)[:, 0]
    for ax, parent in zip(axes, parents, strict=True):
        _dumbbells(ax, means[means["parent"] == parent], audiences, labels)
        ax.set_title(labels[parent], color=QUIET)
        ax.tick_params(axis="x", length=0)
    for ax in axes[:-1]:
        ax.spines["bottom"].set_visible(False)
    axes[-1].set_xlim(0, 10)
    axes[-1].set_xlabel(word("mean", lang))
    audience_key(fig, audiences, lang)
    return fig


def mean_rows(results: Results, level: int) -> pd.DataFrame:
    """Return the means of the indicators of a level in the order of the hierarchy.

    Raises
    ------
    ValueError
        Where an indicator has two means for one audience.
    """
    means = results["means"].query("level == @level").drop(columns="level")
    if means.duplicated(["audience", "indicator"]).any():
        raise ValueError("an indicator has two means for one audience")
    tree = results["indicators"][["indicator", "parent", "order"]]
    return means.merge(tree, on="indicator").sort_values("order", ignore_index=True)


def _dumbbells(ax: Axes, means: pd.DataFrame, audiences: list[str], labels: dict[str, str]) -> None:
    order = means["indicator"].drop_duplicates().tolist()
    spans = means.groupby("indicator")["mean"].agg(["min", "max"]).reindex(order)
    ax.hlines(range(len(order)), spans["min"], spans["max"], color=RULE, linewidth=3)
    for audience in audiences:
        part = means[means["audience"] == audience]
        at = part["indicator"].map(order.index).to_numpy(dtype=float)
        dots(ax, part[["mean", "low", "high"]], at, audience)
    name_rows(ax, [labels[i] for i in order])


def _note(results: Results, means: pd.DataFrame, known: str, lang: Lang) -> str:
    if means["low"].isna().all():
        return word("no_intervals", lang)
    return word(known, lang, level=f"{results.meta['level']:.0%}")
