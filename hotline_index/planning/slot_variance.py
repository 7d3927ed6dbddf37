"""How much a unit's own slots differ, beyond chance and beyond what slots do everywhere."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.uncertainty.clusters import clusters_of
from analysis.uncertainty.design import sample_of
from analysis.uncertainty.linearised import linearised_variances
from indicators.measure import PointsTable
from indicators.scores import Scores


def slot_variance(scores: Scores) -> float:
    """Estimate the variance of a total from slot to slot of a unit, squared points.

    Parameters
    ----------
    scores
        Scores with the points of every call.

    Returns
    -------
    0 where calls have no slots, or a unit and audience has no two calls in one.

    Notes
    -----
    Points are freed of the mean of their slot and stratum over all units. Then the variance of the
    mean of a unit and audience is estimated twice: from n single calls, which have their slot's
    deviation and their own, and from the T slots as clusters. The first expects (s + e) / n, the
    second s / T + e / n, so their difference over 1 / T - 1 / n is s (the analysis of variance of a
    one-way layout; Searle, Casella and McCulloch 1992, Variance Components, section 3.5).
    Deviations of different audiences are taken as independent.
    """
    table = next((each for each in scores.points if each.table == "calls"), None)
    if table is None or "slot" not in table.frame or table.frame["slot"].isna().all():
        return 0.0
    frame = table.frame.drop(columns=["shopper", "recording"], errors="ignore")
    place = [str(name) for name in ("audience", "scenario") if name in frame]
    free = replace(table, points=_freed(table, [*place, "slot"]), frame=frame)
    group = [pd.Series(table.unit, frame.index, name="at"), *(frame[n] for n in place[:1])]
    slots = frame["slot"].groupby(group).transform("nunique").median()
    calls = frame["slot"].groupby(group).transform("size").median()
    if slots < 2 or calls <= slots:
        return 0.0
    by_slot = replace(free, frame=_clusters(free))
    single, clustered = (np.nanmean(_variance(scores, each)) for each in (free, by_slot))
    return max(float((clustered - single) / (1 / slots - 1 / calls)), 0.0)


def _freed(table: PointsTable, columns: list[str]) -> np.ndarray:
    """Return points less the mean of their slot and stratum, put back to the mean of all."""
    points = pd.DataFrame(table.points, index=table.frame.index)
    means = points.groupby([table.frame[name] for name in columns]).transform("mean")
    return (points - means + points.mean()).to_numpy()


def _clusters(table: PointsTable) -> pd.DataFrame:
    """Return the records as if all calls of a unit and audience in a slot were one recording."""
    keys = [table.unit, table.audience]
    keys.append(pd.factorize(table.frame["slot"])[0])
    code = np.unique(np.stack(keys), axis=1, return_inverse=True)[1]
    return table.frame.assign(recording=code, scenario="")


def _variance(scores: Scores, table: PointsTable) -> np.ndarray:
    clusters, _ = clusters_of(sample_of(table), None)
    return linearised_variances(scores, (clusters,)).records[:, -1, 0]
