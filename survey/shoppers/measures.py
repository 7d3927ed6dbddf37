"""The measures of agreement of one item, of all together, and what is made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.shoppers.alpha import Measurement, Pairs, percentile_limits
from survey.shoppers.kappa import Cohen, Fleiss

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's limits of alpha: for conclusions, and for tentative ones (2004, p. 241)."""
FEWEST_RECORDINGS = 10
"""Items with fewer recordings coded twice get figures, but no verdict."""
MEASURES = ("agreement", "kappa", "fleiss", "alpha")


@dataclass(frozen=True)
class Measures:
    """The measures of one item; kappas are None where they do not apply."""

    measurement: Measurement
    pairs: Pairs
    cohen: Cohen | None
    fleiss: Fleiss | None
    coders: int

    @classmethod
    def of(cls, ratings: np.ndarray, coder: np.ndarray, measurement: Measurement) -> "Measures":
        """Return the measures of ratings, shape (R, M), given by coders, -1 where unknown."""
        there = ~np.isnan(ratings)
        there &= there.sum(axis=1, keepdims=True) > 1
        who = np.unique(coder[there & (coder >= 0)])
        of_two = len(who) == 2 and (coder[there] >= 0).all() and measurement != "interval"
        cohen = None
        if of_two:
            first, second = _by_coder(ratings, coder, who)
            cohen = Cohen.of(first, second, measurement)
        return cls(
            measurement,
            Pairs.of(ratings),
            cohen,
            Fleiss.of(ratings) if measurement != "interval" and there.any() else None,
            len(who),
        )

    def parts(self, counted: np.ndarray) -> np.ndarray:
        """Return observed and expected disagreement by measure, shape (2, 4, B); NaN where none."""
        found = np.full((2, len(MEASURES), len(counted)), np.nan)
        own = counted[:, self.pairs.rows]
        if self.pairs.units:
            found[:, 0] = self.pairs.disagreement(own, "nominal")[0], np.ones(len(counted))
            found[:, 3] = self.pairs.disagreement(own, self.measurement)
        for at, kappa in ((1, self.cohen), (2, self.fleiss)):
            if kappa is not None:
                found[:, at] = kappa.parts(counted)
        return found


def _by_coder(ratings: np.ndarray, coder: np.ndarray, who: np.ndarray) -> list[np.ndarray]:
    """Return what each of some coders said of each recording, NaN where nothing."""
    return [np.fmax.reduce(np.where(coder == one, ratings, np.nan), axis=1) for one in who]


def pooled(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean over the items that have a measure, NaN where none has."""
    stacked = np.stack(parts)
    there = (~np.isnan(stacked)).sum(axis=0)
    return np.where(there > 0, np.nansum(stacked, axis=0) / np.maximum(there, 1), np.nan)


def figures(
    parts: np.ndarray, draws: np.ndarray, recordings: int, level: float
) -> dict[str, float]:
    """Return every measure with its interval, from shapes (2, 4) and (2, 4, B)."""
    found: dict[str, float] = {}
    for at, name in enumerate(MEASURES):
        value = _beyond_chance(parts[:, at, None])[0]
        low, high = percentile_limits(_beyond_chance(draws[:, at]), level)
        if parts[0, at] == 0 and not np.isnan(value):
            least = 1 - ((1 - level) / 2) ** (1 / recordings)
            low = max(1 - least / parts[1, at], -1.0)
        missing = np.isnan(value)
        found |= {name: float(value), f"{name}_low": np.nan if missing else low,
                  f"{name}_high": np.nan if missing else high}  # fmt: skip
    return found


def _beyond_chance(parts: np.ndarray) -> np.ndarray:
    observed, expected = parts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def verdict(row: Mapping[str, float], recordings: int) -> str:
    """Return the verdict of an item; see `survey.shoppers.agreement.Agreement`."""
    if recordings < FEWEST_RECORDINGS:
        return "too_few"
    if np.isnan(row["alpha"]):
        return "undefined"
    if row["alpha_high"] < TENTATIVE:
        return "unreliable"
    limits = ((RELIABLE, "reliable"), (TENTATIVE, "tentative"))
    return next((name for limit, name in limits if row["alpha_low"] >= limit), "unproven")
