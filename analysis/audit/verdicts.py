"""Verdicts: what a check asks, what it found at one place, and the table of all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Verdict = Literal["pass", "warn", "fail"]
Words = tuple[str, str]
"""A text in Chinese and in English."""

SEVERITY: dict[str, int] = {"fail": 0, "warn": 1, "pass": 2}
COLUMNS = ("check", "where", "value", "rule_zh", "rule_en", "source", "verdict", "zh", "en")


@dataclass(frozen=True)
class Check:
    """One question of the audit.

    Parameters
    ----------
    id, name
        Stable name, and what readers call it.
    rule
        The bounds in words.
    source
        Where the method or the bounds come from.
    advice
        What to do where it does not pass.
    warn, fail
        From which value on the verdict is worse. Low values are bad where `fail` is below `warn`,
        high ones where it is above; an infinite `fail` never fails.
    """

    id: str
    name: Words
    rule: Words
    source: str
    advice: Words
    warn: float
    fail: float

    @property
    def low_is_bad(self) -> bool:
        """Whether low values are the bad ones."""
        return self.fail < self.warn

    def judge(self, value: float) -> Verdict:
        """Return the verdict on a value; a value on the bound is still within it.

        A value that could not be computed is a warning.
        """
        sign = 1 if self.low_is_bad else -1
        if sign * value >= sign * self.warn:
            return "pass"
        return "fail" if sign * value < sign * self.fail else "warn"

    def row(self, where: str, value: float, found: Words, verdict: Verdict | None = None) -> "Row":
        """Return what the check found at a place, judged by its bounds unless told otherwise."""
        return Row(self, where, float(value), verdict or self.judge(value), found)


@dataclass(frozen=True)
class Row:
    """What a check found at one place.

    Parameters
    ----------
    check
        The check.
    where
        Id of an indicator or an item, several joined by a comma, or the name of a table.
    value
        The figure that was judged, NaN where there is none.
    verdict
        ``pass``, ``warn`` or ``fail``.
    found
        The same in a phrase, without a full stop.
    """

    check: Check
    where: str
    value: float
    verdict: Verdict
    found: Words


def at_most(verdict: Verdict, worst: Verdict) -> Verdict:
    """Return a verdict, or `worst` where it is worse than that."""
    return max(verdict, worst, key=lambda each: SEVERITY[each])


def as_table(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table; where a check does not pass, its sentences end with the advice.

    Returns
    -------
    One row a check and place, in the order given: check, where, value, rule_zh, rule_en, source,
    verdict, zh, en.
    """
    table = pd.DataFrame(
        [
            (
                row.check.id,
                row.where,
                row.value,
                *row.check.rule,
                row.check.source,
                row.verdict,
                _sentence(row, 0, "；", "。"),
                _sentence(row, 1, "; ", "."),
            )
            for row in rows
        ],
        columns=list(COLUMNS),
    )
    text = [name for name in COLUMNS if name != "value"]
    return table.astype(dict.fromkeys(text, "str") | {"value": "float64"})


def _sentence(row: Row, lang: int, joint: str, end: str) -> str:
    found, advice = row.found[lang], row.check.advice[lang]
    more = joint + advice if row.verdict != "pass" else ""
    return found[:1].upper() + found[1:] + more + end
