"""Instruments load whole, and every mistake in their files is told at once."""

from pathlib import Path

import pytest
import yaml

from survey.findings import Finding, InputError
from survey.instruments.load import FOLDER, instruments, load_instrument

SMALL = {
    "id": "small",
    "version": 1,
    "table": "calls",
    "title": {"zh": "小表", "en": "Small"},
    "introduction": {"zh": "说明", "en": "Read me"},
    "options": {"outcome": {"answered": {"zh": "接通", "en": "Answered"}}},
    "sections": [
        {
            "id": "first",
            "title": {"zh": "一", "en": "One"},
            "questions": [
                {"name": "outcome", "kind": "choice", "options": "outcome", "zh": "结果", "en": "Outcome"},
                {"name": "heard", "kind": "yes_no", "zh": "听到", "en": "Heard", "when": {"outcome": ["answered"]}},
            ],
        }
    ],
}  # fmt: skip


def written(folder: Path, **changed: object) -> Path:
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(SMALL | changed, allow_unicode=True), encoding="utf-8")
    return path


def question(**changed: object) -> list[dict[str, object]]:
    """The small instrument's section with its second question changed."""
    section = dict(SMALL["sections"][0])
    first, second = section["questions"]
    return [section | {"questions": [first, second | changed]}]


def refused(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        load_instrument(path)
    return caught.value.findings


@pytest.mark.parametrize("name", instruments())
def test_every_shipped_instrument_loads(name):
    loaded = load_instrument(name)
    assert loaded.id == name
    assert {s.id for s in loaded.sections} and len({q.name for q in loaded.questions}) > 4


def test_callers_sheets_share_their_sections():
    citizen, enterprise = (load_instrument(f"caller-{who}") for who in ("citizen", "enterprise"))
    assert (citizen.audience, enterprise.audience) == ("citizen", "enterprise")
    differing = [a.id for a, b in zip(citizen.sections, enterprise.sections, strict=True) if a != b]
    assert differing == ["stories"]


@pytest.mark.parametrize("name", [n for n in instruments() if n.startswith("caller")])
def test_every_story_has_its_script(name):
    loaded = load_instrument(name)
    stories = next(s for s in loaded.sections if s.id == "stories").questions
    told = {value for story in stories for value in story.when["question"]}
    assert told == set(loaded.options["question"])
    assert all(story.say for story in stories)


def test_a_path_loads_and_includes_from_the_package(tmp_path):
    path = written(tmp_path, include=["shared/users.yaml"], sections=["usage", *SMALL["sections"]])
    assert [section.id for section in load_instrument(path).sections] == ["usage", "first"]


def test_a_file_beside_stands_before_the_package(tmp_path):
    (tmp_path / "shared").mkdir()
    shared = {"options": {}, "sections": [question()[0] | {"id": "own"}]}
    text = yaml.safe_dump(shared, allow_unicode=True)
    (tmp_path / "shared" / "users.yaml").write_text(text, encoding="utf-8")
    path = written(tmp_path, include=["shared/users.yaml"], sections=["own"])
    assert [section.id for section in load_instrument(path).sections] == ["own"]


def test_a_misspelt_key_is_refused_with_the_nearest(tmp_path):
    (found,) = refused(written(tmp_path, sections=question(requird=True)))
    assert (found.check, found.got, found.hint) == (
        "unknown-key",
        "'requird'",
        "did you mean 'required'?",
    )
    assert found.row is not None


def test_an_unknown_name_is_told_with_the_nearest():
    (found,) = refused(Path("caller-citizn"))
    assert (found.check, found.hint) == ("unknown-instrument", "did you mean 'caller-citizen'?")


@pytest.mark.parametrize(
    ("changed", "check", "column"),
    [
        ({"sections": ["usge"], "include": ["shared/users.yaml"]}, "unknown-section", "sections.0"),
        ({"sections": question(when={"outcom": ["answered"]})}, "unknown-condition", "heard"),
        ({"sections": question(when={"outcome": ["answerd"]})}, "unknown-condition", "heard"),
        ({"sections": question(when={"heard": ["yes"]})}, "unknown-condition", "heard"),
        ({"sections": question(kind="choice")}, "no-options", "heard"),
        ({"sections": question(kind="choice", options="outcom")}, "unknown-options", "heard"),
        ({"sections": question(kind="likert", options="outcome")}, "wrong-scale", "heard"),
        ({"sections": question(options="outcome")}, "needless-options", "heard"),
        ({"sections": question(minimum=1)}, "needless-range", "heard"),
        ({"sections": question(kind="integer", minimum=3, maximum=1)}, "wrong-range", "heard"),
        ({"sections": question(name="outcome", when={})}, "repeated-name", "outcome"),
        ({"sections": question(name="first")}, "repeated-name", "first"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_is(tmp_path, changed, check, column):
    (found,) = refused(written(tmp_path, **changed))
    assert (found.check, found.column) == (check, column)
    assert found.file.endswith("small.yaml")


def test_every_mistake_is_told_at_once(tmp_path):
    found = refused(written(tmp_path, sections=question(when={"outcome": ["x", "y"]}, options="z")))
    assert [each.check for each in found] == [
        "unknown-condition",
        "unknown-condition",
        "needless-options",
    ]


def test_a_condition_on_a_question_with_an_unknown_list_is_told_once(tmp_path):
    section = dict(SMALL["sections"][0])
    first, second = section["questions"]
    sections = [section | {"questions": [first | {"options": "none_such"}, second]}]
    checks = {each.check for each in refused(written(tmp_path, sections=sections))}
    assert checks == {"unknown-options", "unknown-condition"}


def test_an_included_file_that_is_missing_is_told(tmp_path):
    (found,) = refused(written(tmp_path, include=["shared/none.yaml"]))
    assert found.check == "no-such-file"


def test_no_shared_file_is_left_unused():
    used = {
        name
        for each in instruments()
        for name in yaml.safe_load((FOLDER / f"{each}.yaml").read_text("utf-8")).get("include", ())
    }
    assert used == {f"shared/{path.name}" for path in (FOLDER / "shared").glob("*.yaml")}
