"""The page on a city's own records, in headless Chromium."""

import numpy as np
import pytest

from report.benchmark.own_page import OwnPage, Row, own_page

HOSTILE = "<script>alert(1)</script>"


def page_of(official: float | None) -> str:
    rows = [
        Row(name, level, 7.5, 6.0, 9.0, official, clear=official == 3.0,
            field=np.linspace(2, 9, 20), said=f"{name} 7.50")
        for level, name in enumerate(["总分", f"目标{HOSTILE}", "信息获取"])
    ]  # fmt: skip
    notes = dict.fromkeys(("own", "field", "chart", "table", "star"), "说明")
    return own_page(
        OwnPage(
            lang="zh", title=HOSTILE, notice="模拟数据", sentences=["第一句。", HOSTILE, "末句。"],
            header=["指标", "得分", "判断"], cells=[[row.name, "7.50", "明显高"] for row in rows],
            rows=rows, best=10, notes={**notes, "official": "" if official is None else "官方"},
        )
    )  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("official", [None, 3.0])
def test_the_page_is_accessible_and_its_texts_are_texts(
    open_page, tmp_path, serious, width, official
):
    path = tmp_path / "own.html"
    path.write_text(page_of(official), encoding="utf-8")
    page = open_page(path, width=width)
    assert serious(page) == []
    assert page.inner_text("h1") == HOSTILE and page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".rows rect.official").count() == (0 if official is None else 3)
    box = page.locator(".rows svg[role=img]").first.bounding_box()
    dot = page.locator(".rows svg[role=img] circle").first.bounding_box()
    middle = dot["x"] + dot["width"] / 2 - box["x"]
    assert middle / box["width"] == pytest.approx(0.75, abs=0.01)
