"""Answers as small whole numbers, and how frequent each is among records of its level."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from survey.contracts import AnswerColumn

MOST_VALUES = 30
"""Items with more different answers are measurements and not coded."""
LEVELS, LEAST_OF_LEVEL = 40, 200
"""Most levels of records, and about the least records of each."""
SCALE_ITEMS = 10
"""Least number of items on one scale for equal answers to all of them to mean anything."""
_SAMPLE = 50_000


@dataclass(frozen=True)
class Coded:
    """Closed answers as codes.

    Parameters
    ----------
    items
        The items that have few enough different answers.
    codes
        int8, shape (records, items); -1 where blank. Items on one scale share their codes, and
        codes of numbers and of ordered answers rise with them.
    """

    items: tuple[AnswerColumn, ...]
    codes: np.ndarray

    @cached_property
    def answered(self) -> np.ndarray:
        """Number of coded answers of each record, shape (records,)."""
        return (self.codes >= 0).sum(axis=1)

    @cached_property
    def scales(self) -> tuple[np.ndarray, ...]:
        """Positions of the items on each scale of at least `SCALE_ITEMS` items."""
        by_answers: dict[AnswerColumn, list[int]] = {}
        for place, item in enumerate(self.items):
            by_answers.setdefault(replace(item, name=""), []).append(place)
        return tuple(np.array(p) for p in by_answers.values() if len(p) >= SCALE_ITEMS)

    @cached_property
    def straight_lines(self) -> tuple[np.ndarray, ...]:
        """For each of `scales`, which records gave one answer to at least `SCALE_ITEMS` items."""
        return tuple(_straight(self.codes, places) for places in self.scales)

    @cached_property
    def straight(self) -> np.ndarray:
        """Which records have a straight line on some scale, bool, shape (records,)."""
        nobody = np.zeros(len(self.codes), dtype=bool)
        return np.logical_or.reduce([nobody, *self.straight_lines])


def _straight(codes: np.ndarray, places: np.ndarray) -> np.ndarray:
    low = np.full(len(codes), 127, dtype=np.int8)
    high = np.full(len(codes), -1, dtype=np.int8)
    enough = np.zeros(len(codes), dtype=np.int16)
    for place in places:
        own = codes[:, place]
        np.minimum(low, np.where(own >= 0, own, 127), out=low)
        np.maximum(high, own, out=high)
        enough += own >= 0
    return (enough >= SCALE_ITEMS) & (low == high)


def code_answers(frame: pd.DataFrame, items: Sequence[AnswerColumn]) -> Coded:
    """Code the closed answers of a table.

    Parameters
    ----------
    frame
        Records.
    items
        Their items; those with more than `MOST_VALUES` different answers are left out.
    """
    columns = {item: _codes(frame[item.name], item) for item in items}
    kept = {item: codes for item, codes in columns.items() if codes is not None}
    matrix = np.empty((len(frame), len(kept)), dtype=np.int8)
    for place, codes in enumerate(kept.values()):
        matrix[:, place] = codes
    return Coded(tuple(kept), matrix)


def _codes(cells: pd.Series, item: AnswerColumn) -> np.ndarray | None:
    if item.kind == "number":
        return _number_codes(cells.to_numpy(dtype=float, na_value=np.nan), item)
    if item.allowed:
        values = [*item.allowed, *item.not_applicable]
        if len(values) > MOST_VALUES:
            return None
        return np.asarray(pd.Categorical(cells, categories=values).codes).astype(np.int8)
    codes, values = pd.factorize(cells, sort=True)
    return codes.astype(np.int8) if len(values) <= MOST_VALUES else None


def _number_codes(numbers: np.ndarray, item: AnswerColumn) -> np.ndarray | None:
    low, high = item.minimum, item.maximum
    if low is not None and high is not None and high - low < MOST_VALUES:
        shifted = numbers - low
        inside = (shifted >= 0) & (numbers <= high)
        whole = np.where(inside, shifted, 0).astype(np.int8)
        if (whole == np.where(inside, shifted, 0)).all():
            return np.where(inside, whole, -1).astype(np.int8)
    values = np.unique(numbers[:_SAMPLE])
    if np.count_nonzero(~np.isnan(values)) > MOST_VALUES:
        return None
    codes, values = pd.factorize(numbers, sort=True)
    return codes.astype(np.int8) if len(values) <= MOST_VALUES else None


@dataclass(frozen=True)
class AnswerModel:
    """How frequent each answer is among the records of a level.

    Parameters
    ----------
    level
        Level of each record from 0, int8, shape (records,).
    share
        Share of each answer to each item among the records of each level, never 0; float64,
        shape (items, levels, values).

    Notes
    -----
    Answers of one record hang together: who is content is content with everything. Given the
    level they are taken for independent, as in the tests for copied answers of van der Linden &
    Sotaridona (2006), where the level is an ability. The level here is one of up to `LEVELS`
    equal parts of the records in the order of the first principal component of the codes.
    """

    level: np.ndarray
    share: np.ndarray

    def surprise(self, codes: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return ``-log`` of the share of each answer of some records, 0 where blank.

        Parameters
        ----------
        codes
            Codes of all records.
        rows
            Positions of the records, shape (some,).

        Returns
        -------
        float64, shape (some, items).
        """
        own, level = codes[rows], self.level[rows]
        items = np.arange(codes.shape[1])
        share = self.share[items, level[:, None], np.maximum(own, 0)]
        return np.where(own >= 0, -np.log(share), 0.0)

    def differing(self, rows: np.ndarray) -> np.ndarray:
        """Return log of the chance that two records of a level differ, shape (some, items)."""
        same = (self.share**2).sum(axis=2)
        return np.log(np.maximum(1 - same, 1e-9))[:, self.level[rows]].T


def answer_model(coded: Coded) -> AnswerModel:
    """Estimate how frequent each answer is by level."""
    codes = coded.codes
    level = _levels(codes)
    levels, values = int(level.max(initial=0)) + 1, int(codes.max(initial=0)) + 1
    share = np.empty((codes.shape[1], levels, values))
    for place in range(codes.shape[1]):
        there = codes[:, place] >= 0
        cell = level[there].astype(np.intp) * values + codes[there, place]
        counts = np.bincount(cell, minlength=levels * values).reshape(levels, values)
        everywhere = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * values)
        share[place] = (counts + values * everywhere) / (counts.sum(axis=1)[:, None] + values)
    return AnswerModel(level, share)


def _levels(codes: np.ndarray) -> np.ndarray:
    """Return which part of the first principal component each record belongs to."""
    score = _first_component(codes)
    levels = int(np.clip(len(codes) // LEAST_OF_LEVEL, 1, LEVELS))
    bounds = np.unique(np.quantile(score, np.arange(1, levels) / levels)) if len(score) else []
    return np.searchsorted(bounds, score, side="right").astype(np.int8)


def _first_component(codes: np.ndarray) -> np.ndarray:
    records, items = codes.shape
    if not records or not items:
        return np.zeros(records, dtype=np.float32)
    sample = codes[:: max(1, records // _SAMPLE)].astype(float)
    sample[sample < 0] = np.nan
    there = ~np.isnan(sample)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, sample, 0).sum(axis=0) / count
    deviation = np.where(there, sample - mean, 0)
    spread = np.sqrt((deviation**2).sum(axis=0) / count)
    scaled = deviation / np.where(spread > 0, spread, 1)
    loading = np.linalg.eigh(scaled.T @ scaled)[1][:, -1] / np.where(spread > 0, spread, np.inf)
    score, weight = np.zeros(records, dtype=np.float32), np.zeros(records, dtype=np.float32)
    for place in range(items):
        own = codes[:, place]
        here = own >= 0
        score += np.where(here, np.float32(loading[place]) * (own - np.float32(mean[place])), 0)
        weight += here * np.float32(abs(loading[place]))
    return score / np.maximum(weight, np.float32(1e-6))


def hashed(columns: list[np.ndarray]) -> np.ndarray:
    """Return one uint64 a row, equal where all columns are equal."""
    odd = np.random.default_rng(0).integers(1, 2**63, len(columns), dtype=np.uint64) | np.uint64(1)
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column, factor in zip(columns, odd, strict=True):
        mixed = (column.astype(np.int64).astype(np.uint64) + np.uint64(2)) * factor
        total += mixed ^ (mixed >> np.uint64(31))
    return total
