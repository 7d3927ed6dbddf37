"""How far apart the two audiences are on each indicator."""

import pandas as pd
from matplotlib.figure import Figure

from report.figures.forest import figures_beside, forest, look_key, with_interval
from report.figures.lettering import name_tree
from report.figures.parts import figure
from report.labels import AUDIENCES, indicator_labels, word
from report.language import Lang
from report.results import Results
from report.style import QUIET, new_figure

ROW_CM = 0.58
MOST_ROWS = 26
"""Rows that an A4 page bears; deeper levels are left out where there are more."""
VERDICTS = {"clear": "look_clear", "slight": "look_slight", "none": "look_none"}


@figure("audience_gaps", "indicators")
def audience_gaps(results: Results, lang: Lang) -> Figure | None:
    """Draw the gap between the national means of two audiences by indicator, with its interval.

    The mark is that of the verdict: clear, slight or not to be told. Needs ``audience_gaps`` and
    ``indicators``.
    """
    table = gap_rows(results)
    names = indicator_labels(results, lang) | {"total": word("total", lang)}
    first, second = (AUDIENCES[str(table[k].iloc[0])][lang] for k in ("first", "second"))
    note = word("gaps_note", lang, level=f"{results.meta['level']:.0%}")
    fig = new_figure(results, lang, ROW_CM * len(table) + 2.1, note, key=True)
    ax = fig.subplots()
    rows = range(len(table))
    ax.axvline(0, color=QUIET, linewidth=0.9)
    forest(ax, table[["gap", "low", "high"]], table["verdict"].tolist(), list(rows))
    name_tree(ax, [names[i] for i in table["indicator"]], table["level"].astype(int).tolist())
    shown = table.rename(columns={"gap": "value"}).to_dict("records")
    figures_beside(ax, [with_interval(row, signed=True) for row in shown], list(rows))  # pyright: ignore[reportArgumentType]
    ax.set_xlabel(word("gap_axis", lang, first=first, second=second))
    look_key(fig, {k: v for k, v in VERDICTS.items() if (table["verdict"] == k).any()}, lang)  # pyright: ignore[reportArgumentType]
    return fig


def gap_rows(results: Results) -> pd.DataFrame:
    """Return the gaps in the order of the hierarchy, as deep as fits a page."""
    order = results["indicators"].set_index("indicator")["order"]
    table = results["audience_gaps"]
    place = table["indicator"].map(order).where(table["level"] > 0, -1)
    table = table.assign(place=place).sort_values("place", ignore_index=True)
    for deepest in sorted(table["level"].unique(), reverse=True):
        shown = table[table["level"] <= deepest]
        if len(shown) <= MOST_ROWS or deepest <= 1:
            return shown.reset_index(drop=True)
    return table
