"""Pinyin order: names of places sorted as a Chinese list sorts them."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

READINGS = {
    "长治": "cháng zhì",
    "朝阳": "cháo yáng",
    "漯河": "luò hé",
    "昌都": "chāng dū",
    "廊坊": "láng fáng",
    "张掖": "zhāng yè",
    "济源": "jǐ yuán",
    "阿勒泰": "ā lè tài",
    "锡林郭勒": "xī lín guō lè",
    "克孜勒苏": "kè zī lè sū",
    "内蒙古": "nèi měng gǔ",
    "蒙古": "měng gǔ",
}
"""Names that pypinyin 0.55 reads wrongly, with the reading of the place."""


def pinyin_key(name: str) -> str:
    """Return a string by which `name` sorts in pinyin order.

    Characters are compared one after the other, each by its syllable, then by its tone, then by
    the character itself: 安阳 and 安康 stand together, 鞍山 does not come between them. That is the
    order of Chinese dictionaries and of the published lists, but for one thing: they order
    characters of the same sound by their strokes, this key by their Unicode code points.

    Parameters
    ----------
    name
        Any text. Characters that pypinyin cannot read sort as themselves, without case.

    Returns
    -------
    One token a character, parted by spaces: ``"chang2长 sha1沙"``. ü is written v.
    """
    tokens = zip(_read(name), name, strict=True)
    return " ".join(char.casefold() if token == char else token + char for token, char in tokens)


def sort_by_pinyin(names: Iterable[str]) -> list[str]:
    """Sort names by `pinyin_key`; where two keys are the same (``A`` and ``a``), by the string."""
    return sorted(names, key=lambda name: (pinyin_key(name), name))


def _read(name: str) -> list[str]:
    """Return a syllable with its tone for each character, or the character itself."""
    return [readings[0] for readings in _reader()(name)]


@cache
def _reader() -> Callable[[str], list[list[str]]]:
    """Load pypinyin, which takes a moment, and teach it `READINGS` (for the whole process)."""
    from pypinyin import Style, load_phrases_dict, pinyin

    load_phrases_dict({name: [[s] for s in read.split()] for name, read in READINGS.items()})
    apart: Any = list  # pypinyin takes a list of characters for what it cannot read
    return lambda name: pinyin(name, Style.TONE3, errors=apart, neutral_tone_with_five=True)
