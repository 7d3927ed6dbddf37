"""Broken and awkward files, each made by a small function, with what is to become of each."""

from collections.abc import Sequence

import broken_books
import broken_layout
import broken_sizes
import broken_text
import broken_values
from broken_case import CASES, HEADER, RECORDS, Case

MODULES = (broken_text, broken_layout, broken_values, broken_sizes, broken_books)
"""Importing them fills `CASES`."""


def names(heavy: bool) -> Sequence[str]:
    """Names of the cases, of those that are heavy or of the others."""
    return [name for name, each in CASES.items() if each.heavy == heavy]


__all__ = ["CASES", "HEADER", "RECORDS", "Case", "names"]
