import pandas as pd
import pytest

from survey.records import Records


def frame_of(texts, **columns) -> pd.DataFrame:
    n = len(texts)
    return pd.DataFrame(
        {"response_id": [f"r{i:03}" for i in range(n)], "unit": ["甲", "乙"] * (n // 2) + ["甲"] * (n % 2),
         "suggestion": pd.Series(texts, dtype="str"), **columns},
    )  # fmt: skip


def records_of(texts, **columns) -> Records:
    return Records({"responses": frame_of(texts, **columns)})


@pytest.fixture(scope="session")
def make_records():
    return records_of
