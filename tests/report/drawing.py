"""How the tests of figures draw them and look into them."""

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from report import figures
from report.results import Results
from report.style import HouseFigure, png


def draw(name: str, results: Results, *args: object, **kwargs: object) -> Figure:
    """Draw a figure that must be there."""
    figure = getattr(figures, name)(results, *args, **kwargs)
    assert isinstance(figure, HouseFigure)
    return figure


def having(results: Results, **tables: pd.DataFrame) -> Results:
    """Return the results with other tables."""
    return replace(results, tables={**results.tables, **tables})


def line(ax: Axes, gid: str) -> Line2D:
    """Return the one line that is called so."""
    found = [each for each in ax.lines if each.get_gid() == gid]
    assert len(found) == 1, gid
    return found[0]


def texts(figure: Figure) -> list[str]:
    """Return every text of a figure that is drawn."""
    png(figure, dpi=50)
    found = [each for each in figure.findobj(Text) if isinstance(each, Text) and each.get_visible()]
    return [each.get_text() for each in found if each.get_text()]


def texts_of(ax: Axes, gid: str) -> list[str]:
    """Return the texts of a drawing that are called so."""
    return [each.get_text() for each in ax.texts if each.get_gid() == gid]


def numbers(drawn: Line2D, axis: int = 0) -> list[float]:
    """Return the places of a line along x (0) or y (1)."""
    return np.asarray((drawn.get_xdata(), drawn.get_ydata())[axis], dtype=float).tolist()
