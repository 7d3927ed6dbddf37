"""Which areas of a map are the provinces or the cities of an edition, and how dark each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report.boundaries import Area, MapSource, reaches_south
from report.figures.parts import grade_order
from report.figures.tiles import province_means
from report.labels import PROVINCES, group_label
from report.language import Lang
from report.names import unit_names
from report.results import Results
from survey.findings import Finding, InputError, Severity, display_path

WHOLE = 25
"""A map of more provinces than this is one of the whole country."""
ENDINGS = {
    "", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区",
}  # fmt: skip
"""What follows the short name of a province in its full name."""


@dataclass(frozen=True)
class Shading:
    """What is drawn in each area.

    Parameters
    ----------
    points
        The points of its grade, the worst counting 1, by the place of an area among the areas.
    missing
        Names of provinces or cities that have a grade and no area.
    cities
        Whether the areas are cities; else they are provinces, shaded by their mean.
    """

    points: Mapping[int, float]
    missing: tuple[str, ...]
    cities: bool = False


def shade(results: Results, areas: Sequence[Area], source: MapSource, lang: Lang) -> Shading:
    """Return how each area is shaded: as cities where most areas are cities, else as provinces.

    Raises
    ------
    InputError
        Where no area is one of the edition's, or a map of the whole country lacks its south.
    """
    provinces = found_provinces(results, areas)
    cities = found_cities(results, areas)
    if len(_covered(results, provinces, cities)) > WHOLE and not reaches_south(areas):
        needed = "the South China Sea islands and dash lines on a map of the whole country"
        raise _refused(source, needed, "nothing south of 18°N")
    if len(cities) > len(provinces):
        grades = grade_order(results)
        graded = results["grades"].dropna(subset=["grade"]).set_index("unit")["grade"]
        points = len(grades) - graded.map(grades.index).astype(float)
        names, found = unit_names(results.told_in(lang)), cities
    else:
        points = province_means(results)["mean"]
        names, found = {str(p): group_label(str(p), lang) for p in points.index}, provinces
    if not set(found.values()) & set(points.index):
        raise _refused(source, "areas named like the provinces or cities", _named(areas))
    there = set(found.values())
    return Shading(
        {at: float(points[name]) for at, name in found.items() if name in points.index},
        tuple(names[str(name)] for name in points.index if name not in there),
        cities=found is cities,
    )


def _covered(results: Results, provinces: Mapping[int, str], cities: Mapping[int, str]) -> set[str]:
    """Return the provinces that are there, as areas or by a city of theirs."""
    units = results["units"]
    own = units.loc[units["unit"].isin(list(cities.values())), "province"].dropna()
    return {*provinces.values(), *own}


def found_provinces(results: Results, areas: Sequence[Area]) -> dict[int, str]:
    """Return the short name of the province of each area that is one, by its place.

    An area is known by its name, or by the code that the codes of the province's cities begin
    with (GB/T 2260).
    """
    codes: dict[str, str] = {}
    units = results["units"]
    if "code" in units and "province" in units:
        known = units.dropna(subset=["code", "province"])
        codes = dict(zip(known["code"].astype(str).str[:2], known["province"], strict=True))
    found = {at: _province(area, codes) for at, area in enumerate(areas)}
    return {at: name for at, name in found.items() if name is not None}


def _province(area: Area, codes: Mapping[str, str]) -> str | None:
    for name in area.names:
        for province in PROVINCES:
            if name.startswith(province) and name.removeprefix(province) in ENDINGS:
                return province
    for code in area.codes:
        if len(code) == 2 or (len(code) == 6 and code.endswith("0000")):
            return codes.get(code[:2])
    return None


def found_cities(results: Results, areas: Sequence[Area]) -> dict[int, str]:
    """Return the unit of each area that is one, by its place: known by code, name or short name."""
    units = results["units"]
    known: dict[str, str] = {}
    for column in ("short", "unit", "name", "code"):
        if column in units:
            there = units.dropna(subset=[column])
            known |= dict(zip(there[column].astype(str), there["unit"], strict=True))
    keys = [next((k for k in (*a.codes, *a.names) if k in known), None) for a in areas]
    return {at: known[key] for at, key in enumerate(keys) if key is not None}


def _named(areas: Sequence[Area]) -> str:
    names = [next(iter((*area.names, *area.codes)), "") for area in areas]
    return ", ".join([name for name in names if name][:3]) or "areas without a name"


def _refused(source: MapSource, expected: str, got: str) -> InputError:
    where = display_path(source.path)
    return InputError([Finding("map-file", Severity.ERROR, where, None, "", expected, got)])
