"""The data-quality report in headless Chromium: accessible, and no wider than the screen."""

import shutil

import pytest

from hotline_index.edition import open_edition
from hotline_index.quality.examine import examine, write_edition_quality


@pytest.fixture(scope="module")
def folder(small_edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("quality") / "small"
    shutil.copytree(small_edition, folder)
    edition = open_edition(folder)
    write_edition_quality(edition, examine(edition))
    return folder / "quality"


@pytest.mark.parametrize("name", ["index.html", "index.en.html"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_accessible_and_fits_the_screen(open_page, folder, serious, name, width):
    page = open_page(folder / name, width=width)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("nav a")
    assert page.url.endswith({"index.html": "index.en.html"}.get(name, "index.html"))
