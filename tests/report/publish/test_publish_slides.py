"""The slides: one file, one page a finding."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from report.language import Lang
from report.prose import headlines
from report.publish.config import ExecuteConfig
from report.publish.execute import Executed
from report.publish.lint import lint_book
from report.publish.meta import BookMeta
from report.publish.prose import bare_figures
from report.publish.slides import CLI_KEYS, SOURCES, find_slides, slides_of, write_slides
from report.publish.source import BookSource, Cell, Chapter, read_book, read_chapter
from survey.findings import InputError

HOME = Path(__file__).parents[3] / "report"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="450pt" height="700pt" viewBox="0 0 45 70">'
    b'<rect width="45" height="70" fill="#0072b2"/></svg>'
)
LONG = "二级指标中，企业的得分明显低于群众，差距最大的是反馈与投诉。" * 12
TEXT = (
    f"## 等级{{.a}}集中在**中段**\n\n一半城市为 B 等级。\n\n![](assets/a.svg){{fig-alt='各等级的\"城市\"数'}}\n\n"
    f"## 企业\\<script\\>的评价较低\n\n{LONG}\n\n![](assets/a.svg){{fig-alt='差距'}}\n\n"
    "## 没有图的一页\n\n| 等级 | 数 |\n|--|--|\n| A | 3 |\n"
)
META = BookMeta("评估", "年度<b>", "二〇二二年", "某研究院", "模拟数据：不得引用")
COUNT = 4


def executed(tmp_path: Path, text: str = TEXT, title: str = "主要发现") -> Executed:
    chapter = Chapter(tmp_path / "slides.qmd", "chapter", title, ExecuteConfig(), ())
    return Executed(chapter, text, {"assets/a.svg": SVG})


def write(tmp_path: Path, text: str = TEXT, meta: BookMeta = META, lang: Lang = "zh") -> str:
    source = executed(tmp_path, text)
    write_slides(source, meta, source.files, tmp_path / "slides.html", lang)
    return (tmp_path / "slides.html").read_text("utf-8")


def test_a_heading_of_level_two_starts_a_slide(tmp_path: Path) -> None:
    source = executed(tmp_path, f"开头的话。\n\n{TEXT}")
    cover, first, second, third = slides_of(source, source.files, "zh")
    assert "开头的话" in cover.said
    assert first.title == "等级{.a}集中在<strong>中段</strong>"
    assert "一半城市" in first.said and "<img" not in first.said
    assert first.shown.startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="各等级的&quot;城市&quot;数"' in first.shown
    assert "&lt;script&gt;" in second.title
    assert "<table" in third.said and third.shown == ""


def test_the_file_needs_nothing_else(tmp_path: Path) -> None:
    html = write(tmp_path)
    assert html.count('<section class="slide') == COUNT
    assert html.count(META.notice or "-") == COUNT
    assert "年度&lt;b&gt;" in html and "<script>的" not in html
    targets = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert {each.split(":")[0] for each in targets} <= {"#slide-1", "index.html", "data"}
    assert "url(" not in html and "@import" not in html
    assert html == write(tmp_path)


def test_real_data_carry_no_notice(tmp_path: Path) -> None:
    html = write(tmp_path, meta=BookMeta("评估"), lang="en")
    assert 'class="notice"' not in html
    assert '<html lang="en">' in html


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("## 甲\n\n见 @fig-a 。\n", "reference-on-slide"),
        ("## 甲\n\n![](assets/none.svg)\n", "no-such-image"),
        ("## 甲\n\n![](https://example.org/a.svg)\n", "no-such-image"),
    ],
)
def test_what_a_slide_cannot_show_is_one_clear_finding(
    tmp_path: Path, text: str, check: str
) -> None:
    with pytest.raises(InputError) as caught:
        write(tmp_path, text)
    (finding,) = caught.value.findings
    assert finding.check == check


def test_a_book_without_slides_has_none(write_book) -> None:
    assert find_slides(write_book(index="# 甲\n"), "zh") is None


def test_slides_are_found_from_either_book(tmp_path: Path) -> None:
    (tmp_path / "slides").mkdir()
    for name in SOURCES.values():
        (tmp_path / "slides" / name).write_text("---\ntitle: 题\nlang: en\n---\n\n## 甲\n")
    (tmp_path / "en").mkdir()
    for folder, lang in ((tmp_path, "zh"), (tmp_path / "en", "en")):
        found = find_slides(folder, lang)
        assert found is not None
        assert (found.path.name, found.title) == (SOURCES[lang], "题")


@pytest.fixture(params=["zh", "en"])
def source(request: pytest.FixtureRequest) -> Chapter:
    return read_chapter(HOME / "slides" / SOURCES[request.param], passed_over=CLI_KEYS)


def test_the_slides_tell_every_finding_with_its_figure(source: Chapter) -> None:
    code = "\n".join(cell.code for cell in source.cells)
    told = re.findall(r'headlines\.slide\(book, "(\w+)"\)', code)
    shown = re.findall(r'^picture\("(\w+)"\)', code, re.MULTILINE)
    assert tuple(told) == tuple(shown) == headlines.KEYS
    pictures = [
        cell for cell in source.cells if re.search(r"^(picture|figures)[(.]", cell.code, re.M)
    ]
    assert len(pictures) == len(headlines.KEYS) + 1
    assert all(isinstance(cell, Cell) and cell.options.get("fig-alt") for cell in pictures)


def test_the_slides_are_written_in_supported_syntax(source: Chapter, write_book) -> None:
    book = read_book(write_book(index="# 甲\n"))
    assert lint_book(BookSource(book.folder, book.config, (source,))) == []


def test_the_slides_hold_no_typed_figure(source: Chapter, tmp_path: Path) -> None:
    copy = tmp_path / "copy.qmd"
    copy.write_text(re.sub(r"(?m)^lang: .*$", "", source.path.read_text("utf-8")), "utf-8")
    assert bare_figures(copy) == []
    copy.write_text(copy.read_text("utf-8") + "\n一共 3 个\n", "utf-8")
    assert len(bare_figures(copy)) == 1


@pytest.fixture
def open_slides(browser: Browser, tmp_path: Path):
    write(tmp_path)
    opened: list[Page] = []
    outside: list[str] = []

    def open_(size: Mapping[str, int], mark: str = "") -> Page:
        page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
        page.on(
            "request",
            lambda r: outside.append(r.url) if r.url[:5] not in ("file:", "data:") else None,
        )
        page.on("pageerror", lambda error: outside.append(str(error)))
        page.goto((tmp_path / "slides.html").as_uri() + mark)
        opened.append(page)
        return page

    yield open_
    for page in opened:
        page.close()
    assert outside == []


ROOM = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}


def now(page: Page) -> str:
    assert page.locator(".slide:visible").count() == 1
    assert (
        page.locator("#where").inner_text()
        == f"{page.locator('.slide:visible').get_attribute('aria-label')}"
    )
    return str(page.locator(".slide:visible").get_attribute("id"))


def test_keys_and_buttons_turn_the_slides(open_slides) -> None:
    page = open_slides(ROOM)
    seen = [now(page)]
    for key in ("ArrowRight", "PageDown", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowUp", " "):
        page.keyboard.press(key)
        seen.append(now(page))
    at = (1, 2, 3, 2, COUNT, COUNT, 1, 1, 2)
    assert seen == [f"slide-{number}" for number in at]
    page.get_by_role("button", name="下一页").click()
    assert now(page) == "slide-3"
    assert page.url.endswith("#slide-2")
    assert now(open_slides(ROOM, "#slide-4")) == "slide-4"
    assert page.locator("#where").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_nothing_overflows_a_slide(open_slides, width: int) -> None:
    page = open_slides({"width": width, "height": width * 9 // 16})
    for _ in range(COUNT):
        inside = page.evaluate(
            """() => {
              const slide = document.querySelector(".slide.now"), said = slide.querySelector(".said");
              const boxes = [...slide.querySelectorAll("img, .foot"), document.querySelector("nav")];
              const fits = boxes.every((each) => {
                const box = each.getBoundingClientRect();
                return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
              });
              return fits && said.scrollHeight <= said.clientHeight + 1 && slide.scrollWidth <= slide.clientWidth;
            }"""
        )
        assert inside, now(page)
        page.keyboard.press("ArrowRight")


def test_a_phone_scrolls_through_all_slides(open_slides) -> None:
    page = open_slides(PHONE)
    assert page.locator(".slide:visible").count() == COUNT
    assert page.locator("nav:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.documentElement.scrollHeight") > 844


def test_paper_has_a_page_for_each_slide(open_slides, tmp_path: Path) -> None:
    import pypdf

    page = open_slides(ROOM, "#slide-3")
    data = page.pdf(prefer_css_page_size=True)
    (tmp_path / "slides.pdf").write_bytes(data)
    pages = pypdf.PdfReader(tmp_path / "slides.pdf").pages
    assert len(pages) == COUNT
    assert {tuple(map(round, each.mediabox[2:])) for each in pages} == {(960, 540)}
    assert all("模拟数据" in re.sub(r"\s", "", each.extract_text()) for each in pages)


@pytest.mark.parametrize("size", [ROOM, PHONE])
def test_no_serious_fault_of_accessibility(open_slides, size: Mapping[str, int]) -> None:
    page = open_slides(size, "#slide-2")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_a_swipe_turns_a_slide(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path)
    page = browser.new_page(viewport={"width": 1180, "height": 820}, has_touch=True)
    page.goto((tmp_path / "slides.html").as_uri())
    swipe = """([from, to]) => {
      const touch = (x) => new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 });
      document.body.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(from)], bubbles: true }));
      document.body.dispatchEvent(new TouchEvent("touchend", { changedTouches: [touch(to)], bubbles: true }));
    }"""
    page.evaluate(swipe, [600, 300])
    assert now(page) == "slide-2"
    page.evaluate(swipe, [300, 320])
    assert now(page) == "slide-2"
    page.evaluate(swipe, [300, 600])
    assert now(page) == "slide-1"
    page.close()
