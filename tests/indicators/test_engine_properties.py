"""The engine as a whole, on random systems: what must hold whatever the configuration."""

import random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

UNITS = [f"u{i}" for i in range(8)]
NAMED = ["arithmetic", "geometric", "harmonic", "minimum", "median"]
ITEMS = 6
COMPARING = [
    {"minmax": [0, 10]}, {"minmax": [1, 10]}, {"zscore": [5, 2]}, {"ranked": "rank"},
    {"ranked": "percentile"}, {"ranked": "borda"}, {"reference": "mean"}, {"reference": "median"},
    {"target": 60.0}, {"maximum": 10},
]  # fmt: skip
FIXED = [
    {"goalposts": [10, 90]}, {"goalposts": [1, 80], "log": True}, {"target": 60.0, "worst": 5.0},
]  # fmt: skip
Built = tuple[System, dict[str, pd.DataFrame], list[str]]


def words(name: str) -> dict[str, str]:
    return {"id": name, "zh": name, "en": name}


@st.composite
def built(draw, rules=(*COMPARING, *FIXED), fixed: bool = False) -> Built:
    """A system of figures and responses, its records, and the audiences."""
    average = st.one_of(
        st.sampled_from(NAMED), st.floats(-5, 5).map(lambda p: {"power": p}),
        st.lists(st.integers(0, 5), min_size=2, max_size=2).filter(any).map(lambda w: {"owa": w}),
    )  # fmt: skip
    policy = st.sampled_from(["rescale", "worst"] if fixed else ["rescale", "worst", "no_score"])
    weight = st.sampled_from([0.5, 1, 2, 3.7])
    audiences = draw(st.sampled_from([[], ["citizen"], ["citizen", "enterprise"]]))

    def figure(at: int) -> dict:
        direction = "higher" if fixed else draw(st.sampled_from(["higher", "lower"]))
        rule = draw(st.sampled_from(rules))
        if "worst" in rule:
            direction = "higher"
        return {**words(f"f{at}"), "table": "figures", "rule": {**rule, "direction": direction}}

    def question(at: int) -> dict:
        rule = draw(st.sampled_from([{"likert": [1, 5]}, {"piecewise": [[1, 0], [3, 8], [5, 10]], "unit": "x"},
                                     {"threshold": [[4, 10], [2, 3]], "reach": "at_least", "unit": "x"}]))  # fmt: skip
        return {**words(f"r{at}"), "table": "responses", "rule": rule}

    def leaf(name: str, items: list[dict]) -> dict:
        weighted = [{**item, "weight": draw(weight)} for item in items]
        own = {"aggregate": draw(average), "missing": draw(policy), "weight": draw(weight)}
        return {**words(name), "items": weighted, **own}

    leaves = [leaf(f"b{k}", [figure(2 * k), figure(2 * k + 1)]) for k in range(ITEMS // 2)]
    leaves.append(leaf("b3", [question(0), question(1)]))
    nodes = [
        {**words(f"a{k}"), "children": leaves[2 * k : 2 * k + 2], "aggregate": draw(average)}
        for k in range(2)
    ]
    if draw(st.booleans()):
        nodes.append({**words("x"), "role": "innovation", "bonus": 1.5, "items": [figure(6)]})
    title = {"zh": "s", "en": "s"}
    settings_ = {} if fixed else draw(
        st.sampled_from([{}, {"impute": {"impute": "median"}}, {"treat": "auto"}, {"treat": "log"}])
    )  # fmt: skip
    stated = {
        "id": "s", "title": title, "source": title, "children": nodes,
        "aggregate": draw(average) if len(nodes) == 2 else draw(st.sampled_from(NAMED)),
        "scale": draw(st.sampled_from([1, 10, 100])), "figures": settings_,
        "minimum_coverage": 0 if fixed else draw(st.sampled_from([0, 0.5, 1])),
        "audiences": {name: {"zh": name, "en": name} for name in audiences},
        "across_audiences": draw(st.sampled_from(NAMED)),
    }  # fmt: skip
    seed = draw(st.integers(0, 10**6))
    missing = draw(st.sampled_from([0, 0.2]))
    return System.model_validate(stated), tables(seed, missing, audiences), audiences


def tables(seed: int, missing: float, audiences: list[str]) -> dict[str, pd.DataFrame]:
    draw = np.random.default_rng(seed)
    figures = pd.DataFrame({"unit": UNITS})
    for at in range(ITEMS + 1):
        figures[f"f{at}"] = draw.integers(-5, 120, len(UNITS)).astype(float)
    responses = pd.DataFrame({"unit": draw.choice(UNITS, 60)})
    responses["response_id"] = [f"r-{k}" for k in range(60)]
    responses["audience"] = draw.choice([*audiences, "visitor"], 60)
    responses["weight"] = draw.uniform(0.5, 2, 60)
    for at in range(2):
        responses[f"r{at}"] = draw.integers(1, 6, 60).astype(float)
    for frame in (figures, responses):
        answers = [c for c in frame if c[0] in "fr" and c[1].isdigit()]
        frame[answers] = frame[answers].mask(draw.random((len(frame), len(answers))) < missing)
        frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return {"figures": figures, "responses": responses}


def scored(
    system: System, frames: dict[str, pd.DataFrame], units: list[str] | None = None
) -> Scores:
    return score(Records(frames), system, units or UNITS)[0]


@settings(max_examples=60, deadline=None)
@given(built())
def test_scores_stay_within_the_scale(case):
    system, frames, _ = case
    found = scored(system, frames)
    there = found.score[~np.isnan(found.score)]
    assert ((there >= 0) & (there <= system.scale)).all()
    assert ((found.coverage >= 0) & (found.coverage <= 1 + 1e-9)).all()
    assert not np.isinf(found.score).any()


@settings(max_examples=60, deadline=None)
@given(built(), st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_rows(case, rng: random.Random):
    system, frames, _ = case
    expected = scored(system, frames)
    shuffled = {}
    for name, frame in frames.items():
        order = list(range(len(frame)))
        rng.shuffle(order)
        shuffled[name] = frame.iloc[order]
    found = scored(system, shuffled)
    assert np.allclose(found.score, expected.score, rtol=1e-9, atol=1e-9, equal_nan=True)
    assert np.allclose(found.coverage, expected.coverage)


@settings(max_examples=60, deadline=None)
@given(built(), st.permutations(UNITS))
def test_scores_do_not_depend_on_the_order_or_the_names_of_units(case, order):
    system, frames, _ = case
    expected = scored(system, frames)
    names = {unit: f"城市{order.index(unit)}" for unit in UNITS}
    renamed = {name: f.assign(unit=f["unit"].map(names)) for name, f in frames.items()}
    found = scored(system, renamed, [names[unit] for unit in order])
    back = found.score[[order.index(unit) for unit in UNITS]]
    assert np.allclose(back, expected.score, rtol=1e-9, atol=1e-9, equal_nan=True)


@settings(max_examples=80, deadline=None)
@given(
    built(rules=FIXED, fixed=True), st.integers(0, ITEMS), st.integers(0, len(UNITS) - 1),
    st.floats(0.5, 60),
)  # fmt: skip
def test_a_better_figure_never_lowers_a_score(case, at, row, more):
    system, frames, _ = case
    before = scored(system, frames)
    figures = frames["figures"].copy()
    figures.iloc[row, figures.columns.get_loc(f"f{at}")] += more
    after = scored(system, {**frames, "figures": figures})
    assert_no_lower(before, after)


@settings(max_examples=80, deadline=None)
@given(built(rules=FIXED, fixed=True), st.integers(0, 1), st.integers(0, 59))
def test_a_better_answer_never_lowers_a_score(case, at, row):
    system, frames, _ = case
    before = scored(system, frames)
    responses = frames["responses"].copy()
    place = row, responses.columns.get_loc(f"r{at}")
    answer = responses.iloc[place]
    responses.iloc[place] = np.nan if np.isnan(answer) else min(answer + 1, 5)
    assert_no_lower(before, scored(system, {**frames, "responses": responses}))


def assert_no_lower(before: Scores, after: Scores) -> None:
    assert np.array_equal(np.isnan(before.score), np.isnan(after.score))
    assert (np.nan_to_num(after.score) >= np.nan_to_num(before.score) - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(built())
def test_a_trace_adds_up_to_its_score(case):
    system, frames, _ = case
    found = scored(system, frames)
    for unit in UNITS[:2]:
        total = found.of("total")[unit]
        if np.isnan(total):
            continue
        steps = found.trace(unit).steps
        parts = steps[steps["depth"] == 1]["contribution"].sum()
        assert abs(min(parts, system.scale) - total) < 1e-8 * system.scale


@settings(max_examples=30, deadline=None)
@given(built())
def test_the_same_input_gives_the_same_bytes(case):
    system, frames, _ = case
    assert scored(system, frames).score.tobytes() == scored(system, frames).score.tobytes()
