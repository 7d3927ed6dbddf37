import numpy as np
import pytest

from analysis.trends.common import common_part, item_fates, restricted, same_definition
from indicators.system_file import load_system
from survey.findings import InputError


def new_item(name, table="responses", **more):
    rule = {"rule": {"likert": [0, 10]}} if table == "responses" else {}
    return {"id": name, "zh": name, "en": name, "table": table, **rule, **more}


def test_fates_of_items(make_system):
    def change(data):
        speed, care = data["children"]
        speed["items"][1]["rule"] = {"likert": [0, 8]}
        care["items"] = [
            new_item("honest"),
            new_item("agents", "figures", rule={"minmax": [0, 10]}),
        ]

    with pytest.raises(ValueError, match="not both"):
        make_system(change)

    def changed(data):
        speed, care = data["children"]
        speed["items"][1]["rule"] = {"likert": [0, 8]}
        care["items"] = [new_item("honest")]
        data["children"].append({"id": "staff", "zh": "人", "en": "staff", "items": FIGURES})

    def added(data):
        data["children"].append({"id": "staff", "zh": "人", "en": "staff", "items": FIGURES})

    fates = item_fates(make_system(added), make_system(changed)).set_index("item")["fate"]
    assert fates.to_dict() == {
        "quick": "common", "waited": "changed", "kind": "dropped", "honest": "added",
        "agents": "relative", "desks": "common", "seats": "common", "shares": "relative",
    }  # fmt: skip


FIGURES = [
    new_item("agents", "figures", rule={"minmax": [0, 10]}),
    new_item("desks", "figures", rule={"goalposts": [0, 10]}),
    new_item("seats", "figures", rule={"target": 10, "worst": 0}),
    new_item("shares", "figures", rule={"goalposts": [0, 10]}, treat="auto"),
]


def test_common_part_of_the_same_system_is_the_edition_itself(make_system, make_edition):
    before, after = make_edition(make_system(), 1), make_edition(make_system(), 2)
    part = common_part(before, after)
    assert np.array_equal(part.before.score, before.score, equal_nan=True)
    assert np.array_equal(part.after.score, after.score, equal_nan=True)


def test_either_weights_hold_for_both_editions(make_system, make_edition):
    def change(data):
        data["children"][0]["weight"] = 1
        data["children"][1]["weight"] = 3

    before, after = make_edition(make_system(), 1), make_edition(make_system(change), 2)
    old = common_part(before, after, "before")
    assert np.allclose(old.before.score, before.score)
    by_hand = (2 * after.of("speed") + after.of("care")) / 3
    assert np.allclose(old.after.of("total"), by_hand)
    new = common_part(before, after, "after")
    assert np.allclose(new.before.of("total"), (before.of("speed") + 3 * before.of("care")) / 4)


def test_weights_from_data_stay_those_that_the_edition_had(make_system, make_edition):
    def entropy(data):
        data["weights"] = "entropy"
        for child in data["children"]:
            del child["weight"]

    before = make_edition(make_system(entropy), 1, units=tuple("abcdefgh"))
    after = make_edition(make_system(entropy), 5, units=tuple("abcdefgh"))
    part = common_part(before, after, "before")
    assert np.allclose(part.before.score, before.score)
    assert np.allclose(part.after.hierarchy.weight, before.hierarchy.weight)
    assert not np.allclose(after.hierarchy.weight, before.hierarchy.weight)


def test_an_item_with_the_id_of_an_indicator_is_left_out_alone(make_system):
    def change(data):
        data["children"][1]["items"].append(new_item("speed"))

    system = make_system(change)
    left = restricted(system, system.hierarchy, frozenset({"quick", "kind"}))
    assert left.hierarchy.ids == ("total", "speed", "care")
    assert left.hierarchy.items == ("quick", "kind")


def test_what_weighs_nothing_makes_no_total(make_system, make_edition):
    def weightless(data):
        data["children"][0]["weight"] = 0

    system = make_system(weightless)
    assert restricted(system, system.hierarchy, frozenset({"quick", "waited"})) is None
    assert restricted(system, system.hierarchy, frozenset()) is None

    def no_item(data):
        data["children"][0]["items"][0]["weight"] = 0

    system = make_system(no_item)
    left = restricted(system, system.hierarchy, frozenset({"quick", "kind"}))
    assert left.hierarchy.ids == ("total", "care")


def test_a_bonus_alone_makes_no_total(make_system):
    def bonus(data):
        data["children"][1] |= {"role": "innovation", "bonus": 1}

    system = make_system(bonus)
    assert restricted(system, system.hierarchy, frozenset({"kind"})) is None
    left = restricted(system, system.hierarchy, frozenset({"kind", "quick"}))
    assert left.hierarchy.bonus.tolist() == [0, 0, 1]


def test_editions_on_different_scales_are_refused(make_system, make_edition):
    before = make_edition(make_system(), 1)
    after = make_edition(make_system(lambda data: data.update(scale=100)), 1)
    with pytest.raises(InputError, match="the same scale"):
        common_part(before, after)
    alone = make_edition(make_system(lambda data: data.pop("audiences")), 1)
    with pytest.raises(InputError, match="the same audiences"):
        common_part(before, alone)


def test_definitions_are_the_same_up_to_names(make_system, make_edition):
    def renamed(data):
        data["children"][0] |= {"zh": "速度", "en": "pace", "weight": 4}
        data["children"][1]["weight"] = 2

    def other(data):
        data["children"][0]["items"][0]["weight"] = 3

    before = make_edition(make_system())
    assert all(same_definition(before, make_edition(make_system(renamed))).values())
    assert same_definition(before, make_edition(make_system(other))) == {
        "total": False, "speed": False, "care": True,
    }  # fmt: skip

    def audiences(data):
        data["audiences"]["citizen"]["weight"] = 3

    assert not any(same_definition(before, make_edition(make_system(audiences))).values())


def test_national_systems_of_2023_and_2024_have_most_items_in_common():
    fates = item_fates(load_system("hotline-2023"), load_system("hotline-2024"))["fate"]
    assert fates.value_counts().to_dict() == {"common": 46, "added": 16, "relative": 1}
