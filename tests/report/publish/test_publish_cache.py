import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from report.publish import cache as kept
from report.publish.execute import Executed, run_book
from report.publish.outputs import Shown
from report.publish.source import read_book

PAIR = {
    "index": "# 甲\n\n```{python}\n#| output: asis\nprint('一')\n```\n",
    "b": "# 乙\n\n```{python}\n#| output: asis\nprint('二')\n```\n",
}
SHOWN = Shown("# 甲\n", {"assets/a.svg": b"<svg/>"}, {"assets/a.svg": ("grades",)})


@pytest.fixture
def book(write_book: Callable[..., Path]) -> Path:
    return write_book(**PAIR)


@pytest.fixture
def assessed(tmp_path: Path) -> Path:
    results = tmp_path / "edition" / "results"
    results.mkdir(parents=True)
    (results / "edition.json").write_text("{}")
    (results / "grades.parquet").write_bytes(b"one")
    return results.parent


@pytest.fixture
def run(
    book: Path, assessed: Path, tmp_path: Path
) -> Callable[[], tuple[tuple[Executed, ...], list[str]]]:
    def again() -> tuple[tuple[Executed, ...], list[str]]:
        cells: list[str] = []
        executed = run_book(
            read_book(book), assessed, lambda _d, _t, at: cells.append(at), tmp_path / "kept"
        )
        return executed, [Path(at.split(":")[0]).stem for at in cells if at]

    return again


def reused(executed: tuple[Executed, ...]) -> list[bool]:
    return [each.reused for each in executed]


def test_what_did_not_change_is_not_run_again(run, monkeypatch: pytest.MonkeyPatch) -> None:
    first, cells = run()
    assert cells == ["index", "b"]
    assert reused(first) == [False, False]

    def no_kernel(*_: object) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr("report.publish.execute.Kernel", no_kernel)
    second, cells = run()
    assert cells == []
    assert reused(second) == [True, True]
    assert [each.markdown for each in second] == [each.markdown for each in first]


def test_a_changed_chapter_runs_alone(run, book: Path) -> None:
    run()
    (book / "b.qmd").write_text(PAIR["b"].replace("二", "三"), encoding="utf-8")
    executed, cells = run()
    assert cells == ["b"]
    assert reused(executed) == [True, False]
    assert "三" in executed[1].markdown


def test_a_changed_result_runs_every_chapter(run, assessed: Path) -> None:
    run()
    (assessed / "results" / "grades.parquet").write_bytes(b"two")
    executed, cells = run()
    assert cells == ["index", "b"]
    assert reused(executed) == [False, False]


def test_changed_options_of_the_book_run_every_chapter(run, book: Path) -> None:
    run()
    config = book / "_quarto.yml"
    config.write_text(config.read_text("utf-8").replace("echo: false", "echo: true"), "utf-8")
    assert reused(run()[0]) == [False, False]


def test_a_damaged_entry_is_made_again(run, tmp_path: Path) -> None:
    run()
    (entry,) = (tmp_path / "kept").glob("*index.zip")
    entry.write_bytes(entry.read_bytes()[:-30])
    executed, cells = run()
    assert cells == ["index"]
    assert reused(executed) == [False, True]
    assert reused(run()[0]) == [True, True]


def test_a_failing_chapter_leaves_the_others_kept(run, book: Path) -> None:
    (book / "b.qmd").write_text("# 乙\n\n`{python} 1 / 0`\n", encoding="utf-8")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        run()
    (book / "b.qmd").write_text(PAIR["b"], encoding="utf-8")
    assert reused(run()[0]) == [True, False]


def test_chapters_that_went_away_are_dropped(run, book: Path, tmp_path: Path) -> None:
    run()
    other = tmp_path / "kept" / "en-index.zip"
    other.write_bytes(b"of the other language")
    config = book / "_quarto.yml"
    config.write_text(config.read_text("utf-8").replace("    - b.qmd\n", ""), "utf-8")
    run()
    names = {path.name for path in (tmp_path / "kept").iterdir()}
    assert names == {"zh-index.zip", other.name}


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("report/figures/levels.py", True),
        ("report/advice.yaml", True),
        ("report/_brand.yml", True),
        ("survey/names.csv", True),
        ("report/publish/site.py", False),
        ("report/theme/site.yaml", False),
        ("report/slides/_quarto.yml", False),
        ("report/_quarto.yml", False),
        ("report/index.qmd", False),
    ],
)
def test_program_files_that_a_chapter_is_made_from(
    book: Path,
    assessed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    matters: bool,
) -> None:
    home = tmp_path / "home"
    for package in kept.PACKAGES:
        (home / package).mkdir(parents=True)
    path = home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("before")
    monkeypatch.setattr(kept, "HOME", home)
    before = kept.chapter_keys(read_book(book), assessed)
    path.write_text("after")
    after = kept.chapter_keys(read_book(book), assessed)
    assert all(a != b for a, b in zip(before, after, strict=True)) is matters
    assert len({*before, *after}) == (4 if matters else 2)


def test_a_library_of_another_version_counts(
    book: Path, assessed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.chapter_keys(read_book(book), assessed)
    version = kept.version
    monkeypatch.setattr(kept, "version", lambda name: "0" if name == "seaborn" else version(name))
    assert kept.chapter_keys(read_book(book), assessed) != before


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    kept.keep(tmp_path / "kept", "zh-a", "key", SHOWN)
    assert kept.read_kept(tmp_path / "kept", "zh-a", "key") == SHOWN
    assert kept.read_kept(tmp_path / "kept", "zh-a", "other") is None
    assert kept.read_kept(tmp_path / "kept", "zh-b", "key") is None
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["zh-a.zip"]


def test_an_entry_with_a_wrong_byte_counts_as_none(tmp_path: Path) -> None:
    kept.keep(tmp_path, "zh-a", "key", Shown("x" * 50, {"assets/a.png": os.urandom(500)}))
    path = tmp_path / "zh-a.zip"
    with zipfile.ZipFile(path) as archive:
        start = archive.infolist()[1].header_offset + 100
    data = bytearray(path.read_bytes())
    data[start] ^= 0xFF
    path.write_bytes(bytes(data))
    assert kept.read_kept(tmp_path, "zh-a", "key") is None
