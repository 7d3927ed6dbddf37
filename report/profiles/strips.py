"""Small drawings as SVG, the same for HTML and PDF: pure functions of figures."""

from collections.abc import Iterable, Sequence
from html import escape
from math import isfinite

from report.brand import brand

LOOK = brand()
DEEP, INK, QUIET, RULE, PALE = (LOOK[name] for name in ("deep", "ink", "quiet", "rule", "pale"))
TONES = {"good": LOOK["good"], "bad": LOOK["alert"], "": DEEP, "quiet": QUIET}
FIRST, SECOND = LOOK["citizen"], LOOK["enterprise"]
BAND = "#c6d3e3"
SIDE = 6.0
"""Room at both ends of a scale, for marks that lie on them."""
HEIGHT = 25.0


def svg(width: float, height: float, *parts: str) -> str:
    """Return a drawing of a fixed size in pixels of CSS."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
        f'width="{_n(width)}" height="{_n(height)}">{"".join(parts)}</svg>'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def line(x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1) -> str:
    """Return a straight line."""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}" '
        f'stroke-width="{_n(width)}"/>'
    )


def rect(x: float, y: float, width: float, height: float, color: str) -> str:
    """Return a filled rectangle."""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}" '
        f'fill="{color}"/>'
    )


def dot(x: float, y: float, radius: float, color: str, *, hollow: bool = False) -> str:
    """Return a disc, or a ring."""
    fill, stroke = ("#ffffff", color) if hollow else (color, "#ffffff")
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{1.4 if hollow else 0.8}"/>'
    )


def square(x: float, y: float, half: float, color: str) -> str:
    """Return a filled square around a point."""
    return (
        f'<rect x="{_n(x - half)}" y="{_n(y - half)}" width="{_n(2 * half)}" '
        f'height="{_n(2 * half)}" fill="{color}" stroke="#ffffff" stroke-width="0.8"/>'
    )


def wedge(x: float, y: float, color: str) -> str:
    """Return a small triangle that points down at a place."""
    return f'<path d="M{_n(x - 3)} {_n(y)}h6l-3 4.6z" fill="{color}"/>'


def label(x: float, y: float, text: str, color: str = QUIET, *, size: float = 9,
          anchor: str = "middle") -> str:  # fmt: skip
    """Return a line of text."""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-family="{escape(LOOK.sans)}, sans-serif" '
        f'font-size="{_n(size)}" fill="{color}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def place(value: float, low: float, high: float, width: float) -> float:
    """Return where a value lies on a scale from `low` to `high`, held within it."""
    share = (min(max(value, low), high) - low) / (high - low)
    return SIDE + share * (width - 2 * SIDE)


def axis(width: float, ticks: Sequence[float], low: float, high: float) -> str:
    """Return the numbers of a scale."""
    marks = (
        label(place(tick, low, high, width), 10, _n(tick).replace("-", "−"), size=10.5)
        for tick in ticks
    )
    return svg(width, 13, *marks)


def _grid(width: float, height: float, ticks: Iterable[float], low: float, high: float) -> str:
    return "".join(
        line(place(tick, low, high, width), 0, place(tick, low, high, width), height, RULE, 0.6)
        for tick in ticks
    )


def strip(
    width: float,
    ticks: Sequence[float],
    own: tuple[float, float, float],
    peers: tuple[float, float, float] | None,
    mean: float | None,
    tone: str = "",
    dots: Sequence[float] = (),
) -> str:
    """Draw a score with its interval on the scale, over its peers.

    Parameters
    ----------
    width
        In pixels of CSS.
    ticks
        Of the scale; the first and last are its ends.
    own
        Score and ends of its interval; NaN where there is none.
    peers
        First quartile, median, third quartile.
    mean
        Of all units.
    tone
        Of the score, a key of `TONES`.
    dots
        Scores of peers too few for quartiles.
    """
    low, high, middle = ticks[0], ticks[-1], HEIGHT / 2 + 0.5
    at = lambda value: place(value, low, high, width)  # noqa: E731
    parts = [_grid(width, HEIGHT, ticks, low, high)]
    if peers is not None and all(map(isfinite, peers)):
        first, median, third = map(at, peers)
        parts += [rect(first, middle - 5, third - first, 10, BAND),
                  line(median, middle - 5, median, middle + 5, "#6f8fb3", 1.6)]  # fmt: skip
    parts += [
        dot(at(value), middle, 3, "#7d95b1", hollow=True) for value in dots if isfinite(value)
    ]
    if mean is not None and isfinite(mean):
        parts.append(wedge(at(mean), 2, QUIET))
    score, below, above = own
    color = TONES[tone]
    if isfinite(below) and isfinite(above):
        parts.append(line(at(below), middle, at(above), middle, color, 1.8))
    if isfinite(score):
        parts.append(dot(at(score), middle, 4, color))
    return svg(width, HEIGHT, *parts)


def pair(
    width: float,
    ticks: Sequence[float],
    first: tuple[float, float, float],
    second: tuple[float, float, float],
    *,
    ring: bool = False,
) -> str:
    """Draw two scores with their intervals, the first as a disc and the second as a square.

    With `ring` the first is an earlier score: a ring in grey, and the second a disc.
    """
    low, high = ticks[0], ticks[-1]
    at = lambda value: place(value, low, high, width)  # noqa: E731
    one, two = HEIGHT / 2 - 3.4, HEIGHT / 2 + 3.4
    colors = (QUIET, DEEP) if ring else (FIRST, SECOND)
    parts = [_grid(width, HEIGHT, ticks, low, high)]
    for (_, below, above), y, color in zip((first, second), (one, two), colors, strict=True):
        if isfinite(below) and isfinite(above):
            parts.append(line(at(below), y, at(above), y, color, 1.5))
    if isfinite(first[0]):
        parts.append(dot(at(first[0]), one, 3.2, colors[0], hollow=ring))
    if isfinite(second[0]):
        parts.append(
            dot(at(second[0]), two, 3.4, DEEP) if ring else square(at(second[0]), two, 3, SECOND)
        )
    return svg(width, HEIGHT, *parts)


def gap(
    width: float, ticks: Sequence[float], own: tuple[float, float, float], tone: str = ""
) -> str:
    """Draw a difference with its interval around 0; what lies beyond the scale ends at its edge."""
    low, high, middle = ticks[0], ticks[-1], HEIGHT / 2
    at = lambda value: place(value, low, high, width)  # noqa: E731
    value, below, above = own
    color = TONES[tone]
    parts = [_grid(width, HEIGHT, ticks, low, high), line(at(0), 0, at(0), HEIGHT, QUIET, 1)]
    if isfinite(below) and isfinite(above):
        parts.append(line(at(below), middle, at(above), middle, color, 1.8))
    if isfinite(value):
        parts.append(dot(at(value), middle, 3.6, color))
    return svg(width, HEIGHT, *parts)


def swarm(
    width: float, ticks: Sequence[float], others: Sequence[float], own: tuple[float, float, float]
) -> str:
    """Draw a score with its interval over a bar for each score of the others."""
    low, high, height = ticks[0], ticks[-1], 34.0
    at = lambda value: place(value, low, high, width)  # noqa: E731
    ticked = (
        f'<path d="{"".join(f"M{_n(at(value))} 4v12" for value in others if isfinite(value))}" '
        f'stroke="#8fa6c0" stroke-width="0.8" stroke-opacity="0.55" fill="none"/>'
    )
    parts = [line(SIDE, 20, width - SIDE, 20, RULE, 1), ticked]
    parts += [label(place(tick, low, high, width), 32, _n(tick)) for tick in ticks]
    score, below, above = own
    if isfinite(below) and isfinite(above):
        parts.append(line(at(below), 20, at(above), 20, DEEP, 2.6))
    if isfinite(score):
        parts += [line(at(score), 2, at(score), 20, DEEP, 1.6), dot(at(score), 20, 4.4, DEEP)]
    return svg(width, height, *parts)


def ladder(width: float, n: int, own: tuple[float, float, float]) -> str:
    """Draw a rank with its interval on the ranks 1 to `n`, the best at the right."""
    at = lambda rank: place(n + 1 - rank, 1, max(n, 2), width)  # noqa: E731
    rank, low, high = own
    parts = [line(SIDE, 20, width - SIDE, 20, RULE, 1)]
    parts += [label(at(1) + 4, 32, "1", anchor="end"), label(at(n) - 4, 32, str(n), anchor="start")]
    if isfinite(low) and isfinite(high):
        parts.append(rect(at(high) - 2, 14, at(low) - at(high) + 4, 12, BAND))
    parts.append(dot(at(rank), 20, 4.4, DEEP))
    return svg(width, 34.0, *parts)


def bars(
    width: float,
    shares: Sequence[float],
    names: Sequence[str],
    own: int,
    *,
    height: float = 34.0,
    size: float = 9.0,
) -> str:
    """Draw a bar for each share, the one at `own` deep, each over its name."""
    foot, step = size + 2, (width - 4) / max(len(shares), 1)
    most = max([*shares, 1e-9])
    parts = []
    for place_, (share, name) in enumerate(zip(shares, names, strict=True)):
        x, tall = 2 + place_ * step, max(share / most * (height - foot - 1), 0.7)
        mine = place_ == own
        parts.append(
            rect(x + 1.2, height - foot - tall, step - 2.4, tall, DEEP if mine else "#a9bbd0")
        )
        parts.append(
            label(
                x + step / 2, height - 1.5, name, DEEP if mine else QUIET, size=min(size, step / 2)
            )
        )
    return svg(width, height, *parts)


ABOVE, UNDECIDED, BELOW = "#4f779f", BAND, "#a3abb3"


def sides(width: float, above: int, undecided: int, below: int) -> str:
    """Draw how many lie above, cannot be told apart, and lie below, each with its number."""
    whole, x, drawn = max(above + undecided + below, 1), 0.0, []
    for n, color, ink in (
        (below, BELOW, INK), (undecided, UNDECIDED, INK), (above, ABOVE, "#ffffff"),
    ):  # fmt: skip
        long = n / whole * width
        drawn.append(rect(x, 0, long - (0.8 if long > 2 else 0), 16, color))
        if long > 18:
            drawn.append(label(x + long / 2, 11.5, str(n), ink, size=10))
        x += long
    return svg(width, 16, *drawn)


def mark(kind: str) -> str:
    """Return one mark alone, for a key: own, up, down, band, mean, peer, first, second,
    above, undecided, below, before.
    """
    drawn = {
        "own": line(1, 7, 25, 7, DEEP, 1.8) + dot(13, 7, 4, DEEP),
        "up": line(1, 7, 25, 7, TONES["good"], 1.8) + dot(13, 7, 4, TONES["good"]),
        "down": line(1, 7, 25, 7, TONES["bad"], 1.8) + dot(13, 7, 4, TONES["bad"]),
        "band": rect(1, 2, 24, 10, BAND) + line(13, 2, 13, 12, "#6f8fb3", 1.6),
        "mean": wedge(13, 4, QUIET),
        "peer": dot(13, 7, 3, "#7d95b1", hollow=True),
        "first": line(2, 7, 24, 7, FIRST, 1.5) + dot(13, 7, 3.2, FIRST),
        "second": line(2, 7, 24, 7, SECOND, 1.5) + square(13, 7, 3, SECOND),
        "above": rect(3, 2, 20, 10, ABOVE),
        "undecided": rect(3, 2, 20, 10, UNDECIDED),
        "below": rect(3, 2, 20, 10, BELOW),
        "before": line(2, 7, 24, 7, QUIET, 1.5) + dot(13, 7, 3.2, QUIET, hollow=True),
    }
    return svg(26, 14, drawn[kind])
