"""Small indices, scored in milliseconds: of calls, questionnaires and figures, or of figures only."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records


def words(name: str) -> dict[str, str]:
    return {"id": name, "zh": name, "en": name}


def item(name: str, table: str, rule: dict[str, Any]) -> dict[str, Any]:
    return words(name) | {"table": table, "rule": rule}


def system(**keys: Any) -> System:
    """Two indicators of two leaves each, and one that adds a bonus."""
    likert = {"likert": [1, 5]}
    told = {"zh": "s", "en": "s"}
    service = [
        words("speed") | {"items": [item("q1", "calls", likert), item("q2", "calls", likert)]},
        words("tone") | {"items": [item("q3", "calls", likert)]},
    ]
    outcome = [
        words("solved") | {"items": [item("q4", "responses", likert)]},
        words("load") | {"items": [item("f1", "figures", {"minmax": [0, 10]}), item("f2", "figures", {"minmax": [0, 10]})]},
    ]  # fmt: skip
    extra = words("extra") | {"role": "innovation", "bonus": 1, "items": [item("f3", "figures", {"minmax": [0, 10]})]}  # fmt: skip
    children = [
        words("service") | {"children": service},
        words("outcome") | {"children": outcome, "weight": 2},
        extra,
    ]
    stated = {"id": "small", "title": told, "source": told, "children": children}
    return System.model_validate(stated | keys)


def records(units: int = 8, calls: int = 12, seed: int = 0, missing: float = 0.1) -> Records:
    random = np.random.default_rng(seed)
    names = [f"u{at}" for at in range(units)]
    truth = np.linspace(2, 4, units)

    def answers(table: str, n: int, columns: list[str]) -> pd.DataFrame:
        frame = pd.DataFrame({"unit": np.repeat(names, n)})
        frame.insert(0, f"{table}_id", [f"{table}-{at}" for at in range(len(frame))])
        for column in columns:
            values = np.clip(np.rint(random.normal(np.repeat(truth, n), 1)), 1, 5)
            frame[column] = np.where(random.random(len(frame)) < missing, np.nan, values)
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
        return frame

    calls_ = answers("call", calls, ["q1", "q2", "q3"]).assign(scenario="s", audience=pd.NA)
    figures = pd.DataFrame({"unit": names} | {f"f{k}": random.uniform(1, 100, units) for k in (1, 2, 3)})  # fmt: skip
    figures.loc[0, ["f1", "f2"]] = np.nan
    figures.index = pd.RangeIndex(2, units + 2, name="row")
    return Records({"calls": calls_, "responses": answers("response", calls, ["q4"]), "figures": figures})  # fmt: skip


@pytest.fixture(scope="session")
def small() -> Callable[..., Scores]:
    def scored(units: int = 8, calls: int = 12, seed: int = 0, missing: float = 0.1, **keys: Any) -> Scores:  # fmt: skip
        names = [f"u{at}" for at in range(units)]
        return score(records(units, calls, seed, missing), system(**keys), names)[0]

    return scored


@pytest.fixture(scope="session")
def flat() -> Callable[..., Scores]:
    return _flat


def _flat(values: np.ndarray, **keys: Any) -> Scores:
    """One indicator a column, with points as given; equal weights."""
    units, columns = values.shape
    told = {"zh": "s", "en": "s"}
    children = [
        words(f"x{at}") | {"items": [item(f"f{at}", "figures", {"goalposts": [0, 10]})]}
        for at in range(columns)
    ]
    stated = System.model_validate(
        {"id": "flat", "title": told, "source": told, "children": children} | keys
    )
    frame = pd.DataFrame(values, columns=[f"f{at}" for at in range(columns)])
    names = [f"u{at}" for at in range(units)]
    frame.insert(0, "unit", names)
    frame.index = pd.RangeIndex(2, units + 2, name="row")
    return score(Records({"figures": frame}), stated, names)[0]
