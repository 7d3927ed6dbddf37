"""Boundaries of provinces or cities from a GeoJSON file (RFC 7946) that the publisher gives."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from survey.findings import Finding, InputError, Severity, display_path

NAMES = ("name", "NAME", "Name", "fullname", "full_name", "名称", "省", "市")
CODES = ("adcode", "code", "CODE", "gb", "id", "pac", "PAC", "行政代码")
"""Properties that tell which area a feature is."""
SOUTH = 18.0
"""South of this latitude there is the South China Sea alone; Hainan lies just north of it."""
MOST_TOLD = 5


@dataclass(frozen=True)
class MapSource:
    """Where a map comes from.

    Parameters
    ----------
    path
        A GeoJSON file with longitudes and latitudes.
    source
        Who made it, under ``zh`` and ``en``.
    approval
        The number under which it was approved for publication (审图号), or None.
    """

    path: Path
    source: Mapping[str, str]
    approval: str | None = None


@dataclass(frozen=True)
class Area:
    """A feature of a map: an area, or lines only.

    Parameters
    ----------
    names, codes
        What its properties call it.
    rings
        Closed outlines, shape (P, 2): longitude, latitude; holes among them.
    lines
        Open lines, such as the dashes in the South China Sea.
    """

    names: tuple[str, ...]
    codes: tuple[str, ...]
    rings: tuple[np.ndarray, ...]
    lines: tuple[np.ndarray, ...]


def read_map(meta: Mapping[str, Any]) -> MapSource | None:
    """Return the map that an edition names (``meta["map"]``), or None where it names none."""
    given = meta.get("map")
    if not given:
        return None
    return MapSource(Path(given["path"]), dict(given["source"]), given.get("approval") or None)


def read_areas(source: MapSource) -> tuple[Area, ...]:
    """Read the features of a map.

    Raises
    ------
    InputError
        Where the file cannot be read, is no FeatureCollection, or holds geometries that are no
        areas or lines, or are not in longitudes and latitudes; all such features at once.
    """
    features = _features(source.path)
    areas, wrong = [], []
    for at, feature in enumerate(features, start=1):
        try:
            areas.append(_area(feature))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            wrong.append(_refused(source.path, f"features[{at}]", GEOMETRY, _told(error)))
    if wrong:
        raise InputError(wrong[:MOST_TOLD])
    return tuple(areas)


def reaches_south(areas: Sequence[Area]) -> bool:
    """Tell whether anything lies in the South China Sea."""
    return any((path[:, 1] < SOUTH).any() for a in areas for path in (*a.rings, *a.lines))


GEOMETRY = "a Polygon, MultiPolygon, LineString or MultiLineString in longitudes and latitudes"


def _features(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [_refused(path, "map.boundaries", "a GeoJSON file", _told(error))]
        ) from None
    except json.JSONDecodeError as error:
        raise InputError([_refused(path, "", "JSON", error.msg, row=error.lineno)]) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        got = found.get("type", "an object") if isinstance(found, dict) else type(found).__name__
        raise InputError([_refused(path, "", "a FeatureCollection with features", str(got))])
    return features


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    if isinstance(error, UnicodeDecodeError):
        return "text that is not UTF-8"
    if isinstance(error, KeyError):
        return f"no {error.args[0]}"
    return str(error)


def _refused(path: Path, where: str, expected: str, got: str, row: int | None = None) -> Finding:
    return Finding("map-file", Severity.ERROR, display_path(path), row, where, expected, got)


def _area(feature: Mapping[str, Any]) -> Area:
    told = feature.get("properties") or {}
    geometry = feature["geometry"]
    if not isinstance(geometry, dict):
        raise ValueError("no geometry")
    kind, places = geometry["type"], geometry["coordinates"]
    rings: tuple[np.ndarray, ...] = ()
    lines: tuple[np.ndarray, ...] = ()
    if kind == "Polygon":
        rings = _paths(places)
    elif kind == "MultiPolygon":
        rings = _paths(ring for polygon in places for ring in polygon)
    elif kind == "LineString":
        lines = _paths([places])
    elif kind == "MultiLineString":
        lines = _paths(places)
    else:
        raise ValueError(str(kind))
    names = tuple(str(told[key]).strip() for key in NAMES if told.get(key))
    codes = tuple(_code(told[key]) for key in CODES if told.get(key))
    return Area(names, codes, rings, lines)


def _paths(places: Iterable[Any]) -> tuple[np.ndarray, ...]:
    paths = []
    for each in places:
        path = np.asarray(each, dtype=float)
        if path.ndim != 2 or path.shape[1] < 2 or len(path) < 2:
            raise ValueError("coordinates that are no line of points")
        path = path[:, :2]
        if not np.isfinite(path).all() or (np.abs(path) > (180, 90)).any():
            raise ValueError("coordinates beyond 180 and 90 degrees")
        paths.append(path)
    return tuple(paths)


def _code(given: Any) -> str:
    """Return a code of GB/T 2260; codes of the national basic data (GB) begin with 156."""
    code = str(given).strip()
    return code[3:] if len(code) == 9 and code.startswith("156") else code
