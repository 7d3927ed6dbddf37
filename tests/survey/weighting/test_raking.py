"""Raking: margins are met in every unit, and everything that was done is told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_files import Names, one

from survey.findings import InputError
from survey.weighting.margins import read_margins
from survey.weighting.raking import design_effect, rake
from survey.weighting.reweighting import reweight
from survey.weighting.settings import RakingSettings

AUDIENCES = ("citizen", "enterprise")


def frame(**changed) -> pd.DataFrame:
    cells = {
        "unit": ["北京"] * 4 + ["长沙"] * 4,
        "audience": ["citizen", "citizen", "enterprise", "enterprise"] * 2,
        "weight": [1.0, 2, 1, 1, 1, 1, np.nan, 3],
        "sex": ["男", "女"] * 4,
        "age": ["18-34", "35-59", "60+", "60+", "18-34", "35-59", "60+", "35-59"],
    }
    made = pd.DataFrame(cells | changed)
    return made.set_index(pd.RangeIndex(2, len(made) + 2, name="row"))


def margins(tmp_path: Path, text: str):
    path = tmp_path / "margins.csv"
    path.write_text(text, encoding="utf-8")
    return read_margins(path, Names(), AUDIENCES)[0]


def raked(tmp_path: Path, text: str, records: pd.DataFrame | None = None, **settings):
    known = margins(tmp_path, text)
    return reweight(
        frame() if records is None else records, known, RakingSettings(file=Path("m"), **settings)
    )


def shares(result: pd.DataFrame, variable: str, by=("unit",)) -> pd.Series:
    weight = result.groupby([*by, variable])["weight"].sum()
    return weight / weight.groupby(list(by)).transform("sum")


SEX = "variable,value,share\nsex,男,0.48\nsex,女,0.52\n"


def test_margins_hold_in_every_unit_and_weights_keep_their_sum(tmp_path):
    result, findings = raked(tmp_path, SEX + "audience,群众,0.7\naudience,企业,0.3\n")
    assert shares(result.frame, "sex")["长沙", "男"] == pytest.approx(0.48, abs=1e-6)
    assert shares(result.frame, "audience")["北京", "citizen"] == pytest.approx(0.7, abs=1e-6)
    assert result.frame.groupby("unit")["weight"].sum().tolist() == pytest.approx([5, 6])
    assert result.frame.drop(columns="weight").equals(frame().drop(columns="weight"))
    assert one(findings, "weights-raked").count == 8


def test_two_weights_of_a_category_keep_their_ratio(tmp_path):
    result, _ = raked(tmp_path, SEX)
    women = result.frame.loc[[3, 5], "weight"].to_numpy()
    assert women[0] / women[1] == pytest.approx(2)


def test_a_unit_s_own_margins_go_before_those_of_all(tmp_path):
    text = "unit,variable,value,share\n,sex,男,0.48\n,sex,女,0.52\n北京市,sex,男,0.6\n北京市,sex,女,0.4\n"
    found = shares(raked(tmp_path, text)[0].frame, "sex")
    assert found["北京", "男"] == pytest.approx(0.6)
    assert found["长沙", "男"] == pytest.approx(0.48)


def test_margins_by_audience_hold_in_each_audience(tmp_path):
    text = "audience,variable,value,share\n群众,sex,男,0.3\n群众,sex,女,0.7\n企业,sex,男,0.8\n企业,sex,女,0.2\n"
    records = frame(sex=["男", "女"] * 4)
    result, _ = raked(tmp_path, text, records)
    found = shares(result.frame, "sex", ("unit", "audience"))
    assert found[:, :, "男"].tolist() == pytest.approx([0.3, 0.8, 0.3, 0.8])
    assert result.effects.columns[:2].tolist() == ["unit", "audience"]


def test_counts_make_weights_add_up_to_the_users(tmp_path):
    text = "variable,value,count\nsex,男,600\nsex,女,400\naudience,citizen,700\naudience,enterprise,300\n"
    result, _ = raked(tmp_path, text)
    assert result.frame.groupby("unit")["weight"].sum().tolist() == pytest.approx([1000, 1000])


def test_those_without_an_answer_keep_their_share(tmp_path):
    records = frame(sex=["男", "女", "男", None, "男", "男", "男", "女"])
    result, _ = raked(tmp_path, SEX, records)
    beijing = result.frame[result.frame["unit"] == "北京"]
    assert beijing.loc[5, "weight"] == pytest.approx(1)
    assert shares(beijing, "sex")["北京", "男"] == pytest.approx(0.48)


def test_numbers_are_matched_as_they_are_written(tmp_path):
    text = "variable,value,share\nchildren,0,0.5\nchildren,1,0.5\n"
    result, _ = raked(tmp_path, text, frame(children=[0.0, 1, 1, 1, 0, 0, 0, 1]))
    assert shares(result.frame, "children")["北京", 0.0] == pytest.approx(0.5)


AGES = "variable,value,share\nage,18-34,0.3\nage,35-59,0.5\nage,60+,0.2\n"


def test_a_category_without_respondents_is_merged_and_told(tmp_path):
    records = frame(age=["18-34", "35-59", "35-59", "35-59", "18-34", "35-59", "60+", "60+"])
    result, findings = raked(tmp_path, AGES, records)
    assert shares(result.frame, "age")["北京", "35-59"] == pytest.approx(0.7)
    assert shares(result.frame, "age")["长沙", "60+"] == pytest.approx(0.2)
    told = one(findings, "sparse-margin")
    assert (told.column, told.count) == ("age", 1)
    assert told.got == "fewer in 60+ of 北京"


def test_the_first_category_is_merged_with_the_next(tmp_path):
    records = frame(age=["35-59", "35-59", "60+", "60+"] * 2)
    result, _ = raked(tmp_path, AGES, records)
    assert shares(result.frame, "age")["北京", "35-59"] == pytest.approx(0.8)


def test_a_sparse_variable_may_be_skipped(tmp_path):
    records = frame(age=["18-34", "35-59", "35-59", "35-59", "18-34", "35-59", "60+", "60+"])
    result, findings = raked(tmp_path, AGES, records, sparse="skip")
    beijing = result.frame[result.frame["unit"] == "北京"]
    assert beijing["weight"].tolist() == pytest.approx([1, 2, 1, 1])
    assert "not brought to age" in one(findings, "sparse-margin").hint


def test_bounds_hold_and_what_they_keep_off_is_told(tmp_path):
    text = "variable,value,share\nsex,男,0.05\nsex,女,0.95\n"
    result, findings = raked(tmp_path, text, bounds=(0.5, 1.6))
    factor = result.frame["weight"] / frame()["weight"].fillna(1)
    assert factor.min() >= 0.5 - 1e-9
    assert factor.max() <= 1.6 + 1e-9
    assert result.frame.groupby("unit")["weight"].sum().tolist() == pytest.approx([5, 6])
    assert one(findings, "margins-missed").count == 2


def test_margins_that_contradict_the_answers_do_not_converge(tmp_path):
    records = frame(age=["18-34", "60+"] * 4, sex=["男", "女"] * 4)
    text = SEX + "age,18-34,0.9\nage,60+,0.1\n"
    with pytest.raises(InputError) as error:
        raked(tmp_path, text, records)
    told = one(error.value.findings, "raking-not-converged")
    assert told.count == 2
    assert "北京" in told.got


def test_an_answer_without_a_margin_is_refused(tmp_path):
    records = frame(sex=["男", "女", "其他", "女"] * 2)
    with pytest.raises(InputError) as error:
        raked(tmp_path, SEX, records)
    told = one(error.value.findings, "category-without-margin")
    assert told.got == "none of '其他', given in 2 questionnaires of 北京, 长沙"


def test_a_unit_without_margins_keeps_its_weights(tmp_path):
    text = "unit,variable,value,share\n长沙,sex,男,0.5\n长沙,sex,女,0.5\n"
    result, findings = raked(tmp_path, text)
    assert result.frame.loc[2:5, "weight"].tolist() == [1, 2, 1, 1]
    assert one(findings, "units-without-margin").got == "none of 北京"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("variable,value,share\nsex,男,0.5\nsex,女,0.4\n", "shares-off"),
        ("variable,value,share\nsex,男,48\nsex,女,52\n", "shares-off"),
        ("variable,value,share\nsex,男,1\nsex,女,0\n", "empty-margin"),
        ("variable,value,share\nsex,男,0.5\nsex,男,0.5\n", "duplicate-id"),
        ("variable,value\nsex,男\n", "missing-column"),
        ("variable,value,share,count\nsex,男,1,5\n", "missing-column"),
        ("value,share\n男,1\n", "missing-column"),
        ("variable,value,share\nsex,男,half\n", "not-a-number"),
        ("variable,value,share\nsex,男,\n", "empty-cell"),
        ("variable,value,count\nsex,男,5\nage,60+,6\n", "counts-disagree"),
        ("audience,variable,value,share\n政府,sex,男,1\n", "outside-allowed"),
        ("variable,value,share\n", "no-records"),
    ],
)
def test_wrong_margins_are_refused(tmp_path, text, check):
    with pytest.raises(InputError) as error:
        margins(tmp_path, text)
    assert check in {finding.check for finding in error.value.findings}


def test_a_column_that_is_not_there_and_an_audience_within_itself_are_refused(tmp_path):
    with pytest.raises(InputError) as error:
        raked(tmp_path, SEX, frame().drop(columns="sex"))
    assert one(error.value.findings, "missing-column").column == "sex"
    text = "audience,variable,value,share\n群众,sex,男,1\n,audience,群众,1\n"
    with pytest.raises(InputError) as error:
        raked(tmp_path, text)
    one(error.value.findings, "audience-within-itself")


def test_design_effect_is_one_and_the_squared_coefficient_of_variation():
    weight = np.array([1.0, 2, 3, 5, 5, 0])
    group = np.array([0, 0, 0, 1, 1, 2])
    found = design_effect(weight, group, 3)
    assert found[0] == pytest.approx(1 + np.var([1, 2, 3]) / 4)
    assert found[1] == pytest.approx(1)
    assert np.isnan(found[2])


@given(seed=st.integers(0, 10_000), groups=st.integers(1, 4), variables=st.integers(1, 3))
def test_every_margin_is_met_whatever_the_sample(seed, groups, variables):
    random = np.random.default_rng(seed)
    full = np.array(np.meshgrid(*[range(3)] * variables)).reshape(variables, -1).T
    codes = np.tile(full, (groups, 1))
    group = np.repeat(np.arange(groups), len(full))
    base = random.uniform(0.2, 5, len(group))
    targets = [random.dirichlet([3, 3, 3], groups) for _ in range(variables)]
    found = rake(base, group, codes, targets, tolerance=1e-9, iterations=2000)
    weight = base * found.factor
    for column, target in zip(codes.T, targets, strict=True):
        held = np.bincount(group * 3 + column, weight, groups * 3).reshape(groups, 3)
        assert held / held.sum(axis=1, keepdims=True) == pytest.approx(target, abs=1e-8)
    assert np.bincount(group, weight) == pytest.approx(np.bincount(group, base))
    wide = rake(base, group, codes, targets, bounds=(0, 1e9), tolerance=1e-9, iterations=2000)
    assert wide.factor == pytest.approx(found.factor, rel=1e-5)


@given(seed=st.integers(0, 10_000))
def test_bounded_factors_keep_to_their_bounds_and_sums(seed):
    random = np.random.default_rng(seed)
    group, codes = random.integers(0, 3, 60), random.integers(-1, 2, (60, 2))
    base = random.uniform(0.2, 5, 60)
    targets = [np.full((3, 2), 0.5), np.array([[0.9, 0.1]] * 3)]
    found = rake(base, group, codes, targets, bounds=(0.7, 1.5))
    assert found.factor.min() >= 0.7 - 1e-9
    assert found.factor.max() <= 1.5 + 1e-9
    assert np.bincount(group, base * found.factor) == pytest.approx(np.bincount(group, base))
