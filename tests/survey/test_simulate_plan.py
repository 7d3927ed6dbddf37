"""Simulated campaigns that follow a plan, and questionnaires that hotlines hand out."""

import hashlib
from datetime import date

import numpy as np
import pandas as pd
import pytest
from test_simulate import SLOTS, small, toy_items, toy_model, toy_units

from survey.findings import InputError
from survey.plan.schedule import Cells, make_schedule
from survey.plan.settings import PlanSettings
from survey.simulate import simulate_campaign
from survey.simulation.campaign import Effects, HandedOut

ITEMS = toy_items()
BEFORE = {
    "calls": "f8ba2be1d33fa9a16e2bd57d0314af3f7959e6b9b364d41bdffda747c22727da",
    "responses": "dd89806d39680db581c953e77ebe9d7c7c1750c5dee4c592b49e5047567efade",
    "cases": "ac1fb435a3641f728794216ee4c03198876104f679d39a81442f9568e1aac7c6",
    "kpis": "4437abb8a8f2a706286e95b7fac19ada6b5671b159c029780d0b36d0547102ca",
}
"""SHA-256 of the tables as csv, from before campaigns could follow a plan."""


def schedule(model, **more) -> pd.DataFrame:
    cells = Cells(tuple(model.units.index), model.audiences, model.scenarios, model.slots)
    settings = {
        "start": date(2024, 3, 4),
        "end": date(2024, 5, 31),
        "shoppers": 12,
        "double_coded": 0.3,
    }
    return make_schedule(cells, PlanSettings.model_validate(settings | more))[0]


@pytest.fixture(scope="module")
def plan() -> pd.DataFrame:
    return schedule(toy_model(), shoppers=40)


@pytest.fixture(scope="module")
def calls(plan) -> pd.DataFrame:
    return simulate_campaign(toy_model(plan=plan, effects=Effects(shopper=0.8)), ITEMS)["calls"]


def test_without_a_plan_tables_are_the_same_bytes_as_ever():
    tables = simulate_campaign(toy_model(), ITEMS)
    assert {
        name: hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()
        for name, table in tables.items()
    } == BEFORE


def test_calls_are_those_of_the_plan(plan, calls):
    planned, made = plan.set_index("call_id"), calls.set_index("call_id")
    assert set(planned.index) == set(made.index)
    same = ["unit", "audience", "scenario", "slot", "channel", "shopper", "recording"]
    assert (planned[same] == made.loc[planned.index, same]).all(axis=None)
    started = made.loc[planned.index, "started_at"]
    assert (started.dt.normalize() == planned["date"]).all()
    hour = started.dt.hour + started.dt.minute / 60
    first, last = (planned["slot"].map({s: h[end] for s, h in SLOTS.items()}) for end in (0, 1))
    assert ((hour >= first) & (hour < last)).all()


def test_a_second_coding_hears_the_same_call(plan, calls):
    role = plan.set_index("call_id")["role"]
    first = calls[calls["call_id"].map(role) == "main"].set_index("recording")
    again = calls[calls["call_id"].map(role) != "main"]
    assert len(again) == (role != "main").sum() > 0
    heard = first.loc[again["recording"]]
    for column in ("outcome", "wait_seconds", "talk_seconds", "started_at"):
        assert heard[column].reset_index(drop=True).equals(again[column].reset_index(drop=True))
    asked = again["explained_clearly"].notna().to_numpy()
    assert (heard["explained_clearly"].notna().to_numpy() == asked).all()


def agreement(
    calls: pd.DataFrame, plan: pd.DataFrame, item: str = "explained_clearly"
) -> pd.DataFrame:
    role = plan.set_index("call_id")["role"]
    double = calls[calls["call_id"].map(role) == "double"]
    first = calls[calls["call_id"].map(role) == "main"].set_index("recording")
    both = pd.DataFrame(
        {
            "first": first.loc[double["recording"], item].astype("float64").to_numpy(),
            "second": double[item].astype("float64").to_numpy(),
        }
    )
    return both.dropna()


def test_second_codings_agree_but_not_wholly(plan, calls):
    both = agreement(calls, plan)
    assert 0.55 < (both["first"] == both["second"]).mean() < 0.95
    assert both.corr().iloc[0, 1] > 0.7


def test_coders_without_severity_or_noise_agree_wholly():
    model = small(effects=Effects(shopper=0, coding=0))
    plan = schedule(model)
    calls = simulate_campaign(small(effects=model.effects, plan=plan), ITEMS)["calls"]
    both = agreement(calls, plan)
    assert len(both) > 80
    assert (both["first"] == both["second"]).all()


def test_a_severe_coder_is_severe_in_both_his_roles(plan, calls):
    role = plan.set_index("call_id")["role"]
    rated = calls.assign(
        role=calls["call_id"].map(role), y=calls["explained_clearly"].astype("float64")
    )
    by_role = rated.groupby(["shopper", "role"])["y"].mean().unstack()
    assert by_role["main"].corr(by_role["double"]) > 0.6


def test_supervisors_are_neither_severe_nor_mild():
    effects = Effects(shopper=1, coding=0)
    model = toy_model(effects=effects)
    plan = schedule(model, double_coded=0, back_checks=0.5, daily=20)
    calls = simulate_campaign(toy_model(effects=effects, plan=plan), ITEMS)["calls"]
    role = plan.set_index("call_id")["role"]
    main = calls[calls["call_id"].map(role) == "main"].set_index("recording")
    back = calls[calls["call_id"].map(role) == "back_check"].set_index("recording")
    first = main.loc[back.index]
    apart = first["explained_clearly"].astype("float64") - back["explained_clearly"].astype(
        "float64"
    )
    by_shopper = apart.groupby(first["shopper"]).mean()
    own = main["explained_clearly"].astype("float64").groupby(main["shopper"]).mean()
    assert by_shopper.corr(own) > 0.95
    assert abs(by_shopper.mean()) < 0.25 * by_shopper.std()


def test_what_the_campaign_does_not_know_of_a_plan_is_refused_at_once():
    model = small()
    plan = schedule(model)
    plan.loc[0, "unit"], plan.loc[1, "slot"] = "某市", "s9"
    plan.loc[plan["role"] == "double", "recording"] = "r-none"
    with pytest.raises(InputError) as caught:
        simulate_campaign(small(plan=plan), ITEMS)
    assert [f.column for f in caught.value.findings] == ["unit", "slot", "recording"]
    assert caught.value.findings[0].got == "'某市' in call c0001"


def test_handed_out_questionnaires_are_better_and_move_nothing_else():
    chosen = tuple(toy_units().index[:100])
    given = HandedOut(share=0.4, inflation=1.0, units=chosen)
    plain = simulate_campaign(toy_model(), ITEMS)["responses"]
    mixed = simulate_campaign(toy_model(handed_out=given), ITEMS)["responses"]
    handed = mixed["source"] == "hotline_distributed"
    assert set(mixed.loc[handed, "unit"]) == set(chosen)
    inside = mixed["unit"].isin(chosen)
    assert handed[inside].mean() == pytest.approx(0.4, abs=0.02)
    score = mixed["satisfaction_1"].astype("float64")
    lift = score[inside].groupby([mixed["unit"], handed]).mean().unstack()
    assert (lift[True] - lift[False]).mean() > 0.3
    own = plain["satisfaction_1"].astype("float64").mean()
    assert score[~handed].mean() == pytest.approx(own, abs=0.03)


def test_a_share_handed_out_lies_between_0_and_1():
    with pytest.raises(InputError, match="a share handed out"):
        small(handed_out=HandedOut(share=1.5))
    with pytest.raises(InputError, match="units of the campaign that hand out"):
        small(handed_out=HandedOut(share=0.5, units=("某市",)))


def test_severities_are_those_of_the_plans_shoppers(plan):
    tables = simulate_campaign(toy_model(plan=plan), ITEMS)["calls"]
    assert tables["shopper"].nunique() == 41
    assert np.isfinite(tables["wait_seconds"].astype("float64")).all()
