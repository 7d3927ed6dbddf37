"""The figures of a unit's own records beside those of an edition."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.ranks.drawn import drawn_ranks
from analysis.ranks.ranking import rank_scores
from analysis.trends.judging import NO_CHANGE, judge
from analysis.uncertainty.degrees import pooled_degrees, stretch
from analysis.uncertainty.linearised import linearised_variances
from indicators.hierarchy import ALL, Hierarchy
from indicators.scores import Scores
from survey.records import Records

Field = dict[tuple[str, str], np.ndarray]
SURE_DRAWS = 2000
"""Draws behind the rank of one total; those of many indicators make do with fewer."""


@dataclass(frozen=True)
class Whole:
    """The whole index with a unit's own records in the place of the edition's.

    Parameters
    ----------
    score, se, low, high, rank, rank_low, rank_high, of
        Of the total; `of` is the number of units ranked.
    grade, probability
        By the cut points of the edition: the grade, and the probability of each.
    official, official_grade
        What the edition published.
    """

    score: float
    se: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int
    of: int
    grade: str
    probability: Mapping[str, float]
    official: float
    official_grade: str


def with_errors(scores: Scores) -> Scores:
    """Return scores with their linearised standard errors."""
    variances = linearised_variances(scores)
    return scores.with_se(np.sqrt(variances.total), variances.degrees)


def compared(
    mine: Scores, theirs: Scores, unit: str, level: float, seed: int
) -> tuple[pd.DataFrame, Field]:
    """Compare own and official scores that are on like terms, and rank both among the others.

    Parameters
    ----------
    mine, theirs
        All units with errors, the unit by its own records and by those of the edition.
    unit, level, seed
        Whose; level of the intervals; seed of the draws of ranks.

    Returns
    -------
    table
        One row an audience and indicator with an own score (see `Benchmark.table`).
    field
        Scores of the other units by audience and indicator.
    """
    at, tree = mine.unit_index(unit), mine.hierarchy
    shape = (len(mine.audiences), len(tree.ids))
    own, official = _of(mine, at), _of(theirs, at)
    everyone = np.moveaxis(mine.score, 0, -1).reshape(-1, len(mine.units))
    errors = np.moveaxis(mine.se * stretch(mine.degrees, level), 0, -1).reshape(everyone.shape)
    ranks = drawn_ranks(everyone, errors, level=level, best=tree.best, seed=seed)
    rank, rank_low, rank_high = (each[:, at].reshape(shape) for each in ranks)
    low, high = interval(own, level, tree.best)
    official_low, official_high = interval(official, level, tree.best)
    columns = {
        "n": mine.n[at],
        "score": own["score"],
        "se": own["se"],
        "low": low,
        "high": high,
        "rank": rank,
        "rank_low": rank_low,
        "rank_high": rank_high,
        "of": (~np.isnan(mine.score)).sum(axis=0),
        "official": official["score"],
        "official_low": official_low,
        "official_high": official_high,
        "official_rank": rank_scores(np.moveaxis(theirs.score, 0, -1))[..., at],
    } | _judged(own, official, level)
    index = pd.MultiIndex.from_product([mine.audiences, tree.ids], names=["audience", "indicator"])
    table = pd.DataFrame({name: of.ravel() for name, of in columns.items()}, index=index)
    table = table[table["score"].notna()].reset_index()
    others = np.delete(mine.score, at, axis=0)
    field = {
        (audience, name): others[~np.isnan(others[:, a, n]), a, n]
        for a, audience in enumerate(mine.audiences)
        for n, name in enumerate(tree.ids)
    }
    whole = ["rank", "rank_low", "rank_high", "official_rank"]
    return table.astype(dict.fromkeys(whole, "Int64")), field


def _of(scores: Scores, at: int) -> dict[str, np.ndarray]:
    return {name: getattr(scores, name)[at] for name in ("score", "se", "degrees")}


def interval(
    figures: Mapping[str, np.ndarray], level: float, best: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Student's interval of scores, within the scale."""
    reach = stats.t.ppf((1 + level) / 2, figures["degrees"]) * figures["se"]
    return np.clip(figures["score"] - reach, 0, best), np.clip(figures["score"] + reach, 0, best)


def _judged(
    own: Mapping[str, np.ndarray], official: Mapping[str, np.ndarray], level: float
) -> dict[str, np.ndarray]:
    """Judge the differences of own and official scores, shape (audiences, indicators)."""
    apart = own["score"] - official["score"]
    change = np.where(np.abs(apart) < NO_CHANGE, 0.0, apart).T
    pair = np.stack([own["se"].T, official["se"].T])
    degrees = pooled_degrees(pair**2, np.stack([own["degrees"].T, official["degrees"].T]))
    error = np.hypot(pair[0], pair[1])
    parts = [
        judge(change[part], error[part], level, "holm", degrees[part])
        for part in (slice(0, 1), slice(1, None))
    ]
    names = {"low": "difference_low", "high": "difference_high", "p": "p"}
    names |= {"p_adjusted": "p_adjusted", "verdict": "verdict"}
    joined = {
        name: np.concatenate([each[given] for each in parts]).T for given, name in names.items()
    }
    verdict = joined["verdict"].astype(object)
    verdict[np.isnan(apart)] = None
    return {"difference": change.T} | joined | {"verdict": verdict}


def basis(tree: Hierarchy, cells: np.ndarray, table: pd.DataFrame) -> list[str]:
    """Tell of each row whether own records answer all that counts in it.

    Parameters
    ----------
    tree
        The hierarchy of the edition.
    cells
        The items that own records answer, by audience. Bool, shape (A + 1, I).
    table
        Columns audience and indicator.

    Returns
    -------
    ``whole`` or ``part``.
    """
    short = tree.item_asked & ~cells
    of_audience = {name: short[at] for at, name in enumerate(tree.audiences)}
    of_audience[ALL] = short.any(axis=0)
    lacking = {}
    for audience, items in of_audience.items():
        leaves = np.zeros(len(tree.ids), dtype=bool)
        leaves[tree.item_leaf[items]] = True
        lacking[audience] = tree.leaf_below[:, leaves].any(axis=1)
    pairs = zip(table["audience"], table["indicator"], strict=True)
    return [
        "part" if lacking[audience][tree.index(indicator)] else "whole"
        for audience, indicator in pairs
    ]


def counted(campaign: Records, own: Records, unit: str) -> pd.DataFrame:
    """Count own records, and those that the edition has of the unit and of others.

    Returns
    -------
    Columns table, audience, n, edition_n, usual_n (the median over the units of the edition).
    """
    parts = []
    for name, frame in own.tables.items():
        held = campaign[name] if name in campaign else frame.head(0)
        addressed = "audience" in frame
        groups = (
            sorted({*frame["audience"].dropna(), *held["audience"].dropna()})
            if addressed
            else [ALL]
        )
        for group in groups:
            same = held[held["audience"] == group] if addressed else held
            counts = same["unit"].value_counts()
            parts.append(
                {
                    "table": name,
                    "audience": group,
                    "n": int((frame["audience"] == group).sum()) if addressed else len(frame),
                    "edition_n": int(counts.get(unit, 0)),
                    "usual_n": float(counts.median()) if len(counts) else 0.0,
                }
            )
    return pd.DataFrame(parts)


def whole_index(
    scores: Scores,
    unit: str,
    official: tuple[float, str],
    cuts: pd.DataFrame,
    level: float,
    seed: int,
) -> Whole:
    """Rank and grade the total of a unit among all others.

    Parameters
    ----------
    scores
        All units on the whole system, with errors; the unit by its own records where it has any.
    unit
        Whose.
    official
        Its total and grade in the edition.
    cuts
        The cut points of the edition, as `graded` takes them.
    level, seed
        Level of the intervals, seed of the draws.
    """
    at, totals = scores.unit_index(unit), scores.score[:, -1, 0]
    own = {name: getattr(scores, name)[at, -1, 0] for name in ("score", "se", "degrees")}
    low, high = interval(own, level, scores.hierarchy.best)
    errors = scores.se[:, -1, 0] * stretch(scores.degrees[:, -1, 0], level)
    ranks = drawn_ranks(
        totals[None], errors[None], level=level, best=scores.hierarchy.best, seed=seed,
        draws=SURE_DRAWS,
    )  # fmt: skip
    rank, rank_low, rank_high = (int(each[0, at]) for each in ranks)
    grade, probability = graded(own, cuts)
    return Whole(
        float(own["score"]), float(own["se"]), float(low), float(high), rank, rank_low, rank_high,
        int((~np.isnan(totals)).sum()), grade, probability, *official,
    )  # fmt: skip


def graded(
    figures: Mapping[str, np.ndarray | float], cuts: pd.DataFrame
) -> tuple[str, dict[str, float]]:
    """Return the grade of a total by published cut points, and the probability of each grade.

    Parameters
    ----------
    figures
        The total: ``score``, ``se``, ``degrees``.
    cuts
        Columns grade, least, the best grade first; a grade but the last without a least score is
        one that no unit reached.

    Notes
    -----
    The cut points are held: the probability is that of a total that is Student's around the score.
    """
    least = cuts["least"].to_numpy(dtype=float).copy()
    least[:-1] = np.where(np.isnan(least[:-1]), np.inf, least[:-1])
    least[-1] = -np.inf
    names = cuts["grade"].tolist()
    score, se = float(figures["score"]), float(figures["se"])
    if se > NO_CHANGE:
        reached = stats.t.sf((least - score) / se, float(figures["degrees"]))
    else:
        reached = (score >= least).astype(float)
    reached = np.maximum.accumulate(reached)
    share = np.diff(reached, prepend=0.0)
    grade = names[int(np.argmax(score >= least))]
    return grade, dict(zip(names, share.tolist(), strict=True))
