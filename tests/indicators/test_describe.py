import io

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter
from random_records import random_records

from indicators.describe import (
    check_data,
    check_measured,
    check_system,
    comparable_part,
    compare_systems,
    effective_weights,
    item_words,
    outline,
    rule_lines,
    rule_words,
)
from indicators.describe.diff import KINDS
from indicators.rules import RULES, AnyRule
from indicators.scores import score
from indicators.system import System
from indicators.system_file import SYSTEMS, load_system
from survey.findings import Severity
from survey.records import Records
from survey.tables import RawTable

SHIPPED = sorted(file.stem for file in SYSTEMS.glob("*.yaml"))
WORDS = {"zh": "甲", "en": "a"}
YES_NO = {"binary": ["yes", "no"]}


def item(name: str, rule: dict | None = None, **more) -> dict:
    return {"id": name, "zh": f"题{name}", "en": f"item {name}", "table": "calls",
            "rule": rule or YES_NO, **more}  # fmt: skip


def node(name: str, *parts: dict, **more) -> dict:
    key = "items" if any("table" in part for part in parts) else "children"
    held = {key: list(parts)} if parts else {}
    return {"id": name, "zh": f"标{name}", "en": f"indicator {name}", **held, **more}


def system(*children: dict, **more) -> System:
    return System.model_validate(
        {"id": "own", "title": WORDS, "source": WORDS, "children": list(children), **more}
    )


def rule(given: dict) -> AnyRule:
    return TypeAdapter(AnyRule).validate_python(given)


RULE_WORDS = [
    ({"map": {"full": 10, "none": 0}}, "full → 10, none → 0", "full → 10 分，none → 0 分"),
    (YES_NO, "yes → 10, no → 0", "yes → 10 分，no → 0 分"),
    ({"likert": [1, 5]}, "1 → 0, 5 → 10, evenly between", "1 → 0 分，5 → 10 分，均匀分布"),
    (
        {"piecewise": [[15, 10], [30, 8]], "unit": "s"},
        "15 s → 10, 30 s → 8, straight lines between",
        "15 秒 → 10 分，30 秒 → 8 分，其间按直线",
    ),
    (
        {"threshold": [[90, 10], [80, 6]], "reach": "at_least", "otherwise": 1, "unit": "%"},
        "≥ 90% → 10, ≥ 80% → 6, otherwise → 1",
        "≥ 90% → 10 分，≥ 80% → 6 分，其余 → 1 分",
    ),
    (
        {"count": ["a", "b"], "of": ["yes", "no"]},
        "10 × the share of a, b answered yes (not no)",
        "a、b 中答 yes（而非 no）的比例 × 10 分",
    ),
    (
        {"consistent_by": ["question"], "values": ["x", "y"]},
        "10 × the share of the unit's other records of the same question that answer alike (x, y)",
        "同一 question 的其他记录中答案一致的比例 × 10 分（x、y）",
    ),
    ({"formula": "a / 2"}, "a / 2 taken as points", "a / 2 即得分"),
    (
        {"formula": "a / b", "then": {"goalposts": [0, 1]}},
        "a / b (0 → 0, 1 → 10)",
        "a / b（0 → 0 分，1 → 10 分）",
    ),
    ({"minmax": [1, 10]}, "worst → 1, best → 10", "最差 → 1 分，最好 → 10 分"),
    (
        {"minmax": [0, 10], "direction": "lower", "over": "all"},
        "worst → 0, best → 10, lower is better, over all editions",
        "最差 → 0 分，最好 → 10 分，越低越好，各期一并比较",
    ),
    (
        {"zscore": [5, 2]},
        "mean → 5, each standard deviation better +2",
        "均值 → 5 分，每好一个标准差 +2 分",
    ),
    (
        {"ranked": "borda"},
        "by the share of other units beaten, ties half",
        "按胜过的单位比例计分，并列计一半",
    ),
    (
        {"target": 0.95, "worst": 0.5},
        "0.5 → 0, target 0.95 → 10",
        "0.5 → 0 分，目标 0.95 → 10 分",
    ),
    (
        {"target": "own"},
        "worst → 0, each unit's own target → 10",
        "最差 → 0 分，各自目标 → 10 分",
    ),
    ({"reference": "median"}, "worst → 0, median → 10", "最差 → 0 分，中位数 → 10 分"),
    ({"maximum": 10}, "best → 10, others in proportion to it", "最好 → 10 分，其余按与最好值之比"),
    (
        {"goalposts": [20, 85], "log": True, "direction": "lower"},
        "85 → 0, 20 → 10, on logarithms, lower is better",
        "85 → 0 分，20 → 10 分，取对数，越低越好",
    ),
    (
        {"when": [{"where": {"business": ["consult"]}, "rule": YES_NO},
                  {"rule": {"likert": [1, 5]}, "column": "x"}]},
        "the first that fits (business = consult: yes → 10, no → 0; "
        "otherwise [x]: 1 → 0, 5 → 10, evenly between)",
        "依次取首个符合的规则（business 为 咨询：yes → 10 分，no → 0 分；"
        "其余 [x]：1 → 0 分，5 → 10 分，均匀分布）",
    ),
    (
        {"sheet": [{"column": "a", "rule": YES_NO, "weight": 3, "zh": "甲题", "en": "First"},
                   {"column": "b", "rule": {"likert": [1, 5]}}],
         "fatal": [{"rude": ["yes"]}]},
        "weighted mean of 2 questions (First [a] 75%: yes → 10, no → 0; "
        "b 25%: 1 → 0, 5 → 10, evenly between; rude = yes: 0 for the whole sheet)",
        "2 题加权平均（甲题 [a] 75%：yes → 10 分，no → 0 分；"
        "b 25%：1 → 0 分，5 → 10 分，均匀分布；rude 为 yes：整单 0 分）",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "en", "zh"), RULE_WORDS)
def test_a_rule_is_told_in_one_phrase(given, en, zh):
    values = {"business": {"consult": "咨询"}}
    assert rule_words(rule(given), "en", values) == en
    assert rule_words(rule(given), "zh", values) == zh


def test_every_rule_has_words():
    assert {key for given, *_ in RULE_WORDS for key in given} >= set(RULES)


def test_rules_within_rules_take_lines_of_their_own():
    nested = {"when": [{"where": {"x": ["a", "b", "c"]}, "rule": {"sheet": [
        {"column": "p", "rule": YES_NO}]}}, {"rule": YES_NO}]}  # fmt: skip
    assert rule_lines(rule(nested)) == (
        "the first that fits:",
        "  x = a, b or c: weighted mean of 1 question:",
        "    p 100%: yes → 10, no → 0",
        "  otherwise: yes → 10, no → 0",
    )


def test_an_item_tells_whom_it_asks_and_what_overrides_it():
    own = system(node("n", item(
        "q", where={"outcome": ["answered"]}, not_applicable=["na"],
        override=[{"where": {"scenario": ["complaint"]}, "points": 0}],
    )))  # fmt: skip
    (_, asked), = own.leaf_items()  # fmt: skip
    assert item_words(asked, own) == (
        "yes → 10, no → 0; only where outcome = answered; always 0 where scenario = complaint; "
        "na: does not apply"
    )
    assert "只问 outcome 为 接通；scenario 为 反馈/投诉 时一律 0 分" in item_words(asked, own, "zh")


AUDIENCES = {"citizen": {**WORDS, "weight": 3}, "enterprise": {**WORDS, "weight": 1}}
TREE = system(
    node("a", item("a1", weight=1), item("a2", weight=3), weight=2),
    node(
        "b",
        node("b1", item("b11")),
        node("b2", item("b21"), item("b22", where={"audience": ["enterprise"]})),
        weights={"ahp": {"b1": {"b2": 4}}},
        weight=6,
    ),
    node("c", node("c1", item("c11")), role="innovation", bonus=1),
    audiences=AUDIENCES,
)


def test_effective_weights_by_hand():
    table = effective_weights(TREE).set_index("id")
    expected = {
        "a": (0.25, 0.25), "b": (0.75, 0.75), "b1": (0.8, 0.6), "b2": (0.2, 0.15),
        "a1": (0.25, 0.0625), "a2": (0.75, 0.1875), "b11": (1, 0.6),
        # three of four parts of the score are citizens', who are asked b21 only
        "b21": (0.75 + 0.25 / 2, 0.15 * 0.875), "b22": (0.25 / 2, 0.15 * 0.125),
    }  # fmt: skip
    for name, (share, total) in expected.items():
        assert table.loc[name, ["share", "total"]].tolist() == pytest.approx([share, total]), name
    assert table.loc["c", "bonus"] == 1
    assert table.loc[["c", "c11"], "total"].isna().all()
    core = table[(table["kind"] == "item") & (table.index != "c11")]
    assert core["total"].sum() == pytest.approx(1)


def test_effective_weights_are_what_a_point_is_worth():
    """One more point of every answer to an item raises the total by its weight."""
    units = ["长沙"]
    records = random_records(TREE, units, seed=2, missing=0)
    answers = [answer.name for answer in TREE.answer_columns()["calls"]]
    table = effective_weights(TREE).set_index("id")
    frame = records["calls"].assign(**dict.fromkeys(answers, "no"))
    base = score(Records({"calls": frame}), TREE, units)[0].of("total").iloc[0]
    assert base == 0
    for name in ("a1", "a2", "b11", "b21", "b22"):
        changed = Records({"calls": frame.assign(**{name: "yes"})})
        total = score(changed, TREE, units)[0].of("total").iloc[0]
        assert total == pytest.approx(10 * table.loc[name, "total"]), name


def test_weights_from_data_are_not_invented():
    own = system(
        node("a", item("a1")), node("b", item("b1"), item("b2"), weights="pca"), weights="entropy"
    )
    table = effective_weights(own).set_index("id")
    assert table.loc[["a", "b", "b1"], "share"].isna().all()
    assert table.loc["a1", "share"] == 1
    assert any("from the data" in line for line in outline(own, "en"))


def test_the_outline_tells_ways_of_their_own_only():
    own = system(
        node("a", item("a1"), item("a2"), aggregate="geometric", missing="worst"),
        node("b", weight=3, minimum_coverage=0.9),
        node("c", item("c1"), item("c2"), weights="equal", aggregate={"owa": [3, 1]}),
        aggregate={"power": -2},
        alerts=[{"id": "red", **WORDS, "below": 5}],
        multipliers=[{"table": "calls", "where": {"slot": ["s1"]}, "times": 2}],
    )
    lines = outline(own, "en")
    assert "Total (total), power mean, exponent -2" in lines
    assert (
        "├─ indicator a (a), 20% of siblings, 20% of the total, geometric mean, "
        "a part without data: counts 0 points" in lines
    )
    assert "├─ indicator b (b), 60% of siblings, 60% of the total, not measured" in lines
    assert (
        "└─ indicator c (c), 20% of siblings, 20% of the total, ordered weights, best first 3, 1, "
        "equal weights" in lines
    )
    assert "│  · item a1 (a1), 50% of siblings, 10% of the total" in lines
    assert "│      calls.a1: yes → 10, no → 0" in lines
    assert "multiplier: records of calls where slot = s1 count 2 times" in lines
    assert "alerts: a below 5" in lines
    assert not any("50%" in line and "no score below" in line for line in lines[6:])


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_outline_of_each_system_names_everything(name, lang):
    loaded = load_system(name)
    text = "\n".join(outline(loaded, lang))
    for part in (*loaded.nodes(), *(item for _, item in loaded.leaf_items())):
        assert f"{getattr(part, lang)} ({part.id})" in text
    table = effective_weights(loaded)
    assert table["share"].dropna().between(0, 1).all()
    for _, siblings in table[table["bonus"].isna()].groupby("parent"):
        assert siblings["share"].isna().any() or siblings["share"].sum() == pytest.approx(1)


def doubts(own: System) -> list[tuple[str, str, Severity]]:
    return [(found.check, found.column, found.severity) for found in check_system(own)]


PLAIN = (item("x"), item("y"))
DOUBTFUL = [
    ((node("a", *PLAIN), node("b")), {}, ("unmeasured-indicator", "b", Severity.WARNING)),
    (
        (node("a", *PLAIN),),
        {"columns": {"calls": {"spare": {"values": {"p": "甲"}}}}},
        ("unused-declaration", "columns.calls.spare", Severity.WARNING),
    ),
    (
        (node("a", *PLAIN),),
        {"columns": {"calls": {"kind": {"values": {"p": "甲", "q": "乙", "r": "丙"}}}},
         "multipliers": [{"table": "calls", "where": {"kind": ["p"]}, "times": 2}]},
        ("unnamed-values", "columns.calls.kind", Severity.NOTE),
    ),
    (
        (node("a", *PLAIN),),
        {"kpis": {"own": {**WORDS, "kind": "count", "numerator": "calls_answered",
                          "direction": "higher", "unit": "calls"}}},
        ("unused-kpi", "kpis.own", Severity.WARNING),
    ),
    (
        (node("a", item("x", {"when": [{"where": {"scenario": ["complaint"]}, "rule": YES_NO}]})),),
        {}, ("no-sheet", "x", Severity.WARNING),
    ),
    (
        (node("a", item("x", {"likert": [1, 5]}, table="inspections")),),
        {"audiences": AUDIENCES}, ("unused-audiences", "audiences", Severity.WARNING),
    ),
    (
        (node("a", *PLAIN),),
        {"audiences": AUDIENCES | {"guest": {**WORDS, "weight": 0}}},
        ("zero-weight", "audiences.guest", Severity.WARNING),
    ),
    ((node("a", node("b", *PLAIN)),), {}, ("single-child", "a", Severity.NOTE)),
    ((node("a", item("x"), item("y", weight=0)),), {}, ("zero-weight", "y", Severity.WARNING)),
    (
        (node("a", item("x"), weight=0), node("b", item("y"))),
        {}, ("zero-weight", "a", Severity.WARNING),
    ),
    (
        (node("a", item("x"), weight=9), node("b", item("y"), weight=2)),
        {}, ("heavy-weight", "a", Severity.WARNING),
    ),
    (
        (node("a", item("x"), weight=399), node("b", item("y"), weight=1)),
        {}, ("slight-weight", "b", Severity.NOTE),
    ),
    (
        (node("a", *PLAIN, weight=0.3), node("b", item("p"), weight=0.3),
         node("c", item("q"), weight=0.3)),
        {}, ("given-weights", "total", Severity.WARNING),
    ),
    (
        (node("a", item("x", weight=50), item("y", weight=45)),),
        {}, ("given-weights", "a", Severity.WARNING),
    ),
    (
        (node("a", item("x", weight=0.33), item("y", weight=0.33), item("z", weight=0.33)),),
        {}, ("given-weights", "a", Severity.NOTE),
    ),
    (
        (node("a", item("x"), item("x2", column="x")),), {},
        ("read-twice", "calls.x", Severity.NOTE),
    ),
    (
        (node("a", *PLAIN), node("b", item("p"))),
        {"aggregate": "geometric"}, ("zero-sinks", "total", Severity.WARNING),
    ),
    (
        (node("a", item("x", {"map": {"p": 10, "q": 1}}), item("y", {"likert": [1, 5]}),
              aggregate="harmonic"),),
        {}, ("zero-sinks", "a", Severity.WARNING),
    ),
    (
        (node("a", *PLAIN, minimum_coverage=0),), {},
        ("no-coverage-floor", "a", Severity.WARNING),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("children", "more", "doubt"), DOUBTFUL)
def test_each_doubt_is_found_and_no_other(children, more, doubt):
    assert doubt in doubts(system(*children, **more))
    others = [each for each in doubts(system(*children, **more)) if each != doubt]
    # a zero or slight weight makes its sibling heavy, and nothing else is doubtful
    assert all(check == "heavy-weight" for check, _, _ in others)


@pytest.mark.parametrize(
    "own",
    [
        system(node("a", item("x", weight=20), item("y", weight=10), weight=30),
               node("b", item("z"), weight=70)),
        system(node("a", item("x", weight=2), item("y", weight=3))),
        system(node("a", item("x", {"map": {"p": 10, "q": 1}}),
                    item("y", {"map": {"p": 10, "q": 2}}), aggregate="geometric")),
        system(node("a", item("x", {"when": [{"where": {"scenario": ["complaint"]}, "rule": YES_NO},
                                             {"where": {"scenario": ["information"]},
                                              "rule": YES_NO}]}))),
        system(node("a", item("x"))),
    ],
    ids=["weights-share-out-the-parent's", "plain-proportions", "no-zero-possible", "all-sheets",
         "plain"],
)  # fmt: skip
def test_what_is_sound_is_not_doubted(own):
    assert doubts(own) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_systems_have_no_warning(name):
    assert [f for f in check_system(load_system(name)) if f.severity != Severity.NOTE] == []


def raw(text: str, file: str = "f.csv") -> RawTable:
    cells = pd.read_csv(io.StringIO(text), dtype="str")
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    return RawTable(file, cells)


def held(own: System, **tables: str) -> list[tuple[str, str]]:
    found = check_data(own, {name: raw(text) for name, text in tables.items()})
    return [(each.check, each.column) for each in found]


def test_data_with_unused_columns_orphan_items_and_blanks():
    own = system(
        node("a", item("x"), item("gone")),
        node("b", item("blank"), item("blank2", {"likert": [1, 5]})),
        node("c", item("d1", where={"slot": ["s1"]})),
        multipliers=[{"table": "calls", "where": {"hard": ["yes"]}, "times": 3}],
    )
    text = "call_id,unit,x,gones,blank,blank2,d1,slot\n1,长沙,yes,no,,,,s1\n2,长沙,no,no,,,yes,\n"
    assert held(own, calls=text) == [
        ("unused-column", "gones"),
        ("orphan-item", "gone"),
        ("missing-condition-column", "hard"),
        ("unmeasured-indicator", "b"),
    ]
    found = check_data(own, {"calls": raw(text)})
    assert "did you mean 'gones'?" in next(f for f in found if f.check == "orphan-item").hint


def test_tables_without_use_or_without_file():
    own = system(node("a", item("x")), node("b", item("y", {"likert": [1, 5]}, table="responses")))
    assert held(own, calls="call_id,x\n1,yes\n", cases="case_id\n1\n") == [
        ("unused-table", "cases"),
        ("missing-table", "responses"),
    ]


def test_a_blank_item_beside_a_measured_one():
    own = system(node("a", item("x"), item("y")))
    assert held(own, calls="call_id,x,y\n1,yes,\n") == [("blank-item", "y")]


KPI = {"table": "kpis", "rule": {"goalposts": [0, 1]}}


def test_kpis_asked_and_absent_present_and_not_asked():
    own = system(
        node(
            "a",
            item("answered_rate", **KPI),
            item("t", column="callback_satisfaction", table="kpis", rule={"target": "own"}),
        )
    )
    names = own.kpi_registry
    assert "callback_satisfaction" in names
    text = f"unit,kpi,value\n长沙,{names['answered_rate'].zh},0.9\n长沙,first_resolution,0.5\n"
    other = next(name for name in names if name not in ("answered_rate", "callback_satisfaction"))
    found = held(own, kpis=text + f"长沙,{other},1\n")
    assert found[:1] == [("absent-kpi", "t")]
    assert ("unused-kpi", other) in found
    assert ("no-targets", "target") in found
    assert ("absent-kpi", "answered_rate") not in found


def test_what_no_record_gives_points():
    own = system(
        node("a", item("x"), item("y", where={"scenario": ["complaint"]})),
        node("b", item("z", not_applicable=["na"])),
        node("c", item("w")),
    )
    records = random_records(own, ["长沙"], seed=1, missing=0)
    frame = records["calls"].assign(scenario="information", z="na", w=None)
    found = check_measured(own, Records({"calls": frame}), ["长沙"])
    assert [(each.check, each.column) for each in found] == [
        ("blank-item", "y"),
        ("unmeasured-indicator", "c"),
    ]
    assert check_measured(own, records.__class__({}), ["长沙"])[0].check == "unmeasured-indicator"


OLD = system(
    node("a", item("x", weight=1), item("y", weight=1), definition=WORDS),
    node("b", item("z", {"piecewise": [[15, 10], [60, 0]], "unit": "s"})),
    node("gone", item("w")),
    audiences=AUDIENCES,
)
NEW = system(
    node("a", item("x", weight=3), aggregate="geometric", missing="worst", weights="given",
         minimum_coverage=0.8),
    {**node("b", item("z", {"piecewise": [[20, 10], [60, 0]], "unit": "s"}, clause="GB/T 33358"),
            item("y", weight=1)), "en": "renamed"},
    node("new", item("v", column="w"), weight=2, role="innovation"),
    audiences={"citizen": {**WORDS, "weight": 1}, "enterprise": {**WORDS, "weight": 1}},
    scale=100,
    multipliers=[{"table": "responses", "where": {"mode": ["web"]}, "times": 2}],
)  # fmt: skip


def test_everything_that_differs_is_told():
    table = compare_systems(OLD, NEW)
    assert list(table.columns) == ["kind", "what", "id", "old", "new"]
    rows = {(r.kind, r.what, r.id): (r.old, r.new) for r in table.itertuples()}
    assert len(rows) == len(table)
    third, quarter = "33.33%", "25%"
    assert rows == {
        ("added", "indicator", "new"): ("", "indicator new"),
        ("added", "item", "v"): ("", "item v"),
        ("removed", "indicator", "gone"): ("indicator gone", ""),
        ("removed", "item", "w"): ("item w", ""),
        ("moved", "item", "y"): ("a", "b"),
        ("renamed", "indicator", "b"): ("indicator b", "renamed"),
        ("definition", "indicator", "a"): ("a", ""),
        ("share", "indicator", "a"): (third, quarter),
        ("share", "indicator", "b"): (third, quarter),
        ("share", "item", "x"): ("50%", "100%"),
        ("share", "item", "z"): ("100%", "50%"),
        ("total", "indicator", "a"): (third, quarter),
        ("total", "indicator", "b"): (third, quarter),
        ("total", "item", "x"): ("16.67%", "25%"),
        ("total", "item", "y"): ("16.67%", "12.5%"),
        ("total", "item", "z"): (third, "12.5%"),
        ("average", "indicator", "a"): ("arithmetic mean", "geometric mean"),
        ("missing", "indicator", "a"): ("the other weights are scaled up", "counts 0 points"),
        ("coverage", "indicator", "a"): ("50%", "80%"),
        ("rule", "item", "z"): (
            "15 s → 10, 60 s → 0, straight lines between",
            "20 s → 10, 60 s → 0, straight lines between",
        ),
        ("clause", "item", "z"): ("", "GB/T 33358"),
        ("setting", "system", "scale"): ("10", "100"),
        ("setting", "system", "audiences.citizen"): ("a 75%", "a 50%"),
        ("setting", "system", "audiences.enterprise"): ("a 25%", "a 50%"),
        ("setting", "system", "multipliers.responses: mode = web"): ("", "× 2"),
    }
    order = [list(KINDS).index(kind) for kind in table["kind"]]
    assert order == sorted(order)


def test_the_comparable_part_by_hand():
    part = comparable_part(OLD, NEW)
    # z has another rule, w is gone, v is new: x and y are measured alike
    assert part.items == ("x", "y")
    assert part.old == pytest.approx(1 / 3)
    assert part.new == pytest.approx(0.25 + 0.125)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_system_does_not_differ_from_itself(name):
    loaded = load_system(name)
    assert compare_systems(loaded, loaded).empty
    part = comparable_part(loaded, loaded)
    assert part.items == loaded.hierarchy.items
    assert (part.old, part.new) == pytest.approx((1, 1))


def test_a_change_and_its_reverse_mirror_each_other():
    forth, back = compare_systems(OLD, NEW), compare_systems(NEW, OLD)
    mirror = back.rename(columns={"old": "new", "new": "old"})[forth.columns]
    mirror["kind"] = mirror["kind"].replace({"added": "removed", "removed": "added"})
    key = list(forth.columns)
    pd.testing.assert_frame_equal(
        forth.sort_values(key, ignore_index=True), mirror.sort_values(key, ignore_index=True)
    )


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, {"k", "x"}),
        ({"figures": {"treat": "log"}}, {"x"}),
        ({"figures": {"period": "2023"}}, {"k", "x"}),
        ({"kpis": {"answered_rate": {"zh": "率", "en": "rate", "kind": "rate",
                                     "clock_start": "queue_entry", "numerator": "calls_answered",
                                     "denominator": "calls_to_agents", "direction": "lower",
                                     "unit": "%"}}}, {"x"}),
        ({"multipliers": [{"table": "calls", "where": {"slot": ["s1"]}, "times": 3}]}, {"k"}),
    ],
    ids=["same", "treatment", "period", "definition-of-the-kpi", "multiplier"],
)  # fmt: skip
def test_measured_alike_is_more_than_the_same_item(change, kept):
    children = (node("a", item("k", column="answered_rate", **KPI)), node("b", item("x")))
    part = comparable_part(system(*children), system(*children, **change))
    assert set(part.items) == kept


def test_defaults_of_the_system_are_told_once():
    children = (node("a", node("a1", *PLAIN), node("a2", item("z"))), node("b", item("w")))
    table = compare_systems(
        system(*children), system(*children, missing="no_score", minimum_coverage=0.7)
    )
    assert table[["kind", "id"]].values.tolist() == [
        ["setting", "missing"],
        ["setting", "minimum_coverage"],
    ]


def test_methods_of_weights_with_other_figures_differ():
    def weighed(ratio: float) -> System:
        children = (node("a", item("x")), node("b", item("y")))
        return system(*children, weights={"ahp": {"a": {"b": ratio}}})

    table = compare_systems(weighed(3), weighed(4))
    (row,) = table[table["kind"] == "weights"].itertuples()
    assert row.id == "total"
    assert row.new.endswith("(with other figures)")
    assert set(table.loc[table["kind"] == "share", "new"]) == {"80%", "20%"}


def test_comparable_weight_that_only_data_can_tell():
    children = (node("a", item("x")), node("b", item("y")))
    part = comparable_part(system(*children), system(*children, weights="entropy"))
    assert part.old == 1
    assert np.isnan(part.new)
