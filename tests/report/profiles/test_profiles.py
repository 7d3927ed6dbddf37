"""Every profile holds its own city's figures, in HTML and PDF, and nothing breaks out of a text."""

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from report.profiles import profile_stems, write_profiles, write_provinces
from report.profiles.gather import profiles
from report.profiles.notation import chance, points
from report.results import Results

CARD = re.compile(
    r'<div class="card"><div class="label">(.*?)</div><div><span class="value">(.*?)</span>'
    r'(?:<span class="unit">(.*?)</span>)?</div><div class="note">(.*?)</div>'
)
SAMPLE = 24
"""Profiles set as PDF, each this many cities after the one before."""


def head(path):
    text = path.read_text(encoding="utf-8")
    title = html.unescape(re.search("<h1>(.*?)</h1>", text)[1])
    return title, [tuple(map(html.unescape, card)) for card in CARD.findall(text)]


def without(results: Results, *names: str) -> Results:
    return replace(results, tables={k: v for k, v in results.tables.items() if k not in names})


def renamed(results: Results, names: dict[str, str]) -> Results:
    def rename(table: pd.DataFrame) -> pd.DataFrame:
        columns = [each for each in ("unit", "name", "short") if each in table]
        table = table.assign(**{each: table[each].replace(names) for each in columns})
        if "pinyin_key" in table:
            table.loc[table["unit"].isin(names.values()), ["pinyin_key", "name"]] = ["", ""]
            table.loc[table["unit"].isin(names.values()), "name"] = table["unit"]
        return table

    return replace(results, tables={k: rename(v) for k, v in results.tables.items()})


def test_every_profile_holds_its_own_figures(records, all_pages):
    stems = profile_stems(records)
    names = records["units"].set_index("unit")["name"]
    for row in records["grades"].itertuples(index=False):
        title, cards = head(all_pages / f"{stems[row.unit]}.html")
        assert title == names[row.unit]
        grade, total, rank = cards
        assert grade[1] == row.grade
        assert grade[3] == f"获此等级的概率：{chance(row.p_grade, 'zh')}"
        assert total[1] == points(row.score)
        assert total[3].endswith(f"{row.score_low:.2f}–{row.score_high:.2f}")
        assert (rank[1], rank[2]) == (str(row.rank), "共335个")
        assert rank[3].endswith(f"{row.rank_low}–{row.rank_high}")


def test_every_strip_and_table_shows_the_scores_of_its_city(records, all_pages, text_of):
    stems = profile_stems(records)
    scores = records["scores"].query("audience == 'all'")
    scores = scores.pivot(index="unit", columns="indicator", values="score")
    zh = {**records["indicators"].set_index("indicator")["zh"], "total": "总分"}
    shown = ["total", "goal", "process", "value", "innovation", "information", "value_society"]
    for unit in scores.index:
        text = text_of(all_pages / f"{stems[unit]}.html")
        for name in shown:
            assert f"{zh[name]} {scores.loc[unit, name]:.2f} " in text, (unit, name)


def test_pdf_and_html_show_the_same_figures_on_two_sheets(records, all_pages, tmp_path):
    stems = profile_stems(records)
    units = list(stems)[::SAMPLE]
    assert write_profiles(records, tmp_path, units=units) == len(units)
    for unit in units:
        title, cards = head(all_pages / f"{stems[unit]}.html")
        pages = PdfReader(tmp_path / f"{stems[unit]}.pdf").pages
        assert len(pages) <= 2
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
        assert title in text and all("模拟数据" in page.extract_text() for page in pages)
        for label, value, unit_text, note in cards:
            assert re.sub(r"\s", "", f"{label}{value}{unit_text}{note}") in text, (unit, label)
        assert [round(float(each)) for each in pages[0].mediabox[2:]] == [595, 842]


def test_a_page_asks_for_nothing_from_elsewhere_and_says_that_it_is_simulated(all_pages):
    for path in all_pages.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "模拟数据" in text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_file_names_are_unique_and_the_same_whichever_are_written(records, tmp_path):
    stems = profile_stems(records)
    assert stems["长沙"] == "430100-changsha" and stems["吕梁"].endswith("-luliang")
    assert len({stem.lower() for stem in stems.values()}) == 335
    assert all(re.fullmatch(r"[a-z0-9-]+", stem) for stem in stems.values())
    assert stems == profile_stems(records.told_in("en"))
    write_profiles(records, tmp_path, units=["长沙"], pdf=False)
    assert {path.name for path in tmp_path.iterdir()} == {"430100-changsha.html", "index.html"}


EVIL = {
    "长沙": '<script>alert("x")</script>',
    "北京": "=cmd()",
    "上海": "../x",
    "广州": "*_#[a](b)$x$ `y` \\",
    "深圳": "index",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_stay_text_and_make_safe_file_names(records, tmp_path, lang):
    results = renamed(records, EVIL).told_in(lang)
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    assert write_profiles(results, out, units=list(EVIL.values())) == len(EVIL)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {out}
    stems = profile_stems(results)
    for evil in EVIL.values():
        assert re.fullmatch(r"[a-z0-9-]+", stems[evil])
        path = out / f"{stems[evil]}.html"
        assert head(path)[0] == evil
        assert "<script>alert" not in path.read_text(encoding="utf-8")
        text = "".join(page.extract_text() for page in PdfReader(path.with_suffix(".pdf")).pages)
        assert re.sub(r"\s", "", evil) in re.sub(r"\s", "", text)
    assert "<script>alert" not in (out / "index.html").read_text(encoding="utf-8")


def test_in_english_it_is_english(records, tmp_path, text_of):
    write_profiles(records.told_in("en"), tmp_path, units=["长沙", "苏州"], pdf=False)
    text = text_of(tmp_path / "430100-changsha.html")
    assert "Changsha" in text and "Simulated data" in text and "Rank" in text
    left = text.replace("长沙市", "").replace("trace EDITION 长沙", "")
    assert not re.search("[一-鿿]", left)


def test_a_published_edition_has_grades_and_says_why_no_more(published, tmp_path, text_of):
    assert write_profiles(published, tmp_path, units=["长沙", "上海"]) == 2
    text = text_of(tmp_path / "430100-changsha.html")
    row = published["grades"].set_index("unit").loc["长沙"]
    title, cards = head(tmp_path / "430100-changsha.html")
    assert (title, cards[0][1], len(cards)) == ("长沙市", row["grade"], 1)
    assert "没有名次" in text and "模拟数据" not in text
    order = published["composition"]["grade"].tolist()
    units = published["units"].merge(published["grades"], on="unit")
    own = units.loc[units["province"] == "湖南", "grade"].map(order.index)
    at = order.index(row["grade"])
    counts = (len(own), (own < at).sum(), (own == at).sum() - 1, (own > at).sum())
    assert "省份 湖南 " + " ".join(map(str, counts)) in text
    assert len(PdfReader(tmp_path / "430100-changsha.pdf").pages) == 1


def test_a_campaign_with_a_year_before_fills_every_part(two_years, tmp_path, text_of):
    assert write_profiles(two_years, tmp_path, units=["长沙", "北京"]) == 2
    text = text_of(tmp_path / "430100-changsha.html")
    for part in ("名次的可靠程度", "优势与短板", "群众与企业", "接通与等候", "与上一年度比较"):
        assert part in text
    row = two_years["rank_changes"].set_index("unit").loc["长沙"]
    assert f"由第{row['rank_before']}位变为第{row['rank_after']}位" in text
    sets = two_years["rank_sets"].set_index("unit").loc["长沙"]
    assert f"与本市差异不显著的城市 {sets['n_undecided']}" in text
    gaps = two_years["unit_audience_gaps"].query("unit == '长沙' and indicator == 'total'").iloc[0]
    assert f"{gaps['low']:+.2f}".replace("-", "−") in text
    assert len(PdfReader(tmp_path / "430100-changsha.pdf").pages) <= 2


OPTIONAL = [
    "priorities", "peers", "unit_audience_gaps", "next_grades", "funnel", "rank_sets",
    "rank_variance", "method_ranks", "adjusted", "grade_probabilities", "rank_changes", "changes",
    "composition", "slots",
]  # fmt: skip


@pytest.mark.parametrize("name", [*OPTIONAL, "all of them"])
def test_what_the_results_lack_is_left_out(two_years, tmp_path, name):
    gone = OPTIONAL if name == "all of them" else [name]
    lacking = without(two_years, *gone)
    pdf = name == "all of them"
    assert write_profiles(lacking, tmp_path, units=["长沙"], pdf=pdf) == 1
    assert head(tmp_path / "430100-changsha.html")[0] == "长沙市"


def test_a_register_without_places_and_a_unit_without_a_grade(records, tmp_path):
    kept = records["units"][["unit"]]
    grades = records["grades"].copy()
    grades.loc[0, ["grade", "rank", "score"]] = [None, pd.NA, np.nan]
    tables = {**records.tables, "units": kept, "grades": grades}
    results = replace(records, tables=tables)
    assert len(profiles(results)) == 334
    assert write_profiles(results, tmp_path, units=["长沙", grades["unit"][0]], pdf=False) == 1
    assert write_provinces(results, tmp_path) == 0


def test_the_same_results_give_the_same_bytes(records, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_profiles(records, tmp_path / folder, units=["长沙"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_progress_is_told_for_each(records, tmp_path):
    told = []
    write_profiles(records, tmp_path, pdf=False, units=["长沙", "北京"], advance=told.append)
    assert told == [1, 1]


def test_the_list_finds_cities_by_name_and_pinyin(all_pages, records):
    text = (all_pages / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<li data-key="([^"]*)"><a href="([^"]*)"', text)
    keys = {href: set(key.split("|")) for key, href in found}
    assert set(keys) == {f"{stem}.html" for stem in profile_stems(records).values()}
    assert {"长沙", "长沙市", "changsha", "cs"} <= keys["430100-changsha.html"]


def test_links_lead_beside_only_where_there_is_a_publication(records, tmp_path):
    write_profiles(records, tmp_path, pdf=False, units=["长沙"])
    text = (tmp_path / "430100-changsha.html").read_text(encoding="utf-8")
    assert "../benchmark/index.html#u=%E9%95%BF%E6%B2%99" in text
    assert "../provinces/hunan.html" in text and ".pdf" not in text
    write_profiles(records, tmp_path, pdf=False, units=["长沙"], beside=False)
    assert "../" not in (tmp_path / "430100-changsha.html").read_text(encoding="utf-8")


def test_peers_hold_ten_cities_where_a_group_has_them(records):
    made = {each.unit: each for each in profiles(records)}
    units = records["units"]
    assert made["武汉"].peers.factor == "level" and made["武汉"].peers.n == 15
    assert made["北京"].peers.group == "直辖市" and made["北京"].peers.n == 4
    assert len(made["北京"].rows[0].dots) == 3 and made["北京"].rows[0].peers is None
    own = units.loc[units["level"] == "副省级市", "unit"]
    total = records["grades"].set_index("unit")["score"].reindex(own)
    assert made["武汉"].rows[0].peers == pytest.approx(tuple(total.quantile([0.25, 0.5, 0.75])))


@pytest.mark.parametrize(
    ("band", "told"),
    [
        ("worse", "低于该拨测次数下各城市通常的范围"),
        ("better", "高于该拨测次数下各城市通常的范围"),
        ("expected", "各城市通常的范围之内"),
    ],
)
def test_calls_beyond_the_usual_range_are_not_called_usual(
    two_years, tmp_path, text_of, band, told
):
    funnel = two_years["funnel"].assign(band=band, stands_out=False)
    results = replace(two_years, tables={**two_years.tables, "funnel": funnel})
    write_profiles(results, tmp_path, pdf=False, units=["长沙"])
    assert told in text_of(tmp_path / "430100-changsha.html")
