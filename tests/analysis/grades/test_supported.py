from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import norm

from analysis.grades.supported import (
    OrderErrors,
    grades_at_price,
    majority_order,
    order_errors,
    supported_grades,
)


def better_of(random: np.random.Generator, units: int, spread: float = 0.3) -> np.ndarray:
    """Posterior probabilities under normal true scores of variance 1."""
    se = random.uniform(0.2, 0.2 + spread, units)
    reliability = 1 / (1 + se**2)
    mean = random.normal(0, 1, units) * np.sqrt(1 + se**2) * reliability
    apart = np.sqrt(np.add.outer(reliability * se**2, reliability * se**2))
    return norm.cdf(np.subtract.outer(mean, mean) / apart)


def loss(code: np.ndarray, better: np.ndarray, price: float) -> float:
    """Expected pairs in the wrong order less price times those in the right one."""
    above = code[:, None] < code[None, :]
    return ((1 - better) * above).sum() - price * (better * above).sum()


def least_loss_of_all_gradings(better: np.ndarray, price: float) -> float:
    """Solve the integer program: variables say of each pair whether the first stands higher."""
    units = len(better)
    pairs = [(i, j) for i in range(units) for j in range(units) if i != j]
    place = {pair: at for at, pair in enumerate(pairs)}
    cost = [1 - better[pair] - price * better[pair] for pair in pairs]
    rows, most = [], []
    for i, j in pairs:
        one_way = np.zeros(len(pairs))
        one_way[[place[i, j], place[j, i]]] = 1
        rows.append(one_way)
        most.append(1)
        for k in set(range(units)) - {i, j}:
            through = np.zeros(len(pairs))
            through[place[i, j]] = 1
            through[[place[i, k], place[k, j]]] = -1
            rows.append(through)
            most.append(0)
    found = milp(
        cost,
        constraints=LinearConstraint(np.array(rows), -np.inf, most),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, 1),
    )
    return float(found.fun)


def least_loss_in_order(
    better: np.ndarray, price: float, most: int, order: np.ndarray | None = None
) -> float:
    return loss(grades_at_price(better, price, most=most, order=order), better, price)


def in_order(cuts: tuple[int, ...], order: np.ndarray) -> np.ndarray:
    code = np.empty(len(order), dtype=int)
    code[order] = np.searchsorted(cuts, np.arange(len(order)), side="right")
    return code


@pytest.mark.parametrize("seed", range(8))
def test_no_grading_does_better_than_one_in_order(seed):
    random = np.random.default_rng(seed)
    better = better_of(random, int(random.integers(3, 8)))
    price = float(random.uniform(0.05, 1))
    found = least_loss_in_order(better, price, len(better))
    assert found == pytest.approx(least_loss_of_all_gradings(better, price), abs=1e-7)


@pytest.mark.parametrize("most", [1, 2, 3, 6])
def test_dynamic_programming_finds_the_best_of_all_in_order(most):
    random = np.random.default_rng(most)
    for _ in range(6):
        better = better_of(random, 7, spread=1.0)
        order, price = random.permutation(7), float(random.uniform(0, 1))
        every = [
            loss(in_order(cuts, order), better, price)
            for count in range(most)
            for cuts in combinations(range(1, 7), count)
        ]
        assert least_loss_in_order(better, price, most, order) == pytest.approx(
            min(every), abs=1e-9
        )


def test_without_transitivity_order_is_not_enough():
    """A beats B, B beats C, C beats A: only the integer program is sure."""
    better = np.array([[0.5, 0.9, 0.4], [0.1, 0.5, 0.9], [0.6, 0.1, 0.5]])
    found = least_loss_in_order(better, 1.0, 3, np.array([2, 1, 0]))
    assert found > least_loss_of_all_gradings(better, 1.0) + 0.1


@pytest.mark.parametrize("error", [0.01, 0.03, 0.1])
def test_the_stated_error_is_held_and_a_looser_one_tells_more(error):
    random = np.random.default_rng(9)
    for _ in range(5):
        better = better_of(random, 60)
        found = order_errors(supported_grades(better, most=60, error=error), better)
        assert found.pairs == 0 or found.error <= error + 1e-9
        looser = order_errors(supported_grades(better, most=60, error=2 * error), better)
        assert looser.pairs >= found.pairs
        assert looser.tau >= found.tau - 1e-9


def test_the_grades_tell_nearly_as_much_as_any_that_hold_the_error():
    random = np.random.default_rng(5)
    told, most_told = [], []
    for _ in range(12):
        better = better_of(random, 8)
        order = majority_order(better)
        every = [
            order_errors(in_order(cuts, order), better)
            for count in (1, 2, 3)
            for cuts in combinations(range(1, 8), count)
        ]
        most_told.append(max((e.tau for e in every if e.error <= 0.05), default=0.0))
        told.append(order_errors(supported_grades(better, most=4, error=0.05), better).tau)
    assert (np.array(told) <= np.array(most_told) + 1e-9).all()
    assert sum(told) > 0.97 * sum(most_told)


def test_errors_of_an_order_by_hand():
    better = np.array([[0.5, 0.8, 0.9], [0.2, 0.5, 0.6], [0.1, 0.4, 0.5]])
    found = order_errors(np.array([0, 1, 1]), better)
    assert found == OrderErrors(
        pairs=pytest.approx(2 / 3),
        tau=pytest.approx((0.6 + 0.8) / 3),
        discordance=pytest.approx(0.3 / 3),
        error=pytest.approx(0.15),
        adjacent=pytest.approx(0.15),
    )
    apart = order_errors(np.array([0, 2, 7]), better)
    assert apart.error == pytest.approx((0.2 + 0.1 + 0.4) / 3)
    assert apart.adjacent == pytest.approx((0.2 + 0.4) / 2)
    none = order_errors(np.array([1, -1, 1]), better)
    assert (none.pairs, none.tau) == (0, 0)
    assert np.isnan(none.error)
    assert np.isnan(order_errors(np.array([-1, -1]), np.full((2, 2), np.nan)).pairs)


def test_nothing_known_gives_one_grade_and_all_known_as_many_as_there_are_names():
    assert set(supported_grades(np.full((5, 5), 0.5), most=5)) == {0}
    sure = np.triu(np.ones((5, 5)), 1) + 0.5 * np.eye(5)
    assert supported_grades(sure, most=9, error=0.001).tolist() == [0, 1, 2, 3, 4]
    assert len(set(supported_grades(sure, most=3, error=0.001))) == 3
    assert supported_grades(np.array([[0.5]]), most=3).tolist() == [0]


def test_tied_units_share_a_grade_whatever_it_costs():
    sure = np.triu(np.ones((4, 4)), 1) + 0.5 * np.eye(4)
    code = supported_grades(
        sure, most=4, order=np.arange(4), tied=np.array([False, False, True, False])
    )
    assert code.tolist() == [0, 1, 1, 2]


def test_grades_do_not_depend_on_the_order_of_units():
    random = np.random.default_rng(6)
    better = better_of(random, 30)
    shuffled = random.permutation(30)
    code = supported_grades(better, most=5)
    assert (supported_grades(better[np.ix_(shuffled, shuffled)], most=5) == code[shuffled]).all()
