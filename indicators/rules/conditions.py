"""Conditions: which records a rule, a weight or an item is about."""

import numpy as np
import pandas as pd

Condition = dict[str, tuple[str, ...]]
"""Column to the values it must have; every column must match."""


def meets(frame: pd.DataFrame, where: Condition) -> np.ndarray:
    """Return which records have the values that a condition names, shape (records,), bool."""
    met = np.ones(len(frame), dtype=bool)
    for column, values in where.items():
        met &= frame[column].isin(values).to_numpy()
    return met
