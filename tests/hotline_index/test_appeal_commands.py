"""Appeals, from the sheet of a city to the ledger and the score."""

import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from hotline_index.cli import cli
from hotline_index.edition import open_edition
from hotline_index.reading import read_and_check

LEDGER = "record_id,item,old,new,reason,by,at\n"


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert "Traceback" not in result.output and "internal error" not in result.output
    return result.exit_code, result.output


@pytest.fixture
def open_ledger(edition) -> Path:
    """The small edition with an empty ledger of corrections."""
    path = edition / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["data"]["corrections"] = "data/corrections.csv"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    (edition / "data/corrections.csv").write_text(LEDGER, encoding="utf-8")
    return edition


def sheet_of(folder: Path, unit: str = "长沙", **options: str) -> Path:
    out = folder.parent / f"{unit}.xlsx"
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    code, output = call("appeal", "sheet", folder, unit, "--out", out, *more)
    assert code == 0, output
    return out


def claim(path: Path, *claims: tuple[str, str, str], **others: str) -> Path:
    """Fill in a sheet: record, item and the answer claimed."""
    book = openpyxl.load_workbook(path)
    sheet = book["申诉"]
    at = {
        re.search(r"\[(\w+)\]", cell.value)[1]: cell.column for cell in sheet[1]  # type: ignore
    }  # fmt: skip
    for row in range(2, sheet.max_row + 1):
        for record, item, new in claims:
            key = sheet.cell(row, at["record_id"]).value, sheet.cell(row, at["item"]).value
            if key == (record, item):
                filled = {"new": new, "reason": "录音可证", "by": "长沙市12345"} | others
                for name, value in filled.items():
                    sheet.cell(row, at[name]).value = value
    book.save(path)
    return path


def rows_of(path: Path) -> pd.DataFrame:
    rows = pd.read_excel(path, sheet_name="申诉", dtype=str, engine="calamine")
    return rows.rename(columns=lambda name: re.search(r"\[(\w+)\]", name)[1])  # type: ignore


def answered(path: Path, item: str = "phrase_opening", old: str = "是") -> str:
    """A record of the sheet with that answer."""
    rows = rows_of(path)
    return rows.loc[(rows["item"] == item) & (rows["old"] == old), "record_id"].iloc[0]


def test_a_sheet_shows_every_answer_with_points_and_rule_and_no_respondent(edition):
    path = sheet_of(edition)
    rows = rows_of(path)
    calls = pd.read_csv(edition / "data/calls.csv", dtype=str)
    own = calls[calls["unit"] == "长沙"].set_index("call_id")
    assert set(rows["record_id"]) == set(own.index) and (rows["unit"] == "长沙").all()
    phrase = rows[rows["item"] == "phrase_opening"].set_index("record_id")
    said = own.loc[phrase.index, "phrase_opening"].map({"yes": "是", "no": "否"})
    assert phrase["old"].equals(said.rename("old"))
    assert rows["rule"].notna().all() and "shopper" not in rows
    assert set(rows["audience"]) == {"群众", "企业"} and rows["slot"].str.contains("–").all()
    outcome = rows[rows["item"] == "outcome"]
    assert set(outcome["old"]) <= {"接通", "占线", "无人接听", "掉线", "仅语音"}
    assert (outcome["points"].notna()).all()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", "申诉", "lists", "汇总"]
    assert "模拟数据" in str([cell.value for cell in book["说明"]["A"]])
    assert len(book["申诉"].data_validations.dataValidation) > 0
    responses = pd.read_csv(edition / "data/responses.csv", dtype=str)
    everything = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
    )
    ids = responses.loc[responses["unit"] == "长沙", "response_id"]
    assert not any(name in everything for name in ids)
    assert path.read_bytes() == sheet_of(edition).read_bytes()


@pytest.mark.parametrize(("lang", "yes", "no"), [("zh", "是", "否"), ("en", "yes", "no")])
def test_a_sheet_in_one_language_is_read_again(open_ledger, lang, yes, no):
    path = sheet_of(open_ledger, lang=lang)
    claim(path, (answered(path, old=yes), "phrase_opening", no))
    code, output = call("appeal", "import", open_ledger, path)
    assert code == 0 and "1 appeals" in output, output


def test_shoppers_are_codes_or_left_out(open_ledger, monkeypatch):
    path = open_ledger / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | {"pseudonyms": {}}
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("HOTLINE_KEY", "0123456789abcdef0123456789abcdef")
    assert rows_of(sheet_of(open_ledger))["shopper"].str.fullmatch("S-[0-9A-Z]{6}").all()


def test_an_appeal_goes_from_the_sheet_to_the_ledger_and_changes_the_record(open_ledger):
    path = sheet_of(open_ledger)
    first = answered(path)
    calls = rows_of(path).query("item == 'phrase_closing' and old == '是'")["record_id"].iloc[0]
    claim(path, (first, "phrase_opening", "否"), (calls, "phrase_closing", "空白"))
    code, output = call("appeal", "import", open_ledger, path, "--at", "2021-12-01")
    assert code == 0, output
    listed = pd.read_csv(open_ledger / "appeals.csv", dtype=str)
    assert listed["appeal_id"].tolist() == ["A0001", "A0002"]
    assert listed["status"].tolist() == ["open", "open"]
    assert listed["new"].isna().sum() == 1 and (listed["unit"] == "长沙").all()

    decide = ("appeal", "decide", open_ledger, "--by", "李复核", "--reason", "复听录音，属实")
    code, output = call(*decide, "--accept", "A0001", "--reject", "A0002", "--at", "2021-12-05")
    assert code == 0 and "1 corrections" in output, output
    ledger = pd.read_csv(open_ledger / "data/corrections.csv", dtype=str)
    assert ledger.to_dict("records") == [
        {
            "record_id": first, "item": "phrase_opening", "old": "是", "new": "否",
            "reason": "A0001 复听录音，属实", "by": "李复核", "at": "2021-12-05 00:00:00",
        }
    ]  # fmt: skip
    records, _ = read_and_check(open_edition(open_ledger))
    frame = records["calls"].set_index("call_id")
    assert frame.loc[first, "phrase_opening"] == "no"
    assert frame.loc[calls, "phrase_closing"] == "yes"
    listed = pd.read_csv(open_ledger / "appeals.csv", dtype=str)
    assert listed["status"].tolist() == ["accepted", "rejected"]

    code, output = call(*decide, "--accept", "A0002")
    assert code == 1 and "decided-already" in output
    code, output = call("appeal", "import", open_ledger, path)
    assert code == 1 and "wrong-old-value" in output and "appealed-already" in output


def test_decisions_entered_in_the_list_are_carried_out_once(open_ledger):
    path = sheet_of(open_ledger)
    claim(path, (answered(path), "phrase_opening", "否"))
    call("appeal", "import", open_ledger, path)
    listed = pd.read_csv(open_ledger / "appeals.csv", dtype=str)
    listed["status"] = "采纳"
    listed.to_csv(open_ledger / "appeals.csv", index=False, encoding="gb18030")
    code, output = call("appeal", "decide", open_ledger)
    assert code == 1 and output.count("half-decided") == 3
    listed = listed.assign(decided_by="李", decided_at="2021/12/5 9:00", decision="属实")
    listed.to_csv(open_ledger / "appeals.csv", index=False, encoding="gb18030")
    code, output = call("appeal", "decide", open_ledger)
    assert code == 0 and "1 corrections" in output
    before = (open_ledger / "data/corrections.csv").read_bytes()
    code, output = call("appeal", "decide", open_ledger)
    assert code == 0 and "0 corrections" in output
    assert (open_ledger / "data/corrections.csv").read_bytes() == before


def test_the_ledger_keeps_what_stands_in_it_byte_for_byte(open_ledger):
    path = sheet_of(open_ledger)
    rows = rows_of(path).query("item == 'phrase_opening'")
    kept, other = rows.query("old == '是'")["record_id"].iloc[:2]
    held = f"at,by,reason,new,old,item,record_id\n2021-11-30,王,“复听”,no,yes,phrase_opening,{kept}"
    (open_ledger / "data/corrections.csv").write_bytes(held.encode("gb18030"))
    claim(path, (other, "phrase_opening", "否"))
    assert call("appeal", "import", open_ledger, path)[0] == 0
    code, output = call(
        "appeal", "decide", open_ledger, "--accept", "A0001", "--by", "李", "--reason", "属实"
    )
    assert code == 0, output
    now = (open_ledger / "data/corrections.csv").read_bytes()
    assert now.startswith(held.encode("gb18030") + b"\r\n")
    assert (
        now.decode("gb18030").splitlines()[2].endswith(f"A0001 属实,否,是,phrase_opening,{other}")
    )


def test_everything_wrong_in_a_sheet_is_said_and_nothing_is_kept(open_ledger):
    other = answered(sheet_of(open_ledger, "北京"))
    path = sheet_of(open_ledger)
    rows = rows_of(path).query("item == 'phrase_opening' and old == '是'")["record_id"]
    book = openpyxl.load_workbook(path)
    sheet = book["申诉"]
    at = {re.search(r"\[(\w+)\]", c.value)[1]: c.column for c in sheet[1]}  # type: ignore

    def fill(row: int, **cells: str) -> None:
        for name, value in cells.items():
            sheet.cell(row, at[name]).value = value

    opening = [
        row for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, at["item"]).value == "phrase_opening"
        and sheet.cell(row, at["record_id"]).value in set(rows)
    ]  # fmt: skip
    full = {"reason": "录音可证", "by": "长沙"}
    fill(opening[0], new="maybe", **full)
    fill(opening[1], new="否", by="长沙")
    fill(opening[2], new="否", record_id=other, **full)
    fill(opening[3], new="是", **full)
    fill(opening[4], new="否", record_id="X999", **full)
    book.save(path)
    code, output = call("appeal", "import", open_ledger, path)
    assert code == 1
    for check in (
        "outside-allowed", "empty-cell", "other-unit", "corrects-nothing", "unknown-record"
    ):  # fmt: skip
        assert check in output, output
    assert not (open_ledger / "appeals.csv").exists()


def test_private_things_in_an_appeal_are_masked(open_ledger):
    path = sheet_of(open_ledger)
    claim(
        path, (answered(path), "phrase_opening", "否"), evidence="录音，联系人：王伟，13812345678"
    )
    assert call("appeal", "import", open_ledger, path)[0] == 0
    text = (open_ledger / "appeals.csv").read_text(encoding="utf-8")
    assert "王伟" not in text and "13812345678" not in text and "［姓名］" in text


def test_without_a_ledger_nothing_is_accepted(edition):
    path = sheet_of(edition)
    claim(path, (answered(path), "phrase_opening", "否"))
    assert call("appeal", "import", edition, path)[0] == 0
    before = (edition / "appeals.csv").read_bytes()
    decide = ("appeal", "decide", edition, "--accept", "A0001", "--by", "李", "--reason", "属实")
    code, output = call(*decide)
    assert code == 1 and "corrections: data/corrections.csv" in output
    assert (edition / "appeals.csv").read_bytes() == before


def test_wrong_uses_are_told(open_ledger, tmp_path):
    assert call("appeal", "sheet", open_ledger, "长沙", "--out", tmp_path / "a.csv")[0] == 2
    code, output = call("appeal", "sheet", open_ledger, "长纱", "--out", tmp_path / "a.xlsx")
    assert code == 1 and "长沙" in output
    assert call("appeal", "decide", open_ledger, "--accept", "A1")[0] == 2
    path = sheet_of(open_ledger)
    code, output = call("appeal", "import", open_ledger, path)
    assert code == 1 and "no-claims" in output
