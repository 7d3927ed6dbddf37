"""Uncertainty of the method: 10,000 weightings of 335 units x 60 leaves, and the demo's split."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.ranks.ranking import rank_scores
from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.leaf_tree import LeafTree
from analysis.uncertainty.method import leave_one_out, method_draws
from analysis.uncertainty.sensitivity import rank_sensitivity
from analysis.uncertainty.sources import split_rank_variance
from benchmarks.stopwatch import median_seconds
from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores
from indicators.scores import Scores, score
from indicators.system import System
from indicators.what_if import what_if
from survey.records import Records

EDITION = Path("editions/demo")
DRAWS = 10_000


def leafy_index(units: int = 335, leaves: int = 60, missing: float = 0.03, seed: int = 1) -> Scores:
    """Return an index of three levels, five indicators of level 3 to each of level 2."""
    random = np.random.default_rng(seed)
    told = {"zh": "基准", "en": "benchmark"}

    def node(name: str, **parts: list) -> dict:
        return {"id": name, "zh": name, "en": name} | parts

    lowest = [
        node(f"l{at}", items=[node(f"i{at}") | {"table": "figures", "rule": {"minmax": [0, 10]}}])
        for at in range(leaves)
    ]
    middle = [node(f"p{at}", children=lowest[at : at + 5]) for at in range(0, leaves, 5)]
    pillars = [node(f"s{at}", children=middle[at : at + 4]) for at in range(0, len(middle), 4)]
    system = System.model_validate(
        {"id": "bench", "title": told, "source": told, "children": pillars}
    )
    values = random.normal(size=(units, leaves))
    values[random.random(values.shape) < missing] = np.nan
    frame = pd.DataFrame(values, columns=[f"i{at}" for at in range(leaves)])
    frame.insert(0, "unit", [f"u{at}" for at in range(units)])
    frame.index = pd.RangeIndex(2, units + 2, name="row")
    return score(Records({"figures": frame}), system, tuple(frame["unit"]))[0]


def method() -> None:
    """Print medians, and how many times scoring anew would take."""
    print(f"\n{f'{DRAWS:,} weightings':<32}{'median s':>10}{'x scoring anew':>16}")
    for missing in (0.0, 0.03):
        scores = leafy_index(missing=missing)
        tree, names = LeafTree.of(scores), scores.hierarchy.ids
        factors = np.random.default_rng(0).uniform(0.75, 1.25, (len(names), DRAWS))
        weight = scores.hierarchy.weight[:, None] * factors
        spent = median_seconds(lambda t=tree, w=weight: rank_scores(t.totals(w).T))
        once = median_seconds(lambda s=scores: what_if(s, {"s0": {"weight": 2}}))
        print(
            f"{f'335 x 60, {missing:.0%} missing':<32}{spent:>10.2f}{DRAWS * once / spent:>16.0f}"
        )
    scores, _ = plain_scores(open_edition(EDITION), Quiet())
    once = median_seconds(lambda: what_if(scores, {"goal": {"weight": 2}}))
    plan = MethodPlan()
    steps = {
        f"demo, {plan.draws:,} draws of method": lambda: method_draws(scores, plan),
        "demo, each indicator left out": lambda: leave_one_out(scores),
        f"demo, sensitivity, base {plan.base}": lambda: rank_sensitivity(scores, plan),
        "demo, split by source": lambda: split_rank_variance(scores, plan),
    }
    print(f"\n{'step':<32}{'median s':>10}{'x scoring once':>16}")
    for name, work in steps.items():
        spent = median_seconds(work, runs=1)
        print(f"{name:<32}{spent:>10.2f}{spent / once:>16.1f}")
