import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from survey.pinyin import READINGS, pinyin_key, sort_by_pinyin

PUBLISHED = yaml.safe_load(
    Path(__file__).with_name("published_2021.yaml").read_text(encoding="utf-8")
)


def letters(name: str) -> str:
    return " ".join(token.rstrip("".join(name)) for token in pinyin_key(name).split())


# Readings of places after 现代汉语词典 (7th ed.) and its list of place names.
@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("长治", "chang2 zhi4"),
        ("朝阳", "chao2 yang2"),
        ("漯河", "luo4 he2"),
        ("昌都", "chang1 du1"),
        ("廊坊", "lang2 fang2"),
        ("张掖", "zhang1 ye4"),
        ("济源", "ji3 yuan2"),
        ("阿勒泰地区", "a1 le4 tai4 di4 qu1"),
        ("锡林郭勒盟", "xi1 lin2 guo1 le4 meng2"),
        ("克孜勒苏", "ke4 zi1 le4 su1"),
        ("内蒙古", "nei4 meng3 gu3"),
        ("博尔塔拉蒙古自治州", "bo2 er3 ta3 la1 meng3 gu3 zi4 zhi4 zhou1"),
        ("重庆", "chong2 qing4"),
        ("长沙", "chang2 sha1"),
        ("长春", "chang2 chun1"),
        ("台州", "tai1 zhou1"),
        ("烟台", "yan1 tai2"),
        ("六安", "lu4 an1"),
        ("六盘水", "liu4 pan2 shui3"),
        ("蚌埠", "beng4 bu4"),
        ("亳州", "bo2 zhou1"),
        ("丽水", "li2 shui3"),
        ("丽江", "li4 jiang1"),
        ("乐山", "le4 shan1"),
        ("莆田", "pu2 tian2"),
        ("厦门", "xia4 men2"),
        ("西藏", "xi1 zang4"),
        ("东莞", "dong1 guan3"),
        ("郴州", "chen1 zhou1"),
        ("儋州", "dan1 zhou1"),
        ("吕梁", "lv3 liang2"),
        ("延边朝鲜族自治州", "yan2 bian1 chao2 xian3 zu2 zi4 zhi4 zhou1"),
        ("陕西", "shan3 xi1"),
        ("山西", "shan1 xi1"),
        ("济南", "ji3 nan2"),
        ("宿迁", "su4 qian1"),
        ("临沂", "lin2 yi2"),
        ("歙县", "she4 xian4"),
    ],
)
def test_readings(name: str, reading: str):
    assert letters(name) == reading


@pytest.mark.parametrize("name", READINGS)
def test_every_entry_mends_a_wrong_reading_of_pypinyin(name: str):
    code = (
        "from pypinyin import pinyin, Style;"
        f"print(' '.join(s for s, in pinyin({name!r}, style=Style.TONE)))"
    )
    plain = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert plain.stdout.strip() != READINGS[name]


def test_syllables_then_tones_then_characters():
    names = [
        "鞍山",
        "安阳",
        "重庆",
        "长治",
        "常德",
        "长沙",
        "昌都",
        "长春",
        "北京",
        "安康",
        "鹤壁",
        "黑河",
    ]
    assert sort_by_pinyin(names) == [
        "安康", "安阳", "鞍山", "北京", "昌都", "常德", "长春", "长沙", "长治", "重庆", "鹤壁", "黑河",
    ]  # fmt: skip


def test_u_umlaut_comes_after_u():
    assert sort_by_pinyin(["吕梁", "洛阳", "泸州"]) == ["泸州", "洛阳", "吕梁"]


def test_names_that_are_not_chinese_sort_without_case_and_ties_by_the_string():
    assert sort_by_pinyin(["b", "a", "B", "A"]) == ["A", "a", "B", "b"]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_text_has_a_key_and_order_does_not_depend_on_the_input(names: list[str]):
    assert sort_by_pinyin(names) == sort_by_pinyin(names[::-1])


def test_the_published_order_but_for_its_misreadings_and_strokes():
    steps = [pair for cities in PUBLISHED.values() for pair in pairwise(cities.split())]
    differs = {pair for pair in steps if pinyin_key(pair[0]) > pinyin_key(pair[1])}
    misread = {
        ("银川", "长沙"),  # zhang
        ("玉树藏族自治州", "长春"),
        ("岳阳", "长治"),
        ("郑州", "重庆"),  # zhong
        ("厦门", "沈阳"),  # sha
        ("六安", "六盘水"),  # liu
        ("武威", "宿州"),  # xiu
    }
    strokes = {("辽源", "聊城"), ("贵港", "桂林"), ("芜湖", "吴忠"), ("林芝", "临沧")}
    assert differs == misread | strokes
