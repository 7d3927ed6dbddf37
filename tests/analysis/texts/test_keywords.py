import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.documents import documents_of
from analysis.texts.keywords import PRIOR, count_terms, keyword_table, log_odds
from analysis.texts.segment import Segmenter

SEGMENTER = Segmenter.of()
TEXTS = ["回访及时", "回访敷衍，回访太少"] * 5 + ["停车难"] * 6 + ["物业费太高"] * 4


def counted(make_records, texts, **columns):
    documents, _ = documents_of(make_records(texts, **columns), "responses", ["suggestion"])
    return count_terms(documents, SEGMENTER)


def test_words_are_counted_by_documents_and_by_mentions(make_records):
    table, findings = keyword_table(counted(make_records, TEXTS))
    by_term = table.set_index("term")
    assert by_term.loc["回访", ["rank", "documents", "frequency"]].tolist() == [1, 10, 15]
    assert by_term.loc["回访", "share"] == pytest.approx(10 / 20)
    assert by_term.loc["回访", "tf_idf"] == pytest.approx(15 * np.log(20 / 10))
    assert table["documents"].is_monotonic_decreasing
    assert "物业费" not in by_term.index  # four documents
    rare = next(f for f in findings if f.check == "rare-terms")
    assert rare.count == len({"物业费", "太高"})


def test_words_that_set_a_group_apart_come_first_and_common_ones_do_not(make_records):
    audience = ["citizen"] * 30 + ["enterprise"] * 30
    texts = ["停车太难，回访及时"] * 30 + ["审批太慢，回访及时"] * 30
    table, findings = keyword_table(counted(make_records, texts, audience=audience), ["audience"])
    own = {group: part["term"].tolist() for group, part in table.groupby("group") if group}
    assert own["citizen"] == ["停车", "太难"]
    assert set(own["enterprise"]) == {"审批", "太慢"}
    assert "回访" not in own["citizen"] + own["enterprise"]
    assert (table.loc[table["by"] == "audience", "z"] > 2).all()
    assert table.loc[table["by"] == "", "z"].isna().all()
    assert findings == ()


def test_small_groups_and_texts_without_a_group_are_told(make_records):
    region = ["华北"] * 10 + ["华南"] * 8 + ["西北"] * 1 + [None]
    texts = ["停车困难"] * 10 + ["供暖不足"] * 10
    table, findings = keyword_table(counted(make_records, texts, region=region), ["region"])
    assert set(table["group"]) == {"", "华北", "华南"}
    assert {(f.check, f.column, f.count) for f in findings} == {
        ("ungrouped-texts", "region", 1), ("small-text-groups", "region", 1),
    }  # fmt: skip


def test_a_word_of_few_documents_in_a_group_is_not_told(make_records):
    audience = ["citizen"] * 10 + ["enterprise"] * 10
    texts = ["停车困难"] * 4 + ["供暖不足"] * 6 + ["停车困难"] * 2 + ["融资困难"] * 8
    table, _ = keyword_table(counted(make_records, texts, audience=audience), ["audience"])
    told = table[table["group"] == "citizen"]["term"].tolist()
    assert "供暖" in told
    assert "停车" not in told
    assert "停车" in table[table["group"] == ""]["term"].tolist()


def test_one_group_has_nothing_to_be_set_apart_from(make_records):
    counts = counted(make_records, TEXTS, audience="citizen")
    table, _ = keyword_table(counts, ["audience"], most=1)
    assert table["group"].tolist() == [""]
    assert table["term"].tolist() == ["回访"]


def test_no_documents_give_no_words(make_records):
    table, findings = keyword_table(counted(make_records, ["", "无"]))
    assert table.empty
    assert findings == ()


def test_order_of_rows_does_not_matter(make_records):
    audience = pd.Series(["a", "b"] * 10)
    order = np.random.default_rng(1).permutation(20)
    first, again = (
        keyword_table(
            counted(make_records, [TEXTS[i] for i in at], audience=audience[at].to_numpy()),
            ["audience"],
        )[0]
        for at in (np.arange(20), order)
    )
    pd.testing.assert_frame_equal(first, again)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=20))
def test_log_odds_turn_round_with_the_groups_and_shrink_with_the_prior(pairs):
    own, rest = np.array(pairs, dtype=float).T
    prior = (own + rest + 1) / (own + rest + 1).sum()
    odds, z = log_odds(own, rest, 10 * prior)
    back, z_back = log_odds(rest, own, 10 * prior)
    assert odds == pytest.approx(-back)
    assert z == pytest.approx(-z_back)
    if own.sum() == rest.sum():
        far, _ = log_odds(own, rest, 1e6 * prior)
        assert (np.abs(far) <= np.abs(odds) + 1e-9).all()


def test_log_odds_of_equal_use_are_zero():
    own = np.array([3.0, 7.0, 10.0])
    odds, z = log_odds(own, own, PRIOR * own / own.sum())
    assert odds == pytest.approx(0)
    assert z == pytest.approx(0)
