"""The ledger of corrections: values change through it alone, and everything wrong is said."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_files import ANSWERS, Names, calls, one, responses, said, write_csv

from survey.contracts import AnswerColumn
from survey.findings import InputError, Severity
from survey.intake import read_records
from survey.ledger import CorrectedRecords, apply_corrections, uncorrected
from survey.records import Records

COLUMNS = ("record_id", "item", "old", "new", "reason", "by", "at")
CASES = (AnswerColumn("novelty", "number", minimum=1, maximum=5),)


@pytest.fixture
def corrected(tmp_path):
    """Read a small edition with a ledger of the given rows, and apply it."""

    def apply(*rows: Sequence[Any], **tables: Any):
        cells = {"calls": calls(), "responses": responses()} | tables
        cells["corrections"] = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
        sources = {name: write_csv(tmp_path / f"{name}.csv", each) for name, each in cells.items()}
        answers = ANSWERS | ({"cases": CASES} if "cases" in tables else {})
        records, _ = read_records(sources, Names(), answers)
        return apply_corrections(records, answers, Names())

    return apply


def row(record: str, item: str, old: str, new: str, at: str = "2021-12-01 10:00") -> tuple:
    return record, item, old, new, "复听录音", "李复核", at


def refused(corrected, *rows, **tables) -> tuple:
    with pytest.raises(InputError) as error:
        corrected(*rows, **tables)
    return error.value.findings


def test_values_change_and_what_was_before_is_kept(corrected):
    records, findings = corrected(
        row("C1", "courtesy", "4", "5"),
        row("C2", "complete", "none", "full"),
        row("C1", "outcome", "接通", "占线"),
        row("R2", "satisfied", "3", ""),
        row("C4", "unit", "北京市", "长沙市"),
        row("C2", "started_at", "2021-03-05 09:05", "2021/3/5 9:35"),
    )
    assert isinstance(records, CorrectedRecords) and "corrections" not in records
    frame = records["calls"].set_index("call_id")
    assert frame.loc["C1", ["courtesy", "outcome"]].tolist() == [5.0, "busy"]
    assert frame.loc["C2", "complete"] == "full"
    assert frame.loc["C2", "started_at"] == pd.Timestamp("2021-03-05 09:35")
    assert frame.loc["C4", "unit"] == "长沙"
    assert pd.isna(records["responses"]["satisfied"].iloc[1])
    before = uncorrected(records)["calls"].set_index("call_id")
    assert before.loc["C1", ["courtesy", "outcome"]].tolist() == [4.0, "answered"]
    assert (records["calls"].dtypes == uncorrected(records)["calls"].dtypes).all()
    assert records.applied[["table", "record_id", "unit", "item", "old", "new"]].iloc[
        [0, 3, 4]
    ].fillna("").to_numpy().tolist() == [
        ["calls", "C1", "北京", "courtesy", "4", "5"],
        ["responses", "R2", "长沙", "satisfied", "3", ""],
        ["calls", "C4", "长沙", "unit", "北京", "长沙"],
    ]
    note = one(findings, "corrected")
    assert (note.severity, note.count, note.got) == (
        Severity.NOTE, 6, "6 corrections of 4 records"
    )  # fmt: skip


def test_corrections_of_one_value_hold_in_the_order_of_their_time(corrected):
    records, _ = corrected(
        row("C1", "courtesy", "5", "3", at="2021-12-03 10:00"),
        row("C1", "courtesy", "4", "5", at="2021-12-01 10:00"),
        row("C1", "courtesy", "3", "", at="2021-12-09 10:00"),
    )
    assert pd.isna(records["calls"]["courtesy"].iloc[0])
    assert records.applied["new"].fillna("").tolist() == ["5", "3", ""]
    assert uncorrected(records)["calls"]["courtesy"].iloc[0] == 4.0


def test_a_blank_is_corrected_like_any_value(corrected):
    records, _ = corrected(row("C3", "wait_seconds", "", "12.5"))
    assert records["calls"]["wait_seconds"].iloc[2] == 12.5


def test_everything_wrong_is_said_at_once(corrected):
    findings = refused(
        corrected,
        row("C1", "courtesy", "3", "5"),
        row("C11", "courtesy", "4", "5"),
        row("C2", "curtesy", "5", "4"),
        row("C2", "call_id", "C2", "C9"),
        row("C2", "courtesy", "5", "9"),
        row("C2", "complete", "none", "complete"),
        row("C2", "scenario", "complaint", ""),
        row("C4", "unit", "北京", ""),
    )
    told = {finding.check: said(finding) for finding in findings}
    file = findings[0].file
    assert told == {
        "unknown-record": (
            file, 3, "record_id", "a record of calls, responses", "'C11'", "did you mean 'C1'?",
        ),
        "unknown-item": (
            file, 4, "item", "a column of calls", "'curtesy'", "did you mean 'courtesy'?",
        ),
        "key-column": (
            file, 5, "item", "a column that does not name the record", "'call_id'",
            "take the record out of its file, or give it its right id there",
        ),
        "wrong-old-value": (
            file, 2, "old", "'4', the value of courtesy in 'C1'", "'3'",
            "check record, item and earlier corrections",
        ),
        "out-of-range": (
            file, 6, "new", "a number from 1 to 5", "'9', as courtesy", "check the record",
        ),
        "outside-allowed": (
            file, 7, "new", "one of full, partly, none", "'complete', as complete",
            told["outside-allowed"][5],
        ),
        "empty-cell": (
            file, 9, "new", "a value (评估对象)", "an empty cell", "unit may not be blank",
        ),
    }  # fmt: skip
    assert sum(finding.check == "empty-cell" for finding in findings) == 2


def test_a_second_correction_must_start_from_the_first(corrected):
    (finding,) = refused(
        corrected,
        row("C1", "courtesy", "4", "5", at="2021-12-01 10:00"),
        row("C1", "courtesy", "4", "3", at="2021-12-02 10:00"),
    )
    assert finding.expected == (
        "'5', the value of courtesy in 'C1' after the correction before"
    )  # fmt: skip


def test_a_correction_that_changes_nothing_is_told(corrected):
    records, findings = corrected(row("C1", "outcome", "answered", "接通"))
    found = one(findings, "corrects-nothing")
    assert (found.severity, found.row, found.count) == (Severity.WARNING, 2, 1)
    assert records["calls"].equals(uncorrected(records)["calls"])


def test_a_record_of_two_tables_is_told_apart_by_its_item_or_its_table(corrected):
    same = {"responses": responses(response_id=["C1", "R2"])}
    records, _ = corrected(row("C1", "satisfied", "5", "4"), **same)
    assert records["responses"]["satisfied"].tolist() == [4.0, 3.0]
    (finding,) = refused(corrected, row("C1", "audience", "citizen", "enterprise"), **same)
    assert (finding.check, finding.hint) == (
        "ambiguous-record", "write calls:C1 or responses:C1"
    )  # fmt: skip
    records, _ = corrected(row("responses:C1", "audience", "citizen", "enterprise"), **same)
    assert records["responses"]["audience"].tolist() == ["enterprise", "citizen"]
    assert records["calls"]["audience"].iloc[0] == "citizen"


def test_a_case_with_several_reviews_is_named_with_its_reviewer(corrected):
    cases = {
        "case_id": ["K1", "K1"], "unit": ["北京", "北京"], "kind": ["content", "content"],
        "reviewer": ["甲", "乙"], "novelty": ["2", "4"],
    }  # fmt: skip
    records, _ = corrected(row("K1 / 乙", "novelty", "4", "5"), cases=cases)
    assert records["cases"]["novelty"].tolist() == [2.0, 5.0]
    (finding,) = refused(corrected, row("K1", "novelty", "4", "5"), cases=cases)
    assert (finding.check, finding.hint) == (
        "ambiguous-record", "name one of several, such as 'K1 / 甲'"
    )  # fmt: skip


def test_without_a_ledger_or_with_an_empty_one_nothing_changes():
    frame = pd.DataFrame({"call_id": ["C1"], "unit": ["北京"]}, dtype="str")
    records = Records({"calls": frame})
    assert apply_corrections(records, {}, Names()) == (records, ())
    empty = pd.DataFrame({name: [] for name in COLUMNS}, dtype="str")
    kept, findings = apply_corrections(Records({"calls": frame, "corrections": empty}), {}, Names())
    assert set(kept.tables) == {"calls"} and findings == ()


def test_many_unknown_records_are_counted(corrected):
    findings = refused(corrected, *(row(f"X{n}", "courtesy", "4", "5") for n in range(30)))
    assert len(findings) == 6 and sum(finding.count for finding in findings) == 30


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5]), min_size=1, max_size=6), st.randoms())
def test_a_chain_ends_at_its_last_value_in_any_order_of_rows(values, random):
    steps = list(zip([4, *values], values, strict=False))
    ledger = pd.DataFrame(
        {
            "record_id": "C1", "item": "courtesy",
            "old": [str(old) for old, _ in steps], "new": [str(new) for _, new in steps],
            "reason": "复核", "by": "李",
            "at": pd.date_range("2021-12-01", periods=len(steps)),
        }
    ).astype({"old": "str", "new": "str", "record_id": "str", "item": "str"})  # fmt: skip
    order = random.sample(range(len(steps)), len(steps))
    frame = pd.DataFrame({"call_id": ["C1", "C2"], "unit": ["北京", "北京"]}, dtype="str")
    frame["courtesy"] = [4.0, 2.0]
    records = Records({"calls": frame, "corrections": ledger.iloc[order]})
    changed, _ = apply_corrections(records, {"calls": (ANSWERS["calls"][1],)}, Names())
    assert changed["calls"]["courtesy"].tolist() == [float(values[-1]), 2.0]


def test_a_large_ledger_on_a_million_responses_takes_seconds():
    n, k = 1_000_000, 20_000
    frame = pd.DataFrame({"response_id": pd.Series(range(n)).astype("str"), "unit": "北京"})
    frame["satisfied"] = 3.0
    ledger = pd.DataFrame(
        {
            "record_id": pd.Series(range(0, n, n // k)).astype("str"), "item": "satisfied",
            "old": "3", "new": "4", "reason": "复核", "by": "李", "at": pd.Timestamp("2021-12-01"),
        }
    )  # fmt: skip
    records, _ = apply_corrections(
        Records({"responses": frame, "corrections": ledger}),
        {"responses": ANSWERS["responses"]},
        Names(),
    )
    assert records["responses"]["satisfied"].sum() == 3.0 * n + k
