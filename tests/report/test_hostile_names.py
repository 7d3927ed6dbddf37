"""A city whose name is markup or a formula stays text in everything that is published."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pypdf
import pytest
from frictionless import Package

from report.publish.book import publish_book
from report.publish.meta import BookMeta
from report.release.about import release_about
from report.release.release import write_release
from report.release.tidy import unguarded
from report.results import Results, write_results

NAMES = (
    "<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "+1", "@SUM(1)", "-2+3",
    '引号"逗号,\n换行\'市', "<r><t>粗</t></r>", "'=1", "{{7*7}}", "*星*_线_`码`$x$", "\\input{x}",
    "＝全角", "&amp;", "[链](javascript:alert(1))", "#标题", "<!-- 注 -->",
)  # fmt: skip
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
CHAPTER = """# 各市等级 {#sec-grades}

```{python}
#| include: false
from report.book import open_book
from report.names import unit_names
from report.prose.wording import shown, table

book = open_book()
cities = [unit_names(book)[unit] for unit in book["grades"]["unit"]]
```

```{python}
#| label: tbl-grades
#| tbl-cap: 等级
shown(table(["城市", "等级"], list(zip(cities, book["grades"]["grade"])), "lc", (40, 10)))
```

最高的是`{python} cities[0]`，其次是`{python} cities[1]`。
"""


@pytest.fixture(scope="module")
def hostile(records) -> Results:
    """The first cities alone, under names that mean harm."""
    own = records["grades"]["unit"].head(len(NAMES)).tolist()
    renamed = dict(zip(own, NAMES, strict=True))

    def renaming(table: pd.DataFrame) -> pd.DataFrame:
        if "unit" not in table:
            return table
        kept = table[table["unit"].isin(own)]
        return kept.assign(unit=kept["unit"].map(renamed).astype("str")).reset_index(drop=True)

    tables = {name: renaming(table) for name, table in records.tables.items()}
    tables["units"] = tables["units"].assign(province="=1+1", region="<b>华北</b>")
    tables["findings"] = tables["findings"].assign(got='=HYPERLINK("http://x")', hint="@x")
    meta = dict(records.meta, title={"zh": "=题<i>名</i>", "en": "+<i>title</i>"},
                publisher={"zh": "<b>院</b>", "en": "@institute"})  # fmt: skip
    return replace(records, tables=tables, meta=meta)


@pytest.fixture(scope="module")
def released(hostile, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("hostile")
    write_release(hostile, out, release_about(hostile))
    return out


@pytest.fixture(scope="module")
def publication(hostile, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    (folder / "edition/results").mkdir(parents=True)
    (folder / "edition/edition.yaml").write_text("edition: hostile\n")
    write_results(hostile, folder / "edition/results")
    source, out = folder / "source", folder / "out"
    source.mkdir()
    out.mkdir()
    (source / "_quarto.yml").write_text(
        "project: {type: book}\nlang: zh-Hans\nbook:\n  title: 书\n  chapters: [index.qmd]\n"
        "execute: {echo: false, warning: false}\n",
        encoding="utf-8",
    )
    (source / "index.qmd").write_text(CHAPTER, encoding="utf-8")
    meta = BookMeta(title="<i>书</i>", publisher="=院", notice="模拟数据")
    return publish_book(source, out, edition=folder / "edition", meta=meta)


TYPESET = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "--", "−": "-"})


def squeezed(text: str) -> str:
    """Return a text without its spaces and without what typesetting makes of its signs."""
    return re.sub(r"\s+", "", unescape(text.translate(TYPESET)))


class Page(HTMLParser):
    """Collects scripts, handlers and the text of cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.harm: list[str] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.harm += [f"{name}={value}" for name, value in attrs
                      if name.startswith("on") or (value or "").startswith("javascript:")]  # fmt: skip
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script" and "alert(1)" in data:
            self.harm.append(data)
        if self.cells:
            self.cells[-1] += data


def test_csv_gives_every_name_back_and_no_formula(released, hostile):
    for path in sorted((released / "data").glob("*.csv")):
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        own = hostile[path.stem]
        assert len(table) == len(own)
        for column in own.select_dtypes(["object", "string", "str"]).columns:
            assert not table[column].str.startswith(FORMULA).any(), (path.name, column)
            assert (unguarded(table[column]) == own[column].fillna("")).all()
    text = pd.read_csv(released / "codebook.csv", encoding="utf-8-sig", dtype=str)
    assert not any(str(cell).startswith(FORMULA) for cell in text.to_numpy().ravel())


def test_parquet_holds_every_name_as_it_is(released):
    table = pq.read_table(released / "data/grades.parquet")
    assert set(table["unit"].to_pylist()) == set(NAMES)


def test_workbook_holds_every_name_as_text(released):
    book = openpyxl.load_workbook(released / "results.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    for title in ("等级", "城市", "得分"):
        at = [str(cell.value).split("\n")[-1] for cell in book[title][1]].index("unit")
        column = [row[at] for row in book[title].iter_rows(min_row=2)]
        assert {cell.data_type for cell in column} == {"s"}
        assert {cell.value for cell in column} == set(NAMES)
        for cell in column:
            assert bool(cell.quotePrefix) == cell.value.lstrip("'").startswith(FORMULA), cell.value
    assert not [cell for cell in cells if cell.hyperlink and not cell.hyperlink.location]


def test_data_package_is_valid(released):
    report = Package(str(released / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "message"])[:5]


def test_papers_and_page_hold_no_markup_of_the_data(released):
    for path in (*released.glob("*.md"), released / "index.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\\)<(script|i|b|r)>", text), path.name
    page = Page((released / "index.html").read_text(encoding="utf-8"))
    assert not page.harm and "script" not in page.tags


def test_site_shows_every_name_as_text(publication):
    page = Page(publication.index.read_text(encoding="utf-8"))
    assert not page.harm
    shown = {squeezed(cell) for cell in page.cells}
    assert {squeezed(name) for name in NAMES} <= shown
    for path in publication.folder.rglob("*.html"):
        assert "<script>alert(1)" not in path.read_text(encoding="utf-8")
    for path in publication.folder.rglob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert not re.search("innerHTML|outerHTML|insertAdjacentHTML|document.write", code), (
            path.name
        )


def test_pdf_shows_every_name_as_text(publication):
    reader = pypdf.PdfReader(publication.pdf)
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for name in NAMES:
        assert squeezed(name) in text, name
    assert "/JavaScript" not in str(reader.trailer["/Root"])


def test_word_shows_every_name_as_text(publication):
    document = docx.Document(str(publication.docx))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {squeezed(name) for name in NAMES} <= {squeezed(cell) for cell in cells}
    text = squeezed("".join(paragraph.text for paragraph in document.paragraphs))
    assert squeezed(NAMES[0]) in text and squeezed(NAMES[1]) in text
