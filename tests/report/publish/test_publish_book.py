import re
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from publish.minibook import META, MINIBOOK

from report.publish.book import BookMeta, Published, publish_book
from survey.findings import InputError

PAGES = ("index", "methods", "findings", "appendix-table")


class Page(HTMLParser):
    """Collects what a page refers to and whether its tags are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.alts: list[str | None] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [(tag, values[name] or "") for name in ("href", "src") if name in values]
        self.ids += [values["id"] or ""] if "id" in values else []
        self.alts += [values.get("alt")] if tag == "img" else []
        self.lang = values.get("lang") or self.lang if tag == "html" else self.lang
        if tag not in ("meta", "link", "img", "br", "hr", "col", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="session")
def pages(published: Published) -> dict[str, str]:
    return {name: (published.folder / f"{name}.html").read_text("utf-8") for name in PAGES}


@pytest.fixture(scope="session")
def pdf(published: Published) -> pypdf.PdfReader:
    return pypdf.PdfReader(published.pdf)


@pytest.fixture(scope="session")
def pdf_text(pdf: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_everything_is_written_and_listed(published: Published) -> None:
    names = {path.as_posix() for path in published.files}
    assert {f"{name}.html" for name in PAGES} | {"report.pdf", "assets/site.css"} <= names
    assert {"assets/fig-trend.svg", "assets/fig-pair-1.svg", "assets/fig-pair-2.svg"} <= names
    assert published.index == published.folder / "index.html"


def test_progress_counts_the_cells(published: Published, steps: list[tuple[int, int, str]]) -> None:
    assert published.pdf.is_file()
    assert [step[0] for step in steps] == list(range(9))
    assert {step[1] for step in steps} == {8}


def test_pages_are_whole_and_lead_somewhere(published: Published, pages: dict[str, str]) -> None:
    parsed = {f"{name}.html": Page(text) for name, text in pages.items()}
    files = {path.as_posix() for path in published.files} | {"data.zip"}
    for name, page in parsed.items():
        assert page.open == []
        assert page.lang == "zh-Hans"
        assert len(set(page.ids)) == len(page.ids)
        for tag, target in page.links:
            if target == "https://example.org/a?b=1":
                continue
            assert "//" not in target, (name, tag, target)
            file, _, fragment = target.partition("#")
            assert (file or name) in files, (name, target)
            assert not fragment or fragment in parsed[file or name].ids, (name, target)


def test_no_page_or_style_asks_for_anything_elsewhere(published: Published) -> None:
    css = (published.folder / "assets" / "site.css").read_text("utf-8")
    assert "url(" not in css
    assert "@import" not in css
    assert "http" not in (published.folder / "assets" / "site.js").read_text("utf-8")


def test_every_image_has_words(pages: dict[str, str]) -> None:
    alts = Page(pages["findings"]).alts
    assert alts == ["三个等级的城市数，依次上升", "两幅并列的图", "两幅并列的图"]


def test_the_notice_stands_on_every_page(pages: dict[str, str], pdf: pypdf.PdfReader) -> None:
    assert META.notice is not None
    for text in pages.values():
        assert f'role="note">{META.notice}<' in text
    for page in pdf.pages:
        assert META.notice in squeezed(page.extract_text())


def test_downloads_and_navigation(pages: dict[str, str]) -> None:
    for text in pages.values():
        assert '<a href="report.pdf" download>下载 PDF</a>' in text
        assert '<a href="data.zip">下载数据</a>' in text
    assert 'rel="prev" href="index.html"' in pages["methods"]
    assert 'rel="next" href="findings.html"' in pages["methods"]
    assert '<a href="methods.html#sec-system">一、指标体系</a>' in pages["index"]


@pytest.mark.parametrize(
    ("page", "part"),
    [
        ("index", "评估对象共335个"),
        ("index", '详见<a href="methods.html#sec-methods" class="quarto-xref">第一章</a>与'),
        ("index", "本年度是edition-a，这一行"),
        ("index", '<div role="note" class="callout important">'),
        ("methods", '<span class="number">第一章</span>评估方法'),
        ("methods", '<span class="number">一、</span>指标体系'),
        ("methods", '<p class="callout-title">区间的含义</p>'),
        ("methods", '<p class="only-html">仅网页可见</p>'),
        ("methods", "网页内容"),
        ("methods", '<div class="page-break">'),
        ("methods", "<math"),
        ("methods", '<a href="findings.html">下一章</a>'),
        ("methods", ">30%</td>"),
        ("findings", "<strong>丙等最多</strong>"),
        ("findings", '<span class="number">（三）</span>丙等'),
        ("findings", ">网页表</td>"),
        ("appendix-table", '<figure id="tbl-all" class="float tbl">'),
        (
            "appendix-table",
            '<div class="table-box long" role="group" aria-label="表\u00a0A-1 各市等级与得分" tabindex="0">',
        ),
    ],
)
def test_the_site_says_what_the_source_says(pages: dict[str, str], page: str, part: str) -> None:
    assert part in pages[page]


def test_what_is_hidden_is_not_there(pages: dict[str, str], pdf_text: str) -> None:
    assert "没有内容的图" not in pages["index"] + pdf_text
    assert "纸面内容" not in pages["methods"]
    assert "版式" not in pages["methods"]
    assert "仅网页可见" not in pdf_text
    assert "网页内容" not in squeezed(pdf_text)
    assert "不应出现" not in pages["findings"] + pdf_text


@pytest.mark.parametrize(
    "part",
    [
        "亳州、漯河、濮阳、衢州、儋州",
        "第一章评估方法",
        "一、指标体系",
        "（一）一级指标",
        "附录A各市结果",
        "表1-1一级指标及权重",
        "图2-1等级分布的走势",
        "表A-1各市等级与得分",
        "如图2-1所示，丙等最多，共60个城市",
        "见表A-1与图2-2以及第一章第一节",
        "脚注：见《指导意见》原文。",
        "纸面内容",
        "图目录",
    ],
)
def test_the_pdf_says_what_the_source_says(pdf_text: str, part: str) -> None:
    assert part in squeezed(pdf_text)


def test_the_pdf_has_every_character(pages: dict[str, str], pdf_text: str) -> None:
    written = re.sub(
        r"<[^>]+>", "", re.sub(r"(?s)^.*?<article>|</article>.*", "", "".join(pages.values()))
    )
    chinese = set(re.findall(r"[\u4e00-\u9fff]", written))
    assert len(chinese) > 50
    assert chinese <= set(pdf_text)
    assert "\ufffd" not in pdf_text


def test_the_pdf_uses_its_own_fonts_only(pdf: pypdf.PdfReader) -> None:
    fonts = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            fonts.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    families = {name.rsplit("-Identity", 1)[0] for name in fonts}
    assert families == {"NotoSerifSC-Regular", "NotoSansSC-Regular", "NewCMMath-Book"}


def test_a_long_table_runs_over_pages_under_its_header(pdf: pypdf.PdfReader) -> None:
    texts = [squeezed(page.extract_text()) for page in pdf.pages]
    start = next(n for n, text in enumerate(texts) if "表A-1各市等级与得分名次" in text)
    assert len(texts) - start >= 5
    for text in texts[start:]:
        assert "名次城市省份等级得分" in text
    assert "335" in texts[-1]


def test_no_page_of_the_pdf_is_empty(pdf: pypdf.PdfReader) -> None:
    for page in pdf.pages[1:]:
        text = squeezed(page.extract_text()).replace(META.notice or "", "").replace(META.title, "")
        assert len(text) > 15


def test_same_sources_same_bytes(published: Published, edition: Path, tmp_path: Path) -> None:
    again = publish_book(MINIBOOK, tmp_path, edition=edition, meta=META)
    assert again.files == published.files
    for path in again.files:
        assert (again.folder / path).read_bytes() == (published.folder / path).read_bytes(), path


def test_publishing_leaves_the_sources_alone(published: Published) -> None:
    assert published.pdf.is_file()
    names = sorted(path.name for path in MINIBOOK.iterdir())
    assert names == sorted(["_quarto.yml", *(f"{name}.qmd" for name in PAGES)])


def test_a_full_folder_is_refused(edition: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("x")
    with pytest.raises(FileExistsError):
        publish_book(MINIBOOK, tmp_path, edition=edition, meta=META)


@pytest.mark.parametrize(
    ("text", "check", "row"),
    [
        ("# 甲\n\n{{< video a >}}\n", "unsupported-shortcode", 3),
        ("# 甲\n\n缺字：𠮷。\n", "missing-glyph", None),
        ("# 甲\n\n![图](none.svg)\n", "no-such-image", 3),
        ("# 甲\n\n![图](https://example.org/a.svg)\n", "no-such-image", 3),
        ("# 甲\n\n![图](../secret.svg)\n", "no-such-image", 3),
        ("# 甲\n\n```{=typst}\n#nonsense()\n```\n", "typst", None),
        (
            "# 甲\n\n见 @fig-a 。\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\npass\n```\n",
            "unknown-reference",
            3,
        ),
    ],
)
def test_what_cannot_be_published_is_one_clear_finding(
    write_book, edition: Path, tmp_path: Path, text: str, check: str, row: int | None
) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(InputError) as caught:
        publish_book(write_book(index=text), out, edition=edition, meta=BookMeta("题"))
    (finding,) = caught.value.findings
    assert (finding.check, finding.row) == (check, row)


def test_images_beside_the_chapters_are_published(
    write_book, edition: Path, tmp_path: Path
) -> None:
    folder = write_book(
        index="# 甲\n\n![图题](pictures/一.svg){#fig-a width=50%}\n\n::: {.landscape}\n横页\n:::\n"
    )
    (folder / "pictures").mkdir()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/></svg>'
    (folder / "pictures" / "一.svg").write_text(svg)
    out = tmp_path / "out"
    out.mkdir()
    done = publish_book(folder, out, edition=edition, meta=BookMeta("题"))
    assert (out / "assets" / "pictures-一.svg").read_text() == svg
    html = done.index.read_text("utf-8")
    assert Page(html).alts == ["图题"]
    assert 'role="note"' not in html
    boxes = {tuple(map(round, page.mediabox[2:])) for page in pypdf.PdfReader(done.pdf).pages}
    assert boxes == {(595, 842), (842, 595)}
