"""Unusual units: funnel plots about the mean of peers, with over-dispersion allowed for.

After Spiegelhalter (2005, Stat. Med. 24:1185-1202) and Spiegelhalter, Sherlaw-Johnson, Bardsley,
Blunt, Wood & Grigg (2012, JRSS A 175:1-47), with the changes that `analysis.comparisons.dispersion`
gives reasons for. A funnel finds units that their peers and chance do not explain; it ranks none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparisons.dispersion import (
    additive_variance,
    moment_variance,
    multiplicative_ratio,
    peer_means,
    z_scores,
)
from analysis.comparisons.groups import in_groups
from indicators.hierarchy import ALL, ROOT
from indicators.scores import Scores
from survey.findings import Finding, Severity

Spread = Literal["additive", "multiplicative", "moment", "none"]
LIMITS = {"95": 0.05, "998": 0.002}
"""Names of the limits, and the share of usual units beyond them."""

EVERY = "all"
"""The peer set where there is no grouping."""

STEPS = 60
"""Points of a limit curve."""

FUNNEL_COLUMNS = (
    "measure", "unit", "peer", "peers", "value", "se", "n", "target", "z_plain", "z", "p",
    "p_adjusted", "low_95", "high_95", "low_998", "high_998", "band", "stands_out",
)  # fmt: skip
LIMIT_COLUMNS = (
    "measure", "peer", "se", "n", "target", "tau", "phi", "low_95", "high_95", "low_998",
    "high_998",
)  # fmt: skip


@dataclass(frozen=True)
class Funnel:
    """Units held against their peers.

    Parameters
    ----------
    table
        The table ``funnel``: a row a measure and unit: peer (its peer set) of peers units, value,
        se (standard error) or n (records), target (mean of the set), z_plain (from sampling error
        alone), z (over-dispersion allowed for, the unit left out of the mean), two-sided p,
        p_adjusted (false discovery rate over the units of the measure), the limits at the unit's
        own precision, band (``far_better``, ``better``, ``expected``, ``worse``, ``far_worse``:
        beyond the 99.8 % or the 95 % limit, or within both), and stands_out (p_adjusted below the
        level): one usual unit in twenty lies beyond the 95 % limits, and this knows of it.
    limits
        The table ``funnel_limits``: the curves to draw, a row a measure, peer set and precision (se
        or n), with tau (the standard deviation between peers beyond sampling, on the arcsine scale
        for rates) and phi (the factor on the variance).
    """

    table: pd.DataFrame
    limits: pd.DataFrame


@dataclass(frozen=True)
class _Fitted:
    """A funnel on the scale of its z-scores: target and summed weight of each peer set."""

    target: np.ndarray
    weight: np.ndarray
    tau2: float
    phi: float

    def reach(self, se: np.ndarray, peers: np.ndarray) -> np.ndarray:
        """Return the deviation of a member of precision `se` from its set's mean."""
        own = self.phi * (se**2 + self.tau2)
        return np.sqrt(np.maximum(own - 1 / self.weight[peers], 0))


def score_funnel(
    scores: Scores,
    peers: pd.Series | None = None,
    *,
    indicators: Sequence[str] = (ROOT,),
    audience: str = ALL,
    spread: Spread = "additive",
    level: float = 0.95,
) -> tuple[Funnel, tuple[Finding, ...]]:
    """Hold the scores of units against those of their peers.

    Parameters
    ----------
    scores
        Scores with standard errors.
    peers
        The peer set of each unit, index unit; None for one set of all.
    indicators, audience
        Whose scores.
    spread
        How units may differ beyond sampling: ``additive`` (a variance between peers, robustly),
        ``moment`` (the same by the formula of Spiegelhalter 2005),
        ``multiplicative`` (all variances larger by a factor), or ``none``.
    level
        One minus the false discovery rate of ``stands_out``.

    Returns
    -------
    `Funnel`, and findings on units without a peer set, alone in theirs, or without sampling error
    (which is taken as the smallest of the others).
    """
    at = scores.audience_index(audience)
    parts: list[Funnel] = []
    findings: list[Finding] = []
    for indicator in indicators:
        error = pd.Series(
            scores.se[:, at, scores.hierarchy.index(indicator)], index=list(scores.units)
        )
        data, more = _with_peers(scores.of(indicator, audience).rename("value"), peers)
        data["se"] = error.reindex(data.index)
        data["n"] = np.nan
        data, unseen = _with_error(data, indicator)
        findings += [*more, *unseen]
        if data["peer"].nunique() and len(data) > data["peer"].nunique() + 1:
            parts.append(_funnel(data, indicator, spread, level, rate=False))
        else:
            findings.append(_too_few(indicator, len(data)))
    return _joined(parts), tuple(dict.fromkeys(findings))


def rate_funnel(
    hits: pd.Series,
    n: pd.Series,
    peers: pd.Series | None = None,
    *,
    measure: str,
    spread: Spread = "additive",
    level: float = 0.95,
) -> tuple[Funnel, tuple[Finding, ...]]:
    """Hold a rate of units, as of calls answered, against that of their peers.

    Parameters
    ----------
    hits, n
        Records that count and all records of each unit, index unit.
    peers, spread, level
        As for `score_funnel`.
    measure
        What stands in the column ``measure``.

    Returns
    -------
    As `score_funnel`. z-scores are of the arcsine of the root of the rate, whose standard error is
    1 / (2 sqrt(n)), as in Spiegelhalter et al. (2012). Without over-dispersion the limits are the
    exact ones, `binomial_limits` about the pooled rate of the set.
    """
    size = n.where(n > 0)
    value = (hits / size).rename("value")
    data, findings = _with_peers(value, peers)
    data["n"] = size.reindex(data.index).astype(float)
    data["se"] = 1 / (2 * np.sqrt(data["n"]))
    if not data["peer"].nunique() or len(data) <= data["peer"].nunique() + 1:
        return _joined([]), (*findings, _too_few(measure, len(data)))
    return _joined([_funnel(data, measure, spread, level, rate=True)]), tuple(findings)


def binomial_limits(n: np.ndarray, target: np.ndarray | float, share: float) -> np.ndarray:
    """Return the rate below which the given share of binomial rates lies, interpolated.

    Parameters
    ----------
    n
        Numbers of records, integers above 0.
    target
        The chance.
    share
        0.025 for the lower 95 % limit, 0.975 for the upper.

    Returns
    -------
    (r - a) / n with r the quantile and a = (P(R <= r) - share) / P(R = r) (Spiegelhalter 2005,
    appendix A.1.1), within 0 and 1.
    """
    r = stats.binom.ppf(share, n, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = (stats.binom.cdf(r, n, target) - share) / stats.binom.pmf(r, n, target)
    return np.clip((r - np.nan_to_num(beyond)) / n, 0, 1)


def _with_peers(
    value: pd.Series, peers: pd.Series | None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the units that have peers, sorted; columns value and peer."""
    there = value.dropna().sort_index()
    if peers is None:
        return pd.DataFrame({"value": there, "peer": EVERY}), ()
    data, findings = in_groups(there, peers)
    data = data.rename(columns={"outcome": "value", "group": "peer"})
    alone = ~data["peer"].duplicated(keep=False)
    if alone.any():
        note = Finding(
            "no-peers", Severity.NOTE, "", None, str(peers.name), "two units or more in a peer set",
            "、".join(data.index[alone].astype(str)), "not held against peers", int(alone.sum()),
        )  # fmt: skip
        findings += (note,)
    return data[~alone].copy(), findings


def _with_error(data: pd.DataFrame, measure: str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    seen = data["se"] > 0
    if seen.all():
        return data, ()
    least = data.loc[seen, "se"].min()
    note = Finding(
        "no-error-in-funnel", Severity.NOTE, "", None, measure, "a standard error above 0",
        "、".join(data.index[~seen][:5].astype(str)) + ("…" if (~seen).sum() > 5 else ""),
        "taken as the smallest of the others; no funnel where there is none", int((~seen).sum()),
    )  # fmt: skip
    return data.assign(se=data["se"].where(seen, least)).dropna(subset=["se"]), (note,)


def _too_few(measure: str, count: int) -> Finding:
    return Finding(
        "too-few-for-funnel", Severity.NOTE, "", None, measure, "more units than peer sets and one",
        f"{count} units", "no funnel is drawn", count,
    )  # fmt: skip


def _funnel(
    data: pd.DataFrame, measure: str, spread: Spread, level: float, *, rate: bool
) -> Funnel:
    names, peers = np.unique(data["peer"].to_numpy(dtype=str), return_inverse=True)
    value, se = data["value"].to_numpy(), data["se"].to_numpy()
    y = np.arcsin(np.sqrt(value)) if rate else value
    fitted = _fitted(y, se, peers, spread)
    plain = z_scores(y, se**2, peers)
    z = z_scores(y, fitted.phi * (se**2 + fitted.tau2), peers)
    p = 2 * stats.norm.sf(np.abs(z))
    n = data["n"].to_numpy()
    pooled = None
    if rate and fitted.tau2 == 0 and fitted.phi == 1:
        pooled = np.bincount(peers, value * n) / np.bincount(peers, n)
    limits = _limits(fitted, se, n, peers, pooled=pooled, rate=rate)
    adjusted = stats.false_discovery_control(p, method="bh")
    table = pd.DataFrame(
        {
            "measure": measure, "unit": data.index, "peer": names[peers],
            "peers": np.bincount(peers)[peers], "value": value,
            "se": np.nan if rate else se, "n": n, "z_plain": plain, "z": z, "p": p,
            "p_adjusted": adjusted, **limits, "band": _bands(value, limits),
            "stands_out": adjusted + level < 1,
        }
    )  # fmt: skip
    return Funnel(table[list(FUNNEL_COLUMNS)], _curves(table, fitted, measure, names, pooled, rate))


def _fitted(y: np.ndarray, se: np.ndarray, peers: np.ndarray, spread: Spread) -> _Fitted:
    tau2, phi = 0.0, 1.0
    if spread == "additive":
        tau2 = additive_variance(y, se, peers)
    elif spread == "moment":
        tau2 = moment_variance((y - peer_means(y, se**2, peers)[peers]) / se, se)
    elif spread == "multiplicative":
        phi = multiplicative_ratio(y, se, peers)
    elif spread != "none":
        raise ValueError(f"spread {spread!r} is none of additive, moment, multiplicative, none")
    variance = phi * (se**2 + tau2)
    return _Fitted(peer_means(y, variance, peers), np.bincount(peers, 1 / variance), tau2, phi)


def _limits(
    fitted: _Fitted,
    se: np.ndarray,
    n: np.ndarray,
    peers: np.ndarray,
    *,
    pooled: np.ndarray | None,
    rate: bool,
) -> dict[str, np.ndarray]:
    """Return target and limits at the given precisions, on the scale of the figures."""
    if pooled is not None:
        target = pooled[peers]
        found = {"target": target}
        for name, beyond in LIMITS.items():
            found[f"low_{name}"] = binomial_limits(n, target, beyond / 2)
            found[f"high_{name}"] = binomial_limits(n, target, 1 - beyond / 2)
        return found
    target, reach = fitted.target[peers], fitted.reach(se, peers)
    found = {"target": target}
    for name, beyond in LIMITS.items():
        z = float(stats.norm.isf(beyond / 2))
        found[f"low_{name}"], found[f"high_{name}"] = target - z * reach, target + z * reach
    if not rate:
        return found
    return {name: np.sin(np.clip(bound, 0, np.pi / 2)) ** 2 for name, bound in found.items()}


def _bands(value: np.ndarray, limits: dict[str, np.ndarray]) -> np.ndarray:
    return np.select(
        [
            value > limits["high_998"], value > limits["high_95"],
            value < limits["low_998"], value < limits["low_95"],
        ],
        ["far_better", "better", "far_worse", "worse"],
        "expected",
    )  # fmt: skip


def _curves(
    table: pd.DataFrame,
    fitted: _Fitted,
    measure: str,
    names: np.ndarray,
    pooled: np.ndarray | None,
    rate: bool,
) -> pd.DataFrame:
    parts = []
    for code, name in enumerate(names):
        own = table[table["peer"] == name]
        if rate:
            n = np.unique(_span(own["n"]).round().clip(min=1))
            se = 1 / (2 * np.sqrt(n))
        else:
            se = _span(own["se"])
            n = np.full(len(se), np.nan)
        peers = np.full(len(se), code)
        limits = _limits(fitted, se, n, peers, pooled=pooled, rate=rate)
        parts.append(
            pd.DataFrame(
                {
                    "measure": measure, "peer": name, "se": np.nan if rate else se, "n": n,
                    "tau": np.sqrt(fitted.tau2), "phi": fitted.phi, **limits,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)[list(LIMIT_COLUMNS)]


def _span(precision: pd.Series) -> np.ndarray:
    return np.linspace(0.9 * precision.min(), 1.1 * precision.max(), STEPS)


def _joined(parts: Sequence[Funnel]) -> Funnel:
    if not parts:
        return Funnel(
            pd.DataFrame(columns=list(FUNNEL_COLUMNS)), pd.DataFrame(columns=list(LIMIT_COLUMNS))
        )
    return Funnel(
        pd.concat([part.table for part in parts], ignore_index=True),
        pd.concat([part.limits for part in parts], ignore_index=True),
    )
