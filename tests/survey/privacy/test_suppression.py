"""Suppression: no attacker who adds and subtracts finds a small count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.privacy.suppression import MINIMUM, suppress


def with_totals(counts: np.ndarray) -> pd.DataFrame:
    """A two-way table in long form, with its row, column and grand totals."""
    whole = np.vstack([counts, counts.sum(axis=0)])
    whole = np.column_stack([whole, whole.sum(axis=1)])
    rows, columns = [[*map(str, range(size - 1)), "all"] for size in whole.shape]
    return pd.DataFrame(
        {
            "unit": np.repeat(rows, len(columns)),
            "audience": columns * len(rows),
            "n": whole.ravel(),
        }
    )


def determined(table: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    """The cells that solving the linear system gives away, by its null space."""
    equations = []
    for name, other in (("unit", "audience"), ("audience", "unit")):
        for value in table[other].unique():
            line = (table[other] == value).to_numpy()
            equations.append(np.where(line & (table[name] == "all"), -1.0, 1.0 * line))
    unknown = np.array(equations)[:, hidden]
    _, singular, right = np.linalg.svd(unknown, full_matrices=True)
    rank = int((singular > 1e-9).sum())
    return (np.abs(right[rank:]) < 1e-9).all(axis=0)


def test_a_small_cell_takes_three_others_with_it():
    table = with_totals(np.array([[3, 20, 30], [40, 9, 60], [70, 80, 90]]))
    hidden = suppress(table, "n", ["unit", "audience"])
    left_out = table[hidden]
    assert set(left_out["n"]) == {3, 20, 9, 40}
    assert not (left_out[["unit", "audience"]] == "all").any().any()


def test_nobody_stays_and_enough_stay():
    table = with_totals(np.array([[0, 5], [12, 9]]))
    assert not suppress(table, "n", ["unit", "audience"]).any()


def test_a_small_count_whose_total_is_itself_is_hidden_there_too():
    table = with_totals(np.array([[3, 0], [12, 9]]))
    hidden = suppress(table, "n", ["unit", "audience"]).to_numpy()
    assert (table["n"][~hidden] != 3).all()
    assert not determined(table, hidden).any()


def test_without_totals_only_small_counts_go():
    table = with_totals(np.array([[3, 20], [40, 9]]))
    table = table[(table[["unit", "audience"]] != "all").all(axis=1)]
    assert table[suppress(table, "n", ["unit", "audience"])]["n"].tolist() == [3]


def test_one_dimension():
    table = pd.DataFrame({"group": ["a", "b", "c", "all"], "n": [2, 7, 30, 39]})
    assert suppress(table, "n", ["group"]).tolist() == [True, True, False, False]


def test_three_dimensions_hold_every_margin():
    rng = np.random.default_rng(3)
    counts = rng.integers(0, 30, (4, 3, 2))
    for axis in range(3):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    names = [[*map(str, range(size - 1)), "all"] for size in counts.shape]
    index = pd.MultiIndex.from_product(names, names=["a", "b", "c"])
    table = pd.DataFrame({"n": counts.ravel()}, index=index).reset_index()
    hidden = suppress(table, "n", ["a", "b", "c"])
    small = (table["n"] > 0) & (table["n"] < MINIMUM)
    assert small.any() and hidden[small].all() and not hidden.all()


@settings(max_examples=60)
@given(
    counts=st.integers(1, 5).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.lists(
                st.one_of(st.integers(0, 8), st.integers(0, 60)),
                min_size=rows * columns,
                max_size=rows * columns,
            ).map(lambda cells: np.array(cells).reshape(rows, columns))
        )
    )
)
def test_no_suppressed_cell_can_be_solved_for(counts):
    table = with_totals(counts)
    hidden = suppress(table, "n", ["unit", "audience"]).to_numpy()
    n = table["n"].to_numpy()
    assert hidden[(n > 0) & (n < MINIMUM)].all()
    assert not hidden[n == 0].any()
    if hidden.any():
        assert not determined(table, hidden).any()


def test_a_national_table_is_done_in_seconds():
    rng = np.random.default_rng(0)
    table = with_totals(rng.poisson(9, (335, 2)))
    hidden = suppress(table, "n", ["unit", "audience"]).to_numpy()
    n = table["n"].to_numpy()
    assert hidden[(n > 0) & (n < MINIMUM)].all() and hidden.mean() < 0.2
    assert not determined(table, hidden).any()


def test_wrong_tables_are_refused():
    table = with_totals(np.array([[3, 20], [40, 9]]))
    with pytest.raises(ValueError, match="not the sum"):
        suppress(table.assign(n=table["n"] + 1), "n", ["unit", "audience"])
    with pytest.raises(ValueError, match="same cell"):
        suppress(pd.concat([table, table]), "n", ["unit", "audience"])
