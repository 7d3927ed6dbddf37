"""The guides and the README say what the program does: commands, keys, links, both languages."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click import Command, Context, Group

from hotline_index.cli import cli
from hotline_index.configuration import EditionConfig
from hotline_index.edition import open_edition

ROOT = Path(__file__).parent.parent.parent
GUIDES = (
    "README", "docs/publish-an-edition", "docs/for-a-city", "docs/how-sure-is-this-rank",
    "docs/plan-and-check-a-campaign",
)  # fmt: skip
PAGES = sorted({ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md")})
BLOCK = re.compile(r"```(sh|bat|console|yaml)\b[^\n]*\n(.*?)```", re.DOTALL)
PROGRAM = re.compile(r"^(?:\$ )?(?:\.venv[/\\](?:bin|Scripts)[/\\])?hotline-index\s+(.+)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE_LINK = re.compile(r"`(notebooks/[^`]+\.ipynb|docs/[^`]+\.md)`")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, *kinds: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(text(page)) if kind in kinds]


def commands(page: Path) -> list[str]:
    """Return every command that a page shows, without its remark."""
    found = []
    for body in blocks(page, "sh", "bat", "console"):
        for line in body.splitlines():
            if shown := PROGRAM.match(line.strip()):
                found.append(shlex.join(shlex.split(shown[1], comments=True)))
    return found


def parse(context: Context, arguments: list[str]) -> None:
    """Let click read arguments as the program would, and do nothing."""
    command: Command | None = cli
    while isinstance(command, Group):
        _, command, arguments = command.resolve_command(context, arguments)
    assert command is not None
    assert command.make_context(command.name, arguments, parent=context).command is command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_is_one(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in commands(page):
        arguments = shlex.split(command)
        if arguments[0].startswith("-"):
            continue
        for named in (each for each in arguments if not each.startswith("-") and "=" not in each):
            path = tmp_path / named
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch() if path.suffix else path.mkdir(exist_ok=True)
        parse(Context(cli), arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    links = [page.parent / link for link in LINK.findall(text(page))]
    links += [ROOT / link for link in CODE_LINK.findall(text(page))]
    assert [str(link) for link in links if not link.exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_show_the_same_commands_headings_and_tables(guide):
    english, chinese = (ROOT / f"{guide}{end}" for end in (".md", ".zh-CN.md"))
    assert commands(english) == commands(chinese)
    for mark in ("## ", "|", "```"):
        lines = [
            sum(line.startswith(mark) for line in text(page).splitlines())
            for page in (english, chinese)
        ]
        assert lines[0] == lines[1], mark


@pytest.mark.parametrize("page", ["publish-an-edition.md", "publish-an-edition.zh-CN.md"])
def test_the_keys_that_the_guide_shows_are_those_of_an_edition(page, edition):
    (shown,) = blocks(ROOT / "docs" / page, "yaml")
    keys = yaml.safe_load(shown)
    config = yaml.safe_load((edition / "edition.yaml").read_text(encoding="utf-8"))
    del config["simulation"]
    square = [[100.0, 20.0], [110.0, 20.0], [110.0, 30.0], [100.0, 20.0]]
    area = {"type": "Feature", "properties": {"name": "湖南省"}}
    area["geometry"] = {"type": "Polygon", "coordinates": [square]}
    boundaries = json.dumps({"type": "FeatureCollection", "features": [area]})
    (edition / keys["map"]["boundaries"]).write_text(boundaries, encoding="utf-8")
    (edition / "edition.yaml").write_text(
        yaml.safe_dump(config | keys, allow_unicode=True), encoding="utf-8"
    )
    opened = open_edition(edition)
    assert set(keys) <= set(EditionConfig.model_fields)
    assert opened.config.map is not None and opened.config.map.approval
    assert opened.config.licence == keys["licence"]


def test_the_guide_names_every_part_of_a_publication():
    from hotline_index.parts import parts

    for page in ("publish-an-edition.md", "publish-an-edition.zh-CN.md"):
        told = text(ROOT / "docs" / page)
        assert [each.name for each in parts() if f"`{each.name}/`" not in told] == []
