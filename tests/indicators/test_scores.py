from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_records import random_records

from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import load_system
from survey.findings import InputError
from survey.records import Records

UNITS = ["北京", "长沙", "玉树藏族自治州", "银川"]


@pytest.fixture(scope="module")
def system() -> System:
    return load_system("hotline-2021")


@pytest.fixture(scope="module")
def records(system: System) -> Records:
    return random_records(system, UNITS, seed=4)


@pytest.fixture(scope="module")
def scores(system: System, records: Records) -> Scores:
    return score(records, system, UNITS)[0]


Rows = dict[tuple[str, str], list[dict]]
"""Single records by table and unit."""


def plain_item(rows: Rows, system: System, unit: str, audience: str | None, item_id: str) -> float:
    """One item's mean, by loops over single records and the words of the rule."""
    item = next(i for _, i in system.leaf_items() if i.id == item_id)
    total = weights = 0.0
    for record in rows[item.table, unit]:
        if audience and record["audience"] != audience:
            continue
        if any(record[column] not in values for column, values in item.where.items()):
            continue
        rule = item.rule.model_dump()
        points = None
        if "count" in rule:
            heard = [record[c] for c in rule["count"] if pd.notna(record[c])]
            if heard:
                points = 10 * sum(h == rule["of"][0] for h in heard) / len(heard)
        elif pd.notna(record[item.source]):
            answer = record[item.source]
            if "map" in rule:
                points = rule["map"][answer]
            elif "binary" in rule:
                points = 10.0 if answer == rule["binary"][0] else 0.0
            elif "likert" in rule:
                low, high = rule["likert"]
                points = (answer - low) / (high - low) * 10
            else:
                knots = rule["piecewise"]
                points = knots[-1][1] if answer > knots[-1][0] else knots[0][1]
                for (x0, y0), (x1, y1) in pairwise(knots):
                    if x0 <= answer <= x1:
                        points = y0 + (y1 - y0) * (answer - x0) / (x1 - x0)
        for override in item.override:
            if all(record[c] in v for c, v in override.where.items()):
                points = override.points
        if points is not None:
            weight = record.get("weight", 1.0)
            total, weights = total + weight * points, weights + weight
    return total / weights if weights else float("nan")


def plain_node(rows: Rows, system: System, unit: str, audience: str | None, node) -> float:
    if node.items:
        if audience is None and node.items[0].table != "cases":
            parts = [plain_node(rows, system, unit, a, node) for a in system.audiences]
            return float(np.nanmean(parts))
        means = [plain_item(rows, system, unit, audience, i.id) for i in node.items]
        there = [m for m in means if not np.isnan(m)]
        return float(np.mean(there)) if len(there) * 2 >= len(means) else float("nan")
    means = [plain_node(rows, system, unit, audience, c) for c in node.children if c.role == "core"]
    there = [m for m in means if not np.isnan(m)]
    return float(np.mean(there)) if len(there) * 2 >= len(means) else float("nan")


def test_scores_equal_plain_loops_over_single_answers(scores, records, system):
    rows = {
        (name, unit): table[table["unit"] == unit].to_dict("records")
        for name, table in records.tables.items()
        for unit in UNITS
    }
    for unit in UNITS:
        for audience in ("citizen", "enterprise", None):
            for node in system.nodes():
                if audience and node.id.startswith("innovation"):
                    continue
                expected = plain_node(rows, system, unit, audience, node)
                got = scores.of(node.id, audience or "all")[unit]
                assert got == pytest.approx(expected, abs=1e-12, nan_ok=True), (
                    unit,
                    audience,
                    node.id,
                )


def test_total_is_mean_of_core_plus_bonus(scores):
    core = np.mean([scores.of(i) for i in ("goal", "process", "value")], axis=0)
    bonus = scores.of("innovation").fillna(0) / 10
    assert scores.of("total").to_numpy() == pytest.approx(np.minimum(core + bonus, 10))


def test_citizens_have_no_innovation_and_their_total_needs_none(scores):
    assert scores.of("innovation", "citizen").isna().all()
    core = np.mean([scores.of(i, "citizen") for i in ("goal", "process", "value")], axis=0)
    assert scores.of("total", "citizen").to_numpy() == pytest.approx(core)


def test_overall_lies_between_the_audiences_at_every_leaf(scores, system):
    for node in system.nodes():
        if node.items and node.items[0].table != "cases":
            both = np.stack([scores.of(node.id, a) for a in ("citizen", "enterprise")])
            overall = scores.of(node.id).to_numpy()
            assert (overall >= both.min(axis=0) - 1e-12).all()
            assert (overall <= both.max(axis=0) + 1e-12).all()


def test_too_little_data_gives_no_score_and_a_finding(system, records):
    calls = records.tables["calls"].copy()
    lost = calls["unit"] == "长沙"
    calls.loc[lost, ["answer_given", "answer_correct", "case_accepted", "case_result"]] = pd.NA
    calls.loc[lost, "outcome"] = "answered"
    scores, findings = score(Records({**records.tables, "calls": calls}), system, UNITS)
    assert np.isnan(scores.of("goal")["长沙"])
    assert not np.isnan(scores.of("goal")["北京"])
    found = [f for f in findings if f.check == "no-score" and f.column == "goal"]
    assert found and "长沙" in found[0].got and found[0].count == 1
    assert not np.isnan(scores.of("total")["长沙"])
    assert scores.coverage[UNITS.index("长沙"), -1, 0] == pytest.approx(2 / 3)


def test_unit_without_any_record_has_no_score(system, records):
    scores, findings = score(records, system, [*UNITS, "三沙"])
    assert np.isnan(scores.of("total")["三沙"])
    assert any(f.column == "total" and "三沙" in f.got for f in findings)


def test_n_counts_records_with_an_answer_below(scores, records):
    responses = records.tables["responses"]
    own = responses[(responses["unit"] == "北京") & (responses["audience"] == "citizen")]
    expected = own[["satisfied_service", "satisfied_result"]].notna().any(axis=1).sum()
    index = UNITS.index("北京"), 0, scores.hierarchy.index("satisfaction")
    assert scores.n[index] == expected


def test_unanswered_calls_score_zero_on_goal_only(system):
    units = ["北京"]
    records = random_records(system, units, seed=1, missing=0)
    calls = records.tables["calls"].assign(outcome="busy")
    answers = [c.name for c in system.answer_columns()["calls"] if c.name != "outcome"]
    calls = calls.assign(**{name: calls[name].mask(calls["outcome"] == "busy") for name in answers})
    scores, _ = score(Records({**records.tables, "calls": calls}), system, units)
    assert scores.of("goal")["北京"] == 0
    assert np.isnan(scores.of("transparency")["北京"])


def test_trace_adds_up_and_reaches_the_records(scores, records):
    trace = scores.trace("北京", "efficiency")
    items = trace.steps[trace.steps["kind"] == "item"]
    audiences = trace.steps[trace.steps["kind"] == "audience"]
    assert audiences["contribution"].sum() == pytest.approx(scores.of("efficiency")["北京"])
    first = trace.steps.index[trace.steps["kind"] == "audience"].tolist()
    for start, stop in zip(first, [*first[1:], len(trace.steps)], strict=True):
        below = trace.steps.iloc[start + 1 : stop]
        assert below["contribution"].sum() == pytest.approx(trace.steps.loc[start, "score"])
    assert items["n"].sum() == len(trace.records)
    row = trace.records.iloc[0]
    source = records.tables["calls"].loc[row["row"]]
    assert (source["call_id"], source["unit"], source[{"connected": "outcome"}.get(row["item"], row["item"])]) == (
        row["record"], "北京", row["answer"])  # fmt: skip
    assert "高效性" in str(trace)


def test_trace_of_the_total_contains_every_answer(scores):
    unit = scores.of("innovation").dropna().index[0]
    trace = scores.trace(unit)
    top = trace.steps[(trace.steps["depth"] == 1)]
    assert top["contribution"].sum() == pytest.approx(scores.of("total")[unit])
    assert set(trace.records["table"]) == {"calls", "responses", "cases"}


@pytest.mark.parametrize(
    ("unit", "indicator", "audience", "hint"),
    [
        ("北平", "total", "all", ""),
        ("北京", "proces", "all", "process"),
        ("北京", "total", "citizens", "citizen"),
    ],
)
def test_trace_of_an_unknown_name_names_the_nearest(scores, unit, indicator, audience, hint):
    with pytest.raises(InputError) as error:
        scores.trace(unit, indicator, audience)
    assert hint in error.value.findings[0].hint


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
@example(seed=2879)  # full points under uneven weights once came to 10.000000000000002
def test_scores_stay_in_range_and_do_not_depend_on_order(system, seed):
    records = random_records(system, UNITS, seed=seed, calls=8, responses=8, missing=0.3)
    scores, _ = score(records, system, UNITS)
    there = scores.score[~np.isnan(scores.score)]
    assert (there >= 0).all() and (there <= 10).all()
    shuffled = Records({n: t.sample(frac=1, random_state=seed) for n, t in records.tables.items()})
    again, _ = score(shuffled, system, UNITS[::-1])
    assert again.score[::-1] == pytest.approx(scores.score, nan_ok=True)
    renamed = Records({n: t.assign(unit=t["unit"] + "x") for n, t in records.tables.items()})
    other, _ = score(renamed, system, [u + "x" for u in UNITS])
    assert other.score == pytest.approx(scores.score, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_better_answer_never_lowers_a_score(system, data):
    records = random_records(
        system, UNITS[:1], seed=data.draw(st.integers(0, 999)), calls=8, responses=6
    )
    before, _ = score(records, system, UNITS[:1])
    responses = records.tables["responses"].copy()
    column = data.draw(st.sampled_from([c.name for c in system.answer_columns()["responses"]]))
    answered = responses.index[responses[column].notna()]
    if len(answered) == 0:
        return
    row = data.draw(st.sampled_from(list(answered)))
    responses.loc[row, column] = min(5.0, responses.loc[row, column] + 1)
    after, _ = score(Records({**records.tables, "responses": responses}), system, UNITS[:1])
    there = ~np.isnan(before.score)
    assert (after.score[there] >= before.score[there] - 1e-12).all()


def test_with_se_keeps_missing_scores_missing(scores):
    filled = scores.with_se(np.ones_like(scores.score))
    assert np.isnan(filled.se[np.isnan(scores.score)]).all()
    assert replace(filled, se=scores.se).table().shape == scores.table().shape


WORDS = {"zh": "x", "en": "x"}


def small(**settings) -> System:
    """Two indicators, each of one item of an inspection; the first may not apply."""
    items = [
        {"id": name, **WORDS, "table": "inspections", "rule": {"map": {"good": 10, "fair": 5, "bad": 0}},
         "not_applicable": ["na"]}
        for name in ("a", "b")
    ]  # fmt: skip
    children = [{"id": f"of_{item['id']}", **WORDS, "items": [item]} for item in items]
    return System.model_validate(
        {"id": "small", "title": WORDS, "source": WORDS, "children": children, **settings}
    )


def inspected(a: list, b: list) -> Records:
    frame = pd.DataFrame(
        {"inspection_id": ["1", "2"], "unit": "u", "a": a, "b": b},
        index=pd.RangeIndex(2, 4, name="row"),
    ).astype({"a": "str", "b": "str"})
    return Records({"inspections": frame})


@pytest.mark.parametrize("missing", ["rescale", "worst", "no_score"])
def test_what_does_not_apply_counts_nowhere_and_the_trace_adds_up(missing):
    scores, findings = score(
        inspected(["na", "na"], ["fair", "good"]), small(missing=missing), ["u"]
    )
    assert scores.of("total")["u"] == 7.5
    assert scores.coverage[0, 0, 0] == 1
    top = scores.trace("u").steps.query("depth == 1")
    assert top["contribution"].sum() == pytest.approx(7.5)
    assert [f.count for f in findings if f.check == "not-applicable"] == [2]
    assert not any(f.check == "no-score" for f in findings)


@pytest.mark.parametrize(
    ("missing", "expected"), [("rescale", 7.5), ("worst", 3.75), ("no_score", np.nan)]
)
def test_what_is_missing_counts_as_the_policy_says_and_the_trace_adds_up(missing, expected):
    scores, _ = score(inspected([None, None], ["fair", "good"]), small(missing=missing), ["u"])
    assert scores.of("total")["u"] == pytest.approx(expected, nan_ok=True)
    assert scores.coverage[0, 0, 0] == pytest.approx(0.5)
    if missing != "no_score":
        top = scores.trace("u").steps.query("depth == 1")
        assert top["contribution"].sum() == pytest.approx(expected)


def test_a_capped_bonus_is_traced_as_what_it_adds():
    data = small().model_dump(exclude_unset=True, mode="json")
    data["children"][1] |= {"role": "innovation", "bonus": 4}
    scores, _ = score(
        inspected(["good", "fair"], ["good", "good"]), System.model_validate(data), ["u"]
    )
    assert scores.of("total")["u"] == 10
    steps = scores.trace("u").steps.query("depth == 1")
    assert steps["contribution"].tolist() == pytest.approx([7.5, 2.5])
    assert steps["kind"].tolist() == ["indicator", "bonus"]


def test_an_innovation_without_bonus_enters_by_its_weight():
    data = small().model_dump(exclude_unset=True, mode="json")
    data["children"][1] |= {"role": "innovation", "weight": 3}
    scores, _ = score(
        inspected(["bad", "bad"], ["good", "good"]), System.model_validate(data), ["u"]
    )
    assert scores.of("total")["u"] == pytest.approx(7.5)
