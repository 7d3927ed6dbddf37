"""Figures of calls: slots as cells, waiting curves, the odds of being answered."""

import numpy as np
import pytest
from analysed import analysed_results
from drawing import draw, having, line, numbers, texts, texts_of
from synthetic import SLOTS

from report import figures
from report.figures.lettering import spaced
from report.figures.survival import MOST_LINES, at_risk, last_time, shown_values

RESULTS = analysed_results()
CURVES = RESULTS["waiting_curves"]


def test_slot_cells_hold_the_figures_of_the_table() -> None:
    left, right = draw("slot_heatmap", RESULTS).axes
    table = RESULTS["slots"].sort_values(["slot", "audience"])
    assert texts_of(left, "rate") == [f"{100 * rate:.1f}%" for rate in table["rate"]]
    assert texts_of(right, "wait_median") == [f"{wait:.0f}" for wait in table["wait_median"]]
    assert [t.get_text() for t in left.get_yticklabels()] == list(SLOTS.values())
    mesh = np.asarray(left.collections[0].get_array()).ravel()
    assert mesh == pytest.approx((100 * table["rate"]).to_numpy())


def test_a_slot_without_answers_has_a_dash() -> None:
    slots = RESULTS["slots"].copy()
    slots.loc[0, "wait_median"] = np.nan
    ax = draw("slot_heatmap", having(RESULTS, slots=slots)).axes[1]
    assert texts_of(ax, "wait_median")[0] == "—"


def test_cells_name_the_range_of_calls() -> None:
    slots = RESULTS["slots"].copy()
    slots.loc[0, "n"] = 1200
    told = texts(draw("slot_heatmap", having(RESULTS, slots=slots)))
    assert any("1200–1340" in each for each in told)


def test_curves_follow_the_table_while_enough_wait() -> None:
    ax, below = draw("waiting_survival", RESULTS, factor="audience").axes
    curves = CURVES.query("factor == 'audience'")
    end = last_time(curves, ["citizen", "enterprise"])
    assert ax.get_xlim() == (0, end)
    for value in ("citizen", "enterprise"):
        own = curves.query("value == @value and time <= @end")
        drawn = numbers(line(ax, f"curve-{value}"), 1)
        assert drawn == pytest.approx((100 * own["survival"]).tolist())
    assert texts_of(ax, "name") == ["群众", "企业"]
    times = np.arange(0, end + 1, 30)
    risk = [str(n) for v in ("citizen", "enterprise") for n in at_risk(curves, v, times)]
    assert texts_of(below, "at-risk") == risk


def test_at_most_six_curves_and_the_rest_is_named() -> None:
    kept, left_out = shown_values(CURVES.query("factor == 'scenario'"))
    assert (kept, left_out) == ([f"s{n}" for n in range(2, 8)], ["s0", "s1"])
    figure = draw("waiting_survival", RESULTS, factor="scenario")
    assert len(texts_of(figure.axes[0], "name")) == MOST_LINES
    assert any("未画：s0、s1" in each for each in texts(figure))


def test_the_number_at_risk_is_that_just_before() -> None:
    own = CURVES.query("factor == 'all'")
    want = own.set_index("time")["at_risk"]
    assert at_risk(own, "all", np.array([0.0, 30.0, 1e6])) == [want[0.0], want[32.0], 0]


def test_no_curves_of_an_unknown_factor() -> None:
    assert figures.waiting_survival(RESULTS, factor="weather") is None


def test_names_of_curves_keep_apart() -> None:
    moved = spaced([10, 10.5, 40, 11], 5)
    assert np.diff(np.sort(moved)).min() >= 5 - 1e-9
    assert np.argsort(moved).tolist() == [0, 1, 3, 2]
    assert spaced([1, 20], 5).tolist() == [1, 20]


def test_connection_effects_show_the_odds() -> None:
    figure = draw("connection_effects", RESULTS)
    table = RESULTS["connection_effects"]
    shown = {
        each.get_gid(): numbers(each)[0]
        for ax in figure.axes
        for each in ax.lines
        if str(each.get_gid()).startswith("odds-")
    }
    want = {f"odds-{r.factor}-{r.value}": r.odds_ratio for r in table.itertuples()}
    assert shown == pytest.approx(want)
    rows = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert rows[:2] == [f"{SLOTS['s1']}（参照）", f"{SLOTS['s2']}（1340）"]
    assert [ax.get_title("left") for ax in figure.axes] == ["时段", "服务对象"]
