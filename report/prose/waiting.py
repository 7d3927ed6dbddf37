"""Sentences on how long callers wait before an answer."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from report.prose.calls import told
from report.prose.terms import (
    CALL_FACTORS,
    call_factor,
    call_value,
    capital,
    short_percents,
    short_span,
    span,
)
from report.prose.wording import (
    cell,
    count,
    each,
    listed,
    p_value,
    paragraph,
    percent,
    table,
)
from report.results import Results

SOON = (15, 30, 60)
"""Seconds within which ``waiting_summary`` counts the answers."""


def waiting(results: Results) -> str:
    """Say how long callers wait, and between what the truth lies."""
    row = _whole(results)
    if row is None:
        return paragraph(
            results.say(
                "本年度评估没有逐次的等候记录，本节从略。",
                "This edition has no records of individual waits; this section is left out.",
            )
        )
    median = results.say(
        f"进入等候的{count(row.n)}次拨测中，{count(row.answered)}次等到了人工接听；"
        f"等候时长的中位数{_seconds(results, row)}。",
        f"Of {count(row.n)} calls that waited, {count(row.answered)} reached an agent; the median wait "
        f"{_seconds(results, row)}.",
    )
    shares = [
        results.say(
            f"{seconds}秒内接通的占{percent(getattr(row, f'within_{seconds}'))}",
            f"{percent(getattr(row, f'within_{seconds}'))} within {seconds} seconds",
        )
        for seconds in _soon(row)
    ]
    observed = [percent(getattr(row, f"observed_{seconds}")) for seconds in _soon(row)]
    if not shares:
        return paragraph(median)
    within = results.say(
        f"按等候曲线估计，{'，'.join(shares)}；按全部拨测（含占线和中途结束的）计，实际比例依次为"
        f"{'、'.join(observed)}。",
        f"By the waiting curve, the share answered is {listed(shares, 'en')}; of all calls, with those "
        f"that were busy or ended early, it is {listed(observed, 'en')}.",
    )
    return paragraph(median, within)


def waiting_by(results: Results, factor: str) -> str:
    """Say between which values of a factor waits differ, and by how much."""
    if "waiting_tests" not in results or "waiting_summary" not in results:
        return ""
    test = next(each(results["waiting_tests"].query("factor == @factor")), None)
    rows = results["waiting_summary"].query("factor == @factor").dropna(subset=["median"])
    if test is None or len(rows) < 2 or pd.isna(test.p_adjusted):
        return ""
    name, p = call_factor(results, factor), p_value(test.p_adjusted, results.lang)
    rows = rows.sort_values("median", kind="stable")
    short, long = (
        results.say(f"{_value(results, row)}（{count(row.median)}秒）",
                    f"{_value(results, row)} ({count(row.median)} seconds)")
        for row in (_first(rows), _first(rows.iloc[::-1]))
    )  # fmt: skip
    if not test.p_adjusted + results.meta["level"] < 1:
        return paragraph(
            results.say(
                f"按{name}比较，等候时长没有可检出的差别（{p}）。",
                f"By {name}, waits show no detectable difference ({p}).",
            )
        )
    return paragraph(
        results.say(
            f"按{name}比较，等候时长的差别可以确认（{p}）：中位数最短的是{short}，最长的是{long}。",
            f"By {name}, waits differ by more than chance explains ({p}): the median is shortest for "
            f"{short} and longest for {long}.",
        ),
        _slower(results, factor),
    )


def _slower(results: Results, factor: str) -> str:
    """Name the values that are answered later than the reference, with their hazard ratios."""
    if "waiting_hazards" not in results:
        return ""
    rows = results["waiting_hazards"].query("factor == @factor")
    slow = rows[(rows["p_adjusted"] + results.meta["level"] < 1) & (rows["hazard_ratio"] < 1)]
    if slow.empty:
        return ""
    reference = cell(call_value(results, factor, slow["reference"].iloc[0]))
    named = [
        f"{_value(results, row)}{results.say('（', ' (')}{row.hazard_ratio:.2f}"
        f"{results.say('，区间', ', interval ')}{span(results, row.low, row.high)}"
        f"{results.say('）', ')')}"
        for row in each(slow)
    ]
    return results.say(
        f"与{reference}相比，接通更慢的有{listed(named, 'zh')}，括号内为接通的风险比，小于一表示接通更慢。",
        f"Answered later than {reference}: {listed(named, 'en')}; in brackets is the hazard ratio of an "
        "answer, where below one means later.",
    )


def waiting_all(results: Results) -> str:
    """Tell waits by every factor."""
    return "".join(waiting_by(results, factor) for factor in CALL_FACTORS)


def waiting_table(results: Results) -> str:
    """Write medians and shares answered soon by factor and value."""
    if "waiting_summary" not in results:
        return ""
    summary = results["waiting_summary"]
    seconds = next(iter(_soon(_first(summary))[1:2]), None)
    header = results.say(
        "因素|类别|进入等候|未接通|占线|中位数/秒|区间",
        "Factor|Value|Waited|Unanswered|Busy|Median, s|Interval",
    ).split("|")
    if seconds:
        header += results.say(f"{seconds}秒内接通|区间", f"Within {seconds} s|Interval").split("|")
    rows = []
    for row in each(summary):
        cells: list[Any] = [
            *_row_names(results, row), count(row.n), count(row.unanswered), count(row.busy),
            "—" if pd.isna(row.median) else count(row.median),
            short_span(row.median_low, row.median_high, "{:.0f}"),
        ]  # fmt: skip
        if seconds:
            low, high = (getattr(row, f"within_{seconds}_{end}") for end in ("low", "high"))
            cells += [
                percent(getattr(row, f"within_{seconds}")),
                short_percents(low, high),
            ]
        rows.append(cells)
    align, widths = "llrrrrr", (11, 19, 9, 9, 8, 10, 11)
    if seconds:
        align, widths = align + "rr", (*widths, 11, 17)
    return table(header, rows, align, widths)


def how_waited(results: Results) -> str:
    """Say how waits were estimated, as the run tells it."""
    return told(results, "waiting")


def _row_names(results: Results, row: Any) -> tuple[str, str]:
    if row.factor == "all":
        return results.say("全部", "All"), ""
    factor, value = call_factor(results, row.factor), call_value(results, row.factor, row.value)
    return capital(factor), capital(value)


def _seconds(results: Results, row: Any) -> str:
    known = span(results, row.median_low, row.median_high, "{:.0f}")
    if pd.isna(row.median):
        return results.say("无法估计", "cannot be told")
    said = results.say(f"为{count(row.median)}秒", f"is {count(row.median)} seconds")
    return said + (results.say(f"（区间{known}）", f" (interval {known})") if known else "")


def _soon(row: Any) -> Sequence[int]:
    """Return the seconds for which a row tells the share answered."""
    return [each_ for each_ in SOON if pd.notna(getattr(row, f"within_{each_}", float("nan")))]


def _whole(results: Results) -> Any | None:
    if "waiting_summary" not in results:
        return None
    return next(each(results["waiting_summary"].query("factor == 'all'")), None)


def _value(results: Results, row: Any) -> str:
    return cell(call_value(results, row.factor, row.value))


def _first(rows: pd.DataFrame) -> Any:
    return next(each(rows))
