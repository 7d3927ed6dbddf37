"""The map of columns: foreign headers and answers under the names of a contract."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_files import Cells, Names, one, said, write_csv

from survey.contracts import AnswerColumn
from survey.findings import Finding, InputError, Severity
from survey.intake import read_records
from survey.records import Records
from survey.sources.columns import TableColumns
from survey.sources.mapping import _seconds
from survey.yaml_source import validated

ANSWERS = {"responses": (AnswerColumn("satisfied", "number", minimum=1, maximum=5),)}
MAP = {
    "response_id": "编号",
    "unit": "2、",
    "audience": {"value": "citizen"},
    "satisfied": {
        "from": "您对热线服务是否满意",
        "values": {"非常满意": 5, "满意": 4, "一般": 3, "不清楚": None},
    },
    "duration_seconds": {"from": "用时", "unit": "分"},
    "started_at": "开始",
    "ignore": ["备注"],
}


def foreign(**changed) -> Cells:
    cells: Cells = {
        "编号": ["R1", "R2", "R3"],
        "1、您对热线服务是否满意？": ["非常满意", "一般", "不清楚"],
        "2、您所在的城市": ["北京", "长沙", "北京"],
        "用时": ["2", "2分5秒", "0:01:05"],
        "开始": ["2021-03-05T09:05:01.000+08:00", "2021/3/5 9:05", ""],
        "备注": ["", "无", ""],
    }
    return cells | changed


def read(folder: Path, cells: Cells, columns: dict) -> tuple[Records, tuple[Finding, ...]]:
    path = write_csv(folder / "r.csv", cells)
    return read_records(
        {"responses": path}, Names(), ANSWERS, columns={"responses": model(columns)}
    )


def model(columns: dict) -> TableColumns:
    return validated(columns, TableColumns, "columns")


def errors(folder: Path, cells: Cells, columns: dict) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        read(folder, cells, columns)
    return caught.value.findings


def test_headers_and_answers_are_those_of_the_contract(tmp_path):
    records, findings = read(tmp_path, foreign(), MAP)
    frame = records["responses"]
    assert frame["response_id"].tolist() == ["R1", "R2", "R3"]
    assert frame["unit"].tolist() == ["北京", "长沙", "北京"]
    assert frame["audience"].tolist() == ["citizen"] * 3
    np.testing.assert_array_equal(frame["satisfied"], [5, 3, np.nan])
    np.testing.assert_array_equal(frame["duration_seconds"], [120, 125, 65])
    assert frame["started_at"].iloc[0] == pd.Timestamp("2021-03-05 09:05:01")
    assert not [f for f in findings if f.severity is not Severity.NOTE]


def test_an_answer_that_the_map_does_not_know_names_row_and_foreign_header(tmp_path):
    cells = foreign(**{"1、您对热线服务是否满意？": ["满意", "非常满以", "非常满以"]})
    (finding,) = errors(tmp_path, cells, MAP)
    assert said(finding)[1:] == (
        3, "1、您对热线服务是否满意?",
        "one of the answers under values: 非常满意, 满意, 一般, 不清楚",
        "'非常满以', in 2 records", "did you mean '非常满意'?",
    )  # fmt: skip
    assert (finding.check, finding.count) == ("unmapped-value", 2)


def test_a_value_outside_the_contract_names_both_headers(tmp_path):
    columns = MAP | {
        "satisfied": {"from": "1、", "values": {"非常满意": 7, "一般": 3, "不清楚": 1}}
    }
    (finding,) = errors(tmp_path, foreign(), columns)
    assert (finding.check, finding.row) == ("out-of-range", 2)
    assert finding.column == "1、您对热线服务是否满意? → satisfied"


def test_headers_that_are_not_there_or_fit_twice_come_back_together(tmp_path):
    cells = foreign(**{"2、您所在的省份": ["北京"] * 3})
    columns = MAP | {"response_id": "编码", "satisfyed": "1、", "weight": "用时"}
    found = {f.check: f for f in errors(tmp_path, cells, columns) if f.check != "missing-column"}
    assert set(found) == {
        "unknown-header", "ambiguous-header", "unknown-column", "mapped-twice",
    }  # fmt: skip
    assert said(found["unknown-header"])[1:] == (
        1, "编码", "a header of the file (columns: responses: response_id)",
        "none such among 7 columns",
        "one of: 编号, 1、您对热线服务是否满意?, 2、您所在的城市, 用时, 开始, 备注, 2、您所在的省份",
    )  # fmt: skip
    assert found["ambiguous-header"].got == "2 that fit: '2、您所在的城市', '2、您所在的省份'"
    assert found["unknown-column"].hint == "did you mean 'satisfied'?"
    assert found["mapped-twice"].got == "mapped to 'duration_seconds' and to 'weight'"


def test_a_column_there_already_is_replaced_only_where_it_is_ignored(tmp_path):
    cells = foreign(audience=["企业"] * 3)
    (finding,) = errors(tmp_path, cells, MAP)
    assert (finding.check, finding.column) == ("mapped-twice", "audience")
    records, _ = read(tmp_path, cells, MAP | {"ignore": ["备注", "audience"]})
    assert set(records["responses"]["audience"]) == {"citizen"}


def test_what_is_neither_mapped_nor_ignored_is_a_warning(tmp_path):
    _, findings = read(tmp_path, foreign(), MAP | {"ignore": ["备注1"]})
    assert one(findings, "unexpected-column").column == "备注"
    unknown = one(findings, "unknown-header")
    assert (unknown.severity, unknown.hint) == (Severity.WARNING, "did you mean '备注'?")


def test_times_of_utc_become_times_of_a_zone(tmp_path):
    columns = MAP | {"started_at": {"from": "开始", "zone": "Asia/Shanghai"}}
    cells = foreign(开始=["2021-03-05T01:05:01Z", "2021-03-05T09:05:01+08:00", "2021-03-05T01:05"])
    times = read(tmp_path, cells, columns)[0]["responses"]["started_at"]
    assert times.tolist() == [
        pd.Timestamp("2021-03-05 09:05:01"), pd.Timestamp("2021-03-05 09:05:01"),
        pd.Timestamp("2021-03-05 09:05"),
    ]  # fmt: skip


def test_seconds_between_two_times(tmp_path):
    columns = MAP | {
        "duration_seconds": {"from": "结束", "since": "开始"},
        "ignore": ["备注", "用时"],
    }
    end = ["2021-03-05T09:06:01.500+08:00", "2021年3月5日 9:10", "2021/3/5 9:05"]
    frame = read(tmp_path, foreign(结束=end), columns)[0]["responses"]
    np.testing.assert_array_equal(frame["duration_seconds"], [60.5, 300, np.nan])


def test_what_is_no_duration(tmp_path):
    (finding,) = errors(tmp_path, foreign(用时=["2", "很久", ""]), MAP)
    assert (finding.check, finding.row, finding.column) == ("not-a-duration", 3, "用时")


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ({"from": "a", "value": "b"}, "either from: or value:"),
        ({"values": {"a": 1}}, "either from: or value:"),
        ({"from": "a", "unit": "秒", "values": {"a": 1}}, "from: with at most one of"),
        ({"value": "a", "unit": "秒"}, "from: with at most one of"),
        ({"from": "a", "zone": "Mars/Base"}, "a time zone such as Asia/Shanghai"),
        ({"from": "a", "unit": "天"}, "one of '秒', '分'"),
        ({"form": "a"}, "a known key"),
    ],
)
def test_a_wrong_map_is_refused(origin, expected):
    with pytest.raises(InputError) as caught:
        model({"satisfied": origin})
    assert any(f.expected.startswith(expected) for f in caught.value.findings)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_means_the_same_however_it_is_written(hours, minutes, seconds):
    total = 3600 * hours + 60 * minutes + seconds
    for text in (
        f"{total}秒", str(total), f"{hours}小时{minutes}分{seconds}秒",
        f"{hours}:{minutes:02}:{seconds:02}", f"{hours}h {minutes}min {seconds}s",
    ):  # fmt: skip
        assert _seconds(text, "秒") == total


@pytest.mark.slow
def test_many_records_are_mapped(tmp_path):

    n = 100_000
    rng = np.random.default_rng(0)
    cells = pd.DataFrame(
        {
            "编号": np.arange(n).astype(str),
            "城市": rng.choice(["北京", "长沙"], n),
            "用时": pd.Series(rng.integers(30, 900, n)).astype(str) + "秒",
            **{f"{k}、题": rng.choice(["满意", "一般", "不满意"], n) for k in range(1, 17)},
        }
    )
    path = tmp_path / "r.parquet"
    cells.to_parquet(path)
    values = {"满意": 5, "一般": 3, "不满意": 1}
    columns = {
        "response_id": "编号", "unit": "城市", "audience": {"value": "citizen"},
        "duration_seconds": {"from": "用时", "unit": "秒"},
        **{f"q{k}": {"from": f"{k}、", "values": values} for k in range(1, 17)},
    }  # fmt: skip
    answers = {"responses": tuple(AnswerColumn(f"q{k}", "number") for k in range(1, 17))}
    records, _ = read_records(
        {"responses": path}, Names(), answers, columns={"responses": model(columns)}
    )
    assert len(records["responses"]) == n
