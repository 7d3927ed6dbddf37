"""What the texts are about: shares of topics by group."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures.parts import figure, name_rows
from report.labels import value_label, word
from report.language import Lang
from report.results import Results
from report.style import RULE, add_key, new_figure

LOOKS = (
    ("o", "#0072b2"), ("s", "#d55e00"), ("^", "#009e73"), ("D", "#7a3e9d"), ("v", "#222222"),
)  # fmt: skip
"""Marker and colour of each group."""
MOST_TOPICS = 22
EVERY = ""
"""What ``by`` and ``group`` are where all texts are taken together."""
UNPLACED = "none"
"""The topic of texts that match none."""


@figure("topics")
def topics(
    results: Results, lang: Lang, by: str | None = None, table: str | None = None
) -> Figure | None:
    """Draw the share of texts that touch each topic, by group.

    Parameters
    ----------
    results
        With ``topics``.
    lang
        Language of the words.
    by
        A grouping of that table, such as ``kind``; by default its first, or all texts together.
    table
        Of which records the texts are, such as ``cases``; by default the first.

    Returns
    -------
    The figure, or None where no text touches any topic, or there are no such groups or more than
    can be told apart.
    """
    found = topic_rows(results["topics"], by, table)
    groups = found["group"].drop_duplicates().tolist()
    if found.empty or len(groups) > len(LOOKS):
        return None
    order = found.drop_duplicates("topic")["topic"].tolist()
    names = found.drop_duplicates("topic").set_index("topic")[lang]
    factor = str(found["by"].iloc[0])
    note = word("topics_note", lang)
    fig = new_figure(results, lang, 0.68 * len(order) + 2.0, note, key=len(groups) > 1)
    ax = fig.subplots()
    wide = found.pivot(index="topic", columns="group", values="share").reindex(order)
    rows = np.arange(len(order))
    ax.hlines(rows, 0, 100 * wide.max(axis=1), color=RULE, linewidth=4)
    handles = []
    for (shape, color), group in zip(LOOKS, groups, strict=False):
        mark = {"linestyle": "", "marker": shape, "color": color, "markersize": 7,
                "markeredgecolor": "white", "markeredgewidth": 0.6}  # fmt: skip
        ax.plot(100 * wide[group], rows, gid=f"share-{group}", **mark)
        handles.append(Line2D([], [], **mark))
    name_rows(ax, [names[t] for t in order])
    ax.set_xlim(0, max(100 * found["share"].max() * 1.08, 1))
    ax.set_xlabel(word("texts_share", lang))
    if len(groups) > 1:
        add_key(fig, handles, [value_label(results, factor, g, lang) for g in groups],
                handletextpad=0.2)  # fmt: skip
    return fig


def topic_rows(found: pd.DataFrame, by: str | None, table: str | None) -> pd.DataFrame:
    """Return the topics that some text of a grouping touches, the commonest first.

    Texts that touch no topic come last.
    """
    own = found[found["table"] == (table or found["table"].iloc[0])]
    kinds = own["by"].drop_duplicates().tolist()
    by = by if by is not None else next((k for k in kinds if k != EVERY), EVERY)
    own = own[own["by"] == by]
    overall = own.groupby("topic")["documents"].sum()
    overall = overall[overall > 0].sort_values(ascending=False, kind="stable")
    kept = [t for t in overall.index if t != UNPLACED][:MOST_TOPICS]
    kept += [UNPLACED] * (UNPLACED in overall.index)
    place = own["topic"].map({t: at for at, t in enumerate(kept)})
    own = own.assign(place=place).dropna(subset=["place"])
    return own.sort_values(["place", "group"], ignore_index=True).drop(columns="place")
