"""A page on a unit's own records beside an edition: sentences, a chart and the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report.brand import brand, css_variables
from report.language import Lang

HERE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Row:
    """One indicator of the chart.

    Parameters
    ----------
    name, level
        Its name and depth in the tree, 0 for the total.
    score, low, high
        By own records.
    official
        By those of the edition on like terms, None where there are none.
    clear
        Whether the two differ clearly.
    field
        Scores of the other units.
    said
        The figures in words, for those who do not see the chart.
    """

    name: str
    level: int
    score: float
    low: float
    high: float
    official: float | None
    clear: bool
    field: np.ndarray
    said: str


@dataclass(frozen=True)
class OwnPage:
    """What the page says.

    Parameters
    ----------
    lang, title, notice
        Its language and headline, and that the edition is simulated (or an empty text).
    sentences
        Paragraphs, the first of which tells what was scored.
    header, cells
        The table.
    rows, best
        The chart, and the top of its scale.
    notes
        By key ``own``, ``official``, ``field``, ``chart``, ``table``, ``star``: words of the chart.
    """

    lang: Lang
    title: str
    notice: str
    sentences: Sequence[str]
    header: Sequence[str]
    cells: Sequence[Sequence[str]]
    rows: Sequence[Row]
    best: float
    notes: dict[str, str]


def own_page(page: OwnPage) -> str:
    """Return the page as one file of HTML that asks for nothing else."""
    template = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    ).get_template("own.html")
    style = css_variables(brand()) + (HERE / "benchmark.css").read_text(encoding="utf-8")
    return template.render(
        page=page,
        lang="zh-Hans" if page.lang == "zh" else "en",
        style=style + (HERE / "own.css").read_text(encoding="utf-8"),
        rows=[_placed(row, page.best) for row in page.rows],
        ticks=[f"{tick:g}" for tick in np.linspace(0, page.best, 6)],
    )


def _placed(row: Row, best: float) -> dict[str, object]:
    """Return a row with its places in percent of the scale."""

    def at(value: float) -> str:
        return f"{100 * value / best:.2f}%"

    quarters = np.quantile(row.field, [0.25, 0.75]) if len(row.field) else None
    return {
        "name": row.name,
        "level": row.level,
        "said": row.said,
        "clear": row.clear,
        "figure": f"{row.score:.2f}",
        "score": at(row.score),
        "low": at(row.low),
        "high": at(row.high),
        "official": None if row.official is None else at(row.official),
        "middle": None
        if quarters is None
        else (at(float(quarters[0])), at(float(quarters[1] - quarters[0]))),
    }
