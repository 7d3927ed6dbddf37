"""Agreement: whether several codings of the same recording say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survey.findings import Finding
from survey.shoppers.agreement_findings import agreement_findings, none_coded, same_coder
from survey.shoppers.alpha import Measurement
from survey.shoppers.coders import CODER, coder_table, pairs_of
from survey.shoppers.measures import Measures, figures, pooled, verdict

OVERALL = "overall"
CELLS = 4_000_000
"""Draws times recordings that are computed together."""
MOST_CELLS, FEWEST_DRAWS = 20_000_000, 200
"""Above so many draws times recordings there are fewer draws, but no fewer than these."""
ITEM = (
    "item", "measurement", "recordings", "codings", "coders", "agreement", "agreement_low",
    "agreement_high", "kappa", "kappa_low", "kappa_high", "fleiss", "fleiss_low", "fleiss_high",
    "alpha", "alpha_low", "alpha_high", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class CodedItem:
    """An item that is coded from a recording.

    Parameters
    ----------
    name
        The column with the answers.
    measurement
        ``nominal`` for categories, ``ordinal`` for ordered answers, ``interval`` for numbers whose
        differences count.
    order
        Answers of an ordinal item from worst to best; others count as missing. Numbers need none.
    """

    name: str
    measurement: Measurement
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agreement:
    """How far codings of the same recordings agree.

    Parameters
    ----------
    items
        One row an item and, last, one ``overall``: measurement, recordings that were coded twice
        or more, codings of these, coders (named ones); agreement (share of pairs of codings that
        are equal), kappa (Cohen's, weighted by squares for ordinal items; of two coders only),
        fleiss (of items that are not interval), alpha (Krippendorff's), each with its interval
        (low, high), NaN where it is undefined; verdict.
    coders
        One row a coder who shares a recording with another, by name (shopper): recordings,
        comparisons (of answers), disagreement (share of these that differ) with its interval,
        excess (disagreement per answer beyond the others', the part of the other coder of each
        pair and of the items taken out) with its interval, p, p_adjusted (Holm), verdict
        (``disagrees``, ``in_line``, ``too_few`` recordings, ``not_separable`` from the partner).
    findings
        What is to be told.

    Notes
    -----
    Verdicts of items, by the limits of alpha: ``reliable`` (lower limit at least 0.8),
    ``tentative`` (at least 0.667), ``unproven`` (the interval holds 0.667), ``unreliable`` (upper
    limit below it), ``undefined`` (all codings alike), ``too_few`` recordings.
    """

    items: pd.DataFrame
    coders: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Codings:
    """Ratings of items, shape (I, R, M), and who gave them, shape (R, M), -1 where unknown."""

    ratings: np.ndarray
    coder: np.ndarray
    names: np.ndarray


def agreement(
    calls: pd.DataFrame,
    items: Sequence[CodedItem],
    *,
    level: float = 0.95,
    seed: int = 0,
    replicates: int = 1000,
    file: str = "",
) -> Agreement:
    """Tell how far several codings of the same recording agree, by item and by coder.

    Parameters
    ----------
    calls
        Columns recording, shopper (optional) and the items. Rows that share a recording are
        codings of one call; a second one by the same shopper is left out.
    items
        The items that a coder judges.
    level, seed, replicates
        Level of intervals; seed and number of bootstrap draws of recordings (fewer, but at least
        200, where more than 20,000 recordings were coded twice).
    file
        For findings.

    Notes
    -----
    Cohen's kappa has the large-sample error of Fleiss, Cohen and Everitt (1969); the other measures
    have percentile intervals from drawing recordings with replacement, the same draws for all
    items. Where no two codings differ, the bootstrap has no spread: the lower limit is then that at
    which no difference in n recordings would have chance (1 - level) / 2 (Clopper and Pearson
    1934). Overall, observed and expected disagreement (1 is the widest there may be) are averaged
    over items before they are set against each other (De Vries et al. 2008, Health Services
    Research 43:1026-1035), so that items that hardly vary do not upset the result.
    """
    codings, twice = _codings(calls, items)
    findings = [same_coder(twice, file)] if twice else []
    if codings is None:
        nothing = pd.DataFrame(columns=list(ITEM)), pd.DataFrame(columns=list(CODER))
        return Agreement(*nothing, (*findings, none_coded(file)))
    table = _item_table(codings, items, level, np.random.default_rng(seed), replicates)
    coders = pd.DataFrame(columns=list(CODER))
    pairs = pairs_of(codings.ratings, codings.coder)
    if len(pairs.recording):
        coders = coder_table(pairs, codings.names, level)
    return Agreement(table, coders, (*findings, *agreement_findings(table, coders, file)))


def _codings(calls: pd.DataFrame, items: Sequence[CodedItem]) -> tuple[_Codings | None, int]:
    """Return codings of recordings with two or more, and how many repeat their own coder."""
    if "recording" not in calls or not items:
        return None, 0
    calls = calls[calls["recording"].notna()]
    repeated = np.zeros(len(calls), dtype=bool)
    who = pd.Series(pd.NA, index=calls.index, dtype="str")
    if "shopper" in calls:
        who = calls["shopper"]
        repeated = (who.notna() & calls.duplicated(["recording", "shopper"])).to_numpy()
    calls, who = calls[~repeated], who[~repeated]
    shared = calls["recording"].duplicated(keep=False).to_numpy()
    if not shared.any():
        return None, int(repeated.sum())
    calls = calls[shared]
    thing, _ = pd.factorize(calls["recording"], sort=True)
    coder, names = pd.factorize(who[shared], sort=True)
    order = np.lexsort((coder, thing))
    thing, coder, calls = thing[order], coder[order], calls.iloc[order]
    at = pd.Series(thing).groupby(thing).cumcount().to_numpy()
    shape = thing[-1] + 1, at.max() + 1
    ratings = np.full((len(items), *shape), np.nan)
    for place, item in enumerate(items):
        ratings[place, thing, at] = _values(calls[item.name], item)
    coders = np.full(shape, -1)
    coders[thing, at] = coder
    return _Codings(ratings, coders, np.asarray(names, dtype=object)), int(repeated.sum())


def _values(answers: pd.Series, item: CodedItem) -> np.ndarray:
    """Return answers as numbers, NaN where missing."""
    if item.order:
        code = pd.Index(list(item.order)).get_indexer(pd.Index(answers))
    elif item.measurement == "nominal":
        code = pd.factorize(answers, sort=True)[0]
    else:
        return answers.to_numpy(float, na_value=np.nan)
    return np.where(code < 0, np.nan, code.astype(float))


def _item_table(
    codings: _Codings,
    items: Sequence[CodedItem],
    level: float,
    random: np.random.Generator,
    replicates: int,
) -> pd.DataFrame:
    measures = [
        Measures.of(ratings, codings.coder, item.measurement)
        for ratings, item in zip(codings.ratings, items, strict=True)
    ]
    recordings = codings.coder.shape[0]
    parts = [measure.parts(np.ones((1, recordings))) for measure in measures]
    drawn = [[] for _ in measures]
    replicates = min(replicates, max(MOST_CELLS // recordings, FEWEST_DRAWS))
    chance, block = np.full(recordings, 1 / recordings), max(CELLS // recordings, 1)
    for at in range(0, replicates, block):
        counted = random.multinomial(recordings, chance, min(block, replicates - at)).astype(float)
        for own, measure in zip(drawn, measures, strict=True):
            own.append(measure.parts(counted))
    draws = [np.concatenate(own, axis=2) for own in drawn]
    rows = [
        _row(measure, found[:, :, 0], of_draws, level) | {"item": item.name}
        for item, measure, found, of_draws in zip(items, measures, parts, draws, strict=True)
    ]
    rows.append(_overall(measures, parts, draws, codings, level))
    return pd.DataFrame(rows)[list(ITEM)]


def _row(measure: Measures, parts: np.ndarray, draws: np.ndarray, level: float) -> dict[str, Any]:
    row: dict[str, Any] = figures(parts, draws, measure.pairs.units, level)
    if measure.cohen is not None:
        kappa, low, high = measure.cohen.kappa(level)
        row["kappa"] = kappa
        if kappa < 1:
            row["kappa_low"], row["kappa_high"] = low, high
    if measure.fleiss is not None:
        row["fleiss"] = measure.fleiss.kappa()
    return row | {
        "measurement": measure.measurement,
        "recordings": measure.pairs.units,
        "codings": int(measure.pairs.counts.sum()),
        "coders": measure.coders,
        "verdict": verdict(row, measure.pairs.units),
    }


def _overall(
    measures: Sequence[Measures],
    parts: Sequence[np.ndarray],
    draws: Sequence[np.ndarray],
    codings: _Codings,
    level: float,
) -> dict[str, Any]:
    counted = (~np.isnan(codings.ratings)).any(axis=0)
    counted &= counted.sum(axis=1, keepdims=True) > 1
    recordings = int(counted.any(axis=1).sum())
    row: dict[str, Any] = figures(pooled(parts)[:, :, 0], pooled(draws), recordings, level)
    levels = {measure.measurement for measure in measures}
    return row | {
        "item": OVERALL,
        "measurement": levels.pop() if len(levels) == 1 else "mixed",
        "recordings": recordings,
        "codings": int(counted.sum()),
        "coders": len(np.unique(codings.coder[counted & (codings.coder >= 0)])),
        "verdict": verdict(row, recordings),
    }
