import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import random_records

from analysis.trends.bridge import PARTS, bridge_editions
from analysis.trends.sentences import bridge_sentence
from indicators.scores import score
from indicators.system_file import load_system
from survey.records import Records

WAYS = ("before", "after", "average")


def honest(data):
    """Leave one item and add another, under other weights."""
    data["children"][0]["items"].pop()
    data["children"][1]["items"].append(
        {"id": "honest", "zh": "诚", "en": "honest", "table": "responses",
         "rule": {"likert": [0, 10]}}
    )  # fmt: skip
    data["children"][1]["weight"] = 3


def lenient(data):
    honest(data)
    data["minimum_coverage"] = 0.1


def sums(table):
    return table[list(PARTS)].sum(axis=1)


@pytest.mark.parametrize("weights", WAYS)
def test_parts_sum_to_the_change_for_every_unit_and_the_nation(make_system, make_edition, weights):
    before, after = make_edition(make_system(), 1), make_edition(make_system(honest), 2, lift=1)
    bridge, findings = bridge_editions(before, after, weights=weights)
    assert np.allclose(sums(bridge.units), bridge.units["change"])
    assert sums(bridge.nation)[0] == pytest.approx(bridge.nation["change"][0])
    assert bridge.nation["change"][0] == pytest.approx(
        after.of("total").mean() - before.of("total").mean()
    )
    assert findings == ()


def test_parts_are_those_by_hand(make_system, make_edition):
    before, after = make_edition(make_system(), 1), make_edition(make_system(honest), 2, lift=1)
    bridge, _ = bridge_editions(before, after, weights="before")

    def item(scores, name):
        return scores.items.mean[:2, scores.hierarchy.items.index(name)].mean(axis=0)

    old = (2 * item(before, "quick") + item(before, "kind")) / 3
    new = (2 * item(after, "quick") + item(after, "kind")) / 3
    assert np.allclose(bridge.units["dropped"], old - before.of("total").to_numpy())
    assert np.allclose(bridge.units["real"], new - old)
    reweighted = (2 * item(after, "quick") + 3 * item(after, "kind")) / 5
    assert np.allclose(bridge.units["reweighted"], reweighted - new)
    assert np.allclose(bridge.units["added"], after.of("total").to_numpy() - reweighted)
    laspeyres, paasche, bennet = (
        bridge_editions(before, after, weights=way)[0].units["real"] for way in WAYS
    )
    assert np.allclose(bennet, (laspeyres + paasche) / 2)


def test_the_same_system_leaves_real_change_only(make_system, make_edition):
    before, after = make_edition(make_system(), 1), make_edition(make_system(), 2, lift=1)
    bridge, findings = bridge_editions(before, after)
    assert np.allclose(bridge.units["real"], bridge.units["change"])
    assert (bridge.units[["dropped", "reweighted", "added"]] == 0).all(axis=None)
    assert (bridge.units["verdict"] == "rise").all()
    assert findings == ()


def test_a_lift_of_all_answers_is_found_as_real_whatever_the_indicators_do(
    make_system, make_edition
):
    before = make_edition(make_system(), 1, n=400)
    after = make_edition(make_system(honest), 2, lift=0.5, n=400)
    nation = bridge_editions(before, after)[0].nation.iloc[0]
    assert nation["low"] < 0.5 < nation["high"]
    assert nation["high"] - nation["low"] < 0.2
    assert nation["verdict"] == "rise"
    steady = make_edition(make_system(honest), 3, n=400)
    assert bridge_editions(before, steady)[0].nation["verdict"][0] == "unclear"


def test_without_common_items_there_is_no_bridge(make_system, make_edition):
    def all_new(data):
        for place, child in enumerate(data["children"]):
            child["items"] = child["items"][:1]
            child["items"][0] |= {"id": f"new{place}", "column": "honest"}

    before, after = make_edition(make_system(), 1), make_edition(make_system(all_new), 2)
    bridge, findings = bridge_editions(before, after)
    assert bridge is None
    assert [finding.check for finding in findings] == ["no-common-indicators"]


def test_changed_items_are_told_and_count_as_dropped_and_added(make_system, make_edition):
    def stricter(data):
        data["children"][1]["items"][0]["rule"] = {"likert": [2, 10]}

    before, after = make_edition(make_system(), 1), make_edition(make_system(stricter), 1)
    bridge, findings = bridge_editions(before, after)
    assert [(f.check, f.column, f.count) for f in findings] == [("changed-items", "kind", 1)]
    assert (bridge.units["real"] == 0).all()
    assert np.allclose(bridge.units["dropped"] + bridge.units["added"], bridge.units["change"])


def test_units_of_one_edition_are_left_out_and_those_with_too_little_told(
    make_system, make_edition
):
    before = make_edition(make_system(), 1, units=("a", "b", "c"))
    after = make_edition(make_system(honest), 2, units=("b", "c", "d"))
    answers = after.records["responses"].copy()
    answers.loc[answers["unit"] == "c", ["quick", "kind"]] = np.nan
    records = Records({**after.records.tables, "responses": answers})
    rescored, _ = score(records, make_system(lenient), after.units)
    bridge, findings = bridge_editions(before, rescored)
    units = bridge.units.set_index("unit")
    assert units.index.tolist() == ["b", "c"]
    assert units.loc["c", list(PARTS)].isna().all()
    assert units.loc["c", "verdict"] == "unclear"
    assert bridge.nation["n"][0] == 1
    assert [(f.check, f.got) for f in findings] == [("too-little-in-common", "c")]


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 999), weight=st.floats(0, 5), lift=st.floats(-2, 2))
def test_parts_always_sum(make_system, make_edition, seed, weight, lift):
    def change(data):
        honest(data)
        data["children"][1]["weight"] = weight
        data["aggregate"] = "geometric" if seed % 2 else "arithmetic"

    before, after = (
        make_edition(make_system(), seed),
        make_edition(make_system(change), 1, lift=lift),
    )
    bridge, _ = bridge_editions(before, after)
    assert np.allclose(sums(bridge.units), bridge.units["change"])


def test_the_national_systems_of_2023_and_2024_are_bridged():
    units = ["u0", "u1", "u2", "u3"]
    before, after = (
        score(random_records(system, units, seed=seed, calls=48), system, units)[0]
        for seed, system in enumerate(map(load_system, ("hotline-2023", "hotline-2024")))
    )
    bridge, findings = bridge_editions(before, after)
    assert np.allclose(sums(bridge.units), bridge.units["change"])
    assert (bridge.units[["dropped", "added"]].abs().sum() > 0.01).all()
    assert [(f.check, f.column) for f in findings] == [("relative-items", "analysis_reports")]


def test_sentences(make_system, make_edition):
    before, after = make_edition(make_system(), 1), make_edition(make_system(honest), 2, lift=1)
    bridge, _ = bridge_editions(before, after)
    row = bridge.nation.iloc[0]
    assert f"可比题项的实际变化{row['real']:+.2f}分" in bridge_sentence(bridge)
    assert "变化显著" in bridge_sentence(bridge)
    assert f"{row['real']:+.2f} of it real" in bridge_sentence(bridge, "en")
    same, _ = bridge_editions(before, before)
    assert "-0.00" not in bridge_sentence(same)
    assert "在误差范围内" in bridge_sentence(same)
