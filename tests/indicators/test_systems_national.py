from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from random_records import random_records

from indicators.hierarchy import ALL, ROOT
from indicators.kpis.pooling import pooled
from indicators.kpis.registry import read_registry
from indicators.measure import RECORD_ID, item_points
from indicators.nodes import Item
from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import load_system
from survey.contracts import CONTRACTS
from survey.findings import InputError
from survey.records import Records

NAMES = ("hotline-2023", "hotline-2024")
SYSTEMS = {name: load_system(name) for name in NAMES}
LEVEL_1 = {
    "hotline-2023": ["channels", "efficiency", "exchange", "digital", "staff"],
    "hotline-2024": [
        "channels", "efficiency", "closed_loop", "exchange", "digital", "staff", "satisfaction",
    ],
}  # fmt: skip
SLOTS = ("morning", "noon", "afternoon", "dusk", "evening", "night")
SCENARIOS = {"information": "咨询", "feedback": "反馈建议", "complaint": "投诉", "report": "举报"}
CHANNELS = ("website", "mailbox", "app", "weibo", "wechat", "mini_program")
DEADLINES = {"3": 10, "5": 8, "10": 6, "15": 4, "20": 2, "as_soon_as_possible": 0, "not_told": 0}
SATISFACTIONS = {"post_call_satisfaction": 0.9701, "callback_satisfaction": 0.9529}
A, B = "长沙", "武汉"


@pytest.fixture(params=NAMES)
def system(request: pytest.FixtureRequest) -> System:
    return SYSTEMS[request.param]


def item_of(system: System, name: str) -> Item:
    return next(item for _, item in system.leaf_items() if item.id == name)


def items_of(system: System, indicator: str) -> tuple[Item, ...]:
    return next(node for node in system.nodes() if node.id == indicator).items


def calls(system: System, **columns: list) -> pd.DataFrame:
    """Return calls with these cells, and blank ones in the other columns the system asks for."""
    asked = [column.name for column in system.needed_columns()["calls"]]
    frame = pd.DataFrame(columns)
    blank = {name: np.nan for name in asked if name not in frame}
    return frame.assign(unit=A, **{name: pd.Series(v, dtype=object) for name, v in blank.items()})


def twins(system: System, change: Callable[[dict[str, pd.DataFrame]], None]) -> Scores:
    """Score two cities whose records are the same but for what `change` does to the second's."""
    first = random_records(system, [A], seed=7, calls=240, missing=0).tables
    second = {name: frame.assign(unit=B) for name, frame in first.items()}
    for name, key in RECORD_ID.items():
        if name in second:
            second[name] = second[name].assign(**{key: "b-" + second[name][key]})
    change(second)
    both = {name: pd.concat([first[name], second[name]], ignore_index=True) for name in first}
    return score(Records(both), system, [A, B])[0]


def gain(scores: Scores, indicator: str) -> float:
    of = scores.of(indicator)
    return of[B] - of[A]


class TestWords:
    def test_every_node_and_item_is_named_and_defined_in_both_languages(self, system: System):
        for node in system.nodes():
            assert node.zh and node.en and node.definition is not None, node.id
            assert node.definition.zh and node.definition.en, node.id
        for _, item in system.leaf_items():
            assert item.zh and item.en, item.id

    def test_the_source_and_the_lack_of_published_weights_are_said(self, system: System):
        assert system.weights_note is not None
        assert "未公布权重" in system.weights_note.zh and "no weights" in system.weights_note.en
        assert "本项目所拟" in system.source.zh and "ours" in system.source.en

    def test_no_two_indicators_or_items_of_a_parent_share_a_name(self, system: System):
        for node in system.nodes():
            for words in ("zh", "en"):
                parts = [getattr(part, words) for part in (*node.children, *node.items)]
                assert len(set(parts)) == len(parts), node.id


class TestShape:
    def test_level_1(self, system: System):
        assert [node.id for node in system.children] == LEVEL_1[system.id]

    def test_both_audiences_and_no_innovation(self, system: System):
        assert list(system.audiences) == ["citizen", "enterprise"]
        assert {node.role for node in system.nodes()} == {"core"}

    def test_all_weights_are_equal_and_given(self, system: System):
        assert {node.weight for node in system.nodes()} == {1}
        assert {item.weight for _, item in system.leaf_items()} == {1}
        assert system.weights == "given"
        assert all(node.weights == "given" for node in system.nodes())

    def test_depth_and_size(self):
        sizes = {
            name: (len(list(system.nodes())), sum(bool(node.items) for node in system.nodes()),
                   len(list(system.leaf_items())))
            for name, system in SYSTEMS.items()
        }  # fmt: skip
        assert sizes == {"hotline-2023": (23, 17, 47), "hotline-2024": (34, 26, 63)}

    def test_2024_continues_2023(self):
        before, after = SYSTEMS.values()
        nodes = [{node.id for node in system.nodes()} for system in (before, after)]
        assert nodes[0] - nodes[1] == {"handling"}
        assert {item.id for _, item in before.leaf_items()} < {i.id for _, i in after.leaf_items()}
        for _, item in before.leaf_items():
            assert item_of(after, item.id) == item
        assert before.columns == after.columns


class TestEverythingNamedIsScored:
    def test_scenarios(self, system: System):
        declared = system.columns["calls"]["scenario"].values
        assert declared == SCENARIOS
        asked = {
            scenario
            for _, item in system.leaf_items()
            for scenario in item.where.get("scenario", ())
        }
        assert asked == set(SCENARIOS)

    @pytest.mark.parametrize("scenario", list(SCENARIOS))
    def test_a_call_of_each_scenario_is_scored(self, system: System, scenario: str):
        told = calls(
            system, outcome=["answered"], scenario=[scenario], answer_current=["current"],
            reply_deadline=["5"], case_result=["resolved"],
        )  # fmt: skip
        scored = [
            item.id
            for _, item in system.leaf_items()
            if item.table == "calls"
            and "scenario" in item.where
            and np.isfinite(item_points(told, item)[0])
        ]
        own = "answer_current" if scenario == "information" else f"{scenario}_result"
        assert own in scored

    def test_slots(self, system: System):
        assert tuple(system.columns["calls"]["slot"].values) == SLOTS
        for indicator in ("waiting", "connection_day", "connection_night"):
            assert all(item.where["slot"] for item in items_of(system, indicator))
        waiting = [slot for item in items_of(system, "waiting") for slot in item.where["slot"]]
        assert tuple(waiting) == SLOTS

    @pytest.mark.parametrize("slot", SLOTS)
    def test_each_slot_is_a_sixth_of_connection(self, system: System, slot: str):
        def lose(tables: dict[str, pd.DataFrame]) -> None:
            frame = tables["calls"]
            frame["outcome"] = frame["outcome"].where(frame["slot"] != slot, "busy")

        scores = twins(system, lose)
        records = scores.records.tables["calls"]
        lost = records[(records["slot"] == slot) & (records["unit"] == A)]
        by_audience = lost.groupby("audience")["outcome"].agg(lambda o: o.eq("answered").mean())
        assert gain(scores, "connection") == pytest.approx(-10 / 6 * by_audience.mean())

    def test_deadlines(self, system: System):
        told = list(DEADLINES)
        assert list(system.columns["calls"]["reply_deadline"].values) == told
        frame = calls(
            system, outcome=["answered"] * 7, scenario=["complaint"] * 7, reply_deadline=told
        )
        points = item_points(frame, item_of(system, "deadline_length"))
        assert points.tolist() == list(DEADLINES.values())

    def test_channels(self, system: System):
        assert tuple(system.columns["channel_tests"]["channel"].values) == CHANNELS
        asked = [item.where["channel"] for item in items_of(system, "channel_range")]
        assert asked == [(channel,) for channel in CHANNELS]

    def test_what_is_asked_of_channels(self, system: System):
        asked = {
            item.id
            for indicator in ("channel_ease", "channel_response")
            for item in items_of(system, indicator)
        }
        assert asked == {
            "registration_needed", "fields_required", "approval_hours", "reply_hours",
            "online_agent", "smart_answer",
        }  # fmt: skip

    def test_the_words_of_the_source_may_stand_in_a_file(self, system: System):
        contract = CONTRACTS["calls"].asking(system.needed_columns()["calls"])
        assert contract["scenario"].allowed_zh == ("咨询", "反馈建议", "投诉", "举报")
        assert contract["reply_deadline"].allowed_zh[0] == "3个工作日"


@pytest.fixture(scope="module", params=NAMES)
def scores(request: pytest.FixtureRequest) -> Scores:
    units = [f"u{i}" for i in range(12)]
    system = SYSTEMS[request.param]
    return score(random_records(system, units, seed=3, calls=96), system, units)[0]


class TestScores:
    def test_stay_on_the_scale(self, scores: Scores):
        there = scores.score[~np.isnan(scores.score)]
        assert there.size and there.min() >= 0 and there.max() <= 10

    def test_every_indicator_has_one_for_some_unit(self, scores: Scores):
        missing = [name for name in scores.hierarchy.ids if scores.of(name).isna().all()]
        assert not missing
        assert scores.of(ROOT).notna().all()

    @pytest.mark.parametrize("audience", ["citizen", "enterprise"])
    def test_each_audience_has_them_but_for_what_only_the_hotline_states(
        self, scores: Scores, audience: str
    ):
        without = {name for name in scores.hierarchy.ids if scores.of(name, audience).isna().all()}
        stated = {"data_use", "satisfaction_after_call", "satisfaction_on_callback"}
        assert without == stated & set(scores.hierarchy.ids)

    def test_a_trace_leads_from_the_total_to_the_answers(self, scores: Scores):
        whole = scores.trace("u3")
        parts = whole.steps[whole.steps["depth"] == 1]
        assert parts["id"].tolist() == [node.id for node in scores.system.children]
        assert parts["contribution"].sum() == pytest.approx(scores.of(ROOT)["u3"])

    def test_a_trace_of_a_leaf_shows_its_records(self, scores: Scores):
        told = scores.trace("u3", "deadlines", "citizen").records
        assert set(told["item"]) == {"deadline_length", "deadline_consistency"}
        lengths = told[told["item"] == "deadline_length"]
        assert lengths["points"].tolist() == [DEADLINES[answer] for answer in lengths["answer"]]
        frame = scores.records.tables["calls"].set_index("call_id").loc[lengths["record"]]
        assert frame["reply_deadline"].tolist() == lengths["answer"].tolist()
        assert set(frame["unit"]) == {"u3"} and set(frame["outcome"]) == {"answered"}


class TestWaiting:
    @pytest.mark.parametrize(
        ("seconds", "points"), [(0, 10), (15, 10), (50, 7.5), (85, 5), (180, 0), (400, 0)]
    )
    def test_points_are_anchored_in_the_standard_and_the_published_figures(
        self, system: System, seconds: float, points: float
    ):
        frame = calls(
            system, outcome=["answered"], slot=["night"], wait_seconds=[float(seconds)]
        )  # fmt: skip
        item = item_of(system, "wait_night")
        assert item_points(frame, item).tolist() == [pytest.approx(points)]
        assert item.clause.startswith("GB/T 33358-2016")

    def test_a_quicker_city_scores_more(self, system: System):
        def quicker(tables: dict[str, pd.DataFrame]) -> None:
            tables["calls"]["wait_seconds"] = tables["calls"]["wait_seconds"] * 0.5

        scores = twins(system, quicker)
        assert gain(scores, "waiting") > 0 and gain(scores, ROOT) > 0
        assert gain(scores, "staff") == gain(scores, "channels") == 0

    def test_only_answered_calls_wait(self, system: System):
        def slow_where_unanswered(tables: dict[str, pd.DataFrame]) -> None:
            frame = tables["calls"]
            frame["wait_seconds"] = frame["wait_seconds"].where(frame["outcome"] == "answered", 999)

        assert gain(twins(system, slow_where_unanswered), ROOT) == 0


class TestDeadlines:
    SHORTER = {"20": "15", "15": "10", "10": "5", "5": "3"}

    @staticmethod
    def told(system: System, deadlines: list[str], questions: list[str] | None = None) -> float:
        n = len(deadlines)
        frame = calls(
            system, outcome=["answered"] * n, scenario=["complaint"] * n,
            reply_deadline=deadlines, question=questions or ["road"] * n,
        )  # fmt: skip
        return float(np.nanmean(item_points(frame, item_of(system, "deadline_consistency"))))

    def test_shorter_deadlines_score_more(self, system: System):
        def shorter(tables: dict[str, pd.DataFrame]) -> None:
            told = tables["calls"]["reply_deadline"]
            tables["calls"]["reply_deadline"] = told.where(
                ~told.isin(self.SHORTER), told.map(self.SHORTER)
            )

        scores = twins(system, shorter)
        assert gain(scores, "deadlines") > 0 and gain(scores, ROOT) > 0

    def test_a_deadline_told_scores_more_than_none(self, system: System):
        def promise(tables: dict[str, pd.DataFrame]) -> None:
            told = tables["calls"]["reply_deadline"]
            vague = told.isin(["as_soon_as_possible", "not_told"])
            tables["calls"]["reply_deadline"] = told.mask(vague, "20")

        assert gain(twins(system, promise), "deadlines") > 0

    def test_equally_long_on_average_but_consistent_scores_more(self, system: System):
        def spread(tables: dict[str, pd.DataFrame]) -> None:
            frame = tables["calls"]
            frame["question"] = "road"
            frame["reply_deadline"] = np.where(np.arange(len(frame)) % 2, "3", "20")

        def steady(tables: dict[str, pd.DataFrame]) -> None:
            spread(tables)
            tables["calls"]["reply_deadline"] = "10"

        mixed, same = twins(system, spread), twins(system, steady)
        assert same.of("deadlines")[B] == pytest.approx(8)
        assert mixed.of("deadlines")[B] < same.of("deadlines")[B]
        assert mixed.of(ROOT)[B] < same.of(ROOT)[B]

    def test_consistency_is_the_chance_that_two_calls_agree(self, system: System):
        assert self.told(system, ["5", "5", "5"]) == 10
        assert self.told(system, ["5", "5", "10", "10"]) == pytest.approx(10 / 3)
        assert self.told(system, ["3", "5", "10", "15"]) == 0

    def test_other_questions_may_have_other_deadlines(self, system: System):
        questions = ["road", "road", "noise", "noise"]
        assert self.told(system, ["5", "5", "10", "10"], questions) == 10

    def test_never_to_tell_is_no_consistency(self, system: System):
        assert self.told(system, ["not_told"] * 4) == 0
        assert self.told(system, ["as_soon_as_possible"] * 4) == 0

    def test_none_is_asked_of_a_question_or_of_a_call_nobody_answered(self, system: System):
        frame = calls(
            system, outcome=["answered", "busy"], scenario=["information", "complaint"],
            reply_deadline=["3", "3"], question=["road", "road"],
        )  # fmt: skip
        for item in items_of(system, "deadlines"):
            assert np.isnan(item_points(frame, item)).all()


class TestChannels:
    def test_a_closed_channel_counts_in_the_range_and_nowhere_else(self, system: System):
        def every_channel(tables: dict[str, pd.DataFrame]) -> None:
            frame = tables["channel_tests"]
            audiences = np.array(["citizen", "enterprise"])
            frame["audience"] = audiences[np.arange(len(frame)) % 2]
            frame["channel"] = np.array(CHANNELS)[np.arange(len(frame)) // 2 % 6]
            frame["channel_open"] = "yes"

        def all_but_weibo(tables: dict[str, pd.DataFrame]) -> None:
            every_channel(tables)
            frame = tables["channel_tests"]
            frame["channel_open"] = np.where(frame["channel"] == "weibo", "no", "yes")
            frame["reply_hours"], frame["fields_required"] = 1.0, 3.0

        assert twins(system, every_channel).of("channel_range")[B] == 10
        closed = twins(system, all_but_weibo)
        assert closed.of("channel_range")[B] == pytest.approx(10 * 5 / 6)
        told = closed.trace(B, "channel_ease").records
        assert len(told[told["item"] == "fields_required"]) == 10

    @pytest.mark.parametrize(
        ("column", "worse", "indicator"),
        [
            ("registration_needed", "yes", "channel_ease"),
            ("fields_required", 30.0, "channel_ease"),
            ("approval_hours", 24.0 * 7, "channel_ease"),
            ("reply_hours", 24.0 * 7, "channel_response"),
            ("reply_received", "no", "channel_response"),
            ("online_agent", "no", "channel_response"),
            ("smart_answer", "unhelpful", "channel_response"),
        ],
    )
    def test_worse_channels_score_less(
        self, system: System, column: str, worse: str | float, indicator: str
    ):
        def worsen(tables: dict[str, pd.DataFrame]) -> None:
            tables["channel_tests"][column] = worse

        scores = twins(system, worsen)
        assert gain(scores, indicator) < 0 and gain(scores, ROOT) < 0

    def test_no_answer_gets_no_points_however_long_it_took(self, system: System):
        frame = pd.DataFrame(
            {
                "channel_open": ["yes"] * 4,
                "reply_received": ["yes", "yes", "no", "no"],
                "reply_hours": [1.0, 24.0, 1.0, np.nan],
            }
        )
        assert item_points(frame, item_of(system, "reply_hours")).tolist() == [10, 5, 0, 0]


class TestExchange:
    def test_no_answer_given_alike_is_no_agreement(self, system: System):
        frame = calls(
            system, outcome=["answered"] * 4, scenario=["information"] * 4,
            question=["pension", "pension", "school", "school"],
            answer_code=["a", "a", "b", "b"], answer_complete=["full", "partly", "none", "none"],
        )  # fmt: skip
        points = item_points(frame, item_of(system, "answer_agrees_calls"))
        assert points.tolist() == [10, 10, 0, 0]


class TestSatisfaction:
    SYSTEM = SYSTEMS["hotline-2024"]

    def kpis(self, **rates: float) -> pd.DataFrame:
        rows = [
            {"unit": A, "kpi": name, "numerator": np.nan, "denominator": np.nan, "value": value,
             "period": "2023", "clock_start": None, "target": np.nan, "source": None}
            for name, value in rates.items()
        ]  # fmt: skip
        return pd.DataFrame(rows, index=pd.RangeIndex(2, len(rows) + 2))

    def scored(self, **rates: float) -> Scores:
        records = random_records(self.SYSTEM, [A], seed=1, calls=96).tables
        return score(Records({**records, "kpis": self.kpis(**rates)}), self.SYSTEM, [A])[0]

    def test_the_two_kpis_are_rates_of_the_registry_on_denominators_of_their_own(self):
        registry = read_registry().kpis
        kpis = [registry[name] for name in SATISFACTIONS]
        assert {kpi.kind for kpi in kpis} == {"rate"} and len({k.denominator for k in kpis}) == 2
        assert {item.id for _, item in self.SYSTEM.leaf_items() if item.table == "kpis"} == set(
            SATISFACTIONS
        )
        assert not [
            item for _, item in SYSTEMS["hotline-2023"].leaf_items() if item.table == "kpis"
        ]

    def test_three_sources_of_satisfaction(self):
        (node,) = [node for node in self.SYSTEM.nodes() if node.id == "satisfaction"]
        assert [child.zh for child in node.children] == ["话后满意度", "回访满意度", "调查满意度"]

    def test_the_published_means_lie_inside_the_goalposts(self):
        scores = self.scored(**SATISFACTIONS)
        assert scores.of("satisfaction_after_call")[A] == pytest.approx(7.01)
        assert scores.of("satisfaction_on_callback")[A] == pytest.approx(5.29)

    def test_a_rate_below_the_goalposts_gets_nothing_and_all_satisfied_everything(self):
        scores = self.scored(post_call_satisfaction=0.85, callback_satisfaction=1.0)
        assert scores.of("satisfaction_after_call")[A] == 0
        assert scores.of("satisfaction_on_callback")[A] == pytest.approx(10)

    @pytest.mark.parametrize("name", list(SATISFACTIONS))
    @pytest.mark.parametrize("rate", [97.01, 1.02, -0.1])
    def test_what_is_no_fraction_is_refused(self, name: str, rate: float):
        with pytest.raises(InputError, match="a rate from 0 to 1"):
            pooled(self.kpis(**{name: rate}), self.SYSTEM.kpi_registry)
        pooled(self.kpis(**{name: 1.0}), self.SYSTEM.kpi_registry)

    def test_a_trace_shows_the_figure_stated(self):
        told = self.scored(**SATISFACTIONS).trace(A, "satisfaction_after_call").records
        assert told[["item", "answer", "audience"]].values.tolist() == [
            ["post_call_satisfaction", "0.9701", ALL]
        ]


class TestClosedLoop:
    SYSTEM = SYSTEMS["hotline-2024"]

    def test_the_loop_from_acceptance_to_the_result(self):
        (node,) = [node for node in self.SYSTEM.nodes() if node.id == "closed_loop"]
        assert [child.zh for child in node.children] == [
            "统一受理", "分类转办", "限时办结", "跟踪督办", "回访评价", "办理结果",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("column", "worse", "indicator"),
        [
            ("case_accepted", "no", "acceptance"),
            ("dispatch_result", "sent_back", "dispatch"),
            ("replied_in_time", "no", "time_limit"),
            ("progress_findable", "no", "follow_up"),
            ("called_back", "no", "call_back"),
            ("case_result", "unresolved", "resolution"),
        ],
    )
    def test_a_broken_link_costs_points(self, column: str, worse: str, indicator: str):
        def worsen(tables: dict[str, pd.DataFrame]) -> None:
            tables["calls"][column] = worse

        scores = twins(self.SYSTEM, worsen)
        assert gain(scores, indicator) < 0
        assert gain(scores, "closed_loop") < 0 and gain(scores, ROOT) < 0

    def test_what_the_hotline_settled_at_once_need_not_be_dispatched(self):
        frame = calls(
            self.SYSTEM, outcome=["answered"] * 2, scenario=["complaint"] * 2,
            dispatch_result=["settled_at_once", "sent_on"],
        )  # fmt: skip
        points = item_points(frame, item_of(self.SYSTEM, "dispatch_result"))
        assert np.isnan(points[0]) and points[1] == 5
