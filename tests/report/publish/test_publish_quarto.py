import json
import os
import stat
import sys
from pathlib import Path

import pytest

from report.fonts import font_files
from report.publish.quarto_cli import publish_with_quarto, quarto_path
from survey.findings import InputError

FAKE = """#!{python}
import json, os, sys
from pathlib import Path
if sys.argv[1] == "--version":
    print("{version}")
    raise SystemExit
folder = Path(sys.argv[2])
slides = folder.suffix == ".qmd"
names = ("HOTLINE_EDITION", "TYPST_FONT_PATHS", "QUARTO_PYTHON", "PYTHONPATH")
with Path({log!r}).open("a") as log:
    log.write(json.dumps([sys.argv[1:], {{n: os.environ[n] for n in names}}]) + chr(10))
if {fail}:
    print("ERROR: the cell is wrong", file=sys.stderr)
    raise SystemExit(1)
to = sys.argv[sys.argv.index("--to") + 1]
out = folder.parent / "_output" if slides else folder / "_book"
out.mkdir(exist_ok=True)
names = dict(html="index.html", typst="book.pdf", docx="book.docx", revealjs=folder.stem + ".html")
(out / names[to]).write_text(to)
"""


@pytest.fixture
def report(write_book) -> Path:
    folder = write_book(index="# 甲\n")
    (folder / "_book").mkdir()
    (folder / "_book" / "stale.html").write_text("old")
    return folder


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    log = tmp_path / "log"

    def install(version: str = "1.10.18", fail: bool = False) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        script = folder / "quarto"
        script.write_text(
            FAKE.format(python=sys.executable, version=version, log=str(log), fail=fail)
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.delenv("QUARTO_PATH", raising=False)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return log

    return install


def calls(log: Path) -> list[tuple[list[str], dict[str, str]]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_site_and_pdf_from_version_1_9_on(fake, report: Path, out: Path, edition: Path) -> None:
    log = fake()
    publish_with_quarto(report, out, edition)
    assert sorted(path.name for path in out.iterdir()) == ["book.docx", "book.pdf", "index.html"]
    (site, environment), (word, _), (pdf, _) = calls(log)
    fonts = str(font_files()[0].parent)
    assert site[0] == "render"
    assert site[2:] == ["--to", "html"]
    assert word[2:] == ["--to", "docx", "--no-clean"]
    assert pdf[2:] == [
        "--to",
        "typst",
        "--profile",
        "pdf",
        "--no-clean",
        "-M",
        f"font-paths:{fonts}",
    ]
    assert environment["HOTLINE_EDITION"] == str(edition.resolve())
    assert environment["TYPST_FONT_PATHS"] == fonts
    assert environment["QUARTO_PYTHON"] == sys.executable
    assert Path(site[1]) != report
    assert (report / "_book" / "stale.html").read_text() == "old"


def test_an_older_quarto_makes_no_pdf(fake, report: Path, out: Path, edition: Path) -> None:
    log = fake("1.8.26")
    publish_with_quarto(report, out, edition)
    assert [call[0][3] for call in calls(log)] == ["html", "docx"]
    assert sorted(path.name for path in out.iterdir()) == ["book.docx", "index.html"]


def test_a_book_in_another_is_copied_with_it_and_brings_its_slides(
    fake, report: Path, out: Path, edition: Path
) -> None:
    log = fake("1.8.26")
    inner = report / "en"
    inner.mkdir()
    text = (report / "_quarto.yml").read_text()
    (inner / "_quarto.yml").write_text(f"{text}\nlang: en\n")
    (inner / "index.qmd").write_text("# A\n")
    (report / "slides").mkdir()
    (report / "slides" / "slides-en.qmd").write_text("---\ntitle: A\n---\n\n## A\n")
    publish_with_quarto(inner, out, edition)
    rendered = [Path(call[0][1]) for call in calls(log)]
    assert [each.name for each in rendered] == ["en", "en", "slides-en.qmd"]
    assert rendered[2].parent.parent == rendered[0].parent
    assert (out / "slides.html").read_text() == "revealjs"


def test_a_failure_says_what_quarto_said(fake, report: Path, out: Path, edition: Path) -> None:
    fake(fail=True)
    with pytest.raises(InputError, match="the cell is wrong"):
        publish_with_quarto(report, out, edition)
    assert list(out.iterdir()) == []


def test_a_quarto_without_a_version_is_refused(
    fake, report: Path, out: Path, edition: Path
) -> None:
    fake("none")
    with pytest.raises(InputError, match="a version"):
        publish_with_quarto(report, out, edition)


def test_no_quarto(monkeypatch: pytest.MonkeyPatch, report: Path, out: Path, edition: Path) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(out))
    assert quarto_path() is None
    with pytest.raises(InputError, match="PATH"):
        publish_with_quarto(report, out, edition)


def test_the_real_profile_is_found_by_its_name() -> None:
    home = Path(__file__).parents[3] / "report"
    assert (home / "_quarto-pdf.yml").is_file()
