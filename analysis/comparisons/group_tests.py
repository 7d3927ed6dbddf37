"""Comparisons of grades or scores between groups of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from analysis.comparisons.choice import why_ranks
from analysis.comparisons.effects import (
    Effect,
    OddsRatios,
    cliffs_delta,
    epsilon_squared,
    odds_ratios,
    verdict,
)
from analysis.comparisons.groups import (
    group_sizes,
    in_groups,
    small_groups,
    untestable,
    with_outcome,
)
from survey.findings import Finding, Severity

COMPARISON_COLUMNS = (
    "outcome", "factor", "test", "statistic", "p", "p_adjusted", "effect_name", "effect", "low",
    "high", "n", "groups", "verdict", "choice", "choice_en",
)  # fmt: skip
CONTRAST_COLUMNS = (
    "factor", "group", "reference", "n", "odds_ratio", "low", "high", "p", "p_adjusted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupTest:
    """One test of a difference between groups.

    Parameters
    ----------
    test
        ``"mann-whitney"`` or ``"kruskal-wallis"``.
    statistic, p
        U of the first group or H, and the two-sided p value.
    effect
        Effect size with its interval.
    exact
        Whether p is exact rather than asymptotic.
    """

    test: str
    statistic: float
    p: float
    effect: Effect
    exact: bool = False


def mann_whitney(first: np.ndarray, second: np.ndarray, level: float = 0.95) -> GroupTest:
    """Test two groups: exact without ties where one has at most 8 units, else tie corrected.

    Parameters
    ----------
    first, second
        Outcomes without NaN.
    level
        Level of the effect's interval.
    """
    tied = len(np.unique(np.concatenate([first, second]))) < len(first) + len(second)
    exact = not tied and min(len(first), len(second)) <= 8
    found = scipy.stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic")
    effect = cliffs_delta(first, second, level)
    return GroupTest("mann-whitney", float(found.statistic), float(found.pvalue), effect, exact)


def kruskal_wallis(
    outcome: np.ndarray, codes: np.ndarray, *, level: float = 0.95, seed: int
) -> GroupTest:
    """Test three or more groups; H is corrected for ties, p from chi squared.

    Parameters
    ----------
    outcome, codes
        Outcome and group (0 .. k - 1) of each unit, shape (n,).
    level, seed
        Of the effect's bootstrap interval.
    """
    found = scipy.stats.kruskal(*(outcome[codes == code] for code in range(codes.max() + 1)))
    effect = epsilon_squared(outcome, codes, level=level, seed=seed)
    return GroupTest("kruskal-wallis", float(found.statistic), float(found.pvalue), effect)


def holm(p: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return adjusted p values (Holm 1979, Scand. J. Stat. 6:65-70); a NaN stays out of the family.

    statsmodels' ``multipletests`` does the same, but runs the garbage collector at every call.
    """
    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    order = np.argsort(values)[: int((~np.isnan(values)).sum())]
    steps = values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def compare_groups(
    outcome: pd.Series,
    groups: pd.DataFrame,
    *,
    outcome_name: str,
    level: float = 0.95,
    seed: int,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Test every factor once, and correct for having tested them all.

    Parameters
    ----------
    outcome
        Grade points or scores, index unit, higher is better.
    groups
        Index unit, a column a factor, as from `factor_table`.
    outcome_name
        What stands in the column ``outcome``.
    level
        Level of the intervals, and one minus the significance level.
    seed
        Seed of the bootstrap intervals.

    Returns
    -------
    The table ``comparisons``: a row a factor with two groups (Mann-Whitney, Cliff's delta of the
    smaller group against the larger) or more (Kruskal-Wallis, epsilon squared); p_adjusted by
    Holm over the factors; ``groups`` is their number, ``choice`` and ``choice_en`` say why this
    test.
    A factor that cannot be tested has no row but a finding; so have units left out.
    """
    rows: list[dict[str, object]] = []
    tests: list[GroupTest] = []
    outcome, missing = with_outcome(outcome, groups)
    findings = list(missing)
    for factor in groups.columns:
        data, left_out = in_groups(outcome, groups[factor])
        findings += left_out
        if reason := untestable(data, str(factor)):
            findings.append(reason)
            continue
        sizes = group_sizes(data["group"])
        names = sizes.index.tolist()
        codes = pd.Index(names).get_indexer(pd.Index(data["group"]))
        values = data["outcome"].to_numpy()
        if len(names) == 2:
            test = mann_whitney(values[codes == 0], values[codes == 1], level)
        else:
            test = kruskal_wallis(values, codes, level=level, seed=seed)
        findings += small_groups(sizes, str(factor))
        tests.append(test)
        rows.append(
            {
                "outcome": outcome_name, "factor": factor, "test": test.test,
                "statistic": test.statistic, "p": test.p, "effect_name": test.effect.name,
                "effect": test.effect.value, "low": test.effect.low, "high": test.effect.high,
                "n": len(data), "groups": len(names),
                **dict(zip(("choice", "choice_en"), why_ranks(values, sizes, test), strict=True)),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    table["verdict"] = [
        verdict(p, test.effect, level) for p, test in zip(table["p_adjusted"], tests, strict=True)
    ]
    return table, tuple(findings)


def ordinal_contrasts(
    outcome: pd.Series,
    groups: pd.DataFrame,
    *,
    references: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Hold every group of every factor against a reference, by proportional-odds models.

    Parameters
    ----------
    outcome, groups
        As for `compare_groups`; each factor has a model of its own.
    references
        Reference group by factor; the largest group (the first by name among equals) otherwise.
    level
        Level of the Wald intervals, and one minus the level of the check of proportional odds.

    Returns
    -------
    The table ``contrasts``: odds of a better outcome against the reference; p_adjusted by Holm
    within the factor. NaN, and a finding, where a class parts a group wholly from the reference
    (``separation``) or the fit failed (``no-convergence``). A finding says where the odds are not
    proportional, or where that could not be checked.

    Raises
    ------
    ValueError
        Where a given reference is not a group of its factor.
    """
    parts: list[pd.DataFrame] = []
    outcome, missing = with_outcome(outcome, groups)
    findings = list(missing)
    for factor in map(str, groups.columns):
        data, left_out = in_groups(outcome, groups[factor])
        findings += left_out
        if reason := untestable(data, factor):
            findings.append(reason)
            continue
        sizes = data["group"].value_counts().sort_index()
        reference = (references or {}).get(factor, str(sizes.idxmax()))
        if reference not in sizes.index:
            raise ValueError(f"{reference!r} is not a group of {factor}: {sizes.index.tolist()}")
        labels = data["group"].to_numpy(dtype=str)
        found = odds_ratios(data["outcome"].to_numpy(), labels, reference, level)
        findings += _model_findings(factor, reference, found, level)
        part = found.table.reset_index().assign(factor=factor, reference=reference)
        part["n"] = sizes.reindex(part["group"]).to_numpy()
        part["p_adjusted"] = holm(part["p"].to_numpy(dtype=float))
        parts.append(part[list(CONTRAST_COLUMNS)])
    if not parts:
        return pd.DataFrame(columns=list(CONTRAST_COLUMNS)), tuple(findings)
    return pd.concat(parts, ignore_index=True), tuple(findings)


def _model_findings(factor: str, reference: str, found: OddsRatios, level: float) -> list[Finding]:
    findings = []
    if found.separated:
        got = "、".join(found.separated)
        expected = f"groups whose grades overlap with those of the reference {reference}"
        hint = "such a group has no finite odds ratio; the others are compared without it"
        findings.append(("separation", Severity.WARNING, expected, got, hint, len(found.separated)))
    if not found.converged:
        hint = "no odds ratios are given; merge small groups"
        findings.append(("no-convergence", Severity.WARNING, "a fit", "none", hint, 1))
    elif found.parallel_p < 1 - level:
        hint = "an odds ratio is an average over the classes; see the grades of each group"
        got = f"p = {found.parallel_p:.4f}"
        findings.append(("odds-not-proportional", Severity.NOTE, "proportional odds", got, hint, 1))
    elif np.isnan(found.parallel_p):
        hint = "too few units a group, or too few classes, to check it"
        findings.append(("odds-not-checked", Severity.NOTE, "proportional odds", "-", hint, 1))
    return [
        Finding(check, severity, "", None, factor, expected, got, hint, count)
        for check, severity, expected, got, hint, count in findings
    ]
