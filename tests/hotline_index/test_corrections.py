"""Corrections of an edition: the scores before and after them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.grades.grading import Grades
from hotline_index.corrections import (
    EFFECTS,
    correction_effects,
    correction_reasons,
    scores_before,
)
from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores, read_and_check
from survey.findings import InputError


def with_ledger(edition: Path, rows: list[tuple], **keys) -> Path:
    names = ["record_id", "item", "old", "new", "reason", "by", "at"]
    pd.DataFrame(rows, columns=names).to_csv(edition / "data/corrections.csv", index=False)
    path = edition / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    config["data"]["corrections"] = "data/corrections.csv"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return edition


def scored(folder: Path):
    edition = open_edition(folder)
    scores, findings = plain_scores(edition, Quiet())
    scheme = edition.config.grading
    total = scores.of("total").to_numpy()
    code, empty = scheme.classify(total), np.empty(0)
    grades = Grades(scheme.grades, code, empty, scheme.cuts(total), empty, empty)
    return scores, scheme, grades, findings


def changes(folder: Path, unit: str) -> list[tuple]:
    """Every answered call of a city found to have given no answer."""
    calls = pd.read_csv(folder / "data/calls.csv", dtype=str)
    own = calls[(calls["unit"] == unit) & (calls["phrase_opening"] == "yes")]
    return [
        (call, "phrase_opening", "yes", "no", "复听录音", "李复核", "2021-12-01 10:00")
        for call in own["call_id"]
    ]


def test_the_scores_before_are_those_of_the_records_without_the_ledger(edition):
    plain, *_ = scored(edition)
    rows = changes(edition, "长沙")
    assert rows
    scores, scheme, grades, findings = scored(with_ledger(edition, rows))
    before = scores_before(scores)
    assert before is not None
    np.testing.assert_array_equal(before.score, plain.score)
    effects = correction_effects(scores, scheme, grades)
    assert tuple(effects) == EFFECTS
    first = effects.iloc[0]
    assert (first["unit"], first["corrections"], first["items"]) == (
        "长沙", len(rows), "phrase_opening"
    )  # fmt: skip
    assert first["score_before"] == plain.of("total")["长沙"]
    assert first["score_after"] == scores.of("total")["长沙"] < first["score_before"]
    moved = effects[effects["corrections"] == 0]
    assert (
        (moved["rank_before"] != moved["rank_after"])
        | (moved["grade_before"] != moved["grade_after"])
    ).all()  # fmt: skip
    reasons = correction_reasons(scores)
    assert reasons.to_dict("records") == [
        {
            "table": "calls", "item": "phrase_opening", "reason": "复听录音",
            "corrections": len(rows), "records": len(rows), "units": 1,
        }
    ]  # fmt: skip
    assert first["score_before"] > first["score_after"]
    assert any(finding.check == "corrected" for finding in findings)


def test_without_corrections_there_is_no_second_score(edition):
    scores, scheme, grades, _ = scored(edition)
    assert scores_before(scores) is None
    effects, reasons = correction_effects(scores, scheme, grades), correction_reasons(scores)
    assert effects.empty and reasons.empty


def test_a_wrong_ledger_stops_the_edition(edition):
    rows = [("X1", "phrase_opening", "yes", "no", "复听录音", "李复核", "2021-12-01 10:00")]
    with pytest.raises(InputError, match="unknown-record"):
        scored(with_ledger(edition, rows))


def test_names_become_codes_before_anything_is_looked_at(edition, monkeypatch):
    calls = pd.read_csv(edition / "data/calls.csv", dtype=str)
    call, shopper = calls.loc[0, ["call_id", "shopper"]]
    row = (call, "shopper", shopper, "王伟", "登记错误", "李复核", "2021-12-01 10:00")
    with_ledger(edition, [row], pseudonyms={"key": "edition.key"})
    monkeypatch.delenv("HOTLINE_KEY", raising=False)
    with pytest.raises(InputError, match="pseudonyms key"):
        read_and_check(open_edition(edition))
    (edition / "edition.key").write_text("0123456789abcdef0123456789abcdef")
    records, _ = read_and_check(open_edition(edition))
    codes = records["calls"]["shopper"]
    assert codes.str.fullmatch(r"S-[0-9A-HJKMNP-TV-Z]{6}").all()
    assert not codes.isin({*calls["shopper"]}).any() and "王伟" not in str(records.applied)
    assert codes.nunique() == calls["shopper"].nunique() + 1
    assert records["cases"]["reviewer"].dropna().str.startswith("R-").all()
