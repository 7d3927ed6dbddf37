import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.kpis.attainment import attainment
from indicators.kpis.registry import read_registry
from indicators.kpis.targets import split_targets, with_targets
from survey.findings import InputError

KPIS = read_registry().kpis
MEMBERS = pd.DataFrame(
    {
        "unit": ["李娜", "王强", "张敏", "刘洋", "陈静"],
        "team": ["甲组", "甲组", "乙组", "乙组", "乙组"],
        "share": [160.0, 80, 160, 120, 80],  # hours: 甲组 240, 乙组 360, together 600
    }
)


def split(targets, members=MEMBERS, overrides=None) -> pd.Series:
    """Targets by unit and KPI."""
    table = split_targets(targets, members, KPIS, overrides)
    return table.set_index(["unit", "kpi"])["target"]


def refused(targets, members=MEMBERS, overrides=None):
    with pytest.raises(InputError) as error:
        split_targets(targets, members, KPIS, overrides)
    return error.value.findings


# splitting


def test_a_count_is_split_by_hours_and_adds_up():
    # teams 1000 * 240/600 = 400, 1000 * 360/600 = 600
    # 甲组: 400 * 160/240 = 266.67 and 133.33: the one left over goes to the larger remainder
    # 乙组: 600 * 160/360 = 266.67, 200, 133.33: likewise
    target = split({"call_volume": 1000}).xs("call_volume", level="kpi")
    assert target.to_dict() == {
        "centre": 1000, "甲组": 400, "乙组": 600,
        "李娜": 267, "王强": 133, "张敏": 267, "刘洋": 200, "陈静": 133,
    }  # fmt: skip


def test_rates_and_means_pass_down_as_they_are():
    target = split({"answered_rate": 0.95, "mean_wait": 15})
    assert set(target.xs("answered_rate", level="kpi")) == {0.95}
    assert set(target.xs("mean_wait", level="kpi")) == {15.0}


def test_a_row_for_each_level_unit_and_kpi():
    table = split_targets({"backlog": 10, "mean_wait": 15}, MEMBERS, KPIS, centre="某市热线")
    assert list(table.columns) == ["level", "unit", "team", "kpi", "target"]
    assert table["level"].value_counts().to_dict() == {"agent": 10, "team": 4, "centre": 2}
    assert table["unit"].iloc[0] == "某市热线" and table["team"].isna().sum() == 2
    assert list(table["kpi"].iloc[:4]) == ["backlog", "mean_wait", "backlog", "mean_wait"]
    assert list(table["unit"].iloc[-10::2]) == list(MEMBERS["unit"])


def test_a_team_with_a_target_of_its_own_leaves_the_rest_to_the_others():
    target = split({"call_volume": 1000}, overrides={"甲组": {"call_volume": 300}})
    assert target["甲组", "call_volume"] == 300 and target["乙组", "call_volume"] == 700
    assert target["李娜", "call_volume"] == 200 and target["王强", "call_volume"] == 100


def test_a_team_with_a_rate_of_its_own_moves_that_of_the_others():
    # (0.95 * 600 - 0.90 * 240) / 360 = 354 / 360
    target = split({"answered_rate": 0.95}, overrides={"甲组": {"answered_rate": 0.90}})
    assert target["李娜", "answered_rate"] == 0.90
    assert target["张敏", "answered_rate"] == pytest.approx(354 / 360, abs=1e-15)
    agents = target.loc[list(MEMBERS["unit"])].to_numpy()
    assert np.average(agents, weights=MEMBERS["share"]) == pytest.approx(0.95, abs=1e-15)


def test_a_rate_that_rounding_takes_above_1_is_1():
    # (0.67 * 3 - 0.01 * 1) / 2 = 1, in floating point a little more
    members = pd.DataFrame({"unit": ["a", "b"], "team": ["x", "y"], "share": [1.0, 2.0]})
    assert (0.67 * 3 - 0.01) / 2 > 1
    assert split({"answered_rate": 0.67}, members, {"x": {"answered_rate": 0.01}}).loc[
        "b", "answered_rate"
    ] == 1.0  # fmt: skip


def test_overrides_of_every_team_that_make_the_centres_target():
    # (0.98 * 240 + 0.93 * 360) / 600 = (235.2 + 334.8) / 600 = 0.95
    own = {"甲组": {"answered_rate": 0.98}, "乙组": {"answered_rate": 0.93}}
    assert split({"answered_rate": 0.95}, overrides=own)["李娜", "answered_rate"] == 0.98
    own = {"甲组": {"call_volume": 900}, "乙组": {"call_volume": 100}}
    assert split({"call_volume": 1000}, overrides=own)["centre", "call_volume"] == 1000


@pytest.mark.parametrize(
    ("targets", "overrides", "got", "hint"),
    [
        # (0.95 * 600 - 0.80 * 240) / 360 = 378 / 360 = 1.05
        ({"answered_rate": 0.95}, {"甲组": {"answered_rate": 0.8}}, "need 1.05 (甲组)", "0 to 1"),
        # (10 * 600 - 30 * 240) / 360 = -3.33
        ({"mean_wait": 10}, {"甲组": {"mean_wait": 30}}, "need -3.33333 (甲组)", "0 or more"),
        ({"backlog": 9}, {"甲组": {"backlog": 10}}, "10 of 9 are given", "override"),
        (
            {"backlog": 9},
            {"甲组": {"backlog": 3}, "乙组": {"backlog": 5}},
            "8 of 9 are given to teams already (甲组, 乙组)",
            "override",
        ),
        (
            {"answered_rate": 0.9},
            {"甲组": {"answered_rate": 0.8}, "乙组": {"answered_rate": 0.9}},
            "a mean of 0.86 instead of 0.9",
            "leave one team without",
        ),
    ],
)
def test_overrides_that_cannot_be_made_up_for(targets, overrides, got, hint):
    (finding,) = refused(targets, overrides=overrides)
    assert finding.check == "impossible-override"
    assert finding.column == f"overrides.{next(iter(targets))}"
    assert got in finding.got and hint in finding.hint


def test_every_fault_of_a_split_comes_at_once():
    members = pd.DataFrame(
        {
            "unit": ["李娜", "李娜", "张敏", "刘洋", "centre", "赵磊", "孙悦"],
            "team": ["甲组", "甲组", None, "乙组", "乙组", "丙组", " "],
            "share": [160.0, -80, 160, None, 80, 0, 1],
        }
    )
    own = {"甲": {"answerd_rate": 0.9, "mean_wait": 10}, "乙组": {"backlog": 2.5}}
    findings = refused({"call_volum": 10, "answered_rate": 95, "backlog": 7}, members, own)
    assert [(finding.check, finding.column, finding.row) for finding in findings] == [
        ("no-team", "team", 2),
        ("no-team", "team", 6),
        ("repeated-agent", "unit", 1),
        ("negative-share", "share", 1),
        ("no-share", "share", 3),
        ("idle-team", "share", 5),
        ("ambiguous-unit", "unit", 4),
        ("unknown-kpi", "targets.call_volum", None),
        ("impossible-target", "targets.answered_rate", None),
        ("unknown-team", "overrides.甲", None),
        ("unknown-kpi", "overrides.甲.answerd_rate", None),
        ("no-target", "overrides.甲.mean_wait", None),
        ("part-of-a-whole", "overrides.乙组.backlog", None),
    ]
    said = {finding.check: f"{finding.got} {finding.hint}" for finding in findings}
    assert "'call_volume'" in str(findings[7]) and "'甲组'" in said["unknown-team"]
    assert "write 0.95" in said["impossible-target"] and "丙组" in said["idle-team"]


def test_many_wrong_members_are_counted():
    members = pd.DataFrame({"unit": [f"a{i}" for i in range(9)], "team": "甲组", "share": -1.0})
    findings = refused({"backlog": 1}, members)
    assert [finding.count for finding in findings] == [1, 1, 1, 1, 5]


@pytest.mark.parametrize(
    ("members", "got"),
    [(MEMBERS[["unit", "share"]], "no column team"), (MEMBERS.head(0), "no rows")],
)
def test_members_without_a_column_or_a_row(members, got):
    (finding,) = refused({"backlog": 1}, members)
    assert got in finding.got


teams = st.integers(0, 3).map(lambda team: f"t{team}")
member_lists = st.lists(
    st.tuples(teams, st.floats(0.01, 1000) | st.integers(1, 200)), min_size=1, max_size=25
)
counts = st.one_of(
    st.integers(0, 10**7),
    st.floats(0, 1e9, allow_subnormal=False),
    st.integers(0, 2**60).map(float),
)


@settings(deadline=None)
@given(member_lists, counts)
def test_the_parts_of_a_count_add_up_exactly(members, target):
    frame = pd.DataFrame(members, columns=["team", "share"])
    frame["unit"] = [f"a{at:02d}" for at in range(len(frame))]
    table = split_targets({"call_volume": target}, frame, KPIS)
    agents, groups = (table[table["level"] == level] for level in ("agent", "team"))
    assert groups["target"].sum() == float(target)
    assert (
        agents.groupby("team")["target"].sum() == groups.set_index("team")["target"].sort_index()
    ).all()
    assert (table["target"] >= 0).all()
    if float(target) < 2**53 and float(target).is_integer():
        assert (table["target"] % 1 == 0).all()
    quota = groups.set_index("team")["target"].to_numpy()
    exact = float(target) * frame.groupby("team")["share"].sum() / frame["share"].sum()
    whole = 1.0 if float(target).is_integer() else 0.0
    assert (np.abs(quota - exact) <= whole + 1e-9 * float(target)).all()


@settings(deadline=None)
@given(member_lists, st.integers(0, 5000), st.data())
def test_the_parts_add_up_exactly_with_a_team_of_its_own_target(members, target, data):
    frame = pd.DataFrame(members, columns=["team", "share"])
    frame["unit"] = [f"a{at:02d}" for at in range(len(frame))]
    names = sorted(frame["team"].unique())
    own = data.draw(st.integers(0, target)) if len(names) > 1 else target
    table = split_targets({"backlog": target}, frame, KPIS, {names[0]: {"backlog": own}})
    by_level = table.groupby("level")["target"].sum()
    assert by_level["team"] == by_level["agent"] == target
    held = table[(table["level"] == "agent") & (table["team"] == names[0])]
    assert held["target"].sum() == own


@settings(deadline=None)
@given(member_lists, st.integers(0, 5000), st.randoms(use_true_random=False))
def test_a_split_does_not_depend_on_the_order_of_the_members(members, target, random):
    frame = pd.DataFrame(members, columns=["team", "share"])
    frame["unit"] = [f"a{at:02d}" for at in range(len(frame))]
    order = list(range(len(frame)))
    random.shuffle(order)
    first, second = (split({"call_volume": target}, each) for each in (frame, frame.iloc[order]))
    assert first.sort_index().equals(second.sort_index())


@settings(deadline=None)
@given(member_lists, st.floats(0, 1), st.floats(0, 1))
def test_rates_with_an_override_keep_the_weighted_mean_or_are_refused(members, target, own):
    frame = pd.DataFrame(members, columns=["team", "share"])
    frame["unit"] = [f"a{at:02d}" for at in range(len(frame))]
    name = sorted(frame["team"].unique())[0]
    try:
        table = split({"resolved_rate": target}, frame, {name: {"resolved_rate": own}})
    except InputError as error:
        assert {finding.check for finding in error.findings} == {"impossible-override"}
        return
    agents = table.loc[list(frame["unit"])].to_numpy()
    assert ((agents >= 0) & (agents <= 1)).all()
    assert np.average(agents, weights=frame["share"]) == pytest.approx(target, abs=1e-6)


def test_equal_remainders_go_to_the_first_by_name_and_nobody_without_capacity():
    members = pd.DataFrame(
        {"unit": ["c", "a", "b", "z"], "team": "甲组", "share": [1.0, 1.0, 1.0, 0.0]}
    )
    target = split({"call_volume": 11}, members).xs("call_volume", level="kpi")
    assert target[["a", "b", "c", "z"]].tolist() == [4, 4, 3, 0]


# what was reached


def values(*rows: tuple) -> pd.DataFrame:
    columns = ["unit", "kpi", "numerator", "denominator", "value", "period"]
    frame = pd.DataFrame([(*row, *[None] * (6 - len(row))) for row in rows], columns=columns)
    frame[columns[2:5]] = frame[columns[2:5]].astype(float)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


def reached(targets: dict, table: pd.DataFrame) -> pd.DataFrame:
    split_up = split_targets(targets, MEMBERS, KPIS)
    return attainment(split_up, table, KPIS, "kpis.csv").set_index(["unit", "kpi"])


def test_rates_are_pooled_up_by_their_counts_and_counts_are_summed():
    table = reached(
        {"answered_rate": 0.9, "backlog": 12, "call_volume": 600},
        values(
            ("李娜", "answered_rate", 95, 100),
            ("王强", "answered_rate", 160, 200),
            ("张敏", "answered_rate", 300, 300),
            ("李娜", "backlog", 3),
            ("王强", "backlog", 4),
            ("张敏", "backlog", 5),
            ("李娜", "call_volume", 100),
            ("王强", "call_volume", 200),
            ("张敏", "call_volume", 300),
        ),
    )
    # 甲组 (95 + 160) / 300 = 0.85, not (0.95 + 0.80) / 2; centre (255 + 300) / 600 = 0.925
    assert table.loc[("甲组", "answered_rate"), "value"] == 0.85
    assert table.loc[("乙组", "answered_rate"), "value"] == 1
    assert table.loc[("centre", "answered_rate"), "value"] == 0.925
    assert table.loc[("centre", "answered_rate"), "gap"] == pytest.approx(0.025)
    assert not table.loc[("甲组", "answered_rate"), "met"]
    assert table.loc[("centre", "answered_rate"), "met"]
    # a lower backlog is better: targets 12 * 240/600 = 4.8 and 7.2, so 5 and 7
    assert table.loc[("甲组", "backlog"), ["target", "value", "gap"]].tolist() == [5, 7, 2]
    assert not table.loc[("甲组", "backlog"), "met"] and table.loc[("乙组", "backlog"), "met"]
    assert table.loc[("centre", "backlog"), "met"]  # 12 of 12: reached exactly
    assert table.loc[("centre", "call_volume"), "value"] == 600
    assert table["met"].xs("call_volume", level="kpi").isna().all()  # neutral
    assert table.loc[("centre", "backlog"), "agents"] == 3
    assert table.loc[("刘洋", "backlog"), "agents"] == 0
    assert np.isnan(table.loc[("刘洋", "backlog"), "value"])
    assert pd.isna(table.loc[("刘洋", "backlog"), "met"])


def test_a_figure_that_a_team_states_itself_is_taken():
    table = reached(
        {"queue_length": 4, "mean_wait": 15},
        values(
            ("甲组", "queue_length", 600, 200),  # 3
            ("乙组", "queue_length", 700, 100),  # 7
            ("centre", "mean_wait", None, None, 14),
            ("李娜", "mean_wait", 100, 10),
        ),
    )
    assert table.loc[("甲组", "queue_length"), "value"] == 3
    assert table.loc[("centre", "queue_length"), "value"] == pytest.approx(1300 / 300)
    assert table.loc[("甲组", "mean_wait"), "value"] == 10
    assert table.loc[("centre", "mean_wait"), ["value", "agents"]].tolist() == [14, 0]


def test_periods_are_kept_apart():
    table = reached(
        {"call_volume": 600},
        values(
            ("李娜", "call_volume", 100, None, None, "2025-02"),
            ("李娜", "call_volume", 90, None, None, "2025-01"),
            ("王强", "call_volume", 50, None, None, "2025-01"),
        ),
    )
    centre = table.loc[("centre", "call_volume")].set_index("period")["value"]
    assert centre.to_dict() == {"2025-01": 140, "2025-02": 100}


def test_nothing_measured_reaches_nothing():
    table = reached({"call_volume": 600}, values())
    assert len(table) == 8 and table["value"].isna().all() and table["met"].isna().all()


def test_bare_rates_of_several_agents_are_not_averaged():
    rows = [(unit, "answered_rate", None, None, 0.9) for unit in ("李娜", "王强")]
    with pytest.raises(InputError) as error:
        reached({"answered_rate": 0.9}, values(*rows))
    assert [finding.check for finding in error.value.findings] == ["bare-rates"]
    assert "answered_rate below 甲组" in error.value.findings[0].got
    table = reached({"answered_rate": 0.9}, values(rows[0]))
    assert table.loc[("centre", "answered_rate"), "value"] == 0.9


def test_units_without_targets_and_wrong_figures_come_at_once():
    rows = ("李那", "answered_rate", 9, 10), ("李娜", "answered_rate", None, None, 95)
    with pytest.raises(InputError) as error:
        reached({"answered_rate": 0.9}, values(*rows))
    first, second = error.value.findings
    assert (first.check, first.row) == ("percent-for-rate", 3)
    assert (second.check, second.row, second.got) == ("unknown-unit", 2, "'李那'")
    assert "李娜" in second.hint


def test_targets_are_written_into_the_table_where_it_has_none():
    targets = split_targets({"call_volume": 1000}, MEMBERS, KPIS)
    table = values(("李娜", "call_volume", 100), ("王强", "backlog", 1), ("王强", "call_volume", 9))
    assert with_targets(table, targets)["target"].tolist()[0] == 267
    assert np.isnan(with_targets(table, targets)["target"].tolist()[1])
    held = with_targets(table.assign(target=[300.0, np.nan, np.nan]), targets)["target"]
    assert held.tolist()[0] == 300 and held.tolist()[2] == 133


def test_a_centre_of_20_000_agents_is_split_whole():
    members = pd.DataFrame(
        {
            "unit": [f"a{at:05d}" for at in range(20_000)],
            "team": [f"t{at % 500}" for at in range(20_000)],
            "share": 1.0 + np.arange(20_000) % 7,
        }
    )
    table = split_targets(dict.fromkeys(list(KPIS)[:2], 1_000_003), members, KPIS)
    assert table.groupby(["level", "kpi"])["target"].sum().eq(1_000_003).all()
