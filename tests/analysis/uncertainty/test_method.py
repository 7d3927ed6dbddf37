"""Ranks under other methods are those of scoring the changed system anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.integrate import quad
from test_engine_properties import built
from test_engine_properties import scored as scored_system

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.factors import method_factors
from analysis.uncertainty.method import leave_one_out, method_draws, one_at_a_time, rank_interval
from analysis.uncertainty.variants import Drawn, Method, Variants
from indicators.what_if import changed_system, what_if
from survey.findings import InputError

RICH = {
    "weights": {"uniform": 0.5},
    "aggregate": {"total": ["geometric"], "outcome": ["minimum"]},
    "missing": ["worst", "no_score"],
    "normalise": {"q1": [{"likert": [1, 4]}], "load": [{"zscore": [5, 2]}]},
    "leave_out": ["tone", "load", "q2", "extra"],
    "alternatives": {"bonus": {"extra.bonus": 2, "service.weight": 2}, "strict": {"total.minimum_coverage": 0.9}},
}  # fmt: skip


def anew(scores, method: Method, drawn: Drawn, at: int) -> np.ndarray:
    """Score the records anew under one draw."""
    changes: dict[str, dict] = {}
    left_out: list[str] = []
    for factor, number in zip(method.choices, drawn.option[at], strict=True):
        for place, keys in factor.options[number].changes.items():
            changes.setdefault(place, {}).update(keys)
        left_out += factor.options[number].leave_out
    system = changed_system(scores.system, changes, left_out)
    weights = {
        factor.indicator: {"weight": float(system.hierarchy.weight[system.hierarchy.index(factor.indicator)] * times)}
        for factor, times in zip(method.weights, drawn.times[at], strict=True)
        if factor.indicator in system.hierarchy.ids
    }  # fmt: skip
    return what_if(scores, system=changed_system(system, weights)).after.score[:, -1, 0]


@pytest.fixture(scope="module")
def rich(small) -> Method:
    scores = small(missing=0.2)
    return Method.of(scores, method_factors(MethodPlan.model_validate(RICH), scores.system))


@pytest.mark.parametrize("seed", range(6))
def test_a_draw_gives_what_scoring_the_changed_system_anew_gives(rich, seed):
    drawn = rich.at(np.random.default_rng(seed).random((2, len(rich.factors))))
    found = rich.totals(drawn)
    for at in range(2):
        expected = anew(rich.scores, rich, drawn, at)
        assert found[:, at] == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=6, deadline=None)
@given(case=built())
def test_each_leaf_left_out_of_any_system(case):
    """With imputation, treatment of outliers, audiences and every average."""
    system, frames, _ = case
    scores = scored_system(system, frames)
    table, _ = leave_one_out(scores)
    for row in table.itertuples():
        after = what_if(scores, leave_out=[row.indicator]).after.score[:, -1, 0]
        both = ~np.isnan(after) & ~np.isnan(scores.score[:, -1, 0])
        assert row.lost == (~np.isnan(scores.score[:, -1, 0])).sum() - both.sum()
        rank, ranks = Method.of(scores, ()).rank, Method.of(scores, ()).ranks(after[:, None])[0]
        if both.any():
            assert row.mean_shift == pytest.approx(np.abs(rank - ranks)[both].mean())
            assert row.max_shift == abs(row.places) == np.abs(rank - ranks)[both].max()


def test_weights_that_come_from_the_data_are_taken_anew(flat):
    scores = flat(np.random.default_rng(4).uniform(0, 10, (9, 3)), weights="entropy")
    table, _ = leave_one_out(scores)
    for row in table.itertuples():
        moved = what_if(scores, leave_out=[row.indicator]).table()["moved"]
        assert row.mean_shift == pytest.approx(moved.abs().mean())


def test_leaving_out_and_weighing_need_no_scoring_anew(small):
    scores = small()
    variants = Variants([scores])
    stated = {"aggregate": ["geometric"], "leave_out": ["tone", "load"], "alternatives": {"x": {"extra.bonus": 2}}}  # fmt: skip
    plan = MethodPlan.model_validate(stated | {"weights": {}})
    method = Method(scores, (), method_factors(plan, scores.system), variants)
    method.totals(method.at(np.random.default_rng(0).random((60, 3))))
    assert len(variants.sources) == 1


def test_screening_sees_all_figures_so_a_figure_left_out_is_scored_anew(flat):
    values = np.array([[1.0, np.nan, np.nan], [3, 4, 1], [5, 1, 2], [np.nan, 2, 3]])
    scores = flat(values, figures={"screen": {"present": 0.5}}, minimum_coverage=0)
    table, _ = leave_one_out(scores)
    assert table.set_index("indicator").loc["x0", "lost"] == 0
    after = what_if(scores, leave_out=["x2"]).after.score[:, -1, 0]
    plan = MethodPlan.model_validate({"weights": {}, "leave_out": ["x2"]})
    method = Method.of(scores, method_factors(plan, scores.system))
    assert method.totals(Drawn(np.array([[1]]), np.empty((1, 0))))[:, 0] == pytest.approx(
        after, nan_ok=True
    )


def test_with_two_weights_the_share_of_draws_that_a_unit_leads_is_known(flat):
    """A leads B unless w1 < 0.9 w2; with both uniform from 0.5 to 1.5 that has a known area."""
    scores = flat(np.array([[9.0, 1], [0, 9.1], [0, 0.5]]))
    draws, findings = method_draws(scores, MethodPlan.model_validate({"draws": 20_000, "weights": {"uniform": 0.5}}))  # fmt: skip
    expected = quad(lambda w: 0.9 * w - 0.5, 0.5 / 0.9, 1.5)[0]
    table = draws.table().set_index("unit")
    assert table.loc["u0", "rank"] == 1 and table.loc["u1", "rank"] == 2
    assert table.loc["u0", "worse"] == pytest.approx(expected, abs=0.01)
    assert table.loc["u1", "better"] == pytest.approx(expected, abs=0.01)
    assert table.loc["u2", ["low", "high", "mean_shift"]].tolist() == [3, 3, 0]
    assert findings == ()


def test_ties_stay_ties_whatever_the_order_of_summation(flat):
    values = np.tile(np.random.default_rng(1).uniform(0, 10, 7), (6, 1))
    values[5] += 0.1
    draws, _ = method_draws(flat(values), MethodPlan(draws=300))
    assert (draws.ranks[:, :5] == 2).all() and (draws.ranks[:, 5] == 1).all()


def test_each_option_is_drawn_equally_often_and_independently(small):
    stated = {"draws": 400, "weights": {}, "aggregate": ["geometric"], "missing": ["worst", "no_score"]}  # fmt: skip
    draws, _ = method_draws(small(), MethodPlan.model_validate(stated))
    taken = draws.taken
    assert taken["total.aggregate"].value_counts().tolist() == [200, 200]
    assert taken["total.missing"].value_counts().between(133, 134).all()
    both = taken.groupby(["total.aggregate", "total.missing"]).size()
    assert len(both) == 6 and both.between(40, 95).all()


def test_the_same_seed_gives_the_same_draws_and_another_others(small):
    scores = small()
    first, second, third = (
        method_draws(scores, MethodPlan(draws=50, seed=seed))[0].totals for seed in (1, 1, 2)
    )
    assert np.array_equal(first, second, equal_nan=True)
    assert not np.array_equal(first, third, equal_nan=True)


def test_intervals_hold_the_rank_and_units_without_a_rank_have_none(small):
    draws, _ = method_draws(small(missing=0.3), MethodPlan(draws=200))
    table = draws.table()
    assert (table["low"] <= table["rank"]).all() and (table["rank"] <= table["high"]).all()
    assert (table["better"] + table["worse"] <= 1).all()
    low, high = rank_interval(np.array([[2.0, np.nan]] * 5), np.array([1.0, np.nan]), 0.9)
    assert low[0] == 1 and high[0] == 2 and np.isnan([low[1], high[1]]).all()


def test_draws_without_a_total_are_counted_by_unit_and_told(small):
    """Without tolerance for gaps, the unit without figures has no total in half of the draws."""
    stated = {"draws": 100, "weights": {}, "missing": ["no_score"]}
    draws, findings = method_draws(small(missing=0), MethodPlan.model_validate(stated))
    failed = draws.table().set_index("unit")["failed"]
    assert failed["u0"] == 50 and failed.drop("u0").sum() == 0
    (finding,) = findings
    assert (finding.check, finding.count) == ("method-without-total", 50)
    assert "u0" in finding.got
    assert np.isnan(draws.ranks[:, 0]).sum() == 50


def test_options_that_exclude_each_other_are_told_and_their_draws_counted(flat):
    stated = {"draws": 60, "weights": {}, "aggregate": [{"owa": [3, 2, 1]}], "leave_out": ["x0"]}
    scores = flat(np.random.default_rng(0).uniform(0, 10, (5, 3)))
    draws, findings = method_draws(scores, MethodPlan.model_validate(stated))
    told = {each.check: each for each in findings}
    assert "owa: [3, 2, 1], x0 (it takes 2 owa weights" in told["impossible-combination"].got
    both = (draws.taken["total.aggregate"] != "as_it_is") & (draws.taken["leave_out"] == "x0")
    assert both.any()
    assert told["method-without-total"].count == 5 * both.sum()
    assert np.isnan(draws.totals[both]).all() and not np.isnan(draws.totals[~both]).any()


def test_one_alternative_at_a_time_is_what_if(small):
    scores = small()
    stated = {"weights": {"level_1": {"uniform": 0.4}}, "aggregate": ["geometric"], "leave_out": ["tone"]}  # fmt: skip
    table, findings = one_at_a_time(scores, MethodPlan.model_validate(stated))
    table = table.set_index(["factor", "option"])
    assert [*table.index] == [
        ("service.weight", "low"), ("service.weight", "high"), ("outcome.weight", "low"),
        ("outcome.weight", "high"), ("total.aggregate", "geometric"), ("leave_out", "tone"),
    ]  # fmt: skip
    for found, expected in (
        (table.loc[("service.weight", "high")], what_if(scores, {"service": {"weight": 1.38}})),
        (table.loc[("outcome.weight", "low")], what_if(scores, {"outcome": {"weight": 2 * 0.62}})),
        (table.loc[("total.aggregate", "geometric")], what_if(scores, {"total": {"aggregate": "geometric"}})),
        (table.loc[("leave_out", "tone")], what_if(scores, leave_out=["tone"])),
    ):  # fmt: skip
        moved = expected.table()
        assert found["mean_shift"] == pytest.approx(moved["moved"].abs().mean())
        assert found["moved"] == pytest.approx((moved["moved"] != 0).mean())
        ranks = moved[["rank_before", "rank_after"]].astype(float)
        assert found["tau"] == pytest.approx(ranks.corr("kendall").iloc[0, 1])
    assert findings == ()


def test_an_indicator_that_the_system_cannot_do_without_is_told(flat):
    scores = flat(np.random.default_rng(0).uniform(0, 10, (4, 2)), aggregate={"owa": [2, 1]})
    table, (finding,) = leave_one_out(scores)
    assert table.empty
    assert (finding.check, finding.count, finding.column) == ("cannot-leave-out", 2, "x0, x1")


def test_one_unit_and_equal_units_have_ranks_that_never_move(flat):
    for values in (np.array([[3.0, 5]]), np.full((4, 2), 5.0)):
        draws, findings = method_draws(flat(values), MethodPlan(draws=20))
        assert (draws.ranks == 1).all() and findings == ()
        table, _ = leave_one_out(flat(values))
        assert (table["mean_shift"] == 0).all() and table["tau"].isna().all()


def test_no_unit_with_a_total_gives_empty_tables(flat):
    scores = flat(np.full((3, 2), np.nan))
    draws, findings = method_draws(scores, MethodPlan(draws=10))
    assert draws.table().empty and findings == ()
    table, _ = leave_one_out(scores)
    assert table["mean_shift"].isna().all()


def test_a_plan_that_does_not_fit_the_system_is_refused(small):
    with pytest.raises(InputError, match="did you mean 'service'"):
        method_draws(small(), MethodPlan.model_validate({"weights": {"servise": {"uniform": 0.1}}}))
