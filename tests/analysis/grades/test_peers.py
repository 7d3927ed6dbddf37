import numpy as np
import pandas as pd
import pytest

from analysis.grades.grading import grade_units
from analysis.grades.peers import peer_table
from analysis.grades.schemes import SharesScheme, SupportedScheme
from analysis.ranks.ranking import rank_units

UNITS = [f"u{i}" for i in range(12)]
SCORES = np.array([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 8.5, np.nan, 6.5])
GROUPS = pd.DataFrame(
    {
        "province": ["甲"] * 4 + ["乙"] * 5 + ["丙", "丙", None],
        "level": pd.array(["x"] * 12, dtype="string"),
    },
    index=UNITS,
)
SCHEME = SharesScheme(shares={"A": 1, "B": 1, "C": 1})


@pytest.fixture(scope="module")
def draws(draws_of):
    return draws_of(SCORES + np.random.default_rng(1).normal(0, 0.8, (200, 12)))


def test_units_are_ranked_and_graded_in_their_own_group(draws):
    table, _ = peer_table(UNITS, SCORES, draws, GROUPS, SCHEME)
    first = table[(table["factor"] == "province") & (table["group"] == "乙")]
    assert first["unit"].tolist() == ["u4", "u5", "u6", "u7", "u8"]
    assert first["rank"].tolist() == [1, 2, 3, 4, 5]
    assert first["grade"].tolist() == ["A", "A", "B", "C", "C"]
    assert (first["n"] == 5).all()
    assert (first["rank_low"] <= first["rank"]).all()
    assert first["p_grade"].between(0, 1).all()


def test_one_group_of_all_is_the_whole(draws):
    table, _ = peer_table(UNITS, SCORES, draws, GROUPS[["level"]], SCHEME)
    own = table.set_index("unit").reindex(UNITS)
    grades, ranks = grade_units(SCORES, draws, SCHEME), rank_units(SCORES, draws)
    assert own["p_grade"].to_numpy() == pytest.approx(grades.p_grade, nan_ok=True)
    assert own["rank_high"].astype(float).to_numpy() == pytest.approx(ranks.high, nan_ok=True)
    assert "u10" not in set(table["unit"])


def test_small_groups_and_units_without_one_are_told(draws):
    _, findings = peer_table(UNITS, SCORES, draws, GROUPS, SCHEME)
    found = {f.check: (f.column, f.count) for f in findings}
    assert found == {"small-peer-group": ("province", 1), "no-peer-group": ("province", 1)}


def test_a_group_takes_the_uncertainty_of_its_own_units(draws):
    table, _ = peer_table(
        UNITS, SCORES, draws, GROUPS[["province"]], SupportedScheme(supported=("A", "B"), error=0.2)
    )
    assert set(table["grade"]) == {"A", "B"}
    assert list(table) == [
        "unit", "factor", "group", "n", "rank", "rank_low", "rank_high", "grade", "p_grade",
    ]  # fmt: skip


def test_nobody_in_a_group_gives_an_empty_table(draws):
    nobody = pd.DataFrame({"province": [None] * 12}, index=UNITS, dtype="string")
    table, findings = peer_table(UNITS, SCORES, draws, nobody, SCHEME)
    assert table.empty
    assert "grade" in table
    assert [f.count for f in findings] == [11]


def test_the_order_of_units_does_not_matter(draws, draws_of):
    shuffled = np.random.default_rng(3).permutation(12)
    table, _ = peer_table(UNITS, SCORES, draws, GROUPS, SCHEME)
    other, _ = peer_table(
        [UNITS[i] for i in shuffled],
        SCORES[shuffled],
        draws_of(draws.total[:, shuffled]),
        GROUPS,
        SCHEME,
    )
    pd.testing.assert_frame_equal(table, other)
