"""Reports of provinces: their own cities, caution where these are few, and links back."""

import re

from pypdf import PdfReader

from report.profiles import profile_stems, write_provinces
from report.profiles.province_sections import stacked


def test_every_report_lists_its_own_cities_with_rank_interval_and_grade(
    records, province_pages, text_of
):
    units = records["units"].merge(records["grades"], on="unit")
    stems = profile_stems(records)
    pages = {
        re.search("<h1>(.*?)</h1>", path.read_text(encoding="utf-8"))[1]: path
        for path in province_pages.glob("*.html")
        if path.stem != "index"
    }
    assert set(pages) == set(units["province"])
    for province, cities in units.groupby("province"):
        text, source = text_of(pages[province]), pages[province].read_text(encoding="utf-8")
        linked = re.findall(r"\.\./profiles/([a-z0-9-]+)\.html", source)
        assert set(linked) - {"index"} == {stems[unit] for unit in cities["unit"]}
        for row in cities.itertuples(index=False):
            shown = (
                f"{row.name} {row.score:.2f} {row.rank} {row.rank_low}–{row.rank_high} {row.grade} "
            )
            assert shown in text, shown


def test_few_cities_ask_for_caution(records, province_pages, text_of):
    assert "只有一个参评城市" in text_of(province_pages / "beijing.html")
    assert "参评城市只有" in text_of(province_pages / "hainan.html")
    assert "参评城市只有" not in text_of(province_pages / "hunan.html")


def test_cities_to_watch_are_those_whose_grade_is_unsure(two_years, tmp_path, text_of):
    write_provinces(two_years, tmp_path)
    grades, steps = two_years["grades"].set_index("unit"), two_years["next_grades"]
    better = steps.drop_duplicates("unit").set_index("unit")["p_next"].fillna(0)
    unsure = grades.index[
        (1 - grades["p_at_least"] >= 0.25) | (better.reindex(grades.index) >= 0.25)
    ]
    units = two_years["units"].set_index("unit")
    for unit in units.index:
        path = next(
            each for each in tmp_path.glob("*.html")
            if f"<h1>{units.loc[unit, 'province']}</h1>" in each.read_text(encoding="utf-8")
        )  # fmt: skip
        watched = text_of(path).split("等级尚不稳定的城市", 1)[1].split("各城市各指标得分")[0]
        assert (units.loc[unit, "name"] in watched) == (unit in set(unsure)), unit
    assert all(len(PdfReader(path).pages) <= 2 for path in tmp_path.glob("*.pdf"))


def test_a_published_edition_and_english(published, tmp_path, text_of):
    assert write_provinces(published.told_in("en"), tmp_path, pdf=False) == 31
    text = text_of(tmp_path / "hunan.html")
    assert "14 cities assessed" in text and "neither scores nor intervals" in text
    assert not re.search("[一-鿿]", text)


def test_chinese_names_break_between_words_in_narrow_columns():
    assert stacked("便捷性") == "便捷性"
    assert stacked("对政务热线部门") == "对政务\n热线\n部门"
    assert stacked("反馈/投诉") == "反馈/\n投诉"
    assert stacked("服务方式/方法创新") == "服务\n方式/\n方法\n创新"
