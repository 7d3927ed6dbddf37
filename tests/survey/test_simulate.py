from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from survey.contracts import CONTRACTS
from survey.findings import InputError
from survey.simulate import simulate_campaign
from survey.simulation.campaign import CampaignModel, Effects, city_quality
from survey.simulation.items import ItemModel
from survey.simulation.scales import calibrate, city_mean_weights

GRADES = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
COMPOSITION = (10, 33, 30, 60, 34, 72, 18, 35, 17, 26)
"""Cities in each grade: 2021 report on the service quality of government hotlines, table 2."""
PUBLISHED = {
    "information": (6.32, 4.94),
    "complaint": (6.22, 2.52),
    "efficiency": (7.63, 6.38),
    "standards": (8.34, 8.06),
    "transparency": (6.13, 4.61),
    "participation": (4.83, 2.86),
    "value_hotline": (7.31, 7.64),
    "value_government": (6.78, 7.39),
    "value_society": (6.57, 6.52),
}
"""Means of citizens and enterprises: the same report, figures 5, 6, 8, 9, 11 and 12."""
TARGETS = PUBLISHED | {"convenience": (6.5, 6.0)}
SLOTS = {
    "s1": (9, 10.5),
    "s2": (10.5, 12),
    "s3": (12, 14),
    "s4": (14, 16),
    "s5": (16, 17.5),
    "s6": (17.5, 20),
}
CURVE = ((0, 10), (15, 10), (30, 8), (60, 5), (180, 0))
VALUE = {
    "value_hotline": ("satisfaction", "responsiveness", "trust"),
    "value_government": ("openness", "accountability", "engagement"),
    "value_society": ("equality", "mutual_aid", "belonging", "duty"),
}
TREE = {
    "goal": ("information", "complaint"),
    "process": ("convenience", "efficiency", "standards", "transparency", "participation"),
    "value": tuple(VALUE),
}
HOLIDAY = date(2024, 4, 4)


def ask(item: str, table: str, indicator: str, kind: str = "ordinal", **more) -> ItemModel:
    group = next((g for g, leaves in VALUE.items() if indicator in leaves), indicator)
    target = dict(zip(("citizen", "enterprise"), TARGETS[group], strict=True))
    return ItemModel(
        **{
            "item": item,
            "table": table,
            "columns": (item,),
            "kind": kind,
            "target": target,
            "indicator": indicator,
        }
        | more
    )


def yes_no(item: str, indicator: str, **more) -> ItemModel:
    return ask(item, "calls", indicator, values=("no", "yes"), points=(0, 10), **more)


def likert(item: str, table: str, indicator: str) -> ItemModel:
    return ask(
        item, table, indicator, values=tuple("12345"), points=(0, 2.5, 5, 7.5, 10), missing=0.02
    )


def three(item: str, indicator: str, values: tuple[str, ...], **more) -> ItemModel:
    return ask(item, "calls", indicator, values=values, points=(0, 5, 10), **more)


def toy_items() -> tuple[ItemModel, ...]:
    asking, complaining = (
        {"where": {"scenario": (name,)}, "not_reached_points": 0.0} for name in TREE["goal"]
    )
    rubric = {
        "values": tuple(str(n) for n in range(11)),
        "points": tuple(range(11)),
        "target": {"all": 5.5},
    }
    return (
        three("answer_given", "information", ("none", "partly", "full"), **asking),
        yes_no("answer_correct", "information", **asking),
        yes_no("case_accepted", "complaint", **complaining),
        three("case_result", "complaint", ("unresolved", "in_progress", "resolved"), **complaining),
        likert("channels_enough", "responses", "convenience"),
        likert("asked_once", "responses", "convenience"),
        ask("connected", "calls", "efficiency", "outcome", columns=("outcome",), points=(0, 10)),
        ask("wait", "calls", "efficiency", "seconds", columns=("wait_seconds",), curve=CURVE, where={"outcome": ("answered",)}),
        likert("explained_clearly", "calls", "efficiency"),
        ask("phrases", "calls", "standards", "count", columns=("p1", "p2", "p3", "p4"), values=("no", "yes"), points=(0, 10), missing=0.05),
        yes_no("no_silence", "standards"),
        *(yes_no(name, "transparency") for name in ("procedure", "deadline", "progress")),
        *(yes_no(name, "participation") for name in ("rating", "callback")),
        *(likert(f"{leaf}_{n}", "responses", leaf) for leaves in VALUE.values() for leaf in leaves for n in (1, 2)),
        *(
            ItemModel(f"{kind}_{column}", "cases", (column,), "ordinal", where={"kind": (kind,)}, indicator=f"innovation_{kind}", **rubric)
            for kind in ("content", "method") for column in ("novelty", "effect")
        ),
    )  # fmt: skip


def toy_units(composition: tuple[int, ...] = COMPOSITION) -> pd.DataFrame:
    size = sum(composition)
    grade, region = np.repeat(GRADES, composition), np.resize(["华北", "东北", "华东"], size)
    index = pd.Index([f"城{n:03}" for n in range(size)], name="unit")
    shuffled = np.random.default_rng(5).permutation(size)
    return pd.DataFrame({"grade": grade, "region": region}, index=index).iloc[shuffled]


def toy_model(seed: int = 1, **more) -> CampaignModel:
    span = {"units": toy_units(), "start": date(2024, 3, 2), "end": date(2024, 5, 31)}
    return CampaignModel(**span | {"slots": SLOTS, "seed": seed, "holidays": (HOLIDAY,)} | more)


def small(**more) -> CampaignModel:
    return toy_model(**{"units": toy_units((1, 2, 2, 3, 2, 4, 1, 2, 1, 2))} | more)


def points(frame: pd.DataFrame, item: ItemModel) -> pd.Series:
    if item.kind == "seconds":
        seconds = frame["wait_seconds"].astype("float64")
        own = pd.Series(np.interp(seconds, *np.transpose(item.curve)), frame.index)
    elif item.kind == "outcome":
        own = frame["outcome"].eq("answered") * 10.0
    else:
        key = dict(zip(item.values, item.points, strict=True))
        own = (
            frame[list(item.columns)]
            .astype("object")
            .map(lambda answer: key.get(str(answer), np.nan))
        )
        own = own.astype("float64").mean(axis=1)
        if item.not_reached_points is not None:
            own = own.where(frame["outcome"] == "answered", item.not_reached_points)
    for column, values in item.where.items():
        own = own.where(frame[column].isin(values))
    return own


def city_means(tables: Mapping[str, pd.DataFrame], items: tuple[ItemModel, ...]) -> pd.DataFrame:
    """Mean points by unit and audience (rows) and item (columns)."""
    means = {}
    for item in items:
        if item.table != "cases":
            frame = tables[item.table]
            means[item.item] = (
                points(frame, item).groupby([frame["unit"], frame["audience"]]).mean()
            )
    return pd.DataFrame(means)


def by_indicator(item_means: pd.DataFrame, items: tuple[ItemModel, ...]) -> pd.DataFrame:
    """The leaves, and the groups of value above them, as equal-weight means."""
    leaf = item_means.T.groupby({item.item: item.indicator for item in items}).mean().T
    return leaf.assign(
        **{group: leaf[list(leaves)].mean(axis=1) for group, leaves in VALUE.items()}
    )


def recovered(
    tables: Mapping[str, pd.DataFrame], items: tuple[ItemModel, ...], units: pd.DataFrame
) -> float:
    """Share of cities within one grade of the published one."""
    scores = by_indicator(city_means(tables, items), items).groupby("unit").mean()
    total = sum(scores[list(below)].mean(axis=1) for below in TREE.values())
    rank = total.reindex(units.index).rank(ascending=False, method="first")
    got = np.searchsorted(np.cumsum(COMPOSITION), rank)
    return float((np.abs(got - pd.Index(GRADES).get_indexer(pd.Index(units["grade"]))) <= 1).mean())


@pytest.fixture(scope="module")
def items() -> tuple[ItemModel, ...]:
    return toy_items()


@pytest.fixture(scope="module")
def national(items) -> dict[str, pd.DataFrame]:
    return simulate_campaign(toy_model(), items)


def test_tables_have_the_columns_of_their_contracts_and_then_of_the_items(national, items):
    assert list(national) == ["calls", "responses", "cases", "kpis"]
    for table, frame in national.items():
        own = list(dict.fromkeys(
            column for item in items if item.table == table and item.kind in ("ordinal", "count") for column in item.columns
        ))  # fmt: skip
        contract = [
            name for name in CONTRACTS[table].names if name not in ("recording", "target", "device")
        ]
        assert list(frame.columns) == contract + own
        for column in CONTRACTS[table].columns:
            if column.name in frame and column.allowed:
                assert set(frame[column.name].dropna()) <= set(column.allowed)
            if column.required:
                assert frame[column.name].notna().all()
        assert not frame.duplicated([*CONTRACTS[table].key]).any()


def test_every_cell_of_the_plan_has_one_call(national):
    calls = national["calls"]
    cells = calls.groupby(["unit", "audience", "scenario", "slot"]).size()
    assert len(calls) == len(cells) == 335 * 24
    assert (
        simulate_campaign(small(calls=2), toy_items())["calls"]
        .groupby(["unit", "audience", "scenario", "slot"])
        .size()
        == 2
    ).all()


def test_every_city_has_60_to_120_questionnaires_of_both_audiences(national):
    responses = national["responses"]
    sizes = responses.groupby("unit").size()
    assert len(sizes) == 335
    assert sizes.min() >= 60
    assert sizes.max() <= 120
    halves = responses.groupby(["unit", "audience"]).size().unstack()
    assert (halves["citizen"] - halves["enterprise"]).abs().max() <= 1
    assert set(responses["source"]) == {"independent"}
    assert set(responses["weight"]) == {1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_national_means_are_the_published_ones_and_grades_come_back(items, seed):
    model = toy_model(seed)
    tables = simulate_campaign(model, items)
    means = city_means(tables, items)
    item_means = means.groupby("audience").mean().T
    wanted = pd.DataFrame({item.item: item.target for item in items if item.table != "cases"}).T
    assert (item_means - wanted).abs().to_numpy().max() < 0.02
    level_2 = by_indicator(means, items).groupby("audience").mean().T
    for indicator, (citizen, enterprise) in TARGETS.items():
        assert level_2.loc[indicator, "citizen"] == pytest.approx(citizen, abs=0.05)
        assert level_2.loc[indicator, "enterprise"] == pytest.approx(enterprise, abs=0.05)
    assert recovered(tables, items, model.units) >= 0.88


def test_cases_reach_their_mean_too(national, items):
    cases = national["cases"]
    for item in (item for item in items if item.table == "cases"):
        assert points(cases, item).groupby(cases["unit"]).mean().mean() == pytest.approx(
            5.5, abs=0.03
        )


def test_good_cities_have_more_cases_that_say_they_are_simulated(national):
    cases, grade = national["cases"], toy_units()["grade"]
    number = cases.groupby("unit").size().reindex(grade.index, fill_value=0).groupby(grade).mean()
    assert number[["A+", "A", "B+"]].mean() > 1.3 * number[["D", "E+", "E"]].mean()
    assert cases["title"].str.contains("模拟").all()
    assert cases["text"].str.contains("模拟").all()


def test_a_campaign_without_cases_has_an_empty_table_of_them(items):
    cases = simulate_campaign(small(cases=0), tuple(i for i in items if i.table != "cases"))[
        "cases"
    ]
    assert cases.empty
    assert list(cases.columns) == list(CONTRACTS["cases"].names)
    assert set(cases.dtypes.astype(str)) == {"str"}


def test_a_call_that_nobody_answered_has_ring_time_and_nothing_else(national, items):
    calls = national["calls"]
    asked = [
        column
        for item in items
        if item.table == "calls" and item.kind in ("ordinal", "count")
        for column in item.columns
    ]
    missed = calls[calls["outcome"] != "answered"]
    assert set(missed["outcome"]) == {"busy", "no_answer", "dropped", "ivr_only"}
    assert missed[["talk_seconds", *asked]].isna().all(axis=None)
    assert missed["wait_seconds"].notna().all()
    assert (missed.loc[missed["outcome"] == "busy", "wait_seconds"] == 0).all()
    assert (missed.loc[missed["outcome"] != "busy", "wait_seconds"] > 0).all()
    answered = calls[calls["outcome"] == "answered"]
    assert answered[["talk_seconds", "wait_seconds"]].notna().all(axis=None)
    assert str(calls["wait_seconds"].dtype) == "Int64"


def test_items_are_asked_only_where_they_apply_and_left_blank_at_their_rate(national):
    answered = national["calls"].query("outcome == 'answered'")
    asked = answered["scenario"] == "information"
    assert (answered["answer_given"].notna() == asked).all()
    blank = answered[["p1", "p2", "p3", "p4"]].isna().mean()
    assert blank.between(0.03, 0.07).all()
    assert national["responses"]["trust_1"].isna().mean() == pytest.approx(0.02, abs=0.005)


def test_noon_and_evening_are_harder_to_get_through_and_slower(national):
    calls = national["calls"]
    off = calls["slot"].isin(["s3", "s6"])
    answered = calls["outcome"] == "answered"
    assert answered[off].mean() < answered[~off].mean() - 0.05
    waits = calls.loc[answered, "wait_seconds"].astype(float)
    assert waits[off].median() > 1.1 * waits[~off].median()


def test_calls_begin_on_workdays_inside_their_slot(national):
    started = national["calls"]["started_at"]
    hour = (started - started.dt.normalize()).dt.total_seconds() / 3600
    first, last = (
        national["calls"]["slot"].map(lambda s, end=end: SLOTS[s][end]).astype(float)
        for end in (0, 1)
    )
    assert ((hour >= first) & (hour < last)).all()
    for table in ("calls", "responses"):
        days = national[table]["started_at"].dt.normalize()
        assert (days.dt.day_of_week < 5).all()
        assert not (days == pd.Timestamp(HOLIDAY)).any()
        assert days.min() >= pd.Timestamp(2024, 3, 2)
        assert days.max() <= pd.Timestamp(2024, 5, 31)


def test_calls_are_dealt_evenly_and_nobody_is_on_two_at_once(national):
    calls = national["calls"]
    assert set(calls["shopper"].value_counts()) == {201}
    assert calls.groupby("shopper")["unit"].nunique().min() > 150
    assert calls.groupby("unit")["shopper"].nunique().min() >= 15
    together = pd.crosstab(calls["shopper"], calls["unit"]).clip(upper=1).to_numpy()
    assert (together @ together.T)[np.triu_indices(40, 1)].max() < 160
    day = calls["started_at"].dt.normalize()
    assert not calls.assign(day=day).duplicated(["shopper", "slot", "day"]).any()


def test_kpis_agree_with_themselves_and_with_the_quality_of_the_city(national):
    kpis = national["kpis"].set_index("unit")
    assert (kpis["numerator"] <= kpis["denominator"]).all()
    assert kpis["value"].to_numpy() == pytest.approx(
        (kpis["numerator"] / kpis["denominator"]).to_numpy(), abs=5e-5
    )
    order = pd.Series(
        pd.Index(GRADES).get_indexer(pd.Index(toy_units()["grade"])), toy_units().index
    )
    assert kpis["value"].corr(order.reindex(kpis.index), method="spearman") < -0.7
    assert kpis["source"].str.contains("模拟").all()


def test_the_same_seed_gives_the_same_tables_and_another_gives_others(items):
    first, again, other = (simulate_campaign(small(seed=seed), items) for seed in (7, 7, 8))
    for table, frame in first.items():
        pd.testing.assert_frame_equal(frame, again[table])
        assert not frame.equals(other[table])


def test_two_draws_share_the_world_and_differ_in_the_records(items):
    effects = Effects(shopper=1)
    first, other = (
        simulate_campaign(toy_model(draw=draw, effects=effects), items) for draw in (0, 1)
    )
    for table, frame in simulate_campaign(toy_model(effects=effects), items).items():
        pd.testing.assert_frame_equal(frame, first[table])
    pd.testing.assert_frame_equal(first["kpis"], other["kpis"])
    handed_in = ["case_id", "unit", "kind", "title", "text"]
    pd.testing.assert_frame_equal(first["cases"][handed_in], other["cases"][handed_in])
    for column in ("shopper", "started_at", "outcome", "wait_seconds", "explained_clearly"):
        assert (first["calls"][column] != other["calls"][column]).mean() > 0.1, column
    assert len(first["responses"]) != len(other["responses"])

    def severity(tables: dict[str, pd.DataFrame]) -> pd.Series:
        calls = tables["calls"]
        return calls["explained_clearly"].astype("float64").groupby(calls["shopper"]).mean()

    assert severity(first).corr(severity(other)) > 0.8
    means = [city_means(tables, items)["satisfaction_1"] for tables in (first, other)]
    assert means[0].corr(means[1]) > 0.6


def test_one_more_item_leaves_every_other_answer_as_it_was(items):
    more = (yes_no("extra", "transparency"), *items[::-1])
    first, second = simulate_campaign(small(), items), simulate_campaign(small(), more)
    for table, frame in first.items():
        pd.testing.assert_frame_equal(frame, second[table][frame.columns])
    assert "extra" in second["calls"]


def test_targets_out_of_reach_are_all_named_with_the_range_that_is_not(items):
    changed = tuple(
        replace(item, target={"citizen": 9.5, "enterprise": 6.0})
        if item.item in ("answer_given", "case_accepted")
        else item
        for item in items
    )
    with pytest.raises(InputError) as caught:
        simulate_campaign(toy_model(), changed)
    found = caught.value.findings
    assert [(f.check, f.column, f.got) for f in found] == [
        ("target-out-of-reach", "answer_given", "9.5"),
        ("target-out-of-reach", "case_accepted", "9.5"),
    ]
    share = TARGETS["efficiency"][0]
    top = float(found[0].expected.split(" to ")[1].split()[0])
    assert found[0].expected.startswith("a target from 0.00 to ")
    assert top == pytest.approx(share, abs=0.3)


@pytest.mark.parametrize(
    ("change", "check", "column"),
    [
        ({"item": "rating", "target": {"citizen": 5.0}}, "no-target", "rating"),
        ({"item": "rating", "target": {"citizen": 5.0, "enterprise": 5.0, "all": 5.0}}, "nobody-asked", "rating"),
        ({"item": "rating", "where": {"scenario": ("complaints",)}}, "nobody-asked", "rating"),
        ({"item": "rating", "where": {"scenarios": ("complaint",)}}, "simulation", "rating"),
        ({"item": "rating", "columns": ("callback",)}, "column-taken", "callback"),
        ({"item": "rating", "columns": ("shopper",)}, "simulation", "rating"),
        ({"item": "explained_clearly", "target": {"citizen": 11.0, "enterprise": 5.0}}, "target-out-of-reach", "explained_clearly"),
    ],
)  # fmt: skip
def test_an_item_that_does_not_fit_is_named(items, change, check, column):
    changed = tuple(
        replace(item, **change) if item.item == change["item"] else item for item in items
    )
    with pytest.raises(InputError) as caught:
        simulate_campaign(small(), changed)
    assert {(f.check, f.column) for f in caught.value.findings} == {(check, column)}


def test_items_twice_or_with_two_waits_are_refused_together(items):
    wait = next(item for item in items if item.kind == "seconds")
    with pytest.raises(InputError) as caught:
        simulate_campaign(small(), (*items, items[0], replace(wait, item="wait_again")))
    assert [f.column for f in caught.value.findings] == ["items", "wait_seconds"]


def test_the_share_answered_is_told_once(items):
    others = tuple(item for item in items if item.kind != "outcome")
    calls = simulate_campaign(toy_model(answered={"citizen": 0.85, "enterprise": 0.7}), others)[
        "calls"
    ]
    share = calls["outcome"].eq("answered").groupby(calls["audience"]).mean()
    assert share.to_dict() == pytest.approx({"citizen": 0.85, "enterprise": 0.7}, abs=0.005)
    for model, given in (
        (small(), others),
        (small(answered={"citizen": 0.8, "enterprise": 0.8}), items),
    ):
        with pytest.raises(InputError, match="one item of kind outcome, or shares answered"):
            simulate_campaign(model, given)


def test_points_of_calls_that_nobody_answered_count_towards_the_target(items):
    given = tuple(
        replace(item, not_reached_points=4.0) if item.item == "answer_given" else item
        for item in items
    )
    means = (
        city_means(simulate_campaign(toy_model(), given), given)["answer_given"]
        .groupby("audience")
        .mean()
    )
    wanted = dict(zip(("citizen", "enterprise"), TARGETS["information"], strict=True))
    assert means.to_dict() == pytest.approx(wanted, abs=0.02)


def test_without_an_item_of_waiting_there_are_waits_all_the_same(items):
    calls = simulate_campaign(small(), tuple(item for item in items if item.kind != "seconds"))[
        "calls"
    ]
    assert calls["wait_seconds"].notna().all()
    assert calls.loc[calls["outcome"] == "answered", "wait_seconds"].median() == pytest.approx(
        20, rel=0.4
    )


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"units": toy_units().replace({"grade": {"B+": "B++"}})}, "grades among"),
        ({"units": toy_units().drop(columns="region")}, "columns grade and region"),
        ({"slots": {"s1": (12, 9)}}, "slots that start before they end"),
        ({"start": date(2024, 6, 1), "end": date(2024, 6, 2)}, "a workday"),
        ({"responses": (120, 60)}, "least responses before most"),
        ({"shoppers": 0}, "at least 1"),
        ({"seed": -1}, "a seed"),
        ({"draw": -1}, "a draw"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(wrong, expected):
    with pytest.raises(InputError) as caught:
        toy_model(**wrong)
    assert [expected in f.expected for f in caught.value.findings] == [True]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"points": (10, 0)}, "points from worst to best"),
        ({"values": ("no", "maybe", "yes")}, "points of each value"),
        ({"columns": ("one", "two")}, "columns that fit"),
        ({"missing": 1.0}, "a chance of missing"),
        ({"kind": "seconds", "columns": ("wait_seconds",), "curve": ((0, 10), (30, 5), (60, 8))}, "a curve"),
        ({"kind": "outcome", "columns": ("outcome",), "where": {"slot": ("s1",)}}, "every call"),
    ],
)  # fmt: skip
def test_an_item_model_that_cannot_be_is_refused(wrong, expected):
    with pytest.raises(InputError, match=expected):
        replace(yes_no("rating", "participation"), **wrong)


def test_quality_follows_the_grade_and_is_standard_normal():
    model = toy_model()
    quality = pd.Series(city_quality(model), model.units.index)
    ranges = quality.groupby(model.units["grade"]).agg(["min", "max"]).reindex(GRADES)
    assert (ranges["min"].to_numpy()[:-1] > ranges["max"].to_numpy()[1:]).all()
    assert quality.mean() == pytest.approx(0, abs=1e-9)
    assert quality.std() == pytest.approx(1, abs=0.02)


def test_a_city_without_a_grade_is_simulated_too(items):
    units = toy_units((1, 2, 2, 3, 2, 4, 1, 2, 1, 2))
    units.iloc[:5, 0] = None
    assert np.isfinite(city_quality(small(units=units))).all()
    assert simulate_campaign(small(units=units), items)["calls"]["unit"].nunique() == len(units)


def test_answers_of_one_respondent_hang_together_by_the_effect_of_the_respondent(items):
    def correlation(effect: float) -> float:
        effects = Effects(city=0, indicator=0, region=0, respondent=effect)
        responses = simulate_campaign(toy_model(effects=effects), items)["responses"]
        answers = responses.loc[responses["audience"] == "citizen", ["trust_1", "equality_1"]]
        return float(answers.astype("float64").corr().iloc[0, 1])

    assert correlation(0) == pytest.approx(0, abs=0.03)
    assert correlation(0.8) > 0.1


def test_a_severe_shopper_shows_in_the_judgements_but_not_in_the_outcome(items):
    def spread(effect: float) -> tuple[float, float]:
        effects = Effects(shopper=effect)
        calls = simulate_campaign(toy_model(effects=effects), items)["calls"]
        rated = calls["explained_clearly"].astype("float64").groupby(calls["shopper"]).mean()
        return rated.std(), calls["outcome"].eq("answered").groupby(calls["shopper"]).mean().std()

    (none, outcome), (much, same) = spread(0), spread(1)
    assert much > 2 * none
    assert same == outcome


def test_calibrate_takes_the_nearer_of_two_steps_and_tells_the_range():
    answers = np.array([-1.0, 0.5, 2.0, 3.0])
    solved = calibrate(lambda shift: 10 * float((answers + shift > 0).mean()), 6.0)
    assert solved.mean == 5.0
    assert (answers + solved.intercept > 0).sum() == 2
    assert (solved.low, solved.high) == (0, 10)
    assert solved.reaches(10)
    assert not solved.reaches(10.1)


def test_cities_weigh_the_same_however_many_records_they_have():
    unit, counted = np.array([0, 0, 0, 1, 2]), np.array([True, True, False, True, False])
    assert city_mean_weights(unit, 3, counted).tolist() == [0.25, 0.25, 0, 0.5, 0]
