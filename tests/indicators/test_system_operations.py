"""A small hotline: two teams, five agents, two months; every figure worked out by hand."""

import pandas as pd
import pytest
from random_records import random_records

from indicators.kpis.attainment import at_every_level, attainment
from indicators.kpis.registry import read_registry
from indicators.kpis.targets import split_targets, with_targets
from indicators.rules.normalise import TargetRule
from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import load_system
from survey.records import Records

KPIS = read_registry().kpis
MEMBERS = pd.DataFrame(
    {
        "unit": ["李娜", "王强", "张敏", "刘洋", "陈静"],
        "team": ["甲组", "甲组", "乙组", "乙组", "乙组"],
        "share": [160.0, 80, 160, 120, 80],
    }
)
AGENTS = list(MEMBERS["unit"])
# one month: calls of 500 are 133, 67 and 133, 100, 67; of 480 handled 128, 64 and 128, 96, 64
TARGETS = {"call_volume": 500, "calls_handled": 480, "after_call_work": 60, "answered_rate": 0.95}
# agent: per month (asked for an agent, answered, within 15 s, seconds waited, after-call seconds)
CALLS = {
    "李娜": ((150, 144, 120, 1440, 8640), (130, 122, 104, 1486, 7320)),
    "王强": ((60, 48, 30, 1440, 4320), (60, 48, 30, 1440, 4320)),
    "张敏": ((140, 135, 100, 2000, 8100), (140, 131, 90, 2400, 8000)),
    "刘洋": ((100, 95, 80, 900, 5000), (110, 99, 85, 1100, 5600)),
    "陈静": ((70, 66, 60, 500, 4000), (65, 64, 60, 450, 3900)),
}
# agent: over both months (not ready h, logged in h), (passed, inspected), (first, accepted),
# (dispatched right, again, dispatched), (satisfied, rated, invited), incidents
REST = {
    "李娜": ((24, 160), (18, 20), (156, 200), (38, 1, 40), (92, 100, 250), 0),
    "王强": ((16, 80), (16, 20), (50, 80), (18, 2, 20), (34, 40, 90), 1),
    "张敏": ((20, 160), (20, 20), (150, 210), (36, 3, 40), (95, 100, 240), 0),
    "刘洋": ((10, 120), (19, 20), (100, 150), (29, 0, 30), (70, 80, 180), 0),
    "陈静": ((12, 80), (17, 20), (80, 100), (19, 1, 20), (45, 50, 120), 0),
}


def kpi_table() -> pd.DataFrame:
    rows: list[tuple] = []
    for unit, months in CALLS.items():
        for month, (asked, answered, quick, wait, after) in zip("12", months, strict=True):
            period = f"2025-0{month}"
            rows += [
                (unit, "call_volume", None, None, asked, period),
                (unit, "calls_handled", None, None, answered, period),
                (unit, "answered_rate", answered, asked, None, period),
                (unit, "answered_15s_rate", quick, asked, None, period),
                (unit, "mean_wait", wait, answered, None, period),
                (unit, "after_call_work", after, answered, None, period),
            ]
    for unit, (ready, passed, first, sent, rated, incidents) in REST.items():
        rows += [
            (unit, "not_ready_rate", *ready, None, "2025-02"),
            (unit, "inspection_pass_rate", *passed, None, "2025-02"),
            (unit, "first_contact_resolution", *first, None, "2025-02"),
            (unit, "dispatch_accuracy", sent[0], sent[2], None, "2025-02"),
            (unit, "redispatch_rate", sent[1], sent[2], None, "2025-02"),
            (unit, "post_call_satisfaction", rated[0], rated[1], None, "2025-02"),
            (unit, "rating_participation", rated[1], rated[2], None, "2025-02"),
            (unit, "liable_incidents", None, None, incidents, "2025-02"),
        ]
    columns = ["unit", "kpi", "numerator", "denominator", "value", "period"]
    frame = pd.DataFrame(rows, columns=columns)
    frame[columns[2:5]] = frame[columns[2:5]].astype(float)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


@pytest.fixture(scope="module")
def system() -> System:
    return load_system("hotline-operations")


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    return split_targets(TARGETS, MEMBERS, KPIS)


@pytest.fixture(scope="module")
def scores(system: System, targets: pd.DataFrame) -> Scores:
    table = with_targets(kpi_table(), targets).assign(clock_start=None, source=None)
    return score(Records({"kpis": table}), system, AGENTS)[0]


def test_every_item_is_a_kpi_named_in_both_languages_and_scored_in_its_direction(system):
    assert not system.audiences and (system.unit.zh, system.unit.en) == ("话务员", "agent")
    for _, item in system.leaf_items():
        kpi = KPIS[item.source]
        assert item.table == "kpis" and item.zh == kpi.zh and item.en
        rule = item.rule
        if isinstance(rule, TargetRule):
            assert rule.target == "own" and rule.worst is not None
            assert rule.direction == {"lower": "lower"}.get(kpi.direction, "higher")
            continue
        knots = [points for _, points in rule.piecewise]
        if kpi.direction == "neutral":  # best in the middle
            assert max(knots) > knots[0] and max(knots) > knots[-1]
        else:
            assert knots == sorted(knots, reverse=kpi.direction == "lower")
        assert not item.clause or item.clause == "GB/T 33358-2016"
    assert all(node.definition and node.definition.en for node in system.nodes())


def test_counts_without_a_better_side_are_scored_against_the_units_own_share(system):
    rules = {item.source: item.rule for _, item in system.leaf_items()}
    for name in ("call_volume", "calls_handled"):
        assert KPIS[name].direction == "neutral" and isinstance(rules[name], TargetRule)
    assert {"call_volume", "answered_rate", "mean_wait", "queue_length", "not_ready_rate",
            "after_call_work", "mean_talk_time", "inspection_pass_rate",
            "post_call_satisfaction"} <= set(rules)  # fmt: skip


def test_an_agents_score_by_hand(scores):
    by_hand = {
        # answered 266/280 = 0.95: 10; within 15 s 224/280 = 0.8: (0.8 - 0.5)/0.4 * 10 = 7.5;
        # wait 2926/266 = 11 s: 10
        "service_level": (10 + 7.5 + 10) / 3,
        # calls 280 of a share of 2 * 133 = 266: 10; handled 266 of 2 * 128 = 256: 10
        "efficiency": 10.0,
        # not ready 24/160 = 0.15: (0.3 - 0.15)/0.2 * 10 = 7.5; after call 15960/266 = 60 s,
        # the target: 10
        "work_state": (7.5 + 10) / 2,
        # passed 18/20 = 0.9: (0.9 - 0.7)/0.3 * 10; no incident: 10
        "quality": (20 / 3 + 10) / 2,
        # first contact 0.78: 0.38/0.5 * 10 = 7.6; right 0.95: 7.5; again 0.025: 8.75
        "handling": (7.6 + 7.5 + 8.75) / 3,
        # satisfied 0.92: 0.22/0.3 * 10 = 7.333; rated 100/250 = 0.4: 8
        "satisfaction": (22 / 3 + 8) / 2,
    }
    for indicator, points in by_hand.items():
        assert scores.of(indicator)["李娜"] == pytest.approx(points, abs=1e-9), indicator
    assert scores.of("growth").isna().all()
    total = sum(by_hand.values()) / 6  # equal weights; growth has no figures
    assert scores.of("total")["李娜"] == pytest.approx(total, abs=1e-9)


def test_falling_short_of_ones_share_costs_points_and_exceeding_it_earns_none(scores):
    # 王强: 120 calls of 2 * 67 = 134, handled 96 of 2 * 64 = 128
    assert scores.of("efficiency")["王强"] == pytest.approx((1200 / 134 + 960 / 128) / 2)
    # after-call work 8640/96 = 90 s, a target of 60: (180 - 90)/(180 - 60) * 10 = 7.5;
    # not ready 16/80 = 0.2: 5
    assert scores.of("work_state")["王强"] == pytest.approx((7.5 + 5) / 2)


def test_a_score_is_traced_to_the_rows_of_the_table(scores):
    trace = scores.trace("李娜", "service_level")
    steps = trace.steps.set_index("id")
    assert steps.loc["answered_15s_rate", "score"] == pytest.approx(7.5)
    assert steps.loc["answered_15s_rate", "contribution"] == pytest.approx(2.5)
    assert trace.steps["contribution"].iloc[1:].sum() == pytest.approx((10 + 7.5 + 10) / 3)
    rows = trace.records[trace.records["item"] == "answered_15s_rate"]
    table = kpi_table()
    assert list(rows["answer"]) == ["120/150", "104/130"]
    assert (table.loc[rows["row"], "kpi"] == "answered_15s_rate").all()
    assert (table.loc[rows["row"], "unit"] == "李娜").all()
    volume = scores.trace("李娜", "efficiency").records
    assert list(volume.loc[volume["item"] == "call_volume", "answer"]) == ["150", "130"]
    assert "李娜" in trace.sentence("zh") and "服务水平" in trace.sentence("zh")


def test_what_teams_and_the_centre_reached(targets):
    table = attainment(targets, kpi_table(), KPIS).set_index(["unit", "kpi", "period"])
    # January: 甲组 (144 + 48) / (150 + 60) = 192/210; all 488/520
    assert table.loc[("甲组", "answered_rate", "2025-01"), "value"] == 192 / 210
    assert table.loc[("centre", "answered_rate", "2025-01"), "value"] == 488 / 520
    assert not table.loc[("centre", "answered_rate", "2025-01"), "met"]
    assert table.loc[("李娜", "answered_rate", "2025-01"), "met"]  # 144/150 = 0.96
    assert table.loc[("centre", "calls_handled", "2025-01"), ["target", "value"]].tolist() == [
        480,
        488,
    ]
    # 甲组 (8640 + 4320) / 192 = 67.5 s, above the target of 60
    after = table.loc[("甲组", "after_call_work", "2025-01")]
    assert (after["value"], after["gap"], after["met"]) == (67.5, 7.5, False)


@pytest.mark.parametrize("units", [["甲组", "乙组"], ["centre"]])
def test_the_same_tree_scores_teams_and_the_centre(system, targets, units):
    table = at_every_level(targets, kpi_table(), KPIS)
    scores, _ = score(Records({"kpis": table}), system, units)
    assert scores.of("total").notna().all()
    if units == ["centre"]:
        return
    # 甲组: calls 400 of 2 * 200 = 400: 10; handled 362 of 2 * 192 = 384
    assert scores.of("efficiency")["甲组"] == pytest.approx((10 + 3620 / 384) / 2)
    # 甲组: not ready 40/240 = 1/6: (0.3 - 1/6)/0.2 * 10 = 6.667;
    # after call (15960 + 8640)/362 = 67.9558 s: (180 - 67.9558)/120 * 10
    after = (180 - 24600 / 362) / 120 * 10
    assert scores.of("work_state")["甲组"] == pytest.approx((20 / 3 + after) / 2)


def test_random_records_are_scored_once_their_targets_are_split(system):
    records = random_records(system, AGENTS, seed=3)
    asked = {
        item.source: 0.5 if KPIS[item.source].kind == "rate" else 100.0
        for _, item in system.leaf_items()
        if isinstance(item.rule, TargetRule)
    }
    table = with_targets(records["kpis"], split_targets(asked, MEMBERS, KPIS))
    scores, findings = score(Records({"kpis": table}), system, AGENTS)
    assert scores.of("total").between(0, 10).all()
    assert all(scores.of(node.id).between(0, 10).all() for node in system.nodes())
    assert not [finding for finding in findings if finding.check == "no-score"]
