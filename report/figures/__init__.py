"""Figures of the report: each takes results and returns a figure, or None without its tables.

A figure's module, and with it matplotlib and seaborn, is imported when the figure is first asked
for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from report.figures.calls import time_slots
    from report.figures.certainty import grade_certainty, rank_intervals
    from report.figures.changes import national_changes, rank_changes
    from report.figures.composition import (
        coastal,
        grade_composition,
        group_composition,
        levels,
        regions,
    )
    from report.figures.cutting import scheme_comparison
    from report.figures.distribution import score_distribution
    from report.figures.drivers import driver_importance, importance_performance
    from report.figures.funnels import funnel
    from report.figures.gaps import audience_gaps
    from report.figures.heatmap import city_heatmap
    from report.figures.map import province_map
    from report.figures.means import level1_means, level2_means
    from report.figures.method import method_sensitivity, rank_stability
    from report.figures.odds import connection_effects, effects
    from report.figures.printed import weights_feasible
    from report.figures.ridges import score_ridges
    from report.figures.slots import slot_heatmap
    from report.figures.sources import rank_sources
    from report.figures.strip import grade_strip
    from report.figures.subjects import topics
    from report.figures.survival import waiting_survival
    from report.figures.tiles import province_tiles
    from report.figures.tree import indicator_tree

__all__ = [
    "audience_gaps",
    "city_heatmap",
    "coastal",
    "connection_effects",
    "driver_importance",
    "effects",
    "funnel",
    "grade_certainty",
    "grade_composition",
    "grade_strip",
    "group_composition",
    "importance_performance",
    "indicator_tree",
    "level1_means",
    "level2_means",
    "levels",
    "method_sensitivity",
    "national_changes",
    "province_map",
    "province_tiles",
    "rank_changes",
    "rank_intervals",
    "rank_sources",
    "rank_stability",
    "regions",
    "scheme_comparison",
    "score_distribution",
    "score_ridges",
    "slot_heatmap",
    "time_slots",
    "topics",
    "waiting_survival",
    "weights_feasible",
]

_MODULES = {
    "audience_gaps": "gaps",
    "city_heatmap": "heatmap",
    "coastal": "composition",
    "connection_effects": "odds",
    "driver_importance": "drivers",
    "effects": "odds",
    "funnel": "funnels",
    "grade_certainty": "certainty",
    "grade_composition": "composition",
    "grade_strip": "strip",
    "group_composition": "composition",
    "importance_performance": "drivers",
    "indicator_tree": "tree",
    "level1_means": "means",
    "level2_means": "means",
    "levels": "composition",
    "method_sensitivity": "method",
    "national_changes": "changes",
    "province_map": "map",
    "province_tiles": "tiles",
    "rank_changes": "changes",
    "rank_intervals": "certainty",
    "rank_sources": "sources",
    "rank_stability": "method",
    "regions": "composition",
    "scheme_comparison": "cutting",
    "score_distribution": "distribution",
    "score_ridges": "ridges",
    "slot_heatmap": "slots",
    "time_slots": "calls",
    "topics": "subjects",
    "waiting_survival": "survival",
    "weights_feasible": "printed",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no figure {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
