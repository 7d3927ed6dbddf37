import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indicators.scores import score
from indicators.system import System
from indicators.weights.from_data import critic_weights, entropy_weights, pca_weights
from indicators.weights.methods import AhpWeights, BudgetWeights, ImpliedWeights
from survey.findings import InputError
from survey.records import Records

MEANS_2021 = {
    # the published report of 2021, figures 2, 3, 11 and 12: means of 价值创造 and its three parts
    # for citizens and for enterprises
    "parent": [6.85, 6.85],
    "implied": {"department": [7.31, 7.64], "governance": [6.78, 7.39], "society": [6.57, 6.52]},
}


def ahp(matrix: dict, **more: object) -> AhpWeights:
    return AhpWeights.model_validate({"ahp": matrix, **more})


def test_ahp_takes_fractions_and_either_triangle():
    upper = ahp({"a": {"b": 2, "c": 6}, "b": {"c": 3}})
    lower = ahp({"b": {"a": "1/2"}, "c": {"a": "1/6", "b": "1/3"}})
    full = ahp(
        {"a": {"a": 1, "b": 2, "c": 6}, "b": {"a": 0.5, "c": 3}, "c": {"a": 0.167, "b": "1/3"}}
    )
    for method in (upper, lower, full):
        assert set(method.names) == {"a", "b", "c"}
        found = method.weigh("abc")
        assert found.weight == pytest.approx([0.6, 0.3, 0.1], abs=2e-4)
    assert upper.weigh("abc").weight == pytest.approx([0.6, 0.3, 0.1], abs=1e-12)
    assert upper.weigh("abc").statistics["lambda_max"] == pytest.approx(3, abs=1e-12)
    assert upper.weigh("cba").weight == pytest.approx([0.1, 0.3, 0.6], abs=1e-12)


def test_ahp_of_two_members_is_always_consistent():
    found = ahp({"a": {"b": 9}}).weigh("ab")
    assert found.weight == pytest.approx([0.9, 0.1])
    assert found.statistics["consistency_ratio"] == 0


@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=8))
def test_ahp_recovers_the_weights_of_consistent_comparisons(raw):
    names = [f"m{i}" for i in range(len(raw))]
    matrix = {
        a: {b: x / y for b, y in zip(names, raw, strict=True) if b != a}
        for a, x in zip(names, raw, strict=True)
    }
    found = ahp(matrix).weigh(names)
    assert found.weight == pytest.approx(np.array(raw) / sum(raw), abs=1e-9)
    assert abs(found.statistics["consistency_ratio"]) < 1e-9


CIRCLE = {"a": {"b": 3, "c": "1/3"}, "b": {"c": 3}}


def test_inconsistent_comparisons_are_refused_unless_accepted():
    with pytest.raises(ValidationError, match=r"consistency ratio of at most 0.1 \(it is 1\.\d+"):
        ahp(CIRCLE)
    found = ahp(CIRCLE, accept_inconsistency=True).weigh("abc")
    assert found.weight == pytest.approx([1 / 3] * 3)
    assert found.statistics["consistency_ratio"] > 0.1


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ({"a": {"b": 3}, "b": {"a": 3}}, "reciprocal"),
        ({"a": {"b": 3}, "c": {"b": 2}}, "a comparison of 'a' with 'c'"),
        ({"a": {"a": 2, "b": 3}}, "with itself as 1"),
        ({"a": {"b": 0}}, "numbers above 0"),
        ({"a": {"b": -2}}, "numbers above 0"),
        ({"a": {"b": float("inf")}}, "numbers above 0"),
        ({"a": {"b": "1/0"}}, "valid number"),
        ({"a": {"b": "much"}}, "valid number"),
        ({f"m{i}": {f"m{j}": 1 for j in range(16)} for i in range(16)}, "at most 15"),
    ],
)
def test_comparisons_that_make_no_sense_are_refused(matrix, message):
    with pytest.raises(ValidationError, match=message):
        ahp(matrix)


def test_budget_is_the_mean_of_the_shares():
    found = BudgetWeights.model_validate(
        {"budget": {"li": {"a": 50, "b": 50}, "wu": {"a": 70, "b": 30}, "he": {"a": 60, "b": 40}}}
    ).weigh("ab")
    assert found.weight == pytest.approx([0.6, 0.4])
    assert (found.low.tolist(), found.high.tolist()) == ([0.5, 0.3], [0.7, 0.5])
    assert found.spread == pytest.approx([0.1, 0.1])
    # pairs place 0.8, 0.9 and 0.9 of the budget alike
    assert found.statistics == pytest.approx({"experts": 3, "agreement": 0.8 + 0.2 / 3})


def test_budget_agreement_is_one_where_all_agree_and_none_of_one_expert():
    alike = BudgetWeights.model_validate(
        {"budget": {"li": {"a": 3, "b": 1}, "wu": {"a": 3, "b": 1}}}
    )
    assert alike.weigh("ab").statistics["agreement"] == 1
    apart = BudgetWeights.model_validate({"budget": {"li": {"a": 5}, "wu": {"b": 5}}})
    assert apart.weigh("ab").statistics["agreement"] == 0
    alone = BudgetWeights.model_validate({"budget": {"li": {"a": 1, "b": 3}}}).weigh("ab")
    assert alone.weight.tolist() == [0.25, 0.75]
    assert np.isnan(alone.statistics["agreement"])
    assert np.isnan(alone.spread).all()


@pytest.mark.parametrize(
    "budget",
    [
        {"li": {"a": 50, "b": 50}, "wu": {"a": 50, "b": 49}}, {"li": {"a": 0}}, {},
        {"li": {"a": -1, "b": 2}}, {"li": {"a": float("inf"), "b": 1}},
    ],
)  # fmt: skip
def test_budgets_that_do_not_agree_in_total_are_refused(budget):
    with pytest.raises(ValidationError):
        BudgetWeights.model_validate({"budget": budget})


@given(st.lists(st.floats(0.02, 1), min_size=2, max_size=4), st.integers(0, 10**6))
def test_implied_recovers_exact_weights_and_its_range_contains_them(raw, seed):
    weights = np.array(raw) / sum(raw)
    children = np.random.default_rng(seed).uniform(0, 10, (12, len(raw)))
    names = [f"m{i}" for i in range(len(raw))]
    method = ImpliedWeights.model_validate(
        {
            "implied": {name: children[:, at].tolist() for at, name in enumerate(names)},
            "parent": (children @ weights).tolist(),
            "decimals": 4,
        }
    )
    found = method.weigh(names)
    assert found.weight == pytest.approx(weights, abs=1e-7)
    assert found.statistics["root_mean_square_error"] < 1e-7
    assert found.statistics["worst_miss"] == 0
    assert (found.low - 1e-6 <= weights).all()
    assert (weights <= found.high + 1e-6).all()
    assert (found.high - found.low < 0.01).all()


def test_no_single_set_of_weights_yields_both_audiences_of_2021():
    names = list(MEANS_2021["implied"])
    both = ImpliedWeights.model_validate(MEANS_2021).weigh(names)
    assert both.statistics["worst_miss"] > 0
    assert np.isnan(both.low).all()
    assert both.weight.sum() == pytest.approx(1)
    for at in range(2):
        one = ImpliedWeights.model_validate(
            {
                "implied": {name: [values[at]] for name, values in MEANS_2021["implied"].items()},
                "parent": MEANS_2021["parent"][at : at + 1],
            }
        ).weigh(names)
        assert one.statistics["worst_miss"] == 0
        assert (one.low <= one.weight + 1e-9).all()
        assert (one.weight <= one.high + 1e-9).all()


def test_published_figures_that_no_weights_fit_are_a_finding():
    table = figures(8)
    nodes = [
        leaf(name, figure(f"f{at}"))
        for at, name in enumerate(("department", "governance", "society"))
    ]
    _, findings = scored(system(nodes, weights=MEANS_2021), table)
    (finding,) = [f for f in findings if f.check == "no-weights-fit"]
    assert finding.column == "total"


@pytest.mark.parametrize(
    "changed",
    [
        {"parent": [6.85]}, {"implied": {"a": [1, 2]}}, {"parent": []}, {"decimals": -1},
        {"parent": [float("nan"), 1]}, {"parent": [float("inf"), 1]},
    ],
)  # fmt: skip
def test_implied_weights_that_make_no_sense_are_refused(changed):
    with pytest.raises(ValidationError):
        ImpliedWeights.model_validate(MEANS_2021 | changed)


@pytest.mark.parametrize("method", [entropy_weights, critic_weights, pca_weights])
@pytest.mark.filterwarnings("error")
def test_weights_from_data_sum_to_one_and_none_is_negative(method):
    random = np.random.default_rng(3)
    scores = random.uniform(0, 10, (30, 5))
    scores[:, 2] = 4.0
    scores[:3, 1] = 0.0
    for table in (scores, np.zeros((30, 5)), np.full((30, 5), 7.0)):
        weight = method(table).weight
        assert weight.sum() == pytest.approx(1)
        assert (weight >= 0).all()


def test_a_figure_that_never_varies_weighs_nothing_by_entropy_and_critic():
    scores = np.random.default_rng(3).uniform(1, 10, (30, 3))
    scores[:, 1] = 4.0
    assert entropy_weights(scores).weight[1] == pytest.approx(0, abs=1e-12)
    assert critic_weights(scores).weight[1] == 0


def test_critic_halves_what_stands_twice():
    random = np.random.default_rng(1)
    a, b = random.uniform(0, 10, (2, 500))
    alone, twice = critic_weights(np.c_[a, b]).weight, critic_weights(np.c_[a, a, b]).weight
    assert twice[0] == pytest.approx(twice[1])
    assert twice[0] < 0.6 * alone[0]


def test_the_order_of_units_does_not_matter():
    scores = np.random.default_rng(5).uniform(0, 10, (40, 4))
    for method in (entropy_weights, critic_weights, pca_weights):
        assert method(scores[::-1]).weight == pytest.approx(method(scores).weight, abs=1e-6)


# In a system --------------------------------------------------------------------------------------
def figure(name: str, **more: object) -> dict:
    rule = {"goalposts": [0, 10]}
    return {"id": name, "zh": name, "en": name, "table": "figures", "rule": rule} | more


def leaf(name: str, *items: dict, **more: object) -> dict:
    return {"id": name, "zh": name, "en": name, "items": list(items), **more}


def system(children: list[dict], **more: object) -> System:
    words = {"zh": "s", "en": "s"}
    return System.model_validate(
        {"id": "s", "title": words, "source": words, "children": children, **more}
    )


def figures(units: int, count: int = 3, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({f"f{at}": random.uniform(1, 9, units) for at in range(count)})
    frame.insert(0, "unit", [f"u{i}" for i in range(units)])
    frame.index = pd.RangeIndex(2, units + 2, name="row")
    return frame


def scored(index: System, table: pd.DataFrame):
    return score(Records({"figures": table}), index, table["unit"].tolist())


@pytest.mark.parametrize(
    "weights",
    [
        "given", "equal", "entropy", "critic", "pca",
        {"ahp": {"f0": {"f1": 2, "f2": 4}, "f1": {"f2": 2}}},
        {"budget": {"li": {"f0": 5, "f1": 3, "f2": 2}}},
        {"implied": {"f0": [1, 2], "f1": [2, 3], "f2": [5, 1]}, "parent": [2.4, 2.1]},
    ],
    ids=str,
)  # fmt: skip
def test_each_method_is_recorded_with_the_weights_that_it_gave(weights):
    table = figures(20)
    index = system([leaf("a", *(figure(f"f{at}") for at in range(3)), weights=weights)])
    scores, _ = scored(index, table)
    rows = scores.weights[scores.weights["parent"] == "a"]
    assert rows["child"].tolist() == ["f0", "f1", "f2"]
    assert rows["weight"].sum() == pytest.approx(1)
    assert set(rows["method"]) == {weights if isinstance(weights, str) else next(iter(weights))}
    by_hand = table[["f0", "f1", "f2"]].to_numpy() @ rows["weight"].to_numpy()
    assert scores.of("a").to_numpy() == pytest.approx(by_hand, abs=1e-12)


def test_too_few_units_to_take_weights_from_is_an_error():
    index = system([leaf("a", *(figure(f"f{at}") for at in range(3)), weights="critic")])
    with pytest.raises(InputError, match=r"more than 3 units with scores in all of f0, f1, f2"):
        scored(index, figures(3))


def test_accepted_inconsistency_is_a_warning():
    weights = {"ahp": {"f0": {"f1": 3, "f2": "1/3"}, "f1": {"f2": 3}}, "accept_inconsistency": True}
    index = system([leaf("a", *(figure(f"f{at}") for at in range(3)), weights=weights)])
    checks = [f.check for f in scored(index, figures(5))[1]]
    assert "inconsistent-comparisons" in checks


@pytest.mark.parametrize("weight", [-1, float("inf"), float("nan")])
def test_negative_and_infinite_weights_are_refused(weight):
    with pytest.raises(ValidationError):
        system([leaf("a", figure("f0", weight=weight), figure("f1"))])
    with pytest.raises(ValidationError):
        system([leaf("a", figure("f0"), weight=weight), leaf("b", figure("f1"))])


def test_weights_all_zero_and_weights_for_others_are_refused():
    with pytest.raises(ValidationError, match="at least one weight above 0 among f0, f1"):
        system([leaf("a", figure("f0", weight=0), figure("f1", weight=0))])
    with pytest.raises(ValidationError, match="weights below 'a' for f0, f1"):
        system([leaf("a", figure("f0"), figure("f1"), weights={"ahp": {"f0": {"f2": 1}}})])
    with pytest.raises(ValidationError, match="either weights: entropy, or a weight for each"):
        system([leaf("a", figure("f0", weight=2), figure("f1"), weights="entropy")])
