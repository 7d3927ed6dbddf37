"""Scores of groups: the tables, what is left out, and what the words say."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparisons.group_tests import holm
from analysis.comparisons.score_groups import (
    GROUP_CONTRAST_COLUMNS,
    SCORE_COMPARISON_COLUMNS,
    group_contrasts,
    score_comparisons,
)

N = 60


@pytest.fixture
def groups() -> pd.DataFrame:
    at = np.arange(N)
    return pd.DataFrame(
        {
            "region": np.array(["东", "南", "西"])[at % 3],
            "coastal": np.where(at < 22, "沿海", "内陆"),
        },
        index=pd.Index([f"u{i:03}" for i in at], name="unit"),
    )


@pytest.fixture
def scores(made_scores):
    rng = np.random.default_rng(1)
    return made_scores(rng.normal(6, 0.8, N) + np.where(np.arange(N) < 22, 1.2, 0))


def checks(findings) -> dict[str, int]:
    return {finding.check: finding.count for finding in findings}


def test_a_row_a_factor_with_two_groups_by_t_and_more_by_f_star(scores, groups):
    table, findings = score_comparisons(scores, groups)
    assert tuple(table.columns) == SCORE_COMPARISON_COLUMNS
    assert table["test"].tolist() == ["brown-forsythe", "welch-t"]
    assert table["effect_name"].tolist() == ["omega_squared", "hedges_g"]
    assert table["verdict"].tolist() == ["none", "clear"]
    assert table["smallest"].tolist() == [20, 22]
    assert table["p_adjusted"].to_numpy() == pytest.approx(holm(table["p"].to_numpy()))
    assert findings == ()


def test_words_name_the_groups_the_test_and_the_checks_in_both_languages(scores, groups):
    table, _ = score_comparisons(scores, groups)
    zh, en = table.loc[1, "choice"], table.loc[1, "choice_en"]
    assert "沿海22个" in zh and "Welch t检验" in zh and "不据以另选检验" in zh
    assert "Welch's t" in en and "沿海 22" in en and "not used to choose it" in en
    assert "Brown—Forsythe" in table.loc[0, "choice"]


def test_noise_share_is_the_records_part_of_the_scatter(made_scores, groups):
    total = np.tile([5.0, 5.5, 6.0, 7.5, 8.0, 8.5], 10)
    table, _ = score_comparisons(made_scores(total, se=0.25), groups[["coastal"]])
    within = pd.Series(total).groupby(np.arange(N) < 22).transform(lambda x: x - x.mean())
    assert table.loc[0, "noise_share"] == pytest.approx(0.25**2 / ((within**2).sum() / (N - 2)))


def test_a_contrast_holds_a_group_against_all_others(scores, groups):
    table, _ = group_contrasts(scores, groups)
    assert tuple(table.columns) == GROUP_CONTRAST_COLUMNS
    assert table["factor"].tolist() == ["region"] * 3 + ["coastal"]
    coastal = table.iloc[-1]
    total = scores.of("total")
    assert coastal["group"] == "沿海"
    assert coastal["gap"] == pytest.approx(total[:22].mean() - total[22:].mean())
    assert coastal["record_se"] == pytest.approx(0.3 * np.sqrt(1 / 22 + 1 / 38))
    assert coastal["low"] > 0
    assert coastal["verdict"] == "clear"
    region = table[table["factor"] == "region"]
    assert region["gap"].is_monotonic_decreasing
    assert region["p_adjusted"].to_numpy() == pytest.approx(holm(region["p"].to_numpy()))


def test_intervals_of_more_groups_are_wider(scores, groups):
    table, _ = group_contrasts(scores, groups.assign(halves=groups["region"].eq("东").map(str)))
    whole = table.set_index(["factor", "group"])
    alone, among = whole.loc[("halves", "True")], whole.loc[("region", "东")]
    assert alone["gap"] == pytest.approx(among["gap"])
    assert among["high"] - among["low"] > 1.1 * (alone["high"] - alone["low"])


def test_groups_of_one_unit_are_left_out_and_counted(scores, groups):
    groups.loc[["u000", "u001"], "region"] = ["岛", "港"]
    table, findings = score_comparisons(scores, groups)
    assert table.loc[0, ["n", "groups"]].tolist() == [N - 2, 3]
    assert checks(findings) == {"single-unit-group": 2}
    contrasts, more = group_contrasts(scores, groups)
    assert not set(contrasts["group"]) & {"岛", "港"}
    assert more == findings


def test_units_without_a_score_or_a_group_are_left_out(made_scores, groups):
    total = np.random.default_rng(3).normal(6, 1, N)
    total[5] = np.nan
    groups.loc["u010", "coastal"] = None
    table, findings = score_comparisons(made_scores(total), groups)
    assert table["n"].tolist() == [N - 1, N - 2]
    assert checks(findings) == {"no-group": 1}


def test_what_cannot_be_compared_has_a_finding_and_no_row(made_scores, groups):
    scores = made_scores(np.full(N, 5.0))
    table, findings = score_comparisons(scores, groups.assign(region="东"))
    assert table.empty
    assert tuple(table.columns) == SCORE_COMPARISON_COLUMNS
    assert checks(findings) == {"single-group": N, "constant-outcome": N}
    contrasts, _ = group_contrasts(scores, groups)
    assert contrasts.empty
    assert tuple(contrasts.columns) == GROUP_CONTRAST_COLUMNS


def test_intervals_of_tiny_groups_stay_on_the_scale(made_scores, groups):
    groups.loc[["u000", "u001"], "region"] = "岛"
    total = np.random.default_rng(3).normal(6, 1, N)
    total[:2] = 1.0, 9.9
    table, _ = group_contrasts(made_scores(total), groups[["region"]])
    island = table.set_index("group").loc["岛"]
    assert (island["low"], island["high"]) == (-10, 10)


def test_results_do_not_hang_on_the_order_of_the_groups_table(scores, groups):
    mixed = groups.sample(frac=1, random_state=2)
    for table in (score_comparisons, group_contrasts):
        pd.testing.assert_frame_equal(table(scores, mixed)[0], table(scores, groups)[0])


def test_other_indicators_join_the_family_of_tests(scores, groups):
    table, _ = score_comparisons(scores, groups, indicators=("total", "goal"))
    assert table["outcome"].tolist() == ["total", "total", "goal", "goal"]
    assert table["p_adjusted"].to_numpy() == pytest.approx(holm(table["p"].to_numpy()))
