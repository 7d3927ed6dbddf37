import hashlib
import json
import shutil

import pytest
from frictionless import Package

from report.release.about import release_about
from report.release.release import write_release


def validated(folder):
    return Package(str(folder / "datapackage.json")).validate()


@pytest.fixture(scope="module")
def small(chained, tmp_path_factory):
    out = tmp_path_factory.mktemp("small")
    write_release(chained, out, release_about(chained))
    return out


def descriptor(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def resource(folder, name):
    return next(each for each in descriptor(folder)["resources"] if each["name"] == name)


def test_package_and_data_are_valid(small):
    report = validated(small)
    assert report.valid, report.flatten(["type", "note", "message"])[:5]


def test_published_figures_make_a_valid_package(published, tmp_path):
    write_release(published, tmp_path, release_about(published))
    report = validated(tmp_path)
    assert report.valid, report.flatten(["type", "note", "message"])[:5]


def test_every_csv_is_a_resource(small):
    paths = {each["path"] for each in descriptor(small)["resources"]}
    assert paths == {f"data/{path.name}" for path in (small / "data").glob("*.csv")}


def test_keys_and_references_are_those_of_the_data(small):
    grades = resource(small, "grades")["schema"]
    assert grades["primaryKey"] == ["unit"]
    assert {key["reference"]["resource"] for key in grades["foreignKeys"]} == {
        "units",
        "composition",
    }
    scores = resource(small, "scores")["schema"]
    assert scores["primaryKey"] == ["unit", "audience", "indicator"]
    # the total is in no table of indicators
    assert [key["fields"] for key in scores["foreignKeys"]] == [["unit"]]
    assert "primaryKey" not in resource(small, "findings")["schema"]


def test_fields_have_types_titles_and_constraints(small):
    fields = {each["name"]: each for each in resource(small, "changes")["schema"]["fields"]}
    assert fields["change"]["type"] == "number" and fields["change"]["title"] == "变化 / Change"
    assert fields["verdict"]["constraints"]["enum"] == ["rise", "fall", "unclear"]
    assert fields["p"]["constraints"] == {"minimum": 0, "maximum": 1}
    grades = {each["name"]: each for each in resource(small, "grades")["schema"]["fields"]}
    assert grades["rank"] == {
        "name": "rank", "type": "integer", "title": "名次 / Rank",
        "description": "1为最高 / 1 is the best", "constraints": {"minimum": 1},
    }  # fmt: skip


def test_package_says_who_when_and_under_which_licence(small, chained):
    package = descriptor(small)
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["contributors"][0] == {"title": "测试", "role": "publisher"}
    assert package["version"] == "1.0.0" and package["simulated"] is True
    assert package["name"] == "hotline-index-small-2024"
    assert "created" not in package


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'"unclear"', b'"perhaps"', "constraint-error"),
        (b",true\n", b",perhaps\n", "type-error"),
    ],
)
def test_a_file_that_was_changed_is_not_valid(small, tmp_path, old, new, fault):
    out = tmp_path / "changed"
    shutil.copytree(small, out)
    path = out / "data/changes.csv"
    path.write_bytes(path.read_bytes().replace(old, new))
    package = Package(str(out / "datapackage.json"))
    for other in [each.name for each in package.resources if each.name != "changes"]:
        package.remove_resource(other)
    package.get_resource("changes").schema.foreign_keys = []
    report = package.validate()
    assert fault in {kind for (kind,) in report.flatten(["type"])}


def test_hash_and_size_are_those_of_the_files(small):
    for each in descriptor(small)["resources"]:
        content = (small / each["path"]).read_bytes()
        assert each["bytes"] == len(content)
        assert each["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
