"""The validation itself runs, on a handful of campaigns; what it counts takes `make validate`."""

import numpy as np

from tests.validation.campaigns import campaigns, demo
from tests.validation.study import Counted, counted, coverage, errors, table


def test_a_few_campaigns_give_every_row():
    made = list(campaigns(3, units=45, replicates=100, workers=1))
    assert not np.allclose(made[0].score, made[1].score, equal_nan=True)
    rows = [*coverage(made, demo(45)[0].system.hierarchy.depth), *errors(made)]
    assert len(rows) == 16
    assert all(0 <= row.share <= 1 for row in rows)
    by_promise = {row.promise: row for row in rows}
    assert by_promise["95 % intervals of the total hold it"].share > 0.6
    assert table(rows).count("\n") == len(rows) + 2


def test_a_count_outside_its_bounds_is_told():
    assert not Counted("", (0.93, 0.97), 0.90, 0.002, 500).kept
    assert Counted("", (0.93, 0.97), 0.925, 0.002, 500).kept
    row = counted("", (0.0, 0.05), [0.0, 1.0, np.nan])
    assert (row.share, row.n) == (0.5, 2)
    assert "**no**" in table([Counted("x", (0.0, 0.05), 0.2, 0.01, 9)])
