from dataclasses import replace

import pandas as pd

from report.release.about import release_about
from report.release.changes import NAMED, changes_page
from report.results import Results


def page(results, previous=None, lang="zh"):
    return changes_page(results.told_in(lang), previous, release_about(results))


def with_tables(results, **tables):
    return replace(results, tables=dict(results.tables, **tables))


def moved(results, count):
    """Return results in which the first cities clearly rose, the last fell, and a mean rose."""
    changes = results["changes"].copy()
    own = changes.index[(changes["audience"] == "all") & (changes["indicator"] == "total")]
    changes.loc[own, ["change", "verdict"]] = 0.01, "unclear"
    changes.loc[own[:count], "verdict"] = "rise"
    changes.loc[own[:count], "change"] = [1 + at / 100 for at in range(count)]
    changes.loc[own[-1:], ["change", "verdict"]] = -0.75, "fall"
    national = results["national_changes"].copy()
    information = (national["audience"] == "all") & (national["indicator"] == "information")
    national.loc[information, ["before", "after", "change", "low", "high", "verdict", "basis"]] = (
        5.0, 5.5, 0.5, 0.3, 0.7, "rise", "redefined",
    )  # fmt: skip
    return with_tables(results, changes=changes, national_changes=national)


def test_without_an_edition_before_it_is_a_first_release(records):
    assert "首次发布" in page(records)
    assert "First release" in page(records, lang="en")


def test_only_clear_moves_are_named(chained):
    results = moved(chained, 3)
    own = results["changes"].query("audience == 'all' and indicator == 'total'")
    steady = set(own.loc[own["verdict"] == "unclear", "unit"])
    told = next(line for line in page(results).splitlines() if "评估对象的总分" in line)
    assert (
        f"{len(own)}个评估对象中，3个明显上升，1个明显下降，{len(own) - 4}个的变化在误差范围内"
        in told
    )
    names = [line for line in page(results).splitlines() if line.startswith("  - 明显")]
    assert "+1.02" in names[0] and "-0.75" in names[1]
    assert not any(unit in line for unit in steady for line in names)


def test_no_move_is_called_clear_where_none_is(chained):
    national = chained["national_changes"].assign(verdict="unclear")
    changes = chained["changes"].assign(verdict="unclear")
    ranks = chained["rank_changes"].assign(verdict="unclear")
    still = with_tables(chained, national_changes=national, changes=changes, rank_changes=ranks)
    for lang, words in (
        ("zh", ("明显上升", "明显下降")),
        ("en", ("clear rise", "clearly went up")),
    ):
        text = page(still, lang=lang).partition("## 变化从何而来")[0].partition("## Why")[0]
        assert not any(word in text for word in words)


def test_a_clear_change_of_an_indicator_says_how_much_and_on_what_terms(chained):
    zh, en = (page(moved(chained, 1), lang=lang) for lang in ("zh", "en"))
    assert (
        "信息获取：由5.00变为5.50，变化+0.50分（95%区间+0.30至+0.70，明显上升），口径与上一届不同"
        in zh
    )
    assert (
        "Getting information: from 5.00 to 5.50, a change of +0.50 points "
        "(95% interval +0.30 to +0.70: a clear rise), not measured or weighed as before"
    ) in en
    assert "测量方法或权重与上一届不同的指标：信息获取。" in zh


def test_many_movers_are_counted_and_the_greatest_named(chained):
    changes = pd.DataFrame(
        {
            "unit": [f"城{at}" for at in range(50)], "audience": "all", "indicator": "total",
            "before": 5.0, "after": 6.0, "change": [1 + at / 100 for at in range(50)],
            "low": 0.5, "high": 2.0, "p": 0.001, "p_adjusted": 0.001, "verdict": "rise", "basis": "same",
        }
    )  # fmt: skip
    line = next(
        each
        for each in page(with_tables(chained, changes=changes)).splitlines()
        if "  - 明显上升" in each
    )
    assert "城49（+1.49）" in line and "城0（" not in line and f"另有{50 - NAMED}个" in line


def test_the_bridge_tells_real_change_from_that_of_the_indicators(chained):
    bridge = chained["national_bridge"].assign(
        change=0.4,
        real=0.3,
        dropped=0.05,
        added=-0.1,
        reweighted=0.15,
        low=0.2,
        high=0.4,
        verdict="rise",
    )
    fates = pd.DataFrame({"item": ["old_one", "kept"], "fate": ["dropped", "common"]})
    results = with_tables(chained, national_bridge=bridge, item_fates=fates)
    assert (
        "总分均值变化+0.40分，其中：可比题项的实际变化+0.30分（95%区间+0.20至+0.40，明显上升），"
        "不再考察的题项+0.05分，新考察的题项-0.10分，结构与权重调整+0.15分"
    ) in page(results)
    assert "本届不再考察的题项1个：`old_one`" in page(results)


def before(results: Results) -> Results:
    """Return the results of an edition before, unlike these in what a reader should hear of."""
    units, indicators = results["units"], results["indicators"]
    weights = results["weights"].copy()
    weights.loc[weights["child"] == "goal", "weight"] = 0.5
    cuts = results["grade_cuts"].assign(least=lambda table: table["least"] - 1)
    tables = {name: table for name, table in results.tables.items() if name != "topics"}
    tables |= {
        "units": units.iloc[1:], "weights": weights, "grade_cuts": cuts,
        "indicators": indicators[indicators["indicator"] != "participation"],
        "grades": results["grades"].drop(columns="runner_up"),
    }  # fmt: skip
    meta = dict(results.meta, title={"zh": "前一年", "en": "the year before"},
                scheme={"zh": "旧办法", "en": "the old scheme"}, versions={"numpy": "1.0"})  # fmt: skip
    return Results(meta, tables)


def test_what_is_new_and_what_is_gone_is_listed(chained):
    text = page(chained, before(chained))
    first = chained["units"]["unit"].iloc[0]
    for told in (
        "上一届：前一年。", f"新增评估对象（1个）：{first}。", "新增指标（1个）：参与性。", "目标实现 50.0% → 33.3%",
        "由“旧办法”改为", "numpy 1.0 →", "新增数据表（1个）：topics.csv。", "新增数据列（1个）：grades.runner\\_up。",
    ):  # fmt: skip
        assert told in text
    gone = page(before(chained), chained, "en")
    assert "Dropped units (1): " in gone and "Dropped tables (1): topics.csv." in gone


def test_cuts_of_both_editions_stand_side_by_side(chained):
    now = chained["grade_cuts"].dropna().iloc[0]
    row = next(
        line for line in page(chained, before(chained)).splitlines() if line.startswith("| A |")
    )
    assert f"{now['least'] - 1:.2f}（" in row and f"{now['least']:.2f}（" in row


def test_editions_without_tested_changes_are_not_said_to_have_moved(records, published):
    text = page(records, published)
    assert "因此不说各指标、各评估对象是升是降" in text and "## 变化" not in text
    assert "一届为模拟数据，一届为真实数据" in text


def test_names_stay_text_in_markdown(chained):
    units = chained["units"].copy()
    units.loc[0, "unit"] = "<script>alert(1)</script>|*x*"
    text = page(with_tables(chained, units=units), before(chained))
    assert "<script>" not in text and "\\<script\\>alert(1)\\</script\\>\\|\\*x\\*" in text
