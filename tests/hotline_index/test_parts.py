"""Parts of a publication: kept where nothing that decides them changed, else made anew."""

from pathlib import Path

import pandas as pd
import pytest

from hotline_index import parts as module
from hotline_index.parts import Part, make_parts
from hotline_index.progress import Quiet
from report.results import Results

RESULTS = Results({"simulated": False}, {"units": pd.DataFrame({"unit": ["甲", "乙"]})})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def make(name: str):
        def write(told: Results, out: Path, advance) -> None:
            names.append(name)
            for unit in told["units"]["unit"]:
                (out / f"{unit}.html").write_text(f"{name} {unit}", encoding="utf-8")
                advance(1)

        return write

    monkeypatch.setattr(
        module, "parts", lambda previous: (Part("one", make("one")), Part("two", make("two")))
    )
    return names


def publish(folder: Path, before: Path | None, key: str = "a") -> tuple[str, ...]:
    folder.mkdir()
    return make_parts(RESULTS, key, folder, before=before, previous=None, progress=Quiet())


def test_the_same_key_keeps_every_part(made: list[str], tmp_path: Path) -> None:
    assert publish(tmp_path / "a", None) == ()
    assert publish(tmp_path / "b", tmp_path / "a") == ("one", "two")
    assert made == ["one", "two"]
    assert (tmp_path / "b/two/乙.html").read_text(encoding="utf-8") == "two 乙"
    assert publish(tmp_path / "c", tmp_path / "b") == ("one", "two")


def test_another_key_keeps_none(made: list[str], tmp_path: Path) -> None:
    publish(tmp_path / "a", None)
    assert publish(tmp_path / "b", tmp_path / "a", key="b") == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "one/甲.html").unlink(),
        lambda folder: (folder / "one/甲.html").write_text(""),
        lambda folder: (folder / "one/else.html").write_text("x"),
    ],
    ids=["lost", "emptied", "foreign"],
)
def test_a_part_that_was_changed_is_made_anew(made: list[str], tmp_path: Path, spoil) -> None:
    publish(tmp_path / "a", None)
    spoil(tmp_path / "a")
    assert publish(tmp_path / "b", tmp_path / "a") == ("two",)
    assert sorted(path.name for path in (tmp_path / "b/one").iterdir()) == ["乙.html", "甲.html"]


@pytest.mark.parametrize("text", [None, "{", "[]", '{"one": 3}'])
def test_what_says_nothing_keeps_nothing(made: list[str], tmp_path: Path, text: str | None) -> None:
    publish(tmp_path / "a", None)
    kept = tmp_path / "a" / module.KEPT
    kept.unlink() if text is None else kept.write_text(text)
    assert publish(tmp_path / "b", tmp_path / "a") == ()
