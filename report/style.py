"""One look for every figure: font, colours, size, same bytes, and the mark of simulated data."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from report.brand import brand
from report.fonts import SANS, font_files
from report.labels import word
from report.language import Lang
from report.results import Results

WIDTH_CM = 16.0
"""Text width of an A4 page with margins of 2.5 cm."""
TEXT_PT = 9.5
SMALL_PT = 8.5
MARK_CM = 0.65
"""Height of the strip above a figure that holds the mark of simulated data."""
LAYOUT_PASSES = 3
"""A constrained layout settles after a few passes; one leaves labels clipped now and then."""
SETTLED = 0.001
"""A pass that moves nothing by more than this share of the page is the last."""
NOTE_CM = 0.6
"""Height of the strip below a figure that holds its note."""

INK, QUIET, RULE, ABSENT, ALERT = (
    brand()[name] for name in ("ink", "quiet", "rule", "absent", "alert")
)
AUDIENCE_COLORS = {name: brand()[name] for name in ("all", "citizen", "enterprise")}
AUDIENCE_MARKERS = {"all": "|", "citizen": "o", "enterprise": "s"}
GRADE_MAP = "YlGnBu_r"


@cache
def font_family() -> str:
    """Register the Chinese font of the wheel with matplotlib and return its family name."""
    _, path = font_files()
    fontManager.addfont(path)
    return SANS


def rc_params() -> dict[Any, Any]:
    """Return the matplotlib settings of the house style."""
    return {
        "font.family": [font_family()],
        "font.size": TEXT_PT,
        "axes.labelsize": TEXT_PT,
        "axes.titlesize": TEXT_PT,
        "axes.titlelocation": "left",
        "axes.unicode_minus": False,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "text.hinting": "none",
        "xtick.labelsize": TEXT_PT,
        "ytick.labelsize": TEXT_PT,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "legend.frameon": False,
        "legend.fontsize": TEXT_PT,
        "lines.linewidth": 1.2,
        "figure.facecolor": "white",
        "figure.autolayout": False,
        "figure.constrained_layout.use": False,
        "savefig.facecolor": "white",
        "savefig.dpi": 200,
        "svg.fonttype": "path",
        "svg.hashsalt": "hotline-index",
    }


def use_style() -> None:
    """Set the house style for all that matplotlib draws from here on, as in a notebook."""
    mpl.rcParams.update(rc_params())


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style within the block, whatever the settings around it."""
    with mpl.rc_context(rc_params()):
        yield


class HouseFigure(Figure):
    """A figure that keeps the house style wherever and whenever it is drawn.

    It is not registered with pyplot, so no backend shows it twice. In a notebook it shows itself as
    SVG and as PNG, and says in its metadata from which tables it was drawn.
    """

    tables: tuple[str, ...] = ()

    @allow_rasterization
    def draw(self, renderer: RendererBase) -> None:
        """Draw within the house style, since ticks and glyphs read the settings only now."""
        with house_style():
            self.lay_out()
            super().draw(renderer)

    def lay_out(self) -> None:
        """Give every part its place, once and for all, so that each drawing gives the same bytes.

        Texts are measured as pixels whatever the format to come, unhinted, so that they are as
        wide in each. The solver's last digits vary from run to run and are rounded off.
        """
        layout = self.get_layout_engine()
        if layout is None or not self.axes:
            return
        with house_style():
            before = self._corners()
            for _ in range(LAYOUT_PASSES):
                layout.execute(self)
                now = self._corners()
                if np.allclose(now, before, rtol=0, atol=SETTLED):
                    break
                before = now
            self.set_layout_engine(None)
            for ax, corners in zip(self.axes, self._corners(), strict=True):
                ax.set_position(Bbox(np.round(corners, 9)))

    def _corners(self) -> np.ndarray:
        return np.stack([ax.get_position().get_points() for ax in self.axes])

    def _ipython_display_(self) -> None:
        """Show the whole page as it is: the formatters of IPython would crop it."""
        from IPython.display import display

        bundle = {
            "image/svg+xml": svg(self).decode("utf-8"),
            "image/png": png(self),
            "text/plain": repr(self),
        }
        display(bundle, raw=True, metadata={"hotline-index": {"tables": list(self.tables)}})


def new_figure(
    results: Results, lang: Lang, height_cm: float, note: str = "", *, key: bool = False
) -> HouseFigure:
    """Return an empty figure; a simulated edition's carries the mark 模拟数据.

    Parameters
    ----------
    results
        The results to be drawn; ``meta["simulated"]`` decides on the mark.
    lang
        ``"zh"`` or ``"en"``.
    height_cm
        Height of the drawing; the mark and the note add their own.
    note
        A line below the drawing, such as why there are no intervals.
    key
        Whether the drawing will have a key (`add_key`), in whose row the mark finds room.
    """
    simulated = bool(results.meta["simulated"])
    top, bottom = MARK_CM * (simulated and not key), NOTE_CM * bool(note)
    total = height_cm + top + bottom
    layout = ConstrainedLayoutEngine(
        rect=(0, bottom / total, 1, height_cm / total), h_pad=0.06, w_pad=0.06
    )
    figure = HouseFigure(figsize=(WIDTH_CM / 2.54, total / 2.54), layout=layout)
    with house_style():
        if simulated:
            figure.text(
                1 - 0.2 / WIDTH_CM, 1 - 0.12 / total, word("simulated", lang), ha="right", va="top",
                fontsize=SMALL_PT, color=ALERT, gid="simulated-mark",
                bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": ALERT,
                      "linewidth": 0.6},
            )  # fmt: skip
        if note:
            figure.text(0.2 / WIDTH_CM, 0.15 / total, note, ha="left", va="bottom",
                        fontsize=SMALL_PT, color=QUIET, gid="note")  # fmt: skip
    return figure


def add_key(figure: Figure, handles: Sequence[Artist], labels: Sequence[str], **look: Any) -> None:
    """Put a key in one row above the drawing, from the left; the mark stands at its right."""
    figure.legend(
        list(handles), list(labels), loc="outside upper left", ncols=len(labels),
        borderaxespad=0.4, borderpad=0.2, **look,
    )  # fmt: skip


def svg(figure: Figure) -> bytes:
    """Return the figure as SVG with text as paths; the same figure gives the same bytes."""
    return _saved(figure, format="svg", metadata={"Date": None})


def png(figure: Figure, dpi: int = 200) -> bytes:
    """Return the figure as PNG at `dpi` dots an inch."""
    return _saved(figure, format="png", dpi=dpi)


def _saved(figure: Figure, **options: Any) -> bytes:
    buffer = BytesIO()
    with house_style():
        if isinstance(figure, HouseFigure):
            figure.lay_out()
        figure.savefig(buffer, **options)
    return buffer.getvalue()


def grade_colors(grades: list[str]) -> dict[str, str]:
    """Return a colour for each grade, best deep and worst light, in equal steps of lightness.

    Equal steps of CIE L* keep neighbours apart in grey print and for the colour-blind.

    Parameters
    ----------
    grades
        Grades from best to worst.
    """
    at = np.linspace(0, 1, 1001)
    colors = mpl.colormaps[GRADE_MAP](at)[:, :3]
    lightness = _lightness(colors)
    steps = np.interp(np.linspace(lightness[0], 95, len(grades)), lightness, at)
    return dict(zip(grades, map(to_hex, mpl.colormaps[GRADE_MAP](steps)), strict=True))


def ink_on(color: str) -> str:
    """Return the colour of text that reads on `color`: white on deep, dark on light."""
    return "white" if _lightness(np.array([to_rgb(color)]))[0] < 62 else INK


def _lightness(rgb: np.ndarray) -> np.ndarray:
    """Return CIE 1976 L* of sRGB colours in rows (IEC 61966-2-1, white point D65)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126729, 0.7151522, 0.0721750])
    root = np.where(luminance > 0.008856, np.cbrt(luminance), 7.787 * luminance + 16 / 116)
    return 116 * root - 16
