"""What a user sees: exit codes, findings, and what lies in the folder afterwards."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from hotline_index.cli import cli


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def spoil(folder: Path, table: str, change) -> Path:
    path = folder / "data" / f"{table}.csv"
    frame = change(pd.read_csv(path, dtype=str))
    frame.to_csv(path, index=False)
    return path


def set_first(column: str, value: str, row: int = 0):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row, column] = value
        return frame

    return change


def reconfigure(folder: Path, change) -> None:
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")


def assert_refused(folder: Path, *words: str) -> None:
    before = sorted(p.relative_to(folder) for p in folder.rglob("*"))
    for command in (("check", folder), ("run", folder, "--no-publish", "--quiet")):
        code, output = call(*command)
        assert code == 1, output
        for word in words:
            assert word in output, f"{word!r} not in {output}"
    assert sorted(p.relative_to(folder) for p in folder.rglob("*")) == before


def test_check_of_a_sound_edition(edition):
    code, output = call("check", edition)
    assert code == 0
    assert "no errors" in output


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        (
            "calls",
            lambda f: f.drop(columns="outcome"),
            ["calls.csv:1", "missing-column", "outcome"],
        ),
        (
            "calls",
            set_first("unit", "长莎"),
            ["calls.csv:2", "[unit]", "unknown-unit", "长莎", "长沙"],
        ),
        (
            "calls",
            set_first("answer_given", "fulll"),
            ["calls.csv:2", "[answer_given]", "fulll", "full"],
        ),
        (
            "responses",
            set_first("satisfied_service", "6", 3),
            ["responses.csv:5", "[satisfied_service]", "6"],
        ),
        (
            "calls",
            set_first("started_at", "2021-02-30 09:00"),
            ["calls.csv:2", "[started_at]", "2021-02-30"],
        ),
        ("calls", lambda f: pd.concat([f, f.head(1)]), ["calls.csv", "[call_id]", "duplicate-id"]),
    ],
    ids=[
        "missing-column",
        "unknown-city",
        "outside-map",
        "outside-scale",
        "wrong-date",
        "equal-ids",
    ],
)
def test_bad_records_are_refused(edition, table, change, words):
    spoil(edition, table, change)
    assert_refused(edition, *words)


def test_an_empty_file(edition):
    (edition / "data/calls.csv").write_text("")
    assert_refused(edition, "calls.csv", "empty")


def test_a_file_that_is_no_table(edition):
    (edition / "data/responses.csv").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n\x00\x01")
    assert_refused(edition, "responses.csv")


def test_a_gb18030_file_is_read(edition):
    path = edition / "data/calls.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    code, output = call("check", edition)
    assert code == 0, output
    assert "gb18030" in output.lower()


def test_a_missing_file(edition):
    (edition / "data/kpis.csv").unlink()
    assert_refused(edition, "kpis.csv")


def test_a_misspelt_key_names_the_right_one_and_its_line(edition):
    reconfigure(edition, lambda c: c["uncertainty"].update(replicate=200))
    assert_refused(edition, "unknown-key", "replicate", "did you mean 'replicates'?")
    line = next(
        n for n, text in enumerate((edition / "edition.yaml").read_text().splitlines(), 1)
        if "replicate:" in text
    )  # fmt: skip
    assert f"edition.yaml:{line}" in call("check", edition)[1]


@pytest.mark.parametrize(
    ("weight", "words"),
    [(-1, ["weight", "-1"]), (0, ["weight above 0", "information", "complaint"])],
    ids=["negative", "all-zero"],
)
def test_weights_that_make_no_sense(edition, weight, words):
    source = Path("indicators/systems/hotline-2021.yaml")
    tree = yaml.safe_load(source.read_text(encoding="utf-8"))
    for child in tree["children"][0]["children"]:
        child["weight"] = weight
    (edition / "own.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    reconfigure(edition, lambda c: c.update(system="own.yaml"))
    assert_refused(edition, "own.yaml", *words)


def test_everything_wrong_is_told_at_once(edition):
    spoil(edition, "calls", set_first("unit", "长莎"))
    spoil(edition, "calls", set_first("outcome", "hung_up", 4))
    spoil(edition, "responses", set_first("weight", "-3"))
    spoil(edition, "cases", set_first("novelty", "eleven"))
    assert_refused(edition, "长莎", "hung_up", "-3", "eleven", "calls.csv:6", "cases.csv:2")


def test_results_of_an_earlier_run_survive_a_failed_one(analysed_edition, tmp_path):
    edition = tmp_path / "small"
    shutil.copytree(analysed_edition, edition)
    before = {p.name: p.read_bytes() for p in (edition / "results").iterdir()}
    spoil(edition, "calls", set_first("outcome", "hung_up"))
    assert call("run", edition, "--no-publish", "--quiet")[0] == 1
    assert {p.name: p.read_bytes() for p in (edition / "results").iterdir()} == before
    assert not [p for p in edition.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("arguments", [["run"], ["run", "no-such-folder"], ["rn"], ["trace", "."]])
def test_wrong_usage_is_exit_code_2(arguments):
    assert call(*arguments)[0] == 2


def test_a_folder_without_edition(tmp_path):
    code, output = call("run", tmp_path)
    assert code == 1
    assert "edition.yaml" in output


def test_trace_names_steps_and_records(edition, tmp_path):
    target = tmp_path / "records.csv"
    code, output = call("trace", edition, "长沙市", "efficiency", "--records", target)
    assert code == 0
    assert "高效性 (efficiency)" in output
    assert "是否由人工接通" in output
    records = pd.read_csv(target)
    assert set(records["item"]) == {"connected", "wait_seconds", "explained_clearly"}
    source = pd.read_csv(edition / "data/calls.csv", dtype=str)
    first = records.iloc[0]
    assert source.loc[first["row"] - 2, "call_id"] == first["record"]


def test_trace_of_an_unknown_city_or_published_edition(edition):
    code, output = call("trace", edition, "长莎")
    assert code == 1
    assert "长沙" in output
    code, output = call("trace", "editions/2021", "长沙")
    assert code == 1
    assert "no-records" in output


def test_simulate_needs_a_simulation(edition):
    reconfigure(edition, lambda c: c.pop("simulation"))
    code, output = call("simulate", edition)
    assert code == 1
    assert "simulation" in output


def test_help_teaches():
    code, output = call("--help")
    assert code == 0
    assert re.search(r"simulate editions/demo", output)
    assert "Exit codes" in output


def test_an_unknown_city_in_published_grades(tmp_path):
    folder = tmp_path / "2021"
    shutil.copytree(
        "editions/2021", folder, ignore=shutil.ignore_patterns("results", "publication")
    )
    path = folder / "data/grades.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("\n成都,", "\n成部,"), encoding="utf-8"
    )
    assert_refused(folder, "grades.csv:3", "[unit]", "unknown-unit", "成部")


def test_thresholds_beyond_the_scale_are_refused(edition):
    def change(config):
        config["grading"] = {"thresholds": {"A": 85, "B": 6, "C": 0}}

    reconfigure(edition, change)
    assert_refused(edition, "grading.thresholds.A", "scores up to 10")


def test_a_factor_that_the_register_does_not_know_is_refused(edition):
    reconfigure(edition, lambda config: config.update(comparisons=["regoin"]))
    code, output = call("run", edition, "--no-publish", "--quiet")
    assert code == 1 and "'region'" in output
    assert not (edition / "results").exists()
