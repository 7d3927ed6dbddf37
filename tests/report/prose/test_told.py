"""What the chapters say follows the verdicts, the rules and the figures of the tables."""

import pandas as pd
import pytest
from prose_tables import frame, with_tables, without

from report.prose import (
    advising,
    calls,
    cases,
    changes,
    commended,
    data,
    deadlines,
    dictionary,
    groups,
    index_audit,
    naming,
    precision,
    problems,
    provenance,
    published_lists,
    summary,
    system,
    unusual,
    verdicts,
    waiting,
)
from report.results import Results


def changed(results, name, **columns):
    return with_tables(results, **{name: results[name].assign(**columns)})


@pytest.mark.parametrize(
    ("judged", "zh", "en"),
    [("clear", "有明显差别", "differ clearly"), ("slight", "略有差别", "differ slightly"),
     ("none", "没有可检出的差别", "show no detectable difference")],
)  # fmt: skip
def test_the_degree_follows_the_verdict(full, judged, zh, en):
    for tell, name in ((groups.grade_gap, "comparisons"), (groups.score_gap, "score_comparisons")):
        made = changed(full, name, verdict=judged)
        assert zh in tell(made, "region")
        assert en in tell(made.told_in("en"), "region")


def test_groups_are_set_against_the_others(full):
    text = groups.score_gap(full, "region")
    assert "明显较高的有华东（高0.60分，区间0.20至1.00）" in text
    assert "略低的有西南（低0.50分，区间0.10至0.90）" in text
    assert "华北没有可检出的差别" in text
    assert "西北的区间须对各组同时成立" in text
    alike = changed(full, "group_contrasts", verdict="none")
    assert "各组都没有可检出的差别" in groups.score_gap(alike, "region")


def test_a_factor_that_was_not_compared_is_left_out_and_said_so(full):
    assert "从略" in groups.about(full, "tier")
    assert groups.group_table(full, "tier") == ""
    assert "同一套评估结果" in groups.about(full, "commended")


def test_unusual_cities_are_those_that_stand_out(full):
    assert "2个城市" in unusual.unusual(full)
    rows = unusual.unusual_table(full).splitlines()[2:]
    assert len(rows) == 2
    assert "+4.1" in rows[0]
    calm = changed(full, "funnel", stands_out=False)
    assert "没有一个城市异常" in unusual.unusual(calm)
    assert unusual.unusual_table(calm) == ""


def test_answering_differs_only_where_the_test_says_so(full):
    assert "略高于" in calls.connection_by(full, "slot")
    assert "没有可检出的差别" in calls.connection_by(full, "scenario")
    sure = full["connection_effects"].assign(odds_ratio=0.2)
    assert "明显高于" in calls.connection_by(with_tables(full, connection_effects=sure), "slot")


def test_slots_named_in_chinese_keep_their_id_in_english(records):
    label = records.meta["slots"]["s1"]
    table = records["slots"].assign(
        rate=lambda t: (t["slot"] == "s1").astype(float), rate_low=0.1, rate_high=0.2
    )
    made = with_tables(records, slots=table)
    assert f"{label}的接通率最高" in calls.slots(made)
    assert "s1 has the highest rate" in calls.slots(made.told_in("en"))


def test_channels_are_compared_where_there_are_two(full):
    assert "没有两个以上可比的渠道" in calls.channels(full)
    rates = frame(
        "factor value n answered rate adjusted low high",
        ("channel", "phone", 900, 660, 0.73, 0.73, 0.70, 0.76),
        ("channel", "web", 900, 450, 0.50, 0.50, 0.47, 0.53),
    )
    effects = frame(
        "factor value reference n answered odds_ratio low high p p_adjusted factor_p"
        " factor_p_adjusted",
        ("channel", "web", "phone", 900, 450, 0.37, 0.3, 0.45, 0.001, 0.001, 0.001, 0.001),
    )
    made = with_tables(full, connection_rates=rates, connection_effects=effects)
    assert "电话（73.0%" in calls.channels(made)
    assert "telephone (73.0%" in calls.channels(made.told_in("en"))


def test_waits_name_the_slower_values(full):
    assert "接通更慢的有12:00–14:00（0.75，区间0.69至0.81）" in waiting.waiting_by(full, "slot")
    assert "没有可检出的差别" in waiting.waiting_by(full, "scenario")


def test_deadlines_are_found_by_what_indicators_ask(full):
    tree = full["indicators"].copy()
    at = tree["indicator"].isin(["process", "transparency"])
    tree.loc[at, "definition_zh"] = "是否告知办理时限"
    made = with_tables(full, indicators=tree)
    assert deadlines.deadline_indicators(made)["indicator"].tolist() == ["transparency"]
    assert "服务企业的得分明显低于服务群众，相差1.50分" in deadlines.deadlines(made)
    assert "没有考察" in deadlines.deadlines(full)


def test_change_is_told_by_its_verdict(full):
    assert "+0.28分（95%区间+0.20至+0.36），明显上升" in changes.national(full)
    steady = changed(full, "national_changes", verdict="unclear")
    assert "在误差范围内" in changes.national(steady)
    assert "变化都在误差范围内" in changes.indicators_moved(steady)
    assert "明显上升的指标有目标实现（+0.40分）" in changes.indicators_moved(full)
    assert "明显下降的指标有过程体验（−0.30分）" in changes.indicators_moved(full)


def test_the_parts_of_a_change_are_told_with_what_became_of_the_items(full):
    text = changes.bridge(full)
    assert "可比题项的实际变化+0.25分" in text
    assert "4个题项中，2个测量方法相同，1个计分规则或数据来源已变，1个新考察" in text
    assert "2022为5.90分" in changes.chain(full)


def test_editions_alike_in_all_but_their_scores_are_told_in_one_sentence(full):
    bridge = full["national_bridge"].assign(dropped=0.0, added=0.0, reweighted=0.0)
    fates = full["item_fates"].assign(fate="common")
    made = with_tables(full, national_bridge=bridge, item_fates=fates)
    assert "两届的题项、测量方法和权重全部相同" in changes.bridge(made)
    assert "All items" in changes.bridge(made.told_in("en"))
    assert "可以分解为" in changes.bridge(with_tables(full, item_fates=fates))


def test_where_no_city_moved_that_is_said_once(full):
    made = changed(full, "changes", verdict="unclear")
    assert "没有一个城市的总分有明显变化" in changes.national(made)
    assert "The total of no city clearly changed" in changes.national(made.told_in("en"))
    made = changed(full, "rank_changes", verdict="unclear")
    assert "没有一个城市的名次有明显升降" in changes.ranks(made)
    assert "none clearly moved" in changes.ranks(made.told_in("en"))


def test_without_an_edition_before_the_chapter_says_so(records, full):
    assert "没有可以比较的上一届" in changes.no_previous(records)
    assert changes.no_previous(full) == ""


def test_advice_follows_the_weakest_drivers(full):
    drivers = advising.weakest_drivers(full)
    assert drivers["indicator"].tolist() == ["convenience", "transparency"]
    assert drivers["n"].tolist() == [2, 1]
    assert drivers["press"].iloc[0] == pytest.approx(0.24 * (1.2 + 0.7))
    lines = advising.advice(full).splitlines()
    assert lines[0].startswith("- **便捷性**")
    assert "2个城市须优先改进" in lines[0]


def test_without_drivers_advice_follows_the_means_and_says_so(full):
    made = without(full, "drivers", "priorities")
    assert "改按均值排列" in advising.basis(made)
    assert advising.advice(made).splitlines()[0].startswith("- **反馈/投诉**")
    calm = changed(full, "priorities", quadrant="keep_up")
    assert "没有发现" in advising.basis(calm)


def test_an_indicator_without_advice_is_said_to_have_none(full):
    tree = full["indicators"].replace({"indicator": {"convenience": "own"}})
    rows = full["priorities"].replace({"indicator": {"convenience": "own"}})
    text = advising.advice(with_tables(full, indicators=tree, priorities=rows))
    assert "没有预设的建议" in text


def test_only_sure_grades_are_commended(records):
    best = commended.surely_best(records)
    chance = records["grade_probabilities"].query("grade in ['A+', 'A']")
    chance = chance.groupby("unit")["probability"].sum()
    graded = records["grades"].query("grade in ['A+', 'A']")["unit"]
    expected = {unit for unit in graded if chance[unit] >= 0.9 - 1e-9}
    assert set(best["unit"]) == expected
    assert best["score"].is_monotonic_decreasing


def test_all_that_tie_for_the_last_place_are_listed(records):
    scores = records["scores"].copy()
    own = (scores["audience"] == "citizen") & (scores["indicator"] == "total")
    scores.loc[own, "score"] = (
        scores.loc[own, "score"].rank(ascending=False).clip(upper=10) * -1 + 10
    )
    text = commended.for_audience(with_tables(records, scores=scores), "citizen")
    assert f"故列{int(own.sum())}个" in text


def test_the_best_of_a_region_is_told_with_who_may_be_as_good(records):
    rows = commended.in_regions(records).splitlines()[2:]
    merged = records["grades"].merge(records["units"][["unit", "region"]], on="unit")
    assert len(rows) == merged["region"].nunique()
    east = merged[merged["region"] == "华东"]
    best = east.loc[east["score"].idxmax()]
    near = ((east["score_high"] >= best["score"]) & (east["score"] < best["score"])).sum()
    (row,) = (row for row in rows if row.startswith("| 华东 "))
    assert best["unit"] in row
    assert row.rstrip(" |").endswith(f"| {near}")


def test_the_most_improved_went_up_clearly(full):
    unit = full["units"]["unit"].iloc[0]
    assert f"{unit}（+140，+74至+205）" in commended.improved(full)
    none = changed(full, "rank_changes", verdict="unclear")
    assert "没有城市符合这一规则" in commended.improved(none)


def test_printed_lists_are_told_as_printed(published):
    lists = frame(
        "list province organisation unit note",
        ("服务创新", "北京", "热线中心", "北京", None), ("服务创新", "海南", "省热线", None, "省级单位"),
        ("服务企业", "天津", "热线中心", "天津", None),
    )  # fmt: skip
    made = with_tables(published, commended=lists)
    assert "**服务创新**（2个）：北京；另有1个单位不属于参评城市" in published_lists.printed(made)
    assert "**Service innovation** (2): Beijing" in published_lists.printed(made.told_in("en"))
    units = published["units"].assign(commended=lambda t: t["unit"] == "北京")
    assert "：北京。" in published_lists.printed(with_tables(published, units=units))
    assert published_lists.printed(published) == ""


def test_one_box_a_city_the_best_first(full):
    best = cases.best_cases(full)
    assert best["case_id"].tolist() == ["k1", "k3"]
    text = cases.case_boxes(full)
    assert text.count("::: {.callout-tip}") == text.count("\n:::\n") == 2
    assert "得分9.50，评审人2名" in text
    assert "1件只有一名评审人" in cases.cases_intro(full)
    assert "没有创新案例" in cases.cases_intro(without(full, "cases"))


def test_checks_that_fail_are_named_and_come_first(full):
    assert "通过1项，提醒1项，不通过1项" in index_audit.summary(full)
    assert "不通过的是内部一致性α" in index_audit.summary(full)
    rows = index_audit.not_passed(full).splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == ["不通过", "提醒"]


def test_checks_of_published_figures_are_told_in_their_own_section(full):
    audit = full["index_audit"]
    both = with_tables(
        full, index_audit=pd.concat([audit, audit.assign(check="published-counts-sum")])
    )
    assert index_audit.summary(both) == index_audit.summary(full)
    assert index_audit.by_check(both) == index_audit.by_check(full)
    assert index_audit.not_passed(both) == index_audit.not_passed(full)
    alone = with_tables(full, index_audit=audit.assign(check="published-counts-sum"))
    assert "没有对指数本身作审核" in index_audit.summary(alone)
    assert index_audit.by_check(alone) == index_audit.not_passed(alone) == ""


def test_units_named_by_the_check_of_published_figures_are_named_in_english(published):
    audit = published["audit"].assign(en="长沙 (chang sha) stands after 银川")
    told = precision.audit_table(with_tables(published, audit=audit).told_in("en"), "consistent")
    assert "Changsha (chang sha) stands after Yinchuan" in told


def test_an_edition_without_records_is_not_told_of_times_of_day_or_tests_of_scores(full, published):
    for lang, slots, sampled in (
        ("zh", "时段", "因此给出得分"),
        ("en", "times of day", "is given"),
    ):
        rich, bare = full.told_in(lang), published.told_in(lang)
        assert slots in summary.guide(rich)
        assert slots not in summary.guide(bare)
        assert sampled in summary.reading(rich)
        assert sampled not in summary.reading(bare)
        assert system.score_tests(bare) == ""
    assert "Welch" in system.score_tests(full)
    assert "接通的优势比" in system.verdict_rules(full)
    assert "接通的优势比" not in system.verdict_rules(published)
    assert "使用者评价" not in problems.rule(published)


def test_how_far_published_figures_hold_is_answered(published):
    assert "结果有多可靠？** 按通用规则逐项核对" in summary.answers(published)


def test_factors_are_listed_one_by_one(published):
    factors = ["region", "coastal"]
    assert naming.by_factors(published, factors) == "按区域、按沿海与内陆"
    english = naming.by_factors(published.told_in("en"), factors)
    assert english == "by region, and by coast and inland"


@pytest.mark.parametrize(("n", "verb"), [(1, "has"), (2, "have")])
def test_one_city_has_and_two_have(published, n, verb):
    groups_ = published["group_summary"].assign(top_n=n)
    tests = published["comparisons"].assign(verdict="clear")
    made = with_tables(published, group_summary=groups_, comparisons=tests).told_in("en")
    assert f"%, {verb} A+ or A" in groups.grade_gap(made, "coastal")


def test_odds_tell_which_way_they_differ(published):
    odds = published["contrasts"].query("factor == 'region'").assign(p_adjusted=0.001)
    odds["odds_ratio"] = [2.0, *[0.5] * (len(odds) - 1)]
    made = with_tables(published, contrasts=odds)
    first = naming.members_name(made, odds["group"].iloc[0])
    assert f"能够确认更可能获得较高等级的有{first}（优势比2.00" in groups.odds(made, "region")
    assert "；更难获得较高等级的有" in groups.odds(made, "region")
    assert "shown to be higher for " in groups.odds(made.told_in("en"), "region")


def test_the_dictionary_lists_the_tables_that_are_there(full):
    made = with_tables(full, of_tomorrow=pd.DataFrame({"a": [1]}))
    rows = dictionary.overview(made).splitlines()[2:]
    assert len(rows) == len(made.tables)
    assert "`of_tomorrow`" in dictionary.summary(made)
    cells = dictionary.columns(made).splitlines()[2:]
    assert len(cells) == sum(len(table.columns) for table in made.tables.values())


def test_provenance_names_every_input(full, tmp_path):
    assert "没有清单文件" in provenance.provenance(full, provenance.read_manifest(tmp_path))
    (tmp_path / "manifest.json").write_text('{"inputs": {"a.csv": "0123456789abcdef0"}}')
    manifest = provenance.read_manifest(tmp_path)
    assert "1个输入文件" in provenance.provenance(full, manifest)
    assert "0123456789abcdef…" in provenance.inputs_table(full, manifest)


@pytest.mark.parametrize("judged", ["clear", "slight", "none", None, float("nan")])
def test_every_verdict_has_words(judged):
    for lang in ("zh", "en"):
        assert verdicts.label(judged, lang)
        assert verdicts.differ(judged, lang)


def test_units_without_a_rank_before_and_after_corrections_have_not_moved():
    effects = pd.DataFrame(
        {
            "unit": ["甲", "乙"], "corrections": [1, 2],
            "score_before": [None, 7.0], "score_after": [None, 7.5],
            "rank_before": pd.array([None, 2], "Int64"), "rank_after": pd.array([None, 1], "Int64"),
            "grade_before": pd.Series([None, "B"], dtype="str"),
            "grade_after": pd.Series([None, "A"], dtype="str"),
        }
    )  # fmt: skip
    tables = {
        "scores": effects, "corrections": effects,
        "correction_reasons": pd.DataFrame({"corrections": [3]}),
    }  # fmt: skip
    told = data.corrections(Results({}, tables)).replace(" ", "")
    assert "更正3个数值，涉及2个城市" in told
    assert "名次因此改变的城市有1个，等级因此改变的有1个" in told
