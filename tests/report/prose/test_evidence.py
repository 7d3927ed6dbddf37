"""Problems stand in the order of the evidence for them, by the rule that is told."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prose_tables import with_tables

from report.prose import problems
from report.prose.evidence import (
    Problem,
    below_average,
    importance,
    measured_level,
    order,
    ranked,
    strength,
)
from report.prose.verdicts import ORDER, UNJUDGED, odds_verdict

SIZES = st.floats(0, 50)
PROBLEMS = st.builds(
    Problem,
    kind=st.just("indicator"), subject=st.just("x"), text=st.just(""), figures=st.just(""),
    verdict=st.sampled_from(["clear", "slight", UNJUDGED]), gap=SIZES,
    strength=SIZES | st.just(float("nan")), importance=st.floats(0, 1), where=st.just("sec-x"),
)  # fmt: skip


@given(st.lists(PROBLEMS, max_size=12))
def test_what_is_surer_comes_first(found):
    placed = sorted(found, key=order)
    classes = [ORDER.index(problem.verdict) for problem in placed]
    assert classes == sorted(classes)
    for one, next_ in pairwise(placed):
        if one.verdict != next_.verdict:
            continue
        told = "gap" if one.verdict == UNJUDGED else "strength"
        mine, other = (np.nan_to_num(getattr(problem, told)) for problem in (one, next_))
        assert mine > other or (mine == other and one.importance >= next_.importance)


@given(st.lists(PROBLEMS, max_size=8), st.randoms())
def test_the_order_does_not_hang_on_how_they_were_found(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    keys = [order(problem) for problem in sorted(found, key=order)]
    assert keys == [order(problem) for problem in sorted(shuffled, key=order)]


@given(st.floats(-5, 5), st.floats(0.01, 5))
def test_strength_is_one_where_the_interval_just_reaches_no_difference(gap, half):
    value = strength(gap, gap - half, gap + half)
    assert value == pytest.approx(abs(gap) / half, rel=1e-6, abs=1e-6)
    assert np.isnan(strength(gap, np.nan, np.nan))


def test_the_list_is_in_order_and_leaves_out_what_was_not_found(full):
    found = ranked(full)
    assert [order(problem) for problem in found] == sorted(order(problem) for problem in found)
    assert {problem.kind for problem in found} == set(problems.KINDS)
    assert all(problem.verdict != "none" for problem in found)
    assert "standards" not in {p.subject for p in found if p.kind == "audience"}
    assert "information" not in {p.subject for p in found if p.kind == "connection"}
    assert "华北" not in {p.subject for p in found if p.kind == "group"}


def test_turned_tables_give_the_same_list(full):
    turned = with_tables(
        full,
        **{name: full[name].iloc[::-1] for name in ("audience_gaps", "group_contrasts", "means")},
    )
    assert sorted(map(repr, ranked(turned))) == sorted(map(repr, ranked(full)))


def test_a_weak_indicator_is_judged_against_the_average_of_its_level(full):
    low = below_average(full)
    level = measured_level(full)
    assert (low["mean"] < level["mean"].mean()).all()
    assert low["mean"].is_monotonic_increasing
    np.testing.assert_allclose(low["gap"], low["mean"] - level["mean"].mean())
    assert set(low["verdict"]) <= {"clear", "slight", "none"}


def test_the_average_holds_the_indicator_itself(full):
    level = measured_level(full)
    reach = ((level["high"] - level["low"]) / 2).to_numpy()
    weights = np.eye(len(level)) - 1 / len(level)
    half = np.sqrt((weights**2) @ reach**2)
    low = below_average(full).set_index("indicator")
    expected = pd.Series(half, index=level["indicator"]).reindex(low.index)
    np.testing.assert_allclose((low["high"] - low["low"]) / 2, expected)


def test_wide_intervals_leave_nothing_to_find(full):
    wide = with_tables(full, means=full["means"].assign(low=0.0, high=10.0))
    assert set(below_average(wide)["verdict"]) == {"none"}
    assert not [problem for problem in ranked(wide) if problem.kind == "indicator"]


def test_figures_without_intervals_are_listed_by_size_and_not_judged(published):
    bare = [problem for problem in ranked(published) if problem.verdict == UNJUDGED]
    assert bare
    gaps = [problem.gap for problem in bare]
    assert gaps == sorted(gaps, reverse=True)
    assert "不作判断" in problems.rule(published)
    assert "not judged" in problems.rule(published.told_in("en"))


def test_the_table_leads_to_the_chapters(full):
    text = problems.problem_table(full)
    rows = text.splitlines()[2:]
    assert len(rows) == min(len(ranked(full)), problems.MOST)
    assert all(
        row.rstrip(" |").endswith(("@sec-indicators", "@sec-calls", "@sec-groups")) for row in rows
    )


def test_a_problem_named_like_a_reference_stays_text(full):
    contrasts = full["group_contrasts"].replace({"group": {"西南": "@sec-calls"}})
    text = problems.problem_table(with_tables(full, group_contrasts=contrasts))
    assert r"\@sec-calls" in text


def test_nothing_found_is_said_so(full):
    bare = replace(full, tables={name: full[name] for name in ("units", "indicators", "grades")})
    assert "没有问题" in problems.rule(bare)
    assert problems.problem_table(bare) == ""


def test_importance_is_that_of_the_drivers(full):
    assert importance(full) == {"convenience": 0.24, "transparency": 0.18}


@pytest.mark.parametrize(
    ("ratio", "p", "judged"),
    [(0.3, 0.001, "clear"), (0.6, 0.001, "slight"), (1.7, 0.001, "slight"), (0.9, 0.001, "none"),
     (0.3, 0.2, "none"), (float("nan"), 0.01, UNJUDGED), (0.5, float("nan"), UNJUDGED)],
)  # fmt: skip
def test_odds_are_judged_as_differences_of_means_are(ratio, p, judged):
    # ln(0.3) * sqrt(3) / pi = -0.66, of 0.6 -0.28, of 0.9 -0.06: medium, small, negligible.
    assert odds_verdict(ratio, p, 0.95) == judged


def test_what_an_interval_leaves_open_is_no_problem(full):
    behind = full["group_contrasts"].assign(outcome="total", gap=-0.5, verdict="slight")
    kinds = [
        sum(problem.kind == "group" for problem in ranked(with_tables(full, group_contrasts=made)))
        for made in (behind.assign(low=-0.9, high=-0.1), behind.assign(low=-1.1, high=0.1))
    ]
    assert kinds == [len(behind), 0]
