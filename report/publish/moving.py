"""Where the figures and small tables of the PDF stand: in their place, or on top of the next page.

A figure that has no room on its page leaves the rest of it blank. Typst can put it on top of a
page and let the text after it fill up, but it cannot do so only where that is needed. So the book
is set, looked at and set again, until each figure that has no room is moved and no other is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Stand(Enum):
    """Where a figure stands."""

    PLACE = "place"
    """Where it is written, alone on the next page where it has no room."""
    MOVED = "moved"
    """On top of the next page that has room; the text after it fills this one."""
    KEPT = "kept"
    """Where it is written, and what stands before it goes with it to the next page."""


PASSES = 6
STEPS = (Stand.PLACE, Stand.MOVED, Stand.PLACE, Stand.MOVED, Stand.KEPT)
"""What is tried for a figure, one after the other, until its place agrees with its stand."""


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


Stands = Mapping[str, Stand]
"""Where figures stand, by label; those that are not in it stand in their place."""


def settle(look: Callable[[Stands], Iterable[Place]]) -> Stands:
    """Return where each figure stands.

    Parameters
    ----------
    look
        Sets the book with figures in some stands and tells where all of them are.

    Returns
    -------
    A figure that found no rest is kept with what stands before it: so no heading is left alone
    at the foot of a page, or below the figure that it announces.
    """
    steps: dict[str, int] = {}
    stands: dict[str, Stand] = {}
    wrong: frozenset[str] = frozenset()
    for _ in range(PASSES):
        wrong = contradictions(look(stands), stands)
        if not wrong:
            return stands
        steps.update({label: steps.get(label, 0) + 1 for label in wrong})
        stands = {label: STEPS[step] for label, step in steps.items()}
    return {**stands, **dict.fromkeys(wrong, Stand.KEPT)}


def contradictions(places: Iterable[Place], stands: Stands) -> frozenset[str]:
    """Return the figures whose place does not agree with their stand.

    Those are figures in their place that are shown on a later page than they are written on, and
    moved ones that stand on the page they are written on: there is room for them there, or the
    heading before them went to their page.
    """
    return frozenset(
        place.label
        for place in places
        if (place.shown > place.written, stands.get(place.label, Stand.PLACE))
        in ((True, Stand.PLACE), (False, Stand.MOVED))
    )
