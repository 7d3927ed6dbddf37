"""Draws of totals alone, for tests that need no records."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis.uncertainty.bootstrap import Draws


def _draws_of(total: np.ndarray) -> Draws:
    replicates, units = total.shape
    shape = (units, 1, 1)
    se, low, high = np.full((3, units), np.nan)
    there = ~np.isnan(total).all(axis=0)
    se[there] = np.nanstd(total[:, there], axis=0, ddof=1)
    low[there], high[there] = np.nanquantile(total[:, there], [0.025, 0.975], axis=0)
    return Draws(
        total=total,
        leaves=np.zeros((1, units, replicates), np.float32),
        se=se.reshape(shape),
        degrees=np.full(shape, np.inf),
        low=low.reshape(shape),
        high=high.reshape(shape),
        replicates=replicates,
        level=0.95,
        seed=0,
        shoppers=False,
    )


@pytest.fixture(scope="session")
def draws_of() -> Callable[[np.ndarray], Draws]:
    """Make draws of drawn totals, shape (B, U)."""
    return _draws_of
