"""Folders written whole or not at all, the names and the fingerprints of files."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a new folder to write into, which takes the place of `target` when all went well.

    Parameters
    ----------
    target
        The folder to be replaced; its parent is made where absent. After an error it is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        made.chmod(0o755)
        yield made
        old = made.with_name(made.name + "-old")
        if target.exists():
            target.rename(old)
        made.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def named(path: Path, folder: Path) -> str:
    """Return how results call a file of an edition: from the folder above the edition's."""
    return Path(os.path.relpath(path.resolve(), folder.resolve().parent)).as_posix()
