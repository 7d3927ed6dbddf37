"""The demo nation assessed again and again, so that what intervals promise can be counted.

Every campaign keeps the cities, slots, scenarios and shoppers of the demo and draws its calls,
answers and respondents anew. What a city scores in the long run is its mean over all campaigns:
that is the truth which intervals, sets and grades are held against.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.comparisons.audiences import unit_audience_gaps
from analysis.grades.grading import grade_units
from analysis.grades.schemes import GRADES, SupportedScheme
from analysis.published.figures import PublishedFigures, read_published
from analysis.ranks.rank_sets import rank_sets, tau_best
from analysis.ranks.shrinkage import shrink
from analysis.uncertainty.bootstrap import bootstrap
from hotline_index.edition import Edition, open_edition
from hotline_index.simulation import simulate
from indicators.scores import score
from survey.records import Records
from tests.validation.nothing_there import (
    drivers_of_nothing,
    slots_without_effect,
    unusual_cities,
)

DEMO = Path(__file__).parents[2] / "editions/demo"
LEVEL, ERROR = 0.95, 0.05


@dataclass(frozen=True)
class Campaign:
    """What one campaign says: scores with intervals, sets of ranks, grades, p values.

    Shapes (U, A + 1, N) for scores, (U,) for ranks and grades, (gaps,) for gaps of audiences in
    cities. The last are p values and shares of what is found where nothing is.
    """

    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    se: np.ndarray
    degrees: np.ndarray
    each_low: np.ndarray
    each_high: np.ndarray
    all_low: np.ndarray
    all_high: np.ndarray
    top: np.ndarray
    adjusted: np.ndarray
    supported: np.ndarray
    gap: np.ndarray
    gap_low: np.ndarray
    gap_high: np.ndarray
    slots_p: float
    waits_p: float
    unusual_scores: float
    unusual_rates: float
    drivers: float


@lru_cache(maxsize=2)
def demo(units: int | None) -> tuple[Edition, PublishedFigures]:
    """Open the demo edition with some of its cities, or all."""
    edition = open_edition(DEMO)
    assert edition.sample is not None
    assert edition.config.simulation is not None
    if units is not None:
        edition = replace(edition, sample=edition.sample[:: len(edition.sample) // units][:units])
    tree = edition.system.hierarchy
    like = edition.folder / edition.config.simulation.like
    return edition, read_published(like, tree.ids, tree.audiences)[0]


def campaign(draw: int, *, units: int | None, replicates: int) -> Campaign:
    """Simulate, score and judge one campaign."""
    edition, published = demo(units)
    data = simulate(edition, published, draw)
    records = Records(data)
    assert edition.sample is not None
    scores, _ = score(records, edition.system, edition.sample, edition.register.table)
    draws, _ = bootstrap(scores, replicates=replicates, level=LEVEL, seed=draw)
    scores = scores.with_se(draws.se, draws.degrees)
    total, se = scores.of("total").to_numpy(), draws.se[:, -1, 0]
    each = rank_sets(total, draws.total, level=LEVEL)
    together = rank_sets(total, draws.total, level=LEVEL, simultaneous=True)
    shrunk, _ = shrink(total, se, degrees=draws.degrees[:, -1, 0], level=LEVEL)
    scheme = SupportedScheme(supported=GRADES, error=ERROR)
    gaps = unit_audience_gaps(scores, LEVEL)
    tree = scores.hierarchy
    cells = [scores.units, [tree.ids[at] for at in np.flatnonzero(tree.depth <= 1)]]
    gaps = gaps.set_index(["unit", "indicator"]).reindex(pd.MultiIndex.from_product(cells))
    slots_p, waits_p = slots_without_effect(data, edition, draw, LEVEL)
    unusual_scores, unusual_rates = unusual_cities(data, edition, draw, LEVEL)
    return Campaign(
        score=scores.score.astype(np.float32),
        low=draws.low.astype(np.float32),
        high=draws.high.astype(np.float32),
        se=se,
        degrees=draws.degrees[:, -1, 0],
        each_low=each.low,
        each_high=each.high,
        all_low=together.low,
        all_high=together.high,
        top=tau_best(together, len(total) // 8),
        adjusted=np.stack([shrunk.low, shrunk.high]),
        supported=grade_units(total, draws, scheme).code,
        gap=gaps["gap"].to_numpy(),
        gap_low=gaps["low"].to_numpy(),
        gap_high=gaps["high"].to_numpy(),
        slots_p=slots_p,
        waits_p=waits_p,
        unusual_scores=unusual_scores,
        unusual_rates=unusual_rates,
        drivers=drivers_of_nothing(data, edition, draw, LEVEL),
    )


def campaigns(
    count: int, *, units: int | None = None, replicates: int = 800, workers: int = 2
) -> Iterator[Campaign]:
    """Yield campaigns 1 to `count`, made side by side."""
    work = partial(campaign, units=units, replicates=replicates)
    if workers == 1:
        yield from map(work, range(1, count + 1))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, range(1, count + 1), chunksize=1)
