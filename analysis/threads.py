"""Work on arrays in threads: numpy lets go of the interpreter while it computes."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Part], Made], parts: Iterable[Part]) -> Iterator[Made]:
    """Apply a function to several parts of the work at a time, one on each processor.

    Parameters
    ----------
    work
        What is done to a part. It shares nothing with the others that it writes to, but for
        places of an array that are its own; random numbers come from a generator of the part.
    parts
        The parts; each large enough to be worth a few milliseconds.

    Yields
    ------
    What `work` made of each part, in the order of the parts.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, parts)
