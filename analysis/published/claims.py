"""Claims of a report held against the data."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pandas as pd

from analysis.comparisons.effects import verdict
from analysis.comparisons.group_tests import GroupTest, holm, mann_whitney
from analysis.comparisons.groups import factor_table, grade_points
from analysis.grades.schemes import GRADES
from analysis.published.claim_kinds import (
    AllIn,
    AnyClaim,
    Claim,
    Count,
    GroupHigher,
    GroupsDiffer,
    wrong_names,
)
from survey.findings import InputError

__all__ = ["Claim", "ClaimVerdict", "judge_claims"]

ClaimVerdict = Literal["supported", "partly", "unsupported", "not-testable"]

BY_DIFFERENCE: Mapping[str, ClaimVerdict] = {
    "clear": "supported",
    "slight": "partly",
    "none": "unsupported",
}
"""What the verdict of a test says of a claim that there is a difference."""

CLAIM_COLUMNS = ("claim", "zh", "en", "verdict", "evidence_factor", "figures")

_Judgement: TypeAlias = tuple[ClaimVerdict, dict[str, Any]]


def judge_claims(
    claims: Sequence[AnyClaim],
    grades: pd.DataFrame,
    units: pd.DataFrame,
    comparisons: pd.DataFrame,
    contrasts: pd.DataFrame,
    *,
    order: Sequence[str] = GRADES,
    level: float = 0.95,
) -> pd.DataFrame:
    """Hold every claim against the grades.

    Parameters
    ----------
    claims
        What is claimed.
    grades
        Columns unit, grade.
    units
        Columns unit and every factor that a claim names.
    comparisons, contrasts
        As from `compare_groups` (outcome ``grade``) and `ordinal_contrasts`; may be empty.
    order
        Every grade, from the best to the worst.
    level
        One minus the significance level, and the level of the intervals.

    Returns
    -------
    The table ``claims``: a row a claim. A claim of a difference is supported by a clear one,
    partly by a slight one; p values are Holm's over the factors compared and the claims' own
    tests. A claim of several counts or units is partly supported where only some hold.
    ``figures`` is a JSON object with the figures a sentence needs, null where there is none.

    Raises
    ------
    InputError
        Where a claim names a column, group, grade or unit that is not there.
    """
    factors = dict.fromkeys(claim.evidence_factor for claim in claims)
    groups = factor_table(units, [factor for factor in factors if factor in units])
    if wrong := list(wrong_names(claims, units, groups, order)):
        raise InputError(wrong)
    points = grade_points(grades, order).dropna().sort_index()
    evidence = _Evidence(
        grades.set_index("unit")["grade"].reindex(points.index),
        points,
        groups.reindex(points.index),
        comparisons[comparisons["outcome"] == "grade"].set_index("factor"),
        contrasts,
        level,
    )
    tests = _own_tests(claims, evidence)
    rows = []
    for claim in claims:
        judged, figures = _judge(claim, evidence, tests)
        text = json.dumps(_plain(figures), ensure_ascii=False, allow_nan=False)
        rows.append((claim.id, claim.zh, claim.en, judged, claim.evidence_factor, text))
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


@dataclass(frozen=True)
class _Evidence:
    """The graded units with their grades, points and groups, and the tests made of the factors."""

    grade: pd.Series
    points: pd.Series
    groups: pd.DataFrame
    comparisons: pd.DataFrame
    contrasts: pd.DataFrame
    level: float

    def members(self, column: str | None, value: str | None) -> pd.Series:
        """Return, of each graded unit, whether it is in the group; of all where none is named."""
        if column is None:
            return pd.Series(True, index=self.points.index)
        return (self.groups[column] == value).fillna(False).astype(bool)

    def sides(self, claim: GroupHigher) -> tuple[pd.Series, pd.Series]:
        """Return the points of the group and of what it is held against."""
        first = self.members(claim.factor, claim.group)
        if claim.reference is None:
            return self.points[first], self.points[~first & self.groups[claim.factor].notna()]
        return self.points[first], self.points[self.members(claim.factor, claim.reference)]

    def is_factor_test(self, claim: GroupHigher) -> bool:
        """Return whether the factor's comparison is the claim's own test: it has two groups."""
        compared = claim.factor in self.comparisons.index
        return compared and self.groups[claim.factor].nunique() == 2


def _own_tests(
    claims: Sequence[AnyClaim], evidence: _Evidence
) -> dict[str, tuple[GroupTest, float]]:
    """Return each claim's own test and its p value, adjusted together with the factors' tests."""
    tests: dict[str, GroupTest] = {}
    family = {("factor", str(name)): p for name, p in evidence.comparisons["p"].items()}
    place: dict[str, tuple[str, str]] = {}
    for claim in claims:
        if not isinstance(claim, GroupHigher):
            continue
        first, second = evidence.sides(claim)
        if first.empty or second.empty or evidence.points.nunique() < 2:
            continue
        test = mann_whitney(first.to_numpy(), second.to_numpy(), evidence.level)
        tests[claim.id] = test
        shared = evidence.is_factor_test(claim)
        place[claim.id] = ("factor", claim.factor) if shared else ("claim", claim.id)
        family.setdefault(place[claim.id], test.p)
    adjusted = dict(zip(family, holm(list(family.values())), strict=True))
    return {name: (test, float(adjusted[place[name]])) for name, test in tests.items()}


def _judge(
    claim: AnyClaim, evidence: _Evidence, tests: Mapping[str, tuple[GroupTest, float]]
) -> _Judgement:
    match claim:
        case GroupsDiffer():
            return _judge_difference(claim, evidence)
        case GroupHigher():
            return _judge_higher(claim, evidence, tests.get(claim.id))
        case Count():
            return _judge_count(claim, evidence)
        case AllIn():
            return _judge_all_in(claim, evidence)


def _judge_difference(claim: GroupsDiffer, evidence: _Evidence) -> _Judgement:
    if claim.factor not in evidence.comparisons.index:
        return "not-testable", {}
    row = evidence.comparisons.loc[claim.factor].to_dict()
    keys = (
        "test", "statistic", "p", "p_adjusted", "effect_name", "effect", "low", "high", "n",
        "groups", "verdict",
    )  # fmt: skip
    return BY_DIFFERENCE[row["verdict"]], {key: row[key] for key in keys}


def _judge_higher(
    claim: GroupHigher, evidence: _Evidence, tested: tuple[GroupTest, float] | None
) -> _Judgement:
    first, second = evidence.sides(claim)
    figures: dict[str, Any] = {
        "group": claim.group, "reference": claim.reference, "n": len(first),
        "n_reference": len(second), "mean_position": first.mean(),
        "mean_position_reference": second.mean(),
    }  # fmt: skip
    if tested is None:
        return "not-testable", figures
    test, p_adjusted = tested
    word = verdict(p_adjusted, test.effect, evidence.level)
    figures |= {
        "test": test.test, "statistic": test.statistic, "p": test.p, "p_adjusted": p_adjusted,
        "effect_name": test.effect.name, "effect": test.effect.value, "low": test.effect.low,
        "high": test.effect.high, "verdict": word,
    }  # fmt: skip
    odds = evidence.contrasts
    odds = odds[(odds["factor"] == claim.factor) & (odds["group"] == claim.group)]
    for row in odds.to_dict("records"):
        figures |= {
            "odds_ratio": row["odds_ratio"], "odds_low": row["low"], "odds_high": row["high"],
            "odds_reference": row["reference"],
        }  # fmt: skip
    return (BY_DIFFERENCE[word] if test.effect.value > 0 else "unsupported"), figures


def _judge_count(claim: Count, evidence: _Evidence) -> _Judgement:
    grade = evidence.grade[evidence.members(claim.column, claim.value)]
    reached = [grade.isin(part.grades) for part in claim.counts]
    figures: dict[str, Any] = {
        "n": len(grade),
        "out_of": claim.out_of,
        "counts": [
            {
                "grades": list(part.grades), "expected": part.expected,
                "found": int(there.sum()), "share": there.mean(),
            }
            for part, there in zip(claim.counts, reached, strict=True)
        ],
    }  # fmt: skip
    if grade.empty:
        return "not-testable", figures
    right = [part["found"] == part["expected"] for part in figures["counts"]]
    if claim.out_of is not None:
        right.append(len(grade) == claim.out_of)
    return _all_or_some(right), figures


def _judge_all_in(claim: AllIn, evidence: _Evidence) -> _Judgement:
    named = list(dict.fromkeys(claim.units))
    graded = [unit for unit in named if unit in evidence.grade.index]
    reached = evidence.grade.isin(claim.grades)
    member = evidence.members(claim.column, claim.value)
    figures: dict[str, Any] = {
        "named": len(named),
        "found": int(reached[graded].sum()),
        "outside": [unit for unit in graded if not reached[unit]],
        "elsewhere": [unit for unit in graded if not member[unit]],
        "ungraded": [unit for unit in named if unit not in graded],
    }
    if claim.column is not None:
        figures |= {
            "group_n": int(member.sum()), "group_found": int((member & reached).sum()),
            "group_share": reached[member].mean(), "rest_share": reached[~member].mean(),
        }  # fmt: skip
    if figures["ungraded"]:
        return "not-testable", figures
    return _all_or_some([bool(reached[unit] and member[unit]) for unit in named]), figures


def _all_or_some(right: Sequence[bool]) -> ClaimVerdict:
    if all(right):
        return "supported"
    return "partly" if any(right) else "unsupported"


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: NaN and infinity as null."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
