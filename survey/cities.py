"""Cities: what the register of Chinese cities rests on, and the names each city goes by."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from survey.findings import raise_errors
from survey.tables import read_table
from survey.yaml_source import Strict, read_yaml

CITIES = Path(__file__).parent / "data" / "cities.csv"
ABOUT = CITIES.with_suffix(".yaml")
TIERS = CITIES.with_name("tiers.csv")


class Label(Strict):
    """What something is called or means, in both languages."""

    zh: str
    en: str


class Source(Strict):
    """Where a part of the register comes from."""

    id: str
    what: str
    where: str
    licence: str


class Alias(Strict):
    """Another name of a unit; `since` is the year of its present name or kind."""

    unit: str
    since: int | None = None


class Former(Strict):
    """A unit that was dissolved in `year`, and the units that hold its territory."""

    into: tuple[str, ...]
    year: int


class AboutCities(Strict):
    """What ``survey/data/cities.yaml`` says about ``cities.csv``."""

    title: Label
    as_of: date
    units: int
    licence: str
    sources: tuple[Source, ...]
    columns: Mapping[str, Label]
    regions: Mapping[str, tuple[str, ...]]
    levels: tuple[str, ...]
    provinces: Mapping[str, str]
    outside: Mapping[str, str]
    aliases: Mapping[str, Alias]
    former: Mapping[str, Former]


class Tier(Strict):
    """A tier of cities: its name in English, how many units it has, and whether they are known."""

    en: str
    units: int
    stated: bool


class AboutTiers(Strict):
    """What ``survey/data/tiers.yaml`` says about ``tiers.csv``; `tiers` from the first down."""

    title: Label
    edition: int
    publisher: str
    licence: str
    sources: tuple[Source, ...]
    column: Label
    tiers: Mapping[str, Tier]


class Refusal(NamedTuple):
    """Why a well-known name does not mean one unit.

    Parameters
    ----------
    check
        Name of the check for the finding.
    hint
        What to write instead.
    """

    check: str
    hint: str


@cache
def about_cities() -> AboutCities:
    """Return sources, licence, definitions of the columns, and other names of the cities."""
    return read_yaml(ABOUT, AboutCities)


@cache
def about_tiers() -> AboutTiers:
    """Return the tiers of cities, the edition of the list they are from, and its sources."""
    return read_yaml(TIERS.with_suffix(".yaml"), AboutTiers)


def city_tiers(units: pd.Index) -> pd.Series:
    """Return the tier of each city, missing where it is not known.

    Parameters
    ----------
    units
        Cities by their canonical names, length units.

    Returns
    -------
    Strings, indexed by `units`; the tiers are the keys of ``about_tiers().tiers``.

    Raises
    ------
    InputError
        Where ``tiers.csv`` cannot be read.
    """
    raw = read_table(TIERS)
    raise_errors(raw.findings)
    return raw.cells.set_index("unit")["tier"].reindex(units).astype("str")


def city_spellings(table: pd.DataFrame, about: AboutCities) -> Iterator[tuple[str, str]]:
    """Yield every spelling of every city, and its unit.

    A city goes by its unit, official name, short form and other names, each alone or after the
    short or the official name of its province, and by its code. An autonomous prefecture goes by
    its short form with 州 or 自治州 and by its official name without 自治州 as well.

    Parameters
    ----------
    table
        The cities, indexed by unit.
    about
        Their other names.
    """
    official = official_provinces(table, about)
    columns = ("name", "short", "province", "level", "code")
    for unit, name, short, province, level, code in zip(
        table.index, *(table[column] for column in columns), strict=True
    ):
        names = [unit, name, short]
        if level == "自治州":
            names += [name.removesuffix(level), short + level, short + "州"]
        for other, alias in about.aliases.items():
            if alias.unit == unit:
                names += [other, re.sub(r"(?:市|地区|盟|自治州)$", "", other)]
        yield code, unit
        for before in ("", province, official[province]):
            yield from ((before + each, unit) for each in names)


def refused_names(table: pd.DataFrame, about: AboutCities) -> dict[str, Refusal]:
    """Return the names of provinces and of dissolved units, and what to write instead of them.

    吉林 stands for the city, as it is the unit's own name; 海南 is refused, as the province and the
    autonomous prefecture in Qinghai are called so alike.

    Parameters
    ----------
    table
        The cities, indexed by unit.
    about
        Provinces and dissolved units.
    """
    provinces = official_provinces(table, about)
    first = table.groupby("province", sort=False).head(1)
    city = dict(zip(first["province"], first.index, strict=True))
    shorts = dict(zip(table["short"], table.index, strict=True))
    refused: dict[str, Refusal] = {}
    for short, name in provinces.items():
        hint = f"{name} is a province: write one of its cities, such as {city[short]}"
        refused[name] = refused[short] = Refusal("province-as-unit", hint)
        if unit := shorts.get(short):
            there = f"write {unit} for that in {table.loc[unit, 'province']}; {hint}"
            refused[short] = Refusal("ambiguous-unit", there)
    for short, name in about.outside.items():
        refused[name] = refused[short] = Refusal("outside-register", f"{name} has no units in it")
    for name, former in about.former.items():
        hint = f"{name} was dissolved in {former.year}; its territory is in "
        refusal = Refusal("former-unit", hint + ", ".join(former.into))
        refused[name] = refused[name.removesuffix("市")] = refusal
    own = {*table.index, *table["name"]}
    return {name: refusal for name, refusal in refused.items() if name not in own}


def official_provinces(table: pd.DataFrame, about: AboutCities) -> dict[str, str]:
    """Return the official name of each province by its short name, in the order of the table."""
    municipal = set(table.index[table["level"].eq("直辖市").to_numpy()])
    return {
        short: about.provinces.get(short, short + ("市" if short in municipal else "省"))
        for short in dict.fromkeys(table["province"])
    }
