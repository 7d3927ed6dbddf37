"""An index of units x indicators: treatment, normalisation, aggregation, and how it grows."""

from typing import Any

import numpy as np
import pandas as pd

from indicators.scores import score
from indicators.system import System
from survey.records import Records


def flat_index(units: int, indicators: int, seed: int = 1) -> tuple[System, Records]:
    """Return an index of three levels over skewed figures, some of them missing."""
    random = np.random.default_rng(seed)
    names = [f"i{at}" for at in range(indicators)]

    def words(name: str) -> dict[str, str]:
        return {"id": name, "zh": name, "en": name}

    def leaf(name: str, items: list[str]) -> dict[str, Any]:
        listed = [words(item) | {"table": "figures", "rule": {"minmax": [0, 10]}} for item in items]
        return words(name) | {"items": listed}

    leaves = [leaf(f"p{at}", names[at : at + 5]) for at in range(0, indicators, 5)]
    pillars = [
        words(f"s{at}") | {"children": leaves[at : at + 4]} for at in range(0, len(leaves), 4)
    ]
    system = System.model_validate(
        {
            "id": "bench",
            "title": {"zh": "基准", "en": "benchmark"},
            "source": {"zh": "随机数", "en": "random numbers"},
            "figures": {"treat": "auto"},
            "children": pillars,
        }
    )
    figures = np.exp(random.normal(0, random.uniform(0.2, 1.2, indicators), (units, indicators)))
    figures[random.random(figures.shape) < 0.03] = np.nan
    frame = pd.DataFrame(figures, columns=names)
    frame.insert(0, "unit", [f"u{at}" for at in range(units)])
    frame.index = pd.RangeIndex(2, units + 2, name="row")
    return system, Records({"figures": frame})


def score_flat(system: System, records: Records) -> None:
    """Treat, normalise and aggregate."""
    score(records, system, tuple(records["figures"]["unit"]))
