from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from indicators.alerts import COLUMNS, alerts
from indicators.scores import score
from indicators.system_file import load_system

SYSTEM = load_system("hotline-quality")
AGENTS = ["甲", "乙"]


@pytest.fixture(scope="module")
def scores():
    return score(random_records(SYSTEM, AGENTS, seed=3), SYSTEM, AGENTS)[0]


def having(scores, **given: dict[str, float]):
    """Return the scores with those of both agents set by indicator, all others at 100."""
    table = np.full_like(scores.score, 100.0)
    for unit, values in given.items():
        for indicator, value in values.items():
            table[scores.unit_index(unit), -1, scores.hierarchy.index(indicator)] = value
    return replace(scores, score=table)


def test_the_worst_level_whose_mark_a_score_falls_below(scores):
    found = alerts(
        having(
            scores,
            甲={"total": 59.99, "ticket": 60, "conduct": 74.99, "warmth": 75},
            乙={"handling": 84.99, "answering": 85, "results": np.nan, "ticket": 0},
        )
    )
    assert list(found.columns) == list(COLUMNS)
    expected = pd.DataFrame(
        [
            ("甲", "total", "red", "红色预警", "red alert", 59.99, 60.0),
            ("甲", "ticket", "yellow", "黄色预警", "yellow alert", 60.0, 75.0),
            ("甲", "conduct", "yellow", "黄色预警", "yellow alert", 74.99, 75.0),
            ("甲", "warmth", "blue", "蓝色预警", "blue alert", 75.0, 85.0),
            ("乙", "handling", "blue", "蓝色预警", "blue alert", 84.99, 85.0),
            ("乙", "ticket", "red", "红色预警", "red alert", 0.0, 60.0),
        ],
        columns=list(COLUMNS),
    )
    pd.testing.assert_frame_equal(found, expected)


def test_only_the_overall_score_alerts():
    system = SYSTEM.model_copy(update={"alerts": SYSTEM.alerts})
    hotline = load_system("hotline-2021").model_copy(
        update={"alerts": (system.alerts[0].model_copy(update={"below": 5.0}),)}
    )
    scored = score(random_records(hotline, ["长沙"], seed=1), hotline, ["长沙"])[0]
    table = np.full_like(scored.score, 9.0)
    table[0, 0] = 1.0
    assert alerts(replace(scored, score=table)).empty
    table[0, -1, 0] = 4.9
    assert alerts(replace(scored, score=table))[["indicator", "below"]].values.tolist() == [
        ["total", 5.0]
    ]


def test_a_system_without_levels_has_no_alerts(scores):
    plain = replace(scores, system=SYSTEM.model_copy(update={"alerts": ()}))
    found = alerts(plain)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
    assert alerts(having(scores)).dtypes.to_dict() == alerts(scores).dtypes.to_dict()
