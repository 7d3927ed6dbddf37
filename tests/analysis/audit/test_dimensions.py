import numpy as np
import pytest

from analysis.audit.dimensions import check_dimensions, kmo, parallel_analysis
from analysis.audit.evidence import Evidence


def found(scores) -> dict[tuple[str, str], str]:
    return {(r.check.id, r.where): r.verdict for r in check_dimensions(Evidence(scores))}


def test_kmo_of_two_parts_is_a_half_whatever_they_share():
    for r in (0.1, 0.5, 0.9):
        overall, each = kmo(np.array([[1, r], [r, 1]]))
        assert overall == pytest.approx(0.5)
        assert each == pytest.approx([0.5, 0.5])


def test_kmo_of_a_singular_matrix_is_a_number():
    values = np.random.default_rng(0).normal(size=(50, 3))
    overall, each = kmo(np.corrcoef(np.column_stack([values, values.sum(axis=1)]).T))
    assert 0 <= overall <= 1
    assert ((each >= 0) & (each <= 1)).all()


def test_chance_has_no_dimension_and_two_factors_have_two(correlated):
    noise = np.corrcoef(correlated([[0.0]] * 6, seed=1).T)
    assert parallel_analysis(noise, 200)[0] == 0
    two = np.corrcoef(correlated([[0.8, 0]] * 3 + [[0, 0.8]] * 3).T)
    assert parallel_analysis(two, 200)[0] == 2


def test_the_same_seed_gives_the_same_thresholds():
    one, other = (parallel_analysis(np.eye(4), 50, seed=7)[1] for _ in range(2))
    assert (one == other).all()
    assert (one != parallel_analysis(np.eye(4), 50, seed=8)[1]).any()
    assert (np.diff(one) < 0).all()


def test_one_thing_and_two_things(index_of, correlated):
    one = found(index_of(correlated([[0.8]] * 4), list("abcd")))
    assert one[("one-dimension", "total")] == one[("parallel-analysis", "total")] == "pass"
    two = found(index_of(correlated([[0.8, 0]] * 2 + [[0, 0.8]] * 2), list("abcd")))
    assert two[("parallel-analysis", "total")] == "warn"
    assert two[("one-dimension", "total")] in ("warn", "fail")


def test_a_part_that_points_the_other_way_fails(index_of, correlated):
    scores = index_of(correlated([[0.9], [0.9], [-0.9]]), list("abc"))
    row = next(r for r in check_dimensions(Evidence(scores)) if r.check.id == "one-dimension")
    assert row.verdict == "fail"
    assert "“c项”" in row.found[0]


def test_the_tree_is_held_against_the_data(index_of, correlated):
    values = correlated([[0.85, 0]] * 3 + [[0, 0.85]] * 3)
    right = {"x": ["a", "b", "c"], "y": ["d", "e", "f"]}
    assert found(index_of(values, right))[("tree", "total")] == "pass"
    mixed = index_of(values[:, [0, 1, 3, 2, 4, 5]], {"x": ["a", "b", "d"], "y": ["c", "e", "f"]})
    row = next(r for r in check_dimensions(Evidence(mixed)) if r.check.id == "tree")
    assert row.value == pytest.approx(4 / 6)
    assert row.verdict == "warn"
    assert "“d项”" in row.found[0]


def test_unrelated_indicators_are_not_fit_for_components(index_of):
    """The partial correlations of a sum's parts exceed their correlations: KMO near 0."""
    random = np.random.default_rng(0)
    free = random.uniform(0, 3, (200, 3))
    values = np.column_stack([free, free.sum(axis=1) + random.normal(0, 0.05, 200)])
    verdicts = found(index_of(values.clip(0, 10), list("abcd")))
    assert verdicts[("kmo", "total")] == "fail"
    assert {verdicts[("kmo", each)] for each in "abcd"} == {"warn"}


def test_fewer_units_than_indicators_leave_components_alone(index_of):
    values = np.random.default_rng(0).uniform(0, 10, (11, 12))
    checks = {check for check, _ in found(index_of(values, list("abcdefghijkl")))}
    assert checks == {"one-dimension"}
