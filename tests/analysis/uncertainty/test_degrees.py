"""Degrees of freedom of sums, and what few of them do to comparisons."""

import numpy as np
import pytest
from scipy import stats

from analysis.trends.judging import judge
from analysis.uncertainty.degrees import pooled_degrees


def test_equal_terms_add_their_degrees_and_a_certain_one_adds_none():
    variances = np.array([[1.0, 4.0, 0.0], [1.0, 0.0, 0.0]])
    degrees = np.array([[5.0, 7.0, 3.0], [5.0, 9.0, 3.0]])
    assert pooled_degrees(variances, degrees) == pytest.approx([10, 7, np.inf])


def test_as_welch_has_them_for_two_means():
    first, second = np.array([3.0, 5.0, 9.0, 4.0]), np.array([1.0, 8.0, 2.0, 2.0, 6.0, 3.0])
    variances = np.array([first.var(ddof=1) / 4, second.var(ddof=1) / 6])
    found = pooled_degrees(variances, np.array([3.0, 5.0]))
    assert found == pytest.approx(stats.ttest_ind(first, second, equal_var=False).df)


def test_few_degrees_widen_what_a_change_is_judged_by():
    change, error = np.array([1.0]), np.array([0.5])
    known, few = judge(change, error, 0.95, "bh"), judge(change, error, 0.95, "bh", 4.0)
    assert known["p"][0] == pytest.approx(2 * stats.norm.sf(2))
    assert few["p"][0] == pytest.approx(2 * stats.t.sf(2, 4))
    assert few["low"][0] < 0 < known["low"][0]
