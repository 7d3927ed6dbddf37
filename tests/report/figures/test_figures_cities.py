"""Figures of all cities: the strip of grades, ridges of totals, the heat map."""

import numpy as np
import pandas as pd
import pytest
from analysed import analysed_results
from drawing import draw, having, line, texts, texts_of
from synthetic import GRADES, SIZES

from report import figures
from report.figures.heatmap import score_grid
from report.figures.ridges import FEWEST, grouped_totals, ridge
from report.figures.strip import FULL, strip_cells
from report.style import svg

RESULTS = analysed_results()


def test_strip_fills_each_cell_as_high_as_its_grade_is_probable() -> None:
    ax = draw("grade_strip", RESULTS).axes[0]
    (cells,) = (c for c in ax.collections if c.get_gid() == "cells")
    heights = [np.ptp(np.asarray(path.vertices)[:, 1]) / FULL for path in cells.get_paths()]
    table = RESULTS["grades"].sort_values(["rank", "unit"])
    assert heights == pytest.approx(table["p_grade"].tolist())
    assert len(np.asarray(line(ax, "borderline").get_xdata())) == table["borderline"].sum()
    counts = table[table["borderline"].astype(bool)]["grade"].value_counts()
    assert texts_of(ax, "near") == [str(counts.get(g, 0)) for g in GRADES]


def test_strip_has_a_row_a_grade_in_the_order_of_rank() -> None:
    cells = strip_cells(RESULTS["grades"], GRADES)
    assert cells["rank"].is_monotonic_increasing
    assert cells.groupby("row").size().tolist() == SIZES
    assert (cells.groupby("row")["column"].max() + 1).tolist() == SIZES


def test_strip_bears_a_grade_without_cities() -> None:
    grades = RESULTS["grades"].query("grade != 'B'")
    assert "B（0）" in texts(draw("grade_strip", having(RESULTS, grades=grades)))


def test_ridges_show_medians_and_sizes_best_on_top() -> None:
    ax = draw("score_ridges", RESULTS, factor="region").axes[0]
    table = RESULTS["grades"].merge(RESULTS["units"][["unit", "region"]], on="unit")
    medians = table.groupby("region")["score"].median().sort_values(ascending=False)
    assert texts_of(ax, "median") == [f"{m:.2f}" for m in medians]
    for group, median in medians.items():
        own = table.loc[table["region"] == group, "score"]
        assert np.asarray(line(ax, f"median-{group}").get_xdata())[0] == median
        rug = np.asarray(line(ax, f"cities-{group}").get_xdata(), dtype=float)
        assert sorted(rug[::3]) == pytest.approx(sorted(own))
        curve = np.asarray(line(ax, f"ridge-{group}").get_xdata(), dtype=float)
        assert (curve.min(), curve.max()) == pytest.approx((own.min(), own.max()))
    sizes = table["region"].value_counts()
    rows = [t.get_text() for t in ax.get_yticklabels()]
    assert rows == [f"{g}（{sizes[g]}）" for g in medians.index]


def test_a_small_group_has_no_curve() -> None:
    grid, density = ridge(np.arange(FEWEST - 1, dtype=float))
    assert len(grid) == len(density) == 0
    grid, density = ridge(np.array([1.0, 2, 2, 3, 5]))
    assert np.trapezoid(density, grid) == pytest.approx(0.8, abs=0.15)


@pytest.mark.parametrize("factor", ["level", "coastal", "tier", "province"])
def test_ridges_of_other_factors(factor: str) -> None:
    figure = figures.score_ridges(RESULTS, factor=factor)
    assert figure is not None
    assert figure.get_size_inches()[1] * 2.54 < 20.5
    if factor == "coastal":
        assert set(grouped_totals(RESULTS, factor)["group"]) == {"沿海", "内陆"}


def test_ridges_need_a_factor_with_two_groups() -> None:
    assert figures.score_ridges(RESULTS, factor="continent") is None
    one = having(RESULTS, units=RESULTS["units"].assign(region="华东"))
    assert figures.score_ridges(one) is None


def test_heatmap_shows_the_scores_in_the_order_of_rank() -> None:
    figure = draw("city_heatmap", RESULTS)
    (image,) = figure.axes[0].images
    order = RESULTS["grades"].sort_values(["rank", "unit"])["unit"].tolist()
    grid = score_grid(RESULTS, order, "all")
    assert np.asarray(image.get_array()) == pytest.approx(grid.to_numpy())
    assert grid.index.tolist() == order
    assert grid.columns.tolist() == RESULTS["indicators"].query("level == 2")["indicator"].tolist()
    scores = RESULTS["scores"].query("audience == 'all' and indicator == 'efficiency'")
    assert grid["efficiency"].to_dict() == dict(zip(scores["unit"], scores["score"], strict=True))
    assert len(svg(figure)) < 400_000


def test_heatmap_of_one_province_names_its_cities() -> None:
    units = RESULTS["units"].query("province == '湖南'")["unit"].tolist()
    scores = RESULTS["scores"].copy()
    gone = (scores["unit"] == units[0]) & (scores["indicator"] == "complaint")
    scores.loc[gone, "score"] = np.nan
    results = having(RESULTS, scores=scores)
    ax = draw("city_heatmap", results, units=units).axes[0]
    ranked = RESULTS["grades"].set_index("unit").loc[units].sort_values("rank")
    rows = [t.get_text() for t in ax.get_yticklabels()]
    assert rows == [f"{unit}  {grade}" for unit, grade in ranked["grade"].items()]
    values = score_grid(results, ranked.index.tolist(), "all").to_numpy().ravel()
    cells = texts_of(ax, "figure")
    assert cells == ["—" if np.isnan(v) else f"{v:.1f}" for v in values]
    assert cells.count("—") == 1


def test_heatmap_names_cities_in_english() -> None:
    figure = draw("city_heatmap", RESULTS, "en", units=["长沙", "北京"])
    rows = [t.get_text().split("  ")[0] for t in figure.axes[0].get_yticklabels()]
    assert sorted(rows) == ["Beijing", "Changsha"]
    assert figures.city_heatmap(RESULTS, units=["无此市"]) is None


def test_rank_intervals_name_cities_in_english() -> None:
    ax = draw("rank_intervals", RESULTS.told_in("en")).axes[0]
    names = "".join(t.get_text() for t in ax.get_yticklabels())
    assert names.replace("ü", "u").isascii()


def test_results_without_ranks_have_neither() -> None:
    grades = RESULTS["grades"].assign(rank=pd.array([pd.NA] * 335, dtype="Int64"))
    bare = having(RESULTS, grades=grades)
    assert figures.grade_strip(bare) is None
    assert figures.city_heatmap(bare) is None
