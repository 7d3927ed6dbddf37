"""What the records of an edition were meant to be."""

from pathlib import Path

import pytest

from hotline_index.check_plan import asked_where, check_plan
from hotline_index.configuration import EditionConfig
from hotline_index.edition import open_edition
from survey.checks import CheckSettings, Contradiction
from survey.findings import InputError
from survey.yaml_source import read_yaml


@pytest.fixture(scope="module")
def demo():
    return open_edition(Path("editions/demo"))


def contradicting(edition, **rule):
    settings = CheckSettings(contradictions=(Contradiction(**rule),))
    config = edition.config.model_copy(update={"checks": settings})
    return type(edition)(edition.folder, config, edition.system, edition.register, edition.sample)


def test_items_of_a_scenario_are_asked_in_it_alone(demo):
    asked = asked_where(demo.system)
    assert asked["calls"]["case_accepted"] == ({"scenario": ("complaint",)},)
    assert "explained_clearly" not in asked["calls"], "asked of every call"
    assert "wait_seconds" not in asked["calls"], "a column of the contract"
    assert asked["cases"]["novelty"] == ({"kind": ("content",)}, {"kind": ("method",)})


def test_slots_tell_their_hours(demo):
    plan = check_plan(demo, demo.system.needed_columns(), demo.sample)
    assert plan.slot_hours["s1"] == (8.0, 10.0) and len(plan.slot_hours) == 6
    assert plan.scenarios == ("information", "complaint")


def test_a_contradiction_of_columns_that_there_are(demo):
    rule = {"table": "calls", "together": {"answer_given": ("none",), "answer_correct": ("yes",)}}
    plan = check_plan(contradicting(demo, **rule), demo.system.needed_columns(), demo.sample)
    assert len(plan.settings.contradictions) == 1


@pytest.mark.parametrize(
    ("rule", "column", "hint"),
    [
        ({"table": "call", "together": {"a": ("1",), "b": ("1",)}}, "table", "'calls'"),
        (
            {"table": "calls", "together": {"answer_gven": ("none",), "outcome": ("busy",)}},
            "together",
            "'answer_given'",
        ),
    ],
)
def test_a_contradiction_of_something_unknown(demo, rule, column, hint):
    with pytest.raises(InputError) as caught:
        check_plan(contradicting(demo, **rule), demo.system.needed_columns(), demo.sample)
    (finding,) = caught.value.findings
    assert finding.column == f"checks.contradictions.0.{column}" and hint in finding.hint


def test_the_key_checks_of_an_edition(tmp_path):
    text = Path("editions/demo/edition.yaml").read_text("utf-8")
    rule = "{table: calls, together: {answer_given: [none], answer_correct: [yes]}}"
    path = tmp_path / "edition.yaml"
    path.write_text(
        f"{text}\nchecks:\n  speeding_share: 0.4\n  contradictions: [{rule}]\n", "utf-8"
    )
    config = read_yaml(path, EditionConfig)
    assert config.checks.speeding_share == 0.4
    assert config.checks.contradictions[0].together["answer_correct"] == ("yes",)
    path.write_text(f"{text}\nchecks:\n  speeding: 0.4\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_yaml(path, EditionConfig)
    assert caught.value.findings[0].column == "checks.speeding"
    assert "speeding_share" in caught.value.findings[0].hint
