"""Figures of the report: each takes results and returns a figure, or None without its tables.

A figure's module, and with it matplotlib and seaborn, is imported when the figure is first asked
for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from report.figures.calls import time_slots
    from report.figures.certainty import grade_certainty, rank_intervals
    from report.figures.composition import (
        coastal,
        grade_composition,
        group_composition,
        levels,
        regions,
    )
    from report.figures.distribution import score_distribution
    from report.figures.means import level1_means, level2_means
    from report.figures.odds import effects
    from report.figures.printed import weights_feasible
    from report.figures.tiles import province_tiles
    from report.figures.tree import indicator_tree

__all__ = [
    "coastal",
    "effects",
    "grade_certainty",
    "grade_composition",
    "group_composition",
    "indicator_tree",
    "level1_means",
    "level2_means",
    "levels",
    "province_tiles",
    "rank_intervals",
    "regions",
    "score_distribution",
    "time_slots",
    "weights_feasible",
]

_MODULES = {
    "coastal": "composition",
    "effects": "odds",
    "grade_certainty": "certainty",
    "grade_composition": "composition",
    "group_composition": "composition",
    "indicator_tree": "tree",
    "level1_means": "means",
    "level2_means": "means",
    "levels": "composition",
    "province_tiles": "tiles",
    "rank_intervals": "certainty",
    "regions": "composition",
    "score_distribution": "distribution",
    "time_slots": "calls",
    "weights_feasible": "printed",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no figure {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
