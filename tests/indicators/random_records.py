"""Random valid records for an indicator system, for tests that need no particular city."""

import numpy as np
import pandas as pd

from indicators.system import System
from survey.contracts import AnswerColumn
from survey.records import Records

SLOTS = ("s1", "s2", "s3", "s4", "s5", "s6")


def random_records(
    system: System,
    units: list[str],
    seed: int = 0,
    calls: int = 24,
    responses: int = 60,
    missing: float = 0.1,
) -> Records:
    random = np.random.default_rng(seed)
    answers = system.answer_columns()
    audiences = np.array(list(system.audiences))

    def base(per_unit: int, key: str) -> pd.DataFrame:
        n = per_unit * len(units)
        return pd.DataFrame(
            {key: [f"{key}-{i}" for i in range(n)], "unit": np.repeat(units, per_unit)},
            index=pd.RangeIndex(2, n + 2, name="row"),
        )

    def answered(frame: pd.DataFrame, columns: tuple[AnswerColumn, ...]) -> pd.DataFrame:
        for column in columns:
            if column.kind == "category":
                values = np.array(column.allowed, dtype=object)[
                    random.integers(0, len(column.allowed), len(frame))
                ]
            else:
                low = column.minimum or 0
                high = column.maximum if column.maximum is not None else 200
                values = random.integers(int(low), int(high) + 1, len(frame)).astype(float)
            blank = random.random(len(frame)) < missing
            frame[column.name] = pd.Series(values, index=frame.index).mask(blank)
        return frame

    tables = {}
    frame = base(calls, "call_id")
    frame["audience"] = audiences[np.arange(len(frame)) % len(audiences)]
    frame["scenario"] = np.array(["information", "complaint"])[np.arange(len(frame)) // 2 % 2]
    frame["slot"] = np.array(SLOTS)[np.arange(len(frame)) // 4 % 6]
    frame = answered(frame, answers["calls"])
    frame["outcome"] = random.choice(
        ["answered", "busy", "no_answer", "dropped", "ivr_only"],
        len(frame),
        p=[0.8, 0.05, 0.05, 0.05, 0.05],
    )
    tables["calls"] = frame
    frame = base(responses, "response_id")
    frame["audience"] = audiences[random.integers(0, len(audiences), len(frame))]
    frame["weight"] = random.uniform(0.5, 2, len(frame))
    tables["responses"] = answered(frame, answers["responses"])
    if "cases" in answers:
        frame = base(4, "case_id")
        frame["kind"] = random.choice(["content", "method"], len(frame))
        tables["cases"] = answered(frame[random.random(len(frame)) < 0.3].copy(), answers["cases"])
    return Records(tables)
