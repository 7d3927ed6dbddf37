"""The audit: what it finds in the 2021 report, nothing in sound figures, every planted fault."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.published.audit import Outline, audit_published
from analysis.published.audit_claims import out_of_place, printed_order, syllables
from analysis.published.audit_counts import counts_sum, share_of_count, shares_sum
from analysis.published.audit_means import (
    defined_but_unreported,
    mean_within_parts,
    same_figure_twice,
)
from analysis.published.audit_terms import COLUMNS, place_en
from analysis.published.audit_weights import one_audience_weight, one_set_of_weights
from analysis.published.figures import PublishedFigures, read_published
from analysis.published.statements import (
    BoundStatement,
    ListedStatement,
    Mean,
    OrderStatement,
    SampleStatement,
    SortedStatement,
)
from indicators.mixtures import Mixtures
from indicators.nodes import Words
from indicators.system_file import load_system
from survey.pinyin import pinyin_key
from survey.register import load_register

DATA = Path(__file__).parents[3] / "editions/2021/data"
RULES = {
    "counts-sum", "share-of-count", "shares-sum", "same-figure-twice", "mean-within-parts",
    "one-audience-weight", "one-set-of-weights", "defined-but-unreported", "printed-order",
    "rank-claims",
}  # fmt: skip
CLAIM = Words(zh="所称", en="something")


# ---------------------------------------------------------------- the 2021 report


def outline_2021():
    system = load_system("hotline-2021")
    rows, stack = [], [("total", system.children)]
    while stack:
        parent, nodes = stack.pop(0)
        for node in nodes:
            rows.append((node.id, parent, node.role, node.zh, node.en))
            stack.append((node.id, node.children))
    table = pd.DataFrame(rows, columns=["indicator", "parent", "role", "zh", "en"])
    return Outline.of(table, {name: (a.zh, a.en) for name, a in system.audiences.items()})


@pytest.fixture(scope="module")
def figures_2021():
    system = load_system("hotline-2021")
    return read_published(DATA, system.hierarchy.ids, tuple(system.audiences))[0]


@pytest.fixture(scope="module")
def units():
    return load_register().table.reset_index()


@pytest.fixture(scope="module")
def audit_2021(figures_2021, units):
    return audit_published(figures_2021, outline_2021(), units)


def contradictions(audit, rule):
    chosen = audit[(audit["rule"] == rule) & (audit["verdict"] == "contradiction")]
    return {(row.subject, row.printed): row for row in chosen.itertuples()}


def test_2021_every_rule_has_its_say(audit_2021):
    assert set(audit_2021["rule"]) == RULES
    assert list(audit_2021) == list(COLUMNS)
    assert audit_2021["zh"].str.endswith("。").all()
    assert audit_2021["en"].str.endswith(".").all()
    assert not audit_2021.duplicated(["rule", "where", "subject", "zh"]).any()


def test_2021_process_experience_is_printed_with_two_values(audit_2021):
    [row] = contradictions(audit_2021, "same-figure-twice").values()
    assert (row.subject, row.printed, row.where) == ("process", "6.01/6.84", "图1、第三章三（三）")
    assert row.gap == pytest.approx(-0.83)
    assert row.zh == (
        "“过程体验”总体均值在图1印作6.01，在第三章三（三）印作6.84，二者不可能同为一数的四舍五入。"
    )


def test_2021_overall_means_outside_both_audiences(audit_2021):
    found = contradictions(audit_2021, "mean-within-parts")
    assert {key: row.recomputed for key, row in found.items()} == {
        ("value", "6.86"): "6.85–6.85",
        ("value_hotline", "7.65"): "7.31–7.64",
        ("participation", "2.84"): "2.86–4.83",
        ("goal", "3.83"): "3.84–6.25",
        ("process", "6.01"): "6.02–6.85",
        ("transparency", "4.60"): "4.61–6.13",
        ("complaint", "2.50"): "2.52–6.22",
    }
    assert found["participation", "2.84"].gap == pytest.approx(-0.02)
    assert found["value", "6.86"].gap == pytest.approx(0.01)


def test_2021_the_coarser_print_of_complaint_is_not_blamed(audit_2021):
    rows = audit_2021.query("rule == 'mean-within-parts' and subject == 'complaint'")
    assert dict(zip(rows["printed"], rows["verdict"], strict=True)) == {
        "2.5": "consistent",
        "2.50": "contradiction",
    }
    same = audit_2021.query("rule == 'same-figure-twice' and subject == 'complaint'")
    assert same["verdict"].tolist() == ["consistent"]


def test_2021_share_of_43_of_335_and_where_it_comes_from(audit_2021):
    [row] = contradictions(audit_2021, "share-of-count").values()
    assert (row.printed, row.recomputed, row.gap) == ("12.83%", "12.84%", -0.01)
    assert "5.07%＋7.76%" in row.zh
    assert contradictions(audit_2021, "counts-sum") == {}
    assert contradictions(audit_2021, "shares-sum") == {}


def test_2021_no_single_set_of_weights(audit_2021):
    found = contradictions(audit_2021, "one-set-of-weights")
    assert {subject for subject, _ in found} == {"value", "goal"}
    [value] = [row for (subject, _), row in found.items() if subject == "value"]
    assert "群众与企业" in value.zh
    assert value.gap == pytest.approx(0.027312, abs=1e-6)
    process = audit_2021.query("rule == 'one-set-of-weights' and subject == 'process'")
    assert process["verdict"].tolist() == ["not-checkable"]


def test_2021_value_weights_by_a_search_without_the_solver():
    """The same verdict from a fine grid of weights, all three means of both audiences."""
    step = np.linspace(0, 1, 401)
    one, two = np.meshgrid(step, step)
    weights = np.stack([one, two, 1 - one - two])[:, one + two <= 1 + 1e-12]
    citizen = np.abs(np.array([7.31, 6.78, 6.57]) @ weights - 6.85)
    enterprise = np.abs(np.array([7.64, 7.39, 6.52]) @ weights - 6.85)
    assert np.maximum(citizen, enterprise).min() > 0.01
    assert citizen.min() < 0.005
    assert enterprise.min() < 0.005


def test_2021_one_audience_weight(audit_2021):
    [row] = contradictions(audit_2021, "one-audience-weight").values()
    assert row.subject == "information,efficiency"
    alone = audit_2021.query("rule == 'one-audience-weight' and verdict == 'consistent'")
    ranges = dict(zip(alone["subject"], alone["recomputed"], strict=True))
    # (6.455 - 6.375) / (7.625 - 6.375) and (6.445 - 6.385) / (7.635 - 6.385)
    assert ranges["efficiency"] == "群众4.8%–6.4%"
    assert ranges["value_society"] == "群众0.0%–20.0%"


def test_2021_defined_but_never_reported(audit_2021):
    rows = audit_2021.query("rule == 'defined-but-unreported'")
    assert set(rows["verdict"]) == {"not-checkable"}
    assert set(rows["subject"].str.split(",").str.len()) == {1, 10}
    assert set(rows["subject"]) > {"total", "convenience", "innovation"}


def test_2021_units_out_of_order(audit_2021):
    found = contradictions(audit_2021, "printed-order")
    assert {subject: row.recomputed for (subject, _), row in found.items()} == {
        "A+": "长沙",
        "A": "厦门、长春",
        "B+": "重庆",
        "B": "长治",
        "D": "宿州",
    }
    [liu_an] = audit_2021.query("rule == 'printed-order' and subject == 'C+'").itertuples()
    assert (liu_an.verdict, liu_an.recomputed) == ("consistent", "六安")


def test_2021_claims(audit_2021):
    found = contradictions(audit_2021, "rank-claims")
    assert {subject for subject, _ in found} == {"coastal-examples", "process-tiers"}
    [coast] = [row for (subject, _), row in found.items() if subject == "coastal-examples"]
    assert "南京不属沿海城市" in coast.zh
    assert coast.zh.count("不属") == 1
    rows = audit_2021.query("rule == 'rank-claims'").set_index("subject")["verdict"]
    assert rows["sub-provincial-a-plus"] == rows["municipalities"] == "consistent"
    assert rows["goal-below-four"] == "not-checkable"


def test_2021_a_corrected_copy_has_no_contradiction(figures_2021, units):
    """The 2021 figures with each fault mended: new means from one set of weights, lists resorted."""
    means = figures_2021.means.copy()
    citizen, enterprise = parts_2021(means, "citizen"), parts_2021(means, "enterprise")
    overall = {i: (citizen[i] + 9 * enterprise[i]) / 10 for i in citizen}
    for audience, values in (("citizen", citizen), ("enterprise", enterprise), ("all", overall)):
        values |= {
            "goal": (values["information"] + values["complaint"]) / 2,
            "process": sum(values[i] for i in PROCESS) / 4,
            "value": sum(values[i] for i in VALUE) / 3,
        }
        for row in means.index[means["audience"] == audience]:
            places = means.loc[row, "printed"].partition(".")[2]
            means.loc[row, "printed"] = rounded(values[means.loc[row, "indicator"]], len(places))
    shares = figures_2021.shares.replace({"share": {"12.83%": "12.84%"}})
    grades = figures_2021.grades.assign(key=figures_2021.grades["unit"].map(pinyin_key))
    order = grades["grade"].map(figures_2021.order.index)
    grades = grades.assign(order=order).sort_values(["order", "key"], ignore_index=True)
    wrong = {"citizen-process-equals-value", "process-tiers", "coastal-examples"}
    mended = PublishedFigures(
        grades.drop(columns=["key", "order"]), means, figures_2021.commended, shares,
        tuple(s for s in figures_2021.statements if s.id not in wrong),
    )  # fmt: skip
    audit = audit_published(mended, outline_2021(), units)
    assert audit.loc[audit["verdict"] == "contradiction", "zh"].tolist() == []
    assert set(audit["rule"]) == RULES


PROCESS = ("efficiency", "standards", "transparency", "participation")
VALUE = ("value_hotline", "value_government", "value_society")


def parts_2021(means, audience):
    leaves = means[
        (means["audience"] == audience) & ~means["indicator"].isin(["goal", "process", "value"])
    ]
    return {i: Decimal(p) for i, p in zip(leaves["indicator"], leaves["printed"], strict=True)}


# ---------------------------------------------------------------- sound figures


OUTLINE = Outline(
    children={"total": ("one", "two", "extra"), "one": ("a", "b", "c"), "two": ("d", "e")},
    labels={i: (f"指标{i}", f"Indicator {i}") for i in ("total", "one", "two", "extra", *"abcde")},
    audiences={"citizen": ("群众", "citizens"), "enterprise": ("企业", "enterprises")},
    bonus=frozenset({"extra"}),
)
LEAVES = "abcde"
UNITS = pd.DataFrame(
    {
        "unit": ["安庆", "保定", "北京", "常州", "大连", "重庆", "东莞"],
        "level": ["地级市", "地级市", "直辖市", "地级市", "副省级市", "直辖市", "地级市"],
        "coastal": [False, False, False, False, True, False, True],
    }
)
UNITS["pinyin_key"] = UNITS["unit"].map(pinyin_key)
GRADES_2 = ("A", "B", "C")


def rounded(value, decimals=2):
    return str(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def sound_means(citizen, enterprise, share, weights):
    """Printed means of leaves in thousandths, an audience share and weights in tenths."""
    exact = {
        "citizen": {i: Decimal(v) / 1000 for i, v in zip(LEAVES, citizen, strict=True)},
        "enterprise": {i: Decimal(v) / 1000 for i, v in zip(LEAVES, enterprise, strict=True)},
    }
    first, second, third = weights
    for values in exact.values():
        values["one"] = (
            first * values["a"] + second * values["b"] + (10 - first - second) * values["c"]
        ) / 10
        values["two"] = (third * values["d"] + (10 - third) * values["e"]) / 10
    exact["all"] = {
        i: (share * exact["citizen"][i] + (10 - share) * exact["enterprise"][i]) / 10
        for i in exact["citizen"]
    }
    rows = [
        (f"图{at}", "figure", audience, i, rounded(value))
        for at, (audience, values) in enumerate(exact.items(), start=1)
        for i, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["where", "kind", "audience", "indicator", "printed"])


def sound(means=None):
    units = ["安庆", "重庆", "保定", "北京", "大连", "常州", "东莞"]
    grades = ["A", "A", "B", "B", "B", "C", "C"]
    shares = pd.DataFrame(
        [
            ("表1", "A", "2", "28.6%"), ("表1", "B", "3", "42.9%"), ("表1", "C", "2", "28.6%"),
            ("第一章一", "A", "2", "29%"), ("第一章一", "B;C", "5", "71%"),
        ],
        columns=["where", "grades", "count", "share"],
    )  # fmt: skip
    statements = (
        SampleStatement(id="n", where="第一章", claim=CLAIM, form="sample", count=7),
        SortedStatement(id="order", where="表1", claim=CLAIM, form="sorted", by="full"),
        ListedStatement(
            id="cities", where="第一章", claim=CLAIM, form="listed",
            called=Words(zh="直辖市", en="municipalities"), group={"level": "直辖市"}, population=2,
            listed={"A": ("重庆",), "B": ("北京",)}, complete=True,
        ),
    )  # fmt: skip
    table = pd.DataFrame(
        {"unit": units, "grade": grades, "position_in_grade": [1, 2, 1, 2, 3, 1, 2]}
    )
    if means is None:
        means = sound_means(
            [6000, 7000, 8000, 3000, 5000], [4000, 5000, 9000, 2000, 6000], 4, (3, 3, 5)
        )
    commended = pd.DataFrame(
        columns=["list", "province", "organisation", "unit", "note"], dtype="str"
    )
    return PublishedFigures(table, means, commended, shares, statements, GRADES_2)


leaves = st.lists(st.integers(0, 10_000), min_size=5, max_size=5)
weight_sets = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 10))


def wrong(rows):
    return [row for row in rows if row.verdict == "contradiction"]


@given(leaves, leaves, st.integers(0, 10), weight_sets)
@settings(max_examples=40, deadline=None)
def test_means_made_by_one_set_of_weights_never_contradict(citizen, enterprise, share, weights):
    figures = sound(sound_means(citizen, enterprise, share, weights))
    audit = audit_published(figures, OUTLINE, UNITS)
    assert audit.loc[audit["verdict"] == "contradiction", "en"].tolist() == []


def test_sound_figures_are_consistent_throughout():
    audit = audit_published(sound(), OUTLINE, UNITS)
    assert set(audit["rule"]) == RULES
    assert "contradiction" not in set(audit["verdict"])
    unchecked = audit[audit["verdict"] == "not-checkable"]
    assert set(unchecked["subject"]) == {"total", "extra"}


# ---------------------------------------------------------------- planted faults: counts


def with_shares(figures, where, grades, **values):
    shares = figures.shares.copy()
    row = (shares["where"] == where) & (shares["grades"] == grades)
    assert row.sum() == 1
    for column, value in values.items():
        shares.loc[row, column] = value
    return replace(figures, shares=shares)


@given(st.sampled_from(GRADES_2), st.integers(0, 9))
def test_a_wrong_count_is_found(grade, count):
    figures = sound()
    there = int((figures.grades["grade"] == grade).sum())
    assume(count != there)
    rows = wrong(counts_sum(with_shares(figures, "表1", grade, count=str(count))))
    assert [(row.subject, row.gap) for row in rows] == [
        (grade, count - there),
        ("all", count - there),
    ]


@given(st.integers(0, 6))
def test_a_unit_listed_twice_is_found(at):
    figures = sound()
    unit = figures.grades.iloc[[at]].assign(grade="B")
    rows = wrong(
        counts_sum(replace(figures, grades=pd.concat([figures.grades, unit], ignore_index=True)))
    )
    assert (rows[0].subject, rows[0].printed) == (unit["unit"].iloc[0], "2")
    assert {row.subject for row in rows[1:]} == {"B", "B;C"}


def test_a_wrong_sample_is_found():
    figures = sound()
    statements = (figures.statements[0].model_copy(update={"count": 8}), *figures.statements[1:])
    rows = wrong(counts_sum(replace(figures, statements=statements)))
    assert ("n", 1) in [(row.subject, row.gap) for row in rows]


@given(st.sampled_from([("表1", "A"), ("表1", "B"), ("第一章一", "B;C")]), st.integers(-9, 9))
def test_a_share_off_by_one_unit_is_found(place, off):
    figures = sound()
    shares = figures.shares.set_index(["where", "grades"])["share"]
    number = Decimal(shares[place].rstrip("%"))
    step = Decimal(1).scaleb(number.as_tuple().exponent)
    rows = wrong(share_of_count(with_shares(figures, *place, share=f"{number + off * step}%")))
    assert [(row.subject, row.gap) for row in rows] == (
        [(place[1], pytest.approx(float(off * step)))] if off else []
    )


def test_a_share_that_adds_rounded_shares_is_explained():
    figures = sound()
    rows = wrong(share_of_count(with_shares(figures, "第一章一", "B;C", share="71.5%")))
    assert "42.9%＋28.6%" in rows[0].zh
    rows = wrong(share_of_count(with_shares(figures, "第一章一", "B;C", share="71.6%")))
    assert "之和" not in rows[0].zh


def test_shares_that_miss_a_hundred_by_more_than_rounding_are_found():
    figures = sound()
    assert wrong(shares_sum(figures)) == []  # 28.6 + 42.9 + 28.6 = 100.1, rounding
    rows = wrong(shares_sum(with_shares(figures, "表1", "B", share="43.0%")))
    assert [(row.printed, row.gap) for row in rows] == [("100.2%", pytest.approx(0.2))]
    partial = replace(figures, shares=figures.shares[figures.shares["grades"] != "C"])
    assert [row.where for row in shares_sum(partial)] == ["第一章一"]


# ---------------------------------------------------------------- planted faults: means


def with_mean(figures, audience, indicator, printed):
    means = figures.means.copy()
    row = (means["audience"] == audience) & (means["indicator"] == indicator)
    means.loc[row, "printed"] = printed
    return replace(figures, means=means)


def printed_again(figures, audience, indicator, printed):
    row = ("第二章", "text", audience, indicator, printed)
    more = pd.DataFrame([row], columns=list(figures.means))
    return replace(figures, means=pd.concat([figures.means, more], ignore_index=True))


@given(st.integers(0, 1000))
def test_a_mean_printed_twice_is_found_where_no_value_fits_both(other):
    figures = sound()
    by = figures.means.set_index(["audience", "indicator"])["printed"]
    printed = f"{Decimal(other).scaleb(-2):.2f}"
    rows = same_figure_twice(printed_again(figures, "all", "one", printed), OUTLINE)
    [row] = [row for row in rows if row.subject == "one"]
    expected = "consistent" if by["all", "one"] == printed else "contradiction"
    assert row.verdict == expected


def test_a_coarser_print_is_no_contradiction():
    figures = with_mean(sound(), "all", "a", "4.84")
    assert wrong(same_figure_twice(printed_again(figures, "all", "a", "4.8"), OUTLINE)) == []
    assert wrong(same_figure_twice(printed_again(figures, "all", "a", "4.9"), OUTLINE)) != []


@given(leaves, leaves, st.sampled_from(["a", "one", "two"]), st.integers(1, 300), st.booleans())
@settings(max_examples=40, deadline=None)
def test_an_overall_mean_outside_its_audiences_is_found(citizen, enterprise, indicator, off, above):
    figures = sound(sound_means(citizen, enterprise, 5, (3, 3, 5)))
    by = figures.means.set_index(["audience", "indicator"])["printed"]
    ends = [Decimal(by[audience, indicator]) for audience in ("citizen", "enterprise")]
    step = Decimal(off).scaleb(-2)
    printed = max(ends) + step if above else min(ends) - step
    assume(0 <= printed <= 10)
    rows = wrong(mean_within_parts(with_mean(figures, "all", indicator, str(printed)), OUTLINE))
    found = [
        row
        for row in rows
        if row.subject == indicator and "群众均值" in row.zh and "指标" in row.zh
    ]
    assert found[0].gap == pytest.approx(float(step if above else -step))


def test_a_parent_outside_its_children_is_found():
    rows = wrong(mean_within_parts(with_mean(sound(), "citizen", "one", "8.01"), OUTLINE))
    assert [(row.subject, row.printed, row.recomputed) for row in rows] == [
        ("one", "8.01", "6.00–8.00")
    ]


def test_touching_intervals_do_not_meet():
    """7.00 and 7.00 never make 7.01, by exact half-open intervals; nor does the solver think so."""
    figures = sound()
    for audience, printed in (("citizen", "7.00"), ("enterprise", "7.00"), ("all", "7.01")):
        figures = with_mean(figures, audience, "a", printed)
    assert "a" in {row.subject for row in wrong(mean_within_parts(figures, OUTLINE))}
    assert "a" not in {row.subject for row in one_audience_weight(figures, OUTLINE)}


def test_missing_parts_are_not_checkable():
    figures = sound()
    means = figures.means[
        (figures.means["indicator"] != "b") | (figures.means["audience"] != "citizen")
    ]
    rows = mean_within_parts(replace(figures, means=means), OUTLINE)
    unchecked = {(row.subject, row.where) for row in rows if row.verdict == "not-checkable"}
    assert unchecked == {("b", "图3"), ("one", "图1")}


def test_no_common_audience_weight_is_found():
    figures = with_mean(sound(), "all", "a", "6.00")  # the citizens' mean
    figures = with_mean(figures, "all", "b", "5.00")  # the enterprises' mean
    [row] = wrong(one_audience_weight(figures, OUTLINE))
    assert row.gap > 0.05
    assert set(row.subject.split(",")) <= {*LEAVES, "one", "two"}
    assert len(row.subject.split(",")) == 2


def test_no_single_set_of_weights_is_found():
    """Citizens' parent equals their child d, the enterprises' equals their child e."""
    figures = with_mean(with_mean(sound(), "citizen", "two", "3.00"), "enterprise", "two", "6.00")
    [row] = [row for row in wrong(one_set_of_weights(figures, OUTLINE)) if row.subject == "two"]
    # citizens 3 w + 5 (1 - w) = 3 and enterprises 2 w + 6 (1 - w) = 6: at best both miss by
    # 2 (1 - w) = 4 w, so 4 / 3, less 0.005 of the parent's rounding and 0.005 of the children's
    assert row.gap == pytest.approx(4 / 3 - 0.01, abs=1e-4)
    assert "群众与企业" in row.zh


def test_an_unprinted_child_makes_weights_not_checkable_and_tells_its_least_weight():
    figures = with_mean(with_mean(sound(), "citizen", "two", "3.00"), "enterprise", "two", "6.00")
    outline = replace(OUTLINE, children={**OUTLINE.children, "two": ("d", "e", "f")},
                      labels={**OUTLINE.labels, "f": ("指标f", "Indicator f")})  # fmt: skip
    [row] = [row for row in one_set_of_weights(figures, outline) if row.subject == "two"]
    assert row.verdict == "not-checkable"
    # citizens: 3 d + 5 e <= 3, so e <= 1.5 f; enterprises: 2 d + 6 e + 10 f >= 6, so e >= 1 - 2 f
    assert float(row.recomputed.strip("≥%")) == pytest.approx(100 * 2 / 7, abs=0.5)


def test_weights_are_told_where_they_exist():
    rows = {row.subject: row for row in one_set_of_weights(sound(), OUTLINE)}
    assert rows["two"].verdict == "consistent"
    low, high = rows["two"].recomputed.split("、")[0].removeprefix("“指标d”").split("–")
    assert float(low.strip("%")) <= 50 <= float(high.strip("%"))


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_mixtures_by_grid_and_by_solver_agree(data):
    """Two parts: the feasible weights of each comparison are an interval, found by hand."""
    number = st.integers(0, 1000)
    rows = data.draw(st.lists(st.tuples(number, number, number), min_size=1, max_size=4))
    mixtures = Mixtures.of(
        [(w - 0.5, w + 0.5) for w, _, _ in rows],
        [[(a - 0.5, a + 0.5), (b - 0.5, b + 0.5)] for _, a, b in rows],
    )
    grid = np.linspace(0, 1, 20_001)
    off = [np.abs(grid * a + (1 - grid) * b - w) for w, a, b in rows]
    miss = np.max(off, axis=0) - 1  # half a unit of the whole and half of the parts
    assert mixtures.nearest()[1] == pytest.approx(miss.min(), abs=0.06)
    if abs(miss.min()) > 0.06:
        assert mixtures.possible() == (miss.min() < 0)
        assert bool(mixtures.conflicts()) == (miss.min() > 0)


def test_conflicts_are_the_smallest():
    mixtures = Mixtures.of([(0.0, 0.1), (0.9, 1.0), (0.0, 1.0)], [[(0.0, 0.0), (1.0, 1.0)]] * 3)
    assert mixtures.conflicts() == [(0, 1)]
    assert mixtures.only([0, 2]).conflicts() == []


@given(st.sampled_from([*LEAVES, "two"]))
def test_an_indicator_that_is_not_reported_is_named(indicator):
    figures = sound()
    means = figures.means[figures.means["indicator"] != indicator]
    rows = defined_but_unreported(replace(figures, means=means), OUTLINE)
    assert {row.subject for row in rows} == {"total", "extra", indicator}


def test_unreported_levels_are_told_once():
    figures = sound()
    means = figures.means[figures.means["indicator"].isin(["one", "two"])]
    rows = {row.subject for row in defined_but_unreported(replace(figures, means=means), OUTLINE)}
    assert rows == {"total", "extra", "a,b,c,d,e"}
    means = figures.means[figures.means["indicator"].isin(["one", *"abc"])]
    rows = {
        row.subject: row for row in defined_but_unreported(replace(figures, means=means), OUTLINE)
    }
    assert set(rows) == {"total", "two", "extra"}
    assert "“指标d”、“指标e”" in rows["two"].zh


# ---------------------------------------------------------------- planted faults: order


@given(st.lists(st.integers(0, 6), max_size=8))
def test_out_of_place_is_the_fewest(keys):
    removed = out_of_place(keys)
    rest = [key for at, key in enumerate(keys) if at not in removed]
    assert rest == sorted(rest)
    longest = max(
        size
        for size in range(len(keys) + 1)
        for kept in combinations(keys, size)
        if list(kept) == sorted(kept)
    )
    assert len(removed) == len(keys) - longest


@given(
    st.permutations(range(337)).map(lambda order: order[:25]),
    st.integers(0, 24),
    st.integers(0, 24),
)
@settings(max_examples=30, deadline=None)
def test_one_unit_moved_in_a_sorted_list_is_found(chosen, taken, put):
    register = load_register().table
    keys = register["pinyin_key"].iloc[sorted(chosen)].sort_values()
    units, pinyin = list(keys.index), dict(keys)
    moved = units.pop(taken)
    units.insert(put, moved)
    rows = order_rows(units, pinyin, "full")
    found = rows[0].recomputed.split("、") if rows[0].verdict == "contradiction" else []
    sounds = [[token[:-1] for token in pinyin[unit].split(" ")] for unit in units]
    if abs(taken - put) > 1 and len({str(sound[0]) for sound in sounds}) == len(sounds):
        assert found == [moved]
    assert len(found) <= 1


def order_rows(units, pinyin, by):
    grades = pd.DataFrame({"unit": units, "grade": "A", "position_in_grade": range(len(units))})
    statement = SortedStatement(id="order", where="表1", claim=CLAIM, form="sorted", by=by)
    return printed_order(replace(sound(), grades=grades, statements=(statement,)), pinyin)


def test_order_by_initial_is_held_to_the_initial_only():
    units = ["六安", "六盘水", "泸州"]
    pinyin = {unit: pinyin_key(unit) for unit in units} | {"六安": "lu4六 an1安"}
    [initial], [full] = order_rows(units, pinyin, "initial"), order_rows(units, pinyin, "full")
    assert (initial.verdict, initial.recomputed) == ("consistent", "六安")
    assert (full.verdict, full.recomputed) == ("contradiction", "六安")


def test_characters_of_one_sound_may_come_in_any_order():
    for units in (
        ["忻州", "新乡", "新余"],
        ["新乡", "新余", "忻州"],
        ["芜湖", "吴忠"],
        ["吴忠", "芜湖"],
    ):
        pinyin = {unit: pinyin_key(unit) for unit in units}
        assert order_rows(units, pinyin, "full")[0].verdict == "consistent"
    apart = syllables([pinyin_key(unit) for unit in ("新乡", "忻州", "新余")])
    assert out_of_place(apart) != ()


def test_a_unit_without_pinyin_is_not_checkable():
    [row] = order_rows(["北京", "某市"], {"北京": pinyin_key("北京")}, "full")
    assert row.verdict == "not-checkable"
    assert "某市" in row.zh


# ---------------------------------------------------------------- planted faults: statements


def verdict_of(statement, figures=None):
    figures = replace(figures or sound(), statements=(statement,))
    audit = audit_published(figures, OUTLINE, UNITS)
    [row] = audit[audit["rule"] == "rank-claims"].itertuples()
    return row


def listed(**changes):
    fields = {
        "id": "x", "where": "第一章", "claim": CLAIM, "form": "listed",
        "called": Words(zh="沿海城市", en="coastal cities"), "group": {"coastal": True},
        "listed": {"B": ("大连",), "C": ("东莞",)}, "population": 2, "complete": True,
    }  # fmt: skip
    return ListedStatement.model_validate(fields | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"listed": {"B;C": ("东莞",)}, "complete": False}, ""),
        ({"population": 3}, "实有2个"),
        ({"listed": {"B": ("大连", "北京")}, "complete": False}, "北京不属沿海城市"),
        ({"listed": {"A": ("大连",)}, "complete": False}, "大连实为B"),
        ({"listed": {"B;C": ("大连",)}}, "未列东莞（C）"),
        ({"listed": {"B": ("大连", "青岛"), "C": ("东莞",)}}, "青岛不在样本内"),
    ],
)
def test_lists_of_a_group(changes, said):
    row = verdict_of(listed(**changes))
    assert row.verdict == ("contradiction" if said else "consistent")
    assert said in row.zh


def test_a_group_by_a_column_that_is_not_there_is_not_checkable():
    assert verdict_of(listed(group={"port": True})).verdict == "not-checkable"


def order(left, right, relation="above"):
    return OrderStatement(
        id="x", where="第一章", claim=CLAIM, form="order", relation=relation,
        left=tuple(Mean(indicator=i) for i in left), right=tuple(Mean(indicator=i) for i in right),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (order("a", "d"), "consistent"),  # 4.80 > 2.40
        (order("d", "a"), "contradiction"),
        (order("ac", "ad"), "contradiction"),  # a above itself
        (order("a", "a", "equal"), "consistent"),
        (order("a", "d", "equal"), "contradiction"),
        (order("a", ["total"]), "not-checkable"),
    ],
)
def test_order_of_means(statement, verdict):
    assert verdict_of(statement).verdict == verdict


@pytest.mark.parametrize(
    ("below", "above", "verdict"),
    [("4.81", None, "consistent"), ("4.79", None, "contradiction"), (None, "4.79", "consistent"),
     (None, "4.81", "contradiction")],
)  # fmt: skip
def test_bounds_of_means(below, above, verdict):
    statement = BoundStatement(
        id="x", where="第一章", claim=CLAIM, form="bound", means=(Mean(indicator="a"),),
        below=None if below is None else Decimal(below),
        above=None if above is None else Decimal(above),
    )  # fmt: skip
    assert verdict_of(statement).verdict == verdict


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(
    ("where", "en"),
    [
        ("图1", "figure 1"),
        ("图12", "figure 12"),
        ("表2", "table 2"),
        ("附录三", "appendix 3"),
        ("第三章二（二）1", "chapter 3, section 2(2), item 1"),
        ("第二章二", "chapter 2, section 2"),
        ("第三章一（一）数字栏", "chapter 3, section 1(1) (row of numbers)"),
        ("封面", "封面"),
    ],
)
def test_places_in_english(where, en):
    assert place_en(where) == en


def test_outline_of_a_table():
    table = pd.DataFrame(
        [("total", "", "core", "总分", "Total"), ("x", "total", "core", "甲", "X"),
         ("y", "x", "core", "乙", "Y"), ("z", "", "innovation", "丙", "Z")],
        columns=["indicator", "parent", "role", "zh", "en"],
    )  # fmt: skip
    outline = Outline.of(table, {})
    assert outline.children == {"total": ("x", "z"), "x": ("y",)}
    assert outline.core("total") == ("x",)
    assert list(outline.below("total")) == ["x", "y", "z"]
