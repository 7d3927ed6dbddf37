"""A city's own calls beside an edition: the same rules, honest intervals, clear refusals."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotline_index.benchmark_command import benchmark
from hotline_index.benchmark_figures import graded
from hotline_index.benchmark_files import figure_table, neutral, page_of
from hotline_index.benchmark_words import benchmark_sentences
from hotline_index.benchmarking import benchmark_records
from hotline_index.edition import open_edition
from survey.findings import InputError

CITY = "长沙"
CALL_BASED = {
    "goal", "information", "complaint", "efficiency", "standards", "transparency", "participation",
}  # fmt: skip


@pytest.fixture(scope="module")
def done(analysed_edition, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "small"
    shutil.copytree(analysed_edition, folder)
    return folder


@pytest.fixture(scope="module")
def edition(done):
    return open_edition(done)


@pytest.fixture(scope="module")
def official(done) -> pd.DataFrame:
    calls = pd.read_csv(done / "data/calls.csv", dtype=str)
    return calls[calls["unit"] == CITY].reset_index(drop=True)


def saved(calls: pd.DataFrame, folder: Path, name: str = "mine.csv") -> Path:
    path = folder / name
    if path.suffix == ".xlsx":
        calls.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        calls.to_parquet(path, index=False)
    else:
        calls.to_csv(path, index=False)
    return path


def scored(edition, calls, folder, name="mine.csv"):
    return benchmark_records(edition, CITY, {"calls": saved(calls, folder, name)})


@pytest.fixture(scope="module")
def same(edition, official, tmp_path_factory):
    return scored(edition, official, tmp_path_factory.mktemp("same"))


def test_the_editions_own_calls_come_back_to_the_official_scores(same, edition):
    scores = same.results["scores"].set_index(["unit", "audience", "indicator"])["score"]
    whole = same.table[same.table["basis"] == "whole"]
    assert set(whole["indicator"]) == CALL_BASED
    assert len(whole) == 3 * len(CALL_BASED)
    for row in whole.itertuples():
        column = scores.xs((row.audience, row.indicator), level=("audience", "indicator"))
        assert row.score == pytest.approx(column[CITY], abs=1e-9)
        assert row.official == pytest.approx(column[CITY], abs=1e-9)
        assert row.rank == column.rank(ascending=False, method="min")[CITY]
        assert row.official_rank == row.rank and row.of == column.notna().sum()
        assert row.difference == 0 and row.verdict == "unclear"
    assert not [each for each in same.findings if each.check == "stale-results"]


def test_with_them_the_whole_index_is_the_official_one(same):
    grades = same.results["grades"].set_index("unit")
    whole = same.whole
    assert whole.score == pytest.approx(grades["score"][CITY], abs=1e-9)
    assert whole.rank == grades["rank"][CITY]
    assert whole.grade == grades["grade"][CITY] == whole.official_grade
    assert sum(whole.probability.values()) == pytest.approx(1)
    own = same.results["scores"].query(
        "unit == @CITY and audience == 'all' and indicator == 'total'"
    )
    assert whole.se == pytest.approx(own["se"].iloc[0], rel=0.35)


def test_parts_that_calls_cannot_tell_are_named(same):
    assert {"value", "innovation", "convenience"} <= set(same.absent)
    part = same.table[(same.table["basis"] == "part") & (same.table["audience"] == "all")]
    assert set(part["indicator"]) == {"total", "process"}
    said = benchmark_sentences(same)[1]
    assert "价值创造" in said.zh and "Value creation" in said.en


def test_like_is_compared_with_like(same, edition):
    """On like terms the total is the mean of what calls measure, for the others as well."""
    table = same.table[same.table["audience"] == "all"].set_index("indicator")["score"]
    process = table[["efficiency", "standards", "transparency", "participation"]].mean()
    assert table["process"] == pytest.approx(process)
    assert table["total"] == pytest.approx((table["goal"] + process) / 2)
    scores = same.results["scores"].query("audience == 'all'")
    wide = scores.pivot(index="unit", columns="indicator", values="score")
    parts = wide[["efficiency", "standards", "transparency", "participation"]].mean(axis=1)
    others = ((wide["goal"] + parts) / 2).drop(CITY)
    assert np.sort(same.field[("all", "total")]) == pytest.approx(np.sort(others.to_numpy()))


def test_every_format_and_a_file_without_units_give_the_same(same, edition, official, tmp_path):
    shuffled = official.drop(columns="unit").sample(frac=1, random_state=3)
    for name in ("mine.xlsx", "mine.parquet", "mine.csv"):
        found = scored(edition, shuffled, tmp_path, name)
        pd.testing.assert_frame_equal(found.table, same.table, atol=1e-9)
        note = [each for each in found.findings if each.check == "no-unit-column"]
        assert len(note) == 1 and note[0].file.endswith(name)


def test_fewer_calls_give_wider_intervals(same, edition, official, tmp_path):
    kept = official.groupby(["audience", "scenario"]).head(3)
    assert len(kept) < len(official)
    fewer = scored(edition, kept, tmp_path)
    wide = {
        at: found.table.set_index(["audience", "indicator"]).eval("high - low")
        for at, found in (("fewer", fewer), ("all", same))
    }
    assert (wide["fewer"] > wide["all"])[("all", "total")]
    assert wide["fewer"].mean() > 1.15 * wide["all"].mean()


def test_an_audience_without_calls_leaves_it_out_for_all(edition, official, tmp_path, same):
    found = scored(edition, official[official["audience"] == "citizen"], tmp_path)
    assert found.lacking == ("enterprise",)
    assert set(found.table["audience"]) == {"citizen", "all"}
    assert found.whole is None
    all_of = found.table[found.table["audience"] == "all"]
    assert set(all_of["basis"]) == {"part"}
    citizen = same.table[same.table["audience"] == "citizen"].set_index("indicator")
    assert all_of.set_index("indicator")["score"].to_dict() == pytest.approx(
        citizen["score"].to_dict()
    )
    assert all_of.set_index("indicator")["rank"].to_dict() == citizen["rank"].to_dict()
    said = benchmark_sentences(found)
    assert any("没有企业的记录" in words.zh for words in said)
    assert any("不给出整个指数" in words.zh for words in said)


def test_a_city_outside_the_sample_is_ranked_beside_it(edition, official, tmp_path):
    path = saved(official.drop(columns="unit"), tmp_path)
    found = benchmark_records(edition, "株洲", {"calls": path})
    assert found.whole is None and found.table["official"].isna().all()
    assert found.table["verdict"].isna().all()
    row = found.table.query("audience == 'all' and indicator == 'goal'").iloc[0]
    scores = found.results["scores"].query("audience == 'all' and indicator == 'goal'")["score"]
    assert row["of"] == len(scores) + 1
    assert row["rank"] == 1 + (scores > row["score"] + 1e-9).sum()
    assert any("不在该年度的样本之内" in words.zh for words in benchmark_sentences(found))


def test_better_and_worse_calls_are_told_apart(edition, official, tmp_path):
    good = official.assign(
        outcome="answered", wait_seconds="5", talk_seconds="120", explained_clearly="5",
        phrase_opening="yes", phrase_address="yes", phrase_waiting="yes", phrase_closing="yes",
        no_dead_air="yes", procedure_told="yes", deadline_told="yes", progress_told="yes",
        rating_invited="yes", callback_offered="yes",
    )  # fmt: skip
    asked = good["scenario"] == "information"
    for column, value, rows in (
        ("answer_given", "full", asked), ("answer_correct", "yes", asked),
        ("case_accepted", "yes", ~asked), ("case_result", "resolved", ~asked),
    ):  # fmt: skip
        good[column] = np.where(rows, value, None)
    found = scored(edition, good, tmp_path)
    total = found.table.query("audience == 'all' and indicator == 'total'").iloc[0]
    assert total["score"] == pytest.approx(10) and total["rank"] == 1
    assert total["verdict"] == "rise"
    said = benchmark_sentences(found)
    assert any("明显高于" in words.zh and "clearly" in words.en for words in said)
    assert any("标准误为零" in words.zh for words in said)


@settings(max_examples=4)
@given(rows=st.sets(st.integers(0, 23), min_size=2), seed=st.integers(0, 5))
def test_any_part_of_the_calls_is_scored_within_the_scale(
    rows, seed, edition, official, tmp_path_factory
):
    part = official.iloc[sorted(row for row in rows if row < len(official))]
    found = scored(edition, part.sample(frac=1, random_state=seed), tmp_path_factory.mktemp("p"))
    table = found.table
    assert table["score"].between(0, 10).all()
    assert (table["low"] <= table["score"] + 1e-9).all()
    assert (table["high"] >= table["score"] - 1e-9).all()
    assert (table["rank_low"] <= table["rank"]).all() and (
        table["rank"] <= table["rank_high"]
    ).all()
    assert (table["rank_high"] <= table["of"]).all()
    assert table["n"].max() <= len(part) and found.records["n"].sum() == len(part)


@given(
    score=st.floats(0, 10),
    se=st.floats(0, 3),
    least=st.lists(st.floats(0.5, 9.5), min_size=3, max_size=3, unique=True),
)
def test_probabilities_of_grades_sum_to_one(score, se, least):
    cuts = pd.DataFrame({"grade": ["A", "B", "C", "D"], "least": [*sorted(least)[::-1], np.nan]})
    grade, probability = graded({"score": score, "se": se, "degrees": 12.0}, cuts)
    assert sum(probability.values()) == pytest.approx(1)
    assert all(p >= 0 for p in probability.values())
    reached = [g for g, cut in zip(cuts["grade"], cuts["least"], strict=True) if score >= cut]
    assert grade == (reached[0] if reached else "D")
    if se > 0.01:
        top = stats.t.sf((max(least) - score) / se, 12)
        assert probability["A"] == pytest.approx(top, abs=1e-9)


def test_a_grade_nobody_reached_is_not_given():
    cuts = pd.DataFrame({"grade": ["A", "B", "C"], "least": [np.nan, 5.0, np.nan]})
    assert graded({"score": 10.0, "se": 1.0, "degrees": np.inf}, cuts)[0] == "B"
    assert graded({"score": 4.0, "se": 0.0, "degrees": np.inf}, cuts) == (
        "C",
        {"A": 0, "B": 0, "C": 1},
    )


def wrong_of(edition, calls, folder, name="mine.csv") -> dict[str, object]:
    with pytest.raises(InputError) as error:
        scored(edition, calls, folder, name)
    return {each.check: each for each in error.value.findings}


def test_every_fault_of_a_file_is_told_at_once(edition, official, tmp_path):
    broken = official.copy()
    broken.loc[1, "unit"] = "武汉"
    broken.loc[2, "outcome"] = "anwsered"
    broken.loc[3, "wait_seconds"] = "soon"
    broken.loc[5, "call_id"] = broken.loc[4, "call_id"]
    broken.loc[6, "unit"] = "亚特兰蒂斯"
    found = wrong_of(edition, broken.drop(columns="case_result"), tmp_path)
    assert {"other-unit", "duplicate-id", "unknown-unit", "missing-column"} <= set(found)
    assert found["other-unit"].row == 3 and found["other-unit"].column == "unit"
    rows = {each.row for each in found.values()}
    assert {4, 5} <= rows
    for each in found.values():
        assert each.file.endswith("mine.csv") and each.expected and each.got and each.hint


def test_rows_stay_those_of_the_file_without_a_column_of_units(edition, official, tmp_path):
    broken = official.drop(columns="unit").astype(object)
    broken.loc[3, "outcome"] = "gone"
    blank = pd.DataFrame([dict.fromkeys(broken)])
    gap = pd.concat([broken.iloc[:2], blank, broken.iloc[2:]], ignore_index=True)
    found = wrong_of(edition, gap, tmp_path, "mine.xlsx")
    wrong = next(each for each in found.values() if each.column == "outcome")
    assert wrong.row == 6 and wrong.file.endswith("mine.xlsx")


def test_what_is_no_table_or_no_city_is_refused(edition, official, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"%PDF-1.4 nothing here")
    with pytest.raises(InputError, match="not-a-table"):
        benchmark_records(edition, CITY, {"calls": path})
    with pytest.raises(InputError, match="no-such-file"):
        benchmark_records(edition, CITY, {"calls": tmp_path / "none.csv"})
    saved(official, tmp_path)
    with pytest.raises(InputError, match="did you mean 长沙"):
        benchmark_records(edition, "长少", {"calls": path})
    with pytest.raises(InputError, match="no-records"):
        saved(official.head(0), tmp_path)
        benchmark_records(edition, CITY, {"calls": path})


def test_editions_without_records_or_results_are_refused(small_edition, official, tmp_path):
    path = saved(official, tmp_path)
    with pytest.raises(InputError, match="no-results"):
        benchmark_records(open_edition(small_edition), CITY, {"calls": path})
    published = Path(__file__).parents[2] / "editions/2021"
    with pytest.raises(InputError, match="published figures only"):
        benchmark_records(open_edition(published), CITY, {"calls": path})


def test_stale_results_are_told(done, official, tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(done, folder)
    calls = pd.read_csv(folder / "data/calls.csv", dtype=str)
    calls.loc[calls["unit"] == "北京", "explained_clearly"] = "1"
    calls.to_csv(folder / "data/calls.csv", index=False)
    found = scored(open_edition(folder), official, tmp_path)
    assert "stale-results" in {each.check for each in found.findings}


def test_the_command_prints_both_languages_and_writes_a_csv(done, official, tmp_path):
    out = tmp_path / "stand.csv"
    path = saved(official, tmp_path)
    result = CliRunner().invoke(
        benchmark, [str(done), "--unit", CITY, "--calls", str(path), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "自有记录不是盲测" in result.output and "Own records are not blind" in result.output
    assert "模拟数据" in result.output and "simulated" in result.output
    table = pd.read_csv(out)
    assert table["simulated"].all() and set(table["unit"]) == {CITY}
    index = table[table["basis"] == "index"].iloc[0]
    assert index["grade"] in ("A", "B", "C") and 0 < index["p_grade"] <= 1
    one = CliRunner().invoke(
        benchmark, [str(done), "--unit", CITY, "--calls", str(path), "--lang", "en"]
    )
    assert "自有记录" not in one.output and "Own records" in one.output


def test_the_command_writes_a_page(done, official, tmp_path):
    out = tmp_path / "stand.html"
    path = saved(official, tmp_path)
    result = CliRunner().invoke(
        benchmark, [str(done), "--unit", CITY, "--calls", str(path), "--out", str(out)]
    )
    text = out.read_text(encoding="utf-8")
    assert result.exit_code == 0 and "模拟数据" in text and "<svg" in text
    assert "http" not in text.replace("http://www.w3.org", "") and "src=" not in text


def test_a_bad_file_is_told_and_nothing_is_written(done, official, tmp_path):
    out = tmp_path / "stand.csv"
    path = saved(official.assign(unit="武汉"), tmp_path)
    result = CliRunner().invoke(
        benchmark, [str(done), "--unit", CITY, "--calls", str(path), "--out", str(out)]
    )
    assert result.exit_code == 1 and "other-unit" in result.output
    assert "Traceback" not in result.output
    assert not out.exists() and [each.name for each in tmp_path.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize(
    "options", [["--unit", CITY], ["--unit", CITY, "--calls", "x.csv", "--out", "x.doc"]]
)
def test_wrong_usage_is_told(done, options):
    assert CliRunner().invoke(benchmark, [str(done), *options]).exit_code == 2


def test_questionnaires_are_scored_too(done, edition, official, tmp_path):
    responses = pd.read_csv(done / "data/responses.csv", dtype=str)
    mine = responses[responses["unit"] == CITY]
    sources = {"calls": saved(official, tmp_path), "responses": saved(mine, tmp_path, "r.csv")}
    found = benchmark_records(edition, CITY, sources)
    whole = set(found.table.loc[found.table["basis"] == "whole", "indicator"])
    assert {"value", "process", "goal"} <= whole and "innovation" in found.absent
    scores = found.results["scores"].set_index(["unit", "audience", "indicator"])["score"]
    row = found.table.query("audience == 'all' and indicator == 'value'").iloc[0]
    assert row["score"] == pytest.approx(scores[CITY, "all", "value"], abs=1e-9)


def test_texts_stay_texts(same):
    assert neutral("=cmd()") == "'=cmd()" and neutral("长沙") == "长沙"
    from dataclasses import replace

    meta = {**same.results.meta, "title": {"zh": "<script>alert(1)</script>", "en": "x"}}
    hostile = replace(same, results=replace(same.results, meta=meta))
    page = page_of(hostile, "zh")
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert figure_table(hostile)["unit"].eq(CITY).all()
