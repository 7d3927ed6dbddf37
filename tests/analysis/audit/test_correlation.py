import numpy as np
import pandas as pd
import pytest

from analysis.audit.correlation import check_double_counting, check_misplaced, check_siblings
from analysis.audit.evidence import Evidence
from indicators.scores import score
from indicators.system import System
from survey.records import Records


def found(rows) -> dict[tuple[str, str], str]:
    return {(row.check.id, row.where): row.verdict for row in rows}


@pytest.mark.parametrize(
    ("loadings", "low", "high"),
    [
        ([[0.8], [0.8], [0.8]], "pass", "pass"),
        ([[0.8], [0.2], [0.8]], "warn", "pass"),
        ([[0.8], [-0.8], [0.8]], "fail", "pass"),
        ([[0.99], [0.99], [0.8]], "pass", "warn"),
    ],
)
def test_siblings(index_of, correlated, loadings, low, high):
    verdicts = found(check_siblings(Evidence(index_of(correlated(loadings), ["a", "b", "c"]))))
    assert verdicts == {("siblings", "total"): low, ("redundant", "total"): high}


def test_a_negative_correlation_by_chance_is_a_warning(index_of, correlated):
    """r = -0.2 over 30 units is not significant (p = 0.29), over 300 it is."""
    drawn = correlated([[0.5], [-0.5]], units=300, seed=3)
    assert found(check_siblings(Evidence(index_of(drawn, ["a", "b"]))))[("siblings", "total")] == (
        "fail"
    )
    few = correlated([[0.4], [-0.4]], units=30, seed=1)
    r = np.corrcoef(few.T)[0, 1]
    assert -0.36 < r < 0  # the bound of p = 0.05 for 30 pairs
    assert found(check_siblings(Evidence(index_of(few, ["a", "b"]))))[("siblings", "total")] == (
        "warn"
    )


def test_an_indicator_that_goes_with_another_branch_is_told(index_of, correlated):
    values = correlated([[0.9, 0], [0.9, 0], [0, 0.9], [0, 0.9], [0.1, 0.8]])
    scores = index_of(values, {"x": ["a", "b", "stray"], "y": ["c", "d"]})
    values = values[:, [0, 1, 4, 2, 3]]
    scores = index_of(values, {"x": ["a", "b", "stray"], "y": ["c", "d"]})
    verdicts = found(check_misplaced(Evidence(scores)))
    assert verdicts[("misplaced", "stray")] == "warn"
    assert {verdicts[("misplaced", each)] for each in "abcd"} == {"pass"}


def test_an_indicator_scored_the_wrong_way_fails(index_of, correlated):
    values = correlated([[0.9, 0], [0.9, 0], [0.9, 0], [-0.95, 0], [0, 0.9], [0, 0.9]])
    scores = index_of(values, {"x": ["a", "b", "c", "wrong"], "y": ["d", "e"]})
    assert found(check_misplaced(Evidence(scores)))[("misplaced", "wrong")] == "fail"


def test_one_level_has_no_branches_to_be_misplaced_in(index_of, correlated):
    scores = index_of(correlated([[0.9], [0.9]]), ["a", "b"])
    assert not list(check_misplaced(Evidence(scores)))


def test_twins_in_different_branches_are_counted_twice(index_of, correlated):
    values = correlated([[0.8], [0.8], [0.8]])
    values = np.column_stack([values, values[:, 0] * 0.9])
    scores = index_of(values, {"x": ["a", "b"], "y": ["c", "twin"]})
    verdicts = found(check_double_counting(Evidence(scores)))
    assert verdicts == {("double-counting", "a, twin"): "fail"}


def test_without_twins_the_nearest_pair_passes(index_of, correlated):
    scores = index_of(correlated([[0.8], [0.8], [0.8]]), ["a", "b", "c"])
    assert list(found(check_double_counting(Evidence(scores))).values()) == ["pass"]


def calls_index(first: dict, second: dict):
    """Two indicators that both score the column ``done`` of calls, under conditions."""
    words = {"zh": "甲", "en": "a"}
    rule = {"binary": ["yes", "no"]}
    children = [
        {"id": name, **words, "items": [
            {"id": f"{name}_done", **words, "table": "calls", "column": "done", "rule": rule, **how}
        ]}
        for name, how in (("x", first), ("y", second))
    ]  # fmt: skip
    system = System.model_validate(
        {"id": "made", "title": words, "source": words, "children": children}
    )
    units = [f"u{at}" for at in range(12)]
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "call_id": [f"c{at}" for at in range(96)],
            "unit": np.repeat(units, 8),
            "scenario": np.tile(["information", "complaint"], 48),
            "outcome": "answered",
            "done": random.choice(["yes", "no"], 96),
        },
        index=pd.RangeIndex(2, 98, name="row"),
    )
    return score(Records({"calls": frame}), system, units)[0]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({}, {}, True),
        ({"where": {"scenario": ["information"]}}, {}, True),
        ({"where": {"scenario": ["information"]}}, {"where": {"scenario": ["complaint"]}}, False),
    ],
)
def test_one_column_scored_in_two_indicators(first, second, told):
    rows = list(check_double_counting(Evidence(calls_index(first, second))))
    shared = [row for row in rows if row.where == "x_done, y_done"]
    assert [row.verdict for row in shared] == (["warn"] if told else [])
    if told:
        assert "calls.done" in shared[0].found[0]
