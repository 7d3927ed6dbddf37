"""Names of files for units and groups: safe on every file system, and each its own."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

from report.names import romanised
from report.results import Results

LONGEST = 60
PORTS = (f"{name}{n}" for name in ("com", "lpt") for n in "123456789")
RESERVED = frozenset(["index", "con", "prn", "aux", "nul", *PORTS])
"""Taken: the page that lists them all, and what Windows keeps for devices."""


def slug(text: str) -> str:
    """Return a text in small Latin letters, digits and hyphens; "" where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").lower())[:LONGEST].strip("-")


def unique_stems(wanted: Iterable[str]) -> list[str]:
    """Return file names without ending, in order; one that is taken gets the next free number."""
    taken, stems = set(RESERVED), []
    for each in wanted:
        stem, number = each or "unit", 1
        while stem in taken:
            number += 1
            stem = f"{each or 'unit'}-{number}"
        taken.add(stem)
        stems.append(stem)
    return stems


def profile_stems(results: Results) -> dict[str, str]:
    """Return the file name of every unit's profile, without ending: ``430100-changsha``.

    It is made of code and pinyin, the same in each language and whichever profiles are written.
    """
    units = results["units"]
    codes = units["code"].fillna("").astype(str) if "code" in units else [""] * len(units)
    return dict(
        zip(
            units["unit"].astype(str),
            unique_stems(
                "-".join(filter(None, (slug(code), name)))
                for code, name in zip(codes, _latin(units), strict=True)
            ),
            strict=True,
        )
    )


def _latin(units: pd.DataFrame) -> list[str]:
    short = (units["short"] if "short" in units else units["unit"]).fillna(units["unit"])
    keys = units["pinyin_key"] if "pinyin_key" in units else pd.Series("", index=units.index)
    return [
        slug(romanised(str(key), len(brief) if str(unit).startswith(brief) else None))
        or slug(str(unit))
        for unit, brief, key in zip(units["unit"], short.astype(str), keys, strict=True)
    ]


def province_stems(provinces: Iterable[str], english: Mapping[str, str]) -> dict[str, str]:
    """Return the file name of every province's report, without ending: ``hunan``.

    Parameters
    ----------
    provinces
        As the table ``units`` has them.
    english
        Their names in English.
    """
    names = list(dict.fromkeys(provinces))
    wanted = (slug(english.get(name, name)) or "province" for name in names)
    return dict(zip(names, unique_stems(wanted), strict=True))
