"""The Word report, read back with python-docx and as XML."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from publish.minibook import META
from publish.test_publish_crossref import number

from report.brand import brand
from report.publish.book import Published
from report.publish.docx import write_docx
from report.publish.floats import drop_equal_widths
from report.publish.meta import BookMeta
from report.publish.outputs import escape_markdown
from report.publish.pandoc import read_markdown
from report.publish.raster import as_png
from report.publish.reference import reference_docx
from report.publish.wordblocks import bookmark
from report.publish.wordstyle import W
from report.publish.wordtables import plan_table
from survey.findings import InputError

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{}pt" height="{}pt" viewBox="0 0 4 2">'
    '<rect width="4" height="2" fill="#123456"/></svg>'
)
HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 &amp; {{x}} \\w:p"
EMU_PER_CM = 360000
# The order of children that ECMA-376, part 1, asks for, as far as they are used.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind"
    " contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs strike color spacing sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "sectPr": "headerReference footerReference footnotePr type pgSz pgMar titlePg",
}


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def write(tmp_path: Path, *texts: str, meta: BookMeta = META, **images: bytes) -> Any:
    path = tmp_path / "book.docx"
    files = {f"assets/{name}.svg": data for name, data in images.items()}
    write_docx(number(tmp_path, *texts), meta, "zh", files, path)
    return docx.Document(str(path))


def styled(document: Any, style: str) -> list[str]:
    return [each.text for each in document.paragraphs if each.style.name == style]


@pytest.fixture(scope="session")
def book(published: Published) -> Any:
    return docx.Document(str(published.docx))


@pytest.fixture(scope="session")
def parts(published: Published) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(published.docx) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


@pytest.fixture(scope="session")
def everything(parts: dict[str, ElementTree.Element]) -> list[ElementTree.Element]:
    return [element for part in parts.values() for element in part.iter()]


def test_headings_captions_and_callouts_are_styles(book: Any) -> None:
    assert styled(book, "Title") == [META.title]
    assert styled(book, "Subtitle") == [META.subtitle]
    assert styled(book, "Heading 1") == [
        "前言",
        "第一章　评估方法",
        "第二章　评估结果",
        "附录A　各市结果",
    ]
    assert styled(book, "Heading 3")[0] == "（一）一级指标"
    assert styled(book, "Heading 4") == ["1.　计分"]
    assert styled(book, "Image Caption") == ["图\xa02-1　等级分布的走势", "图\xa02-2　两幅并列的图"]
    assert styled(book, "Table Caption")[-1] == "表\xa0A-1　各市等级与得分"
    assert styled(book, "Callout Note Title") == ["区间的含义"]
    assert styled(book, "Callout Important") == ["本书数据为演示数据，不得引用。"]
    assert "Body Text" in {each.style.name for each in book.paragraphs}


def test_every_style_that_is_used_is_defined(
    parts: dict[str, ElementTree.Element], everything: list[ElementTree.Element]
) -> None:
    defined = {each.get(f"{W}styleId") for each in parts["word/styles.xml"].iter(f"{W}style")}
    used = {
        each.get(f"{W}val")
        for each in everything
        if local(each.tag) in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
    }
    assert used - defined <= {"TableNormal"}


def test_tables_are_native_with_a_header_on_every_page(book: Any) -> None:
    *_, full = book.tables
    assert [len(table.rows) for table in book.tables] == [4, 4, 2, 336]
    for table in book.tables:
        assert table.style.name == "Table"
        first, second = (row._tr.find(f"{W}trPr") for row in table.rows[:2])
        assert first.find(f"{W}tblHeader") is not None
        assert second.find(f"{W}tblHeader") is None
        assert table.rows[0].cells[0].paragraphs[0].style.name.startswith("Table Heading")
    assert full.rows[1].cells[0].paragraphs[0].style.name == "Table Text Small"
    assert {full.rows[n].cells[0].text for n in (1, 335)} == {"1", "335"}
    widths = [cell.width.cm for cell in full.rows[5].cells]
    assert sum(widths) == pytest.approx(16.0, abs=0.05)
    assert min(widths) > 1


def test_the_columns_of_one_row_are_the_grid(parts: dict[str, ElementTree.Element]) -> None:
    for table in parts["word/document.xml"].iter(f"{W}tbl"):
        grid = [int(each.get(f"{W}w", "")) for each in table.iter(f"{W}gridCol")]
        for row in table.iter(f"{W}tr"):
            assert sum(int(each.get(f"{W}w", "")) for each in row.iter(f"{W}tcW")) == sum(grid)


def test_pictures_are_png_with_words_in_their_size(published: Published, book: Any) -> None:
    shapes = book.inline_shapes
    assert len(shapes) == 3
    alts = [shape._inline.docPr.get("descr") for shape in shapes]
    assert alts == ["三个等级的城市数，依次上升", "两幅并列的图", "两幅并列的图"]
    with zipfile.ZipFile(published.docx) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert {Path(name).suffix for name in media} == {".png"}
        assert all(archive.read(name).startswith(b"\x89PNG") for name in media)
    assert max(shape.width for shape in shapes) <= 16.01 * EMU_PER_CM


def test_every_link_inside_leads_to_a_bookmark(
    parts: dict[str, ElementTree.Element], everything: list[ElementTree.Element]
) -> None:
    names = [each.get(f"{W}name", "") for each in everything if each.tag == f"{W}bookmarkStart"]
    anchors = {each.get(f"{W}anchor") for each in everything if each.tag == f"{W}hyperlink"}
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    assert anchors - {None} <= set(names)
    assert {"fig_trend", "tbl_grades", "sec_methods", "chapter_findings"} <= anchors


def test_contents_and_lists_are_fields_that_are_there_before_word_updates_them(
    book: Any, parts: dict[str, ElementTree.Element]
) -> None:
    fields = [each.text or "" for each in parts["word/document.xml"].iter(f"{W}instrText")]
    assert sum('TOC \\o "1-3"' in each for each in fields) == 1
    assert sum('"Image Caption,1"' in each for each in fields) == 1
    assert sum('"Table Caption,1"' in each for each in fields) == 1
    assert "第一章　评估方法" in [text.strip() for text in styled(book, "toc 1")]
    assert len(styled(book, "table of figures")) == 5
    marks = [each.get(f"{W}fldCharType") for each in parts["word/document.xml"].iter(f"{W}fldChar")]
    assert marks.count("begin") == marks.count("separate") == marks.count("end") == len(fields)


def test_the_notice_and_the_page_number_stand_on_every_page(book: Any) -> None:
    first, *others = book.sections
    assert first.header.paragraphs[0].text == f"{META.notice}\n{META.title}"
    assert META.notice in first.first_page_header.paragraphs[0].text
    assert "PAGE" in first.footer._element.xml
    assert all(each.header.is_linked_to_previous for each in others)
    assert styled(book, "Notice") == [META.notice]


def test_footnotes_and_formulas_are_those_of_word(parts: dict[str, ElementTree.Element]) -> None:
    notes = "".join(each.text or "" for each in parts["word/footnotes.xml"].iter(f"{W}t"))
    assert "脚注：见《指导意见》原文。" in notes
    assert any(local(each.tag) == "oMath" for each in parts["word/document.xml"].iter())


def test_text_for_other_formats_is_not_there(book: Any) -> None:
    text = "\n".join(each.text for each in book.paragraphs)
    assert "纸面内容" in text
    for hidden in (
        "仅网页可见",
        "网页内容",
        "版式",
        "**",
        ":::",
        "{#",
        "@fig",
        "`{python}",
        "pagebreak",
    ):
        assert hidden not in text


def children(everything: list[ElementTree.Element]) -> Iterator[tuple[str, list[str]]]:
    for each in everything:
        if each.tag.startswith(W) and local(each.tag) in ORDERS:
            yield local(each.tag), [local(child.tag) for child in each]


def test_properties_stand_in_the_order_of_the_schema(everything: list[ElementTree.Element]) -> None:
    seen = set()
    for name, found in children(everything):
        order = ORDERS[name].split()
        assert set(found) <= set(order), (name, found)
        assert found == sorted(found, key=order.index), (name, found)
        seen.add(name)
    assert seen == set(ORDERS)


def test_chinese_fonts_are_named_with_what_stands_in_for_them(
    parts: dict[str, ElementTree.Element],
) -> None:
    styles = {
        each.find(f"{W}name").get(f"{W}val"): each.find(f"{W}rPr/{W}rFonts")  # type: ignore[union-attr]
        for each in parts["word/styles.xml"].iter(f"{W}style")
    }
    for style, family in (("Normal", brand().serif), ("heading 1", brand().sans)):
        assert styles[style] is not None
        assert styles[style].get(f"{W}eastAsia") == family
    stands_in = {
        font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val")  # type: ignore[union-attr]
        for font in parts["word/fontTable.xml"].iter(f"{W}font")
        if font.find(f"{W}altName") is not None
    }
    assert stands_in == {brand().serif: "宋体", brand().sans: "黑体"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    cell = escape_markdown(HOSTILE)
    text = f"# 甲\n\n## {cell}\n\n| 城市 |\n|---|\n| {cell} |\n\n: {cell} {{#tbl-a}}\n"
    meta = BookMeta(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    document = write(tmp_path, text, meta=meta)
    assert styled(document, "Heading 2") == [f"一、{HOSTILE}"]
    assert document.tables[0].rows[1].cells[0].text == HOSTILE
    assert styled(document, "Table Caption") == [f"表\xa01-1　{HOSTILE}"]
    assert styled(document, "Title") == [HOSTILE]
    assert document.sections[0].header.paragraphs[0].text == f"{HOSTILE}\n{HOSTILE}"
    with zipfile.ZipFile(tmp_path / "book.docx") as archive:
        assert not any(b"<script" in archive.read(name) for name in archive.namelist())


def test_a_table_that_needs_it_lies_on_its_side(tmp_path: Path) -> None:
    head = "| " + " | ".join(f"Characteristic{n}" for n in range(12)) + " |\n"
    table = head + "|---" * 12 + "|\n" + "| x " * 12 + "|\n\n: 宽表 {#tbl-wide}\n"
    document = write(tmp_path, f"# 甲\n\n正文。\n\n{table}\n\n后文。\n")
    assert [round(each.page_width.cm, 1) for each in document.sections] == [21.0, 29.7, 21.0]
    first, second, last = document.sections
    assert first.header.paragraphs[0].text.endswith(META.title)
    assert first.different_first_page_header_footer
    assert second.header.is_linked_to_previous and last.header.is_linked_to_previous
    assert not last.different_first_page_header_footer
    assert sum(c.width.cm for c in document.tables[0].rows[0].cells) == pytest.approx(24.7, abs=0.1)


def test_narrow_tables_of_many_columns_stay_upright_in_small_letters() -> None:
    (table,) = read_markdown("|" + "得分|" * 9 + "\n" + "|--" * 9 + "|\n" + "| 1 " * 9 + "|\n")
    plan = plan_table(table)
    assert (plan.small, plan.landscape, plan.whole) == (True, False, True)
    few = read_markdown("| 甲 | 说明 |\n|--|--|\n| 1 | " + "很长的说明" * 30 + " |\n")
    plan = plan_table(drop_equal_widths(few)[0])
    assert (plan.small, plan.landscape) == (False, False)
    assert plan.widths[1] > 10 * plan.widths[0] > 0
    assert sum(plan.widths) == pytest.approx(16.0)


def test_high_pictures_leave_room_for_their_caption(tmp_path: Path) -> None:
    text = "# 甲\n\n::: {#fig-a}\n![](assets/a.svg){fig-alt='高'}\n\n题\n:::\n"
    document = write(tmp_path, text, a=SVG.format(100, 1000).encode())
    (shape,) = document.inline_shapes
    assert shape.height == pytest.approx(22 * EMU_PER_CM, rel=0.01)
    assert shape.width == pytest.approx(shape.height / 10, rel=0.05)
    assert [each.style.name for each in document.paragraphs[-2:]] == [
        "Captioned Figure",
        "Image Caption",
    ]


def test_lists_in_callouts_keep_the_style_and_the_numbers(tmp_path: Path) -> None:
    text = (
        "# 甲\n\n::: {.callout-tip title='提示语'}\n一段\n\n1. 甲项\n2. 乙项\n:::\n\n- 丙\n\n- 丁\n"
    )
    document = write(tmp_path, text)
    inside = [each for each in document.paragraphs if each.style.name == "Callout Tip"]
    assert [each.text for each in inside] == ["一段", "甲项", "乙项"]
    assert [each._p.pPr.numPr is not None for each in inside] == [False, True, True]
    assert [each.style.name for each in document.paragraphs if each.text in "丙丁"][-2:] == [
        "Compact"
    ] * 2


def test_links_to_chapters_lead_to_their_titles(tmp_path: Path) -> None:
    write(tmp_path, "# 甲\n\n见[后文](c1.qmd)与[外](https://example.org/)。\n", "# 乙 {#sec-b}\n")
    with zipfile.ZipFile(tmp_path / "book.docx") as archive:
        xml = archive.read("word/document.xml").decode()
        assert 'w:anchor="sec_b"' in xml
        assert "https://example.org/" in archive.read("word/_rels/document.xml.rels").decode()


@pytest.mark.parametrize(
    ("label", "name"),
    [("fig-a", "fig_a"), ("tbl-a.b:c", "tbl_a_b_c"), ("x" * 40, "x" * 40)],
)
def test_bookmarks_are_what_word_allows(label: str, name: str) -> None:
    assert bookmark(label) == name


def test_long_and_chinese_labels_have_bookmarks_of_their_own() -> None:
    names = {bookmark(label) for label in ("图-一", "图-二", "a" * 41, "a" * 42)}
    assert len(names) == 4
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name, re.ASCII) for name in names)


def test_same_book_same_bytes(tmp_path: Path) -> None:
    text = "# 甲\n\n::: {#fig-a}\n![](assets/a.svg)\n\n题\n:::\n\n[^1]文\n\n[^1]: 注\n"
    both = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, text, a=SVG.format(40, 20).encode())
        both.append((tmp_path / folder / "book.docx").read_bytes())
    assert both[0] == both[1]


def test_the_reference_document_follows_the_theme_and_the_language() -> None:
    zh, en = (reference_docx(lang, "题", "注意") for lang in ("zh", "en"))
    assert zh == reference_docx("zh", "题", "注意")
    body = {name: docx.Document(io.BytesIO(data)).styles for name, data in (("zh", zh), ("en", en))}
    color = body["zh"]["Heading 1"].font.color.rgb
    assert f"#{color}".lower() == brand()["deep"].lower()
    indents = [body[lang]["Body Text"].element.find(f"{W}pPr/{W}ind") for lang in ("zh", "en")]
    assert [each.get(f"{W}firstLineChars") for each in indents] == ["200", "0"]


def test_an_image_that_is_none_is_one_clear_finding() -> None:
    with pytest.raises(InputError) as caught:
        as_png({"assets/a.svg": b"<svg"})
    (finding,) = caught.value.findings
    assert (finding.check, finding.file) == ("image", "assets/a.svg")


def test_every_image_is_drawn_by_itself() -> None:
    import struct

    drawn = as_png({"a": SVG.format(72, 36).encode(), "b": SVG.format(36, 72).encode()}, dpi=100)
    assert [struct.unpack(">II", drawn[name][16:24]) for name in "ab"] == [(100, 50), (50, 100)]
    assert as_png({}) == {}
