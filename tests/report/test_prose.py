"""Sentences take their figures, and their degree, from the results, and say the same twice."""

import importlib
import inspect
import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pypandoc
import pytest
from more_tables import with_more

from analysis.comparisons.effects import THRESHOLDS
from report.prose import (
    audiences,
    data,
    drivers,
    full_table,
    grades,
    headlines,
    indicators,
    overview,
    precision,
    summary,
    system,
)
from report.prose.terms import signed, span
from report.prose.wording import cell, interval, listed, p_value, score, table
from report.results import Results

MODULES = (
    "audiences", "data", "drivers", "full_table", "grades", "headlines", "indicators", "overview",
    "precision", "summary", "system", "texts",
)  # fmt: skip
WITH_ARGUMENTS = {
    "indicators.compare_children": [("all", "total"), ("enterprise", "process")],
    "indicators.compare_audiences": [("total",), ("process",)],
    "precision.audit_table": [("contradiction",), ("consistent",)],
    "headlines.slide": [(key,) for key in headlines.KEYS],
}
WORDS_AS_WRITTEN = {"texts.keywords_table"}
CHINESE = re.compile(r"[\u4e00-\u9fff，。；：、（）《》]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def changed(results: Results, name: str, **columns) -> Results:
    return replace(results, tables={**results.tables, name: results[name].assign(**columns)})


def without(results: Results, *names: str) -> Results:
    kept = {name: each for name, each in results.tables.items() if name not in names}
    return replace(results, tables=kept)


def told() -> list[tuple[str, tuple[str, ...]]]:
    """Name every function that takes results and returns text, with arguments to call it with."""
    found = []
    for module in MODULES:
        for name, function in vars(importlib.import_module(f"report.prose.{module}")).items():
            own = getattr(function, "__module__", "") == f"report.prose.{module}"
            if name.startswith("_") or not own or not inspect.isfunction(function):
                continue
            signature = inspect.signature(function)
            if (
                list(signature.parameters)[:1] != ["results"]
                or signature.return_annotation is not str
            ):
                continue
            needed = [p for p in signature.parameters.values() if p.default is p.empty]
            key = f"{module}.{name}"
            if len(needed) > 1 and key not in WITH_ARGUMENTS:
                continue
            found += [(key, each) for each in WITH_ARGUMENTS.get(key, [()])]
    return found


def text_of(results: Results, key: str, arguments: tuple[str, ...]) -> str:
    module, name = key.split(".")
    return getattr(importlib.import_module(f"report.prose.{module}"), name)(results, *arguments)


@pytest.fixture(scope="module", params=["records", "more", "published"])
def edition(request, records, published) -> Results:
    return {"records": records, "more": with_more(records), "published": published}[request.param]


def translated(results: Results) -> Results:
    """Return results whose own words are there in English, too."""
    tree = results["indicators"].assign(weight_note_en="equal weights")
    more = {"indicators": tree}
    if "audit" in results:
        more["audit"] = results["audit"].assign(en="checked")
    return replace(results, tables={**results.tables, **more})


def test_the_list_of_functions_is_whole():
    keys = {key for key, _ in told()}
    assert len(keys) > 45
    assert set(WITH_ARGUMENTS) <= keys


@pytest.mark.parametrize(("key", "arguments"), told(), ids=str)
def test_both_languages_tell_the_same_figures(edition, key, arguments):
    zh = text_of(translated(edition), key, arguments)
    en = text_of(translated(edition).told_in("en"), key, arguments)
    assert bool(zh) == bool(en)
    assert Counter(NUMBER.findall(zh)) == Counter(NUMBER.findall(en))
    if key not in WORDS_AS_WRITTEN:
        assert not CHINESE.search(en), en
    if key not in {"data.sources"}:
        assert not re.search(r"\b(?:nan|NaN|None|<NA>)\b", zh + en)
    assert "{" not in (zh + en).replace("{.", "")


def test_no_function_needs_more_than_units_indicators_and_grades(published):
    bare = without(
        published, "means", "audit", "claims", "comparisons", "contrasts", "group_grades",
        "group_summary",
    )  # fmt: skip
    for lang in ("zh", "en"):
        for key, arguments in told():
            assert isinstance(text_of(bare.told_in(lang), key, arguments), str)


def test_a_paragraph_of_english_has_a_space_between_sentences(edition):
    for key, arguments in told():
        if "table" not in key:
            text = text_of(translated(edition).told_in("en"), key, arguments)
            assert not re.search(r"[a-z)]\.[A-Z]", text), (key, text)


def test_grades_are_counted_from_the_composition(records):
    given = records["composition"]
    total, best = given["n"].sum(), given["n"].iloc[:2].sum()
    text = grades.composition(records)
    assert f"{total}个城市" in text
    assert f"A+和A级{best}个，占{best / total * 100:.2f}%" in text


@pytest.mark.parametrize(
    ("verdict", "zh", "en"),
    [
        ("clear", "有明显差别", "differ clearly"), ("slight", "略有差别", "differ slightly"),
        ("none", "没有可检出的差别", "No difference"),
    ],
)  # fmt: skip
def test_the_degree_of_a_difference_follows_the_verdict(records, verdict, zh, en):
    judged = changed(records, "comparisons", verdict=verdict)
    assert zh in overview.related(judged)
    assert en in overview.related(judged.told_in("en"))


def test_a_gap_is_called_a_gap_only_where_intervals_part(records):
    parted = changed(
        records, "means", low=lambda t: t["mean"] - 0.001, high=lambda t: t["mean"] + 0.001
    )
    met = changed(records, "means", low=0.0, high=10.0)
    assert "没有可检出的差别" not in indicators.compare_audiences(parted, "process")
    assert "没有可检出的差别" in indicators.compare_audiences(met, "process")
    assert "不宜过度解读" in indicators.compare_children(met, "all", "process")


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("clear", "明显较低的有"), ("slight", "略低的有"), ("none", "没有可检出的差别")],
)
def test_gaps_between_audiences_are_worded_by_their_verdicts(records, verdict, word):
    judged = changed(with_more(records), "audience_gaps", verdict=verdict)
    assert word in indicators.compare_audiences(judged, "goal")


@pytest.mark.parametrize(
    ("verdict", "zh", "en"),
    [
        ("clear", "明显不如", "clearly worse"), ("slight", "略逊于", "slightly worse"),
        ("none", "没有可检出的差别", "No difference"),
    ],
)  # fmt: skip
def test_the_title_of_a_finding_follows_the_verdict(records, verdict, zh, en):
    judged = changed(with_more(records), "audience_gaps", verdict=verdict)
    for lang, word in (("zh", zh), ("en", en)):
        found = headlines.headline(judged.told_in(lang), "audiences")
        assert found is not None
        assert word in found.title


def test_the_title_names_the_audience_that_is_worse_off(records):
    more = with_more(records)
    turned = changed(more, "audience_gaps", gap=lambda t: -t["gap"])
    told_now, told_turned = (headlines.headline(each, "audiences") for each in (more, turned))
    assert told_now is not None
    assert told_turned is not None
    assert told_now.title.startswith("企业")
    assert told_turned.title.startswith("群众")


def test_slots_differ_only_where_the_test_says_so(records):
    more = with_more(records)
    same = changed(more, "connection_effects", factor_p_adjusted=0.5)
    first, second = (headlines.headline(each, "calls") for each in (more, same))
    assert first is not None
    assert second is not None
    assert first.title == "12:00–14:00的电话略难打通"
    assert "没有可检出的差别" in second.title


def test_slots_answered_as_seldom_as_the_least_are_named_with_it(records):
    more = with_more(records)
    rates = more["connection_rates"]
    late = rates[rates["value"] == "s2"].assign(value="s9", adjusted=lambda t: t["adjusted"] + 1e-5)
    made = replace(more, tables={**more.tables, "connection_rates": pd.concat([rates, late])})
    found = headlines.headline(made, "calls")
    assert found is not None
    assert found.title == "12:00–14:00和s9的电话略难打通"
    assert found.text.count("62.2%") == 2


def test_audiences_are_compared_in_answering_by_the_verdict(records):
    more = with_more(records)
    sure = changed(more, "connection_effects", factor_p_adjusted=0.001)
    for odds, word in ((0.6, "略低于群众"), (0.2, "明显低于群众"), (0.9, "没有可检出的差别")):
        found = headlines.headline(changed(sure, "connection_effects", odds_ratio=odds), "calls")
        assert found is not None
        assert word in found.text


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("rise", "明显上升"), ("fall", "明显下降"), ("unclear", "没有可检出的变化")],
)
def test_the_change_is_worded_by_its_verdict(records, verdict, word):
    found = headlines.headline(
        changed(with_more(records), "national_changes", verdict=verdict), "changes"
    )
    assert found is not None
    assert word in found.title


def test_a_change_on_like_terms_is_preferred(records):
    more = with_more(records)
    bridge = pd.DataFrame({"n": [300], "real": [0.05], "low": [-0.02], "high": [0.12],
                           "verdict": ["unclear"]})  # fmt: skip
    found = headlines.headline(
        replace(more, tables={**more.tables, "national_bridge": bridge}), "changes"
    )
    assert found is not None
    assert found.title == "按可比口径，总分均值与上届相比没有可检出的变化"
    assert "+0.05" in found.text


def test_findings_are_left_out_where_there_are_no_tables(published, records):
    missing = {key for key in headlines.KEYS if headlines.headline(published, key) is None}
    assert missing == {"calls", "drivers", "changes", "certainty"}
    assert all(headlines.slide(published, key) == "" for key in missing)
    assert headlines.findings(published).count("\n") == len(headlines.KEYS) - len(missing)
    assert headlines.headline(with_more(records), "certainty") is not None


def test_every_figure_of_a_finding_is_one_of_the_report(records):
    from report import figures

    for key in headlines.KEYS:
        found = headlines.headline(with_more(records), key)
        assert found is not None
        assert not found.figure or found.figure in figures.__all__


def test_a_slide_is_a_heading_with_its_text(records):
    heading, _, text = headlines.slide(records, "grades").partition("\n\n")
    assert heading.startswith("## ")
    assert not heading.endswith("。")
    assert text.strip().endswith("。")


def test_neighbours_are_told_apart_where_their_intervals_part(records):
    sharp = changed(
        records, "grades", rank_low=records["grades"]["rank"], rank_high=records["grades"]["rank"]
    )
    found = headlines.headline(sharp, "certainty")
    assert found is not None
    assert found.title == "相邻名次大多分得出先后"
    assert "有0对" in grades.rank_widths(sharp)


def test_a_published_edition_says_what_it_lacks(published):
    assert grades.distribution(published) == grades.rank_widths(published) == ""
    assert "没有逐次记录" in overview.left_out_without_records(published)
    assert "没有公布逐次记录" in overview.scope(published)
    assert overview.notice(published) == ""


def test_simulated_results_are_announced(records):
    for said in (overview.notice, overview.mark):
        assert "模拟" in said(records)
        assert "imulated" in said(records.told_in("en"))


def test_claims_rest_on_figures(published):
    text = overview.claims(published)
    assert text.count("\n") == len(published["claims"]) + 2


def test_the_whole_table_holds_every_city_with_its_figures(records):
    text = full_table.full_table(records)
    rows = text.splitlines()[2:]
    assert len(rows) == len(records["grades"])
    first = records["grades"].sort_values("rank").iloc[0]
    assert f"| {first['unit']} |" in rows[0]
    assert f"{first['score_low']:.2f}–{first['score_high']:.2f}" in rows[0]


def test_the_table_does_without_what_a_register_does_not_know(records):
    units = records["units"][["unit"]]
    other = replace(records, tables={**records.tables, "units": units})
    for lang in ("zh", "en"):
        assert full_table.full_table(other.told_in(lang)).count("\n") == len(units) + 2
        assert grades.best(other.told_in(lang))


def test_a_finding_of_a_check_is_told_in_words(records):
    found = pd.DataFrame(
        {"severity": ["warning", "note"], "check": ["no-score", "of-tomorrow"],
         "column": ["goal", ""], "count": [7, 2]}
    )  # fmt: skip
    results = replace(records, tables={**records.tables, "findings": found})
    zh, en = data.findings_table(results), data.findings_table(results.told_in("en"))
    assert "“目标实现”有7个城市数据不足" in zh
    assert "of-tomorrow | 涉及2处" in zh
    assert "“Goal attainment”: cities with too little data, left without a score: 7" in en


def test_thresholds_are_those_of_the_tests(records):
    text = system.thresholds_table(records)
    assert all(f"{limit:g} |" in text for limits in THRESHOLDS.values() for limit in limits)


def test_the_bonus_is_explained_only_where_there_is_one(records):
    means = records["means"]
    bonus = means[~((means["indicator"] == "innovation") & (means["audience"] != "all"))]
    results = replace(records, tables={**records.tables, "means": bonus})
    assert "加分" in summary.intervals_note(results)
    assert "加分" not in summary.intervals_note(records)


def test_unclear_drivers_are_not_said_to_matter(records):
    text = drivers.share_of_drivers(with_more(records))
    assert "便捷性较高的城市满意度也较高" in text
    assert "透明性单独的作用尚不能确认" in text


def test_cities_are_counted_by_verdict(records):
    text = audiences.audience_summary(with_more(records))
    assert "能确认企业低于群众的有1个，能确认高于的有1个，其余1个" in text


def test_audited_figures_are_listed_by_verdict(published):
    wrong = (published["audit"]["verdict"] == "contradiction").sum()
    assert precision.audit_table(published, "contradiction").count("\n") == wrong + 2
    assert precision.audit_table(published, "of-no-kind") == ""


def test_text_of_a_cell_stays_text():
    assert cell("<b>|*x*") == r"\<b\>\|\*x\*"
    assert cell(float("nan")) == cell(None) == cell(pd.NA) == "—"


@pytest.mark.parametrize(
    "name", ["O'Neil & Sons", "甲--乙", "甲...乙", "&amp;", '"甲"', "Xi'an", "~~甲~~", "R&D"]
)
def test_readers_of_markdown_leave_a_name_as_it_is(name):
    for text in (cell(name), f"甲：{cell(name)}。", table(["甲"], [[name]], "l", [9])):
        read = pypandoc.convert_text(text, "json", "markdown+east_asian_line_breaks")
        plain = pypandoc.convert_text(read, "plain", "json", extra_args=["--wrap=none"])
        assert name in plain


def test_figures_below_zero_have_a_minus_sign(records):
    assert score(-0.3) == "−0.30"
    assert signed(-0.3) == "−0.30"
    assert signed(-0.001) == "0.00"
    assert span(records, -0.32, -0.27) == "−0.32至−0.27"
    assert interval(-1, 1, "en", "{:.0f}") == "−1 to 1"


def test_table_needs_an_alignment_for_every_column():
    with pytest.raises(ValueError, match="one entry a column"):
        table(("a", "b"), [], "l", (1, 2))


def test_words():
    assert listed(["甲"], "zh") == "甲"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert listed(["A", "B", "C"], "en") == "A, B and C"
    assert listed(["A and B", "C"], "en") == "A and B, and C"
    assert p_value(0.0004, "zh") == "p＜0.001"
    assert p_value(0.0412, "en") == "p = 0.041"
