"""Gaps between audiences, funnels, drivers."""

import numpy as np
import pytest
from analysed import DRIVERS, analysed_results
from drawing import draw, having, line, numbers, texts, texts_of

from analysis.drivers.priorities import QUADRANTS
from report import figures
from report.figures.gaps import MOST_ROWS, gap_rows

RESULTS = analysed_results()


def test_gaps_are_marked_by_their_verdict() -> None:
    ax = draw("audience_gaps", RESULTS).axes[0]
    table = gap_rows(RESULTS)
    for verdict, own in table.groupby("verdict"):
        drawn = line(ax, f"dots-{verdict}")
        assert numbers(drawn) == pytest.approx(own["gap"].tolist())
        assert numbers(drawn, 1) == own.index.tolist()
    (bars,) = (c for c in ax.collections if c.get_gid() == "intervals")
    ends = np.array([np.asarray(path.vertices)[:, 0] for path in bars.get_paths()])
    assert ends == pytest.approx(table[["low", "high"]].to_numpy())
    tree = RESULTS["indicators"]
    names = dict(zip(tree["indicator"], tree["zh"], strict=True))
    assert texts_of(ax, "row") == [names.get(i, "总分") for i in table["indicator"]]
    first = table.iloc[0]
    told = f"{first.gap:+.2f} [{first.low:+.2f}, {first.high:+.2f}]".replace("-", "−")
    assert texts_of(ax, "figures")[0] == told


def test_gaps_leave_out_levels_that_do_not_fit() -> None:
    assert len(RESULTS["audience_gaps"]) > MOST_ROWS
    assert gap_rows(RESULTS)["level"].max() == 2
    few = RESULTS["audience_gaps"].head(MOST_ROWS)
    assert gap_rows(having(RESULTS, audience_gaps=few))["level"].max() == 3


def test_funnel_names_only_what_stands_out() -> None:
    ax = draw("funnel", RESULTS).axes[0]
    table = RESULTS["funnel"].query("measure == 'total' and factor == 'all'")
    assert sorted(texts_of(ax, "name")) == sorted(table[table["stands_out"]]["unit"])
    for band, own in table.groupby("band"):
        drawn = line(ax, f"band-{band}")
        assert numbers(drawn) == pytest.approx(own["se"].tolist())
        assert numbers(drawn, 1) == pytest.approx(own["value"].tolist())
    limits = RESULTS["funnel_limits"].query("measure == 'total' and factor == 'all'")
    for name in ("low_95", "high_95", "low_998", "high_998"):
        drawn = numbers(line(ax, name.replace("_", "-")), 1)
        assert drawn == pytest.approx(limits[name].tolist())


def test_funnel_says_where_nothing_stands_out() -> None:
    quiet = having(RESULTS, funnel=RESULTS["funnel"].assign(stands_out=False))
    assert any("没有城市明显偏离" in each for each in texts(draw("funnel", quiet)))


def test_funnel_of_peers_has_a_panel_each() -> None:
    figure = draw("funnel", RESULTS, factor="level")
    titles = {ax.get_title("left") for ax in figure.axes} - {""}
    sizes = RESULTS["units"]["level"].value_counts()
    assert titles == {f"{g}（{n}）" for g, n in sizes.items()}
    assert figure.get_size_inches()[1] * 2.54 < 20


def test_funnel_of_rates_stands_on_numbers_of_calls() -> None:
    ax = draw("funnel", RESULTS, measure="answered").axes[0]
    table = RESULTS["funnel"].query("measure == 'answered' and factor == 'all'")
    own = table[table["band"] == "expected"]
    drawn = line(ax, "band-expected")
    assert np.round(numbers(drawn)).tolist() == own["n"].tolist()
    assert numbers(drawn, 1) == pytest.approx((100 * own["value"]).tolist())
    assert figures.funnel(RESULTS, measure="weather") is None
    assert figures.funnel(RESULTS, factor="weather") is None


def test_drivers_show_shares_and_how_sure_their_sign_is() -> None:
    figure = draw("driver_importance", RESULTS)
    ax, table = figure.axes[0], RESULTS["drivers"]
    sure = table["direction"] != "unclear"
    assert numbers(line(ax, "dots-clear")) == pytest.approx((100 * table[sure]["share"]).tolist())
    assert numbers(line(ax, "dots-none")) == pytest.approx((100 * table[~sure]["share"]).tolist())
    assert any("85.3%" in each and "满意度" in each for each in texts(figure))


def test_importance_stands_against_performance() -> None:
    ax = draw("importance_performance", RESULTS).axes[0]
    means = RESULTS["means"].query("audience == 'all'").set_index("indicator")["mean"]
    drawn = line(ax, "drivers")
    assert numbers(drawn) == pytest.approx([means[i] for i in DRIVERS])
    assert numbers(drawn, 1) == pytest.approx((100 * RESULTS["drivers"]["share"]).tolist())
    assert numbers(line(ax, "mean-score"))[0] == pytest.approx(means[DRIVERS].mean())
    assert numbers(line(ax, "mean-share"), 1)[0] == pytest.approx(100 / len(DRIVERS))
    corners = {t.get_text(): t.xy for t in ax.texts if t.get_gid() == "quadrant"}  # pyright: ignore[reportAttributeAccessIssue]
    assert corners[QUADRANTS["concentrate"].zh] == (0, 1)
    assert corners[QUADRANTS["keep_up"].zh] == (1, 1)
    assert corners[QUADRANTS["low_priority"].zh] == (0, 0)
    assert corners[QUADRANTS["overkill"].zh] == (1, 0)
    assert len(texts_of(ax, "name")) == len(DRIVERS)


def test_no_quadrants_without_means_of_the_drivers() -> None:
    other = RESULTS["drivers"].assign(audience="visitor")
    assert figures.importance_performance(having(RESULTS, drivers=other)) is None
