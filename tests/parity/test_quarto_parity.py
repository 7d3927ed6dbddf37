"""The embedded publisher against the Quarto CLI: the same text, tables and figures.

Run where Quarto is on the PATH: ``quarto render <book> --to html`` as `publish_with_quarto` calls it.
Numbers of floats and references are left out, since Quarto writes them in its own way, and so are
punctuation and spaces around them.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pytest
from publish.sample import write_sample

from report.language import Lang
from report.publish.book import BookMeta, publish_book
from report.publish.quarto_cli import publish_with_quarto, quarto_path

LANGS: tuple[Lang, ...] = ("zh", "en")
DROPPED = (
    ".//script|.//style|.//nav|.//*[local-name()='math']|.//span[contains(@class,'math')]"
    "|.//header|.//*[contains(@class,'callout-header')]|.//p[contains(@class,'callout-title')]"
    "|.//*[contains(@class,'figure-links')]|.//*[contains(@class,'number')]"
    "|.//a[not(starts-with(@href,'http'))][not(.//img)]|.//*[@role='search']"
)
NUMBERED = re.compile(r"^(图|表|Figure|Table)[A-Z]?[\d.]*")


@dataclass(frozen=True)
class Content:
    """What a page says and shows."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    floats: tuple[tuple[str, str], ...]


def content(page: str) -> Content:
    main = lxml.html.document_fromstring(page).xpath("//main")[0]
    for dropped in main.xpath(DROPPED):
        if dropped.getparent() is not None:
            dropped.drop_tree()
    tables = tuple(
        tuple(tuple(words(cell) for cell in row.xpath("./th|./td")) for row in table.xpath(".//tr"))
        for table in main.xpath(".//table")
    )
    floats = tuple(floats_of(main))
    for shown in main.xpath(".//figcaption|.//table"):
        if shown.getparent() is not None:
            shown.drop_tree()
    said = (words(each) for each in main.xpath(".//p|.//li|.//h2|.//h3"))
    return Content(tuple(each for each in said if each), tables, floats)


def words(element: lxml.html.HtmlElement) -> str:
    return re.sub(r"[\W_]+", "", element.text_content())


def floats_of(main: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield label and caption of each float, without its number."""
    for each in main.xpath(".//*[starts-with(@id,'fig-') or starts-with(@id,'tbl-')]"):
        captions = each.xpath(".//figcaption")
        if captions and re.fullmatch(r"(fig|tbl)-[\w-]+", each.get("id")):
            yield each.get("id"), NUMBERED.sub("", words(captions[0]))


def pages(folder: Path) -> dict[str, Content]:
    return {
        path.name: content(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.html"))
        if path.name != "slides.html"
    }


def embedded(book: Path, folder: Path, edition: Path) -> dict[str, Content]:
    folder.mkdir()
    publish_book(book, folder, edition=edition, meta=BookMeta(title="样书"))
    return pages(folder)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editions") / "edition-a"


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_compared_is_there(lang: Lang, tmp_path: Path, edition: Path) -> None:
    found = embedded(write_sample(tmp_path / "book", lang), tmp_path / "out", edition)
    findings, cities = found["findings.html"], found["cities.html"]
    assert [label for label, _ in findings.floats] == [f"fig-f{at}" for at in range(9)]
    assert {caption for _, caption in findings.floats} == {
        {"zh": "各项的得分", "en": "Scoresbyitem"}[lang]
    }
    assert [label for label, _ in cities.floats] == ["tbl-cities"]
    assert [len(table) for table in cities.tables] == [61]
    assert len(findings.paragraphs) >= 9 * 3


def test_the_form_that_quarto_writes_is_read() -> None:
    page = """<html><body><main class="content" id="quarto-document-content">
    <header id="title-block-header"><h1>标题</h1></header>
    <section id="a"><h2><span class="header-section-number">1.1</span> 总体</h2>
    <p>见 <a href="#fig-f0" class="quarto-xref">图&nbsp;1.1</a> 。</p>
    <div id="cell-fig-f0" class="cell"><div class="cell-output-display">
    <div id="fig-f0" class="quarto-float quarto-figure quarto-figure-center anchored">
    <figure class="quarto-float quarto-float-fig figure">
    <div aria-describedby="fig-f0-caption-0ceaefa1"><img src="a.svg" alt="甲"></div>
    <figcaption class="quarto-float-caption-bottom" id="fig-f0-caption-0ceaefa1">图&nbsp;1.1: 得分</figcaption>
    </figure></div></div></div>
    <div class="callout callout-style-default callout-note"><div class="callout-header">注记</div>
    <div class="callout-body-container callout-body"><p>正文。</p></div></div>
    </section></main></body></html>"""
    found = content(page)
    assert found.floats == (("fig-f0", "得分"),)
    assert found.paragraphs == ("总体", "见", "正文")


@pytest.mark.skipif(quarto_path() is None, reason="no Quarto on this machine")
@pytest.mark.parametrize("lang", LANGS)
def test_quarto_gives_the_same_text_tables_and_figures(
    lang: Lang, tmp_path: Path, edition: Path
) -> None:
    book = write_sample(tmp_path / "book", lang)
    ours = embedded(book, tmp_path / "ours", edition)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    publish_with_quarto(book, theirs, edition)
    found = pages(theirs)
    assert found.keys() == ours.keys()
    for name, expected in ours.items():
        assert found[name].floats == expected.floats, name
        assert found[name].tables == expected.tables, name
        assert found[name].paragraphs == expected.paragraphs, name


@pytest.mark.skipif(quarto_path() is None, reason="no Quarto on this machine")
@pytest.mark.parametrize("book", ["report", "report/en"])
def test_the_report_itself_is_the_same(book: str, analysed_edition: Path, tmp_path: Path) -> None:
    home = Path(__file__).resolve().parents[2]
    folder = tmp_path / "small"
    shutil.copytree(analysed_edition, folder)
    ours = embedded(home / book, tmp_path / "ours", folder)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    publish_with_quarto(home / book, theirs, folder)
    found = pages(theirs)
    assert found.keys() == ours.keys()
    for name, expected in ours.items():
        assert found[name].floats == expected.floats, name
        assert found[name].tables == expected.tables, name
        assert sorted(found[name].paragraphs) == sorted(expected.paragraphs), name
