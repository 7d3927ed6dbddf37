"""The chance that a call is answered, by slot, channel, audience and scenario.

The model is a logistic regression averaged over the population, fitted by generalised estimating
equations (Liang & Zeger 1986, Biometrika 73:13-22) with calls of a unit equally correlated. A model
with a random effect for every unit would tell of one unit's odds; a nation asks for rates over all
of them. The sandwich variance needs no right correlation, only many units; with few it is too
small, which Mancl & DeRouen (2001, Biometrics 57:126-134) mend; Student's t and Hotelling's T
squared with as many degrees of freedom as units less one allow for its own uncertainty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit, logit

from analysis.comparisons.group_tests import holm
from analysis.comparisons.national import rate_interval
from analysis.comparisons.record_factors import (
    distinct_records,
    dummies,
    estimable,
    hotelling_p,
    places,
    with_factors,
)
from survey.findings import Finding, Severity

FACTORS = ("slot", "channel", "audience", "scenario")
"""What a chance is told by, where records differ in it."""

EFFECT_COLUMNS = (
    "factor", "value", "reference", "n", "answered", "odds_ratio", "low", "high", "p",
    "p_adjusted", "factor_p", "factor_p_adjusted",
)  # fmt: skip
RATE_COLUMNS = ("factor", "value", "n", "answered", "rate", "adjusted", "low", "high")


@dataclass(frozen=True)
class Connection:
    """What the model says.

    Parameters
    ----------
    effects
        The table ``connection_effects``: a row a value of a factor, but the reference; n and
        answered (records), odds_ratio with its interval and p, p_adjusted by Holm within the
        factor; factor_p of the joint test of the factor (Hotelling), the same in all its rows, and
        factor_p_adjusted by Holm over the factors.
    rates
        The table ``connection_rates``: a row a value of a factor; n, answered, rate as observed,
        and adjusted: the mean chance if all records were of this value and otherwise as they are
        (marginal standardisation), its interval by the delta method on the logit scale. For a value
        outside the model adjusted is the rate, its interval that of
        `analysis.comparisons.national.rate_interval`.
    records, units, correlation
        How many entered the model, and the correlation of records of a unit; 0, 0 and NaN without
        a model.
    zh, en
        What was done, in words.
    """

    effects: pd.DataFrame
    rates: pd.DataFrame
    records: int
    units: int
    correlation: float
    zh: str
    en: str


@dataclass(frozen=True)
class _Fit:
    """Coefficients, the constant first, their covariance, and the freedom of the latter."""

    beta: np.ndarray
    covariance: np.ndarray
    freedom: int
    correlation: float


def connection(
    records: pd.DataFrame,
    order: Mapping[str, Sequence[str]] | None = None,
    *,
    factors: Sequence[str] = FACTORS,
    outcome: tuple[str, str] = ("outcome", "answered"),
    level: float = 0.95,
) -> tuple[Connection, tuple[Finding, ...]]:
    """Model the chance of an answer.

    Parameters
    ----------
    records
        Valid calls, or tests of channels: columns unit, the outcome's and the factors that there
        are. Of several codings of a recording the first counts.
    order
        Values of a factor in the order of the table, the first being the reference; those not
        named follow, sorted.
    factors
        Columns to compare by.
    outcome
        A column, and the value in it that counts as answered. A record blank there is left out.
    level
        Level of the intervals.

    Returns
    -------
    `Connection`, and notes on what could not be compared. Without a model, as with fewer units than
    coefficients, the table of effects is empty and rates are as observed, with a warning.
    """
    told, findings = distinct_records(records)
    column, success = outcome
    blank = told[column].isna()
    if blank.any():
        got, hint = "blank", "these records are left out"
        note = Severity.NOTE, "", None, column, "an outcome", got, hint, int(blank.sum())
        findings += (Finding("no-record-outcome", *note),)
    told = told[~blank].assign(hit=told.loc[~blank, column].astype(str) == success)
    data, known, more = with_factors(told, factors, order or {})
    data = data.sort_values(["unit", *known, "hit"], kind="stable")
    kept, values, limits = estimable(data, known, "hit", both=True)
    fit = _fit(kept, values) if values else None
    findings += (*more, *limits, *(() if fit else (_no_model(data),)))
    values = values if fit else {}
    effects = _effects(kept, values, fit, level) if fit else _table([], EFFECT_COLUMNS)
    n, units = (len(kept), kept["unit"].nunique()) if fit else (0, 0)
    correlation = fit.correlation if fit else float("nan")
    rates = _rates(data, known, (kept, values, fit), level)
    zh, en = _words(n, units, correlation)
    return Connection(effects, rates, n, units, correlation, zh, en), findings


def _fit(kept: pd.DataFrame, values: Mapping[str, Sequence[str]]) -> _Fit | None:
    import warnings

    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    exog = np.column_stack([np.ones(len(kept)), dummies(kept, values)])
    units = kept["unit"].nunique()
    if units <= exog.shape[1]:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is what this function returns
        model = GEE(
            kept["hit"].to_numpy(dtype=float),
            exog,
            groups=pd.factorize(kept["unit"])[0],
            family=Binomial(),
            cov_struct=Exchangeable(),
        )
        try:
            found: Any = model.fit(cov_type="bias_reduced")
        except np.linalg.LinAlgError:
            return None
    beta, covariance = np.asarray(found.params), np.asarray(found.cov_params())
    if not (found.converged and np.isfinite(covariance).all() and (np.abs(beta) < 20).all()):
        return None
    return _Fit(beta, covariance, units - 1, float(found.cov_struct.dep_params))


def _effects(
    kept: pd.DataFrame, values: Mapping[str, Sequence[str]], fit: _Fit, level: float
) -> pd.DataFrame:
    t = float(stats.t.ppf(0.5 + level / 2, fit.freedom))
    parts = []
    for factor, at in places(values).items():
        own = slice(at.start + 1, at.stop + 1)
        beta, covariance = fit.beta[own], fit.covariance[own, own]
        error = np.sqrt(np.diag(covariance))
        p = 2 * stats.t.sf(np.abs(beta / error), fit.freedom)
        counts = kept.groupby(factor, observed=True)["hit"].agg(["size", "sum"])
        counts = counts.loc[list(values[factor][1:])]
        parts.append(
            pd.DataFrame(
                {
                    "factor": factor, "value": values[factor][1:], "reference": values[factor][0],
                    "n": counts["size"].to_numpy(), "answered": counts["sum"].to_numpy(),
                    "odds_ratio": np.exp(beta), "low": np.exp(beta - t * error),
                    "high": np.exp(beta + t * error), "p": p, "p_adjusted": holm(p),
                    "factor_p": hotelling_p(beta, covariance, fit.freedom),
                }
            )
        )  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    joint = table.groupby("factor", sort=False)["factor_p"].first()
    adjusted = pd.Series(holm(joint.to_numpy()), index=joint.index)
    table["factor_p_adjusted"] = table["factor"].map(adjusted)
    return table[list(EFFECT_COLUMNS)]


def _rates(
    data: pd.DataFrame,
    known: Sequence[str],
    model: tuple[pd.DataFrame, Mapping[str, Sequence[str]], _Fit | None],
    level: float,
) -> pd.DataFrame:
    kept, values, fit = model
    rows = []
    for factor in known:
        for value in data[factor].cat.categories:
            own = data[data[factor] == value]
            if own.empty:
                continue
            rate = float(own["hit"].mean())
            if fit and value in values.get(factor, ()):
                adjusted, low, high = _standardised(kept, values, fit, (factor, value), level)
            else:
                adjusted, (low, high) = rate, rate_interval(own["hit"], own["unit"], level)
            rows.append(
                {
                    "factor": factor, "value": value, "n": len(own),
                    "answered": int(own["hit"].sum()), "rate": rate, "adjusted": adjusted,
                    "low": low, "high": high,
                }
            )  # fmt: skip
    return _table(rows, RATE_COLUMNS)


def _standardised(
    kept: pd.DataFrame,
    values: Mapping[str, Sequence[str]],
    fit: _Fit,
    of: tuple[str, str],
    level: float,
) -> tuple[float, float, float]:
    """Return the mean chance with one factor set to a value, and its interval."""
    factor, value = of
    exog = np.column_stack([np.ones(len(kept)), dummies(kept, values)])
    at = places(values)[factor]
    exog[:, at.start + 1 : at.stop + 1] = [float(value == other) for other in values[factor][1:]]
    chance = expit(exog @ fit.beta)
    mean = float(chance.mean())
    slope = (chance * (1 - chance)) @ exog / len(exog)
    error = np.sqrt(slope @ fit.covariance @ slope) / (mean * (1 - mean))
    reach = float(stats.t.ppf(0.5 + level / 2, fit.freedom)) * error
    return mean, float(expit(logit(mean) - reach)), float(expit(logit(mean) + reach))


def _table(rows: list[dict[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _no_model(data: pd.DataFrame) -> Finding:
    return Finding(
        "no-connection-model",
        Severity.WARNING,
        expected="records of both outcomes, and more units than coefficients",
        got=f"{len(data)} records of {data['unit'].nunique()} units",
        hint="rates are told as observed, without odds ratios",
        count=len(data),
    )


def _words(n: int, units: int, correlation: float) -> tuple[str, str]:
    if not n:
        return (
            "记录不足以建立模型，只报告实际接通率。",
            "The records do not support a model; rates are told as observed.",
        )
    zh = (
        f"对{units}个评估对象的{n}条记录作总体平均的逻辑回归（广义估计方程）：各因素同时进入模型，"
        f"同一对象的记录彼此相关（相关系数{correlation:.2f}），标准误按对象聚类并经小样本修正；"
        "接通率按全部记录的构成标准化，各类之间可以直接比较。"
    )
    en = (
        f"A population-averaged logistic regression (generalised estimating equations) of {n} "
        f"records of {units} units, all factors at once. Records of a unit are alike (correlation "
        f"{correlation:.2f}), so standard errors are clustered by unit and corrected for few "
        "clusters. Rates are standardised to the composition of all records."
    )
    return zh, en
