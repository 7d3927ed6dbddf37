"""What units are called in each language."""

import re
from collections.abc import Iterable

import pandas as pd

from report.labels import group_label
from report.results import Results

SYLLABLE = re.compile(r"^([a-z]+)\d?")

USUAL = {
    "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur",
    "乌兰察布": "Ulanqab", "兴安": "Hinggan", "锡林郭勒": "Xilingol", "阿拉善": "Alxa",
    "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar", "甘孜": "Garze", "果洛": "Golog",
    "拉萨": "Lhasa", "日喀则": "Xigaze", "昌都": "Qamdo", "林芝": "Nyingchi",
    "那曲": "Nagqu", "阿里": "Ngari", "乌鲁木齐": "Urumqi", "克拉玛依": "Karamay",
    "吐鲁番": "Turpan", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "阿克苏": "Aksu",
    "克孜勒苏": "Kizilsu", "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili", "阿勒泰": "Altay",
}  # fmt: skip
"""Usual English names of cities whose name comes from another language than Chinese, where they are
not the pinyin of the characters. Most follow the romanisation from that language
(少数民族语地名汉语拼音字母音译转写法, 1976), without its accents."""


def romanised(pinyin_key: str, characters: int | None = None) -> str:
    """Return a name in Hanyu Pinyin as maps write it: ``Xi'an``, ``Changsha``, ``Lüliang``.

    Parameters
    ----------
    pinyin_key
        Syllables with tones, each followed by its character, as the register holds them:
        ``"xi1西 an1安"``.
    characters
        How many to write; all of them by default.

    Notes
    -----
    Words run together, and an apostrophe stands before a syllable that begins with a, e or o
    (GB/T 28039-2011).
    """
    found = [SYLLABLE.match(part) for part in pinyin_key.split()[:characters]]
    syllables = [re.sub("^([ln])v", r"\1ü", match[1]) for match in found if match]
    joined = "".join(
        ("'" if place and each[0] in "aeo" else "") + each for place, each in enumerate(syllables)
    )
    return joined[:1].upper() + joined[1:]


def unit_names(results: Results) -> dict[str, str]:
    """Return the name of every unit in the language of the results.

    In English the word for its level is left off, cities of `USUAL` have their usual name, and the
    province is added where two names would be one: ``Suzhou (Jiangsu)``. A unit of another
    register, without pinyin, keeps its own name.
    """
    units = results["units"]
    own = dict(zip(units["unit"], units["unit"], strict=True))
    if results.lang == "zh" or "pinyin_key" not in units:
        return own
    short = units["short"] if "short" in units else units["unit"]
    named = pd.Series(
        [
            USUAL.get(brief)
            or romanised(str(key), len(brief) if unit.startswith(brief) else None)
            or unit
            for key, brief, unit in zip(
                units["pinyin_key"], short.fillna(units["unit"]), units["unit"], strict=True
            )
        ],
        index=units.index,
    )
    if "province" in units:
        province = " (" + units["province"].map(lambda each: group_label(str(each), "en")) + ")"
        named = named.where(~named.duplicated(keep=False), named + province)
    return dict(zip(units["unit"], named, strict=True))


def in_order(results: Results, units: Iterable[str]) -> list[str]:
    """Return units in the order of lists: by pinyin in Chinese, by name in English."""
    own = list(units)
    if results.lang == "en":
        names = unit_names(results)
        return sorted(own, key=lambda unit: names.get(unit, unit).casefold())
    table = results["units"]
    by = "pinyin_key" if "pinyin_key" in table else "unit"
    keys = dict(zip(table["unit"], table[by].astype(str), strict=True))
    return sorted(own, key=lambda unit: keys.get(unit, unit))
