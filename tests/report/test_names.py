import pytest

from report.names import romanised, unit_names


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
