"""Where PSUs that stand alone take their spread from, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
from called_records import called_scores, called_tables

from analysis.uncertainty.clusters import Clusters, sampled_clusters
from analysis.uncertainty.linearised import linearised_variances
from survey.findings import Finding

Tables = dict[str, pd.DataFrame]


def without_shoppers(tables: Tables) -> Tables:
    return tables | {"calls": tables["calls"].drop(columns="shopper")}


def calls_of(tables: Tables) -> tuple[Clusters, tuple[Finding, ...]]:
    clusters, findings = sampled_clusters(called_scores(tables))
    return clusters[0], tuple(f for f in findings if f.column == "calls")


def kept(tables: Tables, each: int, units: tuple[str, ...]) -> Tables:
    """Leave some units so many calls a stratum."""
    calls = tables["calls"]
    turn = calls.groupby(["unit", "audience", "scenario"]).cumcount()
    return tables | {"calls": calls[~calls["unit"].isin(units) | (turn < each)]}


def test_lone_calls_borrow_the_spread_within_the_same_strata_of_others():
    tables = kept(without_shoppers(called_tables(units=40, calls=8)), 1, ("u3", "u7"))
    lone, findings = calls_of(tables)
    assert [(f.check, f.count) for f in findings] == [("borrowed-variance", 8)]
    assert [len(pool) for pool in lone.pools] == [38 * 8] * 4
    items = ["told1", "told2", "solved1", "manner1", "manner2"]
    calls = tables["calls"].groupby(["audience", "scenario", "unit"])[items]
    free = (calls.count() - 1).clip(lower=0)
    squares, freedom = (
        each.groupby(["audience", "scenario"]).sum() for each in (calls.var() * free, free)
    )
    within = np.nan_to_num(squares / freedom)
    for place, pool in enumerate(lone.pools):
        of = (lone.sample.kind[lone.stratum] == place) & (lone.pool >= 0)
        assert (lone.pool[of] == place).all()
        assert pool.var(axis=0) == pytest.approx(within[place], rel=0.02)
        assert pool.mean(axis=0) == pytest.approx(0, abs=1e-6)


def test_borrowing_gives_a_lone_unit_the_variance_of_its_peers_times_the_number_of_calls():
    tables = without_shoppers(called_tables(units=40, calls=8, seed=1, lift=0))
    full, few = called_scores(tables), called_scores(kept(tables, 1, ("u3",)))
    solved = full.hierarchy.index("solved")
    usual = linearised_variances(full).records[:, :2, solved].mean()
    calls = few.items.mean[:2, few.hierarchy.items.index("solved1"), 3]
    lone = linearised_variances(few).records[3, :2, solved][~np.isnan(calls)]
    assert lone == pytest.approx(8 * 0.9 * usual, rel=0.25)


def test_where_no_unit_has_two_calls_a_stratum_strata_are_collapsed():
    tables = without_shoppers(called_tables(units=5, calls=1))
    clusters, findings = calls_of(tables)
    counts = {f.check: f.count for f in findings}
    assert counts["collapsed-strata"] > 0
    assert counts["single-record-stratum"] == 20, "told and solved are asked in one scenario only"
    manner = called_scores(tables).hierarchy.items.index("manner1")
    column = clusters.sample.items.tolist().index(manner)
    borrowed = 0
    for start in range(0, 20, 2):
        pair = slice(start, start + 2)
        if clusters.borrows[pair, column].all():
            pool = clusters.pools[clusters.pool[start]][:, column]
            assert pool.var() == pytest.approx(clusters.top[pair, column].var(ddof=1), rel=1e-5)
            borrowed += 1
    assert borrowed > 5


def test_one_call_of_all_can_borrow_from_nobody():
    tables = without_shoppers(called_tables(units=2, calls=1))
    first = tables["calls"].drop_duplicates("unit")
    clusters, findings = calls_of(tables | {"calls": first})
    assert (clusters.pool < 0).all()
    assert [(f.check, f.count) for f in findings] == [("single-record-stratum", 2)]


def test_the_only_answer_to_an_item_borrows_though_its_stratum_has_others():
    tables = without_shoppers(called_tables(units=10, calls=8))
    calls = tables["calls"].copy()
    mine = calls[(calls["unit"] == "u2") & (calls["audience"] == "citizen")]
    calls.loc[mine.index[mine["scenario"] == "complaint"][1:], "solved1"] = np.nan
    calls.loc[mine.index[mine["scenario"] == "complaint"][0], "solved1"] = 6.0
    scores = called_scores(tables | {"calls": calls})
    _, findings = sampled_clusters(scores)
    assert [(f.check, f.count) for f in findings if f.column == "calls"] == [
        ("borrowed-variance", 1)
    ]
    solved = scores.hierarchy.index("solved")
    variance = linearised_variances(scores).records[:, 0, solved]
    assert variance[2] == pytest.approx(8 * 0.9 * np.delete(variance, 2).mean(), rel=0.4)


@pytest.mark.parametrize(("each", "noted"), [(1, 0), (2, 1), (5, 0)])
def test_few_records_that_all_agree_are_noted(each, noted):
    tables = called_tables(units=6, calls=8)
    responses = tables["responses"]
    mine = (responses["unit"] == "u1") & (responses["audience"] == "citizen")
    turn = responses.groupby(["unit", "audience"]).cumcount()
    alike = responses[(responses["unit"] != "u1") | (mine & (turn < each))].copy()
    alike.loc[alike["unit"] == "u1", ["ease1", "ease2", "ease3"]] = 7.0
    _, findings = sampled_clusters(called_scores(tables | {"responses": alike}))
    assert [f.count for f in findings if f.check == "no-spread"] == [1] * noted


def test_points_are_freed_of_lifts_and_shares_sum_to_one():
    scores = called_scores(units=6, shoppers=5, lift=1.5)
    clusters = sampled_clusters(scores)[0][0]
    assert clusters.shoppers is not None
    share = clusters.shares(np.arange(6), 2)
    asked = ~np.isnan(scores.items.mean[:2, clusters.sample.items])
    assert share[:2].sum(axis=2).transpose(0, 2, 1)[asked] == pytest.approx(1)
    place = clusters.unit * 2 + clusters.audience
    tops, bases = (
        np.column_stack([np.bincount(place, one) for one in each.T])
        for each in (clusters.top, clusters.base)
    )
    lifted = np.einsum("auji,ji->uai", share[:2], clusters.shoppers.lift).reshape(12, -1)
    mean = np.moveaxis(scores.items.mean[:2, clusters.sample.items], 2, 0).reshape(12, -1)
    assert tops / bases + lifted == pytest.approx(mean)
    apart, own = clusters.influences()
    assert np.column_stack([np.bincount(place, one) for one in own.T]) == pytest.approx(1)
    assert np.column_stack([np.bincount(place, one) for one in apart.T]) == pytest.approx(
        0, abs=1e-9
    )
