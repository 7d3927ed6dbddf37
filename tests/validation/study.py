"""What was promised, what was counted, and the bounds within which the count must lie."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.group_tests import GroupTest, mann_whitney
from analysis.comparisons.groups import factor_table
from analysis.comparisons.means import brown_forsythe, welch_t
from analysis.grades.schemes import PUBLISHED_2021
from analysis.ranks.ranking import rank_scores
from analysis.trends.judging import judge
from analysis.uncertainty.degrees import pooled_degrees
from hotline_index.tables import unit_table
from indicators.scores import score
from survey.records import Records
from tests.validation.campaigns import ERROR, LEVEL, Campaign, demo

NOISE = 3.0
"""Standard errors of a count by which it may miss its bounds: a study is a sample, too."""


@dataclass(frozen=True)
class Counted:
    """One promise, and what was counted of it.

    Parameters
    ----------
    promise
        In words.
    wanted
        Least and greatest share.
    share, se
        What was counted, and its standard error over campaigns.
    n
        Of how many campaigns or relabellings.
    """

    promise: str
    wanted: tuple[float, float]
    share: float
    se: float
    n: int

    @property
    def kept(self) -> bool:
        """Whether the count lies within the bounds, but for chance."""
        low, high = self.wanted
        return low - NOISE * self.se <= self.share <= high + NOISE * self.se


def counted(promise: str, wanted: tuple[float, float], shares: Sequence[float]) -> Counted:
    """Average a share over campaigns."""
    values = np.asarray(shares, dtype=float)
    values = values[~np.isnan(values)]
    se = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 1.0
    return Counted(promise, wanted, float(values.mean()), float(se), len(values))


def coverage(made: Sequence[Campaign], depth: np.ndarray) -> Iterator[Counted]:
    """Count how often intervals, sets and grades hold what is true in the long run."""
    truth = np.mean([each.score for each in made], axis=0, dtype=float)
    near = (0.93, 0.97)

    def covered(nodes: np.ndarray, audiences: slice) -> list[float]:
        at = np.ix_(range(truth.shape[0]), range(truth.shape[1])[audiences], nodes)
        held = truth[at]
        return [
            float(np.mean(((each.low[at] <= held) & (held <= each.high[at]))[~np.isnan(held)]))
            for each in made
        ]

    total, level_1 = np.flatnonzero(depth == 0), np.flatnonzero(depth == 1)[:-1]
    last = slice(-1, None)
    yield counted("95 % intervals of the total hold it", near, covered(total, last))
    yield counted("… of the total by audience", near, covered(total, slice(0, -1)))
    yield counted("… of level 1", near, covered(level_1, last))
    yield counted("… of level 2", near, covered(_scored(made, depth, 2), last))
    own = truth[:, -1, 0]
    rank = rank_scores(own)
    yield counted(
        "a city's own set of ranks (marginal, 95 %) holds its rank",
        (0.95, 1.0),
        [float(((each.each_low <= rank) & (rank <= each.each_high)).mean()) for each in made],
    )
    yield counted(
        "all sets of ranks (simultaneous, 95 %) hold together",
        (0.95, 1.0),
        [float(((each.all_low <= rank) & (rank <= each.all_high)).all()) for each in made],
    )
    best = rank <= len(rank) // 8
    yield counted(
        "the set that may be in the top eighth holds all of it",
        (0.95, 1.0),
        [float(each.top[best].all()) for each in made],
    )
    yield counted(
        "95 % intervals of adjusted scores hold the score, over the cities",
        near,
        [float(((each.adjusted[0] <= own) & (own <= each.adjusted[1])).mean()) for each in made],
    )
    yield counted(
        f"pairs in different `supported` grades stand in the wrong order (error: {ERROR:g})",
        (0.0, ERROR),
        [_wrong_orders(each.supported, own) for each in made],
    )


def _scored(made: Sequence[Campaign], depth: np.ndarray, level: int) -> np.ndarray:
    """Return the nodes of a level that every unit has a score of in every campaign."""
    whole = ~np.isnan([each.score[:, -1] for each in made]).any(axis=(0, 1))
    return np.flatnonzero((depth == level) & whole)


def _wrong_orders(code: np.ndarray, truth: np.ndarray) -> float:
    apart = code[:, None] < code[None, :]
    return float((truth[:, None] < truth[None, :])[apart].mean()) if apart.any() else np.nan


def errors(made: Sequence[Campaign]) -> Iterator[Counted]:
    """Count how often comparisons find a difference that is not there, at 5 %."""
    wanted = (0.04, 0.06)
    there = ~np.isnan([each.gap for each in made])
    gap = np.nansum([each.gap for each in made], axis=0) / np.maximum(there.sum(axis=0), 1)
    yield counted(
        "gap of audiences in a city (total and level 1): the true one lies outside its interval",
        wanted,
        [
            float(((each.gap_low > gap) | (gap > each.gap_high))[of].mean())
            for each, of in zip(made, there, strict=True)
        ],
    )
    pairs = list(zip(made[::2], made[1::2], strict=False))
    yield counted(
        "change between two years: a city that did not change (total)",
        wanted,
        [float((_p_of_change(before, after) < 1 - LEVEL).mean()) for before, after in pairs],
    )
    yield counted(
        "slots in answering (GEE): slots dealt anew within cities",
        wanted,
        [float(each.slots_p < 1 - LEVEL) for each in made],
    )
    yield counted(
        "slots in waiting (Cox): the same",
        wanted,
        [float(each.waits_p < 1 - LEVEL) for each in made],
    )
    yield counted(
        "unusual cities by score (total and level 1): records dealt anew to cities",
        wanted,
        [each.unusual_scores for each in made],
    )
    yield counted(
        "unusual cities by calls answered: the same",
        wanted,
        [each.unusual_rates for each in made],
    )
    yield counted(
        "drivers with a direction: satisfaction dealt anew to answers",
        wanted,
        [each.drivers for each in made],
    )


def _p_of_change(before: Campaign, after: Campaign) -> np.ndarray:
    change = after.score[:, -1, 0].astype(float) - before.score[:, -1, 0]
    errors = np.stack([before.se, after.se])
    degrees = pooled_degrees(errors**2, np.stack([before.degrees, after.degrees]))
    return judge(change, np.hypot(*errors), LEVEL, "bh", degrees)["p"]


def group_errors(relabellings: int) -> Iterator[Counted]:
    """Count how often groups differ once cities are dealt to them by lot, at 5 %."""
    from hotline_index.simulation import simulate

    edition, published = demo(None)
    assert edition.sample is not None
    records = Records(simulate(edition, published))
    scores, _ = score(records, edition.system, edition.sample, edition.register.table)
    totals = scores.of("total").to_numpy()
    points = -PUBLISHED_2021.classify(totals).astype(float)
    groups = factor_table(unit_table(edition, list(edition.sample), None), FACTORS)
    for factor in FACTORS:
        codes = pd.factorize(groups[factor].fillna("-"), sort=True)[0]
        two = codes.max() == 1
        tests: dict[str, tuple[np.ndarray, Callable[[np.ndarray, np.ndarray], float]]] = {
            "Welch t, scores" if two else "Brown-Forsythe F*, scores": (
                totals, _two(welch_t) if two else _several,
            ),
            "Mann-Whitney, grades" if two else "Kruskal-Wallis, grades": (
                points, _two(mann_whitney) if two else _kruskal_wallis,
            ),
        }  # fmt: skip
        for name, (outcome, test) in tests.items():
            random = np.random.default_rng(len(name))
            found = [
                float(test(outcome, random.permutation(codes)) < 1 - LEVEL)
                for _ in range(relabellings)
            ]
            yield counted(f"groups by {factor} ({name})", (0.04, 0.06), found)


FACTORS = ("region", "level", "tier", "coastal")


def _two(test: Callable[..., GroupTest]) -> Callable[[np.ndarray, np.ndarray], float]:
    return lambda outcome, codes: test(outcome[codes == 1], outcome[codes == 0]).p


def _several(outcome: np.ndarray, codes: np.ndarray) -> float:
    return brown_forsythe(outcome, codes).p


def _kruskal_wallis(outcome: np.ndarray, codes: np.ndarray) -> float:
    """Test as `group_tests.kruskal_wallis` does, without its resampled effect size."""
    return float(stats.kruskal(*(outcome[codes == each] for each in np.unique(codes))).pvalue)


def table(rows: Sequence[Counted]) -> str:
    """Write the counts as a table in Markdown."""
    lines = ["| promise | wanted | counted | ± | of | kept |", "|---|---|---|---|---|---|"]
    for row in rows:
        low, high = row.wanted
        wanted = f"≥ {low:.0%}" if high == 1 else f"{low:.0%} to {high:.0%}"
        wanted = f"≤ {high:.0%}" if low == 0 else wanted
        lines.append(
            f"| {row.promise} | {wanted} | {row.share:.1%} | {row.se:.1%} | {row.n} | "
            f"{'yes' if row.kept else '**no**'} |"
        )
    return "\n".join(lines) + "\n"
