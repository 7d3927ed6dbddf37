"""The two example editions: the real one against what was printed, the simulated one against its calibration."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from hotline_index.cli import cli
from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint
from hotline_index.outputs import write_edition
from hotline_index.progress import Quiet
from hotline_index.simulation import simulate_edition
from hotline_index.steps import analyse
from report.prose import indicators
from report.prose.library import library
from report.prose.standing import standing
from survey.findings import InputError

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def published():
    return analyse(open_edition(ROOT / "editions/2021"))[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    home = tmp_path_factory.mktemp("editions")
    (home / "demo").mkdir()
    shutil.copy(ROOT / "editions/demo/edition.yaml", home / "demo")
    shutil.copytree(ROOT / "editions/2021/data", home / "2021/data")
    edition = open_edition(home / "demo")
    written = simulate_edition(edition)
    results, _ = analyse(edition)
    write_edition(edition, results, fingerprint(edition), Quiet())
    return results, {path.stem: n for path, n in written.items()}, home / "demo"


def test_published_composition_is_the_printed_one(published):
    composition = published["composition"]
    assert composition["n"].tolist() == [10, 33, 30, 60, 34, 72, 18, 35, 17, 26]
    assert composition["published_n"].tolist() == composition["n"].tolist()
    printed = [2.99, 9.85, 8.96, 17.91, 10.15, 21.49, 5.37, 10.45, 5.07, 7.76]
    assert (composition["share"] * 100).round(2).tolist() == printed


def test_published_edition_starts_at_compare(published):
    assert published.meta["kind"] == "published"
    assert {"scores", "slots", "sample", "grade_probabilities"}.isdisjoint(published.tables)
    assert set(published["comparisons"]["factor"]) == {"region", "level", "coastal", "commended"}
    assert published["comparisons"]["p_adjusted"].between(0, 1).all()
    assert len(published["units"]) == 335


def test_published_means_are_the_figures_of_the_report(published):
    source = pd.read_csv(ROOT / "editions/2021/data/means.csv", dtype=str)
    figures = source[source["kind"] == "figure"].set_index(["audience", "indicator"])["printed"]
    means = published["means"].set_index(["audience", "indicator"])["mean"]
    assert means.to_dict() == figures.astype(float).to_dict()


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        ("process", "6.84"), ("value", "6.86"), ("value_hotline", "7.65"),
        ("participation", "2.84"), ("goal", "3.83"),
    ],
)  # fmt: skip
def test_audit_finds_each_contradicting_mean(published, subject, printed):
    found = published["audit"].query("verdict == 'contradiction'")
    hits = found[
        found["subject"].str.contains(subject) | found["zh"].str.contains(printed, regex=False)
    ]
    assert hits["zh"].str.contains(printed, regex=False).any()


def test_audit_finds_the_wrong_share_and_the_impossible_weights(published):
    found = published["audit"].query("verdict == 'contradiction'")
    assert found["zh"].str.contains("12.83", regex=False).any()
    weights = found[found["rule"] == "one-set-of-weights"]
    assert weights["zh"].str.contains("价值创造").any()


def test_audit_names_what_was_defined_but_never_reported(published):
    found = published["audit"].query("rule == 'defined-but-unreported'")
    text = "".join(found["zh"])
    assert "便捷性" in text
    assert "服务创新" in text


def test_a_broken_map_is_told_when_the_edition_opens(tmp_path):
    shutil.copytree(ROOT / "editions/2021/data", tmp_path / "data")
    text = (ROOT / "editions/2021/edition.yaml").read_text(encoding="utf-8")
    named = "map:\n  boundaries: map.geojson\n  source: {zh: 某图, en: a map}\n"
    (tmp_path / "edition.yaml").write_text(f"{text}\n{named}", encoding="utf-8")
    (tmp_path / "map.geojson").write_text('{"type": "Point"}', encoding="utf-8")
    with pytest.raises(InputError, match="a FeatureCollection"):
        open_edition(tmp_path)


def test_demo_has_the_campaign_of_the_plan(demo):
    results, written, _ = demo
    assert written["calls"] == 335 * 24
    assert 335 * 60 <= written["responses"] <= 335 * 120
    assert results["sample"].set_index("table").loc["calls", "shoppers"] == 40
    assert results.meta["simulated"] is True


def test_demo_means_come_back_within_a_tenth(demo, published):
    """Figures 5, 6, 8, 9, 11 and 12: level 2 by audience."""
    level2 = published["means"].query("level == 2 and audience != 'all'")
    wanted = level2.set_index(["audience", "indicator"])["mean"]
    got = demo[0]["means"].set_index(["audience", "indicator"])["mean"].reindex(wanted.index)
    assert len(wanted) == 18
    assert (got - wanted).abs().max() <= 0.10


def test_demo_grades_come_back_within_one(demo, published):
    order = {grade: place for place, grade in enumerate(published["composition"]["grade"])}
    wanted = published["grades"].set_index("unit")["grade"].map(order)
    got = demo[0]["grades"].set_index("unit")["grade"].map(order).reindex(wanted.index)
    assert ((got - wanted).abs() <= 1).mean() >= 0.80


def test_demo_intervals_are_those_of_the_bootstrap_widened_for_few_records(demo):
    scores = demo[0]["scores"].query("indicator == 'total' and audience == 'all'")
    width = (scores["high"] - scores["low"]) / scores["se"]
    assert 2 * 1.96 <= width.median() <= 2 * 1.96 * 1.15


def test_every_finding_of_the_editions_has_words_in_chinese(demo, published):
    found = {*demo[0]["findings"]["check"], *published["findings"]["check"]}
    assert found <= set(library("checks"))


DOC = (ROOT / "docs/from-answer-to-sentence.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+) ?(\S*)\n(.*?)```", DOC, re.DOTALL)


def same(line: str, other: str) -> bool:
    cells, others = line.split(","), other.split(",")
    if len(cells) != len(others):
        return False
    for one, two in zip(cells, others, strict=True):
        try:
            if float(one) != pytest.approx(float(two), abs=1e-6):
                return False
        except ValueError:
            if one != two:
                return False
    return True


@pytest.mark.parametrize(("kind", "source", "text"), BLOCKS, ids=lambda value: str(value)[:24])
def test_the_walk_from_answer_to_sentence_is_true(demo, kind, source, text):
    folder = demo[2]
    lines = text.strip().splitlines()
    if kind == "console":
        arguments = (
            lines[0].removeprefix("$ hotline-index ").replace("editions/demo", str(folder)).split()
        )
        output = CliRunner().invoke(cli, arguments).output.splitlines()
        assert [line for line in lines[1:] if line not in output] == []
        return
    path = ROOT / source if kind == "yaml" else folder / source.removeprefix("editions/demo/")
    there = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    for line in lines:
        found = (
            any(same(line, other) for other in there) if kind == "csv" else line.strip() in there
        )
        assert found, line


def test_the_walk_ends_in_the_sentence_of_the_report(demo):
    sentence = indicators.compare_children(demo[0], "all", "goal").strip()
    assert f"> {sentence}\n" in DOC
    row = int(re.search(r"Row (\d+) of", DOC)[1])
    lines = (demo[2] / "data/calls.csv").read_text(encoding="utf-8").splitlines()
    assert lines[row - 1].startswith("sim-c") and lines[row - 1] in DOC


@pytest.mark.parametrize(
    ("page", "lang"), [("how-sure-is-this-rank.md", "en"), ("how-sure-is-this-rank.zh-CN.md", "zh")]
)
def test_the_guide_to_ranks_tells_what_the_demo_tells(demo, page, lang):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    said = standing(demo[0].tables, "岳阳", demo[0].meta["level"])
    assert len(said) >= 6
    assert all(getattr(words, lang) in text for words in said)
