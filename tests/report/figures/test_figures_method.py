"""What the method does to ranks and grades."""

import numpy as np
import pandas as pd
import pytest
from analysed import analysed_results
from drawing import draw, having, line, numbers, texts_of

from report import figures
from report.figures.cutting import PANELS
from report.figures.method import NAMED, shifts
from report.figures.sources import BANDS, LOOKS, source_bands

RESULTS = analysed_results()


def test_stability_shows_places_gained_and_lost_in_the_order_of_rank() -> None:
    ax = draw("rank_stability", RESULTS).axes[0]
    table = RESULTS["method_ranks"].sort_values("rank")
    (ranges,) = (c for c in ax.collections if c.get_gid() == "ranges")
    ends = np.array([np.asarray(path.vertices)[:, 1] for path in ranges.get_paths()])
    want = np.column_stack([table["rank"] - table["high"], table["rank"] - table["low"]])
    assert ends == pytest.approx(want)
    named = texts_of(ax, "name")
    assert len(named) == NAMED
    width = (table["high"] - table["low"]).set_axis(table["unit"])
    assert width[named].min() >= width.drop(named).max()


def test_stability_leaves_out_units_without_a_rank() -> None:
    ranks = RESULTS["method_ranks"].astype({"rank": "Int64"})
    ranks.loc[ranks.index[:5], "rank"] = pd.NA
    assert len(shifts(having(RESULTS, method_ranks=ranks))) == 330


def test_source_shares_are_means_by_band() -> None:
    ax = draw("rank_sources", RESULTS).axes[0]
    table = RESULTS["rank_variance"].sort_values("rank").reset_index(drop=True)
    bands = source_bands(RESULTS["rank_variance"])
    assert len(bands) == BANDS
    assert (bands["first"].iloc[0], bands["last"].iloc[-1]) == (1, 335)
    assert (bands["first"].iloc[1:].to_numpy() == bands["last"].iloc[:-1].to_numpy() + 1).all()
    third = table.iloc[bands["first"][2] - 1 : bands["last"][2]]
    widths = {bars.get_label(): bars[2].get_width() for bars in ax.containers}
    assert widths == pytest.approx({s: 100 * third[s].mean() for s in LOOKS})
    assert sum(widths.values()) == pytest.approx(100)
    assert texts_of(ax, "figures")[2] == f"{third['sd'].median():.1f}"


def test_a_rank_that_never_moves_has_no_share() -> None:
    assert source_bands(RESULTS["rank_variance"])["n"].sum() == 334
    still = RESULTS["rank_variance"].assign(sampling=np.nan)
    assert figures.rank_sources(having(RESULTS, rank_variance=still)) is None


def test_sensitivity_shows_both_orders_largest_first() -> None:
    ax = draw("method_sensitivity", RESULTS).axes[0]
    assert numbers(line(ax, "dots-first")) == pytest.approx([70, 20])
    assert numbers(line(ax, "dots-total")) == pytest.approx([80, 30])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["总体合成方法", "全部权重"]
    assert texts_of(ax, "figures") == ["70 / 80", "20 / 30"]


def test_schemes_stand_side_by_side() -> None:
    axes = draw("scheme_comparison", RESULTS).axes
    table = RESULTS["schemes"]
    for ax, column in zip(axes, PANELS, strict=True):
        shown = texts_of(ax, column)
        assert shown == ["—" if np.isnan(v) else f"{100 * v:.0f}" for v in table[column]]
        assert numbers(line(ax, f"{column}-own")) == pytest.approx([100 * table[column][0]])
    assert axes[0].get_yticklabels()[0].get_text() == "本届办法（10）"
