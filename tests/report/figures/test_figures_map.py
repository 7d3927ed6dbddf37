"""The optional map, on a small made-up GeoJSON."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from analysed import analysed_results, made_up_map, with_map
from drawing import draw, texts
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from synthetic import GRADES

from report import figures
from report.boundaries import MapSource, read_areas, read_map
from report.figures.map import albers, thin
from report.figures.shading import shade
from report.figures.tiles import province_means
from report.results import Results
from report.style import ABSENT, grade_colors, svg
from survey.findings import InputError

RESULTS = analysed_results()


@pytest.fixture
def mapped(tmp_path: Path) -> Results:
    return with_map(RESULTS, tmp_path)


def rewritten(results: Results, found: object) -> Results:
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    Path(results.meta["map"]["path"]).write_text(text, encoding="utf-8")
    return results


def feature(kind: str, places: object, name: str = "") -> dict[str, Any]:
    return {"properties": {"name": name}, "geometry": {"type": kind, "coordinates": places}}


def test_areas_are_shaded_by_the_mean_of_their_province(mapped: Results) -> None:
    ax = draw("province_map", mapped).axes[0]
    (areas,) = (c for c in ax.collections if c.get_gid() == "areas")
    shown = [to_hex(color) for color in np.asarray(areas.get_facecolor())]
    means, scale = province_means(RESULTS)["mean"], Normalize(1, 10)
    shades = LinearSegmentedColormap.from_list("g", list(grade_colors(GRADES).values())[::-1])
    hunan, jiangxi, xinjiang, hainan = (
        to_hex(tuple(shades(scale(means[p])))) for p in ("湖南", "江西", "新疆", "海南")
    )
    assert shown == [hunan, jiangxi, xinjiang, ABSENT, hainan]


def test_the_map_has_its_box_source_and_number(mapped: Results, tmp_path: Path) -> None:
    figure = draw("province_map", mapped)
    (box,) = (a for a in figure.axes[0].child_axes if a.get_gid() == "south-china-sea")
    assert {c.get_gid() for c in box.collections} == {"areas", "lines"}
    shown = texts(figure)
    assert {"示意图", "底图来源：某图", "模拟数据", "南海诸岛"} <= set(shown)
    assert any("未入图" in each for each in shown)
    english = texts(draw("province_map", mapped, "en"))
    assert {"Sketch, not an official map", "Simulated data"} <= set(english)
    approved = texts(draw("province_map", with_map(RESULTS, tmp_path, "审图号：GS(2024)0650号")))
    assert "示意图" not in approved
    assert "底图来源：某图\n审图号：GS(2024)0650号" in approved


def test_the_box_hides_no_land(mapped: Results) -> None:
    figure = draw("province_map", mapped)
    svg(figure)
    ax = figure.axes[0]
    (box,) = (a for a in ax.child_axes if a.get_gid() == "south-china-sea")
    (areas,) = (c for c in ax.collections if c.get_gid() == "areas")
    taiwan = ax.transData.transform(np.asarray(areas.get_paths()[3].vertices))
    assert taiwan[:, 0].max() < box.get_window_extent().x0


def test_cities_are_shaded_by_their_grade(mapped: Results) -> None:
    found: dict[str, Any] = made_up_map()
    named = zip(("长沙市", "", "西安"), ("", "156110000", ""), strict=True)
    three = [
        {**each, "properties": {"name": name, "gb": code}}
        for each, (name, code) in zip(found["features"], named, strict=False)
    ]
    results = rewritten(mapped, {**found, "features": three})
    source = read_map(results.meta)
    assert source is not None
    shading = shade(results, read_areas(source), source, "zh")
    grade = RESULTS["grades"].set_index("unit")["grade"]
    assert shading.cities
    want = {at: 10 - GRADES.index(grade[u]) for at, u in enumerate(("长沙", "北京", "西安"))}
    assert shading.points == want
    assert len(shading.missing) == 332
    boxes = [a.get_gid() for a in draw("province_map", results).axes[0].child_axes]
    assert "south-china-sea" not in boxes


def test_no_map_without_one() -> None:
    assert read_map(RESULTS.meta) is None
    assert figures.province_map(RESULTS) is None


SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 0]]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "JSON"),
        ([], "a FeatureCollection"),
        ({"type": "Polygon"}, "a FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "a FeatureCollection"),
        ({"features": [feature("Point", [1, 2])]}, "a Polygon"),
        ({"features": [feature("Polygon", [[[1, "x"]]])]}, "a Polygon"),
        ({"features": [feature("LineString", [[500000, 4e6], [1, 1]])]}, "a Polygon"),
        ({"features": [{"properties": {}}]}, "a Polygon"),
        ({"features": [3]}, "a Polygon"),
        ({"features": [feature("Polygon", SQUARE, "Atlantis")]}, "areas named"),
    ],
)
def test_a_bad_file_is_one_clear_error(mapped: Results, content: object, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        figures.province_map(rewritten(mapped, content))
    finding = caught.value.findings[0]
    assert finding.check == "map-file"
    assert finding.file.endswith("map.geojson")
    assert finding.expected.startswith(expected)


def test_every_bad_feature_is_told_at_once(mapped: Results) -> None:
    bad = feature("Point", [1, 2])
    with pytest.raises(InputError) as caught:
        figures.province_map(rewritten(mapped, {"features": [bad, bad]}))
    assert [f.column for f in caught.value.findings] == ["features[1]", "features[2]"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_areas(MapSource(tmp_path / "none.geojson", {}))


def test_a_map_of_the_whole_country_needs_its_south(mapped: Results) -> None:
    places = [[[100, 30], [101, 30], [101, 31], [100, 30]]]
    names = RESULTS["units"]["province"].unique()
    provinces = [feature("Polygon", places, str(name)) for name in names]
    with pytest.raises(InputError, match="South China Sea"):
        figures.province_map(rewritten(mapped, {"features": provinces}))
    cities = [feature("Polygon", places, str(name)) for name in RESULTS["units"]["name"]]
    with pytest.raises(InputError, match="South China Sea"):
        figures.province_map(rewritten(mapped, {"features": cities}))


@pytest.mark.parametrize("south", [20.0, 45.0])
def test_albers_keeps_areas(south: float) -> None:
    along, end = np.linspace(0, 1, 60), np.ones(60)
    edge = [(along, 0 * end), (end, along), (along[::-1], end), (0 * end, along[::-1])]
    corners = np.concatenate([np.column_stack([105 + x, south + y]) for x, y in edge])
    x, y = albers(corners).T
    area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    sphere = np.radians(1) * np.diff(np.sin(np.radians([south, south + 1])))[0]
    assert area == pytest.approx(sphere, rel=1e-4)


@pytest.mark.parametrize("parallel", [25.0, 47.0])
def test_albers_keeps_lengths_along_the_standard_parallels(parallel: float) -> None:
    start, end = albers(np.array([[105.0, parallel], [105.01, parallel]]))
    length = np.radians(0.01) * np.cos(np.radians(parallel))
    assert np.linalg.norm(end - start) == pytest.approx(length, rel=1e-6)


def test_thin_outlines_keep_their_shape_and_every_island() -> None:
    angle = np.linspace(0, 2 * np.pi, 5000)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    island = 0.0001 * circle + 3
    kept = thin([circle, island, island + 0.0002], 0.01)
    assert len(kept) == 2
    assert 12 < len(kept[0]) < 500
    assert np.hypot(*kept[0].T) == pytest.approx(1, abs=0.02)
    assert kept[1].mean(axis=0) == pytest.approx([3, 3], abs=0.01)


def test_only_a_simulated_edition_bears_the_mark(mapped: Results) -> None:
    real = replace(mapped, meta={**mapped.meta, "simulated": False})
    assert "模拟数据" not in texts(draw("province_map", real))
