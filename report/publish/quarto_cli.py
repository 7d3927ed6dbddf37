"""The same book published with the Quarto CLI, where it is installed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from report.fonts import font_files
from report.publish.slides import SLIDES_NAME, find_slides
from report.publish.source import read_book
from survey.findings import Finding, InputError, Severity

TYPST_BOOKS = (1, 9)
PROFILE = "pdf"
COPY_WITHOUT = shutil.ignore_patterns(
    "__pycache__", ".quarto", "_book", "_output", ".jupyter_cache"
)
CONFIGURATION = "_quarto.yml"


def quarto_path() -> Path | None:
    """Return the Quarto executable (``QUARTO_PATH``, else on ``PATH``), or None."""
    import quarto

    found = quarto.path()
    located = shutil.which(found) if found else None
    return Path(located) if located else None


def quarto_version(executable: Path) -> tuple[int, int]:
    """Return major and minor version of a Quarto executable.

    Raises
    ------
    InputError
        Where it does not tell.
    """
    command = [str(executable), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.match(r"(\d+)\.(\d+)", answer.stdout.strip())
    if answer.returncode or found is None:
        raise _failed("a version", (answer.stdout + answer.stderr).strip() or "nothing")
    return int(found[1]), int(found[2])


def render_commands(executable: Path, folder: Path) -> list[list[str]]:
    """Return the commands that publish a book: site, Word document, and from 1.9 on the PDF.

    Parameters
    ----------
    executable
        The Quarto executable.
    folder
        The folder of the book. Its profile ``_quarto-pdf.yml`` is used for the PDF.
    """
    render = [str(executable), "render", str(folder), "--to"]
    commands = [[*render, "html"], [*render, "docx", "--no-clean"]]
    if quarto_version(executable) >= TYPST_BOOKS:
        fonts = f"font-paths:{font_files()[0].parent}"
        keep = ["--profile", PROFILE, "--no-clean", "-M", fonts]
        commands.append([*render, "typst", *keep])
    return commands


def publish_with_quarto(report_dir: Path, out: Path, edition: Path) -> None:
    """Render a book and its slides with the Quarto CLI.

    Parameters
    ----------
    report_dir
        The folder of the book. Quarto works in a copy, so nothing is written into it.
    out
        An existing empty folder; it gets what Quarto writes into its output folder, and
        ``slides.html`` where the book has slides.
    edition
        The folder of the edition, which the cells find in ``HOTLINE_EDITION``.

    Raises
    ------
    InputError
        Where there is no Quarto, or it fails: with what it wrote last.
    FileExistsError
        Where `out` is not empty.
    """
    executable = quarto_path()
    if executable is None:
        raise _failed("quarto on PATH", "none", "leave it to the embedded publisher")
    if any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    environment = quarto_environment(edition)
    with _copy(report_dir) as folder:
        for command in render_commands(executable, folder):
            _run(command, environment)
        book = folder / "_book"
        if not book.is_dir():
            raise _failed("a folder _book", "none", "keep output-dir: _book in _quarto.yml")
        shutil.copytree(book, out, dirs_exist_ok=True)
        slides = find_slides(folder, read_book(folder).config.language)
        if slides is not None:
            _run([str(executable), "render", str(slides.path), "--to", "revealjs"], environment)
            written = slides.path.parent / "_output" / f"{slides.path.stem}.html"
            if not written.is_file():
                raise _failed("slides in _output", "none", "keep output-dir: _output")
            shutil.copy(written, out / SLIDES_NAME)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = " ".join((done.stdout + done.stderr).split()[-60:])
        raise _failed(f"{' '.join(command[1:5])} to succeed", last)


def quarto_environment(edition: Path) -> dict[str, str]:
    """Return the environment Quarto runs in.

    Quarto hands ``TYPST_FONT_PATHS`` to Typst as one folder; both fonts lie in one. Its cells run
    in this interpreter and import the packages of this project from where they are now.
    """
    packages = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(p for p in (packages, os.environ.get("PYTHONPATH", "")) if p)
    return {
        **os.environ,
        "HOTLINE_EDITION": str(edition.resolve()),
        "PYTHONPATH": path,
        "QUARTO_PYTHON": sys.executable,
        "TYPST_FONT_PATHS": str(font_files()[0].parent),
    }


@contextmanager
def _copy(report_dir: Path) -> Iterator[Path]:
    """Copy a book with all around it that its files name: the outermost book it lies in."""
    inner = report_dir.resolve()
    home = next(
        (each for each in reversed(inner.parents) if (each / CONFIGURATION).is_file()), inner
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "report"
        shutil.copytree(home, folder, ignore=COPY_WITHOUT)
        yield folder / inner.relative_to(home)


def _failed(expected: str, got: str, hint: str = "") -> InputError:
    return InputError([Finding("quarto", Severity.ERROR, "", None, "", expected, got, hint)])
