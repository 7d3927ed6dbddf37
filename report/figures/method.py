"""What the choices of the method do to the ranks."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from report.figures.forest import COLOR, figures_beside
from report.figures.lettering import label_points
from report.figures.parts import complete, figure, grade_order, name_rows
from report.labels import word
from report.language import Lang
from report.names import unit_names
from report.results import Results
from report.style import (
    AUDIENCE_COLORS,
    INK,
    QUIET,
    RULE,
    SMALL_PT,
    add_key,
    grade_colors,
    ink_on,
    new_figure,
)

NAMED = 5
"""Cities named: those with the widest range."""
MOST_FACTORS = 20


@figure("method_ranks", "grades", "composition")
def rank_stability(results: Results, lang: Lang) -> Figure | None:
    """Draw how many places each city may gain or lose if the method were another, by rank.

    Needs ``method_ranks``, ``grades`` and ``composition``. The widest ranges are named.
    """
    table = shifts(results)
    if table.empty:
        return None
    grades = grade_order(results)
    colors = grade_colors(grades)
    note = word("stability_note", lang, level=f"{results.meta['level']:.0%}")
    fig = new_figure(results, lang, 9.5, note)
    ax = fig.subplots()
    at = table["place"].to_numpy()
    ax.axhline(0, color=QUIET, linewidth=0.9)
    ax.vlines(at, table["down"], table["up"], color=COLOR, linewidth=1.0, gid="ranges")
    ax.plot(
        at, table["median_shift"], linestyle="", marker="o", markersize=2.2, color=INK,
        markeredgewidth=0, gid="medians",
    )  # fmt: skip
    top, bottom = max(table["up"].max(), 1) * 1.5, min(table["down"].min(), -1) * 1.2
    ax.set(xlim=(0, len(table) + 1), ylim=(bottom - 0.06 * (top - bottom), top))
    for grade in [g for g in grades if (table["grade"] == g).any()]:
        own = table.loc[table["grade"] == grade, "place"]
        left, right = own.min() - 0.5, own.max() + 0.5
        ax.axvspan(left, right, 0, 0.055, facecolor=colors[grade], edgecolor=QUIET, linewidth=0.3)
        if right - left > 0.03 * len(table):
            ax.text(
                (left + right) / 2, 0.0275, grade, transform=ax.get_xaxis_transform(), ha="center",
                va="center", fontsize=SMALL_PT, color=ink_on(colors[grade]), gid="grade",
            )  # fmt: skip
        if left > 1:
            ax.axvline(left, color=RULE, linewidth=0.6, zorder=0)
    widest = table.assign(width=table["up"] - table["down"]).nlargest(NAMED, "width")
    names = unit_names(results.told_in(lang))
    ends = np.where(widest["up"] >= -widest["down"], widest["up"], widest["down"])
    label_points(ax, widest["place"].tolist(), ends.tolist(), [names[u] for u in widest["unit"]])
    ax.set(xlabel=word("rank", lang), ylabel=word("places_moved", lang))
    ticks = _even(bottom, top)
    ax.set_yticks(ticks, [f"{t:+d}".replace("-", "−") if t else "0" for t in ticks])
    ax.grid(axis="y", color=RULE)
    return fig


def shifts(results: Results) -> pd.DataFrame:
    """Return the places that each ranked city may gain (up) or lose (down), in order of rank.

    Returns
    -------
    Columns unit, grade, place (1, 2, … in the order of rank), up, down, median_shift.
    """
    table = complete(results["method_ranks"], ["rank", "low", "high", "median"])
    graded = complete(results["grades"], ["grade"])[["unit", "grade"]]
    table = table.merge(graded, on="unit").sort_values(["rank", "unit"], ignore_index=True)
    rank = table["rank"].astype(float)
    return pd.DataFrame(
        {
            "unit": table["unit"],
            "grade": table["grade"],
            "place": np.arange(1, len(table) + 1),
            "up": rank - table["low"].astype(float),
            "down": rank - table["high"].astype(float),
            "median_shift": rank - table["median"].astype(float),
        }
    )


def _even(bottom: float, top: float) -> list[int]:
    """Return round ticks from one end to the other, 0 among them."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200) if (top - bottom) / s <= 7 or s == 200)
    return [step * at for at in range(-int(-bottom // step), int(top // step) + 1)]


@figure("sensitivity")
def method_sensitivity(results: Results, lang: Lang) -> Figure | None:
    """Draw how much of the movement of ranks each choice of method explains, with intervals.

    Needs ``sensitivity``; the `MOST_FACTORS` factors of the largest total order are drawn.

    Notes
    -----
    First and total order indices of Sobol' (Saltelli et al. 2010, Computer Physics Communications
    181:259-270).
    """
    table = results["sensitivity"].sort_values("total", ascending=False, kind="stable")
    table = table.head(MOST_FACTORS).reset_index(drop=True)
    names = factor_names(results, lang)
    note = word("sensitivity_note", lang, level=f"{results.meta['level']:.0%}")
    fig = new_figure(results, lang, 0.85 * len(table) + 2.0, note, key=True)
    ax = fig.subplots()
    looks = {
        "first": (-0.16, AUDIENCE_COLORS["citizen"], "s", "first_order"),
        "total": (0.16, AUDIENCE_COLORS["enterprise"], "o", "total_order"),
    }
    rows, handles = np.arange(len(table), dtype=float), []
    for kind, (offset, color, shape, _) in looks.items():
        part = complete(table, [kind, f"{kind}_low", f"{kind}_high"])
        at = rows[part.index] + offset
        ax.hlines(at, 100 * part[f"{kind}_low"], 100 * part[f"{kind}_high"], color=color)
        mark = {"linestyle": "", "marker": shape, "markersize": 6.5, "color": color,
                "markerfacecolor": "white" if kind == "first" else color}  # fmt: skip
        ax.plot(100 * part[kind], at, gid=f"dots-{kind}", **mark)
        handles.append(Line2D([], [], **mark))
    texts = [
        f"{100 * first:.0f} / {100 * total:.0f}"
        for first, total in zip(table["first"], table["total"], strict=True)
    ]
    figures_beside(ax, texts, rows.tolist())
    name_rows(ax, [names.get(str(f), str(f)) for f in table["factor"]])
    ax.set_xlim(left=min(0, 100 * table[["first_low", "total_low"]].min().min()))
    ax.set_xlabel(word("sobol_axis", lang))
    add_key(fig, handles, [word(k, lang) for *_, k in looks.values()], handletextpad=0.2)
    return fig


def factor_names(results: Results, lang: Lang) -> dict[str, str]:
    """Return the names of the choices of the method, from ``method_factors`` where it is there."""
    names = {"weights": word("all_weights", lang)}
    if "method_factors" in results:
        table = results["method_factors"].drop_duplicates("factor")
        names |= dict(zip(table["factor"], table[lang], strict=True))
    return {key: name[:1].upper() + name[1:] for key, name in names.items()}
