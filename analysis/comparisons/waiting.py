"""How long callers wait for an answer, calls that ended without one being censored.

A call that was dropped, rang out or stayed with the voice menu tells that no answer came until
then. The curve says how long the wait would be if such calls had gone on like the others. That is
the assumption, and it flatters: calls that end early are likely those that would have waited
longest. So each share answered in time stands beside the share of all calls, busy ones too, that
were in fact answered in time, which counts every other call as never answered. The truth lies
between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.group_tests import holm
from analysis.comparisons.record_factors import (
    distinct_records,
    dummies,
    estimable,
    hotelling_p,
    places,
    with_factors,
)
from analysis.comparisons.survival import (
    Curve,
    Hazards,
    hazards,
    log_rank,
    proportionality,
    survival_curve,
)
from survey.findings import Finding, Severity

FACTORS = ("slot", "channel", "audience", "scenario")
"""What waits are told by, where calls differ in it."""

EVERY = "all"
"""The factor, and the value, of all calls together."""

WITHIN = (15, 30, 60)
"""Seconds within which the share answered is told."""

CURVE_COLUMNS = ("factor", "value", "time", "survival", "low", "high", "at_risk")
TEST_COLUMNS = (
    "factor", "n", "answered", "log_rank", "df", "log_rank_p", "p", "p_adjusted", "hazards_chi2",
    "hazards_p",
)  # fmt: skip
HAZARD_COLUMNS = (
    "factor", "value", "reference", "n", "answered", "hazard_ratio", "low", "high", "p",
    "p_adjusted",
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """What the waits say.

    Parameters
    ----------
    curves
        The table ``waiting_curves``: a row a value of a factor (`EVERY` for all calls) and event
        time, and one at time 0: survival (the share still waiting), its pointwise interval,
        at_risk.
    summary
        The table ``waiting_summary``: a row a value of a factor: n (calls that waited), answered,
        unanswered, busy (beside n); median wait with interval, in seconds; for each of `WITHIN`
        the share within_15 (low, high) by the curve and observed_15, the share of all calls, busy
        ones too, answered in time.
    tests
        The table ``waiting_tests``: a row a factor: log_rank (chi squared, stratified by audience)
        with df and log_rank_p, which takes calls as independent; p of the joint test (Hotelling)
        in the clustered Cox model, p_adjusted by Holm over the factors; hazards_chi2 and hazards_p
        of the check of proportional hazards.
    hazards
        The table ``waiting_hazards``: a row a value of a factor, but the reference: hazard_ratio
        (above 1: answered sooner) with interval and p, p_adjusted by Holm within the factor.
    zh, en
        What was done and assumed, in words.
    """

    curves: pd.DataFrame
    summary: pd.DataFrame
    tests: pd.DataFrame
    hazards: pd.DataFrame
    zh: str
    en: str


def waiting(
    calls: pd.DataFrame,
    order: Mapping[str, Sequence[str]] | None = None,
    *,
    factors: Sequence[str] = FACTORS,
    level: float = 0.95,
) -> tuple[Waiting, tuple[Finding, ...]]:
    """Estimate waiting times, and compare them.

    Parameters
    ----------
    calls
        Valid calls with columns unit, outcome, wait_seconds and the factors that there are. Of
        several codings of a recording the first counts.
    order
        Values of a factor in order, the first being the reference; those not named follow, sorted.
    factors
        Columns to compare by.
    level
        Level of the intervals.

    Returns
    -------
    `Waiting`, and findings: busy calls, which never waited, and calls without a wait are left out
    and counted; so are factors and values that cannot be compared. Intervals and Cox's tests know
    that calls of a unit are alike. One Cox model holds all factors; without it (fewer units than
    coefficients, or no convergence) there are no hazards, with a warning.
    """
    told, findings = distinct_records(calls)
    told, known, more = with_factors(told, factors, order or {})
    told = told.assign(
        seconds=told["wait_seconds"].astype(float),
        hit=told["outcome"] == "answered",
        busy=told["outcome"] == "busy",
    ).sort_values(["unit", *known, "wait_seconds", "outcome"], kind="stable")
    blank = told["seconds"].isna() & ~told["busy"]
    findings += (*more, *_left_out(told, blank))
    told = told[~blank]
    if told["busy"].all():
        return _nothing(), (*findings, _no_model(0, 0))
    curves, summary = _described(told, known, level)
    waited = told[~told["busy"]]
    kept, values, limits = estimable(waited, known, "hit", both=False)
    model, more = _model(kept, values)
    findings += (*limits, *more)
    zh, en = _words(told)
    return Waiting(
        curves, summary, _tests(kept, values, model), _ratios(kept, values, model, level), zh, en
    ), findings


def _left_out(told: pd.DataFrame, blank: pd.Series) -> list[Finding]:
    found = []
    for check, count, got, hint in (
        ("busy-never-waited", int(told["busy"].sum()), "busy calls", "not part of waiting times"),
        ("wait-blank", int(blank.sum()), "no wait", "left out of waiting times"),
    ):
        if count:
            note = "", None, "wait_seconds", "a wait", got, hint, count
            found.append(Finding(check, Severity.NOTE, *note))
    return found


def _described(
    told: pd.DataFrame, known: Sequence[str], level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    curves, rows = [], []
    parts = [(EVERY, EVERY, told)]
    for factor in known:
        groups = told.groupby(factor, observed=True)
        parts += [(factor, str(value), part) for value, part in groups]
    for factor, value, part in parts:
        waited = part[~part["busy"]]
        row: dict[str, object] = {
            "factor": factor, "value": value, "n": len(waited),
            "answered": int(waited["hit"].sum()), "unanswered": int((~waited["hit"]).sum()),
            "busy": int(part["busy"].sum()),
        }  # fmt: skip
        if len(waited):
            curve = survival_curve(
                waited["seconds"].to_numpy(), waited["hit"].to_numpy(),
                pd.factorize(waited["unit"])[0], level,
            )  # fmt: skip
            curves.append(_drawn(curve, len(waited)).assign(factor=factor, value=value))
            row |= _figures(curve, part)
        rows.append(row)
    table = pd.concat(curves, ignore_index=True)[list(CURVE_COLUMNS)]
    return table, pd.DataFrame(rows)


def _drawn(curve: Curve, n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "time": [0.0, *curve.time], "survival": [1.0, *curve.survival],
            "low": [1.0, *curve.low], "high": [1.0, *curve.high],
            "at_risk": [n, *curve.at_risk.astype(int)],
        }
    )  # fmt: skip


def _figures(curve: Curve, part: pd.DataFrame) -> dict[str, float]:
    median, low, high = curve.median()
    found = {"median": median, "median_low": low, "median_high": high}
    for seconds in WITHIN:
        still, low, high = curve.at(seconds)
        found |= {
            f"within_{seconds}": 1 - still,
            f"within_{seconds}_low": 1 - high,
            f"within_{seconds}_high": 1 - low,
            f"observed_{seconds}": float((part["hit"] & (part["seconds"] <= seconds)).mean()),
        }
    return found


def _model(
    kept: pd.DataFrame, values: Mapping[str, Sequence[str]]
) -> tuple[Hazards | None, tuple[Finding, ...]]:
    if not values:
        return None, ()
    exog, units = dummies(kept, values), kept["unit"].nunique()
    found = None
    if units > exog.shape[1] + 1:
        found = hazards(
            kept["seconds"].to_numpy(), kept["hit"].to_numpy(), exog, pd.factorize(kept["unit"])[0]
        )
    return found, () if found else (_no_model(len(kept), units),)


def _freedom(kept: pd.DataFrame) -> int:
    return kept["unit"].nunique() - 1


def _tests(
    kept: pd.DataFrame, values: Mapping[str, Sequence[str]], model: Hazards | None
) -> pd.DataFrame:
    time, event = kept["seconds"].to_numpy(), kept["hit"].to_numpy()
    terms = places(values)
    checked = [(np.nan, np.nan)] * len(terms)
    if model:
        exog = dummies(kept, values)
        checked = proportionality(time, event, exog, model.beta, list(terms.values()))
    rows = []
    for (factor, at), (chi, chi_p) in zip(terms.items(), checked, strict=True):
        strata = None
        if factor != "audience" and "audience" in kept:
            strata = kept["audience"].astype(str).to_numpy()
        statistic, log_rank_p = log_rank(time, event, kept[factor].astype(str).to_numpy(), strata)
        p = np.nan
        if model:
            p = hotelling_p(model.beta[at], model.covariance[at, at], _freedom(kept))
        rows.append(
            {
                "factor": factor, "n": len(kept), "answered": int(event.sum()),
                "log_rank": statistic, "df": at.stop - at.start, "log_rank_p": log_rank_p,
                "p": p, "hazards_chi2": chi, "hazards_p": chi_p,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(TEST_COLUMNS))
    table["p_adjusted"] = holm(table["p"].to_numpy(dtype=float))
    return table


def _ratios(
    kept: pd.DataFrame,
    values: Mapping[str, Sequence[str]],
    model: Hazards | None,
    level: float,
) -> pd.DataFrame:
    if model is None:
        return pd.DataFrame(columns=list(HAZARD_COLUMNS))
    freedom = _freedom(kept)
    t = float(stats.t.ppf(0.5 + level / 2, freedom))
    error = np.sqrt(np.diag(model.covariance))
    parts = []
    for factor, at in places(values).items():
        own = list(values[factor][1:])
        counts = kept.groupby(factor, observed=True)["hit"].agg(["size", "sum"]).loc[own]
        p = 2 * stats.t.sf(np.abs(model.beta[at] / error[at]), freedom)
        parts.append(
            pd.DataFrame(
                {
                    "factor": factor, "value": own, "reference": values[factor][0],
                    "n": counts["size"].to_numpy(), "answered": counts["sum"].to_numpy(),
                    "hazard_ratio": np.exp(model.beta[at]),
                    "low": np.exp(model.beta[at] - t * error[at]),
                    "high": np.exp(model.beta[at] + t * error[at]), "p": p, "p_adjusted": holm(p),
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)[list(HAZARD_COLUMNS)]


def _no_model(n: int, units: int) -> Finding:
    return Finding(
        "no-waiting-model",
        Severity.WARNING,
        column="wait_seconds",
        expected="answered calls of more units than coefficients",
        got=f"{n} calls of {units} units",
        hint="waits are described, without hazard ratios",
        count=n,
    )


def _nothing() -> Waiting:
    curves, summary, tests, ratios = (
        pd.DataFrame(columns=list(columns))
        for columns in (CURVE_COLUMNS, ("factor", "value", "n"), TEST_COLUMNS, HAZARD_COLUMNS)
    )
    zh, en = "没有可供分析的等候时长。", "There are no waits to analyse."
    return Waiting(curves, summary, tests, ratios, zh, en)


def _words(told: pd.DataFrame) -> tuple[str, str]:
    waited = told[~told["busy"]]
    n, answered, busy = len(waited), int(waited["hit"].sum()), int(told["busy"].sum())
    zh = (
        f"{n}次拨测进入等候，其中{answered}次接通；未接通的（掉线、无人接听、仅语音）只知道到挂断时仍未接通，"
        f"按删失处理。另有{busy}次占线，从未进入等候，不计入。生存曲线假定中途结束的通话若继续等候，"
        "其接通快慢与其余通话相同；实际上等得久的往往先断，故曲线偏乐观。"
        "同时列出全部拨测（含占线）中按时接通的实际比例，真实水平介于两者之间。"
    )
    en = (
        f"{n} calls waited, {answered} of them to an answer; of the others (dropped, not answered, "
        "left with the voice menu) it is known only that no answer had come when they ended, so "
        f"they are censored. {busy} busy calls never waited and are left out. The curve supposes "
        "that calls which ended early would have been answered like the rest had they gone on; "
        "long waits end early more often, so it flatters. The share of all calls, busy ones too, "
        "that were answered in time stands beside it, and the truth lies between."
    )
    return zh, en
