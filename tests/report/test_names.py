import pytest

from report.names import USUAL, in_order, romanised, unit_names
from survey.register import load_register


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("chang2长 sha1沙", "Changsha"),
        ("xi1西 an1安", "Xi'an"),
        ("lv3吕 liang2梁", "Lüliang"),
        ("e4鄂 er3尔 duo1多 si1斯", "E'erduosi"),
    ],
)
def test_names_are_romanised_as_maps_write_them(key, name):
    assert romanised(key) == name


def test_names_in_chinese_are_their_own(records):
    names = unit_names(records)
    assert all(unit == name for unit, name in names.items())


def test_no_two_units_share_an_english_name(records):
    names = unit_names(records.told_in("en"))
    assert len(set(names.values())) == len(names)
    assert all(name[0].isascii() or name[0] == "Ü" for name in names.values())


def test_cities_of_other_languages_have_their_usual_english_names(records):
    names = unit_names(records.told_in("en"))
    assert {unit: names[unit] for unit in ("拉萨", "哈尔滨", "呼和浩特", "乌鲁木齐", "呼伦贝尔")} == {
        "拉萨": "Lhasa", "哈尔滨": "Harbin", "呼和浩特": "Hohhot", "乌鲁木齐": "Urumqi",
        "呼伦贝尔": "Hulunbuir",
    }  # fmt: skip
    assert names["西安"] == "Xi'an"
    assert names["六安"] == "Lu'an"


def test_every_usual_name_is_of_a_city_of_the_register_and_not_its_pinyin():
    cities = load_register().table
    for short, name in USUAL.items():
        key = cities.loc[cities["short"] == short, "pinyin_key"]
        assert len(key) == 1
        assert romanised(key.iloc[0], len(short)) != name
        assert name.isascii()


def test_lists_are_in_order_of_pinyin_in_chinese_and_of_the_name_in_english(records):
    units = ["鄂尔多斯", "西安", "北京", "朝阳"]
    assert in_order(records, units) == ["北京", "朝阳", "鄂尔多斯", "西安"]
    assert in_order(records.told_in("en"), units) == ["北京", "朝阳", "鄂尔多斯", "西安"]
