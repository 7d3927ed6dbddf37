"""The demo nation assessed again and again, so that what intervals promise can be counted.

Every campaign keeps the cities, slots, scenarios and shoppers of the demo and draws its calls,
answers and respondents anew. What a city would score in the long run is its mean over all
campaigns.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from analysis.comparisons.audiences import audience_gaps
from analysis.grades.grading import grade_units
from analysis.grades.schemes import GRADES
from analysis.ranks.rank_sets import rank_sets
from analysis.uncertainty.bootstrap import bootstrap
from hotline_index.edition import Edition, open_edition
from hotline_index.simulation import simulate
from indicators.scores import Scores, score
from survey.records import Records
from analysis.published.figures import PublishedFigures, read_published

DEMO = Path(__file__).parents[2] / "editions/demo"
LEVEL = 0.95
TOP = 43
"""A+ and A of the 2021 report together."""


@lru_cache(maxsize=1)
def demo(units: int | None = None) -> tuple[Edition, PublishedFigures]:
    """Open the demo edition, or the first of its cities."""
    edition = open_edition(DEMO)
    assert edition.sample is not None and edition.config.simulation is not None
    if units is not None:
        edition = replace(edition, sample=edition.sample[:units])
    tree = edition.system.hierarchy
    like = edition.folder / edition.config.simulation.like
    return edition, read_published(like, tree.ids, tree.audiences)[0]
