"""Checks of a table of KPIs: impossible figures, and figures that may not be compared."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from indicators.kpis.figures import counts_of, figures_of, last_digit
from indicators.kpis.registry import Kpi, ceilings
from survey.findings import Finding, Severity, did_you_mean

SLACK = 1e-9
MOST_CASES = 5
"""Cases of one fault that are told one by one; the last of them counts the rest."""


def check_kpis(frame: pd.DataFrame, kpis: Mapping[str, Kpi], file: str = "") -> tuple[Finding, ...]:
    """Find what contradicts the definitions of the KPIs, all at once.

    Parameters
    ----------
    frame
        The table ``kpis``; the index is the row of the file.
    kpis
        The registry.
    file
        For the findings.

    Returns
    -------
    Errors: a KPI that the registry does not know, one twice for a period, half of a ratio, a
    denominator of 0, a rate outside 0 to 1 (a percentage is told as such), a negative figure, a
    value that is not its ratio, a target out of range or for some periods only, another start of
    the clock, several periods without counts, two KPIs with different counts of one denominator,
    a KPI above one it cannot exceed. Warnings: periods without cases, counts over unequal periods.
    At most five cases of a fault stand alone; the last tells how many more there are.
    """
    table = figures_of(frame, kpis)
    return (
        *_unknown_kpis(frame, kpis, file),
        *_wrong_records(table, file),
        *_wrong_values(table, file),
        *_wrong_targets(table, kpis, file),
        *_clocks(table, kpis, file),
        *_denominators(table, file),
        *_ceilings(table, kpis, file),
        *_uneven_periods(table, kpis, file),
    )


Row = dict[Any, Any]
Told = str | Callable[[Row], str]


def cases(
    rows: pd.DataFrame,
    check: str,
    where: tuple[str, str],
    expected: Told,
    hint: Told,
    got: Told | None = None,
    severity: Severity = Severity.ERROR,
) -> Iterator[Finding]:
    """Yield a finding for each of the first rows; the last one counts the others.

    Parameters
    ----------
    rows
        The wrong rows; column ``row`` is the row of the file.
    check, severity
        As in `Finding`.
    where
        File and column.
    expected, hint, got
        What to tell, or what tells it from a row; `got` is the record by default.
    """

    def told(text: Told, row: Row) -> str:
        return text if isinstance(text, str) else text(row)

    if rows.empty:
        return
    beyond = len(rows) - MOST_CASES
    shown = rows.head(MOST_CASES).to_dict("records")
    for at, row in enumerate(shown):
        last = beyond > 0 and at == len(shown) - 1
        more = f"; and {beyond} more rows like these" if last else ""
        yield Finding(
            check,
            severity,
            where[0],
            int(row["row"]) if isinstance(row["row"], int | np.integer) else None,
            where[1],
            told(expected, row),
            told(got or _record, row) + more,
            told(hint, row),
            1 + beyond * last,
        )


def _record(row: Row) -> str:
    """Tell a record: whose it is and what it says."""
    figures = ", ".join(
        f"{name} {row[name]:.12g}"
        for name in ("numerator", "denominator", "value")
        if pd.notna(row[name])
    )
    period = "" if pd.isna(row["period"]) else f" in {row['period']}"
    return f"{row['kpi']} of {row['unit']}{period}: {figures or 'nothing'}"


def _unknown_kpis(frame: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> Iterator[Finding]:
    table = frame[["unit", "kpi"]].reset_index(names="row").dropna(subset=["kpi"])
    rows = table[~table["kpi"].isin(list(kpis)).to_numpy(dtype=bool)]
    size = rows.groupby("kpi")["kpi"].transform("size")
    yield from cases(
        rows.assign(size=size).drop_duplicates("kpi"),
        "unknown-kpi",
        (file, "kpi"),
        "a KPI of the registry",
        lambda row: did_you_mean(str(row["kpi"]), kpis),
        lambda row: (
            f"{row['kpi']!r} of {row['unit']}"
            + (f" and {row['size'] - 1} more rows" if row["size"] > 1 else "")
        ),
    )


def _wrong_records(table: pd.DataFrame, file: str) -> Iterator[Finding]:
    top, bottom, value = (table[name] for name in ("numerator", "denominator", "value"))
    keys = ["unit", "kpi", "period"]
    yield from cases(
        table[table.duplicated(keys)], "repeated-kpi", (file, "kpi"),
        "one row for a unit, a KPI and a period", "remove one, or write the period of each",
    )  # fmt: skip
    divided = table["kind"] != "count"
    half = divided & ~table["empty"] & value.isna() & (top.isna() ^ bottom.isna())
    yield from cases(
        table[half], "half-a-ratio", (file, "denominator"),
        "numerator and denominator, or a value", "give the other count too",
    )  # fmt: skip
    yield from cases(
        table[table["empty"] & (top > 0)], "zero-denominator", (file, "denominator"),
        "a denominator above 0", "there cannot be cases out of none: correct the counts",
    )  # fmt: skip
    yield from cases(
        table[table["empty"] & ~(top > 0)], "no-cases", (file, "denominator"),
        "a denominator above 0", "the period is left out", severity=Severity.WARNING,
    )  # fmt: skip
    bare = divided & table["figure"].notna()
    several = bare.groupby([table["unit"], table["kpi"]]).transform("sum") > 1
    yield from cases(
        table[bare & several & ~table["parts"]], "bare-rates", (file, "value"),
        "a numerator and a denominator, where a KPI has several periods",
        "a mean of rates is not the rate of the whole: give the counts",
    )  # fmt: skip


def _wrong_values(table: pd.DataFrame, file: str) -> Iterator[Finding]:
    rate, value, figure = table["kind"] == "rate", table["value"], table["figure"]
    percent = rate & (value > 1 + SLACK) & (value <= 100)
    yield from cases(
        table[percent], "percent-for-rate", (file, "value"), "a rate from 0 to 1",
        lambda row: f"{row['value']:g} looks like a percentage: write {row['value'] / 100:g}",
    )  # fmt: skip
    beyond = rate & ((figure < 0) | (figure > 1 + SLACK)) & (table["parts"] | ~percent)
    yield from cases(
        table[beyond], "impossible-rate", (file, "kpi"), "a rate from 0 to 1",
        "a numerator counts some of what its denominator counts: check both",
    )  # fmt: skip
    negative = (~rate & (figure < 0)) | (table["denominator"] < 0)
    yield from cases(
        table[negative], "negative-kpi", (file, "kpi"), "0 or more", "check the record"
    )
    least = np.where(rate, last_digit(value, 2), last_digit(value, 0))
    off = (figure - value).abs() > least * (1 + SLACK)
    given = (table["numerator"] - value).abs() > SLACK * np.maximum(1, value.abs())
    apart = (table["parts"] & off & ~percent) | ((table["kind"] == "count") & given)
    yield from cases(
        table[apart], "value-not-ratio", (file, "value"),
        lambda row: f"{row['numerator']:g}, as the numerator says" if row["kind"] == "count"
        else f"numerator / denominator = {row['figure']:.6g}",
        "correct one of them, or leave the value blank",
    )  # fmt: skip


def _wrong_targets(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> Iterator[Finding]:
    target = table["target"]

    def got(row: Row) -> str:
        return f"target {row['target']:g} for {row['kpi']} of {row['unit']}"

    wrong = (target < 0) | ((table["kind"] == "rate") & (target > 1 + SLACK))
    yield from cases(
        table[wrong], "impossible-target", (file, "target"),
        lambda row: "a rate from 0 to 1" if row["kind"] == "rate" else "0 or more",
        lambda row: target_hint(row["kind"], row["target"]), got,
    )  # fmt: skip
    flow = table["kpi"].isin(counts_of(kpis, stock=False))
    some = target.notna().groupby([table["unit"], table["kpi"]]).transform("any")
    yield from cases(
        table[flow & some & target.isna()], "target-for-some-periods", (file, "target"),
        "a target in every period of a count, or in none",
        "targets of counts are added up like the counts: write that of each period",
    )  # fmt: skip


def target_hint(kind: str, target: float) -> str:
    """Say what to do about a target out of range; a percentage is told as such."""
    if kind == "rate" and 1 < target <= 100:
        return f"{target:g} looks like a percentage: write {target / 100:g}"
    return "check the target"


def _clocks(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> Iterator[Finding]:
    """Find times from another start of the clock than the registry's, or than other units'."""
    told = table.dropna(subset=["clock_start"])
    own = told["kpi"].map({name: kpi.clock_start for name, kpi in kpis.items()})
    first = told.groupby("kpi")["clock_start"].transform("first")
    expected = own.where(own.notna(), first)
    starts = {kpi.clock_start for kpi in kpis.values() if kpi.clock_start}
    yield from cases(
        told.assign(expected=expected)[told["clock_start"] != expected],
        "different-clock",
        (file, "clock_start"),
        lambda row: f"{row['kpi']} timed from {row['expected']}",
        lambda row: "; ".join(
            part
            for part in (
                ""
                if row["clock_start"] in starts
                else did_you_mean(str(row["clock_start"]), sorted(starts)),
                "times from another start of the clock cannot be compared: convert them or leave "
                "them out",
            )
            if part
        ),
        lambda row: f"{row['clock_start']} for {row['kpi']} of {row['unit']}",
    )


def _denominators(table: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Find KPIs of a unit and period that share a denominator but differ in its count."""
    keys = ["unit", "period", "basis"]
    held = table.dropna(subset=["basis", "denominator"])
    spread = held.groupby(keys, dropna=False)["denominator"].transform("nunique")
    differing = held[spread > 1]
    if differing.empty:
        return
    group = differing.groupby(keys, dropna=False, sort=False).ngroup()
    shown = differing[group < MOST_CASES]
    texts = (shown["kpi"] + " " + shown["denominator"].map("{:.12g}".format)).groupby(
        group[group < MOST_CASES]
    )
    said = group.map(texts.agg(", ".join).to_dict())
    yield from cases(
        differing.assign(said=said)[~group.duplicated()],
        "different-denominators",
        (file, "denominator"),
        lambda row: (
            f"one count of {row['basis']} for {row['unit']}"
            + ("" if pd.isna(row["period"]) else f" in {row['period']}")
        ),
        "rates on different denominators cannot be compared: count both on the same cases",
        lambda row: row["said"],
    )


def _ceilings(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> Iterator[Finding]:
    """Find KPIs above one of the same unit and period that they cannot exceed."""
    keys = ["unit", "period"]
    held = table.dropna(subset=["figure"])
    by_kpi = dict(iter(held.groupby("kpi")))
    for name in kpis:
        left = by_kpi.get(name)
        for above in ceilings(name, kpis):
            if left is None or above not in by_kpi:
                continue
            most = by_kpi[above][[*keys, "figure", "written"]]
            pair = left.merge(most, on=keys, suffixes=("", "_most"))
            slack = pair["written"] + pair["written_most"] + SLACK
            over = pair[pair["figure"] > pair["figure_most"] + slack]
            yield from cases(
                over, "impossible-kpi", (file, "kpi"),
                lambda row, above=above: f"at most {above}, {row['figure_most']:.6g}",
                f"{kpis[name].en} is a part of {kpis[above].en}: one of the two is wrong",
                lambda row: f"{row['figure']:.6g} as {_record(row)}",
            )  # fmt: skip
            left = left[~left["row"].isin(over["row"])]


def _uneven_periods(table: pd.DataFrame, kpis: Mapping[str, Kpi], file: str) -> Iterator[Finding]:
    """Find counts that were summed over more periods in one unit than in another."""
    flow = table[table["kpi"].isin(counts_of(kpis, stock=False)) & table["figure"].notna()]
    size = flow.groupby(["unit", "kpi"])["row"].transform("size")
    most = size.groupby(flow["kpi"]).transform("max")
    fewer = flow.assign(size=size, most=most)[size < most].drop_duplicates(["unit", "kpi"])
    yield from cases(
        fewer, "uneven-periods", (file, "period"),
        lambda row: f"{row['most']} periods of {row['kpi']}, as in other units",
        "a sum over fewer periods is not comparable: add what is missing",
        lambda row: f"{row['size']} in {row['unit']}",
        Severity.WARNING,
    )  # fmt: skip
