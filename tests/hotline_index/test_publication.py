"""The report as it leaves the house: both kinds of edition, whole, repeatable, readable."""

import html
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from pypdf import PdfReader

from hotline_index.edition import open_edition
from hotline_index.folders import sha256
from hotline_index.pipeline import run
from hotline_index.progress import Quiet
from hotline_index.publication import NOTICE, publish_edition
from report.language import Lang
from report.results import read_results

ROOT = Path(__file__).parent.parent.parent
LANGS: tuple[Lang, ...] = ("zh", "en")


def fingerprints(folder: Path) -> dict[str, str]:
    files = [*(folder / "results").rglob("*"), *(folder / "publication").rglob("*")]
    return {str(p.relative_to(folder)): sha256(p) for p in files if p.is_file()}


@cache
def pdf_pages(folder: Path) -> list[str]:
    reader = PdfReader(folder / "publication/report.pdf")
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]


def pages(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in (folder / "publication").glob("*.html")}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "2021"
    shutil.copytree(
        ROOT / "editions/2021",
        folder,
        ignore=shutil.ignore_patterns("results", "publication*", ".cache"),
    )
    run(folder)
    return folder


def test_a_second_run_gives_the_same_bytes(publication):
    first = fingerprints(publication)
    again = run(publication, langs=(), fresh=True)
    edition = open_edition(publication)
    kept = publish_edition(edition, again.results, "zh", Quiet(), others=["en"], fresh=True)
    assert (again.reused, kept) == ((), ())
    assert fingerprints(publication) == first
    assert run(publication, langs=LANGS).reused != ()
    assert fingerprints(publication) == first
    assert {"publication/index.html", "publication/report.pdf", "results/grades.parquet"} <= set(
        first
    )


def test_every_page_of_a_simulated_edition_says_so(publication):
    assert all(NOTICE["zh"] in page for page in pages(publication).values())
    pdf = pdf_pages(publication)
    assert all("模拟" in page for page in pdf)
    for figure in (publication / "publication").rglob("*.svg"):
        assert "模拟数据" in figure.read_text(encoding="utf-8"), figure.name


def test_no_page_of_a_real_edition_says_simulated(published):
    assert not any("模拟" in page for page in pages(published).values())
    assert not any("模拟" in page for page in pdf_pages(published))


def test_the_pdf_holds_every_city_and_no_broken_character(published):
    text = "".join(pdf_pages(published))
    units = pd.read_csv(published / "data/grades.csv")["unit"]
    assert [unit for unit in units if unit not in text] == []
    assert "\ufffd" not in text
    assert "第三章服务质量等级" in text


def test_the_report_tells_the_contradictions_with_their_figures(published):
    text = "".join(pdf_pages(published))
    audit = read_results(published / "results")["audit"]
    for row in audit[audit["verdict"] == "contradiction"].itertuples():
        start = re.sub(r"\s", "", str(row.zh))[:18]
        assert start in text, row.zh


def test_sentences_carry_the_figures_of_the_results(publication):
    results = read_results(publication / "results")
    text = "".join(pdf_pages(publication))
    sample = results["sample"].set_index("table")
    assert f"{sample.loc['calls', 'records']}次神秘拨测" in text
    means = results["means"].query("audience == 'all'").set_index("indicator")["mean"]
    for indicator, name in (("goal", "目标实现"), ("process", "过程体验"), ("value", "价值创造")):
        assert f"{name}{means[indicator]:.2f}分" in text
    best = results["grades"].query("grade == 'A'")["unit"]
    assert all(unit in text for unit in best)


def test_steps_without_input_are_left_out_and_said_so(published, publication):
    assert "没有逐次记录" in pages(published)["grades.html"]
    assert not [name for name, page in pages(publication).items() if "没有逐次记录" in page]
    assert "没有需要核对的已公布图表数值" in pages(publication)["appendix-audit.html"]


REQUEST = re.compile(
    r"""<(?:script|img|link|iframe|source|object|embed)\b[^>]*?(?:src|href|data)=["']([^"']*)"""
)
LINK = re.compile(r"""\s(?:src|href)=["']([^"'#?]+)""")


@pytest.mark.parametrize("edition", ["published", "publication"])
def test_no_page_loads_from_elsewhere_and_every_link_leads_somewhere(edition, request):
    folder = request.getfixturevalue(edition) / "publication"
    dead, foreign = set(), set()
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        foreign |= {
            (path.name, target[:80])
            for target in REQUEST.findall(page)
            if re.match(r"(?:https?:)?//", target)
        }
        dead |= {
            (path.name, target[:80])
            for target in map(html.unescape, LINK.findall(page))
            if not re.match(r"[a-z]+:", target) and not (path.parent / unquote(target)).exists()
        }
    assert not foreign
    assert not dead
    assert (folder / "release/results.xlsx").is_file()


CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def test_the_english_book_has_the_same_pages_in_english(publication):
    english = publication / "publication-en"
    assert {path.name for path in english.glob("*.html")} == set(pages(publication))
    for name, page in pages(publication).items():
        other = (english / name).read_text(encoding="utf-8")
        assert '<html lang="en"' in other or 'lang="en"' in other[:400]
        if name != "slides.html":
            assert f"../publication-en/{name}" in page, name
            assert f"../publication/{name}" in other, name
    text = re.sub(r"<[^>]+>|\s", " ", (english / "grades.html").read_text(encoding="utf-8"))
    allowed = {"中文"}
    assert set(CHINESE.findall(text)) <= allowed
    for figure in (english / "assets").glob("*.svg"):
        drawn = re.findall(r"<!-- (.*?) -->", figure.read_text(encoding="utf-8"))
        assert drawn, figure.name
        assert not CHINESE.findall(" ".join(drawn)), figure.name


def test_at_least_eight_figures_each_with_words_for_who_cannot_see_them(publication):
    figures = re.findall(r"<img[^>]*>", "".join(pages(publication).values()))
    assert len(figures) >= 8
    assert all(re.search(r'alt="[^"]+"', figure) for figure in figures)


def test_no_horizontal_scrolling_on_a_phone(published):
    chromium = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    script = "<script>document.title=document.documentElement.scrollWidth+'/'+innerWidth</script>"
    for name in ("index.html", "grades.html", "appendix-table.html", "release/index.html"):
        source = (published / "publication" / name).read_text(encoding="utf-8")
        probe = published / "publication" / name.replace(".html", "-probe.html")
        probe.write_text(source.replace("</body>", script + "</body>"), encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                 "--no-first-run", "--window-size=500,900", f"--user-data-dir={published / 'chromium'}"]  # fmt: skip
        out = subprocess.run(
            [chromium, *flags, "--dump-dom", probe.as_uri()], capture_output=True, text=True, timeout=120, check=True,
        ).stdout  # fmt: skip
        probe.unlink()
        found = re.search(r"<title>(\d+)/(\d+)</title>", out)
        assert found, out[:500]
        assert int(found[1]) <= int(found[2]), (name, found[0])
