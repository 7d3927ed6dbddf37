"""Fewer searches for garbage while large trees grow."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 20, 50)
"""Thresholds of `gc.set_threshold`.

By default, Python looks for unreachable cycles after every 700 new objects. While a tree of half a
million objects grows, all of which are reachable, that takes more time than the work itself.
"""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage less often within the block, or in a function that it decorates."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
