"""Grades: how many cities have each, overall and within groups of cities."""

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures.parts import figure, grade_key, grade_order, name_rows, points_note
from report.labels import counted, factor_label, group_label, word
from report.language import Lang
from report.results import Results
from report.style import QUIET, SMALL_PT, grade_colors, ink_on, new_figure

NAMED_SHARE = 0.045
"""Least share of a segment that holds the name of its grade."""
ROW_CM = 0.85


@figure("composition")
def grade_composition(results: Results, lang: Lang) -> Figure | None:
    """Draw the number of cities in each grade. Needs ``composition``."""
    table = results["composition"]
    grades = grade_order(results)
    fig = new_figure(results, lang, 7.5)
    ax = fig.subplots()
    sns.barplot(
        table, x="grade", y="n", order=grades, hue="grade", hue_order=grades,
        palette=grade_colors(grades), saturation=1, width=0.8, legend=False,
        edgecolor=QUIET, linewidth=0.5, ax=ax,
    )  # fmt: skip
    for at, (n, share) in enumerate(zip(table["n"], table["share"], strict=True)):
        ax.annotate(
            f"{n}\n{share:.1%}", (at, n), (0, 3),
            textcoords="offset points", ha="center", va="bottom", linespacing=1.15,
        )  # fmt: skip
    ax.set(xlabel=word("grade", lang), ylabel=word("cities", lang))
    ax.set_ylim(0, table["n"].max() * 1.2)
    ax.tick_params(axis="x", length=0)
    return fig


def group_composition(results: Results, factor: str, lang: str | None = None) -> Figure | None:
    """Draw the composition of grades in each group of a factor as full bars, best group on top.

    Parameters
    ----------
    results
        With ``composition``, ``group_grades`` and ``group_summary``.
    factor
        A factor of those tables, such as ``region``.
    lang
        ``"zh"`` or ``"en"``; that of the results by default.

    Returns
    -------
    The figure, or None where the results do not hold the tables or the factor.
    """
    return _panels(results, lang, [factor])


def regions(results: Results, lang: str | None = None) -> Figure | None:
    """Draw the composition of grades by region. See `group_composition`."""
    return group_composition(results, "region", lang)


def levels(results: Results, lang: str | None = None) -> Figure | None:
    """Draw the composition of grades by administrative level. See `group_composition`."""
    return group_composition(results, "level", lang)


def coastal(results: Results, lang: str | None = None) -> Figure | None:
    """Draw coast against inland, and commended cities against the others where they are known.

    See `group_composition`.
    """
    return _panels(results, lang, ["coastal", "commended"])


@figure("composition", "group_grades", "group_summary")
def _panels(results: Results, lang: Lang, factors: list[str]) -> Figure | None:
    summary = results["group_summary"]
    there = [factor for factor in factors if (summary["factor"] == factor).any()]
    if not there:
        return None
    grades = grade_order(results)
    sizes = [int((summary["factor"] == factor).sum()) for factor in there]
    note = word("groups_note", lang) + points_note(grades, lang)
    fig = new_figure(results, lang, ROW_CM * sum(sizes) + 1.2 * len(there) + 1.4, note, key=True)
    axes = fig.subplots(len(there), sharex=True, height_ratios=sizes, squeeze=False)[:, 0]
    for ax, factor in zip(axes, there, strict=True):
        _stack(ax, results, factor, grades, lang)
        if len(there) > 1:
            ax.set_title(factor_label(factor, lang), color=QUIET)
    axes[-1].set_xlabel(word("share", lang))
    axes[0].annotate(
        word("mean_grade", lang), (1, 1), (4, 1), xycoords="axes fraction",
        textcoords="offset points", ha="left", va="bottom", fontsize=SMALL_PT, color=QUIET,
    )  # fmt: skip
    grade_key(fig, grades)
    return fig


def _stack(ax: Axes, results: Results, factor: str, grades: list[str], lang: Lang) -> None:
    summary = results["group_summary"].query("factor == @factor")
    summary = summary.sort_values("mean_position", ascending=False, kind="stable")
    groups = summary["group"].tolist()
    rows = results["group_grades"].query("factor == @factor")
    shares = rows.pivot(index="group", columns="grade", values="share")
    shares = shares.reindex(index=groups, columns=grades).fillna(0.0)
    left = np.zeros(len(groups))
    for grade, color in grade_colors(grades).items():
        share = shares[grade].to_numpy()
        bars = ax.barh(
            range(len(groups)), 100 * share, left=100 * left, height=0.72, color=color,
            edgecolor="white", linewidth=0.6, label=grade,
        )  # fmt: skip
        names = [grade if part >= NAMED_SHARE else "" for part in share]
        ax.bar_label(bars, names, label_type="center", color=ink_on(color), fontsize=SMALL_PT)
        left += share
    named = zip(groups, summary["n"], strict=True)
    name_rows(ax, [counted(group_label(group, lang), n, lang) for group, n in named])
    ax.grid(visible=False)
    ax.set_xlim(0, 100)
    for at, position in enumerate(summary["mean_position"]):
        ax.annotate(
            f"{position:.1f}", (100, at), (10, 0), textcoords="offset points", va="center",
            annotation_clip=False,
        )  # fmt: skip
