import numpy as np
import pytest

from analysis.grades.schemes import PUBLISHED_2021, SharesScheme, ThresholdsScheme
from analysis.grades.stability import (
    comparison_schemes,
    grade_by_schemes,
    scheme_cuts,
    scheme_stability,
    side_by_side,
)
from analysis.ranks.shrinkage import shrink

UNITS = [f"u{i}" for i in range(40)]
SCORES = np.linspace(2, 9, 40)


@pytest.fixture(scope="module")
def graded(draws_of):
    total = SCORES + np.random.default_rng(1).normal(0, 0.5, (300, 40))
    base = SharesScheme(shares={"A": 1, "B": 2, "C": 1})
    return grade_by_schemes(SCORES, draws_of(total), comparison_schemes(base))


@pytest.fixture(scope="module")
def better():
    return shrink(SCORES, np.full(40, 0.5))[0].better


@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_other_schemes_have_the_same_grades_and_are_sensible(count):
    names = [f"g{i}" for i in range(count)]
    base = SharesScheme(shares={name: at + 1 for at, name in enumerate(names)})
    schemes = comparison_schemes(base)
    assert schemes["edition"] == base
    assert {s.grades for s in schemes.values()} == {tuple(names)}
    bands = [z for z in schemes["deviations"].deviations.values() if z is not None]
    assert np.diff(bands) == pytest.approx(-4 / (count - 1))
    assert sum(bands) == pytest.approx(0)
    assert schemes["equal_steps"].thresholds[names[0]] == pytest.approx(10 - 10 / count)


def test_a_scheme_is_not_compared_with_itself():
    base = SharesScheme(shares=dict.fromkeys("ABC", 1))
    assert "equal_shares" not in comparison_schemes(base)
    assert "equal_shares" in comparison_schemes(PUBLISHED_2021)


def test_stability_of_every_scheme(graded, better):
    table = scheme_stability(graded, better).set_index("scheme")
    base = table.loc["edition"]
    assert base[["same", "tau_b", "weighted_kappa"]].tolist() == pytest.approx([1, 1, 1])
    p = graded["edition"].p_grade
    assert base["kept"] == pytest.approx(p.mean())
    assert base["sure"] == pytest.approx((p >= 0.9).mean())
    rest = table.drop("edition")
    assert (rest["same"] < 1).any()
    assert rest["tau_b"].between(0.5, 1).all()
    assert (table["kappa"] < table["kept"]).all()
    assert (table["error"] <= table["adjacent"]).all()
    assert table.loc["supported", "error"] <= 0.05


def test_kappa_is_cohens_of_a_grade_with_its_draws(graded, draws_of, better):
    """Cohen 1960 over all pairs of a unit's grade and its grade in a draw, by statsmodels."""
    from statsmodels.stats.inter_rater import cohens_kappa

    grades = graded["edition"]
    counts = np.array([grades.probability[grades.code == g].sum(axis=0) for g in range(3)])
    expected = cohens_kappa(counts, return_results=False)
    table = scheme_stability({"edition": grades}, better)
    assert table["kappa"].item() == pytest.approx(float(expected))


def test_figures_that_are_not_defined_are_missing(draws_of):
    scores = np.array([5.0, np.nan, 5.0])
    draws = draws_of(np.tile(scores, (10, 1)))
    schemes = {"edition": SharesScheme(shares={"A": 1, "B": 1}),
               "other": ThresholdsScheme(thresholds={"x": 6.0, "y": 0.0})}  # fmt: skip
    table = scheme_stability(grade_by_schemes(scores, draws, schemes), np.full((3, 3), 0.5))
    assert table["kept"].tolist() == [1, 1]
    assert table[["kappa", "error", "adjacent", "tau_b", "weighted_kappa"]].isna().all(axis=None)
    assert table["same"].tolist() == pytest.approx([1, np.nan], nan_ok=True)


def test_grades_side_by_side_and_the_cuts_of_every_scheme(graded):
    table = side_by_side(UNITS, graded)
    assert list(table) == ["unit", *graded, "distinct"]
    assert table["distinct"].between(1, 3).all()
    assert table.iloc[-1].drop("distinct").tolist() == ["u39", *["A"] * len(graded)]
    cuts = scheme_cuts(graded)
    assert list(cuts) == ["scheme", "grade", "n", "least", "least_low", "least_high"]
    assert (cuts.groupby("scheme")["n"].sum() == 40).all()
