"""Severity of shoppers: what is estimated of it, and what dealing the calls anew does."""

import numpy as np
import pytest

from analysis.uncertainty.design import Sample
from analysis.uncertainty.shoppers import _fit, estimate_shoppers
from survey.findings import Severity


def calls(
    shopper: np.ndarray,
    unit: np.ndarray,
    points: np.ndarray,
    names: int,
    thing: np.ndarray | None = None,
) -> Sample:
    """Calls in one stratum a unit, sorted by unit."""
    return Sample(
        table="calls",
        items=np.arange(points.shape[1]),
        unit=unit,
        audience=np.full(len(unit), -1),
        stratum=unit,
        thing=np.arange(len(unit)) if thing is None else thing,
        shopper=shopper,
        kind=np.zeros(unit[-1] + 1, dtype=int),
        shoppers=tuple(f"s{at}" for at in range(names)),
        weight=np.ones(len(unit)),
        points=points,
    )


LIFT = np.array([[0.6, 0.4, 0.0], [0.4, 0.5, 0.0], [0.0, 0.0, 0.0]])
"""Covariance of the lifts of three items; nobody is severe in the third."""


def campaign(seed: int, units: int = 100, per_unit: int = 10, shoppers: int = 25) -> Sample:
    """Calls of units of different level, dealt at random; noise that items of a call share."""
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), per_unit)
    shopper = random.integers(0, shoppers, len(unit))
    root = np.array([[np.sqrt(0.6), 0, 0], [0.4 / np.sqrt(0.6), np.sqrt(0.5 - 0.16 / 0.6), 0], [0] * 3])  # fmt: skip
    lift = random.standard_normal((shoppers, 3)) @ root.T
    level = 2 * random.standard_normal((units, 3))
    noise = 1.5 * random.standard_normal((len(unit), 1)) + 2 * random.standard_normal(
        (len(unit), 3)
    )
    points = level[unit] + lift[shopper] + noise
    points[random.random(points.shape) < 0.1] = np.nan
    return calls(shopper, unit, points, shoppers)


def test_the_spread_of_lifts_is_the_component_of_variance_and_not_that_of_noise():
    found = []
    for seed in range(60):
        shoppers, findings = estimate_shoppers(campaign(seed))
        assert shoppers is not None and findings == ()
        found.append(np.cov(shoppers.lift, rowvar=False))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    assert mean[:2, :2] == pytest.approx(LIFT[:2, :2], abs=3.5 * error[:2, :2].max())
    noise = (1.5**2 + 2**2) / (0.9 * 100 * 10 / 25)
    assert 0 <= mean[2, 2] < 0.35 * noise


def test_lifts_follow_those_of_a_regression_on_units_and_shoppers():
    sample = campaign(1)
    shoppers, _ = estimate_shoppers(sample)
    assert shoppers is not None
    there = ~np.isnan(sample.points[:, 0])
    columns = np.hstack([np.eye(100)[sample.unit], np.eye(25)[sample.shopper]])[there]
    effect = np.linalg.lstsq(columns, sample.points[there, 0])[0][100:]
    assert np.corrcoef(effect, shoppers.lift[:, 0])[0, 1] > 0.95
    assert shoppers.lift.mean(axis=0) == pytest.approx(0, abs=1e-9)


def test_levels_of_units_do_not_pass_for_lifts():
    sample = campaign(2)
    shifted = campaign(2)
    shifted.points[:] += 5 * np.sin(sample.unit)[:, None]
    first, second = (estimate_shoppers(each)[0] for each in (sample, shifted))
    assert first is not None and second is not None
    assert second.lift == pytest.approx(first.lift, abs=1e-9)


def test_one_shopper_a_unit_cannot_be_told_from_it():
    random = np.random.default_rng(3)
    unit = np.repeat(np.arange(6), 5)
    shoppers, findings = estimate_shoppers(calls(unit, unit, random.random((30, 2)), 6))
    assert shoppers is None
    assert [(f.check, f.count, f.column) for f in findings] == [
        ("shoppers-not-separable", 6, "calls.shopper")
    ]
    assert findings[0].severity is Severity.WARNING


def test_teams_that_share_no_unit_are_dealt_apart_and_a_lone_one_is_counted():
    random = np.random.default_rng(4)
    unit = np.repeat(np.arange(21), 6)
    shopper = np.where(unit < 10, 0, 4) + random.integers(0, 4, len(unit))
    shopper[unit == 20] = 8
    shoppers, findings = estimate_shoppers(calls(shopper, unit, random.random((126, 2)), 9))
    assert shoppers is not None
    assert [group.tolist() for group in shoppers.groups] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert shoppers.group[8] == -1 and (shoppers.lift[8] == 0).all()
    assert [f.count for f in findings] == [1]
    dealt = shoppers.dealt(50, 1, "calls")
    for group in shoppers.groups:
        assert np.sort(dealt[:, group], axis=1) == pytest.approx(
            np.repeat(np.sort(shoppers.lift[group].T, axis=1)[:, :, None], 50, axis=2), abs=1e-6
        )
        assert shoppers.lift[group].mean(axis=0) == pytest.approx(0, abs=1e-9)


def test_a_dealing_moves_whole_persons_and_follows_seed_and_table():
    shoppers, _ = estimate_shoppers(campaign(5))
    assert shoppers is not None
    dealt = shoppers.dealt(8, 1, "calls")
    places = [
        np.abs(dealt[at, :, 0][:, None] - shoppers.lift[:, at]).argmin(axis=1) for at in (0, 1)
    ]
    assert np.array_equal(*places)
    assert np.array_equal(dealt, shoppers.dealt(8, 1, "calls"))
    assert not np.array_equal(dealt, shoppers.dealt(8, 2, "calls"))
    assert not np.array_equal(dealt, shoppers.dealt(8, 1, "cases"))


def test_reviewers_of_the_same_case_are_compared_within_it():
    """Cases differ by far more than reviewers; within a case the reviewers differ by 2 points."""
    random = np.random.default_rng(6)
    thing = np.repeat(np.arange(20), 2)
    merit = np.repeat(5 * random.standard_normal(20), 2)
    points = (merit + np.tile([1.0, -1.0], 20) + 0.1 * random.standard_normal(40))[:, None]
    shoppers, _ = estimate_shoppers(calls(np.tile([0, 1], 20), thing // 10, points, 2, thing))
    assert shoppers is not None
    assert shoppers.lift[:, 0] == pytest.approx([1, -1], abs=0.1)


def test_without_names_a_note_says_so():
    sample = campaign(7)
    nameless = Sample(**{**vars(sample), "shoppers": None, "shopper": np.full(1000, -1)})
    shoppers, findings = estimate_shoppers(nameless)
    assert shoppers is None
    assert [(f.check, f.severity) for f in findings] == [("shoppers-unknown", Severity.NOTE)]
    responses = Sample(**{**vars(nameless), "table": "responses"})
    assert estimate_shoppers(responses) == (None, ())


@pytest.mark.parametrize("few", [2, 3])
def test_fewer_shoppers_than_items_and_answers_all_alike_are_no_trouble(few):
    sample = campaign(8, shoppers=few)
    sample.points[:, 2] = 10
    shoppers, _ = estimate_shoppers(sample)
    assert shoppers is not None
    assert np.isfinite(shoppers.lift).all()
    assert shoppers.lift[:, 2] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", [57, 58, 59])
def test_the_constant_that_lifts_are_known_up_to_is_no_information(seed: int):
    """By rounding, seed 57 gives it an eigenvalue above 1e-15 of the largest one."""
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(100), 10)
    shopper = random.integers(0, 40, len(unit))
    points = 60 + 20 * random.standard_normal(len(unit))
    lift, noise = _fit(points, unit, shopper, 40)
    order = random.permutation(40)
    again, same = _fit(points, unit, order[shopper], 40)
    assert again[order] == pytest.approx(lift, abs=1e-9)
    assert same == pytest.approx(noise, abs=1e-9)
