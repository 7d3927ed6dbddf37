"""The run as a whole: repeatable, complete, traceable."""

import json
import shutil

import pandas as pd
import pytest

from hotline_index.edition import open_edition
from hotline_index.folders import sha256, whole_folder
from hotline_index.manifest import fingerprint
from hotline_index.outputs import write_edition
from hotline_index.progress import Quiet
from hotline_index.simulation import simulate_edition
from hotline_index.steps import analyse
from report.results import read_results


def write(folder):
    edition = open_edition(folder)
    results, findings = analyse(edition)
    write_edition(edition, results, fingerprint(edition), Quiet())
    return edition, results, findings


@pytest.fixture(scope="module")
def written(small_edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "small"
    shutil.copytree(small_edition, folder)
    return write(folder)


def test_same_inputs_same_bytes(written, edition):
    first = {p.name: sha256(p) for p in written[0].results.iterdir()}
    write(edition)
    assert {p.name: sha256(p) for p in (edition / "results").iterdir()} == first
    assert {"grades.csv", "grades.parquet", "results.xlsx", "manifest.json", "edition.json"} <= set(
        first
    )


def test_manifest_fingerprints_inputs_and_outputs(written):
    opened, *_ = written
    manifest = json.loads((opened.results / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"]["small/data/calls.csv"] == sha256(opened.folder / "data/calls.csv")
    assert manifest["outputs"]["grades.csv"] == sha256(opened.results / "grades.csv")
    assert manifest["simulated"] is True
    assert manifest["seed"] == opened.config.uncertainty.seed
    assert "pandas" in manifest["versions"]


def test_results_on_disk_are_the_results(written):
    opened, results, _ = written
    back = read_results(opened.results)
    assert back.meta == json.loads(json.dumps(results.meta))
    for name, table in results.tables.items():
        pd.testing.assert_frame_equal(back[name], table, check_dtype=False)


def test_every_score_rank_and_grade_has_its_uncertainty(written):
    _, results, _ = written
    grades = results["grades"].dropna(subset=["rank"])
    assert len(grades) == 12
    assert (grades["rank_low"] <= grades["rank"]).all()
    assert (grades["rank"] <= grades["rank_high"]).all()
    assert grades["p_grade"].between(0, 1).all()
    assert (results["scores"]["se"].notna() == results["scores"]["score"].notna()).all()
    assert results["grade_probabilities"].groupby("unit")[
        "probability"
    ].sum().to_numpy() == pytest.approx(1)


def test_workbook_holds_the_tables_and_says_simulated(written):
    opened, results, _ = written
    book = pd.read_excel(
        opened.results / "results.xlsx", sheet_name=None, header=None, engine="calamine"
    )
    assert len(book["等级"]) == len(results["grades"]) + 1
    assert book["说明"].astype(str).apply(lambda c: c.str.contains("模拟")).any(axis=None)


def test_simulation_repeats_and_leaves_what_is_there(edition):
    opened = open_edition(edition)
    before = sha256(edition / "data/calls.csv")
    assert simulate_edition(opened, if_absent=True) == {}
    simulate_edition(opened)
    assert sha256(edition / "data/calls.csv") == before


def test_a_folder_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(RuntimeError), whole_folder(target) as folder:
        (folder / "new").write_text("new")
        raise RuntimeError
    assert [p.name for p in target.iterdir()] == ["old"]
    with whole_folder(target) as folder:
        (folder / "new").write_text("new")
    assert [p.name for p in target.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_every_file_of_a_simulated_edition_says_so(written):
    opened, *_ = written
    for path in opened.results.glob("*.csv"):
        table = pd.read_csv(path)
        assert table["simulated"].all() or table.empty, path.name
    for path in opened.results.glob("*.parquet"):
        assert "simulated" in pd.read_parquet(path).columns
    for name, key in (("calls", "call_id"), ("responses", "response_id"), ("cases", "case_id")):
        records = pd.read_csv(opened.folder / "data" / f"{name}.csv", dtype=str)
        assert records[key].str.startswith("sim-").all()
