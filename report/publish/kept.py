"""What pandoc and Typst made of parts of a book, kept by what it was made from."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

CONVERTERS = ("pypandoc-binary", "typst", "pylopdf-fonts-zh-cn")
FOLDERS = (Path(__file__).parent, Path(__file__).parents[1] / "theme")
"""Their filters, templates and styles decide what comes out, too."""

DIGEST = hashlib.sha256().digest_size


class Kept:
    """Conversions of an earlier publication; a conversion it holds is not done again.

    Parameters
    ----------
    folder
        Where they are kept, made where it is absent; None to keep nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._stamp = _stamp() if folder else b""
        self._used: set[str] = set()

    def get(self, made_from: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
        """Return what `make` returns, which nothing but `made_from` and the program decides."""
        if self._folder is None:
            return make()
        hashed = hashlib.sha256(self._stamp)
        for part in made_from:
            hashed.update(len(part).to_bytes(8) + part)
        name = hashed.hexdigest()
        self._used.add(name)
        if (kept := _read(self._folder / name)) is not None:
            return kept
        made = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(hashlib.sha256(made).digest() + made)
        Path(file.name).replace(self._folder / name)
        return made

    def prune(self) -> None:
        """Drop what was not asked for."""
        if self._folder and self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)


NONE = Kept()
"""Keeps nothing."""


def _read(path: Path) -> bytes | None:
    """Return what a file keeps; None where there is none, or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, made = data[:DIGEST], data[DIGEST:]
    return made if hashlib.sha256(made).digest() == digest else None


def _stamp() -> bytes:
    hashed = hashlib.sha256(" ".join(map(version, CONVERTERS)).encode())
    for folder in FOLDERS:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            if path.suffix not in (".pyc", ".docx"):
                hashed.update(path.name.encode() + path.read_bytes())
    return hashed.digest()
