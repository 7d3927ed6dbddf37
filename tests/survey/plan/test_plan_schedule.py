from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.contracts import CONTRACTS
from survey.findings import InputError
from survey.plan.coding import linked_groups, second_coders, systematic
from survey.plan.dealing import deal_shoppers, even_counts, shared_out
from survey.plan.schedule import Cells, make_schedule
from survey.plan.settings import PlanSettings, Shopper
from survey.plan.turns import turns

SLOTS = {f"s{n}": (6.0 + 2 * n, 8.0 + 2 * n) for n in range(1, 7)}


def cells(units: int = 335, slots: int = 6) -> Cells:
    named = dict(list(SLOTS.items())[:slots])
    audiences, scenarios = ("citizen", "enterprise"), ("information", "complaint")
    return Cells(tuple(f"城{n:03}" for n in range(units)), audiences, scenarios, named)


def wishes(**more) -> PlanSettings:
    span = {"start": date(2023, 9, 4), "end": date(2023, 11, 24), "seed": 5}
    return PlanSettings.model_validate(span | more)


def planned(units: int = 335, slots: int = 6, **more) -> pd.DataFrame:
    return make_schedule(cells(units, slots), wishes(**more))[0]


@pytest.fixture(scope="module")
def national() -> pd.DataFrame:
    return planned()


@pytest.fixture(scope="module")
def main(national) -> pd.DataFrame:
    return national[national["role"] == "main"]


def spread(frame: pd.DataFrame, of: str, by: str) -> int:
    counts = pd.crosstab(frame[of], frame[by])
    return int(counts.to_numpy().max() - counts.to_numpy().min())


def test_every_unit_has_every_cell_once(main):
    assert len(main) == 335 * 24
    assert not main.duplicated(["unit", "audience", "scenario", "slot"]).any()


def test_the_plan_has_the_columns_of_its_contract_and_no_blank(national):
    assert tuple(national.columns) == CONTRACTS["plan"].names
    assert national.notna().all(axis=None)
    assert national["call_id"].is_unique


def test_shoppers_are_dealt_as_evenly_as_whole_calls_allow(main):
    assert set(main["shopper"].value_counts()) == {201}
    cell = main["audience"] + main["scenario"] + main["slot"]
    assert spread(main.assign(cell=cell), "shopper", "cell") == 1
    assert max(spread(main, "shopper", by) for by in ("slot", "scenario", "audience")) <= 3
    assert pd.crosstab(main["shopper"], main["unit"]).to_numpy().max() == 1


def test_units_slots_and_shoppers_are_spread_over_the_campaign(main):
    day = (main["date"] - main["date"].min()).dt.days
    by_chance = day.std() / np.sqrt(24)
    assert day.groupby(main["unit"]).mean().std() < 0.25 * by_chance
    assert np.ptp(day.groupby(main["slot"]).mean()) < 2
    assert np.ptp(day.groupby(main["shopper"]).mean()) < 2
    assert np.ptp(day.groupby(main["audience"]).mean()) < 2


def test_a_shopper_has_the_same_load_every_day_and_one_call_in_a_slot(main):
    load = pd.crosstab(main["shopper"], main["date"]).to_numpy()
    assert load.max() - load.min() == 1
    assert not main.duplicated(["shopper", "date", "slot"]).any()


def test_second_coders_are_others_who_all_meet_all(national, main):
    double = national[national["role"] == "double"]
    assert len(double) == 804
    first = main.set_index("recording")["shopper"].reindex(double["recording"]).to_numpy()
    assert (first != double["shopper"]).all()
    pairs = Counter(zip(first, double["shopper"], strict=True))
    assert max(pairs.values()) == 1
    assert np.ptp(double["shopper"].value_counts()) <= 1
    same = ["unit", "audience", "scenario", "slot", "date"]
    calls = main.set_index("recording").loc[double["recording"], same]
    assert (calls.to_numpy() == double[same].to_numpy()).all()


def test_back_checks_are_of_every_shopper_and_of_no_recording_coded_twice(national, main):
    check = national[national["role"] == "back_check"]
    assert len(check) == 402
    assert set(check["shopper"]) == {"v1"}
    doubled = national.loc[national["role"] == "double", "recording"]
    assert not check["recording"].isin(doubled).any()
    callers = main.set_index("recording")["shopper"].reindex(check["recording"])
    assert np.ptp(callers.value_counts()) <= 1
    assert callers.nunique() == 40


def test_supervisors_share_every_shopper():
    plan = planned(60, shoppers=5, supervisors=("甲", "乙"), back_checks=0.2)
    check = plan[plan["role"] == "back_check"].merge(
        plan[plan["role"] == "main"], on="recording", suffixes=("", "_of")
    )
    assert np.ptp(check["shopper"].value_counts()) <= 1
    assert pd.crosstab(check["shopper"], check["shopper_of"]).to_numpy().min() > 20


def test_the_same_seed_gives_the_same_plan_and_another_gives_another(national):
    pd.testing.assert_frame_equal(planned(), national)
    assert not planned(seed=6).equals(national)


@settings(max_examples=40, deadline=None)
@given(
    units=st.integers(1, 40),
    slots=st.integers(1, 6),
    shoppers=st.integers(2, 30),
    each=st.integers(1, 2),
    off=st.sampled_from([0.0, 0.2, 1.0]),
    seed=st.integers(0, 99),
)
@example(units=12, slots=4, shoppers=16, each=1, off=0.0, seed=0)
@example(units=15, slots=4, shoppers=4, each=1, off=0.0, seed=1)
def test_any_design_is_balanced_within_its_bounds(units, slots, shoppers, each, off, seed):
    plan = planned(
        units, slots, shoppers=shoppers, calls_per_cell=each, off_days=off, seed=seed, daily=200
    )
    main = plan[plan["role"] == "main"]
    calls = 4 * slots * each
    assert set(main["unit"].value_counts()) == {calls}
    assert set(main.groupby(["unit", "audience", "scenario", "slot"]).size()) == {each}
    share = main["shopper"].value_counts().reindex([f"s{n:02}" for n in range(1, shoppers + 1)])
    assert np.ptp(share.fillna(0)) <= 1
    for by in ("slot", "scenario", "audience"):
        codes = pd.Categorical(main["shopper"], share.index)
        assert np.ptp(pd.crosstab(codes, main[by], dropna=False).to_numpy()) <= 3, by
    together = pd.crosstab(main["shopper"], main["unit"]).to_numpy()
    assert together.max() == -(-calls // shoppers)
    away = main["date"].dt.day_of_week.to_numpy() > 4
    if off in (0.0, 1.0):
        worked = pd.to_datetime(["2023-10-07", "2023-10-08"])
        holiday = main["date"].between("2023-09-29", "2023-10-06").to_numpy()
        free = (away & ~main["date"].isin(worked).to_numpy()) | holiday
        assert (free == bool(off)).all()


def test_a_share_of_each_unit_falls_on_days_off():
    main = planned(off_days=0.25).query("role == 'main'")
    worked = pd.to_datetime(["2023-10-07", "2023-10-08"])
    free = (main["date"].dt.day_of_week > 4) & ~main["date"].isin(worked)
    free |= main["date"].between("2023-09-29", "2023-10-06")
    assert set(free.groupby(main["unit"]).sum()) == {6}
    assert free.groupby(main["slot"]).mean().between(0.2, 0.3).all()


def test_nobody_calls_home_and_capacities_are_kept():
    team = [{"name": f"人{n}", "home": f"城{n:03}"} for n in range(20)]
    team[3]["capacity"] = 50
    plan, findings = make_schedule(cells(100), wishes(shoppers=team, double_coded=0.3))
    assert not findings
    main = plan[plan["role"] == "main"]
    homes = {f"s{n + 1:02}": f"城{n:03}" for n in range(20)}
    assert not (main["shopper"].map(homes) == main["unit"]).any()
    double = plan[plan["role"] == "double"]
    assert not (double["shopper"].map(homes) == double["unit"]).any()
    counts = main["shopper"].value_counts()
    assert counts["s04"] == 50
    assert np.ptp(counts.drop("s04")) <= 1


def test_what_cannot_be_planned_is_said():
    def refused(**more) -> str:
        with pytest.raises(InputError) as caught:
            planned(**more)
        (found,) = caught.value.findings
        return f"{found.check} {found.column} {found.got}"

    assert refused(shoppers=4) == "infeasible-plan plan 4 shoppers who can make 1,792"
    assert refused(shoppers=10, most_per_unit=2, daily=20).startswith(
        "infeasible-plan plan.most_per_unit 3;"
    )
    team = [{"home": "城市"}, {}]
    assert refused(shoppers=team) == "unknown-unit plan.shoppers.home '城市'"
    assert refused(start=date(2031, 3, 1), end=date(2031, 5, 1)) == (
        "calendar-unknown plan.holidays the year 2031"
    )
    assert refused(start=date(2023, 9, 4), end=date(2023, 9, 4), off_days=0.5).startswith("no-day")


def test_what_is_not_quite_as_wished_is_told():
    two = [{"home": "城000"}, {}]
    _, findings = make_schedule(cells(2, 1), wishes(shoppers=two, double_coded=0))
    assert [finding.check for finding in findings] == ["repeated-unit"]
    _, findings = make_schedule(cells(3, 1), wishes(shoppers=12, double_coded=0.1))
    assert [finding.check for finding in findings] == ["coders-not-linked"]


def test_days_of_years_without_a_calendar_can_be_listed():
    plan = planned(
        20,
        start=date(2031, 3, 3),
        end=date(2031, 4, 13),
        holidays=[date(2031, 4, 4)],
        working_weekends=[date(2031, 4, 12)],
    )
    days = set(plan["date"].dt.strftime("%Y-%m-%d"))
    assert "2031-04-12" in days
    assert not days & {"2031-04-04", "2031-04-13", "2031-03-08"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"end": date(2023, 9, 1)}, "an end after the start"),
        ({"supervisors": ()}, "supervisors where there are back_checks"),
        ({"shoppers": [{"code": "v1"}, {}]}, "a code of their own"),
        ({"working_weekends": [date(2023, 9, 9)]}, "only where the holidays are listed"),
        ({"holidays": [], "working_weekends": [date(2023, 9, 8)]}, "Saturdays or Sundays"),
        ({"shoppers": 1}, "greater than or equal to 2"),
        ({"shoppers": [{"name": "张三"}, {"name": "张三"}]}, "each shopper once"),
        ({"shoppers": [{"name": "张三"}]}, "1 validation error(.|\n)*at least 2 items"),
        ({"holidays": "中国"}, "1 validation error(.|\n)*'china'"),
    ],
)
def test_settings_that_contradict_themselves_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wishes(**wrong)


def test_codes_follow_the_order_unless_given():
    team = wishes(shoppers=[Shopper(name="甲"), Shopper(name="乙", code="B7")]).team
    assert [one.code for one in team] == ["s01", "B7"]


@given(
    share=st.lists(st.integers(0, 50), min_size=1, max_size=12),
    parts=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_even_counts_keep_both_margins(share, parts, seed):
    phase = np.random.default_rng(seed).permutation(parts)
    counts = even_counts(np.array(share), phase)
    assert counts.sum(axis=1).tolist() == share
    assert np.ptp(counts.sum(axis=0)) <= 1
    assert (np.ptp(counts, axis=1) <= 1).all()


@given(
    most=st.lists(st.integers(0, 40), min_size=1, max_size=9),
    seed=st.integers(0, 9),
    data=st.data(),
)
def test_calls_are_shared_out_up_to_capacity(most, seed, data):
    calls = data.draw(st.integers(0, sum(most)))
    share = shared_out(calls, np.array(most), np.random.default_rng(seed))
    assert share.sum() == calls
    assert (share <= most).all()
    free = share[share < most]
    assert free.size == 0 or share.max() - free.min() <= 1


def test_more_units_than_fit_into_a_block_are_dealt_evenly_too():
    share = shared_out(900 * 8, np.full(30, 10**6), np.random.default_rng(0))
    dealt = deal_shoppers(900, (2, 2, 2, 1), share, np.full(30, -1), 1)
    assert np.bincount(dealt.ravel()).tolist() == share.tolist()
    assert all(len(set(row)) == 8 for row in dealt.tolist())
    assert np.ptp([np.bincount(column, minlength=30) for column in dealt.T]) <= 6


def test_turns_call_every_unit_once_a_slot_in_each_period():
    shopper = np.random.default_rng(3).integers(0, 7, (50, 3, 4))
    turn = turns(shopper, 7, 2)
    assert (np.sort(turn.reshape(50, -1), axis=1) == np.arange(12)).all()
    assert (np.sort(turn // 3, axis=2) == np.arange(4)).all()
    for slot in range(3):
        counts = pd.crosstab(shopper[:, slot].ravel(), (turn // 3)[:, slot].ravel()).to_numpy()
        assert (np.ptp(counts, axis=1) <= 1).all()


@given(st.lists(st.integers(0, 4), max_size=60), st.floats(0, 1), st.integers(0, 9))
def test_a_systematic_sample_takes_its_share_of_every_group(groups, share, seed):
    group = np.sort(np.array(groups, dtype=int))
    taken = systematic(group, share, np.random.default_rng(seed))
    for code in set(groups):
        size = (group == code).sum()
        assert abs((group[taken] == code).sum() - size * share) < 1 + 1e-9


def test_few_second_codings_link_everybody():
    caller = np.arange(9)
    coder = second_coders(caller, np.zeros(9, dtype=int), np.full(9, -1), 4)
    assert linked_groups(caller, coder, 9) == 1
    assert sorted(coder) == list(range(9))
