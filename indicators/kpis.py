"""KPIs: what the operating figures of a hotline are, and which of them may be compared."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from survey.findings import Finding, Severity, did_you_mean, raise_errors
from survey.yaml_source import Strict, read_yaml

REGISTRY = Path(__file__).parent / "kpis.yaml"
SLACK = 1e-9


class Kpi(Strict):
    """What a KPI measures.

    Parameters
    ----------
    zh, en
        Its name.
    kind
        ``rate`` (numerator out of denominator, 0 to 1), ``mean`` (a sum over a count),
        ``count`` (a number that adds up over units).
    numerator, denominator
        What is counted, by id of a basis; a count has no denominator.
    clock_start
        What starts the clock of a waiting or handling time.
    direction
        Whether a ``higher`` or a ``lower`` value is better; ``neutral`` where neither is.
    unit
        Unit of the value.
    clause
        The standard that defines it.
    at_most
        A KPI on the same denominator that it cannot exceed.
    """

    zh: str
    en: str
    kind: Literal["rate", "mean", "count"]
    numerator: str
    denominator: str | None = None
    clock_start: str | None = None
    direction: Literal["higher", "lower", "neutral"]
    unit: str
    clause: str = ""
    at_most: str | None = None

    @model_validator(mode="after")
    def _has_its_parts(self) -> "Kpi":
        if (self.kind == "count") != (self.denominator is None):
            raise ValueError("a denominator for a rate or a mean, none for a count")
        return self


class Registry(Strict):
    """The file of KPIs.

    Parameters
    ----------
    bases
        What numerators and denominators count, id to its names.
    kpis
        By id.
    """

    bases: dict[str, dict[Literal["zh", "en"], str]]
    kpis: Annotated[dict[str, Kpi], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_sound(self) -> "Registry":
        for name, kpi in self.kpis.items():
            for basis in (kpi.numerator, kpi.denominator, kpi.clock_start):
                if basis is not None and basis not in self.bases:
                    raise ValueError(
                        f"a basis for {name!r} instead of {basis!r} "
                        f"({did_you_mean(basis, self.bases)})"
                    )
        refuse_relations(self.kpis)
        return self


def refuse_relations(kpis: Mapping[str, Kpi]) -> None:
    """Refuse a KPI that is bounded by one it cannot be compared with."""
    for name, kpi in kpis.items():
        if kpi.at_most is None:
            continue
        if kpi.at_most not in kpis:
            raise ValueError(f"at_most of {name!r} to be a KPI: {did_you_mean(kpi.at_most, kpis)}")
        if reason := why_incomparable(kpi, kpis[kpi.at_most]):
            raise ValueError(f"at_most of {name!r} to be comparable: {reason}")


@cache
def read_registry() -> Registry:
    """Read the registry that comes with the package."""
    return read_yaml(REGISTRY, Registry)


def why_incomparable(first: Kpi, second: Kpi) -> str:
    """Say why two KPIs may not be compared or averaged, or ``""`` where they may."""
    if first.kind != second.kind:
        return f"{first.en} is a {first.kind}, {second.en} a {second.kind}"
    if first.denominator != second.denominator:
        return (
            f"{first.en} is counted on {first.denominator}, {second.en} on {second.denominator}: "
            "different denominators"
        )
    if first.unit != second.unit:
        return f"{first.en} is in {first.unit}, {second.en} in {second.unit}"
    if first.clock_start != second.clock_start:
        return (
            f"the clock of {first.en} starts at {first.clock_start}, that of {second.en} at "
            f"{second.clock_start}"
        )
    return ""


def mean_rate(figures: Mapping[str, tuple[float, float]], kpis: Mapping[str, Kpi]) -> float:
    """Return the pooled value of several KPIs of one kind: sum of numerators over denominators.

    Parameters
    ----------
    figures
        KPI to its numerator and denominator.
    kpis
        The registry.

    Raises
    ------
    InputError
        Where two of them are counted on different denominators, in different units or from
        different starts of the clock; it says why.
    """
    names = list(figures)
    _refuse_unknown(names, kpis)
    findings = [
        incomparable(names[0], other, kpis) for other in names[1:]
        if why_incomparable(kpis[names[0]], kpis[other])
    ]  # fmt: skip
    raise_errors(findings)
    tops, bottoms = zip(*figures.values(), strict=True)
    return float(sum(tops) / sum(bottoms))


def incomparable(first: str, second: str, kpis: Mapping[str, Kpi], where: str = "") -> Finding:
    """Return the error that says why two KPIs may not be compared or averaged."""
    return Finding(
        "incomparable-kpis",
        Severity.ERROR,
        where,
        None,
        f"{first}, {second}",
        "KPIs on one denominator",
        why_incomparable(kpis[first], kpis[second]),
        "score each by a rule of its own, and average the points",
    )


def _refuse_unknown(names: Sequence[str], kpis: Mapping[str, Kpi]) -> None:
    raise_errors(
        Finding("unknown-kpi", Severity.ERROR, "", None, "kpi", "a KPI of the registry",
                repr(name), did_you_mean(name, kpis))
        for name in names
        if name not in kpis
    )  # fmt: skip


def pooled(
    frame: pd.DataFrame, kpis: Mapping[str, Kpi], file: str = ""
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Pool the periods of every KPI of every unit into one value.

    Parameters
    ----------
    frame
        The table ``kpis``: unit, kpi, numerator, denominator, value, period, clock_start, source.
    kpis
        The registry.
    file
        For the findings.

    Returns
    -------
    values
        One row a unit (column ``unit``), a column a KPI, in the KPI's unit. Rates and means are
        sums of numerators over sums of denominators, so that a period counts by its size; counts
        are summed. Where a KPI has a single period, a bare ``value`` is taken.
    findings
        Warnings and notes.

    Raises
    ------
    InputError
        For a KPI that the registry does not know, a rate outside 0 to 1, a value that is not
        numerator over denominator, a start of the clock that differs from the registry's or
        between units, several periods without numerators, two KPIs on one denominator with
        different counts in it, or a KPI above one it cannot exceed.
    """
    table = frame.reset_index(names="row")
    _refuse_unknown(sorted(set(table["kpi"].dropna()) - set(kpis)), kpis)
    kind = table["kpi"].map({name: kpi.kind for name, kpi in kpis.items()})
    parts = table["numerator"].notna() & (table["denominator"] > 0)
    ratio = (table["numerator"] / table["denominator"]).where(parts)
    value = table["value"].where(table["value"].notna(), ratio)
    value = value.where((kind != "count") | table["value"].notna(), table["numerator"])
    problems = [
        _each(table, (table["denominator"] == 0) & (kind != "count"), file, "zero-denominator",
              "a denominator above 0", "leave the period out, or correct the count"),
        _each(table, (kind == "rate") & ((value < 0) | (value > 1 + SLACK)), file,
              "impossible-rate", "a rate from 0 to 1", "write 0.95 for 95 %; check the counts"),
        _each(table, (kind != "rate") & (value < 0), file, "negative-kpi", "a value of 0 or more",
              "check the record"),
        _each(table, parts & table["value"].notna() & (kind != "count")
              & ((ratio - table["value"]).abs() > 5e-4 * np.maximum(1, ratio.abs())), file,
              "value-not-ratio", "value = numerator / denominator", "correct one of the three"),
        *_clocks(table, kpis, file),
        *_periods(table, kind, parts, file),
        *_denominators(table, kpis, file),
    ]  # fmt: skip
    raise_errors(finding for finding in problems if finding is not None)
    held = table.assign(
        value=value, top=table["numerator"].where(parts), bottom=table["denominator"].where(parts)
    )
    grouped = held.groupby(["unit", "kpi"], sort=False)
    summed = grouped[["top", "bottom", "value"]].sum(min_count=1)
    one = grouped["value"].first()
    counted = pd.Series(
        [kpis[name].kind == "count" for name in summed.index.get_level_values("kpi")],
        index=summed.index,
    )
    rates = (summed["top"] / summed["bottom"]).fillna(one)
    wide = rates.where(~counted, summed["value"]).unstack("kpi")
    raise_errors(_bounds(wide, kpis, file))
    order = pd.unique(table["unit"].dropna())
    return wide.reindex(order).rename_axis(columns=None).reset_index(), ()


def _each(
    table: pd.DataFrame, wrong: pd.Series, file: str, check: str, expected: str, hint: str
) -> Finding | None:
    rows = table[wrong.fillna(False).to_numpy(dtype=bool)]
    if rows.empty:
        return None
    first = rows.iloc[0]
    figures = ", ".join(
        f"{name} {first[name]:g}" for name in ("numerator", "denominator", "value")
        if pd.notna(first[name])
    )  # fmt: skip
    more = f", and {len(rows) - 1} more rows" if len(rows) > 1 else ""
    got = f"{first['kpi']} of {first['unit']}: {figures}{more}"
    return Finding(
        check, Severity.ERROR, file, int(first["row"]), "kpi", expected, got, hint, len(rows)
    )


def _clocks(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> list[Finding]:
    found = []
    told = table.dropna(subset=["clock_start"])
    for name, rows in told.groupby("kpi", sort=False):
        expected = kpis[str(name)].clock_start
        if expected is None:
            continue
        other = rows[rows["clock_start"] != expected]
        if not other.empty:
            starts = ", ".join(sorted(set(other["clock_start"])))
            found.append(
                Finding(
                    "different-clock",
                    Severity.ERROR,
                    file,
                    int(other["row"].iloc[0]),
                    "clock_start",
                    f"{name} timed from {expected}",
                    starts,
                    "times from another start of the clock cannot be compared; convert them or "
                    "leave them out",
                    len(other),
                )
            )
    return found


def _periods(table: pd.DataFrame, kind: pd.Series, parts: pd.Series, file: str) -> list[Finding]:
    size = table.groupby(["unit", "kpi"])["row"].transform("size")
    bare = (size > 1) & (kind != "count") & ~parts
    found = _each(
        table, bare, file, "bare-rates",
        "a numerator and a denominator, where a KPI has several periods",
        "a mean of rates is not the rate of the whole: give the counts",
    )  # fmt: skip
    return [found] if found else []


def _denominators(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> list[Finding]:
    """Find KPIs of a unit and period that share a denominator but differ in its count."""
    basis = {name: kpi.denominator for name, kpi in kpis.items()}
    held = table.assign(basis=table["kpi"].map(basis)).dropna(subset=["basis", "denominator"])
    keys = ["unit", "period", "basis"]
    spread = held.groupby(keys, dropna=False)["denominator"].transform("nunique")
    differing = held[spread > 1]
    if differing.empty:
        return []
    first = differing.iloc[0]
    group = differing[
        (differing["unit"] == first["unit"])
        & (differing["basis"] == first["basis"])
        & (
            differing["period"].astype(object).fillna("")
            == ("" if pd.isna(first["period"]) else first["period"])
        )
    ]
    told = ", ".join(f"{k} {d:g}" for k, d in zip(group["kpi"], group["denominator"], strict=True))
    return [
        Finding(
            "different-denominators",
            Severity.ERROR,
            file,
            int(first["row"]),
            "denominator",
            f"one count of {first['basis']} for {first['unit']}",
            told,
            "rates on different denominators cannot be compared: count both on the same calls",
            len(differing),
        )
    ]


def _bounds(wide: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> list[Finding]:
    found = []
    for name, kpi in kpis.items():
        if kpi.at_most is None or name not in wide or kpi.at_most not in wide:
            continue
        above = wide[wide[name] > wide[kpi.at_most] + SLACK]
        for unit, row in above.head(5).iterrows():
            found.append(
                Finding(
                    "impossible-kpi",
                    Severity.ERROR,
                    file,
                    None,
                    name,
                    f"at most {kpi.at_most} ({row[kpi.at_most]:.4g}) in {unit}",
                    f"{row[name]:.4g}",
                    f"{kpi.en} is a part of {kpis[kpi.at_most].en}",
                    len(above),
                )
            )
    return found
