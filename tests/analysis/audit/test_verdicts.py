import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit.index import CHECKS
from analysis.audit.verdicts import COLUMNS, SEVERITY, Check, as_table, at_most

LOW = Check("low", ("低", "low"), ("界", "rule"), "s", ("改", "mend it"), warn=0.8, fail=0.5)
HIGH = Check("high", ("高", "high"), ("界", "rule"), "s", ("改", "mend it"), warn=0.1, fail=0.3)


@pytest.mark.parametrize(
    ("check", "value", "verdict"),
    [
        (LOW, 0.8, "pass"), (LOW, 0.79, "warn"), (LOW, 0.5, "warn"), (LOW, 0.49, "fail"),
        (HIGH, 0.1, "pass"), (HIGH, 0.11, "warn"), (HIGH, 0.3, "warn"), (HIGH, 0.31, "fail"),
        (LOW, np.nan, "warn"), (HIGH, np.nan, "warn"),
    ],
)  # fmt: skip
def test_a_value_on_the_bound_is_within_it(check, value, verdict):
    assert check.judge(value) == verdict


@given(st.sampled_from(list(CHECKS.values())), st.floats(-5, 50), st.floats(-5, 50))
def test_a_worse_value_never_gets_a_better_verdict(check, one, other):
    better, worse = (max, min) if check.low_is_bad else (min, max)
    first, second = check.judge(better(one, other)), check.judge(worse(one, other))
    assert SEVERITY[first] >= SEVERITY[second]


def test_at_most_only_softens():
    assert [at_most(each, "warn") for each in ("pass", "warn", "fail")] == ["pass", "warn", "warn"]


def test_advice_is_given_where_a_check_does_not_pass():
    rows = [LOW.row("a", 0.9, ("甲好", "a is good")), LOW.row("b", 0.1, ("乙差", "b is poor"))]
    table = as_table(rows)
    assert tuple(table.columns) == COLUMNS
    assert table["zh"].tolist() == ["甲好。", "乙差；改。"]
    assert table["en"].tolist() == ["A is good.", "B is poor; mend it."]
    assert table["value"].dtype == np.float64


def test_an_audit_of_nothing_has_the_same_columns():
    assert tuple(as_table([]).columns) == COLUMNS


def test_every_check_says_its_rule_and_source_in_both_languages():
    for name, check in CHECKS.items():
        assert check.id == name
        assert check.source or name.startswith("published-")
        for zh, en in (check.name, check.rule, check.advice):
            assert any("一" <= char <= "鿿" for char in zh)
            assert en.isascii()
