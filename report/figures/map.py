"""A map of mean grades by province, or of grades by city, from boundaries that are given."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline

from report.boundaries import SOUTH, Area, MapSource, reaches_south, read_areas, read_map
from report.figures.parts import figure, grade_order, points_note
from report.figures.shading import shade
from report.figures.tiles import points_key
from report.labels import counted, side_by_side, word
from report.language import Lang
from report.results import Results
from report.style import ABSENT, ALERT, INK, QUIET, SMALL_PT, WIDTH_CM, grade_colors, new_figure

PARALLELS = (25.0, 47.0)
MERIDIAN = 105.0
"""Of the equal-area projection that is usual for maps of China."""
MOST_CM = 14.5
"""Greatest height of the drawing."""
INSET = (106.0, 122.5, 1.0, 24.5)
"""Longitudes and latitudes of the box of the South China Sea."""
INSET_HIGH = 0.31
"""Its height as a share of that of the drawing."""
STEPS = 640
"""Steps across the drawing; outlines lose what is finer than one."""
MOST_NAMED = 3


@figure("composition", "grades", "units")
def province_map(results: Results, lang: Lang) -> Figure | None:
    """Draw the mean grade of each province, or the grade of each city, on the edition's own map.

    The map (``meta["map"]``) decides: areas that are provinces are shaded by their mean, areas
    that are cities by their grade. It is marked a sketch where it has no number of approval, and
    its source is printed on it. Needs ``composition``, ``grades`` and ``units``.

    Returns
    -------
    The figure, or None where the edition names no map.

    Raises
    ------
    InputError
        Where the file cannot be read, holds none of the edition's provinces or cities, or shows
        the whole country without the South China Sea.
    """
    source = read_map(results.meta)
    if source is None:
        return None
    areas = read_areas(source)
    grades = grade_order(results)
    shading = shade(results, areas, source, lang)
    rings, lines = _projected(areas)
    low, high = _frame(areas, rings)
    span = high - low
    width = WIDTH_CM - 0.4
    height = min(MOST_CM, width * span[1] / span[0])
    note = "" if shading.cities else points_note(grades, lang)
    if shading.missing:
        shown = side_by_side(shading.missing[:MOST_NAMED], lang)
        more = (
            counted(" …", len(shading.missing), lang) if len(shading.missing) > MOST_NAMED else ""
        )
        note = (note + word("off_grid", lang, groups=shown + more)).lstrip("；; ")
    fig = new_figure(results, lang, height + 1.9, note)
    ax = fig.subplots()
    colors = list(grade_colors(grades).values())[::-1]
    shades = LinearSegmentedColormap.from_list("grades", colors)
    scale = Normalize(1, len(grades))
    fills = [
        to_hex(shades(scale(shading.points[at]))) if at in shading.points else ABSENT
        for at in range(len(areas))
    ]
    step = float(span[0]) / STEPS
    _draw(ax, rings, lines, fills, step)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set_aspect("equal", adjustable="box")
    ax.set_axis_off()
    if reaches_south(areas):
        _inset(ax, rings, lines, fills, lang)
    _words(ax, source, lang)
    key = ax.inset_axes((0.0, -0.1, 0.5, 0.042))
    points_key(key, colors, grades)
    key.set_title(word("grade" if shading.cities else "mean_grade", lang), fontsize=SMALL_PT, pad=3)
    if ABSENT in fills:
        key.text(
            1.03, 0.5, f"□ {word('not_covered', lang)}", transform=key.transAxes, va="center",
            fontsize=SMALL_PT, color=QUIET, gid="absent",
        )  # fmt: skip
    return fig


def albers(place: np.ndarray) -> np.ndarray:
    """Return points of Albers' equal-area conic projection of longitudes and latitudes.

    Notes
    -----
    Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, equations 14-1
    to 14-6 on the sphere, with standard parallels `PARALLELS` and central meridian `MERIDIAN`.
    """
    first, second = np.radians(PARALLELS)
    n = (np.sin(first) + np.sin(second)) / 2
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    lon, lat = np.radians(place[:, 0] - MERIDIAN), np.radians(place[:, 1])
    rho = np.sqrt(np.maximum(c - 2 * n * np.sin(lat), 0)) / n
    return np.column_stack([rho * np.sin(n * lon), -rho * np.cos(n * lon)])


SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
Paths = list[list[np.ndarray]]


def _projected(areas: Sequence[Area]) -> tuple[Paths, Paths]:
    rings = [[albers(ring) for ring in area.rings] for area in areas]
    lines = [[albers(line) for line in area.lines] for area in areas]
    return rings, lines


def _frame(areas: Sequence[Area], rings: Paths) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners about all rings north of the South China Sea, with a margin.

    Where something lies in that sea, the frame has room for the box of it east of all land.
    """
    points = [
        place
        for area, own in zip(areas, rings, strict=True)
        for ring, place in zip(area.rings, own, strict=True)
        if (ring[:, 1] >= SOUTH).all()
    ]
    if not points:
        points = [place for own in rings for place in own]
    joined = np.concatenate(points)
    low, high = joined.min(axis=0), joined.max(axis=0)
    pad = 0.02 * (high - low).max()
    low, high = low - pad, high + pad
    if reaches_south(areas):
        start, end = _inset_corners()
        wide = INSET_HIGH * (high[1] - low[1]) * (end[0] - start[0]) / (end[1] - start[1])
        beside = joined[joined[:, 1] < low[1] + INSET_HIGH * (high[1] - low[1]), 0]
        high[0] = max(high[0], beside.max(initial=low[0]) + pad + wide)
    return low, high


def _inset_corners() -> tuple[np.ndarray, np.ndarray]:
    west, east, south, north = INSET
    corners = albers(np.array([[west, south], [east, south], [west, north], [east, north]]))
    return corners.min(axis=0), corners.max(axis=0)


def _draw(
    ax: Axes, rings: Paths, lines: Paths, fills: list[str], step: float, width: float = 0.4
) -> None:
    """Draw all areas in one collection and all lines in another."""
    shapes = [Outline.make_compound_path(*map(Outline, thin(own, step))) for own in rings if own]
    colors = [fill for own, fill in zip(rings, fills, strict=True) if own]
    ax.add_collection(
        PathCollection(
            shapes, facecolors=colors, edgecolors=QUIET, linewidths=width, gid="areas",
            joinstyle="round",
        ),
        autolim=False,
    )  # fmt: skip
    dashes = [line for own in lines for line in own]
    if dashes:
        ax.add_collection(
            LineCollection(dashes, colors=INK, linewidths=1.0, gid="lines"), autolim=False
        )


def thin(rings: Sequence[np.ndarray], step: float) -> list[np.ndarray]:
    """Return outlines with no more points than can be seen, off by at most one step.

    An island smaller than a step becomes a square of half a step, one for all that lie together,
    so that none is lost.
    """
    kept: list[np.ndarray] = []
    islands: set[tuple[float, ...]] = set()
    for ring in rings:
        scaled = Outline(ring / step)
        scaled.simplify_threshold = 1.0
        points = scaled.cleaned(simplify=True)
        vertices = np.asarray(points.vertices, dtype=float)
        corners = np.round(vertices[np.asarray(points.codes) != Outline.STOP], 1)
        if np.ptp(corners, axis=0).max() < 1:
            islands.add(tuple(np.round(ring[0] / step)))
        else:
            kept.append(step * corners)
    return kept + [step * (np.array(at) + 0.25 * SQUARE) for at in sorted(islands)]


def _inset(ax: Axes, rings: Paths, lines: Paths, fills: list[str], lang: Lang) -> None:
    """Draw the South China Sea in a box at the lower right, from the same features."""
    low, high = _inset_corners()
    across, up = (float(b - a) for a, b in (ax.get_xlim(), ax.get_ylim()))
    wide = INSET_HIGH * up / across * (high[0] - low[0]) / (high[1] - low[1])
    box = ax.inset_axes((1 - wide, 0.0, wide, INSET_HIGH))
    rings = [[r for r in own if _meets(r, low, high)] for own in rings]
    _draw(box, rings, lines, fills, float(high[0] - low[0]) / (STEPS / 3), width=0.3)
    box.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xticks=[], yticks=[])
    for spine in box.spines.values():
        spine.set(visible=True, color=INK, linewidth=0.8)
    box.set_gid("south-china-sea")
    box.text(
        0.5, 0.03, word("map_inset", lang), linespacing=1.1, transform=box.transAxes, ha="center",
        va="bottom", fontsize=SMALL_PT, color=INK, gid="inset",
    )  # fmt: skip


def _meets(ring: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    return bool((ring.min(axis=0) <= high).all() and (ring.max(axis=0) >= low).all())


def _words(ax: Axes, source: MapSource, lang: Lang) -> None:
    """Print the source and the number of approval, or that this is a sketch."""
    told = [word("map_source", lang, source=source.source[lang])]
    if source.approval:
        number = source.approval.removeprefix("审图号").lstrip("：: ")
        told.append(word("map_approval", lang, number=number))
    else:
        ax.text(
            0.0, 1.0, word("map_sketch", lang), transform=ax.transAxes, ha="left", va="top",
            color=ALERT, gid="sketch",
            bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": ALERT,
                  "linewidth": 0.6},
        )  # fmt: skip
    ax.annotate(
        "\n".join(told), (1, 0), (0, -6), xycoords="axes fraction", textcoords="offset points",
        ha="right", va="top", fontsize=SMALL_PT, color=QUIET, annotation_clip=False, gid="source",
    )  # fmt: skip
