"""Where the figures and small tables of the PDF stand: in their place, or on top of the next page.

A figure that has no room on its page leaves the rest of it blank. Typst can put it on top of a
page and let the text after it fill up, but it cannot do so only where that is needed. So the book
is set, looked at and set again, until each figure that has no room is moved and no other is.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PASSES = 6
MOST_CHANGES = 3
"""A figure that is moved to and fro stays in its place after so many changes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is written and where it is shown.

    Parameters
    ----------
    label
        Of the figure.
    written, shown
        Pages.
    """

    label: str
    written: int
    shown: int


def settle(look: Callable[[frozenset[str]], Iterable[Place]]) -> frozenset[str]:
    """Return the labels of the figures to be moved.

    Parameters
    ----------
    look
        Sets the book with some figures moved and tells where all of them are.
    """
    moved: frozenset[str] = frozenset()
    changes: Counter[str] = Counter()
    for _ in range(PASSES):
        wanted = to_be_moved(look(moved))
        changed = {label for label in wanted ^ moved if changes[label] < MOST_CHANGES}
        if not changed:
            return moved
        changes.update(changed)
        moved = moved ^ changed
    return moved


def to_be_moved(places: Iterable[Place]) -> frozenset[str]:
    """Return the figures that are shown on a later page than they are written on.

    Where one was moved and still stands on its own page, it has room in its place.
    """
    return frozenset(place.label for place in places if place.shown > place.written)
