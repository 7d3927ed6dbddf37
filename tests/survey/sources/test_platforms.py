"""Exports of KoboToolbox, ODK Central and 问卷星 as they come out of those platforms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from record_files import Names, one

from survey.contracts import AnswerColumn
from survey.findings import Finding, Severity
from survey.intake import read_records
from survey.records import Records
from survey.sources.columns import TableColumns
from survey.yaml_source import validated

ANSWERS = {"responses": (AnswerColumn("satisfied", "number", minimum=1, maximum=5),)}
KOBO = (
    '"start";"end";"deviceid";"unit";"audience";"service/satisfied";"service/used";'
    '"service/used/web";"service/used/app";"__version__";"_id";"_uuid";"_submission_time";'
    '"_validation_status";"_notes";"_status";"_submitted_by";"_tags";"_index"\n'
    '"2021-03-05T09:05:01.000+08:00";"2021-03-05T09:07:31.500+08:00";"x1";"北京";"citizen";"5";'
    '"web app";"1";"1";"vK";"101";"u-1";"2021-03-05T01:07:40";"";"";"submitted_via_web";"";"";"1"\n'
    '"2021-03-05T10:00:00.000+08:00";"2021-03-05T10:01:00.000+08:00";"x2";"长沙";"enterprise";"";'
    '"";"0";"0";"vK";"102";"u-2";"2021-03-05T02:01:09";"";"";"submitted_via_web";"";"";"2"\n'
)


def read(path: Path, columns: dict | None = None) -> tuple[Records, tuple[Finding, ...]]:
    given = {"responses": validated(columns, TableColumns, "columns")} if columns else None
    return read_records({"responses": path}, Names(), ANSWERS, columns=given)


@pytest.mark.parametrize("groups", ["/", "."])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_kobo_is_read_as_it_comes(tmp_path, suffix, groups):
    path = tmp_path / f"kobo.{suffix}"
    text = KOBO.replace("service/", f"service{groups}").replace("used/", f"used{groups}")
    (tmp_path / "kobo.csv").write_text(text, encoding="utf-8-sig")
    if suffix == "xlsx":
        pd.read_csv(tmp_path / "kobo.csv", sep=";", dtype=str).to_excel(path, index=False)
    records, findings = read(path)
    frame = records["responses"]
    assert frame["response_id"].tolist() == ["u-1", "u-2"]
    assert frame["started_at"].iloc[0] == pd.Timestamp("2021-03-05 09:05:01")
    np.testing.assert_array_equal(frame["duration_seconds"], [150.5, 60])
    np.testing.assert_array_equal(frame["satisfied"], [5, np.nan])
    note = one(findings, "platform-export")
    assert (note.severity, note.got) == (Severity.NOTE, "an export of KoboToolbox")
    assert f"'service{groups}satisfied' as satisfied" in note.hint
    assert "'_uuid' as response_id" in note.hint
    assert "__version__, _id, _submission_time" in note.hint
    assert f"service{groups}used{groups}web" in note.hint
    warnings = [f.column for f in findings if f.severity is Severity.WARNING]
    assert warnings == [f"service{groups}used"]


def test_an_export_of_odk_central_is_read_as_it_comes(tmp_path):
    path = tmp_path / "odk.csv"
    path.write_text(
        "SubmissionDate,start,end,respondent-unit,respondent-audience,satisfied,meta-instanceID,"
        "KEY,SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,"
        "DeviceID,Edits,FormVersion\n"
        "2021-03-05T01:07:40.000Z,2021-03-05T09:05:01.000+08:00,2021-03-05T09:06:01.000+08:00,"
        "北京,citizen,4,uuid:1,uuid:1,5,甲,0,0,,,,0,1\n",
        encoding="utf-8",
    )
    records, findings = read(path)
    row = records["responses"].iloc[0]
    assert (row["response_id"], row["unit"], row["audience"]) == ("uuid:1", "北京", "citizen")
    assert (row["satisfied"], row["duration_seconds"]) == (4, 60)
    assert one(findings, "platform-export").got == "an export of ODK Central"
    assert not [f for f in findings if f.severity is Severity.WARNING]


WJX = {
    "序号": ["1", "2", "3"],
    "提交答卷时间": ["2021/3/5 9:05:01", "2021/3/5 10:00:00", "2021/3/6 8:00:00"],
    "所用时间": ["125秒", "61秒", "300秒"],
    "来源": ["微信", "手机提交", "链接"],
    "来源详情": ["N/A", "N/A", "http://x"],
    "来自IP": ["1.2.3.4(湖南-长沙)", "1.2.3.5(北京-北京)", "1.2.3.6(北京-北京)"],
    "1、您所在的城市": ["长沙市", "北京", "北京"],
    "2、您对热线服务是否满意？": ["非常满意", "一般", "(跳过)"],
    "3、您用过哪些渠道？": ["电话┋网站", "电话", "(空)"],
    "第4题(服务态度)": ["满意", "一般", "非常满意"],
    "第4题(办理效率)": ["满意", "其他〖说不清〗", "满意"],
    "总分": ["10", "8", "9"],
}
SCALE = {"非常满意": 5, "满意": 4, "一般": 3, "其他": None}
WJX_MAP = {
    "unit": "1、",
    "audience": {"value": "citizen"},
    "satisfied": {"from": "2、您对热线服务是否满意？", "values": SCALE},
    "ignore": ["3、", "第4题"],
}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_of_wjx_needs_a_map_of_its_questions_only(tmp_path, suffix):
    path = tmp_path / f"wjx.{suffix}"
    if suffix == "csv":
        pd.DataFrame(WJX).to_csv(path, index=False, encoding="gb18030")
    else:
        pd.DataFrame(WJX).to_excel(path, index=False)
    records, findings = read(path, WJX_MAP)
    frame = records["responses"]
    assert frame["response_id"].tolist() == ["1", "2", "3"]
    assert frame["unit"].tolist() == ["长沙", "北京", "北京"]
    np.testing.assert_array_equal(frame["duration_seconds"], [125, 61, 300])
    np.testing.assert_array_equal(frame["satisfied"], [5, 3, np.nan])
    assert one(findings, "skipped-cells").count == 2
    note = one(findings, "platform-export")
    assert note.hint == (
        "read '序号' as response_id, '所用时间' as duration_seconds; "
        "left out 提交答卷时间, 来源, 来源详情, 来自IP, 总分"
    )
    assert not [f for f in findings if f.severity is Severity.WARNING]


def test_a_matrix_question_is_found_by_its_part_and_what_people_wrote_beside_an_option(tmp_path):
    path = tmp_path / "wjx.csv"
    pd.DataFrame(WJX).to_csv(path, index=False)
    columns = WJX_MAP | {
        "satisfied": {"from": "第4题(办理效率)", "values": SCALE}, "ignore": ["2、", "3、"],
    }  # fmt: skip
    records, findings = read(path, columns)
    np.testing.assert_array_equal(records["responses"]["satisfied"], [4, np.nan, 4])
    assert one(findings, "unexpected-column").column == "第4题(服务态度)"


def test_option_numbers_of_wjx_with_its_codes_for_skipped_and_blank(tmp_path):
    path = tmp_path / "wjx.csv"
    numbers = WJX | {"2、您对热线服务是否满意？": ["1", "-3", "-2"]}
    pd.DataFrame(numbers).to_csv(path, index=False)
    values = {1: 5, 2: 4, 3: 3}
    records, findings = read(path, WJX_MAP | {"satisfied": {"from": "2、", "values": values}})
    np.testing.assert_array_equal(records["responses"]["satisfied"], [5, np.nan, np.nan])
    assert one(findings, "skipped-cells").count == 3


def test_a_file_of_ones_own_is_no_export(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "response_id,unit,audience,satisfied,来源,start\nR1,北京,citizen,-2,x,y\n", "utf-8"
    )
    with pytest.raises(Exception, match="out-of-range"):
        read(path)
