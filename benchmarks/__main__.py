"""How long the heavy steps take, as ratios: `python -m benchmarks` after `make report`.

The yardstick of the campaign is scoring it once. A plain bootstrap would score every draw anew, so
`draws / bootstrap` says how many times faster resampling all draws together is. The yardstick of
the engine is an index of 335 units and 60 figures: treatment, normalisation and aggregation.
"""

from pathlib import Path

from analysis.published.figures import read_published
from analysis.ranks.ranking import rank_units
from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.bootstrap import bootstrap
from analysis.uncertainty.sensitivity import rank_sensitivity
from benchmarks.engine import flat_index, score_flat
from benchmarks.method import method
from benchmarks.ranks import ranks
from benchmarks.stopwatch import median_seconds
from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import read_and_check
from hotline_index.simulation import simulate
from hotline_index.steps import analyse
from indicators.scores import score
from indicators.what_if import what_if

EDITION = Path("editions/demo")
REPLICATES = 2000
LEVEL_1 = MethodPlan.model_validate({"weights": {"level_1": {"uniform": 0.25}}, "base": 256})


def campaign() -> None:
    edition = open_edition(EDITION)
    units = edition.sample or ()
    records, _ = read_and_check(edition, Quiet())
    scores, _ = score(records, edition.system, units)
    draws, _ = bootstrap(scores, replicates=REPLICATES)
    once = median_seconds(lambda: score(records, edition.system, units))
    tree, plan = edition.system.hierarchy, edition.config.simulation
    assert plan is not None
    published, _ = read_published(edition.folder / plan.like, tree.ids, tree.audiences)
    steps = {
        "simulate": median_seconds(lambda: simulate(edition, published), runs=3),
        "read and check": median_seconds(lambda: read_and_check(edition, Quiet())),
        "score": once,
        "what if, a weight": median_seconds(lambda: what_if(scores, {"goal": {"weight": 2}})),
        "what if, a rule": median_seconds(
            lambda: what_if(scores, {"asked_once": {"rule": {"likert": [1, 5]}, "weight": 2}})
        ),
        f"bootstrap, {REPLICATES} draws": median_seconds(
            lambda: bootstrap(scores, replicates=REPLICATES), runs=3
        ),
        "rank intervals": median_seconds(
            lambda: rank_units(scores.of("total").to_numpy(), draws), runs=3
        ),
        "sensitivity, 1,280 draws": median_seconds(
            lambda: rank_sensitivity(scores, LEVEL_1, widest=9), runs=3
        ),
        "all of a run but writing": median_seconds(lambda: analyse(edition), runs=3),
    }
    print(f"{'step':<24}{'median s':>10}{'x scoring once':>16}")
    for name, seconds in steps.items():
        print(f"{name:<24}{seconds:>10.3f}{seconds / once:>16.1f}")
    together = steps[f"bootstrap, {REPLICATES} draws"]
    print(f"scoring every draw anew / bootstrap: {REPLICATES * once / together:.0f}")


def engine() -> None:
    sizes = ((335, 60), (3350, 60), (335, 600))
    indices = [flat_index(*size) for size in sizes]
    spent = [median_seconds(lambda index=index: score_flat(*index), runs=9) for index in indices]
    print(f"\n{'index of figures':<24}{'median ms':>10}{'x the first':>16}")
    for (units, figures), seconds in zip(sizes, spent, strict=True):
        name = f"{units} units x {figures}"
        print(f"{name:<24}{seconds * 1000:>10.0f}{seconds / spent[0]:>16.1f}")


campaign()
engine()
method()
ranks()
