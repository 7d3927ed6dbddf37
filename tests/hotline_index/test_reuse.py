"""What a run takes over from an earlier one, and what it makes anew."""

import shutil

import pandas as pd
import pytest
import yaml

from hotline_index import steps
from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint, kept_results, named
from hotline_index.pipeline import run


@pytest.fixture
def ran(analysed_edition, tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(analysed_edition, folder)
    return folder


def reconfigure(folder, **changed):
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(config | changed, allow_unicode=True), encoding="utf-8")


def test_an_unchanged_edition_is_not_computed_again(ran, monkeypatch):
    first = run(ran, langs=(), fresh=True)
    assert first.reused == ()
    monkeypatch.setattr(steps, "analyse", lambda *_: pytest.fail("computed again"))
    again = run(ran, langs=())
    assert again.reused == ("results",)
    assert again.findings == first.findings
    assert set(again.results.tables) == set(first.results.tables)
    for name, table in first.results.tables.items():
        pd.testing.assert_frame_equal(again.results[name], table, check_dtype=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: reconfigure(folder, comparisons=["region"]),
        lambda folder: (folder / "data/calls.csv").open("a").write("\n"),
        lambda folder: (folder / "results/grades.csv").open("a").write("x"),
        lambda folder: (folder / "results/scores.parquet").unlink(),
        lambda folder: (folder / "results/manifest.json").write_text("{"),
        lambda folder: (folder / "results/foreign.csv").write_text("x"),
    ],
    ids=["configuration", "input", "output", "absent", "manifest", "foreign"],
)
def test_whatever_decides_the_results_is_noticed(ran, change):
    change(ran)
    edition = open_edition(ran)
    assert kept_results(edition, fingerprint(edition)) is None


def test_the_program_decides_too(ran, monkeypatch):
    monkeypatch.setattr("hotline_index.manifest.code_hash", lambda _: "another")
    edition = open_edition(ran)
    assert kept_results(edition, fingerprint(edition)) is None


def test_files_of_another_folder_have_a_name_too(tmp_path):
    assert named(tmp_path / "else/where.csv", tmp_path / "editions/demo") == "../else/where.csv"
    assert named(tmp_path / "editions/a/b.csv", tmp_path / "editions/demo") == "a/b.csv"


def test_the_edition_before_is_an_input(ran, tmp_path):
    other = tmp_path / "before"
    shutil.copytree(ran, other)
    reconfigure(ran, previous="../before")
    inputs = fingerprint(open_edition(ran))["inputs"]
    assert {"small/data/calls.csv", "before/data/calls.csv", "before/edition.yaml"} <= set(inputs)


def test_an_edition_before_itself_is_left_to_the_analysis_to_refuse(ran):
    reconfigure(ran, previous=".")
    assert set(fingerprint(open_edition(ran))["inputs"]) >= {"small/data/calls.csv"}
