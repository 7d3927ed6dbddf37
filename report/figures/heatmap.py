"""Cities by indicators: every score of level 2 in one picture, or those of one province."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure

from report.figures.certainty import named_rows
from report.figures.lettering import EM_CM, ems, in_lines
from report.figures.parts import complete, figure, grade_order
from report.labels import indicator_labels, word
from report.language import Lang
from report.names import unit_names
from report.results import Results
from report.style import INK, QUIET, SMALL_PT, grade_colors, ink_on, new_figure

LEVEL = 2
SCALE = (0.0, 10.0)
HIGH_CM = 15.0
"""Height of the drawing of all cities."""
ROW_CM = 0.52
ACROSS_CM = 11.6
"""About what the columns share; from it follows how many letters a line of a heading holds."""
FEWEST_LETTERS = 3
"""Where a line would hold fewer, headings slant."""
MOST_NAMED = 26
"""Cities of which each has a row with its name and the figures in the cells."""
SHADES = LinearSegmentedColormap.from_list(
    "scores", ["#f3efc8", "#a9d8b8", "#45a8bd", "#22639f", "#0b2552"]
)
"""From low to high, in falling lightness; what is missing stays white."""


@figure("scores", "indicators", "grades", "composition", "units")
def city_heatmap(
    results: Results, lang: Lang, units: Sequence[str] | None = None, audience: str = "all"
) -> Figure | None:
    """Draw the scores of level 2 of every city, the first of the ranking on top.

    Parameters
    ----------
    results
        With ``scores``, ``indicators``, ``grades`` (ranks) and ``composition``.
    lang
        Language of the words.
    units
        Only these, such as the cities of a province; up to `MOST_NAMED` are named, with figures.
    audience
        Whose scores.

    Returns
    -------
    The figure, or None where no city has both a rank and such scores.
    """
    order = complete(results["grades"], ["rank", "grade"]).sort_values(["rank", "unit"])
    if units is not None:
        order = order[order["unit"].isin(list(units))]
    wide = score_grid(results, order["unit"].tolist(), audience)
    if wide.empty:
        return None
    order = order.set_index("unit").loc[wide.index].reset_index()
    named = len(wide) <= MOST_NAMED
    height = ROW_CM * len(wide) if named else HIGH_CM
    fig = new_figure(results, lang, height + 3.6, word("heatmap_note", lang))
    ax = fig.subplots()
    image = ax.imshow(
        np.ma.masked_invalid(wide.to_numpy()), cmap=SHADES, norm=Normalize(*SCALE), aspect="auto",
        interpolation="nearest", gid="scores",
        extent=(-0.5, len(wide.columns) - 0.5, len(wide) - 0.5, -0.5),
    )  # fmt: skip
    names = unit_names(results.told_in(lang))
    if named:
        rows = list(range(len(wide)))
        _figures(ax, wide)
    else:
        rows = named_rows(order)
    labels = [
        f"{names[u]}  {g}" if named else names[u]
        for u, g in order.loc[rows, ["unit", "grade"]].itertuples(index=False)
    ]
    ax.set_yticks(rows, labels)
    _heads(ax, results, wide.columns.tolist(), lang)
    _grades(ax, order, grade_order(results), bands=not named)
    _bar(fig, ax, image, lang)
    return fig


def score_grid(results: Results, units: Sequence[str], audience: str) -> pd.DataFrame:
    """Return the scores of level 2: index units in their order, columns in that of the tree."""
    tree = results["indicators"].sort_values("order")
    columns = tree.loc[tree["level"] == LEVEL, "indicator"].tolist()
    scores = results["scores"]
    own = scores[(scores["audience"] == audience) & scores["indicator"].isin(columns)]
    wide = own.pivot(index="unit", columns="indicator", values="score")
    wide = wide.reindex(columns=[c for c in columns if c in wide.columns])
    return wide.reindex([unit for unit in units if unit in wide.index])


def _heads(ax: Axes, results: Results, columns: list[str], lang: Lang) -> None:
    """Name the columns above, and their parents above them, with a line between families."""
    labels = indicator_labels(results, lang)
    parent = results["indicators"].set_index("indicator")["parent"]
    ax.xaxis.tick_top()
    most = _room(1, len(columns))
    upright = lang == "zh" and most >= FEWEST_LETTERS
    texts = [_even_lines(labels[c], most) if upright else labels[c] for c in columns]
    ax.set_xticks(range(len(columns)), texts, fontsize=SMALL_PT)
    if not upright:
        for tick in ax.get_xticklabels():
            tick.set(rotation=38, ha="left", rotation_mode="anchor")
    ax.tick_params(length=0, pad=3)
    for spine in ax.spines.values():
        spine.set_visible(False)
    families = [parent[c] for c in columns]
    for at in range(1, len(columns)):
        if families[at] != families[at - 1]:
            ax.axvline(at - 0.5, color="white", linewidth=3.5)
    for family in dict.fromkeys(families):
        own = [at for at, each in enumerate(families) if each == family]
        name = in_lines(labels[family], _room(len(own), len(columns)))
        ax.annotate(
            name, ((own[0] + own[-1]) / 2, 0), (0, -5),
            xycoords=("data", "axes fraction"), textcoords="offset points", va="top", ha="center",
            color=QUIET, annotation_clip=False, gid="family",
        )  # fmt: skip


def _even_lines(name: str, most: int) -> str:
    """Break a name into as few lines as it needs, about equally long."""
    lines = -(-ems(name) // most)
    return in_lines(name, -(-ems(name) // lines))


def _room(columns: int, of: int) -> int:
    """Return how many letters a line over so many columns holds."""
    return int(ACROSS_CM * columns / of / EM_CM)


def _figures(ax: Axes, wide: pd.DataFrame) -> None:
    norm = Normalize(*SCALE)
    for row, values in enumerate(wide.to_numpy()):
        for column, value in enumerate(values):
            known = not np.isnan(value)
            ax.text(
                column, row, f"{value:.1f}" if known else "—", ha="center", va="center",
                color=ink_on(to_hex(SHADES(norm(value)))) if known else QUIET, gid="figure",
                fontsize=SMALL_PT,
            )  # fmt: skip


def _grades(ax: Axes, order: pd.DataFrame, grades: list[str], *, bands: bool) -> None:
    """Draw a strip of grades at the right, and a white line where one ends."""
    if not bands:
        return
    colors = grade_colors(grades)
    side = ax.inset_axes((1.012, 0, 0.05, 1), sharey=ax)
    for grade in [g for g in grades if (order["grade"] == g).any()]:
        rows = order.index[order["grade"] == grade]
        top, bottom = rows.min() - 0.5, rows.max() + 0.5
        side.axhspan(top, bottom, facecolor=colors[grade], edgecolor=QUIET, linewidth=0.3)
        side.text(
            0.5, (top + bottom) / 2, grade, ha="center", va="center", fontsize=SMALL_PT,
            color=ink_on(colors[grade]), gid="grade",
        )  # fmt: skip
        if top > 0:
            ax.axhline(top, color="white", linewidth=1.2)
    side.set_axis_off()


def _bar(fig: Figure, ax: Axes, image: ScalarMappable, lang: Lang) -> None:
    bar = fig.colorbar(image, ax=ax, location="bottom", shrink=0.55, aspect=38, pad=0.03)
    bar.set_label(word("score", lang), color=INK)
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    bar.ax.tick_params(length=2, labelsize=SMALL_PT)
