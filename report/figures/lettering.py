"""How wide texts are, before they are drawn, and where labels of points find room."""

import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from report.figures.parts import name_rows
from report.style import INK, RULE, SMALL_PT, TEXT_PT

EM_CM = SMALL_PT * 2.54 / 72
LINE_EM = 1.25
"""Height of a line of text in em."""


def ems(text: str) -> float:
    """Return the width of a text in em, near enough for a box: Latin letters take half."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.56 for letter in text)


def in_lines(name: str, most: float) -> str:
    """Break a text into lines of at most `most` em: at blanks, or between Chinese characters."""
    lines = [""]
    for part in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+", name):
        pieces = [part] if ems(part.rstrip()) <= most else list(part)
        for piece in pieces:
            if lines[-1] and ems((lines[-1] + piece).rstrip()) > most:
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def label_points(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    *,
    gap: float = 6.0,
    busy: np.ndarray | None = None,
) -> None:
    """Name points, each beside, above or below, where it covers no other name and no point.

    The limits of the axes must be set; their size on the page is taken as it is now, a little
    less than after the layout.

    Parameters
    ----------
    x, y
        Where the points are, in data.
    names
        Their names, first come, first served.
    gap
        Distance from point to name in points of type.
    busy
        Other places to keep clear, such as points along bars, shape (P, 2), in data.
    """
    at = ax.transData.transform(np.column_stack([x, y])) * 72 / ax.figure.dpi
    box = ax.get_window_extent()
    left, bottom, right, top = (each * 72 / ax.figure.dpi for each in box.extents)
    taken = [(px - 4, py - 4, px + 4, py + 4) for px, py in at]
    if busy is not None:
        marks = ax.transData.transform(busy) * 72 / ax.figure.dpi
        taken += [(px - 1, py - 1, px + 1, py + 1) for px, py in marks]
    for (px, py), place, name in zip(at, zip(x, y, strict=True), names, strict=True):
        wide, high = ems(name) * SMALL_PT, LINE_EM * SMALL_PT
        best: tuple[float, tuple[float, float], str, str] | None = None
        for dx, dy, ha, va in _WAYS:
            ox, oy = dx * gap, dy * gap
            x0 = px + ox - {"left": 0.0, "center": wide / 2, "right": wide}[ha]
            y0 = py + oy - {"bottom": 0.0, "center": high / 2, "top": high}[va]
            box = (x0, y0, x0 + wide, y0 + high)
            outside = max(left - box[0], 0) + max(box[2] - right, 0)
            outside += max(bottom - box[1], 0) + max(box[3] - top, 0)
            cost = sum(_shared(box, other) for other in taken) + 20 * outside
            if best is None or cost < best[0]:
                best, kept = (cost, (ox, oy), ha, va), box
        assert best is not None
        taken.append(kept)  # pyright: ignore[reportPossiblyUnboundVariable]
        ax.annotate(
            name, place, best[1], textcoords="offset points", ha=best[2], va=best[3],
            fontsize=SMALL_PT, color=INK, gid="name", annotation_clip=False,
        )  # fmt: skip


_WAYS = [
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"),
    (0, -1, "center", "top"), (0.7, 0.7, "left", "bottom"), (0.7, -0.7, "left", "top"),
    (-0.7, 0.7, "right", "bottom"), (-0.7, -0.7, "right", "top"),
    (0, 3.2, "center", "bottom"), (0, -3.2, "center", "top"),
]  # fmt: skip


def _shared(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def spaced(at: Sequence[float], least: float) -> np.ndarray:
    """Return places in the same order, moved as little as may be, at least `least` apart.

    Notes
    -----
    Isotonic regression of the places less their steps, by pooling adjacent violators (Barlow,
    Bartholomew, Bremner and Brunk 1972).
    """
    places = np.asarray(at, dtype=float)
    order = np.argsort(places, kind="stable")
    steps = least * np.arange(len(places))
    blocks: list[list[float]] = []
    for value in places[order] - steps:
        blocks.append([float(value)])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    level = np.repeat([np.mean(b) for b in blocks], [len(b) for b in blocks])
    moved = np.empty(len(places))
    moved[order] = level + steps
    return moved


def name_tree(ax: Axes, labels: Sequence[str], levels: Sequence[int]) -> None:
    """Name rows by their place in the tree: those below level 1 are set in, from the left edge.

    A quiet line stands above each row of level 0 or 1.
    """
    wide = max(ems(label) + max(level - 1, 0) for label, level in zip(labels, levels, strict=True))
    name_rows(ax, [""] * len(labels))
    for at, (label, level) in enumerate(zip(labels, levels, strict=True)):
        ax.annotate(
            label, (0, at), (-TEXT_PT * (wide + 0.8 - max(level - 1, 0)), 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", va="center", ha="left",
            annotation_clip=False, gid="row",
        )  # fmt: skip
        if at and level <= 1:
            ax.axhline(at - 0.5, color=RULE, linewidth=0.6)
