import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit.consistency import (
    check_consistency,
    cronbach_alpha,
    mcdonald_omega,
    one_factor,
)
from analysis.audit.evidence import Evidence
from indicators.scores import score
from indicators.system import System
from survey.records import Records


@settings(max_examples=30)
@given(st.lists(st.floats(0.2, 0.95), min_size=3, max_size=8))
def test_one_factor_is_recovered_where_there_is_one(loadings):
    given_loadings = np.array(loadings)
    correlation = np.outer(given_loadings, given_loadings)
    np.fill_diagonal(correlation, 1)
    assert one_factor(correlation) == pytest.approx(given_loadings, abs=1e-4)


@given(st.floats(0.05, 0.95), st.integers(3, 10))
def test_omega_is_alpha_where_all_parts_measure_equally_well(r, k):
    correlation = np.full((k, k), r)
    np.fill_diagonal(correlation, 1)
    expected = k * r / (1 + (k - 1) * r)  # Spearman and Brown
    assert cronbach_alpha(correlation) == pytest.approx(expected)
    assert mcdonald_omega(correlation) == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 10_000))
def test_alpha_is_below_omega_of_one_factor(seed):
    random = np.random.default_rng(seed)
    loadings = random.uniform(0.2, 0.9, 5)
    covariance = np.outer(loadings, loadings) + np.diag(random.uniform(0.2, 1, 5))
    assert cronbach_alpha(covariance) <= mcdonald_omega(covariance) + 1e-6


def test_a_part_scored_the_wrong_way_lowers_both():
    loadings = np.array([0.8, 0.8, 0.8, 0.8])
    turned = loadings * [1, 1, 1, -1]
    matrices = [np.outer(each, each) + np.diag(1 - each**2) for each in (loadings, turned)]
    assert cronbach_alpha(matrices[1]) < 0.4 < cronbach_alpha(matrices[0])
    assert mcdonald_omega(matrices[1]) < 0.7 < mcdonald_omega(matrices[0])


def test_extreme_matrices():
    assert cronbach_alpha(np.ones((4, 4))) == pytest.approx(1)
    assert mcdonald_omega(np.ones((4, 4))) == pytest.approx(1)
    assert cronbach_alpha(np.eye(4)) == pytest.approx(0)
    assert (
        mcdonald_omega(np.eye(4)) == pytest.approx(0, abs=1e-6) or mcdonald_omega(np.eye(4)) < 0.5
    )
    assert np.isnan(cronbach_alpha(np.array([[1.0, -1], [-1, 1]])))
    assert np.isnan(mcdonald_omega(np.eye(2)))
    heywood = np.array([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]])
    assert 0.9 < mcdonald_omega(heywood) < 1
    assert np.abs(one_factor(heywood)).max() <= 1


def scale_index(loadings: list[float], respondents: int = 40, units: int = 12):
    """An indicator of some Likert items, and one of a single item."""
    random = np.random.default_rng(0)
    words = {"zh": "甲", "en": "a"}
    names = [f"q{at}" for at in range(len(loadings))]
    items = [
        {"id": name, **words, "table": "responses", "rule": {"likert": [1, 5]}}
        for name in [*names, "alone"]
    ]
    system = System.model_validate(
        {"id": "made", "title": words, "source": words, "children": [
            {"id": "scale", **words, "items": items[:-1]},
            {"id": "single", **words, "items": items[-1:]},
        ]}
    )  # fmt: skip
    n = respondents * units
    common = random.normal(size=n)
    columns = {
        name: np.clip(np.rint(3 + 1.2 * (each * common + np.sqrt(1 - each**2) * noise)), 1, 5)
        for name, each, noise in zip(
            [*names, "alone"], [*loadings, 0.5], random.normal(size=(len(loadings) + 1, n)),
            strict=True,
        )
    }  # fmt: skip
    names_of = [f"u{at}" for at in range(units)]
    frame = pd.DataFrame(
        {"response_id": [f"r{at}" for at in range(n)], "unit": np.repeat(names_of, respondents)}
        | columns,
        index=pd.RangeIndex(2, n + 2, name="row"),
    )
    return score(Records({"responses": frame}), system, names_of)[0]


@pytest.mark.parametrize(
    ("loadings", "verdict"),
    [([0.8] * 4, "pass"), ([0.6] * 4, "warn"), ([0.3] * 4, "fail"), ([0.3] * 2, "warn")],
)
def test_a_scale_is_judged_over_the_questionnaires(loadings, verdict):
    rows = {
        (row.check.id, row.where): row for row in check_consistency(Evidence(scale_index(loadings)))
    }
    alpha = rows[("alpha", "scale")]
    assert alpha.verdict == verdict
    assert f"{len(loadings)}个题项" in alpha.found[0]
    assert ("alpha", "single") not in rows
    assert (("omega", "scale") in rows) == (len(loadings) > 2)
    assert f"{len(loadings) + 1}个题项" in rows[("alpha", "total")].found[0]


def test_an_index_of_opposing_parts_is_a_warning(index_of, correlated):
    scores = index_of(correlated([[0.8], [-0.8], [0.1]]), ["a", "b", "c"])
    verdicts = {row.verdict for row in check_consistency(Evidence(scores))}
    assert verdicts == {"warn"}
