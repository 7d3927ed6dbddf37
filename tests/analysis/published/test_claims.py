"""Claims as configuration, and what the grades say of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.comparisons.group_tests import compare_groups, holm, mann_whitney, ordinal_contrasts
from analysis.comparisons.groups import factor_table, grade_points
from analysis.published import claims as judging
from analysis.published.claim_kinds import AnyClaim, Claim
from survey.findings import InputError
from survey.yaml_source import Strict, read_yaml


class Config(Strict):
    claims: tuple[Claim, ...]


ORDER = ("A", "B", "C", "D")
WORDS = "zh: 甲, en: a"


def read(tmp_path: Path, *claims: str) -> tuple[AnyClaim, ...]:
    lines = [f"  - {{{WORDS}, {claim}}}" for claim in claims]
    file = tmp_path / "edition.yaml"
    file.write_text("claims:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return read_yaml(file, Config).claims


def cities() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Grades and units: coastal ones lead, regions do not, four units of level 直辖市 are best."""
    rng = np.random.default_rng(2)
    units = pd.DataFrame(
        {
            "unit": [f"u{i:03}" for i in range(160)],
            "coastal": np.arange(160) % 4 == 0,
            "region": np.tile(["东", "南", "西", "北", "中"], 32),
            "level": ["直辖市"] * 4 + ["地级市"] * 100 + ["自治州"] * 56,
        }
    )
    position = rng.normal(units["coastal"] * 2.5, 1).clip(-1, 2).round() + 1
    position[:4] = 3
    grades = pd.DataFrame(
        {"unit": units["unit"], "grade": np.array(ORDER)[::-1][position.astype(int)]}
    )
    return grades, units


def judge(claims, grades, units, factors=("coastal", "region", "level")) -> pd.DataFrame:
    points, groups = grade_points(grades, ORDER), factor_table(units, list(factors))
    comparisons, _ = compare_groups(points, groups, outcome_name="grade", seed=1)
    contrasts, _ = ordinal_contrasts(points, groups[["coastal"]])
    return judging.judge_claims(claims, grades, units, comparisons, contrasts, order=ORDER)


def only(table: pd.DataFrame) -> tuple[str, dict]:
    assert len(table) == 1
    return table.loc[0, "verdict"], json.loads(table.loc[0, "figures"])


def test_groups_that_differ_and_groups_that_do_not(tmp_path):
    claims = read(
        tmp_path,
        "id: coast, kind: groups_differ, factor: coastal",
        "id: regions, kind: groups_differ, factor: region",
    )
    table = judge(claims, *cities())
    assert table.columns.tolist() == ["claim", "zh", "en", "verdict", "evidence_factor", "figures"]
    assert table["verdict"].tolist() == ["supported", "unsupported"]
    assert table["evidence_factor"].tolist() == ["coastal", "region"]
    figures = json.loads(table.loc[0, "figures"])
    assert figures["test"] == "mann-whitney"
    assert figures["p"] <= figures["p_adjusted"] < 0.05
    assert figures["low"] <= figures["effect"] <= figures["high"]


def test_a_slight_difference_supports_a_claim_partly(tmp_path):
    claims = read(tmp_path, "id: coast, kind: groups_differ, factor: coastal")
    grades, units = cities()
    points, groups = grade_points(grades, ORDER), factor_table(units, ["coastal"])
    comparisons, _ = compare_groups(points, groups, outcome_name="grade", seed=1)
    contrasts, _ = ordinal_contrasts(points, groups)
    slight = comparisons.assign(verdict="slight")
    table = judging.judge_claims(claims, grades, units, slight, contrasts, order=ORDER)
    assert only(table)[0] == "partly"


def test_a_higher_group_of_two_takes_the_p_value_of_the_factor(tmp_path):
    claims = read(
        tmp_path, "id: c, kind: group_higher, factor: coastal, group: 沿海, reference: 内陆"
    )
    grades, units = cities()
    points, groups = (
        grade_points(grades, ORDER),
        factor_table(units, ["coastal", "region", "level"]),
    )
    comparisons, _ = compare_groups(points, groups, outcome_name="grade", seed=1)
    contrasts, _ = ordinal_contrasts(points, groups[["coastal"]])
    word, figures = only(
        judging.judge_claims(claims, grades, units, comparisons, contrasts, order=ORDER)
    )
    assert word == "supported"
    assert figures["p_adjusted"] == comparisons.set_index("factor").loc["coastal", "p_adjusted"]
    assert figures["odds_ratio"] > 1
    assert figures["odds_reference"] == "内陆"
    assert (figures["n"], figures["n_reference"]) == (40, 120)


def test_a_higher_group_of_many_has_a_test_of_its_own_in_the_family(tmp_path):
    claims = read(tmp_path, "id: m, kind: group_higher, factor: level, group: 直辖市")
    grades, units = cities()
    points, groups = (
        grade_points(grades, ORDER),
        factor_table(units, ["coastal", "region", "level"]),
    )
    comparisons, _ = compare_groups(points, groups, outcome_name="grade", seed=1)
    word, figures = only(judge(claims, grades, units))
    direct = mann_whitney(points.to_numpy()[:4], points.to_numpy()[4:])
    assert word == "supported"
    assert figures["p"] == direct.p
    assert figures["effect"] == direct.effect.value
    assert figures["p_adjusted"] == holm([*comparisons["p"], direct.p])[-1]
    assert figures["mean_position"] == 4


def test_a_group_that_stands_lower_supports_nothing(tmp_path):
    claims = read(tmp_path, "id: c, kind: group_higher, factor: coastal, group: 内陆")
    word, figures = only(judge(claims, *cities()))
    assert figures["verdict"] == "clear"
    assert (word, figures["effect"] < 0) == ("unsupported", True)


@pytest.mark.parametrize(
    ("expected", "out_of", "verdict"),
    [((4, 0), 4, "supported"), ((4, 1), 4, "partly"), ((3, 1), 5, "unsupported")],
)
def test_counts_hold_wholly_partly_or_not(tmp_path, expected, out_of, verdict):
    parts = [
        f"{{grades: {g}, expected: {n}}}" for g, n in zip(("[A]", "[C, D]"), expected, strict=True)
    ]
    counts = f"[{', '.join(parts)}]"
    claims = read(
        tmp_path,
        f"id: m, kind: count, column: level, value: 直辖市, out_of: {out_of}, counts: {counts}",
    )
    word, figures = only(judge(claims, *cities()))
    assert word == verdict
    assert [part["found"] for part in figures["counts"]] == [4, 0]
    assert figures["counts"][0]["share"] == 1


def test_a_count_without_a_group_is_of_all_graded_units(tmp_path):
    grades, units = cities()
    grades.loc[10, "grade"] = None
    found = int(grades["grade"].isin(["C", "D"]).sum())
    claims = read(
        tmp_path,
        f"id: all, kind: count, out_of: 159, counts: [{{grades: [C, D], expected: {found}}}]",
    )
    word, figures = only(judge(claims, grades, units))
    assert (word, figures["n"]) == ("supported", 159)


@pytest.mark.parametrize(
    ("named", "group", "verdict", "outside", "elsewhere"),
    [
        ("u000, u001", "", "supported", [], []),
        ("u000, u001", "column: coastal, value: 沿海, ", "partly", [], ["u001"]),
        ("u000, u009", "", "partly", ["u009"], []),
        ("u009", "", "unsupported", ["u009"], []),
    ],
)
def test_units_named_are_looked_up(tmp_path, named, group, verdict, outside, elsewhere):
    grades, units = cities()
    grades.loc[9, "grade"] = "D"
    claims = read(tmp_path, f"id: n, kind: all_in, {group}units: [{named}], grades: [A]")
    word, figures = only(judge(claims, grades, units))
    assert (word, figures["outside"], figures["elsewhere"]) == (verdict, outside, elsewhere)
    if group:
        coastal = grades[units["coastal"]]
        assert figures["group_found"] == (coastal["grade"] == "A").sum()
        assert figures["group_share"] == (coastal["grade"] == "A").mean()


def test_what_the_data_cannot_say_is_not_testable(tmp_path):
    grades, units = cities()
    grades.loc[:3, "grade"] = None
    claims = read(
        tmp_path,
        "id: a, kind: group_higher, factor: level, group: 直辖市",
        "id: b, kind: count, column: level, value: 直辖市, counts: [{grades: [A], expected: 0}]",
        "id: c, kind: all_in, units: [u000, u008], grades: [A]",
        "id: d, kind: groups_differ, factor: region",
    )
    table = judge(claims, grades, units, ["coastal", "level"])
    assert table["verdict"].tolist() == ["not-testable"] * 4
    assert json.loads(table.loc[0, "figures"])["mean_position"] is None
    assert json.loads(table.loc[2, "figures"])["ungraded"] == ["u000"]


def test_every_wrong_name_is_reported_at_once_with_the_nearest(tmp_path):
    claims = read(
        tmp_path,
        "id: a, kind: group_higher, factor: levle, group: 直辖市",
        "id: b, kind: group_higher, factor: level, group: 直辖",
        "id: c, kind: all_in, units: [u00x], grades: [A+]",
        "id: c, kind: groups_differ, factor: region",
    )
    with pytest.raises(InputError) as error:
        judge(claims, *cities())
    found = {(f.check, f.column): f.hint for f in error.value.findings}
    assert found[("unknown-factor", "claims.a")] == "did you mean 'level'?"
    assert found[("unknown-group", "claims.b")] == "did you mean '直辖市'?"
    assert set(found) >= {("unknown-unit", "claims.c"), ("unknown-grade", "claims.c")}
    assert ("duplicate-claim", "claims.c") in found


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("id: a, kind: group_higher, factr: level, group: x", "'factor'"),
        ("id: a, kind: groups_apart, factor: level", "groups_differ"),
        ("id: a, kind: count, column: level, counts: [{grades: [A], expected: 1}]", "neither"),
        ("id: a, kind: count, counts: [{grades: [A], expected: -1}]", "greater than or equal"),
        ("id: a, kind: all_in, units: [], grades: [A]", "at least 1 item"),
    ],
)
def test_a_claim_written_wrongly_is_refused_with_its_line(tmp_path, claim, says):
    with pytest.raises(InputError) as error:
        read(tmp_path, claim)
    assert says in str(error.value)
    assert {finding.row for finding in error.value.findings} == {2}
