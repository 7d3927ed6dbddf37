"""What units are called in each language."""

import re

import pandas as pd

from report.labels import group_label
from report.results import Results

SYLLABLE = re.compile(r"^([a-z]+)\d?")


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

    In English the word for its level is left off, and the province is added where two names would
    be one: ``Suzhou (Jiangsu)``. A unit of another register, without pinyin, keeps its own name.
    """
    units = results["units"]
    own = dict(zip(units["unit"], units["unit"], strict=True))
    if results.lang == "zh" or "pinyin_key" not in units:
        return own
    short = units["short"] if "short" in units else units["unit"]
    named = pd.Series(
        [
            romanised(str(key), len(brief) if unit.startswith(brief) else None) or unit
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
