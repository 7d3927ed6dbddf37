"""YAML: right files become models; every wrong key or value is told with its line."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Field, Tag, model_validator
from record_files import said

from survey.findings import Finding, InputError, Severity
from survey.yaml_source import Strict, read_yaml


class MapRule(Strict):
    map: dict[str, float]


class StepRule(Strict):
    step: tuple[float, float]
    unit: str


def _tag(rule: Any) -> str | None:
    keys = rule if isinstance(rule, dict) else type(rule).model_fields
    return next((name for name in ("map", "step") if name in keys), None)


class Item(Strict):
    id: str
    rule: Annotated[
        Annotated[MapRule, Tag("map")] | Annotated[StepRule, Tag("step")], Discriminator(_tag)
    ]
    kind: Literal["core", "bonus"] = "core"
    weight: Annotated[float, Field(ge=0)] = 1.0


class Grading(Strict):
    scheme: str
    cuts: tuple[float, ...] = ()


class Document(Strict):
    title: str
    grading: Grading
    items: tuple[Item, ...] = ()
    schemes: dict[str, Grading] = {}
    source: str = Field("", alias="from")

    @model_validator(mode="after")
    def _is_sound(self) -> "Document":
        if self.title == "bad":
            raise ValueError("a title that is not bad")
        return self


START = "title: t\ngrading: {scheme: q}\n"


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "edition.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path, Document)


def refused(tmp_path: Path, text: str) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert all(f.severity is Severity.ERROR for f in caught.value.findings)
    assert all(Path(f.file).name == "edition.yaml" for f in caught.value.findings)
    return caught.value.findings


def the_fault(tmp_path: Path, text: str) -> Finding:
    (finding,) = refused(tmp_path, text)
    return finding


# ------------------------------------------------------------------------------ right files


def test_a_right_file(tmp_path):
    document = read(
        tmp_path,
        START + "from: 报告\nitems:\n- id: a\n  rule: {map: {yes: 10, no: 0}}\n  kind: bonus\n",
    )
    assert document.source == "报告"
    assert document.items[0].rule == MapRule(map={"yes": 10, "no": 0})


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read(tmp_path, "\ufeff" + START).title == "t"


def test_yes_and_no_are_words_and_true_is_not(tmp_path):
    class Answers(Strict):
        words: tuple[str, ...]
        flag: bool

    path = tmp_path / "a.yaml"
    path.write_text("words: [yes, no, on, off, Yes, y]\nflag: true\n")
    answers = read_yaml(path, Answers)
    assert answers.words == ("yes", "no", "on", "off", "Yes", "y")
    assert answers.flag is True


def test_anchors_and_merged_keys(tmp_path):
    document = read(
        tmp_path,
        "title: t\ngrading: &g {scheme: q, cuts: [1]}\nschemes:\n"
        "  a: *g\n  b: &b {<<: *g, scheme: r}\n  c: {<<: *b}\n",
    )
    assert document.schemes["a"] == document.grading
    assert document.schemes["b"] == document.schemes["c"] == Grading(scheme="r", cuts=(1,))


# ------------------------------------------------------------------------------ wrong keys


def test_a_misspelt_key_names_its_line_and_the_nearest_right_one(tmp_path):
    finding = the_fault(tmp_path, "title: t\ngrading:\n  scheme: q\n  cutz: [1]\n")
    assert finding.check == "unknown-key"
    assert said(finding)[1:] == (
        4, "grading.cutz", "a known key", "'cutz'", "did you mean 'cuts'?",
    )  # fmt: skip


def test_a_misspelt_key_deep_in_a_list(tmp_path):
    text = (
        START
        + "items:\n- id: a\n  rule: {map: {x: 1}}\n- id: b\n  wieght: 2\n  rule: {map: {x: 1}}\n"
    )
    finding = the_fault(tmp_path, text)
    assert (finding.row, finding.column) == (7, "items.1.wieght")
    assert finding.hint == "did you mean 'weight'?"


def test_a_misspelt_key_in_a_mapping_of_models(tmp_path):
    finding = the_fault(tmp_path, START + "schemes:\n  a:\n    sceme: x\n    scheme: y\n")
    assert (finding.row, finding.column) == (5, "schemes.a.sceme")
    assert finding.hint == "did you mean 'scheme'?"


def test_a_key_is_known_by_its_alias(tmp_path):
    assert the_fault(tmp_path, START + "form: x\n").hint == "did you mean 'from'?"


def test_a_strange_key_gets_the_list_of_right_ones(tmp_path):
    finding = the_fault(tmp_path, "title: t\ngrading:\n  scheme: q\n  zzz: 1\n")
    assert finding.hint == "one of: cuts, scheme"


def test_a_missing_key(tmp_path):
    finding = the_fault(tmp_path, "title: t\ngrading:\n  cuts: [1]\n")
    assert finding.check == "missing-key"
    assert said(finding)[1:] == (2, "grading.scheme", "the key 'scheme'", "nothing", "add the key")


def test_a_rule_is_named_as_the_file_writes_it_not_by_its_tag(tmp_path):
    """The tags of a union stand in pydantic's locations but not in the file."""
    rules = {
        "{step: [1, 2]}": ("missing-key", "items.0.rule.unit"),
        "{step: [1, 2], unit: s, mop: 1}": ("unknown-key", "items.0.rule.mop"),
        "{map: {map: x}}": ("wrong-value", "items.0.rule.map.map"),
        "{step: [1, x], unit: s}": ("wrong-value", "items.0.rule.step.1"),
        "{step: [1], unit: s}": ("wrong-value", "items.0.rule.step.1"),
    }
    for rule, (check, column) in rules.items():
        finding = the_fault(tmp_path, START + f"items:\n- id: a\n  rule: {rule}\n")
        assert (finding.check, finding.column, finding.row) == (check, column, 5)


def test_the_line_is_that_of_the_key_itself(tmp_path):
    text = START + "items:\n- id: a\n  rule:\n    step: [1, 2]\n    unit: s\n    mop: 1\n"
    assert the_fault(tmp_path, text).row == 8


# ---------------------------------------------------------------------------- wrong values


def test_a_word_that_is_not_allowed(tmp_path):
    finding = the_fault(tmp_path, START + "items:\n- id: a\n  rule: {map: {x: 1}}\n  kind: bones\n")
    assert said(finding)[1:] == (
        6, "items.0.kind", "one of 'core' or 'bonus'", "'bones'", "did you mean 'bonus'?",
    )  # fmt: skip


def test_a_number_out_of_range(tmp_path):
    finding = the_fault(tmp_path, START + "items:\n- id: a\n  rule: {map: {x: 1}}\n  weight: -1\n")
    assert said(finding)[1:5] == (6, "items.0.weight", "greater than or equal to 0", "-1")


@pytest.mark.parametrize(("value", "got"), [("nope", "'nope'"), ("", "nothing"), ("[1]", "[1]")])
def test_something_else_where_keys_belong(tmp_path, value, got):
    finding = the_fault(tmp_path, f"title: t\ngrading: {value}\n")
    assert said(finding)[1:5] == (2, "grading", "a mapping of keys", got)


def test_a_rule_of_the_model_speaks_for_itself(tmp_path):
    finding = the_fault(tmp_path, "title: bad\ngrading: {scheme: q}\n")
    assert (finding.expected, finding.got) == ("a title that is not bad", "the keys title, grading")


def test_a_long_value_is_cut(tmp_path):
    finding = the_fault(tmp_path, f"title: t\ngrading: {'x' * 500}\n")
    assert len(finding.got) == 120 and finding.got.endswith("…")


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path):
    findings = refused(
        tmp_path,
        "titel: t\ngrading:\n  scheme: q\n  cuts: [x]\nitems:\n- id: a\n  rule: {map: {x: y}}\n",
    )
    assert [(f.check, f.row, f.column) for f in findings] == [
        ("missing-key", 1, "title"),
        ("unknown-key", 1, "titel"),
        ("wrong-value", 4, "grading.cuts.0"),
        ("wrong-value", 7, "items.0.rule.map.x"),
    ]


# ------------------------------------------------------------------------- no valid YAML


def test_keys_written_twice_are_all_told(tmp_path):
    findings = refused(tmp_path, "title: t\ngrading: {scheme: q, scheme: r}\ntitle: u\ntitle: v\n")
    assert [said(f)[1:5] for f in findings] == [
        (2, "scheme", "each key once", "'scheme' again, first in line 2"),
        (3, "title", "each key once", "'title' again, first in line 1"),
        (4, "title", "each key once", "'title' again, first in line 1"),
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a: [1\n", 2),
        ("a:\n\t- b\n", 2),
        ("? [a, b]\n: 1\n", 1),
        (START + "---\n" + START, 3),
        ("title: *nowhere\n", 1),
        ("title: !!python/object:os.system {}\n", 1),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(tmp_path, text, row):
    finding = the_fault(tmp_path, text)
    assert (finding.check, finding.row) == ("yaml", row)
    assert finding.expected and finding.got and finding.hint


def test_control_characters(tmp_path):
    assert the_fault(tmp_path, "title: x\x00\n").check == "yaml"


def test_a_value_within_itself(tmp_path):
    findings = refused(tmp_path, "title: &a [*a]\n")
    assert [f.column for f in findings] == ["title", "grading"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file(tmp_path, text):
    finding = refused(tmp_path, text)[0]
    assert finding.row == 1
    assert finding.expected == "a mapping of keys"


def test_a_file_in_another_encoding(tmp_path):
    path = tmp_path / "edition.yaml"
    path.write_bytes("title: 年度评估".encode("gb18030"))
    with pytest.raises(InputError) as caught:
        read_yaml(path, Document)
    assert caught.value.findings[0].check == "encoding"


@pytest.mark.parametrize(
    ("name", "check"), [("none.yaml", "no-such-file"), (".", "unreadable-file")]
)
def test_no_file(tmp_path, name, check):
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / name, Document)
    assert caught.value.findings[0].check == check


class Dated(Strict):
    on: date


@pytest.mark.parametrize(
    "written", ["2026/9/7", "2026-9-7", "2026-09-31", "7 September", "20260907x"]
)
def test_a_date_that_is_none_says_how_dates_are_written(tmp_path: Path, written: str):
    path = tmp_path / "edition.yaml"
    path.write_text(f"# first\non: {written}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_yaml(path, Dated)
    (finding,) = caught.value.findings
    assert (finding.row, finding.column, finding.check) == (2, "on", "wrong-value")
    assert "2026-09-07" in finding.expected and written in finding.got


@pytest.mark.parametrize("text", ["title： t\n", "title: t\ngrading: {scheme: q， cuts: [1]}\n"])
def test_full_width_punctuation_is_named(tmp_path: Path, text: str):
    path = tmp_path / "edition.yaml"
    path.write_text(text + "source: x\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_yaml(path, Document)
    assert "full-width" in caught.value.findings[0].hint
