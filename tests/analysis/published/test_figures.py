"""Reading published figures, and the data of the 2021 edition."""

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.grades.schemes import GRADES
from analysis.published.figures import (
    COLUMNS,
    half_unit,
    printed_interval,
    printed_number,
    published_means,
    read_published,
)
from indicators.system_file import load_system
from survey.findings import InputError
from survey.register import load_register

DATA = Path(__file__).parents[3] / "editions/2021/data"
SYSTEM = load_system("hotline-2021")
IDS, AUDIENCES = SYSTEM.hierarchy.ids, tuple(SYSTEM.audiences)


@pytest.fixture(scope="module")
def figures():
    return read_published(DATA, IDS, AUDIENCES)[0]


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def findings_of(folder, **options):
    with pytest.raises(InputError) as caught:
        read_published(folder, IDS, AUDIENCES, **options)
    return {finding.check: finding for finding in caught.value.findings}


# ---------------------------------------------------------------- intervals


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("2.5", "2.45", "2.55"),
        ("2.50", "2.495", "2.505"),
        ("12.83%", "12.825", "12.835"),
        ("7", "6.5", "7.5"),
        ("0.00", "-0.005", "0.005"),
    ],
)
def test_a_print_stands_for_what_rounds_to_it(printed, low, high):
    interval = printed_interval(printed)
    assert (interval.low, interval.high) == (Decimal(low), Decimal(high))


@given(st.integers(0, 10_000), st.integers(0, 3))
def test_interval_is_one_unit_wide_around_the_print(number, decimals):
    printed = f"{Decimal(number).scaleb(-decimals):.{decimals}f}"
    interval = printed_interval(printed)
    assert interval.high - interval.low == 2 * half_unit(printed) == Decimal(1).scaleb(-decimals)
    assert interval.low + half_unit(printed) == printed_number(printed)


def test_neighbouring_prints_share_no_value():
    assert not printed_interval("6.85").meets(printed_interval("6.86"))
    assert printed_interval("2.5").meets(printed_interval("2.52"))
    assert not printed_interval("2.50").meets(printed_interval("2.52"))


@pytest.mark.parametrize("text", ["", "6,85", "６.85", "about 6", "6.", "-1", "1e2", "nan"])
def test_what_is_no_plain_decimal_is_refused(text):
    with pytest.raises(ValueError, match="plain decimal"):
        printed_number(text)


# ---------------------------------------------------------------- the 2021 edition


def test_2021_grades(figures):
    counts = figures.grades["grade"].value_counts()
    assert [counts[grade] for grade in GRADES] == [10, 33, 30, 60, 34, 72, 18, 35, 17, 26]
    assert figures.grades["unit"].is_unique
    assert list(figures.grades["grade"].unique()) == list(GRADES)
    for _, table in figures.grades.groupby("grade"):
        assert list(table["position_in_grade"]) == list(range(1, len(table) + 1))


def test_2021_units_are_canonical_names_of_the_register(figures):
    units = figures.grades["unit"]
    assert list(load_register().resolve(units)) == list(units)


def test_2021_means_keep_their_printed_decimals(figures):
    printed = figures.means.set_index(["where", "audience", "indicator"])["printed"]
    assert len(printed) == 40
    assert printed["图4", "all", "complaint"] == "2.5"
    assert printed["第三章三（二）", "all", "complaint"] == "2.50"
    assert printed["图7", "all", "transparency"] == "4.60"
    assert printed["图1", "all", "process"] == "6.01"
    assert printed["第三章三（三）", "all", "process"] == "6.84"
    kinds = figures.means.groupby("kind")["where"].unique()
    assert all(where.startswith("图") for where in kinds["figure"])
    assert not any(where.startswith("图") for where in kinds["text"])


def test_2021_commended_organisations(figures):
    table = figures.commended
    assert table["list"].value_counts().to_dict() == dict.fromkeys(
        ["服务创新", "服务群众", "服务企业"], 30
    )
    register = load_register()
    resolved = table.dropna(subset=["unit"])
    assert set(resolved["unit"]) <= set(figures.grades["unit"])
    rows = register.table.loc[resolved["unit"]]
    assert list(rows["province"]) == list(resolved["province"])
    named = [
        short in org for short, org in zip(rows["short"], resolved["organisation"], strict=True)
    ]
    assert list(resolved["organisation"][[not each for each in named]]) == [
        "张家港市社会治理现代化指挥中心"
    ]
    provincial = table[table["unit"].isna()]
    assert sorted(provincial["province"]) == sorted(["四川", "海南", "山西", "广西"])
    assert (provincial["note"] == "省级单位").all()


def test_2021_sources_name_every_file():
    source = yaml.safe_load((DATA / "SOURCE.yaml").read_text(encoding="utf-8"))
    others = {path.name for path in DATA.iterdir()} - {"SOURCE.yaml"}
    assert set(source["files"]) == others
    assert source["document"]["simulated"] is False


def test_published_means_take_the_print_of_the_figure(figures):
    depth = dict(zip(IDS, SYSTEM.hierarchy.depth.tolist(), strict=True))
    means = published_means(figures, depth)
    assert not means.duplicated(["audience", "indicator"]).any()
    by = means.set_index(["audience", "indicator"])
    assert by.loc[("all", "process"), "mean"] == 6.01
    assert by.loc[("all", "complaint"), "mean"] == 2.5
    assert by.loc[("all", "complaint"), "level"] == 2
    assert set(means["n"]) == {335}
    assert means["low"].isna().all()
    assert set(means["source"]) == {"published"}


def test_text_alone_gives_a_mean_where_no_figure_does(folder):
    path = folder / "means.csv"
    table = pd.read_csv(path, dtype=str)
    table[~((table["where"] == "图1") & (table["indicator"] == "process"))].to_csv(
        path, index=False
    )
    figures, _ = read_published(folder, IDS, AUDIENCES)
    depth = dict(zip(IDS, SYSTEM.hierarchy.depth.tolist(), strict=True))
    by = published_means(figures, depth).set_index(["audience", "indicator"])
    assert by.loc[("all", "process"), "mean"] == 6.84


# ---------------------------------------------------------------- wrong input


def test_every_error_of_every_file_comes_at_once(folder):
    change(folder, "means.csv", "all,process,6.01", "all,proces,6.01")
    change(folder, "means.csv", "citizen,goal,6.25", "citizens,goal,about 6")
    change(folder, "grades.csv", "北京,A+,1", "北京,A++,1")
    change(folder, "shares.csv", "E+;E,43,12.83%", "E+;F,4x,12.83 %")
    change(folder, "statements.yaml", "indicator: goal}", "indicator: gaol}")
    found = findings_of(folder)
    assert set(found) == {"unknown-indicator", "unknown-audience", "unknown-grade", "not-a-number"}
    assert found["unknown-audience"].hint == "did you mean 'citizen'?"
    assert found["unknown-indicator"].file.endswith("statements.yaml")


@pytest.mark.parametrize(
    ("name", "old", "new", "check", "row", "column", "hint"),
    [
        (
            "means.csv",
            "all,process,6.01",
            "all,proces,6.01",
            "unknown-indicator",
            3,
            "indicator",
            "process",
        ),
        ("means.csv", "图1,figure", "图1,figuer", "unknown-kind", 2, "kind", "figure"),
        ("means.csv", "goal,3.83", "goal,3·83", "not-a-number", 2, "printed", "decimal point"),
        ("means.csv", "goal,3.83", "goal,38.3", "out-of-range", 2, "printed", "check"),
        ("means.csv", "goal,3.83", "goal,", "empty-cell", 2, "printed", ""),
        ("grades.csv", "成都,A+,2", "成都,a+,2", "unknown-grade", 3, "grade", "A+"),
        ("grades.csv", "成都,A+,2", "成都,A+,二", "not-a-number", 3, "position_in_grade", "digits"),
        ("shares.csv", "B+;B,90", "B+、B,90", "unknown-grade", 4, "grades", ""),
        ("shares.csv", "26.87%", "268.7%", "out-of-range", 4, "share", "check"),
        ("grades.csv", "unit,grade,", "unit,grades,", "missing-column", 1, "grade", "'grades'"),
    ],
)
def test_a_wrong_cell_is_named(folder, name, old, new, check, row, column, hint):
    change(folder, name, old, new)
    finding = findings_of(folder)[check]
    assert finding.file.endswith(name)
    assert (finding.row, finding.column) == (row, column)
    assert hint in finding.hint


def test_statements_are_checked_as_well(folder):
    change(folder, "statements.yaml", "listed: {A+: [成都", "listed: {A*: [成都")
    assert findings_of(folder)["unknown-grade"].column == "statements.sub-provincial-a-plus"
    change(folder, "statements.yaml", "form: bound", "form: bounds")
    assert findings_of(folder)["wrong-value"].file.endswith("statements.yaml")


def test_a_statement_id_stands_once_and_a_bound_is_one(folder):
    change(folder, "statements.yaml", "id: municipalities", "id: sample")
    assert "sample" in findings_of(folder)["wrong-value"].expected
    change(folder, "statements.yaml", "below: 5", "below: 5\n    above: 1")
    assert "either below or above" in findings_of(folder)["wrong-value"].expected


def test_grades_are_needed_and_the_rest_is_not(tmp_path):
    assert findings_of(tmp_path)["no-such-file"].file.endswith("grades.csv")
    shutil.copy(DATA / "grades.csv", tmp_path)
    figures, findings = read_published(tmp_path, IDS, AUDIENCES)
    assert len(figures.grades) == 335
    assert findings == ()
    for name in ("means", "commended", "shares"):
        assert getattr(figures, name).empty
        assert list(getattr(figures, name)) == list(COLUMNS[name])


def test_a_unit_is_graded_once_by_whatever_name(folder):
    change(folder, "grades.csv", "福州,A+,3", "北京市,A+,3")
    assert read_published(folder, IDS, AUDIENCES)[1] == ()
    finding = findings_of(folder, register=load_register())["duplicate-unit"]
    assert (finding.row, finding.column, finding.got) == (4, "unit", "'北京市'")
    assert "row 2" in finding.hint


def test_an_unknown_unit_hides_no_other_fault_of_its_row(folder):
    change(folder, "grades.csv", "成都,A+,2", "成部,a+,二")
    found = findings_of(folder, register=load_register())
    assert set(found) == {"unknown-unit", "unknown-grade", "not-a-number"}
    assert {finding.row for finding in found.values()} == {3}


def test_an_unknown_column_is_a_warning(folder):
    change(folder, "grades.csv", "position_in_grade\n", "position_in_grade,extra\n")
    path = folder / "grades.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(line + ",1" for line in lines[1:])]), encoding="utf-8")
    figures, findings = read_published(folder, IDS, AUDIENCES)
    assert [(f.check, f.column, f.severity) for f in findings] == [
        ("unknown-column", "extra", "warning")
    ]
    assert list(figures.grades) == list(COLUMNS["grades"])


def test_paths_may_be_given_one_by_one(folder):
    moved = folder.parent / "elsewhere.csv"
    shutil.copy(folder / "grades.csv", moved)
    figures, _ = read_published({"grades": moved}, IDS, AUDIENCES)
    assert len(figures.grades) == 335
    assert figures.statements == ()
