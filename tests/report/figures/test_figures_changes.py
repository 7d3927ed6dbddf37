"""What changed, and what texts are about."""

import pytest
from analysed import analysed_results
from drawing import draw, having, line, numbers, texts, texts_of

from report import figures
from report.figures.changes import MOST_EACH_WAY, change_rows, movers
from report.figures.forest import with_interval
from report.figures.subjects import topic_rows

RESULTS = analysed_results()


def test_national_changes_are_marked_by_their_verdict() -> None:
    figure = draw("national_changes", RESULTS)
    ax, table = figure.axes[0], change_rows(RESULTS, "all")
    sure = table["verdict"] != "unclear"
    assert numbers(line(ax, "dots-clear")) == pytest.approx(table[sure]["change"].tolist())
    assert numbers(line(ax, "dots-none")) == pytest.approx(table[~sure]["change"].tolist())
    assert table["indicator"].iloc[0] == "total"
    starred = [name for name in texts_of(ax, "row") if name.endswith("*")]
    assert starred == ["目标实现*", "信息获取*"]
    assert any("定义或权重有变" in each for each in texts(figure))
    assert figures.national_changes(RESULTS, audience="visitor") is None


def test_rank_changes_show_every_city_and_name_the_movers() -> None:
    left, right = draw("rank_changes", RESULTS).axes
    table = RESULTS["rank_changes"]
    for verdict, own in table.groupby("verdict"):
        drawn = line(left, f"ranks-{verdict}")
        assert numbers(drawn) == own["rank_before"].tolist()
        assert numbers(drawn, 1) == own["rank_after"].tolist()
    named = movers(table)
    assert [t.get_text() for t in right.get_yticklabels()] == named["unit"].tolist()
    assert named["moved"].is_monotonic_decreasing
    assert (named["verdict"] == "up").sum() == MOST_EACH_WAY
    assert named["moved"].iloc[0] == table[table["verdict"] == "up"]["moved"].max()
    assert numbers(line(right, "moved-up")) == named.head(MOST_EACH_WAY)["moved"].tolist()
    first = named.iloc[0]
    assert texts_of(right, "figures")[0] == f"{first.rank_before} → {first.rank_after}"


def test_rank_changes_say_where_none_moved() -> None:
    still = having(RESULTS, rank_changes=RESULTS["rank_changes"].assign(verdict="unclear"))
    figure = draw("rank_changes", still)
    assert len(figure.axes) == 1
    assert "没有城市的名次变动超出抽样误差" in texts(figure)


def test_topics_show_shares_by_group_commonest_first() -> None:
    ax = draw("topics", RESULTS).axes[0]
    assert numbers(line(ax, "share-content")) == pytest.approx([50, 10, 5])
    assert numbers(line(ax, "share-method")) == pytest.approx([30, 30, 4])
    rows = [t.get_text() for t in ax.get_yticklabels()]
    assert rows == ["智能化与数据应用", "协同联动", "未归入主题"]


def test_topics_of_all_texts_together() -> None:
    ax = draw("topics", RESULTS, by="").axes[0]
    assert numbers(line(ax, "share-")) == pytest.approx([80, 40, 9])
    assert figures.topics(RESULTS, by="weather") is None
    assert figures.topics(having(RESULTS, topics=RESULTS["topics"].assign(documents=0))) is None
    assert topic_rows(RESULTS["topics"], None, "responses").empty


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (0.001, -0.05, 0.05, "0.00 [−0.05, +0.05]"),
        (-0.3, -0.6, -0.004, "−0.30 [−0.60, 0.00]"),
        (1.2, float("nan"), float("nan"), "+1.20"),
    ],
)
def test_changes_have_signs_and_zero_has_none(value, low, high, written):
    assert with_interval({"value": value, "low": low, "high": high}, signed=True) == written
