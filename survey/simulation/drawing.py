"""Small steps that every table of a simulated campaign takes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

SPARE = 0.05
"""Share at the end of a slot in which nothing begins."""


def named(names: Sequence[str], code: np.ndarray) -> np.ndarray:
    """Return the names of codes."""
    return np.array(names, dtype=object)[code]


def ids(prefix: str, size: int) -> np.ndarray:
    """Number records from 1, with as many digits as the last one needs."""
    number = pd.Series(np.arange(1, size + 1)).astype("str").str.zfill(len(str(size)))
    return (prefix + number).to_numpy(dtype=object)


def centred(values: np.ndarray) -> np.ndarray:
    """Return values less their mean."""
    return values - values.mean()


def rank_in(group: np.ndarray) -> np.ndarray:
    """Return each record's place among the records of its group, from 0, in their order."""
    return pd.Series(group).groupby(group).cumcount().to_numpy()


def times(day: np.ndarray, hours: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return when records begin.

    Parameters
    ----------
    day
        datetime64[D], shape (records,).
    hours
        First and last hour of the band of each record, shape (records, 2).
    within
        Where in the band, 0 to 1.
    """
    start, end = hours.T
    seconds = (3600 * (start + within * (1 - SPARE) * (end - start))).astype("timedelta64[s]")
    return (day.astype("datetime64[s]") + seconds).astype("datetime64[us]")
