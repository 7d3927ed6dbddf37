"""What a profile says of one unit, as figures: frozen values, without words or drawings."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

Record = Mapping[str, Any]
"""A row of a result table."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; NaN where there is none."""

    value: float
    low: float = float("nan")
    high: float = float("nan")

    @property
    def triple(self) -> tuple[float, float, float]:
        """Value, low, high."""
        return self.value, self.low, self.high


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of a unit beside its peers and the mean of all.

    Parameters
    ----------
    id, depth
        Depth 0 is the total.
    score, n
        Over all audiences, and the records behind it; NaN and 0 without a score.
    peers
        First quartile, median and third quartile of the peers, or None of too few.
    dots
        Scores of the other peers where they are too few for quartiles.
    mean, gap, verdict
        Mean of all units, distance from it, and what `report.profiles.gaps.gap_verdicts` says.
    priority
        Row of the table ``priorities``, or None.
    """

    id: str
    depth: int
    score: Figure
    n: int
    peers: tuple[float, float, float] | None
    dots: tuple[float, ...]
    mean: float
    gap: Figure
    verdict: str
    priority: Record | None


@dataclass(frozen=True, slots=True)
class Peers:
    """Those a unit is shown beside: the group of a factor, or all where `factor` is ""."""

    factor: str
    group: str
    n: int


@dataclass(frozen=True, slots=True)
class Within:
    """The grades of a group that a unit belongs to, by how they compare with its own."""

    factor: str
    group: str
    n: int
    better: int
    same: int
    worse: int


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is known of one unit.

    Parameters
    ----------
    unit, name, official, stem, code
        Its key, its name in the language, in full in its own, its file name, its code.
    province, level, tier
        Groups as the register has them; "" where it does not say.
    grade
        Row of the table ``grades``.
    chances
        Grade and its probability, best first; empty without records.
    totals
        Totals of all units.
    beside
        Its row in every factor of the table ``peers``.
    rows
        Indicators, the total first; empty without records.
    audiences
        Rows of ``unit_audience_gaps``.
    scores
        Rows of ``scores`` by audience and indicator.
    access
        Row of ``funnel`` on calls answered, among all units.
    steps
        Rows of ``next_grades``.
    changes, rank_change
        Against the edition before.
    certainty
        Its rows of ``rank_sets``, ``rank_variance``, ``method_ranks``, ``adjusted``, by table.
    within
        How its grade compares within groups, where there are grades only.
    """

    unit: str
    name: str
    official: str
    stem: str
    code: str
    province: str
    level: str
    tier: str
    grade: Record
    ranked: int
    chances: tuple[tuple[str, float], ...]
    totals: tuple[float, ...]
    peers: Peers
    beside: tuple[Record, ...]
    rows: tuple[Indicator, ...]
    audiences: tuple[Record, ...]
    scores: Mapping[tuple[str, str], Record]
    access: Record | None
    steps: tuple[Record, ...]
    changes: tuple[Record, ...]
    rank_change: Record | None
    certainty: Mapping[str, Record]
    within: tuple[Within, ...]

    @property
    def scored(self) -> bool:
        """Whether it has a score of its own."""
        return bool(self.rows) and not isnan(self.rows[0].score.value)
