"""Work in threads gives what work in turn gives."""

import numpy as np
import pytest

from analysis.threads import side_by_side


def test_results_come_in_the_order_of_the_parts_however_long_each_takes():
    sizes = [200_000, 1, 50_000, 10, 100_000]
    sums = side_by_side(lambda size: float(np.sort(np.arange(size)[::-1]).sum()), sizes)
    assert list(sums) == [size * (size - 1) / 2 for size in sizes]


def test_what_a_part_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(side_by_side(lambda part: 1 / part, [2, 0, 1]))
