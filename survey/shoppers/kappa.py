"""Kappa: agreement beyond chance of two coders (Cohen) and of any (Fleiss)."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from survey.shoppers.alpha import Measurement


@dataclass(frozen=True)
class Cohen:
    """Cohen's kappa of two coders.

    Parameters
    ----------
    tables
        Counts of each recording, (first coder's value, second coder's), shape (R, K, K).
    apart
        How far values are apart, 0 to 1, shape (K, K): 0 and 1 for categories, squared differences
        of their places for ordered ones (Cohen 1968; with them kappa is an intraclass correlation:
        Fleiss and Cohen 1973, Educational and Psychological Measurement 33:613-619).
    """

    tables: np.ndarray
    apart: np.ndarray

    @classmethod
    def of(cls, first: np.ndarray, second: np.ndarray, measurement: Measurement) -> "Cohen":
        """Return the kappa of two coders' values, shape (R,) each, NaN where one is missing."""
        both = ~np.isnan(first) & ~np.isnan(second)
        values = np.unique(np.concatenate([first[both], second[both]]))
        k = len(values)
        tables = np.zeros((len(first), k, k))
        rows = np.flatnonzero(both)
        at = np.searchsorted(values, first[both]), np.searchsorted(values, second[both])
        tables[(rows, *at)] = 1
        place = np.arange(k) / max(k - 1, 1)
        if measurement == "ordinal":
            return cls(tables, (place[:, None] - place) ** 2)
        return cls(tables, 1 - np.eye(k))

    def kappa(self, level: float) -> tuple[float, float, float]:
        """Return kappa with its interval from the large-sample error (Fleiss, Cohen, Everitt 1969).

        NaN where the coders gave one and the same value throughout.
        """
        table = self.tables.sum(axis=0)
        if len(table) < 2 or not self.parts(np.ones((1, len(self.tables))))[1][0]:
            return np.nan, np.nan, np.nan
        with np.errstate(invalid="ignore", divide="ignore"):
            found = vars(cohens_kappa(table, weights=self.apart))
        reach = norm.ppf((1 + level) / 2) * np.sqrt(max(found["var_kappa"], 0))
        kappa = float(found["kappa"])
        return kappa, max(kappa - reach, -1.0), min(kappa + reach, 1.0)

    def parts(self, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return observed and expected disagreement where recordings count so often, (B,) each."""
        k = len(self.apart)
        table = (counted @ self.tables.reshape(len(self.tables), -1)).reshape(-1, k, k)
        share = table / np.maximum(table.sum(axis=(1, 2), keepdims=True), 1)
        observed = (share * self.apart).sum(axis=(1, 2))
        expected = np.einsum("bi,bj,ij->b", share.sum(axis=2), share.sum(axis=1), self.apart)
        return observed, expected


@dataclass(frozen=True)
class Fleiss:
    """Fleiss' kappa of categories that any coders gave.

    Parameters
    ----------
    counts
        How often each recording got each value, shape (R, K); all 0 where it has another number of
        codings than most, which Fleiss' kappa is not defined for.
    codings
        Number of codings of the others.
    """

    counts: np.ndarray
    codings: int

    @classmethod
    def of(cls, ratings: np.ndarray) -> "Fleiss":
        """Return the kappa of ratings, shape (R, codings), NaN where missing."""
        there = ~np.isnan(ratings)
        size = there.sum(axis=1)
        frequency = np.bincount(size[size > 1], minlength=3)
        codings = int(frequency.argmax())
        values = np.unique(ratings[there])
        counts = (ratings[:, :, None] == values).sum(axis=1).astype(float)
        return cls(counts * (size == codings)[:, None], codings)

    def kappa(self) -> float:
        """Return kappa (Fleiss 1971, Psychological Bulletin 76:378-382), NaN where all is alike."""
        used = self.counts[self.counts.any(axis=1)]
        if not len(used) or (used.sum(axis=0) > 0).sum() < 2:
            return np.nan
        return float(fleiss_kappa(used, method="fleiss"))

    def parts(self, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return observed and expected disagreement where recordings count so often, (B,) each."""
        used = self.counts.any(axis=1)
        pairs = max(self.codings * (self.codings - 1), 1)
        alike = (self.counts * (self.counts - 1)).sum(axis=1) / pairs
        recordings = np.maximum(counted @ used.astype(float), 1)
        share = counted @ self.counts
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1)
        observed = counted @ (used - alike) / recordings
        return observed, np.where(share.any(axis=1), 1 - (share**2).sum(axis=1), 0)
