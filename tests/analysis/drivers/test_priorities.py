import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.drivers.priorities import QUADRANTS, priorities
from analysis.drivers.sentences import priority_sentence
from survey.findings import InputError

IMPORTANCE = pd.Series({"speed": 6.0, "care": 3.0, "reach": 1.0})


@pytest.fixture(scope="module")
def scores(made):
    plain = made(units=4, responses=8)
    score = np.full_like(plain.score, np.nan)
    tree = plain.hierarchy
    for name, values in {
        "speed": [2, 8, 5.5, 5.5], "care": [5, 5.1, 4.9, np.nan], "reach": [9, 1, 5, 5],
    }.items():  # fmt: skip
        score[:, -1, tree.index(name)] = values
    return type(plain)(**{**plain.__dict__, "score": score}).with_se(np.full_like(score, 0.2))


def test_quadrants_follow_importance_and_gap(scores):
    table, findings = priorities(scores, IMPORTANCE)
    quadrant = table.set_index(["unit", "indicator"])["quadrant"]
    assert quadrant["u00", "speed"] == "concentrate"
    assert quadrant["u01", "speed"] == "keep_up"
    assert quadrant["u00", "reach"] == "overkill"
    assert quadrant["u01", "reach"] == "low_priority"
    assert quadrant["u02", "speed"] == "unclear"
    assert set(quadrant) <= set(QUADRANTS)
    assert table["importance"].iloc[:3].tolist() == pytest.approx([0.6, 0.3, 0.1])
    assert table["important"].iloc[:3].tolist() == [True, False, False]
    assert ("u03", "care") not in quadrant.index
    assert findings == ()


def test_interval_of_a_gap_counts_the_error_of_the_mean_too(scores):
    table, _ = priorities(scores, IMPORTANCE)
    row = table.set_index(["unit", "indicator"]).loc[("u00", "care")]
    contrast = np.array([2, -1, -1]) / 3
    z = stats.norm.ppf(1 - 0.05 / 2 / 3)
    assert row["gap"] == pytest.approx(0)
    assert row["gap_high"] == pytest.approx(z * 0.2 * np.sqrt((contrast**2).sum()))
    assert row["gap_low"] == pytest.approx(-row["gap_high"])


def test_few_records_behind_a_score_widen_its_gap(scores):
    few = scores.with_se(np.where(np.isnan(scores.score), np.nan, 0.2), 5)
    table, _ = priorities(few, IMPORTANCE)
    row = table.set_index(["unit", "indicator"]).loc[("u00", "speed")]
    weights = np.array([3, -1, -1, -1]) / 4
    variance = 0.04 * weights**2
    degrees = variance.sum() ** 2 / (variance**2 / 5).sum()
    reach = stats.t.ppf(1 - 0.05 / 2 / 3, degrees) * np.sqrt(variance.sum())
    assert row["gap_high"] - row["gap"] == pytest.approx(reach)


def test_the_first_priority_is_the_most_important_times_the_widest_gap(scores):
    first = pd.Series({"speed": 1.0, "care": 1.0, "reach": 1.0})
    table, _ = priorities(scores, first, level=0.5)
    own = table[table["unit"] == "u01"].set_index("indicator")
    assert own.loc["reach", "priority"] == 1
    assert own.loc["reach", "quadrant"] == "concentrate"
    assert pd.isna(own.loc["speed", "priority"])


def test_peers_are_the_group_and_a_unit_alone_has_none(scores):
    peers = pd.Series({"u00": "a", "u01": "a", "u02": "b"}, name="tier")
    table, findings = priorities(scores, IMPORTANCE, peers=peers)
    mean = table.set_index(["unit", "indicator"])["mean"]
    assert mean["u00", "speed"] == 5
    assert np.isnan(mean["u02", "speed"])
    assert [(f.check, f.column, f.count) for f in findings] == [("no-peers", "tier", 2)]
    assert (table.loc[table["unit"].isin(["u02", "u03"]), "quadrant"] == "unclear").all()


def test_without_standard_errors_nothing_is_judged(scores):
    table, findings = priorities(scores.with_se(np.full_like(scores.score, np.nan)), IMPORTANCE)
    assert (table["quadrant"] == "unclear").all()
    assert {f.check for f in findings} == {"gap-without-interval"}


def test_items_are_left_out_and_wrong_importance_refused(scores):
    table, findings = priorities(scores, pd.concat([IMPORTANCE, pd.Series({"kind": 9.0})]))
    assert [(f.check, f.column) for f in findings] == [("item-without-priority", "kind")]
    assert "kind" not in set(table["indicator"])
    with pytest.raises(InputError, match="did you mean 'speed'"):
        priorities(scores, pd.Series({"sped": 1.0}))
    for wrong in ([-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="importance"):
            priorities(scores, pd.Series(wrong, index=["speed", "care"]))


def test_sentences_say_what_to_do_first_and_what_cannot_be_told(scores):
    table, _ = priorities(scores, IMPORTANCE)
    assert priority_sentence(table, "u00", scores.system) == (
        "建议优先改进“快”（低3.25分）；另有1项与平均的差距在误差范围内，尚难判断。"
    )
    assert priority_sentence(table, "u01", scores.system).startswith(
        "没有一项重要指标明显低于参照平均；“接通”也偏低，可随后改进"
    )
    assert priority_sentence(table, "u00", scores.system, "en") == (
        "First: speed (3.25 points below); of 1 more it cannot be told."
    )
