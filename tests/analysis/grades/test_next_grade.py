from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from analysis.grades.grading import Grades, grade_units
from analysis.grades.next_grade import next_grade_sentence, next_grades
from analysis.grades.schemes import NaturalBreaksScheme, SharesScheme, ThresholdsScheme
from analysis.uncertainty.leaf_tree import LeafTree, leaf_indices
from indicators.averages import OrderedAverage, PowerMean
from indicators.scores import Scores, score
from indicators.system_file import load_system

UNITS = [f"u{i}" for i in range(12)]
AVERAGES = ["arithmetic", "geometric", "minimum", "median", PowerMean(power=-2),
            OrderedAverage(owa=(3, 2, 1))]  # fmt: skip


@pytest.fixture(scope="module")
def scores() -> Scores:
    system = load_system("hotline-2021")
    return score(random_records(system, UNITS, seed=8), system, UNITS)[0]


def averaged(scores: Scores, average: object) -> Scores:
    """The same leaves under another average of every indicator but the leaves."""
    tree = replace(scores.hierarchy, average=(average,) * len(scores.hierarchy.ids))
    moved = replace(scores, hierarchy=tree)
    totals = LeafTree.of(moved).totals(tree.weight[:, None])[:, 0]
    values = scores.score.copy()
    values[:, -1, 0] = totals
    return replace(moved, score=values)


def graded(scores: Scores, scheme, draws_of) -> Grades:
    total = scores.score[:, -1, 0]
    noise = np.random.default_rng(0).normal(0, 0.3, (200, len(total)))
    return grade_units(total, draws_of(total + noise), scheme)


def total_with(scores: Scores, unit: str, leaf: str, value: float) -> float:
    tree = LeafTree.of(scores)
    mean, covered = tree.mean.copy(), tree.covered.copy()
    place = leaf_indices(scores.hierarchy).tolist().index(scores.hierarchy.index(leaf))
    mean[place, scores.unit_index(unit)] = value
    covered[place, scores.unit_index(unit)] = 1
    raised = replace(tree, mean=mean, covered=covered)
    return raised.totals(scores.hierarchy.weight[:, None])[scores.unit_index(unit), 0]


@pytest.mark.parametrize("average", AVERAGES, ids=str)
def test_the_score_needed_is_the_least_that_reaches_the_grade(scores, average, draws_of):
    held = averaged(scores, average)
    scheme = SharesScheme(shares=dict.fromkeys("ABCDEF", 1))
    table = next_grades(held, graded(held, scheme, draws_of))
    steps = table[table["indicator"].notna()]
    assert steps["feasible"].any()
    for row in steps.iloc[::5].to_dict("records"):
        goal = held.of("total")[row["unit"]] + row["gap"]
        if row["feasible"]:
            reached = total_with(held, row["unit"], row["indicator"], row["needed"])
            assert reached >= goal - 1e-9
            assert row["needed"] <= held.hierarchy.best
            start = 0 if np.isnan(row["score"]) else row["score"]
            assert row["gain"] == pytest.approx(row["needed"] - start)
            if row["gain"] > 1e-4:
                less = total_with(held, row["unit"], row["indicator"], row["needed"] - 1e-5)
                assert less < goal
        elif not np.isnan(row["score"]):
            assert total_with(held, row["unit"], row["indicator"], held.hierarchy.best) < goal


def test_innovation_without_a_case_starts_from_nothing_and_is_bounded_by_its_bonus(draws_of):
    system = load_system("hotline-2021")
    records = random_records(system, UNITS, seed=8)
    tables = {**records.tables, "cases": records.tables["cases"].iloc[:0]}
    bare, _ = score(replace(records, tables=tables), system, UNITS)
    total = bare.of("total")
    bounds = {"A": 7.0, "B": float(total.max()) + 0.4, "C": 0.0}
    table = next_grades(bare, graded(bare, ThresholdsScheme(thresholds=bounds), draws_of))
    cases = table[table["indicator"].isin(["innovation_content", "innovation_method"])]
    best = cases.set_index("unit").loc[total.idxmax()]
    assert best["score"].isna().all()
    assert best["feasible"].all()
    assert best["needed"].tolist() == pytest.approx([4, 4], abs=1e-5)
    far = table.groupby("unit")["gap"].first() > 1 + 1e-9
    assert not cases["feasible"][cases["unit"].map(far)].any()


def test_a_missing_leaf_that_is_left_out_cannot_be_said_to_gain(scores, draws_of):
    values = scores.score.copy()
    leaf = scores.hierarchy.index("trust")
    values[:, -1, leaf] = np.nan
    holed = replace(scores, score=values)
    values[:, -1, 0] = LeafTree.of(holed).totals(scores.hierarchy.weight[:, None])[:, 0]
    scheme = SharesScheme(shares={"A": 1, "B": 1})
    table = next_grades(holed, graded(holed, scheme, draws_of)).query("indicator == 'trust'")
    assert len(table) == 6
    assert not table["feasible"].any()


def test_every_unit_is_told_and_the_steps_are_in_order_of_gain(scores, draws_of):
    lost = scores.score.copy()
    lost[3, -1, 0] = np.nan
    holed = replace(scores, score=lost)
    grades = graded(holed, SharesScheme(shares={"A": 1, "B": 1, "C": 1}), draws_of)
    table = next_grades(holed, grades)
    assert list(dict.fromkeys(table["unit"])) == UNITS
    assert list(table) == [
        "unit", "grade", "next_grade", "gap", "p_next", "indicator", "score", "needed", "gain",
        "feasible",
    ]  # fmt: skip
    for unit, rows in table.groupby("unit"):
        code = grades.code[UNITS.index(unit)]
        if code <= 0:
            assert len(rows) == 1
            assert rows[["next_grade", "gap", "indicator", "needed"]].isna().all(axis=None)
            continue
        assert rows["next_grade"].unique().tolist() == [grades.grades[code - 1]]
        assert (rows["gap"] > 0).all()
        able = rows["feasible"].to_numpy()
        assert able[: able.sum()].all()
        assert rows["gain"].dropna().is_monotonic_increasing
        better = grades.probability[UNITS.index(unit), :code].sum()
        assert rows["p_next"].to_numpy() == pytest.approx(better)


def test_grades_that_nobody_has_are_stepped_over(scores, draws_of):
    grades = graded(scores, NaturalBreaksScheme(natural_breaks=("A", "B", "C")), draws_of)
    cut = np.array([np.inf, grades.cut[0], grades.cut[0], grades.cut[1]])
    code = np.where(grades.code == 0, 1, grades.code + 2)
    gaps = replace(grades, grades=("A+", "A", "B", "C"), cut=np.append(cut, -np.inf)[:4],
                   code=np.minimum(code, 3), probability=np.full((12, 4), 0.25))  # fmt: skip
    told = next_grades(scores, gaps).groupby("grade")["next_grade"].unique()
    assert pd.isna(told["A"]).all()
    assert told["C"].tolist() == ["A"]


ROW = {"unit": "长沙", "grade": "B", "next_grade": "A", "gap": 0.3049, "p_next": 0.234,
       "indicator": "trust", "score": 5.2, "needed": 7.3441, "gain": 2.1441,
       "feasible": True}  # fmt: skip
NAMES = {"trust": "信任", "duty": "责任感"}
ENGLISH = {"trust": "trust", "duty": "duty"}


def test_sentences_name_the_gap_and_the_least_steps_rounded_so_that_they_are_enough():
    other = ROW | {"indicator": "duty", "score": np.nan, "needed": 9.0, "gain": 9.0}
    table = pd.DataFrame([ROW, other])
    said = next_grade_sentence(table, "长沙", NAMES)
    assert said == (
        "长沙获B等级，距A等级尚差0.31分。其他条件不变时，单靠提高一项指标即可达到的有2项，"
        "所需提高最少的依次为“信任”（由5.20分提高到7.35分）、“责任感”（由无得分提高到9.00分）。"
        "按抽样误差推算，其获A或更高等级的概率为23%。"
    )
    assert next_grade_sentence(table, "长沙", ENGLISH, "en") == (
        "长沙 has the grade B, 0.31 points short of A. All else unchanged, 2 indicators could "
        "each bring it there alone; the least is needed of trust (from 5.20 to 7.35), duty (from "
        "no score to 9.00). The chance that sampling alone would have given A or better is 23 %."
    )


def test_sentences_for_one_step_none_the_best_and_those_without_a_grade():
    one = pd.DataFrame([ROW | {"p_next": 0.001}])
    assert "有1项，所需提高最少的为“信任”" in next_grade_sentence(one, "长沙", NAMES)
    assert "概率不足1%" in next_grade_sentence(one, "长沙", NAMES)
    assert "one indicator could" in next_grade_sentence(one, "长沙", ENGLISH, "en")
    none = pd.DataFrame([ROW | {"feasible": False, "needed": np.nan, "gain": np.nan}])
    assert "单靠提高任何一项指标都不能达到" in next_grade_sentence(none, "长沙", NAMES)
    top = pd.DataFrame([ROW | {"next_grade": None}])
    assert next_grade_sentence(top, "长沙", NAMES) == "长沙获B等级，目前没有更高的等级可以达到。"
    lost = pd.DataFrame([ROW | {"grade": None, "next_grade": None}])
    assert next_grade_sentence(lost, "长沙", ENGLISH, "en") == "长沙 has no total and no grade."
    with pytest.raises(ValueError, match="武汉"):
        next_grade_sentence(one, "武汉", NAMES)
