"""Targets in a file, split to teams and agents by the command."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from hotline_index.cli import cli

TARGETS = "kpi,target,team\n人工接通率,0.95,\ncalls_handled,1000,\nanswered_rate,0.97,甲班\n"
MEMBERS = "话务员,班组,工时\na1,甲班,160\na2,甲班,80\nb1,乙班,120\nb2,乙班,100\n"
KPIS = "unit,kpi,numerator,denominator\na1,人工接通率,95,100\na2,人工接通率,40,50\nb1,answered_rate,70,75\nb2,answered_rate,60,60\n"


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def files(folder: Path, targets: str = TARGETS, members: str = MEMBERS) -> tuple[Path, Path]:
    paths = folder / "targets.csv", folder / "members.csv"
    for path, text in zip(paths, (targets, members), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_targets_are_split_to_teams_and_agents(tmp_path):
    out = tmp_path / "split.csv"
    code, output = call("targets", *files(tmp_path), "--out", out)
    assert code == 0, output
    split = pd.read_csv(out).set_index(["unit", "kpi"])["target"]
    agents = ["a1", "a2", "b1", "b2"]
    assert split[[(agent, "calls_handled") for agent in agents]].tolist() == [348, 174, 261, 217]
    assert split["甲班", "answered_rate"] == 0.97
    # (0.95 * 460 - 0.97 * 240) / 220
    assert split["乙班", "answered_rate"] == pytest.approx(0.928182, abs=1e-6)


def test_what_was_reached_is_pooled_up_the_levels(tmp_path):
    figures = tmp_path / "kpis.csv"
    figures.write_text(KPIS, encoding="utf-8")
    out = tmp_path / "reached.csv"
    code, output = call("targets", *files(tmp_path, members="unit,team,share\n" + MEMBERS.split("\n", 1)[1]),
                        "--kpis", figures, "--out", out)  # fmt: skip
    assert code == 0, output
    reached = pd.read_csv(out).set_index(["unit", "kpi"])
    # 甲班: 135 of 150; 乙班: 130 of 135; the centre: 265 of 285
    assert reached.loc[("甲班", "answered_rate"), "value"] == pytest.approx(0.9)
    assert reached.loc[("centre", "answered_rate"), "value"] == pytest.approx(265 / 285)
    assert not reached.loc[("甲班", "answered_rate"), "met"]
    assert reached.loc[("乙班", "answered_rate"), "met"]


def test_everything_wrong_is_told_at_once_and_nothing_written(tmp_path):
    out = tmp_path / "split.csv"
    paths = files(tmp_path, "kpi,target\n人工接通率,95\nanswerd_rate,0.9\n")
    code, output = call("targets", *paths, "--out", out)
    assert code == 1
    assert "write 0.95" in output and "'answered_rate'" in output
    assert not out.exists()


@pytest.mark.parametrize(
    ("targets", "members", "words"),
    [
        ("kpi,goal\nanswered_rate,0.9\n", MEMBERS, ("missing-column", "target")),
        ("kpi,target\nanswered_rate,0.9\n人工接通率,0.8\n", MEMBERS, ("duplicate-target", "targets.csv:3")),
        (TARGETS, "unit,team,share\na1,甲班,many\n", ("not-a-number", "'many'", "members.csv:2")),
        (TARGETS, "unit,team,share\na1,乙班,1\n", ("甲班",)),
    ],
)  # fmt: skip
def test_wrong_files(tmp_path, targets, members, words):
    code, output = call("targets", *files(tmp_path, targets, members))
    assert code == 1
    assert [word for word in words if word not in output] == []
