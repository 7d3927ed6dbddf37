"""The benchmark page as a reader uses it, in headless Chromium."""

import csv
import io
import re
from dataclasses import replace
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from synthetic import published_results, records_results

from analysis.ranks.drawn import working_error
from analysis.trends.judging import judge
from report.benchmark import write_benchmark

SAID = {"rise": "明显高", "fall": "明显低", "unclear": "没有可检出的差别"}
HOSTILE = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def results():
    return records_results()


@pytest.fixture(scope="module")
def site(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "benchmark"
    write_benchmark(results, folder, href=lambda unit: f"../profiles/{unit}.html")
    return folder / "index.html"


def shown(page) -> dict[str, list[str]]:
    """Return the cells of the table by city, in the order shown."""
    rows = page.eval_on_selector_all(
        "#figures tbody tr",
        "rows => rows.map(r => [r.dataset.unit, ...[...r.cells].slice(1).map(c => c.innerText)])",
    )
    return {unit: cells for unit, *cells in rows}


def column(results, indicator, audience) -> pd.DataFrame:
    table = results["scores"].query("indicator == @indicator and audience == @audience")
    return table.set_index("unit")


def choose(page, box, text):
    page.fill(box, "")
    page.type(box, text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("typed", ["长沙", "长沙市", "changsha", "Chang Sha", "cs"])
def test_a_city_is_found_by_characters_pinyin_and_initials(open_page, site, typed):
    page = open_page(site)
    page.type("#city", typed)
    first = page.locator("#city-list [role=option]").first
    assert first.inner_text().startswith("长沙")
    page.keyboard.press("Enter")
    assert page.input_value("#city") == "长沙"
    assert "长沙" in page.title()


def test_a_text_that_means_no_city_is_answered(open_page, site):
    page = open_page(site)
    page.type("#city", "qqq")
    assert page.inner_text(".empty") == "没有找到“qqq”"
    page.keyboard.press("Enter")
    assert page.locator("#figures").count() == 0


def test_the_figures_are_those_of_the_results(open_page, site, results):
    page = open_page(site)
    choose(page, "#city", "长沙")
    grades = results["grades"].set_index("unit")
    for indicator, audience in (("total", "all"), ("goal", "citizen"), ("trust", "enterprise")):
        page.select_option("#indicator", indicator)
        page.check(f"input[value={audience}]", force=True)
        table = column(results, indicator, audience)
        cells = shown(page)
        assert len(cells) == 6 and "长沙" in cells
        for unit, (grade, score, interval, rank, ranks, *_, n) in cells.items():
            own = table.loc[unit]
            assert float(score) == pytest.approx(own["score"], abs=0.0051)
            low, high = map(float, interval.split("至"))
            assert (low, high) == pytest.approx((own["low"], own["high"]), abs=0.0061)
            assert int(rank) == table["score"].rank(ascending=False, method="min")[unit]
            best, worst = map(int, ranks.split("至"))
            assert best <= int(rank) <= worst
            assert int(n) == own["n"]
            assert grade.split(" ")[0] == grades["grade"][unit]
            if (indicator, audience) == ("total", "all"):
                known = grades.loc[unit, ["rank", "rank_low", "rank_high"]]
                assert [int(rank), best, worst] == known.tolist()
        places = page.eval_on_selector_all(
            ".chart .row",
            "rows => rows.map(r => [r.dataset.unit, +r.querySelector('circle').getAttribute('cx')])",
        )
        scores = [table["score"][unit] for unit, _ in places]
        at = [x for _, x in places]
        assert np.corrcoef(scores, at)[0, 1] == pytest.approx(1, abs=1e-4)
        assert page.get_attribute(".chart svg", "role") == "img"
        assert "长沙" in (page.get_attribute(".chart svg", "aria-label") or "")


def test_differences_are_judged_as_in_python(open_page, site, results):
    page = open_page(site, "#u=长沙&p=北京,天津,上海,重庆,拉萨,哈尔滨,郑州,深圳&i=process&a=all")
    table = column(results, "process", "all")
    z = ndtri(0.975)
    error = working_error(*(table[name].to_numpy() for name in ("score", "se", "low", "high")), z)
    error = pd.Series(error, table.index)
    cells = shown(page)
    peers = [unit for unit in cells if unit != "长沙"]
    assert len(peers) == 8
    gap = (table["score"][peers] - table["score"]["长沙"]).to_numpy()
    judged = judge(gap, np.hypot(error[peers], error["长沙"]).to_numpy(), 0.95, "holm")
    assert {*judged["verdict"]} > {"unclear"}, "the test needs differences of both kinds"
    for at, unit in enumerate(peers):
        difference, ends, verdict = cells[unit][5:8]
        assert verdict == SAID[judged["verdict"][at]]
        assert float(difference.replace("−", "-")) == pytest.approx(gap[at], abs=0.0061)
        low, high = (float(end.replace("−", "-")) for end in ends.split("至"))
        assert (low, high) == pytest.approx((judged["low"][at], judged["high"][at]), abs=0.0081)
    said = page.inner_text("#said")
    clear = [unit for unit in peers if cells[unit][7] == "明显高"]
    assert ("明显高于长沙" in said) == bool(clear) and all(unit in said for unit in peers)
    filled = page.locator(".chart .row circle.clear").count()
    assert filled == sum(verdict != "unclear" for verdict in judged["verdict"])


def test_default_peers_follow_the_stated_rule(open_page, site, results):
    units = results["units"].set_index("unit")
    rank = results["grades"].set_index("unit")["rank"].astype(int)
    page = open_page(site, "#u=长沙")
    alike = rank[units["level"][rank.index] == units["level"]["长沙"]].drop("长沙")
    nearest = (alike - rank["长沙"]).abs().sort_values(kind="stable")
    limit = nearest.iloc[4]
    peers = set(shown(page)) - {"长沙"}
    assert len(peers) == 5 and all(nearest[unit] <= limit for unit in peers)
    assert units["level"]["长沙"] in page.inner_text("#rule")
    page.select_option("#basis", "province")
    peers = set(shown(page)) - {"长沙"}
    assert all(units["province"][unit] == units["province"]["长沙"] for unit in peers)
    assert "g=province" in page.url


def test_peers_are_added_and_removed(open_page, site):
    page = open_page(site, "#u=长沙&p=武汉")
    assert sorted(shown(page)) == ["武汉", "长沙"]
    choose(page, "#add", "chengdu")
    assert set(shown(page)) == {"武汉", "长沙", "成都"}
    assert unquote(page.url).split("#")[1].startswith("u=长沙&p=武汉,成都&")
    page.click("[aria-label=移除武汉]")
    assert set(shown(page)) == {"长沙", "成都"}
    for text in ("北京", "上海", "天津", "重庆", "武汉", "深圳", "南京"):
        choose(page, "#add", text)
    assert len(shown(page)) == 9
    assert page.locator("#add-field").is_hidden()
    page.click(".reset button")
    assert len(shown(page)) == 6 and "p=" not in page.url


def test_a_link_brings_a_new_reader_to_the_same_view(open_page, site):
    page = open_page(site)
    choose(page, "#city", "长沙")
    choose(page, "#add", "成都")
    page.select_option("#indicator", "goal")
    page.check("input[value=citizen]", force=True)
    again = open_page(site, "#" + page.url.split("#")[1])
    assert shown(again) == shown(page)
    assert again.inner_text("#said") == page.inner_text("#said")
    assert again.input_value("#city") == "长沙"
    assert again.input_value("#indicator") == "goal"
    assert again.is_checked("input[value=citizen]")


def test_back_undoes_a_choice(open_page, site):
    page = open_page(site, "#u=长沙&i=goal&a=all")
    before = shown(page)
    page.select_option("#indicator", "value")
    assert shown(page) != before
    page.go_back()
    page.wait_for_function("document.getElementById('indicator').value === 'goal'")
    assert shown(page) == before


def test_a_link_to_what_is_not_there_is_told(open_page, site):
    page = open_page(site, "#u=长沙&p=亚特兰蒂斯,武汉,%E0%A4%A&i=nothing&a=nobody")
    assert "亚特兰蒂斯" in page.inner_text("#message")
    assert set(shown(page)) == {"长沙", "武汉"}
    assert page.input_value("#indicator") == "total"


def test_the_keyboard_alone_is_enough(open_page, site):
    page = open_page(site)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "city":
            break
    page.keyboard.type("zhou")
    box = page.locator("#city")
    assert box.get_attribute("aria-expanded") == "true"
    options = page.locator("#city-list [role=option]")
    second = options.nth(1).locator("span").first.inner_text()
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert box.input_value() == second
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.input_value("#indicator") != "total"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("input[value=citizen]")
    page.focus("#chips button")
    kept = len(shown(page))
    page.keyboard.press("Enter")
    assert len(shown(page)) == kept - 1
    assert page.evaluate("document.activeElement.closest('#chips') !== null")


def test_words_still_being_composed_are_not_taken(open_page, site):
    page = open_page(site)
    page.type("#city", "cs")
    page.evaluate(
        "document.getElementById('city').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert page.locator("#figures").count() == 0


def test_a_touch_chooses(open_page, site):
    page = open_page(site, width=390, has_touch=True)
    page.tap("#city")
    page.keyboard.type("cs")
    page.locator("#city-list [role=option]").first.tap()
    assert "长沙" in shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_table_is_sorted_by_any_column(open_page, site):
    page = open_page(site, "#u=长沙")
    page.click("[data-sort=rank]")
    ranks = [int(cells[3]) for cells in shown(page).values()]
    assert ranks == sorted(ranks)
    assert page.locator("[aria-sort=ascending]").inner_text().startswith("名次")
    assert page.evaluate("document.activeElement.dataset.sort") == "rank"
    page.keyboard.press("Enter")
    ranks = [int(cells[3]) for cells in shown(page).values()]
    assert ranks == sorted(ranks, reverse=True)


def test_the_csv_holds_what_is_shown(open_page, site, results):
    page = open_page(site, "#u=长沙&p=武汉,成都&i=goal&a=citizen")
    with page.expect_download() as download:
        page.click("#download")
    text = download.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    table = column(results, "goal", "citizen")
    assert {row["城市"] for row in rows} == {"长沙", "武汉", "成都"}
    for row in rows:
        assert float(row["得分"]) == pytest.approx(table["score"][row["城市"]], abs=0.00051)
        assert row["模拟数据"] == "true"
    assert download.value.suggested_filename.endswith(".csv")


def test_the_link_is_copied(browser, site):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site.as_uri() + "#u=长沙")
    page.click("#copy")
    page.wait_for_function("document.getElementById('copy').textContent === '链接已复制'")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    context.close()


def test_profiles_and_report_are_linked(open_page, site):
    page = open_page(site, "#u=长沙")
    assert unquote(page.get_attribute(".profile", "href")) == "../profiles/长沙.html"
    assert page.get_attribute(".brand", "href") == "../index.html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    results = records_results()
    names = {"北京": HOSTILE, "天津": FORMULA, "上海": "</script><img src=x onerror=alert(1)>"}
    tables = {
        name: table.replace({"unit": names}) if "unit" in table else table
        for name, table in results.tables.items()
    }
    title = {"zh": f"评估{HOSTILE}", "en": HOSTILE}
    folder = tmp_path_factory.mktemp("hostile")
    write_benchmark(replace(results, tables=tables, meta={**results.meta, "title": title}), folder)
    return folder


def test_hostile_names_stay_text(open_page, hostile):
    assert "<script>alert" not in (hostile / "data.js").read_text(encoding="utf-8")
    page = open_page(hostile / "index.html")
    page.on("dialog", lambda dialog: pytest.fail("a name was run"))
    page.type("#city", "<script>")
    assert page.locator("#city-list [role=option] span").first.inner_text() == HOSTILE
    page.keyboard.press("Enter")
    choose(page, "#add", "=HYPER")
    assert HOSTILE in page.inner_text("h2 >> nth=1") + page.inner_text("#said")
    assert page.locator("main script, main img").count() == 0
    assert unquote(page.url.split("#")[1]).startswith(f"u={HOSTILE}")
    with page.expect_download() as download:
        page.click("#download")
    cells = [
        cell
        for row in csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig")))
        for cell in row
    ]
    assert "'" + FORMULA in cells and FORMULA not in cells
    again = open_page(hostile / "index.html", "#" + page.url.split("#")[1])
    assert shown(again) == shown(page)


@pytest.mark.parametrize(
    ("lang", "fragment", "width"),
    [("zh", "", 1280), ("zh", "#u=长沙", 390), ("en", "#u=苏州&i=goal&a=citizen", 1280)],
)
def test_no_serious_fault_of_accessibility(
    open_page, results, tmp_path, serious, width, fragment, lang
):
    write_benchmark(results.told_in(lang), tmp_path)
    page = open_page(tmp_path / "index.html", fragment, width)
    assert serious(page) == []
    page.type("#city", "su")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_has_no_score_is_said(open_page, results, tmp_path):
    scores = results["scores"]
    gone = scores["indicator"].str.startswith("innovation") & (scores["audience"] != "all")
    gone |= (scores["unit"] == "长沙") & (scores["indicator"] == "trust")
    gone |= (scores["unit"] == "武汉") & (scores["indicator"] == "goal")
    fewer = replace(results, tables={**results.tables, "scores": scores[~gone]})
    write_benchmark(fewer, tmp_path)
    page = open_page(tmp_path / "index.html", "#u=长沙&p=武汉,成都&i=innovation&a=citizen")
    assert page.is_checked("input[value=all]") and page.is_disabled("input[value=citizen]")
    page.select_option("#indicator", "trust")
    assert "没有得分" in page.inner_text("#said")
    page.select_option("#indicator", "goal")
    assert "武汉没有得分或误差，无法比较" in page.inner_text("#said")
    assert shown(page)["武汉"][1] == "—" and list(shown(page))[-1] == "武汉"


def test_published_grades_alone_make_a_page(open_page, tmp_path, serious):
    write_benchmark(published_results(), tmp_path)
    page = open_page(tmp_path / "index.html", "#u=长沙", 390)
    grades = published_results()["grades"].set_index("unit")["grade"]
    held = page.eval_on_selector_all(
        ".gradeline tbody tr",
        "rows => rows.map(r => [r.dataset.unit, r.querySelector('.held').innerText])",
    )
    assert len(held) == 6 and all(grades[unit] == grade for unit, grade in held)
    assert page.locator(".chart").count() == 0
    assert "只公布了等级" in page.inner_text(".how")
    assert "模拟" not in page.inner_text("body")
    assert serious(page) == []


def test_english_tells_the_same(open_page, results, tmp_path, site):
    write_benchmark(results.told_in("en"), tmp_path)
    fragment = "#u=长沙&p=苏州,北京&i=goal&a=citizen"
    english, chinese = open_page(tmp_path / "index.html", fragment), open_page(site, fragment)
    figures = [
        {unit: cells[1] for unit, cells in shown(page).items()} for page in (english, chinese)
    ]
    assert figures[0] == figures[1]
    assert "Suzhou (Jiangsu)" in english.inner_text("#said")
    assert not re.search("[一-鿿]", english.inner_text("main"))
