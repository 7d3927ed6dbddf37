import numpy as np
import pytest

from analysis.grades.grading import (
    cut_table,
    grade_findings,
    grade_table,
    grade_units,
    probability_table,
)
from analysis.grades.schemes import (
    DeviationsScheme,
    KMeansScheme,
    NaturalBreaksScheme,
    SharesScheme,
    SupportedScheme,
    ThresholdsScheme,
)
from analysis.ranks.ranking import rank_units

NAMES = ("A", "B", "C")
SCHEMES = [
    SharesScheme(shares={"A": 1, "B": 2, "C": 1}),
    ThresholdsScheme(thresholds={"A": 7, "B": 5, "C": 0}),
    DeviationsScheme(deviations={"A": 1, "B": -1, "C": None}),
    NaturalBreaksScheme(natural_breaks=NAMES),
    KMeansScheme(kmeans=NAMES),
    SupportedScheme(supported=NAMES, error=0.1),
]
THRESHOLDS = SCHEMES[1]


def drawn(random: np.random.Generator, units: int = 30) -> tuple[np.ndarray, np.ndarray]:
    scores = np.linspace(2, 9, units)
    return scores, scores + random.normal(0, 0.4, (300, units))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_probabilities_of_a_unit_sum_to_one_and_lost_units_have_none(scheme, draws_of):
    scores, total = drawn(np.random.default_rng(1))
    scores[4], total[3, 9], total[:, 11] = np.nan, np.nan, np.nan
    grades = grade_units(scores, draws_of(total), scheme)
    without = np.isin(np.arange(30), (4, 11))
    assert grades.probability[~without].sum(axis=1) == pytest.approx(1)
    assert np.isnan(grades.probability[without]).all()
    assert (grades.code[4], grades.name[4]) == (-1, None)
    assert np.isnan(grades.p_grade[4])
    assert np.isnan(grades.p_at_least[4])
    assert grades.runner_up[4] == -1
    assert (grades.p_at_least[~without] >= grades.p_grade[~without] - 1e-12).all()
    finite = np.isfinite(grades.cut)
    assert (grades.cut_low[finite] <= grades.cut[finite]).all()
    assert (grades.cut_high[finite] >= grades.cut[finite]).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_sure_scores_keep_their_grade_in_every_draw(scheme, draws_of):
    scores = np.linspace(2, 9, 30)
    grades = grade_units(scores, draws_of(np.tile(scores, (20, 1))), scheme)
    assert (grades.p_grade == 1).all()
    assert (grades.runner_up == -1).all()
    assert (grades.cut == grades.cut_low).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_equal_totals_two_units_and_one(scheme, draws_of):
    for scores in (np.full(5, 6.0), np.array([8.0, 3.0]), np.array([6.0])):
        total = np.tile(scores, (20, 1))
        grades = grade_units(scores, draws_of(total), scheme)
        assert (grades.code >= 0).all()
        assert (grades.p_grade == 1).all()


def test_draws_are_graded_as_the_edition_was(draws_of):
    """A draw shifted as a whole changes no grade by rank, but grades by threshold."""
    scores = np.array([8.0, 7.0, 6.0, 5.0])
    total = np.stack([scores + 3, scores - 3, scores[[1, 0, 2, 3]], scores])
    shares = grade_units(scores, draws_of(total), SCHEMES[0])
    assert shares.p_grade.tolist() == [0.75, 0.75, 1, 1]
    fixed = grade_units(scores, draws_of(total), THRESHOLDS)
    assert fixed.p_grade.tolist() == [0.75, 0.75, 0.5, 0.5]


def test_the_runner_up_is_the_most_probable_other_grade(draws_of):
    total = np.array([[7.5], [6.5], [6.5], [6.5], [4.0], [4.0]])
    grades = grade_units(np.array([7.2]), draws_of(total), THRESHOLDS)
    table = grade_table(["u"], np.array([7.2]), draws_of(total), rank_units(
        np.array([7.2]), draws_of(total)), grades)  # fmt: skip
    row = table.iloc[0]
    assert (row["grade"], row["runner_up"]) == ("A", "B")
    assert (row["p_grade"], row["p_runner_up"]) == (pytest.approx(1 / 6), pytest.approx(0.5))
    assert row["p_at_least"] == row["p_grade"]
    assert row["borderline"]


def test_the_table_keeps_its_columns_and_sorts_by_rank(draws_of):
    scores, total = drawn(np.random.default_rng(2))
    scores[7] = np.nan
    draws = draws_of(total)
    units = [f"u{i}" for i in range(30)]
    grades = grade_units(scores, draws, THRESHOLDS)
    table = grade_table(units, scores, draws, rank_units(scores, draws), grades)
    assert list(table) == [
        "unit", "grade", "rank", "rank_low", "rank_high", "score", "score_low", "score_high",
        "p_grade", "borderline", "p_at_least", "runner_up", "p_runner_up",
    ]  # fmt: skip
    assert table["rank"].dropna().tolist() == list(range(1, 30))
    last = table.iloc[-1]
    assert last["unit"] == "u7"
    assert last[["grade", "rank", "p_grade", "runner_up", "p_runner_up"]].isna().all()
    assert len(probability_table(units, grades)) == 90


def test_cuts_are_printed_with_their_interval(draws_of):
    scores, total = drawn(np.random.default_rng(3))
    table = cut_table(grade_units(scores, draws_of(total), SCHEMES[3])).set_index("grade")
    assert table["n"].sum() == 30
    assert table.loc["A", "least_low"] < table.loc["A", "least"] < table.loc["A", "least_high"]
    assert np.isnan(table.loc["C", "least"])


def test_empty_grades_are_noted(draws_of):
    scores = np.array([8.0, 7.5, np.nan])
    draws = draws_of(np.tile(scores, (5, 1)))
    (finding,) = grade_findings(grade_units(scores, draws, THRESHOLDS))
    assert (finding.check, finding.count, finding.column) == ("empty-grade", 2, "B、C")
    full = np.array([8.0, 6.0, 1.0])
    assert grade_findings(grade_units(full, draws_of(np.tile(full, (5, 1))), THRESHOLDS)) == ()
    nobody = np.full(3, np.nan)
    assert grade_findings(grade_units(nobody, draws, THRESHOLDS)) == ()
