"""What a province's report says, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.ranks.drawn import working_error
from report.labels import group_label
from report.profiles.files import province_stems
from report.profiles.gaps import deviations, gap_verdicts, wide
from report.profiles.gather import shown_indicators
from report.profiles.values import Figure, Profile
from report.results import Results

CHANCE = 0.25
"""A city with this chance of another grade is one to watch."""


@dataclass(frozen=True, slots=True)
class Against:
    """The mean of a province's cities in an indicator, held against that of all.

    Parameters
    ----------
    id, depth, n
        The indicator, and the cities with a score in it.
    mean
        Of the province, with its interval.
    nation
        Mean of all cities.
    gap, verdict
        Mean less that of all, and what `report.profiles.gaps.gap_verdicts` says of it.
    lowest, highest
        Of the cities.
    """

    id: str
    depth: int
    n: int
    mean: Figure
    nation: float
    gap: Figure
    verdict: str
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Province:
    """A province and its cities, best first."""

    key: str
    name: str
    stem: str
    cities: tuple[Profile, ...]
    rows: tuple[Against, ...]

    @property
    def watched(self) -> tuple[Profile, ...]:
        """Cities whose grade may well have been another, the least sure first."""
        held = [city for city in self.cities if max(rise(city), fall(city)) >= CHANCE]
        return tuple(sorted(held, key=lambda city: float(city.grade["p_grade"])))


def rise(city: Profile) -> float:
    """Return the chance that other records alone would give a better grade."""
    steps = city.steps
    p = steps[0]["p_next"] if steps else None
    return 0.0 if p is None or pd.isna(p) else float(p)


def fall(city: Profile) -> float:
    """Return the chance that other records alone would give a worse grade."""
    p = city.grade.get("p_at_least")
    return 0.0 if p is None or pd.isna(p) else 1.0 - float(p)


def stems(results: Results) -> dict[str, str]:
    """Return the file name of every province's report; empty where units have no province."""
    if "province" not in results["units"]:
        return {}
    keys = results["units"]["province"].dropna().astype(str).unique().tolist()
    return province_stems(keys, {key: group_label(key, "en") for key in keys})


def provinces(results: Results, made: Sequence[Profile]) -> tuple[Province, ...]:
    """Return every province that has a city with a grade, in the order of the units."""
    files = stems(results)
    cities = {key: [each for each in made if each.province == key] for key in files}
    held = {key: of for key, of in cities.items() if of}
    against = _against(results, {key: [city.unit for city in of] for key, of in held.items()})
    return tuple(
        Province(
            key,
            group_label(key, results.lang),
            files[key],
            tuple(sorted(of, key=_place)),
            against.get(key, ()),
        )
        for key, of in held.items()
    )


def _place(city: Profile) -> tuple[float, str]:
    rank = city.grade.get("rank")
    return (float("inf") if rank is None or pd.isna(rank) else float(rank)), city.stem


def _against(results: Results, groups: dict[str, list[str]]) -> dict[str, tuple[Against, ...]]:
    """Hold the means of the groups against those of all units.

    Notes
    -----
    The cities are all there are, so what is uncertain is only which records were drawn, and these
    errors are taken as independent between cities. The gap's error counts that a group is part of
    all. Intervals of gaps hold for all indicators of a group together (Bonferroni).
    """
    if "scores" not in results:
        return {}
    level, tree = float(results.meta["level"]), shown_indicators(results)
    names = [name for name, _ in tree]
    frames = {
        column: wide(results["scores"], column).reindex(columns=names)
        for column in ("score", "se", "low", "high")
    }
    values = frames["score"].to_numpy(dtype=float)
    z = float(stats.norm.ppf(0.5 + level / 2))
    se, least, most = (frames[each].to_numpy(dtype=float) for each in ("se", "low", "high"))
    error = working_error(values, se, least, most, z)
    there = ~np.isnan(values)
    own = np.array([frames["score"].index.isin(units) for units in groups.values()], dtype=float)
    n, count = there.sum(axis=0), own @ there
    square = np.where(there, error, 0.0) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (own @ np.where(there, values, 0)) / count
        nation = np.where(there, values, 0).sum(axis=0) / n
        inside = own @ square
        variance = inside * (1 / count - 1 / n) ** 2 + (square.sum(axis=0) - inside) / n**2
        mean_error, gap_error = np.sqrt(inside) / count, np.sqrt(variance)
    gap = mean - nation
    reach = float(stats.norm.ppf(1 - (1 - level) / 2 / len(names)))
    low, high = gap - reach * gap_error, gap + reach * gap_error
    words = gap_verdicts(gap, low, high, deviations(values))
    return {
        key: tuple(
            Against(
                name,
                depth,
                int(count[at, to]),
                Figure(
                    mean[at, to],
                    mean[at, to] - z * mean_error[at, to],
                    mean[at, to] + z * mean_error[at, to],
                ),
                float(nation[to]),
                Figure(gap[at, to], low[at, to], high[at, to]),
                str(words[at, to]),
                float(np.nanmin(values[own[at] > 0, to], initial=np.inf)),
                float(np.nanmax(values[own[at] > 0, to], initial=-np.inf)),
            )
            for to, (name, depth) in enumerate(tree)
            if count[at, to] > 0
        )
        for at, key in enumerate(groups)
    }
