"""The hierarchy of indicators as a tree from left to right."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from report.figures.lettering import EM_CM, ems, in_lines
from report.figures.parts import figure
from report.labels import word
from report.language import Lang
from report.results import Results
from report.style import AUDIENCE_COLORS, QUIET, SMALL_PT, WIDTH_CM, new_figure

ROW_CM = 0.68
BOX_CM = 0.5
"""Height of a box."""
BROKEN = (0, (3, 2))
LINE_CM = 0.38
"""What each further line of a name adds to the height of a box."""
PAD_CM = 0.4
"""Blank at the ends of a box, both together."""
GAP_CM = 0.6
"""Least gap between levels; names that leave less are broken into lines."""


@figure("indicators")
def indicator_tree(results: Results, lang: Lang, weights: str = "") -> Figure | None:
    """Draw the indicators as a tree, level by level, with weights where siblings differ.

    Needs ``indicators``. Indicators outside the core are drawn with a broken line. Names too long
    for the page are broken into lines.

    Parameters
    ----------
    weights
        What the note says of the weights, where the table does not tell it.
    """
    table = with_root(results["indicators"])
    rows = leaf_rows(table)
    weighted = differing_weights(table)
    names = table[lang].where(
        ~table["indicator"].isin(weighted), table[lang] + " " + table["weight"].map("{:g}".format)
    )
    names = broken(names, table["level"], WIDTH_CM - 0.4)
    more = LINE_CM * int(names.str.count("\n").max())
    row_cm = ROW_CM + more
    last = max(rows.values())
    note = _note(table, weighted, lang, weights)
    fig = new_figure(results, lang, row_cm * (last + 1) + 0.4, note)
    ax = fig.subplots()
    ax.set(xlim=(-0.05, WIDTH_CM - 0.35), ylim=(last + 0.5, -0.5))
    ax.set_axis_off()
    lefts, widths = columns(names, table["level"], WIDTH_CM - 0.4)
    spans = {
        node: (lefts[level], lefts[level] + widths[level])
        for node, level in zip(table["indicator"], table["level"], strict=True)
    }
    apart = innovative(table)
    for node, name in zip(table.to_dict("records"), names, strict=True):
        core = node["indicator"] not in apart
        (left, right), y = spans[node["indicator"]], rows[node["indicator"]]
        _box(ax, (left, right), y, name, (BOX_CM + LINE_CM * name.count("\n")) / row_cm, core=core)
        if node["parent"] in spans:
            start, up = spans[node["parent"]][1], rows[node["parent"]]
            elbow = (start + left) / 2
            ax.plot(
                [start, elbow, elbow, left], [up, up, y, y], color=QUIET, linewidth=0.8,
                linestyle="-" if core else BROKEN, zorder=1 if core else 0.9,
            )  # fmt: skip
    return fig


def _note(table: pd.DataFrame, weighted: set[str], lang: Lang, weights: str) -> str:
    if weights:
        note = weights
    elif table.loc[table["level"] > 0, "weight"].isna().all():
        note = word("no_weights", lang)
    else:
        note = word("some_weights" if weighted else "equal_weights", lang)
    return note + word("innovation_note", lang) * bool((table["role"] == "innovation").any())


def with_root(indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators in the order of the tree, with the total on top where it is absent."""
    table = indicators.sort_values("order", ignore_index=True)
    if (table["level"] == 0).any():
        return table
    root = {
        "indicator": table.loc[table["level"] == 1, "parent"].iloc[0], "level": 0, "role": "core",
        "zh": word("total", "zh"), "en": word("total", "en"),
    }  # fmt: skip
    return pd.concat([pd.DataFrame([root]), table], ignore_index=True)


def innovative(table: pd.DataFrame) -> set[str]:
    """Return the indicators of the role innovation, with all that lie below them."""
    found = set(table.loc[table["role"] == "innovation", "indicator"])
    while below := set(table.loc[table["parent"].isin(list(found)), "indicator"]) - found:
        found |= below
    return found


def columns(
    names: pd.Series, level: pd.Series, width: float
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the left end and the width of the boxes of each level, in cm.

    Parameters
    ----------
    names, level
        Text and level of each box.
    width
        Of the whole drawing in cm; the gaps between the levels share what the boxes leave.
    """
    widths = _widths(names, level)
    gap = (width - widths.sum()) / max(len(widths) - 1, 1)
    lefts = widths.cumsum() - widths + gap * np.arange(len(widths))
    levels = [int(each) for each in sorted(set(level))]
    return dict(zip(levels, lefts, strict=True)), dict(zip(levels, widths, strict=True))


def broken(names: pd.Series, level: pd.Series, width: float) -> pd.Series:
    """Break names into lines where the boxes of all levels leave too little between them.

    The widest levels give way first, down to one common width.

    Parameters
    ----------
    names, level
        Text and level of each box.
    width
        Of the whole drawing in cm.
    """
    widths = _widths(names, level).sort_values()
    left = width - GAP_CM * (len(widths) - 1)
    if widths.sum() <= left:
        return names
    narrow = 0
    while narrow < len(widths) - 1 and widths.iloc[narrow] <= left / (len(widths) - narrow):
        left -= widths.iloc[narrow]
        narrow += 1
    most = (left / (len(widths) - narrow) - PAD_CM) / EM_CM
    return names.map(lambda name: in_lines(str(name), most))


def _widths(names: pd.Series, level: pd.Series) -> pd.Series:
    """Return the width of the boxes of each level in cm, by level."""
    wide = [max(map(ems, str(name).split("\n"))) for name in names]
    widest = pd.Series(wide, index=level.to_numpy(), dtype=float).groupby(level=0).max()
    return (widest * EM_CM + PAD_CM).sort_index()


def leaf_rows(table: pd.DataFrame) -> dict[str, float]:
    """Return the row of each indicator: leaves one below the other, parents amid their children.

    Parameters
    ----------
    table
        Columns indicator, parent, level, in the order of the hierarchy.
    """
    parents = set(table["parent"].dropna())
    leaves = [i for i in table["indicator"] if i not in parents]
    rows = {leaf: float(at) for at, leaf in enumerate(leaves)}
    inner = table[table["indicator"].isin(parents)].sort_values("level", ascending=False)
    for node in inner["indicator"]:
        below = [rows[i] for i in table.loc[table["parent"] == node, "indicator"]]
        rows[node] = (min(below) + max(below)) / 2
    return rows


def differing_weights(table: pd.DataFrame) -> set[str]:
    """Return the indicators whose weight differs from that of a sibling of the same role."""
    kinds = table.groupby(["parent", "role"])["weight"].transform("nunique")
    return set(table.loc[(kinds > 1) & table["weight"].notna(), "indicator"])


def _box(
    ax: Axes, span: tuple[float, float], y: float, name: str, height: float, *, core: bool
) -> None:
    left, right = span
    color = AUDIENCE_COLORS["citizen"] if core else AUDIENCE_COLORS["enterprise"]
    ax.add_patch(
        Rectangle(
            (left, y - height / 2), right - left, height, facecolor="white", edgecolor=color,
            linewidth=0.9, linestyle="-" if core else BROKEN,
        )
    )  # fmt: skip
    ax.text(
        (left + right) / 2, y, name, ha="center", va="center", fontsize=SMALL_PT, gid="node",
    )  # fmt: skip
