"""Scores and calls with planted values, for tests of comparisons."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from indicators.scores import Scores, score
from indicators.system_file import load_system


@pytest.fixture(scope="session")
def scored() -> Callable[[int], Scores]:
    made: dict[int, Scores] = {}

    def of(units: int) -> Scores:
        if units not in made:
            system = load_system("hotline-2021")
            names = [f"u{i:03}" for i in range(units)]
            records = random_records(system, names, seed=1, calls=4, responses=4, missing=0)
            made[units] = score(records, system, names)[0]
        return made[units]

    return of


@pytest.fixture(scope="session")
def made_scores(scored) -> Callable[..., Scores]:
    """Scores with a given total over all audiences and equal standard errors."""

    def make(total: np.ndarray, se: float | np.ndarray = 0.3) -> Scores:
        made = scored(len(total))
        values, errors = made.score.copy(), np.full_like(made.score, 0.3)
        values[:, -1, 0], errors[:, -1, 0] = total, se
        return replace(made, score=values).with_se(errors)

    return make


@pytest.fixture(scope="session")
def made_for_audiences(scored) -> Callable[..., Scores]:
    """Scores that have nothing but the totals of the two audiences."""

    def make(first: np.ndarray, second: np.ndarray, se: float = 0.3) -> Scores:
        made = scored(len(first))
        values = np.full_like(made.score, np.nan)
        values[:, 0, 0], values[:, 1, 0] = first, second
        return replace(made, score=values).with_se(np.full_like(values, se))

    return make


@pytest.fixture(scope="session")
def calls() -> pd.DataFrame:
    """Calls of 40 units, in which slot s2 and enterprises are answered less often and later."""
    rng = np.random.default_rng(6)
    at = np.arange(40 * 24)
    frame = pd.DataFrame(
        {
            "call_id": [f"c{i:04}" for i in at],
            "unit": [f"u{i:02}" for i in at // 24],
            "audience": np.where(at % 2 == 0, "citizen", "enterprise"),
            "scenario": np.where(at // 2 % 2 == 0, "information", "complaint"),
            "slot": np.array(["s1", "s2", "s3"])[at // 4 % 3],
            "channel": "phone",
        }
    )
    slow = 0.8 * (frame["slot"] == "s2") + 0.6 * (frame["audience"] == "enterprise")
    pull = np.repeat(rng.normal(0, 0.4, 40), 24)
    chance = 1 / (1 + np.exp(-(1.4 + pull - slow)))
    draw = rng.random(len(at))
    others = rng.choice(["busy", "no_answer", "dropped", "ivr_only"], len(at))
    frame["outcome"] = np.where(draw < chance, "answered", others)
    frame["wait_seconds"] = np.ceil(rng.exponential(30 * np.exp(slow - pull)))
    frame.loc[frame["outcome"] == "busy", "wait_seconds"] = 0.0
    return frame
