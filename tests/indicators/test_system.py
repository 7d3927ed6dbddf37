from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from indicators.system import System
from indicators.system_file import SYSTEMS, load_system
from survey.findings import InputError

SOURCE = (SYSTEMS / "hotline-2021.yaml").read_text(encoding="utf-8")


def edited(tmp_path: Path, edit) -> Path:
    tree = yaml.safe_load(SOURCE)
    edit(tree)
    path = tmp_path / "system.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def refused(path: Path):
    with pytest.raises(InputError) as error:
        load_system(path)
    return error.value.findings


def test_the_whole_tree_of_the_2021_report():
    system = load_system("hotline-2021")
    tree = system.hierarchy
    assert [int((tree.depth == level).sum()) for level in range(4)] == [1, 4, 12, 10]
    per_parent = [len(node.children) for node in system.children]
    assert per_parent == [2, 5, 3, 2]
    level3 = [tree.ids[i] for i in range(len(tree.ids)) if tree.depth[i] == 3]
    value = tree.index("value")
    assert all(tree.path(tree.index(i))[1] == value for i in level3)
    assert set(tree.weight) == {1.0}
    assert all(n.zh and n.en and n.definition.zh and n.definition.en for n in system.nodes())
    assert all(len(n.items) >= 2 for n in system.nodes() if n.items)


def test_negative_weight_names_line_and_key(tmp_path):
    (finding,) = refused(
        edited(tmp_path, lambda t: t["children"][0]["children"][1].update(weight=-1))
    )
    assert (finding.column, finding.got) == ("children.0.children.1.weight", "-1")
    assert finding.file and finding.row and "greater than or equal to 0" in finding.expected


def test_weights_all_zero(tmp_path):
    def edit(tree):
        for child in tree["children"][0]["children"]:
            child["weight"] = 0

    (finding,) = refused(edited(tmp_path, edit))
    assert "weight above 0" in finding.expected and "information" in finding.expected


def test_infinite_weight(tmp_path):
    (finding,) = refused(edited(tmp_path, lambda t: t["children"][0].update(weight=float("inf"))))
    assert finding.column == "children.0.weight"


def test_misspelt_key_names_the_nearest(tmp_path):
    (finding,) = refused(edited(tmp_path, lambda t: t["children"][0].update(wieght=1)))
    assert finding.check == "unknown-key"
    assert "weight" in finding.hint
    assert finding.row is not None


def test_all_faults_come_at_once(tmp_path):
    def edit(tree):
        tree["children"][0]["weight"] = -1
        tree["minimum_coverage"] = 2
        tree["children"][1]["children"][0]["items"][0]["rule"] = {"likert": [5, 5]}

    assert len(refused(edited(tmp_path, edit))) == 3


def test_unknown_rule_is_refused(tmp_path):
    def edit(tree):
        tree["children"][0]["children"][0]["items"][0]["rule"] = {"maps": {"a": 1, "b": 2}}

    (finding,) = refused(edited(tmp_path, edit))
    assert finding.expected.startswith("one of the rules map, binary, likert, piecewise")
    assert "'map'" in finding.hint


def test_same_id_twice(tmp_path):
    def edit(tree):
        tree["children"][1]["children"][0]["id"] = "goal"

    (finding,) = refused(edited(tmp_path, edit))
    assert "goal" in finding.expected


def test_two_rules_with_other_answers_on_one_column(tmp_path):
    def edit(tree):
        tree["children"][0]["children"][0]["items"][1]["column"] = "answer_given"

    (finding,) = refused(edited(tmp_path, edit))
    assert finding.check == "contradictory-rules"


def test_unknown_system_names_the_nearest():
    with pytest.raises(InputError) as error:
        load_system("hotline-2012")
    assert "hotline-2021" in error.value.findings[0].hint


def kpi_item(**keys):
    words = {"zh": "x", "en": "x"}
    item = {"id": keys.pop("id"), **words, "table": "kpis", **keys}
    return {"id": "own", "title": words, "source": words,
            "children": [{"id": "n", **words, "items": [item]}]}  # fmt: skip


def test_kpis_without_a_rule_take_the_direction_of_the_registry():
    system = System.model_validate(kpi_item(id="mean_wait"))
    ((_, item),) = system.leaf_items()
    assert item.rule.direction == "lower"


def test_a_neutral_kpi_needs_a_rule_of_its_own():
    with pytest.raises(ValidationError, match=r"items.0.rule\n"):
        System.model_validate(kpi_item(id="call_volume"))
    System.model_validate(kpi_item(id="call_volume", rule={"target": "own"}))


@pytest.mark.parametrize(
    "keys",
    [
        {"rule": {"minmax": [0, 10]}, "direction": "lower"},
        {"where": {"unit": ["x"]}},
        {"denominator": "mean_wait"},
    ],
)
def test_keys_that_a_kpi_cannot_have(keys):
    with pytest.raises(ValidationError):
        System.model_validate(kpi_item(id="mean_wait", **keys))


def test_a_rule_that_compares_units_is_refused_for_records():
    data = kpi_item(id="mean_wait", rule={"minmax": [0, 10]})
    data["children"][0]["items"][0]["table"] = "calls"
    with pytest.raises(ValidationError, match="minmax compares units"):
        System.model_validate(data)


def test_an_impossible_value_in_a_condition_is_an_error(tmp_path):
    def edit(tree):
        item = tree["children"][0]["children"][0]["items"][0]
        item["where"] = {"scenario": ["informaton"]}

    (finding,) = refused(edited(tmp_path, edit))
    assert finding.check == "impossible-condition"
    assert "information" in finding.hint


def test_a_text_with_a_comma_in_braces_gets_a_hint_to_quote_it(tmp_path):
    path = tmp_path / "system.yaml"
    path.write_text(SOURCE.replace(
        "title: {zh: 政务热线服务质量", "title: {zh: 政务热线, 服务质量"), encoding="utf-8")  # fmt: skip
    assert any("quotes" in finding.hint for finding in refused(path))
