"""Files written whole or not at all, and workbooks that are the same bytes each time."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook

EPOCH = datetime(2000, 1, 1)
"""When a workbook says it was made, so that the same content gives the same bytes."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path to write to; the file takes the place of `target` when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    made = Path(name)
    try:
        yield made
        made.chmod(0o644)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)


@contextmanager
def whole_book(target: Path, title: str) -> "Iterator[Workbook]":
    """Give a workbook to fill, written whole or not at all; the same content, the same bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with whole_file(target) as made, xlsxwriter.Workbook(str(made), options) as book:
        book.set_properties({"title": title, "created": EPOCH})
        yield book
