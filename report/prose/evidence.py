"""Problems, ranked by the evidence for each.

The rule: problems judged clear come before those judged slight, and what could not be judged for
want of intervals comes last, the largest gap first. Otherwise the strength of the evidence decides, which is the
distance from no difference in half-widths of the interval (on the log scale for odds ratios), so
that an interval ending at no difference has strength 1. Then comes the share that the indicator
has in what is explained of the outcome of the drivers. What shows no detectable difference is no
problem that was found, and is left out; so is what has an interval that holds no difference, as
one that is made to hold for many groups at once may in spite of its test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.effects import Effect, verdict
from analysis.trends.judging import adjusted
from report.labels import MEMBERS, factor_label, group_label
from report.prose.terms import call_factor, call_value, capital, indicator, span
from report.prose.verdicts import ORDER, UNJUDGED, odds_verdict
from report.prose.wording import each, score
from report.results import Results


@dataclass(frozen=True, slots=True)
class Problem:
    """A shortcoming that the results show.

    Parameters
    ----------
    kind
        ``indicator``, ``audience``, ``connection`` or ``group``.
    subject
        What it is about: id of an indicator, a value of a factor of calls, a group.
    text, figures
        What it is and by how much, in the language of the results, not escaped.
    verdict
        ``clear``, ``slight``, or `UNJUDGED`.
    gap
        How large it is in points, NaN where it is told by an odds ratio.
    strength
        Distance from no difference in half-widths of the interval; NaN without one.
    importance
        Share of the indicator in the drivers, 0 where it has none.
    where
        The section that tells of it.
    """

    kind: str
    subject: str
    text: str
    figures: str
    verdict: str
    gap: float
    strength: float
    importance: float
    where: str


def ranked(results: Results) -> list[Problem]:
    """Return the problems that the results show, in the order of the module's rule."""
    found = [
        problem
        for source in (_indicators, _audiences, _connection, _groups, _odds)
        for problem in source(results)
        if problem.verdict != "none" and not problem.strength < 1
    ]
    return sorted(found, key=order)


def order(problem: Problem) -> tuple[int, float, float]:
    """Return what problems are sorted by."""
    told = problem.gap if problem.verdict == UNJUDGED else problem.strength
    return ORDER.index(problem.verdict), 0.0 if np.isnan(told) else -told, -problem.importance


def importance(results: Results) -> dict[str, float]:
    """Return the share of each indicator in what is explained of the outcome of the drivers."""
    if "drivers" not in results:
        return {}
    rows = results["drivers"].query("audience == 'all'")
    return dict(zip(rows["indicator"], rows["share"], strict=True))


def measured_level(results: Results) -> pd.DataFrame:
    """Return the core indicators of level 2 that have a mean, or of level 1 where none has."""
    if "means" not in results:
        return pd.DataFrame(columns=["indicator"])
    tree = results["indicators"]
    top = tree.query("level == 1 and role == 'core'")["indicator"]
    means = results["means"].query("audience == 'all'")[["indicator", "mean", "low", "high"]]
    below = tree[tree["parent"].isin(top)][["indicator"]].merge(means, on="indicator")
    return below if len(below) else tree[tree["indicator"].isin(top)][["indicator"]].merge(means)


def below_average(results: Results) -> pd.DataFrame:
    """Judge each indicator's national mean against the mean of all indicators of its level.

    Returns
    -------
    Columns indicator, mean, gap, low, high, verdict, for those below, the lowest first.

    Notes
    -----
    The errors of the means are taken as independent; as they are alike in sign, that makes the
    interval of the gap wider, not narrower. P values are Holm's over the indicators. The size of
    the gap is told in standard deviations between units, as for gaps between audiences.
    """
    table = measured_level(results)
    if table.empty:
        return table.assign(gap=[], verdict=[])
    reach = ((table["high"] - table["low"]) / 2).to_numpy(dtype=float)
    share = 1 / len(table)
    gap = (table["mean"] - table["mean"].mean()).to_numpy(dtype=float)
    # The mean of all holds the indicator itself, with the weight `share`.
    half = np.sqrt((1 - 2 * share) * reach**2 + share**2 * (reach**2).sum())
    level = results.meta["level"]
    with np.errstate(divide="ignore", invalid="ignore"):
        z = gap / (half / stats.norm.ppf((1 + level) / 2))
    p = adjusted(2 * stats.norm.sf(np.abs(z))[:, None], "holm")[:, 0]
    spread = _spread(results, table["indicator"])
    judged = [
        UNJUDGED
        if np.isnan(at)
        else verdict(at, Effect("hedges_g", size, np.nan, np.nan, size), level)
        for at, size in zip(p, gap / spread, strict=True)
    ]
    table = table.assign(gap=gap, low=gap - half, high=gap + half, verdict=judged)
    return table[gap < 0].sort_values("mean", kind="stable", ignore_index=True)


def _spread(results: Results, names: pd.Series) -> np.ndarray:
    if "scores" not in results:
        return np.full(len(names), np.nan)
    scores = results["scores"].query("audience == 'all'")
    return scores.groupby("indicator")["score"].std().reindex(names).to_numpy(dtype=float)


def _indicators(results: Results) -> Iterator[Problem]:
    shares = importance(results)
    for row in each(below_average(results)):
        name = indicator(results, row.indicator)
        yield Problem(
            "indicator", row.indicator,
            results.say(f"{name}的全国均值偏低", f"{name}: low national mean"),
            results.say(f"均值{score(row.mean)}分，比同级指标的平均低{score(-row.gap)}分",
                        f"mean {score(row.mean)}, {score(-row.gap)} below the average of its level")
            + _bracketed(results, -row.high, -row.low),
            row.verdict, abs(row.gap), strength(row.gap, row.low, row.high), shares.get(row.indicator, 0.0),
            "sec-indicators",
        )  # fmt: skip


def _audiences(results: Results) -> Iterator[Problem]:
    shares, gaps = importance(results), _gaps(results)
    for row in each(gaps[gaps["indicator"].isin(measured_level(results)["indicator"])]):
        pair = [call_value(results, "audience", who) for who in (row.first, row.second)]
        better, worse = pair if row.gap > 0 else pair[::-1]
        low, high = sorted([row.low, row.high], key=abs) if pd.notna(row.low) else (np.nan, np.nan)
        name = indicator(results, row.indicator)
        yield Problem(
            "audience", row.indicator,
            results.say(f"{name}：{worse}得分低于{better}", f"{name}: lower for {worse} than for {better}"),
            results.say(f"相差{score(abs(row.gap))}分", f"{score(abs(row.gap))} points apart")
            + _bracketed(results, low * np.sign(row.gap), high * np.sign(row.gap)),
            row.verdict, abs(row.gap), strength(row.gap, row.low, row.high), shares.get(row.indicator, 0.0),
            "sec-indicators",
        )  # fmt: skip


def _gaps(results: Results) -> pd.DataFrame:
    """Return the gaps between audiences, plain ones of printed means where none were judged."""
    if "audience_gaps" in results:
        return results["audience_gaps"]
    if "means" not in results:
        return pd.DataFrame(columns=["indicator"])
    wide = results["means"].pivot(index="indicator", columns="audience", values="mean")
    if not {"citizen", "enterprise"} <= {*wide}:
        return pd.DataFrame(columns=["indicator"])
    gap = (wide["citizen"] - wide["enterprise"]).dropna()
    gap = gap[gap != 0].rename("gap").reset_index()
    return gap.assign(
        first="citizen", second="enterprise", low=np.nan, high=np.nan, verdict=UNJUDGED
    )


def _connection(results: Results) -> Iterator[Problem]:
    if not {"connection_effects", "connection_rates"} <= set(results.tables):
        return
    rows = results["connection_effects"].query("odds_ratio < 1").dropna(subset=["odds_ratio"])
    rates = results["connection_rates"].set_index(["factor", "value"])["adjusted"]
    for row in each(rows):
        name, than = (call_value(results, row.factor, v) for v in (row.value, row.reference))
        rate, other = rates[row.factor, row.value], rates[row.factor, row.reference]
        yield Problem(
            "connection", row.value,
            results.say(f"{name}：接通率较低（按{call_factor(results, row.factor)}）",
                        f"{capital(name)}: answered less often (by {call_factor(results, row.factor)})"),
            results.say(f"接通率{rate:.1%}，{than}为{other:.1%}；优势比{row.odds_ratio:.2f}",
                        f"{rate:.1%} answered, {than} {other:.1%}; odds ratio {row.odds_ratio:.2f}")
            + _bracketed(results, row.low, row.high),
            odds_verdict(row.odds_ratio, row.p_adjusted, results.meta["level"]), np.nan,
            strength(np.log(row.odds_ratio), *np.log([row.low, row.high])), 0.0, "sec-calls",
        )  # fmt: skip


def _groups(results: Results) -> Iterator[Problem]:
    if "group_contrasts" not in results:
        return
    rows = results["group_contrasts"].query("outcome == 'total' and gap < 0")
    for row in each(rows):
        yield Problem(
            "group", row.group, _behind(results, row.factor, row.group),
            results.say(f"总分均值{score(row.mean)}分，比其余城市低{score(-row.gap)}分",
                        f"mean total {score(row.mean)}, {score(-row.gap)} below the other cities")
            + _bracketed(results, -row.high, -row.low),
            row.verdict, abs(row.gap), strength(row.gap, row.low, row.high), 0.0, "sec-groups",
        )  # fmt: skip


def _odds(results: Results) -> Iterator[Problem]:
    """Where there are no scores, groups with worse odds of a higher grade."""
    if "contrasts" not in results or "group_contrasts" in results:
        return
    for row in each(results["contrasts"].query("odds_ratio < 1")):
        than, known = _group(results, row.reference), span(results, row.low, row.high)
        zh, en = (f"，区间{known}", f", interval {known}") if known else ("", "")
        yield Problem(
            "group", row.group, _behind(results, row.factor, row.group),
            results.say(f"获得较高等级的优势比为{row.odds_ratio:.2f}（以{than}为参照{zh}）",
                        f"odds ratio of a higher grade {row.odds_ratio:.2f} (against {than}{en})"),
            odds_verdict(row.odds_ratio, row.p_adjusted, results.meta["level"]), np.nan,
            strength(np.log(row.odds_ratio), *np.log([row.low, row.high])), 0.0, "sec-groups",
        )  # fmt: skip


def _group(results: Results, group: str) -> str:
    label = MEMBERS.get(group)
    return label[results.lang] if label else group_label(group, results.lang)


def _behind(results: Results, factor: str, group: str) -> str:
    name, kind = _group(results, group), factor_label(factor, results.lang)
    return results.say(f"{name}落后（按{kind}）", f"{capital(name)}: behind (by {kind.lower()})")


def _bracketed(results: Results, low: Any, high: Any) -> str:
    known = span(results, low, high)
    return results.say(f"（区间{known}）", f" (interval {known})") if known else ""


def strength(gap: float, low: float, high: float) -> float:
    """Return how far a gap lies from 0, in half-widths of its interval; NaN without one."""
    half = (high - low) / 2
    return float(abs(gap) / half) if half > 0 else float("nan")
