"""A plan says what varies, in a few keys; what is wrong with it is told all at once."""

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.distributions import Distribution
from analysis.uncertainty.factors import (
    AS_IT_IS,
    OptionFactor,
    WeightFactor,
    factor_table,
    method_factors,
)
from indicators.rules import LikertRule
from survey.findings import InputError
from survey.yaml_source import Strict, read_yaml


class File(Strict):
    method: MethodPlan = MethodPlan()


def plan(text: str, tmp_path) -> MethodPlan:
    path = tmp_path / "edition.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path, File).method


def factors(small, **keys):
    return method_factors(MethodPlan.model_validate(keys), small().system)


def test_by_default_every_weight_that_counts_beside_others_varies_by_a_quarter(small):
    """An only child and an indicator that adds a bonus have no weight to vary."""
    found = factors(small)
    assert [each.name for each in found] == [
        f"{name}.weight" for name in ("service", "speed", "tone", "outcome", "solved", "load")
    ]
    assert all(isinstance(each, WeightFactor) for each in found)
    assert {each.distribution.uniform for each in found} == {0.25}


def test_a_plan_in_yaml(small, tmp_path):
    text = """
method:
  draws: 100
  seed: 3
  weights: {level_1: {dirichlet: 30}, speed: {normal: 0.1}}
  aggregate: [geometric, {power: 0.5}]
  missing: {outcome: [worst]}
  normalise: {q1: [{likert: [1, 4]}], load: [{zscore: [5, 2]}, {ranked: rank}]}
  leave_out: each
  alternatives:
    heavier: {service.weight: 2, extra.bonus: 2}
    stricter: [{total.minimum_coverage: 0.9}, {total.minimum_coverage: 1}]
"""
    stated = plan(text, tmp_path)
    found = {each.name: each for each in method_factors(stated, small().system)}
    assert [*found] == [
        "service.weight", "speed.weight", "outcome.weight", "total.aggregate", "outcome.missing",
        "q1.rule", "load.rule", "leave_out", "heavier", "stricter",
    ]  # fmt: skip
    options = {
        name: [option.name for option in each.options]
        for name, each in found.items()
        if isinstance(each, OptionFactor)
    }
    assert options["total.aggregate"] == ["as_it_is", "geometric", "power: 0.5"]
    assert options["leave_out"] == ["as_it_is", "speed", "tone", "solved", "load", "extra"]
    assert options["stricter"][1:] == ["total.minimum_coverage: 0.9", "total.minimum_coverage: 1"]
    (rule,) = found["q1.rule"].options[1:]
    assert rule.changes == {"q1": {"rule": LikertRule(likert=(1, 4)).model_dump()}}
    load = found["load.rule"].options[1].changes
    assert [*load] == ["f1", "f2"] and load["f1"]["rule"]["direction"] == "higher"
    assert found["heavier"].options[1].changes == {"service": {"weight": 2}, "extra": {"bonus": 2}}
    table = factor_table(tuple(found.values()))
    assert table["option"].isna().sum() == 3
    assert table.loc[table["option"] == "geometric", "option_zh"].item() == "几何平均"


def test_the_narrowest_key_of_weights_holds_and_one_distribution_may_stand_alone(small):
    (only,) = {each.distribution.triangular for each in factors(small, weights={"triangular": 0.1})}
    assert only == 0.1
    stated = {"speed": {"normal": 0.1}, "all": {"uniform": 0.5}, "level_1": {"uniform": 0.2}}
    found = {each.indicator: each.distribution for each in factors(small, weights=stated)}
    assert found["speed"].normal == 0.1 and found["tone"].uniform == 0.5
    assert found["service"].uniform == 0.2
    assert factors(small, weights={}) == ()


def test_alternatives_for_all_figures_keep_the_direction_of_each(flat):
    scores = flat(np.array([[1.0, 2], [3, 4], [5, 1]]))
    data = scores.system.model_dump(exclude_unset=True)
    data["children"][1]["items"][0]["rule"] = {"goalposts": [0, 10], "direction": "lower"}
    system = type(scores.system).model_validate(data)
    stated = MethodPlan.model_validate({"weights": {}, "normalise": [{"minmax": [0, 10]}]})
    (found,) = method_factors(stated, system)
    changes = found.options[1].changes
    assert found.name == "total.rule"
    assert {name: keys["rule"]["direction"] for name, keys in changes.items()} == {
        "f0": "higher",
        "f1": "lower",
    }


def test_what_names_the_method_as_it_is_stands_first_once(small):
    (found,) = factors(small, weights={}, missing=["rescale", "worst", "no_score"])
    assert found.options[0] is AS_IT_IS
    assert [option.name for option in found.options] == ["as_it_is", "worst", "no_score"]


def test_all_that_is_wrong_is_told_at_once_with_the_nearest_right_name(small):
    stated = MethodPlan.model_validate(
        {
            "weights": {"servise": {"uniform": 0.1}, "extra": {"uniform": 0.1}},
            "aggregate": {"otcome": ["geometric"]},
            "normalise": {"q9": [{"likert": [1, 4]}], "q3": [{"minmax": [0, 10]}]},
            "leave_out": ["sped", "total"],
            "alternatives": {
                "heavier": {"service.wieght": 2},
                "negative": {"service.weight": -1},
                "infinite": [{"service.weight": float("inf")}],
                "same": {"service.weight": 1},
            },
        }
    )
    with pytest.raises(InputError) as error:
        method_factors(stated, small().system, "edition.yaml")
    told = {each.column: each for each in error.value.findings}
    assert {each.file for each in told.values()} == {"edition.yaml"}
    hints = {
        "method.weights.servise": "did you mean 'service'?",
        "method.aggregate.otcome": "did you mean 'outcome'?",
        "method.leave_out.sped": "did you mean 'speed'?",
        "method.alternatives.heavier.children.0.wieght": "did you mean 'weight'?",
    }
    assert {column: told[column].hint for column in hints} == hints
    assert told["method.normalise.q9"].expected == "an item, or an indicator with items"
    assert (
        "minmax compares units"
        in told["method.normalise.q3.children.0.children.1.items.0"].expected
    )
    assert told["method.alternatives.negative.children.0.weight"].got == "-1"
    assert told["method.alternatives.infinite.children.0.weight"].got == "inf"
    for column in ("method.weights.extra", "method.leave_out", "method.alternatives.same"):
        assert told[column].check == "wrong-value"


def test_two_factors_must_not_change_one_key(small):
    with pytest.raises(InputError, match=r"total.aggregate and rougher") as error:
        factors(
            small, aggregate=["geometric"], alternatives={"rougher": {"total.aggregate": "minimum"}}
        )
    assert error.value.findings[0].column == "method.total.aggregate"
    with pytest.raises(InputError, match="a name of its own"):
        factors(small, alternatives={"service.weight": {"extra.bonus": 2}})


def test_a_dirichlet_distribution_is_of_all_siblings(small):
    with pytest.raises(InputError, match="one dirichlet for all indicators below 'total'"):
        factors(small, weights={"service": {"dirichlet": 20}})
    assert len(factors(small, weights={"level_1": {"dirichlet": 20}})) == 2


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("{wieghts: {uniform: 0.2}}", "did you mean 'weights'"),
        ("{weights: {all: {unifrom: 0.2}}}", "did you mean 'uniform'"),
        ("{weights: {uniform: 1.2}}", "less than or equal to 1"),
        ("{weights: {dirichlet: .inf}}", "finite"),
        ("{aggregate: [geometrical]}", "geometric"),
        ("{missing: [best]}", "rescale"),
        ("{alternatives: {heavier: {goal: 2}}}", "ID.KEY: value"),
        ("{base: 100}", "a power of 2, such as 128"),
        ("{aggregate: []}", "at least 1"),
    ],
)
def test_a_misspelt_key_or_value_is_an_error_with_its_line(stated, expected, tmp_path):
    with pytest.raises(InputError) as error:
        plan(f"\nmethod:\n  {stated}\n", tmp_path)
    assert expected in str(error.value)
    assert all(each.row == 3 for each in error.value.findings)


QUANTILES = (np.arange(4000) + 0.5) / 4000


@pytest.mark.parametrize("stated", [{"uniform": 0.25}, {"triangular": 0.25}, {"normal": 0.25}])
def test_factors_of_weights_have_mean_1_and_never_fall_below_0(stated):
    found = TypeAdapter(Distribution).validate_python(stated).at(QUANTILES, 0.3)
    assert found.mean() == pytest.approx(1, abs=1e-4)
    assert found.min() >= (0 if "normal" in stated else 0.75)
    assert (np.diff(found) > 0).all()
    sd = {"uniform": 0.25 / np.sqrt(3), "triangular": 0.25 / np.sqrt(6), "normal": 0.25}
    assert found.std() == pytest.approx(sd[next(iter(stated))], rel=0.01)


def test_dirichlet_shares_have_their_means_and_the_variance_of_a_beta_distribution():
    """A share of a Dirichlet distribution is beta distributed, with parameters c s and c (1 - s)."""
    distribution = TypeAdapter(Distribution).validate_python({"dirichlet": 40})
    random = np.random.default_rng(2)
    shares = np.array([0.5, 0.3, 0.2])
    drawn = np.array([s * distribution.at(random.random(20_000), s) for s in shares])
    drawn /= drawn.sum(axis=0)
    for share, values in zip(shares, drawn, strict=True):
        assert stats.kstest(values, stats.beta(40 * share, 40 * (1 - share)).cdf).pvalue > 0.001
    assert (distribution.at(QUANTILES, 0.0) == 1).all()
