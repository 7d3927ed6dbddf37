"""What is told of the severity and drift of shoppers."""

from collections.abc import Iterator

import pandas as pd

from survey.findings import Finding, Severity

FEWEST_CALLS = 10
"""Shoppers with fewer calls get figures, but no verdict."""
PERIOD = 30.0
"""Days that drift is told for."""


def severity_findings(
    table: pd.DataFrame, components: pd.DataFrame, level: float, file: str
) -> Iterator[Finding]:
    """Tell of severe, lenient and drifting shoppers, and where severity was not found."""
    words = {"severe": "below", "lenient": "above"}
    for row in table[table["verdict"].isin(words)].to_dict("records"):
        side = words[row["verdict"]]
        yield Finding(
            f"shopper-{row['verdict']}",
            Severity.WARNING,
            file=file,
            column="calls.shopper",
            expected="points like those of others for the same cities",
            got=f"{row['shopper']}: {abs(row['severity']):.2f} points {side} others "
            f"({row['low']:+.2f} to {row['high']:+.2f}), {row['calls']} calls",
            hint="listen to some recordings, train the shopper again, and see the adjusted scores",
        )
    for row in table[table["drift_verdict"] == "drifting"].to_dict("records"):
        yield Finding(
            "shopper-drifting",
            Severity.WARNING,
            file=file,
            column="calls.shopper",
            expected="points that change in time as those of others do",
            got=f"{row['shopper']}: {row['drift']:+.2f} points in {PERIOD:.0f} days against others "
            f"({row['drift_low']:+.2f} to {row['drift_high']:+.2f}), {row['calls']} calls",
            hint="recheck the later calls of the shopper against the code book",
        )
    few = table[table["verdict"] == "too_few"]
    if len(few):
        yield Finding(
            "shoppers-with-few-calls",
            Severity.NOTE,
            file=file,
            column="calls.shopper",
            expected=f"{FEWEST_CALLS} calls or more of each shopper",
            got=f"{len(few)} of {len(table)} with fewer",
            hint="they count, but get no verdict",
            count=len(few),
        )
    p = float(components.loc[components["component"] == "shopper", "p"].to_numpy()[0])
    if p >= 1 - level:
        yield Finding(
            "severity-not-found",
            Severity.NOTE,
            file=file,
            column="calls.shopper",
            got=f"shoppers judge alike as far as these calls tell (p = {p:.2f})",
            hint="scores need no adjusting",
        )


def unnamed(count: int, total: int, file: str) -> Finding:
    """Count the calls that no shopper is named for."""
    return Finding(
        "shoppers-unnamed",
        Severity.NOTE if count == total else Severity.WARNING,
        file=file,
        column="calls.shopper",
        expected="who made each call",
        got=f"{count} of {total} calls without a shopper",
        hint="their points are not adjusted; give the shopper of every call",
        count=count,
    )


def not_separable(alone: int, total: int, file: str) -> Finding:
    """Count the shoppers that cannot be told from the cities they call."""
    return Finding(
        "severity-not-separable",
        Severity.WARNING,
        file=file,
        column="calls.shopper",
        expected="cities that several shoppers call",
        got=f"{alone} of {total} shoppers share no city with another",
        hint="a severe shopper cannot be told from a poor city; let several shoppers call each",
        count=alone,
    )


def not_estimable(file: str) -> Finding:
    """Tell that there is too little to estimate severity from."""
    return Finding(
        "severity-not-estimable",
        Severity.NOTE,
        file=file,
        column="calls.shopper",
        expected="more calls than effects, with points that differ",
        got="too few judged calls, or all alike",
        hint="severity needs some hundred calls of several shoppers",
    )


def no_dates(file: str) -> Finding:
    """Tell that drift cannot be seen."""
    return Finding(
        "drift-unknown",
        Severity.NOTE,
        file=file,
        column="calls.started_at",
        expected="when each call was made",
        got="no dates, or one day",
        hint="give started_at to see whether shoppers drift",
    )
