"""Sentences take their figures, and their degree, from the results."""

from dataclasses import replace

import pandas as pd
import pytest

from report.prose import indicators, overview, precision
from report.prose.wording import cell, listed, p_value, table
from report.results import Results


def changed(results: Results, name: str, **columns) -> Results:
    return replace(results, tables={**results.tables, name: results[name].assign(**columns)})


def test_grades_are_counted_from_the_composition(records):
    composition = records["composition"]
    text = overview.grades(records)
    total = composition["n"].sum()
    best = composition["n"].iloc[:2].sum()
    assert f"{total}个城市" in text
    assert f"A+和A级{best}个，占{best / total * 100:.2f}%" in text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("clear", "存在明显差异"), ("slight", "幅度有限"), ("none", "未见可检出的差异")],
)
def test_the_degree_of_a_difference_follows_the_verdict(records, verdict, words):
    assert words in overview.group_gap(changed(records, "comparisons", verdict=verdict), "region")


def test_a_gap_is_called_a_gap_only_where_intervals_part(records):
    parted = changed(
        records, "means", low=lambda t: t["mean"] - 0.001, high=lambda t: t["mean"] + 0.001
    )
    met = changed(records, "means", low=0.0, high=10.0)
    assert "没有可检出的差别" not in indicators.compare_audiences(parted, "process")
    assert "没有可检出的差别" in indicators.compare_audiences(met, "process")
    assert "不宜作强解读" in indicators.compare_children(met, "all", "process")


def test_problems_and_advice_name_the_lowest_means(records):
    low = indicators.weakest(records)
    assert low["mean"].is_monotonic_increasing
    for text in (indicators.problems(records), indicators.advice(records)):
        assert all(name in text for name in low["zh"])
        assert f"{low['mean'].iloc[0]:.2f}分" in text


def test_a_published_edition_says_what_it_lacks(published):
    assert precision.distribution(published) == precision.rank_widths(published) == ""
    assert "没有逐次记录" in precision.or_left_out(precision.slots(published))
    assert "没有公布逐次记录" in overview.scope(published)
    assert overview.notice(published) == ""


def test_simulated_results_are_announced(records):
    assert "模拟" in overview.notice(records)
    assert "模拟" in overview.mark(records)


def test_slots_name_the_best_and_the_worst(records):
    part = records["slots"].query("audience == 'citizen'").sort_values("rate")
    text = precision.slots(records)
    assert f"接通率以{part['label'].iloc[-1]}最高" in text
    assert f"{part['label'].iloc[0]}最低" in text


def test_claims_rest_on_figures(published):
    text = overview.claims(published)
    assert text.count("\n") == len(published["claims"]) + 2


def test_a_finding_is_told_in_chinese(records):
    found = pd.DataFrame(
        {
            "severity": ["warning", "note"],
            "check": ["no-score", "of-tomorrow"],
            "column": ["goal", ""],
            "count": [7, 2],
        }
    )
    text = precision.findings_table(replace(records, tables={**records.tables, "findings": found}))
    assert "“目标实现”有7个城市数据不足" in text
    assert "of-tomorrow | 涉及2处" in text


def test_text_of_a_cell_stays_text():
    assert cell("<b>|*x*") == r"\<b\>\|\*x\*"
    assert cell(float("nan")) == cell(None) == cell(pd.NA) == "—"


def test_table_needs_an_alignment_for_every_column():
    with pytest.raises(ValueError, match="one entry a column"):
        table(("a", "b"), [], "l", (1, 2))


def test_words():
    assert listed(["甲"], "zh") == "甲"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert p_value(0.0004, "zh") == "p＜0.001"
    assert p_value(0.0412, "zh") == "p＝0.041"
