"""Design-based estimates: means, totals, shares and ratios with their standard errors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from survey.findings import Finding, InputError, Severity, did_you_mean, raise_errors
from survey.weighting.settings import Design

if TYPE_CHECKING:
    import svy

Kind = Literal["mean", "total", "share", "ratio"]
_SINGLE = {"adjust": "center", "average": "scale", "remove": "skip", "refuse": None}
_ONE = "_every record"
_FIGURES = {
    "estimate": "est",
    "se": "se",
    "low": "lci",
    "high": "uci",
    "degrees": "df",
    "deff": "deff",
    "n": "n",
}
"""Columns of an estimate and what svy calls them."""


def estimate(
    frame: pd.DataFrame,
    kind: Kind,
    variable: str,
    design: Design,
    *,
    over: str | None = None,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Estimate a mean, a total, the shares of categories, or a ratio, by Taylor linearisation.

    The figures agree with R's ``survey`` (Lumley 2004, Journal of Statistical Software 9(8)) to
    the digits it prints; `svy` does the sums. The estimate of a domain takes the whole sample
    into account, as ``svyby`` does.

    Parameters
    ----------
    frame
        One row a record, with the columns of the design.
    kind
        What is estimated.
    variable
        A column of numbers; of categories for shares. Records without a value are left out, and
        counted.
    design
        How the sample was drawn.
    over
        For a ratio, the column of its denominator.
    by
        Columns whose combinations are the domains; without any, the whole population. A record
        without a domain is left out, and counted.
    level
        Of the confidence intervals. Those of means, totals and ratios are symmetric with a
        t distribution; those of shares are taken on the logit scale.

    Returns
    -------
    table
        Columns of `by`, then variable, value (of shares, else missing), estimate, se, low, high,
        degrees (PSUs less strata, in the domain), deff (variance over that of a simple random
        sample of as many records drawn without replacement from as many as the weights add up to,
        and with replacement where the weights add up to no more than the records; missing where
        neither is defined) and n. The interval of a share of 0 or 1 is missing.
    findings
        Warnings on lonely PSUs and a note on records left out.

    Raises
    ------
    InputError
        For columns that are not there, weights below 0 or missing, a design that contradicts
        itself, a lonely PSU where the design refuses them, or no record at all.
    """
    used = [variable, *([over] if over else []), *by]
    _refuse_columns(frame, kind, over, used, design)
    columns = list(dict.fromkeys((*used, *design.columns)))
    findings = _usable(frame, used, design)
    sample = _sample(frame[columns], design)
    findings += _lonely(sample, design)
    raise_errors(findings)
    table = _estimated(sample, kind, (variable, over), list(by), level)
    return table, (*findings, *_undefined(table))


def _refuse_columns(
    frame: pd.DataFrame, kind: Kind, over: str | None, used: Sequence[str], design: Design
) -> None:
    if (kind == "ratio") != (over is not None):
        raise ValueError("a ratio has a denominator, and nothing else has")
    raise_errors(
        Finding("missing-column", Severity.ERROR, "", None, name, f"a column {name!r}", "none",
                did_you_mean(name, map(str, frame.columns)))
        for name in dict.fromkeys((*used, *design.columns))
        if name not in frame
    )  # fmt: skip
    numbers = [*([] if kind == "share" else used[: 1 + (over is not None)])]
    raise_errors(
        Finding("not-numbers", Severity.ERROR, "", None, name, "a column of numbers",
                str(frame[name].dtype), "convert it, or estimate shares")
        for name in numbers
        if not pd.api.types.is_numeric_dtype(frame[name])
    )  # fmt: skip


def _usable(frame: pd.DataFrame, used: Sequence[str], design: Design) -> list[Finding]:
    """Refuse records outside the design, and count those without a value."""
    wrong = frame[list(design.columns)].isna().any(axis=1).to_numpy()
    if design.weight is not None:
        wrong = wrong | (frame[design.weight].to_numpy(float) < 0)
    missing = frame[list(used)].isna().any(axis=1).to_numpy()
    counted = frame[~missing]
    if design.weight is not None:
        counted = counted[counted[design.weight] > 0]
    clusters = counted[[*design.strata, *design.clusters[:1]]].drop_duplicates()
    number = len(clusters) if design.clusters else len(counted)
    outside, blank = int(wrong.sum()), int(missing.sum())
    return [
        *([Finding("broken-design", Severity.ERROR, "", _row(frame, wrong),
                   ", ".join(design.columns),
                   "a weight of 0 or more, a stratum and a PSU of every record",
                   f"{outside} records without", "mend them or leave these records out", outside)]
          if outside else []),
        *([Finding("few-records", Severity.ERROR, "", None, ", ".join(used),
                   "two PSUs or more with a value and a weight", str(number),
                   "one says nothing of the spread between them")]
          if number < 2 else []),
        *([Finding("left-out", Severity.NOTE, "", None, ", ".join(used),
                   "a value in every record", f"none in {blank} of {len(frame)}",
                   "they are left out of the estimate", blank)]
          if blank else []),
    ]  # fmt: skip


def _row(frame: pd.DataFrame, wrong: np.ndarray) -> int | None:
    return int(frame.index[wrong][0]) if frame.index.name == "row" else None


def _sample(frame: pd.DataFrame, design: Design) -> "svy.Sample":
    import polars as pl
    import svy

    data = pl.from_pandas(frame)
    weight = design.weight or _ONE
    if design.weight is None:
        data = data.with_columns(pl.lit(1.0).alias(_ONE))
    sizes = design.population
    single = _SINGLE[design.lonely] if design.strata else None
    try:
        return svy.Sample(
            data,
            svy.Design(
                wgt=weight,
                stratum=design.strata or None,
                psu=design.clusters[0] if design.clusters else None,
                ssu=design.clusters[1] if len(design.clusters) > 1 else None,
                pop_size=svy.PopSize(*sizes) if len(sizes) > 1 else next(iter(sizes), None),
                singleton=svy.Singleton(single) if single else None,
            ),
        )
    except (svy.SvyError, ValueError) as error:
        raise _refused(error) from None


def _refused(error: Exception) -> InputError:
    """Tell what svy refuses about a design as a finding."""
    got = getattr(error, "detail", None) or str(error)
    expected = getattr(error, "expected", None) or "a design that its records bear out"
    hint = getattr(error, "hint", None) or "look at the columns of strata, clusters and population"
    return InputError([
        Finding("broken-design", Severity.ERROR, expected=str(expected), got=str(got),
                hint=str(hint))
    ])  # fmt: skip


def _lonely(sample: "svy.Sample", design: Design) -> list[Finding]:
    count = sample.n_singletons
    if not count:
        return []
    refused = design.lonely == "refuse"
    does = {"adjust": "they count with their distance from the mean of all PSUs",
            "average": "they count as the average of the other strata",
            "remove": "they add nothing to the standard errors, which are too small"}  # fmt: skip
    return [
        Finding(
            "lonely-psu",
            Severity.ERROR if refused else Severity.WARNING,
            column=", ".join(design.strata),
            expected="two PSUs or more in every stratum",
            got=f"one in {count} strata",
            hint=does.get(design.lonely, "merge strata, or set lonely: adjust"),
            count=count,
        )
    ]


def _estimated(
    sample: "svy.Sample",
    kind: Kind,
    of: tuple[str, str | None],
    by: list[str],
    level: float,
) -> pd.DataFrame:
    import svy

    rows: list[dict[str, Any]] = []
    for reference in ("wor", "wr", None):
        try:
            rows = _rows(sample, kind, of, by, level, reference)
            break
        except svy.MethodError:
            if reference is None:
                raise
        except (svy.SvyError, ValueError) as error:
            raise _refused(error) from None
    variable, over = of
    table = pd.DataFrame([row["by_level"] or () for row in rows], columns=by)
    table["variable"] = variable if over is None else f"{variable} / {over}"
    table["value"] = [row["y_level"] for row in rows]
    for name, theirs in _FIGURES.items():
        table[name] = [row[theirs] for row in rows]
    return table


def _rows(
    sample: "svy.Sample",
    kind: Kind,
    of: tuple[str, str | None],
    by: list[str],
    level: float,
    reference: Literal["wor", "wr"] | None,
) -> list[dict[str, Any]]:
    shared: Any = {"by": by or None, "deff": reference, "alpha": 1 - level, "drop_nulls": True}
    variable, over = of
    sums = sample.estimation
    if kind == "ratio":
        assert over is not None
        found = sums.ratio(variable, over, **shared)
    else:
        one = {"mean": sums.mean, "total": sums.total, "share": sums.prop}[kind]
        found = one(variable, **shared)
    assert not isinstance(found, list)
    return found.to_dicts()


def _undefined(table: pd.DataFrame) -> list[Finding]:
    count = int((~np.isfinite(table["estimate"].to_numpy(float))).sum())
    if not count:
        return []
    expected, got = "a weight or a denominator above 0", f"none in {count} of {len(table)} rows"
    hint = "they have no estimate"
    return [Finding("no-estimate", Severity.WARNING, "", None, "", expected, got, hint, count)]
