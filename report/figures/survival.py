"""How long callers wait: the share still waiting, with the number at risk below."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.lettering import spaced
from report.figures.parts import figure
from report.labels import factor_label, side_by_side, value_label, word
from report.language import Lang
from report.results import Results
from report.style import INK, QUIET, RULE, SMALL_PT, new_figure

MOST_LINES = 6
SHOWN_AT_RISK = 0.05
"""The curves are drawn while more than this share of the smallest group still waits to be seen."""
HIGH_CM = 8.2
ROW_CM = 0.47
LINES = (
    ("#0072b2", "-"), ("#d55e00", (0, (5, 1.5))), ("#222222", (0, (1.2, 1.2))),
    ("#009e73", (0, (7, 1.5, 1.2, 1.5))), ("#7a3e9d", (0, (3, 1))), ("#8f1d4f", "-"),
)  # fmt: skip
"""Colour and dash of each line: after Okabe and Ito (2008), and told apart in grey by the dash."""


@figure("waiting_curves")
def waiting_survival(results: Results, lang: Lang, factor: str = "slot") -> Figure | None:
    """Draw the share of callers still waiting after so many seconds, by the values of a factor.

    Parameters
    ----------
    results
        With ``waiting_curves``: Kaplan and Meier's estimate (1958, JASA 53:457-481) and its bands.
    lang
        Language of the words.
    factor
        ``slot``, ``audience``, ``scenario`` or ``all``, as far as the table holds it.

    Returns
    -------
    The figure, or None where the table does not hold the factor. The `MOST_LINES` values with most
    calls are drawn, and a note names the others.
    """
    curves = results["waiting_curves"].query("factor == @factor")
    if curves.empty:
        return None
    values, left_out = shown_values(curves)
    names = {v: value_label(results, factor, v, lang) for v in [*values, *left_out]}
    end = last_time(curves, values)
    note = word("survival_note", lang, level=f"{results.meta['level']:.0%}")
    if left_out:
        note += word("survival_left", lang, names=side_by_side((names[v] for v in left_out), lang))
    fig = new_figure(results, lang, HIGH_CM + ROW_CM * len(values) + 1.6, note)
    ax, below = fig.subplots(2, 1, sharex=True, height_ratios=(HIGH_CM, ROW_CM * len(values) + 0.2))
    ends = []
    for at, value in enumerate(values):
        own = curves[(curves["value"] == value) & (curves["time"] <= end)]
        color, dash = LINES[at]
        ax.fill_between(
            own["time"], 100 * own["low"], 100 * own["high"], step="post", color=color,
            alpha=0.13, linewidth=0, gid=f"band-{value}",
        )  # fmt: skip
        ax.step(
            own["time"], 100 * own["survival"], where="post", color=color, linestyle=dash,
            linewidth=1.6, gid=f"curve-{value}",
        )  # fmt: skip
        ends.append(100 * own["survival"].iloc[-1])
    ax.axhline(50, color=QUIET, linewidth=0.7, linestyle=(0, (2, 2)))
    least = 100 * SMALL_PT * 1.45 * 2.54 / 72 / HIGH_CM
    for at, (value, y) in enumerate(zip(values, spaced(ends, least), strict=True)):
        color = LINES[at][0]
        ax.plot([end, 1.025 * end], [ends[at], y], color=color, linewidth=0.6, clip_on=False)
        ax.annotate(
            names[value], (1.03 * end, y), va="center", annotation_clip=False, color=color,
            fontsize=SMALL_PT, gid="name",
        )  # fmt: skip
    ax.set(ylim=(0, 100), xlim=(0, end), ylabel=word("still_waiting", lang))
    ax.grid(axis="y", color=RULE)
    _at_risk(below, curves, values, names, lang)
    if factor != "all":
        ax.set_title(factor_label(factor, lang), color=QUIET)
    return fig


def shown_values(curves: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the values with most calls, in their order, and those that are left out."""
    sizes = curves.groupby("value", sort=False)["at_risk"].max()
    kept = set(sizes.sort_values(ascending=False, kind="stable").index[:MOST_LINES])
    return [v for v in sizes.index if v in kept], [v for v in sizes.index if v not in kept]


def last_time(curves: pd.DataFrame, values: list[str]) -> float:
    """Return the time, in half minutes, up to which every curve has calls enough behind it."""
    ends = []
    for value in values:
        own = curves[curves["value"] == value]
        enough = own["at_risk"] >= SHOWN_AT_RISK * own["at_risk"].max()
        ends.append(own.loc[enough, "time"].max())
    return float(max(30 * np.floor(min(ends) / 30), min(30, curves["time"].max())))


def at_risk(curves: pd.DataFrame, value: str, times: np.ndarray) -> list[int]:
    """Return how many calls of a value still waited at each time."""
    own = curves[curves["value"] == value]
    place = np.searchsorted(own["time"].to_numpy(), times, side="left")
    counts = np.append(own["at_risk"].to_numpy(), 0)
    return [int(n) for n in counts[place]]


def _at_risk(
    ax: Axes, curves: pd.DataFrame, values: list[str], names: dict[str, str], lang: Lang
) -> None:
    end = ax.get_xlim()[1]
    step = 30 if end <= 240 else 60
    times = np.arange(0, end + 1, step)
    for at, value in enumerate(values):
        for time, n in zip(times, at_risk(curves, value, times), strict=True):
            ax.text(time, at, str(n), ha="center", va="center", fontsize=SMALL_PT, gid="at-risk")
    ax.set_yticks(range(len(values)), [names[v] for v in values], fontsize=SMALL_PT)
    for tick, (color, _) in zip(ax.get_yticklabels(), LINES, strict=False):
        tick.set_color(color)
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.set_xticks(times)
    ax.set_xlabel(word("seconds_waited", lang))
    ax.set_title(word("at_risk", lang), color=INK, fontsize=SMALL_PT)
    ax.tick_params(axis="y", length=0, pad=16)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
