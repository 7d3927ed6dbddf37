"""What a user sees of ``hotline-index pseudonyms``: a key is made once, and finds people again."""

import json
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint
from hotline_index.pseudonym_commands import pseudonyms
from survey.privacy.pseudonyms import VARIABLE, pseudonymise, read_key

NAMES = "张三\n\n 李四 \n"


def call(*arguments: object, given: bytes | None = None) -> Result:
    result = CliRunner().invoke(pseudonyms, [str(each) for each in arguments], input=given)
    assert "Traceback" not in result.output and "internal error" not in result.output
    return result


def codes_of(result: Result) -> dict[str, str]:
    """The names that a look-up printed, by code."""
    assert result.exit_code == 0, result.output
    return dict(line.split("\t") for line in result.stdout.splitlines())


@pytest.fixture
def folder(small_edition, tmp_path, monkeypatch) -> Path:
    """An edition that names a key which is not made yet."""
    monkeypatch.delenv(VARIABLE, raising=False)
    folder = tmp_path / "own"
    shutil.copytree(small_edition, folder, ignore=shutil.ignore_patterns("data"))
    changed(folder, pseudonyms={"key": "shoppers.key"})
    return folder


def changed(folder: Path, **keys: object) -> None:
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def keyed(folder) -> Path:
    assert call("key", folder).exit_code == 0
    return folder


def test_a_key_is_made_for_its_owner_alone_and_never_replaced(keyed):
    path = keyed / "shoppers.key"
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(before.strip()) >= 32
    again = call("key", keyed)
    assert again.exit_code == 1 and "keep it" in again.output
    assert path.read_bytes() == before


def test_no_two_keys_are_alike(folder):
    call("key", folder)
    first = (folder / "shoppers.key").read_text()
    (folder / "shoppers.key").unlink()
    call("key", folder)
    assert (folder / "shoppers.key").read_text() != first


def test_an_edition_that_names_no_key_is_told_how(folder):
    changed(folder, pseudonyms={})
    result = call("key", folder)
    assert result.exit_code == 2 and "pseudonyms: {key: shoppers.key}" in result.output


@pytest.mark.parametrize("command", [["key"], ["look-up"]])
def test_a_folder_that_is_no_edition_is_told(tmp_path, command):
    names = ["-"] if command == ["look-up"] else []
    result = call(*command, tmp_path, *names, given=b"x")
    assert result.exit_code == 1 and "no-edition" in result.output


def test_names_are_looked_up_as_records_are_coded(keyed):
    found = codes_of(call("look-up", keyed, "-", given=NAMES.encode()))
    key = read_key(keyed / "shoppers.key")
    expected = pseudonymise(pd.Series(["张三", "李四"], dtype="str"), key)
    assert found == dict(zip(expected, ["张三", "李四"], strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_may_be_in_any_encoding_that_tables_may(keyed, tmp_path, encoding):
    path = tmp_path / "names.txt"
    path.write_bytes(NAMES.replace("\n", "\r\n").encode(encoding))
    assert list(codes_of(call("look-up", keyed, path)).values()) == ["张三", "李四"]


def test_a_code_is_looked_up_in_any_case_and_of_every_role(keyed):
    every = codes_of(call("look-up", keyed, "-", given=NAMES.encode()))
    code = next(iter(every))
    found = codes_of(call("look-up", keyed, "-", "--code", code.lower(), given=NAMES.encode()))
    assert found == {code: every[code]}
    inspector = code.replace("S-", "I-", 1)
    assert codes_of(call("look-up", keyed, "-", "--code", inspector, given=NAMES.encode())) == {
        inspector: every[code]
    }


@pytest.mark.parametrize("given", [b"", NAMES.encode()])
def test_a_code_of_nobody_is_told(keyed, given):
    result = call("look-up", keyed, "-", "--code", "S-000000", given=given)
    assert result.exit_code == 1 and "nobody found" in result.output


@pytest.mark.parametrize("key", [None, "short"])
def test_without_a_whole_key_nobody_is_looked_up(folder, key):
    if key:
        (folder / "shoppers.key").write_text(key)
    result = call("look-up", folder, "-", given=NAMES.encode())
    assert result.exit_code == 1
    assert "shoppers.key" in result.output and "hotline-index pseudonyms key" in result.output


def test_another_key_is_told_from_the_first_and_never_shown(keyed):
    first = fingerprint(open_edition(keyed))
    (keyed / "shoppers.key").write_text("f" * 32)
    second = fingerprint(open_edition(keyed))
    assert first["pseudonyms"] != second["pseudonyms"]
    assert "f" * 16 not in json.dumps(second)


def test_no_manifest_names_a_shopper(folder):
    span = {"start": "2021-09-06", "end": "2021-09-24"}
    changed(folder, plan=span | {"shoppers": [{"name": "欧阳小红"}, {"name": "李四"}]})
    made = json.dumps(fingerprint(open_edition(folder)), ensure_ascii=False)
    assert "edition.yaml" in made and "欧阳小红" not in made
