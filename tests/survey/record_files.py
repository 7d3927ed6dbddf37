"""Small valid files of records for the tests, and ways to spoil them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from survey.contracts import AnswerColumn
from survey.findings import Finding

Cells = dict[str, list[Any]]

ANSWERS: dict[str, tuple[AnswerColumn, ...]] = {
    "calls": (
        AnswerColumn("complete", "category", allowed=("full", "partly", "none")),
        AnswerColumn("courtesy", "number", minimum=1, maximum=5),
        AnswerColumn("wait_seconds", "number", minimum=0),
    ),
    "responses": (AnswerColumn("satisfied", "number", minimum=1, maximum=5),),
}
UNITS = ("北京", "长沙", "延边朝鲜族自治州")


class Names:
    """A register of three units that knows one other spelling of each."""

    known = {"北京": "北京", "长沙": "长沙", "延边朝鲜族自治州": "延边朝鲜族自治州"} | {
        "北京市": "北京",
        "长沙市": "长沙",
        "延边州": "延边朝鲜族自治州",
    }

    def resolve_column(
        self, names: pd.Series, file: str, column: str
    ) -> tuple[pd.Series, tuple[Finding, ...]]:
        assert names.notna().all(), "blank cells are no business of the register"
        return names.map(self.known), ()


def calls(**changed: Sequence[Any]) -> Cells:
    """Four calls; each keyword replaces or adds a column."""
    cells: Cells = {
        "call_id": ["C1", "C2", "C3", "C4"],
        "unit": ["北京市", "长沙", "延边州", "北京"],
        "audience": ["citizen", "群众", "企业", "enterprise"],
        "scenario": ["information", "complaint", "反馈/投诉", "信息获取"],
        "slot": ["s1", "s2", "s1", "s2"],
        "started_at": ["2021-03-05T09:05", "2021/3/5 9:05", "2021年3月6日 14:30", ""],
        "outcome": ["answered", "接通", "占线", "no_answer"],
        "wait_seconds": ["12.5", "30", "", ""],
        "talk_seconds": ["90", "61", "", ""],
        "complete": ["full", "none", "", ""],
        "courtesy": ["4", "5.0", "", ""],
    }
    return cells | {name: list(column) for name, column in changed.items()}


def responses(**changed: Sequence[Any]) -> Cells:
    """Two questionnaires."""
    cells: Cells = {
        "response_id": ["R1", "R2"],
        "unit": ["北京", "长沙"],
        "audience": ["citizen", "citizen"],
        "source": ["independent", "热线发放"],
        "duration_seconds": ["120", "95"],
        "satisfied": ["5", "3"],
    }
    return cells | {name: list(column) for name, column in changed.items()}


def write_csv(path: Path, cells: Mapping[str, Sequence[Any]], encoding: str = "utf-8") -> Path:
    pd.DataFrame(dict(cells)).to_csv(path, index=False, encoding=encoding)
    return path


def one(findings: Sequence[Finding], check: str) -> Finding:
    """Return the only finding of a check."""
    found = [finding for finding in findings if finding.check == check]
    assert len(found) == 1, [str(finding) for finding in findings]
    return found[0]


def said(finding: Finding) -> tuple[str, int | None, str, str, str, str]:
    """Everything a finding tells a reader."""
    return (
        finding.file,
        finding.row,
        finding.column,
        finding.expected,
        finding.got,
        finding.hint,
    )
