import numpy as np
import pytest
from scipy import stats

from analysis.audit.evidence import Evidence
from analysis.audit.weights import check_effective_weights, effective_weights, main_effect


def test_the_main_effect_of_a_curve():
    """y = sin(2x) + e: V(E(y|x)) / V(y) = 0.4998 / (0.4998 + 0.25) = 0.667; r^2 is 0.11."""
    random = np.random.default_rng(0)
    x = random.normal(size=5000)
    y = np.sin(2 * x) + random.normal(0, 0.5, 5000)
    assert main_effect(x, y) == pytest.approx(0.667, abs=0.02)
    assert np.corrcoef(x, y)[0, 1] ** 2 < 0.12


def test_the_main_effect_of_a_line_is_the_squared_correlation():
    random = np.random.default_rng(0)
    x = random.normal(size=2000)
    y = x + random.normal(size=2000)
    assert main_effect(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, abs=0.01)


def test_chance_has_no_main_effect_on_average():
    random = np.random.default_rng(0)
    effects = [main_effect(*random.normal(size=(2, 40))) for _ in range(200)]
    assert np.mean(effects) < 0.08


def test_the_main_effect_of_groups_is_eta_squared_adjusted():
    random = np.random.default_rng(0)
    x = np.repeat([1.0, 2, 3], 30)
    y = np.repeat([1.0, 3, 0], 30) + random.normal(size=90)
    f = stats.f_oneway(*(y[x == each] for each in (1, 2, 3))).statistic
    eta = 2 * f / (2 * f + 87)
    assert main_effect(x, y) == pytest.approx(1 - (1 - eta) * 89 / 87)


def test_ties_and_order_do_not_matter():
    random = np.random.default_rng(0)
    x = random.integers(0, 15, 80).astype(float)
    y = x + random.normal(size=80)
    order = random.permutation(80)
    assert main_effect(x, y) == pytest.approx(main_effect(x[order], y[order]))
    assert 0 <= main_effect(x, y) <= 1


def test_equal_weights_of_unequal_spread(index_of):
    """The parent follows the part that varies most, whatever the weights say."""
    random = np.random.default_rng(0)
    values = 5 + random.normal(size=(300, 3)) * [0.3, 0.3, 1.2]
    scores = index_of(values.clip(0, 10), ["a", "b", "c"])
    table = effective_weights(scores).set_index("child")
    assert table["nominal"].to_numpy() == pytest.approx([1 / 3] * 3)
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["c", "share"] > 0.75
    verdicts = {r.where: r.verdict for r in check_effective_weights(Evidence(scores))}
    assert verdicts == dict.fromkeys("abc", "fail")


def test_weights_that_hold(index_of):
    values = np.random.default_rng(0).normal(5, 1, (300, 3)).clip(0, 10)
    verdicts = {
        r.where: r.verdict for r in check_effective_weights(Evidence(index_of(values, list("abc"))))
    }
    assert verdicts == dict.fromkeys("abc", "pass")


def test_a_part_that_never_varies_has_no_effect(index_of):
    values = np.random.default_rng(0).normal(5, 1, (50, 3)).clip(0, 10)
    values[:, 1] = 4
    rows = {r.where: r for r in check_effective_weights(Evidence(index_of(values, list("abc"))))}
    assert rows["b"].verdict == "fail"
    assert "0%" in rows["b"].found[0]


def test_a_part_against_its_parent_fails(index_of, correlated):
    values = correlated([[0.9], [0.9], [0.9], [-0.9]])
    rows = {r.where: r for r in check_effective_weights(Evidence(index_of(values, list("abcd"))))}
    assert rows["d"].verdict == "fail"


def test_too_few_units_are_told_as_unknown(index_of):
    values = np.random.default_rng(0).uniform(1, 9, (5, 2))
    rows = list(check_effective_weights(Evidence(index_of(values, ["a", "b"]))))
    assert {row.verdict for row in rows} == {"warn"}
    assert "无法估计" in rows[0].found[0]
