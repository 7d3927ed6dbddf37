"""The provinces as a grid of tiles, each about where it lies; no boundary is drawn."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from report.figures.parts import figure, grade_order, points_note
from report.labels import counted, group_label, side_by_side, word
from report.language import Lang
from report.results import Results
from report.style import ABSENT, QUIET, SMALL_PT, grade_colors, ink_on, new_figure

TILES: dict[str, tuple[int, int]] = {
    "黑龙江": (0, 6),
    "内蒙古": (1, 4), "吉林": (1, 6),
    "新疆": (2, 0), "甘肃": (2, 1), "宁夏": (2, 2), "山西": (2, 3), "北京": (2, 4),
    "天津": (2, 5), "辽宁": (2, 6),
    "西藏": (3, 0), "青海": (3, 1), "陕西": (3, 2), "河南": (3, 3), "河北": (3, 4),
    "山东": (3, 5),
    "四川": (4, 1), "重庆": (4, 2), "湖北": (4, 3), "安徽": (4, 4), "江苏": (4, 5),
    "上海": (4, 6),
    "云南": (5, 1), "贵州": (5, 2), "湖南": (5, 3), "江西": (5, 4), "浙江": (5, 5),
    "广西": (6, 2), "广东": (6, 3), "福建": (6, 4), "台湾": (6, 5),
    "海南": (7, 2), "澳门": (7, 3), "香港": (7, 4),
}  # fmt: skip
"""Row and column of each provincial unit."""
WIDEST = 12
"""Letters of a name in one line of a tile."""


@figure("composition", "grades", "units")
def province_tiles(results: Results, lang: Lang) -> Figure | None:
    """Draw the mean grade of each province. Needs ``composition``, ``grades``, ``units``.

    A province that has no tile is named, with its number of cities, in a note.

    Returns
    -------
    The figure, or None where no unit lies in a province that has a tile.
    """
    summary = province_means(results)
    if not summary.index.isin(list(TILES)).any():
        return None
    grades = grade_order(results)
    off = summary.loc[~summary.index.isin(list(TILES)), "n"]
    named = [counted(group_label(str(group), lang), n, lang) for group, n in off.items()]
    note = points_note(grades, lang)
    if named:
        note += word("off_grid", lang, groups=side_by_side(named, lang))
    colors = list(grade_colors(grades).values())[::-1]
    shade = LinearSegmentedColormap.from_list("grades", colors)
    scale = Normalize(1, len(grades))
    fig = new_figure(results, lang, 11.4, note)
    ax = fig.subplots()
    for province, (row, column) in TILES.items():
        position = summary["mean"].get(province, np.nan)
        covered = not np.isnan(position)
        color = to_hex(shade(scale(position))) if covered else ABSENT
        ax.add_patch(Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, color=color, linewidth=0))
        value = f"{position:.1f}" if covered else "—"
        name = fill(group_label(province, lang), WIDEST)
        ax.text(
            column + 0.5, row + 0.5, f"{name}\n{value}", ha="center", va="center",
            linespacing=1.0 if "\n" in name else 1.3, color=ink_on(color) if covered else QUIET,
            gid=f"tile-{province}",
        )  # fmt: skip
    ax.set(xlim=(0, 7), ylim=(8, 0))
    ax.set_axis_off()
    key = ax.inset_axes((0.02, 0.885, 0.52, 0.05))
    points_key(key, colors, grades)
    key.set_title(word("mean_grade", lang))
    ax.text(0.14, 1.72, f"—  {word('not_covered', lang)}", fontsize=SMALL_PT, color=QUIET)
    return fig


def province_means(results: Results) -> pd.DataFrame:
    """Return the mean grade of each province, the worst grade counting 1, and its graded units.

    Returns
    -------
    Index province, columns mean, n.
    """
    grades = grade_order(results)
    table = results["grades"].merge(results["units"][["unit", "province"]], on="unit")
    table = table.dropna(subset=["grade", "province"])
    points = len(grades) - table["grade"].map(grades.index).astype(float)
    return points.groupby(table["province"].to_numpy()).agg(mean="mean", n="size")


def points_key(ax: Axes, colors: list[str], grades: list[str]) -> None:
    """Draw the grades from worst to best, each over its number of points."""
    for at, (color, grade) in enumerate(zip(colors, grades[::-1], strict=True), start=1):
        ax.add_patch(Rectangle((at - 0.5, 0), 1, 1, color=color, linewidth=0))
        ax.text(at, 0.47, grade, ha="center", va="center", color=ink_on(color), fontsize=SMALL_PT)
    ax.set(xlim=(0.5, len(grades) + 0.5), ylim=(0, 1), xticks=range(1, len(grades) + 1), yticks=[])
    ax.tick_params(length=0, labelsize=SMALL_PT, pad=2)
    for spine in ax.spines.values():
        spine.set_visible(False)
