"""Near copies: records of a unit or shopper that are more alike than chance allows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.checks.pairs import candidate_pairs, pairs_in, random_pairs
from survey.checks.sheet import FEWEST, Found, Sheet, marked, warning
from survey.contracts import CONTRACTS

_KEPT = 0.9
"""Chance that an answer survives the making of a near copy, in the weight of evidence."""
_SAMPLED = 100_000
_TAILS = (1e-2, 1e-3, 1e-4)


def near_duplicates(sheet: Sheet) -> Found:
    """Find records of one unit or shopper that are more alike than chance allows.

    Notes
    -----
    Kuriakose & Robbins (2016) call records with 85 % of answers in common near duplicates. That
    is much where answers vary and nothing where everybody is content. So likeness is the weight
    of evidence of Fellegi & Sunter (1969): every answer in common counts ``log(0.9 / p)``, where
    ``p`` is its share among the records of the same level (`AnswerModel`), and every answer
    that differs ``log(0.1 / (1 - sum(p**2)))``; equal seconds and starts close in time count by
    their own shares.
    Answers may hang together in more ways than the level tells. A likelihood ratio exceeds ``t``
    with chance ``exp(-t)`` at most; where random pairs do so more often, the evidence of the
    answers is divided until they do not. A pair is reported
    above ``log(pairs / chance)``: Markov's bound on a likelihood ratio with Bonferroni's
    correction, pairs of a unit and pairs of a shopper taking half of the chance each. Pairs have
    audience, scenario and mode in common, too.
    """
    size = len(sheet.frame)
    if size < FEWEST or not len(sheet.coded.items):
        return
    lower, upper = _near_pairs(sheet)
    like = np.full(size, -1)
    like[upper[::-1]] = lower[::-1]
    finding = warning(
        "near-duplicates",
        "",
        "records of a unit or shopper as different as chance has it",
        "records nearly equal to an earlier one",
        "compare each with the record it resembles, and hear the recording or ring back",
    )
    yield from marked(sheet, finding, like >= 0, like)


@dataclass(frozen=True)
class Evidence:
    """What tells whether two records are copies.

    Parameters
    ----------
    sheet
        The table.
    seconds
        Whole seconds of each measured time, -1 where blank, int32, shape (records, times).
    weight
        Evidence of equal seconds, shape (records, times).
    close
        Seconds within which two starts are close.
    near
        Evidence of two starts that are close.
    """

    sheet: Sheet
    seconds: np.ndarray
    weight: np.ndarray
    close: float
    near: float

    @classmethod
    def of(cls, sheet: Sheet, blocks: Sequence[np.ndarray]) -> "Evidence":
        """Weigh the times of a table whose pairs are those of some blocks."""
        names = ("wait_seconds", "talk_seconds") if sheet.table == "calls" else ()
        seconds, weights = [], []
        for name in names or ("duration_seconds",):
            whole = np.nan_to_num(sheet.seconds(name), nan=-1).clip(-1, 2**30).astype(np.int32)
            _, code, count = np.unique(whole, return_inverse=True, return_counts=True)
            seconds.append(whole)
            weights.append(-np.log(np.maximum(count[code], 2) / len(whole)).astype(np.float32))
        close = 60 * sheet.plan.settings.near_minutes
        share = max((_share_close(sheet.time, block, close) for block in blocks), default=1.0)
        return cls(sheet, np.stack(seconds, 1), np.stack(weights, 1), close, -np.log(share))

    def of_answers(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the evidence of the answers of each pair, shape (pairs,)."""
        model, codes = self.sheet.model, self.sheet.coded.codes
        own, other = codes[left], codes[right]
        both = (own >= 0) & (other >= 0)
        surprise = (model.surprise(codes, left) + model.surprise(codes, right)) / 2
        changed = (model.differing(left) + model.differing(right)) / 2
        answers = np.where(own == other, surprise + np.log(_KEPT), np.log(1 - _KEPT) - changed)
        return np.where(both, answers, 0).sum(axis=1)

    def of_times(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the evidence of lengths and starts of each pair, shape (pairs,).

        A copy keeps each of them with chance one half, which costs ``log(2)`` each.
        """
        same = (self.seconds[left] == self.seconds[right]) & (self.seconds[left] > 0)
        time = self.sheet.time
        close = np.abs(time[left] - time[right]) <= self.close
        kept = np.where(same, self.weight[left], 0).sum(axis=1) + close * self.near
        return kept - np.log(2) * (self.seconds.shape[1] + 1)


def _share_close(time: np.ndarray, block: np.ndarray, close: float) -> float:
    """Return the share of the pairs of a block that start close to each other, never 0."""
    left, right = random_pairs(block, _SAMPLED)
    near = np.count_nonzero(np.abs(time[left] - time[right]) <= close)
    return (near + 1) / (len(left) + 1) if len(left) else 0.0


def _near_pairs(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    """Return earlier and later position of every pair that is too much alike, best pair first."""
    empty = sheet.coded.answered == 0
    if sheet.table == "responses":
        empty = empty | sheet.coded.straight
    rows = np.flatnonzero(~empty)
    blocks = [np.where(empty, -1, _blocks(sheet, name)) for name in ("unit", "shopper")]
    blocks = [block for block in blocks if pairs_in(block)]
    found = [(np.empty(0), np.empty(0, np.intp), np.empty(0, np.intp))]
    evidence = Evidence.of(sheet, blocks)
    inflation = _inflation(evidence, blocks)
    for block in blocks:
        least = np.log(len(blocks) * pairs_in(block) / sheet.plan.settings.chance)
        for left, right in candidate_pairs(sheet.coded.codes, block, rows):
            score = evidence.of_answers(left, right) / inflation + evidence.of_times(left, right)
            kept = score >= least
            found.append((score[kept], left[kept], right[kept]))
    score, left, right = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((-score,))
    lower, upper = np.minimum(left, right)[order], np.maximum(left, right)[order]
    kept = ~_one_call(sheet, lower, upper) & ~_equal(sheet, lower, upper)
    return lower[kept], upper[kept]


def _blocks(sheet: Sheet, name: str) -> np.ndarray:
    """Return a number for each unit or shopper, audience, scenario and mode; -1 where unknown."""
    own = sheet.codes(name).astype(np.int64)
    block = own
    for other in ("audience", "scenario", "mode"):
        code = sheet.codes(other)
        block = block * (code.max(initial=0) + 2) + code + 1
    number = np.unique(block, return_inverse=True)[1]
    return np.where(own >= 0, number, -1)


def _inflation(evidence: Evidence, blocks: list[np.ndarray]) -> float:
    """Return by how much the answers of random pairs overstate the evidence, at least 1.

    Pairs of the whole table tell the far tail; those of one block, copies among them, the near.
    """
    everywhere = np.zeros(len(evidence.seconds), dtype=np.int64)
    found = [1.0]
    for block, tails in ((everywhere, _TAILS), *((block, _TAILS[:1]) for block in blocks)):
        score = evidence.of_answers(*random_pairs(block, _SAMPLED))
        if len(score):
            found += [np.quantile(score, 1 - tail) / -np.log(tail) for tail in tails]
    return float(max(found))


def _equal(sheet: Sheet, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return which pairs are the same in all but the id; they are no near copies."""
    ids = [name for name in (*CONTRACTS[sheet.table].key, "recording") if name in sheet.frame]
    own, other = (
        sheet.frame.iloc[rows].drop(columns=ids).reset_index(drop=True) for rows in (left, right)
    )
    return ((own == other).fillna(False) | (own.isna() & other.isna())).all(axis=1).to_numpy(bool)


def _one_call(sheet: Sheet, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return which pairs code one recording."""
    recording = sheet.codes("recording")
    return (recording[left] >= 0) & (recording[left] == recording[right])
