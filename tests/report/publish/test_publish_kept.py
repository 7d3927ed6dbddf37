from pathlib import Path

import pytest

from report.publish import kept as module
from report.publish.kept import NONE, Kept
from report.publish.pandoc import read_markdown, write_blocks


def made(*outcomes: bytes):
    left = iter(outcomes)
    return lambda: next(left)


def fail() -> bytes:
    raise ValueError


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    make = made(b"once", b"twice", b"thrice")
    assert Kept(tmp_path / "new").get([b"a", b"b"], make) == b"once"
    assert Kept(tmp_path / "new").get([b"a", b"b"], make) == b"once"
    assert Kept(tmp_path / "new").get([b"ab"], make) == b"twice"
    assert NONE.get([b"a", b"b"], make) == b"thrice"


def test_another_program_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = made(b"before", b"after")
    assert Kept(tmp_path).get([b"a"], make) == b"before"
    monkeypatch.setattr(module, "version", lambda name: "99")
    assert Kept(tmp_path).get([b"a"], make) == b"after"


def test_what_fails_is_not_kept_and_what_is_not_asked_for_goes(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    first.get([b"a"], made(b"1"))
    first.get([b"b"], made(b"2"))
    second = Kept(tmp_path)
    with pytest.raises(ValueError):
        second.get([b"c"], fail)
    second.get([b"b"], fail)
    second.prune()
    assert len(list(tmp_path.iterdir())) == 1
    assert Kept(tmp_path).get([b"b"], fail) == b"2"


@pytest.mark.parametrize("damaged", [b"", b"half", b"x" * 40])
def test_what_is_damaged_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    Kept(tmp_path).get([b"a"], made(b"right"))
    (path,) = tmp_path.iterdir()
    path.write_bytes(damaged)
    assert Kept(tmp_path).get([b"a"], made(b"anew")) == b"anew"


def test_conversions_come_out_the_same(tmp_path: Path) -> None:
    text = "# 标题\n\n正文*强调*，`=x`。\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    plain = write_blocks(read_markdown(text), "html5")
    for _ in range(2):
        kept = Kept(tmp_path)
        assert write_blocks(read_markdown(text, kept=kept), "html5", kept=kept) == plain
