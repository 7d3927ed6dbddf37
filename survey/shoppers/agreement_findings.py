"""What is told of the agreement of codings."""

from collections.abc import Iterator

import pandas as pd

from survey.findings import Finding, Severity
from survey.shoppers.measures import RELIABLE, TENTATIVE


def agreement_findings(table: pd.DataFrame, coders: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Tell of items that are not reliable, and of coders who disagree with the others."""
    for row in table[table["verdict"].isin(["unreliable", "unproven"])].to_dict("records"):
        sure = row["verdict"] == "unreliable"
        yield Finding(
            f"agreement-{row['verdict']}",
            Severity.WARNING if sure else Severity.NOTE,
            file=file,
            column=f"calls.{row['item']}",
            expected=f"Krippendorff's alpha of {TENTATIVE} or more, better {RELIABLE}",
            got=f"{row['alpha']:.2f} ({row['alpha_low']:.2f} to {row['alpha_high']:.2f}); "
            f"{row['agreement']:.0%} of answers alike, {row['recordings']} recordings",
            hint="make the code book clearer and train again; where nearly all answers are the "
            "same, look at the share alike first"
            if sure
            else "code more recordings twice to be sure",
            count=row["recordings"],
        )
    for row in table[table["verdict"] == "undefined"].to_dict("records"):
        yield Finding(
            "agreement-undefined",
            Severity.NOTE,
            file=file,
            column=f"calls.{row['item']}",
            expected="answers that differ between calls",
            got=f"all answers alike in {row['recordings']} recordings, so chance agreement is 1",
            hint="agreement is perfect, but shows nothing; have other calls coded twice",
            count=row["recordings"],
        )
    for row in coders[coders["verdict"] == "disagrees"].to_dict("records"):
        yield Finding(
            "coder-disagrees",
            Severity.WARNING,
            file=file,
            column="calls.shopper",
            expected="disagreement with others as they have among themselves",
            got=f"{row['shopper']}: {row['disagreement']:.0%} of {row['comparisons']} answers "
            f"differ, {row['excess']:+.0%} beyond others",
            hint="go through some of the recordings together",
            count=row["recordings"],
        )


def same_coder(count: int, file: str) -> Finding:
    """Count the codings that repeat their own coder."""
    return Finding(
        "coded-twice-by-one",
        Severity.NOTE,
        file=file,
        column="calls.recording",
        expected="double codings by different people",
        got=f"{count} codings of a recording by the same shopper again",
        hint="they do not enter agreement; have somebody else code the recording",
        count=count,
    )


def none_coded(file: str) -> Finding:
    """Tell that nothing was coded twice."""
    return Finding(
        "no-double-coding",
        Severity.WARNING,
        file=file,
        column="calls.recording",
        expected="a share of recordings coded by two people",
        got="none",
        hint="have a tenth of the recordings coded twice; agreement is unknown until then",
    )
