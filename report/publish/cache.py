"""What the chapters of a book showed when they last ran, kept until anything they need changes."""

import hashlib
import json
import platform
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from report.publish.outputs import Shown
from report.publish.source import BookSource, Chapter

HOME = Path(__file__).resolve().parents[2]
PACKAGES = ("report", "survey", "indicators", "analysis")
CODE = frozenset({".py", ".yaml", ".yml", ".csv", ".json"})
NO_CODE = frozenset({"publish", "slides", "theme", "__pycache__", "_book", ".quarto"})
"""Folders of a book whose files no cell reads."""
RUNS_CELLS = ("cache.py", "execute.py", "kernel.py", "outputs.py", "runner.py", "source.py")
"""Modules of this package that decide what a chapter shows."""
LIBRARIES = (
    "ipython", "matplotlib", "matplotlib-inline", "numpy", "pandas", "pyarrow",
    "pylopdf-fonts-zh-cn", "scipy", "seaborn", "statsmodels",
)  # fmt: skip
INDEX = "chapter.json"
EPOCH = (1980, 1, 1, 0, 0, 0)


def chapter_keys(book: BookSource, edition: Path) -> tuple[str, ...]:
    """Return for each chapter the SHA-256 of everything that decides what it shows.

    That is its source, the options of the book, the results and ``edition.yaml`` of the edition,
    all program and YAML files of the report and of the packages below it, and the versions of the
    libraries that compute and draw.

    Parameters
    ----------
    book
        The book as read.
    edition
        The folder of the edition.
    """
    shared = hashlib.sha256()
    options = (book.config.execute.model_dump_json(), book.config.fig_format, edition.name)
    for text in (*options, platform.python_version(), *map(_version, LIBRARIES)):
        shared.update(f"{text}\0".encode())
    for path in [*_code(book.folder), *_results(edition)]:
        shared.update(f"{path.name}\0{_file_hash(path)}\0".encode())
    return tuple(_chapter_key(shared.hexdigest(), chapter) for chapter in book.chapters)


def _chapter_key(shared: str, chapter: Chapter) -> str:
    own = f"{shared}\0{chapter.stem}\0{_file_hash(chapter.path)}"
    return hashlib.sha256(own.encode()).hexdigest()


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _code(folder: Path) -> Iterator[Path]:
    roots = [HOME / name for name in PACKAGES]
    if not folder.resolve().is_relative_to(roots[0]):
        roots.append(folder)
    for root in roots:
        yield from _code_below(root)
    yield from (Path(__file__).parent / name for name in RUNS_CELLS)


def _code_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in NO_CODE:
            yield from _code_below(path)
        elif path.suffix in CODE and path.is_file() and not path.name.startswith("_quarto"):
            yield path


def _results(edition: Path) -> Iterator[Path]:
    results = sorted((edition / "results").glob("*"))
    yield from (path for path in results if path.suffix in (".parquet", ".json"))
    yield from (path for path in [edition / "edition.yaml"] if path.is_file())


def read_kept(folder: Path, name: str, key: str) -> Shown | None:
    """Return what was kept under a name, or None where it was made from something else.

    Parameters
    ----------
    folder
        The cache of a book; it need not be there.
    name
        Of the entry.
    key
        What the entry must have been made from. A damaged entry counts as none.
    """
    try:
        with zipfile.ZipFile(_entry(folder, name)) as archive:
            index = json.loads(archive.read(INDEX))
            if index["key"] != key:
                return None
            files = {path: archive.read(path) for path in index["files"]}
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, EOFError):
        return None
    tables = {path: tuple(names) for path, names in index["tables"].items()}
    return Shown(index["markdown"], files, tables)


def keep(folder: Path, name: str, key: str, shown: Shown) -> None:
    """Keep what a chapter showed, in place of what was kept under its name; whole or not at all.

    Parameters
    ----------
    folder
        The cache of a book, made where it is absent.
    name, key
        Of the entry, and what it was made from.
    shown
        What the chapter showed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = {
        "key": key,
        "markdown": shown.markdown,
        "files": list(shown.files),
        "tables": {path: list(names) for path, names in shown.tables.items()},
    }
    members = {INDEX: json.dumps(index, ensure_ascii=False).encode(), **shown.files}
    with (
        tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for member, data in members.items():
            archive.writestr(zipfile.ZipInfo(member, EPOCH), data, zipfile.ZIP_DEFLATED, 1)
    Path(file.name).replace(_entry(folder, name))


def prune(folder: Path, names: Iterable[str], prefix: str) -> None:
    """Drop the entries of chapters that a book no longer has, and what was left half-written.

    Parameters
    ----------
    folder
        The cache.
    names
        Of the entries to be left.
    prefix
        Of the names of the book's entries; others are left alone.
    """
    wanted: Collection[Path] = {_entry(folder, name) for name in names}
    stale = [path for path in folder.glob(f"{prefix}*.zip") if path not in wanted]
    for path in [*stale, *folder.glob("*.part")]:
        path.unlink(missing_ok=True)


def _entry(folder: Path, name: str) -> Path:
    return folder / f"{name}.zip"
