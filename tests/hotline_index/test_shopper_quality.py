from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.grades.schemes import SharesScheme
from analysis.uncertainty.bootstrap import bootstrap
from hotline_index.quality.shoppers import (
    ADJUSTED,
    adjusted_totals,
    call_points,
    coded_answers,
    judged_cells,
    shopper_quality,
)
from indicators.scores import Scores, score
from indicators.system import System
from survey.records import Records

UNITS, SHOPPERS, EACH = 30, 10, 60
NOBODY = {"where": {"outcome": ["busy"]}, "points": 0}


def words(name: str) -> dict:
    return {"id": name, "zh": name, "en": name}


def system() -> System:
    told = {"zh": "s", "en": "s"}
    items = [
        words("clear") | {"table": "calls", "rule": {"likert": [1, 11]}},
        words("kind") | {"table": "calls", "rule": {"likert": [1, 11]}, "override": [NOBODY]},
        words("given")
        | {"table": "calls", "rule": {"map": {"full": 10, "none": 0, "partly": 5}},
           "not_applicable": ["unasked"]},
        words("phrases")
        | {"table": "calls", "rule": {"count": ["hello", "bye"], "of": ["yes", "no"]}},
        words("connected")
        | {"table": "calls", "column": "outcome", "rule": {"map": {"answered": 10, "busy": 0}}},
    ]  # fmt: skip
    return System.model_validate(
        {
            "id": "made",
            "title": told,
            "source": told,
            "children": [words("leaf") | {"items": items}],
        }
    )


def calls(seed: int = 0, severe: float = 0.0, busy: float = 0.05) -> pd.DataFrame:
    """Calls of 30 units in the middle of the scale; s0 is severe and makes most calls of u00."""
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(UNITS), EACH)
    n = len(unit)
    shopper = random.integers(0, SHOPPERS, n)
    shopper[:45] = 0
    off = np.where(shopper == 0, severe, 0)
    level = np.roll(np.linspace(5, 7, UNITS), 10)[unit] + off

    def marks(points: np.ndarray) -> np.ndarray:
        return np.clip(np.round(points + random.normal(0, 1, n)), 0, 10) + 1

    def yes(points: np.ndarray) -> np.ndarray:
        return np.where(random.random(n) < points / 10, "yes", "no")

    thirds = np.clip(np.round((level + random.normal(0, 2, n)) / 5), 0, 2).astype(int)
    reached = random.random(n) >= busy
    frame = pd.DataFrame(
        {
            "call_id": [f"c{at:05}" for at in range(n)], "unit": [f"u{at:02}" for at in unit],
            "shopper": [f"s{at}" for at in shopper], "outcome": np.where(reached, "answered", "busy"),
            "recording": [f"r{at:05}" for at in range(n)],
            "started_at": pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 60, n), "D"),
            "clear": marks(level), "kind": marks(level),
            "given": np.array(["none", "partly", "full"])[thirds], "hello": yes(level), "bye": yes(level),
        },
        index=pd.RangeIndex(2, n + 2, name="row"),
    )  # fmt: skip
    answers = ["clear", "kind", "given", "hello", "bye"]
    frame[answers] = frame[answers].astype(object).mask(np.tile(~reached[:, None], len(answers)))
    return frame.astype({"clear": float, "kind": float})


def scored(frame: pd.DataFrame) -> Scores:
    records = Records({"calls": frame}, {"calls": "calls.csv"})
    return score(records, system(), [f"u{at:02}" for at in range(UNITS)])[0]


def doubled(frame: pd.DataFrame, count: int = 100) -> pd.DataFrame:
    """The first calls of each unit coded again by the next shopper, who says the same."""
    again = frame[frame["outcome"] == "answered"].sample(count, random_state=0)
    number = again["shopper"].str[1:].astype(int)
    again = again.assign(
        call_id="again-" + again["call_id"],
        shopper="s" + ((number + 1) % SHOPPERS).astype("str"),
    )
    both = pd.concat([frame, again])
    return both.set_axis(pd.RangeIndex(2, len(both) + 2, name="row"))


def checks(quality) -> list[str]:
    return [finding.check for finding in quality.findings]


def test_a_severe_shopper_is_taken_off_the_scores():
    plain, truth = scored(calls(severe=-2.5)), scored(calls(severe=0))
    quality = shopper_quality(plain)
    assert tuple(quality.adjusted) == ADJUSTED
    verdicts = quality.shoppers.set_index("shopper")["verdict"]
    assert verdicts["s0"] == "severe"
    assert verdicts.drop("s0").eq("in_line").all()
    table = quality.adjusted.set_index("unit")
    right = truth.of("total")
    off = (table["score"] - right).abs()
    mended = (table["adjusted"] - right + (right - table["adjusted"]).mean()).abs()
    assert table.at["u00", "difference"] > 1
    assert mended["u00"] < off["u00"] / 3
    assert mended.mean() < off.mean() / 2


def test_ranks_and_differences_fit_the_scores():
    table = shopper_quality(scored(calls(severe=-2.5))).adjusted
    assert table["rank"].tolist() == sorted(table["rank"])
    assert (table["adjusted"] - table["score"]).to_numpy() == pytest.approx(table["difference"])
    assert (table["rank_adjusted"] - table["rank"]).equals(table["rank_difference"])
    best = table.loc[table["adjusted"].idxmax()]
    assert best["rank_adjusted"] == 1
    assert table[["rank_low", "grade", "grade_adjusted"]].isna().all(axis=None)
    assert table["verdict"].eq("steady").all()


def test_units_that_move_are_told():
    scores = scored(calls(severe=-2.5))
    draws, _ = bootstrap(scores, replicates=200)
    scheme = SharesScheme(shares={"A": 3, "B": 4, "C": 3})
    quality = shopper_quality(scores, draws=draws, scheme=scheme)
    table = quality.adjusted
    graded = table["grade"] != table["grade_adjusted"]
    out = (table["rank_adjusted"] < table["rank_low"]) | (
        table["rank_adjusted"] > table["rank_high"]
    )
    assert graded.any()
    assert table["verdict"].eq("grade_moves").equals(graded)
    assert table["verdict"].eq("rank_moves").equals(out & ~graded)
    found = next(f for f in quality.findings if f.check == "adjusted-grade-moves")
    assert found.count == graded.sum()


def test_alike_shoppers_leave_the_scores_as_they_are():
    scores = scored(calls(seed=1))
    quality = shopper_quality(scores)
    assert "severity-not-found" in checks(quality)
    assert quality.adjusted["adjusted"].to_numpy() == pytest.approx(quality.adjusted["score"])
    assert quality.adjusted["verdict"].eq("steady").all()


def test_nothing_taken_off_gives_the_plain_scores():
    scores = scored(calls())
    nothing = np.zeros_like(scores.points[0].points)
    assert adjusted_totals(scores, nothing) == pytest.approx(scores.of("total").to_numpy())
    best = adjusted_totals(scores, nothing - 1000)
    assert best == pytest.approx(np.full(UNITS, 10.0))


def test_only_what_the_shopper_judged_counts():
    scores = scored(calls(busy=0.3))
    (table,) = scores.points
    items = [item for _, item in scores.system.leaf_items()]
    judged = judged_cells(table, items)
    busy = (table.frame["outcome"] == "busy").to_numpy()
    assert not judged[busy].any()
    assert not judged[:, -1].any()
    assert judged[~busy, :-1].all()
    points = call_points(table, judged)
    assert np.isnan(points[busy]).all()
    assert points[~busy].mean() == pytest.approx(table.points[~busy, :-1].mean())


def test_calls_with_other_items_are_no_easier():
    scores = scored(calls())
    (table,) = scores.points
    table = replace(table, points=table.points + np.array([3, 0, 0, 0, 0]))
    judged = judged_cells(table, [item for _, item in scores.system.leaf_items()])
    judged[::2, 0] = False
    points = call_points(table, judged)
    assert np.nanmean(points[::2]) == pytest.approx(np.nanmean(points[1::2]), abs=0.2)


def test_what_is_coded_and_how_it_is_measured():
    frame = calls().assign(given="unasked")
    scores = scored(frame)
    coded, answers = coded_answers(scores.points[0], [i for _, i in scores.system.leaf_items()])
    assert {item.name: item.measurement for item in coded} == {
        "clear": "ordinal", "kind": "ordinal", "given": "ordinal", "hello": "nominal", "bye": "nominal"
    }  # fmt: skip
    assert next(item for item in coded if item.name == "given").order == ("none", "partly", "full")
    assert answers["given"].isna().all()
    assert list(answers)[:2] == ["recording", "shopper"]


def test_double_codings_are_compared():
    quality = shopper_quality(scored(doubled(calls())))
    assert quality.agreement["item"].tolist() == [
        "clear", "kind", "given", "hello", "bye", "overall"
    ]  # fmt: skip
    assert quality.agreement["alpha"].eq(1).all()
    assert quality.coders["disagreement"].eq(0).all()
    assert quality.coders["verdict"].isin(["in_line", "too_few"]).all()
    assert "no-double-coding" not in checks(quality)


@pytest.mark.parametrize("blank", [True, False])
def test_without_shoppers_it_is_told(blank):
    frame = calls().drop(columns="recording")
    frame = frame.assign(shopper=None) if blank else frame.drop(columns="shopper")
    quality = shopper_quality(scored(frame))
    for table in (quality.agreement, quality.coders, quality.shoppers, quality.components,
                  quality.balance, quality.groups, quality.adjusted):  # fmt: skip
        assert table.empty
        assert len(table.columns)
    assert set(checks(quality)) == {"no-double-coding", "shoppers-unnamed"}
    assert all(finding.file == "calls.csv" for finding in quality.findings)


def test_an_index_without_calls_has_nothing_to_tell():
    quality = shopper_quality(replace(scored(calls()), points=()))
    assert checks(quality) == ["no-calls"]
    assert tuple(quality.adjusted) == ADJUSTED


def test_same_seed_same_tables():
    scores = scored(doubled(calls(severe=-2)))
    one, other = shopper_quality(scores, seed=3), shopper_quality(scores, seed=3)
    pd.testing.assert_frame_equal(one.agreement, other.agreement)
    pd.testing.assert_frame_equal(one.adjusted, other.adjusted)
