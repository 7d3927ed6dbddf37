"""Near copies, answer sheets filled in alike, and the search for pairs."""

import numpy as np
import pandas as pd
import pytest
from check_frames import LIKERT, PLAN, UNITS, calls, flagged, inspect, responses
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey.checks import pairs

NAMES = [answer.name for answer in LIKERT]


def appended(frame: pd.DataFrame, rows: list[int], **changed: object) -> pd.DataFrame:
    """Copy some records to the end under other ids."""
    ids = {frame.columns[0]: [f"copy-{i}" for i in range(len(rows))]}
    whole = pd.concat([frame, frame.iloc[rows].assign(**{**ids, **changed})], ignore_index=True)
    whole.index = pd.RangeIndex(2, len(whole) + 2, name="row")
    return whole


def varied(frame: pd.DataFrame) -> int:
    """Position of a questionnaire whose answers are far from usual."""
    return int(frame[NAMES].std(axis=1).to_numpy().argmax())


def test_a_copy_with_two_answers_changed_is_found_and_its_original_named():
    frame = responses()
    row = varied(frame)
    spoilt = appended(frame, [row])
    spoilt.loc[spoilt.index[-1], NAMES[0]] = 6 - spoilt[NAMES[0]].iloc[-1]
    spoilt.loc[spoilt.index[-1], "started_at"] += pd.Timedelta(minutes=4)
    checked = inspect(responses=spoilt)
    near = checked.flags[checked.flags["check"] == "near-duplicates"]
    assert near["record"].tolist() == ["copy-0"]
    assert near["like"].tolist() == [frame["response_id"].iloc[row]]
    assert near["row"].tolist() == [len(spoilt) + 1]


def test_an_exact_copy_is_no_near_copy():
    frame = responses()
    checked = inspect(responses=appended(frame, [varied(frame)]))
    assert flagged(checked, "duplicate-records") == {"copy-0"}
    assert flagged(checked, "near-duplicates") == set()


def test_two_codings_of_a_recording_may_be_nearly_equal():
    frame = calls().assign(recording=[f"rec{i}" for i in range(400)])
    spoilt = appended(frame, [0, 1], started_at=frame["started_at"].iloc[[0, 1]].to_numpy())
    flip = {"yes": "no", "no": "yes"}
    spoilt.iloc[-2:, spoilt.columns.get_loc("b0")] = spoilt["b0"].iloc[-2:].map(flip)
    assert flagged(inspect(calls=spoilt), "near-duplicates") == set()
    spoilt["recording"] = [f"rec{i}" for i in range(402)]
    assert flagged(inspect(calls=spoilt), "near-duplicates") == {"copy-0", "copy-1"}


@pytest.mark.parametrize("seed", range(4))
def test_content_people_are_not_taken_for_copies(seed):
    frame = responses(1500, seed)
    content = np.random.default_rng(seed).random(len(frame)) < 0.7
    full = np.where(np.random.default_rng(seed + 1).random((len(frame), 14)) < 0.95, 5.0, 4.0)
    frame.loc[content, NAMES] = full[content]
    checked = inspect(responses=frame)
    for check in ("near-duplicates", "identical-vectors", "long-run"):
        assert flagged(checked, check) == set()
    assert len(flagged(checked, "straight-lining")) <= 1


def test_a_block_of_one_answer_sheet_in_a_unit():
    frame = responses()
    own = np.flatnonzero(frame["unit"] == UNITS[3])[:6]
    frame.iloc[own, [frame.columns.get_loc(name) for name in NAMES]] = [1.0, 4, 2, 5, 3, 3, 1] * 2
    checked = inspect(responses=frame)
    assert flagged(checked, "identical-vectors") == set(frame["response_id"].iloc[own])


def test_the_same_sheet_spread_over_units_is_not_a_units_block():
    frame = responses()
    rows = [int(np.flatnonzero(frame["unit"] == unit)[0]) for unit in UNITS]
    frame.iloc[rows, [frame.columns.get_loc(name) for name in NAMES]] = [1.0, 4, 2, 5, 3, 3, 1] * 2
    assert flagged(inspect(responses=frame), "identical-vectors") == set()


def test_a_small_table_is_not_judged_by_chance():
    frame = responses(60)
    spoilt = appended(frame, [varied(frame)], duration_seconds=1000.0)
    assert flagged(inspect(responses=spoilt), "near-duplicates") == set()


def alike(codes: np.ndarray, block: np.ndarray) -> set[tuple[int, int]]:
    found = set()
    for i in range(len(codes)):
        for j in range(i + 1, len(codes)):
            both = (codes[i] >= 0) & (codes[j] >= 0)
            equal = int(((codes[i] == codes[j]) & both).sum())
            one_block = block[i] == block[j] >= 0
            if one_block and both.any() and equal >= pairs.LEAST_SHARE * both.sum():
                found.add((i, j))
    return found


def searched(codes: np.ndarray, block: np.ndarray) -> set[tuple[int, int]]:
    found = pairs.candidate_pairs(codes, block, np.arange(len(codes)))
    return {
        (int(min(i, j)), int(max(i, j)))
        for left, right in found
        for i, j in zip(left, right, strict=True)
    }


CODES = arrays(np.int8, (25, 9), elements=st.integers(-1, 2))
BLOCK = arrays(np.int64, 25, elements=st.integers(-1, 2))


@settings(max_examples=60, deadline=None)
@given(CODES, BLOCK, st.integers(1, 40))
def test_all_pairs_of_a_small_table_are_compared(codes, block, chunk):
    old, pairs._CHUNK = pairs._CHUNK, chunk
    try:
        assert searched(codes, block) == alike(codes, block)
    finally:
        pairs._CHUNK = old


def test_bands_find_every_pair_with_fewer_differences_than_bands(monkeypatch):
    random = np.random.default_rng(0)
    codes = random.integers(0, 5, (600, 12)).astype(np.int8)
    for copy in range(300, 330):
        codes[copy] = codes[copy - 300]
        codes[copy, random.choice(12, pairs.MOST_BANDS - 1, replace=False)] = 7
    block = np.zeros(600, dtype=np.int64)
    monkeypatch.setattr(pairs, "MOST_PAIRS", 20_000)
    assert {(copy - 300, copy) for copy in range(300, 330)} <= searched(codes, block)
    assert searched(codes, block) <= alike(codes, block)


def test_random_pairs_are_of_one_block_and_of_two_records():
    block = np.array([0, 0, 1, -1, 1, 1, 2])
    left, right = pairs.random_pairs(block, 500)
    assert len(left) and (left != right).all()
    assert (block[left] == block[right]).all() and (block[left] >= 0).all()
    assert len(pairs.random_pairs(np.full(3, -1), 500)[0]) == 0


def test_the_same_records_give_the_same_flags_in_any_order():
    frame = appended(responses(), [varied(responses())], duration_seconds=77.0)
    shuffled = frame.sample(frac=1, random_state=1)
    one, other = inspect(PLAN, responses=frame), inspect(PLAN, responses=shuffled)
    pair = {"copy-0", frame["response_id"].iloc[varied(frame)]}
    assert flagged(one, "near-duplicates") == {"copy-0"}
    assert flagged(other, "near-duplicates") <= pair
    assert len(flagged(other, "near-duplicates")) == 1
