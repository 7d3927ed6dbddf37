"""A broken file of records stops every command with one error, and nothing is written."""

from pathlib import Path

import pytest
import yaml
from broken_files import CASES, names
from click.testing import CliRunner

from hotline_index.cli import cli

SYSTEM = {
    "id": "one", "title": {"zh": "一项", "en": "one"}, "source": {"zh": "测试", "en": "a test"},
    "audiences": {
        "citizen": {"zh": "群众", "en": "citizens"}, "enterprise": {"zh": "企业", "en": "firms"},
    },
    "children": [
        {
            "id": "satisfaction", "zh": "满意度", "en": "satisfaction",
            "items": [
                {"id": "satisfied", "zh": "满意", "en": "satisfied", "table": "responses",
                 "rule": {"likert": [1, 5]}},
            ],
        },
    ],
}  # fmt: skip


def an_edition(folder: Path, records: Path) -> Path:
    config = {
        "edition": "broken", "year": 2024, "simulated": True, "system": "one.yaml",
        "title": {"zh": "测试", "en": "a test"}, "publisher": {"zh": "测试", "en": "a test"},
        "dated": {"zh": "二〇二四", "en": "2024"}, "data": {"responses": records.name},
        "grading": {"shares": {"A": 1, "B": 1}}, "uncertainty": {"replicates": 100},
        "comparisons": [], "report": "none",
        "sources": [{"id": "none", "zh": "无", "en": "none"}],
    }  # fmt: skip
    for name, content in (("edition.yaml", config), ("one.yaml", SYSTEM)):
        text = yaml.safe_dump(content, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", [name for name in names(heavy=False) if CASES[name].error])
def test_a_broken_file_stops_a_command(name, command, tmp_path):
    edition = an_edition(tmp_path, CASES[name].build(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    quiet = ["--no-publish", "--quiet"] if command == "run" else []
    done = CliRunner().invoke(cli, [command, str(edition), *quiet])
    assert done.exit_code == 1
    told = [line for line in done.output.splitlines() if line.startswith("error:")]
    assert len(told) == 1
    assert CASES[name].error in told[0]
    assert "Traceback" not in done.output
    assert "internal error" not in done.output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", [name for name in names(heavy=False) if not CASES[name].error])
def test_an_awkward_file_is_checked_and_its_notes_are_told(name, tmp_path):
    edition = an_edition(tmp_path, CASES[name].build(tmp_path))
    done = CliRunner().invoke(cli, ["check", str(edition)])
    assert done.exit_code == 0, done.output
    for check in CASES[name].notes:
        assert f" {check}: " in done.output
