"""Answering and waiting by time slot."""

from matplotlib.figure import Figure

from report.figures.parts import (
    audience_key,
    dots,
    figure,
    name_rows,
    present_audiences,
    spread,
)
from report.labels import word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, AUDIENCE_MARKERS, new_figure

GAP = 0.36
"""Distance between the rows of two audiences, in rows of the drawing."""


@figure("slots")
def time_slots(results: Results, lang: Lang) -> Figure | None:
    """Draw the share of calls answered and the waiting time by time slot and audience.

    Needs ``slots``; the slots keep the order and the labels of that table.
    """
    table = results["slots"]
    audiences = present_audiences(table)
    table = table.reset_index(drop=True)
    labels = table.drop_duplicates("slot")["label"].tolist()
    note = word("slots_note", lang, level=f"{results.meta['level']:.0%}")
    fig = new_figure(results, lang, 1.05 * len(labels) + 2.1, note, key=True)
    left, right = fig.subplots(1, 2, sharey=True)
    rows = spread(table, "slot", GAP)
    for audience in audiences:
        part = table[table["audience"] == audience]
        at = rows[part.index].to_numpy()
        dots(left, 100 * part[["rate", "rate_low", "rate_high"]], at, audience)
        color = AUDIENCE_COLORS[audience]
        right.hlines(at, part["wait_median"], part["wait_p90"], color=color, linewidth=1.0)
        for column, face in (("wait_p90", "white"), ("wait_median", color)):
            right.plot(
                part[column], at, linestyle="", marker=AUDIENCE_MARKERS[audience], markersize=5.5,
                markerfacecolor=face, markeredgecolor=color, gid=f"{column}-{audience}",
            )  # fmt: skip
    for ax, axis in ((left, "answered_rate"), (right, "waiting")):
        name_rows(ax, labels)
        ax.set_xlabel(word(axis, lang))
    right.set_xlim(left=0)
    audience_key(fig, audiences, lang)
    return fig
