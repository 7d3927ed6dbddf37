"""What moves the outcome most, and how well it is done."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drivers.priorities import QUADRANTS, Quadrant
from report.figures.forest import COLOR, figures_beside, forest, look_key, with_interval
from report.figures.lettering import label_points
from report.figures.parts import complete, figure, name_rows
from report.labels import indicator_labels, word
from report.language import Lang
from report.results import Results
from report.style import QUIET, RULE, SMALL_PT, new_figure

SIDES: dict[Quadrant, tuple[int, int]] = {
    "concentrate": (0, 1), "keep_up": (1, 1), "low_priority": (0, 0), "overkill": (1, 0),
}  # fmt: skip
"""Left or right, below or above, of each quadrant."""


@figure("drivers", "driver_model", "indicators")
def driver_importance(results: Results, lang: Lang) -> Figure | None:
    """Draw each driver's share of what the model explains of the outcome, with its interval.

    Needs ``drivers``, ``driver_model`` and ``indicators``. A full dot stands for a coefficient
    whose sign is sure, a cross for one whose sign is not.
    """
    table = results["drivers"].sort_values("rank", ignore_index=True)
    model = results["driver_model"].iloc[0]
    labels = indicator_labels(results, lang)
    note = word(
        "drivers_note", lang, outcome=labels.get(str(model["outcome"]), str(model["outcome"])),
        r2=f"{model['r2']:.1%}", level=f"{results.meta['level']:.0%}",
    )  # fmt: skip
    fig = new_figure(results, lang, 0.68 * len(table) + 1.9, note, key=True)
    ax = fig.subplots()
    share = 100 * table[["share", "share_low", "share_high"]]
    share.columns = ["value", "low", "high"]
    looks = table["direction"].ne("unclear").map({True: "clear", False: "none"})
    rows = list(range(len(table)))
    ax.hlines(rows, 0, share["value"], color=RULE, linewidth=5, zorder=0.8)
    forest(ax, share, looks.tolist(), rows)
    texts = [with_interval(row, 1) for row in share.to_dict("records")]  # pyright: ignore[reportArgumentType]
    figures_beside(ax, texts, rows)
    name_rows(ax, [labels.get(str(i), str(i)) for i in table["indicator"]])
    ax.set_xlim(left=0)
    ax.set_xlabel(word("driver_share", lang))
    words = {"clear": "look_sign_sure", "none": "look_sign_unsure"}
    look_key(fig, {k: v for k, v in words.items() if (looks == k).any()}, lang)  # pyright: ignore[reportArgumentType]
    return fig


@figure("drivers", "means", "indicators")
def importance_performance(results: Results, lang: Lang) -> Figure | None:
    """Draw the importance of each driver against its national mean, in four quadrants.

    Needs ``drivers``, ``means`` and ``indicators``; None where no driver has a mean.

    Notes
    -----
    Martilla and James (1977), Journal of Marketing 41(1):77-79. The lines are the mean score and
    the mean share of the drivers, as in `analysis.drivers.priorities`.
    """
    table = placed_drivers(results)
    if table.empty:
        return None
    labels = indicator_labels(results, lang)
    note = word("priorities_note", lang, level=f"{results.meta['level']:.0%}")
    fig = new_figure(results, lang, 10.2, note)
    ax = fig.subplots()
    middle = (table["mean"].mean(), 100 / len(results["drivers"]))
    x, y = table["mean"].to_numpy(), 100 * table["share"].to_numpy()
    low, high = 100 * table["share_low"].to_numpy(), 100 * table["share_high"].to_numpy()
    _room(ax, x, np.concatenate([low, high, y]), middle)
    ax.axvline(middle[0], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), gid="mean-score")
    ax.axhline(middle[1], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), gid="mean-share")
    known = complete(table, ["low", "high"])
    ax.hlines(100 * known["share"], known["low"], known["high"], color=COLOR, linewidth=1.2)
    ax.vlines(x, low, high, color=COLOR, linewidth=1.2, gid="share-intervals")
    ax.plot(
        x, y, linestyle="", marker="o", markersize=6.5, color=COLOR, markeredgecolor="white",
        markeredgewidth=0.6, gid="drivers",
    )  # fmt: skip
    for quadrant, (right, above) in SIDES.items():
        ax.annotate(
            QUADRANTS[quadrant].zh if lang == "zh" else QUADRANTS[quadrant].en.capitalize(),
            (right, above), (-5 if right else 5, -5 if above else 5), xycoords="axes fraction",
            textcoords="offset points", ha="right" if right else "left",
            va="top" if above else "bottom", color=QUIET, gid="quadrant",
        )  # fmt: skip
    names = [labels.get(str(i), str(i)) for i in table["indicator"]]
    label_points(ax, x.tolist(), y.tolist(), names, gap=8, busy=_bars(table))
    ax.set(xlabel=word("mean", lang), ylabel=word("driver_share", lang))
    return fig


def placed_drivers(results: Results) -> pd.DataFrame:
    """Return the drivers with their national mean, of the audience of the model.

    Returns
    -------
    Columns indicator, share, share_low, share_high, mean, low, high.
    """
    drivers = results["drivers"]
    means = results["means"][["audience", "indicator", "mean", "low", "high"]]
    return drivers[["audience", "indicator", "share", "share_low", "share_high"]].merge(
        means, on=["audience", "indicator"]
    )


def _bars(table: pd.DataFrame, steps: int = 12) -> np.ndarray:
    """Return places along the bars of both intervals."""
    along = np.linspace(0, 1, steps)
    rows = []
    for row in table.fillna({"low": table["mean"], "high": table["mean"]}).itertuples():
        share = 100 * (row.share_low + along * (row.share_high - row.share_low))  # pyright: ignore[reportOperatorIssue]
        rows.append(np.column_stack([np.full(steps, row.mean), share]))
        score = row.low + along * (row.high - row.low)  # pyright: ignore[reportOperatorIssue]
        rows.append(np.column_stack([score, np.full(steps, 100 * row.share)]))  # pyright: ignore[reportOperatorIssue]
    return np.concatenate(rows)


def _room(ax: Axes, x: np.ndarray, y: np.ndarray, middle: tuple[float, float]) -> None:
    """Set limits that leave both sides of the lines room for points, names and quadrants."""
    across = max(x.max() - middle[0], middle[0] - x.min(), 0.5) * 1.25
    ax.set_xlim(max(0, middle[0] - across), min(10, middle[0] + across))
    low, high = y.min(), y.max()
    pad = 0.16 * (high - low)
    ax.set_ylim(max(0, low - pad), high + pad)
    ax.tick_params(labelsize=SMALL_PT)
