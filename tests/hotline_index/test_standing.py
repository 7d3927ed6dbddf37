"""What a run tells beyond scores: certainty, comparisons, years, texts, and where a city stands."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hotline_index.cli import cli
from hotline_index.comparing import joined, stated
from hotline_index.edition import open_edition
from hotline_index.simulation import simulate_edition
from hotline_index.steps import analyse
from indicators.nodes import Words
from report.prose.standing import standing, whole_percents
from survey.findings import Finding, InputError, Severity

ROOT = Path(__file__).parent.parent.parent


def changed(folder, **keys):
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def two_years(small_edition, tmp_path_factory):
    """Return the results of a small edition with a year before it."""
    root = tmp_path_factory.mktemp("years")
    before, now = root / "before", root / "now"
    shutil.copytree(small_edition, now)
    shutil.copytree(small_edition, before)
    plan = yaml.safe_load((before / "edition.yaml").read_text(encoding="utf-8"))["simulation"]
    changed(before, edition="before", simulation=plan | {"seed": 99})
    simulate_edition(open_edition(before))
    changed(now, previous="../before", peers=["region"], method={"draws": 64, "base": 64})
    return analyse(open_edition(now))[0]


def test_a_run_says_what_ranks_and_grades_are_worth(two_years):
    tables = two_years.tables
    sets = tables["rank_sets"]
    assert (sets["simultaneous_low"] <= sets["marginal_low"]).all()
    assert (sets["simultaneous_high"] >= sets["marginal_high"]).all()
    shares = tables["rank_variance"][["sampling", "shopper", "method"]].dropna().sum(axis=1)
    assert shares.to_numpy() == pytest.approx(1)
    assert tables["grade_cuts"]["n"].sum() == 12
    assert set(tables["schemes"]["scheme"]) >= {"edition", "supported", "natural_breaks"}
    assert tables["adjusted"]["expected_rank"].sum() == pytest.approx(12 * 13 / 2)
    assert set(tables["funnel"]["factor"]) == {"all", "region"}
    assert tables["index_audit"]["verdict"].isin(["pass", "warn", "fail"]).all()
    assert "rank-range" in set(tables["index_audit"]["check"])


def test_a_run_compares_with_the_year_before(two_years):
    tables = two_years.tables
    total = tables["changes"].query("indicator == 'total' and audience == 'all'")
    assert len(total) == 12
    assert (total["after"] - total["before"]).to_numpy() == pytest.approx(total["change"])
    assert len(tables["rank_changes"]) == 12
    assert (tables["item_fates"]["fate"] == "common").all()
    assert {"trends", "connection", "waiting"} <= set(tables["statements"]["about"])


def test_texts_of_cases_are_counted(two_years):
    assert set(two_years["keywords"]["table"]) == {"cases"}
    assert two_years["topics"]["topic"].nunique() > 5


def test_a_city_is_told_where_it_stands(two_years):
    said = standing(two_years.tables, "长沙")
    assert len(said) >= 6
    assert said[0].zh.startswith("长沙总分") and "12个评估对象" in said[0].zh
    assert any("上一年度" in words.zh for words in said)
    assert all(words.zh.endswith("。") and words.en.endswith(".") for words in said)
    with pytest.raises(InputError, match="长沙"):
        standing(two_years.tables, "常沙")


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_percents_sum_to_100_and_are_as_near_as_whole_numbers_can(parts):
    shares = [part / sum(parts) for part in parts]
    percents = whole_percents(shares)
    assert sum(percents) == 100
    assert all(
        abs(percent - 100 * share) < 1 for percent, share in zip(percents, shares, strict=True)
    )


def test_standing_asks_for_a_run_first_and_knows_every_name(edition):
    runner = CliRunner()
    asked = runner.invoke(cli, ["standing", str(edition), "长沙市"])
    assert asked.exit_code == 1 and "hotline-index run" in asked.output
    assert runner.invoke(cli, ["run", str(edition), "--no-publish", "--quiet"]).exit_code == 0
    told = runner.invoke(cli, ["standing", str(edition), "长沙市"])
    assert told.exit_code == 0 and "长沙 scores" in told.output


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"method": {"weights": {"goall": {"uniform": 0.2}}}}, "goal"),
        ({"method": {"weights": {"uniform": -1}}}, "method"),
        ({"drivers": {"outcome": "satisfactio"}}, "satisfaction"),
        ({"peers": ["regio"]}, "region"),
        ({"grading": {"supported": ["A"]}}, "supported"),
        ({"previous": "../nowhere"}, "nowhere"),
    ],
)
def test_wrong_keys_are_told_with_the_nearest_right_name(edition, keys, told):
    with pytest.raises(InputError) as error:
        analyse(open_edition(changed(edition, **keys)))
    assert told in str(error.value)


@pytest.mark.parametrize("page", ["how-sure-is-this-rank.md", "how-sure-is-this-rank.zh-CN.md"])
def test_the_keys_that_the_guide_shows_open(edition, page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    opened = open_edition(changed(edition, **yaml.safe_load(block[1])))
    assert opened.config.grading.grades == ("A", "B", "C", "D", "E")
    assert opened.config.method.leave_out == ("each",)


def test_an_edition_that_comes_before_itself_is_refused(edition):
    with pytest.raises(InputError, match="before itself"):
        analyse(open_edition(changed(edition, previous=".")))


def test_parts_are_joined_without_losing_rows_or_repeating_findings():
    note = Finding("x", Severity.NOTE, got="y")
    words = [stated(name, Words(zh="一", en="one")) for name in ("a", "b")]
    first = {"statements": words[0], "t": pd.DataFrame({"a": [1]})}
    tables, findings = joined((first, (note,)), ({"statements": words[1]}, (note,)))
    assert tables["statements"]["about"].tolist() == ["a", "b"]
    assert findings == (note,)
