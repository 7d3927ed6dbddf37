"""How long rank sets and adjusted scores take, and how they grow with units and draws.

The yardstick is 335 units and 1,000 draws: marginal and simultaneous sets and the sets of the best.
Comparisons grow with the square of the units and with the draws, so 670 units should take four
times as long, and 150 a fifth.
"""

import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from analysis.ranks.rank_sets import gaussian_errors, rank_sets, tau_best
from analysis.ranks.ranking import rank_scores
from analysis.ranks.shrinkage import shrink

SIZES = ((335, 1000), (150, 1000), (670, 1000), (335, 4000))


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def ranks() -> None:
    once = 0.0
    print(f"\n{'rank sets':<24}{'median s':>10}{'x the first':>13}{'peak MB':>9}")
    for units, draws in SIZES:
        random = np.random.default_rng(1)
        se = random.uniform(0.2, 0.4, units)
        estimates = random.normal(6.5, 1.4, units)
        errors = gaussian_errors(se, draws)

        def sets(estimates: np.ndarray = estimates, errors: np.ndarray = errors) -> None:
            rank_sets(estimates, errors)
            tau_best(rank_sets(estimates, errors, simultaneous=True), 10)

        spent = seconds(sets)
        tracemalloc.start()
        sets()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        once = once or spent
        print(
            f"{f'{units} units x {draws} draws':<24}{spent:>10.2f}{spent / once:>13.1f}{peak:>9.0f}"
        )

    random = np.random.default_rng(1)
    estimates, se = random.normal(6.5, 1.4, 335), random.uniform(0.2, 0.4, 335)
    drawn = random.normal(6.5, 1.4, (10_000, 335))
    print(f"\n{'335 units':<24}{'median s':>10}")
    for name, work in {
        "normal posteriors": lambda: shrink(estimates, se),
        "deconvolution": lambda: shrink(estimates, se, method="deconvolution"),
        "ranks of 10,000 draws": lambda: rank_scores(drawn),
    }.items():
        print(f"{name:<24}{seconds(work):>10.3f}")
