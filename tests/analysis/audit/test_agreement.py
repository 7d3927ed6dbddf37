import numpy as np
import pandas as pd
import pytest

from analysis.audit.agreement import check_agreement, double_codings
from analysis.audit.evidence import Evidence
from indicators.scores import score
from indicators.system import System
from survey.records import Records


def calls(recording: list[object], marks: np.ndarray):
    words = {"zh": "甲", "en": "a"}
    system = System.model_validate(
        {"id": "made", "title": words, "source": words, "children": [
            {"id": "leaf", **words, "items": [
                {"id": "mark", **words, "table": "calls", "rule": {"likert": [1, 5]}}
            ]}
        ]}
    )  # fmt: skip
    n = len(marks)
    frame = pd.DataFrame(
        {"call_id": [f"c{at}" for at in range(n)], "unit": np.resize(["u0", "u1"], n),
         "recording": pd.Series(recording, dtype="str").to_numpy(), "outcome": "answered",
         "mark": marks},
        index=pd.RangeIndex(2, n + 2, name="row"),
    )  # fmt: skip
    return score(Records({"calls": frame}), system, ["u0", "u1"])[0]


def test_double_coded_calls_are_found_by_their_recording():
    shared = [f"r{at // 2}" for at in range(40)] + [None] * 5 + ["alone"]
    marks = np.repeat(np.arange(1.0, 24), 2)[:46] % 5 + 1
    scores = calls(shared, marks)
    coded = double_codings(scores.points[0], "recording")
    assert coded.shape == (20, 2, 1)
    (row,) = check_agreement(Evidence(scores))
    assert (row.where, row.value, row.verdict) == ("mark", 1, "pass")
    assert "重复编码20条" in row.found[0]


def test_coders_who_disagree_fail():
    marks = np.random.default_rng(0).integers(1, 6, 60).astype(float)
    (row,) = check_agreement(Evidence(calls([f"r{at // 2}" for at in range(60)], marks)))
    assert row.verdict == "fail"


def test_codings_that_never_differ_have_no_alpha():
    (row,) = check_agreement(Evidence(calls([f"r{at // 2}" for at in range(40)], np.full(40, 5.0))))
    assert row.verdict == "warn"
    assert "α无法计算" in row.found[0]


@pytest.mark.parametrize("recording", [[None] * 20, [f"r{at}" for at in range(20)]])
def test_no_double_coding_is_a_warning(recording):
    (row,) = check_agreement(Evidence(calls(recording, np.resize([1.0, 2, 3], 20))))
    assert (row.where, row.verdict) == ("calls", "warn")
    assert "没有重复编码" in row.found[0]


def test_too_few_double_codings_are_a_warning_too():
    shared = [f"r{at // 2}" for at in range(6)] + [None] * 20
    (row,) = check_agreement(Evidence(calls(shared, np.resize([1.0, 2, 3], 26))))
    assert (row.where, row.verdict) == ("mark", "warn")
    assert "3条" in row.found[0]


def test_figures_are_not_coded_by_people(index_of):
    scores = index_of(np.random.default_rng(0).uniform(0, 10, (20, 2)), ["a", "b"])
    assert not list(check_agreement(Evidence(scores)))
