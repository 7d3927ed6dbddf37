"""Rank a flat table, ask what if, and follow the guide to an index of one's own."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from hotline_index.cli import cli
from hotline_index.pipeline import run
from hotline_index.queries import rank_table
from hotline_index.settings import read_settings
from indicators.system_file import load_system
from survey.findings import InputError

ROOT = Path(__file__).parent.parent.parent
HDI = ROOT / "examples/hdi"
GUIDE = (ROOT / "docs/design-an-index.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+) (\S+)\n(.*?)```", GUIDE, re.DOTALL)
SESSIONS = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_the_human_development_index_equals_the_published_one():
    ranking, _ = rank_table(str(HDI / "hdi.yaml"), HDI / "countries.csv")
    published = pd.read_csv(HDI / "countries.csv").set_index("unit")["published_hdi"]
    assert len(ranking) == 25
    assert ranking.set_index("unit")["total"].round(3).to_dict() == published.to_dict()


def test_an_edition_of_another_index_runs_to_its_results(tmp_path):
    for name in ("hdi.yaml", "countries.csv", "edition.yaml"):
        (tmp_path / name).write_bytes((HDI / name).read_bytes())
    done = run(tmp_path)
    results, findings = done.results, done.findings
    grades = results["grades"].set_index("unit")
    assert grades.loc["CHN", "grade"] == "high" and grades.loc["CHE", "rank"] == 1
    assert (grades["score_low"] <= grades["score"]).all()
    assert (tmp_path / "results/weights.csv").is_file()
    assert not (tmp_path / "publication").exists()
    assert {f.check for f in findings} >= {"beyond-scale", "no-sampling-error"}


def test_rank_prints_and_writes_the_ranking(tmp_path):
    out = tmp_path / "ranking.csv"
    code, output = call("rank", HDI / "hdi.yaml", HDI / "countries.csv", "--out", out)
    assert code == 0 and "CHE 0.966523" in output
    written = pd.read_csv(out)
    assert written["unit"].tolist()[:3] == ["CHE", "NOR", "ISL"]
    assert list(written) == ["rank", "unit", "total", "health", "education", "income"]


def test_rank_by_an_indicator(tmp_path):
    code, output = call("rank", HDI / "hdi.yaml", HDI / "countries.csv", "--indicator", "health")
    assert code == 0 and "1  JPN" in output
    code, output = call("rank", HDI / "hdi.yaml", HDI / "countries.csv", "--indicator", "helth")
    assert code == 1 and "health" in output


def test_rank_refuses_a_system_of_records():
    code, output = call("rank", "hotline-2021", HDI / "countries.csv")
    assert code == 1 and "calls" in output and "run FOLDER" in output


def test_rank_tells_everything_wrong_with_a_table_at_once(tmp_path):
    table = tmp_path / "bad.csv"
    table.write_text(
        "unit,life_expectancy,expected_years_schooling,mean_years_schoolng\nA,70,x,3\nB,Inf,12,5\n",
        encoding="utf-8",
    )
    code, output = call("rank", HDI / "hdi.yaml", table)
    assert code == 1
    for words in ("mean_years_schooling", "gni_per_capita", "'x'", "'Inf'", "bad.csv:3"):
        assert words in output, words


def test_what_if_compares_ranks_and_changes_no_file(edition):
    before = {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()}
    code, output = call("what-if", edition, "--set", "goal.weight=9", "-x", "participation")
    assert code == 0
    assert "rank_before" in output and "名次变动" in output
    assert {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()} == before


def test_what_if_with_another_system(edition, tmp_path):
    data = load_system("hotline-2021").model_dump(exclude_unset=True, mode="json")
    data["aggregate"] = "minimum"
    path = tmp_path / "other.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    code, output = call("what-if", edition, "--system", path, "--out", tmp_path / "moves.csv")
    assert code == 0 and "units change rank" in output
    assert len(pd.read_csv(tmp_path / "moves.csv")) == 12


def test_what_if_names_the_nearest_right_name(edition):
    code, output = call("what-if", edition, "--set", "gaol.weight=2", "-x", "transparancy")
    assert code == 1 and "'goal'" in output and "'transparency'" in output


@pytest.mark.parametrize(
    "setting", ["goal", "goal=2", "goal.weight", "goal.weight=", "=2", "a.b=[1"]
)
def test_settings_that_are_none(setting):
    with pytest.raises(InputError) as error:
        read_settings([setting, "goal.weight=2"])
    (finding,) = error.value.findings
    assert repr(setting) in finding.got


def test_settings_are_read_as_yaml_and_gathered_by_id():
    settings = ["goal.weight=2", "goal.aggregate={power: 0.5}", "total.missing=worst"]
    assert read_settings(settings) == {
        "goal": {"weight": 2, "aggregate": {"power": 0.5}},
        "total": {"missing": "worst"},
    }


@pytest.mark.parametrize(("kind", "source", "text"), BLOCKS, ids=lambda value: str(value)[:24])
def test_the_blocks_of_the_guide_stand_in_their_files(kind, source, text):
    there = [line.strip() for line in (ROOT / source).read_text(encoding="utf-8").splitlines()]
    assert [line for line in text.strip().splitlines() if line.strip() not in there] == []


@pytest.mark.parametrize("session", SESSIONS, ids=lambda text: text.splitlines()[0][:40])
def test_the_commands_of_the_guide_do_what_it_shows(session, monkeypatch, edition, tmp_path):
    monkeypatch.chdir(ROOT)
    files = {
        "index.yaml": tmp_path / "index.yaml",
        "iMeta.csv": ROOT / "tests/parity/data/asem_imeta.csv",
        "iData.csv": ROOT / "tests/parity/data/asem_data.csv",
        "editions/demo": edition,
    }
    files["index.yaml"].write_text("", encoding="utf-8")
    lines = session.strip().splitlines()
    output: list[str] = []
    for line in (line for line in lines if line.startswith("$ ")):
        words = line.removeprefix("$ hotline-index ").split()
        code, said = call(*[files.get(word, word) for word in words])
        assert code == (1 if "index.yaml" in words else 0), said
        output += said.splitlines()
    assert [line for line in lines if not line.startswith("$ ") and line not in output] == []
