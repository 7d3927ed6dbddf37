"""Changes from one edition to the next, each with what sampling error can explain of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.ranks.ranking import rank_scores
from analysis.trends.common import check_comparable, same_definition
from analysis.trends.judging import Adjustment, adjusted, judge, ways
from analysis.uncertainty.bootstrap import Draws
from analysis.uncertainty.degrees import pooled_degrees
from indicators.hierarchy import ALL, ROOT
from indicators.scores import Scores
from survey.findings import Finding, Severity


@dataclass(frozen=True)
class Changes:
    """What changed between two editions.

    Parameters
    ----------
    units
        One row a unit, audience and indicator with a score in both: columns unit, audience,
        indicator, before, after, change, low, high, p, p_adjusted, verdict (``rise``, ``fall``,
        ``unclear``), basis (``same``, or ``redefined`` where the indicator is measured or weighed
        otherwise than before).
    national
        The same for the mean of these units, with their number n in place of unit.
    ranks
        One row a unit with a total in both: columns unit, rank_before, rank_after, moved (places
        gained), low, high, p, p_adjusted, verdict (``up``, ``down``, ``unclear``). Ranks are among
        these units.
    level, adjust
        Level of the intervals, and how p values are adjusted.
    """

    units: pd.DataFrame
    national: pd.DataFrame
    ranks: pd.DataFrame
    level: float
    adjust: Adjustment

    def movers(self, indicator: str = ROOT, audience: str = ALL) -> pd.DataFrame:
        """Return the rows of units that clearly rose or fell, the greatest rise first."""
        table = self.units
        own = (table["indicator"] == indicator) & (table["audience"] == audience)
        moved = table[own & table["verdict"].isin(["rise", "fall"])]
        order = ["change", "unit"]
        return moved.sort_values(order, ascending=[False, True], ignore_index=True)

    def rank_movers(self) -> pd.DataFrame:
        """Return the rows of units that clearly went up or down, the greatest gain first."""
        moved = self.ranks[self.ranks["verdict"] != "unclear"]
        order = ["moved", "unit"]
        return moved.sort_values(order, ascending=[False, True], ignore_index=True)


def compare_editions(
    before: Scores,
    after: Scores,
    draws_before: Draws | None = None,
    draws_after: Draws | None = None,
    *,
    level: float = 0.95,
    adjust: Adjustment = "bh",
) -> tuple[Changes, tuple[Finding, ...]]:
    """Compare two editions unit by unit, for the nation, and in ranks.

    Parameters
    ----------
    before, after
        Scores with standard errors, of two campaigns that drew their records independently; for
        what changed on like terms, the two sides of `analysis.trends.common.common_part`.
    draws_before, draws_after
        Draws of the same scores; without them rank changes have no interval.
    level, adjust
        Level of the intervals; ``bh`` or ``holm``.

    Returns
    -------
    changes
        `Changes`.
    findings
        Units and indicators of one edition only, indicators that were redefined, changes without
        a standard error.

    Raises
    ------
    InputError
        Where the scales differ, or only one of the systems has audiences.

    Notes
    -----
    The variance of a change is the sum of both variances; its p value and interval are Student's,
    with `pooled_degrees`, those of a mean over units normal. A change of a figure on the whole has
    no sampling error: it is judged by its sign, has no p value and stays out of the family. The
    error of a mean over units takes theirs as independent; that of the mean total comes from the
    draws, where they are given, as units may share shoppers.

    A family of tests is the units of one audience and indicator; of the nation, the total by
    itself and the other indicators. Intervals are not adjusted. By default p values are adjusted
    after Benjamini and Hochberg: of the units said to rise or fall at most a share of 1 - level is
    named wrongly on average. Holm's method keeps the chance of a single wrong name that low; with
    hundreds of units it leaves few to name.

    Ranks are compared draw by draw, the draws of one edition beside those of the other; p is
    twice the smaller share of draws in which the unit did not move that way, plus one draw.
    """
    check_comparable(before, after)
    panel = [unit for unit in before.units if unit in set(after.units)]
    audiences = [name for name in before.audiences if name in after.audiences]
    indicators = [name for name in before.hierarchy.ids if name in after.hierarchy.ids]
    same = same_definition(before, after)
    found = [
        *_one_sided("units", before.units, after.units),
        *_one_sided("audiences", before.audiences, after.audiences),
        *_one_sided("indicators", before.hierarchy.ids, after.hierarchy.ids),
        *_redefined([name for name in indicators if not same[name]]),
    ]
    (old, old_se, old_degrees), (new, new_se, new_degrees) = (
        _taken(scores, draws, panel, audiences, indicators)
        for scores, draws in ((before, draws_before), (after, draws_after))
    )
    there = ~np.isnan(new - old)
    error = np.where(there, np.hypot(old_se, new_se), np.nan)
    degrees = pooled_degrees(np.stack([old_se, new_se]) ** 2, np.stack([old_degrees, new_degrees]))
    n = there.sum(axis=0)
    nation = [_mean(of, there, n) for of in (old, new)]
    with np.errstate(invalid="ignore"):
        nation_error = np.sqrt(_mean(error**2, there, n) / n)
    if draws_before is not None and draws_after is not None:
        both = [unit for unit, of in zip(panel, there[:, -1, 0], strict=True) if of]
        nation_error[-1, 0] = np.hypot(
            _mean_total_error(draws_before, before, both),
            _mean_total_error(draws_after, after, both),
        )
    basis = ["same" if same[name] else "redefined" for name in indicators]
    units = _table(
        {"unit": panel, "audience": audiences, "indicator": indicators},
        _judged(old, new, error, level, adjust, degrees)
        | {"basis": np.broadcast_to(basis, old.shape)},
    )
    found += _without_error(units)
    national = _table(
        {"audience": audiences, "indicator": indicators},
        {"n": n}
        | _judged_nation(nation[0], nation[1], nation_error, level, adjust)
        | {"basis": np.broadcast_to(basis, n.shape)},
    )
    ranks = _rank_changes(before, after, panel, (draws_before, draws_after), (level, adjust))
    return Changes(units, national, ranks, level, adjust), tuple(found)


def _taken(
    scores: Scores,
    draws: Draws | None,
    panel: list[str],
    audiences: list[str],
    indicators: list[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return scores, standard errors and their degrees; shape (units, audiences, indicators)."""
    at = np.ix_(
        [scores.units.index(unit) for unit in panel],
        [scores.audience_index(name) for name in audiences],
        [scores.hierarchy.index(name) for name in indicators],
    )
    errors = draws if draws is not None and np.isnan(scores.se).all() else scores
    return scores.score[at], errors.se[at], errors.degrees[at]


def _mean(values: np.ndarray, there: np.ndarray, n: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(there, values, 0).sum(axis=0) / n


def _mean_total_error(draws: Draws, scores: Scores, units: list[str]) -> float:
    total = draws.total[:, [scores.units.index(unit) for unit in units]]
    known = ~np.isnan(total).all(axis=1)
    return float(np.nanmean(total[known], axis=1).std(ddof=1)) if known.sum() > 1 else np.nan


def _judged(
    old: np.ndarray,
    new: np.ndarray,
    error: np.ndarray,
    level: float,
    adjust: Adjustment,
    degrees: np.ndarray | float = np.inf,
) -> dict[str, np.ndarray]:
    change = new - old
    figures = {"before": old, "after": new, "change": change}
    return figures | judge(change, error, level, adjust, degrees)


def _judged_nation(
    old: np.ndarray, new: np.ndarray, error: np.ndarray, level: float, adjust: Adjustment
) -> dict[str, np.ndarray]:
    """Judge means over the units, shape (audiences, indicators): the total, then the others."""
    total, others = (
        _judged(old.T[part], new.T[part], error.T[part], level, adjust)
        for part in (slice(0, 1), slice(1, None))
    )
    return {name: np.concatenate([total[name], others[name]]).T for name in total}


def _table(keys: dict[str, list[str]], columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Lay arrays out in rows, and leave out those without a change."""
    index = pd.MultiIndex.from_product(list(keys.values()), names=list(keys))
    table = pd.DataFrame({name: of.ravel() for name, of in columns.items()}, index=index)
    return table[table["change"].notna()].reset_index()


def _rank_changes(
    before: Scores,
    after: Scores,
    panel: list[str],
    draws: tuple[Draws | None, Draws | None],
    judging: tuple[float, Adjustment],
) -> pd.DataFrame:
    """Compare the ranks of the units with a total in both editions."""
    level, adjust = judging
    totals = [scores.of(ROOT).reindex(panel) for scores in (before, after)]
    both = totals[0].notna() & totals[1].notna()
    units = [unit for unit, there in zip(panel, both, strict=True) if there]
    rank = [rank_scores(total[both].to_numpy()) for total in totals]
    moved = rank[0] - rank[1]
    low, high, p = np.full((3, len(units)), np.nan)
    if draws[0] is not None and draws[1] is not None and units:
        drawn = [
            rank_scores(each.total[:, [scores.units.index(unit) for unit in units]])
            for each, scores in zip(draws, (before, after), strict=True)
            if each is not None
        ]
        least = min(len(each) for each in drawn)
        gained = drawn[0][:least] - drawn[1][:least]
        tail = (1 - level) / 2
        low = np.fmin(np.nanquantile(gained, tail, axis=0, method="lower"), moved)
        high = np.fmax(np.nanquantile(gained, 1 - tail, axis=0, method="higher"), moved)
        known = (~np.isnan(gained)).sum(axis=0)
        against = np.minimum((gained <= 0).sum(axis=0), (gained >= 0).sum(axis=0))
        p = np.minimum(2 * (against + 1) / (known + 1), 1.0)
    p_adjusted = adjusted(p[:, None], adjust)[:, 0]
    clear = p_adjusted <= 1 - level
    return pd.DataFrame(
        {
            "unit": units, "rank_before": rank[0].astype(int), "rank_after": rank[1].astype(int),
            "moved": moved.astype(int), "low": low, "high": high, "p": p,
            "p_adjusted": p_adjusted, "verdict": ways(moved, clear, "up", "down"),
        }
    )  # fmt: skip


def _one_sided(kind: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[Finding]:
    """Count what only one of the editions has."""
    return [
        Finding(
            "one-edition-only", Severity.NOTE, column=kind,
            expected=f"the same {kind} in both editions",
            got=f"{len(only)} in the {side} one only: {', '.join(only[:5])}"
            + ("…" if len(only) > 5 else ""),
            hint="left out of the changes", count=len(only),
        )
        for side, have, other in (("earlier", old, set(new)), ("later", new, set(old)))
        if (only := [name for name in have if name not in other])
    ]  # fmt: skip


def _redefined(names: list[str]) -> list[Finding]:
    if not names:
        return []
    return [
        Finding(
            "redefined", Severity.WARNING, column=", ".join(names),
            expected="indicators that are measured and weighed as before",
            got=f"{len(names)} that are not",
            hint="their change is in part one of definition; see the bridge", count=len(names),
        )
    ]  # fmt: skip


def _without_error(units: pd.DataFrame) -> list[Finding]:
    blind = units.loc[units["low"].isna(), "indicator"].value_counts().sort_index()
    return [
        Finding(
            "change-without-error", Severity.WARNING, column=str(name),
            expected="a standard error in both editions", got=f"none for {count} changes",
            hint="these are not judged", count=int(count),
        )
        for name, count in blind.items()
    ]  # fmt: skip
