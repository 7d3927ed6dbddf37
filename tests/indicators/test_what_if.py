import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import load_system
from indicators.what_if import changed_system, what_if
from survey.findings import InputError
from survey.records import Records

UNITS = ["北京", "长沙", "银川", "三亚", "周口", "亳州"]


@pytest.fixture(scope="module")
def system() -> System:
    return load_system("hotline-2021")


@pytest.fixture(scope="module")
def scores(system: System) -> Scores:
    """亳州 has no data for one of the three indicators: two thirds of the total are covered."""
    tables = dict(random_records(system, UNITS, seed=8).tables)
    calls = tables["calls"].copy()
    lost = calls["unit"] == "亳州"
    calls.loc[lost, ["answer_given", "answer_correct", "case_accepted", "case_result"]] = pd.NA
    calls.loc[lost, "outcome"] = "answered"
    return score(Records(tables | {"calls": calls}), system, UNITS)[0]


def from_scratch(scores: Scores, changed: System) -> Scores:
    return score(scores.records, changed, UNITS)[0]


def test_nothing_changed_nothing_moves(scores):
    found = what_if(scores)
    assert np.array_equal(found.after.score, scores.score, equal_nan=True)
    assert (found.table()["moved"] == 0).all()
    assert found.sentence("zh") == "名次均不变。"


CHANGES = [
    {"goal": {"weight": 3}},
    {"total": {"aggregate": "geometric"}},
    {"process": {"aggregate": "minimum", "missing": "worst"}},
    {"wait_seconds": {"rule": {"piecewise": [[5, 10], [20, 0]], "unit": "s"}}},
    {"citizen": {"weight": 4}},
    {"total": {"minimum_coverage": 0.9}},
    {"innovation": {"bonus": 3}},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_change_gives_what_scoring_the_changed_system_from_scratch_gives(scores, changes):
    found = what_if(scores, changes)
    expected = from_scratch(scores, changed_system(scores.system, changes))
    assert np.array_equal(found.after.score, expected.score, equal_nan=True)
    assert np.array_equal(found.after.coverage, expected.coverage)
    assert not np.array_equal(found.after.score, scores.score, equal_nan=True)


def test_leaving_out_an_item_an_indicator_and_all_of_an_indicator(scores):
    system = scores.system
    after = changed_system(system, {}, ["wait_seconds"])
    assert "wait_seconds" not in after.hierarchy.items
    after = changed_system(system, {}, ["innovation_content", "innovation_method"])
    assert "innovation" not in after.hierarchy.ids
    found = what_if(scores, leave_out=["goal"])
    rest = np.mean([scores.of(i) for i in ("process", "value")], axis=0)
    bonus = scores.of("innovation").fillna(0) / 10
    assert found.after.of("total").to_numpy() == pytest.approx(np.minimum(rest + bonus, 10))


def test_leaving_out_everything_is_an_error(scores):
    with pytest.raises(InputError):
        what_if(scores, leave_out=["goal", "process", "value", "innovation"])


def test_table_and_sentence_agree(scores):
    found = what_if(scores, {"value": {"weight": 50}})
    table = found.table()
    assert set(table["unit"]) == set(UNITS)
    assert (table["moved"] == table["rank_before"] - table["rank_after"]).all()
    assert table["change"].to_numpy() == pytest.approx(
        (table["score_after"] - table["score_before"]).to_numpy()
    )
    assert table["moved"].abs().is_monotonic_decreasing
    first, moved = table.iloc[0], int((table["moved"] != 0).sum())
    assert f"{moved} of 6 units change rank; {first['unit']} moves most" in found.sentence("en")
    assert f"6个对象中{moved}个名次变动，{first['unit']}变动最大" in found.sentence("zh")


def test_units_that_lose_their_score_are_told(scores):
    found = what_if(scores, {"total": {"missing": "no_score"}})
    assert np.isnan(found.after.of("total")["亳州"])
    assert "; 1 units have no score any more" in found.sentence("en")
    assert "1个对象不再有得分" in found.sentence("zh")
    assert any(f.check == "no-score" and "亳州" in f.got for f in found.findings)


@pytest.mark.parametrize(
    ("changes", "leave_out", "hint"),
    [
        ({"gaol": {"weight": 2}}, (), "goal"),
        ({"goal": {"weihgt": 2}}, (), "weight"),
        ({"goal": {"weight": -2}}, (), ""),
        ({"total": {"aggregate": "geometrik"}}, (), "geometric"),
        ({}, ("transparancy",), "transparency"),
    ],
)
def test_wrong_changes_are_errors_with_the_nearest_right_name(scores, changes, leave_out, hint):
    with pytest.raises(InputError) as error:
        what_if(scores, changes, leave_out=leave_out)
    assert hint in error.value.findings[0].hint


def test_other_audiences_are_scored_anew(scores):
    """Points by record cannot be taken over where other records count."""
    data = scores.system.model_dump(exclude_unset=True)
    del data["audiences"]["enterprise"]
    one = System.model_validate(data)
    found = what_if(scores, system=one)
    assert found.after.audiences == ("citizen", "all")
    goal, citizens = found.after.of("goal"), scores.of("goal", "citizen")
    assert goal.to_numpy() == pytest.approx(citizens.to_numpy(), nan_ok=True)
