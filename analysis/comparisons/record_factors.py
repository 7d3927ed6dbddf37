"""Records laid out for a model by factors: what enters it, and what is left out and why."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from survey.findings import Finding, Severity


def distinct_records(records: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the records with each recording once, the first by its id, and a note on the others.

    Parameters
    ----------
    records
        Columns unit, and recording and call_id where there are some.
    """
    if "recording" not in records:
        return records, ()
    key = [name for name in ("call_id", "test_id") if name in records]
    ordered = records.sort_values(key, kind="stable") if key else records
    again = ordered["recording"].notna() & ordered.duplicated(["unit", "recording"])
    if not again.any():
        return records, ()
    hint = "the first coding counts"
    note = _note("second-coding", "recording", "each recording once", "", hint, int(again.sum()))
    return ordered[~again], (note,)


def with_factors(
    records: pd.DataFrame, factors: Sequence[str], order: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[Finding, ...]]:
    """Return the records that have a value of every factor that takes two or more.

    Parameters
    ----------
    records
        Columns unit and, where they exist, the factors.
    factors
        Columns to compare by.
    order
        Values of a factor in order; those not named follow, sorted.

    Returns
    -------
    data
        The factors as ordered categories.
    factors
        Those with two values or more.
    findings
        Notes on factors with fewer, and on records without a value.
    """
    findings: list[Finding] = []
    kept: list[str] = []
    data = records.copy()
    for factor in factors:
        there = set(records[factor].dropna().astype(str)) if factor in records else set()
        if len(there) < 2:
            got, hint = "、".join(there) or "no value", "the factor is not compared"
            findings.append(_note("one-value-factor", factor, "two values or more", got, hint, 1))
            continue
        named = [str(value) for value in order.get(factor, ()) if str(value) in there]
        values = [*named, *sorted(there - set(named))]
        data[factor] = pd.Categorical(data[factor].astype("string"), values, ordered=True)
        kept.append(factor)
    blank = data[kept].isna()
    for factor in kept:
        if count := int(blank[factor].sum()):
            hint = "these records are left out"
            findings.append(_note("blank-factor", factor, "a value", "blank", hint, count))
    return data[~blank.any(axis=1)], tuple(kept), tuple(findings)


def estimable(
    data: pd.DataFrame, factors: Sequence[str], hit: str, *, both: bool
) -> tuple[pd.DataFrame, dict[str, list[str]], tuple[Finding, ...]]:
    """Leave out the values of factors that a model cannot tell of.

    Parameters
    ----------
    data
        Columns unit, `hit` (bool) and the factors as categories.
    factors, hit
        Names of columns.
    both
        Whether a value needs records of both kinds; otherwise one that hits is enough.

    Returns
    -------
    kept
        The records of the other values. In the limit of an infinite coefficient the likelihood of
        these is their own.
    values
        By factor with two values left or more that do not follow from the factors before it: its
        values, the reference first.
    findings
        Notes on values without a finite coefficient, on values found in one unit only, whose
        variance between units cannot be seen, and on factors left out.
    """
    findings: list[Finding] = []
    sides = "answers of both kinds" if both else "an answer"
    changed = True
    while changed:
        changed = False
        for factor in factors:
            by_value = data.groupby(factor, observed=True)
            rate = by_value[hit].mean()
            one_sided = rate.index[(rate == 0) | ((rate == 1) & both)]
            alone = by_value["unit"].nunique().drop(one_sided)
            for check, expected, gone, hint in (
                ("one-sided-value", sides, one_sided, "no finite coefficient; told by its rate"),
                ("value-in-one-unit", "two units or more", alone.index[alone < 2],
                 "left out of the model"),
            ):  # fmt: skip
                if len(gone):
                    got = "、".join(map(str, gone))
                    findings.append(_note(check, factor, expected, got, hint, len(gone)))
                    data = data[~data[factor].isin(gone)]
                    changed = True
    values: dict[str, list[str]] = {}
    for factor in factors:
        there = set(data[factor])
        own = [str(value) for value in data[factor].cat.categories if value in there]
        if len(own) < 2:
            continue
        exog = np.column_stack([np.ones(len(data)), dummies(data, {**values, factor: own})])
        if np.linalg.matrix_rank(exog) < exog.shape[1]:
            got, hint = "values that follow from the other factors'", "left out of the model"
            expected = "a factor that varies on its own"
            findings.append(_note("aliased-factor", factor, expected, got, hint, 1))
        else:
            values[factor] = own
    return data, values, tuple(findings)


def dummies(data: pd.DataFrame, values: Mapping[str, Sequence[str]]) -> np.ndarray:
    """Return a column for every value but the first of every factor, shape (n, columns)."""
    columns = [
        (data[factor] == value).to_numpy(dtype=float)
        for factor, own in values.items()
        for value in own[1:]
    ]
    return np.column_stack(columns) if columns else np.empty((len(data), 0))


def places(values: Mapping[str, Sequence[str]]) -> dict[str, slice]:
    """Return where the columns of each factor stand in `dummies`."""
    found, start = {}, 0
    for factor, own in values.items():
        found[factor] = slice(start, start + len(own) - 1)
        start += len(own) - 1
    return found


def hotelling_p(beta: np.ndarray, covariance: np.ndarray, freedom: int) -> float:
    """Test coefficients jointly when their covariance comes from few clusters.

    Parameters
    ----------
    beta, covariance
        Coefficients, shape (q,), and their covariance.
    freedom
        Clusters less one.

    Returns
    -------
    P of Hotelling's (1931) T squared: (v - q + 1) / (v q) b' V^-1 b against F with q and v - q + 1
    degrees of freedom; NaN where there are none.
    """
    q = len(beta)
    left = freedom - q + 1
    if left < 1:
        return np.nan
    statistic = float(beta @ np.linalg.solve(covariance, beta)) * left / (freedom * q)
    return float(stats.f.sf(statistic, q, left))


def _note(check: str, column: str, expected: str, got: str, hint: str, count: int) -> Finding:
    return Finding(check, Severity.NOTE, "", None, column, expected, got, hint, count)
