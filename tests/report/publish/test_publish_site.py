import re
from pathlib import Path

import pytest

from report.brand import BRAND, brand, read_brand
from report.publish.book import BookMeta, Published, publish_book
from report.publish.words import language_of, words

THEME = Path(__file__).parents[3] / "report" / "theme"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(\s*[\"\d]")


@pytest.mark.parametrize("name", ["site.css", "site.html", "book.typ", "site.js", "site-tables.js"])
def test_the_theme_file_alone_defines_colours(name: str) -> None:
    assert COLOUR.findall((THEME / name).read_text("utf-8")) == []


def test_every_variable_of_the_style_is_defined() -> None:
    css = (THEME / "site.css").read_text("utf-8")
    used = set(re.findall(r"var\(--([a-z-]+)\)", css))
    own = set(re.findall(r"--([a-z-]+):", css))
    assert used - own <= {*brand().colors, "serif", "sans"}


def test_both_languages_have_every_word() -> None:
    zh, en = words("zh"), words("en")
    assert all(zh.values())
    assert all(en.values())
    assert not [
        each
        for name, each in en.items()
        if name != "other-language" and re.search("[\u4e00-\u9fff]", each)
    ]
    assert {name: each.count("{}") for name, each in zh.items()} == {
        name: each.count("{}") for name, each in en.items()
    }


@pytest.mark.parametrize(("tag", "lang"), [("zh-Hans", "zh"), ("zh", "zh"), ("en-GB", "en")])
def test_languages_by_their_tags(tag: str, lang: str) -> None:
    assert language_of(tag) == lang


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        language_of("fr")


@pytest.mark.parametrize(
    ("book", "parts"),
    [
        (
            "sample",
            [
                '<html lang="zh-Hans">',
                '<link rel="alternate" hreflang="en" href="../publication-en/findings.html">',
                '<span class="number">第一章</span>研究发现',
                '<span class="float-number">图\u00a01-1</span>\u3000各项的得分',
                'href="assets/fig-f0.svg" download aria-label="下载 SVG (图\u00a01-1)">下载 SVG</a>',
                'href="release/data/scores.csv" download',
                'href="release/data/means.csv" download',
                '<a href="report.docx" download>下载 Word</a>',
                '<a href="profiles/index.html">城市画像</a>',
                'width="587" height="240"',
            ],
        ),
        (
            "english",
            [
                '<html lang="en">',
                '<a class="language" href="../publication/findings.html" hreflang="zh-Hans" lang="zh-Hans">中文</a>',
                '<span class="number">Chapter\u00a01</span> Findings',
                '<span class="number">1.2.1</span> Level one',
                '<span class="float-number">Figure\u00a01.1</span>: Scores by item',
                ">Data CSV: scores</a>",
                "Skip to the text",
                "Previous chapter",
                '<p class="callout-title">Note</p>',
            ],
        ),
    ],
)
def test_what_stands_on_a_page(request: pytest.FixtureRequest, book: str, parts: list[str]) -> None:
    folder = request.getfixturevalue(book).folder
    page = (folder / "findings.html").read_text("utf-8") + (folder / "index.html").read_text(
        "utf-8"
    )
    for part in parts:
        assert part in page, part


def test_references_in_english(english: Published) -> None:
    page = re.sub(r"<[^>]+>", "", (english.folder / "index.html").read_text("utf-8"))
    text = " ".join(page.replace("\u00a0", " ").split())
    assert "Chapter 1, Section 1.1, Figure 1.1, Table A.1, Figure 1.2." in text


def test_no_english_page_speaks_chinese(english: Published) -> None:
    page = (english.folder / "findings.html").read_text("utf-8").replace(">中文<", "><")
    assert not re.search("[\u4e00-\u9fff]", page)


def test_figures_without_a_data_folder_lead_to_no_data(
    write_book, edition: Path, tmp_path: Path
) -> None:
    folder = write_book(
        index="# 甲\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\n#| fig-alt: 图\n"
        "from IPython.display import display\n"
        "display({'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\"/>'}, raw=True,\n"
        "        metadata={'hotline-index': {'tables': ['scores']}})\n```\n"
    )
    (tmp_path / "out").mkdir()
    done = publish_book(folder, tmp_path / "out", edition=edition, meta=BookMeta("题"))
    html = done.index.read_text("utf-8")
    assert 'href="assets/fig-a.svg" download' in html
    assert ".csv" not in html


def test_a_logo_stands_on_every_page_and_on_the_cover(
    write_book, edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><rect width="90" height="30" fill="#abcdef"/></svg>'
    (tmp_path / "mark.svg").write_text(svg)
    text = BRAND.read_text("utf-8").replace("# logo: theme/logo.svg", "logo: mark.svg")
    (tmp_path / "_brand.yml").write_text(text, encoding="utf-8")
    look = read_brand(tmp_path / "_brand.yml")
    monkeypatch.setattr("report.publish.book.brand", lambda: look)
    monkeypatch.setattr("report.publish.pdf.brand", lambda: look)
    (tmp_path / "out").mkdir()
    folder = write_book(index="# 甲\n\n文。\n")
    done = publish_book(folder, tmp_path / "out", edition=edition, meta=BookMeta("题"))
    assert (done.folder / "assets" / "logo.svg").read_text() == svg
    html = done.index.read_text("utf-8")
    assert f'<img class="logo" src="assets/logo.svg" alt="{look.name}">' in html
    plain = tmp_path / "plain"
    plain.mkdir()
    monkeypatch.undo()
    without = publish_book(folder, plain, edition=edition, meta=BookMeta("题"))
    assert not (plain / "assets" / "logo.svg").exists()
    assert done.pdf.read_bytes() != without.pdf.read_bytes()


def test_free_text_stays_text(write_book, edition: Path, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    folder = write_book(
        index="# 甲\n\n```{python}\n#| label: tbl-a\n#| tbl-cap: 表\n"
        "from IPython.display import Markdown\nfrom report.prose.wording import cell\n"
        f"Markdown('| 城市 |\\n|--|\\n| ' + cell({evil!r}) + ' |\\n')\n```\n"
    )
    (tmp_path / "out").mkdir()
    meta = BookMeta(evil, notice=evil, links=((evil, "a.html"),), description=evil)
    done = publish_book(folder, tmp_path / "out", edition=edition, meta=meta)
    html = done.index.read_text("utf-8")
    assert evil not in html
    assert html.count("&lt;script&gt;") >= 5
