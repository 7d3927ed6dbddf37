"""Every page of a publication as a reader opens it: from a disk, on a phone, by keyboard."""

from pathlib import Path

import pytest

PHONE = 390
ONE_OF_MANY = ("profiles", "provinces")
"""Parts with a page for each city or province, of which one and the list are looked at."""


@pytest.fixture(scope="module")
def site(browser, publication) -> Path:
    return publication / "publication"


def pages(site: Path) -> list[Path]:
    found = sorted(site.glob("*.html"))
    for part in ONE_OF_MANY:
        index, *others = sorted(
            (site / part).glob("*.html"), key=lambda page: page.name != "index.html"
        )
        found += [index, others[0]]
    return [*found, site / "benchmark/index.html", site / "release/index.html"]


def told(site: Path, page: Path) -> str:
    return str(page.relative_to(site))


def test_the_publication_has_all_its_pages(site):
    names = {told(site, page) for page in pages(site)}
    assert {"index.html", "appendix-table.html", "slides.html", "profiles/index.html"} <= names
    assert len(names) > 20


def test_no_page_asks_elsewhere_has_a_serious_fault_or_scrolls_sideways(site, open_page, serious):
    faults, wide = {}, {}
    for path in pages(site):
        page = open_page(path, width=PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE:
            wide[told(site, path)] = width
        if found := serious(page):
            faults[told(site, path)] = found
        page.close()
    assert not wide
    assert not faults


@pytest.mark.parametrize("name", ["index.html", "appendix-table.html", "slides.html"])
def test_a_wide_window_has_no_serious_fault_either(site, open_page, serious, name):
    page = open_page(site / name)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_search_opens_and_leads_on_by_keyboard(site, open_page):
    page = open_page(site / "index.html")
    page.keyboard.press("/")
    page.keyboard.type("长沙")
    page.wait_for_selector("#search-list [role=option]")
    assert page.inner_text(".search-count")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#search-list [aria-selected=true]").get_attribute("data-href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{chosen}")


def test_a_long_table_is_sorted_by_keyboard_and_says_so(site, open_page):
    page = open_page(site / "appendix-dictionary.html")
    box = page.locator(".table-box.sortable").first
    head, button = box.locator("thead th").first, box.locator(".sort").first
    name, said = button.inner_text().strip(), page.locator(".table-help").first
    first = box.locator("tbody td:first-child")
    before = first.all_inner_texts()
    for key, order, word in (("Enter", "ascending", "升序"), ("Space", "descending", "降序")):
        button.focus()
        page.keyboard.press(key)
        assert head.get_attribute("aria-sort") == order
        assert said.get_attribute("role") == "status"
        assert name in said.inner_text() and word in said.inner_text()
        assert first.all_inner_texts() == sorted(before, reverse=order == "descending")
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert first.all_inner_texts() == before
