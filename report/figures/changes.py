"""What changed since the edition before."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.forest import figures_beside, forest, look_key, marker, with_interval
from report.figures.lettering import name_tree
from report.figures.parts import figure, name_rows
from report.labels import indicator_labels, word
from report.language import Lang
from report.names import unit_names
from report.results import Results
from report.style import AUDIENCE_COLORS, QUIET, RULE, new_figure

ROW_CM = 0.58
MOST_ROWS = 26
MOST_EACH_WAY = 10
WAYS = {"up": ("^", AUDIENCE_COLORS["citizen"]), "down": ("v", AUDIENCE_COLORS["enterprise"])}


@figure("national_changes", "indicators")
def national_changes(results: Results, lang: Lang, audience: str = "all") -> Figure | None:
    """Draw the change of each national mean since the edition before, with its interval.

    Needs ``national_changes`` and ``indicators``; None where the audience has none. A redefined
    indicator is marked with an asterisk.
    """
    table = change_rows(results, audience)
    if table.empty:
        return None
    names = indicator_labels(results, lang) | {"total": word("total", lang)}
    redefined = table["basis"].eq("redefined")
    note = word("changes_note", lang, level=f"{results.meta['level']:.0%}")
    note += word("redefined_note", lang) * bool(redefined.any())
    fig = new_figure(results, lang, ROW_CM * len(table) + 2.1, note, key=True)
    ax = fig.subplots()
    rows = list(range(len(table)))
    looks = table["verdict"].isin(["rise", "fall"]).map({True: "clear", False: "none"})
    ax.axvline(0, color=QUIET, linewidth=0.9)
    forest(ax, table[["change", "low", "high"]], looks.tolist(), rows)
    labels = [
        names[i] + "*" * bool(new) for i, new in zip(table["indicator"], redefined, strict=True)
    ]
    name_tree(ax, labels, table["level"].astype(int).tolist())
    shown: list[dict[str, Any]] = table.rename(columns={"change": "value"}).to_dict("records")  # pyright: ignore[reportAssignmentType]
    figures_beside(ax, [with_interval(row, signed=True) for row in shown], rows)
    ax.set_xlabel(word("change_axis", lang))
    words = {"clear": "look_changed", "none": "look_unchanged"}
    look_key(fig, {k: v for k, v in words.items() if (looks == k).any()}, lang)  # pyright: ignore[reportArgumentType]
    return fig


def change_rows(results: Results, audience: str) -> pd.DataFrame:
    """Return the national changes in the order of the hierarchy, as deep as fits a page."""
    tree = results["indicators"][["indicator", "level", "order"]]
    table = results["national_changes"].query("audience == @audience").merge(
        tree, on="indicator", how="left"
    )  # fmt: skip
    total = table["indicator"] == "total"
    table["level"] = table["level"].where(~total, 0)
    table["order"] = table["order"].where(~total, -1)
    table = table.dropna(subset=["order"]).sort_values("order", ignore_index=True)
    for deepest in sorted(table["level"].unique(), reverse=True):
        shown = table[table["level"] <= deepest]
        if len(shown) <= MOST_ROWS or deepest <= 1:
            return shown.reset_index(drop=True)
    return table


@figure("rank_changes", "units")
def rank_changes(results: Results, lang: Lang) -> Figure | None:
    """Draw every city's rank before and now, and the cities that clearly moved most each way.

    Needs ``rank_changes`` and ``units``. Where no city clearly moved, a note says so.
    """
    table = results["rank_changes"]
    moved = movers(table)
    note = word("movers_note", lang, level=f"{results.meta['level']:.0%}", n=MOST_EACH_WAY)
    if moved.empty:
        note = word("no_movers", lang)
    fig = new_figure(results, lang, max(0.5 * len(moved) + 2.0, 8.6), note)
    if moved.empty:
        _scatter(fig.subplots(), table, lang)
        return fig
    left, right = fig.subplots(1, 2, width_ratios=(1, 1.05))
    _scatter(left, table, lang)
    rows = np.arange(len(moved), dtype=float)
    right.axvline(0, color=QUIET, linewidth=0.9)
    known = moved["low"].notna() & moved["high"].notna()
    for way, (shape, color) in WAYS.items():
        own = (moved["verdict"] == way).to_numpy()
        part = own & known.to_numpy()
        right.hlines(
            rows[part], moved["low"].astype(float)[part], moved["high"].astype(float)[part],
            color=color, linewidth=1.5,
        )  # fmt: skip
        look = marker("clear", color) | {"marker": shape}
        right.plot(moved["moved"].astype(float)[own], rows[own], gid=f"moved-{way}", **look)
    names = unit_names(results.told_in(lang))
    name_rows(right, [names[u] for u in moved["unit"]])
    texts = [f"{a} → {b}" for a, b in zip(moved["rank_before"], moved["rank_after"], strict=True)]
    figures_beside(right, texts, rows.tolist(), word("before_after", lang))
    right.set_xlabel(word("places_moved", lang))
    return fig


def movers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cities that clearly moved, at most `MOST_EACH_WAY` each way, risers first."""
    up = table[table["verdict"] == "up"].sort_values(["moved", "unit"], ascending=[False, True])
    down = table[table["verdict"] == "down"].sort_values(["moved", "unit"])
    kept = [up.head(MOST_EACH_WAY), down.head(MOST_EACH_WAY).iloc[::-1]]
    return pd.concat(kept, ignore_index=True)


def _scatter(ax: Axes, table: pd.DataFrame, lang: Lang) -> None:
    last = int(table[["rank_before", "rank_after"]].max().max())
    ax.plot([1, last], [1, last], color=QUIET, linewidth=0.8, linestyle=(0, (3, 2)))
    looks = {"unclear": ("o", "#9aa0a6", 2.8)} | {k: (*look, 4.6) for k, look in WAYS.items()}
    for verdict, (shape, color, size) in looks.items():
        part = table[table["verdict"] == verdict]
        ax.plot(
            part["rank_before"].astype(float), part["rank_after"].astype(float), linestyle="",
            marker=shape, markersize=size, color=color, markeredgewidth=0, gid=f"ranks-{verdict}",
        )  # fmt: skip
    ticks = [1, *range(100, last + 1, 100)]
    ax.set(
        xlim=(-last * 0.02, last * 1.02), ylim=(last * 1.02, -last * 0.02), xticks=ticks,
        yticks=ticks, xlabel=word("rank_before", lang), ylabel=word("rank_after", lang),
    )  # fmt: skip
    ax.grid(color=RULE)
    ax.set_box_aspect(1)
    ax.set_anchor("N")
