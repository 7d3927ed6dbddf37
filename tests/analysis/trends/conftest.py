"""Editions of a small system whose answers are known."""

import copy

import numpy as np
import pandas as pd
import pytest

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

PLAIN = {
    "id": "plain",
    "title": {"zh": "试验", "en": "made"},
    "source": {"zh": "试验", "en": "made"},
    "audiences": {
        "citizen": {"zh": "群众", "en": "citizens"},
        "enterprise": {"zh": "企业", "en": "enterprises"},
    },
    "children": [
        {"id": "speed", "zh": "快", "en": "speed", "weight": 2, "items": [
            {"id": name, "zh": name, "en": name, "table": "responses", "rule": {"likert": [0, 10]}}
            for name in ("quick", "waited")
        ]},
        {"id": "care", "zh": "细", "en": "care", "weight": 1, "items": [
            {"id": "kind", "zh": "耐心", "en": "kind", "table": "responses",
             "rule": {"likert": [0, 10]}},
        ]},
    ],
}  # fmt: skip
COLUMNS = ("quick", "waited", "kind", "honest")


def system(change=None) -> System:
    data = copy.deepcopy(PLAIN)
    if change:
        change(data)
    return System.model_validate(data)


def edition(of: System, seed: int = 0, units=("a", "b", "c", "d"), lift=0.0, n=20) -> Scores:
    """Score answers whose mean is `lift` above 4, and above that by the place of the unit."""
    random = np.random.default_rng(seed)
    rows = n * len(units)
    lift = np.repeat(np.broadcast_to(lift, len(units)), n)
    frame = pd.DataFrame(
        {
            "response_id": [f"r{i}" for i in range(rows)], "unit": np.repeat(units, n),
            "audience": np.resize(["citizen", "enterprise"], rows),
            **{name: np.clip(random.normal(4, 1, rows) + lift + np.repeat(np.arange(len(units)), n)
                             / 5, 0, 10) for name in COLUMNS},
        },
        index=pd.RangeIndex(2, rows + 2, name="row"),
    )  # fmt: skip
    figures = pd.DataFrame({"unit": units, "agents": random.uniform(1, 10, len(units))})
    return score(Records({"responses": frame, "figures": figures}), of, list(units))[0]


@pytest.fixture(scope="session")
def make_system():
    return system


@pytest.fixture(scope="session")
def make_edition():
    return edition
