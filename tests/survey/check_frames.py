"""Typed records for the tests of checks, drawn at random."""

import numpy as np
import pandas as pd

from survey.checks import Checked, CheckPlan, inspect_records
from survey.contracts import CONTRACTS, AnswerColumn
from survey.records import Records

UNITS = tuple(f"城{i}" for i in range(8))
LIKERT = tuple(AnswerColumn(f"v{i}", "number", minimum=1, maximum=5) for i in range(14))
YES_NO = tuple(AnswerColumn(f"b{i}", "category", allowed=("yes", "no")) for i in range(12))
PLAN = CheckPlan({"calls": YES_NO, "responses": LIKERT}, UNITS)


def _whole(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    blank = pd.Series(None, index=frame.index, dtype="str")
    columns = {name: frame.get(name, blank) for name in CONTRACTS[table].names}
    whole = pd.DataFrame({**columns, **{n: frame[n] for n in frame if n not in columns}})
    whole.index = pd.RangeIndex(2, len(whole) + 2, name="row")
    return whole


def responses(size: int = 800, seed: int = 0) -> pd.DataFrame:
    """Questionnaires of eight units whose answers share a level."""
    random = np.random.default_rng(seed)
    level = random.normal(0, 1, size)[:, None] + random.logistic(0, 1, (size, len(LIKERT)))
    answers = np.digitize(level, [-2, -0.7, 0.7, 2]) + 1.0
    day = np.datetime64("2021-03-01", "s") + (random.integers(0, 40, size) * 86400)
    start = day + random.integers(9 * 3600, 21 * 3600, size).astype("timedelta64[s]")
    frame = pd.DataFrame(
        {
            "response_id": [f"R{i}" for i in range(size)],
            "unit": random.choice(UNITS, size),
            "audience": random.choice(["citizen", "enterprise"], size),
            "mode": random.choice(["web", "phone"], size),
            "weight": 1.0,
            "started_at": start.astype("datetime64[us]"),
            "duration_seconds": np.rint(200 * np.exp(0.3 * random.standard_normal(size))),
        }
    )
    named = dict(zip([a.name for a in LIKERT], answers.T, strict=True))
    return _whole(frame.assign(**named), "responses")


def calls(size: int = 400, seed: int = 0) -> pd.DataFrame:
    """Answered calls of five shoppers, an hour apart for each, from 8 to 18 o'clock."""
    random = np.random.default_rng(seed)
    place = np.arange(size)
    round_ = place // 5
    start = np.datetime64("2021-03-01", "s") + (round_ // 10) * 86400 + (8 + round_ % 10) * 3600
    frame = pd.DataFrame(
        {
            "call_id": [f"C{i}" for i in place],
            "unit": random.choice(UNITS, size),
            "audience": random.choice(["citizen", "enterprise"], size),
            "scenario": random.choice(["information", "complaint"], size),
            "slot": np.where(round_ % 10 < 5, "s1", "s2"),
            "shopper": [f"p{i % 5}" for i in place],
            "started_at": (start + np.timedelta64(300, "s")).astype("datetime64[us]"),
            "outcome": "answered",
            "wait_seconds": np.rint(20 * np.exp(0.5 * random.standard_normal(size))),
            "talk_seconds": np.rint(150 * np.exp(0.3 * random.standard_normal(size))),
        }
    )
    named = {a.name: random.choice(["yes", "no"], size) for a in YES_NO}
    return _whole(frame.assign(**named).astype({a.name: "str" for a in YES_NO}), "calls")


def schedule_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The plan that calls were made by exactly."""
    names = [n for n in CONTRACTS["plan"].names if n in frame]
    date = frame["started_at"].dt.normalize()
    return frame[names].assign(date=date, role="main")


def inspect(meant: CheckPlan = PLAN, **tables: pd.DataFrame) -> Checked:
    return inspect_records(Records(tables), meant)


def flagged(checked: Checked, check: str) -> set[str]:
    """Ids of the records that a check flags."""
    return set(checked.flags.loc[checked.flags["check"] == check, "record"])
