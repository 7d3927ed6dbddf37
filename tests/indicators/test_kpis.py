from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.kpis.checks import MOST_CASES, check_kpis
from indicators.kpis.pooling import pooled, pooled_targets
from indicators.kpis.registry import (
    REGISTRY,
    Kpi,
    Registry,
    ceilings,
    mean_rate,
    read_registry,
    refuse_relations,
    why_incomparable,
)
from survey.findings import InputError, Severity
from survey.yaml_source import read_yaml

KPIS = read_registry().kpis
DOCS = Path(__file__).parents[2] / "docs" / "kpis.md"
COLUMNS = ["unit", "kpi", "numerator", "denominator", "value", "period", "clock_start", "target"]


def table(*rows: tuple) -> pd.DataFrame:
    """Rows of (unit, kpi, numerator, denominator, value, period, clock_start, target)."""
    filled = [(*row, *[None] * (len(COLUMNS) - len(row))) for row in rows]
    frame = pd.DataFrame(filled, columns=COLUMNS).astype(
        dict.fromkeys(("numerator", "denominator", "value", "target"), float)
        | dict.fromkeys(("unit", "kpi", "period", "clock_start"), "str")
    )
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


def refused(*rows: tuple):
    with pytest.raises(InputError) as error:
        pooled(table(*rows), KPIS, "kpis.csv")
    return error.value.findings


def edited(tmp_path: Path, edit) -> Path:
    data = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    edit(data)
    path = tmp_path / "kpis.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


# the registry


def test_every_kpi_of_the_trade_has_its_definition():
    wanted = {
        "人工接通率": ("answered_rate", "calls_to_agents", "queue_entry", "higher"),
        "15 秒接通率": ("answered_15s_rate", "calls_to_agents", "queue_entry", "higher"),
        "20 秒接通率": ("answered_20s_rate", "calls_to_agents", "queue_entry", "higher"),
        "平均等待时长": ("mean_wait", "calls_answered", "queue_entry", "lower"),
        "放弃率": ("abandonment_rate", "calls_to_agents", "queue_entry", "lower"),
        "首解率": ("first_contact_resolution", "matters_accepted", None, "higher"),
        "按时办结率": ("closed_in_time_rate", "tickets_due", "ticket_dispatch", "higher"),
        "解决率": ("resolved_rate", "callers_called_back", None, "higher"),
        "话后满意度": ("post_call_satisfaction", "ratings_given", None, "higher"),
        "回访满意度": ("callback_satisfaction", "callers_called_back", None, "higher"),
        "评价参与率": ("rating_participation", "ratings_invited", None, "higher"),
        "二次派单率": ("redispatch_rate", "tickets_dispatched", None, "lower"),
        "重办率": ("reopened_rate", "tickets_closed", None, "lower"),
        "超期工单": ("overdue_tickets", None, "ticket_dispatch", "lower"),
        "积压单量": ("backlog", None, None, "lower"),
        "来电量": ("call_volume", None, None, "neutral"),
        "平均排队数": ("queue_length", "queue_observations", None, "lower"),
        "置忙时长占比": ("not_ready_rate", "logged_in_hours", None, "lower"),
        "平均事后处理时长": ("after_call_work", "calls_answered", "call_ended", "lower"),
        "平均通话时长": ("mean_talk_time", "calls_answered", "call_answered", "neutral"),
        "直办率": ("direct_answer_rate", "matters_accepted", None, "higher"),
        "派单准确率": ("dispatch_accuracy", "tickets_dispatched", None, "higher"),
        "员工派单率": ("dispatch_rate", "matters_accepted", None, "neutral"),
        "责任事件量": ("liable_incidents", None, None, "lower"),
        "签收及时率": ("signed_in_time_rate", "tickets_dispatched", "ticket_dispatch", "higher"),
        "质检合格率": ("inspection_pass_rate", "inspections", None, "higher"),
        "投诉率": ("complaint_rate", "calls_answered", None, "lower"),
    }
    held = {
        kpi.zh: (name, kpi.denominator, kpi.clock_start, kpi.direction)
        for name, kpi in KPIS.items()
    }
    assert {zh: held.get(zh) for zh in wanted} == wanted


def test_names_bases_and_units_are_each_used_once_and_bilingual():
    registry = read_registry()
    for names in (registry.units, registry.bases, registry.kpis):
        assert all(each.zh and each.en for each in names.values())
        assert len({each.zh for each in names.values()}) == len(names)
        assert len({each.en for each in names.values()}) == len(names)
    used = {b for k in KPIS.values() for b in (k.numerator, k.denominator, k.clock_start)}
    assert set(registry.bases) == used - {None}
    assert set(registry.units) == {kpi.unit for kpi in KPIS.values()}
    assert {k.unit for k in KPIS.values() if k.kind == "rate"} == {"%"}


def test_answering_in_15_seconds_is_of_the_standard_and_below_all_answering():
    assert KPIS["answered_15s_rate"].clause == KPIS["answered_rate"].clause == "GB/T 33358-2016"
    assert ceilings("answered_15s_rate", KPIS) == ("answered_20s_rate", "answered_rate")


def test_the_page_of_kpis_says_what_the_registry_says():
    registry = read_registry()

    def named(basis: str | None) -> str:
        return f"{registry.bases[basis].zh}<br>{registry.bases[basis].en}" if basis else "—"

    better = {"higher": "高", "lower": "低", "neutral": "—"}
    rows = [
        f"| `{name}` | {kpi.zh}<br>{kpi.en} | {kpi.kind}{', stock' if kpi.stock else ''} "
        f"| {named(kpi.numerator)} | {named(kpi.denominator)} | {named(kpi.clock_start)} "
        f"| {better[kpi.direction]} {kpi.direction} | {kpi.unit} | {kpi.clause or '—'} |"
        for name, kpi in registry.kpis.items()
    ]
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == rows


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d["kpis"]["backlog"].update(denominator="inspections"), "none for a count"),
        (lambda d: d["kpis"]["mean_wait"].pop("denominator"), "a denominator for a rate or a mean"),
        (lambda d: d["kpis"]["mean_wait"].update(stock=True), "stock: true for a count only"),
        (lambda d: d["kpis"]["mean_wait"].update(numerator="wait_second"), "'wait_seconds'"),
        (lambda d: d["kpis"]["mean_wait"].update(clock_start="queue_entri"), "'queue_entry'"),
        (lambda d: d["kpis"]["mean_wait"].update(unit="sec"), "a unit for 'mean_wait'"),
        (
            lambda d: d["kpis"]["abandonment_rate"].update(at_most="answered_rat"),
            "did you mean 'answered_rate'?",
        ),
        (
            lambda d: d["kpis"]["redispatch_rate"].update(at_most="answered_rate"),
            "different denominators",
        ),
        (
            lambda d: d["kpis"]["answered_rate"].update(at_most="answered_15s_rate"),
            "not to lead back",
        ),
        (lambda d: d["bases"]["queue_entry"].pop("en"), "the key 'en'"),
        (lambda d: d["kpis"]["backlog"].update(direction="down"), "'higher', 'lower' or 'neutral'"),
    ],
)
def test_a_wrong_registry_is_refused_with_the_reason(tmp_path, edit, said):
    with pytest.raises(InputError) as error:
        read_yaml(edited(tmp_path, edit), Registry)
    assert said in str(error.value)


# what may be compared


def kpi(**changes) -> Kpi:
    return KPIS["answered_rate"].model_copy(update=changes)


def test_why_two_kpis_may_not_be_compared():
    first = kpi()
    assert why_incomparable(first, KPIS["answered_15s_rate"]) == ""
    assert "different denominators" in why_incomparable(first, KPIS["resolved_rate"])
    assert "is a rate" in why_incomparable(first, KPIS["mean_wait"])
    assert "is in %" in why_incomparable(first, kpi(unit="s"))
    assert "clock" in why_incomparable(first, kpi(clock_start="call_ended"))
    assert "nothing" in why_incomparable(first, kpi(clock_start=None))


def test_mean_of_rates_on_one_denominator_is_pooled():
    # (900 + 700) / (1000 + 1000) = 0.8
    figures = {"answered_rate": (900.0, 1000.0), "answered_15s_rate": (700.0, 1000.0)}
    assert mean_rate(figures, KPIS) == 0.8


def test_mean_of_rates_on_different_denominators_says_why():
    with pytest.raises(InputError) as error:
        mean_rate({"answered_rate": (9, 10), "resolved_rate": (8, 10)}, KPIS)
    (finding,) = error.value.findings
    assert finding.check == "incomparable-kpis"
    assert "counted on calls_to_agents" in finding.got
    assert "on callers_called_back" in finding.got


def test_mean_of_unknown_kpis_counts_and_nothing():
    with pytest.raises(InputError) as error:
        mean_rate({"answerd_rate": (0, 0), "backlog": (0, 0)}, KPIS)
    checks = [finding.check for finding in error.value.findings]
    assert checks == ["unknown-kpi", "count-has-no-mean", "zero-denominator"]
    assert "did you mean 'answered_rate'?" in error.value.findings[0].hint


def test_at_most_of_a_systems_own_kpis():
    own = {**KPIS, "quick": kpi(at_most="nothing_like_it")}
    assert ceilings("quick", own) == ()
    with pytest.raises(ValueError, match="'quick' to be a KPI"):
        refuse_relations(own)


# pooling


def test_periods_are_pooled_by_their_counts():
    values, findings = pooled(
        table(
            ("甲", "answered_rate", 90, 100, None, "2025-01"),
            ("甲", "answered_rate", 200, 400, 0.5, "2025-02"),
            ("甲", "mean_wait", 900, 90, None, "2025-01"),
            ("甲", "mean_wait", 6000, 200, 30, "2025-02"),
            ("甲", "call_volume", None, None, 120, "2025-01"),
            ("甲", "call_volume", 480, None, None, "2025-02"),
            ("甲", "backlog", None, None, 30, "2025-02"),
            ("甲", "backlog", None, None, 50, "2025-01"),
            ("乙", "answered_rate", None, None, 0.75, "2025-01"),
        ),
        KPIS,
    )
    assert list(values["unit"]) == ["甲", "乙"]
    first = values.set_index("unit").loc["甲"]
    assert first["answered_rate"] == 290 / 500  # not the mean of 0.9 and 0.5
    assert first["mean_wait"] == 6900 / 290
    assert first["call_volume"] == 600
    assert first["backlog"] == 30  # a stock: the last period, whatever the order of rows
    assert values.set_index("unit").loc["乙", "answered_rate"] == 0.75
    assert findings == ()


def test_an_empty_table_has_no_values():
    values, findings = pooled(table(), KPIS)
    assert list(values.columns) == ["unit"] and values.empty and findings == ()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1000), st.integers(1, 1000)).filter(lambda p: p[0] <= p[1]),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_a_pooled_rate_does_not_depend_on_the_order_and_lies_within_its_periods(counts, random):
    rows = [("甲", "answered_rate", *pair, None, f"p{at}") for at, pair in enumerate(counts)]
    random.shuffle(rows)
    value = pooled(table(*rows), KPIS)[0].loc[0, "answered_rate"]
    assert value == sum(top for top, _ in counts) / sum(bottom for _, bottom in counts)
    rates = [top / bottom for top, bottom in counts]
    assert min(rates) - 1e-12 <= value <= max(rates) + 1e-12


def test_targets_are_pooled_as_the_values_are():
    targets = pooled_targets(
        table(
            ("甲", "answered_rate", 90, 100, None, "1", None, 0.9),
            ("甲", "answered_rate", 200, 300, None, "2", None, 0.8),
            ("甲", "call_volume", 100, None, None, "1", None, 110),
            ("甲", "call_volume", 300, None, None, "2", None, 290),
            ("甲", "backlog", 9, None, None, "1", None, 8),
            ("甲", "backlog", 7, None, None, "2", None, 6),
            ("乙", "mean_wait", None, None, 12, "1", None, 15),
        ),
        KPIS,
    )
    assert targets.loc["甲", "answered_rate"] == pytest.approx((0.9 * 100 + 0.8 * 300) / 400)
    assert targets.loc["甲", "call_volume"] == 400
    assert targets.loc["甲", "backlog"] == 6
    assert targets.loc["乙", "mean_wait"] == 15
    assert np.isnan(targets.loc["乙", "backlog"])


# faults: each one with file, row, expected, got, hint


@pytest.mark.parametrize(
    ("rows", "check", "row", "column", "expected", "got", "hint"),
    [
        (
            [("甲", "answerd_rate", 9, 10)],
            "unknown-kpi", 2, "kpi", "a KPI of the registry", "'answerd_rate' of 甲",
            "did you mean 'answered_rate'?",
        ),
        (
            [("甲", "answered_rate", None, None, 95)],
            "percent-for-rate", 2, "value", "a rate from 0 to 1", "answered_rate of 甲: value 95",
            "95 looks like a percentage: write 0.95",
        ),
        (
            [("甲", "answered_rate", 110, 100, None, "1月")],
            "impossible-rate", 2, "kpi", "a rate from 0 to 1",
            "answered_rate of 甲 in 1月: numerator 110, denominator 100", "check both",
        ),
        (
            [("甲", "answered_rate", None, None, -0.1)],
            "impossible-rate", 2, "kpi", "a rate from 0 to 1", "value -0.1", "check both",
        ),
        (
            [("甲", "answered_rate", None, None, 950)],
            "impossible-rate", 2, "kpi", "a rate from 0 to 1", "value 950", "check both",
        ),
        (
            [("甲", "mean_wait", -5, 10)],
            "negative-kpi", 2, "kpi", "0 or more", "mean_wait of 甲: numerator -5", "record",
        ),
        (
            [("甲", "answered_rate", 90, 100, 0.95)],
            "value-not-ratio", 2, "value", "numerator / denominator = 0.9", "value 0.95", "blank",
        ),
        (
            [("甲", "backlog", 90, None, 95)],
            "value-not-ratio", 2, "value", "90, as the numerator says", "value 95", "blank",
        ),
        (
            [("甲", "answered_rate", 90, 0)],
            "zero-denominator", 2, "denominator", "above 0", "answered_rate of 甲", "out of none",
        ),
        (
            [("甲", "answered_rate", 90)],
            "half-a-ratio", 2, "denominator", "numerator and denominator, or a value",
            "answered_rate of 甲: numerator 90", "other count",
        ),
        (
            [("甲", "answered_rate", 9, 10, None, "1月")] * 2,
            "repeated-kpi", 3, "kpi", "one row", "answered_rate of 甲 in 1月", "remove one",
        ),
        (
            [
                ("甲", "answered_rate", None, None, 0.9, "1月"),
                ("甲", "answered_rate", 9, 10, None, "2月"),
            ],
            "bare-rates", 2, "value", "a numerator and a denominator", "answered_rate of 甲 in 1月",
            "a mean of rates is not the rate of the whole",
        ),
        (
            [("甲", "mean_wait", None, None, 12, None, "queue_entri")],
            "different-clock", 2, "clock_start", "mean_wait timed from queue_entry",
            "queue_entri for mean_wait of 甲", "did you mean 'queue_entry'?",
        ),
        (
            [("甲", "mean_wait", None, None, 12, None, "call_answered")],
            "different-clock", 2, "clock_start", "mean_wait timed from queue_entry",
            "call_answered for mean_wait of 甲", "cannot be compared",
        ),
        (
            [
                ("甲", "resolved_rate", 1, 2, None, None, "call_ended"),
                ("乙", "resolved_rate", 1, 2, None, None, "ticket_dispatch"),
            ],
            "different-clock", 3, "clock_start", "resolved_rate timed from call_ended",
            "ticket_dispatch for resolved_rate of 乙", "cannot be compared",
        ),
        (
            [
                ("甲", "answered_rate", 90, 100, None, "1月"),
                ("甲", "abandonment_rate", 10, 120, None, "1月"),
            ],
            "different-denominators", 2, "denominator", "one count of calls_to_agents for 甲 in 1月",
            "answered_rate 100, abandonment_rate 120", "count both on the same cases",
        ),
        (
            [("甲", "answered_rate", 90, 100), ("甲", "answered_15s_rate", 95, 100)],
            "impossible-kpi", 3, "kpi", "at most answered_rate, 0.9",
            "0.95 as answered_15s_rate of 甲", "one of the two is wrong",
        ),
        (
            [("甲", "answered_20s_rate", 80, 100), ("甲", "answered_15s_rate", 85, 100)],
            "impossible-kpi", 3, "kpi", "at most answered_20s_rate, 0.8",
            "0.85 as answered_15s_rate of 甲", "within 15 seconds is a part of",
        ),
        (
            [("甲", "answered_rate", 90, 100, None, None, None, 95)],
            "impossible-target", 2, "target", "a rate from 0 to 1",
            "target 95 for answered_rate of 甲", "write 0.95",
        ),
        (
            [("甲", "backlog", 90, None, None, None, None, -1)],
            "impossible-target", 2, "target", "0 or more", "target -1 for backlog of 甲", "check",
        ),
        (
            [
                ("甲", "call_volume", 90, None, None, "1月", None, 100),
                ("甲", "call_volume", 90, None, None, "2月"),
            ],
            "target-for-some-periods", 3, "target", "every period", "call_volume of 甲 in 2月",
            "added up",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_unit_and_kpi(rows, check, row, column, expected, got, hint):
    (finding,) = refused(*rows)
    assert (finding.check, finding.file, finding.row, finding.column) == (
        check,
        "kpis.csv",
        row,
        column,
    )
    assert expected in finding.expected
    assert got in finding.got
    assert hint in finding.hint


def test_all_faults_come_at_once():
    findings = refused(
        ("甲", "answerd_rate", 9, 10),
        ("甲", "answered_rate", None, None, 95),
        ("乙", "answered_rate", 90, 100),
        ("乙", "answered_15s_rate", 95, 100, 0.9),
        ("乙", "mean_wait", -1, 90, None, None, "call_ended"),
    )
    assert [finding.check for finding in findings] == [
        "unknown-kpi",
        "percent-for-rate",
        "negative-kpi",
        "value-not-ratio",
        "different-clock",
        "impossible-kpi",
    ]


def test_more_than_five_cases_of_a_fault_are_counted():
    findings = refused(*[(f"u{at}", "answered_rate", None, None, 90 + at) for at in range(9)])
    assert len(findings) == MOST_CASES
    assert [finding.count for finding in findings] == [1, 1, 1, 1, 5]
    assert "u4" in findings[-1].got and "; and 4 more rows like these" in findings[-1].got
    assert sum(finding.count for finding in findings) == 9


def test_differing_denominators_of_several_units_are_told_one_by_one():
    rows = [
        (unit, name, 50, bottom, None, "1月")
        for unit in ("甲", "乙")
        for name, bottom in (("answered_rate", 100), ("abandonment_rate", 120))
    ]
    findings = refused(*rows)
    assert [finding.expected for finding in findings] == [
        "one count of calls_to_agents for 甲 in 1月",
        "one count of calls_to_agents for 乙 in 1月",
    ]


@pytest.mark.parametrize("value", [0.667, 0.6667, 0.67, 0.666, 2 / 3, 0.66])
def test_a_value_is_its_ratio_as_far_as_it_is_written(value):
    assert check_kpis(table(("甲", "answered_rate", 2, 3, value)), KPIS) == ()


@pytest.mark.parametrize("value", [0.7, 0.68, 0.6687, 0.65])
def test_a_value_off_in_the_last_digit_is_found(value):
    assert [f.check for f in check_kpis(table(("甲", "answered_rate", 2, 3, value)), KPIS)] == [
        "value-not-ratio"
    ]


def test_seconds_may_be_written_whole():
    assert check_kpis(table(("甲", "mean_wait", 1234, 100, 12)), KPIS) == ()
    assert len(check_kpis(table(("甲", "mean_wait", 1234, 100, 14)), KPIS)) == 1


def test_a_rounded_rate_is_not_above_the_one_it_belongs_to():
    rows = ("甲", "answered_rate", 94_996, 100_000), ("甲", "answered_15s_rate", None, None, 0.95)
    assert check_kpis(table(*rows), KPIS) == ()


def test_a_rate_above_two_that_bound_it_is_one_fault():
    rows = [("甲", f"answered_{name}rate", top, 100) for name, top in (("", 80), ("20s_", 80))]
    (finding,) = refused(*rows, ("甲", "answered_15s_rate", 90, 100))
    assert finding.expected == "at most answered_20s_rate, 0.8"


def test_rates_of_other_periods_are_not_held_against_each_other():
    # 15 s: January alone, 0.85; all: January 0.9 and a bad February 0.5, together 0.7
    rows = (
        ("甲", "answered_15s_rate", 85, 100, None, "2025-01"),
        ("甲", "answered_rate", 90, 100, None, "2025-01"),
        ("甲", "answered_rate", 50, 100, None, "2025-02"),
    )
    values, findings = pooled(table(*rows), KPIS)
    assert values.loc[0, "answered_rate"] == 0.7 and findings == ()


def test_a_period_without_cases_is_left_out_and_told():
    rows = ("甲", "resolved_rate", 0, 0, 0, "1月"), ("甲", "resolved_rate", 8, 10, None, "2月")
    values, (finding,) = pooled(table(*rows), KPIS, "kpis.csv")
    assert values.loc[0, "resolved_rate"] == 0.8
    assert (finding.check, finding.severity, finding.row) == ("no-cases", Severity.WARNING, 2)


def test_counts_over_unequal_periods_are_told():
    rows = [("甲", "call_volume", 100, None, None, f"{month}月") for month in (1, 2)]
    values, (finding,) = pooled(table(*rows, ("乙", "call_volume", 100, None, None, "1月")), KPIS)
    assert list(values["call_volume"]) == [200, 100]
    assert (finding.check, finding.severity) == ("uneven-periods", Severity.WARNING)
    assert (finding.expected, finding.got) == (
        "2 periods of call_volume, as in other units",
        "1 in 乙",
    )


def test_a_table_with_the_fewest_columns_is_read():
    frame = pd.DataFrame({"unit": ["甲"], "kpi": ["answered_rate"], "value": [0.9]})
    assert pooled(frame, KPIS)[0].loc[0, "answered_rate"] == 0.9
