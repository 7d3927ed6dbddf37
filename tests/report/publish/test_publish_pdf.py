import re
from typing import Any

import pypdf
import pytest

from report.brand import Brand, brand
from report.publish.book import Published
from report.publish.pdf import check_fonts
from survey.findings import InputError

A4_TEXT_TOP, A4_TEXT_BOTTOM = 842 - 91, 74


@pytest.fixture(scope="session", params=["sample", "english"])
def book(request: pytest.FixtureRequest) -> pypdf.PdfReader:
    published: Published = request.getfixturevalue(request.param)
    return pypdf.PdfReader(published.pdf)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def headings(reader: pypdf.PdfReader) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []

    def visit(items: list) -> None:
        for item in items:
            if isinstance(item, list):
                visit(item)
            else:
                number = reader.get_destination_page_number(item)
                assert number is not None
                found.append((number, squeezed(item.title)))

    visit(reader.outline)
    return found


def lines(page: pypdf.PageObject) -> list[str]:
    """Lines of the body of a page, without running head and page number."""
    placed: dict[int, str] = {}
    for height, text in placed_texts(page):
        placed[round(height)] = placed.get(round(height), "") + text
    return [squeezed(text) for _, text in sorted(placed.items(), reverse=True) if text.strip()]


def placed_texts(page: pypdf.PageObject) -> list[tuple[float, str]]:
    """Pieces of text of the body of a page and how high they stand, in points."""
    found: list[tuple[float, str]] = []

    def visit(text: str, outer: list[float], own: list[float], *_: object) -> None:
        height = own[4] * outer[1] + own[5] * outer[3] + outer[5]
        if text.strip() and A4_TEXT_BOTTOM < height < A4_TEXT_TOP:
            found.append((height, text))

    page.extract_text(visitor_text=visit)
    return found


def test_no_heading_is_the_last_line_of_its_page(book: pypdf.PdfReader) -> None:
    titles = headings(book)
    assert len(titles) > 10
    for number, title in titles:
        body = lines(book.pages[number])
        at = [n for n, line in enumerate(body) if title in line or line in title]
        assert at, title
        assert at[-1] < len(body) - 1 or title not in body[-1], (number + 1, title)


def test_every_heading_has_a_bookmark_and_sections_lie_below_chapters(
    book: pypdf.PdfReader,
) -> None:
    top = [item for item in book.outline if not isinstance(item, list)]
    assert len(top) == 3
    below = [item for item in book.outline if isinstance(item, list)]
    assert sum(not isinstance(item, list) for item in below[0]) == 9


def test_the_pdf_is_tagged_and_says_its_language(book: pypdf.PdfReader) -> None:
    root: Any = book.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] in ("zh-CN", "en")
    assert "/StructTreeRoot" in root
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", xmp)
    assert book.metadata is not None
    assert book.metadata.title in ("热线评估", "Hotlines assessed")


def test_figures_stand_in_their_order_and_none_on_an_earlier_page(book: pypdf.PdfReader) -> None:
    pages = [squeezed(page.extract_text()) for page in book.pages]
    body = next(n for n, text in headings(book) if "研究发现" in text or "Findings" in text)
    captions = [
        [n for n, text in enumerate(pages) if n >= body and f"{word}1{mark}{number}" in text]
        for number in range(1, 10)
        for word, mark in ([("图", "-")] if "热线评估" in pages[1] else [("Figure", ".")])
    ]
    shown = [each[-1] for each in captions]
    assert shown == sorted(shown)


def test_pages_before_tall_figures_are_filled(sample: Published) -> None:
    """Without moving figures, several of these pages end half empty."""
    reader = pypdf.PdfReader(sample.pdf)
    starts = {number for number, _ in headings(reader)}
    first = min(number for number, title in headings(reader) if "研究发现" in title)
    last = max(number for number, title in headings(reader) if "全部城市" in title) - 1
    assert starts
    lows = [min(at for at, _ in placed_texts(reader.pages[n])) for n in range(first, last)]
    blank = [(low - A4_TEXT_BOTTOM) / (A4_TEXT_TOP - A4_TEXT_BOTTOM) for low in lows]
    assert max(blank) < 0.25
    assert sum(blank) / len(blank) < 0.1


def test_english_is_set_as_english(english: Published) -> None:
    reader = pypdf.PdfReader(english.pdf)
    text = "\n".join(page.extract_text() for page in reader.pages)
    for part in (
        "Contents",
        "Figures",
        "Tables",
        "Chapter 1",
        "Appendix A",
        "Figure 1.1:",
        "1.2.1",
    ):
        assert squeezed(part) in squeezed(text), part
    assert not re.search("[图表章节目录]", text)
    assert "Table A.1" in re.sub(r"\s+", " ", text)


def test_apostrophes_of_english_are_narrow(english: Published) -> None:
    """The Chinese fonts hold them as wide as a character; the feature pwid gives narrow ones."""
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(english.pdf).pages)
    assert "hotline’s" in text
    assert glyph_widths(english, "’") == {True}


def glyph_widths(published: Published, sign: str) -> set[bool]:
    """Return whether a sign is narrower than half a character in each font that has it."""
    narrow = set()
    for page in pypdf.PdfReader(published.pdf).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            names = font.get_object()["/ToUnicode"].get_object().get_data().decode()
            for glyph in re.findall(rf"<(\w+)> <{ord(sign):04X}>", names, re.IGNORECASE):
                below = font.get_object()["/DescendantFonts"].get_object()[0].get_object()
                narrow.add(_width(below, int(glyph, 16)) < 500)
    return narrow


def _width(font: Any, glyph: int) -> float:
    runs = [each.get_object() for each in font["/W"].get_object()]
    at = 0
    while at < len(runs):
        if isinstance(runs[at + 1], list):
            first, widths, at = runs[at], runs[at + 1], at + 2
            if first <= glyph < first + len(widths):
                return float(widths[glyph - first])
        else:
            first, last, width, at = *runs[at : at + 3], at + 3
            if first <= glyph <= last:
                return float(width)
    return float(font.get("/DW", 1000))


def test_a_family_that_is_not_installed_is_refused() -> None:
    look = brand()
    other = Brand(look.name, look.colors, "Comic Sans", look.sans, None)
    with pytest.raises(InputError, match="Comic Sans"):
        check_fonts(other)


def test_the_list_of_figures_names_the_pages_where_they_are_shown(english: Published) -> None:
    """Typst's own list names the page where a moved figure is written."""
    pages = [page.extract_text() for page in pypdf.PdfReader(english.pdf).pages]
    listed = re.compile(r"^(Figure\s\d+\.\d+): .*?[ .]{3,}\s*(\d+)$", re.MULTILINE)
    found = [entry for text in pages for entry in listed.findall(text)]
    assert len(found) >= 9
    for figure, number in found:
        (shown,) = [
            text
            for text in pages
            if re.search(rf"^{figure}: ", text, re.MULTILINE) and not listed.search(text)
        ]
        assert f"— {number} —" in shown, figure
