"""Whom a unit is shown beside, and how scores and grades lie among them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from report.profiles.values import Peers, Within

FACTORS = ("level", "tier")
"""Columns of the units by which peers are alike."""
ENOUGH = 10
"""Peers to be shown among, where a group has so many."""
FEW = 8
"""Fewer peers than this are shown one by one; quartiles of them would say little."""
GRADE_FACTORS = ("province", "region", "level", "tier")


def choose_peers(units: pd.DataFrame) -> dict[str, Peers]:
    """Return the peers of every unit.

    Parameters
    ----------
    units
        The units that have a score, with the columns of the register.

    Notes
    -----
    The smallest of its groups by level or tier with `ENOUGH` units; else the largest of them; all
    units where it is in no such group. So a prefecture-level city, of which there are hundreds, is
    seen among those of its tier, and a municipality beside the other municipalities.
    """
    everyone = Peers("", "", len(units))
    held: dict[str, list[Peers]] = {str(unit): [] for unit in units["unit"]}
    for factor in (each for each in FACTORS if each in units):
        sizes = units[factor].value_counts()
        for unit, group in zip(units["unit"], units[factor], strict=True):
            if pd.notna(group) and sizes[group] > 1:
                held[str(unit)].append(Peers(factor, str(group), int(sizes[group])))
    return {
        unit: min((each for each in found if each.n >= ENOUGH), key=_size, default=None)
        or max(found, key=_size, default=everyone)
        for unit, found in held.items()
    }


def _size(peers: Peers) -> int:
    return peers.n


def members(units: pd.DataFrame, group: Peers) -> list[str]:
    """Return all units of a group, whoever they themselves are shown beside."""
    own = units if not group.factor else units[units[group.factor] == group.group]
    return own["unit"].astype(str).tolist()


def quartiles(score: pd.DataFrame) -> dict[str, tuple[float, float, float]]:
    """Return first quartile, median and third quartile of each column with `FEW` scores."""
    there = score.notna().sum() >= FEW
    known = score.loc[:, there]
    if known.empty:
        return {}
    cut = np.nanquantile(known.to_numpy(dtype=float), [0.25, 0.5, 0.75], axis=0)
    return {
        str(name): (float(first), float(median), float(third))
        for name, first, median, third in zip(known.columns, *cut, strict=True)
    }


def grades_within(
    units: pd.DataFrame, grades: pd.Series, order: Sequence[str]
) -> dict[str, tuple[Within, ...]]:
    """Count, for every unit and group of it, who has a better, the same and a worse grade.

    Parameters
    ----------
    units
        With the columns of the register.
    grades
        Grade by unit.
    order
        Grades from best to worst.
    """
    code = units["unit"].map(grades).map({grade: at for at, grade in enumerate(order)})
    found: dict[str, list[Within]] = {str(unit): [] for unit in units["unit"]}
    for factor in (each for each in GRADE_FACTORS if each in units):
        for group, part in code.groupby(units[factor], sort=False):
            values = np.sort(part.dropna().to_numpy())
            if len(values) < 2:
                continue
            below = np.searchsorted(values, part.to_numpy(), side="left")
            upto = np.searchsorted(values, part.to_numpy(), side="right")
            for at, better, same in zip(part.index, below, upto - below, strict=True):
                found[str(units["unit"].loc[at])].append(
                    Within(factor, str(group), len(values), int(better), int(same) - 1,
                           len(values) - int(better) - int(same))
                )  # fmt: skip
    return {unit: tuple(rows) for unit, rows in found.items()}
