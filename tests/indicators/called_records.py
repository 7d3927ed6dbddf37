"""Records of a small campaign in the middle of the scale, with named shoppers and reviewers."""

from typing import Any

import numpy as np
import pandas as pd

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

RUBRIC = {"likert": [0, 10]}


def _words(name: str) -> dict[str, str]:
    return {"id": name, "zh": name, "en": name}


def _leaf(name: str, table: str, *items: str, **more: Any) -> dict[str, Any]:
    of = {} if "where" not in more else {"where": more.pop("where")}
    asked = [_words(item) | {"table": table, "rule": RUBRIC} | of for item in items]
    return _words(name) | {"items": asked} | more


def called_system(**keys: Any) -> System:
    """Averages of three kinds, two audiences, and a bonus."""
    told = {"zh": "s", "en": "s"}
    goal = [
        _leaf("told", "calls", "told1", "told2", where={"scenario": ["information"]}),
        _leaf("solved", "calls", "solved1", where={"scenario": ["complaint"]}),
    ]
    process = [
        _leaf("manner", "calls", "manner1", "manner2", aggregate="geometric"),
        _leaf("ease", "responses", "ease1", "ease2", "ease3", weight=2),
    ]
    stated = {
        "id": "called", "title": told, "source": told,
        "audiences": {"citizen": told | {"weight": 2}, "enterprise": told},
        "children": [
            _words("goal") | {"children": goal},
            _words("process") | {"children": process, "aggregate": "geometric", "weight": 3},
            _leaf("new", "cases", "novelty", role="innovation", bonus=1),
        ],
    }  # fmt: skip
    return System.model_validate(stated | keys)


def called_tables(
    units: int = 8, calls: int = 10, shoppers: int = 6, seed: int = 0, lift: float = 0.5
) -> dict[str, pd.DataFrame]:
    """Calls by audience and scenario, 60 responses a unit and 6 cases of 2 reviewers each.

    Answers lie 1 around 5 to 7, shoppers `lift` around nothing; a tenth is missing.
    """
    random = np.random.default_rng(seed)
    level = np.linspace(5, 7, units)

    def answers(frame: pd.DataFrame, columns: list[str], more: np.ndarray) -> pd.DataFrame:
        of = level[frame["unit"].str[1:].astype(int)] + more
        frame = frame.assign(
            **{name: np.clip(of + random.standard_normal(len(of)), 0, 10) for name in columns}
        )
        frame[columns] = frame[columns].mask(random.random((len(of), len(columns))) < 0.1)
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
        return frame

    names = [f"u{at}" for at in range(units)]
    grid = pd.MultiIndex.from_product(
        [names, ["citizen", "enterprise"], ["information", "complaint"], range(calls)],
        names=["unit", "audience", "scenario", "turn"],
    ).to_frame(index=False)
    who = random.integers(0, shoppers, len(grid))
    severity = lift * random.standard_normal(shoppers)
    grid = grid.assign(call_id=[f"c{at:05}" for at in range(len(grid))], slot="s1", outcome="answered",
                       shopper=[f"s{at}" for at in who])  # fmt: skip
    asked = ["told1", "told2", "solved1", "manner1", "manner2"]
    made = answers(grid.drop(columns="turn"), asked, severity[who])
    made[["told1", "told2"]] = made[["told1", "told2"]].where(made["scenario"] == "information")
    made["solved1"] = made["solved1"].where(made["scenario"] == "complaint")
    asked = ["ease1", "ease2", "ease3"]
    responses = pd.DataFrame({"unit": np.repeat(names, 60)})
    responses["response_id"] = [f"r{at:05}" for at in range(len(responses))]
    responses["audience"] = np.tile(["citizen", "enterprise", "citizen"], len(responses) // 3)
    responses["weight"] = random.uniform(0.5, 2, len(responses))
    cases = pd.DataFrame({"unit": np.repeat(names, 12), "kind": "content"})
    cases["case_id"] = [f"k{at // 2:04}" for at in range(len(cases))]
    cases["reviewer"] = [f"v{at % 3}" for at in range(len(cases))]
    merit = np.repeat(random.standard_normal(len(cases) // 2), 2)
    return {
        "calls": made,
        "responses": answers(responses, asked, 0.7 * random.standard_normal(len(responses))),
        "cases": answers(cases, ["novelty"], merit),
    }


def called_scores(tables: dict[str, pd.DataFrame] | None = None, **keys: Any) -> Scores:
    """Score such records; the keys are those of `called_tables`."""
    tables = called_tables(**keys) if tables is None else tables
    units = sorted({*tables["responses"]["unit"]}, key=lambda name: int(name[1:]))
    return score(Records(tables), called_system(), units)[0]
