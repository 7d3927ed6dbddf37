"""The site as a reader uses it, in a browser, from a disk and without a server."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from publish.sample import GRADES

from report.publish.book import Published

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PHONE, DESKTOP = (390, 844), (1280, 900)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")


@pytest.fixture
def open_page(browser: Browser):
    opened: list[Page] = []
    outside: list[str] = []
    failed: list[str] = []

    def open_(published: Published, name: str, size: tuple[int, int] = DESKTOP) -> Page:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.on("request", lambda r: outside.append(r.url) if r.url[:5] != "file:" else None)
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto((published.folder / name).as_uri())
        opened.append(page)
        return page

    yield open_
    for page in opened:
        page.close()
    assert outside == []
    assert failed == []


def options(page: Page) -> list[str]:
    page.wait_for_selector("[role=option]")
    return page.locator("[role=option]").all_inner_texts()


def column(page: Page, number: int) -> list[str]:
    cells = page.locator(f"#tbl-cities tbody tr:visible td:nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def sort_by(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_city_is_found_and_its_row_shown(open_page, sample: Published) -> None:
    page = open_page(sample, "index.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-box"
    page.keyboard.type("长沙")
    found = options(page)
    assert found[0].startswith("附录A 全部城市")
    assert "长沙" in found[0]
    box = page.locator("#search-box")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cities.html#tbl-cities-r3")
    assert page.locator("tr:target").inner_text().startswith("长沙")
    assert page.locator("tr:target").is_visible()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("研究发现", "研究发现"),
        ("问卷为依据", "问卷为依据"),
        ("各项 得分", "各项的得分"),
        ("区间", "区间"),
    ],
)
def test_chinese_is_found_anywhere(open_page, sample: Published, query: str, first: str) -> None:
    page = open_page(sample, "index.html")
    page.fill("#search-box", query)
    assert first in options(page)[0]


def test_english_is_found_by_the_beginning_of_a_word(open_page, english: Published) -> None:
    page = open_page(english, "findings.html")
    page.fill("#search-box", "QUESTION")
    assert "questionnaires" in options(page)[0]
    page.fill("#search-box", "estion")
    page.wait_for_function("!document.querySelector('[role=option]')")
    assert "Nothing found" in page.locator(".search-count").inner_text()


def test_escape_closes_the_results_and_then_empties_the_box(open_page, sample: Published) -> None:
    page = open_page(sample, "index.html")
    page.fill("#search-box", "评估")
    options(page)
    page.keyboard.press("Escape")
    assert page.locator(".search-panel").is_hidden()
    assert page.input_value("#search-box") == "评估"
    page.keyboard.press("Escape")
    assert page.input_value("#search-box") == ""


def test_markup_in_what_is_searched_stays_text(open_page, sample: Published) -> None:
    page = open_page(sample, "index.html")
    page.fill("#search-box", "<img src=x onerror=alert(1)>")
    page.wait_for_function("document.querySelector('.search-count').textContent")
    assert page.locator(".search-panel img").count() == 0


def test_cities_sort_by_pinyin(open_page, sample: Published) -> None:
    page = open_page(sample, "cities.html")
    sort_by(page, "城市")
    names = [name.rstrip("0123456789") for name in column(page, 1)]
    order = ["安阳", "鞍山", "北京", "亳州", "长沙", "杭州", "漯河", "苏州", "郑州", "重庆"]
    assert list(dict.fromkeys(names)) == sorted(set(names), key=names.index)
    for before, after in [("安阳", "北京"), ("北京", "杭州"), ("杭州", "漯河"), ("苏州", "郑州")]:
        assert names.index(before) < names.index(after)
    assert set(names) == set(order)


def test_grades_figures_and_intervals_sort_by_what_they_mean(open_page, sample: Published) -> None:
    page = open_page(sample, "cities.html")
    before = column(page, 1)
    sort_by(page, "等级")
    assert list(dict.fromkeys(column(page, 2))) == list(GRADES)
    head = page.locator("#tbl-cities th").nth(1)
    assert head.get_attribute("aria-sort") == "ascending"
    sort_by(page, "等级")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, 2)[0] == "E"
    sort_by(page, "等级")
    assert head.get_attribute("aria-sort") is None
    assert column(page, 1) == before
    sort_by(page, "得分")
    scores = [float(text) for text in column(page, 3)]
    assert scores == sorted(scores)
    sort_by(page, "名次区间")
    lows = [int(text.split("–")[0]) for text in column(page, 4)]
    assert lows == sorted(lows)


def test_what_is_missing_sorts_last_both_ways(open_page, sample: Published) -> None:
    page = open_page(sample, "cities.html")
    for _ in range(2):
        sort_by(page, "备注")
        notes = column(page, 5)
        assert notes.index("—") == 30
        assert set(notes[30:]) == {"—"}


def test_a_table_is_filtered_with_a_live_count(open_page, sample: Published) -> None:
    page = open_page(sample, "cities.html")
    field = page.get_by_role("searchbox")
    field.fill("苏州 E")
    names = column(page, 1)
    assert names
    assert all(name.startswith("苏州") for name in names)
    assert f"显示 {len(names)} 行，共 60 行" in page.locator(".table-tools").inner_text()
    field.press("Escape")
    assert len(column(page, 1)) == 60
    assert "共 60 行" in page.locator(".table-tools").inner_text()


def test_a_table_is_sorted_from_the_keyboard(open_page, sample: Published) -> None:
    page = open_page(sample, "cities.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "城市"
    page.keyboard.press("Enter")
    assert page.locator("#tbl-cities th").first.get_attribute("aria-sort") == "ascending"


def test_the_menu_of_a_phone(open_page, sample: Published) -> None:
    page = open_page(sample, "findings.html", PHONE)
    menu = page.get_by_role("button", name="目录", exact=True)
    side = page.locator("#side")
    assert side.is_hidden()
    menu.click()
    assert side.is_visible()
    assert menu.get_attribute("aria-expanded") == "true"
    box = side.bounding_box()
    assert box is not None
    assert round(box["y"] + box["height"]) == PHONE[1]
    page.keyboard.press("Escape")
    assert side.is_hidden()
    assert page.evaluate("document.activeElement.className") == "menu"
    menu.click()
    side.get_by_role("link", name="全部城市").click()
    page.wait_for_url("**/cities.html")


def test_the_search_of_a_phone(open_page, sample: Published) -> None:
    page = open_page(sample, "index.html", PHONE)
    assert page.locator("#search-box").is_hidden()
    page.get_by_role("button", name="搜索", exact=True).click()
    page.keyboard.type("郑州")
    assert "郑州" in options(page)[0]
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/cities.html#tbl-cities-r10")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["index.html", "findings.html", "cities.html"])
def test_no_page_is_wider_than_the_window(
    open_page, sample: Published, name: str, size: tuple[int, int]
) -> None:
    page = open_page(sample, name, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_wide_figure_scrolls_on_a_phone_and_opens_in_full(open_page, sample: Published) -> None:
    page = open_page(sample, "findings.html", PHONE)
    image = page.locator("#fig-f0 img")
    assert image.evaluate("image => image.getBoundingClientRect().width") == 480
    assert image.evaluate("image => image.closest('.figure-box').scrollWidth") >= 480
    page.locator("#fig-f0 .figure-open").click()
    page.wait_for_url("**/assets/fig-f0.svg")


@pytest.mark.parametrize("name", ["index.html", "findings.html", "cities.html"])
@pytest.mark.parametrize(("book", "size"), [("sample", PHONE), ("english", DESKTOP)])
def test_no_serious_fault_of_accessibility(
    open_page, request: pytest.FixtureRequest, book: str, name: str, size: tuple[int, int]
) -> None:
    page = open_page(request.getfixturevalue(book), name, size)
    if size == PHONE:
        page.locator(".find").click()
    page.fill("#search-box", "B")
    options(page)
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["target"]) for each in serious] == []


def test_without_scripts_everything_is_there_to_read(browser: Browser, sample: Published) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((sample.folder / "cities.html").as_uri())
    assert page.locator("#tbl-cities tbody tr").count() == 60
    assert page.locator("#side").is_visible()
    assert page.locator("#search").is_hidden()
    context.close()


def test_print_leaves_out_what_is_for_the_screen(
    open_page, sample: Published, tmp_path: Path
) -> None:
    page = open_page(sample, "cities.html")
    page.emulate_media(media="print")
    for hidden in (".top", ".side", ".table-tools"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator(".notice").is_visible()
    import pypdf

    path = tmp_path / "page.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    for sheet in pypdf.PdfReader(path).pages:
        assert "模拟数据" in sheet.extract_text()
