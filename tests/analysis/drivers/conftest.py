"""Scores of a small system whose answers are known."""

import numpy as np
import pandas as pd
import pytest

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

SYSTEM = System.model_validate(
    {
        "id": "made",
        "title": {"zh": "试验", "en": "made"},
        "source": {"zh": "试验", "en": "made"},
        "audiences": {
            "citizen": {"zh": "群众", "en": "citizens"},
            "enterprise": {"zh": "企业", "en": "enterprises"},
        },
        "children": [
            {
                "id": name, "zh": zh, "en": name,
                "items": [{"id": column, "zh": column, "en": column, "table": table,
                           "rule": {"goalposts": [0, 10]} if table == "figures"
                           else {"likert": [0, 10]}}
                          for column in columns],
            }
            for name, zh, table, columns in (
                ("speed", "快", "responses", ["quick"]),
                ("care", "细", "responses", ["kind", "patient"]),
                ("content", "满意", "responses", ["pleased"]),
                ("reach", "接通", "calls", ["reached"]),
                ("staff", "人员", "figures", ["agents"]),
            )
        ],
    }
)  # fmt: skip


def make_scores(
    seed: int = 0, units: int = 30, responses: int = 40, change=None, weight: float | None = None
) -> Scores:
    """Score answers where pleased = quick + kind / 4 + noise; `change` alters the tables."""
    random = np.random.default_rng(seed)
    names = [f"u{i:02}" for i in range(units)]
    n = units * responses
    level = np.repeat(random.uniform(3, 6, units), responses)
    answers = pd.DataFrame(
        {
            "response_id": [f"r{i}" for i in range(n)],
            "unit": np.repeat(names, responses),
            "audience": np.resize(["citizen", "enterprise"], n),
            "weight": random.uniform(0.5, 2, n) if weight is None else weight,
            "quick": np.clip(level + random.normal(0, 1, n), 0, 10),
            "kind": np.clip(level + random.normal(0, 1, n), 0, 10),
            "patient": np.clip(level + random.normal(0, 1, n), 0, 10),
        },
        index=pd.RangeIndex(2, n + 2, name="row"),
    )
    noise = random.normal(0, 0.5, n)
    answers["pleased"] = np.clip(0.6 * answers["quick"] + 0.2 * answers["kind"] + 1 + noise, 0, 10)
    calls = pd.DataFrame(
        {
            "call_id": [f"c{i}" for i in range(4 * units)], "unit": np.repeat(names, 4),
            "audience": np.resize(["citizen", "enterprise"], 4 * units),
            "scenario": "information", "slot": "s1", "outcome": "answered",
            "reached": random.uniform(0, 10, 4 * units),
        },
        index=pd.RangeIndex(2, 4 * units + 2, name="row"),
    )  # fmt: skip
    figures = pd.DataFrame({"unit": names, "agents": random.uniform(0, 10, units)})
    tables = {"responses": answers, "calls": calls, "figures": figures}
    if change:
        change(tables)
    return score(Records(tables), SYSTEM, names)[0]


@pytest.fixture(scope="session")
def made():
    return make_scores
