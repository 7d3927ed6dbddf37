import numpy as np
import pytest

from analysis.audit.coverage import check_coverage
from analysis.audit.distributions import check_outliers
from analysis.audit.evidence import Evidence


def verdicts(rows) -> dict[str, str]:
    return {row.where: row.verdict for row in rows}


@pytest.mark.parametrize(("missing", "verdict"), [(0, "pass"), (5, "warn"), (9, "fail")])
def test_an_indicator_is_judged_by_the_share_of_units_it_has(index_of, missing, verdict):
    values = np.random.default_rng(0).uniform(1, 9, (20, 3))
    values[:missing, 0] = np.nan
    found = verdicts(check_coverage(Evidence(index_of(values, ["a", "b", "c"]))))
    assert (found["a"], found["b"]) == (verdict, "pass")


def test_a_thin_unit_is_named(index_of):
    values = np.random.default_rng(0).uniform(1, 9, (20, 5))
    values[7, :2] = np.nan
    rows = {r.where: r for r in check_coverage(Evidence(index_of(values, list("abcde"))))}
    assert rows["units"].verdict == "fail"
    assert rows["units"].value == pytest.approx(0.6)
    assert "u007" in rows["units"].found[0]
    assert "u007" in rows["units"].found[1]


def test_what_only_adds_a_bonus_is_a_warning_at_worst(index_of):
    values = np.random.default_rng(0).uniform(1, 9, (20, 3))
    values[:15, 2] = np.nan
    extra = {"c": {"role": "innovation", "bonus": 1}}
    found = verdicts(check_coverage(Evidence(index_of(values, ["a", "b", "c"], extra))))
    assert (found["c"], found["units"]) == ("warn", "pass")


def test_an_indicator_ruled_by_one_value_fails(index_of):
    values = np.random.default_rng(0).normal(3, 0.1, (50, 3))
    values[4, 0] = 10
    found = verdicts(check_outliers(Evidence(index_of(values, ["a", "b", "c"]))))
    assert found == {"a": "fail", "b": "pass", "c": "pass"}


def test_a_skewed_figure_without_heavy_tails_passes(index_of):
    """JRC's rule asks for both: 13 of 100 at the top have skewness 2.2, excess kurtosis 2.9."""
    values = np.where(np.arange(100)[:, None] < [13, 50], 9.0, 3.0)
    assert verdicts(check_outliers(Evidence(index_of(values, ["a", "b"])))) == dict.fromkeys(
        "ab", "pass"
    )


def test_a_figure_that_never_varies_has_no_shape(index_of):
    values = np.column_stack([np.full(20, 5.0), np.linspace(1, 9, 20)])
    assert set(verdicts(check_outliers(Evidence(index_of(values, ["a", "b"]))))) == {"b"}
