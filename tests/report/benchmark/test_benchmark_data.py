"""What the benchmark page is given: all of the results, small, and safe in a script."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.ranks.drawn import working_error
from report.benchmark import profile_hrefs, write_benchmark
from report.benchmark.data import page_data, scale_of, syllables
from report.benchmark.words import WORDS
from report.benchmark.write import SCRIPTS, script_json

PAGE = Path(write_benchmark.__code__.co_filename).parent / "page"


def test_every_score_of_the_results_is_there(records):
    data = page_data(records)
    units = data["units"]["key"]
    assert units == records["units"]["unit"].tolist()
    table = records["scores"]
    error = working_error(
        *(table[name].to_numpy() for name in ("score", "se", "low", "high")), ndtri(0.975)
    )
    for (audience, indicator), rows in table.assign(error=error).groupby(["audience", "indicator"]):
        column = data["columns"][audience][indicator]
        own = rows.set_index("unit").reindex(units)
        score = np.array(column["s"]) / 1000
        arms = np.array([column["l"], column["h"]]) / 1000
        assert score == pytest.approx(own["score"].to_numpy(), abs=0.00051)
        assert score - arms[0] == pytest.approx(own["low"].to_numpy(), abs=0.0011)
        assert score + arms[1] == pytest.approx(own["high"].to_numpy(), abs=0.0011)
        held = np.maximum(np.array(column["e"]) / 1000, arms.max(axis=0) / data["z"])
        assert held == pytest.approx(own["error"].to_numpy(), abs=0.0011)
        rank = np.array(column["r"])
        if (audience, indicator) != ("all", "total"):
            ranked = own["score"].rank(ascending=False, method="min")
            assert rank.tolist() == ranked.astype(int).tolist()


def test_the_data_of_335_cities_stay_small(records, tmp_path):
    write_benchmark(records, tmp_path)
    assert (tmp_path / "data.js").stat().st_size < 800_000
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html", "data.js", "benchmark.js", "benchmark.css",
    }  # fmt: skip


def test_the_same_results_give_the_same_bytes(records, tmp_path):
    for folder in ("one", "two"):
        write_benchmark(records, tmp_path / folder)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_script_cannot_be_left_from_within_a_text():
    text = "</script><!--\u2028 & 长沙"
    held = script_json({"a": text})
    assert not re.search("[<>&\u2028]", held) and json.loads(held) == {"a": text}
    with pytest.raises(ValueError):
        script_json({"a": float("nan")})


def test_published_grades_make_a_page_without_figures(published, tmp_path):
    data = page_data(published)
    assert data["columns"] == {} and data["indicators"] == [] and data["audiences"] == []
    assert data["grades"]["order"][:2] == ["A+", "A"] and set(data["grades"]["p"]) == {None}
    write_benchmark(published, tmp_path)
    assert "只公布了等级" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_another_index_needs_no_columns_of_cities(records, tmp_path):
    bare = records["units"][["unit"]]
    tables = {
        name: table for name, table in records.tables.items() if name in ("scores", "indicators")
    }
    scores = tables["scores"].assign(score=tables["scores"]["score"] * 10)
    other = replace(records, tables={**tables, "scores": scores, "units": bare})
    data = page_data(other)
    assert data["groupings"] == [] and data["best"] == 100
    assert set(data["grades"]["grade"]) == {None}
    write_benchmark(other, tmp_path)


def test_a_score_without_an_error_has_no_interval(records):
    scores = records["scores"].copy()
    blind = (scores["unit"] == "长沙") & (scores["indicator"] == "goal")
    scores.loc[blind, ["se", "low", "high"]] = np.nan
    data = page_data(replace(records, tables={**records.tables, "scores": scores}))
    at = data["units"]["key"].index("长沙")
    column = data["columns"]["all"]["goal"]
    assert column["s"][at] is not None and column["e"][at] is None and column["l"][at] is None


@pytest.mark.parametrize(("top", "scale"), [(9.7, 10), (10.0, 10), (0.4, 1), (87.0, 100)])
def test_the_scale_is_the_power_of_ten_above(top, scale):
    assert scale_of(np.array([0.1, top, np.nan])) == scale


def test_syllables_lose_their_tones():
    assert syllables("chang2长 sha1沙") == ["chang", "sha"]
    assert syllables("") == []


def test_both_languages_say_the_same_of_everything():
    for key, pair in WORDS.items():
        holes = [sorted(re.findall(r"\{\w+\}", text)) for text in pair]
        assert holes[0] == holes[1], key
        assert all(pair), key
        assert not re.search("[一-鿿]", pair[1]), key


def test_every_phrase_is_used_and_every_used_phrase_is_there():
    code = "".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    python = "".join(
        path.read_text(encoding="utf-8")
        for path in PAGE.parent.glob("*.py")
        if path.stem != "words"
    )
    for key in WORDS:
        stem = re.sub("_(grades|one|group|all|(higher|lower|none|unjudged)(_one)?)$", "", key)
        assert (
            f'"{key}"' in code or f'"{stem}_' in code or f'"{stem}"' in code
            or re.search(rf"words\.{key}\b", page) or f'"{key}"' in python
        ), key  # fmt: skip
    for key in {*re.findall(r'say\("(\w+)"[,)]', code), *re.findall(r"words\.(\w+)", page)}:
        assert key in WORDS, key


def test_no_script_reads_a_name_as_markup():
    code = "".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", code)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(", code)


def test_profiles_are_linked_where_they_are(records):
    data = page_data(records, lambda unit: f"../p/{unit}.html" if unit != "北京" else None)
    linked = pd.Series(data["units"]["href"], index=data["units"]["key"])
    assert linked["长沙"] == "../p/长沙.html" and linked.isna().sum() == 1


def test_published_profiles_lie_beside_the_page(records):
    href = profile_hrefs(records)
    assert href("长沙") == "../profiles/430100-changsha.html" and href("nowhere") is None
    held = [href(unit) for unit in records["units"]["unit"]]
    assert len(set(held)) == len(held)


def test_a_nearly_certain_grade_is_not_made_certain(records):
    grades = records["grades"].assign(p_grade=0.9995)
    data = page_data(replace(records, tables={**records.tables, "grades": grades}))
    assert set(data["grades"]["p"]) == {0.9995}
