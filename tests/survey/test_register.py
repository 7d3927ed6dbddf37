from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from survey.cities import CITIES, about_cities, official_provinces
from survey.findings import Finding, InputError, Severity
from survey.pinyin import pinyin_key
from survey.register import Register, load_register

REGISTER = load_register()
TABLE = REGISTER.table
PUBLISHED = yaml.safe_load(
    Path(__file__).with_name("published_2021.yaml").read_text(encoding="utf-8")
)
SAMPLE = " ".join(PUBLISHED.values()).split()


def meaning(name: object) -> str | None:
    unit = REGISTER.resolve([name])[0]
    return None if pd.isna(unit) else unit


def said_of(*names: object) -> tuple[Finding, ...]:
    cells = pd.Series(names, index=range(2, 2 + len(names)), dtype=object)
    return REGISTER.resolve_column(cells, "calls.csv", "unit")[1]


def write(folder: Path, text: str) -> Path:
    path = folder / "units.csv"
    path.write_text(text, encoding="utf-8")
    return path


class TestTable:
    def test_337_units_by_level(self):
        # 333 of prefecture level (293 市, 30 自治州, 7 地区, 3 盟) and 4 municipalities.
        assert TABLE["level"].value_counts().to_dict() == {
            "地级市": 261, "自治州": 30, "省会市": 17, "副省级市": 15, "地区": 7, "直辖市": 4, "盟": 3,
        }  # fmt: skip
        assert len(TABLE) == about_cities().units == 337
        assert TABLE["name"].str.endswith("市").sum() == 293 + 4

    def test_units_by_region(self):
        assert TABLE["region"].value_counts().to_dict() == {
            "华东": 77, "西南": 54, "西北": 51, "华中": 44, "华南": 39, "华北": 36, "东北": 36,
        }  # fmt: skip

    def test_every_province_lies_in_the_region_it_is_said_to_lie_in(self):
        regions = {p: region for region, held in about_cities().regions.items() for p in held}
        assert len(regions) == 31
        assert TABLE["region"].tolist() == TABLE["province"].map(regions).tolist()

    def test_codes_tell_the_province(self):
        codes = TABLE["code"]
        assert codes.str.fullmatch(r"\d{4}00").all() and codes.is_unique
        assert codes.is_monotonic_increasing
        provinces = TABLE["province"].groupby(codes.str[:2]).nunique()
        assert len(provinces) == 31 and provinces.eq(1).all()

    def test_every_province_and_region_of_the_mainland_has_one_capital(self):
        high = TABLE[TABLE["level"].isin(["副省级市", "省会市"])]
        not_capitals = ["大连", "宁波", "厦门", "青岛", "深圳"]
        capitals = high.drop(index=not_capitals)
        assert capitals["province"].is_unique and len(capitals) == 27

    def test_sub_provincial_cities(self):
        names = "沈阳 大连 长春 哈尔滨 南京 杭州 宁波 厦门 济南 青岛 武汉 广州 深圳 成都 西安"
        assert " ".join(TABLE.index[TABLE["level"] == "副省级市"]) == names

    def test_55_coastal_cities_by_province(self):
        assert TABLE["coastal"].dtype == bool
        assert TABLE[TABLE["coastal"]]["province"].value_counts().to_dict() == {
            "广东": 14, "浙江": 7, "山东": 7, "辽宁": 6, "福建": 6, "海南": 4, "河北": 3, "江苏": 3,
            "广西": 3, "天津": 1, "上海": 1,
        }  # fmt: skip
        assert not TABLE.loc[["南京", "苏州", "佛山", "玉林"], "coastal"].any()

    def test_unit_is_the_name_without_the_word_for_city(self):
        assert TABLE.index.tolist() == TABLE["name"].str.removesuffix("市").tolist()

    def test_short_is_what_is_left_without_kind_and_peoples(self):
        peoples = (
            "土家族 苗族 朝鲜族 藏族 羌族 彝族 布依族 侗族 哈尼族 壮族 傣族 白族 景颇族 傈僳族 回族 "
            "蒙古族 蒙古 哈萨克 柯尔克孜"
        )
        pattern = rf"(?:(?:{'|'.join(peoples.split())})*自治州|市|地区|盟)$"
        assert (
            TABLE["short"].tolist() == TABLE["name"].str.replace(pattern, "", regex=True).tolist()
        )

    def test_pinyin_key_is_that_of_the_unit(self):
        assert TABLE["pinyin_key"].tolist() == [pinyin_key(unit) for unit in TABLE.index]

    def test_the_metadata_defines_every_column(self):
        header = CITIES.read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(about_cities().columns)
        assert set(TABLE["level"]) == set(about_cities().levels)


class TestResolve:
    @pytest.mark.parametrize("column", ["name", "short", "code"])
    def test_every_cell_that_names_a_unit_means_it(self, column: str):
        written = TABLE[column].drop(index="海南藏族自治州" if column == "short" else [])
        assert REGISTER.resolve(written).tolist() == written.index.tolist()

    def test_every_unit_means_itself(self):
        assert REGISTER.resolve(TABLE.index.tolist()).tolist() == TABLE.index.tolist()

    def test_codes_may_be_numbers(self):
        for kind in ("int64", "float64", "Int64"):
            assert REGISTER.resolve(TABLE["code"].astype(kind)).tolist() == TABLE.index.tolist()

    def test_autonomous_prefectures_with_zhou_zizhizhou_and_without_it(self):
        prefectures = TABLE[TABLE["level"] == "自治州"]
        for written in (
            prefectures["short"] + "州",
            prefectures["short"] + "自治州",
            prefectures["name"].str.removesuffix("自治州"),
        ):
            assert REGISTER.resolve(written).tolist() == prefectures.index.tolist()

    @pytest.mark.parametrize("column", ["name", "short"])
    def test_the_province_may_stand_before_the_name(self, column: str):
        official = TABLE["province"].map(official_provinces(TABLE, about_cities()))
        for province in (TABLE["province"], official):
            written = province + " " + TABLE[column]
            assert REGISTER.resolve(written).tolist() == TABLE.index.tolist()

    def test_no_two_units_share_a_short_form(self):
        assert TABLE["short"].is_unique and TABLE["name"].is_unique
        assert len(set(TABLE["short"]) | set(TABLE["name"]) | set(TABLE.index)) == 337 + 297 + 40

    @given(
        st.sampled_from(sorted(REGISTER.spellings)),
        st.lists(st.sampled_from([" ", "\u3000", "\t", "\u00a0", "\u200b"]), max_size=4),
        st.data(),
    )
    def test_blanks_anywhere_change_nothing(
        self, name: str, blanks: list[str], data: st.DataObject
    ):
        spaced = name
        for blank in blanks:
            place = data.draw(st.integers(0, len(spaced)))
            spaced = spaced[:place] + blank + spaced[place:]
        assert meaning(spaced) == REGISTER.spellings[name]

    @pytest.mark.parametrize(
        ("written", "unit"),
        [
            ("延边州", "延边朝鲜族自治州"),  # not 盐边县
            ("大兴安岭", "大兴安岭地区"),  # not 大兴区
            ("吉林", "吉林"),
            ("吉林市", "吉林"),
            ("海南州", "海南藏族自治州"),
            ("青海海南", "海南藏族自治州"),
            ("襄樊", "襄阳"),
            ("襄樊市", "襄阳"),
            ("湖北省襄樊市", "襄阳"),
            ("思茅", "普洱"),
            ("伊克昭盟", "鄂尔多斯"),
            ("毕节地区", "毕节"),
            ("巴州", "巴音郭楞蒙古自治州"),
            ("１１００００", "北京"),
            ("110000.0", "北京"),
        ],
    )
    def test_other_names(self, written: str, unit: str):
        assert meaning(written) == unit

    @pytest.mark.parametrize(
        "written",
        [
            "恩施市",
            "大理市",
            "喀什市",
            "南宁地区",
            "长沙县",
            "朝阳区",
            "海南",
            "吉林省",
            "110101",
            "",
        ],
    )
    def test_names_of_something_else(self, written: str):
        assert meaning(written) is None

    def test_every_other_name_leads_to_a_unit(self):
        aliases = about_cities().aliases
        assert {alias.unit for alias in aliases.values()} <= set(TABLE.index)
        assert [meaning(name) for name in aliases] == [alias.unit for alias in aliases.values()]
        for former in about_cities().former.values():
            assert set(former.into) <= set(TABLE.index)

    def test_index_name_and_gaps_are_kept(self):
        names = pd.Series(["长沙市", None, "伦敦", np.nan], index=[5, 3, 9, 1], name="unit")
        expected = pd.Series(
            ["长沙", None, None, None], index=[5, 3, 9, 1], name="unit", dtype="str"
        )
        pd.testing.assert_series_equal(REGISTER.resolve(names), expected)

    def test_categories_and_nothing(self):
        assert REGISTER.resolve(pd.Series(["长沙市"], dtype="category")).tolist() == ["长沙"]
        assert REGISTER.resolve([]).empty

    def test_the_published_sample_is_all_but_two(self):
        resolved = REGISTER.resolve(SAMPLE)
        assert resolved.tolist() == SAMPLE
        assert len(set(SAMPLE)) == 335
        assert set(TABLE.index) - set(SAMPLE) == {"三沙", "儋州"}


class TestFindings:
    def test_one_finding_for_each_unknown_name(self):
        names = ["长沙", "长杀", "伦敦", " 长 杀", None, "长杀", "", "\u3000"]
        cells = pd.Series(names, index=[2, 3, 4, 7, 8, 9, 10, 11])
        units, found = REGISTER.resolve_column(cells, "calls.csv", "unit")
        assert units.index.equals(cells.index)
        assert units.notna().tolist() == [True] + [False] * 7
        assert found == (
            Finding(
                "unknown-unit", Severity.ERROR, "calls.csv", 3, "unit", "a unit of the register",
                "'长杀'", "did you mean 长沙?", 3,
            ),
            Finding(
                "unknown-unit", Severity.ERROR, "calls.csv", 4, "unit", "a unit of the register",
                "'伦敦'", "none of the 337 units comes near", 1,
            ),
        )  # fmt: skip

    def test_all_known_names_have_none(self):
        assert said_of(*TABLE.index) == ()

    def test_unknown_findings_take_names_and_their_rows(self):
        names = pd.Series(["伦敦", "长沙", "伦敦"], index=[40, 41, 42])
        (found,) = REGISTER.unknown_findings(names, [9, 10, 11], "a.csv", "city")
        assert (found.file, found.row, found.column, found.count) == ("a.csv", 9, "city", 2)

    @pytest.mark.parametrize(
        ("written", "hint"),
        [
            ("恩施市", "did you mean 恩施土家族苗族自治州?"),
            ("长沙县", "did you mean 长沙?"),
            ("湘西土家族自治州", "did you mean 湘西土家族苗族自治州?"),
            ("山西省太源市", "did you mean 太原?"),
            ("克孜勒苏柯尔克兹自治州", "did you mean 克孜勒苏柯尔克孜自治州?"),
            ("石家庒", "did you mean 石家庄?"),
        ],
    )
    def test_nearest(self, written: str, hint: str):
        (found,) = said_of(written)
        assert (found.check, found.hint) == ("unknown-unit", hint)

    @pytest.mark.parametrize("written", ["广东", "广东省", " 广 东 省"])
    def test_a_province_where_a_city_belongs(self, written: str):
        (found,) = said_of(written)
        assert found.check == "province-as-unit"
        assert found.hint == "广东省 is a province: write one of its cities, such as 广州"

    def test_every_province_is_refused_unless_a_city_has_its_name(self):
        official = official_provinces(TABLE, about_cities())
        cities = {"北京", "天津", "上海", "重庆"}
        full = [name for short, name in official.items() if short not in cities]
        assert len(full) == 27
        assert [f.check for f in said_of(*full)] == ["province-as-unit"] * 27
        short = [short for short in official if short not in cities | {"吉林", "海南"}]
        assert [f.check for f in said_of(*short)] == ["province-as-unit"] * 25
        assert official["内蒙古"] == "内蒙古自治区" and official["河北"] == "河北省"

    def test_hainan_alone_may_be_two_things(self):
        (found,) = said_of("海南")
        assert found.check == "ambiguous-unit"
        assert "海南藏族自治州" in found.hint and "海口" in found.hint
        (province,) = said_of("海南省")
        assert province.check == "province-as-unit" and "藏族" not in province.hint

    def test_what_is_not_or_no_longer_in_the_register(self):
        hongkong, laiwu, chaohu = said_of("香港", "莱芜", "巢湖市")
        assert hongkong.check == "outside-register"
        assert (laiwu.check, laiwu.hint) == (
            "former-unit", "莱芜市 was dissolved in 2019; its territory is in 济南",
        )  # fmt: skip
        assert chaohu.hint.endswith("合肥, 芜湖, 马鞍山")

    def test_private_numbers_are_not_repeated(self):
        (found,) = said_of("13800138000")
        assert "138" not in found.got

    @given(st.lists(st.one_of(st.none(), st.text(max_size=6), st.integers(), st.floats())))
    def test_every_record_is_resolved_blank_or_counted(self, names: list[object]):
        cells = pd.Series(names, dtype=object)
        units, found = REGISTER.resolve_column(cells, "f.csv", "unit")
        blank = cells.isna() | cells.map(lambda name: not REGISTER.clean(str(name)))
        assert units.notna().sum() + blank.sum() + sum(f.count for f in found) == len(names)


class TestFromCsv:
    def test_only_units_are_needed(self, tmp_path: Path):
        register = Register.from_csv(write(tmp_path, "unit\nNamibia\nChile\nNA\n"))
        assert register.table.index.tolist() == ["Namibia", "Chile", "NA"]
        assert register.resolve([" Chile\t", "chile", "NA"]).tolist()[::2] == ["Chile", "NA"]
        assert register.resolve(["chile"]).isna().all()
        assert register.table.sort_values("pinyin_key").index.tolist() == ["Chile", "NA", "Namibia"]

    def test_near_misses_are_named(self, tmp_path: Path):
        register = Register.from_csv(write(tmp_path, "unit\nGermany\nChile\n"))
        _, (found,) = register.resolve_column(pd.Series(["germany"], index=[2]), "k.csv", "unit")
        assert found.hint == "did you mean Germany?"

    def test_other_columns_are_kept_and_names_and_codes_read(self, tmp_path: Path):
        text = (
            "unit,name,code,coastal,size\nChile,Republic of Chile,152,TRUE,3\nMali,,466,false,4\n"
        )
        register = Register.from_csv(write(tmp_path, text))
        assert register.table["coastal"].tolist() == [True, False]
        assert register.table["size"].tolist() == ["3", "4"]
        assert register.resolve(["Republic of Chile", 466]).tolist() == ["Chile", "Mali"]

    def test_the_key_of_the_file_is_kept(self, tmp_path: Path):
        register = Register.from_csv(write(tmp_path, "unit,pinyin_key\n乐清,yue4 qing1\n"))
        assert register.table.at["乐清", "pinyin_key"] == "yue4 qing1"

    def test_how_the_file_was_read_is_told(self, tmp_path: Path):
        path = tmp_path / "units.csv"
        path.write_bytes("unit\n甲区\n乙区\n".encode("gb18030"))
        register = Register.from_csv(path)
        assert register.table.index.tolist() == ["甲区", "乙区"]
        assert [f.check for f in register.findings] == ["encoding"]

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("units\nA\n", [("missing-column", 1, "did you mean 'units'?")]),
            ("unit\n", [("no-records", 2, "add them")]),
            (
                "unit,size\nA,1\n,2\nA,3\nB,4\nB,5\n",
                [
                    ("empty-cell", 3, "name the unit"),
                    ("duplicate-unit", 4, "remove the copy"),
                    ("duplicate-unit", 6, "remove the copy"),
                ],
            ),
            (
                "unit,coastal\nA,yes\nB,true\nC,\n",
                [
                    ("wrong-value", 2, "write one of the two for every unit"),
                    ("wrong-value", 4, "write one of the two for every unit"),
                ],
            ),
            ("unit,short\nA,X\nB,X\nC,A\n", [("shared-name", None, "tell the units apart")] * 2),
        ],
    )
    def test_everything_wrong_is_said(
        self, tmp_path: Path, text: str, wrong: list[tuple[str, int | None, str]]
    ):
        with pytest.raises(InputError) as caught:
            Register.from_csv(write(tmp_path, text))
        assert [(f.check, f.row, f.hint) for f in caught.value.findings] == wrong
        assert all(f.file.endswith("units.csv") for f in caught.value.findings)

    def test_no_such_file(self, tmp_path: Path):
        with pytest.raises(InputError, match="no-such-file"):
            Register.from_csv(tmp_path / "units.csv")


@pytest.mark.parametrize(
    ("written", "unit"), [("常沙市", "长沙"), ("长莎", "长沙"), ("杭洲市", "杭州")]
)
def test_among_equally_like_names_the_one_that_sounds_like_it_is_named(written, unit):
    _, (finding,) = load_register().resolve_column(
        pd.Series([written], index=[2]), "calls.csv", "unit"
    )
    assert finding.hint == f"did you mean {unit}?"
