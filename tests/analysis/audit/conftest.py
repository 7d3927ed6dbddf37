from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

WORDS = {"zh": "甲", "en": "a"}
Branches = Mapping[str, Sequence[str]] | Sequence[str]
IndexOf = Callable[..., Scores]


def node(name: str, **more) -> dict:
    return {"id": name, "zh": f"{name}项", "en": name, **more}


def leaf(name: str) -> dict:
    rule = {"goalposts": [0, 10]}
    return node(name, items=[node(f"{name}_item", column=name, table="figures", rule=rule)])


def make(values: np.ndarray, branches: Branches, nodes: Mapping[str, dict] | None = None, **system):
    """Score figures of 0 to 10 as they are; `nodes` changes keys of indicators by id."""
    changes = nodes or {}
    if isinstance(branches, Mapping):
        names = [name for leaves in branches.values() for name in leaves]
        children = [
            node(branch, children=[leaf(each) | changes.get(each, {}) for each in leaves])
            | changes.get(branch, {})
            for branch, leaves in branches.items()
        ]
    else:
        names = list(branches)
        children = [leaf(each) | changes.get(each, {}) for each in names]
    built = System.model_validate(
        {"id": "made", "title": WORDS, "source": WORDS, "children": children, **system}
    )
    units = [f"u{at:03d}" for at in range(len(values))]
    frame = pd.DataFrame(values, columns=names, index=pd.RangeIndex(2, len(values) + 2, name="row"))
    frame.insert(0, "unit", units)
    scores, _ = score(Records({"figures": frame}), built, units)
    return scores


@pytest.fixture
def index_of() -> IndexOf:
    return make


@pytest.fixture
def correlated() -> Callable[..., np.ndarray]:
    """Scores of 0 to 10 with given loadings on independent factors, shape (units, parts)."""

    def draw(loadings: Sequence[Sequence[float]], units: int = 200, seed: int = 0) -> np.ndarray:
        random = np.random.default_rng(seed)
        given = np.array(loadings, dtype=float)
        common = random.normal(size=(units, given.shape[1])) @ given.T
        own = random.normal(size=(units, len(given))) * np.sqrt(
            np.maximum(1 - (given**2).sum(axis=1), 0)
        )
        return np.clip(5 + 1.2 * (common + own), 0, 10)

    return draw
