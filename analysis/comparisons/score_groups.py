"""Scores of groups of units: which factors matter, and which groups stand apart."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.choice import why_means
from analysis.comparisons.effects import verdict
from analysis.comparisons.group_tests import COMPARISON_COLUMNS, GroupTest, holm
from analysis.comparisons.groups import group_sizes, in_groups, small_groups, untestable
from analysis.comparisons.means import assumptions, brown_forsythe, welch_gap, welch_t
from indicators.hierarchy import ALL, ROOT
from indicators.scores import Scores
from survey.findings import Finding, Severity

SCORE_COMPARISON_COLUMNS = (
    *COMPARISON_COLUMNS, "smallest", "spread_ratio", "spread_p", "skewness", "normality_p",
    "noise_share",
)  # fmt: skip
GROUP_CONTRAST_COLUMNS = (
    "outcome", "factor", "group", "n", "mean", "others_mean", "gap", "low", "high", "record_se",
    "effect", "p", "p_adjusted", "verdict",
)  # fmt: skip


def score_comparisons(
    scores: Scores,
    groups: pd.DataFrame,
    *,
    indicators: Sequence[str] = (ROOT,),
    audience: str = ALL,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Test the mean scores of the groups of every factor.

    Parameters
    ----------
    scores
        Scores with standard errors.
    groups
        Index unit, a column a factor, as from `analysis.comparisons.groups.factor_table`.
    indicators, audience
        Whose scores.
    level
        Level of the intervals, and one minus the significance level.
    seed
        Seed of the relabellings of small groups.

    Returns
    -------
    The columns of the table ``comparisons``: a row an indicator and factor with two groups
    (`welch_t`, Hedges' g of the smaller group against the larger) or more (`brown_forsythe`, omega
    squared), p_adjusted by Holm over all rows; then smallest (units in the smallest group), the
    `Assumptions` as checked, and noise_share: how much of the variance within groups is the
    sampling error of records. The tests take the scatter of units as it is, sampling error
    included. Units without a score are left out; groups of one unit, too, with a finding.
    """
    rows: list[dict[str, object]] = []
    tests: list[GroupTest] = []
    findings: list[Finding] = []
    for indicator, factor, data in _each(scores, groups, indicators, audience, findings):
        sizes = group_sizes(data["group"])
        codes = pd.Index(sizes.index).get_indexer(pd.Index(data["group"]))
        values = data["outcome"].to_numpy()
        if len(sizes) == 2:
            test = welch_t(values[codes == 0], values[codes == 1], level=level, seed=seed)
        else:
            test = brown_forsythe(values, codes, level=level, seed=seed)
        findings += small_groups(sizes, factor)
        found = assumptions(values, codes)
        zh, en = why_means(sizes, test, found)
        within = data["outcome"] - data.groupby("group")["outcome"].transform("mean")
        variance = float((within**2).sum()) / (len(data) - len(sizes))
        tests.append(test)
        rows.append(
            {
                "outcome": indicator, "factor": factor, "test": test.test,
                "statistic": test.statistic, "p": test.p, "effect_name": test.effect.name,
                "effect": test.effect.value, "low": test.effect.low, "high": test.effect.high,
                "n": len(data), "groups": len(sizes), "choice": zh, "choice_en": en,
                "smallest": int(sizes.iloc[0]), "spread_ratio": found.spread_ratio,
                "spread_p": found.spread_p, "skewness": found.skewness,
                "normality_p": found.normality_p,
                "noise_share": (data["se"] ** 2).mean() / variance if variance > 0 else np.nan,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(SCORE_COMPARISON_COLUMNS))
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    table["verdict"] = [
        verdict(p, test.effect, level) for p, test in zip(table["p_adjusted"], tests, strict=True)
    ]
    return table, tuple(dict.fromkeys(findings))


def group_contrasts(
    scores: Scores,
    groups: pd.DataFrame,
    *,
    indicators: Sequence[str] = (ROOT,),
    audience: str = ALL,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Hold the mean score of every group against that of all other units.

    Parameters
    ----------
    scores, groups, indicators, audience, level, seed
        As for `score_comparisons`.

    Returns
    -------
    A row a group (of two groups, the smaller only), the highest first within an indicator and
    factor: n (units), mean, others_mean, gap in points with an interval that holds for all groups
    of the factor at once (Bonferroni) and is cut to the scale, record_se (standard error of the gap
    from the sampling of records alone, the units being all there are), effect (Hedges' g), p by
    `welch_t`, p_adjusted by Holm within the indicator and factor, and verdict.
    """
    parts: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for indicator, factor, data in _each(scores, groups, indicators, audience, findings):
        sizes = group_sizes(data["group"])
        names = sizes.index[:1] if len(sizes) == 2 else sizes.index
        each = 1 - (1 - level) / len(names)
        rows = [_contrast(data, str(name), each, seed, scores.hierarchy.best) for name in names]
        part = pd.DataFrame([row for row, _ in rows])
        part["p_adjusted"] = holm(part["p"].to_numpy(dtype=float))
        part["verdict"] = [
            verdict(p, test.effect, level)
            for p, (_, test) in zip(part["p_adjusted"], rows, strict=True)
        ]
        part = part.assign(outcome=indicator, factor=factor)
        parts.append(part.sort_values(["gap", "group"], ascending=[False, True]))
    if not parts:
        return pd.DataFrame(columns=list(GROUP_CONTRAST_COLUMNS)), tuple(findings)
    table = pd.concat(parts, ignore_index=True)[list(GROUP_CONTRAST_COLUMNS)]
    return table, tuple(dict.fromkeys(findings))


def _contrast(
    data: pd.DataFrame, name: str, level: float, seed: int, best: float
) -> tuple[dict[str, object], GroupTest]:
    own = (data["group"] == name).to_numpy()
    values, squares = data["outcome"].to_numpy(), data["se"].to_numpy() ** 2
    test = welch_t(values[own], values[~own], level=level, seed=seed)
    gap, error, freedom = welch_gap(values[own], values[~own])
    reach = float(stats.t.ppf(0.5 + level / 2, freedom)) * error if error > 0 else np.nan
    record_variance = sum(squares[of].sum() / of.sum() ** 2 for of in (own, ~own))
    row = {
        "group": name, "n": int(own.sum()), "mean": values[own].mean(),
        "others_mean": values[~own].mean(), "gap": gap,
        "low": max(gap - reach, -best), "high": min(gap + reach, best),
        "record_se": np.sqrt(record_variance), "effect": test.effect.value, "p": test.p,
    }  # fmt: skip
    return row, test


def _each(
    scores: Scores,
    groups: pd.DataFrame,
    indicators: Sequence[str],
    audience: str,
    findings: list[Finding],
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield indicator, factor and the units to be compared; say in `findings` what is not.

    The units are sorted, so that no result hangs on the order of rows; columns outcome, group, se.
    """
    at = scores.audience_index(audience)
    for indicator in indicators:
        outcome = scores.of(indicator, audience).dropna().sort_index()
        error = pd.Series(
            scores.se[:, at, scores.hierarchy.index(indicator)], index=list(scores.units)
        )
        for factor in map(str, groups.columns):
            data, left_out = in_groups(outcome, groups[factor])
            findings += left_out
            data["se"] = error.reindex(data.index)
            alone = ~data["group"].duplicated(keep=False)
            if alone.any():
                findings.append(_single_units(data.loc[alone, "group"], factor))
                data = data[~alone]
            if reason := untestable(data, factor):
                findings.append(reason)
                continue
            yield indicator, factor, data


def _single_units(group: pd.Series, factor: str) -> Finding:
    return Finding(
        "single-unit-group",
        Severity.NOTE,
        column=factor,
        expected="two units or more in a group",
        got="、".join(sorted(group.astype(str))),
        hint="a mean of one unit has no spread to test by; these groups are left out",
        count=len(group),
    )
