"""A table in several files, such as the sheets that shoppers hand in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import pandas as pd

from survey.files.grid import refusal
from survey.findings import Finding, InputError, display_path

_WILD = frozenset("*?")
_NO_TABLES = (".", "~$", "Thumbs.db", "desktop.ini")
"""How the names of files begin that spreadsheets and systems leave behind in a folder."""


def is_several(path: Path) -> bool:
    """Whether a path stands for the files in a folder, or for those that match a pattern."""
    return path.is_dir() or (any(_WILD & set(part) for part in path.parts) and not path.is_file())


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a path stands for, in the order of their names.

    Parameters
    ----------
    path
        A file, there or not; a folder, all of whose files are taken; or a pattern such as
        ``sheets/*.xlsx``. Files that a spreadsheet keeps while one is open are left out.
    """
    if not is_several(path):
        return (path,)
    if path.is_dir():
        found = path.iterdir()
    else:
        parts = path.parts
        first = next(at for at, part in enumerate(parts) if _WILD & set(part))
        found = Path(*parts[:first]).glob("/".join(parts[first:]))
    return tuple(sorted(p for p in found if p.is_file() and not p.name.startswith(_NO_TABLES)))


def some_files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a path stands for.

    Raises
    ------
    InputError
        Where a folder or a pattern stands for none.
    """
    if files := files_of(path):
        return files
    what = "a folder with tables" if path.is_dir() else "files of this name"
    found = refusal("no-such-file", what, "nothing", "check the path, or put the tables there")
    raise InputError([replace(each, file=display_path(path)) for each in found.findings])


@dataclass(frozen=True)
class Parts:
    """Which rows of a table are of which file; they are numbered on from file to file.

    Parameters
    ----------
    name
        What findings call the table as a whole.
    files
        What findings call its files.
    starts
        What the rows of each file are numbered from, ascending from 0.
    """

    name: str
    files: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, name: str, files: Sequence[str], frames: Sequence[pd.DataFrame]) -> "Parts":
        """Number the rows of frames whose index is the row in the file."""
        last = [int(frame.index.max()) if len(frame) else 1 for frame in frames]
        return cls(name, tuple(files), tuple(accumulate(last[:-1], initial=0)))

    def joined(self, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """Put the frames of all files under each other, their rows numbered on."""
        pairs = zip(frames, self.starts, strict=True)
        return pd.concat([frame.set_index(frame.index + start) for frame, start in pairs])

    def place(self, row: int) -> tuple[str, int]:
        """Return the file of a row of the table, and its row there."""
        at = int(np.searchsorted(self.starts, row, side="left")) - 1
        return self.files[at], row - self.starts[at]

    def placed(self, finding: Finding) -> Finding:
        """Return a finding on a row of the table as one on a row of its file."""
        if finding.file != self.name or finding.row is None:
            return finding
        file, row = self.place(finding.row)
        return replace(finding, file=file, row=row)

    def in_rows(self, rows: Iterable[int], most: int) -> str:
        """Name the first rows with their files: ``"row 5 of a.xlsx, row 9 of b.xlsx"``."""
        places = [self.place(int(row)) for row in rows]
        named = ", ".join(f"row {row} of {file}" for file, row in places[:most])
        return named + (f" and {len(places) - most} more" if len(places) > most else "")


def told_once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Let one finding on the headers stand for the same one in other files."""
    same: dict[Finding, list[Finding]] = {}
    for each in found:
        general = each.row is None or each.row == 1
        same.setdefault(replace(each, file="", count=0) if general else each, []).append(each)
    return tuple(
        first
        if len(each) == 1
        else replace(
            first,
            got=f"{first.got}, here and in {len(each) - 1} more files",
            count=sum(other.count for other in each),
        )
        for each in same.values()
        for first in each[:1]
    )
