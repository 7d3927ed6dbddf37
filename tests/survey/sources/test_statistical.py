"""SPSS and Stata files: texts for codes, user-missing values, times, and old Chinese encodings."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from record_files import Names, one

from survey.contracts import AnswerColumn
from survey.findings import InputError, Severity
from survey.intake import read_records
from survey.tables import read_table

WRITE_SAV: Any = pyreadstat.write_sav
WRITE_DTA: Any = pyreadstat.write_dta
SCALE = {1: "非常不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "非常满意", 9: "拒答"}
ANSWERS = {
    "responses": (
        AnswerColumn("satisfied", "number", minimum=1, maximum=5),
        AnswerColumn("solved", "category", allowed=("yes", "no"), allowed_zh=("是", "否")),
        AnswerColumn("trust", "category", allowed=("1", "2", "3")),
    )
}


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "response_id": ["R1", "R2", "R3", "R4"],
            "unit": [1.0, 2.0, 1.0, 2.0],
            "audience": ["citizen", "citizen", "enterprise", "enterprise"],
            "started_at": pd.to_datetime(
                ["2021-03-05 09:05:07", "2021-03-06 00:00:00", "NaT", "2021-03-07 00:00:00"]
            ),
            "duration_seconds": [61.5, 120.0, np.nan, 90.0],
            "satisfied": [5.0, 9.0, np.nan, 1.0],
            "solved": [1.0, 2.0, 2.0, 1.0],
            "trust": [1.0, 3.0, 2.0, 3.0],
        }
    )


LABELS = {
    "unit": {1: "北京市", 2: "长沙"},
    "satisfied": SCALE,
    "solved": {1: "是", 2: "否"},
    "trust": {1: "不信任", 2: "一般", 3: "信任"},
}


def write(path: Path, cells: pd.DataFrame, **how) -> Path:
    if path.suffix == ".dta":
        WRITE_DTA(cells, path, variable_value_labels=LABELS, **how)
    else:
        WRITE_SAV(cells, path, variable_value_labels=LABELS, **how)
    return path


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta"])
def test_each_column_takes_texts_or_codes_as_its_contract_reads(tmp_path, suffix):
    cells = frame()
    how: dict[str, Any] = {"row_compress": True} if suffix == ".sav" else {}
    if suffix == ".zsav":
        how = {"compress": True}
    if suffix != ".dta":
        how["missing_ranges"] = {"satisfied": [9]}
    else:
        cells["satisfied"] = cells["satisfied"].where(cells["satisfied"] != 9)
    path = write(tmp_path / f"r{suffix}", cells, **how)
    records, findings = read_records({"responses": path}, Names(), ANSWERS)
    read = records["responses"]
    assert read["unit"].tolist() == ["北京", "长沙", "北京", "长沙"]
    np.testing.assert_array_equal(read["satisfied"], [5, np.nan, np.nan, 1])
    assert read["solved"].tolist() == ["yes", "no", "no", "yes"]
    assert read["trust"].tolist() == ["1", "3", "2", "3"]
    np.testing.assert_array_equal(read["duration_seconds"], [61.5, 120, np.nan, 90])
    assert read["started_at"].iloc[0] == pd.Timestamp("2021-03-05 09:05:07")
    assert pd.isna(read["started_at"].iloc[2])
    note = one(findings, "value-labels")
    assert note.got == "as texts: unit, solved; as codes: satisfied, trust"
    if suffix != ".dta":
        missing = one(findings, "user-missing")
        assert (missing.severity, missing.got, missing.count) == (
            Severity.NOTE, "satisfied (1)", 1,
        )  # fmt: skip


def test_the_letters_of_stata_for_missing_values_are_blank_and_counted(tmp_path):
    cells = pd.DataFrame({"q": [1, 2, "a", "b", None], "id": list("ABCDE")})
    path = tmp_path / "q.dta"
    WRITE_DTA(
        cells, path, variable_value_labels={"q": {1: "是", "a": "拒答"}},
        missing_user_values={"q": ["a", "b"]},
    )  # fmt: skip
    raw = read_table(path)
    assert raw.cells["q"].fillna("").tolist() == ["是", "2", "", "", ""]
    assert one(raw.findings, "user-missing").count == 2


def test_a_range_of_missing_values_and_missing_texts(tmp_path):
    cells = pd.DataFrame({"age": [30.0, 997.0, 999.0, 50.0], "who": ["甲", "丙", "XX", "XX"]})
    path = tmp_path / "m.sav"
    ranges = {"age": [{"lo": 997, "hi": 999}], "who": ["XX"]}
    WRITE_SAV(cells, path, missing_ranges=ranges)
    raw = read_table(path)
    assert raw.cells["age"].fillna("").tolist() == ["30", "", "50"]
    assert raw.cells["who"].fillna("").tolist() == ["甲", "丙", ""]
    assert raw.cells.index.tolist() == [2, 3, 5]
    assert one(raw.findings, "user-missing").got == "age (2), who (2)"


def test_texts_that_would_hide_a_code_carry_it(tmp_path):
    cells = pd.DataFrame({"q": [1.0, 2.0, 8.0, 9.0, 3.0]})
    path = tmp_path / "q.sav"
    labels = {"q": {1: "2", 2: "1", 8: "其他", 9: "其他", 3: "3"}}
    WRITE_SAV(cells, path, variable_value_labels=labels)
    raw = read_table(path)
    assert raw.cells["q"].tolist() == ["2 [1]", "1 [2]", "其他", "其他 [9]", "3"]
    assert [raw.variables["q"].codes[text] for text in raw.cells["q"]] == list("12893")


def test_a_label_that_is_the_column_is_told_in_the_hint(tmp_path):
    cells = frame().rename(columns={"response_id": "q1", "audience": "v2"})
    path = tmp_path / "r.sav"
    WRITE_SAV(cells, path, column_labels={"q1": "问卷编号", "v2": "audience"})
    with pytest.raises(InputError) as caught:
        read_records({"responses": path}, Names(), {"responses": ANSWERS["responses"][:1]})
    hints = {f.column: f.hint for f in caught.value.findings if f.check == "missing-column"}
    assert hints == {
        "response_id": "'q1' has the label '问卷编号': columns: responses: response_id: q1",
        "audience": "'v2' has the label 'audience': columns: responses: audience: v2",
    }


@pytest.mark.parametrize("suffix", [".sav", ".dta"])
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.97])
def test_a_file_cut_short_is_one_clear_finding(tmp_path, suffix, share):
    whole = write(tmp_path / f"w{suffix}", pd.concat([frame()] * 50)).read_bytes()
    path = tmp_path / f"r{suffix}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError) as caught:
        read_table(path)
    (finding,) = caught.value.findings
    assert (finding.check, Path(finding.file).name) == ("not-a-table", f"r{suffix}")
    assert "cut short" in finding.hint


@pytest.mark.parametrize("suffix", [".sav", ".dta"])
def test_another_file_under_the_name(tmp_path, suffix):
    path = tmp_path / f"r{suffix}"
    for data in (b"a,b\n1,2\n", b"PK\x03\x04rest", b"\x00\x01\x02\x03"):
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_table(path)
        assert [finding.check for finding in caught.value.findings] == ["not-a-table"]


# ------------------------------------------------------------------- an old Chinese SPSS


def padded(text: bytes, to: int) -> bytes:
    return text + b" " * (-len(text) % to)


def old_sav(path: Path, code_page: int | None) -> Path:
    """Write a system file as an SPSS of a Chinese Windows did, texts in GB18030.

    Layout: PSPP Developer's Guide, "System File Format" (header, variables, value labels,
    machine integer information, dictionary termination, data without compression).
    """
    gbk = "gb18030"
    label, option = "您对热线服务是否满意".encode(gbk), "满意".encode(gbk)
    out = b"$FL2" + padded(b"@(#) SPSS DATA FILE", 60).ljust(60)[:60]
    out += (
        struct.pack("<iiiiid", 2, 2, 0, 0, 2, 100.0) + b"01 Jan 0500:00:00" + b" " * 64 + b"\0" * 3
    )
    number, text = 0x050802, 0x010800
    out += struct.pack("<iiiiii", 2, 0, 1, 0, number, number) + b"Q1      "
    out += struct.pack("<i", len(label)) + label + b"\0" * (-len(label) % 4)
    out += struct.pack("<iiiiii", 2, 8, 0, 0, text, text) + b"CITY    "
    out += struct.pack("<iid", 3, 1, 1.0) + bytes([len(option)]) + option
    out += b" " * (-(1 + len(option)) % 8) + struct.pack("<iii", 4, 1, 1)
    if code_page is not None:
        out += struct.pack("<iiii8i", 7, 3, 4, 8, 11, 0, 0, -1, 1, 1, 2, code_page)
    out += struct.pack("<ii", 999, 0)
    for value, city in ((1.0, "北京"), (2.0, "长沙")):
        out += struct.pack("<d", value) + padded(city.encode(gbk), 8)
    path.write_bytes(out)
    return path


@pytest.mark.parametrize("code_page", [936, 1252, 2, None])
def test_an_old_chinese_file_is_read_whatever_it_says_of_its_encoding(tmp_path, code_page):
    raw = read_table(old_sav(tmp_path / "old.sav", code_page))
    assert raw.cells["CITY"].tolist() == ["北京", "长沙"]
    assert raw.cells["Q1"].tolist() == ["满意", "2"]
    assert raw.variables["Q1"].label == "您对热线服务是否满意"
    notes = [finding for finding in raw.findings if finding.check == "encoding"]
    assert len(notes) == (code_page != 936)
    assert all("GB18030" in note.got for note in notes)
