"""What a user sees of ``hotline-index system``: output, figures, exit codes."""

import shutil
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from hotline_index.cli import cli

SOURCE = Path("indicators/systems/hotline-2021.yaml")


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["system", *(str(a) for a in arguments)])
    assert "Traceback" not in result.output
    assert "internal error" not in result.output
    return result.exit_code, result.output


def own(tmp_path: Path, change) -> Path:
    tree = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    change(tree)
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_show_a_shipped_system_in_both_languages():
    code, output = call("show", "hotline-2021")
    assert code == 0
    assert "├─ 目标实现 (goal)，同级 33.33%，总分 33.33%" in output
    assert "calls.wait_seconds：15 秒 → 10 分，30 秒 → 8 分" in output
    code, output = call("show", "hotline-2021", "--lang", "en")
    assert code == 0
    assert "Goal attainment (goal), 33.33% of siblings" in output
    assert "adds at most 1 point," in output


def test_show_a_table_of_indicators(tmp_path):
    path = tmp_path / "tree.csv"
    path.write_text("id,parent,weight,en\na,,1,First\nx,a,3,\ny,a,1,\n", encoding="utf-8")
    code, output = call("show", path, "--lang", "en")
    assert code == 0, output
    assert "y (y), 25% of siblings, 25% of the total" in output


@pytest.mark.parametrize(
    ("suffix", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_show_draws_the_tree(tmp_path, suffix, start):
    target = tmp_path / f"tree.{suffix}"
    code, output = call("show", "hotline-quality", "--figure", target)
    assert code == 0, output
    assert target.read_bytes().startswith(start)
    first = target.read_bytes()
    call("show", "hotline-quality", "--figure", target)
    assert target.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


def test_show_draws_long_names_within_the_page(tmp_path, monkeypatch):
    from report.figures import tree

    boxes = []
    plain = tree._box

    def seen(ax, span, y, name, height, *, core):
        boxes.append((span, y, name, height))
        plain(ax, span, y, name, height, core=core)

    monkeypatch.setattr(tree, "_box", seen)

    def change(data):
        for child in data["children"][2]["children"]:
            child["en"] = "A name that is much too long for a box of one line " * 2
            child["children"][0]["en"] = "Another of those very long names of an indicator"

    code, output = call(
        "show", own(tmp_path, change), "--lang", "en", "--figure", tmp_path / "t.svg"
    )
    assert code == 0, output
    assert any("\n" in name for _, _, name, _ in boxes)
    columns = sorted({span for span, *_ in boxes})
    assert all(right < left for (_, right), (left, _) in pairwise(columns))
    for span in columns:
        heights = sorted((y, height) for s, y, _, height in boxes if s == span)
        for (above, one), (below, other) in pairwise(heights):
            assert below - above > (one + other) / 2


def test_figures_of_another_kind_and_unknown_systems_are_refused(tmp_path):
    assert call("show", "hotline-2021", "--figure", tmp_path / "tree.gif")[0] == 2
    code, output = call("show", "hotline-2012")
    assert code == 1
    assert "did you mean 'hotline-2021'?" in output


def test_check_of_a_sound_system():
    code, output = call("check", "hotline-2021")
    assert code == 0
    assert output.strip() == "nothing doubtful 未发现问题"


def test_check_warns_and_passes(tmp_path):
    def change(tree):
        tree["children"][0]["weight"] = 0
        tree["columns"] = {"calls": {"spare": {"values": {"a": "甲"}}}}

    code, output = call("check", own(tmp_path, change))
    assert code == 0
    assert "warning:" in output
    assert "[goal] zero-weight" in output
    assert "[columns.calls.spare] unused-declaration" in output
    assert "no errors" in output


def test_check_of_a_wrong_system_fails(tmp_path):
    code, output = call("check", own(tmp_path, lambda tree: tree["children"][0].update(weight=-1)))
    assert code == 1
    assert "children.0.weight" in output


def test_check_against_an_edition(edition):
    code, output = call("check", "hotline-2021", "--edition", edition)
    assert code == 0, output
    assert "unmeasured" not in output
    frame = pd.read_csv(edition / "data/responses.csv", dtype=str)
    blank = {"satisfied_service": None, "satisfied_result": None, "spare": "1"}
    frame.assign(**blank).to_csv(edition / "data/responses.csv", index=False)
    code, output = call("check", "hotline-2021", "--edition", edition)
    assert code == 0, output
    assert output.count("[satisfaction] unmeasured-indicator") == 1
    assert output.count("[spare] unused-column") == 1
    assert "unexpected-column" not in output


def test_check_against_an_edition_that_lacks_a_column(edition):
    frame = pd.read_csv(edition / "data/calls.csv", dtype=str)
    frame.drop(columns="no_dead_air").to_csv(edition / "data/calls.csv", index=False)
    code, output = call("check", "hotline-2021", "--edition", edition)
    assert code == 1
    assert "[no_dead_air] orphan-item" in output
    assert "[no_dead_air] missing-column" in output


def test_check_against_an_edition_of_published_figures():
    code, output = call("check", "hotline-2021", "--edition", "editions/2021")
    assert code == 0
    assert "no-records" in output


def test_check_against_files(edition):
    files = ["--data", f"calls={edition / 'data/calls.csv'}"]
    code, output = call("check", "hotline-2021", *files)
    assert code == 0
    assert "orphan-item" not in output
    assert "[responses] missing-table" in output
    code, output = call("check", "hotline-quality", *files)
    assert code == 0
    assert "[calls] unused-table" in output


@pytest.mark.parametrize("given", ["calls", "callz=x.csv"])
def test_data_that_names_no_table_is_wrong_usage(given):
    assert call("check", "hotline-2021", "--data", given)[0] == 2


def test_a_file_of_data_that_is_not_there():
    code, output = call("check", "hotline-2021", "--data", "calls=no-such.csv")
    assert code == 1
    assert "no-such-file" in output


def test_diff_of_two_systems(tmp_path):
    def change(tree):
        tree["children"].pop(3)
        tree["children"][0]["zh"] = "目标达成"
        tree["children"][0]["children"][0]["items"][1]["weight"] = 3
        item = tree["children"][1]["children"][1]["items"][1]
        item["rule"]["piecewise"][0][0] = 20

    changed = own(tmp_path, change)
    code, output = call("diff", "hotline-2021", changed)
    assert code == 0
    assert "- innovation: 服务创新" in output
    assert "  goal: 目标实现 → 目标达成" in output
    assert "  answer_correct [题项]: 50% → 75%" in output
    assert "15 秒 → 10 分，30 秒 → 8 分" in output and "→ 20 秒 → 10 分，30 秒 → 8 分" in output
    # all but the waiting time: one third of one fifth of one third of the total
    assert output.strip().endswith("原体系为 97.78%，新体系为 97.78%")
    code, output = call("diff", "hotline-2021", changed, "--lang", "en")
    assert "- innovation: " in output
    assert "weight among siblings (" in output
    assert "97.78% of the total's weight in the old system" in output


def test_diff_of_a_system_with_itself(tmp_path):
    copy = tmp_path / "copy.yaml"
    shutil.copy(SOURCE, copy)
    code, output = call("diff", "hotline-2021", copy, "--lang", "en")
    assert code == 0
    assert output.startswith("the two systems do not differ")
    assert "100% of the total's weight" in output


def test_diff_with_a_file_that_is_not_there(tmp_path):
    code, output = call("diff", "hotline-2021", tmp_path / "no.yaml")
    assert code == 1
    assert "no-such-file" in output
