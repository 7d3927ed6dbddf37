"""Severity: how far each shopper judges above or below others, and drifts in time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import qr
from scipy.stats import chi2, norm

from survey.findings import Finding
from survey.shoppers.balance import FACTORS, group_table
from survey.shoppers.mixed import Fitted, RandomTerm, fit_crossed
from survey.shoppers.multiplicity import holm
from survey.shoppers.severity_findings import (
    FEWEST_CALLS,
    PERIOD,
    no_dates,
    not_estimable,
    not_separable,
    severity_findings,
    unnamed,
)

TOLERANCE = 0.05
"""Share of the scale below which severity or drift, however sure, is not worth acting on."""
SHOPPER = (
    "shopper", "group", "calls", "units", "severity", "se", "low", "high", "p", "p_adjusted",
    "drift", "drift_se", "drift_low", "drift_high", "drift_p", "drift_p_adjusted", "verdict",
    "drift_verdict",
)  # fmt: skip
COMPONENT = ("component", "variance", "sd", "share", "statistic", "p")


@dataclass(frozen=True)
class ShopperSeverity:
    """How shoppers judge.

    Parameters
    ----------
    shoppers
        One row a shopper, by name: group (see `survey.shoppers.balance.Balance`), calls, units;
        severity in points against the other shoppers of the group (negative is severe), se (of
        prediction), low, high, p, p_adjusted (Holm); drift in points for 30 days against the
        others, its se, interval and p likewise; verdict (``severe``, ``lenient``, ``in_line``,
        ``too_few`` calls, ``not_separable`` from units); drift_verdict (``drifting``, ``steady``,
        ``too_few``, ``unknown`` without dates). Figures are NaN where not separable.
    components
        One row of ``unit``, ``shopper``, ``drift``, ``residual``: variance and sd (of points; of
        points for 30 days), share of the variance of a call's points (that of the shopper is the
        intraclass correlation), and the likelihood ratio statistic and p of leaving it out.
    shift
        Points that the shopper adds to each call: severity and, where drift matters, what that
        makes at the time of the call; 0 where shoppers do not differ by more than chance, or are
        not known. Shape (calls,).
    findings
        What is to be told.
    """

    shoppers: pd.DataFrame
    components: pd.DataFrame
    shift: np.ndarray
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Calls:
    """Calls that severity is estimated from, with their shoppers in the order of `table`."""

    points: np.ndarray
    unit: RandomTerm
    shopper: RandomTerm
    fixed: np.ndarray
    drift: RandomTerm | None
    table: pd.DataFrame
    span: np.ndarray


def severity(
    calls: pd.DataFrame,
    points: np.ndarray,
    *,
    factors: Sequence[str] = FACTORS,
    level: float = 0.95,
    best: float = 10.0,
    file: str = "",
) -> ShopperSeverity:
    """Estimate how severely each shopper judges, and whether that changes over the campaign.

    Parameters
    ----------
    calls
        Columns unit and shopper and, where there are, the factors and started_at (datetime).
    points
        Points of each call as its shopper judged it, 0 to `best`; NaN where nothing was judged.
        Shape (calls,).
    factors
        Columns whose values may make calls easier or harder.
    level
        Level of intervals, and 1 less the chance of any wrong verdict over all shoppers.
    best
        Top of the scale; verdicts are given from `TOLERANCE` of it on.
    file
        For findings.

    Notes
    -----
    Points = factors + group of shoppers + common trend in time (fixed) + unit + shopper + shopper x
    days since the middle of the shopper's own calls + residual (random, independent), by REML:
    `survey.shoppers.mixed.fit_crossed`; in R, ``lmer(points ~ factors + month + (1 | unit) +
    (1 | shopper) + (0 + own_month | shopper))``. Whether a component matters is told by the
    restricted likelihood ratio with and without it, whose law on the boundary is an equal mixture
    of chi-square with 0 and 1 degrees of freedom (Self and Liang 1987, JASA 82:605-610), drift
    being tested beside severity. A shopper's own p is that of the prediction over its noise (the
    same as of the estimate before shrinking), corrected over shoppers by Holm (1979). Codings
    of one recording count as calls of their own. Shoppers linked to nobody are left out.
    """
    kept, left, findings = _usable(calls, points, file)
    shift, nothing = np.zeros(len(calls)), pd.DataFrame(columns=list(COMPONENT))
    if kept is None:
        return ShopperSeverity(left, nothing, shift, findings)
    held = _prepared(calls[kept], points[kept], factors)
    terms = (held.shopper,) if held.drift is None else (held.shopper, held.drift)
    try:
        fits = [
            fit_crossed(held.points, held.fixed, held.unit, terms[:count])
            for count in range(len(terms) + 1)
        ]
    except ValueError:
        table = _joined(_without_figures(held.table, "too_few"), left)
        return ShopperSeverity(table, nothing, shift, (*findings, not_estimable(file)))
    components = _components(held, fits)
    shift[kept] = _shift(held, fits[-1], components, level)
    table = _shopper_table(held, fits[-1], level, TOLERANCE * best)
    findings += tuple(severity_findings(table, components, level, file))
    if held.drift is None:
        findings += (no_dates(file),)
    return ShopperSeverity(_joined(table, left), components, shift, findings)


def _usable(
    calls: pd.DataFrame, points: np.ndarray, file: str
) -> tuple[np.ndarray | None, pd.DataFrame, tuple[Finding, ...]]:
    """Return which calls can be used, shoppers that cannot be told from units, and findings."""
    none = pd.DataFrame(columns=list(SHOPPER))
    named = (
        calls["shopper"].notna().to_numpy()
        if "shopper" in calls
        else np.zeros(len(calls), dtype=bool)
    )
    if not named.any():
        return None, none, (unnamed(len(calls), len(calls), file),)
    findings = [] if named.all() else [unnamed(int((~named).sum()), len(calls), file)]
    judged = named & ~np.isnan(points)
    if not judged.any():
        return None, none, (*findings, not_estimable(file))
    groups = group_table(calls[judged])
    alone = groups["group"].map(groups["group"].value_counts()) == 1
    left = _without_figures(groups[alone], "not_separable")
    if alone.any():
        findings.append(not_separable(int(alone.sum()), len(groups), file))
    if alone.all():
        return None, left, tuple(findings)
    apart = calls["shopper"].isin(groups.loc[alone, "shopper"]).to_numpy()
    return judged & ~apart, left, tuple(findings)


def _prepared(calls: pd.DataFrame, points: np.ndarray, factors: Sequence[str]) -> _Calls:
    unit, units = pd.factorize(calls["unit"], sort=True)
    shopper, names = pd.factorize(calls["shopper"], sort=True)
    table = group_table(calls)
    columns: list[np.ndarray] = [np.ones(len(calls))]
    columns += _dummies(table["group"].to_numpy()[shopper])
    for factor in factors:
        if factor in calls:
            columns += _dummies(pd.factorize(calls[factor], sort=True)[0])
    days = _days(calls)
    drift, span = None, np.full(len(names), np.nan)
    if days is not None:
        own, span = _own_time(days, shopper, len(names))
        if own.any():
            drift = RandomTerm("drift", shopper, len(names), own / PERIOD)
            columns.append((np.nan_to_num(days - np.nanmean(days))) / PERIOD)
    return _Calls(
        points=points,
        unit=RandomTerm("unit", unit, len(units)),
        shopper=RandomTerm("shopper", shopper, len(names)),
        fixed=_independent(np.column_stack(columns)),
        drift=drift,
        table=table,
        span=span / PERIOD,
    )


def _dummies(code: np.ndarray) -> list[np.ndarray]:
    """Return a column for every value but the first; a blank (-1) is a value of its own."""
    return [(code == value).astype(float) for value in np.unique(code)[1:]]


def _independent(design: np.ndarray) -> np.ndarray:
    """Drop columns that others make up."""
    products = design.T @ design
    scale = np.sqrt(np.maximum(np.diag(products), 1e-300))
    triangle, order = qr(products / np.outer(scale, scale), mode="r", pivoting=True)  # pyright: ignore[reportAssignmentType]
    kept = np.abs(np.diag(triangle)) > 1e-9
    return design[:, np.sort(order[kept])]


def _days(calls: pd.DataFrame) -> np.ndarray | None:
    """Return days since the first call, NaN where not dated; None where no call is."""
    if "started_at" not in calls or calls["started_at"].isna().all():
        return None
    started = pd.to_datetime(calls["started_at"])
    return ((started - started.min()) / pd.Timedelta(days=1)).to_numpy(float)


def _own_time(
    days: np.ndarray, shopper: np.ndarray, shoppers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return days since the middle of a shopper's own calls, and how long each one worked.

    A call without a date lies in the middle, where it says nothing of drift.
    """
    dated = ~np.isnan(days)
    count = np.maximum(np.bincount(shopper[dated], minlength=shoppers), 1)
    middle = np.bincount(shopper[dated], days[dated], shoppers) / count
    by_shopper = pd.Series(days).groupby(shopper)
    span = (by_shopper.max() - by_shopper.min()).to_numpy()
    return np.where(dated, days - middle[shopper], 0.0), np.nan_to_num(span)


def _components(held: _Calls, fits: Sequence[Fitted]) -> pd.DataFrame:
    full = fits[-1]
    size = np.ones(len(full.names))
    if held.drift is not None and held.drift.size is not None:
        size[-2] = (held.drift.size**2).mean()
    statistic = np.full(len(size), np.nan)
    gains = -np.diff([fit.deviance for fit in fits])
    statistic[1:-1] = np.maximum(gains, 0)
    p = np.where(statistic > 0, chi2.sf(statistic, 1) / 2, 1.0)
    share = full.variance * size
    return pd.DataFrame(
        {
            "component": list(full.names),
            "variance": full.variance,
            "sd": np.sqrt(full.variance),
            "share": share / share.sum(),
            "statistic": statistic,
            "p": np.where(np.isnan(statistic), np.nan, p),
        }
    )


def _shift(held: _Calls, fit: Fitted, components: pd.DataFrame, level: float) -> np.ndarray:
    """Return the points that shoppers add to each call, as far as they matter."""
    shift, p = np.zeros(len(held.points)), components["p"].to_numpy()
    for at, effect in enumerate(fit.effect):
        term = (held.shopper, held.drift)[at]
        if term is not None and p[at + 1] < 1 - level:
            shift += effect[term.group] * (1.0 if term.size is None else term.size)
    return shift


def _shopper_table(held: _Calls, fit: Fitted, level: float, tolerance: float) -> pd.DataFrame:
    table = held.table.drop(columns="shared_units")
    enough = (table["calls"] >= FEWEST_CALLS).to_numpy()
    for at, name in enumerate(("severity", "drift")):
        there = at < len(fit.effect)
        effect = fit.effect[at] if there else np.full(len(table), np.nan)
        se = fit.prediction_se[at] if there else effect
        p = _chances(effect, fit.noise[at]) if there else effect
        prefix = "" if name == "severity" else "drift_"
        reach = norm.ppf((1 + level) / 2) * se
        columns = {name: effect, f"{prefix}se": se, f"{prefix}low": effect - reach,
                   f"{prefix}high": effect + reach, f"{prefix}p": p,
                   f"{prefix}p_adjusted": holm(np.where(enough, p, np.nan))}  # fmt: skip
        table = table.assign(**columns)
    sure = (table["p_adjusted"] < 1 - level) & (table["severity"].abs() >= tolerance)
    table["verdict"] = np.select(
        [~enough, sure & (table["severity"] < 0), sure], ["too_few", "severe", "lenient"], "in_line"
    )
    moved = (table["drift"] * held.span).abs() >= tolerance
    drifting = moved & (table["drift_p_adjusted"] < 1 - level)
    unknown = table["drift"].isna() | (held.span == 0)
    table["drift_verdict"] = np.select(
        [unknown, ~enough, drifting], ["unknown", "too_few", "drifting"], "steady"
    )
    return table


def _chances(effect: np.ndarray, noise: np.ndarray) -> np.ndarray:
    ratio = np.divide(np.abs(effect), noise, out=np.zeros_like(effect), where=noise > 0)
    return 2 * norm.sf(ratio)


def _without_figures(groups: pd.DataFrame, verdict: str) -> pd.DataFrame:
    table = groups.drop(columns="shared_units").reindex(columns=list(SHOPPER))
    return table.assign(verdict=verdict, drift_verdict="unknown")


def _joined(table: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([table, left]) if len(left) else table
    figures = list(SHOPPER[4:-2])
    both = both[list(SHOPPER)].astype(dict.fromkeys(figures, float))
    return both.sort_values("shopper", kind="stable", ignore_index=True)
