"""Groups described, tested and held against a reference."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparisons import group_tests
from analysis.comparisons.effects import OddsRatios
from analysis.comparisons.group_tests import (
    COMPARISON_COLUMNS,
    CONTRAST_COLUMNS,
    compare_groups,
    holm,
    mann_whitney,
    ordinal_contrasts,
)
from analysis.comparisons.groups import (
    UNGROUPED,
    composition,
    factor_table,
    grade_points,
    group_grades,
    group_summary,
)

ORDER = ("A", "B", "C")
UNITS = pd.DataFrame(
    {
        "unit": ["u1", "u2", "u3", "u4", "u5", "u6"],
        "region": ["东", "东", "东", "西", "西", None],
        "coastal": [True, False, True, False, False, False],
    }
)
GRADES = pd.DataFrame(
    {"unit": ["u1", "u2", "u3", "u4", "u5", "u6"], "grade": ["A", "B", "A", "C", "B", "C"]}
)


def many(n: int = 120, seed: int = 4) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    index = pd.Index([f"u{i:03}" for i in range(n)], name="unit")
    groups = pd.DataFrame(
        {
            "region": rng.choice(["东", "南", "西", "北"], n),
            "coastal": np.where(rng.random(n) < 0.25, "沿海", "内陆"),
        },
        index=index,
    )
    lift = 3.0 * (groups["coastal"] == "沿海")
    return pd.Series(np.clip(np.round(rng.normal(5 + lift, 1.5)), 1, 10), index=index), groups


def checks(findings) -> dict[str, int]:
    return {finding.check: finding.count for finding in findings}


def test_factor_table_names_the_groups_of_yes_or_no_factors():
    table = factor_table(UNITS, ["region", "coastal"])
    assert table["coastal"].tolist() == ["沿海", "内陆", "沿海", "内陆", "内陆", "内陆"]
    assert table["region"].isna().tolist() == [False] * 5 + [True]


def test_grade_points_rise_from_the_worst_grade():
    points = grade_points(GRADES.assign(grade=["A", "B", "A", "C", "B", None]), ORDER)
    assert points.tolist()[:5] == [3, 2, 3, 1, 2]
    assert np.isnan(points["u6"])


@pytest.mark.parametrize(
    "describe",
    [
        lambda wrong: grade_points(wrong, ORDER),
        lambda wrong: composition(wrong, order=ORDER),
        lambda wrong: group_grades(wrong, UNITS, ["region"], ORDER),
    ],
)
def test_a_grade_out_of_the_order_is_refused(describe):
    with pytest.raises(ValueError, match="Z"):
        describe(GRADES.assign(grade=["A", "B", "A", "C", "B", "Z"]))


def test_composition_stands_beside_what_was_printed():
    printed = pd.DataFrame({"grade": ["A", "C"], "n": [2, 3], "share": [0.33, 0.5]})
    table = composition(GRADES, printed, ORDER)
    assert table["grade"].tolist() == list(ORDER)
    assert table["n"].tolist() == [2, 2, 2]
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc[0, ["published_n", "published_share"]].tolist() == [2, 0.33]
    assert table.loc[1, ["published_n", "published_share"]].isna().all()
    assert composition(GRADES, order=ORDER)["published_n"].isna().all()


def test_group_grades_count_every_unit_once_also_those_without_a_group():
    table = group_grades(GRADES, UNITS, ["region", "coastal"], ORDER)
    assert table.columns.tolist() == ["factor", "group", "grade", "n", "share"]
    assert table.groupby("factor")["n"].sum().tolist() == [6, 6]
    assert table.groupby(["factor", "group"])["share"].sum().tolist() == pytest.approx([1] * 5)
    region = table[table["factor"] == "region"].set_index(["group", "grade"])["n"]
    assert region["东"].to_dict() == {"A": 2, "B": 1, "C": 0}
    assert region[UNGROUPED].to_dict() == {"A": 0, "B": 0, "C": 1}


def test_group_summary_says_how_a_group_stands():
    table = group_summary(GRADES, UNITS, ["region"], ORDER).set_index("group")
    assert table.index.tolist() == ["东", "西", UNGROUPED]
    east = table.loc["东"].to_dict()
    assert east["n"] == 3
    assert east["mean_position"] == pytest.approx(8 / 3)
    assert (east["median_grade"], east["top_n"], east["top_share"]) == ("A", 3, 1)
    assert table.loc["西", "median_grade"] == "C"


def test_comparisons_have_a_row_a_factor_and_the_columns_of_the_table():
    table, findings = compare_groups(*many(), outcome_name="grade", seed=1)
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert table["factor"].tolist() == ["region", "coastal"]
    assert table["test"].tolist() == ["kruskal-wallis", "mann-whitney"]
    assert table["effect_name"].tolist() == ["epsilon_squared", "cliffs_delta"]
    assert table["groups"].tolist() == [4, 2]
    assert table["verdict"].tolist() == ["none", "clear"]
    assert (table["low"] <= table["effect"]).all()
    assert (table["effect"] <= table["high"]).all()
    assert findings == ()


def test_delta_holds_the_smaller_group_against_the_larger_and_says_so():
    outcome, groups = many()
    table, _ = compare_groups(outcome, groups[["coastal"]], outcome_name="grade", seed=1)
    assert table.loc[0, "effect"] > 0.33
    assert "δ为正表示沿海高于内陆" in table.loc[0, "choice"]
    turned, _ = compare_groups(-outcome, groups[["coastal"]], outcome_name="grade", seed=1)
    assert turned.loc[0, "effect"] == pytest.approx(-table.loc[0, "effect"])


def test_results_hang_neither_on_the_order_of_rows_nor_on_the_scale():
    outcome, groups = many()
    shuffled = np.random.default_rng(0).permutation(len(outcome))
    plain, _ = compare_groups(outcome, groups, outcome_name="grade", seed=1)
    mixed, _ = compare_groups(
        np.exp(outcome.iloc[shuffled]), groups.iloc[shuffled[::-1]], outcome_name="grade", seed=1
    )
    pd.testing.assert_frame_equal(mixed, plain)


def test_units_without_group_or_outcome_are_left_out_and_counted():
    outcome, groups = many()
    groups.loc[groups.index[:3], "region"] = None
    whole = outcome.drop(outcome.index[[10, 11]])
    whole.iloc[20] = np.nan
    table, findings = compare_groups(whole, groups, outcome_name="grade", seed=1)
    assert table["n"].tolist() == [114, 117]
    assert checks(findings) == {"no-group": 3, "no-outcome": 3}
    assert [f.column for f in findings if f.check == "no-group"] == ["region"]


def test_a_unit_twice_is_refused():
    outcome, groups = many()
    with pytest.raises(ValueError, match="u000"):
        compare_groups(pd.concat([outcome, outcome.iloc[:1]]), groups, outcome_name="x", seed=1)


def test_what_cannot_be_tested_has_a_finding_instead_of_a_row():
    outcome, groups = many()
    table, findings = compare_groups(
        outcome, groups.assign(region="东"), outcome_name="grade", seed=1
    )
    assert table["factor"].tolist() == ["coastal"]
    assert checks(findings) == {"single-group": 120}
    table, findings = compare_groups(outcome * 0, groups, outcome_name="grade", seed=1)
    assert table.empty
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert [finding.check for finding in findings] == ["constant-outcome"] * 2


def test_small_groups_are_reported_and_flagged():
    outcome, groups = many()
    groups.loc[groups.index[:2], "region"] = "中"
    table, findings = compare_groups(outcome, groups, outcome_name="grade", seed=1)
    assert table.loc[0, "groups"] == 5
    assert "中不足5个" in table.loc[0, "choice"]
    assert checks(findings) == {"small-group": 1}


def test_the_choice_of_test_speaks_of_the_outcome():
    outcome, groups = many()
    grade, _ = compare_groups(outcome, groups, outcome_name="grade", seed=1)
    score, _ = compare_groups(
        outcome + np.linspace(0, 0.1, 120), groups, outcome_name="score", seed=1
    )
    assert "只有先后" in grade.loc[0, "choice"]
    assert "in order but not equally far apart" in grade.loc[0, "choice_en"]
    assert "正态分布" in score.loc[0, "choice"]
    assert "neither normal nor equally spread" in score.loc[0, "choice_en"]
    assert set(score["outcome"]) == {"score"}


def test_mann_whitney_is_exact_only_without_ties_and_with_a_small_group():
    few, more = np.array([1.0, 4, 9]), np.arange(20.0) + 0.5
    assert mann_whitney(few, more).exact
    assert not mann_whitney(few, np.append(more, 4)).exact
    assert not mann_whitney(more + 0.25, more).exact


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_value_nor_changes_their_order(p):
    adjusted = holm(p)
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()
    assert adjusted[np.argmin(p)] == pytest.approx(min(1, min(p) * len(p)))


def test_without_difference_few_families_raise_a_false_alarm(monkeypatch):
    quick = partial(group_tests.epsilon_squared, replicates=2)  # p does not hang on the interval
    monkeypatch.setattr(group_tests, "epsilon_squared", quick)
    rng = np.random.default_rng(7)
    units = [f"u{i:02}" for i in range(60)]
    alarms = []
    for _ in range(140):
        groups = pd.DataFrame(
            {name: rng.choice(list("abcd")[:k], 60) for name, k in (("x", 2), ("y", 3), ("z", 4))},
            index=units,
        )
        outcome = pd.Series(rng.integers(1, 8, 60), index=units)
        table, _ = compare_groups(outcome, groups, outcome_name="grade", seed=1)
        alarms.append((table["p_adjusted"] < 0.05).any())
    assert 0.01 <= np.mean(alarms) <= 0.09


def test_contrasts_hold_every_group_against_the_largest():
    outcome, groups = many()
    table, findings = ordinal_contrasts(outcome, groups)
    sizes = groups["region"].value_counts().sort_index()
    assert tuple(table.columns) == CONTRAST_COLUMNS
    region = table[table["factor"] == "region"].set_index("group")
    assert set(region["reference"]) == {sizes.idxmax()}
    assert region["n"].to_dict() == sizes.drop(sizes.idxmax()).to_dict()
    assert region["p_adjusted"].to_numpy() == pytest.approx(holm(region["p"].to_numpy()))
    coastal = table[table["factor"] == "coastal"].iloc[0]
    assert (coastal["group"], coastal["reference"]) == ("沿海", "内陆")
    assert coastal["low"] > 1
    assert not {finding.check for finding in findings} & {"separation", "no-convergence"}


def test_a_given_reference_turns_the_odds_ratio_round():
    outcome, groups = many()
    one, _ = ordinal_contrasts(outcome, groups[["coastal"]])
    other, _ = ordinal_contrasts(outcome, groups[["coastal"]], references={"coastal": "沿海"})
    assert other.loc[0, "odds_ratio"] == pytest.approx(1 / one.loc[0, "odds_ratio"], rel=1e-3)
    with pytest.raises(ValueError, match="海边"):
        ordinal_contrasts(outcome, groups, references={"coastal": "海边"})


def test_a_separated_group_is_found_and_has_no_contrast():
    outcome, groups = many()
    top = groups.index[:3]
    groups.loc[top, "region"] = "中"
    outcome[top] = 11.0
    table, findings = ordinal_contrasts(outcome, groups[["region"]])
    assert table.set_index("group").loc["中", ["odds_ratio", "p", "p_adjusted"]].isna().all()
    assert table["odds_ratio"].notna().sum() == 3
    assert checks(findings)["separation"] == 1


def test_a_failed_fit_is_found_and_gives_no_contrast(monkeypatch):
    nothing = pd.DataFrame(
        np.nan, index=pd.Index(["沿海"], name="group"), columns=["odds_ratio", "low", "high", "p"]
    )
    failed = OddsRatios(nothing, (), converged=False, parallel_p=np.nan)
    monkeypatch.setattr(group_tests, "odds_ratios", lambda *_: failed)
    outcome, groups = many()
    table, findings = ordinal_contrasts(outcome, groups[["coastal"]])
    assert table["odds_ratio"].isna().all()
    assert checks(findings) == {"no-convergence": 1}


def test_odds_that_are_not_proportional_are_found():
    rng = np.random.default_rng(3)
    units = [f"u{i:03}" for i in range(300)]
    group = pd.DataFrame({"level": np.repeat(["甲", "乙"], 150)}, index=units)
    spread = np.round(rng.normal(0, np.repeat([4.0, 1.0], 150))).clip(-4, 4)
    _, findings = ordinal_contrasts(pd.Series(spread, index=units), group)
    assert checks(findings) == {"odds-not-proportional": 1}


def test_contrasts_without_a_factor_to_test_are_empty():
    outcome, groups = many()
    table, findings = ordinal_contrasts(outcome, groups[["region"]].assign(region="东"))
    assert table.empty
    assert tuple(table.columns) == CONTRAST_COLUMNS
    assert checks(findings) == {"single-group": 120}


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_odds_ratio_and_delta_point_the_same_way(seed):
    outcome, groups = many(seed=seed)
    table, _ = compare_groups(outcome, groups[["coastal"]], outcome_name="grade", seed=1)
    odds, _ = ordinal_contrasts(outcome, groups[["coastal"]])
    assert (table.loc[0, "effect"] > 0) == (odds.loc[0, "odds_ratio"] > 1)
